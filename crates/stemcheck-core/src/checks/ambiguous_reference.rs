//! Several files that could be the mix.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::{Role, words};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "ambiguous-reference",
        severity: Severity::Warning,
        title: "Several files could be the reference mix",
        what: "More than one file is called like a stereo mix, or is the sum of the stems.",
        why: "The engineer does not know which version you mean, and the stems may have been compared \
              with the wrong one.",
        fix: "Send the latest mix alone and leave the others out. To check against another one, \
              choose it as reference: in the page by the role of the file, on the command line with \
              --reference.",
        source: "Des Grey, Mastering from track separates (always the latest stereo mixdown)",
    },
    run,
};

/// Whose name says that it is a master is no second mix: it is often sent along to listen to.
const MASTER_WORDS: [&str; 3] = ["master", "mastered", "mastering"];

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let reference = song.files.iter().position(|file| file.role == Role::Reference);
    let (Some(reference), false) = (reference, song.rivals.is_empty()) else { return };
    let is_master = |index: &usize| {
        let name = song.files.get(*index).map_or("", |file| file.name);
        words(name).iter().any(|word| MASTER_WORDS.contains(&word.as_str()))
    };
    let finding = Finding::new(
        CHECK.doc.code,
        if song.rivals.len() == 1 {
            "{file} was taken as the reference mix, but {rivals} could be it too; it is left out of \
             the sum."
        } else {
            "{file} was taken as the reference mix, but {rivals} could be it too; they are left out \
             of the sum."
        },
    )
    .file(reference)
    .with("rivals", Value::Names(song.rivals.clone()))
    .amount(song.rivals.len() as f64, "files");
    let is_plain = song.rivals.iter().all(is_master) && !is_master(&reference);
    found.push(if is_plain { finding.severity(Severity::Info) } else { finding });
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn with(rivals: &[&str]) -> Scene {
        let mut scene = Scene::clean();
        for (at, name) in rivals.iter().enumerate() {
            scene.add(name, Role::Other);
            scene.rivals.push(4 + at);
        }
        scene
    }

    #[test]
    fn another_mix_is_named() {
        let scene = with(&["Mix old.wav"]);
        let finding = scene.one("ambiguous-reference");
        let said = "Mixdown.wav was taken as the reference mix, but Mix old.wav could be it too; it \
                    is left out of the sum.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(3)));
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert_eq!(with(&["Mix 1.wav", "Mix 2.wav"]).one("ambiguous-reference").value, Some(2.0));
    }

    #[test]
    fn a_master_beside_the_mix_is_good_to_know() {
        let finding = with(&["Song Master.wav"]).one("ambiguous-reference");
        assert_eq!(finding.severity, Some(Severity::Info));
        assert!(with(&[]).is_clean());
    }
}
