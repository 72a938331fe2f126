//! The meters as a whole: any cuts give the same reading, and the reading is the right one.

mod merge;
mod oracle;
mod reading;

use super::{FileMeter, FilePart, Measurements, Stream, Word};
use crate::block::Block;

/// Measures the frames `start..end` in blocks of the sizes given, over and over.
fn part(
    stream: Stream,
    planar: &[Vec<f32>],
    start: usize,
    end: usize,
    blocks: &[usize],
) -> FilePart {
    let block = |from: usize, to: usize| {
        Block::from_planar(from as u64, planar.iter().map(|c| c[from..to].to_vec()).collect())
    };
    let mut meter = FileMeter::new(stream, start as u64);
    let pre_roll = FileMeter::pre_roll(stream.sample_rate) as usize;
    meter.warm_up(&block(start.saturating_sub(pre_roll), start));
    let mut at = start;
    for &frames in blocks.iter().cycle() {
        if at >= end {
            break;
        }
        let to = end.min(at + frames.max(1));
        meter.push(&block(at, to));
        at = to;
    }
    meter.finish()
}

/// Measures everything, cut at the frames given and merged again.
fn merged(stream: Stream, planar: &[Vec<f32>], cuts: &[usize], blocks: &[usize]) -> FilePart {
    let mut borders = vec![0];
    borders.extend(cuts);
    borders.push(planar[0].len());
    borders
        .windows(2)
        .map(|cut| part(stream, planar, cut[0], cut[1], blocks))
        .reduce(FilePart::merge)
        .expect("there is at least one segment")
}

/// Measures everything in one piece.
pub(super) fn measure(sample_rate: u32, word: Word, planar: &[Vec<f32>]) -> Measurements {
    let stream = Stream { sample_rate, channels: planar.len() as u16, word };
    merged(stream, planar, &[], &[4096]).measurements()
}

/// White noise from a seed, -1 to 1.
pub(super) fn noise(seed: u32) -> impl Iterator<Item = f32> {
    std::iter::successors(Some(seed), |s| {
        Some(s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223))
    })
    .skip(1)
    .map(|s| (s >> 8) as f32 / 8_388_608.0 - 1.0)
}
