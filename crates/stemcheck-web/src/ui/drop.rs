//! Files that come by hand: dropped anywhere on the page, or through the two choosers.
//!
//! A folder brings everything that lies in it, so only audio files are taken; what the user picked
//! one by one is taken as it is, and the check says what is wrong with it.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
    HtmlInputElement,
};

use crate::files::Dropped;
use crate::texts;

/// Endings of files that hold audio, read or not: an MP3 in the folder is worth a finding.
const AUDIO: [&str; 22] = [
    "wav", "wave", "bwf", "rf64", "bw64", "w64", "aif", "aiff", "aifc", "caf", "flac", "mp3",
    "m4a", "mp4", "mov", "aac", "ogg", "oga", "opus", "wma", "wv", "ape",
];

/// Folders in folders that are followed.
const MAX_DEPTH: usize = 8;

/// Files as they came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Handful {
    /// Name of the folder, or what the page calls it.
    pub name: String,
    /// The files, in order.
    pub files: Vec<Dropped>,
}

/// Whether a file from a folder is taken. Hidden files (`._Kick.wav`) are a system's own.
fn is_audio(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let ending = ending.to_ascii_lowercase();
    !stem.is_empty() && !name.starts_with('.') && AUDIO.contains(&ending.as_str())
}

/// The files of a chooser, which is emptied, so that the same files can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Option<Result<Handful, String>> {
    let files = list(&input.files()?);
    let folder = files.first().and_then(folder_of);
    input.set_value("");
    if files.is_empty() {
        return None;
    }
    let Some(name) = folder else {
        return Some(Ok(Handful { name: texts::UNTITLED.to_string(), files: dropped(files) }));
    };
    let mut files: Vec<File> = files.into_iter().filter(|file| is_audio(&file.name())).collect();
    files.sort_by_key(path_of);
    Some(some_audio(Handful { name, files: dropped(files) }))
}

/// The files of a drop; folders are read through, which takes a moment.
pub fn take(data: &DataTransfer, done: impl FnOnce(Result<Handful, String>) + 'static) {
    // The list empties when this event is over: every entry has to be taken now.
    let items = data.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|i| items.get(i)?.webkit_get_as_entry().ok().flatten())
        .collect();
    if entries.is_empty() {
        let files = data.files().map(|files| list(&files)).unwrap_or_default();
        if !files.is_empty() {
            done(Ok(Handful { name: texts::UNTITLED.to_string(), files: dropped(files) }));
        }
        return;
    }
    spawn_local(async move {
        let name = match entries.as_slice() {
            [folder] if folder.is_directory() => folder.name(),
            _ => texts::UNTITLED.to_string(),
        };
        let by_hand = entries.iter().all(FileSystemEntry::is_file);
        done(match walk_all(entries, 0).await {
            Ok(files) if by_hand => Ok(Handful { name, files: dropped(files) }),
            Ok(files) => some_audio(Handful { name, files: dropped(files) }),
            Err(_) => Err(texts::UNREADABLE_DROP.to_string()),
        });
    });
}

fn some_audio(handful: Handful) -> Result<Handful, String> {
    if handful.files.is_empty() { Err(texts::NO_AUDIO.to_string()) } else { Ok(handful) }
}

/// All files under an entry: a file itself, a folder's audio files in order of their names.
async fn walk(entry: FileSystemEntry, depth: usize) -> Result<Vec<File>, JsValue> {
    if entry.is_file() {
        return Ok(vec![file(entry.unchecked_ref()).await?]);
    }
    if depth == MAX_DEPTH {
        return Ok(Vec::new());
    }
    let mut entries = children(entry.unchecked_ref()).await?;
    entries.retain(|entry| entry.is_directory() || is_audio(&entry.name()));
    entries.sort_by_key(FileSystemEntry::name);
    Box::pin(walk_all(entries, depth + 1)).await
}

async fn walk_all(entries: Vec<FileSystemEntry>, depth: usize) -> Result<Vec<File>, JsValue> {
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

fn dropped(files: Vec<File>) -> Vec<Dropped> {
    files.into_iter().map(|file| Dropped { name: file.name(), file: file.into() }).collect()
}

/// Path within the chosen folder; empty for a file that was chosen by itself.
fn path_of(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok();
    path.and_then(|path| path.as_string()).unwrap_or_default()
}

fn folder_of(file: &File) -> Option<String> {
    path_of(file).split_once('/').map(|(folder, _)| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_audio;

    #[test]
    fn a_folder_gives_its_audio_files_only() {
        for taken in ["Kick.wav", "LEAD VOX.AIFF", "a.b.wav", "mix.mp3"] {
            assert!(is_audio(taken), "{taken}");
        }
        for left in ["notes.txt", "._Kick.wav", ".wav", "wav", "Kick.wav.asd", ""] {
            assert!(!is_audio(left), "{left}");
        }
    }
}
