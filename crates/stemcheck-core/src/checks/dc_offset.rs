//! A waveform that does not swing around zero.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "dc-offset",
        severity: Severity::Warning,
        title: "The waveform is off centre",
        what: "The waveform does not swing around zero but around a constant value (DC offset).",
        why: "It cannot be heard by itself, but it eats headroom, makes compressors and limiters \
              react wrongly, and clicks where the audio begins, ends or is cut.",
        fix: "Put a high-pass filter at about 20 Hz, or your DAW's 'remove DC offset', on this \
              track, or mend the device or plug-in that causes it, and export again.",
        source: "Common practice: reported above \u{2212}60 dBFS, to be mended above \u{2212}40 dBFS",
    },
    run,
};

/// Above this an offset takes 1 % of the headroom and clicks plainly at every edit.
const ERROR_DBFS: f64 = -40.0;

/// The lowest frequency that counts as sound.
const LOWEST_HZ: f64 = 20.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(told) = song.profile.dc_dbfs else { return };
    for file in song.sounding() {
        let offset = file.measured.dc.iter().fold(0f64, |worst, dc| worst.max(dc.abs()));
        let level = db_from_amplitude(offset);
        if level <= told || offset <= explained_by_sound(&file) {
            continue;
        }
        let finding = Finding::new(
            CHECK.doc.code,
            "The waveform of {file} is off centre by {level} (DC offset).",
        )
        .file(file.index)
        .with("level", Value::Number(level, "dBFS"))
        .amount(level, "dBFS");
        found.push(if level > ERROR_DBFS { finding.severity(Severity::Error) } else { finding });
    }
}

/// The mean that the lowest tone at this peak leaves when the file cuts its last period short; it
/// matters for files of a few seconds only.
fn explained_by_sound(file: &Heard<'_>) -> f64 {
    file.measured.peak_max() / (std::f64::consts::PI * LOWEST_HZ * file.format.seconds())
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn with_offset(dc: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(1).1.dc[1] = dc;
        scene
    }

    #[test]
    fn a_small_offset_is_a_warning_and_a_large_one_an_error() {
        let scene = with_offset(-0.0011);
        let finding = scene.one("dc-offset");
        assert_eq!(finding.severity, Some(Severity::Warning));
        let said = "The waveform of Bass.wav is off centre by \u{2212}59.2 dBFS (DC offset).";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(with_offset(0.011).one("dc-offset").severity, Some(Severity::Error));
    }

    #[test]
    fn just_below_is_fine() {
        assert!(with_offset(0.0009).is_clean());
    }

    #[test]
    fn a_short_file_has_a_mean_without_an_offset() {
        let mut scene = with_offset(0.0011);
        scene.file(1).0.frames = 48_000;
        assert!(scene.found("dc-offset").is_empty());
    }
}
