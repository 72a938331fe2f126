//! Gains that change: a compressor, limiter or saturation on the bus, a fade of the mix; dynamics, a
//! side chain or automation that a stem has and the mix has not, or the reverse.
//!
//! A changing gain could follow anything, so it is cross-validated (METHODS 5.3): what it does to the
//! high band must be told by the low band, and the reverse. What the gain is like over the whole song,
//! as the portraits tell it, decides its name.

use super::apart::Apart;
use super::bus::{Bus, gain_over_time, on_curve, smooth};
use super::diagnose::FOLLOWED_DEPTH_DB;
use super::doubles::copies;
use super::gains::{self, Shape};
use super::hypotheses::{Found, Proposal, SHARP_NEED_DB, Undo};
use super::meter::NullPart;
use super::recipe::{Pair, add, energy, product_within, scale, silence};
use super::scene::Scene;
use crate::units::{db_from_amplitude, db_from_power, power_from_db};

/// Seconds over which the gain of the mix, and of a stem, is followed (METHODS 5.3).
const MIX_S: f64 = 0.006;
const STEM_S: f64 = 0.02;
/// Where low and high part (METHODS 5.3).
const SPLIT_HZ: f64 = 700.0;
/// Improvement asked of a gain that changes, and of a curve.
const FOLLOW_NEED_DB: f64 = 3.0;
const CURVE_NEED_DB: f64 = 8.0;
/// The same of a stem's gain: another take of a part looks like one for a few dB (METHODS 5.5).
const STEM_NEED_DB: f64 = 7.0;
/// Beside a first gain the same of a second one: what the first one leaves, following anything else follows
/// a little more. A stem's may be less, if it is right as far as it goes; the mix' is followed faster, and
/// holds what any stem's leaves.
pub(super) const SECOND_NEED_DB: f64 = 10.0;
/// Where it is looked at keenly, this is enough to be proposed.
const KEEN_DB: f64 = 0.3;
/// A stem's gain that changes by more than this is then none.
const MOST_KEEN_DB: f64 = 12.0;
/// Stems that are looked at: those that the residual goes along with most.
const STEMS: usize = 3;
/// Blocks in which it is seen which stem the residual goes along with, in seconds.
const BLOCK_S: f64 = 0.1;
/// Seconds over which the gains of all stems are taken together, and the improvement that is asked.
const APART_S: f64 = 0.012;
const APART_NEED_DB: f64 = 15.0;
/// Improvement that is asked beyond what gains that stand still would do.
const APART_BEYOND_DB: f64 = 5.0;
/// A stem in the middle of the field whose gain changes so much against the others' in dB drove the bus
/// alone (beside a compressor on the mix 0.1, where every stem went through it 0.5 to 0.8).
const OWN_WAY_DB: f64 = 0.3;
/// Nodes of a static curve.
const NODES: usize = 512;
/// Fewest samples for a node.
const NODE_SAMPLES: f64 = 8.0;
/// Dynamics that take less than this in dB on average are none: a limiter that few peaks reach takes more.
const NOTHING_DB: f64 = 0.005;
/// A make-up gain nearer to unity is none.
const LEAST_MAKEUP_DB: f64 = 0.3;
/// A mix with no more than this below full scale is clipped by its own format.
const FULL_SCALE: f64 = 0.9995;

/// What happened to the level of the whole mix.
pub(super) fn of_mix(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let rate = f64::from(part.sample_rate);
    let mut found = Vec::new();
    let reference = scene.reference();
    let before = scene.residual_energy();
    if before <= 0.0 {
        return found;
    }
    let (mix, sum) = (scene.standing(reference), scene.wanted(reference));
    if !scene.bus().iter().any(|bus| matches!(bus, Bus::Curve(_))) {
        found.extend(clipped(&mix, &sum));
        found.extend(curve(&mix, &sum));
    }
    if !may_follow(scene, before) {
        return found;
    }
    let need_db = if follows(scene) { SECOND_NEED_DB } else { FOLLOW_NEED_DB };
    let frames = (MIX_S * rate) as usize;
    let energy_left = before * cross_validated(&mix, &sum, frames, rate);
    if !is_followed(scene, reference) && is_worth(scene, before / energy_left, need_db) {
        let level = scene.correction(reference).gain.abs();
        // What is followed has the level with it.
        let mut recipe = scene.recipe();
        recipe.reference.gain = recipe.reference.gain.signum();
        let bus = scene.bus().to_vec();
        let portrait = scene.portrait_under(part, &recipe).followed(&bus, reference);
        let named = names_of_mix(&gains::of_mix(&portrait, &mix, &sum, level, rate));
        if named.iter().all(takes_nothing) {
            return found;
        }
        found.push(Proposal {
            undo: Undo::Follow(Bus::Follow { file: reference, frames }),
            found: named,
            energy: energy_left,
            cost_db: 1.5,
            need_db,
        });
    }
    found
}

/// What happened to the levels of stems, one or all.
pub(super) fn of_stems(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let rate = f64::from(part.sample_rate);
    let before = scene.residual_energy();
    if before <= 0.0 || !may_follow(scene, before) {
        return Vec::new();
    }
    let need_db = if follows(scene) { FOLLOW_NEED_DB } else { STEM_NEED_DB };
    let mut found: Vec<Proposal> = printed(scene, before, rate).into_iter().collect();
    let frames = (STEM_S * rate) as usize;
    for stem in suspects(scene, rate) {
        if is_followed(scene, stem) {
            continue;
        }
        let (own, wanted) = (scene.standing(stem), scene.wanted(stem));
        let energy_left = before * cross_validated(&wanted, &own, frames, rate);
        if is_worth(scene, before / energy_left, need_db) {
            let named = gains::name_of_stem(part, scene, stem);
            // What is all but turned off is another take.
            let out = scene.keen && named.value.is_some_and(|db| db.abs() > MOST_KEEN_DB);
            if out || takes_nothing(&named) {
                continue;
            }
            found.push(Proposal {
                undo: Undo::Follow(Bus::Follow { file: stem, frames }),
                found: vec![named],
                energy: energy_left,
                cost_db: 2.2,
                need_db,
            });
        }
    }
    found
}

/// Whether what follows the whole residual changes no level at all: then it is another sound.
fn takes_nothing(found: &Found) -> bool {
    found.unit == "dB" && found.value.is_some_and(|db| db.abs() < NOTHING_DB)
}

/// Whether a gain is followed.
pub(super) fn follows(scene: &Scene) -> bool {
    scene.bus().iter().any(|bus| matches!(bus, Bus::Follow { .. }))
}

/// Whether this file's is.
fn is_followed(scene: &Scene, file: usize) -> bool {
    let this = |bus: &Bus| matches!(bus, Bus::Follow { file: other, .. } if *other == file);
    scene.bus().iter().any(this)
}

/// Whether a gain may be followed, or one more: beside one that is followed another would follow what
/// that one leaves.
fn may_follow(scene: &Scene, before: f64) -> bool {
    let deep = scene.reference_energy() * power_from_db(FOLLOWED_DEPTH_DB);
    !follows(scene) || before >= deep && !scene.keen
}

/// Whether dividing the residual's energy by so much is enough to be proposed.
fn is_worth(scene: &Scene, improvement: f64, need_db: f64) -> bool {
    db_from_power(improvement) > if scene.keen { KEEN_DB } else { need_db }
}

/// Every stem went through the bus by itself: each has a gain of its own that changes, less is taken
/// off it the softer it is, and the mix has lost what no stem has.
fn printed(scene: &Scene, before: f64, rate: f64) -> Option<Proposal> {
    let reference = scene.reference();
    if reference < 2 || !scene.bus().is_empty() {
        return None;
    }
    // Of two copies each would have half the gain.
    if !copies(scene).is_empty() {
        return None;
    }
    let frames = (APART_S * rate) as usize;
    let windows: Vec<Apart> = (0..scene.windows_read())
        .map(|window| {
            let files: Vec<Pair> = (0..reference).map(|file| scene.core_of(file, window)).collect();
            Apart::new(&files, &scene.core_of(reference, window), frames)
        })
        .collect();
    let (asked, left) = windows
        .iter()
        .map(Apart::foretold)
        .fold((0.0, 0.0), |sum, window| (sum.0 + window.0, sum.1 + window.1));
    let left = if asked > 0.0 { left / asked } else { 1.0 };
    let standing = Apart::left_standing(&windows) / asked.max(f64::MIN_POSITIVE);
    if left > power_from_db(-APART_NEED_DB) || left > power_from_db(-APART_BEYOND_DB) * standing {
        return None;
    }
    let told: Vec<_> = windows.iter().map(Apart::told).collect();
    let (own_way_db, reduction_db) = gains::own_way(&told, reference)?;
    (own_way_db > OWN_WAY_DB).then(|| Proposal {
        undo: Undo::Follow(Bus::Apart { frames }),
        found: vec![Found::new("bus-printed-per-stem", None, reduction_db, "dB")],
        energy: before * left,
        cost_db: 2.0,
        need_db: APART_NEED_DB,
    })
}

/// Share of the residual that is left when the gain of one band is that of the other.
fn cross_validated(wanted: &[Pair], sound: &[Pair], frames: usize, rate: f64) -> f64 {
    let width = (rate / SPLIT_HZ) as usize;
    let (mut before, mut after) = (0.0, 0.0);
    for (wanted, sound) in wanted.iter().zip(sound) {
        let (wanted, sound) = (split(wanted, width), split(sound, width));
        for band in 0..2 {
            let gains = gain_over_time(&wanted[1 - band], &sound[1 - band], frames);
            let mut left = sound[band].clone();
            add(&mut left, -1.0, &wanted[band]);
            before += energy(&left);
            left.clone_from(&sound[band]);
            scale(&mut left, &[gains.clone(), gains]);
            add(&mut left, -1.0, &wanted[band]);
            after += energy(&left);
        }
    }
    if before > 0.0 { after / before } else { 1.0 }
}

/// What is left of the residual in each window when the gain of one band is that of the other.
pub(super) fn foretold(scene: &Scene, file: usize, frames: usize, rate: f64) -> Vec<Pair> {
    let width = (rate / SPLIT_HZ) as usize;
    let (standing, wanted) = (scene.standing(file), scene.wanted(file));
    // The sum is scaled to the mix, and a stem to what the others leave for it.
    let of_mix = file == scene.reference();
    let (asked, sound) = if of_mix { (&standing, &wanted) } else { (&wanted, &standing) };
    asked
        .iter()
        .zip(sound)
        .map(|(asked, sound)| {
            let (asked_bands, mut sound) = (split(asked, width), split(sound, width));
            let gains = [0, 1].map(|band| gain_over_time(&asked_bands[band], &sound[band], frames));
            let mut left = silence(asked[0].len());
            for (sound, gains) in sound.iter_mut().zip(gains.iter().rev()) {
                scale(sound, &[gains.clone(), gains.clone()]);
                add(&mut left, 1.0, sound);
            }
            add(&mut left, -1.0, asked);
            left
        })
        .collect()
}

/// Low and high part of both sides.
fn split(pair: &Pair, width: usize) -> [Pair; 2] {
    let low = smooth(pair, 2 * width);
    let mut high = pair.clone();
    add(&mut high, -1.0, &low);
    [low, high]
}

/// The stems that the residual goes along with most, block by block.
fn suspects(scene: &Scene, rate: f64) -> Vec<usize> {
    let block = ((BLOCK_S * rate) as usize).max(1);
    let mut ranked: Vec<(f64, usize)> = (0..scene.reference())
        .map(|stem| {
            let (own, wanted) = (scene.standing(stem), scene.wanted(stem));
            let explained: f64 = own
                .iter()
                .zip(&wanted)
                .map(|(own, wanted)| {
                    let starts = (0..own[0].len()).step_by(block);
                    starts
                        .map(|start| {
                            let range = start..(start + block).min(own[0].len());
                            let energy = product_within(own, own, &range);
                            let change = product_within(wanted, own, &range) - energy;
                            if energy > 0.0 { change * change / energy } else { 0.0 }
                        })
                        .sum::<f64>()
                })
                .sum();
            (explained, stem)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().take(STEMS).map(|(_, stem)| stem).collect()
}

/// The mix is the sum cut off at the mix's own largest samples.
fn clipped(mix: &[Pair], sum: &[Pair]) -> Option<Proposal> {
    let samples =
        |pairs: &'_ [Pair]| -> Vec<f64> { pairs.iter().flatten().flatten().copied().collect() };
    let (mix, sum) = (samples(mix), samples(sum));
    let top = mix.iter().copied().fold(0.0, f64::max);
    let bottom = mix.iter().copied().fold(0.0, f64::min);
    let (highest, lowest) =
        (sum.iter().copied().fold(0.0, f64::max), sum.iter().copied().fold(0.0, f64::min));
    if highest < 1.002 * top && lowest > 1.002 * bottom {
        return None;
    }
    let cut = |x: f64| x.clamp(bottom, top);
    let left: f64 = mix.iter().zip(&sum).map(|(y, &x)| (y - cut(x)).powi(2)).sum();
    let before: f64 = sum.iter().map(|x| x * x).sum();
    let after: f64 = sum.iter().map(|&x| cut(x) * cut(x)).sum();
    let mut points = vec![(2.0 * lowest.min(bottom), bottom), (bottom, bottom), (top, top)];
    points.push((2.0 * highest.max(top), top));
    let found = if top.max(-bottom) > FULL_SCALE {
        // Runs of samples at the top.
        let runs = sum.windows(2).filter(|w| cut(w[1]) != w[1] && cut(w[0]) == w[0]).count();
        Found::new("clipping", None, runs as f64, "runs")
    } else {
        let reduced = db_from_power(before / after);
        Found { expected: true, ..Found::new("bus-saturation", None, reduced, "dB") }
    };
    Some(Proposal {
        undo: Undo::Follow(Bus::Curve(points)),
        found: vec![found],
        energy: left,
        cost_db: 0.2,
        need_db: SHARP_NEED_DB.max(0.7),
    })
}

/// The mix is a function of the sum, sample by sample.
fn curve(mix: &[Pair], sum: &[Pair]) -> Option<Proposal> {
    let both = || {
        let x = sum.iter().flatten().flatten().copied();
        x.zip(mix.iter().flatten().flatten().copied())
    };
    let most = both().fold(0.0, |most: f64, (x, _)| most.max(x.abs())) * 1.0001;
    if most <= 0.0 {
        return None;
    }
    let mut nodes = vec![(0.0, 0.0, 0.0); NODES];
    for (x, y) in both() {
        let node = (f64::midpoint(x / most, 1.0) * NODES as f64) as usize;
        if let Some((count, xs, ys)) = nodes.get_mut(node) {
            *count += 1.0;
            *xs += x;
            *ys += y;
        }
    }
    // From the middle outwards, until each point stands on enough samples.
    let (below, above) = nodes.split_at(NODES / 2);
    let mut points = outwards(&mut below.iter().rev());
    points.extend(outwards(&mut above.iter()));
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let left: f64 = both().map(|(x, y)| (y - on_curve(&points, x)).powi(2)).sum();
    let (before, after) = both().fold((0.0, 0.0), |(before, after), (x, _)| {
        let y = on_curve(&points, x);
        (before + x * x, after + y * y)
    });
    // Softly played, it is the plain gain; what it takes off is counted from there.
    let small: Vec<&(f64, f64)> = points.iter().filter(|p| p.0.abs() < 0.1 * most).collect();
    let (xy, xx) = small.iter().fold((0.0, 0.0), |(xy, xx), p| (xy + p.0 * p.1, xx + p.0 * p.0));
    let slope = if xx > 0.0 { xy / xx } else { 1.0 };
    // Upside down is no saturation.
    if slope <= 0.0 {
        return None;
    }
    let reduced = db_from_power(before * slope * slope / after);
    let mut found =
        vec![Found { expected: true, ..Found::new("bus-saturation", None, reduced, "dB") }];
    let level = gain_db(slope);
    if level.abs() > LEAST_MAKEUP_DB {
        found.push(Found::new("reference-gain", None, level, "dB"));
    }
    Some(Proposal {
        undo: Undo::Follow(Bus::Curve(points)),
        found,
        energy: left,
        cost_db: 1.0,
        need_db: CURVE_NEED_DB,
    })
}

fn outwards(nodes: &mut dyn Iterator<Item = &(f64, f64, f64)>) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut count, mut xs, mut ys) = (0.0, 0.0, 0.0);
    for (n, x, y) in nodes {
        count += n;
        xs += x;
        ys += y;
        if count >= NODE_SAMPLES {
            points.push((xs / count, ys / count));
            (count, xs, ys) = (0.0, 0.0, 0.0);
        }
    }
    if count > 0.0 {
        points.push((xs / count, ys / count));
    }
    points
}

fn names_of_mix(shape: &Shape) -> Vec<Found> {
    let (code, reduction_db, makeup_db) = match *shape {
        Shape::Fade { from_s, to_s } => {
            let fade = Found::new("fade-on-reference", None, to_s - from_s, "s");
            return vec![Found { span: Some((from_s, to_s)), ..fade }];
        }
        Shape::Limiter { reduction_db, makeup_db } => ("bus-limiter", reduction_db, makeup_db),
        Shape::Compressor { reduction_db, makeup_db } => {
            ("bus-compressor", reduction_db, makeup_db)
        }
    };
    let mut found = vec![Found { expected: true, ..Found::new(code, None, reduction_db, "dB") }];
    let makeup = makeup_db.filter(|db| db.abs() > LEAST_MAKEUP_DB);
    found.extend(makeup.map(|db| Found::new("reference-gain", None, db, "dB")));
    found
}

/// Level of a gain in dB, of one that is turned off the lowest that counts.
pub(super) fn gain_db(gain: f64) -> f64 {
    db_from_amplitude(gain.max(1e-3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dynamics_that_change_no_level_are_none() {
        let found = |db| Found::new("stem-dynamics", Some(1), db, "dB");
        assert!(takes_nothing(&found(-7e-15)) && takes_nothing(&found(0.004)));
        // A limiter that few peaks reach; a fade has seconds.
        assert!(!takes_nothing(&found(0.02)));
        assert!(!takes_nothing(&Found::new("fade-on-reference", None, 0.0, "s")));
    }
}
