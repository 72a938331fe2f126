//! Holes: exact digital silence in the middle of sound.
//!
//! A lost buffer leaves zeros on all channels between two abrupt edges. Decides what is a hole, not
//! whether someone wanted it.

use std::ops::Range;

use super::runs::{Run, Runs};

/// Shorter runs of zeros occur in any quiet passage.
const SHORTEST: usize = 32;
/// Longer ones are rests.
const LONGEST_S: f64 = 0.2;
/// Samples on either side that have to sound: above -50 dBFS RMS.
const BESIDE: usize = 96;
const SOUND_POWER: f64 = 1e-5;
/// Sound that was cut stands at least this far from zero, of its RMS, within two samples.
const EDGE: f64 = 0.1;
/// It goes on as loud as it stopped, within 12 dB.
const ALIKE: f64 = 16.0;
/// Every so many frames a look: no hole fits in between.
const PROBE: usize = SHORTEST / 2;

/// Frames after a place that have to be known.
pub(crate) fn ahead(sample_rate: u32) -> usize {
    longest(sample_rate) + BESIDE + 1
}

fn longest(sample_rate: u32) -> usize {
    (LONGEST_S * f64::from(sample_rate)) as usize
}

/// Looks for holes that begin in `range`; frame 0 of `channels` is `first` of the file.
pub(crate) fn scan(
    channels: &[&[f32]],
    range: Range<usize>,
    first: u64,
    sample_rate: u32,
    found: &mut Runs,
) {
    let is_zero = |at: usize| channels.iter().all(|samples| samples.get(at) == Some(&0.0));
    let mut at = range.start;
    // A hole may begin up to a probe before the range's end and show after it.
    while at < range.end + PROBE {
        if !is_zero(at) {
            at += PROBE;
            continue;
        }
        let mut start = at;
        while start > range.start.saturating_sub(1) && is_zero(start - 1) {
            start -= 1;
        }
        let end = channels.iter().map(|samples| end_of_zeros(samples, at)).min().unwrap_or(at);
        if range.contains(&start) && is_hole(channels, start..end, sample_rate) {
            let (start, frames) = (first + start as u64, (end - start) as u64);
            found.push(Run { start, frames, channel: 0 });
        }
        at = end + 1;
    }
}

/// The first sample from `at` on that is not zero.
fn end_of_zeros(samples: &[f32], at: usize) -> usize {
    let rest = samples.get(at..).unwrap_or_default();
    at + rest.iter().position(|x| *x != 0.0).unwrap_or(rest.len())
}

fn is_hole(channels: &[&[f32]], zeros: Range<usize>, sample_rate: u32) -> bool {
    if !(SHORTEST..=longest(sample_rate)).contains(&zeros.len()) || zeros.start < BESIDE {
        return false;
    }
    let power = |frames: Range<usize>| {
        let samples = channels.iter().filter_map(|samples| samples.get(frames.clone())).flatten();
        samples.map(|x| f64::from(*x).powi(2)).sum::<f64>() / (BESIDE * channels.len()) as f64
    };
    let edge = |frames: Range<usize>| {
        let samples = channels.iter().filter_map(|samples| samples.get(frames.clone())).flatten();
        samples.fold(0f64, |most, x| most.max(f64::from(x.abs())))
    };
    let before = power(zeros.start - BESIDE..zeros.start);
    let after = power(zeros.end..zeros.end + BESIDE);
    let cut = |edge: f64, power: f64| edge > EDGE * power.sqrt();
    before.min(after) > SOUND_POWER
        && before.max(after) < ALIKE * before.min(after)
        && cut(edge(zeros.start - 2..zeros.start), before)
        && cut(edge(zeros.end..zeros.end + 2), after)
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    const RATE: u32 = 48_000;

    fn holes(zeros: Range<usize>, sound: impl Fn(usize) -> f32) -> Vec<Run> {
        let mut samples: Vec<f32> = (0..48_000).map(sound).collect();
        samples[zeros].fill(0.0);
        let mut runs = Runs::default();
        scan(&[&samples], 0..48_000 - ahead(RATE), 100, RATE, &mut runs);
        runs.places
    }

    fn tone(n: usize) -> f32 {
        0.3 * (n as f32 * 0.05 + 0.4).sin()
    }

    #[test]
    fn holes_are_found_at_their_place() {
        for (start, frames) in [(10_000, 32), (10_007, 64), (20_001, 1024), (5000, 9600)] {
            let place = Run { start: start as u64 + 100, frames: frames as u64, channel: 0 };
            assert_eq!(holes(start..start + frames, tone), [place], "{start}");
        }
    }

    #[test]
    fn rests_gates_and_quiet_passages_are_no_holes() {
        assert_eq!(holes(10_000..10_031, tone), []);
        assert_eq!(holes(10_000..19_700, tone), []);
        assert_eq!(holes(0..1000, tone), []);
        assert_eq!(holes(10_000..10_100, |n| 0.005 * tone(n)), []);
        // A hit that dies away before the next one.
        let hit = |n: usize| (-((n % 6000) as f32) / 300.0).exp() * (n as f32 * 0.3).sin();
        assert_eq!(holes(23_000..24_000, hit), []);
        assert_eq!(holes(0..0, |_| 0.0), []);
        let sparse: Vec<f32> = noise(1).take(48_000).collect();
        assert_eq!(holes(0..0, |n| if n % 3 == 0 { sparse[n] } else { 0.0 }), []);
    }
}
