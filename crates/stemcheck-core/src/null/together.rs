//! All corrections found so far, seen together: solved anew, put plainly, turned to where they belong,
//! taken back where they explain nothing any more.

use super::Cause;
use super::complete::Cells;
use super::diagnose::CLEARLY;
use super::doubles::put_on_fewest;
use super::hypotheses::gain_apart_db;
use super::meter::NullPart;
use super::recipe::Correction;
use super::related::Shares;
use super::repeat::Draws;
use super::rounding::Floor;
use super::scene::Scene;
use crate::units::db_from_power;

/// A correction is kept only if in the end the residual would rise by this without it, in dB.
const KEEP_DB: f64 = 1.0;

/// Gains within this in dB are the same.
const SAME_GAIN_DB: f64 = 0.3;

/// A plain value that is near may leave this many times as much.
const NEAR: f64 = 1.26;

/// And this many times where the other value is none that anybody sets.
const NEAR_ABSURD: f64 = 4.0;

/// A gain below this is silence that is not quite told.
pub(super) const NEXT_TO_NOTHING: f64 = 0.12;

/// What is too little to matter.
fn negligible(floor: &Floor) -> f64 {
    (0.1 * floor.noise).max(1e-10 * floor.reference)
}

/// Solves all gains and shifts found so far together, then prefers plain values where they do as
/// well.
pub(super) fn solve_together(scene: &mut Scene, floor: &Floor, touched: &[usize]) {
    let before: Vec<(usize, Correction)> =
        touched.iter().map(|&file| (file, scene.correction(file))).collect();
    let energy = scene.residual_energy();
    for _ in 0..2 {
        scene.refine(touched);
    }
    if scene.residual_energy() > 1.5 * energy {
        scene.correct(&before);
    }
    for &file in touched {
        prefer_plain(scene, floor, file);
    }
    let most = (NEAR * scene.residual_energy()).max(negligible(floor));
    put_on_fewest(scene, most);
    for &file in touched {
        leave_out(scene, touched, file);
    }
    // Of nothing that is left no better gain can be told.
    if scene.residual_energy() <= negligible(floor) {
        return;
    }
    // What is left out stays out.
    let inside: Vec<usize> =
        touched.iter().copied().filter(|&file| scene.correction(file).gain != 0.0).collect();
    scene.refine(&inside);
    for &file in touched {
        prefer_plain(scene, floor, file);
    }
}

/// A stem of which next to nothing is left, upside down or not, is not in the mix; what it seemed to
/// make up for is the level of the rest.
fn leave_out(scene: &mut Scene, touched: &[usize], file: usize) {
    let (gain, energy) = (scene.correction(file).gain, scene.residual_energy());
    if file == scene.reference() || gain == 0.0 || gain.abs() >= NEXT_TO_NOTHING {
        return;
    }
    let state = scene.state();
    scene.correct(&[(file, Correction::LEFT_OUT)]);
    let mut others: Vec<usize> = touched.iter().copied().filter(|&other| other != file).collect();
    if !others.contains(&scene.reference()) {
        others.push(scene.reference());
    }
    scene.refine(&others);
    // Nobody turns a part upside down and down to nothing.
    let near = if gain < 0.0 { NEAR_ABSURD } else { NEAR };
    if scene.residual_energy() > near * energy {
        scene.restore(state);
    }
}

/// Where most stems are off by the same gain, it is the reference that is.
pub(super) fn turn_to_reference(scene: &mut Scene) -> bool {
    let reference = scene.reference();
    // What the reference does not hold says nothing about its level.
    let gains: Vec<f64> = (0..reference)
        .map(|stem| scene.correction(stem).gain)
        .filter(|&gain| gain != 0.0)
        .collect();
    let alike = |a: f64, b: f64| gain_apart_db(a, b) < SAME_GAIN_DB;
    let most =
        |gain: f64| 2 * gains.iter().filter(|&&other| alike(gain, other)).count() > gains.len();
    let Some(&common) = gains.iter().find(|&&gain| !alike(gain, 1.0) && most(gain)) else {
        return false;
    };
    if gains.len() < 2 {
        return false;
    }
    let turned = |file: usize| {
        let correction = scene.correction(file);
        (file, Correction { gain: correction.gain / common, ..correction })
    };
    let changes: Vec<(usize, Correction)> = (0..=reference).map(turned).collect();
    scene.correct(&changes);
    true
}

/// Whole frames, unity, reversed or silent: taken where the residual hardly minds, the sooner the
/// nearer they are.
fn prefer_plain(scene: &mut Scene, floor: &Floor, file: usize) {
    let current = scene.correction(file);
    let energy = scene.residual_energy();
    let negligible = negligible(floor);
    let whole = Correction { advance_frames: current.advance_frames.round(), ..current };
    let near_whole = (whole.advance_frames - current.advance_frames).abs() < 0.05;
    let unity = current.gain.signum();
    let near_unity = (current.gain.abs() - 1.0).abs() < 0.006;
    let mut plain = Vec::new();
    if current.gain.abs() < NEXT_TO_NOTHING {
        plain.push((true, Correction::LEFT_OUT));
    } else if (current.gain.abs() - 1.0).abs() < 0.03 {
        plain.push((near_whole && near_unity, Correction { gain: unity, ..whole }));
        plain.push((near_unity, Correction { gain: unity, ..current }));
    }
    plain.insert(plain.len().min(1), (near_whole, whole));
    for (near, correction) in plain {
        let bound = (if near { NEAR } else { 1.002 } * energy).max(negligible);
        if correction != current && scene.energy_with(file, correction) <= bound {
            scene.correct(&[(file, correction)]);
            return;
        }
    }
}

/// Takes back what turns out to explain nothing once the rest is right.
pub(super) fn drop_idle(part: &NullPart, scene: &mut Scene, floor: &Floor, touched: &[usize]) {
    let rate = f64::from(part.sample_rate);
    for &file in touched {
        let correction = scene.correction(file);
        let with = scene.residual_energy().max(0.1 * floor.noise);
        let right = Cells::new(scene.residual(), rate);
        scene.correct(&[(file, Correction::default())]);
        let without = scene.residual_energy();
        let idle = db_from_power(without / with) < KEEP_DB
            && !(without - with > CLEARLY * floor.noise
                && (Shares::new(scene, rate).settled(scene, file, with)
                    || Cells::new(scene.residual(), rate).against(&right).is_right()));
        if !idle {
            scene.correct(&[(file, correction)]);
        }
    }
}

/// Takes back what explains no more than one more render of the mix would.
pub(super) fn drop_drawn(scene: &mut Scene, draws: &Draws<'_>, touched: &[usize]) {
    for &file in touched {
        let correction = scene.correction(file);
        scene.correct(&[(file, Correction::default())]);
        if !draws.explain(&scene.residuals()) {
            scene.correct(&[(file, correction)]);
        }
    }
}

/// Undoes nothing on a stem that is another take, if that is all that is told of it; left out it stays.
pub(super) fn leave_alone(scene: &mut Scene, causes: &[Cause]) {
    let version = causes.iter().find(|cause| cause.code == "different-version");
    let Some(stem) = version.and_then(|cause| cause.stem) else { return };
    let told = causes.iter().filter(|cause| cause.stem == Some(stem)).count();
    if told == 1 && scene.correction(stem).gain != 0.0 {
        scene.correct(&[(stem, Correction::default())]);
        scene.treat(stem, Vec::new());
    }
}
