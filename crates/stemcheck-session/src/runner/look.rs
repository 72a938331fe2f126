//! What a sound looks like up close: a stretch of the samples themselves, reduced to columns of
//! amplitudes or of levels by frequency, for zooms finer than the overview that an examination keeps.
//! Bounded by [`Look::MOST_FRAMES`], however much is asked for. Draws nothing and remembers nothing.

use serde::{Deserialize, Serialize};
use stemcheck_core::block::Block;
use stemcheck_core::null;
use stemcheck_core::spectrum::close_up::CloseUp;

use super::{Lockstep, Runner, pad};
use crate::job::NullPlan;

/// Whose samples are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A file, by index.
    File(usize),
    /// The sum of the stems minus the reference.
    Residual(NullPlan),
}

/// How it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum By {
    /// Extremes and power of each column.
    Amplitude,
    /// Levels between two frequencies in Hz.
    Frequency([f64; 2]),
}

/// A stretch to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Whose.
    pub subject: Subject,
    /// How.
    pub by: By,
    /// First frame.
    pub start: u64,
    /// Frames of a column, at least 1.
    pub step: u32,
    /// Number of columns.
    pub columns: u32,
}

impl Look {
    /// Most frames that are read for one look; more is cut off.
    pub const MOST_FRAMES: u64 = 1 << 17;

    fn frames(&self) -> usize {
        let wanted = u64::from(self.step.max(1)) * u64::from(self.columns);
        wanted.min(Self::MOST_FRAMES) as usize
    }
}

/// What is to be seen there; shorter than asked for where the file ends, empty if it cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Smallest sample of each column, all channels together.
    pub min: Vec<f32>,
    /// Largest sample of each column.
    pub max: Vec<f32>,
    /// Mean square of each column.
    pub power: Vec<f32>,
    /// The first two channels, sample by sample, where a column is one frame.
    pub channels: Vec<Vec<f32>>,
    /// By frequency instead: [`CloseUp::ROWS`] levels of each column.
    pub levels: Vec<u8>,
}

impl Runner {
    /// Reads a stretch and reduces it. What cannot be read is left out; why is the report's to say.
    pub fn look(&mut self, look: &Look) -> Seen {
        let step = look.step.max(1) as usize;
        match look.by {
            By::Amplitude => {
                let block = self.stretch(&look.subject, look.start, look.frames());
                block.map_or_else(Seen::default, |block| reduce(&block, step))
            }
            By::Frequency(edges_hz) => {
                let levels = self.levels(look, step, edges_hz);
                Seen { levels: levels.unwrap_or_default(), ..Seen::default() }
            }
        }
    }

    /// The samples from `start` on, as many as there are.
    fn stretch(&mut self, subject: &Subject, start: u64, frames: usize) -> Option<Block> {
        match subject {
            Subject::File(file) => {
                let mut block = Block::default();
                self.source(*file).ok()?.read(start, frames, &mut block).ok()?;
                Some(block)
            }
            Subject::Residual(plan) => Some(self.residual(plan, start, frames)),
        }
    }

    fn levels(&mut self, look: &Look, step: usize, edges_hz: [f64; 2]) -> Option<Vec<u8>> {
        let sample_rate = match &look.subject {
            Subject::File(file) => self.format(*file)?.sample_rate,
            Subject::Residual(plan) => plan.sample_rate,
        };
        // What is cut off is no column.
        let step = step.min(Look::MOST_FRAMES as usize);
        let mut close = CloseUp::new(sample_rate, step, edges_hz);
        let margin = close.margin();
        let before = (look.start.min(margin as u64)) as usize;
        let wanted = look.frames() + before + margin;
        let mut block = self.stretch(&look.subject, look.start - before as u64, wanted)?;
        let there = block.frames().saturating_sub(before).min(look.frames());
        for channel in &mut block.channels {
            channel.splice(0..0, std::iter::repeat_n(0.0, margin - before));
        }
        Some(close.draw(&block, there.div_ceil(step)))
    }

    fn residual(&mut self, plan: &NullPlan, start: u64, frames: usize) -> Block {
        let mut lockstep = Lockstep::new(plan.stems.iter().copied().chain(plan.reference));
        let left = lockstep.longest(self).saturating_sub(start);
        let frames = left.min(frames as u64) as usize;
        for slot in 0..lockstep.files.len() {
            // Silent, as it is in the sum.
            let _ = lockstep.read(self, slot, start, frames);
            pad(&mut lockstep.blocks[slot], start, frames);
        }
        let (mut sum, mut residual) = (Block::default(), Block::default());
        let (stems, reference) = lockstep.split(plan);
        null::sum(&stems, reference, start, frames, &mut sum, &mut residual);
        residual
    }
}

/// What is not a finite number counts as silence.
fn reduce(block: &Block, step: usize) -> Seen {
    let sound = |sample: f32| if sample.is_finite() { sample } else { 0.0 };
    let frames = block.channels.iter().map(Vec::len).min().unwrap_or(0);
    let mut seen = Seen::default();
    for from in (0..frames).step_by(step) {
        let to = (from + step).min(frames);
        let (mut min, mut max, mut energy) = (f32::INFINITY, f32::NEG_INFINITY, 0.0f64);
        for channel in &block.channels {
            for sample in channel.get(from..to).unwrap_or_default() {
                let sample = sound(*sample);
                min = min.min(sample);
                max = max.max(sample);
                energy += f64::from(sample) * f64::from(sample);
            }
        }
        let count = (to - from) * block.channels.len();
        seen.min.push(min);
        seen.max.push(max);
        seen.power.push((energy / count as f64) as f32);
    }
    if step == 1 {
        let samples = |channel: &Vec<f32>| channel.iter().map(|sample| sound(*sample)).collect();
        seen.channels = block.channels.iter().take(2).map(samples).collect();
    }
    seen
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use super::*;
    use crate::{Library, demo};
    use stemcheck_decode::Stream;

    struct Demo(Vec<Vec<u8>>);

    impl Library for Demo {
        fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
            let bytes = self.0.get(file).ok_or(io::ErrorKind::NotFound)?;
            Ok(Box::new(Cursor::new(bytes.clone())))
        }
    }

    fn runner(faults: &[&str]) -> (Runner, NullPlan) {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let files = demo::files(&faults).expect("a demo song");
        let is_mix = |name: &str| name.to_lowercase().contains("mix");
        let reference = files.iter().position(|file| is_mix(&file.name));
        let stems = (0..files.len()).filter(|file| Some(*file) != reference).collect();
        let library = Demo(files.into_iter().map(|file| file.bytes).collect());
        let plan = NullPlan { stems, reference, second: None, sample_rate: 48_000 };
        (Runner::new(Box::new(library)), plan)
    }

    fn look(subject: Subject, step: u32, columns: u32) -> Look {
        Look { subject, by: By::Amplitude, start: 480_000, step, columns }
    }

    fn by_frequency(subject: Subject, start: u64, step: u32, columns: u32) -> Look {
        Look { subject, by: By::Frequency([50.0, 12_800.0]), start, step, columns }
    }

    #[test]
    fn columns_hold_the_extremes_of_their_samples() {
        let (mut runner, _) = runner(&[]);
        let fine = runner.look(&look(Subject::File(0), 1, 640));
        let coarse = runner.look(&look(Subject::File(0), 64, 10));
        assert_eq!((fine.max.len(), coarse.max.len()), (640, 10));
        assert_eq!(fine.channels.len(), 2);
        assert!(coarse.channels.is_empty());
        for (column, samples) in fine.max.chunks(64).enumerate() {
            let largest = samples.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            assert_eq!(coarse.max[column], largest);
        }
        assert!(coarse.max.iter().any(|peak| *peak > 0.0), "there is music");
    }

    #[test]
    fn the_residual_is_what_does_not_cancel() {
        let loudest = |seen: &Seen| seen.max.iter().copied().fold(0.0, f32::max);
        let (mut clean, plan) = runner(&[]);
        let nothing = clean.look(&look(Subject::Residual(plan), 8, 2048));
        assert_eq!(nothing.max.len(), 2048);
        assert!(loudest(&nothing) < 1e-5);
        let (mut faulty, plan) = runner(&["late-stem"]);
        assert!(loudest(&faulty.look(&look(Subject::Residual(plan), 8, 2048))) > 1e-3);
    }

    #[test]
    fn however_much_is_asked_for_little_is_read() {
        let (mut runner, plan) = runner(&[]);
        let greedy = |subject| Look {
            subject,
            by: By::Amplitude,
            start: 0,
            step: u32::MAX,
            columns: u32::MAX,
        };
        assert_eq!(runner.look(&greedy(Subject::File(0))).max.len(), 1);
        assert_eq!(runner.look(&greedy(Subject::Residual(plan.clone()))).max.len(), 1);
        let past = |subject| Look { start: u64::MAX / 16, ..look(subject, 1, 100) };
        assert!(runner.look(&past(Subject::File(0))).max.is_empty());
        assert!(runner.look(&past(Subject::Residual(plan))).max.is_empty());
        assert!(runner.look(&past(Subject::File(99))).max.is_empty());
        let nothing = Look { start: 0, ..look(Subject::File(0), 0, 3) };
        assert_eq!(runner.look(&nothing).max.len(), 3);
    }

    #[test]
    fn the_residual_by_frequency_is_the_same_however_it_is_cut() {
        let (mut runner, plan) = runner(&["late-stem"]);
        let residual = || Subject::Residual(plan.clone());
        let whole = runner.look(&by_frequency(residual(), 480_000, 64, 100)).levels;
        assert_eq!(whole.len(), 100 * CloseUp::ROWS);
        assert!(whole.iter().any(|level| *level > 100), "something is left");
        let mut cut = runner.look(&by_frequency(residual(), 480_000, 64, 40)).levels;
        cut.extend(runner.look(&by_frequency(residual(), 480_000 + 40 * 64, 64, 60)).levels);
        assert_eq!(cut, whole);
        // At the song's very start there is nothing before the first column, and none after its end.
        let first = runner.look(&by_frequency(residual(), 0, 64, 10)).levels;
        assert_eq!(first.len(), 10 * CloseUp::ROWS);
        let frames = runner.format(0).map_or(0, |format| format.frames);
        let last = runner.look(&by_frequency(Subject::File(0), frames - 100, 64, 10)).levels;
        assert_eq!(last.len(), 2 * CloseUp::ROWS);
        assert!(runner.look(&by_frequency(residual(), frames * 9, 64, 10)).levels.is_empty());
        assert!(runner.look(&by_frequency(Subject::File(99), 0, 64, 10)).levels.is_empty());
        let greedy = by_frequency(residual(), 0, u32::MAX, u32::MAX);
        assert_eq!(runner.look(&greedy).levels.len(), CloseUp::ROWS);
    }
}
