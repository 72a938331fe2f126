//! Which file the residual follows, and when.

use super::super::{Blame, Moment};
use super::{RATE, Signal, Song, delay, map, mix, scenes};
use crate::units::db_from_power;

const SECONDS: f64 = 12.0;
const BASS: usize = 1;

fn song() -> Song {
    Song::of(scenes::band(SECONDS)).rounded(24)
}

fn blame(song: &Song) -> Blame {
    song.part(0..song.frames()).blame(&song.setup(), &[]).expect("a residual above the floor")
}

fn moments(song: &Song) -> Vec<Moment> {
    blame(song).moments(&song.part(0..song.frames()).figures())
}

/// Share of each file over the whole song.
fn shares(blame: &Blame) -> Vec<f64> {
    let sums: Vec<f64> = (0..blame.power.len())
        .map(|file| (0..blame.steps()).map(|step| blame.at(file, step)).sum())
        .collect();
    let total: f64 = sums.iter().sum();
    sums.into_iter().map(|sum| sum / total).collect()
}

#[track_caller]
fn assert_follows(song: &Song, file: usize, least: f64) {
    let shares = shares(&blame(song));
    assert!(shares[file] > least, "{shares:.3?}");
}

/// The signal with another in its place from 3 s to 5 s.
fn from_3_to_5(signal: &Signal, other: &Signal) -> Signal {
    let range = 3 * RATE as usize..5 * RATE as usize;
    let mut out = signal.clone();
    for (out, other) in out.iter_mut().zip(other) {
        out[range.clone()].copy_from_slice(&other[range.clone()]);
    }
    out
}

#[test]
fn a_stem_wrong_for_two_seconds_shows_there_and_only_there() {
    let mut song = song();
    let late = delay(&song.stems[BASS], 40);
    let reversed = map(&song.stems[BASS], |x| -x);
    for wrong in [late, reversed] {
        let right = song.stems[BASS].clone();
        song.stems[BASS] = from_3_to_5(&right, &wrong);
        let found = blame(&song);
        for step in 0..found.steps() {
            let at = |file| found.at(file, step);
            let total: f64 = (0..found.power.len()).map(at).sum();
            if (3..5).contains(&step) {
                assert!(at(BASS) > 0.9 * total, "{step}: {} of {total}", at(BASS));
                assert!(db_from_power(total) > -40.0);
            } else {
                assert_eq!(total, 0.0, "{step}");
            }
        }
        let moments = moments(&song);
        let found: Vec<_> = moments.iter().map(|m| (m.start_s, m.end_s, m.file)).collect();
        assert_eq!(found, [(3.0, 5.0, Some(BASS))]);
        song.stems[BASS] = right;
    }
}

#[test]
fn steps_and_files_add_up_to_the_residual() {
    let mut song = song();
    song.stems[0] = delay(&song.stems[0], 7);
    song.stems[2] = map(&song.stems[2], |x| 0.5 * x);
    let (found, figures) = (blame(&song), song.part(0..song.frames()).figures());
    for (step, (residual, _)) in figures.seconds.iter().enumerate() {
        let total: f64 = (0..found.power.len()).map(|file| found.at(file, step)).sum();
        let expected = residual / f64::from(2 * RATE);
        assert!((total - expected).abs() <= 1e-5 * expected, "{step}: {total}, not {expected}");
    }
}

#[test]
fn two_wrong_stems_share_the_blame() {
    let mut song = song();
    song.stems[BASS] = delay(&song.stems[BASS], 12);
    song.stems[3] = map(&song.stems[3], |x| -x);
    let found = blame(&song);
    let shares = shares(&found);
    assert!(shares[BASS] + shares[3] > 0.9, "{shares:.3?}");
}

#[test]
fn what_no_stem_holds_and_what_the_whole_mix_went_through_is_the_references() {
    let whole = song();
    let reference = whole.stems.len();
    let mut louder = whole.clone();
    louder.reference = map(&louder.reference, |x| 0.8 * x);
    // Where one stem plays alone, it may as well be that stem.
    assert_follows(&louder, reference, 0.85);
    let mut without = whole.clone();
    without.stems.remove(2);
    without.words.remove(2);
    assert_follows(&without, reference - 1, 0.5);
    let mut extra = whole;
    extra.reference = mix(&extra.stems[1..]);
    assert_follows(&extra, 0, 0.9);
}

#[test]
fn another_take_is_blamed_on_its_stem() {
    let mut song = song();
    // As a modulated effect: the same notes at the same time, but not the same wave.
    for (side, samples) in song.stems[BASS].iter_mut().enumerate() {
        for (i, x) in samples.iter_mut().enumerate() {
            *x *= (i as f64 / f64::from(RATE) * 70.0 + side as f64).cos();
        }
    }
    assert_follows(&song, BASS, 0.5);
}

#[test]
fn where_the_causes_explain_all_nobody_else_is_suspected() {
    let mut song = song();
    // Longer than a column: what two windows hold of a note differs.
    song.stems[BASS] = delay(&song.stems[BASS], 900);
    song.stems[3] = map(&song.stems[3], |x| -x);
    let found = song.diagnose();
    let shares = shares(found.blame.as_ref().expect("a residual above the floor"));
    let others: f64 =
        (0..shares.len()).filter(|file| ![BASS, 3].contains(file)).map(|k| shares[k]).sum();
    assert!(others < 1e-6, "{shares:.3?}");
}

#[test]
fn rounding_is_nobodys() {
    let song = song();
    assert_eq!(song.part(0..song.frames()).blame(&song.setup(), &[]), None);
    assert_eq!(song.diagnose().blame, None);
    let empty = Song::of(vec![[Vec::new(), Vec::new()]]);
    assert_eq!(empty.part(0..0).blame(&empty.setup(), &[]), None);
}

#[test]
fn a_long_song_takes_longer_steps() {
    let mut song = Song::of(vec![[vec![0.1; 500 * 100], vec![0.1; 500 * 100]]]);
    song.rate = 100;
    song.reference = map(&song.reference, |x| 2.0 * x);
    let found = blame(&song);
    assert_eq!((found.step_s, found.steps()), (3.0, 167));
    let bands = found.spectrogram.bands_hz.len();
    assert!(found.spectrogram.power.len() <= 600 * bands);
}

#[test]
fn the_spectrogram_shows_a_tone_where_it_is() {
    let tone = |i: usize| 0.5 * (std::f64::consts::TAU * 504.0 * i as f64 / f64::from(RATE)).sin();
    let silence = vec![0.0; 4 * RATE as usize];
    let sound: Vec<f64> = (0..silence.len()).map(tone).collect();
    let mut song = Song::of(vec![[silence.clone(), silence.clone()], [sound.clone(), sound]]);
    song.reference = [vec![0.0; silence.len()], vec![0.0; silence.len()]];
    song.reference[0][0] = 1e-3;
    let seen = blame(&song).spectrogram;
    let bands = seen.bands_hz.len();
    let column = &seen.power[10 * bands..11 * bands];
    let loudest = (0..bands).max_by(|&a, &b| column[a].total_cmp(&column[b])).expect("bands");
    assert!((seen.bands_hz[loudest] - 504.0).abs() < 30.0);
    let level = db_from_power(f64::from(column[loudest]));
    assert!((level + 6.0).abs() < 2.0, "{level}");
}

#[test]
fn moments_lie_apart_and_the_loudest_comes_first() {
    let mut song = song();
    let level = |second: usize| [0.0, 0.3, 0.0, 0.0, 0.6, 0.5, 0.0, 0.0, 0.0, 0.1][second % 10];
    for side in &mut song.stems[BASS] {
        for (i, x) in side.iter_mut().enumerate() {
            *x *= 1.0 + level(i / RATE as usize);
        }
    }
    let found = moments(&song);
    assert!(found.len() >= 3, "{found:?}");
    let loudness = |m: &Moment| m.residual / (m.end_s - m.start_s);
    assert!(found.is_sorted_by(|a, b| loudness(a) >= loudness(b)), "{found:?}");
    for (at, a) in found.iter().enumerate() {
        assert!(found[at + 1..].iter().all(|b| a.end_s < b.start_s || b.end_s < a.start_s));
        assert_eq!(a.file, Some(BASS));
    }
}
