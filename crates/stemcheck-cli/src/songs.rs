//! From paths to songs: which files belong together, in which order.
//!
//! Files are one song; a folder is one song, with the one folder of audio that may lie in it (`Stems`
//! beside `Mix.wav`); a folder that holds no audio itself but folders that do is an album. Decides by names only and opens nothing: a file that was named explicitly is
//! never left out, in a folder only audio is looked at.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use stemcheck_session::core::song::Role;
use stemcheck_session::{FileInput, Options};

use crate::disk::Disk;
use crate::error::Error;
use crate::output;

/// What counts as audio in a folder, decoded or not: what is not decoded shall be named, not missed.
const AUDIO: [&str; 22] = [
    "wav", "wave", "bwf", "rf64", "bw64", "w64", "aif", "aiff", "aifc", "caf", "flac", "mp3",
    "m4a", "mp4", "mov", "aac", "ogg", "oga", "opus", "wma", "wv", "ape",
];

/// Where the song is.
#[derive(Debug, Args)]
pub struct Paths {
    /// Files of one song, a folder (one song), or a folder of song folders (an album)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The stereo mix that the stems have to add up to, where its name does not say so
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
}

/// The files of one song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Song {
    /// Name of its folder.
    pub name: String,
    /// In the order given, each once.
    pub files: Vec<PathBuf>,
    /// Which of them was named as the mix.
    pub reference: Option<usize>,
}

impl Song {
    /// Its files for a runner.
    pub fn disk(&self) -> Disk {
        Disk(self.files.clone())
    }

    /// Names and sizes for an examination.
    pub fn inputs(&self) -> Vec<FileInput> {
        let input = |path: &PathBuf| FileInput {
            name: base_name(path),
            bytes: fs::metadata(path).map_or(0, |metadata| metadata.len()),
        };
        self.files.iter().map(input).collect()
    }

    /// What is known about the song before it is read.
    pub fn options(&self) -> Options {
        Options {
            name: self.name.clone(),
            roles: self.reference.map(|file| (file, Role::Reference)).into_iter().collect(),
            ..Options::default()
        }
    }
}

/// Finds the songs.
pub fn gather(args: &Paths) -> Result<Vec<Song>, Error> {
    let (mut loose, mut songs) = (Vec::new(), Vec::new());
    for path in &args.paths {
        if fs::metadata(path).map_err(Error::of(path))?.is_dir() {
            songs.append(&mut in_folder(path)?);
        } else {
            loose.push(path.clone());
        }
    }
    match songs.as_mut_slice() {
        _ if loose.is_empty() => {}
        [] => songs.push(Song { name: folder_name(&loose), files: loose, reference: None }),
        [song] => song.files.append(&mut loose),
        [_, _, ..] => {
            return Err(Error::Usage(format!(
                "{} and folders of several songs: to which of them does it belong?",
                loose[0].display()
            )));
        }
    }
    if let Some(reference) = &args.reference {
        add_reference(&mut songs, reference)?;
    }
    songs.iter_mut().for_each(keep_each_once);
    Ok(songs)
}

/// The tracklist that lies in the folder of an album, if there is just one folder.
pub fn tracklist(args: &Paths) -> Option<PathBuf> {
    let [folder] = args.paths.as_slice() else { return None };
    Listing::of(folder).ok()?.others.into_iter().find(|path| is_tracklist(path))
}

/// `tracklist.txt`, `Track List.csv`, `My Album - tracklist.cue`.
fn is_tracklist(path: &Path) -> bool {
    const KNOWN: [&str; 6] = ["txt", "csv", "tsv", "cue", "m3u", "m3u8"];
    let lower = |text: &std::ffi::OsStr| text.to_string_lossy().to_lowercase();
    let name: String = path.file_stem().map(lower).unwrap_or_default().replace([' ', '-', '_'], "");
    let extension = path.extension().map(lower).unwrap_or_default();
    name.contains("tracklist") && KNOWN.contains(&extension.as_str())
}

/// The one song that there must be.
pub fn gather_one(args: &Paths) -> Result<Song, Error> {
    let mut songs = gather(args)?;
    match (songs.pop(), songs.len()) {
        (Some(song), 0) => Ok(song),
        (_, others) => Err(Error::Usage(format!(
            "these are {} songs; this command takes one at a time",
            others + 1
        ))),
    }
}

fn add_reference(songs: &mut [Song], reference: &Path) -> Result<(), Error> {
    let [song] = songs else {
        return Err(Error::Usage(format!(
            "--reference names the mix of one song, and there are {}",
            songs.len()
        )));
    };
    let metadata = fs::metadata(reference).map_err(Error::of(reference))?;
    if metadata.is_dir() {
        return Err(Error::Usage(format!("--reference {}: is a folder", reference.display())));
    }
    let at = song.files.iter().position(|file| same(file, reference));
    song.reference = Some(at.unwrap_or(song.files.len()));
    if at.is_none() {
        song.files.push(reference.to_owned());
    }
    Ok(())
}

/// Drops what was given before. The mix keeps its place.
fn keep_each_once(song: &mut Song) {
    let mix = song.reference.and_then(|at| song.files.get(at)).cloned();
    let mut seen = HashSet::new();
    song.files.retain(|file| seen.insert(canonical(file)));
    song.reference = mix.and_then(|mix| song.files.iter().position(|file| same(file, &mix)));
}

/// The songs in a folder.
fn in_folder(folder: &Path) -> Result<Vec<Song>, Error> {
    let listing = Listing::of(folder)?;
    if !listing.audio.is_empty() {
        return Ok(vec![song_in(folder, listing)?]);
    }
    listing.tell_skipped(folder, &[]);
    let mut songs = Vec::new();
    for song in &listing.folders {
        let inner = Listing::of(song)?;
        if inner.audio.is_empty() {
            inner.tell_skipped(song, &inner.folders);
        } else {
            songs.push(song_in(song, inner)?);
        }
    }
    if songs.is_empty() {
        return Err(Error::Usage(format!("{}: no audio file in this folder", folder.display())));
    }
    Ok(songs)
}

/// The song of a folder that holds audio.
fn song_in(folder: &Path, listing: Listing) -> Result<Song, Error> {
    let mut inner = Vec::new();
    for path in &listing.folders {
        inner.push((path.clone(), Listing::of(path)?.audio));
    }
    let holding = inner.iter().filter(|(_, audio)| !audio.is_empty()).count();
    let (taken, skipped): (Vec<_>, Vec<_>) =
        inner.into_iter().partition(|(_, audio)| holding == 1 && !audio.is_empty());
    let skipped: Vec<PathBuf> = skipped.into_iter().map(|(path, _)| path).collect();
    listing.tell_skipped(folder, &skipped);
    let mut files = listing.audio;
    files.extend(taken.into_iter().flat_map(|(_, audio)| audio));
    Ok(Song { name: base_name(&canonical(folder)), files, reference: None })
}

/// What a folder holds, sorted by name; hidden files (and the shadows that macOS leaves) are nothing.
#[derive(Default)]
struct Listing {
    audio: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    others: Vec<PathBuf>,
}

impl Listing {
    fn of(folder: &Path) -> Result<Self, Error> {
        let mut listing = Self::default();
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::of(folder))? {
            entries.push(entry.map_err(Error::of(folder))?.path());
        }
        entries.retain(|path| !base_name(path).starts_with('.'));
        entries.sort_by_key(|path| base_name(path).to_lowercase());
        for path in entries {
            if path.is_dir() {
                listing.folders.push(path);
            } else if is_audio(&path) {
                listing.audio.push(path);
            } else {
                listing.others.push(path);
            }
        }
        Ok(listing)
    }

    fn tell_skipped(&self, folder: &Path, folders: &[PathBuf]) {
        let names: Vec<String> = self
            .others
            .iter()
            .chain(folders)
            .filter(|path| !is_tracklist(path))
            .map(|path| base_name(path))
            .collect();
        if !names.is_empty() {
            output::message(&format!("{}: skipped {}", folder.display(), names.join(", ")));
        }
    }
}

fn is_audio(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| AUDIO.contains(&extension.as_str()))
}

/// Name of the folder that loose files lie in.
fn folder_name(files: &[PathBuf]) -> String {
    let folder = files.first().and_then(|file| canonical(file).parent().map(base_name));
    folder.filter(|name| !name.is_empty()).unwrap_or_else(|| "Song".to_owned())
}

fn base_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether two paths lead to the same file.
pub fn same(a: &Path, b: &Path) -> bool {
    canonical(a) == canonical(b)
}

fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
