//! What happens to a file at some moments and cannot be undone: holes, a buffer played twice, clicks.
//!
//! The portraits tell where the residual is out of the ordinary; only there are samples read. A
//! defect is named only where the file itself shows it (exact silence, exact repetition, an impulse
//! without which it runs smoothly) and the residual is there and nowhere near.

use std::ops::Range;

use super::fit::dot;
use super::hypotheses::{Found, Proposal, SHARP_NEED_DB, Undo};
use super::interpolate::HALF_TAPS;
use super::local::{Stretch, Traces};
use super::meter::NullPart;
use super::recipe::{Pair, inside, residual_of};
use super::scene::Scene;

/// What they cost, in dB: each shows itself in the file.
const COST_DB: f64 = 0.2;
/// Stretches looked at before it is clear that nothing is to be found there, and in all.
const FIRST_LOOK: usize = 8;
const MOST_STRETCHES: usize = 48;
/// More events in one stretch are no moments.
const MOST_EVENTS: usize = 8;
/// Samples up to this are silence, dither and all (two steps of 16 bits).
pub(super) const SILENCE: f64 = 6.2e-5;
/// What is wanted in a hole is this much more energy than that (20 dB).
const WANTED: f64 = 100.0;
/// At an edge of a hole, over so many frames, this share of its mean power is missing at least.
const EDGE_FRAMES: usize = 32;
const EDGE: f64 = 0.03;
/// Residuals this far apart, in seconds, are different events; no click is longer than the second.
const APART_S: f64 = 0.003;
const CLICK_S: f64 = 0.0012;
/// A repetition shorter than this, in frames, may be chance.
const LEAST_BLOCK: usize = 32;
/// Buffers that are played as a whole, in frames.
const BUFFERS: [usize; 8] = [128, 256, 512, 1024, 2048, 4096, 8192, 16384];
/// A file's usual roughness is taken over so many frames on either side.
const AROUND_CLICK: usize = 64;
/// How much likelier a file has to be with its click taken out than as it is, and than any other
/// file would be, as the logarithm of the odds (second differences taken as Gaussian).
pub(super) const LEAST_ODDS: f64 = 4.0;

/// Every defect of every file.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let traces = scene.portrait(part).traces();
    moments(part, scene, &traces)
}

/// A range of frames of the song.
type Frames = (u64, u64);

/// What is found at moments, by code and file.
struct Moments {
    code: &'static str,
    file: usize,
    ranges: Vec<Frames>,
}

/// Holes, repeated buffers and clicks.
fn moments(part: &NullPart, scene: &mut Scene, traces: &Traces) -> Vec<Proposal> {
    let rate = f64::from(part.sample_rate);
    let mut found: Vec<Moments> = Vec::new();
    for (looked, stretch) in traces.outstanding().into_iter().take(MOST_STRETCHES).enumerate() {
        if looked >= FIRST_LOOK && found.is_empty() {
            break;
        }
        let close = Close::new(scene, traces.hop, stretch, rate);
        let events = close.events();
        // What crackles all the time is processing.
        for event in events.iter().filter(|_| events.len() <= MOST_EVENTS) {
            let Some((code, file, range)) = close.name(scene, event, traces) else { continue };
            match found.iter_mut().find(|found| (found.code, found.file) == (code, file)) {
                Some(found) => found.ranges.push(range),
                None => found.push(Moments { code, file, ranges: vec![range] }),
            }
        }
    }
    found
        .into_iter()
        .map(|Moments { code, file, mut ranges }| {
            ranges.sort_unstable();
            ranges.dedup_by(|next, before| next.0 < before.1);
            let begin = ranges.first().map_or(0, |range| range.0) as f64 / rate;
            let end = ranges.last().map_or(0, |range| range.1) as f64 / rate;
            let count = ranges.len() as f64;
            let unit = if code == "click" { "clicks" } else { "places" };
            let found = Found::new(code, Some(file), count, unit).between(begin, end);
            lost(scene, vec![found], ranges)
        })
        .collect()
}

/// A defect that leaves nothing to be used within some ranges.
pub(super) fn lost(scene: &Scene, found: Vec<Found>, ranges: Vec<Frames>) -> Proposal {
    Proposal {
        energy: scene.energy_without(&ranges),
        undo: Undo::Lose(ranges),
        found,
        cost_db: COST_DB,
        need_db: SHARP_NEED_DB,
    }
}

/// All files at full rate around a stretch, as corrected.
pub(super) struct Close {
    /// First frame.
    pub start: i64,
    rate: f64,
    /// The stems, then the reference.
    pub files: Vec<Pair>,
    pub residual: Pair,
    /// Where nothing counts any more.
    pub lost: Vec<Range<usize>>,
}

impl Close {
    fn new(scene: &mut Scene, hop: usize, stretch: Stretch, rate: f64) -> Self {
        let start = (stretch.first as i64 - 3) * hop as i64;
        let frames = (stretch.last - stretch.first + 6) * hop;
        Self::read(scene, start, frames, rate)
    }

    pub(super) fn read(scene: &mut Scene, start: i64, frames: usize, rate: f64) -> Self {
        let recipe = scene.recipe();
        let files = recipe.files(scene.windows, start, frames);
        let lost = recipe.lost.iter().map(|&lost| inside(lost, start, frames));
        let lost = lost.filter(|lost| !lost.is_empty()).collect();
        Self { start, rate, residual: residual_of(&files), files, lost }
    }

    fn sign(&self, file: usize) -> f64 {
        if file + 1 == self.files.len() { -1.0 } else { 1.0 }
    }

    /// Where the residual stands out from the rest of the stretch.
    fn events(&self) -> Vec<Range<usize>> {
        let [left, right] = &self.residual;
        let level: Vec<f64> = left.iter().zip(right).map(|(l, r)| l.abs().max(r.abs())).collect();
        let mut sorted = level.clone();
        let fifth = sorted.len() / 5;
        if fifth >= sorted.len() {
            return Vec::new();
        }
        let usual = *sorted.select_nth_unstable_by(fifth, f64::total_cmp).1;
        let peak = level.iter().copied().fold(0.0, f64::max);
        let least = (16.0 * usual).max(2e-3 * peak).max(1e-6);
        let apart = (APART_S * self.rate) as usize;
        let mut events: Vec<Range<usize>> = Vec::new();
        for (frame, _) in level.iter().enumerate().filter(|(_, level)| **level > least) {
            match events.last_mut() {
                Some(event) if frame - event.end < apart => event.end = frame + 1,
                _ => events.push(frame..frame + 1),
            }
        }
        // Of what is cut by the stretch's own ends nothing can be told.
        events.retain(|event| event.start > apart && event.end + apart < level.len());
        events
    }

    /// The sides on which there is an event.
    pub(super) fn sides(&self, event: &Range<usize>) -> Vec<usize> {
        let [left, right] = self.residual.each_ref().map(|side| square(&side[event.clone()]));
        let heard = |energy: f64| energy > 0.01 * (left + right);
        [left, right].iter().enumerate().filter(|(_, e)| heard(**e)).map(|(i, _)| i).collect()
    }

    /// What an event is, on which file, and its frames in the song.
    fn name(
        &self,
        scene: &mut Scene,
        event: &Range<usize>,
        traces: &Traces,
    ) -> Option<(&'static str, usize, Frames)> {
        let sides = self.sides(event);
        let files = 0..self.files.len();
        let (code, file) =
            if let Some(file) = files.clone().find(|&f| self.hole(f, event, &sides, traces)) {
                ("dropout", file)
            } else if let Some(file) = self.clicked(event, &sides) {
                ("click", file)
            } else {
                let length = event.len();
                let more = (2.0 * APART_S * self.rate) as usize;
                // What was lost may have been silent for the better part.
                let longer = BUFFERS.into_iter().filter(|buffer| *buffer > length + more);
                let lags: Vec<usize> = (length..length + more).chain(longer).collect();
                let reach = lags.iter().copied().max().unwrap_or(length) + 2 * more;
                let from = self.start + event.start as i64 - reach as i64;
                let wide = Self::read(scene, from, reach + length + 2 * more, self.rate);
                let moved = reach..reach + length;
                ("repeated-block", files.clone().find(|&f| wide.repeats(f, &moved, &sides, &lags))?)
            };
        let pad = 24;
        let frame = |frame: usize| (self.start + frame as i64).max(0).unsigned_abs();
        Some((code, file, (frame(event.start.saturating_sub(pad)), frame(event.end + pad))))
    }

    /// Whether a file is silent in an event, amid its sound, and should not be.
    fn hole(&self, file: usize, event: &Range<usize>, sides: &[usize], traces: &Traces) -> bool {
        let pair = &self.files[file];
        let silent = |frame: usize| {
            sides.iter().all(|&side| pair[side].get(frame).is_none_or(|x| x.abs() <= SILENCE))
        };
        let middle = event.start.midpoint(event.end);
        if event.len() < 8 || !silent(middle) {
            return false;
        }
        let from = (0..middle).rev().find(|&f| !silent(f)).map_or(0, |f| f + 1);
        let to = (middle..pair[0].len()).find(|&f| !silent(f)).unwrap_or(pair[0].len());
        // Interpolation spreads the residual a little.
        if from > event.start + HALF_TAPS || to + HALF_TAPS < event.end {
            return false;
        }
        let wanted = |range: Range<usize>| -> f64 {
            let count = (sides.len() * range.len()).max(1) as f64;
            sides.iter().map(|&side| square(&self.residual[side][range.clone()])).sum::<f64>()
                / count
        };
        if wanted(from..to) <= WANTED * SILENCE * SILENCE {
            return false;
        }
        // It rises slowly where the sound does.
        let slack = (2.0 * APART_S * self.rate) as usize;
        if from + slack >= event.start && to <= event.end + slack {
            return from > 0 && to < pair[0].len();
        }
        // A note may have begun within the hole, or died away: then the other edge tells.
        let least = EDGE * wanted(event.clone());
        let breaks_off = || {
            let first = from..(from + EDGE_FRAMES).min(to);
            from > 0 && from + HALF_TAPS >= event.start && wanted(first) > least
        };
        let goes_on = || {
            let last = to.saturating_sub(EDGE_FRAMES).max(from)..to;
            to < pair[0].len() && to <= event.end + HALF_TAPS && wanted(last) > least
        };
        let column = |frame: usize| (self.start.max(0) as usize + frame) / traces.hop;
        traces.sounds_on_both_sides(file, column(from), column(to)) && (breaks_off() || goes_on())
    }

    /// The file that runs on as it does around if an impulse is taken out.
    pub(super) fn clicked(&self, event: &Range<usize>, sides: &[usize]) -> Option<usize> {
        if event.len() as f64 > (CLICK_S * self.rate).max(40.0) {
            return None;
        }
        let mut odds: Vec<(f64, usize)> = (0..self.files.len())
            .filter(|&file| !self.flat(file, event, sides))
            .map(|file| (self.odds(file, event, sides), file))
            .collect();
        odds.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best, file) = *odds.first()?;
        let next = odds.get(1).map_or(f64::NEG_INFINITY, |next| next.0);
        (best > LEAST_ODDS && best - next.max(0.0) > LEAST_ODDS).then_some(file)
    }

    /// How much likelier a file is with the residual taken out in an event than as it is, as the
    /// logarithm of the odds.
    pub(super) fn odds(&self, file: usize, event: &Range<usize>, sides: &[usize]) -> f64 {
        let end = self.residual[0].len() - 1;
        let near = event.start.saturating_sub(1).max(1)..(event.end + 1).min(end);
        let around =
            near.start.saturating_sub(AROUND_CLICK).max(1)..(near.end + AROUND_CLICK).min(end);
        let sign = self.sign(file);
        let (mut with, mut without, mut usual) = (0.0, 0.0, 0.0);
        for &side in sides {
            let (x, r) = (&self.files[file][side], &self.residual[side]);
            let rough = |i: usize| (x[i - 1] - 2.0 * x[i] + x[i + 1]).powi(2);
            let click = |i: usize| r[i - 1] - 2.0 * r[i] + r[i + 1];
            for i in near.clone() {
                with += rough(i);
                without += (x[i - 1] - 2.0 * x[i] + x[i + 1] - sign * click(i)).powi(2);
            }
            usual += around.clone().filter(|i| !near.contains(i)).map(rough).sum::<f64>();
        }
        let samples = (sides.len() * 2 * AROUND_CLICK) as f64;
        // A file of zeros is exact to the last bit of 24.
        let usual = (usual / samples).max(f64::from(f32::EPSILON).powi(2));
        (with - without) / (2.0 * usual)
    }

    /// Whether a file stands at its ceiling where more of the same is wanted: then it is clipped.
    fn flat(&self, file: usize, event: &Range<usize>, sides: &[usize]) -> bool {
        let sign = self.sign(file);
        sides.iter().any(|&side| {
            let (x, r) = (&self.files[file][side], &self.residual[side]);
            let peak = x.iter().fold(0.0, |peak: f64, x| peak.max(x.abs()));
            let Some(top) = event.clone().max_by(|&a, &b| r[a].abs().total_cmp(&r[b].abs())) else {
                return false;
            };
            x[top].abs() > 0.98 * peak && sign * x[top] * r[top] < 0.0
        })
    }

    /// Whether an event plays again what the file has played just before, by one of these lags.
    pub(super) fn repeats(
        &self,
        file: usize,
        event: &Range<usize>,
        sides: &[usize],
        lags: &[usize],
    ) -> bool {
        let pair = &self.files[file];
        let peak = sides.iter().flat_map(|&s| &pair[s]).fold(0.0, |p: f64, x| p.max(x.abs()));
        let sounds: f64 = sides.iter().map(|&side| square(&pair[side][event.clone()])).sum();
        let level = (sounds / (sides.len() * event.len()).max(1) as f64).sqrt();
        // Each copy may have been dithered on its own.
        let dither = SILENCE.min(0.02 * level);
        let close = (1e-6 * peak).max(f64::from(f32::EPSILON)).max(dither);
        if event.len() < LEAST_BLOCK || sounds <= SILENCE * SILENCE * event.len() as f64 {
            return false;
        }
        let same = |frame: usize, lag: usize| {
            frame >= lag
                && sides.iter().all(|&s| (pair[s][frame] - pair[s][frame - lag]).abs() <= close)
        };
        lags.iter().any(|&lag| {
            let slack = lag - event.len() + 16;
            event.clone().all(|frame| same(frame, lag))
                // A tone repeats all the time.
                && !(event.start.saturating_sub(slack + 64)..event.start.saturating_sub(slack))
                    .all(|frame| same(frame, lag))
        })
    }
}

fn square(x: &[f64]) -> f64 {
    dot(x, x)
}
