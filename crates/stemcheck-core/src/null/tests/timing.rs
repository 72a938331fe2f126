//! One channel later than the other, and clocks that ran at another speed.

use super::faults::{Expected, assert_found};
use super::{Signal, Song, delay_exactly, mix, scenes};

const SECONDS: f64 = 12.0;

/// The signal as a clock recorded it that ran slow by so many parts in a million (then it is longer),
/// from a copy that is oversampled by the Fourier transform, so that lines between are exact enough.
fn slowed(signal: &Signal, ppm: f64) -> Signal {
    const FINE: usize = 32;
    let length = (signal[0].len() + 4096).next_power_of_two();
    let mut coarse = crate::spectrum::Fourier::new(length);
    let mut fine = crate::spectrum::Fourier::new(FINE * length);
    let mut spectrum = Vec::new();
    signal.each_ref().map(|side| {
        coarse.forward(side.iter().copied(), &mut spectrum);
        let dense: Vec<f64> = fine.inverse(&mut spectrum).iter().map(|x| x * FINE as f64).collect();
        (0..side.len())
            .map(|i| {
                let place = i as f64 / (1.0 + 1e-6 * ppm) * FINE as f64;
                let (first, part) = (place as usize, place.fract());
                dense[first] + part * (dense[first + 1] - dense[first])
            })
            .collect()
    })
}

#[test]
fn channels_that_are_apart() {
    for (stem, frames) in [(2, 12.0), (0, -1.0), (3, 3.5), (4, 240.0), (1, 2.0)] {
        let mut song = Song::of(scenes::band(SECONDS));
        song.stems[stem][1] = delay_exactly(&song.stems[stem], frames)[1].clone();
        let song = song.rounded(24);
        let expected = [("channel-delay", Some(stem), Some((frames, 0.02)))];
        assert_found(&song, &expected, -75.0);
    }
    // The left side is late: the right one is early against it.
    let mut song = Song::of(scenes::band(SECONDS));
    song.stems[2][0] = delay_exactly(&song.stems[2], 30.0)[0].clone();
    assert_found(&song.rounded(24), &[("channel-delay", Some(2), Some((-30.0, 0.02)))], -75.0);
}

#[test]
fn stems_whose_clock_ran_at_another_speed() {
    for (stem, ppm) in [(0, 50.0), (1, -20.0), (2, 150.0), (3, 8.0), (4, -400.0)] {
        let mut song = Song::of(scenes::band(SECONDS));
        song.stems[stem] = slowed(&song.stems[stem], ppm);
        let expected = [("clock-drift", Some(stem), Some((ppm, 0.5)))];
        assert_found(&song.rounded(24), &expected, -60.0);
    }
}

#[test]
fn a_mix_whose_clock_ran_at_another_speed() {
    for (ppm, late) in [(30.0, 0.0), (-100.0, 0.0), (60.0, 40.0)] {
        let stems = scenes::band(SECONDS);
        let mut song = Song::of(stems.clone());
        song.reference = delay_exactly(&slowed(&mix(&stems), ppm), late);
        let mut expected: Vec<Expected> = vec![("clock-drift", None, Some((ppm, 0.5)))];
        if late > 0.0 {
            expected.push(("reference-offset", None, Some((late, 0.05))));
        }
        assert_found(&song.rounded(24), &expected, -60.0);
    }
}
