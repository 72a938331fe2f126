//! The pursuit: the hypothesis that explains most, cheapest first, one at a time, until nothing
//! gains; after each, all gains and shifts found so far are solved again together.
//!
//! Decides what is undone. What it is called is decided in `causes`.

use super::causes::{CERTAIN_DB, name_causes};
use super::choose::best_step;
use super::clipped;
use super::coarse::Far;
use super::defects;
use super::dynamics;
use super::edits;
use super::ends;
use super::filters;
use super::forensics::forensics;
use super::gains;
use super::hypotheses::{Found, Proposal, Undo};
use super::image;
use super::leftover::is_cut_off;
use super::meter::NullPart;
use super::places::choose_starts;
use super::rate;
use super::recipe::{Correction, Recipe, Windows};
use super::repeat::Draws;
use super::returns;
use super::rounding::Floor;
use super::scene::{Scene, Size};
use super::sharp;
use super::spectra::Stretches;
use super::stranger::different_song;
use super::timing;
use super::together::{drop_drawn, drop_idle, leave_alone, solve_together, turn_to_reference};
use super::{Diagnosis, Setup};
use crate::units::db_from_power;

/// Below this depth in dB nothing is looked for: nobody hears it.
const DEEP_ENOUGH_DB: f64 = -75.0;

/// A step must lower the residual by this, in dB.
const STEP_DB: f64 = 0.25;

/// Or by this share of what it promised in dB, if that is less: beside other faults all is little.
const KEPT_PROMISE: f64 = 0.5;

/// What is taken away must be this many times the noise floor to be any file's.
pub(super) const CLEARLY: f64 = 3.0;

/// What is left beside a gain that is followed, in dB below the reference.
pub(super) const FOLLOWED_DEPTH_DB: f64 = -44.0;

/// Most steps of other kinds than gain and shift.
const MOST_TREATMENTS: usize = 6;

/// What may be wrong at some moment, family by family; also one that no window shows.
pub(super) const LOCAL_FAMILIES: [Family; 4] =
    [defects::proposals, ends::proposals, clipped::proposals, edits::proposals];

/// What may be wrong with files all along.
pub(super) const FAMILIES: [Family; 5] =
    [sides, timing::drifts, filters::proposals, dynamics::of_stems, returns::proposals];

/// One kind of hypotheses.
pub(super) type Family = fn(&NullPart, &mut Scene) -> Vec<Proposal>;

/// What is found on a closer look must lower the residual there by this, in dB: it is sharp.
const CLOSER_NEED_DB: f64 = 6.0;

/// Most places that are looked at more closely.
const MOST_LOOKS: usize = 8;
/// Of those, most that tell nothing.
const MOST_IN_VAIN: usize = 2;

/// What sets a file's sides apart. Of one price, and each may look like the other: the sides of a
/// mono file that are apart in time are a matrix as well.
fn sides(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    [image::proposals(part, scene), timing::channels(scene)].concat()
}

/// Explains the residual.
pub fn diagnose(setup: &Setup, part: &NullPart, windows: &mut dyn Windows) -> Diagnosis {
    let stems = part.stems();
    let nothing = Diagnosis {
        causes: Vec::new(),
        recipe: Recipe::neutral(stems),
        forensics: None,
        blame: None,
        left: Vec::new(),
    };
    let figures = part.figures();
    // Silence leaves nothing to explain; against a silent reference nothing can be told.
    if !(figures.residual_energy > 0.0 && figures.reference_energy > 0.0 && stems > 0) {
        return nothing;
    }
    let size = Size::new(part.sample_rate);
    let mut far = Far::new(part, size);
    let starts = choose_starts(part, size, far.advances(&nothing.recipe));
    let mut scene = Scene::new(windows, size, starts, stems);
    let floor = Floor::new(setup, &figures, &scene);
    let draws = Draws::new(part);
    let mut steps = rate::restore(setup, &mut scene);
    steps.extend(pursue(part, &mut scene, &floor, draws.as_ref(), &mut far));
    if let Some(cause) = different_song(part, &scene) {
        return Diagnosis { causes: vec![cause], ..nothing };
    }
    steps.extend(rate::restore_left_out(setup, &mut scene));
    steps.extend(look_closer(part, &mut scene, &floor));
    // What was undone may have hidden moments that no window shows.
    if scene.residual_energy() > floor.noise || !scene.recipe().is_identity() {
        sharp::look(setup, part, &mut scene, &mut steps);
    }
    gains::name_again(part, &mut scene, &mut steps);
    let causes = name_causes(part, &figures, &floor, &mut scene, &steps, draws.as_ref());
    leave_alone(&mut scene, &causes);
    let blame = part.blame(setup, &causes);
    let forensics = forensics(part, &mut scene);
    let left = scene.portrait(part).left();
    Diagnosis { causes, recipe: scene.recipe(), forensics, blame, left }
}

/// A step that was no mere gain or shift.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// What it means.
    pub found: Vec<Found>,
    /// Residual energy before and after.
    pub before: f64,
    pub after: f64,
}

/// Corrects the scene step by step; yields the steps that are not told by gains and shifts.
fn pursue(
    part: &NullPart,
    scene: &mut Scene,
    floor: &Floor,
    draws: Option<&Draws<'_>>,
    far: &mut Far,
) -> Vec<Step> {
    let enough = floor.noise.max(floor.reference * 10f64.powf(DEEP_ENOUGH_DB / 10.0));
    let rate = f64::from(part.sample_rate);
    let mut touched: Vec<usize> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut refused: Vec<Proposal> = Vec::new();
    // A file can be met again when others have been put right.
    for _ in 0..scene.files() + 4 + MOST_TREATMENTS {
        let before = scene.residual_energy();
        if before <= enough || draws.is_some_and(|draws| draws.explain(&scene.residuals())) {
            break;
        }
        let far_advances = far.advances(&scene.recipe());
        let best = best_step(part, scene, floor, before, &refused, far_advances);
        let Some(best) = best else { break };
        let promised = db_from_power(before / best.energy.max(f64::MIN_POSITIVE));
        // The top of a bright stem passes for that of all, but explains it less than surely.
        if promised < CERTAIN_DB && is_cut_off(scene, &Stretches::of(scene.residual(), rate), rate)
        {
            break;
        }
        let undo = scene.state();
        let mut with = touched.clone();
        if let Undo::Correct(changes) = &best.undo {
            with.extend(changes.iter().map(|(file, _)| *file).filter(|f| !touched.contains(f)));
        }
        best.undo.apply(scene);
        if matches!(best.undo, Undo::Correct(_)) {
            follow_anew(scene);
        }
        let reached = scene.residual_energy();
        let corrected = |scene: &Scene| -> Vec<usize> {
            let is = |file: usize| scene.correction(file) != Correction::default();
            (0..scene.files()).filter(|&f| is(f) || touched.contains(&f)).collect()
        };
        if turn_to_reference(scene) {
            with = corrected(scene);
        }
        solve_together(scene, floor, &with);
        // What was wrong with many may have turned out to be wrong with all.
        if turn_to_reference(scene) {
            with = corrected(scene);
        }
        // A reference made louder makes its residual louder.
        let scale = scene.reference_scale(&undo);
        let asked = STEP_DB.min(KEPT_PROMISE * promised);
        if db_from_power(before * scale * scale / scene.residual_energy()) < asked {
            scene.restore(undo);
            // Promised more than it keeps; another may do.
            refused.push(best);
            continue;
        }
        touched = with;
        if !best.found.is_empty() {
            steps.push(Step { found: best.found, before, after: reached });
        }
        image::settle(scene, &mut steps);
    }
    drop_idle(part, scene, floor, &touched);
    if let Some(draws) = draws {
        drop_drawn(scene, draws, &touched);
    }
    touched.retain(|&file| scene.correction(file) != Correction::default());
    solve_together(scene, floor, &touched);
    steps
}

/// Follows again what was followed before the files were what they are now, if that is better.
fn follow_anew(scene: &mut Scene) {
    if scene.bus().is_empty() {
        return;
    }
    let (state, energy) = (scene.state(), scene.residual_energy());
    scene.follow_again();
    if scene.residual_energy() > energy {
        scene.restore(state);
    }
}

/// What happened at some moment only may be in no window: then the portraits show where the residual
/// still stands out, one place after another. Where nothing does, nothing is read.
fn look_closer(part: &NullPart, scene: &mut Scene, floor: &Floor) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut tried: Vec<i64> = Vec::new();
    let apart = scene.size.core as u64;
    while tried.len() < MOST_LOOKS && tried.len() <= steps.len() + MOST_IN_VAIN {
        let places = scene.portrait(part).traces().places(scene.size, MOST_LOOKS);
        let new = |start: &i64| tried.iter().all(|other| (start - other).unsigned_abs() >= apart);
        let Some(start) = places.into_iter().find(new) else { break };
        tried.push(start);
        let samples = scene.samples();
        let mut there = scene.elsewhere(vec![start]);
        let before = there.residual_energy();
        if before <= floor.noise * there.samples() / samples {
            continue;
        }
        let gain_db = |proposal: &Proposal| db_from_power(before / proposal.energy);
        let best = LOCAL_FAMILIES
            .iter()
            .flat_map(|family| family(part, &mut there))
            .filter(|proposal| gain_db(proposal) >= CLOSER_NEED_DB)
            .max_by(|a, b| (gain_db(a) - a.cost_db).total_cmp(&(gain_db(b) - b.cost_db)));
        let Some(best) = best else { continue };
        best.undo.apply(&mut there);
        let after = there.residual_energy();
        best.undo.apply(scene);
        steps.push(Step { found: best.found, before, after });
    }
    steps
}
