//! A stem that holds what other stems hold.

use super::{Check, Doc, Finding, Song, Value};
use crate::null::Compound;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "subset-sum",
        severity: Severity::Error,
        title: "A stem is the sum of others",
        what: "The audio of one stem is that of several others together: a bus or group was exported \
               as well as its tracks.",
        why: "Played together these parts are there twice, 6 dB too loud, and the balance of your mix is \
              gone.",
        fix: "Send either the group or its single tracks. Which of them depends on how many stems are \
              asked for.",
        source: "All stems at 0 dB have to sound exactly as the mix: all four guides",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for compound in song.compounds.iter().filter(|compound| !compound.is_mix) {
        let message = if compound.exact {
            "{file} is the sum of {parts}: together these parts are there twice."
        } else {
            "{file} seems to be {parts} together, with some processing: then these parts are there \
             twice."
        };
        found.push(about(song, compound, CHECK.doc.code, message));
    }
}

/// A finding about a stem that is a sum. One that was processed may be meant (a parallel bus), and
/// where everything adds up to the mix it is.
pub(super) fn about(
    song: &Song<'_>,
    compound: &Compound,
    code: &'static str,
    message: &'static str,
) -> Finding {
    let finding = Finding::new(code, message)
        .file(compound.whole)
        .with("parts", Value::Names(compound.parts.clone()))
        .amount(compound.parts.len() as f64, "files");
    let finding =
        if compound.exact { finding } else { finding.severity(Severity::Warning).likely() };
    if song.nulls { finding.severity(Severity::Info) } else { finding }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn scene(exact: bool) -> Scene {
        let mut scene = Scene::clean();
        scene.compounds = vec![Compound { whole: 0, parts: vec![1, 2], exact, is_mix: false }];
        scene
    }

    #[test]
    fn a_bus_beside_its_tracks_is_an_error() {
        let scene = scene(true);
        let finding = scene.one("subset-sum");
        let said = "Drums.wav is the sum of Bass.wav and Lead vocal.wav: together these parts are \
                    there twice.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(0)));
        assert_eq!(finding.severity, Some(Severity::Error));
    }

    #[test]
    fn a_processed_one_is_a_doubt_and_one_that_adds_up_is_meant() {
        let mut scene = scene(false);
        assert_eq!(scene.one("subset-sum").severity, Some(Severity::Warning));
        scene.nulls = true;
        assert_eq!(scene.one("subset-sum").severity, Some(Severity::Info));
    }
}
