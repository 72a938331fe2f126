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
    assert!(render("eq.wav", &["--eq", "Bass=3,0,0"]) != render("plain.wav", &[]));
    assert!(render("compress.wav", &["--compress", "Bass=-40"]) != render("plain.wav", &[]));
}

/// What `stemcheck check` measures of a file by itself: LUFS and dBTP.
fn measured(path: &Path) -> (f64, f64) {
    let ran = stemcheck(&["check", text(path), "--format", "json", "--no-null"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let file = &report["songs"][0]["files"][0];
    let number = |section: &str, field: &str| file[section][field].as_f64().unwrap();
    (number("loudness", "integrated_lufs"), number("levels", "true_peak_dbtp"))
}

#[test]
fn the_rough_master_of_stems_or_mix_meets_its_target_and_keeps_its_ceiling() {
    let song = demo("preview-master", &[]);
    let folder = folder("preview-master-out");
    for (name, target, more) in [
        ("streaming.wav", -14.0, &["--listen", "master"][..]),
        ("album.wav", -11.0, &["--listen", "reference-master", "--chain", "album"]),
        ("own.wav", -16.0, &["--listen", "master", "--target-lufs", "-16"]),
    ] {
        let out = folder.join(name);
        let ran = stemcheck(&[&["preview", text(&song), "-o", text(&out)], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let (lufs, dbtp) = measured(&out);
        let held_back = ran.stderr.contains("would need more than");
        assert!(lufs - target < 0.2 && (held_back || lufs - target > -0.2), "{name}: {lufs} LUFS");
        assert!(dbtp <= -1.0, "{name}: {dbtp} dBTP");
    }
}

#[test]
fn with_the_fixes_less_is_left() {
    let song = demo("preview-fixed", &["late-stem"]);
    let folder = folder("preview-fixed-out");
    let level = |name: &str, more: &[&str]| {
        let out = folder.join(name);
        let fixed = ["preview", text(&song), "-o", text(&out), "--listen", "difference"];
        let ran = stemcheck(&[&fixed, more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let bytes = sound(&out, 68);
        let loud = bytes.chunks(3).filter(|word| !matches!(word[2], 0 | 0xFF)).count();
        (loud, bytes.len())
    };
    let (as_they_are, length) = level("as-they-are.wav", &[]);
    let (fixed, same_length) = level("fixed.wav", &["--fixed"]);
    assert_eq!(length, same_length);
    assert!(as_they_are > 1000 && fixed < as_they_are / 100, "{as_they_are}, then {fixed}");
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
        (&["--chain", "brutal"], "there are none, streaming, album, loud"),
        (&["--eq", "Bass=1,2"], "NAME=LOW,MID,HIGH"),
        (&["--eq", "Bass=0,0,9"], "from -6 to +6 dB"),
        (&["--target-lufs", "14"], "from -40 to 0 LUFS"),
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
