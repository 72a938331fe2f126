//! Files that come by hand: dropped anywhere on the page, or through the choosers.
//!
//! Which of them are a song is `session::gather`'s to say; here they are only fetched.

use js_sys::{Array, Promise, Reflect};
use stemcheck_session::gather::{Gathered, MAX_DEPTH, gather, is_wanted};
use stemcheck_session::tracklist;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry,
    FileSystemFileEntry, HtmlInputElement,
};

use crate::files::Dropped;
use crate::state::Song;
use crate::texts;

/// Bytes of a tracklist or a profile that are read; none needs more.
const LONGEST_TEXT: f64 = 1_048_576.0;

/// Songs as they came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Handful {
    /// Each with its files, in order.
    pub songs: Vec<(Song, Vec<Dropped>)>,
    /// The titles of the tracklist that lay beside them.
    pub titles: Option<Vec<String>>,
    /// What was not taken; a sentence.
    pub notice: Option<String>,
    /// Index of the file whose row they were dropped on.
    pub onto: Option<usize>,
}

impl Handful {
    /// One song.
    pub fn song(name: Option<String>, files: Vec<Dropped>) -> Self {
        let song = (song(name, &files), files);
        Self { songs: vec![song], titles: None, notice: None, onto: None }
    }

    /// The files, if they came by themselves.
    pub fn loose(&self) -> Option<&[Dropped]> {
        match self.songs.as_slice() {
            [(song, files)] if !song.is_named => Some(files),
            _ => None,
        }
    }
}

fn song(name: Option<String>, files: &[Dropped]) -> Song {
    let names = files.iter().map(|file| file.name.clone()).collect();
    let is_named = name.is_some();
    Song { is_named, ..Song::new(name.unwrap_or_else(|| texts::UNTITLED.to_string()), names) }
}

/// What came of it: songs, or a sentence why not.
pub type Taken = Result<Handful, String>;

/// The files of a chooser, which is emptied, so that the same files can be chosen again.
pub fn chosen(input: &HtmlInputElement, done: impl FnOnce(Taken) + 'static) {
    let files = input.files().map(|files| list(&files)).unwrap_or_default();
    input.set_value("");
    if !files.is_empty() {
        let found = files.into_iter().map(|file| (path_of(&file), file)).collect();
        spawn_local(async move { done(sort(found, None).await) });
    }
}

/// The one file of a chooser, which is emptied.
pub fn chosen_one(input: &HtmlInputElement) -> Option<Dropped> {
    let file = input.files()?.get(0);
    input.set_value("");
    file.map(dropped)
}

/// The files of a drop, `onto` a file's row or not; folders are read through, which takes a moment.
pub fn take(data: &DataTransfer, onto: Option<usize>, done: impl FnOnce(Taken) + 'static) {
    // The list empties when this event is over: every entry has to be taken now.
    let items = data.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|i| items.get(i)?.webkit_get_as_entry().ok().flatten())
        .collect();
    let files = data.files().map(|files| list(&files)).unwrap_or_default();
    spawn_local(async move {
        if entries.is_empty() {
            let found: Vec<_> = files.into_iter().map(|file| (file.name(), file)).collect();
            if !found.is_empty() {
                done(sort(found, onto).await);
            }
            return;
        }
        done(match walk_all(entries, 0).await {
            Ok(found) => sort(found, onto).await,
            Err(_) => Err(texts::UNREADABLE_DROP.to_string()),
        });
    });
}

/// Songs from files and their paths.
async fn sort(found: Vec<(String, File)>, onto: Option<usize>) -> Taken {
    let (paths, files): (Vec<String>, Vec<File>) = found.into_iter().unzip();
    let Gathered { songs, tracklist, skipped } =
        gather(&paths).map_err(|name| texts::whose(&name))?;
    if songs.is_empty() {
        return Err(texts::NO_AUDIO.to_string());
    }
    let titles = match tracklist.and_then(|index| files.get(index)) {
        Some(file) => read_titles(file).await,
        None => None,
    };
    let songs = songs
        .into_iter()
        .map(|found| {
            let files: Vec<Dropped> =
                found.files.iter().filter_map(|&at| files.get(at).cloned()).map(dropped).collect();
            (song(found.name, &files), files)
        })
        .collect();
    let notice = (!skipped.is_empty()).then(|| texts::skipped(&skipped));
    Ok(Handful { songs, titles, notice, onto })
}

/// The titles in a tracklist; `None` if it cannot be read, or holds none.
async fn read_titles(file: &File) -> Option<Vec<String>> {
    let text = text_of(file).await?;
    Some(tracklist::parse(&file.name(), &text)).filter(|titles| !titles.is_empty())
}

/// What stands in a small file, or in the beginning of a large one; `None` if it cannot be read.
pub async fn text_of(file: &Blob) -> Option<String> {
    let text = file.slice_with_f64_and_f64(0.0, LONGEST_TEXT).ok()?.text();
    JsFuture::from(text).await.ok()?.as_string()
}

/// All files under an entry, with their paths: a file itself, a folder's audio files.
async fn walk(entry: FileSystemEntry, depth: usize) -> Result<Vec<(String, File)>, JsValue> {
    if entry.is_file() {
        return Ok(vec![(entry.full_path(), file(entry.unchecked_ref()).await?)]);
    }
    if depth > MAX_DEPTH {
        return Ok(Vec::new());
    }
    let mut entries = children(entry.unchecked_ref()).await?;
    entries.retain(|entry| entry.is_directory() || is_wanted(&entry.name()));
    Box::pin(walk_all(entries, depth + 1)).await
}

async fn walk_all(
    entries: Vec<FileSystemEntry>,
    depth: usize,
) -> Result<Vec<(String, File)>, JsValue> {
    let mut files = Vec::new();
    for entry in entries {
        files.extend(walk(entry, depth).await?);
    }
    Ok(files)
}

async fn file(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// A folder's entries. The reader hands out some hundred at a time, and none when it is done.
async fn children(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let promise = Promise::new(&mut |resolve, reject| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        let batch: Array = JsFuture::from(promise).await?.unchecked_into();
        if batch.length() == 0 {
            return Ok(entries);
        }
        entries.extend(batch.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

fn list(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|i| files.get(i)).collect()
}

fn dropped(file: File) -> Dropped {
    Dropped { name: file.name(), file: file.into() }
}

/// Path within the chosen folder, else the name.
fn path_of(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok();
    let path = path.and_then(|path| path.as_string()).filter(|path| !path.is_empty());
    path.unwrap_or_else(|| file.name())
}
