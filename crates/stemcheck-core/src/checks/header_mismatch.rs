//! A file whose header or name says something else than its content.

use super::{Check, Doc, File, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::{Format, HeaderField, HeaderNote};
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "header-mismatch",
        severity: Severity::Warning,
        title: "The header does not match the content",
        what: "A file begins with a header that says how the sound is stored and how much of it there \
               is. Here the header, or the ending of the file's name, says something else than what \
               the file really holds.",
        why: "What was checked here is what the file holds. A program that goes by the header may \
              refuse the file, open only a part of it, or play noise.",
        fix: "Open the file in your DAW, listen to it, and export it again. Send the new file.",
        source: "Microsoft RIFF/WAVE, EBU Tech 3306 (RF64), Apple AIFF and CAF specifications",
    },
    run,
};

/// What to do about numbers that nobody minds.
const NOTHING: &str = "Nothing to do. If a program refuses the file, export it again.";

/// Extensions, and the containers that they promise.
const EXTENSIONS: &[(&[&str], &[&str])] = &[
    (&["wav", "wave", "bwf", "rf64", "bw64"], &["wav", "rf64", "bw64"]),
    (&["w64"], &["w64"]),
    (&["aif", "aiff", "aifc"], &["aiff", "aifc"]),
    (&["caf"], &["caf"]),
    (&["flac"], &["flac"]),
    (&["mp3"], &["mp3"]),
    (&["m4a", "mp4"], &["m4a"]),
    (&["aac"], &["adts", "m4a"]),
    (&["ogg", "oga", "opus"], &["ogg"]),
];

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for (index, file) in song.delivered() {
        let Some(format) = file.format() else { continue };
        let mut harmless = Vec::new();
        for note in &file.facts.notes {
            if let Some(finding) = harmful(note, format) {
                found.push(finding.file(index));
            } else {
                harmless.extend(untidy(note));
            }
        }
        found.extend(wrong_extension(file, format).map(|finding| finding.file(index)));
        if !harmless.is_empty() {
            let message = "{file} can be read, but its header is not in order: {what}.";
            found.push(
                Finding::new(CHECK.doc.code, message)
                    .file(index)
                    .with("what", Value::List(harmless))
                    .severity(Severity::Info)
                    .advice(NOTHING),
            );
        }
    }
}

/// What other programs read wrongly or not at all.
fn harmful(note: &HeaderNote, format: &Format) -> Option<Finding> {
    let new = |message| Finding::new(CHECK.doc.code, message);
    let seconds = |frames| Value::Time(seconds_from_frames(frames, format.sample_rate));
    Some(match *note {
        HeaderNote::OpenEnded { says: 0, at_byte } => new(
            "The header of {file} says that there is no sound in it (at byte {at}): some programs \
             will open it as an empty file.",
        )
        .with("at", Value::Count(at_byte)),
        HeaderNote::Field { field: HeaderField::FrameBytes, says, is, at_byte } => new(
            "The header of {file} contradicts itself: {says} bytes for a moment of sound, where \
             its channels and bits make {is} (at byte {at}). Some programs will refuse it or play \
             noise.",
        )
        .with("says", Value::Count(says))
        .with("is", Value::Count(is))
        .with("at", Value::Count(at_byte)),
        HeaderNote::Field { field: HeaderField::ValidBits, says, is, at_byte } => new(
            "The header of {file} promises {says} bits in samples of {is} (at byte {at}): some \
             programs will refuse it.",
        )
        .with("says", Value::Count(says))
        .with("is", Value::Count(is))
        .with("at", Value::Count(at_byte)),
        HeaderNote::Field { field: HeaderField::Frames, says, is, at_byte } => new(
            "The header of {file} says {says} in one place and {is} in another (at byte {at}): \
             programs will not agree on where it ends.",
        )
        .with("says", seconds(says))
        .with("is", seconds(is))
        .with("at", Value::Count(at_byte))
        .amount(is.abs_diff(says) as f64, "samples"),
        HeaderNote::Field { field: HeaderField::AudioBytes, says, is, at_byte } => {
            let frame_bytes = u64::from(format.bits.div_ceil(8)) * u64::from(format.channels);
            let told = says / frame_bytes.max(1);
            new("{file} is too long for its kind: it holds {is} of sound, its header can only say \
                 {says} (at byte {at}). Most programs will open only the beginning.")
            .with("is", seconds(is / frame_bytes.max(1)))
            .with("says", seconds(told))
            .with("at", Value::Count(at_byte))
            .severity(Severity::Error)
            .advice(
                "Export this file again as RF64, Wave64 or CAF, which may be longer than 4 GB, or \
                 as a shorter file.",
            )
        }
        HeaderNote::MissingPad { before_audio: true, at_byte } => new(
            "A byte is missing in {file} before the sound (at byte {at}): some programs will not \
             find the sound.",
        )
        .with("at", Value::Count(at_byte)),
        _ => return None,
    })
}

/// What a specification forbids and no program minds, in a few words.
fn untidy(note: &HeaderNote) -> Option<String> {
    Some(match *note {
        HeaderNote::OpenEnded { at_byte, .. } => {
            format!("it does not say how long the sound is (at byte {at_byte})")
        }
        HeaderNote::Field { field, says, is, at_byte } => {
            let what = match field {
                HeaderField::ByteRate => "bytes a second",
                HeaderField::FramesAgain => "frames",
                HeaderField::FileBytes => "bytes for the whole file",
                HeaderField::SampleRate => "Hz in its notes (iXML)",
                _ => return None,
            };
            format!("it says {says} {what} where there are {is} (at byte {at_byte})")
        }
        HeaderNote::MissingPad { at_byte, .. } => {
            format!("a byte is missing after the sound (at byte {at_byte})")
        }
        HeaderNote::PartialFrame { bytes, at_byte } => {
            format!("its last {bytes} bytes of sound are too few (at byte {at_byte})")
        }
        HeaderNote::Trailing { bytes, at_byte } => {
            format!("its last {bytes} bytes mean nothing (at byte {at_byte})")
        }
        HeaderNote::Truncated { .. } => return None,
    })
}

/// A name that promises another container than the bytes are.
fn wrong_extension(file: &File<'_>, format: &Format) -> Option<Finding> {
    let (_, extension) = file.name.rsplit_once('.')?;
    let known = |said: &&str| said.eq_ignore_ascii_case(extension);
    let (_, containers) = EXTENSIONS.iter().find(|(said, _)| said.iter().any(known))?;
    if containers.contains(&format.container.as_str()) {
        return None;
    }
    let finding = Finding::new(
        CHECK.doc.code,
        "{file} is not what its name says: it is a file of kind {kind}. Some programs will refuse \
         it or play noise.",
    );
    Some(finding.with("kind", Value::Text(format.container.to_uppercase())).advice(
        "Export it again as the kind of file that the studio asks for; do not just rename it.",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn scene(notes: &[HeaderNote]) -> Scene {
        let mut scene = Scene::clean();
        scene.facts(1).notes.extend_from_slice(notes);
        scene
    }

    fn field(field: HeaderField, says: u64, is: u64) -> HeaderNote {
        HeaderNote::Field { field, says, is, at_byte: 32 }
    }

    fn said(note: HeaderNote) -> (String, Option<Severity>) {
        let scene = scene(&[note]);
        let finding = scene.one("header-mismatch");
        (scene.say(&finding), finding.severity)
    }

    #[test]
    fn what_is_read_wrongly_elsewhere_is_a_warning() {
        assert_eq!(
            said(field(HeaderField::FrameBytes, 7, 6)),
            (
                "The header of Bass.wav contradicts itself: 7 bytes for a moment of sound, where \
                 its channels and bits make 6 (at byte 32). Some programs will refuse it or play \
                 noise."
                    .to_owned(),
                Some(Severity::Warning)
            )
        );
        for note in [
            field(HeaderField::ValidBits, 32, 24),
            field(HeaderField::Frames, 48_000, 96_000),
            HeaderNote::OpenEnded { says: 0, at_byte: 36 },
            HeaderNote::MissingPad { before_audio: true, at_byte: 36 },
        ] {
            assert_eq!(said(note).1, Some(Severity::Warning));
        }
    }

    #[test]
    fn a_length_that_ran_over_loses_most_of_the_song() {
        let (text, severity) = said(field(HeaderField::AudioBytes, 6 * 480_000, 6 * 960_000));
        assert!(text.contains("holds 0:20.0 of sound, its header can only say 0:10.0"), "{text}");
        assert_eq!(severity, Some(Severity::Error));
    }

    #[test]
    fn what_nobody_minds_is_said_once() {
        let scene = scene(&[
            field(HeaderField::FileBytes, 8, 288_044),
            HeaderNote::Trailing { bytes: 3, at_byte: 288_041 },
        ]);
        let finding = scene.one("header-mismatch");
        assert_eq!(
            scene.say(&finding),
            "Bass.wav can be read, but its header is not in order: it says 8 bytes for the whole \
             file where there are 288044 (at byte 32) and its last 3 bytes mean nothing (at byte \
             288041)."
        );
        assert_eq!(finding.severity, Some(Severity::Info));
        for note in [
            field(HeaderField::ByteRate, 0, 288_000),
            field(HeaderField::FramesAgain, 1, 2),
            field(HeaderField::SampleRate, 44_100, 48_000),
            HeaderNote::OpenEnded { says: 0xFFFF_FFFF, at_byte: 36 },
            HeaderNote::MissingPad { before_audio: false, at_byte: 36 },
            HeaderNote::PartialFrame { bytes: 3, at_byte: 36 },
        ] {
            assert_eq!(said(note).1, Some(Severity::Info));
        }
    }

    #[test]
    fn a_truncated_file_is_told_elsewhere() {
        let note = HeaderNote::Truncated { claimed_bytes: 2, present_bytes: 1, at_byte: 36 };
        assert!(scene(&[note]).found("header-mismatch").is_empty());
    }

    #[test]
    fn a_name_of_another_kind() {
        let named = |name: &str, container: &str| {
            let mut scene = Scene::clean();
            scene.rename(1, name);
            container.clone_into(&mut scene.file(1).0.container);
            scene
        };
        let scene = named("Bass.AIF", "wav");
        let finding = scene.one("header-mismatch");
        assert_eq!(
            scene.say(&finding),
            "Bass.AIF is not what its name says: it is a file of kind WAV. Some programs will \
             refuse it or play noise."
        );
        for (name, container) in [
            ("Bass.wav", "rf64"),
            ("Bass.WAVE", "bw64"),
            ("Bass.aif", "aifc"),
            ("Bass", "wav"),
            ("Bass v1.2", "caf"),
            ("Bass.aac", "m4a"),
        ] {
            let found = named(name, container).found("header-mismatch");
            assert!(found.is_empty(), "{name}, {container}");
        }
    }
}
