//! The header of a WAV file (RIFF, or big-endian RIFX): `fmt ` and `data`.
//!
//! Reads what writers really produce: `WAVE_FORMAT_EXTENSIBLE` or not, a float file with the 16-byte
//! `fmt ` of an integer one and no `fact`, sizes of a pipe. Refuses what would have to be guessed.

use stemcheck_core::song::{Format, HeaderNote, Tags, Unreadable};

use crate::chunks::{Chunk, Chunks};
use crate::input::Input;
use crate::layout::Layout;
use crate::limits;
use crate::pcm::{Coding, Order, Sample};

const KNOWN: &[[u8; 4]] = &[
    *b"fmt ", *b"data", *b"fact", *b"LIST", *b"bext", *b"iXML", *b"axml", *b"chna", *b"JUNK",
    *b"junk", *b"PAD ", *b"FLLR", *b"cue ", *b"smpl", *b"inst", *b"PEAK", *b"id3 ", *b"ID3 ",
    *b"acid", *b"strc", *b"cart", *b"_PMX", *b"minf", *b"elm1", *b"regn", *b"umid", *b"DISP",
    *b"afsp", *b"SAUR", *b"LGWV", *b"ResU", *b"levl", *b"DGDA", *b"plst", *b"note", *b"labl",
];

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
struct Fmt {
    sample_rate: u32,
    channels: u16,
    valid_bits: u16,
    coding: Coding,
}

/// Reads the header up to the first frame.
pub(crate) fn layout(input: &mut Input, order: Order) -> Result<Layout, Unreadable> {
    let mut chunks = Chunks::new("wav", order, KNOWN);
    let mut fmt = None;
    while let Some(chunk) = chunks.next(input)? {
        match (&chunk.id, &fmt) {
            (b"fmt ", None) => fmt = Some(read_fmt(input, order, &chunk)?),
            (b"data", Some(fmt)) => {
                let claimed = chunks.extent(input, &chunk)?;
                return with_data(fmt, &chunk, claimed);
            }
            (b"data", None) => {
                return Err(Unreadable::Damaged(format!(
                    "wav: data chunk comes before the fmt chunk that would explain it (at byte {})",
                    chunk.at
                )));
            }
            _ => {}
        }
    }
    Err(chunks.missing(input, if fmt.is_some() { "data" } else { "fmt" }))
}

fn with_data(fmt: &Fmt, chunk: &Chunk, claimed: u64) -> Result<Layout, Unreadable> {
    let present = claimed.min(chunk.to_end);
    let frame_bytes = u64::from(fmt.channels) * u64::from(fmt.coding.sample.bytes());
    let frames = present / frame_bytes;
    if frames == 0 {
        return Err(Unreadable::Empty(format!(
            "wav: data chunk claims {claimed} bytes, file has {present}: not one frame of \
             {frame_bytes} bytes (at byte {})",
            chunk.at
        )));
    }
    let truncated =
        HeaderNote::Truncated { claimed_bytes: claimed, present_bytes: present, at_byte: chunk.at };
    let format = Format {
        container: "wav".to_owned(),
        codec: "pcm".to_owned(),
        sample_rate: fmt.sample_rate,
        bits: fmt.coding.sample.bytes() * 8,
        valid_bits: fmt.valid_bits,
        float: fmt.coding.sample.is_float(),
        channels: fmt.channels,
        frames,
    };
    Ok(Layout {
        format,
        notes: if present < claimed { vec![truncated] } else { Vec::new() },
        tags: Tags::default(),
        coding: fmt.coding,
        data_at: chunk.body(),
    })
}

fn read_fmt(input: &mut Input, order: Order, chunk: &Chunk) -> Result<Fmt, Unreadable> {
    let (bytes, there) = chunk.head::<40>(input)?;
    let at = chunk.body();
    let u16_at = |offset: usize| order.u16([bytes[offset], bytes[offset + 1]]);
    let need = |needed: usize| {
        if there >= needed {
            return Ok(());
        }
        Err(Unreadable::Damaged(format!(
            "wav: fmt chunk has {there} bytes of at least {needed} (at byte {})",
            chunk.at
        )))
    };
    need(16)?;
    let channels = limits::channels("wav", u16_at(2), at + 2)?;
    let rate = order.u32([bytes[4], bytes[5], bytes[6], bytes[7]]);
    let sample_rate = limits::sample_rate("wav", f64::from(rate), at + 4)?;
    let bits = u16_at(14);
    let (tag, valid_bits) = match u16_at(0) {
        EXTENSIBLE => {
            need(40)?;
            (extensible_tag(order, &bytes, at)?, u16_at(18))
        }
        tag => (tag, bits),
    };
    let sample = sample(tag, bits, at)?;
    let (block_align, frame_bytes) = (u16_at(12), channels * sample.bytes());
    if block_align != frame_bytes {
        return Err(Unreadable::Damaged(format!(
            "wav: header says {block_align} bytes a frame, {channels} channels of {bits} bits make \
             {frame_bytes} (at byte {})",
            at + 12
        )));
    }
    // Some writers leave the valid bits at 0; more than there are mean all of them.
    let stored = sample.bytes() * 8;
    let valid_bits = if (1..=stored).contains(&valid_bits) { valid_bits } else { stored };
    Ok(Fmt { sample_rate, channels, valid_bits, coding: Coding { sample, order } })
}

/// The format tag within the sub-format GUID: a number of 32 bits, two of 16, then eight bytes.
fn extensible_tag(order: Order, fmt: &[u8; 40], at: u64) -> Result<u16, Unreadable> {
    let [.., a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *fmt;
    let tag = u16::try_from(order.u32([a, b, c, d]));
    let rest = (order.u16([e, f]), order.u16([g, h]), [i, j, k, l, m, n, o, p]);
    match tag {
        Ok(tag) if TAG_GUIDS.contains(&rest) => Ok(tag),
        _ => Err(Unreadable::Unsupported(format!(
            "wav: sub-format {:02x?} is not known (at byte {})",
            &fmt[24..],
            at + 24
        ))),
    }
}

fn sample(tag: u16, bits: u16, at: u64) -> Result<Sample, Unreadable> {
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
                "wav: {bits}-bit {kind} samples are not read (at byte {})",
                at + 14
            )));
        }
        _ => {
            return Err(Unreadable::Unsupported(format!(
                "wav: holds {}, not PCM (format tag {tag}, at byte {at})",
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
