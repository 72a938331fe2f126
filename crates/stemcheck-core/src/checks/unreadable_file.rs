//! A file that is damaged, or is not what it says it is.

use super::unsupported_format::is_companion;
use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::Unreadable;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "unreadable-file",
        severity: Severity::Error,
        title: "The file cannot be read",
        what: "The file is damaged, or its content does not match its kind.",
        why: "The engineer's software will refuse it too, or play noise. Nothing in it could be \
              checked.",
        fix: "Export this file again. If it was copied from a stick, a cloud drive or an e-mail, \
              copy it again first.",
        source: "Microsoft RIFF/WAVE and Apple AIFF specifications",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        if is_companion(file) {
            continue;
        }
        if let Err(Unreadable::Damaged(reason)) = &file.facts.format {
            let reason = Value::Text(reason.trim_end_matches('.').to_owned());
            found.push(
                Finding::new(CHECK.doc.code, "{file} cannot be read: {reason}.")
                    .file(index)
                    .with("reason", reason),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[test]
    fn a_damaged_file_is_named_with_the_reason() {
        let mut scene = Scene::clean();
        let reason = "wav: no data chunk (at byte 36)".to_owned();
        scene.add_unreadable("Gtr.wav", Unreadable::Damaged(reason));
        let finding = scene.one("unreadable-file");
        let said = scene.say(&finding);
        assert_eq!(said, "Gtr.wav cannot be read: wav: no data chunk (at byte 36).");
        assert_eq!((scene.run().len(), finding.severity), (1, Some(Severity::Error)));
    }
}
