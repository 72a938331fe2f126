//! Clicks: single samples that the sound around them does not explain.
//!
//! A cheap third difference says where something sticks out on both sides; only there is the sound
//! predicted (linear prediction of order 12, as in Essentia's `ClickDetector`) and the error compared
//! with that before and after. The test on both sides keeps onsets out: sound follows an onset.
//! Isolated ones alone count: a saw wave, a buzz or a crackle has many.

use std::collections::VecDeque;
use std::ops::Range;

use super::runs::{Run, Runs};

/// Frames of a stretch, on an absolute grid.
const STRETCH: usize = 64;
/// The stretches before and after, without the nearest ones, that a candidate has to exceed …
const BESIDE: Range<usize> = 2..6;
/// … so many times.
const STICKS_OUT: f32 = 3.0;
/// A difference of an impulse of -60 dBFS, the least that is looked at.
const LEAST: f32 = 0.003;
/// What belongs to one event, and for how long nothing else may happen on either side.
const EVENT_S: f64 = 0.012;
const ALONE_S: f64 = 0.1;
/// … of at least this share of its strength.
const CROWDS: f32 = 0.25;
/// Half of the window that is predicted, in frames of 48 kHz.
const HALF: usize = 768;
const ORDER: usize = 12;
/// The error at a click over its median before and after …
const OVER_MEDIAN: f64 = 24.0;
/// … and over every other error of the window, not nearer than this: a plucked string has a train of
/// them, each half as strong as the one before.
const OVER_OTHERS: f64 = 5.0;
const ALONE: usize = 32;
/// -60 dBFS.
const LEAST_ERROR: f64 = 0.001;
/// Frames away from a click at which it no longer disturbs the error, and up to which it is compared.
const AWAY: Range<usize> = 16..240;
/// Power of the sound after over that before, and the other way round: beyond it, a note begins or ends.
const ALIKE: f64 = 4.0;

/// What a stretch of frames at a rate comes to.
#[derive(Debug, Clone, Copy)]
struct Spans {
    half: usize,
    event: u64,
    alone: u64,
}

impl Spans {
    fn new(sample_rate: u32) -> Self {
        let stretches = |s: f64| (s * f64::from(sample_rate)) as u64 / STRETCH as u64 + 1;
        Self {
            half: (sample_rate as usize / 64).clamp(256, HALF),
            event: stretches(EVENT_S),
            alone: stretches(ALONE_S),
        }
    }
}

/// Frames after a stretch's first one that have to be known.
pub(crate) fn ahead(sample_rate: u32) -> usize {
    let spans = Spans::new(sample_rate);
    (2 * spans.event + spans.alone + 1) as usize * STRETCH + BESIDE.end * STRETCH + spans.half
}

/// Where something sticks out on one channel.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    spans: Spans,
    /// The next stretch to be looked at.
    next: Option<u64>,
    /// The largest differences of the stretches before it, newest last.
    differences: VecDeque<f32>,
    /// Stretches that stick out, oldest first.
    candidates: VecDeque<(u64, f32)>,
}

impl Screen {
    pub(crate) fn new(sample_rate: u32) -> Self {
        Self {
            spans: Spans::new(sample_rate),
            next: None,
            differences: VecDeque::new(),
            candidates: VecDeque::new(),
        }
    }

    /// Looks for clicks in the stretches that begin in `range`; frame 0 of `samples` is `first` of the
    /// file. Candidates are taken in up to the last sample.
    pub(crate) fn scan(
        &mut self,
        samples: &[f32],
        range: Range<u64>,
        (first, channel): (u64, u16),
        found: &mut Runs,
    ) {
        self.take_in(samples, first);
        let Spans { event, alone, half } = self.spans;
        let near = |a: u64, b: u64, span: u64| a.abs_diff(b) <= span;
        let candidates = self.candidates.make_contiguous();
        for (i, &(stretch, _)) in candidates.iter().enumerate() {
            if !range.contains(&(stretch * STRETCH as u64)) {
                continue;
            }
            let (before, rest) = candidates.split_at(i);
            let same = rest.iter().take_while(|(other, _)| near(*other, stretch, event)).count();
            let (same, after) = rest.split_at(same);
            let Some(&(place, own)) = same.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
                continue;
            };
            let crowds = |&(other, strength): &(u64, f32)| {
                near(other, place, event + alone) && strength > CROWDS * own
            };
            if !before.iter().any(crowds) && !after.iter().any(crowds) {
                let at = (place * STRETCH as u64).saturating_sub(first) as usize;
                if let Some(at) = click(samples, at, half) {
                    found.push(Run { start: first + at as u64, frames: 1, channel });
                }
            }
        }
        let oldest =
            range.end.saturating_sub((alone + event + 1) * STRETCH as u64) / STRETCH as u64;
        while self.candidates.front().is_some_and(|(stretch, _)| *stretch < oldest) {
            self.candidates.pop_front();
        }
    }

    /// Looks at every further stretch that is there.
    fn take_in(&mut self, samples: &[f32], first: u64) {
        const SIZE: u64 = STRETCH as u64;
        // The first stretch whose differences are known, or the file's first one.
        let begin = if first == 0 { 0 } else { (first + 3).div_ceil(SIZE) };
        let mut next = self.next.unwrap_or(begin);
        let end = first + samples.len() as u64;
        while (next + 1) * SIZE <= end {
            let at = (next * SIZE).saturating_sub(first) as usize;
            let frames = &samples[at.saturating_sub(3)..at + STRETCH];
            self.differences.push_back(largest_difference(frames));
            if self.differences.len() > 2 * BESIDE.end {
                self.differences.pop_front();
            }
            self.judge(next);
            next += 1;
        }
        self.next = Some(next);
    }

    /// Whether the stretch that now has enough neighbours sticks out among them.
    fn judge(&mut self, newest: u64) {
        let late = BESIDE.end - 1;
        let Some(middle) = self.differences.len().checked_sub(1 + late) else { return };
        let at = |i: Option<usize>| i.and_then(|i| self.differences.get(i)).copied();
        let Some(own) = at(Some(middle)).filter(|own| *own > LEAST) else { return };
        let beside =
            BESIDE.flat_map(|k| [at(middle.checked_sub(k)), at(Some(middle + k))]).flatten();
        if own > STICKS_OUT * beside.fold(0.0, f32::max) {
            self.candidates.push_back((newest - late as u64, own));
        }
    }
}

/// Largest third difference.
fn largest_difference(samples: &[f32]) -> f32 {
    let [Some(b), Some(c), Some(d)] = [samples.get(1..), samples.get(2..), samples.get(3..)] else {
        return 0.0;
    };
    let differences = samples.iter().zip(b).zip(c).zip(d);
    // Compared as whole numbers, which order as positive floats do.
    let bits =
        differences.map(|(((a, b), c), d)| ((d - a) + 3.0 * (b - c)).to_bits() & 0x7fff_ffff);
    f32::from_bits(bits.map(|bits| bits as i32).fold(0, i32::max) as u32).min(f32::MAX)
}

/// Where in the stretch at `at`, or just after it, a click is, if the sound around does not explain it.
fn click(samples: &[f32], at: usize, half: usize) -> Option<usize> {
    let from = at.saturating_sub(half);
    let window = samples.get(from..(at + half).min(samples.len()))?;
    let power = |part: &[f32]| part.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
    let (before, after) = window.split_at_checked(at - from)?;
    let (before, after) = (power(before), power(after.get(STRETCH..)?));
    if before.max(after) > ALIKE * before.min(after) {
        return None;
    }
    let errors = prediction_errors(window)?;
    let inside = at - from..(at - from + STRETCH + 2).min(errors.len());
    let (place, peak) = inside
        .map(|i| (i, errors[i]))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, peak)| *peak > LEAST_ERROR)?;
    let before = errors.get(place.checked_sub(AWAY.end)?..place - AWAY.start)?;
    let after = errors.get(place + AWAY.start..place + AWAY.end)?;
    let median = median(before).max(median(after));
    let distant = |(i, _): &(usize, &f64)| i.abs_diff(place) > ALONE;
    let others = errors.iter().enumerate().filter(distant).fold(0.0, |most, (_, e)| e.max(most));
    (peak > OVER_MEDIAN * median && peak > OVER_OTHERS * others).then_some(from + place)
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// Absolute errors of a linear prediction of each sample by the ones before it.
fn prediction_errors(window: &[f32]) -> Option<Vec<f64>> {
    let samples: Vec<f64> = window.iter().map(|x| f64::from(*x)).collect();
    let taps = levinson(&autocorrelation(&samples))?;
    let mut errors = samples.clone();
    for (tap, lag) in taps.iter().zip(1..) {
        let Some(late) = errors.get_mut(lag..) else { continue };
        for (error, x) in late.iter_mut().zip(&samples) {
            *error -= tap * x;
        }
    }
    // The first ones lack some of the samples before them.
    let known = |i: usize| f64::from(u8::from(i >= ORDER));
    Some(errors.into_iter().enumerate().map(|(i, error)| known(i) * error.abs()).collect())
}

/// Autocorrelation under a parabola, which fades both ends as well as a cosine would.
fn autocorrelation(samples: &[f64]) -> [f64; ORDER + 1] {
    let middle = samples.len() as f64 / 2.0;
    let faded = samples.iter().zip(0u32..).map(|(x, i)| {
        let t = (f64::from(i) + 0.5 - middle) / middle;
        x * (1.0 - t * t)
    });
    let padded: Vec<f64> = std::iter::repeat_n(0.0, ORDER).chain(faded).collect();
    let mut backwards = [0.0; ORDER + 1];
    for frame in padded.windows(ORDER + 1) {
        let newest = frame[ORDER];
        for (sum, x) in backwards.iter_mut().zip(frame) {
            *sum += x * newest;
        }
    }
    backwards.reverse();
    backwards
}

/// Levinson and Durbin's recursion: the taps that predict a sample from those before it.
fn levinson(correlation: &[f64; ORDER + 1]) -> Option<[f64; ORDER]> {
    // A trace of white noise, -90 dB, keeps the prediction of pure tones stable.
    let mut error = correlation[0] * (1.0 + 1e-9);
    if !(error > 0.0 && error.is_finite()) {
        return None;
    }
    let mut taps = [0.0; ORDER];
    for order in 0..ORDER {
        let known: f64 = (0..order).map(|i| taps[i] * correlation[order - i]).sum();
        let reflection = (correlation[order + 1] - known) / error;
        let before = taps;
        for i in 0..order {
            taps[i] -= reflection * before[order - 1 - i];
        }
        taps[order] = reflection;
        error *= 1.0 - reflection * reflection;
        if error <= 0.0 {
            break;
        }
    }
    Some(taps)
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    const RATE: u32 = 48_000;

    fn clicks(samples: &[f32]) -> Vec<u64> {
        let mut found = Runs::default();
        let end = (samples.len() - ahead(RATE)) as u64;
        Screen::new(RATE).scan(samples, 0..end, (0, 0), &mut found);
        found.places.iter().map(|run| run.start).collect()
    }

    fn song() -> Vec<f32> {
        let dust = noise(3);
        // Every fourth of a second a note, with a soft begin and a hard one in turn.
        let strike = |n: usize| {
            let (t, soft) = ((n % 12_000) as f32, (n / 12_000).is_multiple_of(2));
            (-t / 6000.0).exp() * if soft { (t / 240.0).min(1.0) } else { 1.0 }
        };
        let tones = |n: usize| (n as f32 * 0.03).sin() + 0.4 * (n as f32 * 0.17).sin();
        (0..96_000).zip(dust).map(|(n, dust)| 0.2 * strike(n) * tones(n) + 2e-4 * dust).collect()
    }

    #[test]
    fn an_impulse_is_found_where_it_is() {
        for at in [20_000, 30_000, 54_001] {
            let mut samples = song();
            samples[at] += 0.1;
            assert_eq!(clicks(&samples), [at as u64]);
        }
    }

    #[test]
    fn onsets_noise_and_saws_have_no_clicks() {
        assert!(clicks(&song()).is_empty());
        assert!(clicks(&noise(8).take(96_000).map(|x| x * 0.3).collect::<Vec<_>>()).is_empty());
        let saw = |n: u32| (n % 480) as f32 / 480.0 - 0.5;
        assert!(clicks(&(0..96_000).map(saw).collect::<Vec<_>>()).is_empty());
        let hits: Vec<f32> = noise(5)
            .zip(0..96_000)
            .map(|(x, n)| x * 0.7 * (-((n % 9000) as f32) / 700.0).exp())
            .collect();
        assert!(clicks(&hits).is_empty());
        assert!(clicks(&vec![0.0; 96_000]).is_empty());
    }

    #[test]
    fn a_crackle_is_not_single_clicks() {
        let mut samples = song();
        for at in (20_000..60_000).step_by(3000) {
            samples[at] += 0.1;
        }
        assert!(clicks(&samples).is_empty());
    }
}
