//! EBU Tech 3341 and 3342, from their tables, and the `ebur128` crate as the oracle.

use std::f64::consts::PI;

use ebur128::{EbuR128, Mode};

use super::super::{Measurements, Stream, Word};
use super::{measure, merged, noise};
use crate::units::{amplitude_from_db, db_from_amplitude};

/// A 1 kHz tone in steps of so many seconds at so many dBFS.
fn steps(rate: u32, steps: &[(f64, f64)]) -> Vec<f32> {
    let levels = steps.iter().flat_map(|&(seconds, db)| {
        let frames = (seconds * f64::from(rate)).round() as usize;
        std::iter::repeat_n(amplitude_from_db(db), frames)
    });
    levels
        .enumerate()
        .map(|(n, level)| (level * (2.0 * PI * 1000.0 * n as f64 / f64::from(rate)).sin()) as f32)
        .collect()
}

/// Reads a stereo tone, whole and cut at odd places.
fn read(rate: u32, tone: &[(f64, f64)]) -> [Measurements; 2] {
    let planar = vec![steps(rate, tone); 2];
    let frames = planar[0].len();
    let cuts = [frames / 7 + 1, frames / 3 + 5, frames / 2];
    let stream = Stream { sample_rate: rate, channels: 2, word: Word::Float };
    [&[][..], &cuts].map(|cuts| merged(stream, &planar, cuts, &[65_536]).measurements())
}

const SILENCE: f64 = -300.0;

#[test]
fn tech_3341_cases_1_to_5_integrated() {
    let cases: [(f64, &[(f64, f64)]); 5] = [
        (-23.0, &[(20.0, -23.0)]),
        (-33.0, &[(20.0, -33.0)]),
        (-23.0, &[(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)]),
        (-23.0, &[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)]),
        (-23.0, &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)]),
    ];
    for (i, (expected, tone)) in cases.into_iter().enumerate() {
        let rate = if i % 2 == 0 { 44_100 } else { 48_000 };
        for m in read(rate, tone) {
            let integrated = m.integrated_lufs.expect("loud enough");
            assert!((integrated - expected).abs() < 0.1, "case {}: {integrated}", i + 1);
            if i < 2 {
                let max = [m.max_momentary_lufs, m.max_short_term_lufs];
                let steady = max.into_iter().flatten().all(|l| (l - expected).abs() < 0.1);
                assert!(steady, "case {}: {max:?}", i + 1);
            }
        }
    }
}

#[test]
fn tech_3341_case_6_five_channels() {
    let tone = |db| steps(48_000, &[(20.0, db)]);
    let silence = vec![0.0; 960_000];
    let six = [tone(-28.0), tone(-28.0), tone(-24.0), silence, tone(-30.0), tone(-30.0)];
    let integrated = measure(48_000, Word::Int(24), &six).integrated_lufs.expect("loud enough");
    assert!((integrated + 23.0).abs() < 0.1, "{integrated}");
}

#[test]
fn tech_3341_cases_9_and_10_short_term() {
    for m in read(48_000, &[(1.34, -20.0), (1.66, -30.0)].repeat(5)) {
        let max = m.max_short_term_lufs.expect("loud enough");
        assert!((max + 23.0).abs() < 0.1, "case 9: {max}");
    }
    for i in [0, 1, 7, 13, 19] {
        let delay = f64::from(i) * 0.15;
        for m in read(44_100, &[(delay, SILENCE), (3.0, -23.0), (1.0, SILENCE)]) {
            let max = m.max_short_term_lufs.expect("loud enough");
            assert!((max + 23.0).abs() < 0.1, "case 10, {i}: {max}");
        }
    }
}

#[test]
fn tech_3341_cases_12_and_13_momentary() {
    for m in read(48_000, &[(0.18, -20.0), (0.22, -30.0)].repeat(25)) {
        // Constant after 1 s, as far as whole windows go.
        let windows = &m.momentary_lufs[10..96];
        assert!(windows.iter().all(|l| (l + 23.0).abs() < 0.1), "case 12: {windows:?}");
    }
    for rate in [44_100, 48_000] {
        for i in 0..20 {
            let delay = f64::from(i) * 0.02;
            for m in read(rate, &[(delay, SILENCE), (0.4, -23.0), (1.0, SILENCE)]) {
                let max = m.max_momentary_lufs.expect("loud enough");
                assert!((max + 23.0).abs() < 0.1, "case 13, {i} at {rate}: {max}");
            }
        }
    }
}

#[test]
fn tech_3342_cases_1_to_4_range() {
    let cases: [(f64, &[f64]); 4] = [
        (10.0, &[-20.0, -30.0]),
        (5.0, &[-20.0, -15.0]),
        (20.0, &[-40.0, -20.0]),
        (15.0, &[-50.0, -35.0, -20.0, -35.0, -50.0]),
    ];
    for (expected, levels) in cases {
        let tone: Vec<_> = levels.iter().map(|&db| (20.0, db)).collect();
        for m in read(48_000, &tone) {
            let range = m.range_lu.expect("loud enough");
            assert!((range - expected).abs() < 1.0, "{expected}: {range}");
        }
    }
}

/// Noise with a beat, a swell and a different tilt left and right.
fn music(rate: u32, seconds: u32) -> Vec<Vec<f32>> {
    [3u32, 5]
        .iter()
        .map(|&seed| {
            let mut low = 0.0;
            let frames = (rate * seconds) as usize;
            noise(seed)
                .take(frames)
                .enumerate()
                .map(|(n, x)| {
                    let t = n as f32 / rate as f32;
                    low += (x - low) / seed as f32;
                    let swell = 0.55 - 0.45 * (t * 0.7).cos();
                    low * swell * (-(t * 2.1).fract() * 4.0).exp()
                })
                .collect()
        })
        .collect()
}

#[test]
fn reads_what_the_oracle_reads() {
    for rate in [8_000, 44_100, 48_000, 96_000] {
        let planar = music(rate, 12);
        let mode = Mode::I | Mode::S | Mode::M | Mode::TRUE_PEAK;
        let mut oracle = EbuR128::new(2, rate, mode).expect("a legal meter");
        let (mut momentary, mut short_term) = (f64::MIN, f64::MIN);
        let step = rate as usize / 100;
        for from in (0..planar[0].len()).step_by(step) {
            let frames: Vec<_> = planar.iter().map(|c| &c[from..from + step]).collect();
            oracle.add_frames_planar_f32(&frames).expect("two channels");
            momentary = momentary.max(oracle.loudness_momentary().expect("momentary"));
            short_term = short_term.max(oracle.loudness_shortterm().expect("short-term"));
        }
        let ours = measure(rate, Word::Float, &planar);
        let integrated = oracle.loudness_global().expect("global");
        for (name, ours, theirs) in [
            ("integrated", ours.integrated_lufs, integrated),
            ("momentary", ours.max_momentary_lufs, momentary),
            ("short-term", ours.max_short_term_lufs, short_term),
        ] {
            let ours = ours.expect("loud enough");
            assert!((ours - theirs).abs() < 1e-6, "{name} at {rate}: {ours}, oracle {theirs}");
        }
        for c in 0..2 {
            let theirs = db_from_amplitude(oracle.true_peak(c).expect("true peak"));
            let ours = db_from_amplitude(ours.true_peak[c as usize]);
            // The oracle's filter has fewer phases and more ripple.
            assert!((ours - theirs).abs() < 0.5, "true peak at {rate}: {ours}, oracle {theirs}");
        }
    }
}
