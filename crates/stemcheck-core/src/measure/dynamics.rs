//! How far peaks stand above loudness, and whether they pile up beneath a ceiling.
//!
//! Reads the peaks of the 10 ms windows in which loudness is metered too. Peaks are those of the
//! samples: true peaks of every window would cost more than all other meters, and lie 0.3 dB higher
//! on music that is not limited.

use std::ops::AddAssign;

use super::loudness;
use super::series::Series;
use crate::units::db_from_amplitude;

/// Windows in 3 s and in 100 ms.
const SHORT_TERM: usize = 300;
const STEP: usize = 10;
/// Moments this far below the integrated loudness are no measure of density.
const QUIET_LU: f64 = 10.0;
/// A window within this of the file's peak lies at the ceiling.
const AT_CEILING_DB: f64 = 0.1;
/// The windows to this far below it are compared with those at the ceiling.
const BELOW_CEILING_DB: f64 = 1.1;
/// A window within this of the file's peak is loud.
const LOUD_DB: f64 = 20.0;

/// The largest absolute sample of a window; adding takes the larger one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Loudest(pub(crate) f32);

impl AddAssign for Loudest {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }
}

/// What piles up beneath a ceiling: what a limiter leaves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limiting {
    /// Windows of 10 ms whose peak is within 0.1 dB of the file's.
    pub windows: u64,
    /// They, over a tenth of the windows within the next dB below (and 1).
    pub pile: f64,
    /// They, as a share of the windows within 20 dB of the peak.
    pub share: f64,
    /// Maxima of the waveform within 0.15 dB of the largest one.
    pub maxima: u64,
    /// They, over what the next dB below would lead to expect (and 3).
    pub top: f64,
    /// Waveforms of different shape around those maxima, up to 32: the same hit over and over has one.
    pub shapes: usize,
}

impl Limiting {
    /// Fills in what the windows' peaks tell.
    pub(crate) fn read_windows(&mut self, peaks: &[Loudest]) {
        let peak = peaks.iter().fold(0f32, |most, p| most.max(p.0));
        if peak <= 0.0 {
            return;
        }
        let within = |from_db: f64, to_db: f64| {
            let below = |p: &&Loudest| {
                let db = db_from_amplitude(f64::from(peak) / f64::from(p.0));
                (from_db..to_db).contains(&db)
            };
            peaks.iter().filter(below).count() as f64
        };
        let at = within(0.0, AT_CEILING_DB);
        self.windows = at as u64;
        self.pile = at / (0.1 * within(AT_CEILING_DB, BELOW_CEILING_DB) + 1.0);
        self.share = at / within(0.0, LOUD_DB).max(1.0);
    }
}

/// Peak of the last 3 s over their loudness (PSR), 5th percentile over the loud moments, in dB:
/// Shepherd, Grimm et al., "Measuring Micro-Dynamics", AES 143.
pub(crate) fn psr_p5(
    peaks: &[Loudest],
    energies: &Series<f64>,
    integrated_lufs: Option<f64>,
    (sample_rate, start, end): (u32, u64, u64),
) -> Option<f64> {
    let quiet = integrated_lufs? - QUIET_LU;
    let short_term = loudness::short_term(energies, sample_rate, start, end);
    let mut ratios: Vec<f64> = short_term
        .iter()
        .zip(peaks.windows(SHORT_TERM))
        .step_by(STEP)
        .filter(|(lufs, _)| **lufs > quiet)
        .map(|(lufs, peaks)| {
            let peak = peaks.iter().fold(0f32, |most, p| most.max(p.0));
            db_from_amplitude(peak.into()) - lufs
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = (0.05 * ratios.len().saturating_sub(1) as f64).round() as usize;
    ratios.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(db: &[f64]) -> Limiting {
        let peaks: Vec<Loudest> =
            db.iter().map(|&db| Loudest(crate::units::amplitude_from_db(db) as f32)).collect();
        let mut limiting = Limiting::default();
        limiting.read_windows(&peaks);
        limiting
    }

    #[test]
    fn windows_at_the_ceiling_are_counted() {
        let mut windows = vec![-3.0; 10];
        windows.extend([-3.6; 10]);
        windows.extend([-9.0; 20]);
        windows.extend([-60.0; 50]);
        let limiting = read(&windows);
        assert_eq!((limiting.windows, limiting.pile, limiting.share), (10, 5.0, 0.25));
    }

    #[test]
    fn silence_has_no_ceiling() {
        assert_eq!(read(&[]), Limiting::default());
        assert_eq!(read(&[f64::NEG_INFINITY; 3]), Limiting::default());
    }
}
