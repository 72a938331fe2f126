//! A file of a kind that is not decoded.

use super::{Check, Doc, File, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::{Unreadable, names_a_document};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "unsupported-format",
        severity: Severity::Error,
        title: "This kind of file cannot be checked",
        what: "Checked are WAV, AIFF, CAF, FLAC, ALAC, MP3, AAC, Ogg Vorbis and Opus. This file is of \
               another kind.",
        why: "Stems are delivered as WAV or AIFF, 24-bit or 32-bit float. Compressed files such as \
              MP3 have lost sound for good, and each format that not everyone reads costs a \
              question.",
        fix: "Export from your DAW as WAV or AIFF, 24-bit or 32-bit float. Do not convert an MP3: \
              what it lost does not come back.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        let finding = if is_companion(file) {
            Finding::new(CHECK.doc.code, "{file} is not an audio file and was left out.")
                .severity(Severity::Info)
                .advice("Nothing to do.")
        } else if let Err(Unreadable::Unsupported(reason)) = &file.facts.format {
            let reason = Value::Text(reason.trim_end_matches('.').to_owned());
            Finding::new(CHECK.doc.code, "{file} is of a kind that cannot be checked: {reason}.")
                .with("reason", reason)
        } else {
            continue;
        };
        found.push(finding.file(index));
    }
}

/// Whether the file is no audio and was never meant to be.
pub(super) fn is_companion(file: &File<'_>) -> bool {
    file.facts.format.is_err() && names_a_document(file.name)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[test]
    fn another_format_is_an_error_and_a_text_file_is_not() {
        let mut scene = Scene::clean();
        scene.add_unreadable("Gtr.mp3", Unreadable::Unsupported("this is an MP3 file".to_owned()));
        scene.add_unreadable("Lyrics.TXT", Unreadable::Damaged("not audio".to_owned()));
        let found = scene.found("unsupported-format");
        assert_eq!(found[0].severity, Some(Severity::Error));
        let said = "Gtr.mp3 is of a kind that cannot be checked: this is an MP3 file.";
        assert_eq!(scene.say(&found[0]), said);
        assert_eq!(found[1].severity, Some(Severity::Info));
        assert_eq!(scene.run().len(), 2, "nobody expects a text file to be named after its part");
    }
}
