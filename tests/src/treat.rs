//! What sound goes through on its way: converters, filters and bad cables. In f64 and with coefficients from
//! libm, so that a browser makes the same bits.

use std::f64::consts::{PI, TAU};

use stemcheck_core::synth::reverb::Room;

use crate::dsp::{self, Sound, Squeeze};
use crate::encoded::{encoded, through};

/// What is done to a file's sound.
#[derive(Debug, Clone, PartialEq)]
pub enum Treatment {
    /// Converted to this rate in Hz, and back.
    Resampled(u32),
    /// Converted to this rate, and from then on taken for the old one: another speed, another length.
    Converted(u32),
    /// A low-pass of 24 dB an octave at so many Hz.
    LowPass(f64),
    /// Hum of the mains of so many Hz, at so many dBFS, with two overtones.
    Hum(f64, f64),
    /// Noise of so many dBFS.
    Noise(f64),
    /// Left is right.
    Swapped,
    /// The side signal louder by so many dB.
    Wider(f64),
    /// The left channel louder than the right by so many dB more.
    Lean(f64),
    /// This channel, counted from 0, later by so many samples.
    ChannelLate(usize, i64),
    /// A bell at so many Hz, of so many dB.
    Bell(f64, f64),
    /// A shelf from so many Hz up, of so many dB.
    HighShelf(f64, f64),
    /// A shelf from so many Hz down, of so many dB.
    LowShelf(f64, f64),
    /// A compressor that takes so many dB on average.
    Squeezed(f64),
    /// The same compressor with its threshold at so many dBFS.
    Compressed(f64),
    /// A soft curve, driven until the peak is so many dB over its full scale.
    Saturated(f64),
    /// Played by a clock that is fast by so many millionths.
    Drift(f64),
    /// Louder by so many dB between two seconds.
    Ride(f64, f64, f64),
    /// Fades to silence between two seconds.
    Fade(f64, f64),
    /// A plate of so many seconds on top, of so many dB against the dry sound.
    Plate(f64, f64),
    /// The same of a room.
    Room(f64, f64),
    /// Echoes every so many seconds on top, of so many dB against the dry sound.
    Echo(f64, f64),
    /// Through this encoder (`mp3 128`) and back.
    Coded(String),
}

/// Part of the lower rate's half that a conversion leaves untouched at -6 dB: that of usual software.
const CUT_OFF: f64 = 0.95;
/// Zero crossings of the interpolating kernel on either side.
const CROSSINGS: f64 = 128.0;
/// Phases for which the kernel is worked out; 44.1 and 48, or 96 kHz meet at 147 and 160, or 320 of them.
const PHASES: usize = 320 * 147;

/// How fast the songs' compressor is, and how strict: that of a mix bus.
const SQUEEZE: Squeeze = Squeeze { threshold: 0.0, ratio: 3.0, attack_s: 0.01, release_s: 0.15 };
/// Width of a bell.
const BELL_Q: f64 = 1.0;

impl Treatment {
    /// Treats planar sound at a rate in Hz; its length stays, unless it was converted.
    ///
    /// # Errors
    /// A sentence, if there is no such encoder.
    pub fn apply(&self, sound: &mut Sound, rate: u32) -> Result<(), String> {
        let frame = |seconds: f64| (seconds * f64::from(rate)).round() as usize;
        match *self {
            Self::Resampled(_) | Self::Converted(_) | Self::LowPass(_) | Self::Hum(..) => {
                for samples in sound {
                    self.apply_to_channel(samples, rate);
                }
            }
            Self::Noise(dbfs) => dsp::noise(sound, dbfs, 0x5eed),
            Self::Swapped => sound.reverse(),
            Self::Wider(db) => dsp::sides(sound, dsp::gain(db)),
            Self::Lean(db) => dsp::lean(sound, db),
            Self::ChannelLate(channel, later) => dsp::channel_late(sound, channel, later),
            Self::Bell(hz, db) => dsp::bell(sound, rate, hz, db, BELL_Q),
            Self::HighShelf(hz, db) => dsp::shelf(sound, rate, hz, db, 1.0),
            Self::LowShelf(hz, db) => dsp::shelf(sound, rate, hz, db, -1.0),
            Self::Squeezed(db) => {
                let set = dsp::set_to(sound, rate, db, SQUEEZE);
                dsp::follow(sound, &dsp::squeeze(sound, rate, set));
            }
            Self::Compressed(threshold) => {
                let set = Squeeze { threshold, ..SQUEEZE };
                dsp::follow(sound, &dsp::squeeze(sound, rate, set));
            }
            Self::Saturated(db) => dsp::saturate(sound, db),
            Self::Drift(ppm) => dsp::drift(sound, ppm),
            Self::Ride(from, to, db) => {
                let gains = dsp::ride(dsp::frames(sound), rate, frame(from), frame(to), db);
                dsp::follow(sound, &gains);
            }
            Self::Fade(from, to) => {
                let rate = f64::from(rate);
                dsp::fade(sound, to * rate, (to - from) * rate, 1.0);
            }
            Self::Plate(seconds, db) => {
                add(sound, dsp::plate(sound, rate, seconds, 0.35), db);
            }
            Self::Room(seconds, db) => {
                let seconds = seconds as f32;
                let room = Room { seconds, damping: 0.4, size: 0.8, pre_delay: 0.02, wet: 1.0 };
                add(sound, dsp::room(sound, rate, room), db);
            }
            Self::Echo(seconds, db) => {
                add(sound, dsp::echo(sound, rate, frame(seconds), 0.4, false), db);
            }
            Self::Coded(ref codec) => {
                *sound = through(sound, |quiet| encoded(codec, rate, quiet))?;
            }
        }
        Ok(())
    }

    /// Does what is done to each channel by itself.
    fn apply_to_channel(&self, samples: &mut Vec<f32>, rate: u32) {
        let hz = f64::from(rate);
        match *self {
            Self::Resampled(other) => {
                let frames = samples.len();
                let other = f64::from(other);
                let there = (frames as f64 * other / hz).ceil() as usize;
                *samples = resample(&resample(samples, hz, other, there), other, hz, frames);
            }
            Self::Converted(other) => {
                let other = f64::from(other);
                let there = (samples.len() as f64 * other / hz).round() as usize;
                *samples = resample(samples, hz, other, there);
            }
            Self::Hum(hum, dbfs) => {
                let gain = libm::exp10(dbfs / 20.0);
                for (i, x) in samples.iter_mut().enumerate() {
                    let turn = TAU * hum * i as f64 / hz;
                    let lines = [(1.0, 1.0), (2.0, 0.5), (3.0, 0.6)];
                    let sum: f64 = lines.iter().map(|(n, level)| level * libm::sin(n * turn)).sum();
                    *x += (gain * sum) as f32;
                }
            }
            Self::LowPass(cut) => {
                // The two halves of a Butterworth filter of fourth order.
                for q in [0.541_196_1, 1.306_563] {
                    low_pass(samples, hz, cut, q);
                }
            }
            _ => {}
        }
    }
}

/// Adds an effect of so many dB against the dry sound.
fn add(sound: &mut Sound, mut wet: Sound, db: f64) {
    dsp::against(sound, &mut wet, db);
    dsp::add(sound, &wet, 1.0);
}

/// A chorus of so many Hz whose oscillator begins at `phase` (in turns): the sound, and 0.7 of it
/// between 8 and 14 ms later.
pub(crate) fn chorus(channels: &mut [Vec<f32>], rate: u32, hz: f64, phase: f64) {
    let rate = f64::from(rate);
    for samples in channels {
        let dry = samples.clone();
        for (i, x) in samples.iter_mut().enumerate() {
            let turn = TAU * (hz * i as f64 / rate + phase);
            let at = i as f64 - rate * (0.011 + 0.003 * libm::sin(turn));
            let (whole, part) = (at.floor(), at - at.floor());
            let tap = |at: f64| {
                let inside = (at >= 0.0).then(|| dry.get(at as usize)).flatten();
                f64::from(inside.copied().unwrap_or(0.0))
            };
            *x += (0.7 * (tap(whole) * (1.0 - part) + tap(whole + 1.0) * part)) as f32;
        }
    }
}

/// `frames` samples at rate `to` of sound at rate `from`: a sinc under a Blackman-Harris window.
fn resample(samples: &[f32], from: f64, to: f64, frames: usize) -> Vec<f32> {
    let cut = CUT_OFF * (to / from).min(1.0);
    let reach = (CROSSINGS / cut).ceil() as i64;
    let step = from / to;
    let mut kernels: Vec<Option<Vec<f64>>> = vec![None; PHASES + 1];
    (0..frames)
        .map(|i| {
            let at = i as f64 * step;
            let first = at.floor() as i64 - reach + 1;
            let phase = ((at - at.floor()) * PHASES as f64).round() as usize;
            let kernel = kernels[phase].get_or_insert_with(|| {
                let offset = phase as f64 / PHASES as f64 + reach as f64 - 1.0;
                (0..2 * reach).map(|n| cut * kernel((n as f64 - offset) * cut)).collect()
            });
            // Silence before and after.
            let skipped = first.min(0).unsigned_abs() as usize;
            let sound = samples.get(first.max(0) as usize..).unwrap_or_default();
            let products = sound.iter().zip(kernel.iter().skip(skipped));
            let sum: f64 = products.map(|(&x, k)| f64::from(x) * k).sum();
            sum as f32
        })
        .collect()
}

fn kernel(x: f64) -> f64 {
    if x.abs() >= CROSSINGS {
        return 0.0;
    }
    let sinc = if x.abs() < 1e-9 { 1.0 } else { libm::sin(PI * x) / (PI * x) };
    let turn = TAU * (x / CROSSINGS + 1.0) / 2.0;
    let window = 0.358_75 - 0.488_29 * libm::cos(turn) + 0.141_28 * libm::cos(2.0 * turn)
        - 0.011_68 * libm::cos(3.0 * turn);
    sinc * window
}

/// A low-pass of second order (R. Bristow-Johnson's cookbook).
fn low_pass(samples: &mut [f32], rate: f64, hz: f64, q: f64) {
    let turn = TAU * hz / rate;
    let (cos, alpha) = (libm::cos(turn), libm::sin(turn) / (2.0 * q));
    let gain = (1.0 - cos) / 2.0 / (1.0 + alpha);
    let (a1, a2) = (-2.0 * cos / (1.0 + alpha), (1.0 - alpha) / (1.0 + alpha));
    let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
    for x in samples {
        let x0 = f64::from(*x);
        let y0 = gain * (x0 + 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
        (x2, x1, y2, y1) = (x1, x0, y1, y0);
        *x = y0 as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64) -> Vec<f32> {
        (0..4800).map(|i| (f64::from(i) * TAU * hz / 48_000.0).sin() as f32).collect()
    }

    #[test]
    fn a_conversion_keeps_what_fits_and_nothing_else() {
        for (hz, kept) in [(1000.0, true), (20_000.0, true), (22_500.0, false)] {
            let (before, mut after) = (tone(hz), vec![tone(hz)]);
            Treatment::Resampled(44_100).apply(&mut after, 48_000).unwrap();
            for i in 1000..3800 {
                let left = if kept { after[0][i] - before[i] } else { after[0][i] };
                assert!(left.abs() < 1e-4, "{hz} at {i}: {left}");
            }
        }
    }

    #[test]
    fn a_low_pass_falls_by_24_db_an_octave() {
        for (hz, level) in [(100.0, 1.0), (2000.0, 0.707), (4000.0, 0.0624)] {
            let mut after = vec![tone(hz)];
            Treatment::LowPass(2000.0).apply(&mut after, 48_000).unwrap();
            let peak = after[0][2400..].iter().fold(0f32, |most, x| most.max(x.abs()));
            assert!((peak / level - 1.0).abs() < 0.1, "{hz}: {peak}");
        }
    }
}
