//! How a file fits what the others leave for it, shift by shift.

use super::interpolate::{HALF_TAPS, PHASES, kernel, kernels};

/// Gains of the two sides further apart than this, relative to the gain, are no one gain.
const SIDES_APART: f64 = 0.3;

/// How much less of a peak between two frames may be seen at either, and how many more are looked at.
const BETWEEN_FRAMES: f64 = 0.15;
const MORE: usize = 4;

/// How a file fits what is wanted of it, for every shift within a margin.
#[derive(Debug, Clone)]
pub(super) struct Correlation {
    /// The advance at the middle, in frames.
    pub base: f64,
    /// Shifts on either side of the middle.
    pub margin: usize,
    /// By side, products with the target; entry `margin` is no shift.
    pub products: [Vec<f64>; 2],
    /// By side, energy of the file under the core at each shift.
    pub energies: [Vec<f64>; 2],
    /// Energy of what is wanted.
    pub target_energy: f64,
}

/// The file at one shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    /// Total advance in frames.
    pub advance_frames: f64,
    /// Product with the target.
    pub product: f64,
    /// Energy of the file.
    pub energy: f64,
    /// Whether both sides ask for the same gain; what is wrong on one side only is another fault.
    pub sides_agree: bool,
}

impl Fit {
    /// By how much the squared error rises (or falls) with the file at a gain.
    pub(super) fn change(self, gain: f64) -> f64 {
        gain * (gain * self.energy - 2.0 * self.product)
    }

    /// Energy of the target that the file explains at its best gain.
    fn explained(self) -> f64 {
        if self.energy > 0.0 { self.product * self.product / self.energy } else { 0.0 }
    }
}

impl Correlation {
    fn product(&self, index: usize) -> f64 {
        self.products[0][index] + self.products[1][index]
    }

    fn energy(&self, index: usize) -> f64 {
        self.energies[0][index] + self.energies[1][index]
    }

    fn fit(&self, index: usize) -> Fit {
        let (product, energy) = (self.product(index), self.energy(index));
        // A side that is all but silent says nothing.
        let heard = |side: usize| self.energies[side][index] > 0.05 * energy;
        let gain = |side: usize| self.products[side][index] / self.energies[side][index];
        let apart = SIDES_APART * (product / energy).abs().max(1.0);
        Fit {
            advance_frames: self.base + (index as f64 - self.margin as f64),
            product,
            energy,
            sides_agree: !(heard(0) && heard(1)) || (gain(0) - gain(1)).abs() <= apart,
        }
    }

    /// The file as it stands, without a further shift.
    pub(super) fn unmoved(&self) -> Fit {
        self.fit(self.margin)
    }

    /// The best shifts, best first: peaks at least `share` as good as the best, between frames
    /// where they fall there, at most `count`.
    pub(super) fn peaks(&self, share: f64, count: usize) -> Vec<Fit> {
        let shifts = self.products[0].len();
        let loudest = (0..shifts).map(|index| self.energy(index)).fold(0.0, f64::max);
        let quality: Vec<f64> = (0..shifts)
            .map(|index| {
                // Where the file is all but silent, a quotient of two rounding errors is no fit.
                let silent = self.energy(index) <= 1e-9 * loudest;
                if silent { 0.0 } else { self.fit(index).explained() }
            })
            .collect();
        let mut peaks: Vec<usize> = (1..shifts.saturating_sub(1))
            .filter(|&i| quality[i] > 0.0)
            .filter(|&i| {
                let sign = 1f64.copysign(self.product(i));
                let here = sign * self.product(i);
                here >= sign * self.product(i - 1) && here > sign * self.product(i + 1)
            })
            .collect();
        peaks.sort_by(|&a, &b| quality[b].total_cmp(&quality[a]));
        let best = peaks.first().map_or(0.0, |&peak| quality[peak]);
        // The highest notes have their true peak between two frames that tell little of it.
        let mut fits: Vec<Fit> = peaks
            .into_iter()
            .take_while(|&peak| quality[peak] >= BETWEEN_FRAMES * share * best)
            .take(MORE * count)
            .map(|peak| self.between(peak))
            .collect();
        fits.sort_by(|a, b| b.explained().total_cmp(&a.explained()));
        let best = fits.first().map_or(0.0, |fit| fit.explained());
        fits.retain(|fit| fit.explained() >= share * best);
        fits.truncate(count);
        fits
    }

    /// The peak near `index`, interpolated.
    fn between(&self, index: usize) -> Fit {
        let (offset, product) = peak_between(2 * self.margin, index, |at| self.product(at));
        let fit = self.fit(index);
        Fit { advance_frames: fit.advance_frames + offset, product, ..fit }
    }

    /// The same for one side: how far from `index`, and the product there.
    pub(super) fn side_between(&self, side: usize, index: usize) -> (f64, f64) {
        peak_between(2 * self.margin, index, |at| self.products[side][at])
    }

    /// By how much the squared error falls at most if both sides are moved together, at this gain.
    pub(super) fn best_together(&self, gain: f64) -> f64 {
        let shifts = self.products[0].len();
        let best = (0..shifts)
            .min_by(|&a, &b| self.fit(a).change(gain).total_cmp(&self.fit(b).change(gain)))
            .unwrap_or(self.margin);
        self.unmoved().change(gain) - self.between(best).change(gain)
    }
}

/// The peak of a correlation near `index`, its entries counted up to `last`: how far from `index`,
/// and its value. Band-limited on a fine grid, then a parabola (METHODS 5.4: exact to 0.005 frames).
pub(super) fn peak_between(last: usize, index: usize, at: impl Fn(usize) -> f64) -> (f64, f64) {
    const STEPS: usize = 32;
    let inside = |at: i64| usize::try_from(at).ok().filter(|&at| at <= last);
    let value = |whole: i64, kernel: &[f64; 2 * HALF_TAPS]| -> f64 {
        let first = index as i64 + whole + 1 - HALF_TAPS as i64;
        kernel.iter().zip(first..).filter_map(|(h, place)| Some(h * at(inside(place)?))).sum()
    };
    // From one frame before to one after.
    let kernels = kernels().iter().step_by(PHASES / STEPS);
    let before = kernels.clone().take(STEPS).map(|kernel| value(-1, kernel).abs());
    let after = kernels.map(|kernel| value(0, kernel).abs());
    let values: Vec<f64> = before.chain(after).collect();
    let top = (1..2 * STEPS).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(STEPS);
    let (a, b, c) = (values[top - 1], values[top], values[top + 1]);
    let bend = a - 2.0 * b + c;
    let nudge = if bend < 0.0 { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) } else { 0.0 };
    let offset = (top as f64 + nudge) / STEPS as f64 - 1.0;
    (offset, value(offset.floor() as i64, &kernel(offset - offset.floor())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_highest_notes_peak_between_two_frames() {
        // The autocorrelation of noise between 0.6 and 0.95 of half the sample rate, 4.5 frames off: at
        // the frames beside its peak it is 9 dB lower than it is, upside down, at those beyond.
        let at = |lag: f64| ((0.95 * PI * lag).sin() - (0.6 * PI * lag).sin()) / (0.35 * PI * lag);
        let margin = 200;
        let products: Vec<f64> =
            (0..=2 * margin).map(|i| at(f64::from(i) - f64::from(margin) - 4.5)).collect();
        let margin = margin as usize;
        let correlation = Correlation {
            base: 0.0,
            margin,
            products: [products.clone(), products],
            energies: [vec![1.0; 2 * margin + 1], vec![1.0; 2 * margin + 1]],
            target_energy: 2.0,
        };
        // Its neighbours, upside down, explain 0.84 of what it does.
        let peaks = correlation.peaks(0.9, 6);
        assert_eq!(peaks.len(), 1, "{peaks:?}");
        assert!((peaks[0].advance_frames - 4.5).abs() < 0.01, "{peaks:?}");
        assert!((peaks[0].product - 2.0).abs() < 0.01, "{peaks:?}");
    }
}
