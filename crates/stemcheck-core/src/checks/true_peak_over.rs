//! Peaks between the samples that go above full scale.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "true-peak-over",
        severity: Severity::Info,
        title: "Peaks between the samples go over",
        what: "No sample is above full scale, but the waveform between them is (true peak above \
               0 dBTP).",
        why: "Nothing is lost in the file. A converter or an encoder that plays it as it is would \
              distort; the engineer turns it down first, so that it rarely matters for stems.",
        fix: "If you export again anyway, turn all tracks down by the same amount, so that true peaks \
              stay below 0 dBTP.",
        source: "ITU-R BS.1770-5, Annex 2; EBU R 128 (true peak)",
    },
    run,
};

/// The filter itself may read this much too high, in dB.
const ERROR_DB: f64 = 0.02;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard() {
        let measured = file.measured;
        let true_peak = db_from_amplitude(measured.true_peak_max());
        // What clips, or goes over with its samples, is told as that.
        let told = measured.peak_max() > 1.0 || measured.clipping.count > 0;
        if told || true_peak <= ERROR_DB {
            continue;
        }
        found.push(
            Finding::new(
                CHECK.doc.code,
                "Between its samples {file} reaches {over} above full scale (true peak).",
            )
            .file(file.index)
            .with("over", Value::Number(true_peak, "dB"))
            .amount(true_peak, "dBTP"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    fn scene(true_peak: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.profile.stem_headroom_db = None;
        (scene.file(2).1.peak[0], scene.file(2).1.true_peak[0]) = (0.99, true_peak);
        scene
    }

    #[test]
    fn an_over_between_samples_is_told() {
        let scene = scene(1.1);
        let said =
            "Between its samples Lead vocal.wav reaches 0.8 dB above full scale (true peak).";
        assert_eq!(scene.say(&scene.one("true-peak-over")), said);
    }

    #[test]
    fn full_scale_and_what_is_told_otherwise_are_not() {
        assert!(scene(1.0).is_clean());
        let mut clipped = scene(1.2);
        clipped.file(2).1.clipping.count = 2;
        assert!(clipped.found("true-peak-over").is_empty());
        let mut over = scene(1.2);
        over.file(2).1.peak[0] = 1.1;
        assert!(over.found("true-peak-over").is_empty());
    }
}
