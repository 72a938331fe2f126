//! From paths to songs: walks the folders, and lets [`gather()`](stemcheck_session::gather::gather)
//! say which files belong together.
//!
//! Decides by names only and opens nothing: a file that was named explicitly is never left out, in a
//! folder only audio is looked at.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use stemcheck_session::core::song::Role;
use stemcheck_session::gather::{self, Gathered, MAX_DEPTH, is_wanted};
use stemcheck_session::{FileInput, Options};

use crate::disk::Disk;
use crate::error::Error;
use crate::output;

/// Stands for the folder that was named, whose own name may be hidden or none at all.
const ROOT: &str = "folder";

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
    let tree = Tree::of(folder).ok()?;
    tree.files.get(tree.gather().ok()?.tracklist?).map(|(_, file)| file.clone())
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
    let tree = Tree::of(folder)?;
    let gathered = tree.gather()?;
    tree.tell_skipped(folder, &gathered.skipped);
    let mut songs: Vec<Song> = gathered
        .songs
        .into_iter()
        .map(|found| Song {
            name: found.name.unwrap_or_default(),
            files: found.files.iter().map(|&at| tree.files[at].1.clone()).collect(),
            reference: None,
        })
        .collect();
    match songs.as_mut_slice() {
        [] => Err(Error::Usage(format!("{}: no audio file in this folder", folder.display()))),
        [song] => {
            song.name = base_name(&canonical(folder));
            Ok(songs)
        }
        _ => Ok(songs),
    }
}

/// What lies in a folder and the folders in it, each with its `/`-separated path from [`ROOT`] on.
#[derive(Default)]
struct Tree {
    files: Vec<(String, PathBuf)>,
    /// What is neither audio nor a tracklist. Hidden files are nothing.
    others: Vec<String>,
}

impl Tree {
    fn of(folder: &Path) -> Result<Self, Error> {
        let mut tree = Self::default();
        tree.walk(folder, ROOT, 0)?;
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, path: &str, depth: usize) -> Result<(), Error> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::of(folder))? {
            entries.push(entry.map_err(Error::of(folder))?.path());
        }
        for entry in entries {
            let name = base_name(&entry);
            let path = format!("{path}/{name}");
            if name.starts_with('.') {
                continue;
            }
            if entry.is_dir() {
                // A folder that may not be read is named, and hides nothing that lies beside it.
                if depth < MAX_DEPTH && self.walk(&entry, &path, depth + 1).is_err() {
                    self.others.push(below_root(&path));
                }
            } else if is_wanted(&name) {
                self.files.push((path, entry));
            } else {
                self.others.push(below_root(&path));
            }
        }
        Ok(())
    }

    fn gather(&self) -> Result<Gathered, Error> {
        let paths: Vec<&str> = self.files.iter().map(|(path, _)| path.as_str()).collect();
        gather::gather(&paths).map_err(Error::Usage)
    }

    fn tell_skipped(&self, folder: &Path, folders: &[String]) {
        let mut names = self.others.clone();
        names.extend(folders.iter().map(|path| below_root(path)));
        names.sort_by_key(|name| name.to_lowercase());
        if !names.is_empty() {
            output::message(&format!("{}: skipped {}", folder.display(), names.join(", ")));
        }
    }
}

fn below_root(path: &str) -> String {
    path.strip_prefix(ROOT).unwrap_or(path).trim_start_matches('/').to_owned()
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
