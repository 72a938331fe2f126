//! What each reading says of a few samples that anyone can check by hand.

use super::super::{FileMeter, Run, Stream, Word};
use super::{measure, noise};
use crate::block::Block;

#[test]
fn levels_and_silence() {
    let mut samples = vec![0.0; 1000];
    samples[100] = 0.0005;
    samples[200] = -0.5;
    samples[700] = 0.25;
    samples[900] = -0.0005;
    let m = measure(48_000, Word::Int(24), &[samples]);
    assert_eq!((m.frames, m.sample_rate), (1000, 48_000));
    assert_eq!(m.peak, [0.5]);
    assert!(m.true_peak[0] >= 0.5 && m.true_peak[0] < 0.51);
    assert!((m.power[0] - 0.312_500_5e-3).abs() < 1e-9);
    assert!((m.dc[0] + 0.000_25).abs() < 1e-9);
    assert_eq!((m.first_sound, m.last_sound), (Some(200), Some(701)));
    assert_eq!((m.leading_zeros, m.trailing_zeros), (100, 99));
    assert_eq!((m.correlation, m.largest_difference, m.side_power), (None, None, None));
}

#[test]
fn silence_has_no_level() {
    for frames in [0, 1, 96_000] {
        let m = measure(48_000, Word::Int(16), &vec![vec![0.0; frames]; 2]);
        assert_eq!(m.peak_max() + m.true_peak_max() + m.power_mean() + m.least_step, 0.0);
        assert_eq!([m.integrated_lufs, m.range_lu, m.max_momentary_lufs, m.correlation], [None; 4]);
        assert_eq!((m.first_sound, m.last_sound, m.used_bits), (None, None, 0));
        assert_eq!((m.leading_zeros, m.trailing_zeros), (frames as u64, frames as u64));
        assert!(m.momentary_lufs.iter().all(|&l| l == -120.0));
    }
}

#[test]
fn stereo_readings() {
    let left: Vec<f32> = noise(1).take(96_000).map(|x| x * 0.5).collect();
    let flipped: Vec<f32> = left.iter().map(|x| -x).collect();
    let other: Vec<f32> = noise(2).take(96_000).map(|x| x * 0.5).collect();
    let read = |right: &[f32]| measure(48_000, Word::Float, &[left.clone(), right.to_vec()]);

    let dual = read(&left);
    assert_eq!((dual.largest_difference, dual.side_power), (Some(0.0), Some(0.0)));
    assert_eq!((dual.correlation, dual.antiphase_share), (Some(1.0), 0.0));
    let antiphase = read(&flipped);
    assert_eq!((antiphase.correlation, antiphase.antiphase_share), (Some(-1.0), 1.0));
    assert!((antiphase.side_power.unwrap() - antiphase.power[0]).abs() < 1e-12);
    let wide = read(&other);
    assert!(wide.correlation.unwrap().abs() < 0.02 && wide.antiphase_share == 0.0);
    let mut half = left.clone();
    half[48_000..].copy_from_slice(&flipped[48_000..]);
    assert_eq!(read(&half).antiphase_share, 0.4, "two of five windows");
    assert_eq!(read(&vec![0.0; 96_000]).correlation, None);
}

#[test]
fn mono_is_as_loud_as_on_two_loudspeakers() {
    let tone: Vec<f32> = (0..96_000).map(|n| (n as f32 * 0.13).sin() * 0.1).collect();
    let mono = measure(48_000, Word::Float, std::slice::from_ref(&tone));
    let dual = measure(48_000, Word::Float, &[tone.clone(), tone]);
    let [mono, dual] = [mono, dual].map(|m| m.integrated_lufs.unwrap());
    assert!((mono - dual).abs() < 1e-9);
}

#[test]
fn invalid_samples_poison_nothing() {
    let clean: Vec<f32> = noise(3).take(9600).map(|x| x * 0.5).collect();
    let (mut zeroed, mut broken) = (clean.clone(), clean);
    let bad = [(500, f32::NAN), (501, f32::INFINITY), (9000, f32::NEG_INFINITY)];
    for (i, value) in bad {
        (zeroed[i], broken[i]) = (0.0, value);
    }
    let expected = measure(48_000, Word::Float, &[zeroed]);
    let mut m = measure(48_000, Word::Float, &[broken]);
    let places = [(500, 2), (9000, 1)].map(|(start, frames)| Run { start, frames, channel: 0 });
    assert_eq!((m.invalid.count, m.invalid.samples, &m.invalid.places[..]), (2, 3, &places[..]));
    m.invalid = expected.invalid.clone();
    assert_eq!(m, expected);
}

#[test]
fn the_hugest_floats_have_finite_levels() {
    let huge: Vec<f32> = (0..2000).map(|n| if n % 3 == 0 { f32::MIN } else { f32::MAX }).collect();
    let flipped = huge.iter().map(|x| -x).collect();
    let m = measure(48_000, Word::Float, &[huge, flipped]);
    let levels = [m.peak_max(), m.true_peak_max(), m.power_mean(), m.side_power.unwrap()];
    assert!(levels.iter().all(|level| level.is_finite() && *level > 0.0), "{levels:?}");
    assert!(m.largest_difference.unwrap().is_finite() && m.max_momentary_lufs.unwrap().is_finite());
    assert_eq!(m.correlation, Some(-1.0));
}

#[test]
fn runs_of_all_channels_come_in_order_of_time() {
    let mut left = vec![0.0; 100];
    let mut right = left.clone();
    left[50..54].fill(1.5);
    right[20..23].fill(-1.0);
    let m = measure(48_000, Word::Float, &[left, right]);
    let [early, late] =
        [(20, 3, 1), (50, 4, 0)].map(|(start, frames, channel)| Run { start, frames, channel });
    assert_eq!(m.clipping.places, [early, late]);
    assert_eq!((m.over_full_scale.count, m.over_full_scale.places[0]), (1, late));
}

#[test]
fn a_32_bit_integer_is_read_exactly() {
    let exact = [1.0 - f64::powi(2.0, -31), 0.5 + f64::powi(2.0, -31), -0.25];
    let coarse = exact.map(|x| x as f32).to_vec();
    let fine = exact.map(|x| x - f64::from(x as f32)).to_vec();
    let block = Block { start: 0, channels: vec![coarse.clone()], fine: vec![fine] };
    let read = |block: &Block| {
        let stream = Stream { sample_rate: 48_000, channels: 1, word: Word::Int(32) };
        let mut meter = FileMeter::new(stream, 0);
        meter.push(block);
        meter.finish().measurements()
    };
    let m = read(&block);
    assert_eq!((m.peak[0], m.used_bits), (exact[0], 32));
    let rounded = read(&Block::from_planar(0, vec![coarse]));
    assert_ne!(m.fingerprint, rounded.fingerprint);
}

#[test]
fn the_same_sound_has_the_same_fingerprint_in_any_word() {
    let samples: Vec<f32> = noise(4).take(500).map(|x| (x * 32_767.0).round() / 32_768.0).collect();
    let read = |word, samples: &[f32]| measure(48_000, word, &[samples.to_vec()]);
    let sixteen = read(Word::Int(16), &samples);
    assert_eq!(sixteen.fingerprint, read(Word::Float, &samples).fingerprint);
    assert_eq!(read(Word::Int(24), &samples).used_bits, 16);
    let late = [&[0.0], &samples[..]].concat();
    assert_ne!(sixteen.fingerprint, read(Word::Int(16), &late).fingerprint);
}

#[test]
fn columns_hold_the_extremes_of_all_channels() {
    let mut left = vec![0.0; 1100];
    left[511] = 0.5;
    left[512] = 0.25;
    let mut right = vec![0.0; 1100];
    right[1099] = -0.75;
    let stream = Stream { sample_rate: 48_000, channels: 2, word: Word::Float };
    let part = super::merged(stream, &[left, right], &[512], &[100]);
    let waveform = part.waveform();
    assert_eq!(waveform.first, 0);
    assert_eq!(waveform.min, [0.0, 0.0, -0.75]);
    assert_eq!(waveform.max, [0.5, 0.25, 0.0]);
    let power = 0.75f32.powi(2) / (2.0 * 76.0);
    assert!((waveform.power[2] - power).abs() < 1e-6);
}
