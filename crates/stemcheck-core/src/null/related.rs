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
        let rate = self.rate;
        let related = self.related.get_or_insert_with(|| Related::new(scene, rate));
        // Cheap first: most explain next to nothing.
        related.takes_enough(after)
            && self.asked.get_mut(file).is_some_and(|share| {
                let share = *share.get_or_insert_with(|| related.share(scene, file));
                related.is_settled_by(share, after)
            })
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
        let auto = [own[0].against(&own[0]).own, own[1].against(&own[1]).own];
        let between = own[0].against(&own[1]).cross;
        let count = own[0].count() as f64;
        let (mut explained, mut all) = (0.0, 0.0);
        for residual in &self.residual {
            let (left, right) = (own[0].against(residual), own[1].against(residual));
            for bin in 0..left.own.len() {
                let missing = left.missing[bin];
                let by = by_both(
                    [auto[0][bin], auto[1][bin]],
                    between[bin],
                    [left.cross[bin], right.cross[bin]],
                );
                // Two unknowns fit that much of any noise.
                let chance = 2.0 / count.max(3.0);
                explained += ((by - chance * missing) / (1.0 - chance)).clamp(0.0, missing);
                all += missing;
            }
        }
        if all > 0.0 { explained / all } else { 0.0 }
    }

    fn takes_enough(&self, after: f64) -> bool {
        self.energy - after > LEAST_SHARE * self.energy
    }

    /// Whether what leaves `after` of the residual takes away all but completely what has to do with
    /// the file.
    fn is_settled_by(&self, share: f64, after: f64) -> bool {
        let taken = self.energy - after;
        let left = (share * self.energy - taken).max(0.0);
        db_from_power(share * self.energy / left.max(f64::MIN_POSITIVE)) > COMPLETE_DB
    }
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
