//! A file without a single sample.

use super::{Check, Doc, Finding, Song};
use crate::profile::Severity;
use crate::song::Unreadable;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "empty-audio",
        severity: Severity::Error,
        title: "The file holds no audio",
        what: "The file has no sample in it, not even silence.",
        why: "There is nothing to master. The export failed or had an empty range.",
        fix: "Select the whole song as the export range and export this stem again.",
        source: "All four guides: every stem runs over the whole song",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        let empty = match &file.facts.format {
            Ok(format) => format.frames == 0,
            Err(why) => matches!(why, Unreadable::Empty(_)),
        };
        if empty {
            found.push(Finding::new(CHECK.doc.code, "{file} holds no audio at all.").file(index));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[test]
    fn no_frame_is_empty_and_one_is_not() {
        let mut scene = Scene::clean();
        scene.file(0).0.frames = 0;
        scene.file(1).0.frames = 1;
        scene.add_unreadable("Gtr.wav", Unreadable::Empty("0 bytes of audio".to_owned()));
        let files: Vec<_> = scene.found("empty-audio").iter().map(|found| found.file).collect();
        assert_eq!(files, [Some(0), Some(4)]);
    }
}
