//! Instruments and songs.

use super::{Numbers, RATE, Signal};

const TAU: f64 = std::f64::consts::TAU;

/// Places a mono signal between the loudspeakers (-1 left, 1 right), faded in and out so that a shift
/// by a fraction loses nothing at the ends.
fn panned(mut mono: Vec<f64>, pan: f64) -> Signal {
    let (frames, fade) = (mono.len(), 600);
    for i in 0..fade.min(frames) {
        let gain = (0.5 - 0.5 * (TAU / 2.0 * i as f64 / fade as f64).cos()).powi(2);
        mono[i] *= gain;
        mono[frames - 1 - i] *= gain;
    }
    let right = mono.iter().map(|x| x * (1.0 + pan).min(1.0)).collect();
    let left = mono.iter().map(|x| x * (1.0 - pan).min(1.0)).collect();
    [left, right]
}

/// Notes at random times: `voice(phase in seconds, frequency)` under a decay.
fn notes(
    seed: u64,
    seconds: f64,
    spacing: f64,
    decay: f64,
    lowest_hz: f64,
    voice: impl Fn(f64, f64) -> f64,
) -> Vec<f64> {
    let frames = (seconds * f64::from(RATE)) as usize;
    let mut numbers = Numbers::new(seed);
    let mut out = vec![0.0; frames];
    let mut at = 0.1 + 0.2 * numbers.next().abs();
    while at < seconds - 0.3 {
        let hz = lowest_hz * 2f64.powf((12.0 * numbers.next().abs()).round() / 12.0);
        let level = 0.6 + 0.4 * numbers.next();
        let first = (at * f64::from(RATE)) as usize;
        let length = (6.0 * decay * f64::from(RATE)) as usize;
        for (i, out) in out.iter_mut().skip(first).take(length).enumerate() {
            let t = i as f64 / f64::from(RATE);
            *out += level * (1.0 - (-t * 200.0).exp()) * (-t / decay).exp() * voice(t, hz);
        }
        at += spacing * (1.0 + 0.5 * numbers.next());
    }
    out
}

fn noise(seed: u64, frames: usize) -> Vec<f64> {
    let mut numbers = Numbers::new(seed);
    (0..frames).map(|_| numbers.next()).collect()
}

/// Without the top of the spectrum, as recorded music is.
fn dull(mut signal: Vec<f64>) -> Vec<f64> {
    signal.resize(signal.len() + 8, 0.0);
    for _ in 0..8 {
        signal = signal.windows(2).map(|w| f64::midpoint(w[0], w[1])).collect();
    }
    signal
}

pub(in super::super) fn bass(seconds: f64) -> Signal {
    let mono = notes(1, seconds, 0.4, 0.25, 45.0, |t, hz| {
        0.3 * (TAU * hz * t).sin()
            + 0.1 * (TAU * 2.0 * hz * t).sin()
            + 0.05 * (TAU * 3.0 * hz * t).sin()
    });
    panned(mono, 0.0)
}

pub(in super::super) fn keys(seconds: f64) -> Signal {
    let mono = notes(2, seconds, 0.25, 0.3, 220.0, |t, hz| {
        (1..5).map(|k| 0.1 / f64::from(k) * (TAU * hz * f64::from(k) * t).sin()).sum()
    });
    panned(mono, -0.4)
}

pub(in super::super) fn lead(seconds: f64) -> Signal {
    let mono = notes(3, seconds, 0.5, 0.2, 330.0, |t, hz| {
        0.15 * (TAU * hz * t + 2.0 * (TAU * 5.0 * t).sin()).sin()
    });
    panned(mono, 0.3)
}

pub(in super::super) fn drums(seconds: f64) -> Signal {
    let frames = (seconds * f64::from(RATE)) as usize;
    let noise = noise(4, frames);
    let beat = (0.35 * f64::from(RATE)) as usize;
    let mono = (0..frames)
        .map(|i| {
            let t = (i % beat) as f64 / f64::from(RATE);
            let kick = 0.5 * (TAU * (50.0 * t - 3.0 * (-t * 40.0).exp())).sin() * (-t * 15.0).exp();
            kick + 0.6 * noise[i] * (-t * 25.0).exp()
        })
        .collect();
    panned(dull(mono), 0.0)
}

pub(in super::super) fn hats(seconds: f64) -> Signal {
    let frames = (seconds * f64::from(RATE)) as usize;
    let noise = noise(5, frames + 2);
    let beat = (0.175 * f64::from(RATE)) as usize;
    // The second difference leaves the high band alone.
    let mono = (0..frames)
        .map(|i| noise[i] - 2.0 * noise[i + 1] + noise[i + 2])
        .enumerate()
        .map(|(i, x)| 0.4 * x * (-((i % beat) as f64) / f64::from(RATE) * 40.0).exp())
        .collect();
    panned(dull(mono), 0.5)
}

/// Six seconds or so of a band of five.
pub(in super::super) fn band(seconds: f64) -> Vec<Signal> {
    vec![drums(seconds), bass(seconds), keys(seconds), lead(seconds), hats(seconds)]
}
