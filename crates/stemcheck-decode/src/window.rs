//! Reads ahead: compressed files are walked in steps of a few bytes.

use stemcheck_core::song::Unreadable;

use crate::input::Input;
use crate::limits::{BUFFER_BYTES, MAX_PACKET_BYTES};

/// A stretch of the file in memory. Going on does not seek.
pub(crate) struct Window {
    input: Input,
    bytes: Vec<u8>,
    at: u64,
}

impl Window {
    pub(crate) fn new(input: Input) -> Self {
        Self { input, bytes: Vec::new(), at: 0 }
    }

    /// Bytes of the whole file.
    pub(crate) fn len(&self) -> u64 {
        self.input.len()
    }

    /// The bytes from `at` on, `len` of them; fewer only at the end of the file, or beyond
    /// [`MAX_PACKET_BYTES`].
    pub(crate) fn get(&mut self, at: u64, len: usize) -> Result<&[u8], Unreadable> {
        let len = len.min(MAX_PACKET_BYTES) as u64;
        let end = at.saturating_add(len).min(self.input.len());
        let at = at.min(end);
        let have = self.at + self.bytes.len() as u64;
        if at < self.at || end > have {
            // What is here already is kept, so that the file is read in one go.
            let keep = if at >= self.at && at <= have { (at - self.at) as usize } else { 0 };
            let going_on = at >= self.at && at <= have;
            self.bytes.drain(..if going_on { keep } else { self.bytes.len() });
            self.at = at;
            let from = self.at + self.bytes.len() as u64;
            let to = end.max(from.saturating_add(BUFFER_BYTES as u64 / 4)).min(self.input.len());
            let old = self.bytes.len();
            self.bytes.resize(old + (to - from) as usize, 0);
            if let Err(error) = self.input.read_at(from, &mut self.bytes[old..]) {
                self.bytes.truncate(old);
                return Err(error);
            }
        }
        let from = (at - self.at) as usize;
        Ok(&self.bytes[from..from + (end - at) as usize])
    }

    /// `N` bytes from `at` on, zeros beyond the end, and how many are there.
    pub(crate) fn head<const N: usize>(&mut self, at: u64) -> Result<([u8; N], usize), Unreadable> {
        let found = self.get(at, N)?;
        let mut head = [0; N];
        head[..found.len()].copy_from_slice(found);
        Ok((head, found.len()))
    }
}
