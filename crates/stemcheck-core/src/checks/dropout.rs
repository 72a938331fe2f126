//! Holes in the sound.

use super::{Check, Doc, Finding, Song, Value, regular};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "dropout",
        severity: Severity::Warning,
        title: "The sound drops out",
        what: "In the middle of the sound there is exact digital silence for a moment, with an abrupt \
               edge on either side. If the null test says so, the mix goes on there, which proves it.",
        why: "A computer that cannot keep up while it exports or records loses a buffer: that is what \
              such a hole looks like. It clicks, and no one can bring back what is missing.",
        fix: "Listen to the places. If it is no effect that you want, raise the buffer size or export \
              offline (not in real time), and export again.",
        source: "Common practice; Essentia, GapsDetector",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding() {
        let (holes, rate) = (&file.measured.dropouts, file.format.sample_rate);
        let Some(first) = holes.places.first() else { continue };
        let even = regular::is_music(&file, &holes.places);
        let message = match (holes.count, even) {
            (1, _) => {
                "{file} drops out at {first}: {samples} of exact digital silence in the middle of \
                 the sound."
            }
            (_, false) => {
                "{file} drops out in {count} places, the first at {first}: {samples} of exact digital \
                 silence in the middle of the sound."
            }
            (_, true) => {
                "{file} is cut into by exact digital silence in {count} places, in time: that seems to be \
                 a gate or a stutter effect."
            }
        };
        let places = holes.places.iter().zip(file.places(&holes.places));
        let finding = Finding::new(CHECK.doc.code, message)
            .file(file.index)
            .with("count", Value::Count(holes.count))
            .with("first", Value::Time(seconds_from_frames(first.start, rate)))
            .with("samples", Value::Number(first.frames as f64, "samples"))
            .amount(holes.count as f64, "places")
            .places(places.map(|(_, place)| super::Place { channel: None, ..place }).collect());
        found.push(if even { finding.severity(Severity::Info).likely() } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::{Run, Runs};
    use crate::profile::Severity;

    fn scene(starts: &[u64]) -> Scene {
        let mut scene = Scene::clean();
        let places: Vec<Run> =
            starts.iter().map(|&start| Run { start, frames: 1024, channel: 0 }).collect();
        let count = places.len() as u64;
        scene.file(3).1.dropouts = Runs { count, samples: 1024 * count, places };
        scene
    }

    #[test]
    fn a_hole_is_told_with_its_length_for_all_channels() {
        let scene = scene(&[240_000]);
        let finding = scene.one("dropout");
        let said = "Mixdown.wav drops out at 0:05.0: 1,024 samples of exact digital silence in the \
                    middle of the sound.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.severity, finding.places[0].channel), (Some(Severity::Warning), None));
    }

    #[test]
    fn a_gate_is_no_fault() {
        let gated: Vec<u64> = (1..20).map(|k| k * 48_000).collect();
        assert_eq!(scene(&gated).one("dropout").severity, Some(Severity::Info));
        assert!(scene(&[]).is_clean());
    }
}
