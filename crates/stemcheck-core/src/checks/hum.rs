//! Hum of the mains on a stem.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "hum",
        severity: Severity::Warning,
        title: "A track hums",
        what: "Under the music there is a steady low tone of 50 or 60 Hz, the frequency of the mains, \
               usually with overtones: in the pauses as in the loud parts.",
        why: "Hum comes from a ground loop, a guitar pickup or a bad cable. Compression and limiting \
              bring it up, and once the stems are mixed it can hardly be taken out.",
        fix: "Listen to the pauses of this track. Remove the hum there with a gate or with cuts, or \
              with narrow notches or a hum remover, and export again. If it is a note that you play, \
              leave it.",
        source: "Common practice; M. Brandt and J. Bitzer, Automatic detection of hum in audio \
                 signals, J. Audio Eng. Soc. 62 (2014)",
    },
    run,
};

/// A mix is not looked at: below its bass nobody finds hum for certain.
fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| !file.is_reference()) {
        let Some(hum) = file.measured.hum else { continue };
        let message = "{file} seems to hum: in its pauses too there is a steady tone of {mains} Hz or of \
                       its overtones, at {level}.";
        let finding = Finding::new(CHECK.doc.code, message)
            .file(file.index)
            .with("mains", Value::Count(hum.mains_hz.into()))
            .with("level", Value::Number(hum.level_dbfs, "dBFS"))
            .amount(hum.level_dbfs, "dBFS");
        found.push(finding.likely());
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Hum;
    use crate::null::Confidence;
    use crate::profile::Severity;

    #[test]
    fn a_stem_that_hums_is_told_and_a_mix_is_not() {
        let hum = Some(Hum { mains_hz: 50, level_dbfs: -60.2, lines: 3 });
        let mut scene = Scene::clean();
        scene.file(3).1.hum = hum;
        assert!(scene.is_clean());
        scene.file(1).1.hum = hum;
        let finding = scene.one("hum");
        let said = "Bass.wav seems to hum: in its pauses too there is a steady tone of 50 Hz or of its \
                    overtones, at −60.2 dBFS.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert_eq!(finding.confidence, Confidence::Likely);
    }
}
