//! The `fmt ` chunk: how samples are stored.
//!
//! Reads `WAVE_FORMAT_EXTENSIBLE` or not, and a float file with the 16-byte `fmt ` of an integer one.
//! Says where its numbers contradict each other; refuses what would have to be guessed.

use stemcheck_core::song::{HeaderField, HeaderNote, Unreadable};

use crate::chunks::{Chunk, Dialect};
use crate::input::Input;
use crate::limits;
use crate::pcm::{Coding, Order, Sample};

const PCM: u16 = 1;
const IEEE_FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// What follows the format tag in every GUID that stands for one (`KSDATAFORMAT_SUBTYPE_…`), and in
/// its Ambisonic twin.
const TAG_GUIDS: [(u16, u16, [u8; 8]); 2] = [
    (0x0000, 0x0010, *b"\x80\x00\x00\xaa\x00\x38\x9b\x71"),
    (0x0721, 0x11d3, *b"\x86\x44\xc8\xc1\xca\x00\x00\x00"),
];

/// What `fmt ` says, checked.
pub(super) struct Fmt {
    pub(super) sample_rate: u32,
    pub(super) channels: u16,
    pub(super) valid_bits: u16,
    pub(super) coding: Coding,
    pub(super) notes: Vec<HeaderNote>,
}

/// Reads the chunk.
pub(super) fn read(input: &mut Input, dialect: &Dialect, chunk: &Chunk) -> Result<Fmt, Unreadable> {
    let (container, order) = (dialect.container, dialect.order);
    let (bytes, there) = chunk.head::<40>(input)?;
    let at = chunk.body;
    let u16_at = |offset: usize| order.u16([bytes[offset], bytes[offset + 1]]);
    let need = |needed: usize| {
        if there >= needed {
            return Ok(());
        }
        Err(Unreadable::Damaged(format!(
            "{container}: fmt chunk has {there} bytes of at least {needed} (at byte {})",
            chunk.at
        )))
    };
    need(16)?;
    let channels = limits::channels(container, u16_at(2), at + 2)?;
    let rate = order.u32([bytes[4], bytes[5], bytes[6], bytes[7]]);
    let sample_rate = limits::sample_rate(container, f64::from(rate), at + 4)?;
    let bits = u16_at(14);
    let (tag, valid_bits) = match u16_at(0) {
        EXTENSIBLE => {
            need(40)?;
            (extensible_tag(container, order, &bytes, at)?, u16_at(18))
        }
        tag => (tag, bits),
    };
    let sample = sample(container, tag, bits, at)?;
    let byte_rate = order.u32([bytes[8], bytes[9], bytes[10], bytes[11]]);
    let frame = Frame { channels, bits, bytes: channels * sample.bytes(), rate };
    let mut notes = frame.against(container, u16_at(12), byte_rate, at)?;
    let stored = sample.bytes() * 8;
    if valid_bits > stored {
        let (field, says, is) = (HeaderField::ValidBits, valid_bits.into(), stored.into());
        notes.push(HeaderNote::Field { field, says, is, at_byte: at + 18 });
    }
    // Some writers leave the valid bits at 0; more than there are mean all of them.
    let valid_bits = if (1..=stored).contains(&valid_bits) { valid_bits } else { stored };
    Ok(Fmt { sample_rate, channels, valid_bits, coding: Coding { sample, order }, notes })
}

/// A frame as channels and bits make it.
struct Frame {
    channels: u16,
    bits: u16,
    bytes: u16,
    rate: u32,
}

impl Frame {
    /// The length of a frame is told three times. Two that agree are believed against the third;
    /// where only the third can be right (24 bits in four bytes, and who knows which four), or all
    /// differ, reading on would mean to guess.
    fn against(
        &self,
        container: &str,
        block_align: u16,
        byte_rate: u32,
        at: u64,
    ) -> Result<Vec<HeaderNote>, Unreadable> {
        let (is, rate) = (u64::from(self.bytes), u64::from(self.rate));
        let (says, a_second) = (u64::from(block_align), u64::from(byte_rate));
        let mut notes = Vec::new();
        if says != is {
            if says != 0 && a_second != is * rate {
                return Err(Unreadable::Damaged(format!(
                    "{container}: header says {says} bytes a frame, {} channels of {} bits make \
                     {is} (at byte {})",
                    self.channels,
                    self.bits,
                    at + 12
                )));
            }
            let field = HeaderField::FrameBytes;
            notes.push(HeaderNote::Field { field, says, is, at_byte: at + 12 });
        }
        // What 32 bits cannot hold is no mistake of the writer's.
        if a_second != is * rate && u32::try_from(is * rate).is_ok() {
            let field = HeaderField::ByteRate;
            notes.push(HeaderNote::Field { field, says: a_second, is: is * rate, at_byte: at + 8 });
        }
        Ok(notes)
    }
}

/// The format tag within the sub-format GUID: a number of 32 bits, two of 16, then eight bytes.
fn extensible_tag(
    container: &str,
    order: Order,
    fmt: &[u8; 40],
    at: u64,
) -> Result<u16, Unreadable> {
    let [.., a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *fmt;
    let tag = u16::try_from(order.u32([a, b, c, d]));
    let rest = (order.u16([e, f]), order.u16([g, h]), [i, j, k, l, m, n, o, p]);
    match tag {
        Ok(tag) if TAG_GUIDS.contains(&rest) => Ok(tag),
        _ => Err(Unreadable::Unsupported(format!(
            "{container}: sub-format {:02x?} is not known (at byte {})",
            &fmt[24..],
            at + 24
        ))),
    }
}

fn sample(container: &str, tag: u16, bits: u16, at: u64) -> Result<Sample, Unreadable> {
    Ok(match (tag, bits) {
        (PCM, 8) => Sample::U8,
        (PCM, 9..=16) => Sample::I16,
        (PCM, 17..=24) => Sample::I24,
        (PCM, 25..=32) => Sample::I32,
        (IEEE_FLOAT, 32) => Sample::F32,
        (IEEE_FLOAT, 64) => Sample::F64,
        (PCM | IEEE_FLOAT, _) => {
            let kind = if tag == PCM { "integer" } else { "float" };
            return Err(Unreadable::Unsupported(format!(
                "{container}: {bits}-bit {kind} samples are not read (at byte {})",
                at + 14
            )));
        }
        _ => {
            return Err(Unreadable::Unsupported(format!(
                "{container}: holds {}, not PCM (format tag {tag}, at byte {at})",
                codec_name(tag)
            )));
        }
    })
}

/// Names of the tags (RFC 2361, mmreg.h) that a DAW or a recorder may write.
fn codec_name(tag: u16) -> &'static str {
    match tag {
        0x02 | 0x11 => "ADPCM audio",
        0x06 | 0x07 => "A-law or mu-law audio",
        0x50 | 0x55 => "MPEG audio (MP2 or MP3)",
        0xFF | 0x1600..=0x1610 => "AAC audio",
        0x160..=0x163 => "Windows Media audio",
        0x92 | 0x2000 => "Dolby AC-3 audio",
        0xF1AC => "FLAC audio",
        0x674F..=0x6771 => "Ogg Vorbis audio",
        _ => "an encoding that is not known",
    }
}
