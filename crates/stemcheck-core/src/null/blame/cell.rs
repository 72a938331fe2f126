//! One band in one step of time: how its residual is shared out among the files.

use crate::null::fit::{correlation, dot};
use crate::spectrum::Complex;

/// Share of what is left from which a stem filtered or shifted counts as found; by chance it is 0.1.
const COHERENT: f64 = 0.3;
/// The whole mix is to blame if it explains this share, and this much more than any one stem.
const MIX_SHARE: f64 = 0.5;
const MIX_OVER_STEM: f64 = 1.3;
/// Stems that can be filtered or shifted at once in a band, and whose loudness is compared.
const COHERENT_STEMS: usize = 4;
const LOUDNESS_STEMS: usize = 8;

/// Values of one file in some bands and columns, band by band.
pub(super) type Values = Vec<Complex<f64>>;

/// One band in one step of time.
pub(super) struct Cell {
    pub columns: usize,
    /// Empty if there is none to speak of.
    pub residual: Values,
    pub stems: Vec<Values>,
}

/// Takes what is the whole mix, filtered or scaled, out of the residual: energy by cell. Bus
/// processing is in all bands; a loud stem alone in one of them is not.
pub(super) fn blame_mix(cells: &mut [Cell], suspects: &[bool]) -> Vec<f64> {
    if suspects.last() == Some(&false) {
        return vec![0.0; cells.len()];
    }
    let total: f64 = cells.iter().map(|cell| energy(&cell.residual)).sum();
    let stems = cells.first().map_or(0, |cell| cell.stems.len());
    let best_stem = (0..stems)
        .map(|stem| cells.iter().map(|cell| cell.explained(&cell.stems[stem])).sum())
        .fold(0.0, f64::max);
    let mixes: Vec<Values> = cells.iter().map(Cell::mix).collect();
    let by_mix: f64 = cells.iter().zip(&mixes).map(|(cell, mix)| cell.explained(mix)).sum();
    if stems < 2 || by_mix <= (MIX_SHARE * total).max(MIX_OVER_STEM * best_stem) {
        return vec![0.0; cells.len()];
    }
    cells.iter_mut().zip(&mixes).map(|(cell, mix)| cell.take_out(mix)).collect()
}

impl Cell {
    fn mix(&self) -> Values {
        let mut mix = vec![Complex::default(); self.residual.len()];
        for stem in &self.stems {
            for (sum, value) in mix.iter_mut().zip(stem) {
                *sum += value;
            }
        }
        mix
    }

    /// For each narrow band, how a sound fits into the residual: its factor and what it explains.
    fn fits<'a>(&'a self, sound: &'a Values) -> impl Iterator<Item = (Complex<f64>, f64)> + 'a {
        let bands = self.residual.chunks(self.columns).zip(sound.chunks(self.columns));
        bands.map(|(residual, sound)| {
            let own = energy(sound);
            let product: Complex<f64> = residual.iter().zip(sound).map(|(e, s)| e * s.conj()).sum();
            if own > 0.0 { (product / own, product.norm_sqr() / own) } else { Default::default() }
        })
    }

    /// Energy of the residual that a sound explains, filtered at will.
    fn explained(&self, sound: &Values) -> f64 {
        self.fits(sound).map(|(_, explained)| explained).sum()
    }

    /// Subtracts a sound where and as it fits; returns the energy that went.
    fn take_out(&mut self, sound: &Values) -> f64 {
        let before = energy(&self.residual);
        let factors: Vec<Complex<f64>> = self.fits(sound).map(|(factor, _)| factor).collect();
        let bands = self.residual.chunks_mut(self.columns).zip(sound.chunks(self.columns));
        for ((residual, sound), factor) in bands.zip(factors) {
            for (e, s) in residual.iter_mut().zip(sound) {
                *e -= factor * s;
            }
        }
        (before - energy(&self.residual)).max(0.0)
    }

    /// Energy by file, the reference last, which also gets what the mix took.
    pub(super) fn blame_stems(&mut self, mix: f64, suspects: &[bool]) -> Vec<f64> {
        let stems = self.stems.len();
        let mut blamed = vec![0.0; stems + 1];
        let whole = energy(&self.residual);
        for _ in 0..COHERENT_STEMS {
            let best = (0..stems)
                .filter(|&stem| suspects[stem])
                .map(|stem| (self.explained(&self.stems[stem]), stem))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let Some((explained, stem)) = best else { break };
            if explained <= COHERENT * energy(&self.residual) {
                break;
            }
            let sound = std::mem::take(&mut self.stems[stem]);
            blamed[stem] += self.take_out(&sound);
            self.stems[stem] = sound;
        }
        // What a filter in narrow bands cannot follow of a stem that explains nearly all (its attacks,
        // a long delay) is that stem's too.
        let found: f64 = blamed.iter().sum();
        if found > MIX_SHARE * whole {
            for blamed in &mut blamed {
                *blamed *= 1.0 + (whole - found) / whole;
            }
        }
        let left = whole - blamed.iter().sum::<f64>();
        let (shares, mut follows) = if mix > 0.0 {
            (Vec::new(), 0.0)
        } else {
            loudness_shares(&self.residual, &self.stems, suspects)
        };
        if !shares.is_empty() && suspects[stems..] == [false] {
            follows = 1.0;
        }
        for (stem, share) in shares {
            blamed[stem] += follows * share * left;
        }
        blamed[stems] += mix + (1.0 - follows) * left;
        blamed
    }
}

/// Whose loudness the residual's goes with: shares of some stems that add up to 1, and how well (the
/// correlation, 0 to 1). Powers are regressed on powers, none of them negative.
fn loudness_shares(
    residual: &Values,
    stems: &[Values],
    suspects: &[bool],
) -> (Vec<(usize, f64)>, f64) {
    let powers = |values: &Values| values.iter().map(Complex::norm_sqr).collect::<Vec<f64>>();
    let target = powers(residual);
    let mut candidates: Vec<(f64, usize, Vec<f64>)> = stems
        .iter()
        .enumerate()
        .filter(|(stem, _)| suspects[*stem])
        .map(|(stem, values)| {
            let own = powers(values);
            (dot(&target, &own) / dot(&own, &own).sqrt(), stem, own)
        })
        .filter(|(fit, ..)| *fit > 0.0)
        .collect();
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    candidates.truncate(LOUDNESS_STEMS);
    let mut left = target.clone();
    let mut factors = vec![0.0; candidates.len()];
    // Coordinate descent: each in turn as large as fits, never below nothing.
    for _ in 0..30 {
        for (factor, (_, _, own)) in factors.iter_mut().zip(&candidates) {
            let change = (dot(&left, own) / dot(own, own)).max(-*factor);
            *factor += change;
            left.iter_mut().zip(own).for_each(|(left, own)| *left -= change * own);
        }
    }
    let fit: Vec<f64> = target.iter().zip(&left).map(|(target, left)| target - left).collect();
    let total: f64 = fit.iter().sum();
    if total <= 0.0 {
        return (Vec::new(), 0.0);
    }
    let shares = factors
        .iter()
        .zip(&candidates)
        .map(|(factor, (_, stem, own))| (*stem, factor * own.iter().sum::<f64>() / total));
    (shares.collect(), correlation(&target, &fit).max(0.0))
}

pub(super) fn energy(values: &[Complex<f64>]) -> f64 {
    values.iter().map(Complex::norm_sqr).sum()
}
