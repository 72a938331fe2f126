//! How to undo what was found, and what is left once it is undone.

use super::fit::dot;
use super::interpolate::{HALF_TAPS, filter, kernel};
use super::sum::add_side;
use crate::block::Block;

/// Access to samples of the song by file, for the few windows that the diagnosis reads again.
///
/// `start` may be negative and the window may pass the end: what is not there is silence. An
/// implementation that cannot read delivers silence. `stem` counts the song's stems; `None` is the
/// reference. `out` becomes a stereo block (mono feeds both sides).
pub trait Windows {
    /// Reads `frames` frames from `start` into `out`.
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block);
}

/// How to undo what was found, stem by stem.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Recipe {
    /// One correction per stem.
    pub stems: Vec<Correction>,
    /// Correction of the reference.
    pub reference: Correction,
}

/// A gain and a shift.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Correction {
    /// Linear; negative flips the polarity, 0 leaves it out.
    pub gain: f64,
    /// Frames by which to move it earlier; fractions are interpolated.
    pub advance_frames: f64,
}

impl Default for Correction {
    fn default() -> Self {
        Self { gain: 1.0, advance_frames: 0.0 }
    }
}

/// Left and right.
pub(super) type Pair = [Vec<f64>; 2];

/// Energy of both sides.
pub(super) fn energy(pair: &Pair) -> f64 {
    product(pair, pair)
}

/// Sum of the products of both sides.
pub(super) fn product(a: &Pair, b: &Pair) -> f64 {
    dot(&a[0], &b[0]) + dot(&a[1], &b[1])
}

/// Adds `gain` times `b` to `a`.
pub(super) fn add(a: &mut Pair, gain: f64, b: &Pair) {
    for (a, b) in a.iter_mut().zip(b) {
        for (a, b) in a.iter_mut().zip(b) {
            *a += gain * b;
        }
    }
}

/// Reads files as they sound when moved earlier by any number of frames.
#[derive(Debug, Default)]
pub(super) struct MovedReader {
    block: Block,
    wide: Vec<f64>,
}

impl MovedReader {
    /// `frames` frames from `start` of a file that is moved `advance_frames` earlier.
    pub(super) fn read(
        &mut self,
        windows: &mut dyn Windows,
        stem: Option<usize>,
        start: i64,
        frames: usize,
        advance_frames: f64,
        out: &mut Pair,
    ) {
        let whole = advance_frames.floor();
        let fraction = advance_frames - whole;
        let (lead, extra) =
            if fraction == 0.0 { (0, 0) } else { (HALF_TAPS - 1, 2 * HALF_TAPS - 1) };
        let start = start.saturating_add(whole as i64).saturating_sub(lead as i64);
        windows.read(stem, start, frames + extra, &mut self.block);
        // A window before the song's start has no frame number; its samples are in place all the same.
        self.block.start = 0;
        for (side, out) in out.iter_mut().enumerate() {
            self.wide.clear();
            self.wide.resize(frames + extra, 0.0);
            add_side(&self.block, side, 0, 1.0, &mut self.wide);
            if fraction == 0.0 {
                std::mem::swap(out, &mut self.wide);
            } else {
                filter(&kernel(fraction), &self.wide, out);
            }
        }
    }
}

impl Recipe {
    /// A recipe that changes nothing.
    pub(super) fn neutral(stems: usize) -> Self {
        Self { stems: vec![Correction::default(); stems], reference: Correction::default() }
    }

    /// Whether it changes nothing.
    pub fn is_identity(&self) -> bool {
        self.stems.iter().chain([&self.reference]).all(|c| *c == Correction::default())
    }

    /// Residual energy and reference energy of `frames` frames from `start` after every correction,
    /// both channels: summed over the song they give the depth after the fix.
    pub fn residual_energy(
        &self,
        windows: &mut dyn Windows,
        start: u64,
        frames: usize,
    ) -> (f64, f64) {
        let (residual, reference) = self.residual(windows, start as i64, frames);
        (energy(&residual), energy(&reference))
    }

    /// The residual and the reference after every correction.
    pub(super) fn residual(
        &self,
        windows: &mut dyn Windows,
        start: i64,
        frames: usize,
    ) -> (Pair, Pair) {
        let mut reader = MovedReader::default();
        let mut residual = [vec![0.0; frames], vec![0.0; frames]];
        let mut file = Pair::default();
        let stems = self.stems.iter().enumerate().map(|(stem, fix)| (Some(stem), fix, 1.0));
        for (stem, fix, sign) in stems.chain([(None, &self.reference, -1.0)]) {
            reader.read(windows, stem, start, frames, fix.advance_frames, &mut file);
            add(&mut residual, sign * fix.gain, &file);
        }
        // The reference was read last.
        for x in file.iter_mut().flatten() {
            *x *= self.reference.gain;
        }
        (residual, file)
    }
}
