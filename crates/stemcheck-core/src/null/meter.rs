//! What one pass over the song keeps for the diagnosis. Everything here is a sum over frames, so
//! segments simply add up: no filter, no pre-roll, no open ends.

use std::ops::Range;

use super::repeat::{RepeatMeter, RepeatPart};
use super::signature::{Grid, Signature, SignatureMeter, to_mono};
use super::sum::{LARGEST_SAMPLE, add_side};
use crate::block::Block;
use crate::measure::lanes::{largest, product};
use crate::spectrum::{Complex, Fourier};

/// What the diagnosis needs of one segment; joins with its neighbour.
#[derive(Debug)]
pub struct NullMeter {
    grid: Grid,
    fourier: Fourier<f32>,
    spectrum: Vec<Complex<f32>>,
    /// One for each stem, then the reference.
    signatures: Vec<SignatureMeter>,
    file: Sides,
    residual: Sides,
    mono: Vec<f32>,
    repeat: Option<RepeatMeter>,
    part: NullPart,
}

impl NullMeter {
    /// A meter for so many stems, for the segment that starts at frame `start`.
    pub fn new(sample_rate: u32, stems: usize, start: u64) -> Self {
        let sample_rate = sample_rate.max(1);
        let grid = Grid::new(sample_rate);
        Self {
            fourier: Fourier::new(2 * grid.hop),
            spectrum: Vec::new(),
            signatures: (0..=stems).map(|_| SignatureMeter::new(&grid, start)).collect(),
            file: Sides::default(),
            residual: Sides::default(),
            mono: Vec::new(),
            repeat: None,
            part: NullPart {
                sample_rate,
                frames: 0,
                first_second: start / u64::from(sample_rate),
                seconds: Vec::new(),
                signatures: Vec::new(),
                repeat: None,
            },
            grid,
        }
    }

    /// Takes the same frames of the reference and of a second render of the mix, to tell how
    /// repeatable it is. `start` and `frames` are those of the residual.
    pub fn push_second(&mut self, reference: &Block, second: &Block, start: u64, frames: usize) {
        let (grid, part) = (&self.grid, &self.part);
        let repeat =
            self.repeat.get_or_insert_with(|| RepeatMeter::new(grid, part.first_second, start));
        let (fourier, spectrum) = (&mut self.fourier, &mut self.spectrum);
        let files = [reference, second];
        repeat.push(grid, fourier, spectrum, part.sample_rate, files, (start, frames));
    }

    /// Takes the next frames, in order: the stems, the reference and what [`super::sum()`] left of
    /// them.
    pub fn push(&mut self, stems: &[&Block], reference: &Block, residual: &Block) {
        let (start, frames) = (residual.start, residual.frames());
        let rate = u64::from(self.part.sample_rate);
        let slices = by_second(rate, self.part.first_second, start, frames);
        self.part.frames += frames as u64;
        let files = self.signatures.len();
        if let Some((last, _)) = slices.last() {
            let seconds = &mut self.part.seconds;
            seconds.resize_with(seconds.len().max(last + 1), || Second::silent(files));
        }
        let residual = self.residual.of(residual, start, frames);
        let mut silent = true;
        for (second, range) in &slices {
            let energy = product_of(residual, residual, range);
            self.part.seconds[*second].residual += energy;
            silent &= energy == 0.0;
        }
        for (index, block) in stems.iter().copied().chain([reference]).enumerate().take(files) {
            let file = self.file.of(block, start, frames);
            for (second, range) in &slices {
                let sums = &mut self.part.seconds[*second].files[index];
                sums.energy += product_of(file, file, range);
                if !silent {
                    sums.with_residual += product_of(file, residual, range);
                }
            }
            to_mono(file, &mut self.mono);
            self.signatures[index].push(
                &self.grid,
                &mut self.fourier,
                &mut self.spectrum,
                &self.mono,
            );
        }
    }

    /// The segment's part.
    pub fn finish(self) -> NullPart {
        let Self { grid, mut fourier, mut spectrum, signatures, mut part, repeat, .. } = self;
        part.repeat = repeat.map(|repeat| repeat.finish(&grid, &mut fourier, &mut spectrum));
        part.signatures = signatures
            .into_iter()
            .map(|signature| signature.finish(&grid, &mut fourier, &mut spectrum))
            .collect();
        part
    }
}

/// Which of `frames` frames from `start` lie in which second, counted from second `first` on.
pub(super) fn by_second(
    rate: u64,
    first: u64,
    start: u64,
    frames: usize,
) -> Vec<(usize, Range<usize>)> {
    let end = start + frames as u64;
    (start / rate..end.div_ceil(rate))
        .map(|second| {
            let from = (second * rate).max(start) - start;
            let to = ((second + 1) * rate).min(end) - start;
            (second.saturating_sub(first) as usize, from as usize..to as usize)
        })
        .collect()
}

/// Sum of the products of both sides over a range of frames.
pub(super) fn product_of(a: [&[f32]; 2], b: [&[f32]; 2], range: &Range<usize>) -> f64 {
    a.iter().zip(b).map(|(a, b)| product(&a[range.clone()], &b[range.clone()])).sum()
}

/// Memory for the sides of a block that cannot be looked at as they are.
#[derive(Debug, Default)]
pub(super) struct Sides([Vec<f32>; 2]);

impl Sides {
    /// Left and right of a block over `frames` frames from `start` on, what is no sound silent. What
    /// f32 loses of a sample does not matter to an energy.
    pub(super) fn of<'a>(
        &'a mut self,
        block: &'a Block,
        start: u64,
        frames: usize,
    ) -> [&'a [f32]; 2] {
        let sides = [0, 1].map(|side| block.channels.get(block.side(side)).map(Vec::as_slice));
        if let [Some(left), Some(right)] = sides
            && (block.start, left.len(), right.len()) == (start, frames, frames)
            && [left, right].iter().all(|side| f64::from(largest(side)) < LARGEST_SAMPLE)
        {
            return [left, right];
        }
        let mut exact = vec![0.0; frames];
        for (side, out) in self.0.iter_mut().enumerate() {
            exact.fill(0.0);
            add_side(block, side, start, 1.0, &mut exact);
            out.clear();
            out.extend(exact.iter().map(|&x| x as f32));
        }
        let [left, right] = &self.0;
        [left, right]
    }
}

/// What was gathered over one segment: about 4 kB a second and file.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NullPart {
    pub(super) sample_rate: u32,
    pub(super) frames: u64,
    pub(super) first_second: u64,
    pub(super) seconds: Vec<Second>,
    /// One for each stem, then the reference.
    pub(super) signatures: Vec<Signature>,
    /// Of a second render of the mix, if there is one.
    pub(super) repeat: Option<RepeatPart>,
}

/// Energies of one second of the song, both channels.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Second {
    pub(super) residual: f64,
    /// One for each stem, then the reference.
    pub(super) files: Vec<FileSums>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct FileSums {
    pub(super) energy: f64,
    /// Product with the residual.
    pub(super) with_residual: f64,
}

impl Second {
    fn silent(files: usize) -> Self {
        Self { residual: 0.0, files: vec![FileSums::default(); files] }
    }

    fn add(&mut self, other: &Self) {
        self.residual += other.residual;
        for (sums, more) in self.files.iter_mut().zip(&other.files) {
            sums.energy += more.energy;
            sums.with_residual += more.with_residual;
        }
    }

    pub(super) fn reference(&self) -> f64 {
        self.files.last().map_or(0.0, |sums| sums.energy)
    }
}

impl NullPart {
    /// Joins with the part that follows directly.
    #[must_use]
    pub fn merge(mut self, next: Self) -> Self {
        if self.frames == 0 {
            return next;
        }
        self.frames += next.frames;
        for (second, sums) in (next.first_second..).zip(next.seconds) {
            let index = second.saturating_sub(self.first_second) as usize;
            match self.seconds.get_mut(index) {
                Some(here) => here.add(&sums),
                None => self.seconds.push(sums),
            }
        }
        let bands = Grid::new(self.sample_rate).bins.len();
        for (signature, more) in self.signatures.iter_mut().zip(&next.signatures) {
            signature.merge(more, bands);
        }
        let skip = next.first_second.saturating_sub(self.first_second) as usize;
        match (&mut self.repeat, next.repeat) {
            (Some(here), Some(more)) => here.merge(&more, skip, bands),
            // Who came later counts its seconds from there.
            (none, Some(more)) => none.insert(RepeatPart::default()).merge(&more, skip, bands),
            (_, None) => {}
        }
        self
    }

    /// The figures of the whole null test.
    pub fn figures(&self) -> NullFigures {
        let seconds: Vec<(f64, f64)> =
            self.seconds.iter().map(|second| (second.residual, second.reference())).collect();
        NullFigures {
            residual_energy: seconds.iter().map(|(residual, _)| residual).sum(),
            reference_energy: seconds.iter().map(|(_, reference)| reference).sum(),
            frames: self.frames,
            seconds,
        }
    }

    /// Energy of a file over the whole song, the reference counted after the stems.
    pub(super) fn energy(&self, file: usize) -> f64 {
        self.seconds.iter().map(|second| second.files[file].energy).sum()
    }

    /// Columns of the longest portrait.
    pub(super) fn columns(&self, grid: &Grid) -> usize {
        let bands = grid.bins.len();
        self.signatures.iter().map(|signature| signature.columns(bands)).max().unwrap_or(0)
    }

    /// The frame of the song at which a second begins that is counted from the first one kept.
    pub(super) fn second_start(&self, index: usize) -> i64 {
        (self.first_second as i64 + index as i64) * i64::from(self.sample_rate)
    }

    /// Where all that is kept begins and ends, in seconds.
    pub(super) fn span_s(&self) -> (f64, f64) {
        let start_s = self.first_second as f64;
        (start_s, start_s + self.frames as f64 / f64::from(self.sample_rate.max(1)))
    }

    /// Number of stems.
    pub(super) fn stems(&self) -> usize {
        self.signatures.len().saturating_sub(1)
    }
}

/// The headline figures, linear.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NullFigures {
    /// Energy of the residual, both channels, over the whole song.
    pub residual_energy: f64,
    /// Energy of the reference, likewise.
    pub reference_energy: f64,
    /// Frames summed over.
    pub frames: u64,
    /// Residual and reference energy of each second, for the worst place and the lane.
    pub seconds: Vec<(f64, f64)>,
}
