//! Whether an explanation is right as far as it goes, beside others that are still to be found.
//!
//! Two faults are seldom loudest at the same moment in the same band. So the right explanation of one
//! takes the residual away all but completely in many cells of time and frequency, and leaves next to
//! none that was right before worse; a wrong one that merely lowers the whole a little does as much harm
//! in some cells as good in others. Decides that, whatever the explanation; not which one is best.

use super::recipe::Pair;
use crate::spectrum::{Fourier, hann};

/// Length of a block in seconds, and bands to an octave from the lowest one in Hz.
const BLOCK_S: f64 = 0.03;
const BANDS_PER_OCTAVE: f64 = 3.0;
const LOWEST_HZ: f64 = 60.0;
/// A cell is explained, or spoilt, if its energy falls or rises by this factor (10 dB).
const FACTOR: f64 = 10.0;
/// Least share of the residual, and of all that is gained, in cells that are explained ...
const LEAST_SHARE: f64 = 0.1;
const LEAST_OF_GAINED: f64 = 0.5;
/// What spoils next to nothing is right at a smaller share.
const NOTHING_SPOILT: f64 = 1e-3;
const LEAST_PURE_SHARE: f64 = 0.03;
/// What takes away more than half of everything may do so less completely.
const MUCH: f64 = 0.5;
const LEAST_OF_MUCH: f64 = 0.3;
/// ... and of those, what others may be spoilt by.
const MOST_SPOILT: f64 = 0.05;
/// What spoils more than this share of what it explains is wrong.
const HARM: f64 = 0.5;

/// Energies of a residual in cells of time and frequency.
pub(super) struct Cells {
    cells: Vec<f64>,
}

/// What an explanation does to the cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effect {
    total: f64,
    gained: f64,
    explained: f64,
    spoilt: f64,
}

impl Cells {
    /// Of a residual, window by window.
    pub(super) fn new(residual: &[Pair], rate: f64) -> Self {
        let length = ((BLOCK_S * rate) as usize).next_power_of_two().max(64);
        let (mut fourier, window) = (Fourier::new(length), hann(length));
        let hz = rate / length as f64;
        let band = |bin: usize| {
            let octaves = (bin as f64 * hz / LOWEST_HZ).max(1.0).log2();
            (octaves * BANDS_PER_OCTAVE) as usize
        };
        let bands: Vec<usize> = (0..=length / 2).map(band).collect();
        let count = bands.last().map_or(0, |last| last + 1);
        let mut cells = Vec::new();
        let mut spectrum = Vec::new();
        for side in residual.iter().flatten() {
            for start in (0..(side.len() + 1).saturating_sub(length)).step_by(length / 2) {
                let weighted = side[start..start + length].iter().zip(&window);
                fourier.forward(weighted.map(|(x, w)| x * w), &mut spectrum);
                let first = cells.len();
                cells.resize(first + count, 0.0);
                for (bin, band) in spectrum.iter().zip(&bands) {
                    cells[first + band] += bin.norm_sqr();
                }
            }
        }
        Self { cells }
    }

    /// What becomes of them.
    pub(super) fn against(&self, after: &Self) -> Effect {
        let mut effect = Effect { total: 0.0, gained: 0.0, explained: 0.0, spoilt: 0.0 };
        for (&before, &after) in self.cells.iter().zip(&after.cells) {
            effect.total += before;
            effect.gained += before - after;
            if FACTOR * after < before {
                effect.explained += before;
            } else if after > FACTOR * before {
                effect.spoilt += after;
            }
        }
        effect
    }
}

impl Effect {
    /// Whether it is right as far as it goes.
    pub(super) fn is_right(&self) -> bool {
        let much = self.gained > MUCH * self.total;
        let pure = self.spoilt <= NOTHING_SPOILT * self.explained;
        let least_share = if pure { LEAST_PURE_SHARE } else { LEAST_SHARE };
        let least = if much { LEAST_OF_MUCH } else { LEAST_OF_GAINED };
        self.gained > 0.0
            && self.explained >= least_share * self.total
            && self.explained >= least * self.gained
            && self.spoilt <= MOST_SPOILT * self.explained
    }

    /// Whether it does much harm to what it had better let alone.
    pub(super) fn is_harmful(&self) -> bool {
        self.spoilt > HARM * self.explained
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::dsp::Noise;

    const RATE: f64 = 48_000.0;
    const FRAMES: usize = 24_000;

    /// Noise that sounds a quarter of the time, from one moment on, again and again.
    fn bursts(seed: u64, from: usize) -> Pair {
        let mut noise = Noise::new(seed);
        let sounds = |i: usize| (i + FRAMES - from) % 8_000 < 2_000;
        let mut side = || {
            (0..FRAMES)
                .map(|i| f64::from(noise.sample()) * f64::from(u8::from(sounds(i))))
                .collect()
        };
        [side(), side()]
    }

    fn minus(a: &Pair, gain: f64, b: &Pair) -> Pair {
        std::array::from_fn(|side| {
            a[side].iter().zip(&b[side]).map(|(a, b)| a - gain * b).collect()
        })
    }

    fn effect(before: &Pair, after: &Pair) -> Effect {
        let cells = |pair: &Pair| Cells::new(std::slice::from_ref(pair), RATE);
        cells(before).against(&cells(after))
    }

    #[test]
    fn one_of_two_faults_is_right_as_far_as_it_goes() {
        let (one, other) = (bursts(1, 0), bursts(2, 4_000));
        let both = minus(&one, -2.0, &other);
        let right = effect(&both, &minus(&both, 1.0, &one));
        assert!(right.is_right() && !right.is_harmful(), "{right:?}");
    }

    #[test]
    fn a_small_part_is_right_where_nothing_suffers() {
        let (small, large) = (bursts(1, 0), bursts(2, 4_000));
        let both = minus(&small, -4.0, &large);
        let pure = effect(&both, &minus(&both, 1.0, &small));
        assert!(pure.explained < LEAST_SHARE * pure.total && pure.is_right(), "{pure:?}");
        let harm = Effect { spoilt: 0.01 * pure.explained, ..pure };
        assert!(!harm.is_right());
    }

    #[test]
    fn what_fits_a_little_everywhere_is_not() {
        let (fault, sound) = (bursts(1, 0), bursts(3, 2_000));
        // A gain that fits one half of the song lowers the whole, and spoils the other half.
        let mut half = sound.clone();
        for side in &mut half {
            side[FRAMES / 2..].fill(0.0);
        }
        let residual = minus(&fault, -2.0, &half);
        let wrong = effect(&residual, &minus(&residual, 1.0, &sound));
        assert!(wrong.gained > 0.0 && !wrong.is_right() && wrong.is_harmful(), "{wrong:?}");
        // What has nothing to do with it.
        let stranger = effect(&fault, &minus(&fault, 0.1, &bursts(4, 0)));
        assert!(!stranger.is_right(), "{stranger:?}");
    }
}
