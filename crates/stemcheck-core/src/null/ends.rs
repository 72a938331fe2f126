//! A begin or an end that is cut off: a file is silent to its end from one moment on, and just from
//! there on (or up to there) what the others leave for it is not.
//!
//! A file that merely stops where something else goes wrong is refused: it must break off amid its
//! sound, and the residual must begin with that. What is missing cannot be made good.

use super::defects::{Close, LEAST_ODDS, SILENCE, lost};
use super::hypotheses::{Found, Proposal};
use super::local::Traces;
use super::meter::NullPart;
use super::portrait::Portrait;
use super::recipe::product_within;
use super::scene::Scene;
use super::whose::Whose;

/// Columns that are compared on either side of the break, and those that may belong to both.
const AROUND: usize = 12;
const BLURRED: usize = 2;
/// Before the break the residual is this much less (10 dB).
const LESS: f64 = 0.1;
/// The same where the break is sharp (3 dB).
const LESS_SHARP: f64 = 0.5;
/// A file this far below its loudest column (-80 dB) is silent.
const SILENT: f64 = 1e-8;
/// What is missing ends where the residual falls this far below its loudest column (-60 dB).
const FADED: f64 = 1e-6;
/// A fade of an editor's cut is not longer than this, in seconds; the residual begins with it.
const FADE_S: f64 = 0.06;
/// What was trimmed is longer than this, in seconds; the stem sounds at once if it is louder there than
/// this share of its mean; and something is missing if the residual is so many times what it is behind.
const TRIMMED_S: f64 = 0.25;
const AT_ONCE: f64 = 0.02;
const MORE_BEFORE: f64 = 2.0;
/// Cuts as near as this, in seconds, are one.
const SAME_S: f64 = 0.01;
/// Those as exact as the best of them to within so much are there at all.
const EXACT_S: f64 = 0.001;
/// How alike the spectra of what is missing and of its file are at least. Ends of their own kind, soft or dark,
/// reach 0.22; of parts that have nothing to do with each other 0.02.
const SOUNDS_SO: f64 = 0.15;
/// How loud the residual is after the break against the file before it, in amplitude.
const LIKE: (f64, f64) = (0.03, 30.0);

/// What is left begins where it is this far below its loudest column (-40 dB); a rest of the part may be so
/// many times as long as the longest that is heard of it; and what is left sounds so much like the part.
const BEGINS: f64 = 1e-4;
const RESTS: f64 = 1.5;
pub(super) const TIMBRE: f64 = 0.85;

/// Which end of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Tail,
    Start,
}

/// A file that breaks off.
#[derive(Debug, Clone, Copy)]
struct Cut {
    file: usize,
    /// Frame of the break.
    at: u64,
    /// How far from it the residual begins, in frames.
    apart: usize,
    /// What is missing.
    missing: (u64, u64),
}

/// Every cut, those at the same moment together.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    cuts(part, scene, false)
}

/// The cuts that break off so sharply that a residual which goes on all the time does not hide them.
pub(super) fn sharp(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    cuts(part, scene, true)
}

fn cuts(part: &NullPart, scene: &mut Scene, sharp: bool) -> Vec<Proposal> {
    let portrait = scene.portrait(part);
    let traces = portrait.traces();
    let rate = f64::from(part.sample_rate);
    let mut found = Vec::new();
    if !sharp {
        let stems = 0..scene.reference();
        found.extend(stems.filter_map(|stem| trimmed(scene, &traces, rate, stem)));
    }
    // What begins there by chance, another file's, sounds like something else altogether.
    let sounds_so = |cut: &Cut| {
        let column = |frame: u64| (frame / traces.hop as u64) as usize;
        let to = (column(cut.missing.1) + 1).min(traces.residual.len());
        let within = column(cut.missing.0).min(to)..to;
        portrait.timbre_within(within, &portrait, cut.file) > SOUNDS_SO
    };
    for (end, code) in [(End::Tail, "cut-tail"), (End::Start, "cut-start")] {
        let files = 0..scene.files();
        let cuts: Vec<Cut> = files
            .filter_map(|file| cut(scene, &traces, rate, file, end, sharp))
            .filter(sounds_so)
            .collect();
        let cuts: Vec<Cut> =
            cuts.into_iter().filter(|cut| !is_replaced(scene, cut, end, rate)).collect();
        let mut left = cuts.as_slice();
        while let Some((first, rest)) = left.split_first() {
            left = rest;
            let near = |cut: &&Cut| cut.at.abs_diff(first.at) as f64 <= SAME_S * rate;
            if cuts.iter().take_while(|cut| cut.file < first.file).any(|cut| near(&cut)) {
                continue;
            }
            // One that begins next to the break by chance does so less exactly.
            let nearest = cuts.iter().filter(near).map(|cut| cut.apart).min().unwrap_or(0);
            let exact = |cut: &&Cut| cut.apart as f64 <= nearest as f64 + EXACT_S * rate;
            let together = cuts.iter().filter(near).filter(exact);
            let causes = together.map(|cut| {
                let (from, to) = cut.missing;
                let seconds = (to - from) as f64 / rate;
                let found = Found::new(code, Some(cut.file), seconds, "s");
                found.between(from as f64 / rate, to as f64 / rate)
            });
            let causes = causes.collect();
            found.push(lost(scene, causes, vec![first.missing]));
        }
    }
    found
}

/// Whether what is left beside a stem that is silent is only half in the mix: then it is another stem that
/// sounds otherwise there (METHODS 5.1), and begins or ends at the break by chance.
fn is_replaced(scene: &mut Scene, cut: &Cut, end: End, rate: f64) -> bool {
    const LONG_S: f64 = 1.5;
    const MOST_S: f64 = 10.0;
    const HALF: std::ops::Range<f64> = 0.25..0.75;
    let (from, to) = cut.missing;
    let frames = (to - from).min((MOST_S * rate) as u64);
    // Of a short sound that cannot be told: it is alike to some of the mix by chance.
    if cut.file == scene.reference() || (frames as f64) < LONG_S * rate {
        return false;
    }
    let start = if end == End::Tail { from } else { to - frames };
    let (residual, reference) = scene.recipe().rest(scene.windows, start as i64, frames as usize);
    let mut whose = Whose::new();
    whose.add(&residual, &reference);
    HALF.contains(&whose.in_reference())
}

/// A stem that has to be moved later by so much that the song has begun before it, though it sounds from
/// its first moment on: with what was trimmed its begin is gone as well.
fn trimmed(scene: &Scene, traces: &Traces, rate: f64, stem: usize) -> Option<Proposal> {
    let late = -scene.correction(stem).advance_frames;
    if late < TRIMMED_S * rate {
        return None;
    }
    let begin = (late / traces.hop as f64).ceil() as usize + 1;
    let sound = traces.files.get(stem)?;
    let reference = traces.files.last()?;
    let mean = |values: &[f64], from: usize, to: usize| {
        let within = values.get(from..to.min(values.len())).unwrap_or_default();
        within.iter().sum::<f64>() / within.len().max(1) as f64
    };
    let sounds = mean(sound, begin, begin + AROUND) > AT_ONCE * mean(sound, begin, sound.len());
    let rest = |from: usize, to: usize| {
        mean(&traces.residual, from, to) / mean(reference, from, to).max(f64::MIN_POSITIVE)
    };
    let missing = rest(0, begin - 1) > MORE_BEFORE * rest(begin, traces.residual.len());
    let found = || {
        let found = Found::new("cut-start", Some(stem), late / rate, "s");
        lost(scene, vec![found.between(0.0, late / rate)], vec![(0, late.ceil() as u64)])
    };
    (sounds && missing).then(found)
}

/// The stem that broke off in a rest, or as a stroke died away: it is silent to its end, what is left
/// begins only after that, within a rest such as it has, and sounds like it.
pub(super) fn in_a_rest(portrait: &Portrait) -> Option<Found> {
    let traces = portrait.traces();
    let columns = traces.residual.len();
    let loudest = traces.residual.iter().copied().fold(0.0, f64::max);
    let heard = |column: usize| traces.residual[column] > BEGINS * loudest;
    let cut = |stem: usize, end: End| {
        // The begin is an end seen from behind.
        let at = |column: usize| if end == End::Tail { column } else { columns - 1 - column };
        let peak = traces.files[stem].iter().copied().fold(0.0, f64::max);
        let sounding: Vec<usize> =
            (0..columns).filter(|&c| traces.files[stem][at(c)] > SILENT * peak).collect();
        let rest = sounding.windows(2).map(|pair| pair[1] - pair[0]).max()?;
        let stop = *sounding.last()?;
        let first = (0..columns).find(|&column| heard(at(column)))?;
        let last = (0..columns).rev().find(|&column| heard(at(column)))?;
        let amid = stop <= first + 1 && first.saturating_sub(stop) as f64 <= RESTS * rest as f64;
        let second = |column: usize| at(column) as f64 * portrait.column_s;
        // Where in the rest it broke off nobody can hear.
        let broke = f64::midpoint(second(stop), second(first));
        let (from, to) = match end {
            End::Tail => (broke, second(last)),
            End::Start => (second(last), broke),
        };
        let code = if end == End::Tail { "cut-tail" } else { "cut-start" };
        amid.then(|| Found::new(code, Some(stem), to - from, "s").between(from, to))
    };
    let ends = |stem: usize| [(stem, End::Tail), (stem, End::Start)];
    (0..portrait.reference())
        .flat_map(ends)
        .filter_map(|(stem, end)| Some((cut(stem, end)?, portrait.timbre(portrait, stem))))
        .filter(|(_, timbre)| *timbre > TIMBRE)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(found, _)| found)
}

/// Whether and where a file breaks off.
fn cut(
    scene: &mut Scene,
    traces: &Traces,
    rate: f64,
    file: usize,
    end: End,
    sharp: bool,
) -> Option<Cut> {
    let columns = traces.residual.len();
    // The begin is an end seen from behind.
    let at = |column: usize| if end == End::Tail { column } else { columns - 1 - column };
    let residual = |column: usize| traces.residual[at(column)];
    let sound = |column: usize| traces.files[file][at(column)];
    let peak = traces.files[file].iter().copied().fold(0.0, f64::max);
    let last = (0..columns).rev().find(|&column| sound(column) > SILENT * peak)?;
    let mean = |from: usize, to: usize| {
        (from..to).map(residual).sum::<f64>() / to.saturating_sub(from).max(1) as f64
    };
    let after = mean(last + 1, (last + 1 + AROUND).min(columns));
    let before = mean(last.saturating_sub(AROUND + BLURRED), last.saturating_sub(BLURRED));
    if last < AROUND
        || after <= traces.negligible(at(last))
        || before > if sharp { LESS_SHARP } else { LESS } * after
    {
        return None;
    }
    // To the frame.
    let hop = traces.hop as i64;
    let wide = AROUND as i64 * hop;
    let middle = at(last) as i64 * hop;
    let close = Close::read(scene, middle - wide, 2 * wide as usize, rate);
    let frames = 2 * wide as usize;
    let turned = |frame: usize| if end == End::Tail { frame } else { frames - 1 - frame };
    let level = |sides: &[Vec<f64>; 2], frame: usize| {
        let frame = turned(frame);
        sides[0][frame].abs().max(sides[1][frame].abs())
    };
    let sounds = &close.files[file];
    let stop = (0..frames).rev().find(|&frame| level(sounds, frame) > SILENCE)?;
    // Who is heard to the end of what is looked at does not break off there, nor who is heard just at its begin.
    if stop == 0 || stop + 1 >= frames {
        return None;
    }
    let loudest = (0..frames).map(|frame| level(&close.residual, frame)).fold(0.0, f64::max);
    let usual = (0..frames / 4).map(|frame| level(&close.residual, frame)).fold(0.0, f64::max);
    let least = (2.0 * usual).max(1e-3 * loudest).max(1e-6);
    let begin = if sharp {
        let at = turned(stop);
        let edge = at.saturating_sub(1)..at + 2;
        let mended = close.odds(file, &edge, &close.sides(&edge));
        Some(stop).filter(|_| mended > LEAST_ODDS)?
    } else {
        (0..frames).find(|&frame| level(&close.residual, frame) > least)?
    };
    let fade = (FADE_S * rate) as usize;
    if begin + fade < stop || begin > stop + fade {
        return None;
    }
    let rms = |sides: &[Vec<f64>; 2], from: usize, to: usize| {
        let (a, b) = (turned(from), turned(to));
        let range = a.min(b)..a.max(b);
        (product_within(sides, sides, &range) / (2 * range.len()).max(1) as f64).sqrt()
    };
    let apart = begin.abs_diff(stop);
    let (begin, short) = (begin.min(stop), (0.01 * rate) as usize);
    let there = rms(sounds, begin.checked_sub(short)?, begin);
    let missing = rms(&close.residual, stop, (stop + 2 * short).min(frames - 1));
    let like = (LIKE.0 * there..LIKE.1 * there).contains(&missing);
    if there < 4.0 * SILENCE || !like {
        return None;
    }
    let top = (last..columns).map(residual).fold(0.0, f64::max);
    let far = if sharp {
        // What goes on all the time is no part of it.
        let usual = |column: &usize| mean(*column, (column + AROUND).min(columns)) < 2.0 * before;
        (last + 1..columns).find(usual).unwrap_or(columns - 1)
    } else {
        let faded = |column: &usize| residual(*column) > FADED * top;
        (last..columns).rev().find(faded).unwrap_or(last)
    };
    let song = |frame: i64| frame.max(0).unsigned_abs();
    let begin = song(close.start + turned(begin) as i64);
    let far = at(far) as i64 * hop;
    let missing = match end {
        End::Tail => (begin, song(far + hop).max(begin)),
        End::Start => (song(far - hop).min(begin), begin + 1),
    };
    Some(Cut { file, at: song(close.start + turned(stop) as i64), apart, missing })
}
