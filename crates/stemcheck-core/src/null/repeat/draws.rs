//! The difference of two renders as the floor of the residual: what of it is no more than one more
//! render would differ by.

use super::{RepeatPart, Repeatability};
use crate::null::meter::{NullPart, Second};
use crate::null::recipe::{Pair, energy};
use crate::null::signature::{Grid, Signature};
use crate::null::spectra::mono;
use crate::null::{Cause, Confidence};
use crate::spectrum::{Complex, Fourier, hann};
use crate::units::{db_from_power, power_from_db};

/// A residual this much above the renders' difference (6 dB) is still one more draw of the same lot.
const DRAWS_APART: f64 = 4.0;

/// A residual of which less than this share is beyond that is explained.
pub(in crate::null) const MOSTLY: f64 = 0.1;

/// Seconds to either side from which the difference is taken: an oscillator's phases may happen to
/// agree for a while.
const AROUND_S: f64 = 2.0;

/// The difference of two renders as the floor of the residual: by time and band.
pub(in crate::null) struct Draws<'a> {
    part: &'a NullPart,
    repeat: &'a RepeatPart,
    grid: Grid,
    /// Of each band, the share of the reference's energy by which two renders differ.
    shares: Vec<f64>,
    /// Of all bands.
    share: f64,
    /// What the two renders differ by.
    pub(in crate::null) measured: Repeatability,
}

impl<'a> Draws<'a> {
    /// `None` unless there are two renders that differ.
    pub(in crate::null) fn new(part: &'a NullPart) -> Option<Self> {
        let measured = part.repeatability().filter(|measured| !measured.is_same())?;
        let repeat = part.repeat.as_ref()?;
        let grid = Grid::new(part.sample_rate);
        let bands = part.bands(repeat, &grid);
        let pairs = bands.difference.iter().zip(&bands.reference);
        let shares = pairs.map(|(d, r)| if *r > 0.0 { d / r } else { 0.0 }).collect();
        let share = power_from_db(measured.depth_db);
        Some(Self { part, repeat, grid, shares, share, measured })
    }

    /// Whether the residual is one more draw of the same lot.
    pub(in crate::null) fn explain(&self, windows: &[(i64, &Pair)]) -> bool {
        self.beyond(windows) < MOSTLY
    }

    /// The share of the residual's energy that is above what one more render would differ by, 0 to 1.
    /// `windows` are stretches of the residual with their first frames.
    pub(in crate::null) fn beyond(&self, windows: &[(i64, &Pair)]) -> f64 {
        let mut fourier = Fourier::new(2 * self.grid.hop);
        let (mut beyond, mut all) = (0.0, 0.0);
        for (start, residual) in windows {
            let energy = energy(residual);
            all += energy;
            let by_time = (1.0 - self.expected(*start, residual[0].len()) / energy).max(0.0);
            let by_band = self.beyond_by_band(*start, residual, &mut fourier);
            beyond += energy * by_time.max(by_band);
        }
        if all > 0.0 { beyond / all } else { 0.0 }
    }

    /// The cause, where `beyond` of the rest is not explained by it.
    pub(in crate::null) fn cause(&self, share: f64, beyond: f64, blank: &Cause) -> Cause {
        let (start_s, end_s) = self.measured.span.unwrap_or((blank.start_s, blank.end_s));
        Cause {
            code: "unrepeatable-mix".into(),
            value: Some(self.measured.depth_db),
            unit: "dB".into(),
            share,
            explains_db: db_from_power(1.0 / beyond.max(1e-3)).max(0.0),
            confidence: match beyond {
                beyond if beyond < MOSTLY => Confidence::Certain,
                beyond if beyond < 0.5 => Confidence::Likely,
                _ => Confidence::Possible,
            },
            expected: true,
            start_s,
            end_s,
            ..blank.clone()
        }
    }

    /// The energy that one more render may differ by in a stretch.
    fn expected(&self, start: i64, frames: usize) -> f64 {
        let rate = f64::from(self.part.sample_rate);
        let first = self.part.first_second as f64;
        let (begin, length) = (start as f64 / rate - first, frames as f64 / rate);
        // Energy of a stretch that lies within some seconds.
        let mean = |from: f64, to: f64, energy: &dyn Fn(usize) -> f64| {
            let (from, to) = (from.max(0.0).floor() as usize, to.max(0.0).ceil() as usize);
            (from..to.max(from + 1)).map(energy).sum::<f64>() / (to.max(from + 1) - from) as f64
        };
        let difference = |at: usize| self.repeat.seconds.get(at).map_or(0.0, |s| s.difference);
        let reference = |at: usize| self.part.seconds.get(at).map_or(0.0, Second::reference);
        let end = begin + length;
        let near = mean(begin - AROUND_S, end + AROUND_S, &difference);
        let here = mean(begin, end, &difference);
        let usual = self.share * mean(begin, end, &reference);
        DRAWS_APART * length * near.max(here).max(usual)
    }

    fn beyond_by_band(&self, start: i64, residual: &Pair, fourier: &mut Fourier<f64>) -> f64 {
        let hop = self.grid.hop as i64;
        let bands = self.grid.bins.len();
        let frames = residual[0].len() as i64;
        // Columns that lie within the stretch.
        let first = (start + hop - 1).div_euclid(hop) + 1;
        let last = (start + frames).div_euclid(hop) - 1;
        if last < first {
            return 0.0;
        }
        let (mono, window) = (mono(residual), hann(2 * self.grid.hop));
        let mut spectrum = Vec::new();
        let mut own = vec![0.0; bands];
        for column in first..=last {
            let from = ((column - 1) * hop - start) as usize;
            let under = mono.iter().skip(from).zip(&window).map(|(x, w)| x * w);
            fourier.forward(under, &mut spectrum);
            for (own, &bin) in own.iter_mut().zip(&self.grid.bins) {
                *own += spectrum.get(bin).map_or(0.0, Complex::norm_sqr);
            }
        }
        let around = (AROUND_S * f64::from(self.part.sample_rate)) as i64 / hop;
        let mean = |signature: &Signature, band: usize, from: i64, to: i64| {
            let energy: f64 =
                (from..=to).map(|column| signature.value(bands, band, column).norm_sqr()).sum();
            energy / (to - from + 1) as f64
        };
        let (mut beyond, mut all) = (0.0, 0.0);
        for (band, own) in own.into_iter().enumerate() {
            let difference = &self.repeat.signature;
            let here = mean(difference, band, first, last);
            let near = mean(difference, band, first - around, last + around);
            let usual = self
                .part
                .reference_signature()
                .map_or(0.0, |reference| self.shares[band] * mean(reference, band, first, last));
            let expected = DRAWS_APART * (last - first + 1) as f64 * here.max(near).max(usual);
            // Bands are a third of an octave each, of which one line is looked at.
            let width = self.grid.bins[band] as f64;
            all += width * own;
            beyond += width * (own - expected).max(0.0);
        }
        if all > 0.0 { beyond / all } else { 0.0 }
    }
}
