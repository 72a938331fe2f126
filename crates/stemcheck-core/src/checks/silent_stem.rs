//! A file in which nothing sounds.

use super::{Check, Doc, Finding, Song, Value};
use crate::measure::Measurements;
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "silent-stem",
        severity: Severity::Error,
        title: "The file is silent",
        what: "From beginning to end nothing in this file can be heard.",
        why: "Usually the track was muted, or another one soloed, during the export: the part would \
              be missing in the master.",
        fix: "Unmute the track, clear all solos and export it again. If the track is empty on \
              purpose, leave the file out.",
        source: "Master Your Track, How to prepare the stems (double-check: new project, import, \
                 listen)",
    },
    run,
};

/// Above the dither of a 16-bit file, one step of which lies at -90.3 dBFS.
const SILENCE_DBFS: f64 = -90.0;

/// Whether nothing can be heard. A file of nothing but invalid samples has another fault.
pub(super) fn is_silent(measured: &Measurements) -> bool {
    db_from_amplitude(measured.peak_max()) < SILENCE_DBFS && measured.invalid.count == 0
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard().filter(|file| file.format.frames > 0 && is_silent(file.measured)) {
        let peak = db_from_amplitude(file.measured.peak_max());
        let message = if peak.is_finite() {
            "{file} is silent: its loudest sample is at {peak}."
        } else {
            "{file} is silent from beginning to end."
        };
        found.push(
            Finding::new(CHECK.doc.code, message)
                .file(file.index)
                .with("peak", Value::Number(peak, "dBFS"))
                .amount(peak, "dBFS"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    fn with_peak(peak: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(1).1.peak = vec![peak, 0.0];
        scene
    }

    #[test]
    fn digital_silence_and_dither_are_silent() {
        let scene = with_peak(0.0);
        let finding = scene.one("silent-stem");
        assert_eq!(scene.say(&finding), "Bass.wav is silent from beginning to end.");
        assert_eq!((finding.value, scene.run().len()), (None, 1));
        assert_eq!(with_peak(2f64.powi(-15)).found("silent-stem").len(), 1);
    }

    #[test]
    fn the_quietest_sound_is_not_silent() {
        assert!(with_peak(2f64.powi(-14)).found("silent-stem").is_empty());
    }
}
