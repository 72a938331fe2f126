//! Runs every meter over the blocks of one segment. Decides in which order samples are looked at,
//! and what may be skipped; what is measured, each meter decides.

use super::Stream;
use super::lanes::{self, largest};
use super::loudness::{self, Weighting};
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
    weighting: Weighting,
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
            weighting: Weighting::new(stream.sample_rate, stream.channels),
        }
    }

    /// Runs the filters over frames before the segment, without counting them.
    pub fn warm_up(&mut self, block: &Block) {
        let clean = (!is_finite(block)).then(|| without_invalid(block));
        let block = clean.as_ref().unwrap_or(block);
        self.weighting.energy(block, &(0..block.frames()));
        for (part, samples) in self.part.channels.iter_mut().zip(&block.channels) {
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
            let (mut min, mut max, mut column_energy) = (f32::INFINITY, f32::NEG_INFINITY, 0.0);
            for (part, samples) in channels.iter_mut().zip(&block.channels) {
                let samples = &samples[piece.clone()];
                let (sum, energy) = lanes::moments(samples);
                part.sum += sum;
                part.energy += energy;
                column_energy += energy;
                let (smallest, largest) = lanes::extremes(samples);
                min = min.min(smallest);
                max = max.max(largest);
            }
            let samples = piece.len() * block.channels.len();
            let power = (column_energy / samples as f64) as f32;
            let before = *start + piece.start as u64 - grid.start(k).max(*first);
            let column = Column { min, max, power };
            waveform.push(k, column, before, piece.len() as u64);
        }
    }

    /// K-weighted energies, window by window.
    fn weigh(&mut self, block: &Block) {
        let FilePart { end: start, energies, stream, .. } = &mut self.part;
        for (k, piece) in loudness::grid(stream.sample_rate).pieces(*start, block.frames()) {
            energies.add(k, self.weighting.energy(block, &piece));
        }
    }
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
