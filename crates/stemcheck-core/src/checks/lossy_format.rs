//! A stem that is an MP3, AAC, Vorbis or Opus file.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::Role;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "lossy-format",
        severity: Severity::Error,
        title: "Compressed with loss",
        what: "The stem is an MP3, AAC, Vorbis or Opus file: its encoder left out what it took for \
               inaudible.",
        why: "What is left out of a stem is heard as soon as mastering turns it up, filters or widens \
              it, and the stems no longer add up to the mix. What was left out does not come back.",
        fix: "Export the stem from your DAW again as WAV or AIFF, 24-bit or 32-bit float. Converting \
              this file to WAV does not help.",
        source: "Master Your Track, How to prepare the stems (WAV or AIFF, never MP3); Des Grey, \
                 Mastering from track separates",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        let Some(format) = file.format() else { continue };
        // The mix as an MP3 is the business of `reference-lossy`.
        if file.role == Role::Reference || !format.is_lossy() {
            continue;
        }
        found.push(
            Finding::new(
                CHECK.doc.code,
                "{file} is {codec}: part of its sound has been left out for good.",
            )
            .file(index)
            .with("codec", Value::Text(spoken(&format.codec))),
        );
    }
}

/// A codec as people call it.
pub(super) fn spoken(codec: &str) -> String {
    match codec {
        "mp3" => "an MP3 file",
        "aac" => "an AAC file",
        "vorbis" => "an Ogg Vorbis file",
        "opus" => "an Opus file",
        _ => "a lossy file",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    /// A song of which one file is lossy.
    fn scene(file: usize, codec: &str) -> Scene {
        let mut scene = Scene::clean();
        let format = scene.file(file).0;
        codec.clone_into(&mut format.codec);
        if !matches!(codec, "alac" | "flac") {
            (format.bits, format.valid_bits, format.float) = (0, 0, true);
        }
        scene
    }

    #[test]
    fn a_lossy_stem_is_an_error_and_nothing_is_said_of_its_bits() {
        let scene = scene(1, "aac");
        let finding = scene.one("lossy-format");
        assert_eq!((finding.severity, finding.file), (Some(Severity::Error), Some(1)));
        let said = "Bass.wav is an AAC file: part of its sound has been left out for good.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(scene.run().len(), 1, "{:?}", scene.run());
    }

    #[test]
    fn lossless_compression_loses_nothing_and_the_mix_has_a_code_of_its_own() {
        assert!(scene(1, "alac").is_clean());
        assert!(scene(3, "mp3").found("lossy-format").is_empty());
        let said = "The reference mix Mixdown.wav is an MP3 file.";
        let scene = scene(3, "mp3");
        assert_eq!(scene.say(&scene.one("reference-lossy")), said);
    }
}
