//! Times that no single shift puts right: one channel later than the other, and a clock that ran at
//! another speed.
//!
//! A delay between the channels shows in two correlations, one for each side, that peak apart. A drift
//! shows in lags that lie on a slope over the song (METHODS 5.3, "sample-rate drift"): measured in
//! every window, joined by the line that most of them agree with, undone, and measured again until
//! nothing is left of the slope. A whole file in another place is `hypotheses`'.

use super::correlation::Correlation;
use super::hypotheses::{Found, Proposal, Undo};
use super::meter::NullPart;
use super::recipe::{Correction, product};
use super::scene::{Lag, Scene};
use super::treatment::Treatment;
use crate::units::db_from_power;

/// Improvement asked of times, in dB (METHODS 5.3: sharp).
const NEED_DB: f64 = 0.7;
/// Two places for two sides must do better than one for both by this, in dB.
const BEYOND_SHIFT_DB: f64 = 3.0;
/// Where it is looked at keenly, this much of both is enough to be proposed.
const KEEN_DB: f64 = 0.1;
/// A delay smaller than this, in frames, is none.
const LEAST_FRAMES: f64 = 0.02;
/// A delay this near to a whole one is tried as a whole one.
const NEAR_WHOLE: f64 = 0.1;
/// A side this near to where it was, in frames, was right.
const ALONE: f64 = 0.6;
/// A whole delay may leave this much more, in dB.
const PLAIN_DB: f64 = 1.0;

/// A drift that moves less than this from the first window to the last, in frames, is none.
const LEAST_SLOPE_FRAMES: f64 = 0.25;
/// Windows that must lie on the line.
const FEWEST_ON_LINE: usize = 3;
/// Share of what is wanted, by energy, that must lie in those windows.
const LEAST_ON_LINE: f64 = 0.6;
/// A lag this far from the line, in frames, is not on it ...
const OFF_LINE: f64 = 1.0;
/// ... or this share of what the drift amounts to: within a window it blurs the lag.
const OFF_LINE_SHARE: f64 = 0.03;
/// Drifts this near to each other, relatively, are the same, roughly told.
const ROUGHLY: f64 = 0.1;
/// Where a file explains less of what is wanted (as a correlation), its lag says nothing.
const LEAST_QUALITY: f64 = 0.15;
/// Faster or slower than this is no clock but another sample rate.
const MOST_DRIFT: f64 = 0.003;
/// The slope is found once it moves less than this over the song, in frames.
const LEVEL_FRAMES: f64 = 0.01;
const MOST_ROUNDS: usize = 6;
/// Rounds in which lags are measured; then the slope of the signal tells.
const LAG_ROUNDS: usize = 2;
/// A shift that comes with a drift is worth a word from here on, in frames.
const LEAST_SHIFT_FRAMES: f64 = 0.5;
/// Share of what a file in another place would explain that its drift must, once its lags lie.
const LEAST_KEPT: f64 = 0.1;
/// Share of what a drift explains that no mere shift may.
const LEAST_BEYOND_SHIFT: f64 = 1e-3;
/// Most stems that are looked at closely.
const MOST_STEMS: usize = 3;
/// Least [`displacement`] of a file that may be elsewhere.
const LEAST_DISPLACEMENT: f64 = 0.15;
/// The same where it is looked at keenly.
const KEEN_DISPLACEMENT: f64 = 0.02;

/// Stems whose right side may be late.
pub(super) fn channels(scene: &mut Scene) -> Vec<Proposal> {
    let stems = displaced(scene);
    stems.into_iter().filter_map(|stem| channel_delay(scene, stem)).collect()
}

/// Stems that may have drifted, or the mix.
pub(super) fn drifts(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let mut files = displaced(scene);
    if displacement(scene, scene.reference()) >= LEAST_DISPLACEMENT {
        files.push(scene.reference());
    }
    files.into_iter().filter_map(|file| drift(part, scene, file)).collect()
}

/// The stems that the residual looks like in another place.
fn displaced(scene: &Scene) -> Vec<usize> {
    let least = if scene.keen { KEEN_DISPLACEMENT } else { LEAST_DISPLACEMENT };
    let mut stems: Vec<(f64, usize)> = (0..scene.reference())
        .map(|stem| (displacement(scene, stem), stem))
        .filter(|(displacement, _)| *displacement >= least)
        .collect();
    stems.sort_by(|a, b| (a.0 - 1.0).abs().total_cmp(&(b.0 - 1.0).abs()));
    stems.truncate(MOST_STEMS);
    stems.into_iter().map(|(_, stem)| stem).collect()
}

/// How much of the residual looks like one file in another place: where it is as loud as it should be
/// yet elsewhere, its product with the residual is half the residual's energy. 1 = all of it; what is
/// not correlated with the residual has 0.
pub(super) fn displacement(scene: &Scene, file: usize) -> f64 {
    let (standing, wanted) = (scene.standing(file), scene.wanted(file));
    let (mut own, mut both, mut asked) = (0.0, 0.0, 0.0);
    for (standing, wanted) in standing.iter().zip(&wanted) {
        own += product(standing, standing);
        both += product(standing, wanted);
        asked += product(wanted, wanted);
    }
    let residual = own - 2.0 * both + asked;
    if residual > 0.0 { 2.0 * (own - both) / residual } else { 0.0 }
}

/// A side in its best place.
#[derive(Clone, Copy)]
struct Place {
    advance_frames: f64,
    /// By how much the residual's energy falls.
    gain: f64,
}

/// The best place for one of the sides of a file at its present level.
fn best_place(correlation: &Correlation, side: usize, level: f64) -> Option<Place> {
    let (products, energies) = (&correlation.products[side], &correlation.energies[side]);
    let left = |index: usize| level * (level * energies[index] - 2.0 * products[index]);
    let whole = (0..products.len()).min_by(|&a, &b| left(a).total_cmp(&left(b)))?;
    let before = left(correlation.margin);
    let (offset, value) = correlation.side_between(side, whole);
    let between = level * (level * energies[whole] - 2.0 * value);
    let first = correlation.base + whole as f64 - correlation.margin as f64;
    Some(Place { advance_frames: first + offset, gain: before - between })
}

/// One channel of a stem later than the other.
fn channel_delay(scene: &mut Scene, stem: usize) -> Option<Proposal> {
    let correction = scene.correction(stem);
    let here = scene.correlate(stem, correction.advance_frames);
    // A side that is all but silent has no time.
    let energy = |side: usize| here.energies[side].get(here.margin).copied().unwrap_or(0.0);
    if energy(0).min(energy(1)) < 1e-3 * energy(0).max(energy(1)) {
        return None;
    }
    let left = best_place(&here, 0, correction.gain)?;
    let right = best_place(&here, 1, correction.gain)?;
    let before = scene.residual_energy();
    let apart = before - left.gain - right.gain;
    let together = here.best_together(correction.gain);
    let (beyond_db, need_db) =
        if scene.keen { (KEEN_DB, KEEN_DB) } else { (BEYOND_SHIFT_DB, NEED_DB) };
    if db_from_power((before - together) / apart.max(1e-9 * before)) < beyond_db
        || db_from_power(before / apart.max(1e-9 * before)) < need_db
    {
        return None;
    }
    let plain = |frames: f64| if frames.abs() < 2.0 * LEAST_FRAMES { 0.0 } else { frames };
    let left = plain(left.advance_frames - correction.advance_frames);
    let right = plain(right.advance_frames - correction.advance_frames);
    if (right - left).abs() < LEAST_FRAMES {
        return None;
    }
    let treatments = |left: f64, right: f64| {
        let mut treatments = Vec::new();
        if left != 0.0 {
            treatments.push((stem, Treatment::Moved { from: 0, advance_frames: left }));
        }
        treatments.push((stem, Treatment::RightAdvance(right - left)));
        treatments
    };
    let exact = scene.energy_treated(stem, &treatments(left, right));
    let (mut left, mut right, mut energy) = (left, right, exact);
    let near = |frames: f64| (frames - frames.round()).abs() < NEAR_WHOLE;
    if near(left) && near(right) && left.round() != right.round() {
        let whole = scene.energy_treated(stem, &treatments(left.round(), right.round()));
        if db_from_power(whole / exact.max(f64::MIN_POSITIVE)) < PLAIN_DB {
            (left, right, energy) = (left.round(), right.round(), whole);
        }
    }
    // A side that is all but silent is late on its own: then the whole was not.
    let was = correction.advance_frames;
    let alone = |frames: f64| (frames + was).abs() < ALONE;
    if was != 0.0 && alone(left) != alone(right) {
        return alone_late(
            scene,
            stem,
            if alone(left) { [0.0, right + was] } else { [left + was, 0.0] },
        );
    }
    let delay = right - left;
    let mut found = vec![Found::new("channel-delay", Some(stem), delay, "samples")];
    // Of a file whose right side is where it belongs only the left one is wrong.
    if left != 0.0 && right != 0.0 {
        found.push(Found::new("late-stem", Some(stem), left, "samples"));
    }
    let cost_db = 0.5 + 0.3 * found.len() as f64;
    let undo = Undo::Treat(treatments(left, right));
    Some(Proposal { undo, found, energy, cost_db, need_db: NEED_DB })
}

/// One channel of a stem that was moved as a whole before: only that one was late.
fn alone_late(scene: &mut Scene, stem: usize, [left, right]: [f64; 2]) -> Option<Proposal> {
    let frames = left + right;
    let whole = frames.round();
    let near = (frames - whole).abs() < 2.0 * ALONE;
    let undo = |frames: f64| {
        let mut treatments = vec![(stem, Treatment::RightAdvance(frames))];
        if left != 0.0 {
            treatments = vec![
                (stem, Treatment::Moved { from: 0, advance_frames: frames }),
                (stem, Treatment::RightAdvance(-frames)),
            ];
        }
        let correction = Correction { advance_frames: 0.0, ..scene.correction(stem) };
        Undo::All(vec![Undo::Correct(vec![(stem, correction)]), Undo::Treat(treatments)])
    };
    let tries: Vec<(f64, Undo)> =
        [frames, whole].into_iter().map(|frames| (frames, undo(frames))).collect();
    let state = scene.state();
    let mut best: Option<(f64, f64, Undo)> = None;
    for (frames, undo) in tries.into_iter().take(if near { 2 } else { 1 }) {
        undo.apply(scene);
        let energy = scene.residual_energy();
        scene.restore(state.clone());
        let plain = |best: &(f64, f64, Undo)| db_from_power(energy / best.1) < PLAIN_DB;
        if best.as_ref().is_none_or(plain) {
            best = Some((frames, energy, undo));
        }
    }
    let (frames, energy, undo) = best?;
    let delay = if left == 0.0 { frames } else { -frames };
    let found = vec![Found::new("channel-delay", Some(stem), delay, "samples")];
    Some(Proposal { undo, found, energy, cost_db: 0.8, need_db: NEED_DB })
}

/// A file whose lags lie on a slope.
fn drift(part: &NullPart, scene: &mut Scene, file: usize) -> Option<Proposal> {
    let song = part.frames as f64;
    let (mut ratio, mut shift) = (1.0, 0.0);
    let treatments = |ratio: f64, shift: f64| {
        let mut treatments = vec![(file, Treatment::Speed(ratio))];
        if shift != 0.0 {
            treatments.push((file, Treatment::Moved { from: 0, advance_frames: shift }));
        }
        treatments
    };
    for round in 0..MOST_ROUNDS {
        let more = if round == 0 { Vec::new() } else { treatments(ratio, shift) };
        let lags = if round < LAG_ROUNDS { scene.lags(file, &more) } else { Vec::new() };
        let mut line = Line::through(&lags);
        if round == 0 {
            line = line.or_else(|| Line::from_the_start(&lags));
            if line.is_none_or(|line| (line.slope * line.span).abs() < LEAST_SLOPE_FRAMES) {
                return None;
            }
        }
        // Of deep notes the correlation is too flat to tell the last frame.
        let (offset, slope) =
            line.map_or_else(|| scene.creep(file, &more), |line| (line.offset, line.slope));
        // Read at `(n + shift) * ratio`, the file still lags by `offset + slope * n`.
        ratio *= 1.0 + slope;
        shift = (shift + offset) / (1.0 + slope);
        if (ratio - 1.0).abs() > MOST_DRIFT {
            return None;
        }
        if round >= LAG_ROUNDS && (slope * song).abs() < LEVEL_FRAMES {
            break;
        }
        // What is no better with it does not drift, however neatly its lags lie.
        if round + 1 == LAG_ROUNDS {
            let before = scene.residual_energy();
            let least = LEAST_KEPT * displacement(scene, file).clamp(0.0, 1.0) * before;
            let gain = before - scene.energy_treated(file, &treatments(ratio, shift));
            if gain <= least {
                return None;
            }
            // Nor does what a mere shift puts right: lags are a frame off now and then.
            let advance_frames = (shift + (ratio - 1.0) * song / 2.0).round();
            let mere = [(file, Treatment::Moved { from: 0, advance_frames })];
            if before - scene.energy_treated(file, &mere) > (1.0 - LEAST_BEYOND_SHIFT) * gain {
                return None;
            }
        }
    }
    if ((ratio - 1.0) * song).abs() < LEAST_SLOPE_FRAMES {
        return None;
    }
    let mut energy = scene.energy_treated(file, &treatments(ratio, shift));
    if shift != 0.0 {
        let without = scene.energy_treated(file, &treatments(ratio, 0.0));
        if shift.abs() < LEAST_SHIFT_FRAMES
            && db_from_power(without / energy.max(f64::MIN_POSITIVE)) < PLAIN_DB
        {
            (shift, energy) = (0.0, without);
        }
    }
    let on_reference = file == scene.reference();
    let named = (!on_reference).then_some(file);
    let mut found = vec![Found::new("clock-drift", named, 1e6 * (ratio - 1.0), "ppm")];
    if shift.abs() >= LEAST_SHIFT_FRAMES {
        let code = if on_reference { "reference-offset" } else { "late-stem" };
        found.push(Found::new(code, named, shift, "samples"));
    }
    let cost_db = if on_reference { 0.3 } else { 0.7 } + 0.3 * (found.len() - 1) as f64;
    let undo = Undo::Treat(treatments(ratio, shift));
    Some(Proposal { undo, found, energy, cost_db, need_db: NEED_DB })
}

/// Lags over the song: `offset + slope * frame`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    offset: f64,
    slope: f64,
    /// Frames from the first window on it to the last.
    span: f64,
}

impl Line {
    /// The line of a file that begins where it should and drifts from there on: two windows are enough for
    /// that, and sustained notes, whose lags are rough.
    fn from_the_start(lags: &[Lag]) -> Option<Self> {
        let mut slopes: Vec<(f64, f64)> = lags
            .iter()
            .filter(|lag| lag.quality > LEAST_QUALITY && lag.at > 0.0)
            .map(|lag| (lag.frames / lag.at, lag.energy))
            .collect();
        slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = slopes.iter().map(|(_, energy)| energy).sum();
        let mut below = 0.0;
        let (slope, _) = *slopes.iter().find(|(_, energy)| {
            below += energy;
            2.0 * below >= total
        })?;
        let on: Vec<&(f64, f64)> =
            slopes.iter().filter(|(other, _)| (other / slope - 1.0).abs() < ROUGHLY).collect();
        let energy: f64 = on.iter().map(|(_, energy)| energy).sum();
        let last = lags.iter().map(|lag| lag.at).fold(0.0, f64::max);
        (on.len() >= 2 && energy >= LEAST_ON_LINE * total).then_some(Self {
            offset: 0.0,
            slope,
            span: last,
        })
    }

    /// The line that most of the energy agrees with.
    fn through(lags: &[Lag]) -> Option<Self> {
        let lags: Vec<&Lag> = lags.iter().filter(|lag| lag.quality > LEAST_QUALITY).collect();
        let total: f64 = lags.iter().map(|lag| lag.energy).sum();
        let pairs = (0..lags.len()).flat_map(|a| (a + 1..lags.len()).map(move |b| (a, b)));
        let (_, on) = pairs
            .map(|(a, b)| {
                let slope = (lags[b].frames - lags[a].frames) / (lags[b].at - lags[a].at);
                let offset = lags[a].frames - slope * lags[a].at;
                let near = OFF_LINE.max(OFF_LINE_SHARE * (lags[b].frames - lags[a].frames).abs());
                let on = |lag: &&&Lag| (lag.frames - offset - slope * lag.at).abs() < near;
                let on: Vec<&Lag> = lags.iter().filter(on).copied().collect();
                (on.iter().map(|lag| lag.energy).sum::<f64>(), on)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(energy, on)| {
                on.len() >= FEWEST_ON_LINE && *energy >= LEAST_ON_LINE * total
            })?;
        // Least squares, each window for its energy.
        let sum = |value: &dyn Fn(&Lag) -> f64| -> f64 {
            on.iter().map(|lag| lag.energy * value(lag)).sum()
        };
        let weight = sum(&|_| 1.0);
        let (middle, lag) = (sum(&|lag| lag.at) / weight, sum(&|lag| lag.frames) / weight);
        let spread = sum(&|lag| (lag.at - middle).powi(2));
        let slope = sum(&|l| (l.at - middle) * (l.frames - lag)) / spread;
        let (first, last) = on
            .iter()
            .fold((f64::MAX, f64::MIN), |(first, last), lag| (first.min(lag.at), last.max(lag.at)));
        slope.is_finite().then_some(Self {
            offset: lag - slope * middle,
            slope,
            span: last - first,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lag(at: f64, frames: f64) -> Lag {
        Lag { at, frames, quality: 0.9, energy: 1.0 }
    }

    #[test]
    fn a_line_ignores_what_lies_beside_it() {
        let mut lags: Vec<Lag> =
            (0..6).map(|i| lag(f64::from(i) * 1e5, 3.0 + f64::from(i))).collect();
        lags.push(lag(2.5e5, -400.0));
        let line = Line::through(&lags).unwrap();
        assert!((line.slope - 1e-5).abs() < 1e-12 && (line.offset - 3.0).abs() < 1e-9, "{line:?}");
        assert!(Line::through(&lags[..2]).is_none());
    }

    #[test]
    fn two_windows_tell_a_drift_from_the_start() {
        // A part that plays at the end, and one of sustained notes, two of which are told periods off.
        let late = [lag(1.27e6, 210.8), lag(1.34e6, 223.4)];
        let line = Line::from_the_start(&late).unwrap();
        assert!((line.slope - 1.66e-4).abs() < 2e-6, "{line:?}");
        let sustained = [
            lag(9.7e5, 119.9),
            lag(1.34e6, 159.0),
            lag(4.6e5, 52.1),
            lag(8.1e5, 102.0),
            lag(1.07e6, -860.3),
        ];
        let line = Line::from_the_start(&sustained).unwrap();
        assert!((line.slope - 1.2e-4).abs() < 1e-5, "{line:?}");
        // What is late as a whole does not drift.
        assert!(Line::from_the_start(&[lag(4e5, 210.0), lag(8e5, 210.0)]).is_none());
    }
}
