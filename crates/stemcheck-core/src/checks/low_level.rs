//! Stems so quiet that their bits go to waste.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "low-level",
        severity: Severity::Info,
        title: "The stem is very quiet",
        what: "The loudest peak of the stem lies so far below full scale that most of the file's bits \
               are never used.",
        why: "A quiet stem may be right: what counts is that all stems sum to the mix. But if it is \
              quiet by mistake (a fader, a send, the wrong output), the engineer cannot know.",
        fix: "Check that the track is as loud in the stem as in the mix. If it is, leave it. If all \
              stems are this quiet, export again as 32-bit float or louder, all by the same amount.",
        source: "Common practice: each 6 dB of level is one bit",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(least) = song.profile.least_peak_dbfs else { return };
    // Floating point is as fine at any level.
    for file in song.sounding().filter(|file| !file.is_reference() && !file.format.float) {
        let peak = db_from_amplitude(file.measured.peak_max());
        if peak < least {
            found.push(
                Finding::new(CHECK.doc.code, "{file} is very quiet: its loudest peak is {peak}.")
                    .file(file.index)
                    .with("peak", Value::Number(peak, "dBFS"))
                    .amount(peak, "dBFS"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::units::amplitude_from_db;

    fn scene(peak_db: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.profile.least_peak_dbfs = Some(-48.0);
        scene.file(1).1.peak = vec![amplitude_from_db(peak_db); 2];
        scene
    }

    #[test]
    fn a_very_quiet_stem_is_told() {
        let scene = scene(-50.0);
        let said = "Bass.wav is very quiet: its loudest peak is \u{2212}50.0 dBFS.";
        assert_eq!(scene.say(&scene.one("low-level")), said);
    }

    #[test]
    fn quiet_enough_float_and_unasked_are_fine() {
        assert!(scene(-47.0).is_clean());
        let mut float = scene(-50.0);
        float.file(1).0.float = true;
        assert!(float.found("low-level").is_empty());
        let mut unasked = scene(-50.0);
        unasked.profile.least_peak_dbfs = None;
        assert!(unasked.is_clean());
    }
}
