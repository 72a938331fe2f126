//! Gains that change.

use super::faults::{Expected, assert_causes};
use super::{RATE, Signal, Song, delay, list, map, mix, scenes};
use crate::units::{amplitude_from_db, db_from_amplitude};

const SECONDS: f64 = 10.0;

fn song() -> Song {
    Song::of(scenes::band(SECONDS))
}

fn gained(signal: &Signal, gains: &[f64]) -> Signal {
    signal.each_ref().map(|side| side.iter().zip(gains).map(|(x, g)| x * g).collect())
}

fn level(signal: &Signal, i: usize) -> f64 {
    signal[0][i].abs().max(signal[1][i].abs())
}

/// A feed-forward compressor with a hard knee: threshold in dBFS, ratio, times in seconds.
fn compressor(key: &Signal, threshold: f64, ratio: f64, attack: f64, release: f64) -> Vec<f64> {
    let coefficient = |seconds: f64| (-1.0 / (seconds * f64::from(RATE))).exp();
    let (attack, release) = (coefficient(attack), coefficient(release));
    let (mut held, mut reduction) = (0.0_f64, 0.0_f64);
    (0..key[0].len())
        .map(|i| {
            let over = (db_from_amplitude(level(key, i).max(1e-6)) - threshold).max(0.0);
            let wanted = over * (1.0 - 1.0 / ratio);
            held = wanted.max(release * held + (1.0 - release) * wanted);
            reduction = attack * reduction + (1.0 - attack) * held;
            amplitude_from_db(-reduction)
        })
        .collect()
}

/// A limiter that looks ahead by `ahead` frames.
fn limiter(key: &Signal, ceiling: f64, ahead: usize) -> Vec<f64> {
    let frames = key[0].len();
    let needed: Vec<f64> =
        (0..frames).map(|i| (ceiling / level(key, i).max(1e-9)).min(1.0)).collect();
    let mut gain = 1.0_f64;
    let release = 1.0 - (-1.0 / (0.08 * f64::from(RATE))).exp();
    let held: Vec<f64> = (0..frames)
        .map(|i| {
            let least = needed[i..(i + ahead).min(frames)].iter().copied().fold(1.0, f64::min);
            gain = least.min(gain + release * (1.0 - gain));
            gain
        })
        .collect();
    (0..frames)
        .map(|i| {
            let from = (i + 1).saturating_sub(ahead);
            held[from..=i].iter().sum::<f64>() / (i + 1 - from) as f64
        })
        .collect()
}

fn mean_db(sound: &Signal, gains: &[f64]) -> f64 {
    let power = |i: usize| sound.iter().map(|side| side[i] * side[i]).sum::<f64>();
    let reduced = |(i, gain): (usize, &f64)| -db_from_amplitude(*gain) * power(i);
    let whole: f64 = (0..gains.len()).map(power).sum();
    gains.iter().enumerate().map(reduced).sum::<f64>() / whole
}

#[track_caller]
fn assert_named(song: &Song, expected: &[Expected], depth_db: f64) {
    let diagnosis = song.diagnose();
    assert_causes(&diagnosis, expected);
    let depth = song.depth_after(&diagnosis.recipe);
    assert!(depth < depth_db, "{depth} dB after {:#?}", list(&diagnosis));
}

#[test]
fn a_compressor_on_the_bus() {
    let mut song = song();
    let gains = compressor(&song.reference, -18.0, 2.5, 0.01, 0.15);
    let expected = [("bus-compressor", None, Some((mean_db(&song.reference, &gains), 0.7)))];
    song.reference = gained(&song.reference, &gains);
    assert_named(&song.rounded(24), &expected, -40.0);
}

#[test]
fn a_limiter_on_the_bus_even_if_it_is_late() {
    for late in [0, 60] {
        let mut song = song();
        let gains = limiter(&song.reference, 0.25, 60);
        let value = Some((mean_db(&song.reference, &gains), 0.7));
        song.reference = delay(&gained(&song.reference, &gains), late);
        let mut expected = vec![("bus-limiter", None, value)];
        if late > 0 {
            expected.push(("reference-offset", None, Some((late as f64, 0.05))));
        }
        assert_named(&song.rounded(24), &expected, -35.0);
    }
}

#[test]
fn a_limiter_that_only_few_peaks_reach() {
    let mut song = song();
    let loudest =
        (0..song.reference[0].len()).map(|i| level(&song.reference, i)).fold(0.0, f64::max);
    let gains = limiter(&song.reference, 0.9 * loudest, 60);
    song.reference = gained(&song.reference, &gains);
    assert_causes(&song.rounded(24).diagnose(), &[("bus-limiter", None, None)]);
}

#[test]
fn a_mix_made_much_louder_is_mastered() {
    let mut song = song();
    song.reference = map(&song.reference, |x| (4.0 * x).tanh());
    assert_causes(&song.rounded(24).diagnose(), &[("mastered-reference", None, None)]);
}

#[test]
fn saturation_and_clipping_on_the_bus() {
    let mut soft = song();
    soft.reference = map(&soft.reference, |x| (1.5 * x).tanh() / 1.5);
    assert_named(&soft.rounded(24), &[("bus-saturation", None, None)], -55.0);
    let mut hard = song();
    hard.reference = map(&hard.reference, |x| x.clamp(-0.4, 0.4));
    assert_named(&hard.rounded(24), &[("bus-saturation", None, None)], -90.0);
}

#[test]
fn a_mix_that_fades_out() {
    let mut song = song();
    let frames = song.frames();
    let fade = 3 * RATE as usize;
    let gains: Vec<f64> =
        (0..frames).map(|i| ((frames - i) as f64 / fade as f64).min(1.0).powi(2)).collect();
    song.reference = gained(&song.reference, &gains);
    let diagnosis = song.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("fade-on-reference", None, Some((3.0, 0.4)))]);
}

#[test]
fn a_stem_without_its_automation() {
    let mut song = song();
    let from = 4 * RATE as usize;
    let ride = |i: usize| {
        let to = from + 3 * RATE as usize;
        if (from..to).contains(&i) { amplitude_from_db(-4.0) } else { 1.0 }
    };
    let gains: Vec<f64> = (0..song.frames()).map(ride).collect();
    let mut parts = song.stems.clone();
    parts[2] = gained(&parts[2], &gains);
    song.reference = mix(&parts);
    let diagnosis = song.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("missing-automation", Some(2), Some((4.0, 0.1)))]);
    let cause = &diagnosis.causes[0];
    assert!((cause.start_s - 4.0).abs() < 0.4 && (cause.end_s - 7.0).abs() < 0.4, "{cause:?}");
}

#[test]
fn a_stem_with_a_compressor_or_without_its_side_chain() {
    let mut squeezed = song();
    let gains = compressor(&squeezed.stems[3], -30.0, 4.0, 0.005, 0.1);
    squeezed.stems[3] = gained(&squeezed.stems[3], &gains);
    assert_named(&squeezed.rounded(24), &[("stem-dynamics", Some(3), None)], -35.0);
    let mut ducked = song();
    let gains = compressor(&ducked.stems[0], -24.0, 6.0, 0.003, 0.12);
    let mut parts = ducked.stems.clone();
    parts[1] = gained(&parts[1], &gains);
    ducked.reference = mix(&parts);
    let diagnosis = ducked.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("lost-sidechain", Some(1), None)]);
    assert_eq!(diagnosis.causes[0].other, Some(0));
}

#[test]
fn the_curve_of_a_compressor() {
    let mut song = song();
    let gains = compressor(&song.reference, -18.0, 4.0, 0.002, 0.05);
    song.reference = gained(&song.reference, &gains);
    let forensics = song.rounded(24).diagnose().forensics.expect("curves");
    let at = |db: f64| {
        let near = |a: &&(f64, f64), b: &&(f64, f64)| (a.0 - db).abs().total_cmp(&(b.0 - db).abs());
        forensics.gain_over_level.iter().min_by(near).expect("points").1
    };
    assert!(at(-9.0) < at(-30.0) - 2.0, "{:?}", forensics.gain_over_level);
    assert!(forensics.gain_over_time.len() > 50 && forensics.eq.is_empty());
}

fn peak(signal: &Signal) -> f64 {
    signal.iter().flatten().fold(0.0, |peak, x| x.abs().max(peak))
}

/// Limits to a share of the peak; yields what that takes off on average in dB.
fn limit(signal: &mut Signal, share: f64) -> f64 {
    let gains = limiter(signal, share * peak(signal), 24);
    let reduced_db = mean_db(signal, &gains);
    *signal = gained(signal, &gains);
    reduced_db
}

#[test]
fn limiters_on_two_stems() {
    let mut song = song();
    let much = limit(&mut song.stems[1], 0.2);
    let less = limit(&mut song.stems[2], 0.5);
    let expected = [
        ("stem-dynamics", Some(1), Some((much, 0.5))),
        ("stem-dynamics", Some(2), Some((less, 0.5))),
    ];
    assert_causes(&song.rounded(24).diagnose(), &expected);
}

/// So fast that a stroke is over before the gains of all stems are told apart over tens of milliseconds.
#[test]
fn a_fast_compressor_on_every_stem_as_on_the_mix() {
    let stems = scenes::band(SECONDS);
    let whole = mix(&stems);
    let squeezed = |signal: &Signal| gained(signal, &compressor(signal, -20.0, 3.0, 0.01, 0.1));
    let mut song = Song::of(stems.iter().map(squeezed).collect());
    song.reference = squeezed(&whole);
    let diagnosis = song.rounded(24).diagnose();
    let first = diagnosis.causes.first().map(|cause| cause.code.as_str());
    assert_eq!(first, Some("bus-printed-per-stem"), "{:#?}", list(&diagnosis));
}

#[test]
fn what_following_a_hard_limiter_leaves_is_no_other_mistake() {
    // (stem, ceiling against its peak, frames of look-ahead)
    for (stem, ceiling, ahead) in [(0, 0.05, 1), (0, 0.2, 8), (1, 0.05, 8), (4, 0.05, 1)] {
        let mut song = song();
        let frames = 0..song.stems[stem][0].len();
        let peak = frames.map(|i| level(&song.stems[stem], i)).fold(0.0, f64::max);
        let gains = limiter(&song.stems[stem], ceiling * peak, ahead);
        song.stems[stem] = gained(&song.stems[stem], &gains);
        let diagnosis = song.rounded(24).diagnose();
        let (first, rest) = diagnosis.causes.split_first().unwrap();
        let named = (first.code.as_str(), first.stem);
        assert_eq!(named, ("stem-dynamics", Some(stem)), "{:#?}", list(&diagnosis));
        assert!(rest.iter().all(|cause| cause.code == "unexplained"), "{:#?}", list(&diagnosis));
    }
}
