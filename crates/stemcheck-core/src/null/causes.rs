//! What the corrections mean: names, amounts, shares, confidence, time; and what is left over.
//!
//! The codes are the contract's. Never invents: what no correction explains is `missing-part` where
//! the signature of the residual says so, and `unexplained` otherwise.

use super::diagnose::Step;
use super::doubles::double_of;
use super::hypotheses::{Found, LEAST_GAIN_DB, gain_apart_db};
use super::meter::{NullFigures, NullPart};
use super::repeat::Draws;
use super::rest::{name_rest, returned};
use super::rounding::Floor;
use super::scene::Scene;
use super::{Cause, Confidence};
use crate::units::{db_from_amplitude, db_from_power};

/// A reference that is louder than the sum by this in dB was made louder ...
const MASTERED_DB: f64 = 1.0;
/// ... and by this, made loud.
const MUCH_LOUDER_DB: f64 = 6.0;

/// What a gain seems to take of a stem whose return was estimated, in dB.
const SLIGHT_DB: f64 = 0.5;

/// Without it the residual would be this much louder: nothing else explains it.
pub(super) const CERTAIN_DB: f64 = 20.0;
/// Without it the residual would be this much louder: the best explanation by far.
const LIKELY_DB: f64 = 6.0;

/// Names what was corrected in the scene, and what is left.
pub(super) fn name_causes(
    part: &NullPart,
    figures: &NullFigures,
    floor: &Floor,
    scene: &mut Scene,
    steps: &[Step],
    draws: Option<&Draws<'_>>,
) -> Vec<Cause> {
    let neutral = |file: &usize| scene.correction(*file) == super::Correction::default();
    let files: Vec<usize> = (0..scene.files()).filter(|file| !neutral(file)).collect();
    let (effects, first) = scene.effects(&files);
    let noise = 0.01 * floor.noise;
    let left_by = |undone: &[bool]| {
        let x: Vec<f64> = undone.iter().map(|&undone| f64::from(u8::from(undone))).collect();
        (first - effects.explained(&x)).max(noise)
    };
    let mut causes = Vec::new();
    // At each turn, what then explains most.
    let mut undone = vec![false; files.len()];
    let mut energy_now = first.max(noise);
    while let Some((next, left)) = (0..files.len())
        .filter(|&i| !undone[i])
        .map(|i| {
            let mut with = undone.clone();
            with[i] = true;
            (i, left_by(&with))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
    {
        undone[next] = true;
        let mut without = vec![true; files.len()];
        without[next] = false;
        let margin_db = db_from_power(left_by(&without) / left_by(&vec![true; files.len()]));
        let template = Cause {
            share: ((energy_now - left) / first).clamp(0.0, 1.0),
            explains_db: db_from_power(energy_now / left).max(0.0),
            confidence: match margin_db {
                db if db >= CERTAIN_DB => Confidence::Certain,
                db if db >= LIKELY_DB => Confidence::Likely,
                _ => Confidence::Possible,
            },
            ..blank(part, scene, files[next])
        };
        energy_now = left;
        causes.extend(name_correction(scene, files[next], &template));
    }
    let whole = steps.first().map_or(first, |step| step.before.max(first));
    for cause in &mut causes {
        cause.share *= first / whole;
    }
    for step in steps {
        causes.extend(name_step(part, scene, step, whole));
    }
    let reference = scene.reference();
    let blank = Cause { on_reference: false, ..blank(part, scene, reference) };
    let rest = name_rest(part, figures, floor, scene, draws, (&causes, blank));
    causes.extend(rest);
    causes = mastered(added_up(beside_returns(exchanged(causes))), part);
    causes.sort_by(|a, b| b.share.total_cmp(&a.share));
    causes
}

/// A stem that is not in the mix, which has another version of it instead: that is one thing. What another
/// take seems late, soft or moved by is of no use either, unless that is the better part.
fn exchanged(mut causes: Vec<Cause>) -> Vec<Cause> {
    let Some(version) = causes.iter().position(|cause| cause.code == "different-version") else {
        return causes;
    };
    let mut version = causes.remove(version);
    causes.retain(|cause| {
        let is_out = cause.code == "not-in-reference";
        let goes = cause.stem == version.stem && (is_out || cause.explains_db < LIKELY_DB);
        if goes {
            version.share = (version.share + cause.share).min(1.0);
        }
        if goes && is_out {
            (version.start_s, version.end_s) = (cause.start_s, cause.end_s);
        }
        !goes
    });
    causes.push(version);
    causes
}

/// A return is estimated, and what that leaves of its stem a gain follows a little: that is no dynamics.
fn beside_returns(mut causes: Vec<Cause>) -> Vec<Cause> {
    let returned = returned(&causes);
    causes.retain(|cause| {
        let slight = cause.value.is_some_and(|db| db.abs() < SLIGHT_DB);
        let beside = cause.stem.is_some_and(|stem| returned.contains(&stem));
        !(cause.code == "stem-dynamics" && slight && beside)
    });
    causes
}

/// What was put right in two goes is one thing: a file that was moved, and moved back a little when its
/// drift was known, is where the sum of both says, or where it belongs.
fn added_up(causes: Vec<Cause>) -> Vec<Cause> {
    /// What adds up, with the least that is worth a word.
    const ADD: [(&str, f64); 8] = [
        ("late-stem", 0.1),
        ("reference-offset", 0.1),
        ("wrong-gain", LEAST_GAIN_DB),
        ("reference-gain", LEAST_GAIN_DB),
        ("clock-drift", 0.1),
        ("changed-pan", LEAST_GAIN_DB),
        ("changed-width", LEAST_GAIN_DB),
        // Put back where it was, it still lacks its sides.
        ("collapsed-to-mono", 0.0),
    ];
    let least = |cause: &Cause| ADD.iter().find(|(code, _)| cause.code == *code).map(|it| it.1);
    // Each with the number of goes.
    let mut sums: Vec<(Cause, usize)> = Vec::new();
    for more in causes {
        let same = |(sum, _): &&mut (Cause, usize)| {
            sum.code == more.code
                && (sum.stem, sum.on_reference) == (more.stem, more.on_reference)
                && least(sum).is_some()
        };
        let Some((sum, goes)) = sums.iter_mut().find(same) else {
            sums.push((more, 1));
            continue;
        };
        *goes += 1;
        sum.value = sum.value.zip(more.value).map(|(a, b)| a + b);
        sum.share = (sum.share + more.share).min(1.0);
        sum.explains_db = sum.explains_db.max(more.explains_db);
        sum.start_s = sum.start_s.min(more.start_s);
        sum.end_s = sum.end_s.max(more.end_s);
    }
    let nothing = |cause: &Cause| cause.value.zip(least(cause)).is_some_and(|(v, l)| v.abs() < l);
    let kept = sums.into_iter().filter(|(cause, goes)| *goes == 1 || !nothing(cause));
    kept.map(|(cause, _)| cause).collect()
}

/// An equaliser and dynamics that make the reference louder than the stems together are a mastering
/// chain, and so is what flattens it for the sake of much loudness: told as one thing. What it is made of
/// stays in the forensics.
fn mastered(causes: Vec<Cause>, part: &NullPart) -> Vec<Cause> {
    const DYNAMICS: [&str; 3] = ["bus-compressor", "bus-limiter", "bus-saturation"];
    const FLATTENED: [&str; 2] = ["bus-limiter", "bus-saturation"];
    let (mut reference, mut sum) = (0.0, 0.0);
    for second in &part.seconds {
        let Some(mix) = second.files.last() else { continue };
        reference += mix.energy;
        // The sum is the reference and the residual.
        sum += mix.energy + 2.0 * mix.with_residual + second.residual;
    }
    let has = |codes: &[&str]| causes.iter().any(|cause| codes.contains(&cause.code.as_str()));
    let louder_db = db_from_power(reference / sum);
    let (shaped, flattened) = (has(&["bus-eq"]) && has(&DYNAMICS), has(&FLATTENED));
    if !(louder_db > MASTERED_DB && shaped || louder_db > MUCH_LOUDER_DB && flattened) {
        return causes;
    }
    let is_part = |cause: &Cause| {
        let code = cause.code.as_str();
        code == "bus-eq" || code == "reference-gain" || DYNAMICS.contains(&code)
    };
    let (parts, mut others): (Vec<Cause>, Vec<Cause>) = causes.into_iter().partition(is_part);
    if let Some(first) = parts.first() {
        others.push(Cause {
            code: "mastered-reference".into(),
            value: None,
            unit: String::new(),
            share: parts.iter().map(|cause| cause.share).sum::<f64>().min(1.0),
            explains_db: parts.iter().map(|cause| cause.explains_db).fold(0.0, f64::max),
            expected: true,
            ..first.clone()
        });
    }
    others
}

/// The causes of a step that is no mere gain or shift; they share what it explains.
fn name_step(part: &NullPart, scene: &Scene, step: &Step, whole: f64) -> Vec<Cause> {
    // What takes all of it away, the whole window, explains no more than can be told of sums.
    let after = step.after.max(1e-12 * step.before);
    let explains_db = db_from_power(step.before / after).max(0.0);
    let share = ((step.before - step.after) / whole).clamp(0.0, 1.0) / step.found.len() as f64;
    let confidence = match explains_db {
        db if db >= CERTAIN_DB => Confidence::Certain,
        db if db >= LIKELY_DB => Confidence::Likely,
        _ => Confidence::Possible,
    };
    let cause = |found: &Found| {
        let named = blank(part, scene, found.file.unwrap_or(scene.reference()));
        let (start_s, end_s) = found.span.unwrap_or((named.start_s, named.end_s));
        Cause {
            code: found.code.into(),
            on_reference: found.file == Some(scene.reference()),
            other: found.other,
            value: found.value,
            unit: found.unit.into(),
            share,
            explains_db,
            confidence,
            expected: found.expected,
            start_s,
            end_s,
            ..named
        }
    };
    step.found.iter().map(cause).collect()
}

/// A cause on a file that still lacks a name.
fn blank(part: &NullPart, scene: &Scene, file: usize) -> Cause {
    let stem = (file != scene.reference()).then_some(file);
    let (start_s, end_s) = heard(part, stem);
    Cause {
        code: String::new(),
        stem,
        on_reference: stem.is_none(),
        other: None,
        value: None,
        unit: String::new(),
        share: 0.0,
        explains_db: 0.0,
        confidence: Confidence::Possible,
        expected: false,
        start_s,
        end_s,
    }
}

/// The stretch, to the second, in which there is a residual while the stem (or anything) sounds.
fn heard(part: &NullPart, stem: Option<usize>) -> (f64, f64) {
    let residual: Vec<f64> = part.seconds.iter().map(|second| second.residual).collect();
    let sound =
        stem.map(|stem| part.seconds.iter().map(|second| second.files[stem].energy).collect());
    heard_in(part, &residual, sound)
}

/// The stretch, to the second, in which there is something left of a residual while a stem sounds:
/// energies second by second.
pub(super) fn heard_in(part: &NullPart, residual: &[f64], sound: Option<Vec<f64>>) -> (f64, f64) {
    let sound = sound.unwrap_or_else(|| vec![1.0; residual.len()]);
    let peak = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let (residual_peak, sound_peak) = (peak(residual), peak(&sound));
    let mut inside =
        residual.iter().zip(&sound).enumerate().filter_map(|(at, (residual, sound))| {
            (*residual > 1e-5 * residual_peak && *sound > 1e-5 * sound_peak).then_some(at)
        });
    let first = inside.next().unwrap_or(0);
    let last = inside.next_back().unwrap_or(first);
    let (start_s, end_s) = part.span_s();
    let second = |index: usize| start_s + index as f64;
    (second(first), second(last + 1).min(end_s))
}

/// One cause for each thing that the correction changes; they share what it explains.
fn name_correction(scene: &Scene, file: usize, template: &Cause) -> Vec<Cause> {
    let on_reference = file == scene.reference();
    let correction = scene.correction(file);
    let cause = |code: &str, value: Option<f64>, unit: &str| Cause {
        code: code.into(),
        value,
        unit: unit.into(),
        ..template.clone()
    };
    if correction.gain == 0.0 {
        return vec![match double_of(scene, file) {
            Some(other) => Cause { other: Some(other), ..cause("doubled-part", None, "") },
            None => cause("not-in-reference", None, ""),
        }];
    }
    let mut causes = Vec::new();
    if correction.advance_frames != 0.0 {
        let code = if on_reference { "reference-offset" } else { "late-stem" };
        causes.push(cause(code, Some(correction.advance_frames), "samples"));
    }
    if correction.gain < 0.0 {
        causes.push(cause("inverted-polarity", None, ""));
    }
    if gain_apart_db(correction.gain.abs(), 1.0) >= LEAST_GAIN_DB {
        let code = if on_reference { "reference-gain" } else { "wrong-gain" };
        causes.push(cause(code, Some(-db_from_amplitude(correction.gain)), "dB"));
    }
    let parts = causes.len() as f64;
    for cause in &mut causes {
        cause.share /= parts;
    }
    causes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(code: &str, stem: Option<usize>, value: f64) -> Cause {
        Cause {
            code: code.into(),
            stem,
            on_reference: stem.is_none(),
            other: None,
            value: Some(value),
            unit: "samples".into(),
            share: 0.3,
            explains_db: 3.0,
            confidence: Confidence::Likely,
            expected: false,
            start_s: 1.0,
            end_s: 2.0,
        }
    }

    #[test]
    fn what_another_take_seems_late_by_goes_with_it() {
        let weak = |code: &str, stem| cause(code, Some(stem), 0.0);
        let strong = Cause { explains_db: 30.0, ..weak("inverted-polarity", 1) };
        let told = [weak("late-stem", 1), strong, weak("different-version", 1), weak("click", 0)];
        let causes = exchanged(told.to_vec());
        let short: Vec<_> = causes.iter().map(|c| (c.code.as_str(), c.share)).collect();
        let expected = [("inverted-polarity", 0.3), ("click", 0.3), ("different-version", 0.6)];
        assert_eq!(short, expected);
    }

    #[test]
    fn what_a_return_leaves_of_its_stem_is_no_dynamics() {
        let squeezed = |stem, db| cause("stem-dynamics", Some(stem), db);
        let returned = cause("missing-effect-return", Some(1), -14.0);
        let told = [returned, squeezed(1, 0.41), squeezed(1, 3.0), squeezed(0, 0.41)];
        let causes = beside_returns(told.to_vec());
        let short: Vec<_> = causes.iter().map(|c| (c.stem, c.value.unwrap_or_default())).collect();
        assert_eq!(short, [(Some(1), -14.0), (Some(1), 3.0), (Some(0), 0.41)]);
    }

    #[test]
    fn what_was_put_right_in_two_goes_is_one_thing_or_none() {
        let late = |stem: usize, frames: f64| cause("late-stem", Some(stem), frames);
        // There and back again; two goes; another file; a small one that stands alone; what does not add up.
        let told = [
            late(0, 0.92),
            late(1, 8.0),
            late(0, -1.0),
            late(1, 0.5),
            late(2, 0.05),
            cause("click", Some(1), 1.0),
            cause("click", Some(1), 1.0),
        ];
        let causes = added_up(told.to_vec());
        let short: Vec<_> =
            causes.iter().map(|c| (c.code.as_str(), c.stem, c.value.unwrap_or_default())).collect();
        let expected = [
            ("late-stem", Some(1), 8.5),
            ("late-stem", Some(2), 0.05),
            ("click", Some(1), 1.0),
            ("click", Some(1), 1.0),
        ];
        assert_eq!(short, expected);
        assert!((causes[0].share - 0.6).abs() < 1e-9);
    }
}
