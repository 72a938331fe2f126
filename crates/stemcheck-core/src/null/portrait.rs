//! The song's portraits under what has been corrected: what every file is, at each moment and in each
//! band, a couple of dozen times a second over the whole song.
//!
//! Tells how gains change over time. Knows gains and shifts; of other treatments only what they do to
//! the level in the middle. Decides nothing.

use super::meter::NullPart;
use super::recipe::Recipe;
use super::signature::Grid;
use super::treatment::Treatment;
use crate::spectrum::Complex;

/// Energies and products of two sounds in one step of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moment {
    /// Of what is wanted with what there is.
    pub product: f64,
    /// Of what there is.
    pub energy: f64,
    /// Of what is wanted.
    pub wanted: f64,
}

impl Moment {
    /// The gain that is wanted, linear; `None` in silence.
    pub(super) fn gain(&self) -> Option<f64> {
        (self.energy > 0.0).then(|| self.product / self.energy)
    }
}

/// The corrected portraits.
pub(super) struct Portrait {
    /// By file (the reference last), then column by column: one value a band.
    files: Vec<Vec<Complex<f64>>>,
    /// Energy of the reference, column by column: not interpolated, which would cost some.
    mix_energies: Vec<f64>,
    bands: usize,
    columns: usize,
    /// Seconds from column to column.
    pub column_s: f64,
}

impl Portrait {
    pub(super) fn new(part: &NullPart, recipe: &Recipe) -> Self {
        let grid = Grid::new(part.sample_rate);
        let bands = grid.bins.len();
        let columns = part.signatures.iter().map(|file| file.columns(bands)).max().unwrap_or(0);
        let corrections = recipe.stems.iter().chain([&recipe.reference]);
        let files = part
            .signatures
            .iter()
            .zip(corrections.zip(&recipe.treatments))
            .map(|(signature, (correction, treatments))| {
                let gain = correction.gain * treatments.iter().map(middle_gain).product::<f64>();
                let mut values = vec![Complex::default(); bands * columns];
                for band in 0..bands {
                    let line = signature.band(&grid, band, columns, correction.advance_frames);
                    for (column, value) in line.into_iter().enumerate() {
                        values[column * bands + band] = value * gain;
                    }
                }
                values
            })
            .collect();
        let mut mix_energies = vec![0.0; columns];
        if let Some(mix) = part.signatures.last() {
            let hop = grid.hop as f64;
            let advance = (recipe.reference.advance_frames / hop).round() * hop;
            for band in 0..bands {
                let line = mix.band(&grid, band, columns, advance);
                for (energy, value) in mix_energies.iter_mut().zip(line) {
                    *energy += value.norm_sqr() * recipe.reference.gain.powi(2);
                }
            }
        }
        let column_s = grid.hop as f64 / f64::from(part.sample_rate);
        Self { mix_energies, files, bands, columns, column_s }
    }

    /// The reference's number.
    pub(super) fn reference(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// What `file` is against what the others leave for it (for the reference: the reference against
    /// the sum), in steps of `step` columns.
    pub(super) fn moments(&self, file: usize, step: usize) -> Vec<Moment> {
        let reference = self.reference();
        let count = self.columns.div_ceil(step.max(1));
        let mut moments = vec![Moment::default(); count];
        let Some(mix) = self.files.get(reference) else { return moments };
        for at in 0..self.bands * self.columns {
            let sum: Complex<f64> = self.files[..reference].iter().map(|stem| stem[at]).sum();
            let (wanted, sound) = if file == reference {
                (mix[at], sum)
            } else {
                let own = self.files[file][at];
                (mix[at] - sum + own, own)
            };
            let moment = &mut moments[at / self.bands / step.max(1)];
            moment.product += (wanted * sound.conj()).re;
            moment.energy += sound.norm_sqr();
            moment.wanted += wanted.norm_sqr();
        }
        moments
    }

    /// Levels of the reference against the sum, as if the one were the other at another gain.
    pub(super) fn mix_levels(&self, step: usize) -> Vec<Moment> {
        let mut moments = self.moments(self.reference(), step);
        for (moment, mix) in moments.iter_mut().zip(self.mix_energies.chunks(step.max(1))) {
            moment.wanted = mix.iter().sum();
            moment.product = (moment.wanted * moment.energy).sqrt();
        }
        moments
    }

    /// Energy of a file in steps of `step` columns.
    pub(super) fn energies(&self, file: usize, step: usize) -> Vec<f64> {
        let values = self.files.get(file).map_or(&[][..], Vec::as_slice);
        values
            .chunks((self.bands * step).max(1))
            .map(|columns| columns.iter().map(Complex::norm_sqr).sum())
            .collect()
    }
}

/// What a treatment does to the level of sound in the middle.
fn middle_gain(treatment: &Treatment) -> f64 {
    match treatment {
        Treatment::Matrix([[a, b], [c, d]]) => (a + b + c + d) / 2.0,
        _ => 1.0,
    }
}
