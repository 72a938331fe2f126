//! EBU Tech 3341 (2023) table 1 and EBU Tech 3342 (2023) table 1, synthesised: every case but those
//! made of authentic programmes, at every rate, whole and cut into segments, natively and in a
//! browser.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test, which clippy cannot tell here"
)]

use std::f64::consts::PI;

use stemcheck_core::block::Block;
use stemcheck_core::measure::{FileMeter, FilePart, Measurements, Stream, Word};
use stemcheck_core::units::{amplitude_from_db, db_from_amplitude};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test as test, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_dedicated_worker);

const RATES: [u32; 4] = [44_100, 48_000, 96_000, 192_000];
/// dBFS of nothing.
const SILENCE: f64 = f64::NEG_INFINITY;
/// Loudness may be off by this much, in LU.
const TOLERANCE: f64 = 0.1;
/// Frames that are generated and measured at a time.
const BLOCK: usize = 16_384;

/// 1 kHz in steps of so many seconds at so many dBFS.
type Steps = [(f64, f64)];

/// Channels, as a function of the frame.
struct Signal<'a> {
    rate: u32,
    frames: usize,
    channels: usize,
    sample: &'a dyn Fn(usize, &mut [f32]),
}

impl Signal<'_> {
    /// Measured whole, and in four segments, which are merged.
    fn read(&self) -> [Measurements; 2] {
        let odd = [self.frames / 7 + 1, self.frames / 3 + 5, self.frames / 2, self.frames];
        [&[self.frames][..], &odd].map(|ends| {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let parts = starts.zip(ends).map(|(start, &end)| self.part(start, end));
            parts.reduce(FilePart::merge).unwrap().measurements()
        })
    }

    fn part(&self, start: usize, end: usize) -> FilePart {
        let stream =
            Stream { sample_rate: self.rate, channels: self.channels as u16, word: Word::Float };
        let mut meter = FileMeter::of_levels(stream, start as u64);
        let warm_up = start.saturating_sub(FileMeter::pre_roll(self.rate) as usize);
        for block in self.blocks(warm_up, start) {
            meter.warm_up(&block);
        }
        for block in self.blocks(start, end) {
            meter.push(&block);
        }
        meter.finish()
    }

    fn blocks(&self, start: usize, end: usize) -> impl Iterator<Item = Block> {
        (start..end).step_by(BLOCK).map(move |from| {
            let mut block = Block::silence(from as u64, self.channels, BLOCK.min(end - from));
            let mut frame = vec![0.0; self.channels];
            for i in 0..block.frames() {
                (self.sample)(from + i, &mut frame);
                for (channel, x) in block.channels.iter_mut().zip(&frame) {
                    channel[i] = *x;
                }
            }
            block
        })
    }
}

/// Measures a tone, the same on each of the channels but for so many dB.
fn tone(rate: u32, steps: &Steps, channels_db: &[f64]) -> [Measurements; 2] {
    let mut ends = Vec::new();
    let mut seconds = 0.0;
    for &(length, db) in steps {
        seconds += length;
        ends.push(((seconds * f64::from(rate)).round() as usize, amplitude_from_db(db)));
    }
    let gains: Vec<f64> = channels_db.iter().map(|&db| amplitude_from_db(db)).collect();
    // 1 kHz repeats after this many frames, at any of the rates.
    let period = rate as usize / 100;
    let cycle: Vec<f64> =
        (0..period).map(|n| (2.0 * PI * 1000.0 * n as f64 / f64::from(rate)).sin()).collect();
    let sample = |n: usize, out: &mut [f32]| {
        let level = ends.iter().find(|(end, _)| n < *end).map_or(0.0, |(_, level)| *level);
        let x = level * cycle[n % period];
        for (out, gain) in out.iter_mut().zip(&gains) {
            *out = (gain * x) as f32;
        }
    };
    let frames = ends.last().map_or(0, |(end, _)| *end);
    Signal { rate, frames, channels: gains.len(), sample: &sample }.read()
}

fn stereo(rate: u32, steps: &Steps) -> [Measurements; 2] {
    tone(rate, steps, &[0.0, 0.0])
}

fn near(read: Option<f64>, expected: f64, tolerance: f64, what: &str) {
    let read = read.expect("loud enough");
    assert!((read - expected).abs() <= tolerance, "{what}: {read}, expected {expected}");
}

#[test]
fn tech_3341_cases_1_to_6() {
    let cases: [(f64, &Steps); 5] = [
        (-23.0, &[(20.0, -23.0)]),
        (-33.0, &[(20.0, -33.0)]),
        (-23.0, &[(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)]),
        (-23.0, &[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)]),
        (-23.0, &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)]),
    ];
    for rate in RATES {
        for (i, (expected, steps)) in cases.iter().enumerate() {
            for m in stereo(rate, steps) {
                let case = format!("case {} at {rate}", i + 1);
                near(m.integrated_lufs, *expected, TOLERANCE, &case);
                if i < 2 {
                    near(m.max_momentary_lufs, *expected, TOLERANCE, &case);
                    near(m.max_short_term_lufs, *expected, TOLERANCE, &case);
                }
            }
        }
        for m in tone(rate, &[(20.0, 0.0)], &[-28.0, -28.0, -24.0, SILENCE, -30.0, -30.0]) {
            near(m.integrated_lufs, -23.0, TOLERANCE, &format!("case 6 at {rate}"));
        }
    }
}

#[test]
fn tech_3341_cases_9_to_11_short_term() {
    for rate in RATES {
        for m in stereo(rate, &[(1.34, -20.0), (1.66, -30.0)].repeat(5)) {
            near(m.max_short_term_lufs, -23.0, TOLERANCE, &format!("case 9 at {rate}"));
        }
        for i in 0..20 {
            let (delay, level) = (f64::from(i) * 0.15, f64::from(i) - 38.0);
            for m in stereo(rate, &[(delay, SILENCE), (3.0, -23.0), (1.0, SILENCE)]) {
                near(m.max_short_term_lufs, -23.0, TOLERANCE, &format!("case 10, {i} at {rate}"));
            }
            // The live meter is read after each tone, which is louder than the one before: a file of
            // the tones so far reads the same.
            for m in stereo(rate, &[(delay, SILENCE), (3.0, level), (3.0 - delay, SILENCE)]) {
                near(m.max_short_term_lufs, level, TOLERANCE, &format!("case 11, {i} at {rate}"));
            }
        }
    }
}

#[test]
fn tech_3341_cases_12_to_14_momentary() {
    for rate in RATES {
        for m in stereo(rate, &[(0.18, -20.0), (0.22, -30.0)].repeat(25)) {
            // Constant after 1 s, as far as whole windows go.
            for &read in &m.momentary_lufs[10..96] {
                near(Some(read.into()), -23.0, TOLERANCE, &format!("case 12 at {rate}"));
            }
        }
        for i in 0..20 {
            let (delay, level) = (f64::from(i) * 0.02, f64::from(i) - 38.0);
            for m in stereo(rate, &[(delay, SILENCE), (0.4, -23.0), (1.0, SILENCE)]) {
                near(m.max_momentary_lufs, -23.0, TOLERANCE, &format!("case 13, {i} at {rate}"));
            }
            for m in stereo(rate, &[(delay, SILENCE), (0.4, level), (0.4 - delay, SILENCE)]) {
                near(m.max_momentary_lufs, level, TOLERANCE, &format!("case 14, {i} at {rate}"));
            }
        }
    }
}

/// Asserts a true peak: +0.2, -0.4 dB.
fn peaks_at(signal: &Signal<'_>, expected: f64, case: &str) {
    for m in signal.read() {
        let error = db_from_amplitude(m.true_peak_max()) - expected;
        assert!((-0.4..=0.2).contains(&error), "case {case} at {}: {error} dB off", signal.rate);
    }
}

#[test]
fn tech_3341_cases_15_to_19_true_peak() {
    let cases = [
        ("15", 4.0, 0.0, 0.50, -6.0),
        ("16", 4.0, 45.0, 0.50, -6.0),
        ("17", 6.0, 60.0, 0.50, -6.0),
        ("18", 8.0, 67.5, 0.50, -6.0),
        ("19", 4.0, 45.0, 1.41, 3.0),
    ];
    for rate in RATES {
        // 10 ms fades at both ends.
        let (frames, fade) = (rate as usize / 2, f64::from(rate) / 100.0);
        for (case, divisor, degrees, amplitude, expected) in cases {
            let sample = |n: usize, out: &mut [f32]| {
                let ends = (n.min(frames - n) as f64 / fade).min(1.0);
                let phase = 2.0 * PI * n as f64 / divisor + f64::to_radians(degrees);
                out.fill((amplitude * ends * phase.sin()) as f32);
            };
            let signal = Signal { rate, frames, channels: 2, sample: &sample };
            peaks_at(&signal, expected, case);
        }
    }
}

#[test]
fn tech_3341_cases_20_to_23_true_peak_between_samples() {
    let burst = oversampled_burst();
    for rate in RATES {
        for offset in 0..4 {
            let decimated: Vec<f32> = burst.iter().skip(offset).step_by(4).copied().collect();
            let sample = |n: usize, out: &mut [f32]| out.fill(decimated[n]);
            let signal = Signal { rate, frames: decimated.len(), channels: 2, sample: &sample };
            peaks_at(&signal, 0.0, &format!("{}", 20 + offset));
        }
    }
}

/// At four times the rate: fs/6 at 0.50, in it one period of fs/4 at 1.00, of continuous phase;
/// low-passed below half the rate.
fn oversampled_burst() -> Vec<f32> {
    const PERIODS: usize = 400;
    const HALF: i32 = 96;
    let (quiet, loud) = (6 * 4, 4 * 4);
    let period = |length: usize, amplitude: f64| {
        (0..length).map(move |n| amplitude * (2.0 * PI * n as f64 / length as f64).sin())
    };
    let side = || (0..PERIODS).flat_map(|_| period(quiet, 0.5));
    let raw: Vec<f64> = side().chain(period(loud, 1.0)).chain(side()).collect();
    // A Blackman-windowed sinc that leaves fs/4 alone.
    let taps: Vec<f64> = (-HALF..=HALF)
        .map(|k| {
            let x = f64::from(k) * 2.0 * 0.115;
            let sinc = if k == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
            let at = PI * f64::from(k) / f64::from(HALF + 1);
            sinc * (0.42 + 0.5 * at.cos() + 0.08 * (2.0 * at).cos())
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    let fade = 960.0;
    let frames = raw.len() - taps.len();
    (0..frames)
        .map(|n| {
            let y: f64 = taps.iter().zip(&raw[n..]).map(|(tap, x)| tap * x).sum();
            let ends = (n.min(frames - n) as f64 / fade).min(1.0);
            (ends * y / sum) as f32
        })
        .collect()
}

#[test]
fn tech_3342_cases_1_to_4_loudness_range() {
    let cases: [(f64, &[f64]); 4] = [
        (10.0, &[-20.0, -30.0]),
        (5.0, &[-20.0, -15.0]),
        (20.0, &[-40.0, -20.0]),
        (15.0, &[-50.0, -35.0, -20.0, -35.0, -50.0]),
    ];
    for rate in RATES {
        for (expected, levels) in cases {
            let steps: Vec<_> = levels.iter().map(|&db| (20.0, db)).collect();
            for m in stereo(rate, &steps) {
                near(m.range_lu, expected, 1.0, &format!("{levels:?} at {rate}"));
            }
        }
    }
}
