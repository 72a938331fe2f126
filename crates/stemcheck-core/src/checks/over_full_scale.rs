//! Float files that go above full scale: hot, but not clipped.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "over-full-scale",
        severity: Severity::Warning,
        title: "Peaks above full scale, not clipped",
        what: "The file is floating point and has peaks above 0 dBFS. A float file can hold them: \
               nothing is lost.",
        why: "The peaks will be cut off as soon as anyone turns the file into 24-bit, plays it \
              directly, or feeds it to a plug-in that does not expect them.",
        fix: "Keep the 32-bit float export, and do not convert it to 24-bit. Better still, turn all \
              tracks down by the same amount until every meter stays below 0 dB, and export again.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (no clipping)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard().filter(|file| file.format.float && file.measured.peak_max() > 1.0) {
        let peak = db_from_amplitude(file.measured.peak_max());
        found.push(
            Finding::new(
                CHECK.doc.code,
                "{file} peaks at {peak}. It is not clipped, because it is a float file, but it \
                 would clip if it were converted to 24-bit.",
            )
            .file(file.index)
            .with("peak", Value::Number(peak, "dBFS"))
            .amount(peak, "dBFS")
            .places(file.places(&file.measured.over_full_scale.places)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    fn float_with_peak(peak: f64) -> Scene {
        let mut scene = Scene::clean();
        for file in 0..3 {
            let (format, measured) = scene.file(file);
            (format.bits, format.valid_bits, format.float, measured.used_bits) = (32, 32, true, 32);
        }
        scene.file(0).1.peak[1] = peak;
        scene
    }

    #[test]
    fn a_hot_float_file_is_told_that_it_is_not_clipped() {
        let scene = float_with_peak(1.5);
        let finding = scene.one("over-full-scale");
        assert!(scene.say(&finding).starts_with("Drums.wav peaks at +3.5 dBFS. It is not clipped"));
        assert_eq!(scene.run().len(), 1);
    }

    #[test]
    fn full_scale_itself_is_not_above_it() {
        assert!(float_with_peak(1.0).found("over-full-scale").is_empty());
    }
}
