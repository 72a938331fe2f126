//! What a container's header comes down to: format, how samples are stored, where they begin.

use stemcheck_core::song::{Format, HeaderNote, Tags};

use crate::chunks::Chunk;
use crate::pcm::Coding;

/// A header that has been checked against the bytes that are there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    pub(crate) notes: Vec<HeaderNote>,
    pub(crate) tags: Tags,
    /// The broadcast extension, if it is little-endian as that of a copy is.
    pub(crate) bext: Option<Chunk>,
    pub(crate) coding: Coding,
    /// Place of the first frame in the file.
    pub(crate) data_at: u64,
}

impl Layout {
    /// Bytes of one frame.
    pub(crate) fn frame_bytes(&self) -> usize {
        usize::from(self.format.channels) * usize::from(self.coding.sample.bytes())
    }
}
