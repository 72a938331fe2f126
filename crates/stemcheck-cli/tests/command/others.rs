//! `null`, `demo`, `explain`, `profiles`.

use std::fs;

use crate::process::{demo, folder, stemcheck, text};

#[test]
fn null_tells_and_writes_the_difference() {
    let song = demo("null-gain", &["wrong-gain"]);
    let out = folder("null-gain-out").join("residual.wav");
    let ran = stemcheck(&["null", text(&song), "-o", text(&out)]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("[wrong-gain]"), "{}", ran.stdout);
    let mix = fs::metadata(song.join("Midnight Tape - Mix.wav")).unwrap().len();
    let residual = fs::metadata(&out).unwrap().len();
    // The same frames, in four bytes instead of three.
    assert!(residual.abs_diff(mix / 3 * 4) < 100, "{residual} bytes for a mix of {mix}");
}

#[test]
fn null_of_a_clean_song_is_status_0_and_without_a_mix_2() {
    let song = demo("null-clean", &[]);
    let ran = stemcheck(&["null", text(&song)]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("add up to the mix"), "{}", ran.stdout);
    let bass = song.join("Bass.wav");
    let ran = stemcheck(&["null", text(&bass)]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stdout.contains("was not tested"), "{}", ran.stdout);
}

#[test]
fn the_demo_overwrites_nothing_and_names_unknown_faults() {
    let song = demo("demo-keep", &[]);
    let bass = song.join("Bass.wav");
    fs::write(&bass, b"mine").unwrap();
    let ran = stemcheck(&["demo", "-o", text(&song)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("is there already"), "{}", ran.stderr);
    assert_eq!(fs::read(&bass).unwrap(), b"mine");
    let out = folder("demo-fault");
    let ran = stemcheck(&["demo", "-o", text(&out), "--fault", "late-steam"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("late-steam"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn explain_knows_checks_and_causes_and_guesses_the_rest() {
    for code in ["clipping", "late-stem", "bus-compressor"] {
        let ran = stemcheck(&["explain", code]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.stdout.starts_with(&format!("{code}: ")), "{}", ran.stdout);
        assert!(ran.stdout.contains("\nFix     "), "{}", ran.stdout);
    }
    let ran = stemcheck(&["explain", "late-stems"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("is it late-stem"), "{}", ran.stderr);
    let ran = stemcheck(&["explain"]);
    for code in ["clipping", "bus-limiter", "missing-effect-return"] {
        let of_code = format!("{code} ");
        let lines = ran.stdout.lines().filter(|line| line.starts_with(&of_code)).count();
        assert_eq!(lines, 1, "{code} in {}", ran.stdout);
    }
}

#[test]
fn profiles_are_listed_and_printed_as_they_can_be_read() {
    let ran = stemcheck(&["profiles"]);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    let ran = stemcheck(&["profiles", "separates"]);
    assert_eq!(ran.code, Some(0));
    let own = folder("profiles-own").join("ours.toml");
    fs::write(&own, &ran.stdout).unwrap();
    let song = demo("profiles-song", &[]);
    let ran = stemcheck(&["check", text(&song), "--no-null", "--profile", text(&own)]);
    assert_ne!(ran.code, Some(2), "{}", ran.stderr);
    assert_eq!(stemcheck(&["profiles", "nonesuch"]).code, Some(2));
}
