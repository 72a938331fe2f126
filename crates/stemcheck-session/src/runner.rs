//! Executes jobs on open files. One per worker or thread; the buffers are bounded by the number of
//! files times `BLOCK_FRAMES`, never by length.

mod look;

use std::io;

pub use look::{By, Look, Seen, Subject};

use stemcheck_core::block::Block;
use stemcheck_core::measure::{FileMeter, FilePart, Stream as MeterStream, Word};
use stemcheck_core::null::{self, NullMeter, Windows};
use stemcheck_core::origin;
use stemcheck_core::song::{Facts, Format, Unreadable};
use stemcheck_decode::{Source, Stream};

use crate::job::{Job, JobResult, NullPlan, Segment, SegmentResult};
use crate::window;

/// Frames that are read of every file at a time.
const BLOCK_FRAMES: usize = 16_384;

/// The song's files, by index; each runner opens its own handles.
pub trait Library {
    /// Opens a file.
    ///
    /// # Errors
    /// What the file system or the browser says.
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>>;

    /// Tells that a few places of every file are read over and over from here on, or (`false`) no more.
    /// Worth a word where reading costs more than copying.
    fn read_over_and_over(&self, _begins: bool) {}
}

/// Open files and the buffers that a job needs.
pub struct Runner {
    library: Box<dyn Library>,
    sources: Vec<Option<Result<Source, Unreadable>>>,
}

impl Runner {
    /// A runner over a library; nothing is opened before it is needed.
    pub fn new(library: Box<dyn Library>) -> Self {
        Self { library, sources: Vec::new() }
    }

    /// Does one job.
    pub fn run(&mut self, job: &Job) -> JobResult {
        match job {
            Job::Probe { file } => JobResult::Probed { file: *file, facts: self.facts(*file) },
            Job::FindReference { files, sample_rate, frames } => {
                let mut windows = self.windows(files.clone(), None);
                let found = null::find_references(*sample_rate, *frames, files.len(), &mut windows);
                JobResult::References(
                    found.iter().filter_map(|&at| files.get(at)).copied().collect(),
                )
            }
            Job::Segment(segment) => JobResult::Measured(Box::new(self.measure(segment))),
            Job::Listen { file, starts, least_step } => {
                let excerpts: Vec<Block> = starts
                    .iter()
                    .filter_map(|&start| {
                        let mut excerpt = Block::default();
                        self.source(*file).ok()?.read(start, origin::EXCERPT, &mut excerpt).ok()?;
                        Some(excerpt)
                    })
                    .collect();
                let origin = origin::listen(&excerpts, *least_step);
                JobResult::Listened { file: *file, origin }
            }
            Job::Diagnose { null, setup, part } => {
                self.library.read_over_and_over(true);
                let mut windows = self.windows(null.stems.clone(), null.reference);
                let diagnosis = null::diagnose(setup, part, &mut windows);
                self.library.read_over_and_over(false);
                JobResult::Diagnosed(diagnosis)
            }
            Job::Verify { null, recipe, start, frames } => {
                let mut windows = self.windows(null.stems.clone(), null.reference);
                let (mut residual_energy, mut reference_energy) = (0.0, 0.0);
                let block = recipe.block_frames(BLOCK_FRAMES);
                for (at, length) in blocks_of(*start, start.saturating_add(*frames), block) {
                    let (residual, reference) = recipe.residual_energy(&mut windows, at, length);
                    residual_energy += residual;
                    reference_energy += reference;
                }
                JobResult::Verified { start: *start, residual_energy, reference_energy }
            }
        }
    }

    /// Passes the residual of the whole song to `sink`, block by block: stereo, at unity gain.
    ///
    /// # Errors
    /// The first error of a file or of the sink.
    pub fn difference(
        &mut self,
        plan: &NullPlan,
        sink: &mut dyn FnMut(&Block) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut lockstep = Lockstep::new(plan.stems.iter().copied().chain(plan.reference));
        let frames = lockstep.longest(self);
        let (mut sum, mut residual) = (Block::default(), Block::default());
        for (at, length) in blocks(0, frames) {
            for file in 0..lockstep.files.len() {
                lockstep.read(self, file, at, length).map_err(|error| {
                    io::Error::new(io::ErrorKind::InvalidData, explain(&error).to_owned())
                })?;
            }
            let (stems, reference) = lockstep.split(plan);
            null::sum(&stems, reference, at, length, &mut sum, &mut residual);
            sink(&residual)?;
        }
        Ok(())
    }

    fn facts(&mut self, file: usize) -> Facts {
        match self.source(file) {
            Ok(source) => source.facts(),
            Err(error) => Facts::unreadable(error),
        }
    }

    fn source(&mut self, file: usize) -> Result<&mut Source, Unreadable> {
        if self.sources.len() <= file {
            self.sources.resize_with(file + 1, || None);
        }
        let library = &self.library;
        self.sources[file]
            .get_or_insert_with(|| {
                let stream = library.open(file).map_err(|error| {
                    Unreadable::Damaged(format!("the file could not be opened: {error}"))
                })?;
                Source::open(stream)
            })
            .as_mut()
            .map_err(|error| error.clone())
    }

    fn format(&mut self, file: usize) -> Option<Format> {
        self.source(file).ok().map(|source| source.format().clone())
    }

    fn windows(&mut self, stems: Vec<usize>, reference: Option<usize>) -> RunnerWindows<'_> {
        RunnerWindows { runner: self, stems, reference, scratch: Block::default() }
    }

    fn measure(&mut self, segment: &Segment) -> SegmentResult {
        let mut result = SegmentResult { index: segment.index, ..SegmentResult::default() };
        if let Some(plan) = &segment.null {
            self.measure_together(segment, plan, &mut result);
        }
        for &file in &segment.files {
            let together = segment.null.as_ref().is_some_and(|plan| plan.holds(file));
            if !together && let Some(part) = self.measure_alone(segment, file) {
                result.files.push((file, part));
            }
        }
        result.files.sort_by_key(|(file, _)| *file);
        result
    }

    /// Measures a file that is not part of the sum. `None` if it ends before the segment.
    fn measure_alone(
        &mut self,
        segment: &Segment,
        file: usize,
    ) -> Option<Result<FilePart, Unreadable>> {
        let format = self.format(file)?;
        let (start, end) = segment.frames(format.sample_rate, format.frames);
        (start < end).then(|| {
            let source = self.source(file)?;
            let mut meter = FileMeter::new(stream_of(&format), start);
            let mut block = Block::default();
            for (at, length) in blocks(pre_roll_start(start, format.sample_rate), start) {
                source.read(at, length, &mut block)?;
                meter.warm_up(&block);
            }
            for (at, length) in blocks(start, end) {
                source.read(at, length, &mut block)?;
                meter.push(&block);
            }
            Ok(meter.finish())
        })
    }

    /// Measures the stems and the reference in lockstep, with their sum and the residual.
    fn measure_together(&mut self, segment: &Segment, plan: &NullPlan, result: &mut SegmentResult) {
        let rate = plan.sample_rate;
        let files = plan.stems.iter().copied().chain(plan.reference).chain(plan.second);
        let mut lockstep = Lockstep::new(files);
        let (start, end) = segment.frames(rate, lockstep.longest(self));
        if start >= end {
            return;
        }
        let mixed = MeterStream { sample_rate: rate, channels: 2, word: Word::Float };
        let mut meters: Vec<Option<FileMeter>> = lockstep
            .files
            .iter()
            .map(|&file| {
                let format = self.format(file).filter(|format| start < format.frames)?;
                let measured = segment.files.contains(&file);
                measured.then(|| FileMeter::new(stream_of(&format), start))
            })
            .collect();
        let mut sum_meter = (!segment.residual_alone).then(|| FileMeter::of_levels(mixed, start));
        let mut residual_meter = FileMeter::of_levels(mixed, start);
        let mut null_meter = NullMeter::new(rate, plan.stems.len(), start);
        let mut errors: Vec<Option<Unreadable>> = vec![None; lockstep.files.len()];
        let (mut sum, mut residual) = (Block::default(), Block::default());
        let silence = Block::default();

        let warm = blocks(pre_roll_start(start, rate), start).map(|block| (block, true));
        for ((at, length), warming) in warm.chain(blocks(start, end).map(|block| (block, false))) {
            for (slot, meter) in meters.iter_mut().enumerate() {
                if errors[slot].is_none() {
                    errors[slot] = lockstep.read(self, slot, at, length).err();
                }
                match meter {
                    Some(meter) if warming => meter.warm_up(&lockstep.blocks[slot]),
                    Some(meter) => meter.push(&lockstep.blocks[slot]),
                    None => {}
                }
                pad(&mut lockstep.blocks[slot], at, length);
            }
            let (stems, reference) = lockstep.split(plan);
            null::sum(&stems, reference, at, length, &mut sum, &mut residual);
            match &mut sum_meter {
                Some(meter) if warming => meter.warm_up(&sum),
                Some(meter) => meter.push(&sum),
                None => {}
            }
            if !warming {
                // Without a reference the stems are compared with each other.
                null_meter.push(&stems, reference.unwrap_or(&silence), &residual);
                if let (Some(reference), Some(second)) = (reference, lockstep.second(plan)) {
                    null_meter.push_second(reference, second, at, length);
                }
            }
            if reference.is_none() {
                continue;
            }
            if warming {
                residual_meter.warm_up(&residual);
            } else {
                residual_meter.push(&residual);
            }
        }

        for ((&file, meter), error) in lockstep.files.iter().zip(meters).zip(errors) {
            match (meter, error) {
                (_, Some(error)) => result.files.push((file, Err(error))),
                (Some(meter), None) => result.files.push((file, Ok(meter.finish()))),
                (None, None) => {}
            }
        }
        result.sum = sum_meter.map(FileMeter::finish);
        if plan.reference.is_some() {
            result.residual = Some(residual_meter.finish());
        }
        result.null = Some(null_meter.finish());
    }
}

/// Files that are read side by side: one block each, stems first, then the reference, then what may
/// be a second render of it.
struct Lockstep {
    files: Vec<usize>,
    blocks: Vec<Block>,
}

impl Lockstep {
    fn new(files: impl Iterator<Item = usize>) -> Self {
        let files: Vec<usize> = files.collect();
        let blocks = vec![Block::default(); files.len()];
        Self { files, blocks }
    }

    fn longest(&self, runner: &mut Runner) -> u64 {
        self.files
            .iter()
            .filter_map(|&file| runner.format(file))
            .map(|format| format.frames)
            .max()
            .unwrap_or(0)
    }

    /// Reads the next block of one file; what failed is silent.
    fn read(
        &mut self,
        runner: &mut Runner,
        slot: usize,
        at: u64,
        length: usize,
    ) -> Result<(), Unreadable> {
        let block = &mut self.blocks[slot];
        let read =
            runner.source(self.files[slot]).and_then(|source| source.read(at, length, block));
        if read.is_err() {
            block.reset(at, 2, 0);
        }
        read
    }

    fn split(&self, plan: &NullPlan) -> (Vec<&Block>, Option<&Block>) {
        let stems = self.blocks.iter().take(plan.stems.len()).collect();
        (stems, plan.reference.and(self.blocks.get(plan.stems.len())))
    }

    fn second(&self, plan: &NullPlan) -> Option<&Block> {
        plan.second.and(self.blocks.get(plan.stems.len() + 1))
    }
}

/// [`Windows`] over a runner's sources.
struct RunnerWindows<'a> {
    runner: &'a mut Runner,
    stems: Vec<usize>,
    reference: Option<usize>,
    scratch: Block,
}

impl Windows for RunnerWindows<'_> {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        let file = match stem {
            Some(stem) => self.stems.get(stem).copied(),
            None => self.reference,
        };
        let source = file.and_then(|file| self.runner.source(file).ok());
        window::read(source, start, frames, &mut self.scratch, out);
    }
}

impl Segment {
    /// First frame and frame after the last one, in a file of `frames` frames.
    fn frames(&self, sample_rate: u32, frames: u64) -> (u64, u64) {
        let at = |seconds: f64| ((seconds * f64::from(sample_rate)).ceil() as u64).min(frames);
        (at(self.start_s), at(self.end_s))
    }
}

fn stream_of(format: &Format) -> MeterStream {
    MeterStream { sample_rate: format.sample_rate, channels: format.channels, word: format.word() }
}

/// `(start, length)` of each block between two frames.
fn blocks(start: u64, end: u64) -> impl Iterator<Item = (u64, usize)> {
    blocks_of(start, end, BLOCK_FRAMES)
}

fn blocks_of(start: u64, end: u64, frames: usize) -> impl Iterator<Item = (u64, usize)> {
    (start..end).step_by(frames).map(move |at| (at, (end - at).min(frames as u64) as usize))
}

fn pre_roll_start(start: u64, sample_rate: u32) -> u64 {
    start.saturating_sub(FileMeter::pre_roll(sample_rate))
}

/// Fills a block that its file could not fill with silence.
fn pad(block: &mut Block, at: u64, length: usize) {
    if block.channels.is_empty() {
        block.reset(at, 2, length);
    }
    for channel in &mut block.channels {
        channel.resize(length, 0.0);
    }
    for channel in &mut block.fine {
        channel.resize(length, 0.0);
    }
}

/// The sentence behind an error.
pub(crate) fn explain(error: &Unreadable) -> &str {
    match error {
        Unreadable::Damaged(why) | Unreadable::Unsupported(why) | Unreadable::Empty(why) => why,
    }
}
