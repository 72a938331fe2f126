//! The song's portraits under what has been corrected: what every file is, at each moment and in each
//! band, a couple of dozen times a second over the whole song.
//!
//! Tells how gains change over time. Knows gains and places; of other treatments only what they do to
//! the level in the middle. Decides nothing.

use std::cell::OnceCell;
use std::ops::Range;

use super::Left;
use super::bus::Bus;
use super::fit::dot;
use super::local::{Traces, source};
use super::meter::NullPart;
use super::recipe::{Correction, Recipe};
use super::signature::{Grid, Shift, Signature};
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

    /// Energy of what is wanted besides, which no gain makes of what there is.
    pub(super) fn besides(&self) -> f64 {
        self.wanted - self.product * self.product / self.energy.max(f64::MIN_POSITIVE)
    }
}

/// The corrected portraits. In single precision: they are most of what the diagnosis holds.
#[derive(Clone)]
pub(super) struct Portrait {
    /// By file (the reference last), then column by column: one value a band.
    files: Vec<Vec<Complex<f32>>>,
    /// What the corrections leave, likewise: the sum less the reference; none where nothing counts.
    residual: Vec<Complex<f32>>,
    /// Columns in which nothing counts.
    lost: Vec<bool>,
    /// Energy of the reference, column by column: not interpolated, which would cost some.
    mix_energies: Vec<f64>,
    pub bands: usize,
    /// Frames from column to column; column `m` covers those from `(m - 1) * hop` to
    /// `(m + 1) * hop`.
    pub hop: usize,
    /// Seconds from column to column.
    pub column_s: f64,
    /// What [`Self::likeness`] found: several ask.
    alike: OnceCell<Likeness>,
}

impl Portrait {
    /// The columns under `recipe`. Places between two columns are interpolated: what is moved by no
    /// whole number of columns leaves a little of itself. Filters are passed over.
    pub(super) fn new(part: &NullPart, recipe: &Recipe) -> Self {
        Self::with(part, recipe, &vec![None; part.signatures.len()])
    }

    /// The same, where some files were drawn anew as they are corrected but for the gain: of those
    /// everything is known.
    pub(super) fn with(part: &NullPart, recipe: &Recipe, drawn: &[Option<&Signature>]) -> Self {
        let grid = Grid::new(part.sample_rate);
        let bands = grid.bins.len();
        let columns = part.columns(&grid);
        let corrections = recipe.stems.iter().chain([&recipe.reference]);
        let files: Vec<Vec<Complex<f32>>> = part
            .signatures
            .iter()
            .zip(corrections.zip(&recipe.treatments))
            .zip(drawn)
            .map(|((signature, (correction, treatments)), drawn)| {
                let place = drawn
                    .map_or(*correction, |_| Correction { advance_frames: 0.0, ..*correction });
                let treatments = if drawn.is_some() { &[][..] } else { treatments };
                let (signature, correction) = (drawn.unwrap_or(signature), place);
                let gain = correction.gain * treatments.iter().map(middle_gain).product::<f64>();
                let mut values = Vec::with_capacity(bands * columns);
                let (mut advance, mut shift) = (0.0, Shift::new(&grid, 0.0));
                for column in 0..columns {
                    let frame = (column * grid.hop) as f64;
                    let place = source(frame + correction.advance_frames, treatments);
                    if place - frame != advance {
                        advance = place - frame;
                        shift = Shift::new(&grid, advance);
                    }
                    values.extend((0..bands).map(|band| {
                        let value = signature.moved(band, column as i64, &shift) * gain;
                        Complex::new(value.re as f32, value.im as f32)
                    }));
                }
                values
            })
            .collect();
        let mut mix_energies = vec![0.0; columns];
        let mut residual = vec![Complex::default(); bands * columns];
        if let (Some(mix), Some((last, stems))) = (part.signatures.last(), files.split_last()) {
            let hop = grid.hop as f64;
            let anew = drawn.last().copied().flatten();
            let advance = match anew {
                Some(_) => 0.0,
                None => (recipe.reference.advance_frames / hop).round() * hop,
            };
            let mix = anew.unwrap_or(mix);
            for band in 0..bands {
                let line = mix.band(&grid, band, columns, advance);
                for (energy, value) in mix_energies.iter_mut().zip(line) {
                    *energy += value.norm_sqr() * recipe.reference.gain.powi(2);
                }
            }
            for stem in stems {
                residual.iter_mut().zip(stem).for_each(|(sum, x)| *sum += x);
            }
            residual.iter_mut().zip(last).for_each(|(sum, x)| *sum -= x);
        }
        let mut lost = vec![false; columns];
        for (from, to) in &recipe.lost {
            let first = (*from / grid.hop as u64) as usize;
            let end = columns.min((*to / grid.hop as u64) as usize + 2);
            residual[bands * first.min(end)..bands * end].fill(Complex::default());
            lost[first.min(end)..end].fill(true);
        }
        let column_s = grid.hop as f64 / f64::from(part.sample_rate);
        let alike = OnceCell::new();
        Self { files, residual, lost, mix_energies, bands, hop: grid.hop, column_s, alike }
    }

    /// Energies of the residual, and of each file, column by column.
    pub(super) fn traces(&self) -> Traces {
        let files = (0..self.files.len()).map(|file| self.energies(file, 1)).collect();
        Traces::new(self.hop, self.residual_energies(1), files)
    }

    /// The reference's number.
    pub(super) fn reference(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// What `file` is against what the others leave for it (for the reference: the reference against
    /// the sum), in steps of `step` columns.
    pub(super) fn moments(&self, file: usize, step: usize) -> Vec<Moment> {
        let reference = self.reference();
        let Some(own) = self.files.get(file) else { return Vec::new() };
        let length = (self.bands * step).max(1);
        own.chunks(length)
            .zip(self.residual.chunks(length))
            .zip(self.lost.chunks(step.max(1)))
            .map(|((own, residual), lost)| {
                let mut moment = Moment::default();
                // A short loss says little about the time around it.
                if lost.iter().filter(|lost| **lost).count() > step / 2 {
                    return moment;
                }
                for (own, residual) in own.iter().zip(residual) {
                    let (wanted, sound) = if file == reference {
                        (*own, own + residual)
                    } else {
                        (own - residual, *own)
                    };
                    moment.product += f64::from((wanted * sound.conj()).re);
                    moment.energy += power(sound);
                    moment.wanted += power(wanted);
                }
                moment
            })
            .collect()
    }

    /// The gain that is wanted of a file, column by column; 1 in silence.
    pub(super) fn gains(&self, file: usize) -> Vec<f32> {
        let gain = |moment: &Moment| moment.gain().map_or(1.0, |gain| gain as f32);
        self.moments(file, 1).iter().map(gain).collect()
    }

    /// The same with what is followed of all files but one undone, as far as a portrait can tell: its gain,
    /// column by column.
    pub(super) fn followed(mut self, bus: &[Bus], but: usize) -> Self {
        let files = bus.iter().map(|bus| bus.file(self.reference()));
        for file in files.filter(|file| *file != but).collect::<Vec<_>>() {
            self.follow(file);
        }
        self
    }

    fn follow(&mut self, file: usize) {
        self.alike = OnceCell::new();
        let gains = self.gains(file);
        let bands = self.bands.max(1);
        let reference = self.reference();
        for (at, residual) in self.residual.iter_mut().enumerate() {
            let change = gains.get(at / bands).copied().unwrap_or(1.0) - 1.0;
            // The sum is the reference and the residual.
            let sound = self.files[file][at];
            let sound = if file == reference { sound + *residual } else { sound };
            *residual += sound * change;
        }
        for stem in (0..reference).filter(|&stem| file == reference || stem == file) {
            for (column, gain) in self.files[stem].chunks_mut(bands).zip(&gains) {
                for value in column {
                    *value *= *gain;
                }
            }
        }
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
    pub(super) fn likeness(&self) -> &Likeness {
        self.alike.get_or_init(|| {
            let reference = self.reference();
            let left = self.cells(&self.residual);
            let loudest = left.iter().flatten().copied().fold(0.0, f64::max);
            let heard: Vec<bool> =
                left.iter().map(|cell| cell.iter().sum::<f64>() > AUDIBLE * loudest).collect();
            let like = |file: usize| alike(&left, &self.cells(&self.files[file]), &heard);
            Likeness { stems: (0..reference).map(like).collect(), mix: like(reference) }
        })
    }

    /// What is left against each stem.
    pub(super) fn left(&self) -> Vec<Left> {
        let left: f64 = self.residual_energies(1).iter().sum();
        if left <= 0.0 {
            return Vec::new();
        }
        let likeness = self.likeness().stems.iter().enumerate();
        likeness
            .map(|(stem, &likeness)| {
                let own: f64 = self.energies(stem, 1).iter().sum();
                Left { likeness, energy: left / own.max(f64::MIN_POSITIVE) }
            })
            .collect()
    }

    /// How alike a stem and what the others leave for it are, likewise, where they differ at all.
    pub(super) fn plays_the_same(&self, stem: usize) -> f64 {
        let own = &self.files[stem];
        let wanted: Vec<Complex<f32>> =
            own.iter().zip(&self.residual).map(|(own, residual)| own - residual).collect();
        let (own, wanted, left) =
            (self.cells(own), self.cells(&wanted), self.cells(&self.residual));
        let sum = |cell: &Vec<f64>| cell.iter().sum::<f64>();
        let loudest = own.iter().map(sum).fold(0.0, f64::max);
        let heard: Vec<bool> = own
            .iter()
            .zip(&left)
            .map(|(own, left)| sum(own) > AUDIBLE * loudest && sum(left) > DIFFERS * sum(own))
            .collect();
        alike(&own, &wanted, &heard)
    }

    /// How alike what is left and a file, of this portrait or another, sound over the whole song, from 0
    /// to 1: cosine of their spectra.
    pub(super) fn timbre(&self, other: &Self, file: usize) -> f64 {
        self.timbre_within(0..self.lost.len(), other, file)
    }

    /// The same, of what is left within some columns.
    pub(super) fn timbre_within(&self, columns: Range<usize>, other: &Self, file: usize) -> f64 {
        let spectrum = |values: &[Complex<f32>]| {
            let mut sums = vec![0.0; self.bands];
            for column in values.chunks(self.bands.max(1)) {
                sums.iter_mut().zip(column).for_each(|(sum, value)| *sum += power(*value));
            }
            sums.into_iter().map(f64::sqrt).collect::<Vec<f64>>()
        };
        let within = self.bands * columns.start..self.bands * columns.end;
        let left = self.residual.get(within).map(spectrum).unwrap_or_default();
        let own = spectrum(&other.files[file]);
        let both = dot(&left, &left) * dot(&own, &own);
        if both > 0.0 { dot(&left, &own) / both.sqrt() } else { 0.0 }
    }

    /// Energies in cells of a few columns, band by band.
    fn cells(&self, values: &[Complex<f32>]) -> Vec<Vec<f64>> {
        values
            .chunks((self.bands * CELL).max(1))
            .map(|columns| {
                let mut bands = vec![0.0; self.bands];
                for column in columns.chunks(self.bands.max(1)) {
                    for (sum, value) in bands.iter_mut().zip(column) {
                        *sum += power(*value);
                    }
                }
                bands
            })
            .collect()
    }

    /// Energy of a file in steps of `step` columns.
    pub(super) fn energies(&self, file: usize, step: usize) -> Vec<f64> {
        self.steps(self.files.get(file).map_or(&[][..], Vec::as_slice), step)
    }

    /// Energy of the residual in steps of `step` columns.
    pub(super) fn residual_energies(&self, step: usize) -> Vec<f64> {
        self.steps(&self.residual, step)
    }

    fn steps(&self, values: &[Complex<f32>], step: usize) -> Vec<f64> {
        let steps = values.chunks((self.bands * step).max(1));
        steps.map(|columns| columns.iter().copied().map(power).sum()).collect()
    }

    /// One band of a file, column by column.
    pub(super) fn line(&self, file: usize, band: usize) -> Vec<Complex<f32>> {
        let values = self.files.get(file).map_or(&[][..], Vec::as_slice);
        values.iter().skip(band).step_by(self.bands.max(1)).copied().collect()
    }

    /// One band of the residual, column by column.
    pub(super) fn residual_line(&self, band: usize) -> Vec<Complex<f32>> {
        self.residual.iter().skip(band).step_by(self.bands.max(1)).copied().collect()
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

/// Energy of a value.
pub(super) fn power(value: Complex<f32>) -> f64 {
    f64::from(value.norm_sqr())
}

/// What a treatment does to the level of sound in the middle.
fn middle_gain(treatment: &Treatment) -> f64 {
    match treatment {
        Treatment::Matrix([[a, b], [c, d]]) => (a + b + c + d) / 2.0,
        _ => 1.0,
    }
}
