//! The `ebur128` crate as the oracle. What the EBU's own signals have to read is in the workspace's
//! `tests/compliance.rs`.

use ebur128::{EbuR128, Mode};

use super::super::Word;
use super::{measure, noise};
use crate::units::db_from_amplitude;

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
