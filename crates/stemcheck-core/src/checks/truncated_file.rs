//! A file that ends before its header says it does.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::{Format, HeaderNote};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "truncated-file",
        severity: Severity::Error,
        title: "The end of the file is missing",
        what: "The header announces more audio than the file holds.",
        why: "An export or a copy was interrupted: the end of the song is missing in this stem.",
        fix: "Copy the file again from where it was exported to. If that one is short too, check \
              that the disk is not full and export again.",
        source: "Microsoft RIFF/WAVE and Apple AIFF specifications",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        let Some(format) = file.format() else { continue };
        for note in &file.facts.notes {
            if let HeaderNote::Truncated { claimed_bytes, present_bytes, .. } = note {
                found.push(finding(format, *claimed_bytes, *present_bytes).file(index));
            }
        }
    }
}

fn finding(format: &Format, claimed: u64, present: u64) -> Finding {
    let bytes_a_frame =
        u64::from(format.bits.div_ceil(8).max(1)) * u64::from(format.channels.max(1));
    let seconds =
        |bytes: u64| bytes as f64 / (bytes_a_frame * u64::from(format.sample_rate)) as f64;
    let missing = seconds(claimed.saturating_sub(present));
    Finding::new(
        CHECK.doc.code,
        "The last {missing} of {file} are missing: its header announces {claimed} of audio.",
    )
    .with("claimed", Value::Time(seconds(claimed)))
    .with("missing", Value::Number(missing, "s"))
    .amount(missing, "s")
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn scene(claimed_bytes: u64) -> Scene {
        let mut scene = Scene::clean();
        let note = HeaderNote::Truncated { claimed_bytes, present_bytes: 6 * 480_000, at_byte: 40 };
        scene.facts(1).notes.push(note);
        scene
    }

    #[test]
    fn the_missing_time_is_told() {
        let scene = scene(6 * 720_000);
        let finding = scene.one("truncated-file");
        let said = "The last 5.0 s of Bass.wav are missing: its header announces 0:15.0 of audio.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.value, finding.unit), (Some(5.0), "s"));
    }
}
