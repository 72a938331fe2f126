//! A file name that does not tell what is in it.

use super::{Check, Doc, Finding, Song};
use crate::profile::Severity;
use crate::song::{shared_words, words};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "unclear-name",
        severity: Severity::Warning,
        title: "The name does not tell what is in the file",
        what: "The file has a name as a DAW gives it by itself, such as \"Audio 1\", or hardly a name \
               at all.",
        why: "The engineer sees a row of tracks that could be anything and has to guess which one \
              you mean in your notes.",
        fix: "Name the file after what is heard in it, with the song's name or the tempo if you \
              like: \"SongTitle_Drums.wav\", \"Kick_124BPM.wav\".",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems; MasteringBOX, Stem mastering guide (clear names)",
    },
    run,
};

/// What DAWs call things by themselves, and words that say nothing about the sound.
const EMPTY_WORDS: &str = "audio track trk tracks default preset untitled unnamed unknown new \
    recording rec record region clip comp take bounce bounced export exported render rendered \
    consolidated consolidate freeze frozen flattened glued merged inst instrument midi channel ch \
    insert mixer bus aux group output out outs stem stems file copy final edit edited version ver \
    project session song sample sound stereo mono left right wav aif aiff bpm \
    audiotrack spur aufnahme traccia pista piste sans titre senza titolo sin titulo ohne titel";

/// Two letters can be a part ("BD"), but then the name was understood. In bytes, because two signs of
/// Chinese or Japanese are a whole word.
const SHORT_BYTES: usize = 2;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let names: Vec<&str> = song.stems().map(|(_, file)| file.name).collect();
    let title = shared_words(&names);
    for (index, file) in song.stems().filter(|(_, file)| file.instrument.is_none()) {
        let bytes: usize = words(file.name)
            .iter()
            .filter(|word| !title.contains(word) && !says_nothing(word))
            .map(String::len)
            .sum();
        if bytes <= SHORT_BYTES {
            let message = "The name \"{file}\" does not tell what is in the file.";
            found.push(Finding::new(CHECK.doc.code, message).file(index));
        }
    }
}

fn says_nothing(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit()) || EMPTY_WORDS.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    fn is_unclear(name: &str) -> bool {
        let mut scene = Scene::clean();
        scene.rename(2, name);
        let found = scene.found("unclear-name");
        assert!(found.iter().all(|finding| finding.file == Some(2)), "{name}");
        !found.is_empty()
    }

    #[test]
    fn what_daws_call_things_is_unclear() {
        for name in [
            "Audio 1.wav",
            "Track 03.wav",
            "01-Audio Track 12.wav",
            "Default preset.wav",
            "untitled.aif",
            "Untitled (2).wav",
            "bounce.wav",
            "new recording 7.wav",
            "Inst 4_bounced.wav",
            "xy.wav",
            "12.wav",
            "Bus 3.wav",
            "Audio 1_124BPM.wav",
        ] {
            assert!(is_unclear(name), "{name}");
        }
    }

    #[test]
    fn a_name_that_says_something_is_clear() {
        for name in
            ["BD.wav", "Zorblax.wav", "低音.wav", "Lead vocal.wav", "Kick_124BPM.wav", "OH.wav"]
        {
            assert!(!is_unclear(name), "{name}");
        }
    }

    #[test]
    fn the_songs_title_alone_does_not_tell_the_part() {
        let mut scene = Scene::clean();
        for file in 0..3 {
            scene.rename(file, &format!("Midnight Rain {}.wav", file + 1));
        }
        assert_eq!(scene.found("unclear-name").len(), 3);
    }
}
