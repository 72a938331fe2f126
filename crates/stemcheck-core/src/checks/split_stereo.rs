//! The two sides of one stereo sound in two mono files.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::song::stereo_pairs;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "split-stereo",
        severity: Severity::Warning,
        title: "Left and right are two files",
        what: "Two mono files are called alike but for 'L' and 'R': one stereo sound was exported as \
               two files.",
        why: "Imported as they are, both sides play in the middle, and the stereo image is gone.",
        fix: "Export this track as one interleaved stereo file (Pro Tools: File format 'Interleaved' \
              instead of 'Multiple mono'). If they are two takes that you panned apart, print them \
              with their panning.",
        source: "Master Your Track, How to prepare the stems (interleaved stereo)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (left, right) in pairs(song) {
        let message = "{file} and {right} seem to be the two sides of one stereo sound, in two mono \
                       files.";
        let finding = Finding::new(CHECK.doc.code, message).file(left);
        let finding = finding.with("right", Value::Name(right)).likely();
        found.push(if song.profile.stereo_files == Some(true) {
            finding
        } else {
            finding.severity(Severity::Info)
        });
    }
}

/// Mono files of one length that are called like two sides.
pub(super) fn pairs(song: &Song<'_>) -> Vec<(usize, usize)> {
    let mono: Vec<Heard<'_>> = song.heard().filter(|file| file.format.channels == 1).collect();
    let names: Vec<&str> = mono.iter().map(|file| file.name).collect();
    let alike = |a: &Heard<'_>, b: &Heard<'_>| {
        (a.format.frames, a.format.sample_rate) == (b.format.frames, b.format.sample_rate)
    };
    stereo_pairs(&names)
        .into_iter()
        .filter_map(|(left, right)| Some((mono.get(left)?, mono.get(right)?)))
        .filter(|(left, right)| alike(left, right))
        .map(|(left, right)| (left.index, right.index))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use crate::song::Role;

    fn split() -> Scene {
        let mut scene = Scene::clean();
        scene.add("Keys_R.wav", Role::Stem);
        scene.add("Keys_L.wav", Role::Stem);
        scene.file(4).0.channels = 1;
        scene.file(5).0.channels = 1;
        scene
    }

    #[test]
    fn two_mono_files_that_are_called_so() {
        let mut scene = split();
        let finding = scene.one("split-stereo");
        let said = "Keys_L.wav and Keys_R.wav seem to be the two sides of one stereo sound, in two \
                    mono files.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(5)));
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert!(scene.found("mono-file").is_empty(), "that is said once");
        scene.profile.stereo_files = Some(false);
        assert_eq!(scene.one("split-stereo").severity, Some(Severity::Info));
    }

    #[test]
    fn stereo_files_and_other_lengths_are_none() {
        let mut stereo = split();
        stereo.file(4).0.channels = 2;
        stereo.file(5).0.channels = 2;
        assert!(stereo.is_clean());
        let mut other = split();
        other.file(4).0.frames -= 1;
        assert!(other.found("split-stereo").is_empty());
    }
}
