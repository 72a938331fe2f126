//! Hum of the mains: steady lines at 50 or 60 Hz and their multiples.
//!
//! Idea: Brandt and Bitzer, quantiles of each bin over time. A line of hum is there in the quiet
//! moments as in the loud ones, narrow and alone; notes come and go, and no note lies on these
//! frequencies. Decides where there is such a line. What is loud is never hum: somebody plays it.

use super::low::{CLEAN, Low};
use crate::spectrum::{Complex, Fourier, hann};
use crate::units::db_from_amplitude;

/// Samples of a window: 2.7 s.
const WINDOW: usize = 2048;
const HOP: usize = WINDOW / 4;
/// A window in which so many samples in a row are silent (a part of a second) says nothing.
const PAUSE: usize = 256;
/// Fewer windows say nothing: 8 s.
const LEAST_WINDOWS: usize = 9;
/// Frequencies of the mains in Hz.
const MAINS: [u32; 2] = [50, 60];
/// How far off a line may be: that of the mains is within 0.2 %, the rest is the width of a bin.
const OFF_HZ: f64 = 0.4;
const OFF_SHARE: f64 = 0.003;
/// A line is the largest within so many Hz: else it is the flank of a note.
const ALONE_HZ: f64 = 2.2;
/// It is compared with what is up to so many Hz away.
const NEAR_HZ: f64 = 9.0;
/// In the quiet moments a line is above the middle one of its neighbours by so many dB,
const ABOVE_MEDIAN_DB: f64 = 15.0;
/// and above the largest of them by so many.
const ABOVE_ALL_DB: f64 = 6.0;
/// Between quiet (10th percentile) and loud moments (75th) it changes by less, in dB.
const STEADY_DB: f64 = 6.0;
/// Levels that are looked at, in dBFS.
const LEAST_DBFS: f64 = -90.0;
const MOST_DBFS: f64 = -30.0;
/// The first line alone is hum from here on, in dBFS.
const ALONE_DBFS: f64 = -70.0;
/// Two lines are hum if one of them is up to this multiple.
const LOW_MULTIPLE: u32 = 3;

/// Hum that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Hum {
    /// Frequency of the mains in Hz: 50 or 60.
    pub mains_hz: u32,
    /// Level of the strongest line in the quiet moments, in dBFS (peak).
    pub level_dbfs: f64,
    /// Lines that were found.
    pub lines: u32,
}

/// Hum in a low end.
pub(super) fn find(low: &Low) -> Option<Hum> {
    let spectra = Spectra::new(low)?;
    let hums = MAINS.iter().filter_map(|&mains| spectra.hum(mains));
    hums.max_by(|a, b| a.level_dbfs.total_cmp(&b.level_dbfs))
}

/// Levels in dBFS, bin by bin, over the windows.
struct Spectra {
    hz_per_bin: f64,
    bins: Vec<Vec<f32>>,
}

impl Spectra {
    fn new(low: &Low) -> Option<Self> {
        let samples: Vec<f32> = low.samples().collect();
        let sounding =
            |window: &&[f32]| window.chunks(PAUSE).all(|piece| piece.iter().any(|&x| x != 0.0));
        let windows: Vec<&[f32]> = samples.windows(WINDOW).step_by(HOP).filter(sounding).collect();
        if windows.len() < LEAST_WINDOWS {
            return None;
        }
        let hz_per_bin = low.rate / WINDOW as f64;
        let count = ((CLEAN * low.rate + NEAR_HZ) / hz_per_bin) as usize + 1;
        let mut bins = vec![Vec::with_capacity(windows.len()); count.min(WINDOW / 2)];
        let hann: Vec<f32> = hann(WINDOW).into_iter().map(|x| x as f32).collect();
        let mut fourier = Fourier::new(WINDOW);
        let mut spectrum: Vec<Complex<f32>> = Vec::new();
        for window in windows {
            fourier.forward(window.iter().zip(&hann).map(|(x, w)| x * w), &mut spectrum);
            for (levels, value) in bins.iter_mut().zip(&spectrum) {
                let peak = f64::from(value.norm()) * 4.0 / WINDOW as f64;
                levels.push(db_from_amplitude(peak.max(1e-9)) as f32);
            }
        }
        Some(Self { hz_per_bin, bins })
    }

    fn hum(&self, mains: u32) -> Option<Hum> {
        let last = ((self.bins.len() as f64 * self.hz_per_bin - NEAR_HZ) / f64::from(mains)) as u32;
        let lines: Vec<(u32, f64)> = (1..=last)
            .filter_map(|multiple| Some((multiple, self.line(f64::from(multiple * mains))?)))
            .collect();
        let level_dbfs = lines.iter().map(|line| line.1).reduce(f64::max)?;
        let hums = match lines.as_slice() {
            [(1, level)] => *level > ALONE_DBFS,
            [_] | [] => false,
            [(lowest, _), ..] => *lowest <= LOW_MULTIPLE,
        };
        let hums = hums && level_dbfs < MOST_DBFS;
        hums.then_some(Hum { mains_hz: mains, level_dbfs, lines: lines.len() as u32 })
    }

    /// Level of the line at a frequency, if it is one of hum.
    fn line(&self, hz: f64) -> Option<f64> {
        let off = OFF_HZ.max(OFF_SHARE * hz);
        let (bin, level) = self.quiet(hz, 0.0, off).max_by(|a, b| a.1.total_cmp(&b.1))?;
        let mut around: Vec<f64> = self.quiet(hz, ALONE_HZ, NEAR_HZ).map(|(_, db)| db).collect();
        around.sort_unstable_by(f64::total_cmp);
        let (median, largest) = (*around.get(around.len() / 2)?, *around.last()?);
        let alone = self.quiet(hz, 0.0, ALONE_HZ).all(|(_, db)| db <= level);
        let steady = quantile(self.bins.get(bin)?, 0.75)? - level < STEADY_DB;
        let above = level >= median + ABOVE_MEDIAN_DB && level >= largest + ABOVE_ALL_DB;
        (alone && steady && above && level > LEAST_DBFS).then_some(level)
    }

    /// The bins that are so far from a frequency, in Hz, and their levels in the quiet moments.
    fn quiet(&self, hz: f64, from: f64, to: f64) -> impl Iterator<Item = (usize, f64)> {
        self.bins.iter().enumerate().filter_map(move |(bin, levels)| {
            let distance = (bin as f64 * self.hz_per_bin - hz).abs();
            let asked = distance >= from && distance <= to;
            Some((bin, asked.then(|| quantile(levels, 0.1)).flatten()?))
        })
    }
}

/// The value below which the part `share` of the values lies.
fn quantile(values: &[f32], share: f64) -> Option<f64> {
    let mut values = values.to_vec();
    let at = (share * values.len().saturating_sub(1) as f64) as usize;
    if values.is_empty() {
        return None;
    }
    Some((*values.select_nth_unstable_by(at, f32::total_cmp).1).into())
}

#[cfg(test)]
mod tests {
    use super::super::Word;
    use super::super::tests::{measure, noise};
    use super::*;

    /// Hz, amplitude, and how it swells.
    type Tone = (f64, f64, fn(f64) -> f64);

    /// Twelve seconds of tones.
    fn song(tones: &[Tone]) -> Option<Hum> {
        let sound = noise(5).take(12 * 6000).enumerate().map(|(i, noise)| {
            let t = f64::from(i as u32) / 6000.0;
            let tone = |&(hz, gain, swell): &Tone| {
                gain * swell(t) * (t * hz * std::f64::consts::TAU).sin()
            };
            tones.iter().map(tone).sum::<f64>() as f32 + 2e-4 * noise
        });
        measure(6000, Word::Float, &[sound.collect()]).hum
    }

    fn always(_: f64) -> f64 {
        1.0
    }

    fn notes(t: f64) -> f64 {
        (t * std::f64::consts::FRAC_PI_2).sin().max(0.0).powi(2)
    }

    #[test]
    fn finds_hum_below_notes() {
        for mains in [50.0, 60.02] {
            let hum = song(&[
                (mains, 1e-3, always),
                (2.0 * mains, 5e-4, always),
                (3.0 * mains, 6e-4, always),
                (82.4, 0.2, notes),
                (164.8, 0.1, notes),
            ]);
            let hum = hum.expect("it hums");
            assert_eq!((f64::from(hum.mains_hz), hum.lines), (f64::floor(mains), 3));
            assert!((hum.level_dbfs + 60.0).abs() < 1.5, "{hum:?}");
        }
    }

    #[test]
    fn notes_are_no_hum() {
        // A drone on the G next to 50 Hz, one on 50 Hz that is played, one that comes and goes, a
        // steady tone between, and hum that nobody hears.
        assert_eq!(song(&[]), None);
        assert_eq!(song(&[(49.0, 0.01, always), (98.0, 0.01, always)]), None);
        assert_eq!(song(&[(50.0, 0.2, always), (100.0, 0.1, always)]), None);
        assert_eq!(song(&[(50.0, 0.01, notes), (100.0, 0.01, notes)]), None);
        assert_eq!(song(&[(110.0, 0.01, always), (220.0, 0.01, always)]), None);
        assert_eq!(song(&[(60.0, 2e-5, always), (120.0, 2e-5, always)]), None);
        assert_eq!(song(&[(250.0, 1e-3, always)]), None);
    }
}
