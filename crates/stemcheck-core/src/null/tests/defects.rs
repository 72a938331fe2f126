//! What goes wrong at a moment and cannot be undone.

use super::faults::assert_found;
use super::{Mark, Memory, RATE, Setup, Signal, Song, diagnose, list, map, scenes};

const SECONDS: f64 = 8.0;
const BASS: usize = 1;
const KEYS: usize = 2;

fn song() -> Song {
    Song::of(scenes::band(SECONDS))
}

fn frame(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

fn silence(signal: &mut Signal, from: f64, frames: usize) {
    for side in signal {
        side[frame(from)..][..frames].fill(0.0);
    }
}

fn click(signal: &mut Signal, at: f64, level: f64) {
    for side in signal {
        side[frame(at)] += level;
    }
}

/// The only cause, and when it begins.
#[track_caller]
fn assert_starts(song: &Song, seconds: f64) {
    let diagnosis = song.diagnose();
    let start = diagnosis.causes.first().map_or(f64::NAN, |cause| cause.start_s);
    assert!((start - seconds).abs() < 0.05, "{start} {:#?}", list(&diagnosis));
}

#[test]
fn holes_in_a_stem_or_in_the_reference() {
    let mut one = song();
    silence(&mut one.stems[BASS], 3.97, 100);
    let one = one.rounded(24);
    assert_found(&one, &[("dropout", Some(BASS), Some((1.0, 0.0)))], -100.0);
    assert_starts(&one, 3.97);

    let mut three = song();
    for at in [1.55, 4.4, 6.8] {
        silence(&mut three.stems[KEYS], at, 60);
    }
    assert_found(&three.rounded(16), &[("dropout", Some(KEYS), Some((3.0, 0.0)))], -70.0);

    let mut reference = song();
    silence(&mut reference.reference, 2.5, 700);
    assert_found(&reference.rounded(24), &[("dropout", None, Some((1.0, 0.0)))], -100.0);
}

/// Strokes of noise, each from full scale to silence within a tenth of a second, half a second apart.
fn strokes() -> Signal {
    let mut numbers = super::Numbers::new(9);
    let beat = RATE as usize / 2;
    let mono: Vec<f64> = (0..frame(SECONDS))
        .map(|i| {
            let t = (i % beat) as f64 / f64::from(RATE);
            0.3 * numbers.next() * (-60.0 * t).exp() * f64::from(u8::from(t < 0.1))
        })
        .collect();
    [mono.clone(), mono]
}

#[test]
fn a_hole_in_which_a_stroke_begins_or_dies_away() {
    let mut song = song();
    song.stems[KEYS] = strokes();
    song.reference = super::mix(&song.stems);
    // The stroke at 3.5 s begins 120 frames after the hole; the one at 5 s dies away within another.
    silence(&mut song.stems[KEYS], 3.5 - 0.01, 250);
    silence(&mut song.stems[KEYS], 5.02, 1500);
    assert_found(&song.rounded(24), &[("dropout", Some(KEYS), Some((2.0, 0.0)))], -100.0);
}

#[test]
fn a_buffer_played_twice_in_which_a_stroke_dies_away() {
    let mut song = song();
    song.stems[KEYS] = strokes();
    song.reference = super::mix(&song.stems);
    // It holds the last 124 frames of the rest and a stroke; the next one would hold no more than its end.
    let (at, block) = (frame(4.0) + 900, 1024);
    for side in &mut song.stems[KEYS] {
        side.copy_within(at - block..at, at);
    }
    assert_found(&song.rounded(24), &[("repeated-block", Some(KEYS), Some((1.0, 0.0)))], -100.0);
}

#[test]
fn clicks_in_a_stem_or_in_the_reference() {
    for (level, times) in [(0.5, vec![2.2, 3.9, 5.1]), (-0.04, vec![6.05])] {
        let mut on_stem = song();
        for &at in &times {
            click(&mut on_stem.stems[KEYS], at, level);
        }
        let count = times.len() as f64;
        assert_found(&on_stem.rounded(24), &[("click", Some(KEYS), Some((count, 0.0)))], -100.0);
        let mut on_mix = song();
        for &at in &times {
            click(&mut on_mix.reference, at, level);
        }
        assert_found(&on_mix.rounded(24), &[("click", None, Some((count, 0.0)))], -100.0);
    }
    // Too faint to matter to the depth of the whole song.
    let mut faint = song().rounded(24);
    click(&mut faint.stems[BASS], 4.93, 0.004);
    assert_found(&faint, &[("click", Some(BASS), Some((1.0, 0.0)))], -100.0);
}

#[test]
fn a_buffer_played_twice() {
    for block in [128, 512, 2048] {
        let mut song = song();
        for side in &mut song.stems[KEYS] {
            side.copy_within(40_000 - block..40_000, 40_000);
        }
        assert_found(
            &song.rounded(24),
            &[("repeated-block", Some(KEYS), Some((1.0, 0.0)))],
            -100.0,
        );
    }
}

#[test]
fn a_moment_beside_a_fault_of_the_whole_song() {
    let mut song = song();
    song.stems[BASS] = map(&song.stems[BASS], |x| 0.5 * x);
    silence(&mut song.stems[KEYS], 5.2, 100);
    let expected =
        [("wrong-gain", Some(BASS), Some((-6.02, 0.1))), ("dropout", Some(KEYS), Some((1.0, 0.0)))];
    assert_found(&song.rounded(24), &expected, -90.0);
}

#[test]
fn what_the_meters_have_seen_is_found_beside_a_saturated_mix() {
    let mut song = song();
    song.reference = map(&song.reference, |x| (1.5 * x).tanh() / 1.5);
    click(&mut song.stems[KEYS], 5.2, 0.05);
    silence(&mut song.stems[BASS], 3.9, 100);
    let song = song.rounded(24);
    let mark = |file, seconds, frames| {
        let start = frame(seconds) as u64;
        Mark { file, start, frames, is_hole: frames > 1 }
    };
    let part = song.part(0..song.frames());
    let told = |marks: Vec<Mark>| {
        let diagnosis = diagnose(&Setup { marks, ..song.setup() }, &part, &mut Memory(&song));
        let mut told: Vec<_> =
            diagnosis.causes.into_iter().map(|cause| (cause.code, cause.stem)).collect();
        told.sort();
        told
    };
    // On both channels, and two that are in the mix as well.
    let marks = vec![
        mark(KEYS, 5.2, 1),
        mark(KEYS, 5.2, 1),
        mark(BASS, 3.9, 100),
        mark(0, 2.0, 1),
        mark(KEYS, 6.0, 50),
    ];
    let saturated = ("bus-saturation".to_owned(), None);
    let found =
        [saturated.clone(), ("click".to_owned(), Some(KEYS)), ("dropout".to_owned(), Some(BASS))];
    assert_eq!(told(marks), found);
    // By itself the residual does not show them; and a file full of marks is meant to crackle.
    let crackle: Vec<Mark> = (0..40).map(|i| mark(KEYS, 1.2 + 0.1 * f64::from(i), 1)).collect();
    assert!(told(crackle).iter().all(|(code, _)| code != "click" && code != "dropout"));
}
