//! What lies in an archive, and where: a stored file is read in place, without unpacking.

use std::io::{self, Read, Seek};

use zip::{CompressionMethod, ZipArchive};

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Names of its folders and its own; none is empty, `.` or `..`.
    pub path: Vec<String>,
    /// Where its bytes begin; `None` if it is compressed or encrypted, so that it has to be unpacked.
    pub start: Option<u64>,
    /// How many there are.
    pub bytes: u64,
}

/// The files in an archive, in its order; hidden ones (and the shadows that macOS adds) left out.
///
/// # Errors
/// What the reader says; an archive that cannot be read as one.
pub fn list<R: Read + Seek>(archive: R) -> io::Result<Vec<Entry>> {
    let mut archive = ZipArchive::new(archive)?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index)?;
        if !file.is_file() {
            continue;
        }
        let stored = file.compression() == CompressionMethod::Stored && !file.encrypted();
        let (start, bytes) = (file.data_start().filter(|_| stored), file.size());
        let Some(path) = safe(&file.name()?) else { continue };
        entries.push(Entry { path, start, bytes });
    }
    Ok(entries)
}

/// The parts of a path that leads nowhere but into the archive.
fn safe(path: &str) -> Option<Vec<String>> {
    const SHADOWS: &str = "__MACOSX";
    let parts: Vec<String> = path.split(['/', '\\']).map(str::to_owned).collect();
    let is_plain = |part: &String| !part.is_empty() && !part.starts_with('.') && part != SHADOWS;
    parts.iter().all(is_plain).then_some(parts)
}
