//! What a gain of the mix is that changes over the song: a fade, a limiter, a compressor.
//!
//! Decides that from portraits, and from how the loudest moments fare (windows at full rate).

use super::super::dynamics::gain_db;
use super::super::portrait::{Moment, Portrait};
use super::super::recipe::Pair;
use super::{LEAST_DB, SLOW, Told, reduction, told};
use crate::units::db_from_amplitude;

/// Share of what is wanted that no gain explains, below which a moment tells the mix' gain alone.
const SURELY: f64 = 0.1;
/// A fade ends at least this far down, in dB ...
const FADED_DB: f64 = -12.0;
/// ... at silence at the latest, in dB ...
const SILENT_DB: f64 = -50.0;
/// ... and is at least this long, in seconds.
const LEAST_FADE_S: f64 = 0.3;
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
pub(in crate::null) enum Shape {
    /// It fades in or out.
    Fade { from_s: f64, to_s: f64 },
    /// Its loud moments are held at one level.
    Limiter { reduction_db: f64, makeup_db: Option<f64> },
    /// Its loud moments are made quieter.
    Compressor { reduction_db: f64, makeup_db: Option<f64> },
}

/// What happens to the mix; `mix` (made louder by `level`) and `sum` are the windows at full rate.
pub(in crate::null) fn of_mix(
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

/// The highest gain of the mix in dB: what it starts and ends with, before anything holds it down. What
/// is not all of the mix may be anything.
fn highest(moments: &[Moment]) -> Option<f64> {
    let sure: Vec<Moment> =
        moments.iter().copied().filter(|m| m.besides() < SURELY * m.wanted).collect();
    told(&sure).into_iter().map(|gain| gain.1).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::power_from_db;

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
}
