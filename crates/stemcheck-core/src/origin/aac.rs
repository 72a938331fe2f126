//! The transform of AAC-LC (ISO/IEC 14496-3, 4.6.11): long blocks of 2048 frames, in both shapes of
//! the window.

use std::f64::consts::PI;

use super::{Coder, EXCERPT, Origin, Transform, search};
use crate::spectrum::{Complex, ComplexFourier};

/// Coefficients of a frame, and frames from one to the next.
const HALF: usize = 1024;
/// Of the windows derived from Kaiser and Bessel.
const ALPHA: f64 = 4.0;
/// Coefficients that are looked at: between those that are hardly ever zero, and those that always are.
const LINES: std::ops::Range<usize> = 24..680;

/// The grid of AAC in excerpts of one channel.
pub(super) fn listen(sounds: &[Vec<f32>], step: f32) -> Option<Origin> {
    [sine(), kaiser_bessel()]
        .into_iter()
        .filter_map(|window| {
            let mut transform = Mdct::new(sounds, window);
            let (offset, strength) = search(&mut transform, sounds.len(), step)?;
            Some(Origin { coder: Coder::Aac, offset: offset as u32, strength })
        })
        .max_by(|a, b| a.strength.total_cmp(&b.strength))
}

pub(super) fn sine() -> Vec<f32> {
    (0..2 * HALF).map(|n| ((n as f64 + 0.5) * PI / (2 * HALF) as f64).sin() as f32).collect()
}

fn kaiser_bessel() -> Vec<f32> {
    // Bessel function of order zero, by its series.
    let bessel = |x: f64| {
        let terms = (1..60).scan(1.0, |term, k| {
            *term *= (x / 2.0 / f64::from(k)).powi(2);
            Some(*term)
        });
        1.0 + terms.sum::<f64>()
    };
    let kaiser = |n: usize| {
        let x = 2.0 * n as f64 / HALF as f64 - 1.0;
        bessel(PI * ALPHA * (1.0 - x * x).max(0.0).sqrt())
    };
    let total: f64 = (0..=HALF).map(kaiser).sum();
    let rise = (0..HALF).scan(0.0, |sum, n| {
        *sum += kaiser(n);
        Some((*sum / total).sqrt() as f32)
    });
    let rise: Vec<f32> = rise.collect();
    rise.iter().chain(rise.iter().rev()).copied().collect()
}

/// The modified cosine transform, by a Fourier transform of a quarter of the block's length.
pub(super) struct Mdct<'a> {
    sounds: &'a [Vec<f32>],
    window: Vec<f32>,
    fourier: ComplexFourier<f32>,
    twiddles: Vec<Complex<f32>>,
    folded: Vec<f32>,
    values: Vec<Complex<f32>>,
    lines: Vec<f32>,
}

impl<'a> Mdct<'a> {
    pub(super) fn new(sounds: &'a [Vec<f32>], window: Vec<f32>) -> Self {
        let twiddle = |n: usize| {
            let turn = -PI * (8 * n + 1) as f64 / (8 * HALF) as f64;
            Complex::new(turn.cos() as f32, turn.sin() as f32)
        };
        Self {
            sounds,
            window,
            fourier: ComplexFourier::new(HALF / 2),
            twiddles: (0..HALF / 2).map(twiddle).collect(),
            folded: vec![0.0; HALF],
            values: vec![Complex::default(); HALF / 2],
            lines: vec![0.0; HALF],
        }
    }

    /// All coefficients of a block of 2048 samples, orthonormal.
    pub(super) fn transform(&mut self, block: &[f32]) -> &[f32] {
        self.fold(block);
        self.rotate()
    }

    /// Windows a block and folds it to half its length.
    fn fold(&mut self, block: &[f32]) {
        const QUARTER: usize = HALF / 2;
        let (first, second) = block.split_at(HALF);
        let (rise, fall) = self.window.split_at(HALF);
        let (low, high) = self.folded.split_at_mut(QUARTER);
        for (n, x) in low.iter_mut().enumerate() {
            let (c, d) = (QUARTER - 1 - n, QUARTER + n);
            *x = -second[c] * fall[c] - second[d] * fall[d];
        }
        for (n, x) in high.iter_mut().enumerate() {
            let b = HALF - 1 - n;
            *x = first[n] * rise[n] - first[b] * rise[b];
        }
    }

    /// The cosine transform of type four of what was folded: its own inverse.
    fn rotate(&mut self) -> &[f32] {
        let pairs = self.values.iter_mut().zip(&self.twiddles).enumerate();
        for (n, (value, twiddle)) in pairs {
            *value = Complex::new(self.folded[2 * n], self.folded[HALF - 1 - 2 * n]) * twiddle;
        }
        self.fourier.forward(&mut self.values);
        let scale = (2.0 / HALF as f32).sqrt();
        for (k, (value, twiddle)) in self.values.iter().zip(&self.twiddles).enumerate() {
            let y = value * twiddle * scale;
            self.lines[2 * k] = y.re;
            self.lines[HALF - 1 - 2 * k] = -y.im;
        }
        &self.lines
    }
}

impl Transform for Mdct<'_> {
    const OFFSETS: usize = HALF;
    const SEARCHED: &'static [usize] = &[3];
    const CONFIRMING: &'static [usize] = &[0, 1, 2, 4, 5, 6];

    fn coefficients(&mut self, excerpt: usize, offset: usize, frame: usize) -> &[f32] {
        const { assert!(HALF * 8 + HALF <= EXCERPT) };
        let start = offset + frame * HALF;
        let sounds = self.sounds;
        &self.transform(&sounds[excerpt][start..start + 2 * HALF])[LINES]
    }
}

#[cfg(test)]
impl Mdct<'_> {
    /// What a decoder adds up: the inverse, before its window.
    pub(super) fn inverse(&mut self, lines: &[f32]) -> Vec<f32> {
        const QUARTER: usize = HALF / 2;
        self.folded.copy_from_slice(lines);
        let folded = self.rotate().to_vec();
        let (low, high) = folded.split_at(QUARTER);
        let back = |x: &[f32]| -> Vec<f32> { x.iter().rev().map(|x| -x).collect() };
        let low_minus: Vec<f32> = low.iter().map(|x| -x).collect();
        [high.to_vec(), back(high), back(low), low_minus].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_transform_is_the_transform() {
        let block: Vec<f32> = (0..2 * HALF).map(|n| ((n * n) as f32 * 0.37).sin()).collect();
        for window in [sine(), kaiser_bessel()] {
            let mut mdct = Mdct::new(&[], window.clone());
            let lines = mdct.transform(&block).to_vec();
            for k in [0, 1, 2, 511, 512, 777, 1023] {
                let plain: f64 = (0..2 * HALF)
                    .map(|n| {
                        let turn = PI / HALF as f64 * (n as f64 + 512.5) * (k as f64 + 0.5);
                        f64::from(block[n] * window[n]) * turn.cos()
                    })
                    .sum();
                let plain = plain * (2.0 / HALF as f64).sqrt();
                assert!((plain - f64::from(lines[k])).abs() < 1e-4, "{k}: {plain} {}", lines[k]);
            }
        }
    }

    #[test]
    fn both_windows_let_the_blocks_add_up() {
        for window in [sine(), kaiser_bessel()] {
            for n in 0..HALF {
                let sum = window[n].powi(2) + window[HALF + n].powi(2);
                assert!((sum - 1.0).abs() < 1e-6);
            }
        }
    }
}
