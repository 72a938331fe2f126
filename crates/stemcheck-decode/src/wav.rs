//! The header of a WAV file and of its relatives for long files: RIFF, big-endian RIFX, RF64 and BW64
//! (EBU Tech 3306, ITU-R BS.2088), Sony Wave64. All of them hold a `fmt ` and then a `data` chunk.
//!
//! Walks the file to its end, because programs tell who they are behind the sound as well as before
//! it. Reads what writers really produce: sizes of a pipe, sizes that ran over 4 GiB. Refuses sound
//! that comes before its description.

use stemcheck_core::song::{Format, HeaderField, HeaderNote, Unreadable};

use crate::chunks::{Chunk, Chunks, Dialect, Lengths};
use crate::input::Input;
use crate::layout::Layout;
use crate::notes::{self, Sound};
use crate::pcm::Order;
use crate::tags::Told;

mod fmt;

use fmt::Fmt;

const KNOWN: &[[u8; 4]] = &[
    *b"fmt ", *b"data", *b"fact", *b"LIST", *b"bext", *b"iXML", *b"axml", *b"chna", *b"JUNK",
    *b"junk", *b"PAD ", *b"FLLR", *b"cue ", *b"smpl", *b"inst", *b"PEAK", *b"id3 ", *b"ID3 ",
    *b"acid", *b"strc", *b"cart", *b"_PMX", *b"minf", *b"elm1", *b"regn", *b"umid", *b"DISP",
    *b"afsp", *b"SAUR", *b"LGWV", *b"ResU", *b"levl", *b"DGDA", *b"plst", *b"note", *b"labl",
    *b"ds64", *b"list",
];

/// Which relative of WAV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RIFF, or RIFX with everything the other way round.
    Riff(Order),
    Rf64,
    Bw64,
    Wave64,
}

impl Kind {
    fn dialect(self) -> Dialect {
        let riff = Dialect {
            container: "wav",
            order: Order::Little,
            lengths: Lengths::Bits32,
            outer: 12,
            audio: *b"data",
            known: KNOWN,
        };
        match self {
            Self::Riff(order) => Dialect { order, ..riff },
            Self::Rf64 => Dialect { container: "rf64", ..riff },
            Self::Bw64 => Dialect { container: "bw64", ..riff },
            Self::Wave64 => Dialect { container: "w64", lengths: Lengths::Guid, outer: 40, ..riff },
        }
    }
}

/// What the chunks yield, in the order in which they come.
#[derive(Default)]
struct Found {
    fmt: Option<Fmt>,
    data: Option<Chunk>,
    ds64: Option<Ds64>,
    /// Frames that `fact` counts, and where.
    fact: Option<(u64, u64)>,
    bext: Option<Chunk>,
    told: Told,
}

/// The lengths that an RF64 file keeps apart, each with its place.
struct Ds64 {
    riff: (u64, u64),
    frames: (u64, u64),
}

/// Reads the header, and what stands behind the sound.
pub(crate) fn layout(input: &mut Input, kind: Kind) -> Result<Layout, Unreadable> {
    let dialect = kind.dialect();
    let mut chunks = Chunks::new(dialect);
    let mut found = Found::default();
    while let Some(chunk) = chunks.next(input)? {
        match (&chunk.id, &found.fmt) {
            (b"fmt ", None) => found.fmt = Some(fmt::read(input, &dialect, &chunk)?),
            (b"data", None) => {
                return Err(Unreadable::Damaged(format!(
                    "{}: data chunk comes before the fmt chunk that would explain it (at byte {})",
                    dialect.container, chunk.at
                )));
            }
            (b"data", Some(_)) if found.data.is_none() => found.data = Some(chunk),
            (b"ds64", _) if matches!(kind, Kind::Rf64 | Kind::Bw64) && found.ds64.is_none() => {
                found.ds64 = read_ds64(input, &mut chunks, &chunk)?;
            }
            (b"fact", _) => found.fact = read_fact(input, &dialect, &chunk)?,
            (b"bext", _) => {
                found.bext = Some(chunk);
                found.told.bext(input, &chunk, dialect.order)?;
            }
            (b"iXML", _) => found.told.ixml(input, &chunk)?,
            (b"LIST", _) => found.told.list(input, &chunk, dialect.order)?,
            _ => {}
        }
    }
    match (found.fmt.take(), found.data) {
        (Some(fmt), Some(data)) => with_data(input, kind, &chunks, fmt, &data, found),
        (Some(_), None) => Err(chunks.missing(input, "data")),
        (None, _) => Err(chunks.missing(input, "fmt")),
    }
}

fn with_data(
    input: &mut Input,
    kind: Kind,
    chunks: &Chunks,
    fmt: Fmt,
    data: &Chunk,
    found: Found,
) -> Result<Layout, Unreadable> {
    let container = kind.dialect().container;
    let frame_bytes = u64::from(fmt.channels) * u64::from(fmt.coding.sample.bytes());
    let frames = data.present() / frame_bytes;
    if frames == 0 {
        return Err(Unreadable::Empty(format!(
            "{container}: data chunk claims {} bytes, file has {}: not one frame of \
             {frame_bytes} bytes (at byte {})",
            data.claimed,
            data.present(),
            data.at
        )));
    }
    let mut notes = fmt.notes;
    let sound = Sound { begin: data.body, claimed: data.claimed, frame_bytes };
    notes::about_sound(data, &sound, chunks, input.len(), &mut notes);
    if data.unknown.is_none() && data.claimed <= data.to_end {
        notes.extend(file_size(input, kind, found.ds64.as_ref())?);
        let again = found.ds64.as_ref().map(|ds64| ds64.frames).filter(|(says, _)| *says != 0);
        // Some writers count the samples of every channel.
        let right = [frames, frames.saturating_mul(u64::from(fmt.channels))];
        let wrong = again.into_iter().chain(found.fact).filter(|(says, _)| !right.contains(says));
        notes.extend(wrong.map(|(says, at_byte)| {
            let field = HeaderField::FramesAgain;
            HeaderNote::Field { field, says, is: frames, at_byte }
        }));
    }
    let (tags, told_rate) = found.told.tags(fmt.sample_rate);
    notes.extend(told_rate);
    let format = Format {
        container: container.to_owned(),
        codec: "pcm".to_owned(),
        sample_rate: fmt.sample_rate,
        bits: fmt.coding.sample.bytes() * 8,
        valid_bits: fmt.valid_bits,
        float: fmt.coding.sample.is_float(),
        channels: fmt.channels,
        frames,
    };
    let bext = found.bext.filter(|_| kind.dialect().order == Order::Little);
    Ok(Layout { format, notes, tags, bext, coding: fmt.coding, data_at: data.body })
}

/// What the outer chunk says of the length of the file.
fn file_size(
    input: &mut Input,
    kind: Kind,
    ds64: Option<&Ds64>,
) -> Result<Option<HeaderNote>, Unreadable> {
    let mut head = [0; 24];
    input.read_at(0, &mut head[..kind.dialect().outer.min(24) as usize])?;
    let [_, _, _, _, a, b, c, d, .., s, t, u, v, w, x, y, z] = head;
    let outer = |order: Order| (u64::from(order.u32([a, b, c, d])) + 8, 4);
    let (says, at_byte) = match (kind, ds64) {
        (Kind::Riff(order), _) => outer(order),
        (Kind::Rf64 | Kind::Bw64, Some(ds64)) => ds64.riff,
        (Kind::Rf64 | Kind::Bw64, None) => outer(Order::Little),
        (Kind::Wave64, _) => (u64::from_le_bytes([s, t, u, v, w, x, y, z]), 16),
    };
    Ok(notes::about_file(says, input.len(), at_byte))
}

/// The lengths of RIFF, `data` and any other chunk that may be over 4 GiB.
fn read_ds64(
    input: &mut Input,
    chunks: &mut Chunks,
    chunk: &Chunk,
) -> Result<Option<Ds64>, Unreadable> {
    /// Bytes that say where a further length belongs.
    const ENTRY: usize = 12;
    /// Chunks besides the sound that are over 4 GiB; real files have none.
    const MOST_ENTRIES: usize = 16;
    let bytes = chunk.bytes(input, 28 + ENTRY * MOST_ENTRIES)?;
    let Some([riff, data, frames]) = bytes.as_chunks::<8>().0.first_chunk() else {
        return Ok(None);
    };
    chunks.expect_large(*b"data", u64::from_le_bytes(*data));
    for entry in bytes.get(28..).unwrap_or_default().as_chunks::<ENTRY>().0 {
        let [a, b, c, d, length @ ..] = *entry;
        chunks.expect_large([a, b, c, d], u64::from_le_bytes(length));
    }
    Ok(Some(Ds64 {
        riff: (u64::from_le_bytes(*riff).saturating_add(8), chunk.body),
        frames: (u64::from_le_bytes(*frames), chunk.body + 16),
    }))
}

/// Frames as `fact` counts them. Wave64 has 64 bits for it; an RF64 file refers to its `ds64`.
fn read_fact(
    input: &mut Input,
    dialect: &Dialect,
    chunk: &Chunk,
) -> Result<Option<(u64, u64)>, Unreadable> {
    let (bytes, there) = chunk.head::<8>(input)?;
    let [a, b, c, d, ..] = bytes;
    let frames = match there {
        8 if dialect.lengths == Lengths::Guid => u64::from_le_bytes(bytes),
        4.. => u64::from(dialect.order.u32([a, b, c, d])),
        _ => return Ok(None),
    };
    Ok((!matches!(frames, 0 | 0xFFFF_FFFF)).then_some((frames, chunk.body)))
}
