//! Reverbs and echoes that the mix has of a stem and the stems lack, or have too much of.
//!
//! What is missing then follows one stem in time: the portraits tell which, over the whole song (what
//! comes after against what comes before, METHODS 5.3), and a long filter from the middle of that stem
//! to either side is fitted over a few seconds of it by conjugate gradients. Shorter filters are
//! `filters`'.

use std::ops::Range;

use super::bus::Bus;
use super::filters::is_all_treble;
use super::fit::dot;
use super::hypotheses::{Found, Proposal, Undo};
use super::image::{is_mono, is_side_alone};
use super::meter::NullPart;
use super::portrait::{Portrait, power};
use super::recipe::{Pair, add, energy, middle, product};
use super::scene::Scene;
use super::sounds::Sounds;
use super::taps::Taps;
use super::toeplitz::gradients;
use super::treatment::Treatment;
use crate::spectrum::{Complex, Fourier};
use crate::units::db_from_power;

/// What a stem is told that holds its effect twice.
pub(super) const DOUBLED: &str = "doubled-effect-return";

/// Bands of the portraits that are looked at: every so many, and columns by which the effect follows.
const BAND_STEP: usize = 2;
/// Improvement asked: seconds of filter explain some of anything, of a missing part above all ...
const NEED_DB: f64 = 9.0;
/// ... unless the filter says beforehand, better than this in dB, what is missing elsewhere.
const FORETOLD_DB: f64 = 2.0;
const FORETOLD_NEED_DB: f64 = 1.0;
/// What half of that is not reached by at the first fit of all, in what it says beforehand and where it was
/// fitted, is not worth fitting more closely.
const HOPELESS_DB: f64 = FORETOLD_DB / 2.0;
const HOPELESS_NEED_DB: f64 = NEED_DB / 2.0;
const COLUMNS: usize = 12;
/// What follows must be stronger than what precedes by this (METHODS 5.3: 2 dB).
const CAUSAL: f64 = 1.58;
/// Least share of the residual, beyond chance, that follows a stem.
const LEAST_SHARE: f64 = 0.02;
/// The same where it is looked at keenly.
const KEEN_SHARE: f64 = 0.005;
/// Most stems to which a long filter is fitted.
const STEMS: usize = 2;
/// Seconds that a return lasts at first, and if it has not ended by then (METHODS 5.3).
const LENGTHS_S: [f64; 2] = [1.0, 2.5];
/// It has ended if its last fifth has less than this share of its energy.
const ENDED: f64 = 1e-3;
/// Stretches over which a filter is fitted.
const STRETCHES: usize = 2;
/// Steps of conjugate gradients, and times that what is left is fitted again.
const STEPS: usize = 20;
const AGAIN: usize = 3;
/// Ridge against what the sound does not hold.
const RIDGE: f64 = 1e-6;
/// The part of the end of a filter that holds less than this share of its energy is left out.
const NEGLIGIBLE: f64 = 1e-8;
/// A stem that also holds the effect is related to what is missing by less than this (-1: it holds
/// it once too often; 0: it does not hold it). So may be a sustained note that it does not hold.
const HELD: f64 = -0.5;
/// How often a stem that holds its effect twice holds it (notes that last meet their echo, for or against),
/// and how alike they are: more so is a gain.
const TWICE: Range<f64> = 1.2..3.5;
const HELD_TWICE: Range<f64> = 0.2..0.92;
/// What a filter of the dry stem must foretell of the effect, in dB.
const DOUBLED_DB: f64 = 6.0;
/// An effect comes later than the stem itself, by so many seconds.
const LATE_S: f64 = 0.001;
/// Seconds in which it is seen whether a stem gets drier, and the level below its mean (-30 dB) at which
/// nothing is seen any more.
const DRY_S: f64 = 0.02;
const DRY_FLOOR: f64 = 1e-3;

/// Every hypothesis about effects that were returned elsewhere.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let recipe = scene.recipe();
    // A gain that is followed goes along with what a return would be, of that file above all.
    let followed_mix = recipe.bus.iter().any(|bus| bus.of_mix(scene.reference()));
    if followed_mix
        || !(recipe.bus.is_empty() || scene.keen)
        || is_all_treble(scene, f64::from(part.sample_rate))
    {
        return Vec::new();
    }
    // What one return leaves of a stem, another would fit ever closer.
    let returned = |stem: &usize| {
        recipe.treatments[*stem].iter().any(|done| matches!(done, Treatment::Return { .. }))
    };
    let least = if scene.keen { KEEN_SHARE } else { LEAST_SHARE };
    let mut stems = followed(&scene.portrait(part), least);
    let rides = |stem: &usize| {
        recipe.bus.iter().any(|bus| matches!(bus, Bus::Follow { file, .. } if file == stem))
    };
    // A return has a middle, too: where only sides are missing, a stem that is mono has lost its own.
    let lost_sides = is_side_alone(scene.residual());
    let folded = |stem: &usize| lost_sides && is_mono(&scene.standing(*stem));
    stems.retain(|stem| !returned(stem) && !rides(stem) && !folded(stem));
    stems.into_iter().filter_map(|stem| effect_return(part, scene, stem)).collect()
}

/// The stems that the residual follows in time, best first.
fn followed(portrait: &Portrait, least: f64) -> Vec<usize> {
    let stems = portrait.reference();
    let mut after = vec![0.0; stems];
    let mut before = vec![0.0; stems];
    let mut total = 0.0;
    for band in (0..portrait.bands).step_by(BAND_STEP) {
        let residual = portrait.residual_line(band);
        let energy: f64 = residual.iter().copied().map(power).sum();
        total += energy;
        for stem in 0..stems {
            let track = portrait.line(stem, band);
            let own: f64 = track.iter().copied().map(power).sum();
            if own <= 0.0 || energy <= 0.0 {
                continue;
            }
            let product = |from: &[Complex<f32>], to: &[Complex<f32>]| -> f64 {
                power(from.iter().zip(to).map(|(x, r)| r * x.conj()).sum())
            };
            // Neighbouring columns overlap by half.
            for lag in (2..=COLUMNS.min(residual.len())).step_by(2) {
                after[stem] += product(&track, &residual[lag..]) / own;
                before[stem] += product(&track[lag..], &residual) / own;
            }
        }
    }
    let mut ranked: Vec<(f64, usize)> = (0..stems)
        .filter(|&stem| after[stem] > CAUSAL * before[stem])
        .map(|stem| (after[stem] - before[stem], stem))
        .filter(|(beyond, _)| *beyond > least * total)
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().map(|(_, stem)| stem).take(STEMS).collect()
}

/// One stem whose effect is elsewhere.
fn effect_return(part: &NullPart, scene: &mut Scene, stem: usize) -> Option<Proposal> {
    let before = scene.residual_energy();
    let mut best: Option<(Fit, Treatment, f64)> = None;
    for seconds in LENGTHS_S {
        let Some(fit) = Fit::new(part, scene, stem, seconds, Source::AsItIs) else { break };
        let treatment = Treatment::Return { taps: fit.taps.clone() };
        let energy = scene.energy_treated(stem, &[(stem, treatment.clone())]);
        let (ended, useless) = (fit.ended, energy > 0.8 * before);
        if best.as_ref().is_none_or(|best| energy < best.2) {
            best = Some((fit, treatment, energy));
        }
        if ended || useless {
            break;
        }
    }
    let (fit, treatment, energy) = best?;
    let code = if fit.is_held { DOUBLED } else { "missing-effect-return" };
    Some(Proposal {
        undo: Undo::Treat(vec![(stem, treatment)]),
        found: vec![Found::new(code, Some(stem), fit.wet_db, "dB")],
        energy,
        cost_db: 2.5,
        need_db: if fit.foretells_db > FORETOLD_DB { FORETOLD_NEED_DB } else { NEED_DB },
    })
}

/// A stem that holds its effect twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubled {
    pub stem: usize,
    /// The effect against the stem without it.
    pub wet_db: f64,
    /// By how much it is told beforehand.
    pub foretells_db: f64,
}

/// The stem that holds its effect twice, told of it and the residual together. An effect nearly as loud as
/// what it is of cancels with it at many frequencies once it is there twice, and no filter of the stem brings
/// that back. But if the residual is the effect, the stem without it twice is dry, and makes it.
pub(super) fn doubled(part: &NullPart, scene: &mut Scene) -> Option<Doubled> {
    let left = scene.residual_energy();
    // How the residual goes along with some sound: how often it is in it, and how alike they are.
    let along = |sound: &[Pair]| {
        let with: f64 = sound.iter().zip(scene.residual()).map(|(a, b)| product(a, b)).sum();
        (with / left, with / (left * sound.iter().map(energy).sum::<f64>()).sqrt())
    };
    let (_, with_all) = along(&scene.wanted(scene.reference()));
    let (likeness, stem) = (0..scene.reference())
        .filter_map(|stem| {
            let (often, likeness) = along(&scene.standing(stem));
            let twice = TWICE.contains(&often) && HELD_TWICE.contains(&likeness);
            twice.then_some((likeness, stem))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    // What goes along with all of them more than with one was done to the mix.
    if with_all > likeness {
        return None;
    }
    LENGTHS_S.into_iter().find_map(|seconds| {
        let fit = Fit::new(part, scene, stem, seconds, Source::Dry)?;
        let Fit { wet_db, foretells_db, .. } = fit;
        (foretells_db > DOUBLED_DB && fit.is_late).then_some(Doubled { stem, wet_db, foretells_db })
    })
}

/// What a filter is fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The stem.
    AsItIs,
    /// The stem without twice what is left.
    Dry,
}

impl Source {
    fn read(self, scene: &mut Scene, stem: usize, start: i64, frames: usize) -> (Pair, Pair) {
        let (mut own, residual) = scene.stretch(stem, start, frames);
        if self == Self::Dry {
            add(&mut own, -2.0, &residual);
        }
        (own, residual)
    }
}

/// A long filter.
struct Fit {
    taps: [Taps; 2],
    /// Energy of what it makes of the stem, over that of the stem without it.
    wet_db: f64,
    /// Whether the stem holds the effect as well.
    is_held: bool,
    /// Whether it has died away.
    ended: bool,
    /// Whether most of it comes later than the stem itself.
    is_late: bool,
    /// By how much it lowers the residual in dB where it was not fitted; 0 if the song is too short.
    foretells_db: f64,
}

impl Fit {
    /// From the middle of the stem to what is missing; `None` if none comes near it.
    fn new(
        part: &NullPart,
        scene: &mut Scene,
        stem: usize,
        seconds: f64,
        source: Source,
    ) -> Option<Self> {
        let length = (seconds * f64::from(part.sample_rate)) as usize;
        let span = (3 * length).next_power_of_two();
        let frames = (span - length).min(part.frames as usize);
        let mut fourier = Fourier::new(span);
        let mut spectrum = Vec::new();
        let mut row = vec![0.0; length];
        let (mut dry, mut asked) = (0.0, 0.0);
        let mut heard: Vec<(Pair, Pair)> = Vec::new();
        let mut spectra: Vec<Vec<Complex<f64>>> = Vec::new();
        let starts = stretches(part, &scene.portrait(part), stem, frames);
        let (heard_at, unheard_at) = starts.split_at((starts.len().max(2) - 1).min(starts.len()));
        for &start in heard_at {
            let from = start - length as i64;
            let (own, mut residual) = source.read(scene, stem, from, length + frames);
            for (own, residual) in own.iter().zip(&mut residual) {
                residual.drain(..length);
                for x in residual.iter_mut() {
                    *x = -*x;
                }
                dry += dot(&own[length..], &own[length..]);
                asked += dot(residual, residual);
            }
            // With what sounds before: what is taken for the products is then never less than they are,
            // and the steps below never go too far.
            fourier.forward(middle(&own), &mut spectrum);
            let own = own.map(|side| side[length..].to_vec());
            heard.push((residual, own));
            spectra.push(spectrum.clone());
            for x in &mut spectrum {
                *x = Complex::new(x.norm_sqr(), 0.0);
            }
            for (sum, x) in row.iter_mut().zip(fourier.inverse(&mut spectrum)) {
                *sum += x;
            }
        }
        if dry <= 0.0 || asked <= 0.0 {
            return None;
        }
        row[0] *= 1.0 + RIDGE;
        let mut sounds = Sounds { fourier: &mut fourier, spectra, from: length };
        let unheard = unheard_at
            .first()
            .map(|start| source.read(scene, stem, start - length as i64, length + frames));
        let mut taps = [vec![0.0; length], vec![0.0; length]];
        let mut left: [Vec<Vec<f64>>; 2] = std::array::from_fn(|side| {
            heard.iter().map(|(missing, _)| missing[side].clone()).collect()
        });
        let mut foretells_db = 0.0;
        for round in 0..=AGAIN {
            for (left, taps) in left.iter_mut().zip(&mut taps) {
                add_what_is_left(&row, &mut sounds, left, taps);
            }
            if round > 0 && round < AGAIN {
                continue;
            }
            if let Some(unheard) = &unheard {
                foretells_db = foretold(unheard, &taps, sounds.fourier);
            }
            let rest: f64 = left.iter().flatten().map(|left| dot(left, left)).sum();
            let explains_db = db_from_power(asked / rest.max(f64::MIN_POSITIVE));
            let hopeless = if scene.keen {
                foretells_db < 0.0
            } else {
                foretells_db < HOPELESS_DB && explains_db < HOPELESS_NEED_DB
            };
            if hopeless && unheard.is_some() {
                return None;
            }
        }
        let (mut wet, mut with, mut dryness) = (0.0, 0.0, 0.0);
        let short = ((DRY_S * f64::from(part.sample_rate)) as usize).max(1);
        for (side, left) in left.iter().enumerate() {
            for ((missing, own), left) in heard.iter().zip(left) {
                let own = &own[side];
                let made: Vec<f64> = missing[side].iter().zip(left).map(|(m, l)| m - l).collect();
                wet += dot(&made, &made);
                with += dot(&made, own);
                dryness += drier(own, &made, short);
            }
        }
        let (end, ended) = end_of(&taps);
        let held = if wet > 0.0 { with / wet } else { 0.0 };
        let is_held = held < HELD && dryness > 0.0;
        // A stem that holds the effect twice is dry once it is taken away twice.
        let bare = if is_held { dry + 4.0 * (with + wet) } else { dry };
        let early = ((LATE_S * f64::from(part.sample_rate)) as usize).min(length);
        let of = |taps: &[f64]| dot(taps, taps);
        let is_late =
            taps.iter().map(|taps| of(&taps[early..]) - of(&taps[..early])).sum::<f64>() > 0.0;
        Some(Self {
            foretells_db,
            is_late,
            taps: taps.map(|taps| Taps::rounded(&taps[..end])),
            wet_db: db_from_power(wet / bare.max(0.1 * dry)),
            is_held,
            ended,
        })
    }
}

/// Adds to a side's taps what makes most of what is `left` by stretch, and takes that away from it.
fn add_what_is_left(row: &[f64], sounds: &mut Sounds, left: &mut [Vec<f64>], taps: &mut [f64]) {
    let frames = left.first().map_or(0, Vec::len);
    let more = gradients(row, &sounds.products(left, taps.len()), STEPS);
    let made = sounds.made(&more, frames);
    // As far in this direction as is best.
    let (mut with, mut own) = (0.0, 0.0);
    for (made, left) in made.iter().zip(&*left) {
        with += dot(made, left);
        own += dot(made, made);
    }
    let far = if own > 0.0 { with / own } else { 0.0 };
    taps.iter_mut().zip(more).for_each(|(tap, more)| *tap += far * more);
    for (left, made) in left.iter_mut().zip(&made) {
        left.iter_mut().zip(made).for_each(|(left, made)| *left -= far * made);
    }
}

/// How much drier a sound gets when what is made of it is added: by how much its levels fall, in nepers, summed
/// up over moments of so many frames. In a rest most is an effect's.
fn drier(own: &[f64], made: &[f64], frames: usize) -> f64 {
    let floor = DRY_FLOOR * frames as f64 * dot(own, own) / own.len().max(1) as f64;
    let moments = own.chunks_exact(frames).zip(made.chunks_exact(frames));
    moments
        .map(|(own, made)| {
            let with: f64 = own.iter().zip(made).map(|(own, made)| (own + made).powi(2)).sum();
            ((dot(own, own) + floor) / (with + floor).max(f64::MIN_POSITIVE)).ln()
        })
        .filter(|moment| moment.is_finite())
        .sum()
}

/// Where a filter's energy ends, and whether it has died away by its last fifth.
fn end_of(taps: &[Vec<f64>; 2]) -> (usize, bool) {
    let length = taps[0].len();
    let energy =
        |from: usize| -> f64 { taps.iter().map(|taps| dot(&taps[from..], &taps[from..])).sum() };
    let whole = energy(0);
    let end = (0..=length)
        .step_by((length / 64).max(1))
        .find(|&from| energy(from) <= NEGLIGIBLE * whole)
        .unwrap_or(length);
    (end, energy(length * 4 / 5) < ENDED * whole)
}

/// By how many dB a filter lowers the residual in a stretch, whose first frames only feed it.
fn foretold(
    (own, residual): &(Pair, Pair),
    taps: &[Vec<f64>; 2],
    fourier: &mut Fourier<f64>,
) -> f64 {
    let mut spectrum = Vec::new();
    fourier.forward(middle(own), &mut spectrum);
    let from = taps[0].len();
    let mut sounds = Sounds { fourier, spectra: vec![spectrum], from };
    let (mut asked, mut left) = (0.0, 0.0);
    for (taps, residual) in taps.iter().zip(residual) {
        let frames = residual.len().saturating_sub(from);
        for (made, x) in sounds.made(taps, frames).iter().flatten().zip(&residual[from..]) {
            asked += x * x;
            left += (x + made) * (x + made);
        }
    }
    if left > 0.0 { db_from_power(asked / left) } else { 0.0 }
}

/// First frames of the stretches in which the residual is loudest where the stem sounds, one more than
/// are to be fitted if there is one.
fn stretches(part: &NullPart, portrait: &Portrait, stem: usize, frames: usize) -> Vec<i64> {
    let step = (1.0 / portrait.column_s).round() as usize;
    let step_frames = (step * portrait.hop).max(1);
    let count = frames.div_ceil(step_frames).max(1);
    let (sounds, residual) = (portrait.energies(stem, step), portrait.residual_energies(step));
    let begin = part.first_second as usize * part.sample_rate as usize;
    let first = begin.div_ceil(step_frames);
    let steps = sounds.len().min(residual.len());
    let loudness = |at: usize| -> f64 {
        let near = at..(at + count).min(steps);
        (sounds[near.clone()].iter().sum::<f64>() * residual[near].iter().sum::<f64>()).sqrt()
    };
    let mut ranked: Vec<(f64, usize)> = (first..steps).map(|at| (loudness(at), at)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<usize> = Vec::new();
    for (loudness, at) in ranked {
        if chosen.len() <= STRETCHES
            && loudness > 0.0
            && chosen.iter().all(|other| other.abs_diff(at) >= count)
        {
            chosen.push(at);
        }
    }
    chosen.into_iter().map(|at| (at * step_frames) as i64).collect()
}
