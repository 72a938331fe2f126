//! What could be wrong, each with the energy that would be left if it were.
//!
//! A hypothesis is a change of some files' corrections. It has a cost in dB (the simplest wins) and
//! asks for a least improvement before it is believed: little where it is sharp (an exact polarity,
//! a shift at the right level), more where any number would do. Costs and needs: METHODS 5.3.

use super::correlation::{Correlation, Fit};
use super::recipe::Correction;
use super::scene::Scene;
use crate::units::{db_from_amplitude, db_from_power};

/// A change to make, and what it would leave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proposal {
    /// The files' new corrections.
    pub changes: Vec<(usize, Correction)>,
    /// Residual energy that would be left.
    pub energy: f64,
    /// Handicap against simpler explanations, in dB.
    pub cost_db: f64,
    /// Least improvement to be believed, in dB.
    pub need_db: f64,
}

/// Improvement asked of a hypothesis that can hardly fit by chance.
const SHARP_NEED_DB: f64 = 1.0;
/// Improvement asked of a gain that could be any.
const LOOSE_NEED_DB: f64 = 2.5;
/// Improvement asked of all stems' gains together.
const JOINT_NEED_DB: f64 = 15.0;
/// A gain nearer to unity than this is none.
pub(super) const LEAST_GAIN_DB: f64 = 0.05;
/// A shift smaller than this, in frames, is none.
const LEAST_SHIFT: f64 = 0.02;
/// Shifts worth a closer look, compared with the best of the same file.
const PEAK_SHARE: f64 = 0.8;
const PEAKS: usize = 6;

/// How far a gain is from another, in dB; infinite if either is 0 or they differ in sign.
pub(super) fn gain_apart_db(a: f64, b: f64) -> f64 {
    if a * b > 0.0 { db_from_amplitude(a / b).abs() } else { f64::INFINITY }
}

/// One file alone: its gain or polarity, or its place. `far` are places beyond the margin to try.
pub(super) fn one_file(scene: &mut Scene, file: usize, far: &[f64]) -> Vec<Proposal> {
    let current = scene.correction(file);
    let here = scene.correlate(file, current.advance_frames);
    let mut found: Vec<Proposal> = gain(scene, file, &here).into_iter().collect();
    found.extend(places(scene, file, &here));
    for &advance in far {
        let there = scene.correlate(file, advance);
        found.extend(places(scene, file, &there));
    }
    found
}

/// The file at another gain, in its place.
fn gain(scene: &Scene, file: usize, correlation: &Correlation) -> Option<Proposal> {
    let fit = correlation.unmoved();
    let (gain, energy) = best_gain(scene, file, correlation, fit)?;
    if gain_apart_db(gain, scene.correction(file).gain) < LEAST_GAIN_DB {
        return None;
    }
    let on_reference = file == scene.reference();
    // Left out, turned round, at double or half the level: the commonest by far.
    let usual = [(0.0, 0.1), (-1.0, 0.12), (2.0, 0.15), (0.5, 0.15)]
        .into_iter()
        .find(|(usual, _)| (gain - usual).abs() < 0.02)
        .map(|(_, cost)| cost);
    let cost_db = if on_reference { 0.0 } else { usual.unwrap_or(0.3) };
    let sharp = on_reference || usual.is_some();
    if !sharp && !beats_leaving_out(correlation, energy) {
        return None;
    }
    let need_db = if sharp { SHARP_NEED_DB } else { LOOSE_NEED_DB };
    let correction = Correction { gain, ..scene.correction(file) };
    Some(Proposal { changes: vec![(file, correction)], energy, cost_db, need_db })
}

/// The file in another place.
fn places(scene: &Scene, file: usize, correlation: &Correlation) -> Vec<Proposal> {
    let current = scene.correction(file);
    let on_reference = file == scene.reference();
    correlation
        .peaks(PEAK_SHARE, PEAKS)
        .into_iter()
        .filter(|fit| (fit.advance_frames - current.advance_frames).abs() >= LEAST_SHIFT)
        .filter_map(|fit| {
            let (gain, energy) = best_gain(scene, file, correlation, fit)?;
            let at_level = (gain.abs() / current.gain.abs() - 1.0).abs() < 0.05;
            if !on_reference && !at_level && !beats_leaving_out(correlation, energy) {
                return None;
            }
            let (cost_db, need_db) = match (on_reference, at_level) {
                (true, true) => (0.1, SHARP_NEED_DB),
                (true, false) => (0.2, LOOSE_NEED_DB),
                (false, true) => (0.5, SHARP_NEED_DB),
                (false, false) => (0.9, LOOSE_NEED_DB),
            };
            let correction = Correction { gain, advance_frames: fit.advance_frames };
            Some(Proposal { changes: vec![(file, correction)], energy, cost_db, need_db })
        })
        .collect()
}

/// Whether `energy` is well below what would be left without the file at all. A gain that could be
/// any else takes the credit for its own absence.
fn beats_leaving_out(correlation: &Correlation, energy: f64) -> bool {
    db_from_power(correlation.target_energy / energy) >= LOOSE_NEED_DB
}

/// The gain that fits best, and the energy that it leaves; `None` where no gain fits both sides.
fn best_gain(
    scene: &Scene,
    file: usize,
    correlation: &Correlation,
    fit: Fit,
) -> Option<(f64, f64)> {
    if fit.energy <= 0.0 || correlation.target_energy <= 0.0 || !fit.sides_agree {
        return None;
    }
    if file == scene.reference() {
        // The stems are fitted to the reference and not the reverse: a louder reference would
        // else seem explained by turning it off.
        let scale = scene.correction(file).gain;
        let left = fit.energy - fit.product * fit.product / correlation.target_energy;
        let gain = correlation.target_energy / fit.product;
        gain.is_finite().then_some((gain, left.max(0.0) * scale * scale))
    } else {
        let gain = fit.product / fit.energy;
        Some((gain, (correlation.target_energy - gain * fit.product).max(0.0)))
    }
}

/// All stems' gains together: what single steps cannot see when every fader has moved.
pub(super) fn joint_gains(scene: &Scene) -> Option<Proposal> {
    let normal = scene.stem_gains();
    let step = normal.solve(1e-6);
    let mut changes = Vec::new();
    for (stem, change) in step.into_iter().enumerate() {
        let current = scene.correction(stem);
        let gain = current.gain + change;
        if gain_apart_db(gain, current.gain) > 0.15 {
            changes.push((stem, Correction { gain, ..current }));
        }
    }
    let mut kept = vec![0.0; scene.reference()];
    for (stem, correction) in &changes {
        kept[*stem] = correction.gain - scene.correction(*stem).gain;
    }
    let energy = (scene.residual_energy() - normal.explained(&kept)).max(0.0);
    (changes.len() > 1).then_some(Proposal {
        energy,
        cost_db: 0.3 + 0.25 * changes.len() as f64,
        need_db: JOINT_NEED_DB,
        changes,
    })
}
