//! How far any filter could make one sound of another: mean spectra of both and of their product over
//! short stretches of the windows (P. D. Welch, 1967). Cheap enough to ask of every file before a
//! filter is fitted to one.

use super::recipe::Pair;
use crate::spectrum::{Complex, Fourier, hann};

/// Stretches last about so many seconds: filters that are shorter are seen.
const STRETCH_S: f64 = 0.08;

/// Left and half of right (so that neither mono nor pure side content cancels): what one filter for
/// both sides is fitted to.
pub(super) fn mono(pair: &Pair) -> Vec<f64> {
    let [left, right] = pair;
    left.iter().zip(right).map(|(left, right)| left + 0.5 * right).collect()
}

/// The stretches of one sound, transformed.
pub(super) struct Stretches {
    spectra: Vec<Vec<Complex<f64>>>,
    hz: f64,
}

impl Stretches {
    /// Of sounds in stereo, as [`mono`] has them.
    pub(super) fn of(windows: &[Pair], rate: f64) -> Self {
        let windows: Vec<Vec<f64>> = windows.iter().map(mono).collect();
        Self::new(windows.iter().map(Vec::as_slice), rate)
    }

    /// Of all windows, by halves overlapping, under a Hann window.
    pub(super) fn new<'a>(windows: impl IntoIterator<Item = &'a [f64]>, rate: f64) -> Self {
        let length = ((rate * STRETCH_S) as usize).next_power_of_two().max(64);
        let taper = hann(length);
        let mut fourier = Fourier::new(length);
        let mut spectra = Vec::new();
        for window in windows {
            for start in (0..=window.len().saturating_sub(length)).step_by(length / 2) {
                let stretch = &window[start..window.len().min(start + length)];
                let mut spectrum = Vec::new();
                fourier.forward(stretch.iter().zip(&taper).map(|(x, w)| x * w), &mut spectrum);
                spectra.push(spectrum);
            }
        }
        Self { spectra, hz: rate / length as f64 }
    }

    /// By stretch.
    pub(super) fn spectra(&self) -> &[Vec<Complex<f64>>] {
        &self.spectra
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.spectra.len()
    }

    /// How `missing` depends on this.
    pub(super) fn against(&self, missing: &Self) -> Spectra {
        let bins = self.spectra.first().map_or(0, Vec::len);
        let mut sums = Spectra {
            own: vec![0.0; bins],
            cross: vec![Complex::default(); bins],
            missing: vec![0.0; bins],
            hz: self.hz,
        };
        for (own, missing) in self.spectra.iter().zip(&missing.spectra) {
            for (bin, (x, m)) in own.iter().zip(missing).enumerate() {
                sums.own[bin] += x.norm_sqr();
                sums.cross[bin] += m * x.conj();
                sums.missing[bin] += m.norm_sqr();
            }
        }
        sums
    }
}

/// Energies of a sound and of what it lacks, and their product, bin by bin.
pub(super) struct Spectra {
    pub own: Vec<f64>,
    pub cross: Vec<Complex<f64>>,
    pub missing: Vec<f64>,
    /// From bin to bin.
    pub hz: f64,
}

impl Spectra {
    /// Energy of what is missing, and what of it any filter, and a mere gain, could make of the sound.
    pub(super) fn explained(&self) -> (f64, f64, f64) {
        let total: f64 = self.missing.iter().sum();
        let filter =
            self.cross.iter().zip(&self.own).map(|(c, own)| c.norm_sqr() / own.max(1e-30)).sum();
        let (product, own): (f64, f64) =
            (self.cross.iter().map(|c| c.re).sum(), self.own.iter().sum());
        (total, filter, product * product / own.max(1e-30))
    }

    /// Whether a filter between the sound and what is wanted of it can be told at `hz`: there is sound
    /// there, and it is that of which the other is made.
    pub(super) fn tells(&self, hz: f64, loudest: f64) -> bool {
        /// A band this far below the loudest one (-50 dB) tells nothing.
        const LEAST: f64 = 1e-5;
        /// Share of what is wanted that the filtered sound must be.
        const COHERENT: f64 = 0.9;
        let band = self.band(hz);
        let (mut own, mut explained, mut wanted) = (0.0, 0.0, 0.0);
        for bin in band.clone() {
            let with = self.cross[bin] + self.own[bin];
            own += self.own[bin];
            explained += with.norm_sqr() / self.own[bin].max(1e-30);
            wanted += self.own[bin] + 2.0 * self.cross[bin].re + self.missing[bin];
        }
        own > LEAST * loudest * band.len() as f64 && explained > COHERENT * wanted
    }

    /// Energy of the loudest third of an octave, per bin.
    pub(super) fn loudest(&self) -> f64 {
        let top = self.own.len() as f64 * self.hz;
        // Ten octaves are as many as there are.
        (0..30)
            .map(|step| 30.0 * 1.26f64.powi(step))
            .take_while(|hz| *hz < top)
            .map(|hz| {
                let band = self.band(hz);
                self.own[band.clone()].iter().sum::<f64>() / band.len().max(1) as f64
            })
            .fold(0.0, f64::max)
    }

    /// Bins of the third of an octave about `hz`, at least one.
    fn band(&self, hz: f64) -> std::ops::Range<usize> {
        let last = self.own.len();
        let bin = |hz: f64| ((hz / self.hz).round() as usize).min(last);
        let first = bin(hz / 1.122).min(last.saturating_sub(1));
        first..bin(hz * 1.122).max(first + 1).min(last)
    }
}
