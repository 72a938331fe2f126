//! `stemcheck check`.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::process::{Ran, command, demo, folder, stemcheck, text};

fn codes(report: &Value, song: usize) -> Vec<(&str, &str)> {
    let findings = report["songs"][song]["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| (f["code"].as_str().unwrap(), f["file"].as_str().unwrap_or("")))
        .collect()
}

fn check_json(path: &str, more: &[&str]) -> Ran {
    stemcheck(&[&["check", path, "--format", "json"], more].concat())
}

#[test]
fn a_clean_song_is_ready() {
    let song = demo("check-clean", &[]);
    let ran = check_json(text(&song), &[]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stderr, "");
    let report = ran.json();
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["songs"][0]["name"], "check-clean");
    assert_eq!(report["songs"][0]["files"].as_array().unwrap().len(), 7);
    let verdict = &report["songs"][0]["null"]["verdict"];
    assert!(verdict == "identical" || verdict == "within-bit-depth", "{verdict}");
}

#[test]
fn a_late_stem_has_to_be_fixed() {
    let song = demo("check-late", &["late-stem"]);
    let ran = check_json(text(&song), &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(codes(&ran.json(), 0).contains(&("late-stem", "Bass.wav")), "{}", ran.stdout);
    let ran = stemcheck(&["check", text(&song)]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("check-late: Not ready to send"), "{}", ran.stdout);
    assert!(ran.stdout.contains("[late-stem]"), "{}", ran.stdout);
}

#[test]
fn threads_change_nothing() {
    let song = demo("check-threads", &["wrong-gain"]);
    let one = check_json(text(&song), &["--threads", "1"]);
    let five = check_json(text(&song), &["--threads", "5"]);
    assert_eq!(one.stdout, five.stdout);
}

#[test]
fn every_format_to_stdout_or_a_file() {
    let song = demo("check-formats", &[]);
    let folder = folder("check-formats-out");
    for (format, begins) in [("text", "check-formats"), ("html", "<!doctype"), ("markdown", "# ")] {
        let ran = stemcheck(&["check", text(&song), "--no-null", "--format", format]);
        assert!(ran.stdout.starts_with(begins), "{}", ran.stdout);
    }
    for (name, begins) in [("a.html", "<!doctype"), ("a.md", "# "), ("a.json", "{"), ("a", "check")]
    {
        let out = folder.join(name);
        let ran = stemcheck(&["check", text(&song), "--no-null", "-o", text(&out)]);
        assert_eq!(ran.stdout, "");
        assert!(fs::read_to_string(out).unwrap().starts_with(begins));
    }
}

#[test]
fn a_broken_file_among_good_ones_harms_nobody() {
    let song = demo("check-broken", &[]);
    fs::write(song.join("Guitar.wav"), b"RIFF\x04\0\0\0WAVE").unwrap();
    fs::write(song.join("Notes.txt"), b"hello").unwrap();
    let ran = check_json(text(&song), &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("skipped Notes.txt"), "{}", ran.stderr);
    let report = ran.json();
    assert!(codes(&report, 0).contains(&("unreadable-file", "Guitar.wav")), "{}", ran.stdout);
    let bass = &report["songs"][0]["files"][1];
    assert_eq!(bass["name"], "Bass.wav");
    assert!(bass["levels"]["peak_dbfs"].is_number());
}

#[test]
fn nothing_that_can_be_read_is_status_2() {
    let folder = folder("check-nothing");
    let file = folder.join("Bass.wav");
    fs::write(&file, b"not audio at all").unwrap();
    let ran = check_json(text(&file), &[]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.json()["songs"][0]["files"][0]["readable"], false);
}

#[test]
fn a_folder_of_songs_is_an_album() {
    let album = folder("check-album");
    for song in ["01 First", "02 Second"] {
        demo(&format!("check-album/{song}"), &[]);
    }
    fs::create_dir(album.join("Artwork")).unwrap();
    let ran = check_json(text(&album), &["--no-null"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = ran.json();
    let names: Vec<_> = report["songs"].as_array().unwrap().iter().map(|s| &s["name"]).collect();
    assert_eq!(names, ["01 First", "02 Second"]);
    let loose = album.join("01 First/Bass.wav");
    let ran = stemcheck(&["check", text(&album), text(&loose)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("to which of them"), "{}", ran.stderr);
}

#[test]
fn an_album_is_compared_with_its_tracklist() {
    let album = folder("check-tracklist");
    for song in ["01 First", "02 Second"] {
        demo(&format!("check-tracklist/{song}"), &[]);
    }
    let album = text(&album);
    let told = |more: &[&str]| {
        let ran = check_json(album, &[&["--no-null"], more].concat());
        assert!(!ran.stderr.contains("skipped"), "{}", ran.stderr);
        let report = ran.json();
        [0, 1].map(|song| {
            let codes = codes(&report, song).into_iter().map(|(code, _)| code.to_owned());
            codes.filter(|code| code.contains("tracklist")).collect::<Vec<_>>()
        })
    };
    assert_eq!(told(&[]), [vec!["no-tracklist"], vec![]]);
    fs::write(format!("{album}/Tracklist.txt"), "1. First\n2. Third Song\n").unwrap();
    assert_eq!(told(&[]), [vec!["tracklist-mismatch"], vec!["tracklist-mismatch"]]);
    let other = folder("check-tracklist-other").join("order.csv");
    fs::write(&other, "No,Title\n1,Second\n2,First\n").unwrap();
    assert_eq!(told(&["--tracklist", text(&other)]), [vec![""; 0], vec![]]);
    fs::write(&other, "\n").unwrap();
    let ran = check_json(album, &["--no-null", "--tracklist", text(&other)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("no title"), "{}", ran.stderr);
}

#[test]
fn a_folder_of_stems_beside_the_mix_is_one_song() {
    let song = demo("check-stems-folder", &[]);
    fs::create_dir(song.join("Stems")).unwrap();
    for name in ["Bass.wav", "Drums.wav", "Keys.wav"] {
        fs::rename(song.join(name), song.join("Stems").join(name)).unwrap();
    }
    let ran = check_json(text(&song), &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = ran.json();
    assert_eq!(report["songs"].as_array().unwrap().len(), 1);
    assert_eq!(report["songs"][0]["null"]["verdict"], "within-bit-depth");
}

#[test]
fn a_file_given_twice_counts_once_and_the_reference_is_added() {
    let song = demo("check-twice", &[]);
    let file = |name: &str| text(&song.join(name)).to_owned();
    let dotted = format!("{}/./Bass.wav", text(&song));
    let mix = file("Midnight Tape - Mix.wav");
    let ran = stemcheck(&[
        "check",
        &file("Bass.wav"),
        &dotted,
        &file("Drums.wav"),
        "--reference",
        &mix,
        "--format",
        "json",
    ]);
    let report = ran.json();
    let files: Vec<_> = report["songs"][0]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["name"].as_str().unwrap(), f["role"].as_str().unwrap()))
        .collect();
    assert_eq!(
        files,
        [("Bass.wav", "stem"), ("Drums.wav", "stem"), ("Midnight Tape - Mix.wav", "reference")]
    );
}

#[test]
fn a_profile_of_ones_own() {
    let song = demo("check-profile", &[]);
    let own = folder("check-profile-toml").join("ours.toml");
    fs::write(&own, "name = \"ours\"\nmin-bits = 32\n").unwrap();
    let ran = check_json(text(&song), &["--profile", text(&own), "--no-null"]);
    let report = ran.json();
    assert_eq!(report["profile"], "ours");
    assert!(codes(&report, 0).iter().any(|(code, _)| *code == "low-bit-depth"), "{}", ran.stdout);
    fs::write(&own, "name = \"ours\"\nmin-bytes = 3\n").unwrap();
    let ran = check_json(text(&song), &["--profile", text(&own)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("line 2") && ran.stderr.contains("min-bytes"), "{}", ran.stderr);
}

#[test]
fn bad_usage_is_status_2_with_a_sentence() {
    let empty = folder("check-empty");
    let bass = empty.join("sub");
    fs::create_dir(&bass).unwrap();
    for (args, part) in [
        (&["check"][..], "PATH"),
        (&["check", "/nowhere/Bass.wav"], "/nowhere/Bass.wav"),
        (&["check", text(&empty)], "no audio file"),
        (&["check", text(&empty), "--profile", "nonesuch"], "nonesuch"),
        (&["check", text(&empty), "--threads", "0"], "--threads"),
        (&["check", text(&empty), "--format", "pdf"], "pdf"),
        (&["frobnicate"], "frobnicate"),
    ] {
        let ran = stemcheck(args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.contains(part), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let song = demo("check-pipe", &[]);
    let mut child = command(&["check", text(&song), "--no-null"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stderr, "");
}

#[test]
fn the_report_never_replaces_a_file_of_the_song() {
    let song = demo("check-keep", &[]);
    let bass = song.join("Bass.wav");
    let before = fs::read(&bass).unwrap();
    let ran = stemcheck(&["check", text(&song), "-o", text(&bass)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("would write over"), "{}", ran.stderr);
    assert_eq!(fs::read(&bass).unwrap(), before);
}
