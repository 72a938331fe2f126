//! For any cuts and any blocks, merged = whole.

use proptest::prelude::*;

use super::super::{FilePart, Stream, Word};
use super::{merged, noise};

/// A stretch of one character.
#[derive(Debug, Clone)]
struct Scene {
    kind: u8,
    frames: usize,
    seed: u32,
}

impl Scene {
    fn samples(&self, channel: u32) -> Vec<f32> {
        let seed = self.seed.wrapping_add(channel * 77);
        let noise = noise(seed).take(self.frames);
        match self.kind {
            0 => vec![0.0; self.frames],
            1 => noise.map(|x| x * 0.3).collect(),
            2 => noise.map(|x| (x * 4.0).clamp(-1.0, 1.0)).collect(),
            3 => noise.map(|x| x * 1e-5).collect(),
            4 => noise.map(|x| if x > 0.9 { f32::NAN } else { x * 1.5 }).collect(),
            // Out of phase and steady.
            5 => vec![if channel == 0 { 0.4 } else { -0.4 }; self.frames],
            // Dither, a clipped tone turned down, and a tone with holes and clicks.
            6 => noise
                .zip(super::noise(!seed))
                .map(|(a, b)| ((a - b) / 2.0).round() * 3e-5)
                .collect(),
            7 => (0..self.frames).map(|n| (n as f32 * 0.05).sin().clamp(-0.7, 0.7) * 0.5).collect(),
            8 => (0..self.frames)
                .map(|n| match n {
                    300..400 => 0.0,
                    900 => 0.9,
                    _ => (n as f32 * 0.05).sin() * 0.2,
                })
                .collect(),
            _ => noise.map(|x| (x * 128.0).round() / 128.0).collect(),
        }
    }
}

fn scenes() -> impl Strategy<Value = Vec<Scene>> {
    let scene = (0..10u8, 1..1500usize, any::<u32>());
    proptest::collection::vec(
        scene.prop_map(|(kind, frames, seed)| Scene { kind, frames, seed }),
        1..7,
    )
}

fn streams() -> impl Strategy<Value = Stream> {
    let word = prop_oneof![Just(Word::Int(16)), Just(Word::Int(24)), Just(Word::Float)];
    (prop_oneof![Just(8000), Just(11_025)], 1..4u16, word)
        .prop_map(|(sample_rate, channels, word)| Stream { sample_rate, channels, word })
}

fn song(stream: Stream, scenes: &[Scene]) -> Vec<Vec<f32>> {
    let store = |x: f32| match stream.word {
        Word::Float => x,
        Word::Int(bits) => {
            let codes = f32::powi(2.0, i32::from(bits) - 1);
            (x * codes).round().clamp(-codes, codes - 1.0) / codes
        }
    };
    (0..u32::from(stream.channels))
        .map(|c| scenes.iter().flat_map(|scene| scene.samples(c)).map(store).collect())
        .collect()
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(scale)
}

fn all_near(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| near(a, b, 1e-9))
}

fn both_near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b, 1.0),
        (a, b) => a == b,
    }
}

/// What must be the same to the bit, and what may differ by the rounding of sums.
fn assert_same(cut: &FilePart, whole: &FilePart) {
    let (mut a, mut b) = (cut.measurements(), whole.measurements());
    for pair in [(&a.power, &b.power), (&a.dc, &b.dc), (&a.head_powers, &b.head_powers)] {
        assert!(all_near(pair.0, pair.1), "{pair:?}");
    }
    for pair in [
        (a.integrated_lufs, b.integrated_lufs),
        (a.range_lu, b.range_lu),
        (a.max_momentary_lufs, b.max_momentary_lufs),
        (a.max_short_term_lufs, b.max_short_term_lufs),
        (a.correlation, b.correlation),
        (Some(a.tail_power), Some(b.tail_power)),
        (a.side_power, b.side_power),
        (a.mono_db, b.mono_db),
        (a.low_mono_db, b.low_mono_db),
        (a.balance_db, b.balance_db),
        (a.plr_db, b.plr_db),
        (a.psr_p5_db, b.psr_p5_db),
    ] {
        assert!(both_near(pair.0, pair.1), "{pair:?}");
    }
    let plots = a.momentary_lufs.iter().zip(&b.momentary_lufs);
    assert!(plots.into_iter().all(|(a, b)| (a - b).abs() < 1e-4));
    assert_eq!(a.momentary_lufs.len(), b.momentary_lufs.len());
    for m in [&mut a, &mut b] {
        (m.power, m.dc, m.momentary_lufs) = Default::default();
        (m.integrated_lufs, m.range_lu) = Default::default();
        (m.max_momentary_lufs, m.max_short_term_lufs) = Default::default();
        (m.correlation, m.side_power) = Default::default();
        (m.mono_db, m.low_mono_db, m.balance_db) = Default::default();
        (m.head_powers, m.tail_power) = Default::default();
        (m.plr_db, m.psr_p5_db) = Default::default();
    }
    assert_eq!(a, b);

    let (a, b) = (cut.waveform(), whole.waveform());
    assert_eq!((a.first, &a.min, &a.max), (b.first, &b.min, &b.max));
    let powers = a.power.iter().zip(&b.power);
    assert!(powers.into_iter().all(|(a, b)| (a - b).abs() <= 1e-4 * b), "power is drawn in f32");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn merged_is_whole(
        stream in streams(),
        scenes in scenes(),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        blocks in proptest::collection::vec(1..700usize, 1..5),
    ) {
        let song = song(stream, &scenes);
        let mut cuts: Vec<usize> = cuts.iter().map(|i| i.index(song[0].len() + 1)).collect();
        cuts.sort_unstable();
        let whole = merged(stream, &song, &[], &[usize::MAX]);
        assert_same(&merged(stream, &song, &cuts, &blocks), &whole);
    }
}

#[test]
fn blocks_of_one_frame_and_cuts_at_every_frame() {
    let stream = Stream { sample_rate: 8000, channels: 2, word: Word::Float };
    let scenes = [2, 4, 0, 5].map(|kind| Scene { kind, frames: 40, seed: 9 });
    let song = song(stream, &scenes);
    let whole = merged(stream, &song, &[], &[usize::MAX]);
    assert_same(&merged(stream, &song, &[], &[1]), &whole);
    assert_same(&merged(stream, &song, &(0..160).collect::<Vec<_>>(), &[1]), &whole);
}

#[test]
fn merging_is_associative() {
    let stream = Stream { sample_rate: 8000, channels: 2, word: Word::Float };
    let scenes = [1, 2, 4, 3, 6].map(|kind| Scene { kind, frames: 700, seed: 5 });
    let song = song(stream, &scenes);
    let piece = |from, to| super::part(stream, &song, from, to, &[333]);
    let (a, b, c) = (piece(0, 1001), piece(1001, 1001), piece(1001, 3500));
    let right = a.clone().merge(b.clone().merge(c.clone()));
    assert_same(&right, &a.merge(b).merge(c));
}

#[test]
fn a_true_peak_across_a_cut_or_after_the_end_counts() {
    let stream = Stream { sample_rate: 48_000, channels: 1, word: Word::Float };
    for frames in [32, 60] {
        let mut samples = vec![0.0; frames];
        samples[30..32].fill(0.7);
        for cut in 0..=frames {
            let m = merged(stream, std::slice::from_ref(&samples), &[cut], &[7]).measurements();
            let whole =
                merged(stream, std::slice::from_ref(&samples), &[], &[frames]).measurements();
            assert!(whole.true_peak[0] > 0.8);
            assert_eq!(m.true_peak, whole.true_peak, "{frames} frames cut at {cut}");
        }
    }
}
