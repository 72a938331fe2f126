//! Whose the rest of a residual is: the reference's (a part that no stem holds), the stems' (one that the
//! mix does not have), or both (the same part, sounding differently).
//!
//! The correlation of the difference with the reference tells (METHODS 5.1), but for chance: a rest that is
//! 20 dB below a mix is more alike to some of it by chance than to what it is part of. So each cell of time
//! and frequency counts the less the louder the mix is there, as in least squares under noise that is known
//! (A. C. Aitken, 1936).

use super::recipe::Pair;
use crate::spectrum::{Fourier, hann};

/// Frames to a block, and bands to an octave.
const BLOCK: usize = 1024;
const BANDS_PER_OCTAVE: f64 = 3.0;

/// Products of a residual (the sum less the reference) and its reference in one band of one stretch.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Of the reference with what it has beyond the sum.
    with_reference: f64,
    residual: f64,
    /// Energy of the reference and the sum.
    mix: f64,
    bins: f64,
}

/// Products of residuals and references, stretch by stretch and band by band.
pub(super) struct Whose {
    bands: Vec<usize>,
    window: Vec<f64>,
    fourier: Fourier<f64>,
    cells: Vec<Cell>,
}

impl Whose {
    pub(super) fn new() -> Self {
        let band = |bin: usize| ((bin.max(1) as f64).log2() * BANDS_PER_OCTAVE) as usize;
        Self {
            bands: (0..=BLOCK / 2).map(band).collect(),
            window: hann(BLOCK),
            fourier: Fourier::new(BLOCK),
            cells: Vec::new(),
        }
    }

    /// Adds a stretch.
    pub(super) fn add(&mut self, residual: &Pair, reference: &Pair) {
        let first = self.cells.len();
        let bands = self.bands.last().map_or(0, |last| last + 1);
        self.cells.resize(first + bands, Cell::default());
        let (mut left, mut mix) = (Vec::new(), Vec::new());
        for (residual, reference) in residual.iter().zip(reference) {
            let frames = residual.len().min(reference.len());
            for start in (0..(frames + 1).saturating_sub(BLOCK)).step_by(BLOCK / 2) {
                for (sound, spectrum) in [(residual, &mut left), (reference, &mut mix)] {
                    let block = sound[start..start + BLOCK].iter().zip(&self.window);
                    self.fourier.forward(block.map(|(x, w)| x * w), spectrum);
                }
                for ((e, r), band) in left.iter().zip(&mix).zip(&self.bands) {
                    let cell = &mut self.cells[first + band];
                    cell.with_reference -= (e * r.conj()).re;
                    cell.residual += e.norm_sqr();
                    cell.mix += r.norm_sqr() + (r + e).norm_sqr();
                    cell.bins += 1.0;
                }
            }
        }
    }

    /// Share of the residual that is in the reference: 1 = all of it is part of the reference, 0 = it is
    /// part of the sum, 0.5 = of both. Beyond these, the whole mix was processed. 0 of nothing.
    pub(super) fn in_reference(&self) -> f64 {
        let total = |value: fn(&Cell) -> f64| self.cells.iter().map(value).sum::<f64>();
        // Where the mix is softer than the rest is on average, it disturbs no more.
        let level = total(|cell| cell.residual) / total(|cell| cell.bins).max(1.0);
        let (mut with, mut all) = (0.0, 0.0);
        for cell in self.cells.iter().filter(|cell| cell.bins > 0.0) {
            let weight = 1.0 / (cell.mix / cell.bins + level).max(f64::MIN_POSITIVE);
            with += weight * cell.with_reference;
            all += weight * cell.residual;
        }
        if all > 0.0 { with / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::null::fit::dot;
    use crate::synth::dsp::Noise;

    const FRAMES: usize = 16_384;

    /// Noise without its treble, and a softer hiss that is all treble.
    fn sounds(seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut noise = Noise::new(seed);
        let mut white: Vec<f64> = (0..FRAMES + 8).map(|_| f64::from(noise.sample())).collect();
        let dull = white.windows(8).take(FRAMES).map(|near| near.iter().sum::<f64>()).collect();
        white.fill_with(|| f64::from(noise.sample()));
        let bright = white.windows(2).take(FRAMES).map(|near| 0.2 * (near[1] - near[0])).collect();
        (dull, bright)
    }

    #[test]
    fn a_soft_part_is_told_from_a_mix_that_is_a_little_like_it() {
        let mut whose = Whose::new();
        let mut plain = (0.0, 0.0);
        for seed in 0..4 {
            let (sum, mut part) = sounds(seed + 1);
            // Some of the mix goes along with the part by chance.
            part.iter_mut().zip(&sum).for_each(|(part, x)| *part += 0.02 * x);
            let mix: Vec<f64> = sum.iter().zip(&part).map(|(sum, part)| sum + part).collect();
            let residual: Vec<f64> = part.iter().map(|x| -x).collect();
            plain.0 -= dot(&residual, &mix);
            plain.1 += dot(&residual, &residual);
            whose.add(&[residual.clone(), residual], &[mix.clone(), mix]);
        }
        let told = whose.in_reference();
        assert!((told - 1.0).abs() < 0.2 && plain.0 / plain.1 > 1.5, "{told} {plain:?}");
        assert_eq!(Whose::new().in_reference(), 0.0);
    }

    #[test]
    fn what_was_replaced_is_in_both() {
        let mut whose = Whose::new();
        let (sum, one) = sounds(1);
        let (_, other) = sounds(2);
        let with = |part: &[f64]| sum.iter().zip(part).map(|(x, y)| x + y).collect::<Vec<f64>>();
        let residual: Vec<f64> = one.iter().zip(&other).map(|(x, y)| x - y).collect();
        let mix = with(&other);
        whose.add(&[residual.clone(), residual], &[mix.clone(), mix]);
        assert!((whose.in_reference() - 0.5).abs() < 0.1, "{}", whose.in_reference());
    }
}
