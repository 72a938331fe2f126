//! Samples that are no numbers.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "invalid-samples",
        severity: Severity::Error,
        title: "The file holds invalid samples",
        what: "Some samples are not numbers (NaN) or infinite. Only floating-point files can hold \
               such values; a plug-in that failed writes them.",
        why: "They are heard as a loud crack, or silence every effect that they run through, and \
              some programs refuse the file.",
        fix: "Find the plug-in that fails at the marked places (bypass them one at a time), reload \
              or replace it, and export again.",
        source: "IEEE 754",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard().filter(|file| file.measured.invalid.count > 0) {
        let invalid = &file.measured.invalid;
        let first = invalid.places.first().map_or(0, |run| run.start);
        let first = seconds_from_frames(first, file.format.sample_rate);
        let message = if invalid.samples == 1 {
            "{file} holds one invalid sample (not a number), at {first}."
        } else {
            "{file} holds {count} invalid samples (not numbers), the first at {first}."
        };
        found.push(
            Finding::new(CHECK.doc.code, message)
                .file(file.index)
                .with("count", Value::Count(invalid.samples))
                .with("first", Value::Time(first))
                .amount(invalid.samples as f64, "samples")
                .places(file.places(&invalid.places)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::{Run, Runs};

    #[test]
    fn they_are_counted_and_placed() {
        let mut scene = Scene::clean();
        let places = vec![Run { start: 48_000, frames: 3, channel: 1 }];
        scene.file(0).1.invalid = Runs { count: 1, samples: 3, places };
        let finding = scene.one("invalid-samples");
        let said = "Drums.wav holds 3 invalid samples (not numbers), the first at 0:01.0.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.places[0].start_s, finding.places[0].channel), (1.0, Some(1)));
    }
}
