//! What a file went through besides a fader and a shift, and how it sounds with that undone.
//!
//! A treatment is what has to be done to the file so that it fits again. Reading is stateless: a
//! window of the treated file is made of a somewhat wider window of the file. Decides nothing.

use super::fit::dot;
use super::interpolate::{HALF_TAPS, PHASES, kernels};
use super::recipe::{MovedReader, Pair, Windows, middle, read_moved};
use super::taps::{Sent, Taps};
use crate::block::Block;

/// One thing to do to a file.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Treatment {
    /// Frame `n` becomes frame `n * ratio`: played faster (above 1) or slower.
    Speed(f64),
    /// From this frame of the song on, played so many frames earlier.
    Moved {
        /// First frame of the song that moves.
        from: u64,
        /// Frames by which to move it earlier; fractions are interpolated.
        advance_frames: f64,
    },
    /// The right side so many frames earlier, the left one where it is.
    RightAdvance(f64),
    /// Both sides from both: `matrix[out][in]`.
    Matrix([[f64; 2]; 2]),
    /// A filter for each side; `taps[side][lead]` is the one without delay.
    Filter {
        /// Taps that look ahead.
        lead: usize,
        /// Left and right.
        taps: [Taps; 2],
    },
    /// An effect: to each side comes what its filter makes of the middle (half of left and right).
    Return {
        /// Left and right; the first tap is the one without delay.
        taps: [Taps; 2],
    },
}

impl Treatment {
    /// Frames that it takes to make a good one: before and after.
    fn reach(&self) -> (usize, usize) {
        match self {
            Self::Speed(_) | Self::Moved { .. } | Self::RightAdvance(_) => (HALF_TAPS, HALF_TAPS),
            Self::Matrix(_) => (0, 0),
            Self::Return { taps } => {
                (taps.iter().map(|taps| taps.len()).max().unwrap_or(0).saturating_sub(1), 0)
            }
            Self::Filter { lead, taps } => {
                let longest = taps.iter().map(|taps| taps.len()).max().unwrap_or(0);
                (longest.saturating_sub(lead + 1), *lead)
            }
        }
    }
}

/// Frames that are best read at once with these treatments: long filters are done by the Fourier
/// transform of their own length and more.
pub(super) fn block_frames(treatments: &[Vec<Treatment>], least: usize) -> usize {
    /// Points of the transform for filters that are longer than a block.
    const SPAN: usize = 1 << 18;
    let reach = treatments.iter().flatten().map(|treatment| treatment.reach().0).max().unwrap_or(0);
    if reach < least { least } else { SPAN.saturating_sub(reach).max(least) }
}

/// The song's files with their treatments.
pub(super) struct Treated<'a> {
    /// The files as they are.
    pub windows: &'a mut dyn Windows,
    /// One list for each stem, then the reference's; done in order.
    pub treatments: &'a [Vec<Treatment>],
}

impl Windows for Treated<'_> {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        let last = self.treatments.len().saturating_sub(1);
        let treatments = self.treatments.get(stem.unwrap_or(last)).map_or(&[][..], Vec::as_slice);
        if treatments.is_empty() {
            self.windows.read(stem, start, frames, out);
            return;
        }
        let mut pair = Pair::default();
        read_treated(self.windows, stem, treatments, start, frames, &mut pair);
        out.reset(start.max(0).unsigned_abs(), 2, frames);
        for (to, from) in out.channels.iter_mut().zip(&pair) {
            for (to, &x) in to.iter_mut().zip(from) {
                *to = x as f32;
            }
        }
    }
}

/// Reads a file with `treatments` done to it.
fn read_treated(
    windows: &mut dyn Windows,
    stem: Option<usize>,
    treatments: &[Treatment],
    start: i64,
    frames: usize,
    out: &mut Pair,
) {
    let Some((last, before)) = treatments.split_last() else {
        MovedReader::default().read(windows, stem, start, frames, 0.0, out);
        return;
    };
    let (reach_back, reach_ahead) = last.reach();
    let mut read = |from: i64, frames: usize, pair: &mut Pair| {
        read_treated(windows, stem, before, from, frames, pair);
    };
    let mut wide = Pair::default();
    match last {
        Treatment::Speed(ratio) => {
            let place = |frame: i64| frame as f64 * ratio;
            let (first, end) = (place(start), place(start + frames as i64));
            let from = first.min(end).floor() as i64 - reach_back as i64;
            let length = (end - first).abs().ceil() as usize + reach_back + reach_ahead + 2;
            read(from, length, &mut wide);
            for (out, wide) in out.iter_mut().zip(&wide) {
                *out = (0..frames as i64)
                    .map(|i| between(wide, place(start + i) - from as f64))
                    .collect();
            }
        }
        Treatment::Moved { from, advance_frames } => {
            let from = i64::try_from(*from).unwrap_or(i64::MAX);
            let split = (from - start).clamp(0, frames as i64) as usize;
            read(start, split, out);
            let rest = start + split as i64;
            read_moved(&mut read, rest, frames - split, *advance_frames, &mut wide);
            for (out, moved) in out.iter_mut().zip(&wide) {
                out.extend_from_slice(moved);
            }
        }
        Treatment::RightAdvance(advance) => {
            read(start, frames, out);
            read_moved(&mut read, start, frames, *advance, &mut wide);
            std::mem::swap(&mut out[1], &mut wide[1]);
        }
        Treatment::Matrix(matrix) => {
            read(start, frames, &mut wide);
            let [left, right] = &wide;
            for (out, row) in out.iter_mut().zip(matrix) {
                out.clear();
                out.extend(left.iter().zip(right).map(|(l, r)| row[0] * l + row[1] * r));
            }
        }
        Treatment::Filter { taps, .. } => {
            let length = frames + reach_back + reach_ahead;
            read(start - reach_back as i64, length, &mut wide);
            let mut sent = Sent::new(length);
            for ((out, wide), taps) in out.iter_mut().zip(&wide).zip(taps) {
                // Shorter taps than the other side's reach less far back.
                let skip = (reach_back + reach_ahead + 1).saturating_sub(taps.len());
                sent.send(wide.get(skip..).unwrap_or_default());
                out.clear();
                out.extend_from_slice(&sent.through(taps)[..frames]);
            }
        }
        Treatment::Return { taps } => {
            read(start - reach_back as i64, frames + reach_back, &mut wide);
            let mut sent = Sent::new(frames + reach_back);
            sent.send(&middle(&wide));
            for ((out, wide), taps) in out.iter_mut().zip(&wide).zip(taps) {
                let skip = (reach_back + 1).saturating_sub(taps.len());
                let wet = &sent.through(taps)[skip..];
                out.clear();
                out.extend(wide[reach_back..].iter().zip(wet).map(|(dry, wet)| dry + wet));
            }
        }
    }
}

/// The sample at a place between the samples.
fn between(samples: &[f64], place: f64) -> f64 {
    let kernels = kernels();
    let whole = place.floor();
    let phase = (place - whole) * PHASES as f64;
    let (index, part) = (phase as usize, phase.fract());
    let near = usize::try_from(whole as i64 + 1 - HALF_TAPS as i64)
        .ok()
        .and_then(|first| samples.get(first..first + 2 * HALF_TAPS));
    let (Some(near), Some(a), Some(b)) = (near, kernels.get(index), kernels.get(index + 1)) else {
        return 0.0;
    };
    let (a, b) = (dot(near, a), dot(near, b));
    a + part * (b - a)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is a slow tone on the left and its double on the right.
    struct Tone;

    fn tone(frame: f64) -> f64 {
        (frame * 0.05).sin()
    }

    impl Windows for Tone {
        fn read(&mut self, _: Option<usize>, start: i64, frames: usize, out: &mut Block) {
            let left: Vec<f32> =
                (start..start + frames as i64).map(|i| tone(i as f64) as f32).collect();
            let right = left.iter().map(|x| 2.0 * x).collect();
            *out = Block::from_planar(start.max(0).unsigned_abs(), vec![left, right]);
        }
    }

    fn read(treatments: Vec<Treatment>, start: i64, frames: usize) -> Block {
        let mut out = Block::default();
        let mut treated = Treated { windows: &mut Tone, treatments: &[treatments, Vec::new()] };
        treated.read(Some(0), start, frames, &mut out);
        out
    }

    fn is(block: &Block, side: usize, expected: impl Fn(f64) -> f64, start: i64) {
        for (i, &x) in block.channels[side].iter().enumerate() {
            let wanted = expected((start + i as i64) as f64);
            assert!((f64::from(x) - wanted).abs() < 1e-4, "{i}: {x} {wanted}");
        }
    }

    #[test]
    fn each_treatment_does_what_it_says() {
        is(&read(vec![Treatment::Speed(1.01)], 500, 300), 0, |n| tone(n * 1.01), 500);
        let moved = Treatment::Moved { from: 600, advance_frames: 10.5 };
        is(&read(vec![moved], 500, 300), 0, |n| tone(if n < 600.0 { n } else { n + 10.5 }), 500);
        let right = read(vec![Treatment::RightAdvance(3.25)], 500, 300);
        is(&right, 0, tone, 500);
        is(&right, 1, |n| 2.0 * tone(n + 3.25), 500);
        let swapped = read(vec![Treatment::Matrix([[0.0, 1.0], [1.0, 0.0]])], 500, 300);
        is(&swapped, 0, |n| 2.0 * tone(n), 500);
    }

    #[test]
    fn filters_look_back_and_ahead_and_treatments_follow_each_other() {
        // One tap ahead, three taps in all: x[n + 1] + 0.5 x[n - 1].
        let filter = || Treatment::Filter {
            lead: 1,
            taps: [vec![1.0, 0.0, 0.5].into(), vec![0.0, 1.0].into()],
        };
        let once = read(vec![filter()], 500, 300);
        is(&once, 0, |n| tone(n + 1.0) + 0.5 * tone(n - 1.0), 500);
        is(&once, 1, |n| 2.0 * tone(n), 500);
        // The middle is 1.5 times the left side.
        let taps = [vec![0.0, 0.0, 0.1].into(), vec![0.2].into()];
        let effect = read(vec![Treatment::Return { taps }], 500, 300);
        is(&effect, 0, |n| tone(n) + 0.15 * tone(n - 2.0), 500);
        is(&effect, 1, |n| 2.0 * tone(n) + 0.3 * tone(n), 500);
        let then = read(vec![Treatment::Speed(0.9), filter()], 500, 300);
        is(&then, 0, |n| tone(0.9 * (n + 1.0)) + 0.5 * tone(0.9 * (n - 1.0)), 500);
    }
}
