//! A stereo file whose channels are the same.

use super::{Check, Doc, Finding, Song};
use crate::profile::Severity;
use crate::units::power_from_db;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "dual-mono",
        severity: Severity::Info,
        title: "Both channels are the same",
        what: "The file is stereo, but left and right hold the same audio: it sounds as mono.",
        why: "For kick, bass or a lead vocal that is normal. For what you hear wide in the mix, the \
              stereo image was lost in the export.",
        fix: "Nothing to do if this sound is meant to stand in the middle. Otherwise check that the \
              track and its outputs are stereo, and export again.",
        source: "MasteringBOX, Stem mastering guide (stereo stems)",
    },
    run,
};

/// What is left of the difference between the channels where they differ by dither only.
const SIDE_DB: f64 = -80.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| file.format.channels == 2) {
        let (measured, power) = (file.measured, file.measured.power_mean());
        let same = measured.largest_difference == Some(0.0);
        // Mean of L² and R² is mid² + side²; one side alone is half of it.
        let nearly = measured.side_power.is_some_and(|side| side < power_from_db(SIDE_DB) * power);
        let message = match (same, nearly) {
            (true, _) => "Left and right of {file} are identical: it sounds as mono.",
            (_, true) => "Left and right of {file} differ by noise only: it sounds as mono.",
            _ => continue,
        };
        found.push(Finding::new(CHECK.doc.code, message).file(file.index));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn scene(difference: f64, side_of_power: f64) -> Scene {
        let mut scene = Scene::clean();
        let measured = scene.file(0).1;
        measured.largest_difference = Some(difference);
        measured.side_power = Some(measured.power_mean() * side_of_power);
        scene
    }

    #[test]
    fn the_same_and_nearly_the_same_are_told_apart() {
        let same = scene(0.0, 0.0);
        assert!(same.say(&same.one("dual-mono")).contains("identical"));
        assert_eq!(same.one("dual-mono").severity, Some(Severity::Info));
        let nearly = scene(1e-5, 0.9e-8);
        assert!(nearly.say(&nearly.one("dual-mono")).contains("noise only"));
    }

    #[test]
    fn a_little_width_is_stereo() {
        assert!(scene(1e-4, 1.1e-8).is_clean());
    }
}
