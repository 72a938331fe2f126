//! What a gain that changes over the song is: automation, a fade, dynamics, a side chain.
//!
//! Decides names and amounts from how the gain goes over the whole song (portraits) and, for the bus,
//! from how the loudest moments fare (windows at full rate).

use super::diagnose::Step;
use super::dynamics::gain_db;
use super::fit::correlation;
use super::hypotheses::Found;
use super::meter::NullPart;
use super::portrait::{Moment, Portrait};
use super::recipe::Pair;
use super::scene::Scene;
use crate::units::{db_from_amplitude, power_from_db};

/// Columns to a step of slow changes: a sixth of a second.
const SLOW: usize = 4;
/// Moments this far below the loudest one (-50 dB) tell no gain.
const QUIET: f64 = 1e-5;
/// Share of what is wanted that no gain explains, above which none is told.
const MOSTLY_ELSE: f64 = 0.5;
/// ... and of the mix, below which a moment tells its gain alone.
const SURELY: f64 = 0.1;
/// A gain nearer to unity than this in dB is none.
const LEAST_DB: f64 = 0.25;
/// Share of all deviation that one stretch must hold to be called automation.
const IN_ONE_STRETCH: f64 = 0.8;
/// A fade ends at least this far down, in dB ...
const FADED_DB: f64 = -12.0;
/// ... at silence at the latest, in dB ...
const SILENT_DB: f64 = -50.0;
/// ... and is at least this long, in seconds.
const LEAST_FADE_S: f64 = 0.3;
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
/// What compresses by more than 5 : 1 at its ceiling is a limiter (METHODS 5.4 has 10 : 1 of a fitted
/// model; the loudest moments alone say it a little less sharply).
const LIMITER_SLOPE: f64 = 0.2;
/// It holds them at nearly one level (a compressor whose attack lets a few moments through: by 0.9 dB).
const HELD_DB: f64 = 0.5;
/// A limiter lets most levels of the sum through to within so many dB of its ceiling.
const REACHED_DB: f64 = 0.15;
const REACHED_SHARE: f64 = 0.5;
/// A limiter's ceiling is one number: nothing else ends at the same level, to within so many dB, wherever
/// it was, and that so often.
const SAME_LEVEL_DB: f64 = 0.01;
const OFTEN: usize = 3;

/// What happens to the level of the mix.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// It fades in or out.
    Fade { from_s: f64, to_s: f64 },
    /// Its loud moments are held at one level.
    Limiter { reduction_db: f64, makeup_db: Option<f64> },
    /// Its loud moments are made quieter.
    Compressor { reduction_db: f64, makeup_db: Option<f64> },
}

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

/// By how much the level is reduced on average in dB, and the make-up gain in dB, where
/// that can be told: many moments that are let alone have the same gain.
/// Else the `highest` gain is taken for it, and no reduction for a lower level of the whole.
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

/// The highest gain of the mix in dB: what it starts and ends with, before anything holds it down. What
/// is not all of the mix may be anything.
fn highest(moments: &[Moment]) -> Option<f64> {
    let sure: Vec<Moment> =
        moments.iter().copied().filter(|m| m.besides() < SURELY * m.wanted).collect();
    told(&sure).into_iter().map(|gain| gain.1).max_by(f64::total_cmp)
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

/// What happens to the mix; `mix` (made louder by `level`) and `sum` are the windows at full rate.
pub(super) fn of_mix(
    portrait: &Portrait,
    mix: &[Pair],
    sum: &[Pair],
    level: f64,
    rate: f64,
) -> Shape {
    let slow = told(&portrait.mix_levels(SLOW));
    if let Some((from_s, to_s)) = fade(&slow, SLOW as f64 * portrait.column_s) {
        return Shape::Fade { from_s, to_s };
    }
    let fast = told(&portrait.mix_levels(1));
    let highest = highest(&portrait.moments(portrait.reference(), 1));
    let (reduction_db, makeup_db) = reduction(&fast, highest);
    if ceiling(mix, sum, level, rate).is_some_and(Ceiling::is_limiter) {
        Shape::Limiter { reduction_db, makeup_db }
    } else {
        Shape::Compressor { reduction_db, makeup_db }
    }
}

/// Where the level only falls until the end of the song, or only rises from its begin.
fn fade(gains: &[Told], step_s: f64) -> Option<(f64, f64)> {
    let falls = |gains: &mut dyn Iterator<Item = &Told>| -> Option<(usize, usize)> {
        let gains: Vec<&Told> = gains.collect();
        let last = gains.last()?;
        // From the end back to where the level is what it is everywhere.
        let start = gains.iter().rposition(|gain| gain.1 > -LEAST_DB)? + 1;
        let faded = gains.get(start..)?;
        // What is silent has faded; the stems may play on for long.
        let silent = faded.iter().position(|gain| gain.1 < SILENT_DB);
        let end = silent.filter(|&at| at > 0).and_then(|at| faded.get(at - 1)).unwrap_or(last);
        let lowest = faded.iter().map(|gain| gain.1).fold(0.0, f64::min);
        let mut least = 0.0_f64;
        let steady = faded.iter().all(|gain| {
            let falling = gain.1 < least + 3.0;
            least = least.min(gain.1);
            falling
        });
        (lowest < FADED_DB && steady).then_some((faded.first()?.0, end.0))
    };
    let out = falls(&mut gains.iter()).map(|(from, to)| (from, to + 1));
    let into = falls(&mut gains.iter().rev()).map(|(to, from)| (from, to + 1));
    out.or(into)
        .map(|(from, to)| (from as f64 * step_s, to as f64 * step_s))
        .filter(|(from, to)| to - from >= LEAST_FADE_S)
}

/// What the mix does where the sum is louder than the mix ever gets.
#[derive(Debug, Clone, Copy)]
struct Ceiling {
    /// By how many dB the loudest moments rise for each dB of the sum's: 1 where nothing is done, 0 at a
    /// limiter.
    slope: f64,
    /// How much they differ among each other in dB (standard deviation).
    spread_db: f64,
    /// Share of the sum's levels at which the mix still reaches its loudest.
    reached: f64,
}

impl Ceiling {
    /// Few moments at a level, and one of them lower than it might be, make a slope of chance.
    fn is_limiter(self) -> bool {
        self.slope < LIMITER_SLOPE && self.spread_db < HELD_DB
            || self.slope < 2.0 * LIMITER_SLOPE && self.reached > REACHED_SHARE
    }
}

/// The mix's ceiling; `None` if too few moments are reduced.
fn ceiling(mix: &[Pair], sum: &[Pair], level: f64, rate: f64) -> Option<Ceiling> {
    const FEWEST: usize = 6;
    let block = ((0.01 * rate) as usize).max(1);
    let peak = |pair: &Pair, at: usize| {
        let side =
            |side: &Vec<f64>| side[at..].iter().take(block).fold(0.0, |p: f64, x| p.max(x.abs()));
        db_from_amplitude(side(&pair[0]).max(side(&pair[1])).max(1e-6))
    };
    let louder = gain_db(level);
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for (mix, sum) in mix.iter().zip(sum) {
        blocks.extend(
            (0..mix[0].len()).step_by(block).map(|at| (peak(sum, at), peak(mix, at) - louder)),
        );
    }
    // What is louder than the mix ever gets must have been reduced, whatever reduces it.
    let loudest = blocks.iter().map(|block| block.1).fold(f64::MIN, f64::max);
    let mut over: Vec<(f64, f64)> = blocks.into_iter().filter(|(x, _)| *x > loudest).collect();
    // The loudest in each quarter of a decibel of the sum: what is let through at most.
    over.sort_by(|a, b| a.0.total_cmp(&b.0));
    let points: Vec<(f64, f64)> = over
        .chunk_by(|a, b| (4.0 * a.0).floor() == (4.0 * b.0).floor())
        .map(|bin| bin.iter().copied().fold((0.0, f64::MIN), |most, p| (p.0, p.1.max(most.1))))
        .collect();
    if points.iter().filter(|point| point.1 > loudest - SAME_LEVEL_DB).count() >= OFTEN {
        return Some(Ceiling { slope: 0.0, spread_db: 0.0, reached: 1.0 });
    }
    if over.len() < FEWEST || points.len() < 2 {
        return None;
    }
    let n = points.len() as f64;
    let (mx, my) = points.iter().fold((0.0, 0.0), |m, p| (m.0 + p.0 / n, m.1 + p.1 / n));
    let (xy, xx) = points
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + (p.0 - mx) * (p.1 - my), s.1 + (p.0 - mx).powi(2)));
    let yy: f64 = points.iter().map(|p| (p.1 - my).powi(2)).sum();
    let reached = points.iter().filter(|point| point.1 > loudest - REACHED_DB).count() as f64 / n;
    Some(Ceiling { slope: xy / xx, spread_db: (yy / n).sqrt(), reached })
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

/// Whether each stem's gain goes its own way: by how much in dB (standard deviation) the gain of a stem
/// in the middle of the field changes, by itself and against those of the others; and by how much in dB the mix is
/// turned down on average, as those stems tell that were turned down least themselves. `windows` holds
/// what is told chunk by chunk, by window and stem.
pub(super) fn own_way(windows: &[Vec<Vec<Told>>], stems: usize) -> Option<(f64, f64)> {
    let told_in = |told: &[Told], chunk: usize| -> Option<Told> {
        told.binary_search_by_key(&chunk, |told| told.0).ok().map(|at| told[at])
    };
    let mut own: Vec<f64> = Vec::new();
    for stem in 0..stems {
        let mut beyond: Vec<Told> = Vec::new();
        let told = windows.iter().filter_map(|window| window.get(stem)).flatten();
        let (gain, weight) =
            told.fold((0.0, 0.0), |sum, told| (sum.0 + told.1 * told.2, sum.1 + told.2));
        // A part that is not there at all was not turned down.
        if gain.abs() > FARTHEST_DB * weight {
            return None;
        }
        for window in windows {
            for &(chunk, gain, weight) in window.get(stem)? {
                let others = (0..window.len()).filter(|&other| other != stem);
                let (gains, energy) = others
                    .filter_map(|other| told_in(&window[other], chunk))
                    .fold((0.0, 0.0), |sum, told| (sum.0 + told.1 * told.2, sum.1 + told.2));
                if energy > 0.0 {
                    beyond.push((chunk, gain - gains / energy, weight.sqrt()));
                }
            }
        }
        // Beside one stem that is ridden the others seem to go a way, and stand still.
        let itself = windows.iter().filter_map(|window| window.get(stem)).flatten();
        let itself: Vec<Told> = itself.map(|told| (told.0, told.1, told.2.sqrt())).collect();
        if beyond.len() >= FEWEST_CHUNKS {
            own.push(spread_db(&beyond).min(spread_db(&itself)));
        }
    }
    own.sort_by(f64::total_cmp);
    let mut lowest: Vec<f64> = Vec::new();
    for window in windows {
        let chunks = window.iter().flatten().map(|told| told.0).max().unwrap_or(0);
        for chunk in 0..=chunks {
            let gains = window.iter().filter_map(|told| Some(told_in(told, chunk)?.1));
            lowest.extend(gains.min_by(f64::total_cmp));
        }
    }
    let mean = lowest.iter().sum::<f64>() / lowest.len().max(1) as f64;
    let middle = own.get(own.len() / 2).copied()?;
    (LEAST_REDUCTION_DB..FARTHEST_DB).contains(&-mean).then_some((middle, -mean))
}

/// Standard deviation.
fn spread_db(gains: &[Told]) -> f64 {
    let mean = mean(gains);
    let (sum, weight) = gains
        .iter()
        .fold((0.0, 0.0), |sum, gain| (sum.0 + (gain.1 - mean).powi(2) * gain.2, sum.1 + gain.2));
    (sum / weight.max(f64::MIN_POSITIVE)).sqrt()
}

/// Gains of processing lie within so many dB, and take away at least so much on average.
const FARTHEST_DB: f64 = 12.0;
const LEAST_REDUCTION_DB: f64 = 0.5;

/// Chunks that a stem must be heard in to go any way.
const FEWEST_CHUNKS: usize = 8;

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
    let spread = stretch.iter().map(|g| (g.1 - mean).powi(2) * g.2).sum::<f64>() / weight;
    (spread.sqrt() < 0.5 * mean.abs() + 0.5).then_some((
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
    fn one_loud_stem_that_is_ridden_sends_no_others_their_own_way() {
        let told = |gain: &dyn Fn(usize) -> f64, weight: f64| -> Vec<Told> {
            (0..80).map(|at| (at, gain(at), weight)).collect()
        };
        let ride = |at: usize| if at < 40 { 0.0 } else { -4.0 };
        let ridden = [vec![told(&ride, 10.0), told(&|_| 0.0, 1.0), told(&|_| 0.0, 1.0)]];
        let (own_way_db, _) = own_way(&ridden, 3).unwrap();
        assert!(own_way_db < 0.1, "{own_way_db}");
        let wave = |pace: usize| move |at: usize| -2.0 - (at / pace % 2) as f64;
        let printed = [vec![told(&wave(3), 10.0), told(&wave(5), 1.0), told(&wave(7), 1.0)]];
        let (own_way_db, reduction_db) = own_way(&printed, 3).unwrap();
        assert!(own_way_db > 0.4 && reduction_db > 2.0, "{own_way_db} {reduction_db}");
    }

    #[test]
    fn a_make_up_gain_is_seen_before_the_first_attack_and_after_the_last_release() {
        // A mix that never rests, made louder by 3.5 dB and held down by 4 to 6 dB.
        let gain = |db: f64| power_from_db(db / 2.0);
        let heard = |db: f64| Moment { product: gain(db), energy: 1.0, wanted: gain(db).powi(2) };
        let mut moments: Vec<Moment> =
            (0..800).map(|at| heard(-1.5 + 0.5 * f64::from(at % 5 - 2))).collect();
        moments[0] = heard(2.9);
        moments[799] = heard(3.4);
        // Something else comes in once, louder.
        moments[400] = Moment { wanted: 9.0, ..heard(5.0) };
        let highest = highest(&moments);
        assert!((highest.unwrap() - 3.4).abs() < 1e-9, "{highest:?}");
        let (reduction_db, makeup_db) = reduction(&told(&moments), highest);
        assert!((reduction_db - 4.9).abs() < 0.1, "{reduction_db}");
        assert_eq!(makeup_db, None);
    }

    #[test]
    fn what_is_loud_by_chance_has_no_ceiling() {
        let block = 480;
        let pair = |peaks: &[f64]| -> Vec<Pair> {
            let side: Vec<f64> =
                peaks.iter().flat_map(|db| vec![power_from_db(db / 2.0); block]).collect();
            vec![[side.clone(), side]]
        };
        let sum: Vec<f64> = (0..40).map(|at| -12.0 + 0.25 * f64::from(at)).collect();
        let let_through = |by_db: &dyn Fn(usize, f64) -> f64| {
            let mix: Vec<f64> = sum.iter().enumerate().map(|(at, &db)| by_db(at, db)).collect();
            ceiling(&pair(&mix), &pair(&sum), 1.0, 48_000.0).is_some_and(Ceiling::is_limiter)
        };
        assert!(let_through(&|at, db| db.min(-8.0 - 0.02 * (at % 5) as f64)));
        assert!(!let_through(&|_, db| -12.0 + 0.5 * (db + 12.0)));
        // An attack lets through a stroke here and there: no louder where the sum is louder, nor held.
        assert!(!let_through(&|at, db| db.min(-7.0 - 0.7 * (at % 4) as f64 - 0.003 * at as f64)));
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
