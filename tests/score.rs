//! The corpus of `cargo xtask score`: the same every time, and with a fault wherever it says so.
#![cfg(not(target_arch = "wasm32"))]

use stemcheck_tests::score::{Case, FAULTS, Shelf, Song, Strength, count, is_held};

/// Short, with a kick, wide stems and mono ones, stored as float: every fault can be done to it.
const HIP_HOP: usize = 12;

#[test]
fn a_song_is_the_same_every_time() {
    let fault = FAULTS.iter().find(|fault| fault.name == "missing-effect-return/reverb").unwrap();
    let make = || {
        let shelf = Shelf::from(Song::record(HIP_HOP, 0).unwrap());
        Case::make(&shelf, &[fault], Strength::Ordinary).unwrap().unwrap()
    };
    let (one, other) = (make(), make());
    assert_eq!(one.files.len(), other.files.len());
    for (a, b) in one.files.iter().zip(&other.files) {
        assert!(a.name == b.name && a.bytes == b.bytes, "{}", a.name);
    }
    assert_eq!(format!("{:?}", one.truths), format!("{:?}", other.truths));
}

#[test]
fn every_fault_is_louder_than_rounding() {
    let shelf = Shelf::from(Song::record(HIP_HOP, 0).unwrap());
    let clean = Case::make(&shelf, &[], Strength::Ordinary).unwrap().unwrap();
    assert!(clean.truths.is_empty() && clean.residual_db < -130.0, "{}", clean.residual_db);
    for fault in FAULTS.iter().filter(|fault| fault.code() != "clean") {
        let strength = *fault.strengths.last().unwrap();
        let case = Case::make(&shelf, &[fault], strength).unwrap();
        let case = case.unwrap_or_else(|| panic!("{} cannot be done", fault.name));
        let code = fault.code();
        assert!(case.truths.iter().any(|truth| truth.code == code), "{}", fault.name);
        // 24 bits leave some -115 dB, the least of the dithers -100 dB.
        assert!(case.residual_db > -105.0, "{}: {} dB", fault.name, case.residual_db);
    }
}

#[test]
fn half_of_the_songs_is_held_back() {
    let held = (0..count()).filter(|&song| is_held(song)).count();
    assert!(count() >= 12 && 2 * held == count());
}

/// The stems of a song in a folder of their own.
fn folder(name: &str) -> Option<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let shelf = Shelf::from(Song::record(HIP_HOP, 0)?);
    let case = Case::make(&shelf, &[], Strength::Ordinary).ok()??;
    std::fs::create_dir_all(&folder).ok()?;
    for file in case.files.iter().filter(|file| file.name != case.reference) {
        std::fs::write(folder.join(&file.name), &file.bytes).ok()?;
    }
    Some(folder)
}

#[test]
fn what_others_recorded_gets_the_same_faults() {
    let shelf = Shelf::from(Song::open(&folder("recorded").unwrap(), 0).unwrap());
    let clean = Case::make(&shelf, &[], Strength::Ordinary).unwrap().unwrap();
    assert!(clean.files.len() > 4 && clean.residual_db < -130.0, "{}", clean.residual_db);
    for name in ["late-stem/whole", "different-version", "different-song", "lost-sidechain"] {
        let fault = FAULTS.iter().find(|fault| fault.name == name).unwrap();
        let case = Case::make(&shelf, &[fault], Strength::Ordinary).unwrap().unwrap();
        assert!(case.residual_db > -40.0, "{name}: {} dB", case.residual_db);
    }
}

#[test]
fn a_folder_that_is_no_song_says_so() {
    let folder = folder("no song").unwrap();
    std::fs::write(folder.join("notes.txt"), "Mix 3 was the good one").unwrap();
    let Err(why) = Song::open(&folder, 0) else { panic!("a text was taken for a stem") };
    assert!(why.contains("notes.txt"), "{why}");
    let Err(why) = Song::open(&folder.join("notes.txt"), 0) else { panic!("a file is no folder") };
    assert!(why.contains("notes.txt"), "{why}");
}
