//! The bytes of one file and where the next read would begin.

use std::io::{self, SeekFrom};

use stemcheck_core::song::Unreadable;

use crate::Stream;

/// Reads at given places; seeks only when the place is not where the last read ended.
pub(crate) struct Input {
    stream: Box<dyn Stream>,
    len: u64,
    /// `None` after a failed read, when nobody knows.
    position: Option<u64>,
}

impl Input {
    pub(crate) fn new(mut stream: Box<dyn Stream>) -> io::Result<Self> {
        let len = stream.seek(SeekFrom::End(0))?;
        Ok(Self { stream, len, position: Some(len) })
    }

    /// Bytes that are really there.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Fills `bytes` from place `at` on.
    pub(crate) fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), Unreadable> {
        self.try_read_at(at, bytes).map_err(|error| {
            self.position = None;
            Unreadable::Damaged(format!(
                "{} bytes could not be read (at byte {at}): {error}",
                bytes.len()
            ))
        })
    }

    fn try_read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        if self.position != Some(at) {
            self.stream.seek(SeekFrom::Start(at))?;
        }
        self.stream.read_exact(bytes)?;
        self.position = Some(at + bytes.len() as u64);
        Ok(())
    }
}
