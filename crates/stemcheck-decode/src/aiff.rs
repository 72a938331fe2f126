//! The header of an AIFF or AIFF-C file: `COMM` and `SSND`, in either order.
//!
//! AIFF 1.3 and AIFF-C (Apple, 1991), with the `QuickTime` sample types that programs write today.

use stemcheck_core::song::{Format, HeaderField, HeaderNote, Unreadable};

use crate::chunks::{Chunk, Chunks, Dialect, Lengths};
use crate::input::Input;
use crate::layout::Layout;
use crate::limits;
use crate::notes::{self, Sound};
use crate::pcm::{Coding, Order, Sample};
use crate::tags::Told;

const KNOWN: &[[u8; 4]] = &[
    *b"COMM", *b"SSND", *b"FVER", *b"MARK", *b"INST", *b"COMT", *b"NAME", *b"AUTH", *b"(c) ",
    *b"ANNO", *b"APPL", *b"CHAN", *b"MIDI", *b"AESD", *b"ID3 ", *b"bext", *b"LIST", *b"PEAK",
    *b"FLLR", *b"basc", *b"trns", *b"cate",
];

/// What `COMM` says, checked.
struct Comm {
    at: u64,
    sample_rate: u32,
    channels: u16,
    valid_bits: u16,
    frames: u64,
    coding: Coding,
}

/// Where the sound is.
struct Ssnd {
    chunk: Chunk,
    data_at: u64,
    claimed: u64,
    present: u64,
}

/// Reads the header, and what stands behind the sound; `container` is `aiff` or `aifc`.
pub(crate) fn layout(input: &mut Input, container: &'static str) -> Result<Layout, Unreadable> {
    let mut chunks = Chunks::new(Dialect {
        container,
        order: Order::Big,
        lengths: Lengths::Bits32,
        outer: 12,
        audio: *b"SSND",
        known: KNOWN,
    });
    let (mut comm, mut ssnd, mut told) = (None, None, Told::default());
    while let Some(chunk) = chunks.next(input)? {
        match &chunk.id {
            b"COMM" if comm.is_none() => comm = Some(read_comm(input, container, &chunk)?),
            b"SSND" if ssnd.is_none() => ssnd = Some(read_ssnd(input, container, chunk)?),
            b"NAME" | b"AUTH" | b"ANNO" | b"COMT" => told.aiff(input, &chunk)?,
            _ => {}
        }
    }
    match (comm, ssnd) {
        (Some(comm), Some(ssnd)) => with_sound(input, container, &chunks, &comm, &ssnd, told),
        // A file without a frame may leave its sound chunk out.
        (Some(Comm { frames: 0, at, .. }), None) => Err(Unreadable::Empty(format!(
            "{container}: COMM chunk counts 0 frames (at byte {at})"
        ))),
        (Some(_), None) => Err(chunks.missing(input, "SSND")),
        (None, _) => Err(chunks.missing(input, "COMM")),
    }
}

fn with_sound(
    input: &mut Input,
    container: &str,
    chunks: &Chunks,
    comm: &Comm,
    ssnd: &Ssnd,
    told: Told,
) -> Result<Layout, Unreadable> {
    let sample = comm.coding.sample;
    let frame_bytes = u64::from(comm.channels) * u64::from(sample.bytes());
    let there = ssnd.present / frame_bytes;
    // A piped writer leaves the count at 0, or at all ones as the lengths.
    let unknown = comm.frames == 0 || ssnd.chunk.unknown.is_some();
    let counted = if unknown { there } else { comm.frames };
    let frames = counted.min(there);
    if frames == 0 {
        return Err(Unreadable::Empty(format!(
            "{container}: COMM chunk counts {counted} frames, SSND chunk has {} bytes of sound: \
             not one frame (at byte {})",
            ssnd.present, comm.at
        )));
    }
    let mut notes = Vec::new();
    let sound = Sound { begin: ssnd.data_at, claimed: ssnd.claimed, frame_bytes };
    notes::about_sound(&ssnd.chunk, &sound, chunks, input.len(), &mut notes);
    if ssnd.chunk.unknown.is_none() && ssnd.present == ssnd.claimed {
        let mut size = [0; 4];
        input.read_at(4, &mut size)?;
        let says = u64::from(u32::from_be_bytes(size)) + 8;
        notes.extend(notes::about_file(says, input.len(), 4));
        if comm.frames != there {
            let (field, says) = (HeaderField::Frames, comm.frames);
            notes.push(HeaderNote::Field { field, says, is: there, at_byte: comm.at + 10 });
        }
    }
    let (tags, _) = told.tags(comm.sample_rate);
    let format = Format {
        container: container.to_owned(),
        codec: "pcm".to_owned(),
        sample_rate: comm.sample_rate,
        bits: sample.bytes() * 8,
        valid_bits: comm.valid_bits,
        float: sample.is_float(),
        channels: comm.channels,
        frames,
    };
    Ok(Layout { format, notes, tags, bext: None, coding: comm.coding, data_at: ssnd.data_at })
}

fn read_comm(
    input: &mut Input,
    container: &'static str,
    chunk: &Chunk,
) -> Result<Comm, Unreadable> {
    let needed = if container == "aifc" { 22 } else { 18 };
    let (bytes, there) = chunk.head::<22>(input)?;
    if there < needed {
        return Err(Unreadable::Damaged(format!(
            "{container}: COMM chunk has {there} bytes of at least {needed} (at byte {})",
            chunk.at
        )));
    }
    let at = chunk.body;
    let [c0, c1, f0, f1, f2, f3, b0, b1, rate @ .., t0, t1, t2, t3] = bytes;
    let channels = limits::channels(container, u16::from_be_bytes([c0, c1]), at)?;
    let sample_rate = limits::sample_rate(container, f64_from_extended(rate), at + 8)?;
    let bits = u16::from_be_bytes([b0, b1]);
    let kind = if container == "aifc" { [t0, t1, t2, t3] } else { *b"NONE" };
    let coding = coding(container, kind, bits, at)?;
    let stored = coding.sample.bytes() * 8;
    Ok(Comm {
        at: chunk.at,
        sample_rate,
        channels,
        // A type that fixes its own width often stands beside a size of another one.
        valid_bits: if bits.div_ceil(8) == coding.sample.bytes() { bits } else { stored },
        frames: u64::from(u32::from_be_bytes([f0, f1, f2, f3])),
        coding,
    })
}

fn read_ssnd(input: &mut Input, container: &str, chunk: Chunk) -> Result<Ssnd, Unreadable> {
    let (bytes, there) = chunk.head::<4>(input)?;
    let head = 8 + u64::from(u32::from_be_bytes(bytes));
    let body = chunk.present();
    if there == 4 && body >= head {
        return Ok(Ssnd {
            chunk,
            data_at: chunk.body + head,
            claimed: chunk.claimed - head,
            present: body - head,
        });
    }
    Err(Unreadable::Damaged(format!(
        "{container}: SSND chunk has {body} bytes, its sound begins after {head} (at byte {})",
        chunk.at
    )))
}

/// The sample type: AIFF's own, or what AIFF-C and `QuickTime` name.
fn coding(container: &str, kind: [u8; 4], bits: u16, at: u64) -> Result<Coding, Unreadable> {
    let integer = match bits {
        1..=8 => Some(Sample::I8),
        9..=16 => Some(Sample::I16),
        17..=24 => Some(Sample::I24),
        25..=32 => Some(Sample::I32),
        _ => None,
    };
    let (sample, order) = match &kind {
        b"NONE" | b"none" | b"twos" | b"TWOS" => (integer, Order::Big),
        b"sowt" | b"SOWT" => (integer, Order::Little),
        b"raw " if bits == 8 => (Some(Sample::U8), Order::Big),
        b"raw " => (None, Order::Big),
        b"in24" => (Some(Sample::I24), Order::Big),
        b"in32" => (Some(Sample::I32), Order::Big),
        b"fl32" | b"FL32" => (Some(Sample::F32), Order::Big),
        b"fl64" | b"FL64" => (Some(Sample::F64), Order::Big),
        _ => {
            return Err(Unreadable::Unsupported(format!(
                "{container}: encoding `{}` is not read (at byte {})",
                kind.escape_ascii(),
                at + 18
            )));
        }
    };
    let sample = sample.ok_or_else(|| {
        Unreadable::Unsupported(format!(
            "{container}: {bits}-bit samples of type `{}` are not read (at byte {})",
            kind.escape_ascii(),
            at + 6
        ))
    })?;
    Ok(Coding { sample, order })
}

/// An 80-bit extended float (sign, 15 bits of exponent, 64 of mantissa with its leading one
/// stored). All ones in the exponent are infinity or no number, whatever the mantissa.
fn f64_from_extended(bytes: [u8; 10]) -> f64 {
    let [e0, e1, mantissa @ ..] = bytes;
    let exponent = i32::from(u16::from_be_bytes([e0 & 0x7F, e1]));
    if exponent == 0x7FFF {
        return f64::NAN;
    }
    let magnitude = u64::from_be_bytes(mantissa) as f64 * 2f64.powi(exponent - 16_383 - 63);
    if e0 & 0x80 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::f64_from_extended;

    #[test]
    fn extended_floats() {
        let rate = |e: u16, m: u64| {
            let ([a, b], [c, d, f, g, h, i, j, k]) = (e.to_be_bytes(), m.to_be_bytes());
            f64_from_extended([a, b, c, d, f, g, h, i, j, k])
        };
        assert_eq!(rate(0x400E, 44_100 << 48), 44_100.0);
        assert_eq!(rate(0x4010, 192_000 << 46), 192_000.0);
        assert_eq!(rate(0xC00E, 44_100 << 48), -44_100.0);
        assert_eq!(rate(0, 0), 0.0);
        assert!(rate(0x7FFF, 1 << 63).is_nan());
        assert!(rate(0x7FFE, u64::MAX).is_infinite());
    }
}
