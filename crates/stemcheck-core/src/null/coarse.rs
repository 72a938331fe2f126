//! About where each file belongs, over any distance, from the portraits that the pass has kept.
//!
//! Finds candidates to within some tens of milliseconds. Does not decide between them, and leaves
//! what lies within a window's margin to the full rate.

use super::meter::NullPart;
use super::recipe::{Correction, Recipe};
use super::scene::Size;
use super::signature::Grid;
use crate::spectrum::{Complex, ComplexFourier};

/// Most candidates for one file.
const MOST: usize = 4;

/// A far peak is a candidate if it is this good compared with the best of all places ...
const SHARE_OF_BEST: f64 = 0.5;

/// ... and this many times as good as the mean of all places.
const ABOVE_MEAN: f64 = 8.0;

/// Where each file may belong.
pub(super) struct Far<'a> {
    part: &'a NullPart,
    size: Size,
    /// What was found last, and for which corrections: all that it depends on.
    known: Option<(Vec<Correction>, Vec<Vec<f64>>)>,
}

impl<'a> Far<'a> {
    pub(super) fn new(part: &'a NullPart, size: Size) -> Self {
        Self { part, size, known: None }
    }

    /// For each file (the reference last) advances in frames, best first, beyond a window's margin from
    /// where the file stands under `recipe`.
    pub(super) fn advances(&mut self, recipe: &Recipe) -> &[Vec<f64>] {
        let corrections: Vec<Correction> =
            recipe.stems.iter().copied().chain([recipe.reference]).collect();
        let known = self.known.take().filter(|(before, _)| *before == corrections);
        let (_, advances) = self.known.insert(known.unwrap_or_else(|| {
            let advances = far_advances(self.part, &corrections, self.size);
            (corrections, advances)
        }));
        advances
    }
}

fn far_advances(part: &NullPart, corrections: &[Correction], size: Size) -> Vec<Vec<f64>> {
    let grid = Grid::new(part.sample_rate);
    let files = part.signatures.len();
    let bands = grid.bins.len();
    let columns = part.columns(&grid);
    if columns == 0 {
        return vec![Vec::new(); files];
    }
    let length = (2 * columns + 2).next_power_of_two();
    let mut fourier = ComplexFourier::new(length);
    let mut scores = vec![vec![0.0; length]; files];
    for band in 0..bands {
        let spectra: Vec<Vec<Complex<f64>>> = part
            .signatures
            .iter()
            .zip(corrections)
            .map(|(signature, correction)| {
                let mut values = signature.band(&grid, band, columns, correction.advance_frames);
                fourier.forward(&mut values);
                values
            })
            .collect();
        let sign = |file: usize| if file + 1 == files { -1.0 } else { 1.0 };
        let mut residual = vec![Complex::default(); length];
        for (file, spectrum) in spectra.iter().enumerate() {
            let gain = sign(file) * corrections[file].gain;
            for (sum, x) in residual.iter_mut().zip(spectrum) {
                *sum += x * gain;
            }
        }
        for (file, spectrum) in spectra.iter().enumerate() {
            let gain = corrections[file].gain;
            let target = residual.iter().zip(spectrum).map(|(r, x)| x * gain - r * sign(file));
            let (mut own, mut wanted) = (0.0, 0.0);
            let mut cross: Vec<Complex<f64>> = target
                .zip(spectrum)
                .map(|(t, x)| {
                    own += x.norm_sqr();
                    wanted += t.norm_sqr();
                    t.conj() * x
                })
                .collect();
            if own <= 0.0 || wanted <= 0.0 {
                continue;
            }
            fourier.inverse(&mut cross);
            // Bands in which the file is a large part of what is wanted say most.
            let weight = (own / wanted).min(1.0) / (own * wanted);
            for (score, c) in scores[file].iter_mut().zip(&cross) {
                *score += weight * c.norm_sqr();
            }
        }
    }
    scores
        .iter()
        .zip(corrections)
        .map(|(score, correction)| {
            peaks(score, columns as i64, (size.margin / grid.hop) as i64)
                .into_iter()
                .map(|hops| (hops * grid.hop as f64 + correction.advance_frames).round())
                .collect()
        })
        .collect()
}

/// The best places further than `near` columns from 0, in columns.
fn peaks(score: &[f64], columns: i64, near: i64) -> Vec<f64> {
    let at = |column: i64| score[column.rem_euclid(score.len() as i64) as usize];
    // A file that belongs between two columns shows in both.
    let both = |column: i64| at(column) + at(column + 1);
    let mut ranked: Vec<(f64, i64)> = (-columns..columns).map(|c| (both(c), c)).collect();
    let mean = ranked.iter().map(|(q, _)| q).sum::<f64>() / ranked.len().max(1) as f64;
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = ranked.first().map_or(0.0, |peak| peak.0);
    let mut found: Vec<i64> = Vec::new();
    for (quality, column) in ranked {
        if quality < SHARE_OF_BEST * best || quality < ABOVE_MEAN * mean || found.len() == MOST {
            break;
        }
        let apart = (near - 2).max(1);
        if column.abs() > apart && found.iter().all(|other| (other - column).abs() > apart) {
            found.push(column);
        }
    }
    found
        .into_iter()
        .map(|column| column as f64 + at(column + 1) / both(column).max(f64::MIN_POSITIVE))
        .collect()
}
