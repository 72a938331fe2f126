//! No mix to compare the stems with.

use super::{Check, Doc, Finding, Song};
use crate::profile::Severity;
use crate::song::Role;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "no-reference",
        severity: Severity::Warning,
        title: "No reference mix",
        what: "There is no stereo mixdown among the files, or none that could be recognised.",
        why: "The engineer needs your mix to hear what you mean. Here it is needed for the null \
              test, which plays all stems together, subtracts your mix and shows what differs.",
        fix: "Export the whole song as one stereo file, from the same project and the same start as \
              the stems, with nothing limiting the master bus. Call it, for example, \
              \"SongTitle_Mixdown.wav\", or choose the file as reference here.",
        source: "All four guides (always add the latest stereo mixdown)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    if !song.files.iter().any(|file| file.role == Role::Reference) {
        let message = "There is no reference mix: whether the stems sound as your mix cannot be \
                       checked.";
        found.push(Finding::new(CHECK.doc.code, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn stems_alone_are_not_enough() {
        let mut scene = Scene::clean();
        scene.remove_reference();
        assert_eq!(scene.one("no-reference").file, None);
    }
}
