//! The first and the last ten milliseconds of a file, in windows of one millisecond.

use super::Stream;
use super::lanes;
use super::series::{Grid, Series};
use crate::block::Block;

/// Windows at each end (Essentia, `StartStopCut`: 10 ms).
pub(crate) const WINDOWS: u64 = 10;

/// One window a millisecond.
fn grid(sample_rate: u32) -> Grid {
    Grid::new(u64::from(sample_rate), 1000)
}

/// Energies at both ends, over all channels.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Edges {
    /// Largest amplitude of the file's very first frame.
    first: f32,
    /// Of the file's first windows.
    head: Series<f64>,
    /// Of the last windows so far.
    tail: Series<f64>,
}

impl Edges {
    /// Takes the next frames, from frame `start` on; samples are finite.
    pub(crate) fn push(&mut self, block: &Block, start: u64, sample_rate: u32) {
        let frames = block.frames();
        if frames == 0 {
            return;
        }
        if start == 0 {
            let first = block.channels.iter().filter_map(|samples| samples.first());
            self.first = first.fold(0.0, |most, x| most.max(x.abs()));
        }
        let grid = grid(sample_rate);
        let end = start + frames as u64;
        let head = grid.start(WINDOWS).min(end).saturating_sub(start);
        for (k, piece) in grid.pieces(start, head as usize) {
            self.head.add(k, energy(block, piece));
        }
        let kept = first_kept(grid, end);
        self.tail.drop_before(kept);
        let from = grid.start(kept).max(start);
        let skipped = (from - start) as usize;
        for (k, piece) in grid.pieces(from, frames - skipped) {
            self.tail.add(k, energy(block, piece.start + skipped..piece.end + skipped));
        }
    }

    /// Joins with what follows directly, up to frame `end`.
    pub(crate) fn append(&mut self, next: Self, sample_rate: u32, end: u64) {
        self.first = self.first.max(next.first);
        self.head.append(next.head);
        self.tail.drop_before(first_kept(grid(sample_rate), end));
        self.tail.append(next.tail);
    }

    /// Largest amplitude of the first frame.
    pub(crate) fn first(&self) -> f64 {
        f64::from(self.first)
    }

    /// Mean square in each of the first windows of a file that ends at frame `end`.
    pub(crate) fn head(&self, stream: Stream, end: u64) -> Vec<f64> {
        let (grid, channels) = (grid(stream.sample_rate), f64::from(stream.channels.max(1)));
        let (from, energies) = self.head.all();
        energies
            .iter()
            .zip(from..)
            .map(|(energy, k)| {
                let frames = grid.start(k + 1).min(end).saturating_sub(grid.start(k));
                energy / (frames.max(1) as f64 * channels)
            })
            .collect()
    }

    /// Mean square over the last windows of a file that begins at frame `start` and ends at `end`.
    pub(crate) fn tail(&self, stream: Stream, start: u64, end: u64) -> f64 {
        let (from, energies) = self.tail.all();
        let frames = end.saturating_sub(grid(stream.sample_rate).start(from).max(start));
        energies.iter().sum::<f64>() / (frames.max(1) as f64 * f64::from(stream.channels.max(1)))
    }
}

/// The first of the windows that count as the end.
fn first_kept(grid: Grid, end: u64) -> u64 {
    (grid.index(end.saturating_sub(1)) + 1).saturating_sub(WINDOWS)
}

fn energy(block: &Block, frames: std::ops::Range<usize>) -> f64 {
    let of = |samples: &Vec<f32>| samples.get(frames.clone()).map_or(0.0, |s| lanes::moments(s).1);
    block.channels.iter().map(of).sum()
}
