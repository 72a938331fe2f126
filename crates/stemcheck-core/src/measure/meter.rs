//! Runs every meter over the blocks of one segment. Decides in which order samples are looked at,
//! and what may be skipped; what is measured, each meter decides.

use super::Stream;
use super::loudness::{self, KWeighting};
use super::part::FilePart;
use super::runs::Kinds;
use super::silence::{Extent, SOUND};
use super::true_peak::{Interpolator, MEMORY};
use super::waveform::{Column, Waveform};
use super::word::Fingerprint;
use crate::block::Block;

/// Every meter of one file over one segment.
#[derive(Debug)]
pub struct FileMeter {
    part: FilePart,
    kinds: Kinds,
    interpolator: Interpolator,
    filters: Vec<KWeighting>,
}

impl FileMeter {
    /// Frames before a segment that [`Self::warm_up`] wants to see (fewer only at the file's start).
    /// Half a second: the high-pass of the loudness meter, the slowest filter, has then forgotten
    /// what was before to 1 part in 10⁵⁰.
    pub fn pre_roll(sample_rate: u32) -> u64 {
        (u64::from(sample_rate) / 2).max(MEMORY as u64)
    }

    /// A meter for the segment that starts at frame `start`.
    pub fn new(stream: Stream, start: u64) -> Self {
        Self {
            part: FilePart::new(stream, start),
            kinds: Kinds::new(stream.word),
            interpolator: Interpolator::new(stream.sample_rate),
            filters: vec![KWeighting::new(stream.sample_rate); stream.channels.into()],
        }
    }

    /// Runs the filters over frames before the segment, without counting them.
    pub fn warm_up(&mut self, block: &Block) {
        let clean = (!is_finite(block)).then(|| without_invalid(block));
        let block = clean.as_ref().unwrap_or(block);
        let channels = self.part.channels.iter_mut().zip(&mut self.filters).zip(&block.channels);
        for ((part, filter), samples) in channels {
            filter.energy(samples);
            let kept = samples.len().min(MEMORY);
            part.memory.copy_within(kept.., 0);
            part.memory[MEMORY - kept..].copy_from_slice(&samples[samples.len() - kept..]);
        }
    }

    /// Measures the next frames of the segment, in order, in blocks of any size.
    pub fn push(&mut self, block: &Block) {
        if is_finite(block) {
            for part in &mut self.part.channels {
                part.invalid.push_none(block.frames());
            }
            self.measure(block);
        } else {
            for (part, samples) in self.part.channels.iter_mut().zip(&block.channels) {
                part.invalid.push(samples, Kinds::invalid);
            }
            self.measure(&without_invalid(block));
        }
    }

    /// The segment's part of the measurement.
    pub fn finish(self) -> FilePart {
        self.part
    }

    /// Every meter but that of invalid samples, which are zeros from here on.
    fn measure(&mut self, block: &Block) {
        for (c, samples) in block.channels.iter().enumerate().take(self.part.channels.len()) {
            self.measure_channel(c, samples);
            self.read_exactly(c, block);
        }
        self.draw(block);
        self.weigh(block);
        if let Some(stereo) = &mut self.part.stereo {
            stereo.push(block, self.part.end, self.part.stream.sample_rate);
        }
        self.part.end += block.frames() as u64;
    }

    /// True peak, runs and silence of channel `c`.
    fn measure_channel(&mut self, c: usize, samples: &[f32]) {
        let FilePart { end: start, channels, nonzero, sound, .. } = &mut self.part;
        let Some(part) = channels.get_mut(c) else { return };
        let loudest = largest(samples);
        // No true peak is below the samples: the filter need not look for less.
        let floor = part.true_peak.max(loudest);
        part.true_peak = self.interpolator.peak(&mut part.memory, samples, floor);
        if loudest < self.kinds.full_scale {
            part.clipping.push_none(samples.len());
            part.over.push_none(samples.len());
        } else {
            part.clipping.push(samples, |x| self.kinds.clipped(x));
            part.over.push(samples, |x| self.kinds.over(x));
        }
        for (extent, level) in [(nonzero, 0.0), (sound, SOUND)] {
            if loudest > level {
                *extent = extent.join(Extent::of(samples, *start, level));
            }
        }
    }

    /// Peak, step and fingerprint of channel `c`: those of the exact samples.
    fn read_exactly(&mut self, c: usize, block: &Block) {
        let FilePart { end: start, channels, step, fingerprint, .. } = &mut self.part;
        let Some(part) = channels.get_mut(c) else { return };
        let place = |i| Fingerprint::place(*start + i as u64, c as u16);
        if block.fine.is_empty() {
            let samples = &block.channels[c];
            part.peak = part.peak.max(largest(samples).into());
            let exact = samples.iter().map(|&x| f64::from(x));
            step.push(exact.clone());
            fingerprint.push(exact, place);
        } else {
            let exact = (0..block.frames()).map(|i| block.sample(c, i));
            part.peak = exact.clone().map(f64::abs).fold(part.peak, f64::max);
            step.push(exact.clone());
            fingerprint.push(exact, place);
        }
    }

    /// Extremes, power and mean, column by column.
    fn draw(&mut self, block: &Block) {
        let FilePart { start: first, end: start, channels, waveform, .. } = &mut self.part;
        let grid = Waveform::grid();
        for (k, piece) in grid.pieces(*start, block.frames()) {
            let mut all = Sums::default();
            for (part, samples) in channels.iter_mut().zip(&block.channels) {
                let sums = Sums::of(&samples[piece.clone()]);
                part.sum += sums.sum;
                part.energy += sums.energy;
                all.energy += sums.energy;
                all.min = all.min.min(sums.min);
                all.max = all.max.max(sums.max);
            }
            let samples = piece.len() * block.channels.len();
            let power = (all.energy / samples as f64) as f32;
            let before = *start + piece.start as u64 - grid.start(k).max(*first);
            let column = Column { min: all.min, max: all.max, power };
            waveform.push(k, column, before, piece.len() as u64);
        }
    }

    /// K-weighted energies, window by window.
    fn weigh(&mut self, block: &Block) {
        let FilePart { end: start, energies, stream, .. } = &mut self.part;
        let count = self.filters.len();
        for (k, piece) in loudness::grid(stream.sample_rate).pieces(*start, block.frames()) {
            let mut energy = 0.0;
            for (c, (filter, samples)) in self.filters.iter_mut().zip(&block.channels).enumerate() {
                energy += loudness::weight(c, count) * filter.energy(&samples[piece.clone()]);
            }
            energies.add(k, energy);
        }
    }
}

/// Sums of a few samples.
#[derive(Debug, Clone, Copy)]
struct Sums {
    min: f32,
    max: f32,
    sum: f64,
    energy: f64,
}

impl Default for Sums {
    fn default() -> Self {
        Self { min: f32::INFINITY, max: f32::NEG_INFINITY, sum: 0.0, energy: 0.0 }
    }
}

impl Sums {
    fn of(samples: &[f32]) -> Self {
        // Independent sums, which the processor can add side by side.
        const LANES: usize = 4;
        let Self { min, max, .. } = Self::default();
        let (mut min, mut max) = ([min; LANES], [max; LANES]);
        let (mut sum, mut energy) = ([0.0; LANES], [0.0; LANES]);
        for lanes in samples.chunks(LANES) {
            for (i, &x) in lanes.iter().enumerate() {
                // Plain comparison: the samples are finite, and `f32::min` would look after NaN.
                min[i] = if x < min[i] { x } else { min[i] };
                max[i] = if x > max[i] { x } else { max[i] };
                let x = f64::from(x);
                sum[i] += x;
                energy[i] += x * x;
            }
        }
        Self {
            min: min.into_iter().fold(f32::INFINITY, f32::min),
            max: max.into_iter().fold(f32::NEG_INFINITY, f32::max),
            sum: sum.iter().sum(),
            energy: energy.iter().sum(),
        }
    }
}

/// Largest absolute value, infinite or NaN if any sample is: as bits they order alike, and whole
/// numbers compare fastest.
fn largest(samples: &[f32]) -> f32 {
    let magnitude = |x: &f32| (x.to_bits() & 0x7fff_ffff) as i32;
    f32::from_bits(samples.iter().map(magnitude).fold(0, i32::max) as u32)
}

fn is_finite(block: &Block) -> bool {
    block.channels.iter().all(|samples| largest(samples).is_finite())
}

/// The block with zeros where a sample is no number or infinite.
fn without_invalid(block: &Block) -> Block {
    let mut clean = block.clone();
    for (c, samples) in clean.channels.iter_mut().enumerate() {
        for (i, x) in samples.iter_mut().enumerate().filter(|(_, x)| !x.is_finite()) {
            *x = 0.0;
            if let Some(fine) = clean.fine.get_mut(c).and_then(|fine| fine.get_mut(i)) {
                *fine = 0.0;
            }
        }
    }
    clean
}
