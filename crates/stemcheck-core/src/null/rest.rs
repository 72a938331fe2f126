//! What is left once everything is undone: rounding, or something that no correction explains.
//!
//! Never invents: what has no mark of its own is `missing-part` where the residual is part of the
//! reference, and `unexplained` otherwise (METHODS 5.3, "leftover classification").

use super::bus::Bus;
use super::causes::heard_in;
use super::diagnose::FOLLOWED_DEPTH_DB;
use super::ends::{self, TIMBRE};
use super::fit::dot;
use super::image::{is_panned_mono, is_side_alone};
use super::leftover;
use super::meter::{NullFigures, NullPart};
use super::portrait::Portrait;
use super::recipe::{Pair, energy};
use super::repeat::{Draws, MOSTLY};
use super::returns;
use super::rounding::Floor;
use super::scene::Scene;
use super::timing::displacement;
use super::whose::Whose;
use super::{Cause, Confidence};
use crate::spectrum::power_spectrum;
use crate::units::db_from_power;

/// A rest below this depth in dB is not worth a word (METHODS 5.1, "clean").
const CLEAN_DEPTH_DB: f64 = -70.0;
/// A rest above this depth in dB is always named ...
const AUDIBLE_DEPTH_DB: f64 = -50.0;
/// ... and one in between if it is more than this share of the first residual.
const SMALL_SHARE: f64 = 1e-3;
/// The same of what has a mark of its own.
const MARKED_SHARE: f64 = 1e-5;
/// Interpolation leaves all but less than this share.
const OF_ALL: f64 = 0.5;
/// What following a gain may leave, as a share of the first residual.
const FOLLOWED_SHARE: f64 = 0.01;
/// What following a stem's gain may leave, however it sounds: a limiter turns down faster than that.
const OF_A_GAIN: f64 = 0.07;
/// Levels of a hiss over the song lie within this factor (6 dB).
const STEADY: f64 = 4.0;
/// Those of a hum within this (1 dB).
const EVEN: f64 = 1.26;
/// A tone stands out of its neighbours by this factor (9 dB).
const TONE: f64 = 8.0;
/// How alike the residual and a stem must be in time and frequency ...
const LIKE_A_STEM: f64 = 0.6;
/// ... and by how much more than residual and mix (METHODS 5.3).
const BEYOND_THE_MIX: f64 = 0.05;
/// The estimate of an effect return leaves this share of what there was, whatever that sounds like, ...
const OF_A_RETURN: f64 = 0.05;
/// ... and at most this one, if it sounds or goes along like the stem: so much, and more than like others.
const MOST_OF_A_RETURN: f64 = 0.25;
const LIKE_ITS_STEM: f64 = 0.5;
const MORE_THAN_OTHERS: f64 = 0.1;
/// How alike two sounds of the same notes are: a chorus that stands elsewhere is more so (0.83 and above).
const SAME_NOTES: f64 = 0.8;
/// What is left of a stem that is another in the mix holds the stem itself: then the two correlate, with
/// 0.7 if both are as loud. Unrelated parts reach 0.2, ...
const HOLDS_THE_STEM: f64 = 0.4;
/// ... and a chorus 0.44: what it leaves are its own two layers, which are not the stem.
const HOLDS_LITTLE: f64 = 0.5;
/// Where anything is left: -30 dB below the loudest moment.
const LEFT: f64 = 1e-3;

/// What is left once everything is undone.
pub(super) fn name_rest(
    part: &NullPart,
    figures: &NullFigures,
    floor: &Floor,
    scene: &mut Scene,
    draws: Option<&Draws<'_>>,
    (known, blank): (&[Cause], Cause),
) -> Vec<Cause> {
    let told = scene.residual_energy() - scene.interpolated();
    if told <= floor.noise {
        let power = figures.residual_energy / (2 * figures.frames.max(1)) as f64;
        let rounding = known.is_empty().then(|| Cause {
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
    // What has a mark of its own is named however small a share it has.
    let marked = depth_db > CLEAN_DEPTH_DB && share > MARKED_SHARE;
    if !(audible || marked) || !depth_db.is_finite() {
        return Vec::new();
    }
    // Where interpolation leaves most, the rest says nothing but by its mark.
    let audible = audible && told > OF_ALL * scene.residual_energy();
    let mut causes = Vec::new();
    if let Some(draws) = draws.filter(|_| rest.beyond < 1.0 - MOSTLY) {
        causes.push(draws.cause(share * (1.0 - rest.beyond), rest.beyond, &blank));
        if rest.beyond < MOSTLY {
            return causes;
        }
    }
    let share = share * rest.beyond;
    let level_dbfs = db_from_power(rest.beyond * rest.residual / rest.samples);
    let cause = |code: &str, value: Option<f64>, unit: &str, confidence: Confidence| Cause {
        code: code.into(),
        value,
        unit: unit.into(),
        share,
        confidence,
        ..blank.clone()
    };
    let unexplained = cause("unexplained", Some(level_dbfs), "dBFS", Confidence::Possible);
    if share < OF_A_GAIN && follows_a_stem(scene) {
        return if audible { vec![unexplained] } else { causes };
    }
    let portrait = scene.portrait(part);
    let cut = if audible { ends::in_a_rest(&portrait) } else { None };
    let of_returns = if share < MOST_OF_A_RETURN { returned(known) } else { Vec::new() };
    causes.push(if let Some(stem) = folded(&portrait, scene, &rest) {
        let folded = cause("collapsed-to-mono", None, "", Confidence::Likely);
        Cause { stem: Some(stem), ..folded }
    } else if let Some(found) = leftover::named(scene, f64::from(part.sample_rate)) {
        let named = cause(found.code, None, "", Confidence::Likely);
        Cause { stem: found.file, expected: found.expected, ..named }
    } else if !audible {
        return causes;
    } else if let Some(cut) = &cut {
        Cause { stem: cut.file, ..cause(cut.code, cut.value, cut.unit, Confidence::Likely) }
    } else if is_noise(&rest) {
        cause("added-noise", Some(level_dbfs), "dBFS", Confidence::Likely)
    } else if of_returns.iter().any(|&stem| share < OF_A_RETURN || is_like(&portrait, stem)) {
        unexplained
    } else if let Some(doubled) = returns::doubled(part, scene) {
        let named = cause(returns::DOUBLED, Some(doubled.wet_db), "dB", Confidence::Likely);
        Cause { stem: Some(doubled.stem), explains_db: doubled.foretells_db, ..named }
    } else if let Some((stem, same)) = replaced(&portrait, scene, &rest) {
        if of_returns.contains(&stem) {
            unexplained
        } else {
            let code = if same { "modulated-effect" } else { "different-version" };
            Cause {
                stem: Some(stem),
                expected: same,
                ..cause(code, None, "", Confidence::Possible)
            }
        }
    } else {
        // METHODS 5.1: the correlation of the difference (reference - sum) with the reference is 1
        // if something is in the reference but in no stem, and the rest is right.
        let off = (rest.in_reference - 1.0).abs();
        // What goes along with a stem may be what that stem lacks.
        let apart = portrait.likeness().stems.iter().all(|alike| *alike < LIKE_A_STEM);
        let likely = apart && off < 0.1;
        let confidence = if likely { Confidence::Likely } else { Confidence::Possible };
        if off >= 0.25 || is_hum(&rest, f64::from(part.sample_rate)) {
            unexplained
        } else if let Some(stem) = left_out(part, &portrait, scene) {
            let version = cause("different-version", None, "", Confidence::Likely);
            Cause { stem: Some(stem), ..version }
        } else {
            // Where nothing was undone, the pass has measured it over the whole song.
            let whole = db_from_power(figures.residual_energy / figures.reference_energy);
            let missing_db = if scene.recipe().is_identity() { whole } else { depth_db };
            cause("missing-part", Some(missing_db), "dB", confidence)
        }
    });
    // Where the rest is, and not what was undone. What is followed no portrait shows.
    if let (false, Some(last)) = (followed, causes.last_mut()) {
        let cut = cut.filter(|cut| cut.code == last.code).and_then(|cut| cut.span);
        (last.start_s, last.end_s) = cut.unwrap_or_else(|| span(part, &portrait, last.stem));
    }
    causes
}

/// Where the residual under all corrections is heard while the stem (or anything) sounds.
fn span(part: &NullPart, portrait: &Portrait, stem: Option<usize>) -> (f64, f64) {
    let step = (1.0 / portrait.column_s).round() as usize;
    // The portraits begin with the song, whatever part of it was met.
    let first = part.first_second as usize;
    let of =
        |energies: Vec<f64>| energies.into_iter().skip(first).take(part.seconds.len()).collect();
    let residual: Vec<f64> = of(portrait.residual_energies(step));
    heard_in(part, &residual, stem.map(|stem| of(portrait.energies(stem, step))))
}

/// The stem that lacks its sides: what is missing is side signal alone and goes along with a stem that is
/// mono, or was panned to where its sides were.
fn folded(portrait: &Portrait, scene: &Scene, rest: &Rest) -> Option<usize> {
    const LIKE_THE_MIDDLE: f64 = 0.3;
    if !is_side_alone(&rest.stretches) {
        return None;
    }
    let likeness = portrait.likeness();
    let mono = (0..scene.reference()).filter(|&stem| is_panned_mono(&scene.standing(stem)));
    mono.filter(|&stem| likeness.stems[stem] > LIKE_THE_MIDDLE)
        .max_by(|&a, &b| likeness.stems[a].total_cmp(&likeness.stems[b]))
}

/// By what factor the loud moments of what is left, of so many frames, are above the soft ones: a hiss or
/// a hum is as loud where nothing is played, and even drums are so from second to second only.
fn unsteadiness(rest: &Rest, frames: usize) -> f64 {
    let mut levels: Vec<f64> = rest
        .stretches
        .iter()
        .flat_map(|[left, right]| left.chunks_exact(frames).zip(right.chunks_exact(frames)))
        .map(|(left, right)| dot(left, left) + dot(right, right))
        .collect();
    levels.sort_by(f64::total_cmp);
    let at = |share: usize| levels.get(levels.len() * share / 100).copied().unwrap_or(0.0);
    if levels.len() < 4 || at(10) <= 0.0 { f64::INFINITY } else { at(90) / at(10) }
}

/// Whether what is left hums on, as the mains do: no part is that even, nor tuned so.
fn is_hum(rest: &Rest, sample_rate: f64) -> bool {
    const PERIODS: usize = 4096;
    const LENGTH: usize = 8192;
    const MAINS_HZ: [f64; 2] = [50.0, 60.0];
    const HARMONICS: f64 = 8.0;
    if unsteadiness(rest, PERIODS) > EVEN {
        return false;
    }
    let power = power_spectrum(rest.stretches.iter().flatten().map(Vec::as_slice), LENGTH);
    let loudest = (0..power.len()).max_by(|&a, &b| power[a].total_cmp(&power[b])).unwrap_or(0);
    let step = sample_rate / LENGTH as f64;
    MAINS_HZ.iter().any(|mains| {
        let harmonic = (loudest as f64 * step / mains).round();
        (1.0..=HARMONICS).contains(&harmonic)
            && (loudest as f64 * step - harmonic * mains).abs() <= step
    })
}

/// Whether what is left is a steady hiss: as loud where nothing is played, and without a tone.
fn is_noise(rest: &Rest) -> bool {
    const LENGTH: usize = 4096;
    const BLOCK: usize = 512;
    if unsteadiness(rest, BLOCK) > STEADY {
        return false;
    }
    let power = power_spectrum(rest.stretches.iter().flatten().map(Vec::as_slice), LENGTH);
    // No bin stands out among its neighbours, where there is anything at all.
    let loudest = power.iter().copied().fold(0.0, f64::max);
    let mut stands_out = 0;
    let near = 16;
    for at in (near..power.len() * 9 / 10).filter(|&at| power[at] > 1e-4 * loudest) {
        let mut around = power[at - near..=(at + near).min(power.len() - 1)].to_vec();
        around.sort_by(f64::total_cmp);
        stands_out += usize::from(power[at] > TONE * around[around.len() / 2]);
    }
    stands_out < 3
}

/// Whether some stem's gain is followed.
fn follows_a_stem(scene: &Scene) -> bool {
    let of_stem = |bus: &Bus| matches!(bus, Bus::Follow { file, .. } if *file < scene.reference());
    scene.bus().iter().any(of_stem)
}

/// The stems whose effect return was found.
pub(super) fn returned(known: &[Cause]) -> Vec<usize> {
    let returns = known.iter().filter(|cause| cause.is_of_a_return());
    returns.filter_map(|cause| cause.stem).collect()
}

/// Whether what is left sounds like a stem, or goes along with it more than with any other.
fn is_like(portrait: &Portrait, stem: usize) -> bool {
    let stems = &portrait.likeness().stems;
    let others = (0..stems.len()).filter(|&other| other != stem);
    let most = others.map(|other| stems[other]).fold(-1.0, f64::max);
    let along = stems[stem] > LIKE_ITS_STEM && stems[stem] > most + MORE_THAN_OTHERS;
    along || portrait.timbre(portrait, stem) > TIMBRE
}

/// The stem whose sound is another in the reference, and whether it plays the same notes there.
fn replaced(portrait: &Portrait, scene: &Scene, rest: &Rest) -> Option<(usize, bool)> {
    let holds = holds(portrait);
    let stem = held(&holds).or_else(|| like_a_stem(portrait, scene, rest))?;
    let same = holds[stem] < HOLDS_LITTLE && portrait.plays_the_same(stem) > SAME_NOTES;
    Some((stem, same))
}

/// The stem that is not in the mix, if what the mix has instead sounds like it.
fn left_out(part: &NullPart, portrait: &Portrait, scene: &Scene) -> Option<usize> {
    let out = (0..scene.reference()).find(|&stem| scene.correction(stem).gain == 0.0)?;
    let mut recipe = scene.recipe();
    recipe.stems[out].gain = 1.0;
    let with = Portrait::new(part, &recipe);
    let same = held(&holds(&with)) == Some(out) && portrait.timbre(&with, out) > TIMBRE;
    same.then_some(out)
}

/// How much what is left holds of each stem, where anything is left: their correlation, from -1 to 1.
fn holds(portrait: &Portrait) -> Vec<f64> {
    let left = portrait.residual_energies(1);
    let loudest = left.iter().copied().fold(0.0, f64::max);
    let correlation = |stem: usize| {
        let (mut own, mut with, mut all) = (0.0, 0.0, 0.0);
        let moments = portrait.moments(stem, 1);
        for (moment, left) in moments.iter().zip(&left).filter(|(_, left)| **left > LEFT * loudest)
        {
            own += moment.energy;
            with += moment.energy - moment.product;
            all += left;
        }
        with / (own * all).max(f64::MIN_POSITIVE).sqrt()
    };
    (0..portrait.reference()).map(correlation).collect()
}

/// The stem that is itself in what is left.
fn held(holds: &[f64]) -> Option<usize> {
    (0..holds.len())
        .filter(|&stem| holds[stem] > HOLDS_THE_STEM)
        .max_by(|&a, &b| holds[a].total_cmp(&holds[b]))
}

/// The stem that what is left goes along with in time and frequency.
fn like_a_stem(portrait: &Portrait, scene: &Scene, rest: &Rest) -> Option<usize> {
    let likeness = portrait.likeness();
    let stem = (0..likeness.stems.len())
        .max_by(|&a, &b| likeness.stems[a].total_cmp(&likeness.stems[b]))?;
    let clear =
        likeness.stems[stem] > LIKE_A_STEM && likeness.stems[stem] > likeness.mix + BEYOND_THE_MIX;
    // METHODS 5.1: about a half of what was replaced is in the reference, the other in the sum, and that
    // is the stem.
    let halved = (0.2..0.8).contains(&rest.in_reference)
        || rest.in_reference < 0.9 && (0.4..1.6).contains(&displacement(scene, stem));
    (clear && halved).then_some(stem)
}

/// Energies over stretches spread evenly over the song.
struct Rest {
    /// Of the residual before and after the corrections.
    first: f64,
    residual: f64,
    reference: f64,
    /// Share of the residual that is part of the reference.
    in_reference: f64,
    samples: f64,
    /// Share of the residual that is not what renders of the mix differ by.
    beyond: f64,
    /// The residual, stretch by stretch.
    stretches: Vec<Pair>,
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
        in_reference: 0.0,
        samples: 0.0,
        beyond: 0.0,
        stretches: Vec::new(),
    };
    let mut whose = Whose::new();
    // What is followed no portrait shows.
    let traces = scene.bus().is_empty().then(|| scene.portrait(part).traces());
    for stretch in 0..count {
        let even = begin as i64 + (stretch * step) as i64;
        rest.first += energy(&neutral.residual(scene.windows, even, frames).0);
        let here = traces.as_ref().and_then(|traces| traces.gathered(even, frames, step));
        let (start, stands_for) = here.unwrap_or((even, 1.0));
        let (residual, reference) = recipe.rest(scene.windows, start, frames);
        rest.residual += stands_for * energy(&residual);
        let beyond = draws.map_or(1.0, |draws| draws.beyond(&[(start, &residual)]));
        rest.beyond += beyond * stands_for * energy(&residual);
        rest.reference += energy(&reference);
        whose.add(&residual, &reference);
        rest.samples += 2.0 * frames as f64;
        rest.stretches.push(residual);
    }
    if rest.residual > 0.0 {
        rest.beyond /= rest.residual;
    }
    rest.in_reference = whose.in_reference();
    rest
}
