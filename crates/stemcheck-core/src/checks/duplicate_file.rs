//! Two files with the same audio.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "duplicate-file",
        severity: Severity::Error,
        title: "Two files hold the same audio",
        what: "Two files are the same in every sample.",
        why: "Played together the part is twice as loud (6 dB). Often the second file was meant to \
              be another part, which is then missing.",
        fix: "If it is a copy, leave one of the two out. If it should be another part, export that \
              one again: the wrong track was soloed.",
        source: "All stems at 0 dB have to sound exactly as the mix: all four guides",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let files: Vec<Heard<'_>> = song.sounding().collect();
    for (at, file) in files.iter().enumerate() {
        let Some(first) = files.iter().take(at).find(|other| same_audio(other, file)) else {
            continue;
        };
        let (copy, original, message) = match (first.is_reference(), file.is_reference()) {
            (true, _) => (file, first, "{file} is the whole mix: the same audio as {other}."),
            (_, true) => (first, file, "{file} is the whole mix: the same audio as {other}."),
            _ => (file, first, "{file} holds the same audio as {other}, sample for sample."),
        };
        found.push(
            Finding::new(CHECK.doc.code, message)
                .file(copy.index)
                .with("other", Value::Name(original.index)),
        );
    }
}

fn same_audio(a: &Heard<'_>, b: &Heard<'_>) -> bool {
    let key = |file: &Heard<'_>| {
        (
            file.measured.fingerprint,
            file.format.frames,
            file.format.channels,
            file.format.sample_rate,
        )
    };
    key(a) == key(b)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    fn copied(from: usize, to: usize) -> Scene {
        let mut scene = Scene::clean();
        scene.file(to).1.fingerprint = scene.file(from).1.fingerprint;
        scene
    }

    #[test]
    fn a_copy_is_named_with_its_original() {
        let scene = copied(0, 2);
        let said = "Lead vocal.wav holds the same audio as Drums.wav, sample for sample.";
        assert_eq!(scene.say(&scene.one("duplicate-file")), said);
    }

    #[test]
    fn the_mix_among_the_stems_is_the_one_to_leave_out() {
        let scene = copied(1, 3);
        let said = "Bass.wav is the whole mix: the same audio as Mixdown.wav.";
        assert_eq!(scene.say(&scene.one("duplicate-file")), said);
    }

    #[test]
    fn silence_and_another_length_are_no_copies() {
        let mut scene = copied(0, 2);
        scene.file(2).0.frames -= 1;
        assert!(scene.found("duplicate-file").is_empty());
        let mut silent = copied(0, 2);
        silent.file(0).1.peak = vec![0.0; 2];
        silent.file(2).1.peak = vec![0.0; 2];
        assert!(silent.found("duplicate-file").is_empty());
    }
}
