//! `stemcheck fix`.

use std::fs;

use crate::process::{demo, folder, stemcheck, text};

#[test]
fn a_late_and_inverted_song_passes_afterwards() {
    let song = demo("fix-late", &["late-stem", "inverted-polarity"]);
    let originals: Vec<Vec<u8>> =
        ["Bass.wav", "Keys.wav"].iter().map(|name| fs::read(song.join(name)).unwrap()).collect();
    let fixed = folder("fix-late-out").join("fixed");
    let ran = stemcheck(&["fix", text(&song), "-o", text(&fixed)]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("Bass.wav: cut off at the start, all silence, in samples: 480"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Keys.wav: polarity flipped"), "{}", ran.stdout);
    assert!(ran.stdout.contains("checked again: Ready to send"), "{}", ran.stdout);
    let ran = stemcheck(&["check", text(&fixed), "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let verdict = &ran.json()["songs"][0]["null"]["verdict"];
    assert!(verdict == "identical" || verdict == "within-bit-depth", "{verdict}");
    for (name, original) in ["Bass.wav", "Keys.wav"].iter().zip(originals) {
        assert!(fs::read(song.join(name)).unwrap() == original, "{name} was touched");
    }
    let drums = |folder: &std::path::Path| fs::read(folder.join("Drums.wav")).unwrap();
    assert!(drums(&song) == drums(&fixed), "what needs nothing is copied byte for byte");

    let ran = stemcheck(&["fix", text(&song), "-o", text(&fixed)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("nothing is written over"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_repaired_is_said_and_nothing_is_written() {
    let song = demo("fix-gain", &["wrong-gain"]);
    let fixed = folder("fix-gain-out").join("fixed");
    let ran = stemcheck(&["fix", text(&song), "-o", text(&fixed)]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("another level would round every sample anew"), "{}", ran.stdout);
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    assert!(!fixed.exists());
}
