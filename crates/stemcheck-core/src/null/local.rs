//! When the residual is there, column by column, from the portraits that the pass has kept: what
//! starts, ends or happens only once shows here before any sample is read again.
//!
//! Finds places to within some tens of milliseconds. Decides nothing about causes.

use super::scene::Size;
use super::treatment::Treatment;

/// A column stands out if its residual is this many times (15 dB) what is usual around it ...
const STANDS_OUT: f64 = 30.0;
/// ... counted in columns on either side (two seconds in all), ...
const AROUND: usize = 24;
/// ... and more than this against the reference there (-80 dB) ...
const AUDIBLE: f64 = 1e-8;
/// ... and at its loudest (-110 dB).
const AUDIBLE_AT_ALL: f64 = 1e-11;

/// A file sounds where it is within this of its loudest column (-60 dB).
const SOUNDS: f64 = 1e-6;

/// Energies by column, of all bands together.
#[derive(Debug)]
pub(super) struct Traces {
    /// Frames from column to column.
    pub hop: usize,
    /// What the corrections leave.
    pub residual: Vec<f64>,
    /// One for each stem, then the reference: as corrected.
    pub files: Vec<Vec<f64>>,
    /// What is too little wherever it is.
    silent: f64,
}

/// Neighbouring columns that stand out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub first: usize,
    pub last: usize,
    /// The loudest of them.
    pub top: usize,
}

impl Traces {
    /// Of what the corrections leave, and of every file, every `hop` frames.
    pub(super) fn new(hop: usize, residual: Vec<f64>, files: Vec<Vec<f64>>) -> Self {
        let loudest = files.last().into_iter().flatten().copied().fold(0.0, f64::max);
        Self { hop, residual, files, silent: AUDIBLE_AT_ALL * loudest }
    }

    /// What is too little to be looked at in a column.
    pub(super) fn negligible(&self, column: usize) -> f64 {
        let Some(reference) = self.files.last() else { return f64::INFINITY };
        let near = column.saturating_sub(AROUND / 2)..(column + AROUND / 2).min(reference.len());
        let count = near.len().max(1) as f64;
        let here = reference.get(near).unwrap_or_default().iter().sum::<f64>() / count;
        (AUDIBLE * here).max(self.silent)
    }

    /// The column with most residual.
    pub(super) fn loudest(&self) -> usize {
        (0..self.residual.len())
            .max_by(|&a, &b| self.residual[a].total_cmp(&self.residual[b]))
            .unwrap_or(0)
    }

    /// Where the residual is far above what it is a little before and after; the loudest first.
    pub(super) fn outstanding(&self) -> Vec<Stretch> {
        let stands_out = |column: usize| {
            let here = self.residual[column];
            let from = column.saturating_sub(AROUND);
            let to = (column + AROUND + 1).min(self.residual.len());
            here > self.negligible(column) && stands_out_of(here, &self.residual[from..to])
        };
        let mut found: Vec<Stretch> = Vec::new();
        let peak = self.residual.iter().copied().fold(0.0, f64::max);
        // Cheapest first: most columns are as quiet as any.
        let loud = |column: &usize| self.residual[*column] > 1e-9 * peak;
        for column in (0..self.residual.len()).filter(loud).filter(|&c| stands_out(c)) {
            match found.last_mut() {
                Some(before) if before.last + 1 == column => {
                    before.last = column;
                    if self.residual[column] > self.residual[before.top] {
                        before.top = column;
                    }
                }
                _ => found.push(Stretch { first: column, last: column, top: column }),
            }
        }
        found.sort_by(|a, b| self.residual[b.top].total_cmp(&self.residual[a.top]));
        found
    }

    /// Whether a file sounds at some time before and at some time after these columns.
    pub(super) fn sounds_on_both_sides(&self, file: usize, first: usize, last: usize) -> bool {
        let Some(energies) = self.files.get(file) else { return false };
        let peak = energies.iter().copied().fold(0.0, f64::max);
        let sounds = |part: Option<&[f64]>| {
            part.is_some_and(|part| part.iter().any(|energy| *energy > SOUNDS * peak))
        };
        sounds(energies.get(..first)) && sounds(energies.get(last + 1..))
    }

    /// Where within `step` frames the residual is, if a window of so many `frames` from `even` on would miss
    /// most of it: the first frame of a better one, and how much of its energy is that of a window on average.
    pub(super) fn gathered(&self, even: i64, frames: usize, step: usize) -> Option<(i64, f64)> {
        const MISSED: f64 = 0.1;
        let length = (frames / self.hop).max(1);
        let first = usize::try_from(even / self.hop as i64).ok()?;
        let columns = (step / self.hop).max(length);
        let near = self.residual.get(first..(first + columns).min(self.residual.len()))?;
        let sum = |from: usize| near.iter().skip(from).take(length).sum::<f64>();
        let best = (0..near.len()).max_by(|&a, &b| sum(a).total_cmp(&sum(b)))?;
        let all: f64 = near.iter().sum();
        let mean = all * length as f64 / near.len() as f64;
        let missed = all > 0.0 && sum(0) < MISSED * mean;
        missed.then(|| (even + (best * self.hop) as i64, mean / sum(best)))
    }

    /// First frames of windows around what stands out most, for a closer look.
    pub(super) fn places(&self, size: Size, most: usize) -> Vec<i64> {
        let mut tops: Vec<usize> = self.outstanding().iter().map(|stretch| stretch.top).collect();
        // What goes on to the end does not stand out against its neighbours.
        let loudest = self.loudest();
        if let Some(&here) = self.residual.get(loudest)
            && here > self.negligible(loudest)
            && stands_out_of(here, &self.residual)
        {
            tops.push(loudest);
        }
        let mut starts: Vec<i64> = Vec::new();
        for top in tops {
            let start = (top * self.hop) as i64 - size.core as i64 / 2;
            let apart = |other: &i64| (start - other).unsigned_abs() >= size.core as u64;
            if starts.len() < most && starts.iter().all(apart) {
                starts.push(start);
            }
        }
        starts
    }
}

/// Which place of the file is heard at a frame after its treatments.
pub(super) fn source(mut frame: f64, treatments: &[Treatment]) -> f64 {
    for treatment in treatments.iter().rev() {
        match treatment {
            Treatment::Moved { from, advance_frames } if frame >= *from as f64 => {
                frame += advance_frames;
            }
            Treatment::Speed(ratio) => frame *= ratio,
            _ => {}
        }
    }
    frame
}

/// Whether it stands out of what is usual: of the lower quartile of some values.
fn stands_out_of(here: f64, values: &[f64]) -> bool {
    values.iter().filter(|&value| STANDS_OUT * value < here).count() > values.len() / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_moves_to_what_it_would_miss() {
        let mut residual = vec![1e-9; 100];
        residual[45..48].fill(1.0);
        let traces = Traces::new(10, residual, vec![vec![1.0; 100]]);
        // Of columns 40 to 49 it looks at four; three of them hold all.
        let (start, stands_for) = traces.gathered(400, 40, 100).unwrap_or_default();
        assert!((start, (stands_for - 0.4).abs() < 1e-6) == (450, true), "{start} {stands_for}");
        // Where it is seen, or nothing is, it stays.
        assert!(traces.gathered(430, 40, 100).is_none());
        assert!(traces.gathered(600, 40, 100).is_none());
        assert!(traces.gathered(2000, 40, 100).is_none());
    }
}
