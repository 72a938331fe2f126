//! The broadcast extension of a WAV file (`bext`, EBU Tech 3285): who wrote it, when, and where on the
//! recorder's clock its first frame lies.
//!
//! For copies whose samples were moved: what is said of the recording is kept as it stands, what names
//! or measures the very audio (UMID, loudness) is left out. Does not read it for people; see `tags`.

use std::ops::Range;

use stemcheck_core::song::Tags;

/// Fields, by the bytes that they have.
const ORIGINATOR: Range<usize> = 256..288;
const TIME_REFERENCE: Range<usize> = 338..346;
const UMID: Range<usize> = 348..412;
const LOUDNESS: Range<usize> = 412..422;
/// All fields; behind them the coding history, as long as it is.
const FIELDS: usize = 602;
/// Loudness that nobody has measured.
const UNSET: [u8; 2] = [0xFF, 0x7F];

/// What a copy of a file tells about the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast(Vec<u8>);

impl Broadcast {
    /// The chunk of a file, without its head, little-endian; one that is cut has no place in a copy.
    pub(crate) fn stored(mut chunk: Vec<u8>) -> Option<Self> {
        if chunk.len() < FIELDS {
            return None;
        }
        chunk.get_mut(UMID)?.fill(0);
        for field in chunk.get_mut(LOUDNESS)?.as_chunks_mut().0 {
            *field = UNSET;
        }
        Some(Self(chunk))
    }

    /// What another chunk told, if it told the time: `iXML`, or a `bext` the other way round.
    pub(crate) fn told(tags: &Tags) -> Option<Self> {
        tags.time_reference?;
        let mut fields = vec![0; FIELDS];
        let originator = tags.originator.as_deref().filter(|name| name.is_ascii()).unwrap_or("");
        for (field, letter) in fields.get_mut(ORIGINATOR)?.iter_mut().zip(originator.bytes()) {
            *field = letter;
        }
        Self::stored(fields)
    }

    /// The same of a recording that begins at this frame of the recorder's clock.
    #[must_use]
    pub fn beginning_at(mut self, frame: u64) -> Self {
        if let Some(field) = self.0.get_mut(TIME_REFERENCE) {
            field.copy_from_slice(&frame.to_le_bytes());
        }
        self
    }

    /// The chunk, with head and padding.
    pub(crate) fn chunk(&self) -> Vec<u8> {
        // At most `limits::TAG_BYTES`.
        let length = (self.0.len() as u32).to_le_bytes();
        let padding = &[0][..self.0.len() % 2];
        [b"bext", &length[..], &self.0, padding].concat()
    }
}
