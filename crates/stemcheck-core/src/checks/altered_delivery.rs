//! A package that did not arrive as it was packed.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "altered-delivery",
        severity: Severity::Error,
        title: "Not what was packed",
        what: "The files do not agree with the checksums that were packed with them: one was changed, \
               is missing, or was not there when the song was packed.",
        why: "A file that was cut off on its way or replaced by an older one sounds right until the \
              moment that matters, and nobody knows any more which files were checked.",
        fix: "Fetch the package again. If the files were changed on purpose, check them and pack them \
              anew.",
        source: "NIST FIPS 180-4 (SHA-256); GNU coreutils, sha256sum",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(delivery) = song.delivery else { return };
    let finding = |message| Finding::new(CHECK.doc.code, message);
    for &file in &delivery.changed {
        let message = "{file} is not the file that was packed: its checksum is another.";
        found.push(finding(message).file(file));
    }
    for name in &delivery.changed_texts {
        let message = "\"{name}\" is not the file that was packed: its checksum is another.";
        found.push(finding(message).with("name", Value::List(vec![name.clone()])));
    }
    for name in &delivery.missing {
        let message = "\"{name}\" was packed, but is not there.";
        found.push(finding(message).with("name", Value::List(vec![name.clone()])));
    }
    for &file in &delivery.added {
        let message = "{file} was not there when the song was packed.";
        found.push(finding(message).file(file).severity(Severity::Warning));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use crate::checks::Delivery;

    fn said(delivery: Delivery) -> Vec<(Option<Severity>, String)> {
        let mut scene = Scene::clean();
        scene.delivery = Some(delivery);
        let found = scene.found("altered-delivery");
        found.iter().map(|finding| (finding.severity, scene.say(finding))).collect()
    }

    #[test]
    fn what_arrived_as_it_was_packed_is_fine() {
        assert_eq!(said(Delivery::default()), []);
    }

    #[test]
    fn every_difference_is_named() {
        let delivery = Delivery {
            changed: vec![1],
            changed_texts: vec!["notes.txt".to_owned()],
            missing: vec!["Keys.wav".to_owned()],
            added: vec![2],
        };
        let text = |severity, text: &str| (Some(severity), text.to_owned());
        let expected = [
            text(
                Severity::Error,
                "\"notes.txt\" is not the file that was packed: its checksum is another.",
            ),
            text(Severity::Error, "\"Keys.wav\" was packed, but is not there."),
            text(
                Severity::Error,
                "Bass.wav is not the file that was packed: its checksum is another.",
            ),
            text(Severity::Warning, "Lead vocal.wav was not there when the song was packed."),
        ];
        assert_eq!(said(delivery), expected);
    }
}
