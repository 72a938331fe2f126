//! From paths to songs: walks the folders, and lets [`gather()`](stemcheck_session::gather::gather)
//! say which files belong together. A ZIP is a folder; what a package holds besides audio stays with
//! its song.
//!
//! Decides by names only: a file that was named explicitly is never left out, in a folder only audio
//! is looked at.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use stemcheck_session::archive::{self, SUMS};
use stemcheck_session::core::song::Role;
use stemcheck_session::delivery::Packed;
use stemcheck_session::gather::{self, Gathered, MAX_DEPTH, is_wanted};
use stemcheck_session::{FileInput, Options, hash, package};

use crate::disk::{Disk, Place, base_name, canonical};
use crate::error::Error;
use crate::output;

/// Stands for the folder that was named, whose own name may be hidden or none at all.
const ROOT: &str = "folder";

/// Where the song is.
#[derive(Debug, Args)]
pub struct Paths {
    /// Files of one song, a folder (one song), or a folder of song folders (an album); a package, packed
    /// or unpacked
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The stereo mix that the stems have to add up to, where its name does not say so
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
}

/// The files of one song.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Name of its folder.
    pub name: String,
    /// In the order given, each once.
    pub files: Vec<Place>,
    /// Which of them was named as the mix.
    pub reference: Option<usize>,
    /// What lies beside them and is no audio.
    beside: Vec<Place>,
    /// What came with them, if they were packed.
    packed: Option<Packed>,
}

impl Song {
    /// Its files for a runner.
    pub fn disk(&self) -> Disk {
        Disk(self.files.clone())
    }

    /// Names of its files.
    pub fn names(&self) -> Vec<String> {
        self.files.iter().map(Place::name).collect()
    }

    /// Names and sizes for an examination.
    pub fn inputs(&self) -> Vec<FileInput> {
        let input = |place: &Place| FileInput { name: place.name(), bytes: place.bytes() };
        self.files.iter().map(input).collect()
    }

    /// What is known about the song before it is read.
    pub fn options(&self) -> Options {
        let mut options = Options {
            name: self.name.clone(),
            roles: self.reference.map(|file| (file, Role::Reference)).into_iter().collect(),
            ..Options::default()
        };
        if let Some(packed) = &self.packed {
            let names = self.names();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            packed.choices(&names, &mut options);
        }
        options
    }

    /// What came with it, if it was packed.
    pub fn packed(&self) -> Option<&Packed> {
        self.packed.as_ref()
    }

    /// The hash of what lies beside the audio under this name, if anything does.
    pub fn hash_beside(&self, name: &str) -> Option<String> {
        let place = self.beside.iter().find(|place| place.name() == name)?;
        hash::sha256_of(&mut place.open().ok()?).ok()
    }

    /// A song of these files, and of what lies beside them.
    fn new(name: String, files: Vec<Place>, beside: Vec<Place>) -> Result<Self, Error> {
        /// Bytes of a report that are read; that of a hundred stems has fewer.
        const LONGEST_REPORT: u64 = 1 << 26;
        let find = |name: &str| beside.iter().find(|place| place.name() == name);
        let packed = match find(SUMS) {
            Some(sums) => {
                let report = find(package::JSON).map(|report| report.read_text(LONGEST_REPORT));
                Packed::parse(&sums.text()?, report.transpose()?.as_deref())
            }
            None => None,
        };
        Ok(Self { name, files, reference: None, beside, packed })
    }

    /// Several files without a folder.
    pub fn loose(name: String, files: Vec<Place>) -> Self {
        Self { name, files, reference: None, beside: Vec::new(), packed: None }
    }
}

/// Finds the songs.
pub fn gather(args: &Paths) -> Result<Vec<Song>, Error> {
    let (mut loose, mut songs) = (Vec::new(), Vec::new());
    for path in &args.paths {
        if fs::metadata(path).map_err(Error::of(path))?.is_dir() {
            songs.append(&mut in_folder(path)?);
        } else if is_archive(path) {
            songs.append(&mut in_archive(path)?);
        } else {
            loose.push(Place::File(path.clone()));
        }
    }
    match songs.as_mut_slice() {
        _ if loose.is_empty() => {}
        [] => songs.push(Song::loose(folder_name(&loose), loose)),
        [song] => song.files.append(&mut loose),
        [_, _, ..] => {
            return Err(Error::Usage(format!(
                "{} and folders of several songs: to which of them does it belong?",
                loose[0].path().display()
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
pub fn tracklist(args: &Paths) -> Option<Place> {
    let [folder] = args.paths.as_slice() else { return None };
    let tree = if is_archive(folder) { Tree::packed(folder) } else { Tree::of(folder) };
    let tree = tree.ok()?;
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
    let reference = Place::File(reference.to_owned());
    let at = song.files.iter().position(|file| file.is(&reference));
    song.reference = Some(at.unwrap_or(song.files.len()));
    if at.is_none() {
        song.files.push(reference);
    }
    Ok(())
}

/// Drops what was given before. The mix keeps its place.
fn keep_each_once(song: &mut Song) {
    let mix = song.reference.and_then(|at| song.files.get(at)).cloned();
    let mut seen = HashSet::new();
    song.files.retain(|file| seen.insert(file.key()));
    song.reference = mix.and_then(|mix| song.files.iter().position(|file| file.is(&mix)));
}

/// The songs in a folder.
fn in_folder(folder: &Path) -> Result<Vec<Song>, Error> {
    let mut songs = Tree::of(folder)?.songs(folder)?;
    if let [song] = songs.as_mut_slice() {
        song.name = base_name(&canonical(folder));
    }
    Ok(songs)
}

/// The songs in a ZIP.
fn in_archive(archive: &Path) -> Result<Vec<Song>, Error> {
    Tree::packed(archive)?.songs(archive)
}

fn is_archive(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// What lies in a folder and the folders in it, each with its `/`-separated path from [`ROOT`] on.
#[derive(Default)]
struct Tree {
    files: Vec<(String, Place)>,
    /// What is neither audio nor a tracklist. Hidden files are nothing.
    others: Vec<(String, Option<Place>)>,
}

impl Tree {
    fn of(folder: &Path) -> Result<Self, Error> {
        let mut tree = Self::default();
        tree.walk(folder, ROOT, 0)?;
        Ok(tree)
    }

    /// What lies in a ZIP; where everything in it is in one folder, from that folder on.
    fn packed(archive: &Path) -> Result<Self, Error> {
        let file = File::open(archive).map_err(Error::of(archive))?;
        let entries = archive::list(file).map_err(Error::of(archive))?;
        let top = entries.first().and_then(|entry| entry.path.first());
        let is_one = entries.iter().all(|entry| entry.path.len() > 1 && entry.path.first() == top);
        let root = base_name(&archive.with_extension(""));
        let mut tree = Self::default();
        for entry in entries {
            let name = entry.path.last().cloned().unwrap_or_default();
            let path = entry.path.join("/");
            let path = if is_one { path } else { format!("{root}/{path}") };
            let Some(start) = entry.start else {
                if is_wanted(&name) {
                    let why =
                        format!("{path} is compressed or encrypted: unpack the archive first");
                    return Err(Error::Usage(format!("{}: {why}", archive.display())));
                }
                tree.others.push((path, None));
                continue;
            };
            let archive = archive.to_owned();
            let is_heard = is_wanted(&name);
            let place = Place::Entry { archive, name, start, bytes: entry.bytes };
            if is_heard {
                tree.files.push((path, place));
            } else {
                tree.others.push((path, Some(place)));
            }
        }
        Ok(tree)
    }

    /// The songs in it; `from` is where it was found.
    fn songs(&self, from: &Path) -> Result<Vec<Song>, Error> {
        let gathered = self.gather()?;
        let mut songs = Vec::new();
        let mut packed = HashSet::new();
        for found in gathered.songs {
            let paths = found.files.iter().filter_map(|&at| self.files.get(at));
            let folder =
                paths.clone().map(|(path, _)| folder_of(path)).min_by_key(|path| path.len());
            let beside = self.others.iter().filter(|(path, _)| Some(folder_of(path)) == folder);
            let beside: Vec<Place> = beside.filter_map(|(_, place)| place.clone()).collect();
            let files = paths.map(|(_, place)| place.clone()).collect();
            let song = Song::new(found.name.unwrap_or_default(), files, beside)?;
            if song.packed.is_some() {
                packed.extend(folder);
            }
            songs.push(song);
        }
        if songs.is_empty() {
            return Err(Error::Usage(format!("{}: no audio file in it", from.display())));
        }
        self.tell_skipped(from, &gathered.skipped, &packed);
        Ok(songs)
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
                    self.others.push((path, None));
                }
            } else if is_wanted(&name) {
                self.files.push((path, Place::File(entry)));
            } else {
                self.others.push((path, Some(Place::File(entry))));
            }
        }
        Ok(())
    }

    fn gather(&self) -> Result<Gathered, Error> {
        let paths: Vec<&str> = self.files.iter().map(|(path, _)| path.as_str()).collect();
        gather::gather(&paths).map_err(Error::Usage)
    }

    /// Names what is not looked at; what a package brings along is.
    fn tell_skipped(&self, folder: &Path, folders: &[String], packed: &HashSet<&str>) {
        let is_ours = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let own = [SUMS, package::JSON, package::HTML, package::NOTES].contains(&name);
            let is_above = |song: &&str| folder_of(song) == folder_of(path);
            own && (packed.contains(folder_of(path)) || packed.iter().any(is_above))
        };
        let others = self.others.iter().map(|(path, _)| path).filter(|path| !is_ours(path));
        let mut names: Vec<String> = others.chain(folders).map(|path| below_root(path)).collect();
        names.sort_by_key(|name| name.to_lowercase());
        if !names.is_empty() {
            output::message(&format!("{}: skipped {}", folder.display(), names.join(", ")));
        }
    }
}

fn below_root(path: &str) -> String {
    path.strip_prefix(ROOT).unwrap_or(path).trim_start_matches('/').to_owned()
}

/// The folders of a path.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Name of the folder that loose files lie in.
fn folder_name(files: &[Place]) -> String {
    let folder = files.first().and_then(|file| canonical(file.path()).parent().map(base_name));
    folder.filter(|name| !name.is_empty()).unwrap_or_else(|| "Song".to_owned())
}

/// Whether two paths lead to the same file.
pub fn same(a: &Path, b: &Path) -> bool {
    canonical(a) == canonical(b)
}
