//! What a stem's gain that changes over the song is: automation, dynamics, a side chain; in `mix` that of
//! the mix, in `printed` whether each stem goes its own way.
//!
//! Decides names and amounts from how the gain goes over the whole song (portraits).

mod mix;
mod printed;

use super::diagnose::Step;
use super::dynamics::gain_db;
use super::fit::correlation;
use super::hypotheses::Found;
use super::meter::NullPart;
use super::portrait::{Moment, Portrait};
use super::scene::Scene;
use crate::units::power_from_db;
pub(super) use mix::{Shape, of_mix};
pub(super) use printed::own_way;

/// Columns to a step of slow changes: a sixth of a second.
const SLOW: usize = 4;
/// Moments this far below the loudest one (-50 dB) tell no gain.
const QUIET: f64 = 1e-5;
/// Share of what is wanted that no gain explains, above which none is told.
const MOSTLY_ELSE: f64 = 0.5;
/// A gain nearer to unity than this in dB is none.
const LEAST_DB: f64 = 0.25;
/// Share of all deviation that one stretch must hold to be called automation.
const IN_ONE_STRETCH: f64 = 0.8;
/// A fader's gain bends by less than so many dB within a step (a compressor's by 0.3 to 2.6).
const STEADY_DB: f64 = 0.2;
/// A ride leaves at least so much of the stem's energy as it is: what is changed everywhere was
/// processed.
const LEFT_ALONE: f64 = 0.02;
/// Correlation with another stem's level that speaks for a side chain ...
const SIDECHAIN: f64 = -0.4;
/// ... and by how much it must pass that with the stem's own level.
const CLEARLY: f64 = 0.1;
/// A correlation with the stem's own level that does not say which way it goes, and by which share of its
/// mean a gain varies at most that is there all along.
const UNCLEAR: f64 = 0.2;
const ALL_ALONG: f64 = 0.3;
/// Moments that are let alone lie within so many dB, and are this share of all.
const ALONE_DB: f64 = 0.1;
const ALONE_SHARE: f64 = 0.3;

/// Number of a step, its gain in dB, its weight.
pub(super) type Told = (usize, f64, f64);

/// The gain in dB of each step that is loud enough to tell.
fn told(moments: &[Moment]) -> Vec<Told> {
    let loudest = moments.iter().map(|moment| moment.energy).fold(0.0, f64::max);
    moments
        .iter()
        .enumerate()
        .filter(|(_, moment)| moment.energy > QUIET * loudest && moment.besides() < moment.energy)
        // What is mostly something else is no such gain.
        .filter(|(_, moment)| moment.besides() < MOSTLY_ELSE * moment.wanted)
        .filter_map(|(at, moment)| Some((at, gain_db(moment.gain()?), moment.energy)))
        .collect()
}

/// By how much the level is reduced on average in dB, and the make-up gain in dB, where that can be told:
/// many moments that are let alone have the same gain. Else the `highest` gain is taken for it, and no
/// reduction for a lower level of the whole.
fn reduction(gains: &[Told], highest: Option<f64>) -> (f64, Option<f64>) {
    let mut sorted: Vec<f64> = gains.iter().map(|gain| gain.1).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(&top) = sorted.get((sorted.len() * 49 / 50).min(sorted.len().saturating_sub(1)))
    else {
        return (0.0, None);
    };
    let alone: Vec<f64> = sorted.iter().copied().filter(|db| (db - top).abs() < ALONE_DB).collect();
    let plateau = alone.len() as f64 > ALONE_SHARE * sorted.len() as f64;
    let middle = alone.get(alone.len() / 2).copied().filter(|_| plateau);
    (middle.unwrap_or(highest.unwrap_or(top).max(0.0)) - mean(gains), middle)
}

/// The mean gain in dB, weighed by energy.
fn mean(gains: &[Told]) -> f64 {
    let (sum, weight) = gains.iter().fold((0.0, 0.0), |m, g| (m.0 + g.1 * g.2, m.1 + g.2));
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// By how much a stem's level is changed on average in dB; `own` tells how the gain that is wanted goes
/// along with its level.
fn change(gains: &[Told], own: f64) -> f64 {
    // A held note is held down all along: that it is softer tells then whether the stem was, or the mix.
    let mean_db = mean(gains);
    let all_along = own.abs() < UNCLEAR && spread_db(gains) < ALL_ALONG * mean_db.abs();
    let of_mix = if all_along { mean_db < 0.0 } else { own < 0.0 };
    if of_mix {
        return reduction(gains, None).0;
    }
    // Louder where it is loud: what the stem's own compressor took, seen from the other end, before
    // it took it.
    let turned: Vec<Told> = gains.iter().map(|g| (g.0, -g.1, g.2 * power_from_db(g.1))).collect();
    reduction(&turned, None).0
}

/// Names the stems' gains once more, now that nothing else is wrong any more. Beside a gain of the mix
/// that is followed nothing more is known than before.
pub(super) fn name_again(part: &NullPart, scene: &mut Scene, steps: &mut [Step]) {
    let reference = scene.reference();
    if scene.bus().iter().any(|bus| bus.of_mix(reference)) {
        return;
    }
    for found in steps.iter_mut().flat_map(|step| &mut step.found) {
        if let (Some(stem), true) = (found.file, OF_STEM.contains(&found.code)) {
            *found = name_of_stem(part, scene, stem);
        }
    }
}

/// What may happen to the level of a stem.
const OF_STEM: [&str; 3] = ["missing-automation", "lost-sidechain", "stem-dynamics"];

/// Standard deviation in dB, weighed by energy.
fn spread_db(gains: &[Told]) -> f64 {
    let mean = mean(gains);
    let (sum, weight) = gains
        .iter()
        .fold((0.0, 0.0), |sum, gain| (sum.0 + (gain.1 - mean).powi(2) * gain.2, sum.1 + gain.2));
    (sum / weight.max(f64::MIN_POSITIVE)).sqrt()
}

/// What happens to the level of a stem, beside what is followed of other files.
pub(super) fn name_of_stem(part: &NullPart, scene: &mut Scene, stem: usize) -> Found {
    let (portrait, reference) = (scene.portrait(part), scene.reference());
    if scene.bus().iter().all(|bus| bus.file(reference) == stem) {
        return name_in(&portrait, stem);
    }
    name_in(&Portrait::clone(&portrait).followed(scene.bus(), stem), stem)
}

fn name_in(portrait: &Portrait, stem: usize) -> Found {
    let step_s = SLOW as f64 * portrait.column_s;
    let slow = told(&portrait.moments(stem, SLOW));
    if let Some(db) = everywhere(&slow) {
        return Found::new("wrong-gain", Some(stem), -db, "dB");
    }
    if let Some((from, to, db)) = one_stretch(&slow) {
        return Found {
            span: Some((from as f64 * step_s, (to + 1) as f64 * step_s)),
            ..Found::new("missing-automation", Some(stem), -db, "dB")
        };
    }
    let fast = told(&portrait.moments(stem, 1));
    let own = along(&fast, &portrait.energies(stem, 1));
    let chain = (0..portrait.reference())
        .filter(|&other| other != stem)
        .map(|other| (along(&fast, &portrait.energies(other, 1)), other))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    match chain {
        Some((along, other)) if along < SIDECHAIN && along.abs() > own.abs() + CLEARLY => Found {
            other: Some(other),
            ..Found::new("lost-sidechain", Some(stem), reduction(&fast, None).0, "dB")
        },
        _ => Found::new("stem-dynamics", Some(stem), change(&fast, own), "dB"),
    }
}

/// The gain in dB that is the same all along, if it is.
fn everywhere(gains: &[Told]) -> Option<f64> {
    const SAME_DB: f64 = 0.1;
    let weight: f64 = gains.iter().map(|gain| gain.2).sum();
    let middle = weighted_median(gains);
    let spread = gains.iter().map(|gain| (gain.1 - middle).powi(2) * gain.2).sum::<f64>();
    (weight > 0.0 && (spread / weight).sqrt() < SAME_DB && middle.abs() > LEAST_DB)
        .then_some(middle)
}

/// The one stretch in which the gain is another, with its mean in dB, if that is all.
fn one_stretch(gains: &[Told]) -> Option<(usize, usize, f64)> {
    let deviation = |gain: &Told| gain.2 * (10f64.powf(gain.1 / 20.0) - 1.0).powi(2);
    let all: f64 = gains.iter().map(deviation).sum();
    // Runs on one side of unity; a moment that is not told, or hardly off, ends none.
    let mut best: Option<(f64, &[Told])> = None;
    let mut start = 0;
    while start < gains.len() {
        let sign = gains[start].1 > 0.0;
        let off = |gain: &Told| gain.1.abs() > LEAST_DB && (gain.1 > 0.0) == sign;
        if !off(&gains[start]) {
            start += 1;
            continue;
        }
        let run = gains[start..].iter().take_while(|gain| off(gain)).count();
        let stretch = &gains[start..start + run];
        let held: f64 = stretch.iter().map(deviation).sum();
        if best.is_none_or(|(most, _)| held > most) {
            best = Some((held, stretch));
        }
        start += run;
    }
    let (held, stretch) = best?;
    if held < IN_ONE_STRETCH * all || stretch.len() < 2 || stretch.len() == gains.len() {
        return None;
    }
    let weight: f64 = stretch.iter().map(|gain| gain.2).sum();
    if weight > (1.0 - LEFT_ALONE) * gains.iter().map(|gain| gain.2).sum::<f64>() {
        return None;
    }
    let mean = mean(stretch);
    let middle = weighted_median(stretch);
    // The same gain all along, or a ride up or down; what jumps about, or wavers, is no automation. The steps
    // at both ends are only partly of the stretch.
    let inside = stretch.get(1..stretch.len() - 1).unwrap_or_default();
    let bends: Vec<Told> = inside.windows(3).map(bend).collect();
    if weighted_median(&bends) > STEADY_DB {
        return None;
    }
    (spread_db(stretch) < 0.5 * mean.abs() + 0.5).then_some((
        stretch.first()?.0,
        stretch.last()?.0,
        middle,
    ))
}

/// How far the middle one of three gains is from the line between the others, in dB, where all three weigh.
fn bend(three: &[Told]) -> Told {
    let [before, here, after] = three else { return (0, 0.0, 0.0) };
    let off = here.1 - f64::midpoint(before.1, after.1);
    (here.0, off.abs(), before.2.min(here.2).min(after.2))
}

/// The gain above which half of the weight lies: the steps at both ends are only partly of the stretch.
fn weighted_median(gains: &[Told]) -> f64 {
    let mut sorted: Vec<(f64, f64)> = gains.iter().map(|gain| (gain.1, gain.2)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|gain| gain.1).sum::<f64>() / 2.0;
    let mut below = 0.0;
    let reached = |gain: &&(f64, f64)| {
        below += gain.1;
        below >= half
    };
    sorted.iter().find(reached).map_or(0.0, |gain| gain.0)
}

/// How a gain goes along with a level, -1 to 1.
fn along(gains: &[Told], energies: &[f64]) -> f64 {
    let level = |gain: &Told| energies.get(gain.0).copied().unwrap_or(0.0).sqrt();
    let levels: Vec<f64> = gains.iter().map(level).collect();
    let gains: Vec<f64> = gains.iter().map(|gain| gain.1).collect();
    correlation(&gains, &levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_note_that_was_held_down_tells_by_its_level_what_took_it() {
        let gains = |db: f64| -> Vec<Told> {
            (0..100).map(|at| (at, db + 0.5 * (at % 5) as f64, 1.0)).collect()
        };
        for own in [-0.1, 0.1] {
            assert!((change(&gains(16.0), own) - 17.0).abs() < 0.2, "softer than in the mix");
            assert!((change(&gains(-18.0), own) - 17.0).abs() < 0.2, "louder than in the mix");
        }
        let struck = |at: usize| (at, if at.is_multiple_of(5) { -3.0 } else { 0.5 }, 1.0);
        let struck = change(&(0..100).map(struck).collect::<Vec<_>>(), 0.1);
        assert!((struck - 3.15).abs() < 0.1, "{struck}: what comes and goes is told by the levels");
        assert!(change(&gains(16.0), -0.5) < 2.0, "the mix was compressed, and made up for");
    }

    #[test]
    fn a_gain_that_wavers_is_no_ride() {
        let with = |gain: &dyn Fn(usize) -> f64| -> Vec<Told> {
            let inside = |at: usize| (20..60).contains(&at);
            (0..80).map(|at| (at, if inside(at) { gain(at) } else { 0.0 }, 1.0)).collect()
        };
        assert_eq!(one_stretch(&with(&|_| -3.0)), Some((20, 59, -3.0)));
        assert!(one_stretch(&with(&|at| -0.15 * (at - 19) as f64)).is_some());
        assert_eq!(one_stretch(&with(&|at| -3.0 + (at % 2) as f64)), None);
        // A short one, that begins and ends within a step.
        let short = [0.0, 0.0, -3.4, -5.0, -5.0, -5.0, -5.0, -1.9, 0.0, 0.0];
        let weights = [0.1, 0.1, 0.3, 10.0, 65.0, 84.0, 113.0, 161.0, 100.0, 50.0];
        let short: Vec<Told> = short
            .into_iter()
            .zip(weights)
            .enumerate()
            .map(|(at, (gain, w))| (at, gain, w))
            .collect();
        assert_eq!(one_stretch(&short).map(|stretch| stretch.2), Some(-5.0));
    }

    #[test]
    fn a_moment_in_which_something_else_is_wanted_tells_no_gain() {
        let gained = Moment { product: 0.5, energy: 1.0, wanted: 0.3 };
        let else_wanted = Moment { product: 1e-4, energy: 1.0, wanted: 0.9 };
        let told = told(&[gained, else_wanted, gained]);
        assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), [0, 2]);
        assert!((told[0].1 + 6.02).abs() < 0.01, "{told:?}");
    }
}
