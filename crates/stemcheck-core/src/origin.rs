//! Whether samples were decoded from MP3 or AAC: the grid of the encoder is still in them.
//!
//! An encoder rounds the coefficients of its transform, and many become exactly zero. The same
//! transform laid over the decoded samples at the same places finds them again, and at no other
//! place. So every place is tried; one that has far more zeros than all others is proof, and it does
//! not matter how dark or quiet the sound is. Whatever is done after decoding that is more than a
//! gain (a filter, a mix, another rate) wipes the grid out: this finds decoded files, and no more.
//!
//! After O. Derrien, "Detection of genuine lossless audio files", JAES 67 (3), 2019. Does not see
//! Vorbis, Opus and short blocks. Knows no files; see `checks` for what is made of it.

mod aac;
mod mp3;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::block::Block;
use crate::measure::Measurements;

/// Frames of an excerpt, and what its first frame is a multiple of: the frames of both codecs, 1024
/// and 576, fit into it without a rest, so that a grid lies alike in all excerpts of a file.
pub const EXCERPT: usize = 9216;
/// Excerpts that are listened to, each from its own stretch of the file.
const EXCERPTS: usize = 4;
/// The loudest of them are searched; the others only confirm.
const SEARCHED: usize = 2;
/// Excerpts this far below the loudest do not help, in LU.
const QUIET_LU: f32 = 30.0;
/// Rates at which music is usually encoded, in Hz.
const RATES: std::ops::RangeInclusive<u32> = 32_000..=48_000;

/// Outliers of the search that are worth a second look, in deviations. Clean files reach 7.
const NOTABLE: f64 = 5.0;
/// Places that get one.
const CANDIDATES: usize = 6;
/// Places that say how many zeros are usual.
const USUAL: usize = 48;
/// Deviations from what is usual that prove the grid. Clean files stay below 7 (METHODS: 72 scans).
const PROOF: f64 = 9.0;
/// A grid is at one place. What repeats itself within a frame has several that look alike, whose
/// excess is more than this part of the largest.
const SECOND: f64 = 0.5;

/// Coefficients that are compared with one another.
const GROUP: usize = 16;
/// Part of a group's mean level below which a coefficient counts as zero.
const ZERO: f32 = 1e-3;
/// Smallest step of any file, as an amplitude: that of 24 bits.
const LEAST_STEP: f64 = 1.0 / 8_388_608.0;
/// Steps above which the level of a group has to lie, so that a zero can be told from its neighbours.
const AUDIBLE_STEPS: f32 = 60.0;

/// An encoder that is recognised by its grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Coder {
    /// MPEG-1 layer III.
    Mp3,
    /// AAC-LC.
    Aac,
}

/// The grid of an encoder, found in samples.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Origin {
    /// Whose grid it is.
    pub coder: Coder,
    /// Where it lies: its frames start at multiples of 576 (MP3) or 1024 (AAC) frames plus this.
    pub offset: u32,
    /// By how many deviations there are more zeros than usual; at least 9.
    pub strength: f64,
}

/// First frames of the excerpts to listen to, the loudest first; none where nothing can be heard or
/// the rate is not one that is encoded at.
pub fn excerpts(measured: &Measurements) -> Vec<u64> {
    let loudness = &measured.momentary_lufs;
    if !RATES.contains(&measured.sample_rate) || loudness.is_empty() {
        return Vec::new();
    }
    let stretch = loudness.len().div_ceil(EXCERPTS);
    let mut loudest: Vec<(usize, f32)> = loudness
        .chunks(stretch)
        .enumerate()
        .filter_map(|(n, chunk)| {
            let (at, lufs) = chunk.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
            Some((n * stretch + at, *lufs))
        })
        .collect();
    loudest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let quiet = loudest.first().map_or(0.0, |(_, lufs)| lufs - QUIET_LU).max(-70.0);
    let mut starts: Vec<u64> = Vec::new();
    for (at, _) in loudest.into_iter().take_while(|(_, lufs)| *lufs > quiet) {
        // An entry is the loudness of the 400 ms from it on: take what comes after its begin.
        let frame = (at as u64 + 1) * u64::from(measured.sample_rate) / 10;
        let last = measured.frames.saturating_sub(EXCERPT as u64);
        let start = frame.min(last) / EXCERPT as u64 * EXCERPT as u64;
        if !starts.contains(&start) {
            starts.push(start);
        }
    }
    starts
}

/// Looks for a grid in excerpts of [`EXCERPT`] frames from places that [`excerpts`] chose;
/// `least_step` is the smallest step of the samples, as a linear amplitude.
pub fn listen(excerpts: &[Block], least_step: f64) -> Option<Origin> {
    let step = least_step.max(LEAST_STEP) as f32;
    let mut found: Option<Origin> = None;
    for sides in [middle, left] {
        let sounds: Vec<Vec<f32>> =
            excerpts.iter().filter(|block| block.frames() >= EXCERPT).filter_map(sides).collect();
        if sounds.is_empty() {
            continue;
        }
        let origins = aac::listen(&sounds, step).into_iter().chain(mp3::listen(&sounds, step));
        found = found.into_iter().chain(origins).max_by(|a, b| a.strength.total_cmp(&b.strength));
        if found.is_some() {
            break;
        }
    }
    found
}

/// Half the sum of the first two channels: what joint stereo stores.
fn middle(block: &Block) -> Option<Vec<f32>> {
    let left = block.channels.first()?;
    let right = block.channels.get(1).unwrap_or(left);
    Some(left.iter().zip(right).map(|(l, r)| 0.5 * (l + r)).collect())
}

/// The left channel, where it is not the middle as well.
fn left(block: &Block) -> Option<Vec<f32>> {
    let (left, right) = (block.channels.first()?, block.channels.get(1)?);
    (left != right).then(|| left.clone())
}

/// A transform that is laid over the excerpts at any offset.
trait Transform {
    /// Offsets at which its frames may lie: the length of a frame.
    const OFFSETS: usize;
    /// Frames of an excerpt that are searched, and those that confirm.
    const SEARCHED: &'static [usize];
    const CONFIRMING: &'static [usize];

    /// Coefficients of frame `frame` of excerpt `excerpt`, from the lowest that are looked at on.
    fn coefficients(&mut self, excerpt: usize, offset: usize, frame: usize) -> &[f32];
}

/// Looks for the offset at which a transform finds its zeros: the offset and its strength.
fn search<T: Transform>(transform: &mut T, excerpts: usize, step: f32) -> Option<(usize, f64)> {
    let mut count = |excerpts: usize, frames: &[usize], offset: usize| {
        let mut sum = 0;
        for excerpt in 0..excerpts {
            for &frame in frames {
                sum += zeros(transform.coefficients(excerpt, offset, frame), step);
            }
        }
        f64::from(sum)
    };
    let searched = excerpts.min(SEARCHED);
    let counts: Vec<f64> = (0..T::OFFSETS).map(|o| count(searched, T::SEARCHED, o)).collect();
    let (usual, deviation) = usual(&counts);
    let mut order: Vec<usize> = (0..T::OFFSETS).collect();
    order.sort_by_key(|&o| Reverse(counts[o] as u32));
    let best = *order.first()?;
    if counts[best] < usual + NOTABLE * deviation {
        return None;
    }

    // Other frames than those that it was chosen by: no chance outlier stands out twice.
    let mut confirm = |offset| count(excerpts, T::CONFIRMING, offset);
    let places = (1..=USUAL).map(|i| (best + i * T::OFFSETS / (USUAL + 1)) % T::OFFSETS);
    let others: Vec<f64> = places.map(&mut confirm).collect();
    let (usual, deviation) = self::usual(&others);
    let mut candidates: Vec<(usize, f64)> =
        order.iter().take(CANDIDATES).map(|&offset| (offset, confirm(offset))).collect();
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (offset, most) = *candidates.first()?;
    let apart = |a: usize| (a + T::OFFSETS - offset) % T::OFFSETS;
    let rivals = candidates.iter().filter(|(o, _)| (2..T::OFFSETS - 1).contains(&apart(*o)));
    let second = rivals.map(|(_, n)| *n).chain(others).fold(0.0, f64::max);
    let strength = (most - usual) / deviation;
    (strength > PROOF && second - usual < SECOND * (most - usual)).then_some((offset, strength))
}

/// Median and deviation (from the median of the distances); never less than counting itself scatters.
fn usual(counts: &[f64]) -> (f64, f64) {
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let middle = median(&mut counts.to_vec());
    let distance = median(&mut counts.iter().map(|n| (n - middle).abs()).collect());
    (middle, (1.4826 * distance).max((middle + 1.0).sqrt()))
}

/// How many coefficients are next to nothing among neighbours that are not.
fn zeros(coefficients: &[f32], step: f32) -> u32 {
    let mut count = 0;
    for group in coefficients.as_chunks::<GROUP>().0 {
        let level = (group.iter().map(|x| x * x).sum::<f32>() / GROUP as f32).sqrt();
        if level > AUDIBLE_STEPS * step {
            let limit = (ZERO * level).max(step);
            count += group.iter().map(|x| u32::from(x.abs() < limit)).sum::<u32>();
        }
    }
    count
}
