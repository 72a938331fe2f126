//! Ogg (RFC 3533) with Vorbis or Opus (RFC 7845) in its first stream. Pages are walked through once:
//! only the packets tell how many frames lie between two places.

use stemcheck_core::song::{Tags, Unreadable};

use super::decoder::{Codec, Setup};
use super::vorbis::{self, Blocks};
use super::{Demux, Group, Opened, Packet};
use crate::limits::{self, MAX_PACKET_BYTES, MAX_PACKETS};
use crate::window::Window;

const PAGE_BYTES: usize = 27;

/// Packets from one kept place to the next.
const STEP: u64 = 64;

/// A Vorbis packet overlaps with the one before it.
const VORBIS_GROUP: Group = Group { size: 64, warm_up: 2 };

/// Opus predicts from everything before; after half a second (RFC 7845, 4.6 asks for 80 ms) nothing
/// is left of a difference that 16 bits could show.
const OPUS_GROUP: Group = Group { size: 256, warm_up: 25 };

/// Where a packet begins, and what has to be known there.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Of its page, and the number of its first segment there.
    page: u64,
    segment: usize,
    /// Its first decoded frame, and the block size of the packet before it.
    start: u64,
    before: u32,
}

/// How many frames a packet decodes to.
enum Count {
    Vorbis(Blocks),
    Opus,
}

impl Count {
    /// Frames of a packet behind a block of `before`, and its own block size.
    fn of(&self, packet: &[u8], before: u32) -> (u32, u32) {
        match self {
            Self::Vorbis(blocks) => match (blocks.of(packet), before) {
                (None, before) => (0, before),
                (Some(block), 0) => (0, block),
                (Some(block), before) => ((before + block) / 4, block),
            },
            Self::Opus => (opus_frames(packet), 0),
        }
    }
}

/// Frames at 48 kHz of an Opus packet (RFC 6716, 3.1): those of a frame, times their number.
fn opus_frames(packet: &[u8]) -> u32 {
    let Some(toc) = packet.first() else { return 0 };
    let config = u32::from(toc >> 3);
    let frame = match config {
        0..=11 => [480, 960, 1920, 2880][config as usize % 4],
        12..=15 => [480, 960][config as usize % 2],
        _ => 120 << (config % 4),
    };
    let count = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => packet.get(1).map_or(0, |byte| u32::from(byte & 63)),
    };
    // More than 120 ms is no packet.
    if frame * count > 5760 { 0 } else { frame * count }
}

struct Ogg {
    serial: u32,
    count: Count,
    places: Vec<Place>,
    here: Place,
    number: u64,
    page: Page,
}

/// The page that was read last.
#[derive(Debug, Clone, Default)]
struct Page {
    at: u64,
    head_bytes: u64,
    continued: bool,
    granule: u64,
    laces: Vec<u8>,
    body: u64,
}

impl Page {
    fn end(&self) -> u64 {
        self.at + self.head_bytes + self.body
    }

    /// Where segment `index` begins.
    fn place(&self, index: usize) -> u64 {
        let before: u64 = self.laces.iter().take(index).map(|lace| u64::from(*lace)).sum();
        self.at + self.head_bytes + before
    }

    /// Whether segment `index` is the last that ends a packet here.
    fn is_last_end(&self, index: usize) -> bool {
        self.laces.iter().skip(index + 1).all(|lace| *lace == 255)
    }
}

/// Reads the next page of any stream, or of stream `serial`, from `at` on.
fn page(
    window: &mut Window,
    mut at: u64,
    serial: Option<u32>,
) -> Result<Option<(Page, u32)>, Unreadable> {
    loop {
        let (head, there) = window.head::<PAGE_BYTES>(at)?;
        if there < PAGE_BYTES {
            return Ok(None);
        }
        if !head.starts_with(b"OggS\0") {
            at = next_capture(window, at + 1)?;
            continue;
        }
        let [_, _, _, _, _, flags, rest @ ..] = head;
        let [g0, g1, g2, g3, g4, g5, g6, g7, s0, s1, s2, s3, .., segments] = rest;
        let found = u32::from_le_bytes([s0, s1, s2, s3]);
        let laces = window.get(at + PAGE_BYTES as u64, usize::from(segments))?.to_vec();
        let page = Page {
            at,
            head_bytes: PAGE_BYTES as u64 + u64::from(segments),
            continued: flags & 1 == 1,
            granule: u64::from_le_bytes([g0, g1, g2, g3, g4, g5, g6, g7]),
            body: laces.iter().map(|lace| u64::from(*lace)).sum(),
            laces,
        };
        if page.end() > window.len() {
            return Ok(None);
        }
        if serial.is_none_or(|serial| serial == found) {
            return Ok(Some((page, found)));
        }
        at = page.end();
    }
}

fn next_capture(window: &mut Window, mut at: u64) -> Result<u64, Unreadable> {
    loop {
        let bytes = window.get(at, 4096)?;
        if bytes.len() < 4 {
            return Ok(at + bytes.len() as u64);
        }
        match bytes.windows(4).position(|four| four == b"OggS") {
            Some(offset) => return Ok(at + offset as u64),
            None => at += bytes.len() as u64 - 3,
        }
    }
}

/// What a packet's page tells.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Its granule position, if this is the last packet that ends on it.
    granule: Option<u64>,
}

impl Ogg {
    /// The next packet; none at the end of the file.
    fn packet(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Found>, Unreadable> {
        data.clear();
        let mut begun = false;
        loop {
            if self.page.at != self.here.page || self.page.laces.is_empty() {
                let Some((page, _)) = page(window, self.here.page, Some(self.serial))? else {
                    return Ok(None);
                };
                self.here.page = page.at;
                // A packet whose beginning is lost, or whose end is.
                if page.continued && !begun && self.here.segment == 0 {
                    let end = page.laces.iter().position(|lace| *lace < 255);
                    self.here.segment = end.map_or(page.laces.len(), |end| end + 1);
                }
                if !page.continued && begun {
                    data.clear();
                }
                self.page = page;
            }
            let Some(lace) = self.page.laces.get(self.here.segment).copied() else {
                let end = self.page.end();
                (self.here.page, self.here.segment) = (end, 0);
                // The next page of this stream may lie further on.
                self.page = Page::default();
                continue;
            };
            begun = true;
            let at = self.page.place(self.here.segment);
            if data.len() + usize::from(lace) <= MAX_PACKET_BYTES {
                data.extend_from_slice(window.get(at, usize::from(lace))?);
            }
            let index = self.here.segment;
            self.here.segment += 1;
            if lace < 255 {
                let last = self.page.is_last_end(index);
                return Ok(Some(Found { granule: last.then_some(self.page.granule) }));
            }
        }
    }

    /// Walks through all packets. Decoded frames, and those up to which the first and the last
    /// granule position count, with them.
    fn index(&mut self, window: &mut Window) -> Result<Ends, Unreadable> {
        let mut ends = Ends::default();
        let mut data = Vec::new();
        loop {
            let place = self.here;
            let Some(Found { granule }) = self.packet(window, &mut data)? else {
                return Ok(ends);
            };
            if self.number.is_multiple_of(STEP) {
                self.places.push(place);
            }
            self.account(&data);
            if self.number > MAX_PACKETS {
                return Err(Unreadable::Unsupported(format!(
                    "ogg: more than {MAX_PACKETS} packets (at byte {})",
                    place.page
                )));
            }
            ends.decoded = self.here.start;
            // All ones: no packet ends on the page.
            if let Some(granule) = granule.filter(|granule| *granule < 1 << 62) {
                ends.first.get_or_insert((self.here.start, granule));
                ends.pages += 1;
                ends.last = (self.here.start, granule);
            }
        }
    }

    /// Counts the frames of a packet that was read.
    fn account(&mut self, data: &[u8]) -> u32 {
        let (frames, before) = self.count.of(data, self.here.before);
        self.here.start += u64::from(frames);
        self.here.before = before;
        self.number += 1;
        frames
    }
}

/// What the walk yields.
#[derive(Debug, Default)]
struct Ends {
    decoded: u64,
    first: Option<(u64, u64)>,
    last: (u64, u64),
    pages: u32,
}

impl Ends {
    /// Decoded frames before the first that is heard, and how many are heard. Granule positions
    /// count frames from the first one, of which a stream may have cut some off (Vorbis I, A.2; RFC
    /// 7845, 4); the last one says where the last packet is cut.
    fn gaps(&self, pre_skip: u64) -> (u64, u64) {
        // A single page is cut at its end, so that it cannot tell where it begins.
        let (decoded, granule) = match self.first {
            Some(first) if self.pages > 1 => first,
            _ => (0, 0),
        };
        let cut = decoded.saturating_sub(granule);
        let ahead = granule.saturating_sub(decoded);
        let (last_decoded, last_granule) = self.last;
        let end = (last_granule + cut).saturating_sub(ahead).min(last_decoded.max(self.decoded));
        let delay = cut + pre_skip;
        (delay, end.saturating_sub(delay))
    }
}

/// Opens an Ogg file by what its first stream holds.
pub(crate) fn open(mut window: Window) -> Result<Opened, Unreadable> {
    let first = page(&mut window, 0, None)?;
    let (first, serial) = first.ok_or_else(|| damaged("no whole page", 0))?;
    let mut ogg = Ogg {
        serial,
        count: Count::Opus,
        places: Vec::new(),
        here: Place::default(),
        number: 0,
        page: first,
    };
    let mut head = Vec::new();
    ogg.packet(&mut window, &mut head)?.ok_or_else(|| damaged("no whole packet", 0))?;
    let mut next = |ogg: &mut Ogg| -> Result<Vec<u8>, Unreadable> {
        let mut data = Vec::new();
        let found = ogg.packet(&mut window, &mut data)?;
        found.map(|_| data).ok_or_else(|| damaged("a header is missing", 0))
    };
    let (setup, group, pre_skip) = if head.starts_with(b"\x01vorbis") {
        let (channels, rate, short, long) = vorbis::identification(&head)
            .ok_or_else(|| damaged("its Vorbis header is not right", 28))?;
        let _comment = next(&mut ogg)?;
        let setup = next(&mut ogg)?;
        let channels = limits::channels("ogg", channels, 39)?;
        let blocks = Blocks::new(short, long, channels, &setup)
            .ok_or_else(|| damaged("its Vorbis setup is not right or not decoded", 28))?;
        ogg.count = Count::Vorbis(blocks);
        let setup = Setup {
            codec: Codec::Vorbis,
            sample_rate: limits::sample_rate("ogg", f64::from(rate), 40)?,
            channels,
            bits: 0,
            extra: [&head[..30.min(head.len())], &setup].concat(),
        };
        (setup, VORBIS_GROUP, 0)
    } else if head.starts_with(b"OpusHead") {
        let _tags = next(&mut ogg)?;
        let (channels, pre_skip) = opus_head(&head)?;
        let setup =
            Setup { codec: Codec::Opus, sample_rate: 48_000, channels, bits: 0, extra: Vec::new() };
        (setup, OPUS_GROUP, pre_skip)
    } else {
        let name = match head.as_slice() {
            [0x7F, b'F', b'L', b'A', b'C', ..] => "FLAC in Ogg",
            [b'S', b'p', b'e', b'e', b'x', ..] => "Speex",
            [0x80, b't', ..] => "video",
            _ => "something else",
        };
        return Err(Unreadable::Unsupported(format!(
            "an Ogg file that holds {name}; Vorbis and Opus are read (at byte 28)"
        )));
    };
    // Audio begins here; whatever the headers counted as, it was none.
    (ogg.here.start, ogg.here.before, ogg.number) = (0, 0, 0);
    let ends = ogg.index(&mut window)?;
    let (delay, frames) = ends.gaps(pre_skip);
    if frames == 0 {
        return Err(Unreadable::Empty("ogg: no frame of audio behind the headers".to_owned()));
    }
    let format = setup.format("ogg", frames);
    let (notes, tags, demux) = (Vec::new(), Tags::default(), Box::new(ogg));
    Ok(Opened { format, notes, tags, delay, setup, group, demux, window })
}

fn damaged(what: &str, at: u64) -> Unreadable {
    Unreadable::Damaged(format!("ogg: {what} (at byte {at})"))
}

/// Channels and pre-skip of an Opus stream (RFC 7845, 5.1).
fn opus_head(head: &[u8]) -> Result<(u16, u64), Unreadable> {
    let [version, channels, skip_a, skip_b, _, _, _, _, _, _, family, ..] = head[8..] else {
        return Err(damaged("its Opus header is too short", 28));
    };
    if version > 15 || family != 0 || !(1..=2).contains(&channels) {
        return Err(Unreadable::Unsupported(format!(
            "ogg: Opus with {channels} channels in mapping family {family}; one or two channels in \
             family 0 are read (at byte 37)"
        )));
    }
    Ok((u16::from(channels), u64::from(u16::from_le_bytes([skip_a, skip_b]))))
}

impl Demux for Ogg {
    fn seek(&mut self, window: &mut Window, frame: u64, group: Group) -> Result<u64, Unreadable> {
        let place = self.places.partition_point(|place| place.start <= frame).saturating_sub(1);
        let mut data = Vec::new();
        // Which packet holds the frame, counted from the place before it.
        self.go(place as u64 * STEP);
        let mut target = self.number;
        while self.packet(window, &mut data)?.is_some() {
            target = self.number;
            self.account(&data);
            if self.here.start > frame {
                break;
            }
        }
        let entry = group.entry(target);
        self.go(entry / STEP * STEP);
        while self.number < entry && self.packet(window, &mut data)?.is_some() {
            self.account(&data);
        }
        Ok(target)
    }

    fn next(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Packet>, Unreadable> {
        if self.packet(window, data)?.is_none() {
            return Ok(None);
        }
        let (number, start) = (self.number, self.here.start);
        let frames = self.account(data);
        Ok(Some(Packet { number, start, frames }))
    }
}

impl Ogg {
    /// To packet `number`, whose place is kept.
    fn go(&mut self, number: u64) {
        self.here = self.places.get((number / STEP) as usize).copied().unwrap_or_default();
        self.number = number;
    }
}
