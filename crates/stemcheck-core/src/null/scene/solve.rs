//! Gains and shifts of several files, solved together.

use super::{Scene, Track};
use crate::null::fit::Normal;
use crate::null::interpolate::{HALF_TAPS, filter, slope_kernel};
use crate::null::recipe::{Pair, add, energy, product, silence};

impl Scene<'_> {
    /// By how much to move one file, and what energy that would leave, as far as the slope of its
    /// signal tells: right for small fractions of a frame.
    pub(in crate::null) fn slip(&self, file: usize) -> (f64, f64) {
        let scale = self.corrections[self.reference()].gain;
        let mut normal = Normal::new(1);
        for window in 0..self.starts.len() {
            let slope = self.column(&Column::Shift(file), window, &[]);
            normal.add(0, 0, product(&slope, &slope) * scale * scale);
            normal.add_target(0, -product(&slope, &self.residual[window]) * scale);
        }
        let step = normal.solve(1e-9);
        (step[0], (self.residual_energy() - normal.explained(&step)).max(0.0))
    }

    /// Refines the corrections of some files together: the gains, and the places of those that were
    /// moved. One step of Gauss and Newton; gains alone are exact at once. Weighs the lower part of
    /// the spectrum, which interpolation renders best.
    ///
    /// If the reference's gain is among them, it is kept apart from a trivial silence by scaling all
    /// other stems together.
    pub(in crate::null) fn refine(&mut self, files: &[usize]) {
        let reference = self.reference();
        let others: Vec<usize> = (0..reference).filter(|stem| !files.contains(stem)).collect();
        let scale = self.corrections[reference].gain;
        if scale == 0.0 {
            return;
        }
        let mut columns: Vec<Column> = Vec::new();
        for &file in files {
            if file != reference {
                columns.push(Column::Gain(file));
            } else if !others.is_empty() {
                columns.push(Column::Others);
            }
            if self.corrections[file].advance_frames != 0.0 {
                columns.push(Column::Shift(file));
            }
        }
        let mut normal = Normal::new(columns.len());
        for window in 0..self.starts.len() {
            let signals: Vec<Pair> = columns
                .iter()
                .map(|column| smooth(&self.column(column, window, &others)))
                .collect();
            let residual = smooth(&self.residual[window]);
            for (row, signal) in signals.iter().enumerate() {
                normal.add_target(row, -product(signal, &residual) / scale);
                for (column, other) in signals.iter().enumerate().skip(row) {
                    normal.add(row, column, product(signal, other));
                }
            }
        }
        let step = normal.solve(1e-9);
        let mut corrections = self.corrections.clone();
        let mut rescale = 1.0;
        for (column, x) in columns.iter().zip(&step) {
            match *column {
                Column::Gain(file) => corrections[file].gain += scale * x,
                // Beyond half a frame the slope says nothing any more.
                Column::Shift(file) => corrections[file].advance_frames += x.clamp(-0.5, 0.5),
                Column::Others => rescale = 1.0 + scale * x,
            }
        }
        if rescale <= 0.1 {
            return;
        }
        for &file in files {
            corrections[file].gain /= rescale;
        }
        let changes: Vec<_> = files.iter().map(|&file| (file, corrections[file])).collect();
        self.correct(&changes);
    }

    /// The direction in which a change of one unknown moves the residual over the reference's gain.
    fn column(&self, column: &Column, window: usize, others: &[usize]) -> Pair {
        let scale = self.corrections[self.reference()].gain;
        match *column {
            Column::Gain(file) => self.core(&self.tracks[file][window]),
            Column::Others => {
                let mut sum = silence(self.size.core);
                for &stem in others {
                    let core = self.core(&self.tracks[stem][window]);
                    add(&mut sum, self.corrections[stem].gain, &core);
                }
                sum
            }
            Column::Shift(file) => {
                let gain = self.sign(file) * self.corrections[file].gain / scale;
                self.slope(&self.tracks[file][window], gain)
            }
        }
    }

    /// The slope of a track in its core, per frame.
    pub(super) fn slope(&self, track: &Track, gain: f64) -> Pair {
        let (kernel, lead) = (slope_kernel(), HALF_TAPS - 1);
        let from = self.size.margin - lead;
        let range = from..from + self.size.core + 2 * HALF_TAPS - 1;
        track.each_ref().map(|side| {
            let near: Vec<f64> = side[range.clone()].iter().map(|&x| gain * f64::from(x)).collect();
            let mut slope = Vec::new();
            filter(&kernel, &near, &mut slope);
            slope
        })
    }

    /// How each of some files' corrections changes the residual: the products of those changes with
    /// each other, and with the first residual (negative, as targets). From these follows the
    /// residual energy under any subset of the corrections. Also the first residual's energy.
    pub(in crate::null) fn effects(&mut self, files: &[usize]) -> (Normal, f64) {
        let original: Vec<Vec<Track>> = files
            .iter()
            .map(|&file| {
                if self.corrections[file].advance_frames == 0.0 {
                    self.tracks[file].clone()
                } else {
                    self.read(file, 0.0)
                }
            })
            .collect();
        let mut normal = Normal::new(files.len());
        let mut first_energy = 0.0;
        for window in 0..self.starts.len() {
            let mut first = self.residual[window].clone();
            let mut changes: Vec<Pair> = Vec::with_capacity(files.len());
            for (&file, original) in files.iter().zip(&original) {
                let mut change = silence(self.size.core);
                let sign = self.sign(file);
                let (gain, track) = (self.corrections[file].gain, &self.tracks[file][window]);
                add(&mut change, sign * gain, &self.core(track));
                add(&mut change, -sign, &self.core(&original[window]));
                add(&mut first, -1.0, &change);
                changes.push(change);
            }
            first_energy += energy(&first);
            for (row, change) in changes.iter().enumerate() {
                normal.add_target(row, -product(change, &first));
                for (column, other) in changes.iter().enumerate().skip(row) {
                    normal.add(row, column, product(change, other));
                }
            }
        }
        (normal, first_energy)
    }
}

/// One unknown of [`Scene::refine`].
enum Column {
    /// A stem's gain.
    Gain(usize),
    /// The gain of all stems that are not refined: the reference's, turned round.
    Others,
    /// A file's shift.
    Shift(usize),
}

/// Without the top of the spectrum (binomial weights: silent at half the sample rate).
pub(super) fn smooth(pair: &Pair) -> Pair {
    let weighed = |x: &[f64]| (x[0] + x[4] + 4.0 * (x[1] + x[3]) + 6.0 * x[2]) / 16.0;
    pair.each_ref().map(|side| side.windows(5).map(weighed).collect())
}
