//! `stemcheck package`, and `check` on what it delivers.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::{demo, folder, stemcheck, text};

/// Packs a song as `FOLDER/NAME.zip`.
fn pack(paths: &[&Path], zip: &Path, more: &[&str]) -> i32 {
    let mut args = vec!["package"];
    args.extend(paths.iter().map(|path| text(path)));
    args.extend(["-o", text(zip)]);
    let ran = stemcheck(&[&args[..], more].concat());
    assert!(zip.exists(), "{}{}", ran.stdout, ran.stderr);
    ran.code.unwrap()
}

fn unpack(zip: &Path) -> PathBuf {
    let to = zip.with_extension("");
    zip::ZipArchive::new(File::open(zip).unwrap()).unwrap().extract(&to).unwrap();
    to
}

fn check(path: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let ran = stemcheck(&[&["check", text(path), "--format", "json"], more].concat());
    assert_eq!(ran.stderr, "");
    (ran.code, ran.json())
}

fn altered(report: &Value) -> Vec<(&str, &str)> {
    let findings = report["songs"][0]["findings"].as_array().unwrap().iter();
    let altered = findings.filter(|finding| finding["code"] == "altered-delivery");
    altered.map(|f| (f["file"].as_str().unwrap_or(""), f["message"].as_str().unwrap())).collect()
}

/// Runs a program that may not be installed; it must not complain.
fn if_installed(program: &str, args: &[&str], at: &Path) {
    if let Ok(ran) = Command::new(program).args(args).current_dir(at).output() {
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{program}: {said}{}", String::from_utf8_lossy(&ran.stderr));
    }
}

#[test]
fn a_package_is_confirmed_packed_and_unpacked() {
    let song = demo("package-song", &[]);
    let notes = song.join("what I want.txt");
    fs::write(&notes, "Keep it warm.\n").unwrap();
    let out = folder("package-out");
    let zip = out.join("Delivery.zip");
    assert_eq!(pack(&[&song], &zip, &["--notes", text(&notes)]), 0);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "nothing half-written is left");
    if_installed("unzip", &["-tq", "Delivery.zip"], &out);
    if_installed("python3", &["-m", "zipfile", "-t", "Delivery.zip"], &out);

    let unpacked = unpack(&zip).join("package-song");
    if_installed("sha256sum", &["--quiet", "-c", "SHA256SUMS"], &unpacked);
    for name in ["Bass.wav", "Midnight Tape - Mix.wav"] {
        assert_eq!(fs::read(song.join(name)).unwrap(), fs::read(unpacked.join(name)).unwrap());
    }
    assert_eq!(fs::read_to_string(unpacked.join("notes.txt")).unwrap(), "Keep it warm.\n");
    let html = fs::read_to_string(unpacked.join("report.html")).unwrap();
    assert!(html.contains("Keep it warm."));
    let packed: Value =
        serde_json::from_slice(&fs::read(unpacked.join("report.json")).unwrap()).unwrap();
    assert_eq!(packed["songs"][0]["name"], "package-song");

    for delivered in [&zip, &unpacked] {
        let (code, report) = check(delivered, &[]);
        assert_eq!((code, altered(&report)), (Some(0), vec![]), "{}", delivered.display());
        assert_eq!(report["verdict"], packed["verdict"]);
        let delivery = &report["songs"][0]["delivery"];
        assert_eq!(delivery["intact"], true);
        assert_eq!(delivery["same_verdict"], true);
        assert_eq!(delivery["checksums"], 10);
        for (now, then) in files(&report).iter().zip(files(&packed)) {
            assert_eq!(now["sha256"].as_str().unwrap().len(), 64);
            assert_eq!(now["sha256"], then["sha256"]);
        }
    }
    let said = stemcheck(&["check", text(&zip)]).stdout;
    assert!(said.contains("All 10 checksums agree"), "{said}");
}

fn files(report: &Value) -> Vec<Value> {
    report["songs"][0]["files"].as_array().unwrap().clone()
}

#[test]
fn a_changed_byte_is_named() {
    let song = demo("package-changed", &[]);
    let out = folder("package-changed-out");
    let zip = out.join("Delivery.zip");
    pack(&[&song], &zip, &[]);

    let mut bytes = fs::read(&zip).unwrap();
    let bass = fs::read(song.join("Bass.wav")).unwrap();
    let middle = bass.len() / 2;
    let at = bytes.windows(64).position(|part| part == &bass[middle..middle + 64]).unwrap();
    bytes[at] ^= 1;
    fs::write(&zip, bytes).unwrap();
    let (code, report) = check(&zip, &[]);
    let message = "Bass.wav is not the file that was packed: its checksum is another.";
    assert_eq!((code, altered(&report)), (Some(1), vec![("Bass.wav", message)]));

    pack(&[&song], &zip, &[]);
    let unpacked = unpack(&zip).join("package-changed");
    fs::remove_file(unpacked.join("Keys.wav")).unwrap();
    fs::write(unpacked.join("report.html"), "<p>All is well</p>").unwrap();
    fs::copy(unpacked.join("Bass.wav"), unpacked.join("Sub.wav")).unwrap();
    let (code, report) = check(&unpacked, &[]);
    assert_eq!(code, Some(1));
    let expected = [
        ("", "\"report.html\" is not the file that was packed: its checksum is another."),
        ("", "\"Keys.wav\" was packed, but is not there."),
        ("Sub.wav", "Sub.wav was not there when the song was packed."),
    ];
    for finding in expected {
        assert!(altered(&report).contains(&finding), "{finding:?} in {:?}", altered(&report));
    }
}

#[test]
fn an_album_has_a_folder_a_song_and_its_tracklist() {
    let album = folder("package-album");
    for name in ["Night", "Rain: part 2"] {
        fs::rename(demo(&format!("package-{}", &name[..4]), &[]), album.join(name)).unwrap();
    }
    fs::write(album.join("tracklist.txt"), "Rain part 2\nNight\n").unwrap();
    let zip = folder("package-album-out").join("My album.zip");
    assert_eq!(pack(&[&album], &zip, &[]), 0);
    let unpacked = unpack(&zip).join("My album");
    for file in [
        "tracklist.txt",
        "report.html",
        "report.json",
        "SHA256SUMS",
        "Night/Bass.wav",
        "Night/report.json",
        "Rain- part 2/SHA256SUMS",
    ] {
        assert!(unpacked.join(file).exists(), "{file}");
    }
    if_installed("sha256sum", &["--quiet", "-c", "SHA256SUMS"], &unpacked);
    for delivered in [&zip, &unpacked] {
        let (code, report) = check(delivered, &["--no-null"]);
        assert_eq!(code, Some(0));
        let songs = report["songs"].as_array().unwrap();
        assert_eq!(songs.len(), 2);
        for song in songs {
            assert_eq!(song["delivery"]["intact"], true, "{song}");
            let findings = song["findings"].as_array().unwrap();
            assert!(findings.iter().all(|found| found["code"] != "no-tracklist"));
        }
    }
}

#[test]
fn names_follow_the_studios_pattern() {
    let song = demo("package-names", &[]);
    fs::rename(song.join("Bass.wav"), song.join("Bass?.wav")).unwrap();
    let out = folder("package-names-out");
    let profile = out.join("ours.toml");
    let ours = "extends = \"generic\"\nname = \"ours\"\nfile-name = \"{song}_{name}\"\n";
    fs::write(&profile, ours).unwrap();
    let zip = out.join("a.zip");
    pack(&[&song], &zip, &["--profile", text(&profile)]);
    let unpacked = unpack(&zip).join("package-names");
    assert!(unpacked.join("package-names_Bass-.wav").exists());
    assert!(unpacked.join("package-names_Midnight Tape - Mix.wav").exists());
    let (code, report) = check(&unpacked, &["--profile", text(&profile)]);
    assert_eq!((code, altered(&report)), (Some(0), vec![]));
    assert_eq!(report["songs"][0]["delivery"]["same_verdict"], true, "{report}");
}

#[test]
fn what_is_wrong_is_packed_and_said() {
    let song = demo("package-late", &["late-stem"]);
    let zip = folder("package-late-out").join("a.zip");
    assert_eq!(pack(&[&song], &zip, &[]), 1);
    // The mix was named by hand, and still is when the package arrives.
    fs::rename(song.join("Midnight Tape - Mix.wav"), song.join("Bounce 7.wav")).unwrap();
    let mix = song.join("Bounce 7.wav");
    pack(&[&song], &zip, &["--reference", text(&mix)]);
    let (code, report) = check(&zip, &[]);
    assert_eq!(code, Some(1));
    assert_eq!(report["songs"][0]["delivery"]["same_verdict"], true, "{report}");
}

#[test]
fn hashes_are_there_when_they_are_asked_for() {
    let song = demo("package-hash", &[]);
    let (_, report) = check(&song, &["--no-null"]);
    assert!(files(&report).iter().all(|file| file["sha256"].is_null()));
    let (_, report) = check(&song, &["--no-null", "--sha256"]);
    assert!(files(&report).iter().all(|file| file["sha256"].is_string()));
    assert!(report["songs"][0]["delivery"].is_null());
}

#[test]
fn what_cannot_be_packed_or_read_is_refused() {
    let song = demo("package-refused", &[]);
    let into = song.join("Bass.wav");
    let ran = stemcheck(&["package", text(&song), "-o", text(&into)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("would write over a file of the song"), "{}", ran.stderr);
    let broken = song.join("broken.zip");
    fs::write(&broken, "PK but no archive").unwrap();
    let ran = stemcheck(&["check", text(&broken)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("broken.zip"), "{}", ran.stderr);
}

/// The README's loop for a studio, as it stands there.
#[cfg(unix)]
#[test]
fn the_intake_desk_sorts_what_comes_in() {
    let desk = folder("package-desk");
    for name in ["incoming", "accepted", "sent-back"] {
        fs::create_dir(desk.join(name)).unwrap();
    }
    pack(&[&demo("package-good", &[])], &desk.join("incoming/good one.zip"), &[]);
    pack(&[&demo("package-bad", &["late-stem"])], &desk.join("incoming/bad.zip"), &[]);
    let readme = include_str!("../../../../README.md");
    let blocks = readme.split("```sh\n").filter_map(|rest| rest.split("```").next());
    let script = blocks.into_iter().find(|block| block.starts_with("for zip")).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_stemcheck")).parent().unwrap();
    let path = format!("{}:{}", text(bin), std::env::var("PATH").unwrap());
    let ran = Command::new("sh").args(["-c", script]).current_dir(&desk).env("PATH", path).status();
    assert!(ran.unwrap().success());
    for file in [
        "accepted/good one.zip",
        "accepted/good one.zip.html",
        "sent-back/bad.zip",
        "sent-back/bad.zip.html",
    ] {
        assert!(desk.join(file).exists(), "{file}");
    }
}
