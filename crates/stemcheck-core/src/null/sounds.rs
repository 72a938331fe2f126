//! What a filter makes of stretches of sound, and the right side of the system that finds it: by FFT.

use crate::spectrum::{Complex, Fourier};

/// Stretches that one filter goes through.
pub(super) struct Sounds<'a> {
    /// Long enough for a stretch and the filter.
    pub fourier: &'a mut Fourier<f64>,
    /// Of each stretch, with what sounds before.
    pub spectra: Vec<Vec<Complex<f64>>>,
    /// The frame of a stretch that the filter's first tap brings to the first frame that is wanted.
    pub from: usize,
}

impl Sounds<'_> {
    /// Products of what is wanted of each stretch with the stretch, summed, tap by tap.
    pub(super) fn products(&mut self, wanted: &[Vec<f64>], taps: usize) -> Vec<f64> {
        let mut sums = vec![0.0; taps];
        let mut spectrum = Vec::new();
        for (sound, wanted) in self.spectra.iter().zip(wanted) {
            self.fourier.forward(wanted.iter().copied(), &mut spectrum);
            spectrum.iter_mut().zip(sound).for_each(|(t, x)| *t = t.conj() * x);
            let products = self.fourier.inverse(&mut spectrum);
            for (tap, sum) in sums.iter_mut().enumerate() {
                *sum += products[self.from - tap];
            }
        }
        sums
    }

    /// What a filter makes of each stretch: so many frames.
    pub(super) fn made(&mut self, taps: &[f64], frames: usize) -> Vec<Vec<f64>> {
        let (mut filter, mut made) = (Vec::new(), Vec::new());
        self.fourier.forward(taps.iter().copied(), &mut filter);
        let mut through = |sound: &Vec<Complex<f64>>| {
            made.clear();
            made.extend(filter.iter().zip(sound).map(|(h, x)| h * x));
            self.fourier.inverse(&mut made)[self.from..self.from + frames].to_vec()
        };
        self.spectra.iter().map(&mut through).collect()
    }
}
