//! Runs every meter over the blocks of one segment. Decides in which order samples are looked at,
//! and what may be skipped; what is measured, each meter decides.

use super::Stream;
use super::ceiling::CeilingMeter;
use super::dynamics::Loudest;
use super::lanes::{self, largest};
use super::lookaround::LookAround;
use super::loudness::{self, Weighting};
use super::low::LowMeter;
use super::mono::LowEnd;
use super::occupancy::Occupancy;
use super::part::FilePart;
use super::runs::Kinds;
use super::silence::{Extent, SOUND};
use super::true_peak::{Interpolator, MEMORY};
use super::waveform::{Column, Waveform};
use crate::block::Block;

/// One of the meters that a block goes through.
#[derive(Debug)]
pub struct Meter {
    /// What the benchmarks call it.
    pub name: &'static str,
    run: fn(&mut FileMeter, &Block),
}

/// Every meter of finite samples. None depends on another.
pub const METERS: &[Meter] = &[
    Meter { name: "true peak", run: FileMeter::true_peak },
    Meter { name: "runs, silence", run: FileMeter::runs },
    Meter { name: "edges", run: FileMeter::edges },
    Meter { name: "word, fingerprint", run: FileMeter::word },
    Meter { name: "waveform, power", run: FileMeter::waveform },
    Meter { name: "loudness", run: FileMeter::loudness },
    Meter { name: "stereo", run: FileMeter::stereo },
    Meter { name: "spectrum", run: FileMeter::spectrum },
    Meter { name: "window peaks", run: FileMeter::peaks },
    Meter { name: "occupancy", run: FileMeter::occupancy },
    Meter { name: "low end", run: FileMeter::low },
    Meter { name: "tops, places", run: FileMeter::look_around },
];

/// Every meter of one file over one segment.
#[derive(Debug)]
pub struct FileMeter {
    part: FilePart,
    kinds: Kinds,
    interpolator: Interpolator,
    weighting: Weighting,
    ceiling: CeilingMeter,
    low_end: LowEnd,
    /// `None` for what is no file, as the next one.
    low: Option<LowMeter>,
    /// `None` for what is no file: nobody asks where a sum clicks.
    around: Option<LookAround>,
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
            ceiling: CeilingMeter::new(stream.sample_rate),
            low_end: LowEnd::new(stream.sample_rate),
            low: Some(LowMeter::new(stream.sample_rate)),
            around: Some(LookAround::new(stream)),
        }
    }

    /// The same for a sum or a residual, of which levels are asked but not where it clicks or what
    /// bits it once had.
    pub fn of_levels(stream: Stream, start: u64) -> Self {
        let mut meter = Self { around: None, low: None, ..Self::new(stream, start) };
        meter.part.occupancy = Occupancy::Dense;
        meter
    }

    /// Runs the filters over frames before the segment, without counting them.
    pub fn warm_up(&mut self, block: &Block) {
        let clean = (!is_finite(block)).then(|| without_invalid(block));
        let block = clean.as_ref().unwrap_or(block);
        self.weighting.energy(block, &(0..block.frames()));
        self.ceiling.push(block, block.start, None);
        self.low_end.push(block, block.start, None);
        if let Some(low) = &mut self.low {
            low.push(block, block.start, None);
        }
        if let Some(around) = &mut self.around {
            around.warm_up(block);
        }
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
        for meter in METERS {
            (meter.run)(self, block);
        }
        self.part.end += block.frames() as u64;
    }

    /// As [`Self::push`], but runs one meter alone: what the benchmarks time. Samples must be finite.
    pub fn push_one(&mut self, meter: &Meter, block: &Block) {
        (meter.run)(self, block);
        self.part.end += block.frames() as u64;
    }

    fn true_peak(&mut self, block: &Block) {
        for (part, samples) in self.part.channels.iter_mut().zip(&block.channels) {
            // No true peak is below the samples: the filter need not look for less.
            let floor = part.true_peak.max(largest(samples));
            part.true_peak = self.interpolator.peak(&mut part.memory, samples, floor);
        }
    }

    /// Runs at and beyond full scale; where sound begins and ends.
    fn runs(&mut self, block: &Block) {
        let FilePart { end: start, channels, nonzero, sound, .. } = &mut self.part;
        for (part, samples) in channels.iter_mut().zip(&block.channels) {
            let loudest = largest(samples);
            if loudest < self.kinds.full_scale {
                part.clipping.push_none(samples.len());
                part.over.push_none(samples.len());
            } else {
                part.clipping.push(samples, |x| self.kinds.clipped(x));
                part.over.push(samples, |x| self.kinds.over(x));
            }
            for (extent, level) in [(&mut *nonzero, 0.0), (&mut *sound, SOUND)] {
                if loudest > level {
                    *extent = extent.join(Extent::of(samples, *start, level));
                }
            }
        }
    }

    /// The first and the last moment.
    fn edges(&mut self, block: &Block) {
        let FilePart { end: start, edges, stream, .. } = &mut self.part;
        edges.push(block, *start, stream.sample_rate);
    }

    /// Peak, step and fingerprint: those of the exact samples.
    fn word(&mut self, block: &Block) {
        let FilePart { end: start, channels, step, fingerprint, .. } = &mut self.part;
        for (c, (part, samples)) in channels.iter_mut().zip(&block.channels).enumerate() {
            fingerprint.push(samples, *start, c as u16);
            if let Some(fine) = block.fine.get(c) {
                fingerprint.push_fine(fine, *start, c as u16);
                let exact = (0..samples.len()).map(|i| block.sample(c, i));
                part.peak = exact.clone().map(f64::abs).fold(part.peak, f64::max);
                step.push(exact);
            } else {
                part.peak = part.peak.max(largest(samples).into());
                step.push(samples.iter().map(|&x| f64::from(x)));
            }
        }
    }

    /// Extremes, power and mean, column by column.
    fn waveform(&mut self, block: &Block) {
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
    fn loudness(&mut self, block: &Block) {
        let FilePart { end: start, energies, mono, stream, .. } = &mut self.part;
        for (k, piece) in loudness::grid(stream.sample_rate).pieces(*start, block.frames()) {
            let (energy, sides) = self.weighting.energy(block, &piece);
            energies.add(k, energy);
            if let Some(mono) = mono {
                mono.weighted.add(sides);
            }
        }
    }

    /// How the first two channels relate.
    fn stereo(&mut self, block: &Block) {
        if let Some(stereo) = &mut self.part.stereo {
            stereo.push(block, self.part.end, self.part.stream.sample_rate);
        }
        self.low_end.push(block, self.part.end, self.part.mono.as_mut());
    }

    /// Where the spectrum ends.
    fn spectrum(&mut self, block: &Block) {
        self.ceiling.push(block, self.part.end, Some(&mut self.part.ceiling));
    }

    /// Peaks of the windows of loudness.
    fn peaks(&mut self, block: &Block) {
        let FilePart { end: start, peaks, stream, .. } = &mut self.part;
        for (k, piece) in loudness::grid(stream.sample_rate).pieces(*start, block.frames()) {
            let channels = block.channels.iter().map(|samples| largest(&samples[piece.clone()]));
            peaks.add(k, Loudest(channels.fold(0.0, f32::max)));
        }
    }

    /// Which codes occur.
    fn occupancy(&mut self, block: &Block) {
        block.channels.iter().for_each(|samples| self.part.occupancy.push(samples));
    }

    /// The low end as samples.
    fn low(&mut self, block: &Block) {
        if let Some(low) = &mut self.low {
            low.push(block, self.part.end, Some(&mut self.part.low));
        }
    }

    /// What shows only beside what comes before and after.
    fn look_around(&mut self, block: &Block) {
        if let Some(around) = &mut self.around {
            around.push(block, self.part.end, &mut self.part.found);
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
