//! Edits that slipped: from one moment on a stem is earlier or later than the mix has it, perhaps only
//! up to another.
//!
//! The portraits tell which stems are right up to a moment and wrong afterwards; a window behind it
//! tells by how much they are out there; the files at full rate around it tell where the cut lies.
//! A stem that is out everywhere is late, which is simpler and told elsewhere.

use super::correlation::Fit;
use super::hypotheses::{Found, Proposal, Undo};
use super::local::Traces;
use super::meter::NullPart;
use super::portrait::Portrait;
use super::recipe::{Pair, Recipe};
use super::scene::Scene;
use super::treatment::Treatment;

/// More than a shift of the whole (0.5 dB): a moment has to be found as well. But less where the stem
/// is exact (-80 dB) before: then it cannot be late there.
const COST_DB: f64 = 0.7;
const EXACT_COST_DB: f64 = 0.4;
const EXACT: f64 = 1e-8;
/// Improvement asked of it, in dB, over all windows, and in the window behind the cut (energy).
const NEED_DB: f64 = 2.0;
const BETTER_THERE: f64 = 0.5;
/// The same where it is looked at keenly.
const KEEN_BETTER: f64 = 0.97;
/// Most stems that are tried, and most that are followed to their cut.
const MOST_STEMS: usize = 12;
const MOST_SLIPS: usize = 2;
/// Columns that a stem sounds on either side of the cut, at least.
const LEAST_COLUMNS: usize = 5;
/// The residual against the stem is this much louder behind the cut (10 dB), in nepers of energy.
const LOUDER: f64 = 2.3;
/// A stem sounds where it is above this share of its loudest column (-35 dB).
const SOUNDS: f64 = 3e-4;
/// Residual over stem, below which nothing more can be told (-90 dB).
const CLEAN: f64 = 1e-9;
/// Shifts this near to whole frames are.
const NEARLY_WHOLE: f64 = 0.05;
/// Around the cut this many columns are read at full rate, at most.
const MOST_COLUMNS: usize = 48;

/// Every stem that may have slipped inside the song.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let stems: Vec<usize> = (0..scene.reference()).collect();
    among(&stems, part, scene)
}

/// The same for some stems only.
pub(super) fn among(stems: &[usize], part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let traces = scene.portrait(part).traces();
    let mut turns: Vec<Turn> = stems
        .iter()
        .filter(|stem| **stem < scene.reference())
        .filter_map(|&stem| Turn::find(&traces, stem, if scene.keen { 0.0 } else { LOUDER }))
        .collect();
    turns.sort_by(|a, b| b.tracks.total_cmp(&a.tracks));
    turns.truncate(MOST_STEMS);
    let residual = |turn: &&Turn| traces.residual[turn.loudest];
    let Some(loudest) = turns.iter().max_by(|a, b| residual(a).total_cmp(&residual(b))) else {
        return Vec::new();
    };
    let start = loudest.loudest as i64 * traces.hop as i64 - scene.size.core as i64 / 2;
    // All of the window has to lie behind the cut.
    let start = start.max((loudest.wrong + 1) as i64 * traces.hop as i64);
    let keen = scene.keen;
    let mut there = scene.elsewhere(vec![start]);
    there.keen = keen;
    let mut slips: Vec<(f64, f64, &Turn)> = turns
        .iter()
        .filter(|turn| turn.wrong <= loudest.loudest)
        .filter_map(|turn| {
            let (advance, left) = advance_behind(&mut there, turn.stem)?;
            Some((left, advance, turn))
        })
        .collect();
    slips.sort_by(|a, b| a.0.total_cmp(&b.0));
    slips.truncate(MOST_SLIPS);
    slips.iter().map(|(_, advance, turn)| slipped(part, scene, &traces, turn, *advance)).collect()
}

/// The columns between which a stem goes wrong.
#[derive(Debug)]
struct Turn {
    stem: usize,
    /// The last that is right, the first that is wrong.
    right: usize,
    wrong: usize,
    /// The wrong one with most residual.
    loudest: usize,
    /// How well the residual behind follows the stem, 0 to 1.
    tracks: f64,
    /// Whether the stem is right before to all that can be heard.
    exact: bool,
}

impl Turn {
    fn find(traces: &Traces, stem: usize, louder: f64) -> Option<Self> {
        let sound = traces.files.get(stem)?;
        let peak = sound.iter().copied().fold(0.0, f64::max);
        let columns: Vec<usize> = (0..sound.len()).filter(|&c| sound[c] > SOUNDS * peak).collect();
        let badness: Vec<f64> = columns
            .iter()
            .map(|&c| (traces.residual[c] / sound[c]).clamp(CLEAN, 10.0).ln())
            .collect();
        let total: f64 = badness.iter().sum();
        // The split that parts the good from the bad best (Otsu).
        let (mut before, mut best) = (0.0, (0.0, 0));
        for (index, bad) in badness.iter().enumerate() {
            let (left, right) = (index as f64, (badness.len() - index) as f64);
            let apart = (total - before) / right - before / left.max(1.0);
            let parts = apart * apart * left * right;
            let enough = index >= LEAST_COLUMNS && index + LEAST_COLUMNS <= badness.len();
            if enough && apart > louder && parts > best.0 {
                best = (parts, index);
            }
            before += bad;
        }
        let (_, split) = best;
        let (right, wrong) = (*columns.get(split.checked_sub(1)?)?, *columns.get(split)?);
        let behind = &columns[split..];
        let residual = |c: &usize| traces.residual[*c];
        let (mut product, mut own, mut rest) = (0.0, 0.0, 0.0);
        for c in behind {
            product += sound[*c] * residual(c);
            own += sound[*c] * sound[*c];
            rest += residual(c) * residual(c);
        }
        let loudest = *behind.iter().max_by(|a, b| residual(a).total_cmp(&residual(b)))?;
        let tracks = product / (own * rest).sqrt().max(f64::MIN_POSITIVE);
        let exact = |c: &&usize| traces.residual[**c] <= EXACT * sound[**c];
        let exact = columns[..split].iter().filter(exact).count() >= LEAST_COLUMNS;
        (traces.residual[loudest] > traces.negligible(loudest)).then_some(Self {
            stem,
            right,
            wrong,
            loudest,
            tracks,
            exact,
        })
    }
}

/// By how much a stem slipped, from when and perhaps until when, if that is what happened.
fn slipped(
    part: &NullPart,
    scene: &mut Scene,
    traces: &Traces,
    turn: &Turn,
    advance: f64,
) -> Proposal {
    let stem = turn.stem;
    let correction = scene.correction(stem);
    let mut recipe = scene.recipe();
    recipe.treatments[stem].push(Treatment::Moved { from: 0, advance_frames: advance });
    let moved = Portrait::new(part, &recipe).traces();
    // The stem may come back.
    let back = returns(traces, &moved, turn.wrong);
    // Where it plays earlier something is skipped; where it comes back from playing later, too.
    let length = advance.abs().ceil() as usize;
    let (at_start, at_end) = if advance < 0.0 { (length, 0) } else { (0, length) };
    let from = border(scene, &recipe, traces.hop, (turn.right, turn.wrong), at_start, false);
    let until = back
        .map(|columns| border(scene, &recipe, traces.hop, columns, at_end, true) + at_end as u64);
    // Treatments come before the shift of the whole.
    let in_file = |frame: u64| (frame as f64 + correction.advance_frames).max(0.0).round() as u64;
    let mut treatments =
        vec![(stem, Treatment::Moved { from: in_file(from), advance_frames: advance })];
    let mut gone = Vec::new();
    if at_start > 0 {
        gone.push((from, from + at_start as u64));
    }
    if let Some(until) = until.filter(|until| *until > from + length as u64) {
        let back = Treatment::Moved { from: in_file(until), advance_frames: -advance };
        treatments.push((stem, back));
        if at_end > 0 {
            gone.push((until - at_end as u64, until));
        }
    }
    let undo = Undo::All(vec![Undo::Treat(treatments), Undo::Lose(gone)]);
    let state = scene.state();
    undo.apply(scene);
    let energy = scene.residual_energy();
    scene.restore(state);
    let rate = f64::from(part.sample_rate);
    let end = until.unwrap_or(part.first_second * u64::from(part.sample_rate) + part.frames);
    let found = Found::new("moved-edit", Some(stem), advance, "samples");
    let found = found.between(from as f64 / rate, end as f64 / rate);
    let cost_db = if turn.exact { EXACT_COST_DB } else { COST_DB };
    Proposal { undo, found: vec![found], energy, cost_db, need_db: NEED_DB }
}

/// By how many frames a stem has to be moved earlier behind the cut, and the energy that this leaves
/// there.
fn advance_behind(there: &mut Scene, stem: usize) -> Option<(f64, f64)> {
    let before = there.residual_energy();
    let current = there.correction(stem);
    let correlation = there.correlate(stem, current.advance_frames);
    let left = |fit: &Fit| correlation.target_energy + fit.change(current.gain);
    let fits: Vec<Fit> =
        correlation.peaks(0.8, 6).into_iter().filter(|fit| fit.sides_agree).collect();
    let least = fits.iter().map(left).fold(f64::INFINITY, f64::min);
    // Of loops that fit in many places the nearest.
    let good = |fit: &&Fit| left(fit) <= 1.1 * least.max(0.0) + 1e-4 * correlation.target_energy;
    let distance = |fit: &Fit| (fit.advance_frames - current.advance_frames).abs();
    let best =
        fits.iter().filter(good).min_by(|a, b| distance(a).total_cmp(&distance(b))).copied()?;
    let advance = best.advance_frames - current.advance_frames;
    let whole = advance.round();
    let advance = if (advance - whole).abs() < NEARLY_WHOLE { whole } else { advance };
    let left = left(&best);
    let better = if there.keen { KEEN_BETTER } else { BETTER_THERE };
    (advance.abs() > 0.5 && left < better * before).then_some((advance, left))
}

/// The columns between which the stem is right again without being moved, if that happens.
fn returns(traces: &Traces, moved: &Traces, wrong: usize) -> Option<(usize, usize)> {
    let (mut sum, mut best) = (0.0, (0.0, None));
    for column in (wrong + 1..traces.residual.len()).rev() {
        // What moving costs from this column to the end.
        sum += moved.residual[column] - traces.residual[column];
        if sum > best.0 {
            best = (sum, Some(column));
        }
    }
    let loudest = traces.residual.iter().copied().fold(0.0, f64::max);
    let column = best.1.filter(|_| best.0 > 0.1 * loudest)?;
    Some((column.checked_sub(1)?, column))
}

/// The frame, near two columns, from which on the moved stem fits better (or, at the end of an edit,
/// the one that is not moved), if neither fits for `skipped` frames from there.
fn border(
    scene: &mut Scene,
    moved: &Recipe,
    hop: usize,
    (right, wrong): (usize, usize),
    skipped: usize,
    end: bool,
) -> u64 {
    let more = skipped / hop + 1;
    let last = wrong + 1 + more;
    let first = right.saturating_sub(more).max(last.saturating_sub(MOST_COLUMNS + 2 * more));
    let (start, frames) = ((first * hop) as i64, (last - first) * hop);
    let plain = scene.recipe().residual(scene.windows, start, frames).0;
    let moved = moved.residual(scene.windows, start, frames).0;
    let (before, after) = if end { (moved, plain) } else { (plain, moved) };
    let square = |pair: &Pair, i: usize| pair[0][i] * pair[0][i] + pair[1][i] * pair[1][i];
    // Cost of a border at the first frame, then at each later one.
    let mut cost: f64 = (skipped..frames).map(|frame| square(&after, frame)).sum();
    let mut best = (cost, 0);
    for frame in 0..frames.saturating_sub(skipped) {
        cost += square(&before, frame) - square(&after, frame + skipped);
        if cost < best.0 {
            best = (cost, frame + 1);
        }
    }
    start.unsigned_abs() + best.1 as u64
}
