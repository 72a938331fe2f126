//! Faults beside each other, and what only the top of the spectrum shows.

use super::faults::assert_causes;
use super::{Numbers, Signal, Song, Word, list, map, mix, scenes};
use crate::units::amplitude_from_db;

#[test]
fn a_reference_upside_down_is_told_beside_a_fault_of_a_stem() {
    for db in [0.0, -1.2] {
        let mut song = Song::of(scenes::band(8.0));
        song.reference = map(&song.reference, |x| -amplitude_from_db(db) * x);
        song.stems[2] = map(&song.stems[2], |x| amplitude_from_db(3.0) * x);
        let mut expected =
            vec![("inverted-polarity", None, None), ("wrong-gain", Some(2), Some((3.0, 0.1)))];
        if db != 0.0 {
            expected.push(("reference-gain", None, Some((db, 0.1))));
        }
        assert_causes(&song.rounded(24).diagnose(), &expected);
    }
}

#[test]
fn a_small_gain_is_told_beside_a_large_missing_part() {
    let mut song = Song::of(scenes::band(8.0));
    song.stems.remove(3);
    song.words.pop();
    song.stems[1] = map(&song.stems[1], |x| amplitude_from_db(1.0) * x);
    let diagnosis = song.rounded(24).diagnose();
    let found = list(&diagnosis);
    let gain = diagnosis.causes.iter().find(|c| c.code == "wrong-gain" && c.stem == Some(1));
    let gain = gain.unwrap_or_else(|| panic!("{found:#?}"));
    assert!((gain.value.unwrap_or(f64::NAN) - 1.0).abs() < 0.1, "{found:#?}");
    assert!(diagnosis.causes.iter().any(|c| c.code == "missing-part"), "{found:#?}");
}

#[test]
fn what_is_there_twice_is_told_beside_another_fault() {
    // The group of two that are there as well, and two parts that the mix lacks: none of them stands
    // out, and any share of the group and the two is as good as any other.
    let mut song = Song::of(scenes::band(8.0));
    let group = mix(&song.stems[1..3]);
    song.reference = mix(&song.stems[1..4]);
    song.stems.push(group);
    song.words.push(Word::Float);
    let expected = [
        ("doubled-part", Some(5), None),
        ("not-in-reference", Some(0), None),
        ("not-in-reference", Some(4), None),
    ];
    assert_causes(&song.clone().rounded(24).diagnose(), &expected);
    // The mix is louder as well, so that every stem seems off.
    let louder = amplitude_from_db(0.4);
    song.reference = map(&song.reference, |x| louder * x);
    let gain = ("reference-gain", None, Some((0.4, 0.05)));
    assert_causes(&song.rounded(24).diagnose(), &[expected[0], expected[1], expected[2], gain]);
}

/// What a converter of poor quality leaves: a top that fades out softly.
fn converted(signal: &Signal) -> Signal {
    low_passed(signal, 0.8, 10)
}

/// Cut at a share of half the sample rate, by a sinc of so many frames to either side.
fn low_passed(signal: &Signal, cut: f64, reach: i64) -> Signal {
    let kernel = |n: i64| {
        let (x, pi) = (cut * n as f64, std::f64::consts::PI);
        let sinc = if n == 0 { 1.0 } else { (pi * x).sin() / (pi * x) };
        cut * sinc * (0.5 + 0.5 * (pi * n as f64 / (reach + 1) as f64).cos())
    };
    signal.each_ref().map(|side| {
        (0..side.len() as i64)
            .map(|i| {
                let near = (-reach..=reach)
                    .filter_map(|n| side.get(usize::try_from(i - n).ok()?).map(|x| x * kernel(n)));
                near.sum()
            })
            .collect()
    })
}

/// A converter is named whether the first stem went through it, or the mix.
#[track_caller]
fn assert_told(song: &Song, convert: impl Fn(&Signal) -> Signal) {
    let whole = mix(&song.stems);
    let mut stem = Song { reference: whole.clone(), ..song.clone() };
    stem.stems[0] = convert(&stem.stems[0]);
    assert_causes(&stem.rounded(24).diagnose(), &[("resampled-stem", Some(0), None)]);
    let mixed = Song { reference: convert(&whole), ..song.clone() };
    assert_causes(&mixed.rounded(24).diagnose(), &[("resampled-reference", None, None)]);
}

#[test]
fn converters_are_told_by_the_top_that_they_leave_out() {
    let mut song = Song { rate: 48_000, ..Song::of(scenes::band(16.0)) };
    let mut numbers = Numbers::new(5);
    for x in song.stems[0].iter_mut().flatten() {
        *x += 0.2 * *x * numbers.next();
    }
    assert_told(&song, converted);
}

#[test]
fn a_coder_is_told_from_a_converter_by_its_noise() {
    let mut song = Song { rate: 48_000, ..Song::of(scenes::band(16.0)) };
    let mut numbers = Numbers::new(5);
    for x in song.stems[0].iter_mut().flatten() {
        *x += 0.2 * *x * numbers.next();
    }
    song.reference = mix(&song.stems);
    for x in song.stems[0].iter_mut().flatten() {
        *x += 0.05 * *x * numbers.next();
    }
    song.stems[0] = low_passed(&song.stems[0], 0.7, 60);
    assert_causes(&song.rounded(24).diagnose(), &[("lossy-stem", Some(0), None)]);
}

#[test]
fn a_top_that_is_one_stem_alone_passes_neither_for_its_gain_nor_for_noise() {
    // Hats: nothing but treble, and nearly all of it.
    let mut song = Song { rate: 48_000, ..Song::of(scenes::band(16.0)) };
    let mut numbers = Numbers::new(5);
    let hits = |i: usize| 0.3 * (-((i % 12_000) as f64) / 1500.0).exp();
    for side in &mut song.stems[0] {
        let noise: Vec<f64> = side.iter().map(|_| numbers.next()).collect();
        for (i, x) in side.iter_mut().enumerate().skip(4) {
            let n = &noise[i - 4..=i];
            *x = hits(i) * (n[4] - 4.0 * n[3] + 6.0 * n[2] - 4.0 * n[1] + n[0]) / 16.0;
        }
    }
    assert_told(&song, |signal| low_passed(signal, 0.7, 9));
}

#[test]
fn dark_music_through_a_poor_converter_has_no_equaliser() {
    // Most of what such a converter takes lies low: there is next to nothing at its edge.
    let mut song = Song { rate: 48_000, ..Song::of(scenes::band(16.0)) };
    let mut numbers = Numbers::new(5);
    for side in &mut song.stems[0] {
        let mut dark = [0.0; 3];
        for (i, x) in side.iter_mut().enumerate() {
            let mut next = 4.0 * numbers.next();
            for dark in &mut dark {
                *dark += 0.4 * (next - *dark);
                next = *dark;
            }
            *x = next * (-((i % 12_000) as f64) / 3000.0).exp();
        }
    }
    song.stems.remove(4);
    song.words.pop();
    assert_told(&song, |signal| low_passed(&low_passed(signal, 0.6, 4), 0.6, 4));
}
