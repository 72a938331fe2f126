//! A stereo file with sound on one side only.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::song::words;
use crate::units::db_from_power;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "silent-channel",
        severity: Severity::Warning,
        title: "One channel is silent",
        what: "The file is stereo, but only one of its channels holds sound.",
        why: "Right for a guitar that stands fully on one side. Otherwise a channel was lost, by a \
              mono track sent to one output or half of a stereo pair: the part sounds from one \
              loudspeaker only.",
        fix: "If the part is not panned fully to one side, check the track's input, output and pan, \
              and export it again as interleaved stereo.",
        source: "Master Your Track, How to prepare the stems (interleaved stereo)",
    },
    run,
};

/// RMS below which a channel is silent while the other is above [`SOUNDING_DBFS`].
const SILENT_DBFS: f64 = -80.0;
const SOUNDING_DBFS: f64 = -60.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| file.format.channels == 2) {
        let [left, right] = file.measured.power[..] else { continue };
        let (silent, sounding) = if left < right { (left, right) } else { (right, left) };
        if db_from_power(silent) >= SILENT_DBFS || db_from_power(sounding) <= SOUNDING_DBFS {
            continue;
        }
        let (side, channel) = if left < right { ("left", 0) } else { ("right", 1) };
        let place =
            super::Place { start_s: 0.0, end_s: file.format.seconds(), channel: Some(channel) };
        found.push(
            Finding::new(CHECK.doc.code, "The {side} channel of {file} is silent.")
                .file(file.index)
                .with("side", Value::Text(side.to_owned()))
                .places(vec![place])
                .severity(severity(&file)),
        );
    }
}

/// A mix is never one-sided; a file that is called "left" is so on purpose.
fn severity(file: &Heard<'_>) -> Severity {
    const SIDES: [&str; 4] = ["l", "r", "left", "right"];
    if file.is_reference() {
        Severity::Error
    } else if words(file.name).iter().any(|word| SIDES.contains(&word.as_str())) {
        Severity::Info
    } else {
        Severity::Warning
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn with_power(file: usize, power: [f64; 2]) -> Scene {
        let mut scene = Scene::clean();
        scene.file(file).1.power = power.to_vec();
        scene
    }

    #[test]
    fn one_silent_side_is_named() {
        let scene = with_power(0, [0.01, 0.0]);
        let finding = scene.one("silent-channel");
        assert_eq!(scene.say(&finding), "The right channel of Drums.wav is silent.");
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert_eq!(
            with_power(3, [0.0, 0.01]).one("silent-channel").severity,
            Some(Severity::Error)
        );
    }

    #[test]
    fn a_file_that_is_called_left_may_be_one_sided() {
        let mut scene = with_power(0, [0.01, 0.0]);
        scene.rename(0, "Drums_L.wav");
        assert_eq!(scene.one("silent-channel").severity, Some(Severity::Info));
    }

    #[test]
    fn a_faint_channel_is_not_silent() {
        assert!(with_power(0, [0.01, 1.1e-8]).is_clean());
        assert!(with_power(0, [0.9e-6, 0.0]).is_clean());
    }
}
