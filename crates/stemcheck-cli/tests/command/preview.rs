//! `stemcheck preview`.

use std::fs;
use std::path::Path;

use crate::process::{demo, folder, stemcheck, text};

/// Everything after the 44 or 68 bytes of a header: 16 or 24 bits.
fn sound(path: &Path, header: usize) -> Vec<u8> {
    fs::read(path).unwrap().split_off(header)
}

#[test]
fn a_second_of_the_mix_is_the_mix_bit_for_bit() {
    let song = demo("preview-mix", &[]);
    let out = folder("preview-mix-out").join("out.wav");
    let ran = stemcheck(&[
        "preview",
        text(&song),
        "-o",
        text(&out),
        "--listen",
        "reference",
        "--start",
        "12",
        "--end",
        "13",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mix = sound(&song.join("Midnight Tape - Mix.wav"), 68);
    assert!(sound(&out, 68) == mix[12 * 48_000 * 6..13 * 48_000 * 6]);
}

#[test]
fn faders_are_heard() {
    let song = demo("preview-faders", &[]);
    let folder = folder("preview-faders-out");
    let render = |name: &str, more: &[&str]| {
        let out = folder.join(name);
        let fixed = ["preview", text(&song), "-o", text(&out), "--start", "12", "--end", "12.5"];
        let ran = stemcheck(&[&fixed, more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        sound(&out, 68)
    };
    let soloed = render("solo.wav", &["--solo", "bass"]);
    let bass = sound(&song.join("Bass.wav"), 68);
    assert!(soloed == bass[12 * 48_000 * 6..][..24_000 * 6]);
    assert!(soloed.iter().any(|byte| *byte != 0));
    let silent = render("silent.wav", &["--solo", "Bass.wav", "--mute", "Bass"]);
    assert!(silent.iter().all(|byte| *byte == 0));
    assert!(render("gain.wav", &["--gain", "Bass=-6"]) != render("plain.wav", &[]));
    let master = render("master.wav", &["--listen", "master", "--target-lufs", "-16"]);
    assert!(master.iter().any(|byte| *byte != 0));
}

#[test]
fn sixteen_bits_are_dithered() {
    let song = demo("preview-16", &["silent-stem"]);
    let out = folder("preview-16-out").join("out.wav");
    let ran = stemcheck(&[
        "preview",
        text(&song),
        "-o",
        text(&out),
        "--solo",
        "Guitar",
        "--bits",
        "16",
        "--end",
        "0.1",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let sound = sound(&out, 44);
    assert_eq!(sound.len(), 4800 * 4);
    assert!(sound.iter().any(|byte| *byte != 0));
}

#[test]
fn bad_usage_leaves_no_file() {
    let song = demo("preview-usage", &[]);
    let folder = folder("preview-usage-out");
    let out = folder.join("out.wav");
    for (more, part) in [
        (&["--gain", "Tuba=3"][..], "no stem is called \"Tuba\"; there are"),
        (&["--gain", "Bass"], "NAME=dB"),
        (&["--chain", "brutal"], "there are none, gentle, loud"),
        (&["--start", "-1"], "a time is 0 or more"),
        (&["--bits", "12"], "12"),
    ] {
        let ran = stemcheck(&[&["preview", text(&song), "-o", text(&out)], more].concat());
        assert_eq!(ran.code, Some(2), "{more:?}");
        assert!(ran.stderr.contains(part), "{more:?}: {}", ran.stderr);
        assert!(!out.exists());
    }
    let bass = song.join("Bass.wav");
    let ran = stemcheck(&["preview", text(&bass), "-o", text(&out), "--listen", "difference"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("no mix was found"), "{}", ran.stderr);
    assert!(!out.exists());
}
