//! MP4 and `QuickTime` files (ISO/IEC 14496-12) with one track of AAC or ALAC: `.m4a`, `.mp4`, `.mov`.
//!
//! Not read: fragmented files, whose packets stand in no table, and other codecs; they are named.

use stemcheck_core::song::{HeaderNote, Tags, Unreadable};

use super::decoder::{Codec, Setup};
use super::table::{Table, checked_count, truncated};
use super::{Opened, aac};
use crate::limits::{self, MAX_CHUNKS};
use crate::window::Window;

/// A box: its kind, and where its body begins and ends.
#[derive(Debug, Clone, Copy)]
struct Atom {
    kind: [u8; 4],
    body: u64,
    end: u64,
}

/// The boxes within `from..end`. One that reaches beyond is cut.
fn atoms(window: &mut Window, from: u64, end: u64) -> Result<Vec<Atom>, Unreadable> {
    let mut found = Vec::new();
    let mut at = from;
    while at.saturating_add(8) <= end && found.len() < MAX_CHUNKS {
        let (head, _) = window.head::<16>(at)?;
        let [s0, s1, s2, s3, k0, k1, k2, k3, large @ ..] = head;
        let (size, head) = match u32::from_be_bytes([s0, s1, s2, s3]) {
            0 => (end - at, 8),
            1 => (u64::from_be_bytes(large), 16),
            size => (u64::from(size), 8),
        };
        if size < head {
            break;
        }
        let next = at.saturating_add(size);
        found.push(Atom { kind: [k0, k1, k2, k3], body: (at + head).min(end), end: next.min(end) });
        at = next;
    }
    Ok(found)
}

/// The first box of a kind within another, along a path of kinds.
fn within(window: &mut Window, outer: Atom, path: &[&[u8; 4]]) -> Result<Option<Atom>, Unreadable> {
    let mut atom = outer;
    for kind in path {
        let inner = atoms(window, atom.body, atom.end)?;
        match inner.into_iter().find(|inner| inner.kind == **kind) {
            Some(inner) => atom = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(atom))
}

/// The big-endian words of a box, from `skip` bytes on, as many as are there.
fn words(window: &mut Window, atom: Atom, skip: u64, count: u64) -> Result<Vec<u32>, Unreadable> {
    let mut at = atom.body.saturating_add(skip);
    let there = atom.end.min(window.len()).saturating_sub(at) / 4;
    let mut left = count.min(there);
    let mut words = Vec::with_capacity(left as usize);
    while left > 0 {
        let step = left.min(16_384);
        let bytes = window.get(at, step as usize * 4)?;
        let (fours, _) = bytes.as_chunks::<4>();
        words.extend(fours.iter().map(|four| u32::from_be_bytes(*four)));
        at += step * 4;
        left -= step;
    }
    Ok(words)
}

fn word(window: &mut Window, atom: Atom, skip: u64) -> Result<u32, Unreadable> {
    Ok(words(window, atom, skip, 1)?.first().copied().unwrap_or_default())
}

fn missing(what: &str, at: u64) -> Unreadable {
    Unreadable::Damaged(format!("mp4: no {what} (at byte {at})"))
}

/// Opens a file that begins with `ftyp`.
pub(crate) fn open(mut window: Window) -> Result<Opened, Unreadable> {
    let end = window.len();
    let top = atoms(&mut window, 0, end)?;
    let moov = top.iter().find(|atom| atom.kind == *b"moov").copied();
    let moov = moov.ok_or_else(|| missing("index (`moov`): the export was interrupted", 0))?;
    let inner = atoms(&mut window, moov.body, moov.end)?;
    if inner.iter().any(|atom| atom.kind == *b"mvex") {
        return Err(Unreadable::Unsupported(format!(
            "a fragmented MP4 file, as made for streaming (at byte {})",
            moov.body
        )));
    }
    let mut track = None;
    for trak in inner.iter().filter(|atom| atom.kind == *b"trak") {
        let handler = within(&mut window, *trak, &[b"mdia", b"hdlr"])?;
        if let Some(handler) = handler
            && word(&mut window, handler, 8)? == u32::from_be_bytes(*b"soun")
        {
            track = Some(*trak);
            break;
        }
    }
    let trak = track.ok_or_else(|| missing("track of sound", moov.body))?;
    let stbl = within(&mut window, trak, &[b"mdia", b"minf", b"stbl"])?;
    let stbl = stbl.ok_or_else(|| missing("table of packets (`stbl`)", trak.body))?;
    let (setup, per_packet) = sample_entry(&mut window, stbl)?;
    let mut table = table(&mut window, stbl, per_packet)?;
    let cut = table.keep_present(end);
    let all = all_frames(&mut window, stbl, trak, &setup, table.frames())?;
    table.end = all;
    let gaps = gaps(&mut window, moov, trak, &setup, all)?;
    opened(window, setup, table, gaps, cut.is_some(), stbl.body)
}

/// Frames before the sound and of it, as the file tells them.
#[derive(Clone, Copy)]
struct Gaps {
    delay: u64,
    frames: u64,
}

fn opened(
    window: Window,
    setup: Setup,
    table: Table,
    gaps: Gaps,
    cut: bool,
    at: u64,
) -> Result<Opened, Unreadable> {
    let frames = gaps.frames.min(table.frames().saturating_sub(gaps.delay));
    if frames == 0 {
        return Err(Unreadable::Empty(format!("m4a: no frame of audio (at byte {at})")));
    }
    let format = setup.format("m4a", frames);
    let mut notes: Vec<HeaderNote> = Vec::new();
    if cut && frames < gaps.frames {
        notes.push(truncated(&format, gaps.frames, at));
    }
    let (tags, group, delay) = (Tags::default(), setup.table_group(), gaps.delay);
    let demux = Box::new(table);
    Ok(Opened { format, notes, tags, delay, setup, group, demux, window })
}

/// The codec's own header, within the first sample entry (12.2.3 and `QuickTime`'s versions of it).
fn sample_entry(window: &mut Window, stbl: Atom) -> Result<(Setup, u32), Unreadable> {
    let stsd = within(window, stbl, &[b"stsd"])?.ok_or_else(|| missing("`stsd`", stbl.body))?;
    let entry = atoms(window, stsd.body.saturating_add(8), stsd.end)?.first().copied();
    let entry = entry.ok_or_else(|| missing("description of its audio", stsd.body))?;
    let version = word(window, entry, 8)? >> 16;
    let fields = match version {
        1 => 28 + 16,
        2 => 28 + 36,
        _ => 28,
    };
    let children = Atom { body: (entry.body + fields).min(entry.end), ..entry };
    match &entry.kind {
        b"alac" => {
            let config = find(window, children, *b"alac")?;
            let config = config.ok_or_else(|| missing("header of ALAC", entry.body))?;
            // Version and flags come first.
            let cookie = bytes(window, config, 4)?;
            alac_setup("m4a", cookie, config.body)
        }
        b"mp4a" => {
            let esds = find(window, children, *b"esds")?;
            let esds = esds.ok_or_else(|| missing("header of AAC", entry.body))?;
            let descriptor = bytes(window, esds, 4)?;
            let config = specific_config(&descriptor).ok_or_else(|| {
                Unreadable::Unsupported(format!(
                    "an MP4 file that holds no AAC (at byte {})",
                    esds.body
                ))
            })?;
            Ok((aac::setup("m4a", config, esds.body)?, aac::PER_PACKET))
        }
        other => Err(Unreadable::Unsupported(format!(
            "an MP4 file that holds `{}`; AAC and ALAC are read (at byte {})",
            other.escape_ascii(),
            entry.body
        ))),
    }
}

/// A box among children, or one level further down in `QuickTime`'s `wave`.
fn find(window: &mut Window, outer: Atom, kind: [u8; 4]) -> Result<Option<Atom>, Unreadable> {
    match within(window, outer, &[&kind])? {
        Some(atom) => Ok(Some(atom)),
        None => within(window, outer, &[b"wave", &kind]),
    }
}

fn bytes(window: &mut Window, atom: Atom, skip: u64) -> Result<Vec<u8>, Unreadable> {
    let from = atom.body.saturating_add(skip);
    let len = atom.end.saturating_sub(from).min(limits::TAG_BYTES as u64);
    Ok(window.get(from, len as usize)?.to_vec())
}

/// `ALACSpecificConfig`, checked before the decoder sees it.
pub(super) fn alac_setup(
    container: &str,
    cookie: Vec<u8>,
    at: u64,
) -> Result<(Setup, u32), Unreadable> {
    // Old files wrap it once more, in boxes `frma` and `alac`.
    let mut cookie = cookie;
    for kind in [b"frma", b"alac"] {
        if cookie.get(4..8) == Some(kind) {
            cookie.drain(..12.min(cookie.len()));
        }
    }
    cookie.truncate(24);
    let [
        f0,
        f1,
        f2,
        f3,
        version,
        bits,
        _,
        _,
        _,
        channels,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        r0,
        r1,
        r2,
        r3,
    ] = *cookie.as_slice()
    else {
        return Err(Unreadable::Damaged(format!(
            "{container}: header of ALAC too short (at byte {at})"
        )));
    };
    let per_packet = u32::from_be_bytes([f0, f1, f2, f3]);
    if version != 0 || !(1..=65_536).contains(&per_packet) || !matches!(bits, 16 | 20 | 24 | 32) {
        return Err(Unreadable::Damaged(format!(
            "{container}: ALAC version {version} with {bits} bits and {per_packet} frames a packet \
             (at byte {at})"
        )));
    }
    let rate = f64::from(u32::from_be_bytes([r0, r1, r2, r3]));
    let setup = Setup {
        codec: Codec::Alac,
        sample_rate: limits::sample_rate(container, rate, at)?,
        channels: limits::channels(container, u16::from(channels), at)?,
        bits: u16::from(bits),
        extra: cookie,
    };
    Ok((setup, per_packet))
}

/// The `AudioSpecificConfig` within an `ES_Descriptor` (14496-1, 7.2.6.5), if the object is AAC.
pub(super) fn specific_config(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (tag, mut rest) = bytes.split_first()?;
        let mut size = 0;
        for _ in 0..4 {
            let (byte, after) = rest.split_first()?;
            (size, rest) = (size << 7 | usize::from(byte & 0x7F), after);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let body = rest.get(..size.min(rest.len()))?;
        bytes = match tag {
            3 => {
                let [_, _, flags, ..] = *body else { return None };
                let url = if flags & 0x40 == 0 { 0 } else { 1 + usize::from(*body.get(3)?) };
                let depends = if flags & 0x80 == 0 { 0 } else { 2 };
                let clock = if flags & 0x20 == 0 { 0 } else { 2 };
                body.get(3 + depends + url + clock..)?
            }
            // MPEG-4 audio, or AAC-LC of MPEG-2.
            4 if matches!(body.first()?, 0x40 | 0x67) => body.get(13..)?,
            4 => return None,
            5 => return Some(body),
            _ => rest.get(size..)?,
        };
    }
}

/// Sizes and places of the packets (8.7).
fn table(window: &mut Window, stbl: Atom, per_packet: u32) -> Result<Table, Unreadable> {
    let mut part = |kind: &[u8; 4]| within(window, stbl, &[kind]);
    let (stsz, stsc) = (part(b"stsz")?, part(b"stsc")?);
    let (stco, co64) = (part(b"stco")?, part(b"co64")?);
    let stsz = stsz.ok_or_else(|| missing("sizes of packets (`stsz`)", stbl.body))?;
    let stsc = stsc.ok_or_else(|| missing("chunks of packets (`stsc`)", stbl.body))?;
    let (same, count) = (word(window, stsz, 4)?, u64::from(word(window, stsz, 8)?));
    let count = checked_count("mp4", count, stsz.body)?;
    let sizes = if same == 0 {
        words(window, stsz, 12, count)?
    } else {
        // Not one more than the file could hold.
        let most = window.len() / u64::from(same);
        vec![same; count.min(most) as usize]
    };
    let offsets: Vec<u64> = if let Some(stco) = stco {
        let count = u64::from(word(window, stco, 4)?);
        words(window, stco, 8, checked_count("mp4", count, stco.body)?)?
            .into_iter()
            .map(u64::from)
            .collect()
    } else {
        let co64 = co64.ok_or_else(|| missing("places of chunks (`stco`)", stbl.body))?;
        let count = checked_count("mp4", u64::from(word(window, co64, 4)?), co64.body)?;
        let halves = words(window, co64, 8, count * 2)?;
        let (pairs, _) = halves.as_chunks::<2>();
        pairs.iter().map(|[high, low]| u64::from(*high) << 32 | u64::from(*low)).collect()
    };
    let entries = checked_count("mp4", u64::from(word(window, stsc, 4)?), stsc.body)?;
    let layout = words(window, stsc, 8, entries * 3)?;
    let (layout, _) = layout.as_chunks::<3>();
    let (mut first, mut runs, mut entry) = (0_u64, Vec::with_capacity(offsets.len()), 0);
    for (chunk, offset) in offsets.iter().enumerate() {
        while layout.get(entry + 1).is_some_and(|[from, ..]| *from as usize <= chunk + 1) {
            entry += 1;
        }
        let packets = layout.get(entry).map_or(0, |[_, packets, _]| *packets);
        if packets > 0 {
            runs.push((first, *offset));
        }
        first += u64::from(packets);
    }
    let mut sizes = sizes;
    sizes.truncate(first.min(count) as usize);
    Ok(Table::new(sizes, runs, per_packet))
}

/// Decoded frames as the durations of the packets add up to (8.6.1.2): the last one may be short.
fn all_frames(
    window: &mut Window,
    stbl: Atom,
    trak: Atom,
    setup: &Setup,
    decoded: u64,
) -> Result<u64, Unreadable> {
    let Some(stts) = within(window, stbl, &[b"stts"])? else { return Ok(decoded) };
    let (scale, _) = times(window, trak, &[b"mdia", b"mdhd"])?;
    if scale != setup.sample_rate {
        return Ok(decoded);
    }
    let entries = checked_count("mp4", u64::from(word(window, stts, 4)?), stts.body)?;
    let runs = words(window, stts, 8, entries * 2)?;
    let (runs, _) = runs.as_chunks::<2>();
    let sum = runs.iter().fold(0_u64, |sum, [count, frames]| {
        sum.saturating_add(u64::from(*count) * u64::from(*frames))
    });
    Ok(if sum == 0 { decoded } else { sum })
}

/// Time scale and duration of `mvhd` or `mdhd`.
fn times(window: &mut Window, outer: Atom, path: &[&[u8; 4]]) -> Result<(u32, u64), Unreadable> {
    let Some(atom) = within(window, outer, path)? else { return Ok((0, 0)) };
    let long = word(window, atom, 0)? >> 24 == 1;
    let at = if long { 20 } else { 12 };
    let fields = words(window, atom, at, 3)?;
    Ok(match *fields.as_slice() {
        [scale, high, low] if long => (scale, u64::from(high) << 32 | u64::from(low)),
        [scale, duration, ..] => (scale, u64::from(duration)),
        _ => (0, 0),
    })
}

/// What iTunes writes of its gaps, else the edit list (8.6.6), else what the codec costs at least.
fn gaps(
    window: &mut Window,
    moov: Atom,
    trak: Atom,
    setup: &Setup,
    all: u64,
) -> Result<Gaps, Unreadable> {
    if setup.codec == Codec::Aac
        && let Some((delay, frames)) = itunes(window, moov)?
        && delay + frames <= all.saturating_add(u64::from(aac::PER_PACKET))
    {
        return Ok(Gaps { delay, frames });
    }
    let usual = if setup.codec == Codec::Aac { aac::LEAST_DELAY } else { 0 };
    let without = Gaps { delay: usual, frames: all.saturating_sub(usual) };
    let (movie_scale, _) = times(window, moov, &[b"mvhd"])?;
    let (media_scale, _) = times(window, trak, &[b"mdia", b"mdhd"])?;
    let Some(elst) = within(window, trak, &[b"edts", b"elst"])? else { return Ok(without) };
    if movie_scale == 0 || media_scale == 0 {
        return Ok(without);
    }
    let long = word(window, elst, 0)? >> 24 == 1;
    let count = u64::from(word(window, elst, 4)?).min(MAX_CHUNKS as u64);
    let width = if long { 5 } else { 3 };
    let entries = words(window, elst, 8, count * width)?;
    for entry in entries.chunks_exact(width as usize) {
        let (duration, start) = match *entry {
            [d0, d1, s0, s1, _] => {
                let start = u64::from(s0) << 32 | u64::from(s1);
                (u64::from(d0) << 32 | u64::from(d1), (start >> 63 == 0).then_some(start))
            }
            [duration, start, ..] => {
                (u64::from(duration), (start >> 31 == 0).then_some(u64::from(start)))
            }
            _ => break,
        };
        // An empty edit moves the sound within the film: it is none of the sound.
        let Some(start) = start else { continue };
        let rate = u128::from(setup.sample_rate);
        let frames = |ticks: u64, scale: u32| (u128::from(ticks) * rate / u128::from(scale)) as u64;
        let delay = frames(start, media_scale);
        let rest = all.saturating_sub(delay);
        let told = frames(duration, movie_scale);
        // A film counts in ticks that may be coarser than frames: within one the sound ends itself.
        let tick = frames(1, movie_scale).max(1);
        let frames = if told == 0 || told + tick >= rest { rest } else { told };
        return Ok(Gaps { delay, frames });
    }
    Ok(without)
}

/// `iTunSMPB`: hexadecimal numbers, of which the second is the delay and the fourth the length.
fn itunes(window: &mut Window, moov: Atom) -> Result<Option<(u64, u64)>, Unreadable> {
    let Some(meta) = within(window, moov, &[b"udta", b"meta"])? else { return Ok(None) };
    // A full box: four bytes before its children.
    let meta = Atom { body: (meta.body + 4).min(meta.end), ..meta };
    let Some(list) = within(window, meta, &[b"ilst"])? else { return Ok(None) };
    for item in atoms(window, list.body, list.end)? {
        let Some(name) = within(window, item, &[b"name"])? else { continue };
        if bytes(window, name, 4)? != b"iTunSMPB" {
            continue;
        }
        let Some(data) = within(window, item, &[b"data"])? else { continue };
        let text = bytes(window, data, 8)?;
        let text = String::from_utf8_lossy(&text);
        let mut numbers = text.split_whitespace().map(|word| u64::from_str_radix(word, 16));
        let (Some(Ok(delay)), Some(Ok(frames))) = (numbers.nth(1), numbers.nth(1)) else {
            continue;
        };
        if frames > 0 && delay < 1 << 32 && frames < 1 << 48 {
            return Ok(Some((delay, frames)));
        }
    }
    Ok(None)
}
