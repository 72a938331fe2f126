//! The bytes of a repaired file, made while they are read.

use std::io::{self, ErrorKind, Read};

use stemcheck_core::block::Block;
use stemcheck_decode::Source;
use stemcheck_decode::write::Exact;

use super::Change;
use crate::runner::{Library, explain};

/// Frames that are made at a time.
const FRAMES: u64 = 16_384;

/// A repaired file as a stream of bytes: a WAV.
pub struct Repaired {
    sources: Vec<Source>,
    change: Change,
    exact: Exact,
    /// The next frame.
    at: u64,
    blocks: Vec<Block>,
    /// Bytes that are made and not read yet, from `taken` on.
    made: Vec<u8>,
    taken: usize,
    /// Bytes that are still to be made.
    left: u64,
}

impl Repaired {
    /// The file that `change` makes of these files.
    ///
    /// # Errors
    /// What the library says; a file that is not what it was when it was examined.
    pub fn open(library: &dyn Library, from: &[usize], change: Change) -> io::Result<Self> {
        let mut sources = Vec::new();
        for &file in from {
            sources.push(Source::open(library.open(file)?).map_err(|error| damaged(&error))?);
        }
        let channels = sources.iter().map(|source| source.format().channels).sum();
        let first = sources.first_mut().ok_or(ErrorKind::Unsupported)?;
        let told = first.broadcast().map_err(|error| damaged(&error))?;
        let told = told.zip(change.begins_at).map(|(told, frame)| told.beginning_at(frame));
        let exact = Exact::like(first.format(), channels).ok_or(ErrorKind::Unsupported)?;
        let exact = exact.telling(told);
        let (blocks, made) = (vec![Block::default(); sources.len()], exact.head(change.frames));
        let left = exact.bytes(change.frames) - made.len() as u64;
        Ok(Self { sources, change, exact, at: 0, blocks, made, taken: 0, left })
    }

    /// How many bytes there will be in all, as long as none has been read.
    pub fn total_bytes(&self) -> u64 {
        self.made.len() as u64 + self.left
    }

    /// Makes the next bytes; none at the end.
    fn make(&mut self) -> io::Result<()> {
        self.made.clear();
        self.taken = 0;
        let frames = (self.change.frames - self.at).min(FRAMES);
        // Where these frames lie in the files: before them, in them, after them.
        let from = self.at.cast_signed().saturating_sub(self.change.later);
        let before = from.min(0).unsigned_abs().min(frames);
        let start = from.max(0).unsigned_abs();
        for (source, block) in self.sources.iter_mut().zip(&mut self.blocks) {
            let length = (frames - before) as usize;
            source.read(start, length, block).map_err(|error| damaged(&error))?;
        }
        let read = self.blocks.iter().map(Block::frames).min().unwrap_or(0) as u64;
        self.exact.silence(before as usize, &mut self.made);
        self.exact.frames(&self.blocks, self.change.flip, &mut self.made)?;
        self.exact.silence((frames - before - read) as usize, &mut self.made);
        self.at += frames;
        if self.at == self.change.frames {
            // A chunk of odd length is followed by a zero.
            self.made.resize(self.left as usize, 0);
        }
        self.left -= self.made.len() as u64;
        Ok(())
    }
}

fn damaged(error: &stemcheck_core::song::Unreadable) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, explain(error).to_owned())
}

impl Read for Repaired {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.made.len() {
            self.make()?;
        }
        let left = self.made.get(self.taken..).unwrap_or_default();
        let length = left.len().min(out.len());
        if let (Some(out), Some(left)) = (out.get_mut(..length), left.get(..length)) {
            out.copy_from_slice(left);
        }
        self.taken += length;
        Ok(length)
    }
}
