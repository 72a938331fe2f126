//! Files that were made for another sample rate than their headers tell.

use super::faults::assert_causes;
use super::{Signal, Song, mix, scenes};

/// The songs' numbers are taken as 48 kHz here: real rates are what the diagnosis knows.
const RATE: f64 = 48_000.0;

fn song() -> Song {
    Song { rate: RATE as u32, ..Song::of(scenes::band(24.0)) }
}

/// The same sound at another rate, `ratio` times as many frames.
fn resampled(signal: &Signal, ratio: f64) -> Signal {
    const REACH: i64 = 64;
    let frames = (signal[0].len() as f64 * ratio).round() as i64;
    signal.each_ref().map(|side| {
        (0..frames)
            .map(|i| {
                let at = i as f64 / ratio;
                (at.floor() as i64 - REACH..at.floor() as i64 + REACH)
                    .filter_map(|m| {
                        let x = side.get(usize::try_from(m).ok()?)?;
                        let (d, pi) = (at - m as f64, std::f64::consts::PI);
                        let sinc = if d == 0.0 { 1.0 } else { (pi * d).sin() / (pi * d) };
                        Some(x * sinc * (0.5 + 0.5 * (pi * d / (REACH + 1) as f64).cos()))
                    })
                    .sum()
            })
            .collect()
    })
}

#[test]
fn of_a_stem() {
    for (stem, real) in [(1, 44_100.0), (2, 96_000.0), (0, 44_100.0)] {
        let mut song = song();
        song.stems[stem] = resampled(&song.stems[stem], real / RATE);
        let diagnosis = song.diagnose();
        assert_causes(&diagnosis, &[("wrong-rate-header", Some(stem), Some((real, 0.0)))]);
        assert!(song.depth_after(&diagnosis.recipe) < -60.0);
    }
}

#[test]
fn of_two_stems_beside_another_mistake() {
    let mut song = song();
    for stem in [1, 3] {
        song.stems[stem] = resampled(&song.stems[stem], 44_100.0 / RATE);
    }
    song.stems[2] = super::delay(&song.stems[2], 100);
    let expected = [
        ("wrong-rate-header", Some(1), Some((44_100.0, 0.0))),
        ("wrong-rate-header", Some(3), Some((44_100.0, 0.0))),
        ("late-stem", Some(2), Some((100.0, 0.05))),
    ];
    assert_causes(&song.diagnose(), &expected);
}

#[test]
fn of_the_reference() {
    for real in [44_100.0, 96_000.0] {
        let mut song = song();
        song.reference = resampled(&song.reference, real / RATE);
        let diagnosis = song.diagnose();
        assert_causes(&diagnosis, &[("wrong-rate-header", None, Some((real, 0.0)))]);
        assert!(diagnosis.causes[0].on_reference);
        assert!(song.depth_after(&diagnosis.recipe) < -60.0);
    }
}

#[test]
fn a_stem_that_ends_earlier_is_at_its_speed() {
    let mut song = song();
    let frames = (song.frames() as f64 * 44.1 / 48.0) as usize;
    song.stems[1].iter_mut().for_each(|side| side.truncate(frames));
    song.reference = super::mix(&song.stems);
    assert!(song.diagnose().causes.iter().all(|cause| cause.code == "rounding"));
}

#[test]
fn of_a_stem_whose_length_tells_nothing() {
    let mut song = song();
    // It plays in the first part of the song alone, and no other file is as long.
    let end = (15.3 * RATE / 3.0) as usize;
    song.stems[3].iter_mut().for_each(|side| side.truncate(end));
    song.reference = mix(&song.stems);
    song.stems[3] = resampled(&song.stems[3], 44_100.0 / RATE);
    let diagnosis = song.diagnose();
    assert_causes(&diagnosis, &[("wrong-rate-header", Some(3), Some((44_100.0, 0.0)))]);
    assert!(song.depth_after(&diagnosis.recipe) < -60.0);
}
