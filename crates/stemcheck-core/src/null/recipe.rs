//! How to undo what was found, and what is left once it is undone. What can be done to a file is in
//! `treatment`, what was done to the sum in `bus`.

use std::ops::Range;

use super::bus::Bus;
use super::fit::dot;
use super::interpolate::{HALF_TAPS, filter, kernel};
use super::sum::add_side;
use super::treatment::{Treated, Treatment, block_frames};
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

/// How to undo what was found, file by file.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Recipe {
    /// One correction per stem.
    pub stems: Vec<Correction>,
    /// Correction of the reference.
    pub reference: Correction,
    /// What comes before gain and shift: a list for each stem, then the reference's, done in order.
    pub treatments: Vec<Vec<Treatment>>,
    /// What was done to the reference with regard to the sum, and gains that only following tells.
    pub bus: Vec<Bus>,
    /// Stretches of frames in which nothing can be undone: the file there has to be made again. They
    /// do not count in what is left after the fix.
    pub lost: Vec<(u64, u64)>,
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

impl Correction {
    /// Of a file that is not in the mix.
    pub const LEFT_OUT: Self = Self { gain: 0.0, advance_frames: 0.0 };
}

impl Default for Correction {
    fn default() -> Self {
        Self { gain: 1.0, advance_frames: 0.0 }
    }
}

/// Left and right.
pub type Pair = [Vec<f64>; 2];

/// Energy of both sides.
pub(super) fn energy(pair: &Pair) -> f64 {
    product(pair, pair)
}

/// Sum of the products of both sides.
pub(super) fn product(a: &Pair, b: &Pair) -> f64 {
    dot(&a[0], &b[0]) + dot(&a[1], &b[1])
}

/// The same over a range of frames.
pub(super) fn product_within(a: &Pair, b: &Pair, frames: &Range<usize>) -> f64 {
    let sides = a.iter().zip(b);
    sides.map(|(a, b)| dot(&a[frames.clone()], &b[frames.clone()])).sum()
}

/// Half of left and right.
pub(super) fn middle([left, right]: &Pair) -> Vec<f64> {
    left.iter().zip(right).map(|(l, r)| f64::midpoint(*l, *r)).collect()
}

/// Both sides silent.
pub(super) fn silence(frames: usize) -> Pair {
    [vec![0.0; frames], vec![0.0; frames]]
}

/// What some files leave: the stems' sum without the reference, which is the last.
pub(super) fn residual_of(files: &[Pair]) -> Pair {
    let Some((reference, stems)) = files.split_last() else { return Pair::default() };
    let mut residual = reference.each_ref().map(|side| side.iter().map(|x| -x).collect());
    for stem in stems {
        add(&mut residual, 1.0, stem);
    }
    residual
}

/// Which part of `frames` frames from `start` lies between two frames of the song.
pub(super) fn inside((from, to): (u64, u64), start: i64, frames: usize) -> Range<usize> {
    let place = |frame: u64| {
        let frame = i64::try_from(frame).unwrap_or(i64::MAX);
        frame.saturating_sub(start).clamp(0, frames as i64) as usize
    };
    place(from)..place(to).max(place(from))
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
        let mut read = |start: i64, frames: usize, pair: &mut Pair| {
            for out in pair.iter_mut() {
                out.clear();
                out.resize(frames, 0.0);
            }
            self.add_as_it_is(windows, stem, start, 1.0, pair);
        };
        read_moved(&mut read, start, frames, advance_frames, out);
    }

    /// Adds what a corrected file has in a window to `sum`.
    fn add(
        &mut self,
        windows: &mut dyn Windows,
        stem: Option<usize>,
        start: i64,
        fix: Correction,
        sum: &mut Pair,
    ) {
        if fix.advance_frames.fract() == 0.0 {
            let start = start.saturating_add(fix.advance_frames as i64);
            self.add_as_it_is(windows, stem, start, fix.gain, sum);
        } else {
            let mut pair = Pair::default();
            self.read(windows, stem, start, sum[0].len(), fix.advance_frames, &mut pair);
            add(sum, fix.gain, &pair);
        }
    }

    /// Adds what a file has from `start` on to `sum`.
    fn add_as_it_is(
        &mut self,
        windows: &mut dyn Windows,
        stem: Option<usize>,
        start: i64,
        gain: f64,
        sum: &mut Pair,
    ) {
        windows.read(stem, start, sum[0].len(), &mut self.block);
        // A window before the song's start has no frame number; its samples are in place all the same.
        self.block.start = 0;
        for (side, sum) in sum.iter_mut().enumerate() {
            add_side(&self.block, side, 0, gain, sum);
        }
    }
}

/// A window of what `read` reads, moved earlier.
pub(super) fn read_moved(
    read: &mut impl FnMut(i64, usize, &mut Pair),
    start: i64,
    frames: usize,
    advance_frames: f64,
    out: &mut Pair,
) {
    let whole = advance_frames.floor();
    let fraction = advance_frames - whole;
    let start = start.saturating_add(whole as i64);
    if fraction == 0.0 {
        read(start, frames, out);
        return;
    }
    let mut wide = Pair::default();
    let lead = HALF_TAPS as i64 - 1;
    read(start.saturating_sub(lead), frames + 2 * HALF_TAPS - 1, &mut wide);
    for (out, wide) in out.iter_mut().zip(&wide) {
        filter(&kernel(fraction), wide, out);
    }
}

impl Recipe {
    /// A recipe that changes nothing.
    pub(super) fn neutral(stems: usize) -> Self {
        Self {
            stems: vec![Correction::default(); stems],
            reference: Correction::default(),
            treatments: vec![Vec::new(); stems + 1],
            bus: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Whether it changes nothing.
    pub fn is_identity(&self) -> bool {
        self.stems.iter().chain([&self.reference]).all(|c| *c == Correction::default())
            && self.treatments.iter().all(Vec::is_empty)
            && self.bus.is_empty()
            && self.lost.is_empty()
    }

    /// Frames to undo at once, at least `least`: how many costs least.
    pub fn block_frames(&self, least: usize) -> usize {
        block_frames(&self.treatments, least)
    }

    /// Residual energy and reference energy of `frames` frames from `start` after every correction,
    /// both channels: summed over the song they give the depth after the fix.
    pub fn residual_energy(
        &self,
        windows: &mut dyn Windows,
        start: u64,
        frames: usize,
    ) -> (f64, f64) {
        let (residual, reference) = self.rest(windows, start as i64, frames);
        (energy(&residual), energy(&reference))
    }

    /// The residual where it counts, and the reference, after every correction.
    pub(super) fn rest(
        &self,
        windows: &mut dyn Windows,
        start: i64,
        frames: usize,
    ) -> (Pair, Pair) {
        let (mut residual, reference) = self.residual(windows, start, frames);
        for &lost in &self.lost {
            let lost = inside(lost, start, frames);
            for side in &mut residual {
                if let Some(lost) = side.get_mut(lost.clone()) {
                    lost.fill(0.0);
                }
            }
        }
        (residual, reference)
    }

    /// The residual and the reference after every correction, also where nothing can be made good.
    pub(super) fn residual(
        &self,
        windows: &mut dyn Windows,
        start: i64,
        frames: usize,
    ) -> (Pair, Pair) {
        // What was done to the sum is done to it at once.
        let of_sum = |bus: &Bus| bus.of_mix(self.stems.len()) && !matches!(bus, Bus::Apart { .. });
        let together = self.bus.iter().all(of_sum);
        let mut files = self.corrected(windows, start, frames, together);
        (residual_of(&files), files.pop().unwrap_or_default())
    }

    /// Every file as it should be: the stems, then the reference. Without any treatment of the bus
    /// each sample is that of the file.
    pub fn files(&self, windows: &mut dyn Windows, start: i64, frames: usize) -> Vec<Pair> {
        self.corrected(windows, start, frames, false)
    }

    /// The same, or the stems' sum and the reference.
    fn corrected(
        &self,
        windows: &mut dyn Windows,
        start: i64,
        frames: usize,
        together: bool,
    ) -> Vec<Pair> {
        // Who follows has to know a little more than the window.
        let context = self.bus.iter().map(Bus::context).max().unwrap_or(0);
        let (from, length) = (start.saturating_sub(context as i64), frames + 2 * context);
        let mut reader = MovedReader::default();
        let mut treated = Treated { windows, treatments: &self.treatments };
        let last = self.stems.len();
        let mut files: Vec<Pair> = Vec::new();
        for (file, fix) in self.stems.iter().chain([&self.reference]).enumerate() {
            let stem = (file < last).then_some(file);
            if files.is_empty() || !together || stem.is_none() {
                files.push(silence(length));
            }
            if let Some(sum) = files.last_mut() {
                reader.add(&mut treated, stem, from, *fix, sum);
            }
        }
        for bus in &self.bus {
            for (scaled, gains) in bus.gains(&files) {
                for file in files.get_mut(scaled).unwrap_or_default() {
                    scale(file, &gains);
                }
            }
        }
        if context > 0 {
            for side in files.iter_mut().flatten() {
                side.drain(..context.min(side.len()));
                side.truncate(frames);
            }
        }
        files
    }
}

/// Multiplies each sample with its gain.
pub(super) fn scale(pair: &mut Pair, gains: &Pair) {
    for (side, gains) in pair.iter_mut().zip(gains) {
        for (x, gain) in side.iter_mut().zip(gains) {
            *x *= gain;
        }
    }
}
