//! A song's files, on disk or within a ZIP on disk, for the runners.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use stemcheck_session::Library;
use stemcheck_session::decode::Stream;

use crate::error::Error;

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// Bytes of an archive: a stored entry is read where it lies.
    Entry {
        /// The archive.
        archive: PathBuf,
        /// Name of the entry, without its folders.
        name: String,
        /// First byte.
        start: u64,
        /// How many there are.
        bytes: u64,
    },
}

impl Place {
    /// Its name without folders.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => base_name(path),
            Self::Entry { name, .. } => name.clone(),
        }
    }

    /// What lies on disk: the file, or the archive that it is in.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Entry { archive: path, .. } => path,
        }
    }

    /// How long it is; nothing if nobody knows.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
            Self::Entry { bytes, .. } => *bytes,
        }
    }

    /// Opens it. Unbuffered: whoever reads takes large pieces.
    pub fn open(&self) -> io::Result<Box<dyn Stream>> {
        let mut file = File::open(self.path())?;
        match self {
            Self::File(_) => Ok(Box::new(file)),
            Self::Entry { start, bytes, .. } => {
                file.seek(SeekFrom::Start(*start))?;
                Ok(Box::new(Section { file, start: *start, bytes: *bytes, at: 0 }))
            }
        }
    }

    /// Its text, as far as a person writes.
    pub fn text(&self) -> Result<String, Error> {
        /// Nobody writes more.
        const LONGEST: u64 = 1 << 20;
        self.read_text(LONGEST)
    }

    /// Its text, up to so many bytes.
    pub fn read_text(&self, longest: u64) -> Result<String, Error> {
        let mut bytes = Vec::new();
        let read = self.open().and_then(|file| file.take(longest).read_to_end(&mut bytes));
        read.map_err(Error::of(self.path()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether two places are the same.
    pub fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// The same for every way that leads to this place.
    pub fn key(&self) -> (PathBuf, u64) {
        let start = match self {
            Self::File(_) => 0,
            Self::Entry { start, .. } => *start,
        };
        (canonical(self.path()), start)
    }
}

/// Name without folders.
pub fn base_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The path without detours, if there is one.
pub fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Opens files by index.
#[derive(Debug, Clone)]
pub struct Disk(pub Vec<Place>);

impl Library for Disk {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        self.0.get(file).ok_or(ErrorKind::NotFound)?.open()
    }
}

/// A stretch of a file, as if it were one. The file stands at `start + at`.
struct Section {
    file: File,
    start: u64,
    bytes: u64,
    at: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.saturating_sub(self.at).min(buffer.len() as u64) as usize;
        let read = self.file.read(buffer.get_mut(..left).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
        };
        let at = at.ok_or(ErrorKind::InvalidInput)?;
        let there = self.start.checked_add(at).ok_or(ErrorKind::InvalidInput)?;
        self.file.seek(SeekFrom::Start(there))?;
        self.at = at;
        Ok(at)
    }
}
