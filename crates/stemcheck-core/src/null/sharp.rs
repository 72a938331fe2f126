//! Moments beside a fault that goes on all the time: a hole, a buffer played twice, a click or a cut that
//! the energy of the residual does not show, but its edges do.
//!
//! The portraits tell at which columns most bands rise above what they hold around; there the second
//! difference of the residual tells the edges to the sample, and a file is to blame if it runs on smoothly
//! once the residual is taken out of it at every edge. Asked last, when all else is undone.

mod marked;

use std::ops::Range;
use std::rc::Rc;

use super::Setup;
use super::bus::Bus;
use super::clipped;
use super::defects::{Close, LEAST_ODDS, SILENCE};
use super::diagnose::Step;
use super::ends;
use super::hypotheses::{Found, Undo};
use super::interpolate::HALF_TAPS;
use super::local::Stretch;
use super::meter::NullPart;
use super::portrait::Portrait;
use super::recipe::{Recipe, product_within};
use super::scene::Scene;
use crate::spectrum::Complex;

/// Columns on either side with which one is compared, and by which it is read at full rate.
const AROUND: usize = 24;
const READ: usize = 8;
/// Columns whose surroundings are taken together.
const TOGETHER: usize = 12;
/// What is usual in a band is this much above the quietest quarter there (6 dB); less than this against
/// the reference in that band counts as nothing (-80 dB).
const USUAL: f64 = 4.0;
const NOTHING: f64 = 1e-8;
/// A column stands out if its bands are above that by so many decades on average; most that count.
const STANDS_OUT: f64 = 0.4;
const MOST_DECADES: f64 = 3.0;
/// A part that holds one in so many bands only shows in those: they must rise by more decades.
const FEW: usize = 6;
const FEW_STAND_OUT: f64 = 1.5;
/// Most stretches that are read.
const MOST_STRETCHES: usize = 16;
/// An edge's second difference is this many times the middle one of so many frames ...
const EDGE: f64 = 16.0;
const BLOCK: usize = 1024;
/// ... and is more than this. Edges as near as this in frames are one.
const LEAST_EDGE: f64 = 1e-6;
const ONE: usize = 16;
/// More edges in one stretch are no moments.
const MOST_EDGES: usize = 12;
/// Least length of what lies between two edges in frames, and longest in seconds.
const LEAST_FRAMES: usize = 32;
const LONGEST_S: f64 = 0.3;
/// Frames around a moment that count as lost with it.
const PAD: usize = 24;
/// There the residual is this many times what it is around (5 dB).
const LOUDER: f64 = 3.0;
/// A click leaves the residual behind it where it was before, to this share of its height.
const STEP: f64 = 0.3;
/// It is at least so high (-50 dBFS), and stands so many times above the roughness of so many frames on
/// either side.
const LEAST_CLICK: f64 = 0.003;
const STANDS_ALONE: f64 = 12.0;
const BEYOND: usize = 64;

/// What is found, on which file, and where.
type Moment = (&'static str, usize, Range<u64>);

/// Names every such moment and leaves it out; those of a kind that was named before are added to it.
pub(super) fn look(setup: &Setup, part: &NullPart, scene: &mut Scene, steps: &mut Vec<Step>) {
    let rate = f64::from(part.sample_rate);
    // Runs that are clipped are lost sample by sample, and hide no column.
    let recipe = scene.recipe();
    let portrait = if recipe.lost.is_empty() {
        scene.portrait(part)
    } else {
        Rc::new(scene.portrait_under(part, &Recipe { lost: Vec::new(), ..recipe }))
    };
    let (hop, stretches) = (portrait.hop, stretches(&portrait, scene.bus()));
    for sharp in [ends::sharp, clipped::sharp] {
        for proposal in sharp(part, scene) {
            let before = scene.residual_energy();
            steps.push(Step { found: proposal.found, before, after: proposal.energy });
            proposal.undo.apply(scene);
        }
    }
    let mut found: Vec<(Moment, f64, f64)> = marked::moments(setup, scene, steps, rate);
    for stretch in stretches {
        let start = (stretch.first as i64 - READ as i64) * hop as i64;
        let frames = (stretch.last - stretch.first + 2 * READ) * hop;
        let close = Close::read(scene, start, frames, rate);
        for moment in moments(&close, rate) {
            let (code, file, frames) = &moment;
            // Neighbouring stretches overlap.
            let known = found.iter().any(|((c, f, other), ..)| {
                (c, f) == (code, file) && other.start < frames.end && frames.start < other.end
            });
            let (there, usual) = close.energies(frames);
            if !known && there > LOUDER * usual {
                found.push((moment, there, usual));
            }
        }
    }
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for ((code, file, frames), there, usual) in found {
        let (from, to) = (frames.start as f64 / rate, frames.end as f64 / rate);
        ranges.push((frames.start, frames.end));
        let same = |found: &Found| (found.code, found.file) == (code, Some(file));
        if let Some(step) = steps.iter_mut().find(|step| step.found.iter().any(same)) {
            for found in step.found.iter_mut().filter(|found| same(found)) {
                found.value = found.value.map(|count| count + 1.0);
                found.span = found.span.map(|span| (span.0.min(from), span.1.max(to)));
            }
            step.before += there - usual;
        } else {
            let unit = if code == "click" { "clicks" } else { "places" };
            let found = vec![Found::new(code, Some(file), 1.0, unit).between(from, to)];
            steps.push(Step { found, before: there, after: usual });
        }
    }
    Undo::Lose(ranges).apply(scene);
}

/// Where most bands of the residual rise at once; the clearest first.
fn stretches(portrait: &Portrait, bus: &[Bus]) -> Vec<Stretch> {
    let scores = scores(portrait, bus);
    let mut found: Vec<Stretch> = Vec::new();
    for column in (0..scores.len()).filter(|&column| scores[column] > STANDS_OUT) {
        match found.last_mut() {
            Some(before) if before.last + 1 == column && column - before.first < READ => {
                before.last = column;
                if scores[column] > scores[before.top] {
                    before.top = column;
                }
            }
            _ => found.push(Stretch { first: column, last: column, top: column }),
        }
    }
    found.sort_by(|a, b| scores[b.top].total_cmp(&scores[a.top]));
    found.truncate(MOST_STRETCHES);
    found
}

/// By column: decades by which its bands lie above what is usual around, on average, or as many as stand
/// out as clearly where few of them do.
fn scores(portrait: &Portrait, bus: &[Bus]) -> Vec<f64> {
    let reference = portrait.reference();
    // About as much of what is followed as a portrait can tell: its gain, column by column.
    let files = bus.iter().map(|bus| bus.file(reference));
    let followed: Vec<(usize, Vec<f32>)> = files.map(|file| (file, portrait.gains(file))).collect();
    let mut risen: Vec<Vec<f64>> = Vec::with_capacity(portrait.bands);
    let power = |value: &Complex<f32>| f64::from(value.norm_sqr());
    for band in 0..portrait.bands {
        let mut rest = portrait.residual_line(band);
        for (file, gains) in &followed {
            let sum = (*file == reference).then(|| rest.clone());
            for (at, own) in portrait.line(*file, band).iter().enumerate() {
                let sound = own + sum.as_ref().map_or(Complex::default(), |sum| sum[at]);
                rest[at] += sound * (gains.get(at).copied().unwrap_or(1.0) - 1.0);
            }
        }
        let line: Vec<f64> = rest.iter().map(power).collect();
        let sound: Vec<f64> = portrait.line(reference, band).iter().map(power).collect();
        let nothing = NOTHING * sound.iter().sum::<f64>() / sound.len().max(1) as f64;
        let mut rise = vec![0.0; line.len()];
        for first in (0..line.len()).step_by(TOGETHER) {
            let end = (first + TOGETHER).min(line.len());
            let mut near =
                line[first.saturating_sub(AROUND)..(end + AROUND).min(line.len())].to_vec();
            let quarter = near.len() / 4;
            let usual = USUAL * *near.select_nth_unstable_by(quarter, f64::total_cmp).1 + nothing;
            for (rise, x) in rise[first..end].iter_mut().zip(&line[first..end]) {
                *rise = (x / usual).max(1.0).log10().min(MOST_DECADES);
            }
        }
        risen.push(rise);
    }
    let columns = risen.first().map_or(0, Vec::len);
    let few = portrait.bands.div_ceil(FEW);
    (0..columns)
        .map(|column| {
            let mut rises: Vec<f64> = risen.iter().map(|rise| rise[column]).collect();
            rises.sort_by(|a, b| b.total_cmp(a));
            let mean = |rises: &[f64]| rises.iter().sum::<f64>() / rises.len().max(1) as f64;
            mean(&rises).max(mean(&rises[..few]) * STANDS_OUT / FEW_STAND_OUT)
        })
        .collect()
}

/// Every moment in a stretch.
fn moments(close: &Close, rate: f64) -> Vec<Moment> {
    let edges = edges(close);
    let mut found = Vec::new();
    if edges.len() > MOST_EDGES {
        return found;
    }
    let mut used = vec![false; edges.len()];
    let longest = (LONGEST_S * rate) as usize;
    for first in 0..edges.len() {
        for last in first + 1..edges.len() {
            let (a, b) = (&edges[first], &edges[last]);
            let inner = a.end..b.start;
            if used[first] || used[last] || inner.len() < LEAST_FRAMES || inner.len() > longest {
                continue;
            }
            let sides = close.sides(&(a.start..b.end));
            let more = (0.006 * rate) as usize;
            let room = inner.start > 2 * inner.len() + 2 * more;
            let lags: Vec<usize> = (inner.len()..inner.len() + more).collect();
            let mends = |file: &usize| {
                close.odds(*file, a, &sides) > LEAST_ODDS
                    && close.odds(*file, b, &sides) > LEAST_ODDS
            };
            let named = (0..close.files.len()).filter(mends).find_map(|file| {
                if close.is_silent(file, &inner, &sides) && close.sounds_around(file, a, b, &sides)
                {
                    return Some(("dropout", file));
                }
                (room && close.repeats(file, &inner, &sides, &lags))
                    .then_some(("repeated-block", file))
            });
            if let Some((code, file)) = named {
                used[first..=last].fill(true);
                found.push((code, file, close.frames(&(a.start..b.end), PAD)));
            }
        }
    }
    for (edge, _) in edges.iter().zip(&used).filter(|(_, used)| !**used) {
        let sides = close.sides(edge);
        if close.is_impulse(edge, &sides)
            && let Some(file) = close.clicked(edge, &sides)
        {
            found.push(("click", file, close.frames(edge, PAD)));
        }
    }
    found
}

/// Where the residual bends sharply.
fn edges(close: &Close) -> Vec<Range<usize>> {
    let [left, right] = &close.residual;
    let bend = |side: &[f64], i: usize| (side[i - 1] - 2.0 * side[i] + side[i + 1]).abs();
    let frames = left.len();
    let mut bends = vec![0.0; frames];
    for (i, most) in bends.iter_mut().enumerate().take(frames.saturating_sub(1)).skip(1) {
        *most = bend(left, i).max(bend(right, i));
    }
    for lost in &close.lost {
        bends[lost.start.saturating_sub(1)..(lost.end + 1).min(frames)].fill(0.0);
    }
    let mut edges: Vec<Range<usize>> = Vec::new();
    // What lies at the ends of the stretch may be cut off.
    for start in (BLOCK..frames.saturating_sub(BLOCK)).step_by(BLOCK) {
        let mut near = bends[start - BLOCK / 2..(start + BLOCK + BLOCK / 2).min(frames)].to_vec();
        let middle = near.len() / 2;
        let usual = *near.select_nth_unstable_by(middle, f64::total_cmp).1;
        let least = (EDGE * usual).max(LEAST_EDGE);
        for i in (start..start + BLOCK).filter(|&i| bends[i] > least) {
            match edges.last_mut() {
                Some(edge) if i - edge.end < ONE => edge.end = i + 1,
                _ => edges.push(i..i + 1),
            }
        }
    }
    edges
}

impl Close {
    /// Whether a file is silent between two edges.
    fn is_silent(&self, file: usize, frames: &Range<usize>, sides: &[usize]) -> bool {
        let pair = &self.files[file];
        // Interpolation spreads what is beside it.
        let inner = frames.start + HALF_TAPS..frames.end.saturating_sub(HALF_TAPS);
        inner.len() > LEAST_FRAMES / 2
            && sides
                .iter()
                .all(|&side| pair[side][inner.clone()].iter().all(|x| x.abs() <= SILENCE))
    }

    /// Whether a file sounds just before one edge and just behind another.
    fn sounds_around(
        &self,
        file: usize,
        first: &Range<usize>,
        last: &Range<usize>,
        sides: &[usize],
    ) -> bool {
        const NEAR: usize = 64;
        let end = self.files[file][0].len();
        let sounds = |frames: Range<usize>| {
            let side = |&side: &usize| self.files[file][side][frames.clone()].iter();
            sides.iter().flat_map(side).any(|x| x.abs() > 4.0 * SILENCE)
        };
        sounds(first.start.saturating_sub(NEAR)..first.end)
            && sounds(last.start..(last.end + NEAR).min(end))
    }

    /// Whether the residual goes on behind an edge where it was before it, and as smoothly: what begins
    /// there, or goes on being rough, is no click.
    fn is_impulse(&self, edge: &Range<usize>, sides: &[usize]) -> bool {
        let (before, after) = (edge.start.saturating_sub(2), edge.end + 1);
        sides.iter().all(|&side| {
            let r = &self.residual[side];
            let Some(&behind) = r.get(after) else { return false };
            let middle = f64::midpoint(r[before], behind);
            let height =
                r[before..after].iter().fold(0.0, |most: f64, x| most.max((x - middle).abs()));
            let bend = |i: usize| r[i - 1] - 2.0 * r[i] + r[i + 1];
            let rough = |frames: Range<usize>| {
                let count = frames.len().max(1) as f64;
                let inside = frames.filter(|i| (1..r.len() - 1).contains(i));
                (inside.map(|i| bend(i).powi(2)).sum::<f64>() / count).sqrt()
            };
            let around = rough(before.saturating_sub(BEYOND)..before)
                .max(rough(after + 1..after + 1 + BEYOND));
            height > LEAST_CLICK
                && (behind - r[before]).abs() < STEP * height
                && height > STANDS_ALONE * around
        })
    }

    /// Frames of the song, with some around.
    fn frames(&self, frames: &Range<usize>, pad: usize) -> Range<u64> {
        let frame = |frame: usize| (self.start + frame as i64).max(0).unsigned_abs();
        frame(frames.start.saturating_sub(pad))..frame(frames.end + pad)
    }

    /// Energy of the residual in frames of the song, and in as many of those around.
    fn energies(&self, frames: &Range<u64>) -> (f64, f64) {
        let length = self.residual[0].len();
        let place = |frame: u64| (frame as i64 - self.start).clamp(0, length as i64) as usize;
        let (from, to) = (place(frames.start), place(frames.end));
        let count = to - from;
        let energy = |range: Range<usize>| product_within(&self.residual, &self.residual, &range);
        let (before, after) = (from.saturating_sub(count)..from, to..(to + count).min(length));
        let around = before.len() + after.len();
        let usual = (energy(before) + energy(after)) * count as f64 / around.max(1) as f64;
        let there = energy(from..to);
        (there, usual.min(there))
    }
}
