//! What only the score does to sound, and the numbers that it draws.

use std::f64::consts::TAU;

use stemcheck_core::synth::dsp::Noise;

pub(super) use crate::dsp::*;

/// Random numbers that a name decides.
pub(super) struct Dice(Noise);

impl Dice {
    /// Equal texts throw equally (FNV-1a).
    pub(super) fn new(text: &str) -> Self {
        let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(Noise::new(hash))
    }

    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * (0.5 + 0.5 * f64::from(self.0.sample())).clamp(0.0, 1.0)
    }

    /// The same, evenly in octaves.
    pub(super) fn octaves(&mut self, least: f64, most: f64) -> f64 {
        self.between(least.ln(), most.ln()).exp()
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.between(0.0, count as f64) as usize).min(count.saturating_sub(1))
    }

    /// 1 or -1.
    pub(super) fn sign(&mut self) -> f64 {
        if self.0.sample() < 0.0 { -1.0 } else { 1.0 }
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

pub(super) fn db(power: f64) -> f64 {
    10.0 * libm::log10(power.max(1e-30))
}

/// Later by any part of a frame.
pub(super) fn delay(sound: &mut Sound, later: f64) {
    let sinc = Interpolator::new(48);
    for channel in sound {
        let count = channel.len();
        *channel = sinc.read(channel, (0..count).map(|i| i as f64 - later), 1.0);
    }
}

/// Converted from one rate to another.
pub(super) fn convert(sound: &Sound, from: f64, to: f64, crossings: u32) -> Sound {
    let sinc = Interpolator::new(crossings);
    let cut = (to / from).min(1.0) * if crossings > 16 { 0.96 } else { 0.9 };
    sound
        .iter()
        .map(|channel| {
            let count = (channel.len() as f64 * to / from).ceil() as usize;
            sinc.read(channel, (0..count).map(|i| i as f64 * from / to), cut)
        })
        .collect()
}

/// A limiter that looks ahead: the least gain that the next `ahead` frames need, averaged over as many.
pub(super) fn limit(
    key: &Sound,
    rate: u32,
    ceiling: f64,
    ahead: usize,
    release_s: f64,
) -> Vec<f64> {
    let count = frames(key);
    let pole = libm::exp(-1.0 / (release_s * f64::from(rate)));
    let needed: Vec<f64> = (0..count)
        .map(|i| {
            let level = key.iter().filter_map(|c| c.get(i)).fold(0f32, |most, x| most.max(x.abs()));
            ceiling / f64::from(level).max(ceiling)
        })
        .collect();
    // The least of a sliding window: those that can still become it, in rising order.
    let mut candidates = std::collections::VecDeque::new();
    let mut next = 0;
    let mut held = 1.0f64;
    let held: Vec<f64> = (0..count)
        .map(|i| {
            while next < count.min(i + ahead) {
                while candidates.back().is_some_and(|&last: &usize| needed[last] >= needed[next]) {
                    candidates.pop_back();
                }
                candidates.push_back(next);
                next += 1;
            }
            while candidates.front().is_some_and(|&first| first < i) {
                candidates.pop_front();
            }
            let soon = candidates.front().map_or(1.0, |&least| needed[least]);
            held = soon.min(1.0 - pole * (1.0 - held));
            held
        })
        .collect();
    let mut sum = 0.0;
    (0..count)
        .map(|i| {
            sum += held[i];
            if i >= ahead {
                sum -= held[i - ahead];
            }
            (sum / (i + 1).min(ahead) as f64).min(1.0)
        })
        .collect()
}

/// Rounds to so many bits, with triangular dither if there is a seed.
pub(super) fn round(sound: &mut Sound, bits: u16, dither: Option<u64>) {
    let full = 2f64.powi(i32::from(bits) - 1);
    let mut noise = dither.map(Noise::new);
    for x in sound.iter_mut().flatten() {
        let offset = noise
            .as_mut()
            .map_or(0.0, |noise| 0.5 * (f64::from(noise.sample()) - f64::from(noise.sample())));
        let level = (f64::from(*x) * full + offset).round();
        *x = (level.clamp(-full, full - 1.0) / full) as f32;
    }
}

/// A chorus without the dry sound: its sweep starts at so many turns.
pub(super) fn chorus(sound: &Sound, rate: u32, hz: f64, turns: f64) -> Sound {
    let sinc = Interpolator::new(12);
    let rate = f64::from(rate);
    stereo(sound)
        .iter()
        .enumerate()
        .map(|(side, channel)| {
            let places = (0..channel.len()).map(|i| {
                let sweep = libm::sin(TAU * (hz * i as f64 / rate + turns + 0.25 * side as f64));
                i as f64 - (0.011 + 0.003 * sweep) * rate
            });
            sinc.read(channel, places, 1.0)
        })
        .collect()
}
