//! Peaks that were cut off at full scale.

use super::{Check, Doc, Finding, Heard, Song, Value, clipped_below_full_scale};
use crate::measure::Runs;
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "clipping",
        severity: Severity::Error,
        title: "The audio is clipped",
        what: "Three or more samples in a row lie at full scale, the largest value that a file can \
               hold: the tops of the waveform were cut off. If the null test says so, one of stem and \
               mix is clipped and the other is not.",
        why: "Clipping is distortion that nobody can take out again, and mastering makes it more \
              obvious.",
        fix: "Turn the track (or the group it runs through) down until its meter stays below 0 dB, \
              and export again. Turn all stems down by the same amount, so that the balance stays. \
              Turning the exported file down does not help.",
        source: "All four guides (no clipping); three samples in a row as in Audacity, Find \
                 Clipping",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard() {
        let Some(clipping) = clipped(&file) else { continue };
        let first = clipping.places.first().map_or(0, |run| run.start);
        let message = if clipping.count == 1 {
            "{file} is clipped in one place, at {first}."
        } else {
            "{file} is clipped in {count} places, the first at {first}."
        };
        let finding = Finding::new(CHECK.doc.code, message)
            .file(file.index)
            .with("count", Value::Count(clipping.count))
            .with("first", Value::Time(seconds_from_frames(first, file.format.sample_rate)))
            .amount(clipping.count as f64, "runs")
            .places(file.places(&clipping.places));
        found.push(if file.is_reference() { on_reference(finding) } else { finding });
    }
}

/// Runs at full scale of the stored word, or of the shorter one that the samples really have: of
/// 16 bits in a file of 24, the stored word's full scale is seen on one side only.
fn clipped<'a>(file: &Heard<'a>) -> Option<&'a Runs> {
    let measured = file.measured;
    let of_few_bits = measured.cut_tops.as_ref().map(|tops| &tops.runs);
    let of_few_bits = of_few_bits.filter(|_| clipped_below_full_scale::is_full_scale(file));
    let stored = Some(&measured.clipping).filter(|runs| runs.count > 0);
    of_few_bits.into_iter().chain(stored).max_by_key(|runs| runs.count)
}

/// Nobody works on the reference; that it clips matters for what it tells of the master bus.
fn on_reference(finding: Finding) -> Finding {
    finding.severity(Severity::Warning).advice(
        "Pull the master fader down until its meter stays below 0 dB and export the reference \
         again. Do the same for the stems if they run through the master bus.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::{Run, Runs};
    use crate::profile::Severity;

    fn clipped(file: usize) -> Scene {
        let mut scene = Scene::clean();
        let places = vec![Run { start: 96_000, frames: 4, channel: 0 }];
        let measured = scene.file(file).1;
        measured.clipping = Runs { count: 14, samples: 60, places };
        measured.peak[0] = 1.0;
        scene
    }

    #[test]
    fn a_clipped_stem_is_an_error_with_places() {
        let scene = clipped(0);
        let finding = scene.one("clipping");
        assert_eq!(scene.say(&finding), "Drums.wav is clipped in 14 places, the first at 0:02.0.");
        assert_eq!((finding.value, finding.unit), (Some(14.0), "runs"));
        assert_eq!((finding.severity, finding.places.len()), (Some(Severity::Error), 1));
        assert_eq!(scene.run().len(), 1, "low headroom goes without saying");
    }

    #[test]
    fn a_clipped_reference_is_a_warning() {
        assert_eq!(clipped(3).one("clipping").severity, Some(Severity::Warning));
    }

    #[test]
    fn a_single_sample_at_full_scale_is_not_clipping() {
        let mut scene = Scene::clean();
        scene.file(0).1.peak[0] = 1.0;
        assert!(scene.found("clipping").is_empty());
    }
}
