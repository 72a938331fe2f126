//! Grids that are there, and sounds that have none. The decoded files of real encoders are among the
//! songs of `tests`.

use super::*;
use crate::synth::dsp::{Noise, Phase};

/// So many excerpts of a sound, stored in 24 bits.
fn excerpts_of(count: usize, mut sound: impl FnMut(usize) -> f32) -> Vec<Block> {
    let codes = 8_388_608.0;
    let mut store = |i| (sound(i) * codes).round() / codes;
    (0..count)
        .map(|n| {
            let start = n * 3 * EXCERPT;
            let samples: Vec<f32> = (start..start + EXCERPT).map(&mut store).collect();
            Block::from_planar(start as u64, vec![samples.clone(), samples])
        })
        .collect()
}

/// Noise that grows darker towards the top, as music does.
fn dark_noise(seed: u64) -> impl FnMut(usize) -> f32 {
    let mut noise = Noise::new(seed);
    let mut low = 0.0;
    move |_| {
        low += 0.2 * (noise.sample() - low);
        0.3 * low
    }
}

/// A block as a coarse encoder leaves it: rounded in the cosine transform that starts at `offset`.
fn encoded(block: &Block, offset: usize, step: f32) -> Block {
    let samples = &block.channels[0];
    let window = aac::sine();
    let mut decoded = vec![0.0; samples.len()];
    let mut mdct = aac::Mdct::new(&[], window.clone());
    for start in (offset..samples.len().saturating_sub(2047)).step_by(1024) {
        let mut lines = mdct.transform(&samples[start..start + 2048]).to_vec();
        for x in &mut lines {
            *x = (*x / step).round() * step;
        }
        let unfolded = mdct.inverse(&lines);
        for (n, x) in unfolded.iter().enumerate() {
            decoded[start + n] += x * window[n];
        }
    }
    let codes = 8_388_608.0;
    let stored: Vec<f32> = decoded.iter().map(|x| (x * codes).round() / codes).collect();
    Block::from_planar(block.start, vec![stored.clone(), stored])
}

#[test]
fn a_rounded_transform_is_found_where_it_lies() {
    let clean = excerpts_of(2, dark_noise(3));
    for offset in [0, 77, 1023] {
        let blocks: Vec<Block> = clean.iter().map(|block| encoded(block, offset, 0.01)).collect();
        let origin = listen(&blocks, LEAST_STEP).unwrap();
        assert_eq!((origin.coder, origin.offset), (Coder::Aac, offset as u32));
        // Quieter or upside down: nothing changes.
        let mut quieter = blocks.clone();
        quieter.iter_mut().flat_map(|b| &mut b.channels).flatten().for_each(|x| *x *= -0.7);
        assert_eq!(listen(&quieter, LEAST_STEP).unwrap().offset, offset as u32);
    }
}

#[test]
fn sounds_that_never_were_encoded_have_no_grid() {
    let tone = |hz: f32| {
        let mut phase = Phase::default();
        move |_| {
            phase.advance(hz, 48_000.0);
            0.5 * phase.sine(0.0)
        }
    };
    // Tones, among them some that repeat with the frames of AAC (46.875 Hz) and MP3 (83.3 Hz).
    for hz in [46.875, 83.333_336, 440.0, 750.0, 1000.0, 3000.0, 9600.0] {
        assert_eq!(listen(&excerpts_of(4, tone(hz)), LEAST_STEP), None, "{hz} Hz");
    }
    let saw = |hz: f32| {
        let mut phase = Phase::default();
        move |_| {
            phase.advance(hz, 48_000.0);
            0.3 * phase.saw(hz, 48_000.0)
        }
    };
    for hz in [46.875, 55.0, 93.75, 166.666_67, 187.5, 250.0, 440.0] {
        assert_eq!(listen(&excerpts_of(4, saw(hz)), LEAST_STEP), None, "saw of {hz} Hz");
    }
    let click = |i: usize| if i.is_multiple_of(1024) { 0.9 } else { 0.0 };
    assert_eq!(listen(&excerpts_of(4, click), LEAST_STEP), None);
    let sample_and_hold = |i: usize| {
        let mut noise = Noise::new((i / 8) as u64);
        0.4 * noise.sample()
    };
    assert_eq!(listen(&excerpts_of(4, sample_and_hold), LEAST_STEP), None);
    for seed in 0..4 {
        assert_eq!(listen(&excerpts_of(4, dark_noise(seed)), LEAST_STEP), None);
    }
    assert_eq!(listen(&excerpts_of(4, |_| 0.0), LEAST_STEP), None);
    assert_eq!(listen(&[], LEAST_STEP), None);
    assert_eq!(listen(&[Block::silence(0, 2, 100)], LEAST_STEP), None);
}

#[test]
fn the_loudest_place_of_each_quarter_is_listened_to() {
    let mut momentary_lufs = vec![-120.0; 600];
    momentary_lufs[30] = -20.0;
    momentary_lufs[200] = -14.0;
    momentary_lufs[580] = -60.0;
    let frames = 60 * 48_000;
    let mut measured =
        Measurements { frames, sample_rate: 48_000, momentary_lufs, ..Measurements::default() };
    // The second quarter, then the first; the last one is too quiet.
    let grid = |frame: u64| frame / EXCERPT as u64 * EXCERPT as u64;
    assert_eq!(excerpts(&measured), [grid(201 * 4800), grid(31 * 4800)]);
    measured.sample_rate = 96_000;
    assert!(excerpts(&measured).is_empty());
}
