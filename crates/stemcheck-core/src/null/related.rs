//! How much of the residual has to do with one file at all: what any filter of it, from either side to
//! either side, could explain (Welch's averaged spectra; J. S. Bendat and A. G. Piersol, "Random Data",
//! multiple coherence).
//!
//! Beside other faults a right correction lowers the whole residual by little, yet what has to do with
//! its file it takes away all but completely. Decides whether that is so.

use super::scene::Scene;
use super::spectra::Stretches;
use crate::spectrum::Complex;
use crate::units::db_from_power;

/// A correction that leaves this in dB of what has to do with its file is believed.
const COMPLETE_DB: f64 = 9.0;
/// Least share of the residual that it must take away.
const LEAST_SHARE: f64 = 0.01;
/// What of one side the other cannot tell is nothing below this share of it.
const RIDGE: f64 = 1e-6;

/// The same for several files, each asked once.
pub(super) struct Shares {
    rate: f64,
    related: Option<Related>,
    /// By file, once it was asked for.
    asked: Vec<Option<f64>>,
}

impl Shares {
    /// Of the residual as it is now: the scene must not change while this is asked.
    pub(super) fn new(scene: &Scene, rate: f64) -> Self {
        Self { rate, related: None, asked: vec![None; scene.files()] }
    }

    /// Whether leaving `after` takes away all but completely what has to do with the file.
    pub(super) fn settled(&mut self, scene: &Scene, file: usize, after: f64) -> bool {
        let before = self.related(scene).energy;
        // Cheap first: most explain next to nothing.
        if before - after <= LEAST_SHARE * before {
            return false;
        }
        let share = self.share(scene, file);
        let left = (share * before - (before - after)).max(0.0);
        db_from_power(share * before / left.max(f64::MIN_POSITIVE)) > COMPLETE_DB
    }

    /// Share of the residual's energy that filters of the file could explain, 0 to 1.
    pub(super) fn share(&mut self, scene: &Scene, file: usize) -> f64 {
        if let Some(known) = self.asked.get(file).copied().flatten() {
            return known;
        }
        let share = self.related(scene).share(scene, file);
        if let Some(asked) = self.asked.get_mut(file) {
            *asked = Some(share);
        }
        share
    }

    fn related(&mut self, scene: &Scene) -> &Related {
        self.related.get_or_insert_with(|| Related::new(scene, self.rate))
    }
}

/// The residual, to be compared with files.
struct Related {
    residual: [Stretches; 2],
    rate: f64,
    /// Energy of all of it.
    energy: f64,
}

impl Related {
    /// Of the residual as it is now.
    fn new(scene: &Scene, rate: f64) -> Self {
        let side = |side: usize| {
            Stretches::new(scene.residual().iter().map(|pair| pair[side].as_slice()), rate)
        };
        Self { residual: [side(0), side(1)], rate, energy: scene.residual_energy() }
    }

    /// Share of the residual's energy that filters of a file could explain, 0 to 1, less what they
    /// would explain of anything.
    fn share(&self, scene: &Scene, file: usize) -> f64 {
        let standing = scene.standing(file);
        let side = |side: usize| {
            Stretches::new(standing.iter().map(|pair| pair[side].as_slice()), self.rate)
        };
        let own = [side(0), side(1)];
        // Two unknowns fit that much of any noise.
        let chance = 2.0 / (own[0].count() as f64).max(3.0);
        let (mut explained, mut all) = (0.0, 0.0);
        for Products { auto, between, missing, cross } in products(&own, &self.residual) {
            for (missing, cross) in missing.into_iter().zip(cross) {
                let by = by_both(auto, between, cross);
                explained += ((by - chance * missing) / (1.0 - chance)).clamp(0.0, missing);
                all += missing;
            }
        }
        if all > 0.0 { explained / all } else { 0.0 }
    }
}

/// Energies and products of two sides of a file and of the residual at one frequency.
#[derive(Clone, Copy, Default)]
struct Products {
    /// By side of the file.
    auto: [f64; 2],
    between: Complex<f64>,
    /// By side of the residual.
    missing: [f64; 2],
    /// By side of the residual, then of the file.
    cross: [[Complex<f64>; 2]; 2],
}

/// The same bin by bin, over all stretches.
fn products(own: &[Stretches; 2], residual: &[Stretches; 2]) -> Vec<Products> {
    let mut sums: Vec<Products> = Vec::new();
    let [left, right] = own.each_ref().map(Stretches::spectra);
    let [first, second] = residual.each_ref().map(Stretches::spectra);
    for ((left, right), (first, second)) in left.iter().zip(right).zip(first.iter().zip(second)) {
        sums.resize(left.len(), Products::default());
        let sides = left.iter().zip(right).zip(first.iter().zip(second));
        for (sum, ((left, right), missing)) in sums.iter_mut().zip(sides) {
            sum.auto[0] += left.norm_sqr();
            sum.auto[1] += right.norm_sqr();
            sum.between += right * left.conj();
            for (side, missing) in [missing.0, missing.1].into_iter().enumerate() {
                sum.missing[side] += missing.norm_sqr();
                sum.cross[side][0] += missing * left.conj();
                sum.cross[side][1] += missing * right.conj();
            }
        }
    }
    sums
}

/// What two inputs with these energies and this product explain of a third.
fn by_both(auto: [f64; 2], between: Complex<f64>, cross: [Complex<f64>; 2]) -> f64 {
    let (first, second) = if auto[0] >= auto[1] { (0, 1) } else { (1, 0) };
    if auto[first] <= 0.0 {
        return 0.0;
    }
    // The louder, then what the other adds (Gram and Schmidt).
    let between = if first == 0 { between } else { between.conj() };
    let alone = cross[first].norm_sqr() / auto[first];
    let beyond = auto[second] - between.norm_sqr() / auto[first];
    if beyond <= RIDGE * auto[first] {
        return alone;
    }
    let with = cross[second] - cross[first] * between.conj() / auto[first];
    alone + with.norm_sqr() / beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_inputs_explain_what_is_made_of_them() {
        // x = (1, j), y = 2 x0 - j x1 over two stretches that are at right angles.
        let one = Complex::new(1.0, 0.0);
        let j = Complex::new(0.0, 1.0);
        let by = by_both([1.0, 1.0], Complex::default(), [one * 2.0, j]);
        assert!((by - 5.0).abs() < 1e-12, "{by}");
        // The same input twice explains no more than once.
        let by = by_both([1.0, 1.0], one, [one * 2.0, one * 2.0]);
        assert!((by - 4.0).abs() < 1e-12, "{by}");
    }
}
