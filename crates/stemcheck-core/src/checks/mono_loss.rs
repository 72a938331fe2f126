//! A mix that loses too much in mono, as a whole or in its low end.

use super::{Check, Doc, Finding, Song, Value, out_of_phase_channels};
use crate::measure::Measurements;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mono-loss",
        severity: Severity::Warning,
        title: "The mix loses much of its level in mono",
        what: "Left and right partly cancel when they are added: in mono the mix, or its low end, \
               becomes clearly weaker.",
        why: "Phones, many loudspeakers in shops and bars, club systems and the low end of most \
              systems are mono, and vinyl needs a mono low end.",
        fix: "Listen to the mix in mono. Look for a stereo widener, a stereo bass or a microphone \
              pair that cancels, make the bass mono below about 120 Hz, and export again.",
        source: "Des Grey, Mastering from track separates (phase, low end); common practice",
    },
    run,
};

/// Unrelated channels, the widest that is usual, lose 3 dB.
const WARNING_DB: f64 = -5.0;
/// Here the sides are louder than the middle by far.
const ERROR_DB: f64 = -9.0;
/// The low end of nearly every mix is mono.
const LOW_WARNING_DB: f64 = -2.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let reference = song.sounding().find(super::Heard::is_reference);
    let mix = reference.map(|file| (Some(file.index), file.measured));
    let mix = mix.or(song.sum.map(|sum| (None, sum)));
    found.extend(mix.and_then(|(file, measured)| mix_finding(file, measured)));
    for file in song.sounding().filter(|file| !file.is_reference()) {
        let Some(loss) = lost(file.measured, WARNING_DB) else { continue };
        let message = "{file} becomes {loss} weaker in mono. On a single track that may be meant.";
        let finding = told(message, loss).file(file.index).severity(Severity::Info);
        found.push(finding);
    }
}

/// The loss, where it passes a limit and is not told already.
fn lost(measured: &Measurements, limit_db: f64) -> Option<f64> {
    measured.mono_db.filter(|db| *db < limit_db && !out_of_phase_channels::is_told(measured))
}

fn mix_finding(file: Option<usize>, measured: &Measurements) -> Option<Finding> {
    let finding = if let Some(loss) = lost(measured, WARNING_DB) {
        let finding = told(
            match file {
                Some(_) => "{file} becomes {loss} weaker in mono.",
                None => "All stems together become {loss} weaker in mono.",
            },
            loss,
        );
        if loss < ERROR_DB { finding.severity(Severity::Error) } else { finding }
    } else {
        let loss = measured.low_mono_db.filter(|db| *db < LOW_WARNING_DB)?;
        told(
            match file {
                Some(_) => "The low end of {file} becomes {loss} weaker in mono: the bass cancels.",
                None => {
                    "The low end of all stems together becomes {loss} weaker in mono: the bass \
                     cancels."
                }
            },
            loss,
        )
    };
    Some(Finding { file, ..finding })
}

fn told(message: &'static str, loss: f64) -> Finding {
    Finding::new(CHECK.doc.code, message)
        .with("loss", Value::Number(-loss, "dB"))
        .amount(loss, "dB")
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn with_loss(file: usize, mono_db: f64, low_mono_db: f64) -> Scene {
        let mut scene = Scene::clean();
        let measured = scene.file(file).1;
        (measured.mono_db, measured.low_mono_db) = (Some(mono_db), Some(low_mono_db));
        scene
    }

    #[test]
    fn a_mix_is_judged_and_a_stem_only_noted() {
        let scene = with_loss(3, -5.2, -1.0);
        let finding = scene.one("mono-loss");
        assert_eq!(scene.say(&finding), "Mixdown.wav becomes 5.2 dB weaker in mono.");
        assert_eq!((finding.file, finding.severity), (Some(3), Some(Severity::Warning)));
        let severe = with_loss(3, -9.5, -1.0).one("mono-loss");
        assert_eq!(severe.severity, Some(Severity::Error));
        assert_eq!(with_loss(1, -9.5, -9.0).one("mono-loss").severity, Some(Severity::Info));
    }

    #[test]
    fn without_a_mix_the_sum_is_judged() {
        let mut scene = Scene::clean();
        scene.remove_reference();
        scene.sum.as_mut().unwrap().low_mono_db = Some(-2.4);
        let said =
            "The low end of all stems together becomes 2.4 dB weaker in mono: the bass cancels.";
        assert_eq!(scene.say(&scene.one("mono-loss")), said);
    }

    #[test]
    fn just_inside_is_fine_and_so_is_what_is_told_already() {
        assert!(with_loss(3, -4.9, -1.9).is_clean());
        assert!(with_loss(1, -4.9, -8.0).is_clean());
        let mut scene = with_loss(3, -12.0, -1.0);
        scene.file(3).1.correlation = Some(-0.95);
        assert!(scene.found("mono-loss").is_empty());
    }
}
