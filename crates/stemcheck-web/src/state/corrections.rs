//! What the user said about songs, to be remembered from visit to visit: parts, instruments, tempo,
//! points of the checklist and notes.
//!
//! By the name of the song and the names of its files; never a sound, never a figure. The oldest songs
//! are forgotten. A song of loose files has no name of its own: there the files' names are the song's,
//! and its tempo is not remembered, because everybody has a `Drums.wav`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stemcheck_session::core::song::{Instrument, Role};

use super::{Signature, Song};

/// Songs that are remembered.
const MOST_SONGS: usize = 60;

/// What was said about one song.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Said {
    song: String,
    roles: BTreeMap<String, Role>,
    instruments: BTreeMap<String, Instrument>,
    tempo_bpm: Option<f64>,
    signature: Signature,
}

/// What was said about all of them, the last first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corrections(Vec<Said>);

impl Corrections {
    /// From what was remembered; nothing, if it cannot be understood any more.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// To be remembered.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Takes note of what was said about a song.
    pub fn note(&mut self, song: &Song) {
        let by_hand = |file: &&super::File| file.by_hand;
        let said = Said {
            song: String::new(),
            roles: song.files.iter().filter(by_hand).map(|f| (f.name.clone(), f.role)).collect(),
            instruments: song
                .files
                .iter()
                .filter_map(|file| Some((file.name.clone(), file.instrument?)))
                .collect(),
            tempo_bpm: song.tempo_bpm.filter(|_| song.is_named),
            signature: song.signature.clone(),
        };
        let key = key(song);
        self.0.retain(|said| said.song != key);
        if said != Said::default() {
            self.0.insert(0, Said { song: key, ..said });
            self.0.truncate(MOST_SONGS);
        }
    }

    /// Says it again about a song that was just opened. Files that are new are guessed.
    pub fn apply(&self, song: &mut Song) {
        let key = key(song);
        let Some(said) = self.0.iter().find(|said| said.song == key) else { return };
        song.tempo_bpm = said.tempo_bpm;
        song.signature = said.signature.clone();
        for file in &mut song.files {
            if let Some(role) = said.roles.get(&file.name) {
                (file.role, file.by_hand) = (*role, true);
            }
            file.instrument = said.instruments.get(&file.name).copied();
        }
    }
}

fn key(song: &Song) -> String {
    if song.is_named {
        return song.name.clone();
    }
    let mut names: Vec<&str> = song.files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    // No folder's name begins so.
    format!("/{}", names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(name: &str, files: &[&str]) -> Song {
        Song::new(name.to_owned(), files.iter().map(|&name| name.to_owned()).collect())
    }

    fn remembered(corrections: &Corrections, mut song: Song) -> Song {
        Corrections::read(&corrections.write()).apply(&mut song);
        song
    }

    #[test]
    fn what_was_said_is_said_again_when_the_song_comes_back() {
        let mut night = song("Night", &["a.wav", "b.wav"]);
        night.set_role(1, Role::Reference);
        night.files[0].instrument = Some(Instrument::Bass);
        night.tempo_bpm = Some(124.0);
        night.signature.tick("I have listened.".to_owned(), true);
        night.signature.notes = "Warm, \"please\".\nThanks".to_owned();
        let mut corrections = Corrections::default();
        corrections.note(&night);
        assert_eq!(remembered(&corrections, song("Night", &["a.wav", "b.wav"])), night);
        // Another file is guessed, another song knows nothing.
        let other = remembered(&corrections, song("Night", &["c.wav", "b.wav"]));
        assert_eq!((other.files[0].by_hand, other.files[1].role), (false, Role::Reference));
        let day = remembered(&corrections, song("Day", &["a.wav", "b.wav"]));
        assert_eq!(day, song("Day", &["a.wav", "b.wav"]));
    }

    #[test]
    fn what_was_taken_back_is_forgotten() {
        let mut night = song("Night", &["a.wav"]);
        night.set_role(0, Role::Other);
        night.signature.tick("It is the latest.".to_owned(), true);
        let mut corrections = Corrections::default();
        corrections.note(&night);
        night.guess(0);
        night.signature.tick("It is the latest.".to_owned(), false);
        corrections.note(&night);
        assert_eq!(corrections, Corrections::default());
    }

    #[test]
    fn loose_files_are_known_by_their_names_but_have_no_tempo() {
        let loose = |files: &[&str]| Song { is_named: false, ..song("Your song", files) };
        let mut said = loose(&["Drums.wav", "x.wav"]);
        said.set_role(1, Role::Reference);
        said.tempo_bpm = Some(90.0);
        let mut corrections = Corrections::default();
        corrections.note(&said);
        let again = remembered(&corrections, loose(&["x.wav", "Drums.wav"]));
        assert_eq!((again.files[0].role, again.tempo_bpm), (Role::Reference, None));
        let other = remembered(&corrections, loose(&["x.wav", "Bass.wav"]));
        assert_eq!(other.files[0].role, Role::Stem);
    }

    #[test]
    fn the_oldest_are_forgotten_and_nonsense_is_nothing() {
        let mut corrections = Corrections::default();
        for number in 0..MOST_SONGS + 5 {
            let mut song = song(&format!("Song {number}"), &["a.wav"]);
            song.set_role(0, Role::Other);
            corrections.note(&song);
        }
        assert_eq!(corrections.0.len(), MOST_SONGS);
        assert!(!remembered(&corrections, song("Song 0", &["a.wav"])).files[0].by_hand);
        assert_eq!(Corrections::read("{not what it was"), Corrections::default());
    }
}
