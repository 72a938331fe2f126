//! The header of a CAF file (Apple Core Audio Format) that holds linear PCM: `desc`, then `data`.
//!
//! Other codecs in a CAF file come in packets: [`crate::packets`] reads them.

use stemcheck_core::song::{Format, Unreadable};

use crate::chunks::{Chunk, Chunks, Dialect, Lengths};
use crate::input::Input;
use crate::layout::Layout;
use crate::limits;
use crate::notes::{self, Sound};
use crate::pcm::{Coding, Order, Sample};
use crate::tags::Told;

const KNOWN: &[[u8; 4]] = &[
    *b"desc", *b"data", *b"chan", *b"free", *b"info", *b"kuki", *b"pakt", *b"strg", *b"mark",
    *b"regn", *b"inst", *b"midi", *b"ovvw", *b"peak", *b"edct", *b"umid", *b"uuid",
];

/// Bytes of the `data` chunk before the sound: a count of edits.
const EDIT_COUNT: u64 = 4;

/// What `desc` says, checked.
struct Desc {
    sample_rate: u32,
    channels: u16,
    valid_bits: u16,
    coding: Coding,
}

/// Reads the header, and what stands behind the sound.
pub(crate) fn layout(input: &mut Input) -> Result<Layout, Unreadable> {
    let mut chunks = Chunks::new(Dialect {
        container: "caf",
        order: Order::Big,
        lengths: Lengths::Bits64,
        outer: 8,
        audio: *b"data",
        known: KNOWN,
    });
    let (mut desc, mut data, mut told) = (None, None, Told::default());
    while let Some(chunk) = chunks.next(input)? {
        match &chunk.id {
            b"desc" if desc.is_none() => desc = Some(read_desc(input, &chunk)?),
            b"data" if data.is_none() => data = Some(chunk),
            b"info" => told.caf(input, &chunk)?,
            _ => {}
        }
    }
    let desc = desc.ok_or_else(|| chunks.missing(input, "desc"))?;
    let data = data.ok_or_else(|| chunks.missing(input, "data"))?;
    with_data(input, &chunks, &desc, &data, told)
}

fn with_data(
    input: &Input,
    chunks: &Chunks,
    desc: &Desc,
    data: &Chunk,
    told: Told,
) -> Result<Layout, Unreadable> {
    let sample = desc.coding.sample;
    let frame_bytes = u64::from(desc.channels) * u64::from(sample.bytes());
    let frames = data.present().saturating_sub(EDIT_COUNT) / frame_bytes;
    if frames == 0 {
        return Err(Unreadable::Empty(format!(
            "caf: data chunk claims {} bytes, file has {}: not one frame of {frame_bytes} bytes \
             (at byte {})",
            data.claimed,
            data.present(),
            data.at
        )));
    }
    let data_at = data.body + EDIT_COUNT;
    let sound = Sound { begin: data_at, claimed: data.claimed - EDIT_COUNT, frame_bytes };
    let mut notes = Vec::new();
    notes::about_sound(data, &sound, chunks, input.len(), &mut notes);
    let (tags, _) = told.tags(desc.sample_rate);
    let format = Format {
        container: "caf".to_owned(),
        codec: "pcm".to_owned(),
        sample_rate: desc.sample_rate,
        bits: sample.bytes() * 8,
        valid_bits: desc.valid_bits,
        float: sample.is_float(),
        channels: desc.channels,
        frames,
    };
    Ok(Layout { format, notes, tags, bext: None, coding: desc.coding, data_at })
}

/// The codec, if it is one whose packets have to be decoded. Everything else is found in [`layout`].
pub(crate) fn codec(input: &mut Input) -> Result<Option<[u8; 4]>, Unreadable> {
    let mut head = [0; 32];
    if input.len() < head.len() as u64 {
        return Ok(None);
    }
    input.read_at(0, &mut head)?;
    // `desc` comes first: the header, its id and length, the rate, the codec.
    let (id, codec) = (&head[8..12], [head[28], head[29], head[30], head[31]]);
    Ok((id == b"desc" && matches!(&codec, b"alac" | b"aac ")).then_some(codec))
}

/// Sample rate (64-bit float), codec, flags, bytes and frames of a packet, channels, bits.
fn read_desc(input: &mut Input, chunk: &Chunk) -> Result<Desc, Unreadable> {
    const IS_FLOAT: u32 = 1;
    const IS_LITTLE: u32 = 2;
    let (bytes, there) = chunk.head::<32>(input)?;
    if there < bytes.len() {
        return Err(Unreadable::Damaged(format!(
            "caf: desc chunk has {there} bytes of at least 32 (at byte {})",
            chunk.at
        )));
    }
    let at = chunk.body;
    let [a, b, c, d, e, f, g, h, ..] = bytes;
    let rate = f64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let (words, _) = bytes[8..].as_chunks::<4>();
    let word = |at: usize| words.get(at).map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let codec = words.first().copied().unwrap_or_default();
    if codec != *b"lpcm" {
        return Err(Unreadable::Unsupported(format!(
            "caf: holds {}, not PCM (at byte {})",
            codec_name(codec),
            at + 8
        )));
    }
    let (flags, packet_bytes, packet_frames) = (word(1), word(2), word(3));
    let channels = u16::try_from(word(4)).unwrap_or(u16::MAX);
    let channels = limits::channels("caf", channels, at + 24)?;
    let sample_rate = limits::sample_rate("caf", rate, at)?;
    let bits = word(5);
    let sample = match (flags & IS_FLOAT != 0, bits) {
        (false, 1..=8) => Sample::I8,
        (false, 9..=16) => Sample::I16,
        (false, 17..=24) => Sample::I24,
        (false, 25..=32) => Sample::I32,
        (true, 32) => Sample::F32,
        (true, 64) => Sample::F64,
        (float, _) => {
            let kind = if float { "float" } else { "integer" };
            return Err(Unreadable::Unsupported(format!(
                "caf: {bits}-bit {kind} samples are not read (at byte {})",
                at + 28
            )));
        }
    };
    let frame_bytes = u32::from(channels) * u32::from(sample.bytes());
    if (packet_bytes, packet_frames) != (frame_bytes, 1) {
        return Err(Unreadable::Damaged(format!(
            "caf: header says {packet_bytes} bytes and {packet_frames} frames a packet, {channels} \
             channels of {bits} bits make {frame_bytes} and 1 (at byte {})",
            at + 16
        )));
    }
    let order = if flags & IS_LITTLE == 0 { Order::Big } else { Order::Little };
    Ok(Desc { sample_rate, channels, valid_bits: bits as u16, coding: Coding { sample, order } })
}

/// Codecs that Apple's programs write into CAF.
fn codec_name(codec: [u8; 4]) -> String {
    match &codec {
        b"aach" | b"aacp" => "HE-AAC audio".to_owned(),
        b"opus" => "Opus audio".to_owned(),
        b".mp3" => "MP3 audio".to_owned(),
        b"ima4" => "ADPCM audio".to_owned(),
        other => format!("`{}`", other.escape_ascii()),
    }
}
