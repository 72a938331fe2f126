//! Edits that slipped, ends that were cut off, flat tops.

use std::f64::consts::TAU;

use super::super::ends;
use super::super::scene::{Scene, Size};
use super::faults::{assert_causes, assert_found};
use super::{Memory, RATE, Signal, Song, delay, list, map, mix, scenes};
use crate::units::amplitude_from_db;

const SECONDS: f64 = 8.0;
const DRUMS: usize = 0;
const BASS: usize = 1;
const KEYS: usize = 2;
const LEAD: usize = 3;

fn song() -> Song {
    Song::of(scenes::band(SECONDS))
}

fn frame(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

/// From one time on, to another, the signal later by so many frames.
fn slipped(signal: &Signal, from: f64, to: f64, frames: i64) -> Signal {
    let mut out = signal.clone();
    for (out, moved) in out.iter_mut().zip(delay(signal, frames)) {
        out[frame(from)..frame(to)].copy_from_slice(&moved[frame(from)..frame(to)]);
    }
    out
}

#[track_caller]
fn assert_begins(song: &Song, seconds: f64, within: f64) {
    let diagnosis = song.diagnose();
    let start = diagnosis.causes.first().map_or(f64::NAN, |cause| cause.start_s);
    assert!((start - seconds).abs() < within, "{start} {:#?}", list(&diagnosis));
}

#[test]
fn an_edit_that_slipped_to_the_end() {
    for (stem, from, frames) in
        [(DRUMS, 3.2, 600), (KEYS, 4.1, 17), (BASS, 2.9, -60), (LEAD, 5.5, -900)]
    {
        let mut song = song();
        song.stems[stem] = slipped(&song.stems[stem], from, SECONDS, frames);
        let song = song.rounded(24);
        let expected = [("moved-edit", Some(stem), Some((frames as f64, 0.0)))];
        // What was pushed beyond the end of the file is lost.
        assert_found(&song, &expected, if frames > 100 { -45.0 } else { -90.0 });
        assert_begins(&song, from, 0.2);
    }
}

#[test]
fn an_edit_that_slipped_for_a_while() {
    let mut song = song();
    song.stems[KEYS] = slipped(&song.stems[KEYS], 2.0, 4.5, 240);
    let song = song.rounded(24);
    assert_found(&song, &[("moved-edit", Some(KEYS), Some((240.0, 0.0)))], -90.0);
    assert_begins(&song, 2.0, 0.2);
}

#[test]
fn tails_cut_off() {
    for (stem, from) in [(DRUMS, 6.05), (KEYS, 5.3), (LEAD, 7.1)] {
        let mut song = song();
        for side in &mut song.stems[stem] {
            side[frame(from)..].fill(0.0);
        }
        let song = song.rounded(24);
        let missing = SECONDS - from;
        assert_found(&song, &[("cut-tail", Some(stem), Some((missing, 0.35)))], -90.0);
        assert_begins(&song, from, 0.05);
    }
    let mut song = song();
    for side in &mut song.reference {
        side[frame(6.4)..].fill(0.0);
    }
    assert_found(&song.rounded(24), &[("cut-tail", None, Some((1.6, 0.1)))], -90.0);
}

#[test]
fn who_is_hardly_heard_to_the_end_is_not_cut_off() {
    for (from, to) in [(frame(5.3), frame(SECONDS)), (0, frame(2.7))] {
        let mut song = song();
        // As loud as can be at every frame, and then 81 dB less.
        let square = |i: usize| if (i / 200).is_multiple_of(2) { 0.9 } else { -0.9 };
        song.stems[KEYS] = [0, 1].map(|_| (0..song.frames()).map(square).collect());
        song.reference = mix(&song.stems);
        for side in &mut song.stems[KEYS] {
            side[from..to].iter_mut().for_each(|x| *x *= amplitude_from_db(-81.0));
        }
        let song = song.rounded(24);
        let (part, mut memory) = (song.part(0..song.frames()), Memory(&song));
        let starts = [1, 3, 6].map(|second| second * i64::from(RATE));
        let mut scene = Scene::new(&mut memory, Size::new(RATE), starts.to_vec(), song.stems.len());
        for proposal in
            ends::proposals(&part, &mut scene).into_iter().chain(ends::sharp(&part, &mut scene))
        {
            assert!(proposal.found.is_empty(), "{:?}", proposal.found);
        }
    }
}

#[test]
fn starts_cut_off() {
    for (stem, to) in [(DRUMS, 0.9), (KEYS, 1.62), (BASS, 2.47)] {
        let mut song = song();
        for side in &mut song.stems[stem] {
            side[..frame(to)].fill(0.0);
        }
        assert_found(&song.rounded(24), &[("cut-start", Some(stem), Some((to, 0.3)))], -90.0);
    }
}

/// Just before a stroke of the drums nothing breaks off amid a sound, and with rests not even that.
#[test]
fn ends_cut_off_in_a_rest() {
    for (code, from, to) in [("cut-tail", 6.295, SECONDS), ("cut-start", 0.0, 1.395)] {
        for rest in [0.0, 0.2] {
            let mut song = song();
            let pause = |signal: &mut Signal, from: f64, to: f64| {
                for side in signal {
                    side[frame(from)..frame(to)].fill(0.0);
                }
            };
            for stroke in 0..22 {
                let next = 0.35 * f64::from(stroke + 1);
                pause(&mut song.stems[DRUMS], next - rest, next);
            }
            song.reference = mix(&song.stems);
            pause(&mut song.stems[DRUMS], from, to);
            let diagnosis = song.rounded(24).diagnose();
            let missing = to - from;
            assert_causes(&diagnosis, &[(code, Some(DRUMS), Some((missing, 0.4)))]);
            let cause = &diagnosis.causes[0];
            assert!((cause.end_s - cause.start_s - missing).abs() < 0.4, "{cause:?}");
        }
    }
}

#[test]
fn what_ends_where_another_sound_begins_is_not_its_start() {
    let mut song = song();
    // The bass comes in where something stops that no stem holds and that sounds like nothing of it.
    let enters = frame(2.0);
    for side in &mut song.stems[BASS] {
        side[..enters].fill(0.0);
    }
    let whistle = |i: usize| {
        let t = i as f64 / f64::from(RATE);
        if i < enters { 0.1 * (TAU * 4000.0 * t + 3.0 * (TAU * 5.0 * t).sin()).sin() } else { 0.0 }
    };
    let other = [0, 1].map(|_| (0..song.frames()).map(whistle).collect());
    song.reference = mix(&[mix(&song.stems), other]);
    let diagnosis = song.rounded(24).diagnose();
    assert!(diagnosis.causes.iter().all(|cause| cause.code != "cut-start"), "{diagnosis:#?}");
}

#[test]
fn who_comes_in_where_another_take_ends_or_another_is_cut_was_not_cut() {
    let enters = frame(3.0);
    let comes_in = |signal: &mut Signal, at: usize| {
        for side in signal {
            side[..at].fill(0.0);
        }
    };
    // The mix has another take of the lead up to there.
    let mut song = song();
    comes_in(&mut song.stems[KEYS], enters);
    song.reference = mix(&song.stems);
    for (side, lead) in song.reference.iter_mut().zip(&song.stems[LEAD]) {
        for i in 0..enters {
            side[i] += lead[enters - i] - lead[i];
        }
    }
    let diagnosis = song.rounded(24).diagnose();
    assert!(diagnosis.causes.iter().all(|cause| cause.code != "cut-start"), "{diagnosis:#?}");
    // Keys that come in four milliseconds after the lead was cut.
    let mut song = Song::of(scenes::band(SECONDS));
    comes_in(&mut song.stems[KEYS], enters + 48);
    song.reference = mix(&song.stems);
    comes_in(&mut song.stems[LEAD], enters);
    assert_found(&song.rounded(24), &[("cut-start", Some(LEAD), Some((3.0, 0.4)))], -90.0);
}

#[test]
fn a_clipped_stem() {
    for (stem, db) in [(DRUMS, -9.0), (LEAD, -2.0), (KEYS, -6.0)] {
        let mut song = song();
        let peak = song.stems[stem].iter().flatten().fold(0.0, |p: f64, x| p.max(x.abs()));
        let ceiling = peak * amplitude_from_db(db);
        song.stems[stem] = map(&song.stems[stem], |x| x.clamp(-ceiling, ceiling));
        assert_found(&song.rounded(24), &[("clipping", Some(stem), None)], -90.0);
    }
}
