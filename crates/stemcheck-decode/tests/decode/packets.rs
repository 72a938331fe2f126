//! Compressed files: as long as what was encoded, the same bits for any cuts, exact where the codec
//! is lossless and near where it is not.

use std::sync::LazyLock;

use proptest::prelude::*;
use stemcheck_core::block::Block;
use stemcheck_encode::{Codec, encode};

use crate::files::{open, samples};

/// Frames of the test sound: no whole number of any codec's packets.
const FRAMES: usize = 100_003;

/// Tones that swell under a little noise, different on both sides.
fn sound(frames: usize, channels: usize) -> Vec<Vec<f32>> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    };
    (0..channels)
        .map(|c| {
            (0..frames)
                .map(|i| {
                    let t = i as f32 / 48_000.0;
                    let tone = (t * (220.0 + 330.0 * c as f32) * std::f32::consts::TAU).sin();
                    tone * 0.4 * (0.6 + 0.4 * (t * 5.0).sin()) + noise() * 0.02
                })
                .collect()
        })
        .collect()
}

const LOSSLESS: [(&str, u16); 5] =
    [("flac 24", 24), ("flac 16", 16), ("alac 16", 16), ("alac 24", 24), ("alac-caf", 16)];

const LOSSY: [&str; 5] = ["mp3 192", "aac 256", "vorbis 5", "opus 128", "mp3 64"];

fn file(name: &str, frames: usize, channels: usize) -> Vec<u8> {
    encode(Codec::parse(name).unwrap(), 48_000, &sound(frames, channels)).unwrap()
}

#[test]
fn lossless_files_are_exact() {
    for (name, bits) in LOSSLESS {
        for channels in [1, 2] {
            let mut source = open(&file(name, FRAMES, channels)).unwrap();
            let format = source.format().clone();
            assert_eq!((format.frames, format.bits), (FRAMES as u64, bits), "{name}");
            assert_eq!((format.channels, format.float), (channels as u16, false));
            assert!(!format.is_lossy() && source.facts().notes.is_empty());
            let scale = f64::from(bits - 1).exp2();
            for (decoded, made) in samples(&mut source).iter().zip(sound(FRAMES, channels)) {
                for (x, y) in decoded.iter().zip(made) {
                    assert_eq!(*x * scale, (f64::from(y) * scale).round(), "{name}");
                }
            }
        }
    }
}

#[test]
fn thirty_two_bits_are_exact_in_two_parts() {
    let mut source = open(&file("alac 32", 10_000, 2)).unwrap();
    let scale = 2f64.powi(31);
    for (decoded, made) in samples(&mut source).iter().zip(sound(10_000, 2)) {
        for (x, y) in decoded.iter().zip(made) {
            assert_eq!(*x * scale, (f64::from(y) * scale).round());
        }
    }
}

/// Power of the difference, in dB below the sound.
fn depth(decoded: &[Vec<f64>], made: &[Vec<f32>], frames: std::ops::Range<usize>) -> f64 {
    let (mut error, mut power) = (0.0, 0.0);
    for (decoded, made) in decoded.iter().zip(made) {
        for i in frames.clone() {
            let made = f64::from(made[i]);
            error += (decoded[i] - made).powi(2);
            power += made * made;
        }
    }
    10.0 * (error / power).log10()
}

#[test]
fn lossy_files_begin_and_end_where_the_sound_does() {
    for name in LOSSY {
        for channels in [1, 2] {
            let mut source = open(&file(name, FRAMES, channels)).unwrap();
            let format = source.format().clone();
            assert!(format.is_lossy() && format.float && format.bits == 0, "{name}");
            assert_eq!(format.frames, FRAMES as u64, "{name} {channels}");
            let (decoded, made) = (samples(&mut source), sound(FRAMES, channels));
            for part in [0..5000, 40_000..60_000, FRAMES - 5000..FRAMES] {
                let depth = depth(&decoded, &made, part.clone());
                assert!(depth < -14.0, "{name}, {channels} channels, {part:?}: {depth:.1} dB");
            }
        }
    }
}

/// Nothing tells the encoder's delay: the FDK's is 2,048 frames, of which one packet is left out.
#[test]
fn a_bare_stream_of_aac_is_late_by_what_nobody_told() {
    let mut source = open(&file("adts 256", FRAMES, 2)).unwrap();
    assert_eq!(
        (source.format().container.as_str(), source.format().codec.as_str()),
        ("adts", "aac")
    );
    let mut decoded = samples(&mut source);
    for channel in &mut decoded {
        channel.drain(..1024);
    }
    assert!(depth(&decoded, &sound(FRAMES, 2), 0..FRAMES - 2048) < -14.0);
}

/// A codec's name, bytes, and all that they decode to.
type Case = (&'static str, Vec<u8>, Vec<Vec<f64>>);

static FILES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let names = [
        "flac 16", "alac 16", "alac-caf", "mp3 64", "mp3 192", "aac 128", "adts 64", "vorbis 3",
        "opus 64",
    ];
    let whole = |name| {
        let bytes = file(name, LONG, 1);
        let all = samples(&mut open(&bytes).unwrap());
        (name, bytes, all)
    };
    names.into_iter().map(whole).collect()
});

/// More frames than the largest group of packets has.
const LONG: usize = 300_000;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::with_cases(6) })]

    /// The invariant that everything rests on, for every codec: read in pieces, by one reader that
    /// jumps and by a fresh one for each as workers have it, a file is the same bits.
    #[test]
    fn any_cuts_are_the_same_bits(
        cuts in prop::collection::vec((0..LONG as u64 + 9000, 0_usize..30_000), 2..5),
    ) {
        for (name, bytes, all) in FILES.iter() {
            let mut jumps = open(bytes).unwrap();
            let mut block = Block::default();
            for (start, frames) in &cuts {
                let mut fresh = open(bytes).unwrap();
                for source in [&mut jumps, &mut fresh] {
                    source.read(*start, *frames, &mut block).unwrap();
                    let from = (*start as usize).min(all[0].len());
                    let to = (from + frames).min(all[0].len());
                    prop_assert_eq!(block.frames(), to - from);
                    let same = (from..to).all(|i| all[0][i] == block.sample(0, i - from));
                    prop_assert!(same, "{}: {} frames from {}", name, frames, start);
                }
            }
        }
    }
}

#[test]
fn block_by_block_is_the_whole() {
    for name in ["flac 24", "alac 16", "mp3 128", "aac 128", "vorbis 5", "opus 96"] {
        let cuts: Vec<(u64, usize)> =
            (0..FRAMES as u64).step_by(4096).map(|at| (at, 4096)).collect();
        let bytes = file(name, FRAMES, 2);
        let mut source = open(&bytes).unwrap();
        let all = samples(&mut open(&bytes).unwrap());
        let mut block = Block::default();
        for (start, frames) in cuts {
            source.read(start, frames, &mut block).unwrap();
            for i in 0..block.frames() {
                assert_eq!(block.sample(1, i), all[1][start as usize + i], "{name} at {start}");
            }
        }
    }
}

#[test]
fn a_file_that_was_cut_tells_it() {
    for name in ["flac 24", "alac-caf", "mp3 128"] {
        let bytes = file(name, FRAMES, 2);
        assert!(open(&bytes).unwrap().facts().notes.is_empty(), "{name}");
        let source = open(&bytes[..bytes.len() * 2 / 3]).unwrap();
        assert!(source.format().frames < FRAMES as u64 * 3 / 4, "{name}");
        assert_eq!(source.facts().notes.len(), 1, "{name}");
    }
}
