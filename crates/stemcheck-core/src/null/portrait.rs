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
        Self { files, mix_energies, bands, columns, column_s }
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

    /// How alike what is left is to each stem and to the whole mix, from -1 to 1: in time and
    /// frequency, whatever the phase, where anything is left.
    pub(super) fn likeness(&self) -> Likeness {
        let reference = self.reference();
        let residual = self.residual();
        let left = self.cells(&residual);
        let loudest = left.iter().flatten().copied().fold(0.0, f64::max);
        let heard: Vec<bool> =
            left.iter().map(|cell| cell.iter().sum::<f64>() > AUDIBLE * loudest).collect();
        let like = |file: usize| alike(&left, &self.cells(&self.files[file]), &heard);
        Likeness { stems: (0..reference).map(like).collect(), mix: like(reference) }
    }

    /// How alike a stem and what the others leave for it are, likewise, where they differ at all.
    pub(super) fn plays_the_same(&self, stem: usize) -> f64 {
        let residual = self.residual();
        let own = &self.files[stem];
        let wanted: Vec<Complex<f64>> =
            own.iter().zip(&residual).map(|(own, residual)| own - residual).collect();
        let (own, wanted, left) = (self.cells(own), self.cells(&wanted), self.cells(&residual));
        let sum = |cell: &Vec<f64>| cell.iter().sum::<f64>();
        let loudest = own.iter().map(sum).fold(0.0, f64::max);
        let heard: Vec<bool> = own
            .iter()
            .zip(&left)
            .map(|(own, left)| sum(own) > AUDIBLE * loudest && sum(left) > DIFFERS * sum(own))
            .collect();
        alike(&own, &wanted, &heard)
    }

    /// What is left, everywhere.
    fn residual(&self) -> Vec<Complex<f64>> {
        let reference = self.reference();
        (0..self.bands * self.columns)
            .map(|at| {
                let sum: Complex<f64> = self.files[..reference].iter().map(|stem| stem[at]).sum();
                sum - self.files[reference][at]
            })
            .collect()
    }

    /// Energies in cells of a few columns, band by band.
    fn cells(&self, values: &[Complex<f64>]) -> Vec<Vec<f64>> {
        values
            .chunks((self.bands * CELL).max(1))
            .map(|columns| {
                let mut bands = vec![0.0; self.bands];
                for column in columns.chunks(self.bands.max(1)) {
                    for (sum, value) in bands.iter_mut().zip(column) {
                        *sum += value.norm_sqr();
                    }
                }
                bands
            })
            .collect()
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

/// How alike something is to the files.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Likeness {
    /// To each stem.
    pub stems: Vec<f64>,
    /// To the reference.
    pub mix: f64,
}

/// Columns to a cell of time and frequency.
const CELL: usize = 3;
/// A moment this far below the loudest cell (-40 dB) is not heard.
const AUDIBLE: f64 = 1e-4;

/// A moment differs if so much (-20 dB) is left of it.
const DIFFERS: f64 = 0.01;
/// Correlation of the logarithms of two tables of energies, each band about its own mean, over the
/// moments that are heard.
fn alike(a: &[Vec<f64>], b: &[Vec<f64>], heard: &[bool]) -> f64 {
    let bands = a.first().map_or(0, Vec::len);
    let moments: Vec<usize> = (0..a.len().min(b.len())).filter(|&at| heard[at]).collect();
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for band in 0..bands {
        let level = |table: &[Vec<f64>]| {
            let loudest = moments.iter().map(|&at| table[at][band]).fold(0.0, f64::max);
            let logs: Vec<f64> = moments
                .iter()
                .map(|&at| (table[at][band] + AUDIBLE * loudest + f64::MIN_POSITIVE).ln())
                .collect();
            let mean = logs.iter().sum::<f64>() / logs.len().max(1) as f64;
            (logs, mean, loudest)
        };
        let ((a, mean_a, loudest), (b, mean_b, _)) = (level(a), level(b));
        // Louder bands say more, but not all.
        let weight = loudest.sqrt();
        for (a, b) in a.iter().zip(&b) {
            let (a, b) = (a - mean_a, b - mean_b);
            aa += weight * a * a;
            bb += weight * b * b;
            ab += weight * a * b;
        }
    }
    if aa * bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}

/// What a treatment does to the level of sound in the middle.
fn middle_gain(treatment: &Treatment) -> f64 {
    match treatment {
        Treatment::Matrix([[a, b], [c, d]]) => (a + b + c + d) / 2.0,
        _ => 1.0,
    }
}
