//! Samples between the samples: band-limited interpolation with a windowed sinc.

use super::fit::dot;
use std::f64::consts::PI;
use std::sync::LazyLock;

/// Taps on either side. 64 taps under a Kaiser window leave less than -90 dB up to 0.9 of half the
/// sample rate.
pub(super) const HALF_TAPS: usize = 32;

/// METHODS 5.3: Kaiser window, beta 9.
const KAISER_BETA: f64 = 9.0;

/// Modified Bessel function of the first kind, order 0 (its series; the arguments here are small).
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..60 {
        term *= quarter / f64::from(k * k);
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum
}

/// The Kaiser window at `offset` taps from its centre.
fn kaiser(offset: f64) -> f64 {
    let x = offset / (HALF_TAPS + 1) as f64;
    bessel_i0(KAISER_BETA * (1.0 - x * x).max(0.0).sqrt()) / bessel_i0(KAISER_BETA)
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// Weights of the samples from `1 - HALF_TAPS` to `HALF_TAPS` around a point `fraction` (0 to 1)
/// after sample 0.
pub(super) fn kernel(fraction: f64) -> [f64; 2 * HALF_TAPS] {
    std::array::from_fn(|tap| {
        let offset = fraction - (tap as f64 + 1.0 - HALF_TAPS as f64);
        sinc(offset) * kaiser(offset)
    })
}

/// So many places between two samples have their kernels kept; in between they are mixed (-105 dB).
pub(super) const PHASES: usize = 512;

/// The kernels of all kept places, the next sample's the last.
pub(super) fn kernels() -> &'static [[f64; 2 * HALF_TAPS]] {
    static KERNELS: LazyLock<Vec<[f64; 2 * HALF_TAPS]>> =
        LazyLock::new(|| (0..=PHASES).map(|phase| kernel(phase as f64 / PHASES as f64)).collect());
    &KERNELS
}

/// Weights of the samples from `1 - HALF_TAPS` to `HALF_TAPS` that yield the slope at sample 0, per
/// frame.
pub(super) fn slope_kernel() -> [f64; 2 * HALF_TAPS] {
    std::array::from_fn(|tap| {
        let k = tap as f64 + 1.0 - HALF_TAPS as f64;
        // The derivative of the sinc at a whole number is (-1)^k / k.
        let sign = if k.rem_euclid(2.0) == 0.0 { -1.0 } else { 1.0 };
        if k == 0.0 { 0.0 } else { sign / k * kaiser(k) }
    })
}

/// Filters `input` with a kernel: `out[i]` is weighted from `input[i..i + 2 * HALF_TAPS]`.
pub(super) fn filter(kernel: &[f64; 2 * HALF_TAPS], input: &[f64], out: &mut Vec<f64>) {
    /// Neighbours that are made together: their sums stay in registers, and none waits for itself.
    const TOGETHER: usize = 8;
    out.clear();
    let frames = (input.len() + 1).saturating_sub(kernel.len());
    for first in (0..frames / TOGETHER).map(|block| block * TOGETHER) {
        let near = &input[first..first + TOGETHER + kernel.len() - 1];
        let mut sums = [0.0; TOGETHER];
        for (weight, near) in kernel.iter().zip(near.windows(TOGETHER)) {
            for (sum, x) in sums.iter_mut().zip(near) {
                *sum += weight * x;
            }
        }
        out.extend(sums);
    }
    out.extend(input[out.len()..].windows(kernel.len()).map(|near| dot(near, kernel)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(from: i64, shift: f64) -> Vec<f64> {
        (0..400).map(|i| ((i + from) as f64 + shift).mul_add(0.7, 0.2).sin()).collect()
    }

    #[test]
    fn interpolates_a_tone_to_below_minus_90_db() {
        let mut out = Vec::new();
        filter(&kernel(0.37), &tone(1 - HALF_TAPS as i64, 0.0), &mut out);
        for (a, b) in out.iter().zip(tone(0, 0.37)) {
            assert!((a - b).abs() < 3e-5, "{a} {b}");
        }
    }

    #[test]
    fn slope_of_a_tone() {
        let mut out = Vec::new();
        filter(&slope_kernel(), &tone(1 - HALF_TAPS as i64, 0.0), &mut out);
        for (i, slope) in out.iter().enumerate() {
            let exact = 0.7 * (i as f64).mul_add(0.7, 0.2).cos();
            assert!((slope - exact).abs() < 1e-3, "{slope} {exact}");
        }
    }
}
