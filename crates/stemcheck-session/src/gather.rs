//! From paths to songs: which of the files that came in belong together.
//!
//! Loose files are one song; a folder is one song, with the one folder of audio that may lie in it
//! (`Stems` beside `Mix.wav`); a folder that holds no audio itself but folders that do is an album.
//! Decides by names only: a file that was picked by itself is never left out, in a folder only audio
//! is looked at.

use std::collections::BTreeMap;

/// Endings of files that hold audio, read or not: what is not read is worth a finding.
const AUDIO: [&str; 22] = [
    "wav", "wave", "bwf", "rf64", "bw64", "w64", "aif", "aiff", "aifc", "caf", "flac", "mp3",
    "m4a", "mp4", "mov", "aac", "ogg", "oga", "opus", "wma", "wv", "ape",
];

/// Endings of tracklists.
const LISTS: [&str; 6] = ["txt", "csv", "tsv", "cue", "m3u", "m3u8"];

/// Folders in folders that are followed.
pub const MAX_DEPTH: usize = 8;

/// The files of one song, by their place among the paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Name of its folder; `None` for loose files.
    pub name: Option<String>,
    /// Its files, in order.
    pub files: Vec<usize>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// In order of their names.
    pub songs: Vec<Found>,
    /// The file that tells the album's order.
    pub tracklist: Option<usize>,
    /// Folders with audio in them of which it cannot be told what they are to their song.
    pub skipped: Vec<String>,
}

/// Sorts what came in: `/`-separated paths, as the browser gives them.
///
/// # Errors
/// The name of a loose file that came with several songs: it could belong to any of them.
pub fn gather<S: AsRef<str>>(paths: &[S]) -> Result<Gathered, String> {
    let mut top = Folder::default();
    let mut loose = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let path = path.as_ref().trim_matches('/');
        match path.rsplit_once('/') {
            Some((folders, name)) => top.add(folders, name, index),
            None => loose.push((path, index)),
        }
    }
    let mut gathered = Gathered::default();
    for (name, folder) in &top.folders {
        gathered.add_songs(&name.1, folder, 0);
    }
    if let [(name, folder)] = top.folders.iter().collect::<Vec<_>>().as_slice() {
        gathered.tracklist = folder.tracklist;
        if let [song] = gathered.songs.as_mut_slice() {
            // Whoever drops a folder knows it by that folder's name.
            song.name = Some(name.1.clone());
        }
    }
    let mut lists = loose.iter().filter(|(name, _)| is_tracklist(name)).map(|(_, index)| *index);
    if let Some(list) = lists.next_back().filter(|_| loose.len() > 1 || !gathered.songs.is_empty())
    {
        gathered.tracklist = Some(list);
        loose.retain(|(_, index)| *index != list);
    }
    gathered.add_loose(&loose)?;
    Ok(gathered)
}

/// Whether a file in a folder is looked at. Hidden files (`._Kick.wav`) are a system's own.
pub fn is_wanted(name: &str) -> bool {
    is_audio(name) || is_tracklist(name)
}

fn is_audio(name: &str) -> bool {
    ending(name).is_some_and(|ending| AUDIO.contains(&ending.as_str()))
}

/// `tracklist.txt`, `Track List.csv`, `My Album - tracklist.cue`.
fn is_tracklist(name: &str) -> bool {
    let plain = name.to_lowercase().replace([' ', '-', '_'], "");
    plain.contains("tracklist") && ending(name).is_some_and(|it| LISTS.contains(&it.as_str()))
}

fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !name.starts_with('.')).then(|| ending.to_ascii_lowercase())
}

/// By lower-case name, then by name.
type Key = (String, String);

#[derive(Debug, Default)]
struct Folder {
    folders: BTreeMap<Key, Folder>,
    audio: BTreeMap<Key, usize>,
    tracklist: Option<usize>,
}

impl Folder {
    fn add(&mut self, folders: &str, name: &str, index: usize) {
        if !is_wanted(name) || folders.split('/').any(|folder| folder.starts_with('.')) {
            return;
        }
        let folder = folders
            .split('/')
            .take(MAX_DEPTH)
            .fold(self, |at, folder| at.folders.entry(key(folder)).or_default());
        if is_tracklist(name) {
            folder.tracklist = Some(index);
        } else {
            folder.audio.insert(key(name), index);
        }
    }
}

fn key(name: &str) -> Key {
    (name.to_lowercase(), name.to_owned())
}

impl Gathered {
    fn add_songs(&mut self, name: &str, folder: &Folder, depth: usize) {
        if folder.audio.is_empty() {
            if depth < MAX_DEPTH {
                for (name, inner) in &folder.folders {
                    self.add_songs(&name.1, inner, depth + 1);
                }
            }
            return;
        }
        let mut files: Vec<usize> = folder.audio.values().copied().collect();
        let inner: Vec<_> =
            folder.folders.iter().filter(|(_, inner)| !inner.audio.is_empty()).collect();
        match inner.as_slice() {
            [(_, stems)] => files.extend(stems.audio.values()),
            others => {
                self.skipped.extend(others.iter().map(|(inner, _)| format!("{name}/{}", inner.1)));
            }
        }
        self.songs.push(Found { name: Some(name.to_owned()), files });
    }

    fn add_loose(&mut self, loose: &[(&str, usize)]) -> Result<(), String> {
        let files = loose.iter().map(|(_, index)| *index);
        match (loose, self.songs.as_mut_slice()) {
            ([], _) => {}
            (_, []) => self.songs.push(Found { name: None, files: files.collect() }),
            (_, [song]) => song.files.extend(files),
            ([(name, _), ..], _) => return Err((*name).to_owned()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Songs with their files, the tracklist, and what was skipped.
    fn sorted(paths: &[&str]) -> (Vec<String>, Option<String>, Vec<String>) {
        let gathered = gather(paths).unwrap();
        let song = |found: &Found| {
            let files: Vec<&str> = found.files.iter().map(|&index| paths[index]).collect();
            format!("{}: {}", found.name.as_deref().unwrap_or("-"), files.join(" "))
        };
        let list = gathered.tracklist.map(|index| paths[index].to_owned());
        (gathered.songs.iter().map(song).collect(), list, gathered.skipped)
    }

    #[test]
    fn loose_files_are_one_song_whatever_they_are() {
        let (songs, list, _) = sorted(&["b.wav", "a.pdf", "/c.wav"]);
        assert_eq!((songs, list), (vec!["-: b.wav a.pdf /c.wav".to_owned()], None));
        assert_eq!(sorted(&["tracklist.txt"]).0, ["-: tracklist.txt"]);
    }

    #[test]
    fn a_folder_is_a_song_with_the_one_folder_in_it() {
        let (songs, ..) = sorted(&[
            "Night/Mix.wav",
            "Night/notes.txt",
            "Night/._Mix.wav",
            "Night/Stems/bass.wav",
            "Night/Stems/Alto.wav",
            "Night/Art/cover.jpg",
        ]);
        assert_eq!(songs, ["Night: Night/Mix.wav Night/Stems/Alto.wav Night/Stems/bass.wav"]);
        // A folder that holds nothing but that.
        assert_eq!(sorted(&["Night/Stems/a.wav"]).0, ["Night: Night/Stems/a.wav"]);
    }

    #[test]
    fn a_folder_of_folders_is_an_album() {
        let (songs, list, _) = sorted(&[
            "Album/Rain/b.wav",
            "Album/Night/a.wav",
            "Album/Track List.csv",
            "Album/Night/Stems/c.wav",
        ]);
        let night = "Night: Album/Night/a.wav Album/Night/Stems/c.wav";
        assert_eq!(songs, [night, "Rain: Album/Rain/b.wav"]);
        assert_eq!(list.as_deref(), Some("Album/Track List.csv"));
        // So are several folders.
        let (songs, list, _) = sorted(&["Rain/b.wav", "Night/a.wav", "My tracklist.txt"]);
        assert_eq!(songs, ["Night: Night/a.wav", "Rain: Rain/b.wav"]);
        assert_eq!(list.as_deref(), Some("My tracklist.txt"));
    }

    #[test]
    fn what_could_be_anything_is_said() {
        let (songs, _, skipped) =
            sorted(&["Night/Mix.wav", "Night/Stems/a.wav", "Night/Old stems/a.wav"]);
        assert_eq!(songs, ["Night: Night/Mix.wav"]);
        assert_eq!(skipped, ["Night/Old stems", "Night/Stems"]);
        assert_eq!(gather(&["A/a.wav", "B/b.wav", "Mix.wav"]), Err("Mix.wav".to_owned()));
        // With one song there is no question.
        assert_eq!(sorted(&["A/a.wav", "Mix.wav"]).0, ["A: A/a.wav Mix.wav"]);
    }

    #[test]
    fn a_folder_gives_its_audio_files_only() {
        for taken in ["Kick.wav", "LEAD VOX.AIFF", "a.b.wav", "mix.mp3", "tracklist.txt"] {
            assert!(is_wanted(taken), "{taken}");
        }
        for left in ["notes.txt", "._Kick.wav", ".wav", "wav", "Kick.wav.asd", "", "tracklist"] {
            assert!(!is_wanted(left), "{left}");
        }
        assert_eq!(gather(&["Night/notes.txt"]), Ok(Gathered::default()));
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_taken_twice(paths in proptest::collection::vec("[ab/]{0,5}(/a.wav|.wav|tracklist.txt)", 0..12)) {
            if let Ok(gathered) = gather(&paths) {
                let mut files: Vec<usize> = gathered.songs.iter().flat_map(|song| song.files.clone()).collect();
                files.extend(gathered.tracklist);
                let count = files.len();
                files.sort_unstable();
                files.dedup();
                proptest::prop_assert_eq!(files.len(), count);
            }
        }
    }
}
