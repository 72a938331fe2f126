//! A WAV file on its way out in pieces: nothing of it is held but the piece being filled and the
//! first, whose header is known only at the end. Knows no browser.

use std::io::{self, Seek, SeekFrom, Write};

/// Bytes of a piece: few messages, little memory.
const CHUNK: usize = 1 << 20;

/// Takes a file and hands it on in pieces: all but the first in order, at last the first.
#[derive(Debug)]
pub struct Chunks<F> {
    first: Vec<u8>,
    rest: Vec<u8>,
    /// Where the next byte goes, and where the file ends so far.
    at: u64,
    end: u64,
    hand_on: F,
}

impl<F: FnMut(&[u8])> Chunks<F> {
    /// An empty file.
    pub fn new(hand_on: F) -> Self {
        Self { first: Vec::new(), rest: Vec::new(), at: 0, end: 0, hand_on }
    }

    /// Hands on what is left, but for the first piece, which it returns.
    pub fn finish(mut self) -> Vec<u8> {
        if !self.rest.is_empty() {
            (self.hand_on)(&self.rest);
        }
        self.first
    }
}

impl<F: FnMut(&[u8])> Write for Chunks<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let at = self.at as usize;
        let taken = if self.at < CHUNK as u64 {
            let taken = bytes.len().min(CHUNK - at);
            let overwritten = taken.min(self.first.len().saturating_sub(at));
            if at > self.first.len() {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            self.first[at..at + overwritten].copy_from_slice(&bytes[..overwritten]);
            self.first.extend_from_slice(&bytes[overwritten..taken]);
            taken
        } else if self.at == self.end {
            self.rest.extend_from_slice(bytes);
            if self.rest.len() >= CHUNK {
                (self.hand_on)(&self.rest);
                self.rest.clear();
            }
            bytes.len()
        } else {
            // What was handed on is gone.
            return Err(io::ErrorKind::Unsupported.into());
        };
        self.at += taken as u64;
        self.end = self.end.max(self.at);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<F> Seek for Chunks<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
        };
        self.at = at.filter(|at| *at <= self.end).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use stemcheck_session::core::block::Block;
    use stemcheck_session::decode::write::{Depth, WavWriter};

    #[test]
    fn the_pieces_are_the_file() {
        for frames in [10, 250_000] {
            let side: Vec<f32> = (0..frames).map(|i| (i % 1000) as f32 / 1000.0).collect();
            let block = Block::from_planar(0, vec![side; 2]);
            let mut whole = Cursor::new(Vec::new());
            let mut writer = WavWriter::new(&mut whole, 48_000, 2, Depth::Float32).unwrap();
            writer.write(&block).unwrap();
            writer.finish().unwrap();

            let mut pieces: Vec<Vec<u8>> = Vec::new();
            let mut chunks = Chunks::new(|piece: &[u8]| pieces.push(piece.to_vec()));
            let mut writer = WavWriter::new(&mut chunks, 48_000, 2, Depth::Float32).unwrap();
            writer.write(&block).unwrap();
            writer.finish().unwrap();
            let mut joined = chunks.finish();
            assert_eq!(pieces.is_empty(), frames == 10);
            joined.extend(pieces.concat());
            assert!(joined == whole.into_inner());
        }
    }

    #[test]
    fn what_is_gone_is_not_written_again() {
        let mut chunks = Chunks::new(|_: &[u8]| ());
        chunks.write_all(&vec![1; 3 * CHUNK]).unwrap();
        assert!(chunks.seek(SeekFrom::Start(4 * CHUNK as u64)).is_err());
        chunks.seek(SeekFrom::Start(2 * CHUNK as u64)).unwrap();
        assert!(chunks.write_all(&[2]).is_err());
        chunks.seek(SeekFrom::Start(4)).unwrap();
        chunks.write_all(&[7]).unwrap();
        assert_eq!(chunks.finish()[3..6], [1, 7, 1]);
    }
}
