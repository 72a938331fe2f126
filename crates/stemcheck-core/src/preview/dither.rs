//! Dither: what a 16-bit file needs so that rounding does not distort.
//!
//! Triangular noise of two steps peak to peak (TPDF): the error's mean and power no longer depend on
//! the signal. The generator is fixed, so that a file is the same each time it is written.

use crate::block::Block;

/// Full scale in steps of 16 bits.
const SCALE: f64 = 32_768.0;

/// Puts samples on the 16-bit grid with triangular dither.
#[derive(Debug, Clone)]
pub struct Dither {
    /// A generator for each channel: the same noise on both would be heard in the middle.
    states: Vec<u64>,
}

impl Dither {
    /// For blocks of up to so many channels.
    pub fn new(channels: usize) -> Self {
        Self { states: (0..channels as u64).collect() }
    }

    /// Makes every sample of the next block a multiple of 2⁻¹⁵ from -1 to 1 - 2⁻¹⁵, which a writer
    /// of 16-bit files then stores as it is. NaN becomes silence.
    pub fn apply(&mut self, block: &mut Block) {
        for (state, channel) in self.states.iter_mut().zip(&mut block.channels) {
            for x in channel {
                let dithered = (f64::from(*x) * SCALE + triangular(state)).round();
                // A cast to an integer holds to its range, and takes NaN to 0.
                *x = (f64::from(dithered as i16) / SCALE) as f32;
            }
        }
        block.fine.clear();
    }
}

/// Triangular noise between -1 and 1: the two halves of a `SplitMix64` draw (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014), one minus the other.
fn triangular(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    let even = |half: u64| half as f64 / 4_294_967_296.0;
    even(z >> 32) - even(z & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_has_the_mean_and_power_of_tpdf_wherever_the_sample_lies() {
        for steps in [0.0, 0.25, 0.5, 0.875, -1234.25] {
            let n = 200_000;
            let x = (steps / SCALE) as f32;
            let mut block = Block::from_planar(0, vec![vec![x; n]]);
            Dither::new(1).apply(&mut block);
            let errors = block.channels[0].iter().map(|&y| f64::from(y) * SCALE - steps);
            let (sum, power) = errors.fold((0.0, 0.0), |(s, p), e| (s + e, p + e * e));
            let (mean, power) = (sum / n as f64, power / n as f64);
            assert!(mean.abs() < 0.01, "{steps}: mean {mean}");
            // Three times the power of plain rounding, 1/12.
            assert!((power - 0.25).abs() < 0.01, "{steps}: power {power}");
        }
    }

    #[test]
    fn repeats_stays_in_range_and_differs_between_channels() {
        let mut wild = vec![0.1, 2.0, -2.0, f32::NAN];
        wild.resize(100, 0.0);
        let mut block = Block::from_planar(0, vec![wild; 2]);
        let mut again = block.clone();
        Dither::new(2).apply(&mut block);
        Dither::new(2).apply(&mut again);
        assert_eq!(block, again);
        assert_ne!(block.channels[0], block.channels[1]);
        assert_eq!(block.channels[0][1..3], [32_767.0 / 32_768.0, -1.0]);
        assert!(block.channels[0][3].abs() <= 1.0 / 32_768.0);
    }
}
