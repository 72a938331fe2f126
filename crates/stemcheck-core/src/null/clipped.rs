//! A stem that is clipped against what the mix holds: there is a residual only where the stem stands at
//! its ceiling, and more of the same is wanted there.
//!
//! What was clipped away cannot be undone. The mix' own ceiling is told with the bus.

use super::defects::lost;
use super::hypotheses::{Found, Proposal};
use super::meter::NullPart;
use super::recipe::Pair;
use super::scene::Scene;

/// A sample this near to the ceiling, relatively or in steps of 16 bits, is at it.
const NEAR: f64 = 2e-4;
const STEP: f64 = 3.1e-5;
/// Share of the residual's energy that may lie elsewhere, where the other files are right.
const ELSEWHERE: f64 = 0.3;
/// Share of the residual's energy at the ceiling that has to point outwards.
const OUTWARDS: f64 = 0.98;
/// Fewest samples at the ceiling in the windows, and the largest share of all.
const LEAST_SAMPLES: usize = 3;
const MOST_SAMPLES: f64 = 0.4;
/// Fewest samples to a run, and runs in the windows, that have to bulge: by so many standard deviations of
/// their sum, and by this share of what the stem itself rises there.
const LEAST_RUN: usize = 2;
const LEAST_RUNS: f64 = 20.0;
const CLEARLY: f64 = 6.0;
const OF_RISE: f64 = 0.3;
/// Most stretches that are kept apart.
const MOST_RANGES: usize = 20_000;

/// Every stem that is clipped.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    (0..scene.reference()).filter_map(|stem| clipped(part, scene, stem)).collect()
}

/// Every stem that is clipped beside a residual that goes on all the time: that hides the energy of what
/// is missing, but not that it bulges out of each run.
pub(super) fn sharp(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    (0..scene.reference())
        .filter_map(|stem| {
            let ceiling = level(&scene.standing(stem));
            bulges(&scene.standing(stem), &scene.wanted(stem), ceiling)
                .then(|| named(part, scene, stem, ceiling))?
        })
        .collect()
}

fn clipped(part: &NullPart, scene: &mut Scene, stem: usize) -> Option<Proposal> {
    let ceiling = ceiling(scene, stem)?;
    named(part, scene, stem, ceiling)
}

fn named(part: &NullPart, scene: &mut Scene, stem: usize, ceiling: Ceiling) -> Option<Proposal> {
    let (runs, ranges) = runs(part, scene, stem, ceiling)?;
    let rate = f64::from(part.sample_rate);
    let (begin, end) = (ranges.first()?.0, ranges.last()?.1);
    let found = Found::new("clipping", Some(stem), runs as f64, "runs")
        .between(begin as f64 / rate, end as f64 / rate);
    Some(lost(scene, vec![found], ranges))
}

/// Left and right: from which level on a sample stands at the ceiling.
type Ceiling = [f64; 2];

fn at_ceiling(ceiling: Ceiling, side: usize, x: f64) -> bool {
    x.abs() >= ceiling[side]
}

/// Where a stem would be cut off.
fn level(standing: &[Pair]) -> Ceiling {
    let peak = |side: usize| {
        let samples = standing.iter().flat_map(|pair| &pair[side]);
        samples.fold(0.0, |peak: f64, x| peak.max(x.abs()))
    };
    [0, 1].map(|side| {
        let peak = peak(side);
        let level = peak - (NEAR * peak).max(STEP);
        // A silent side has none.
        if level > 0.0 { level } else { f64::INFINITY }
    })
}

/// Whether more is wanted within each run at the ceiling than just before and behind, by more than any
/// other gain would make of it.
fn bulges(standing: &[Pair], wanted: &[Pair], ceiling: Ceiling) -> bool {
    const NEAR: usize = 2;
    let (mut count, mut sum, mut squares, mut rises) = (0.0, 0.0, 0.0, 0.0);
    for (pair, wanted) in standing.iter().zip(wanted) {
        for side in 0..2 {
            let (x, w) = (&pair[side], &wanted[side]);
            let mut at = NEAR;
            while at + NEAR < x.len() {
                let run = x[at..].iter().take_while(|x| at_ceiling(ceiling, side, **x)).count();
                let end = at + run;
                if run >= LEAST_RUN && end + NEAR <= x.len() {
                    let outwards = x[at].signum();
                    let mean = |from: usize, to: usize, y: &dyn Fn(usize) -> f64| {
                        (from..to).map(y).sum::<f64>() * outwards / (to - from) as f64
                    };
                    let beyond = |y: &dyn Fn(usize) -> f64| {
                        let around =
                            f64::midpoint(mean(at - NEAR, at, y), mean(end, end + NEAR, y));
                        mean(at, end, y) - around
                    };
                    let bulge = beyond(&|i| w[i] - x[i]);
                    count += 1.0;
                    sum += bulge;
                    squares += bulge * bulge;
                    rises += beyond(&|i| x[i]);
                }
                at = end.max(at + 1);
            }
        }
    }
    let spread = (squares - sum * sum / f64::max(count, 1.0)).max(0.0).sqrt();
    count >= LEAST_RUNS && sum > CLEARLY * spread && sum > OF_RISE * rises
}

/// A stem's ceiling, if that is where the residual is.
fn ceiling(scene: &Scene, stem: usize) -> Option<Ceiling> {
    let (standing, wanted) = (scene.standing(stem), scene.wanted(stem));
    let ceiling = level(&standing);
    let (mut here, mut outwards, mut elsewhere) = (0.0, 0.0, 0.0);
    let (mut count, mut all) = (0_usize, 0_usize);
    for (pair, wanted) in standing.iter().zip(&wanted) {
        for side in 0..2 {
            for (&x, &w) in pair[side].iter().zip(&wanted[side]) {
                let energy = (w - x) * (w - x);
                all += 1;
                if at_ceiling(ceiling, side, x) {
                    count += 1;
                    here += energy;
                    if (w - x) * x > 0.0 {
                        outwards += energy;
                    }
                } else {
                    elsewhere += energy;
                }
            }
        }
    }
    let some = count >= LEAST_SAMPLES && (count as f64) < MOST_SAMPLES * all as f64;
    (some && elsewhere < ELSEWHERE * (here + elsewhere) && outwards > OUTWARDS * here)
        .then_some(ceiling)
}

/// How often the stem stands at its ceiling where the song has a residual, and where; `None` if it
/// goes beyond.
fn runs(
    part: &NullPart,
    scene: &mut Scene,
    stem: usize,
    ceiling: Ceiling,
) -> Option<(usize, Vec<(u64, u64)>)> {
    let traces = scene.portrait(part).traces();
    let hop = traces.hop as u64;
    let longest = u64::from(part.sample_rate);
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    for column in 0..traces.residual.len() {
        if traces.residual[column] <= traces.negligible(column) {
            continue;
        }
        let (from, to) = ((column as u64).saturating_sub(1) * hop, (column as u64 + 1) * hop);
        match stretches.last_mut() {
            Some(before) if before.1 >= from && to - before.0 <= longest => before.1 = to,
            Some(before) if before.1 > from => {
                let from = before.1;
                stretches.push((from, to));
            }
            _ => stretches.push((from, to)),
        }
    }
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    for (from, to) in stretches {
        let frames = usize::try_from(to - from).ok()?;
        let pair: Pair = scene.sound(stem, i64::try_from(from).ok()?, frames);
        let [left, right] = &pair;
        for (i, (&l, &r)) in left.iter().zip(right).enumerate() {
            let beyond =
                |side: usize, x: f64| x.abs() > ceiling[side] * (1.0 + 4.0 * NEAR) + 2.0 * STEP;
            if beyond(0, l) || beyond(1, r) {
                return None;
            }
            if at_ceiling(ceiling, 0, l) || at_ceiling(ceiling, 1, r) {
                let frame = from + i as u64;
                match ranges.last_mut() {
                    Some(range) if range.1 == frame => range.1 = frame + 1,
                    _ => {
                        count += 1;
                        ranges.push((frame, frame + 1));
                    }
                }
            }
        }
    }
    let mut apart = 1;
    while ranges.len() > MOST_RANGES {
        apart *= 2;
        ranges.dedup_by(|next, before| {
            let near = next.0 - before.1 <= apart;
            if near {
                before.1 = next.1;
            }
            near
        });
    }
    (!ranges.is_empty()).then_some((count, ranges))
}
