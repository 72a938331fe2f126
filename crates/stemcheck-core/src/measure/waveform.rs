//! The overview that is drawn while the examination runs.

use super::series::Grid;

/// Extremes and power on a fixed grid of frames, for drawing: column `i` covers the frames from
/// `i * COLUMN_FRAMES`, all channels together.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Waveform {
    /// Column number of the first entry.
    pub first: u64,
    /// Smallest sample of each column.
    pub min: Vec<f32>,
    /// Largest sample of each column.
    pub max: Vec<f32>,
    /// Mean square of each column.
    pub power: Vec<f32>,
}

/// Samples of one column, or the piece of it that a cut leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    pub(crate) min: f32,
    pub(crate) max: f32,
    pub(crate) power: f32,
}

impl Waveform {
    /// Frames in a column.
    pub const COLUMN_FRAMES: u64 = 512;

    /// The grid of the columns.
    pub(crate) fn grid() -> Grid {
        Grid::new(Self::COLUMN_FRAMES, 1)
    }

    /// Goes on with a piece of `frames` frames in column `k`; where it completes the last column,
    /// `before` frames of that are in already.
    pub(crate) fn push(&mut self, k: u64, column: Column, before: u64, frames: u64) {
        if self.power.is_empty() {
            self.first = k;
        }
        let i = k.saturating_sub(self.first) as usize;
        if let (Some(min), Some(max), Some(power)) =
            (self.min.get_mut(i), self.max.get_mut(i), self.power.get_mut(i))
        {
            *min = min.min(column.min);
            *max = max.max(column.max);
            let (old, new) = (before as f64, frames as f64);
            let energy = f64::from(*power) * old + f64::from(column.power) * new;
            *power = (energy / (old + new).max(1.0)) as f32;
        } else {
            self.min.push(column.min);
            self.max.push(column.max);
            self.power.push(column.power);
        }
    }

    /// Joins `self`, which covers `start..middle`, with what covers `middle..end`.
    pub(crate) fn append(&mut self, next: Self, start: u64, middle: u64, end: u64) {
        let Self { first, min, max, power } = next;
        let mut columns = min.into_iter().zip(max).zip(power);
        if let Some(((min, max), power)) = columns.next() {
            let column = first * Self::COLUMN_FRAMES;
            let before = middle - column.max(start);
            let frames = end.min(column + Self::COLUMN_FRAMES) - middle;
            self.push(first, Column { min, max, power }, before, frames);
        }
        for ((min, max), power) in columns {
            self.min.push(min);
            self.max.push(max);
            self.power.push(power);
        }
    }
}
