//! Dither, recognised where there is nothing else: in digitally silent stretches.
//!
//! Decides by what noise of a few steps looks like: plain triangular dither (TPDF) takes three codes
//! in known shares, noise-shaped dither alternates. Rectangular dither leaves silence silent and
//! cannot be seen. A tail that fades through the same codes is told apart by its fading, and by a
//! waveform that does not alternate.

use super::lanes::largest;

/// Windows in a second.
pub(crate) const PER_SECOND: u64 = 10;
/// Louder than this many steps is no dither.
const LARGEST: f32 = 16.0;
/// Steps of more than 16 bits' are not looked for, nor of less than 24 bits'.
const COARSEST: f32 = 1.0 / 32_768.0;
const FINEST: f32 = 1.0 / 16_777_216.0;
/// Share of zeros that triangular dither of two steps leaves in silence: 0.749.
const TPDF_ZEROS: std::ops::RangeInclusive<f64> = 0.72..=0.78;
/// It does not depend on the sample before; shaped dither does.
const TPDF_CORRELATION: f64 = 0.1;
const SHAPED_CORRELATION: f64 = -0.3;
/// The halves of a window of dither have the same power, up to this share.
const STEADY: f64 = 0.1;
/// Samples of a window that tell music at once.
const GLANCE: usize = 64;
/// Kinds that are kept.
const KINDS: usize = 8;

/// Dither that was recognised.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dither {
    /// The step of the word that it was made for, as a linear amplitude.
    pub step: f64,
    /// Whether its noise is shaped.
    pub shaped: bool,
    /// Windows of 100 ms that hold nothing but it.
    pub windows: u64,
    /// First frame of the first one.
    pub first: u64,
}

/// The windows of dither so far: the coarsest kinds, from above.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct DitherPart {
    kinds: Vec<Dither>,
}

impl DitherPart {
    /// Looks at a window that begins at frame `first`: a slice of each channel.
    pub(crate) fn push(&mut self, window: &[&[f32]], first: u64) {
        // Music shows at the first glance.
        let glance = |samples: &&[f32]| largest(samples.get(..GLANCE).unwrap_or(samples));
        if window.iter().map(glance).fold(0.0, f32::max) > LARGEST * COARSEST {
            return;
        }
        let loudest = window.iter().map(|samples| largest(samples)).fold(0.0, f32::max);
        if loudest == 0.0 || loudest > LARGEST * COARSEST {
            return;
        }
        if let Some((step, shaped)) = recognise(window, loudest) {
            self.add(Dither { step: step.into(), shaped, windows: 1, first });
        }
    }

    fn add(&mut self, new: Dither) {
        let order = |kind: &Dither| (kind.step.to_bits(), kind.shaped);
        let at = self.kinds.partition_point(|kind| order(kind) > order(&new));
        match self.kinds.get_mut(at) {
            Some(known) if order(known) == order(&new) => {
                known.windows += new.windows;
                known.first = known.first.min(new.first);
            }
            _ => {
                self.kinds.insert(at, new);
                self.kinds.truncate(KINDS);
            }
        }
    }

    pub(crate) fn append(&mut self, next: Self) {
        next.kinds.into_iter().for_each(|kind| self.add(kind));
    }

    /// The kind that fills most windows.
    pub(crate) fn read(&self) -> Option<Dither> {
        self.kinds.iter().copied().max_by_key(|kind| kind.windows)
    }
}

/// Step of the dither that a window holds and nothing else, and whether it is shaped.
fn recognise(window: &[&[f32]], loudest: f32) -> Option<(f32, bool)> {
    let sounding: Vec<&[f32]> =
        window.iter().copied().filter(|samples| largest(samples) > 0.0).collect();
    let magnitudes = sounding.iter().flat_map(|samples| samples.iter()).map(|x| x.abs());
    let step = magnitudes.clone().filter(|x| *x > 0.0).fold(f32::MAX, f32::min);
    if !(FINEST..=COARSEST).contains(&step) || loudest > LARGEST * step {
        return None;
    }
    let off = |x: f32| (x / step - (x / step).round()).abs();
    if magnitudes.clone().any(|x| off(x) > 1e-3) {
        return None;
    }
    let largest_code = loudest / step;
    let (mut zeros, mut products, mut halves, mut count) = (0u64, 0.0, [0.0; 2], 0u64);
    for samples in sounding {
        zeros += samples.iter().filter(|x| **x == 0.0).count() as u64;
        count += samples.len() as u64;
        let codes = || samples.iter().map(|x| f64::from(x / step));
        products += codes().zip(codes().skip(1)).map(|(a, b)| a * b).sum::<f64>();
        let half = samples.len() / 2;
        halves[0] += codes().take(half).map(|x| x * x).sum::<f64>();
        halves[1] += codes().skip(half).map(|x| x * x).sum::<f64>();
    }
    let zeros = zeros as f64 / count as f64;
    let correlation = products / (halves[0] + halves[1]);
    let steady = (halves[0] / halves[1] - 1.0).abs() < STEADY;
    if largest_code < 1.5 && TPDF_ZEROS.contains(&zeros) && correlation.abs() < TPDF_CORRELATION {
        return Some((step, false));
    }
    let shaped = correlation < SHAPED_CORRELATION && (0.1..0.7).contains(&zeros) && steady;
    shaped.then_some((step, true))
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    fn read(windows: &[Vec<f32>]) -> Option<Dither> {
        let mut part = DitherPart::default();
        for (k, window) in windows.iter().enumerate() {
            part.push(&[window], k as u64 * 4800);
        }
        part.read()
    }

    fn triangular(seed: u32) -> impl Iterator<Item = f32> {
        noise(seed).zip(noise(seed + 1000)).map(|(a, b)| (a - b) / 2.0)
    }

    #[test]
    fn triangular_dither_is_recognised_at_any_step() {
        for bits in [16, 24] {
            let step = f32::powi(2.0, 1 - bits);
            let window = |k| triangular(k).take(4800).map(|x| x.round() * step).collect();
            let found = read(&[window(1), window(2), vec![0.0; 4800], window(3)]).unwrap();
            assert_eq!((found.step, found.shaped), (f64::from(step), false));
            assert_eq!((found.windows, found.first), (3, 0));
        }
    }

    #[test]
    fn shaped_dither_is_recognised() {
        let step = f32::powi(2.0, -15);
        let mut error = [0.0; 2];
        let window: Vec<f32> = triangular(9)
            .take(4800)
            .map(|dither| {
                let wanted = -2.0 * error[0] + error[1];
                let code = (wanted + dither).round();
                error = [code - wanted, error[0]];
                code * step
            })
            .collect();
        assert!(read(&[window]).unwrap().shaped);
    }

    #[test]
    fn silence_quiet_sound_and_tails_are_no_dither() {
        let step = f32::powi(2.0, -23);
        let round = |x: f32| x.round() * step;
        let tone = |level: f32| (0..4800).map(|n| round(level * (n as f32 * 0.05).sin())).collect();
        let hiss = |level: f32| noise(4).take(4800).map(|x| round(level * x)).collect();
        let fine = noise(4).take(4800).map(|x| x * step * 3.0).collect();
        let tail: Vec<f32> = noise(4)
            .zip(noise(4).skip(1))
            .take(4800)
            .enumerate()
            .map(|(n, (a, b))| round((a - b) * 6.0 * (-(n as f32) / 2400.0).exp()))
            .collect();
        let windows = [vec![0.0; 4800], tone(1.0), tone(8.0), hiss(3.0), hiss(1.2), fine, tail];
        assert_eq!(read(&windows), None);
    }
}
