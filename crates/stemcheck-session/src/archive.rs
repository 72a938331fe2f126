//! ZIP archives of stored entries: how one is laid out, and where in one the files lie.
//!
//! The layout is the `zip` crate's. What is decided here: nothing is compressed (audio hardly shrinks,
//! and so a stem is read where it lies), ZIP64 only where a size asks for it (old programs open the
//! rest), no modification times (the same song makes the same bytes), and every folder gets its
//! `SHA256SUMS`. Audio is never held: the command writes through to the disk, the page keeps an
//! [`Outline`] and puts the original files between its pieces.

use std::io::{self, Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::hash::{self, Hash};

mod list;
mod outline;
#[cfg(test)]
mod tests;

pub use list::{Entry, list};
pub use outline::{Outline, Piece};

/// Name of the list of checksums, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";

/// From this size on an entry needs ZIP64.
const ZIP64_BYTES: u64 = 0xFFFF_FFFF;

/// An archive being written. [`Self::finish`] it, or nobody can open it.
pub struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
    /// Folder, name, hash.
    sums: Vec<(String, String, String)>,
}

impl<W: Write + Seek> Archive<W> {
    /// Begins an archive.
    pub fn new(out: W) -> Self {
        Self { zip: ZipWriter::new(out), sums: Vec::new() }
    }

    /// Adds a file of about so many bytes; returns its SHA-256. `copying` is told when its bytes begin
    /// and how many have been copied, and again at their end: what is written between is the file.
    ///
    /// # Errors
    /// What reader or writer say; a file that has grown beyond 4 GiB meanwhile.
    pub fn file(
        &mut self,
        folder: &str,
        name: &str,
        bytes: u64,
        from: &mut dyn Read,
        copying: &mut dyn FnMut(Copying),
    ) -> io::Result<String> {
        self.zip.start_file(path(folder, name), options(bytes))?;
        copying(Copying::Begin);
        let (mut hash, mut done) = (Hash::default(), 0);
        let copied = hash::pump(from, &mut |chunk| {
            hash.take(chunk);
            self.zip.write_all(chunk)?;
            done += chunk.len() as u64;
            copying(Copying::Done(done));
            Ok(())
        });
        copying(Copying::End);
        copied?;
        let digits = hash.digits();
        self.sums.push((folder.to_owned(), name.to_owned(), digits.clone()));
        Ok(digits)
    }

    /// Adds a text.
    ///
    /// # Errors
    /// What the writer says.
    pub fn text(&mut self, folder: &str, name: &str, text: &str) -> io::Result<()> {
        let mut from = text.as_bytes();
        self.file(folder, name, text.len() as u64, &mut from, &mut |_| {}).map(drop)
    }

    /// Adds the checksums of what lies in this folder so far.
    ///
    /// # Errors
    /// What the writer says.
    pub fn sums(&mut self, folder: &str) -> io::Result<()> {
        let mut lines = String::new();
        for (_, name, digits) in self.sums.iter().filter(|(of, ..)| of == folder) {
            // Two spaces: read as it is, whatever the system calls a text.
            lines.extend([digits, "  ", name, "\n"]);
        }
        self.zip.start_file(path(folder, SUMS), options(lines.len() as u64))?;
        self.zip.write_all(lines.as_bytes())
    }

    /// Writes the directory.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.zip.finish()?)
    }
}

/// How far a file is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// Its bytes come next.
    Begin,
    /// So many of its bytes have been written.
    Done(u64),
    /// It is complete, or cannot be completed.
    End,
}

fn options(bytes: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(bytes >= ZIP64_BYTES)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
}

/// Where in the archive a file of a folder lies; `""` is the archive itself.
fn path(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
