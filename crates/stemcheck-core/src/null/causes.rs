//! What the corrections mean: names, amounts, shares, confidence, time; and what is left over.
//!
//! The codes are the contract's. Never invents: what no correction explains is `missing-part` where
//! the signature of the residual says so, and `unexplained` otherwise.

use super::diagnose::{FOLLOWED_DEPTH_DB, Step};
use super::doubles::double_of;
use super::hypotheses::{Found, LEAST_GAIN_DB, gain_apart_db};
use super::meter::{NullFigures, NullPart};
use super::recipe::{energy, product};
use super::repeat::{Draws, MOSTLY};
use super::rounding::Floor;
use super::scene::Scene;
use super::{Cause, Confidence};
use crate::units::{db_from_amplitude, db_from_power};

/// A rest below this depth in dB is not worth a word (METHODS 5.1, "clean").
const CLEAN_DEPTH_DB: f64 = -70.0;
/// A rest above this depth in dB is always named ...
const AUDIBLE_DEPTH_DB: f64 = -50.0;
/// ... and one in between if it is more than this share of the first residual.
const SMALL_SHARE: f64 = 1e-3;

/// What following a gain may leave, as a share of the first residual.
const FOLLOWED_SHARE: f64 = 0.01;

/// Without it the residual would be this much louder: nothing else explains it.
const CERTAIN_DB: f64 = 20.0;
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
    causes.extend(name_rest(part, figures, floor, scene, causes.is_empty(), draws));
    causes.sort_by(|a, b| b.share.total_cmp(&a.share));
    causes
}

/// The causes of a step that is no mere gain or shift; they share what it explains.
fn name_step(part: &NullPart, scene: &Scene, step: &Step, whole: f64) -> Vec<Cause> {
    let explains_db = db_from_power(step.before / step.after.max(f64::MIN_POSITIVE)).max(0.0);
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
    let residual = |index: usize| part.seconds[index].residual;
    let sound = |index: usize| stem.map_or(1.0, |stem| part.seconds[index].files[stem].energy);
    let peak =
        |value: &dyn Fn(usize) -> f64| (0..part.seconds.len()).map(value).fold(0.0, f64::max);
    let (residual_peak, sound_peak) = (peak(&residual), peak(&sound));
    let mut inside = (0..part.seconds.len())
        .filter(|&i| residual(i) > 1e-5 * residual_peak && sound(i) > 1e-5 * sound_peak);
    let first = inside.next().unwrap_or(0);
    let last = inside.next_back().unwrap_or(first);
    let length = part.frames as f64 / f64::from(part.sample_rate);
    let second = |index: usize| part.first_second as f64 + index as f64;
    (second(first), second(last + 1).min(part.first_second as f64 + length))
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

/// What is left once everything is undone.
fn name_rest(
    part: &NullPart,
    figures: &NullFigures,
    floor: &Floor,
    scene: &mut Scene,
    alone: bool,
    draws: Option<&Draws<'_>>,
) -> Vec<Cause> {
    let file = scene.reference();
    let blank = Cause { on_reference: false, ..blank(part, scene, file) };
    if scene.residual_energy() <= floor.noise + scene.interpolation_error() {
        let power = figures.residual_energy / (2 * figures.frames.max(1)) as f64;
        let rounding = alone.then(|| Cause {
            code: "rounding".into(),
            value: Some(db_from_power(power)),
            unit: "dBFS".into(),
            share: 1.0,
            confidence: Confidence::Certain,
            expected: true,
            ..blank
        });
        return rounding.into_iter().collect();
    }
    let rest = survey(part, scene, draws);
    let depth_db = db_from_power(rest.residual / rest.reference);
    let share = (rest.residual / rest.first).min(1.0);
    // A gain that is followed leaves a little everywhere (METHODS 5.5: -48 to -55 dB).
    let followed = !scene.bus().is_empty();
    if followed && (depth_db < FOLLOWED_DEPTH_DB || share < FOLLOWED_SHARE) {
        return Vec::new();
    }
    let audible = depth_db > AUDIBLE_DEPTH_DB || (depth_db > CLEAN_DEPTH_DB && share > SMALL_SHARE);
    if !audible || !depth_db.is_finite() {
        return Vec::new();
    }
    let mut causes = Vec::new();
    if let Some(draws) = draws.filter(|_| rest.beyond < 1.0 - MOSTLY) {
        causes.push(draws.cause(share * (1.0 - rest.beyond), rest.beyond, &blank));
        if rest.beyond < MOSTLY {
            return causes;
        }
    }
    let share = share * rest.beyond;
    // METHODS 5.1: the correlation of the difference (reference - sum) with the reference is 1 if
    // something is in the reference but in no stem, and the rest is right.
    let missing = rest.with_reference / rest.residual;
    causes.push(if (missing - 1.0).abs() < 0.25 {
        let near = (missing - 1.0).abs() < 0.1;
        let confidence = if near { Confidence::Likely } else { Confidence::Possible };
        Cause {
            code: "missing-part".into(),
            value: Some(depth_db),
            unit: "dB".into(),
            share,
            confidence,
            ..blank
        }
    } else {
        Cause {
            code: "unexplained".into(),
            value: Some(db_from_power(rest.beyond * rest.residual / rest.samples)),
            unit: "dBFS".into(),
            share,
            ..blank
        }
    });
    causes
}

/// Energies over stretches spread evenly over the song.
struct Rest {
    /// Of the residual before and after the corrections.
    first: f64,
    residual: f64,
    reference: f64,
    /// Product of the reference with what it has beyond the sum.
    with_reference: f64,
    samples: f64,
    /// Share of the residual that is not what renders of the mix differ by.
    beyond: f64,
}

/// Looks at the whole song in small samples: the scene's windows are where the faults are loudest.
fn survey(part: &NullPart, scene: &mut Scene, draws: Option<&Draws<'_>>) -> Rest {
    const STRETCHES: usize = 24;
    let frames = scene.size.core / 2;
    let (begin, length) = (part.first_second * u64::from(part.sample_rate), part.frames as usize);
    let count = length.div_ceil(frames).clamp(1, STRETCHES);
    let step = length.saturating_sub(frames) / (count - 1).max(1);
    let (recipe, neutral) = (scene.recipe(), super::Recipe::neutral(scene.reference()));
    let mut rest = Rest {
        first: 0.0,
        residual: 0.0,
        reference: 0.0,
        with_reference: 0.0,
        samples: 0.0,
        beyond: 0.0,
    };
    for stretch in 0..count {
        let start = begin as i64 + (stretch * step) as i64;
        rest.first += energy(&neutral.residual(scene.windows, start, frames).0);
        let (residual, reference) = recipe.residual(scene.windows, start, frames);
        rest.residual += energy(&residual);
        let beyond = draws.map_or(1.0, |draws| draws.beyond(&[(start, &residual)]));
        rest.beyond += beyond * energy(&residual);
        rest.reference += energy(&reference);
        rest.with_reference -= product(&residual, &reference);
        rest.samples += 2.0 * frames as f64;
    }
    if rest.residual > 0.0 {
        rest.beyond /= rest.residual;
    }
    rest
}
