//! Dither: what a 16-bit file needs so that rounding does not distort.
//!
//! Triangular noise of two steps peak to peak (TPDF): the error's mean and power no longer depend on
//! the signal. From a generator of its own with a fixed seed, so that a file is the same each time.

/// Rounds to 16 bits with triangular dither.
#[derive(Debug, Clone)]
pub struct Tpdf {
    state: u64,
}

impl Tpdf {
    /// A generator; one per channel, each with its own seed, so that the noise is not all in the middle.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The 16-bit sample for a linear one (1.0 = full scale), at the rails beyond full scale; NaN is
    /// silence.
    pub fn quantise(&mut self, sample: f32) -> i16 {
        // A cast to an integer saturates, and takes NaN to 0.
        (f64::from(sample) * 32_768.0 + self.noise()).round() as i16
    }

    /// Triangular noise between -1 and 1.
    fn noise(&mut self) -> f64 {
        // SplitMix64 (Steele, Lea, Flood 2014): its two halves are two even draws.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let unit = |half: u64| half as f64 / 4_294_967_296.0;
        unit(z >> 32) - unit(z & 0xffff_ffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_has_the_mean_and_power_of_tpdf_wherever_the_sample_lies() {
        for x in [0.0, 0.25, 0.5, 0.9, -1234.3] {
            let mut dither = Tpdf::new(1);
            let n = 200_000;
            let errors: Vec<f64> =
                (0..n).map(|_| f64::from(dither.quantise((x / 32_768.0) as f32)) - x).collect();
            let mean = errors.iter().sum::<f64>() / f64::from(n);
            let power = errors.iter().map(|e| e * e).sum::<f64>() / f64::from(n);
            assert!(mean.abs() < 0.01, "{x}: mean {mean}");
            // Three times the power of plain rounding, 1/12.
            assert!((power - 0.25).abs() < 0.01, "{x}: power {power}");
        }
    }

    #[test]
    fn repeats_and_saturates() {
        let (mut a, mut b) = (Tpdf::new(5), Tpdf::new(5));
        for i in 0..100 {
            let x = i as f32 / 100.0;
            assert_eq!(a.quantise(x), b.quantise(x));
        }
        assert_eq!(a.quantise(2.0), i16::MAX);
        assert_eq!(a.quantise(-2.0), i16::MIN);
        assert!(a.quantise(f32::NAN).abs() <= 1);
    }
}
