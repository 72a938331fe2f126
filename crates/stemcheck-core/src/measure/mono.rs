//! What is left of a stereo file in mono, and how its channels balance: heard through the K-weighting
//! of ITU-R BS.1770-5, and in the low end alone, where mono matters most.
//!
//! Keeps six sums. The low end is averaged over a few frames first, windows of which lie on an
//! absolute grid: below 120 Hz nothing is lost by it.

use super::loudness::Biquad;
use crate::block::Block;
use crate::units::db_from_power;

/// Upper border of the low end in Hz.
const LOW_HZ: f64 = 120.0;
/// Rate in Hz to which the low end is averaged, at least.
const LOW_RATE: u32 = 3000;
/// No loss is told beyond this: what is left then is rounding, in dB.
const MOST_DB: f64 = 60.0;
/// Part of the file's power that the low end has to have.
const LEAST_LOW: f64 = 0.05;

/// Energies of the first two channels, and the sum of their products.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Sides {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) product: f64,
}

impl Sides {
    pub(crate) fn add(&mut self, other: Self) {
        self.left += other.left;
        self.right += other.right;
        self.product += other.product;
    }

    /// Level of (L + R) / √2 against both channels, in dB: 0 for equal ones, -3 for unrelated ones.
    fn mono_db(self) -> Option<f64> {
        let both = self.left + self.right;
        let share = (both + 2.0 * self.product) / (2.0 * both);
        (both > 0.0).then(|| db_from_power(share.max(0.0)).max(-MOST_DB))
    }

    /// Level of the left channel against the right one, in dB.
    fn balance_db(self) -> Option<f64> {
        let both = self.left > 0.0 && self.right > 0.0;
        both.then(|| db_from_power(self.left / self.right).clamp(-MOST_DB, MOST_DB))
    }
}

/// Both sums over a stretch.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct MonoPart {
    pub(crate) weighted: Sides,
    low: Sides,
    /// Averages that `low` is made of.
    windows: u64,
}

impl MonoPart {
    pub(crate) fn append(&mut self, next: &Self) {
        self.weighted.add(next.weighted);
        self.low.add(next.low);
        self.windows += next.windows;
    }

    pub(crate) fn balance_db(&self) -> Option<f64> {
        self.weighted.balance_db()
    }

    pub(crate) fn mono_db(&self) -> Option<f64> {
        self.weighted.mono_db()
    }

    /// That of the low end, in a file of this mean power (of both channels together).
    pub(crate) fn low_mono_db(&self, power: f64) -> Option<f64> {
        let mean = (self.low.left + self.low.right) / self.windows.max(1) as f64;
        self.low.mono_db().filter(|_| mean > LEAST_LOW * power)
    }
}

/// Runs the low end's filter.
#[derive(Debug)]
pub(super) struct LowEnd {
    /// Frames that are averaged.
    window: u64,
    sums: [f64; 2],
    filters: [Biquad; 2],
}

impl LowEnd {
    pub(super) fn new(sample_rate: u32) -> Self {
        let window = (sample_rate / LOW_RATE).max(1);
        let rate = f64::from(sample_rate) / f64::from(window);
        // The two halves of a Butterworth filter of fourth order.
        let filters = [0.541_196_1, 1.306_563].map(|q| Biquad::low_pass(LOW_HZ, q, rate));
        Self { window: window.into(), sums: [0.0; 2], filters }
    }

    /// Goes on with a block of finite samples from frame `start` on; `part` is told of the windows
    /// that end in it.
    pub(super) fn push(&mut self, block: &Block, start: u64, mut part: Option<&mut MonoPart>) {
        let [left, right, ..] = block.channels.as_slice() else { return };
        let mut from = 0;
        while from < left.len() {
            let at = start + from as u64;
            let rest = self.window - at % self.window;
            let to = left.len().min(from + rest as usize);
            for (sum, side) in self.sums.iter_mut().zip([left, right]) {
                *sum += side[from..to].iter().map(|&x| f64::from(x)).sum::<f64>();
            }
            if (to - from) as u64 == rest {
                self.end_window(part.as_deref_mut());
            }
            from = to;
        }
        for filter in &mut self.filters {
            filter.rest();
        }
    }

    fn end_window(&mut self, part: Option<&mut MonoPart>) {
        let means = std::mem::take(&mut self.sums).map(|sum| sum / self.window as f64);
        let [left, right] = self.filters.iter_mut().fold(means, |x, filter| filter.step(x));
        if let Some(part) = part {
            part.low.add(Sides { left: left * left, right: right * right, product: left * right });
            part.windows += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{measure, noise};
    use super::super::{Measurements, Word};

    fn read(left: Vec<f32>, right: Vec<f32>) -> Measurements {
        measure(48_000, Word::Float, &[left, right])
    }

    fn tone(hz: f32, gain: f32) -> Vec<f32> {
        let step = hz * std::f32::consts::TAU / 48_000.0;
        (0..96_000).map(|i| (i as f32 * step).sin() * gain).collect()
    }

    fn near(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 0.15)
    }

    #[test]
    fn equal_unrelated_and_mirrored_channels() {
        let white = |seed| -> Vec<f32> { noise(seed).take(96_000).collect() };
        let equal = read(white(1), white(1));
        assert!(near(equal.mono_db, 0.0) && near(equal.balance_db, 0.0));
        assert!(near(read(white(1), white(2)).mono_db, -3.0));
        let mirrored = white(1).iter().map(|x| -x).collect();
        assert_eq!(read(white(1), mirrored).mono_db, Some(-60.0));
        let quieter = white(2).iter().map(|x| x * 0.5).collect();
        assert!(near(read(white(1), quieter).balance_db, 6.0));
        // One channel has nothing to lose; silence has no balance.
        assert_eq!(measure(48_000, Word::Float, &[white(1)]).mono_db, None);
        assert_eq!(read(vec![0.0; 9600], vec![0.0; 9600]).balance_db, None);
    }

    #[test]
    fn only_the_low_end_counts_in_the_low_end() {
        let add = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(b).map(|(a, b)| a + b).collect();
        let left = add(tone(60.0, 0.3), tone(3000.0, 0.3));
        let right = add(tone(60.0, -0.3), tone(3000.0, 0.3));
        let read = read(left, right);
        assert!(read.low_mono_db.is_some_and(|db| db < -20.0), "{:?}", read.low_mono_db);
        assert!(read.mono_db.is_some_and(|db| db > -1.2), "{:?}", read.mono_db);
        // No low end, no loss in it.
        let high = super::super::tests::measure(
            48_000,
            Word::Float,
            &[tone(3000.0, 0.3), tone(3000.0, -0.3)],
        );
        assert_eq!(high.low_mono_db, None);
    }
}
