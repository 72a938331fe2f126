//! The pursuit: the hypothesis that explains most, cheapest first, one at a time, until nothing
//! gains; after each, all gains and shifts found so far are solved again together.
//!
//! Decides what is undone. What it is called is decided in `causes`.

use super::causes::name_causes;
use super::clipped;
use super::coarse::far_advances;
use super::defects;
use super::dynamics;
use super::edits;
use super::ends;
use super::filters;
use super::forensics::forensics;
use super::gains;
use super::hypotheses::{Found, Proposal, Undo, far, joint_gains, near};
use super::image;
use super::meter::NullPart;
use super::places::{choose_starts, edge_starts};
use super::rate;
use super::recipe::{Correction, Recipe, Windows};
use super::related::Shares;
use super::repeat::Draws;
use super::returns;
use super::rounding::Floor;
use super::scene::{Scene, Size};
use super::stranger::different_song;
use super::timing;
use super::together::{drop_drawn, drop_idle, solve_together, turn_to_reference};
use super::{Diagnosis, Setup};
use crate::units::db_from_power;
use std::collections::BTreeMap;

/// Explanations within this factor (50 dB) of explaining everything are equally good: then the
/// simplest wins.
const CAP: f64 = 1e-5;

/// Below this depth in dB nothing is looked for: nobody hears it.
const DEEP_ENOUGH_DB: f64 = -75.0;

/// A step must lower the residual by this, in dB.
const STEP_DB: f64 = 0.25;

/// Or by this share of what it promised in dB, if that is less: beside other faults all is little.
const KEPT_PROMISE: f64 = 0.5;

/// An explanation this good, in dB, leaves nothing for the costlier ones to find.
const DECISIVE_DB: f64 = 27.0;

/// An explanation by one file this good, in dB, comes before all faders together.
const ALONE_DB: f64 = 6.0;

/// What other faults lend to a rich explanation beside a simple one of the same file: so much of what
/// neither explains, and of what the better one does.
const LENT: f64 = 0.5;
const LENT_OF_FOUND: f64 = 0.1;
/// An explanation of so many dB pays its full cost.
const FULL_COST_DB: f64 = 6.0;

/// What is taken away must be this many times the noise floor to be any file's.
pub(super) const CLEARLY: f64 = 3.0;

/// What is left beside a gain that is followed, in dB below the reference ...
pub(super) const FOLLOWED_DEPTH_DB: f64 = -44.0;
/// ... and what an explanation must gain then.
const SETTLED_NEED_DB: f64 = 10.0;

/// Most steps of other kinds than gain and shift.
const MOST_TREATMENTS: usize = 6;

/// What else could be wrong, family by family.
const FAMILIES: [Family; 9] = [
    defects::proposals,
    ends::proposals,
    clipped::proposals,
    edits::proposals,
    sides,
    timing::drifts,
    filters::proposals,
    dynamics::proposals,
    returns::proposals,
];

/// Those that may be wrong at a place that no window shows.
const LOCAL_FAMILIES: [Family; 4] =
    [defects::proposals, ends::proposals, clipped::proposals, edits::proposals];

/// One kind of hypotheses.
type Family = fn(&NullPart, &mut Scene) -> Vec<Proposal>;

/// What is found on a closer look must lower the residual there by this, in dB: it is sharp.
const CLOSER_NEED_DB: f64 = 6.0;

/// Windows of a closer look.
const CLOSER_WINDOWS: usize = 3;

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
    };
    let figures = part.figures();
    // Silence leaves nothing to explain; against a silent reference nothing can be told.
    if !(figures.residual_energy > 0.0 && figures.reference_energy > 0.0 && stems > 0) {
        return nothing;
    }
    let size = Size::new(part.sample_rate);
    let far_advances = far_advances(part, &nothing.recipe, size);
    let starts = choose_starts(part, size, &far_advances);
    let mut scene = Scene::new(windows, size, starts, stems);
    let floor = Floor::new(setup, &figures, &scene);
    let draws = Draws::new(part);
    let mut steps = rate::restore(setup, &mut scene);
    steps.extend(pursue(part, &mut scene, &floor, draws.as_ref()));
    if let Some(cause) = different_song(part, &scene) {
        return Diagnosis { causes: vec![cause], ..nothing };
    }
    steps.extend(look_closer(part, &mut scene, &floor));
    gains::name_again(part, &mut scene, &mut steps);
    let causes = name_causes(part, &figures, &floor, &mut scene, &steps, draws.as_ref());
    let blame = part.blame(setup, &causes);
    let forensics = forensics(part, &mut scene);
    Diagnosis { causes, recipe: scene.recipe(), forensics, blame }
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
) -> Vec<Step> {
    let enough = floor.noise.max(floor.reference * 10f64.powf(DEEP_ENOUGH_DB / 10.0));
    let mut touched: Vec<usize> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut refused: Vec<Proposal> = Vec::new();
    // A file can be met again when others have been put right.
    for _ in 0..scene.files() + 4 + MOST_TREATMENTS {
        let before = scene.residual_energy();
        if before <= enough || draws.is_some_and(|draws| draws.explain(&scene.residuals())) {
            break;
        }
        let Some(best) = best_step(part, scene, floor, before, &refused) else { break };
        let promised = db_from_power(before / best.energy.max(f64::MIN_POSITIVE));
        let undo = scene.state();
        let mut with = touched.clone();
        if let Undo::Correct(changes) = &best.undo {
            with.extend(changes.iter().map(|(file, _)| *file).filter(|f| !touched.contains(f)));
        }
        best.undo.apply(scene);
        let reached = scene.residual_energy();
        if turn_to_reference(scene) {
            let corrected = |file: &usize| scene.correction(*file) != Correction::default();
            with = (0..scene.files()).filter(|f| corrected(f) || touched.contains(f)).collect();
        }
        solve_together(scene, floor, &with);
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
    }
    drop_idle(part, scene, floor, &touched);
    if let Some(draws) = draws {
        drop_drawn(scene, draws, &touched);
    }
    touched.retain(|&file| scene.correction(file) != Correction::default());
    solve_together(scene, floor, &touched);
    steps
}

/// What happened at some moment only may be in no window: then the portraits show where the residual
/// still stands out. Where nothing does, nothing is read.
fn look_closer(part: &NullPart, scene: &mut Scene, floor: &Floor) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..MOST_TREATMENTS {
        let starts = scene.portrait(part).traces().places(scene.size, CLOSER_WINDOWS);
        if starts.is_empty() {
            break;
        }
        let samples = scene.samples();
        let mut there = scene.elsewhere(starts);
        let before = there.residual_energy();
        if before <= floor.noise * there.samples() / samples {
            break;
        }
        let gain_db = |proposal: &Proposal| db_from_power(before / proposal.energy);
        let best = LOCAL_FAMILIES
            .iter()
            .flat_map(|family| family(part, &mut there))
            .filter(|proposal| gain_db(proposal) >= CLOSER_NEED_DB)
            .max_by(|a, b| (gain_db(a) - a.cost_db).total_cmp(&(gain_db(b) - b.cost_db)));
        let Some(best) = best else { break };
        best.undo.apply(&mut there);
        let after = there.residual_energy();
        best.undo.apply(scene);
        steps.push(Step { found: best.found, before, after });
    }
    steps
}

/// The step that explains most for its price; `None` if none earns its place.
fn best_step(
    part: &NullPart,
    scene: &mut Scene,
    floor: &Floor,
    before: f64,
    refused: &[Proposal],
) -> Option<Proposal> {
    let cap = (1.6 * floor.noise).max(CAP * before);
    let improvement = |proposal: &Proposal| db_from_power(before / proposal.energy.max(cap));
    let score = |proposal: &Proposal| improvement(proposal) - proposal.cost_db;
    let by_score = |a: &&Proposal, b: &&Proposal| score(a).total_cmp(&score(b));
    let mut proposals: Vec<Proposal> = Vec::new();
    for file in 0..scene.files() {
        proposals.extend(near(scene, file));
    }
    let decisive = |proposals: &[Proposal]| {
        let best = proposals.iter().max_by(by_score);
        best.filter(|best| improvement(best) >= DECISIVE_DB).map(Proposal::file)
    };
    let decided = decisive(&proposals);
    let far_advances = far_advances(part, &scene.recipe(), scene.size);
    for (file, advances) in far_advances.iter().enumerate() {
        // A decisive file may still belong a bar away; the others need not be tried.
        if decided.is_none_or(|decided| decided == Some(file)) {
            proposals.extend(far(scene, file, advances));
        }
    }
    if proposals.iter().all(|proposal| improvement(proposal) < ALONE_DB) {
        proposals.extend(joint_gains(scene));
    }
    // What is late in all windows may have slipped before them.
    let moved = |(file, correction): (usize, Correction)| {
        (correction.advance_frames != scene.correction(file).advance_frames).then_some(file)
    };
    let late = decisive(&proposals)
        .and_then(|_| proposals.iter().max_by(by_score)?.correction())
        .and_then(moved);
    if let Some(stem) = late {
        proposals.extend(edits::among(&[stem], part, scene));
    }
    // From the cheap to the costly: where one explains all but everything, the next is not asked.
    for family in FAMILIES {
        if decisive(&proposals).is_some() {
            break;
        }
        proposals.extend(family(part, scene));
    }
    let same = |a: &[Found], b: &[Found]| {
        let mut pairs = a.iter().zip(b);
        a.len() == b.len() && pairs.all(|(a, b)| (a.code, a.file) == (b.code, b.file))
    };
    // Beside a gain that is followed, what is left is what following leaves (METHODS 5.3).
    let settled = !scene.bus().is_empty()
        && before < scene.reference_energy() * 10f64.powf(FOLLOWED_DEPTH_DB / 10.0);
    let mut related = Shares::new(scene, f64::from(part.sample_rate));
    proposals.retain(|proposal| {
        if settled && improvement(proposal) < SETTLED_NEED_DB {
            return false;
        }
        let tried = |before: &Proposal| {
            if before.found.is_empty() {
                before.undo == proposal.undo
            } else {
                same(&proposal.found, &before.found)
            }
        };
        if refused.iter().any(tried) {
            return false;
        }
        improvement(proposal) >= proposal.need_db
            || before - proposal.energy > CLEARLY * floor.noise
                && proposal.rigid(scene).is_some_and(|f| related.settled(scene, f, proposal.energy))
    });
    let best = simplest(&proposals, scene.reference(), before, cap)?.clone();
    let rivals: Vec<&Proposal> = proposals
        .iter()
        .filter(|other| same_file_elsewhere(&best, other))
        .filter(|other| other.energy <= cap.max(2.0 * best.energy))
        .collect();
    if rivals.is_empty() {
        return Some(best);
    }
    Some(settle(part, scene, &best, &rivals))
}

/// The proposal that explains most; among those about one file the simplest that does as well as any.
/// The last of equals: of two copies, the later file is the extra one.
fn simplest(proposals: &[Proposal], reference: usize, before: f64, cap: f64) -> Option<&Proposal> {
    let energy = |proposal: &Proposal| proposal.energy.max(cap);
    let score = |proposal: &Proposal| {
        let db = db_from_power(before / energy(proposal));
        db - proposal.cost_db * (db / FULL_COST_DB).min(1.0)
    };
    let best_of = |group: &[&'_ Proposal]| -> Option<usize> {
        let rest = group.iter().map(|p| energy(p)).fold(f64::INFINITY, f64::min);
        let lent = (LENT * rest).min(LENT_OF_FOUND * (before - rest)).max(0.0);
        let own = |p: &Proposal| {
            db_from_power((before - rest + lent) / (energy(p) - rest + lent)) - p.cost_db
        };
        (0..group.len()).max_by(|&a, &b| own(group[a]).total_cmp(&own(group[b])))
    };
    let mut groups: BTreeMap<Option<usize>, Vec<&Proposal>> = BTreeMap::new();
    for proposal in proposals {
        groups.entry(proposal.subject(reference)).or_default().push(proposal);
    }
    groups
        .values()
        .filter_map(|group| best_of(group).map(|best| group[best]))
        .max_by(|a, b| score(a).total_cmp(&score(b)))
}

fn same_file_elsewhere(best: &Proposal, other: &Proposal) -> bool {
    match (best.correction(), other.correction()) {
        (Some((a, here)), Some((b, there))) => {
            a == b && (here.advance_frames - there.advance_frames).abs() >= 1.0
        }
        _ => false,
    }
}

/// Loops fit in many places: where the file begins and ends tells which one is right.
fn settle(part: &NullPart, scene: &mut Scene, best: &Proposal, rivals: &[&Proposal]) -> Proposal {
    const MOST: usize = 4;
    let mut rivals: Vec<&Proposal> = rivals.to_vec();
    rivals.sort_by(|a, b| a.energy.total_cmp(&b.energy));
    let mut candidates = vec![best.clone()];
    for rival in rivals {
        if candidates.len() < MOST && candidates.iter().all(|c| same_file_elsewhere(c, rival)) {
            candidates.push(rival.clone());
        }
    }
    let Some((file, _)) = best.correction() else { return best.clone() };
    let candidates: Vec<(Correction, Proposal)> =
        candidates.into_iter().filter_map(|c| Some((c.correction()?.1, c))).collect();
    let advances: Vec<f64> = candidates.iter().map(|c| c.0.advance_frames).collect();
    let starts = edge_starts(part, scene, file, &advances);
    let mut energies = vec![0.0; candidates.len()];
    for start in starts {
        let mut edge = scene.elsewhere(vec![start]);
        for (energy, (correction, _)) in energies.iter_mut().zip(&candidates) {
            *energy += edge.energy_with(file, *correction);
        }
    }
    let ranked = energies.into_iter().zip(candidates).map(|(energy, (correction, candidate))| {
        (energy, correction.advance_frames.abs(), candidate)
    });
    ranked
        .min_by(|a, b| {
            // Where even the edges say the same, the nearest place is the likeliest.
            let clear = db_from_power(a.0 / b.0).abs() > 0.5;
            if clear { a.0.total_cmp(&b.0) } else { a.1.total_cmp(&b.1) }
        })
        .map_or_else(|| best.clone(), |(_, _, candidate)| candidate)
}
