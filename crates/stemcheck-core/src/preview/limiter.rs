//! The look-ahead true-peak limiter: what comes out stays below the ceiling, between samples too.
//!
//! The gain that each frame needs (from the oversampled peaks) goes through a sliding minimum over
//! the look-ahead, a one-pole release and a moving average as long as the look-ahead. The average of
//! values that are all small enough is small enough: no overshoot, and no corner in the gain.

use std::collections::VecDeque;

use super::mixer::gain_from_db;
use super::oversample::PeakDetector;

/// Time in which the gain falls before a peak, in seconds.
const LOOK_AHEAD_S: f64 = 0.0015;
/// Time in which it comes back, in seconds.
const RELEASE_S: f64 = 0.080;
/// The detector may read so much too little: measured at most 0.17 dB, with white noise at 44.1 kHz,
/// and 0.06 dB with music.
const MARGIN_DB: f64 = 0.2;

/// The limiter on two channels, by one gain.
#[derive(Debug, Clone)]
pub(super) struct Limiter {
    ceiling: f64,
    detector: PeakDetector,
    peaks: Vec<f32>,
    minimum: SlidingMinimum,
    release: f64,
    released: f64,
    average: MovingAverage,
    delay: Delay,
    smallest_gain: f64,
}

impl Limiter {
    pub(super) fn new(sample_rate: u32, max_frames: usize) -> Self {
        let rate = f64::from(sample_rate);
        let look_ahead = (LOOK_AHEAD_S * rate).round().max(1.0) as usize;
        Self {
            ceiling: 1.0,
            detector: PeakDetector::new(sample_rate, max_frames),
            peaks: vec![0.0; max_frames],
            // Two frames more than the average: a peak between two frames holds down both of them.
            minimum: SlidingMinimum::new(look_ahead + 2),
            release: libm::exp(-1.0 / (RELEASE_S * rate)),
            released: 1.0,
            average: MovingAverage::new(look_ahead),
            delay: Delay::new(PeakDetector::DELAY + look_ahead),
            smallest_gain: 1.0,
        }
    }

    /// Takes a new ceiling in dBTP; the look-ahead makes the change smooth.
    pub(super) fn set(&mut self, ceiling_dbtp: f64) {
        self.ceiling = gain_from_db(ceiling_dbtp.min(0.0) - MARGIN_DB);
    }

    pub(super) fn reset(&mut self) {
        self.detector.reset();
        self.minimum.reset();
        self.released = 1.0;
        self.average.reset();
        self.delay.reset();
        self.smallest_gain = 1.0;
    }

    /// Frames by which the output is late.
    pub(super) fn latency_frames(&self) -> usize {
        self.delay.frames()
    }

    /// Smallest gain, linear, since the last call.
    pub(super) fn take_gain(&mut self) -> f64 {
        std::mem::replace(&mut self.smallest_gain, 1.0)
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        let [left, right] = channels;
        let peaks = &mut self.peaks[..left.len()];
        self.detector.process([left, right], self.ceiling as f32, peaks);
        self.delay.process([&mut *left, &mut *right]);
        for ((l, r), &peak) in left.iter_mut().zip(right).zip(&*peaks) {
            let needed = (self.ceiling / f64::from(peak)).min(1.0);
            let wanted = self.minimum.next(needed);
            self.released =
                wanted.min(self.release * self.released + (1.0 - self.release) * wanted);
            let gain = self.average.next(self.released);
            self.smallest_gain = self.smallest_gain.min(gain);
            *l *= gain;
            *r *= gain;
        }
    }
}

/// The smallest of the last so many values, in constant time: values that a later, smaller one
/// outlives are forgotten.
#[derive(Debug, Clone)]
struct SlidingMinimum {
    length: u64,
    now: u64,
    /// Candidates, smallest and oldest first, each with its time.
    candidates: VecDeque<(u64, f64)>,
}

impl SlidingMinimum {
    fn new(length: usize) -> Self {
        Self { length: length as u64, now: 0, candidates: VecDeque::with_capacity(length + 1) }
    }

    fn reset(&mut self) {
        self.now = 0;
        self.candidates.clear();
    }

    fn next(&mut self, value: f64) -> f64 {
        while self.candidates.back().is_some_and(|&(_, last)| last >= value) {
            self.candidates.pop_back();
        }
        self.candidates.push_back((self.now, value));
        self.now += 1;
        if self.candidates.front().is_some_and(|&(time, _)| time + self.length < self.now) {
            self.candidates.pop_front();
        }
        self.candidates.front().map_or(value, |&(_, smallest)| smallest)
    }
}

/// The mean of the last so many values; before the first, all are 1.
#[derive(Debug, Clone)]
struct MovingAverage {
    values: Vec<f64>,
    at: usize,
    sum: f64,
}

impl MovingAverage {
    fn new(length: usize) -> Self {
        Self { values: vec![1.0; length], at: 0, sum: length as f64 }
    }

    fn reset(&mut self) {
        self.values.fill(1.0);
        self.at = 0;
        self.sum = self.values.len() as f64;
    }

    fn next(&mut self, value: f64) -> f64 {
        self.sum += value - std::mem::replace(&mut self.values[self.at], value);
        self.at += 1;
        if self.at == self.values.len() {
            self.at = 0;
            // Once around, added up afresh: rounding never gathers.
            self.sum = self.values.iter().sum();
        }
        self.sum / self.values.len() as f64
    }
}

/// Two channels, late by a fixed number of frames.
#[derive(Debug, Clone)]
pub(super) struct Delay {
    /// Per channel what is still to come out, oldest first.
    lines: [Vec<f64>; 2],
}

impl Delay {
    pub(super) fn new(frames: usize) -> Self {
        Self { lines: [vec![0.0; frames], vec![0.0; frames]] }
    }

    pub(super) fn reset(&mut self) {
        self.lines.iter_mut().for_each(|line| line.fill(0.0));
    }

    pub(super) fn frames(&self) -> usize {
        self.lines[0].len()
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        for (line, samples) in self.lines.iter_mut().zip(channels) {
            let late = line.len();
            if samples.len() < late {
                let (out, _) = line.split_at_mut(samples.len());
                out.swap_with_slice(samples);
                line.rotate_left(samples.len());
            } else {
                samples.rotate_right(late);
                line.swap_with_slice(&mut samples[..late]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{amplitude_from_db, db_from_amplitude};
    use proptest::prelude::*;
    use std::f64::consts::PI;

    /// True peak by sixteen points a sample and a sinc of 64 samples under a Blackman window, in f64:
    /// nothing in common with the limiter's own detector.
    fn true_peak(samples: &[f64]) -> f64 {
        const HALF: usize = 32;
        let mut peak = samples.iter().fold(0.0f64, |max, x| max.max(x.abs()));
        for phase in 1..16 {
            let taps: Vec<f64> = (0..2 * HALF)
                .map(|k| {
                    let t = k as f64 - (HALF as f64 - 1.0) - f64::from(phase) / 16.0;
                    let u = PI * t / HALF as f64;
                    (PI * t).sin() / (PI * t) * (0.42 + 0.5 * u.cos() + 0.08 * (2.0 * u).cos())
                })
                .collect();
            for window in samples.windows(2 * HALF) {
                let y: f64 = window.iter().zip(&taps).map(|(x, tap)| x * tap).sum();
                peak = peak.max(y.abs());
            }
        }
        peak
    }

    /// Limits to -1 dBTP and returns how far the true peak is above that, in dB.
    fn overshoot_db(sample_rate: u32, mut left: Vec<f64>, mut right: Vec<f64>) -> f64 {
        let mut limiter = Limiter::new(sample_rate, left.len());
        limiter.set(-1.0);
        limiter.process([&mut left, &mut right]);
        assert!(limiter.take_gain() < 0.9, "the signal is meant to be too hot");
        db_from_amplitude(true_peak(&left).max(true_peak(&right))) + 1.0
    }

    /// Uniform noise, -1 to 1.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        }
    }

    #[test]
    fn sines_between_the_samples_stay_below_the_ceiling() {
        for rate in [44_100, 48_000, 96_000] {
            for hz in
                [50.0, 997.0, 6000.0, 7350.0, 11_025.0, 12_000.0, 14_700.0, 16_000.0, 19_997.0]
            {
                for phase in [0.0, 0.4, PI / 4.0, 1.3] {
                    let sine = |i: u32| {
                        1.7 * (2.0 * PI * hz / f64::from(rate) * f64::from(i) + phase).sin()
                    };
                    let left = (0..3000).map(sine).collect();
                    let right = (0..3000).map(|i| 0.5 * sine(i + 5)).collect();
                    let over = overshoot_db(rate, left, right);
                    assert!(over <= 0.0, "{hz} Hz at {rate} Hz, phase {phase}: {over} dB");
                }
            }
        }
    }

    #[test]
    fn noise_stays_below_the_ceiling() {
        for rate in [44_100, 48_000, 96_000] {
            for drive_db in [3.0, 20.0] {
                let mut noise = noise(u64::from(rate));
                let gain = amplitude_from_db(drive_db);
                let mut side = || (0..10_000).map(|_| gain * noise()).collect::<Vec<_>>();
                let over = overshoot_db(rate, side(), side());
                assert!(over <= 0.0, "{rate} Hz, {drive_db} dB: {over} dB");
            }
        }
    }

    /// Drums over a bass and a chord, with the bandwidth of music.
    fn music(sample_rate: u32, frames: usize) -> Vec<f64> {
        let rate = f64::from(sample_rate);
        let mut noise = noise(7);
        let mut low = 0.0;
        (0..frames)
            .map(|i| {
                let t = i as f64 / rate;
                let beat = t % 0.125;
                low += (1.0 - (-2.0 * PI * 9000.0 / rate).exp()) * (noise() - low);
                let snare = 1.4 * low * (-beat * 40.0).exp();
                let kick = (2.0 * PI * (50.0 * beat - 4.0 * (-beat * 30.0).exp())).sin()
                    * (-beat * 20.0).exp();
                let saw: f64 = (1..40)
                    .map(|k| (2.0 * PI * 110.0 * f64::from(k) * t).sin() / f64::from(k))
                    .sum();
                snare + kick + 0.4 * saw
            })
            .collect()
    }

    #[test]
    fn hot_music_stays_below_the_ceiling() {
        for rate in [44_100, 48_000, 96_000] {
            for drive_db in [3.0, 6.0, 10.0] {
                let frames = rate as usize / 2;
                let gain = amplitude_from_db(drive_db);
                let left: Vec<f64> = music(rate, frames).iter().map(|x| gain * x).collect();
                let right = left.iter().rev().copied().collect();
                let over = overshoot_db(rate, left, right);
                assert!(over <= 0.0, "{rate} Hz, {drive_db} dB: {over} dB");
                assert!(over > -0.25, "it comes up to the ceiling: {over} dB");
            }
        }
    }

    #[test]
    fn what_is_below_the_ceiling_passes_unchanged_and_late() {
        let mut limiter = Limiter::new(48_000, 1000);
        limiter.set(-1.0);
        let mut noise = noise(3);
        let input: Vec<f64> = (0..1000).map(|_| 0.4 * noise()).collect();
        let (mut left, mut right) = (input.clone(), input.clone());
        limiter.process([&mut left, &mut right]);
        let late = limiter.latency_frames();
        assert_eq!(late, 72 + PeakDetector::DELAY);
        assert_eq!(left[late..], input[..1000 - late]);
        assert_eq!(limiter.take_gain(), 1.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]
        #[test]
        fn sliding_minimum_is_the_minimum(values in prop::collection::vec(0.0..1.0f64, 1..200), length in 1usize..20) {
            let mut minimum = SlidingMinimum::new(length);
            for end in 1..=values.len() {
                let window = &values[end.saturating_sub(length)..end];
                let naive = window.iter().copied().fold(f64::INFINITY, f64::min);
                prop_assert_eq!(minimum.next(values[end - 1]), naive);
            }
        }
    }
}
