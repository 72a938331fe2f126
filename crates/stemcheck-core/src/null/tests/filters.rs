//! Equalisers on stems and on the bus.

use super::faults::{Expected, assert_causes, assert_found};
use super::{RATE, Signal, Song, delay, list, map, mix, scenes};

const SECONDS: f64 = 8.0;

/// A bell of so many dB (R. Bristow-Johnson's cookbook).
fn bell(signal: &Signal, hz: f64, db: f64, q: f64) -> Signal {
    let a = 10f64.powf(db / 40.0);
    let turn = std::f64::consts::TAU * hz / f64::from(RATE);
    let (cos, alpha) = (turn.cos(), turn.sin() / 2.0 / q);
    let scale = 1.0 + alpha / a;
    let (b0, b1, b2) = ((1.0 + alpha * a) / scale, -2.0 * cos / scale, (1.0 - alpha * a) / scale);
    let (a1, a2) = (-2.0 * cos / scale, (1.0 - alpha / a) / scale);
    signal.each_ref().map(|side| {
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        side.iter()
            .map(|&x| {
                let y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
                (x2, x1, y2, y1) = (x1, x, y1, y);
                y
            })
            .collect()
    })
}

#[test]
fn stems_with_an_equaliser() {
    for (stem, hz, db) in [(0, 400.0, 4.0), (1, 90.0, -3.0), (2, 700.0, 1.0), (3, 600.0, -6.0)] {
        let mut song = Song::of(scenes::band(SECONDS));
        song.stems[stem] = bell(&song.stems[stem], hz, db, 1.0);
        let song = song.rounded(24);
        let diagnosis = song.diagnose();
        let (first, found) = (&diagnosis.causes[0], list(&diagnosis));
        assert_eq!((first.code.as_str(), first.stem), ("stem-eq", Some(stem)), "{found:#?}");
        assert!((first.value.unwrap() - db).abs() < 0.3, "{found:#?}");
        assert!(diagnosis.causes.iter().skip(1).all(|cause| cause.share < 0.01), "{found:#?}");
        assert!(song.depth_after(&diagnosis.recipe) < -50.0, "{found:#?}");
    }
}

#[test]
fn a_mix_with_an_equaliser() {
    let song = Song::of(scenes::band(SECONDS));
    let equalised = bell(&bell(&song.reference, 2500.0, 3.0, 0.8), 150.0, -1.5, 1.2);
    for (gain, expected) in [
        (1.0, vec![("bus-eq", None, Some((3.0, 0.3)))]),
        (
            0.5,
            vec![("bus-eq", None, Some((3.0, 0.5))), ("reference-gain", None, Some((-6.02, 0.3)))],
        ),
    ] {
        let expected: Vec<Expected> = expected;
        let mut song = song.clone();
        song.reference = map(&equalised, |x| gain * x);
        let song = song.rounded(24);
        assert_found(&song, &expected, -60.0);
        let curve = song.diagnose().forensics.unwrap().eq;
        let at =
            |hz: f64| curve.iter().min_by(|a, b| (a.0 - hz).abs().total_cmp(&(b.0 - hz).abs()));
        let (low, high) = (at(150.0).unwrap().1, at(2500.0).unwrap().1);
        assert!((high - low - 4.5).abs() < 0.4, "{low} {high}");
    }
}

/// A short low-pass at a share of half the sample rate, as a poor converter has it.
fn converted(signal: &Signal, share: f64) -> Signal {
    const HALF: i32 = 40;
    let taps: Vec<f64> = (-HALF..=HALF)
        .map(|i| {
            let t = std::f64::consts::PI * share * f64::from(i);
            let window = (std::f64::consts::FRAC_PI_2 * f64::from(i) / f64::from(HALF + 1)).cos();
            share * if i == 0 { 1.0 } else { t.sin() / t } * window * window
        })
        .collect();
    signal.each_ref().map(|side| {
        (0..side.len() as i64)
            .map(|n| {
                let at = |i: usize| side.get((n + i64::from(HALF) - i as i64) as usize);
                taps.iter().enumerate().map(|(i, h)| h * at(i).copied().unwrap_or(0.0)).sum()
            })
            .collect()
    })
}

#[test]
fn a_mix_without_its_top_lacks_no_equaliser_of_the_brightest_stem() {
    let mut song = Song::of(scenes::band(SECONDS));
    song.stems.push(scenes::hats(SECONDS));
    song.reference = converted(&mix(&song.stems), 0.66);
    assert_causes(&song.rounded(24).diagnose(), &[("resampled-reference", None, None)]);
}

#[test]
fn an_equaliser_among_other_faults() {
    let mut song = Song::of(scenes::band(SECONDS));
    song.stems[2] = bell(&song.stems[2], 500.0, 4.0, 1.0);
    let mut late = scenes::band(SECONDS);
    late[0] = delay(&delay(&late[0], 60), -60);
    song.reference = mix(&late);
    song.stems[0] = delay(&song.stems[0], 60);
    let expected: [Expected; 2] =
        [("stem-eq", Some(2), Some((4.0, 0.4))), ("late-stem", Some(0), Some((60.0, 0.0)))];
    assert_causes(&song.rounded(24).diagnose(), &expected);
}
