//! Fourier transforms over realfft: the one place that plans them.
//!
//! Decides sizes and memory once, in [`Fourier::new`]; the transforms themselves allocate nothing.
//! Knows one window, Hann's, and no scaling conventions beyond "forward then inverse gives the input
//! back".

pub mod close_up;
mod plans;

use std::sync::Arc;

use realfft::{ComplexToReal, FftNum, RealToComplex};
pub use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

pub use plans::Sample;
use plans::{Plan, plan};

/// A planned pair of real transforms of one size, with its memory.
pub struct Fourier<T: Sample> {
    forward: Arc<dyn RealToComplex<T>>,
    inverse: Arc<dyn ComplexToReal<T>>,
    real: Vec<T>,
    scratch: Vec<Complex<T>>,
}

impl<T: Sample> std::fmt::Debug for Fourier<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fourier").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T: Sample> Fourier<T> {
    /// Plans transforms of `len` real points (at least 2; a power of two is fastest).
    pub fn new(len: usize) -> Self {
        let len = len.max(2);
        let Plan { forward, inverse, .. } = plan(len);
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Self {
            forward,
            inverse,
            real: vec![T::zero(); len],
            scratch: vec![Complex::new(T::zero(), T::zero()); scratch],
        }
    }

    /// Points of the real side.
    #[expect(clippy::len_without_is_empty, reason = "a transform is never empty")]
    pub fn len(&self) -> usize {
        self.real.len()
    }

    /// Bins of the complex side, from 0 Hz to half the sample rate.
    pub fn bins(&self) -> usize {
        self.len() / 2 + 1
    }

    /// Spectrum of `samples`, padded with zeros (or cut) to the planned length.
    pub fn forward(
        &mut self,
        samples: impl IntoIterator<Item = T>,
        spectrum: &mut Vec<Complex<T>>,
    ) {
        self.real.fill(T::zero());
        for (slot, sample) in self.real.iter_mut().zip(samples) {
            *slot = sample;
        }
        spectrum.resize(self.bins(), Complex::new(T::zero(), T::zero()));
        let done = self.forward.process_with_scratch(&mut self.real, spectrum, &mut self.scratch);
        debug_assert!(done.is_ok(), "lengths are those of the plan");
    }

    /// Samples of `spectrum`, scaled so that it undoes [`Self::forward`]. Spoils `spectrum`, which
    /// is cut or padded to [`Self::bins`].
    pub fn inverse(&mut self, spectrum: &mut Vec<Complex<T>>) -> &[T] {
        spectrum.resize(self.bins(), Complex::new(T::zero(), T::zero()));
        // A real signal has no imaginary part at 0 Hz nor at half the sample rate; rounding leaves one.
        for edge in [0, self.bins() - 1] {
            if edge == 0 || self.len().is_multiple_of(2) {
                spectrum[edge].im = T::zero();
            }
        }
        let done = self.inverse.process_with_scratch(spectrum, &mut self.real, &mut self.scratch);
        debug_assert!(done.is_ok(), "lengths are those of the plan");
        let scale = T::one() / T::from_usize(self.len()).unwrap_or_else(T::one);
        for sample in &mut self.real {
            *sample = *sample * scale;
        }
        &self.real
    }
}

/// The least length from `frames` on that is transformed as fast as a power of two.
pub fn fast_length(frames: usize) -> usize {
    let power = frames.next_power_of_two().max(32);
    let between = [9, 10, 12].map(|sixteenths| power / 16 * sixteenths);
    between.into_iter().find(|&length| length >= frames).unwrap_or(power)
}

/// The Hann window of `len` points, periodic: at halves overlapping it adds up to 1.
pub fn hann(len: usize) -> Vec<f64> {
    let step = std::f64::consts::TAU / len as f64;
    (0..len).map(|i| 0.5 - 0.5 * libm::cos(step * i as f64)).collect()
}

/// Power by bin, summed over all whole stretches of `len` samples of some sounds, under a Hann
/// window.
pub fn power_spectrum<'a>(sounds: impl IntoIterator<Item = &'a [f64]>, len: usize) -> Vec<f64> {
    let (mut fourier, window) = (Fourier::new(len), hann(len));
    let (mut spectrum, mut power) = (Vec::new(), vec![0.0; fourier.bins()]);
    for stretch in sounds.into_iter().flat_map(|sound| sound.chunks_exact(window.len())) {
        fourier.forward(stretch.iter().zip(&window).map(|(x, w)| x * w), &mut spectrum);
        for (sum, bin) in power.iter_mut().zip(&spectrum) {
            *sum += bin.norm_sqr();
        }
    }
    power
}

/// A planned pair of complex transforms of one size, in place and unscaled.
pub struct ComplexFourier<T: FftNum> {
    forward: Arc<dyn Fft<T>>,
    inverse: Arc<dyn Fft<T>>,
    scratch: Vec<Complex<T>>,
}

impl<T: FftNum> std::fmt::Debug for ComplexFourier<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ComplexFourier").field("len", &self.forward.len()).finish_non_exhaustive()
    }
}

impl<T: FftNum> ComplexFourier<T> {
    /// Plans transforms of `len` points.
    pub fn new(len: usize) -> Self {
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(len), planner.plan_fft_inverse(len));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        Self { forward, inverse, scratch: vec![Complex::new(T::zero(), T::zero()); scratch] }
    }

    /// Spectrum of `values`, padded with zeros (or cut) to the planned length.
    pub fn forward(&mut self, values: &mut Vec<Complex<T>>) {
        values.resize(self.forward.len(), Complex::new(T::zero(), T::zero()));
        self.forward.process_with_scratch(values, &mut self.scratch);
    }

    /// Undoes [`Self::forward`] but for a factor of the length.
    pub fn inverse(&mut self, values: &mut Vec<Complex<T>>) {
        values.resize(self.inverse.len(), Complex::new(T::zero(), T::zero()));
        self.inverse.process_with_scratch(values, &mut self.scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_undoes_forward_for_odd_and_even_sizes() {
        for len in [7_usize, 64] {
            let samples: Vec<f64> = (0..len).map(|i| (i as f64 * 1.7).sin() + 0.3).collect();
            let mut fourier = Fourier::new(len);
            let mut spectrum = Vec::new();
            fourier.forward(samples.iter().copied(), &mut spectrum);
            let back = fourier.inverse(&mut spectrum);
            for (a, b) in samples.iter().zip(back) {
                assert!((a - b).abs() < 1e-12, "{len}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_power_spectrum_sums_up_whole_stretches() {
        let tone = |i: usize| (std::f64::consts::TAU * 4.0 * i as f64 / 32.0).cos();
        let samples: Vec<f64> = (0..70).map(tone).collect();
        let power = power_spectrum([samples.as_slice(), &samples[..20]], 32);
        // A quarter of the length for a full-scale tone, twice; half of that in the bins beside it.
        for (bin, power) in power.iter().enumerate() {
            let amplitude = [0.0, 4.0, 8.0][2_usize.saturating_sub(bin.abs_diff(4))];
            assert!((power - 2.0 * amplitude * amplitude).abs() < 1e-9, "{bin}: {power}");
        }
    }

    #[test]
    fn short_input_is_padded_and_long_input_cut() {
        let mut fourier = Fourier::new(8);
        let mut spectrum = Vec::new();
        fourier.forward([1.0_f64, 2.0], &mut spectrum);
        assert_eq!(spectrum[0].re, 3.0);
        fourier.forward(std::iter::repeat_n(1.0_f64, 20), &mut spectrum);
        assert_eq!(spectrum[0].re, 8.0);
    }

    #[test]
    fn a_length_is_enough_and_seldom_much_too_much() {
        for frames in [0, 1, 16, 17, 100, 4097, 5000, 137_000, 1 << 18, (1 << 18) + 1] {
            let length = fast_length(frames);
            assert!(length >= frames && length.is_multiple_of(2), "{frames}: {length}");
            assert!(frames < 100 || length * 3 < frames * 4, "{frames}: {length}");
        }
    }
}
