//! Where a container's numbers and its bytes disagree. Says what and where, does not judge.

use stemcheck_core::song::{HeaderField, HeaderNote};

use crate::chunks::{Chunk, Chunks, Unknown};

/// Padding that some writers count and others do not, in bytes (Wave64 pads to eight).
const SLACK: u64 = 7;

/// The sound within its chunk.
pub(crate) struct Sound {
    /// Where it begins.
    pub(crate) begin: u64,
    /// Bytes of it, as the header says.
    pub(crate) claimed: u64,
    pub(crate) frame_bytes: u64,
}

/// What the walk through a file showed about its sound and what lies around it.
pub(crate) fn about_sound(
    chunk: &Chunk,
    sound: &Sound,
    chunks: &Chunks,
    file_bytes: u64,
    notes: &mut Vec<HeaderNote>,
) {
    let present = sound.claimed.min(file_bytes.saturating_sub(sound.begin));
    let over = present % sound.frame_bytes;
    match chunk.unknown {
        Some(Unknown::Open(says)) => notes.push(HeaderNote::OpenEnded { says, at_byte: chunk.at }),
        None if present < sound.claimed => {
            let (claimed_bytes, present_bytes) = (sound.claimed, present);
            notes.push(HeaderNote::Truncated { claimed_bytes, present_bytes, at_byte: chunk.at });
        }
        None if over > 0 => {
            let at_byte = sound.begin + present - over;
            notes.push(HeaderNote::PartialFrame { bytes: over, at_byte });
        }
        None => {}
        Some(Unknown::Wrapped(says)) => {
            let (field, is) = (HeaderField::AudioBytes, chunk.claimed);
            notes.push(HeaderNote::Field { field, says, is, at_byte: chunk.at });
        }
    }
    if let Some(at_byte) = chunks.unpadded() {
        notes.push(HeaderNote::MissingPad { before_audio: at_byte <= chunk.at, at_byte });
    }
    let bytes = file_bytes.saturating_sub(chunks.place());
    if bytes > 0 {
        notes.push(HeaderNote::Trailing { bytes, at_byte: chunks.place() });
    }
}

/// What a container says of the length of the whole file.
pub(crate) fn about_file(says: u64, is: u64, at_byte: u64) -> Option<HeaderNote> {
    let field = HeaderField::FileBytes;
    (says.abs_diff(is) > SLACK).then_some(HeaderNote::Field { field, says, is, at_byte })
}
