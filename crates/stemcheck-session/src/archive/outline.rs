//! An archive without the audio: what the page makes a download of, with the original files in between.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::rc::Rc;

use super::Copying;

/// A stretch of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes: those of the file with this number.
    File {
        /// Which.
        file: usize,
        /// How long.
        bytes: u64,
    },
}

impl Piece {
    fn bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { bytes, .. } => *bytes,
        }
    }
}

/// Takes an archive's bytes and forgets those of files. A handle: clones share what was written.
#[derive(Debug, Clone, Default)]
pub struct Outline(Rc<RefCell<Written>>);

#[derive(Debug, Default)]
struct Written {
    /// Each with the place where it begins.
    pieces: Vec<(u64, Piece)>,
    at: u64,
    /// Whose bytes are being written.
    file: Option<usize>,
}

impl Outline {
    /// Follows the copying of the file with this number: its bytes are counted and not kept.
    pub fn copying(&self, file: usize, copying: Copying) {
        match copying {
            Copying::Begin => self.0.borrow_mut().begin(file),
            Copying::Done(_) => {}
            Copying::End => self.0.borrow_mut().file = None,
        }
    }

    /// The stretches in order.
    pub fn pieces(&self) -> Vec<Piece> {
        self.0.borrow().pieces.iter().map(|(_, piece)| piece.clone()).collect()
    }
}

impl Written {
    fn end(&self) -> u64 {
        self.pieces.last().map_or(0, |(start, piece)| start + piece.bytes())
    }

    fn begin(&mut self, file: usize) {
        self.pieces.push((self.end(), Piece::File { file, bytes: 0 }));
        self.file = Some(file);
    }

    fn write(&mut self, new: &[u8]) -> io::Result<usize> {
        let length = if self.at == self.end() { self.append(new) } else { self.patch(new)? };
        self.at += length as u64;
        Ok(length)
    }

    fn append(&mut self, new: &[u8]) -> usize {
        match (self.pieces.last_mut(), self.file) {
            (Some((_, Piece::File { bytes, .. })), Some(_)) => *bytes += new.len() as u64,
            (Some((_, Piece::Bytes(bytes))), None) => bytes.extend_from_slice(new),
            _ => self.pieces.push((self.at, Piece::Bytes(new.to_vec()))),
        }
        new.len()
    }

    /// Writes over what is there, as a header gets its checksum; never over a file.
    fn patch(&mut self, new: &[u8]) -> io::Result<usize> {
        let after = self.pieces.partition_point(|(start, _)| *start <= self.at);
        let piece = after.checked_sub(1).and_then(|at| self.pieces.get_mut(at));
        let Some((start, Piece::Bytes(bytes))) = piece else {
            return Err(ErrorKind::InvalidInput.into());
        };
        let from = (self.at - *start) as usize;
        let old = bytes.get_mut(from..).unwrap_or_default();
        let length = old.len().min(new.len());
        match (old.get_mut(..length), new.get(..length)) {
            (Some(old), Some(new)) if length > 0 => old.copy_from_slice(new),
            _ => return Err(ErrorKind::InvalidInput.into()),
        }
        Ok(length)
    }
}

impl Write for Outline {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() { Ok(0) } else { self.0.borrow_mut().write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Outline {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut written = self.0.borrow_mut();
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => written.at.checked_add_signed(by),
            SeekFrom::End(by) => written.end().checked_add_signed(by),
        };
        // A gap would be bytes that nobody wrote.
        let at = at.filter(|&at| at <= written.end()).ok_or(ErrorKind::InvalidInput)?;
        written.at = at;
        Ok(at)
    }
}
