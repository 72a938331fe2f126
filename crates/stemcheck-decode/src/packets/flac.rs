//! FLAC (RFC 9639): stream info, and frames found by their checksums.
//!
//! A frame does not tell its length. It ends where its CRC-16 comes out right and either the next
//! one begins or the file ends; so every frame that is handed on has been verified. A place in the
//! file is found by halving, with frames that were verified the same way: no table is needed, and
//! none that lies can mislead.

use stemcheck_core::song::{Tags, Unreadable};

use super::decoder::{Codec, Setup};
use super::table::truncated;
use super::{Demux, Group, Opened, Packet};
use crate::limits;
use crate::window::Window;

/// Bytes of the stream info block, and of the longest frame header.
const INFO_BYTES: usize = 34;
const HEAD_BYTES: usize = 16;

/// Below so many bytes going through is quicker than halving.
const NEAR_BYTES: u64 = 64 * 1024;

/// What stream info tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Info {
    /// Frames of the largest block; of every block but the last where they are numbered.
    block: u32,
    sample_rate: u32,
    channels: u16,
    bits: u16,
    /// 0 = unknown.
    frames: u64,
}

/// A frame: its first sample and how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    start: u64,
    frames: u32,
    bytes: usize,
    /// Whether one channel is stored as a difference, which takes a bit more than the samples.
    difference: bool,
}

struct Flac {
    info: Info,
    begin: u64,
    end: u64,
    at: u64,
}

/// Opens a file that begins with `fLaC`.
pub(crate) fn open(window: Window) -> Result<Opened, Unreadable> {
    open_at(window, 0)
}

/// The same behind a tag.
pub(super) fn open_at(mut window: Window, magic_at: u64) -> Result<Opened, Unreadable> {
    let mut at = magic_at + 4;
    let (head, _) = window.head::<{ INFO_BYTES + 4 }>(at)?;
    let info = stream_info(&head, at)?;
    for _ in 0..limits::MAX_CHUNKS {
        let (head, there) = window.head::<4>(at)?;
        let [kind, a, b, c] = head;
        if there < head.len() {
            break;
        }
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            break;
        }
    }
    let end = without_tag(&mut window)?;
    let flac = Flac { info, begin: at, end, at };
    let present = flac.last_frame(&mut window)?;
    let frames = if info.frames == 0 { present } else { info.frames.min(present) };
    if frames == 0 {
        return Err(Unreadable::Empty(format!("flac: no whole frame of audio (at byte {at})")));
    }
    let setup = Setup {
        codec: Codec::Flac,
        sample_rate: info.sample_rate,
        channels: info.channels,
        bits: info.bits,
        extra: head[4..].to_vec(),
    };
    let format = setup.format("flac", frames);
    let mut notes = Vec::new();
    if frames < info.frames {
        notes.push(truncated(&format, info.frames, magic_at + 8));
    }
    let (tags, group, demux) = (Tags::default(), Group::SINGLE, Box::new(flac));
    Ok(Opened { format, notes, tags, delay: 0, setup, group, demux, window })
}

fn stream_info(block: &[u8; INFO_BYTES + 4], at: u64) -> Result<Info, Unreadable> {
    let [kind, _, _, length, min_a, min_b, max_a, max_b, rest @ ..] = *block;
    if kind & 0x7F != 0 || usize::from(length) != INFO_BYTES {
        return Err(Unreadable::Damaged(format!("flac: no stream info (at byte {at})")));
    }
    // Six bytes of frame sizes; then 20 bits of rate, 3 of channels, 5 of bits, 36 of frames.
    let packed = rest[6..14].iter().fold(0_u64, |packed, byte| packed << 8 | u64::from(*byte));
    let block_sizes = [u16::from_be_bytes([min_a, min_b]), u16::from_be_bytes([max_a, max_b])];
    let bits = (packed >> 36 & 31) as u16 + 1;
    if block_sizes[1] < 16 || block_sizes[0] > block_sizes[1] {
        return Err(Unreadable::Damaged(format!(
            "flac: blocks of {} to {} frames (at byte {})",
            block_sizes[0],
            block_sizes[1],
            at + 4
        )));
    }
    if !matches!(bits, 4..=32) {
        return Err(Unreadable::Damaged(format!("flac: {bits} bits (at byte {})", at + 16)));
    }
    Ok(Info {
        block: u32::from(block_sizes[1]),
        sample_rate: limits::sample_rate("flac", (packed >> 44) as f64, at + 14)?,
        channels: limits::channels("flac", (packed >> 41 & 7) as u16 + 1, at + 16)?,
        bits,
        frames: packed & 0xF_FFFF_FFFF,
    })
}

/// The end of the file without an `ID3v1` tag, which old programs hang onto everything.
fn without_tag(window: &mut Window) -> Result<u64, Unreadable> {
    let end = window.len();
    let tag = end.saturating_sub(128);
    Ok(if window.head::<3>(tag)?.0 == *b"TAG" { tag } else { end })
}

impl Info {
    /// Reads a frame's header (RFC 9639, 9.1), if its checksum is right and it fits this stream.
    fn head(&self, bytes: &[u8]) -> Option<Head> {
        let [0xFF, second, third, fourth, ..] = *bytes else {
            return None;
        };
        if second & 0xFE != 0xF8 || fourth & 1 != 0 {
            return None;
        }
        let mut rest = Rest { bytes, at: 4 };
        let number = rest.number()?;
        let frames = match third >> 4 {
            0 => return None,
            1 => 192,
            n @ 2..=5 => 144 << n,
            6 => rest.take(1)? + 1,
            7 => rest.take(2)? + 1,
            n => 1 << n,
        };
        let sample_rate = match third & 15 {
            0 => self.sample_rate,
            n @ 1..=11 => *[
                88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
                96_000,
            ]
            .get(usize::from(n) - 1)?,
            12 => rest.take(1)? * 1000,
            13 => rest.take(2)?,
            14 => rest.take(2)? * 10,
            _ => return None,
        };
        let channels = match fourth >> 4 {
            n @ 0..=7 => u16::from(n) + 1,
            8..=10 => 2,
            _ => return None,
        };
        let bits = match fourth >> 1 & 7 {
            0 => self.bits,
            n => *[8, 12, 0, 16, 20, 24, 32].get(usize::from(n) - 1)?,
        };
        let fits = (sample_rate, channels, bits) == (self.sample_rate, self.channels, self.bits);
        let checksum = crc8(bytes.get(..rest.at)?) == *bytes.get(rest.at)?;
        let numbered_by_block = second & 1 == 0;
        let start = if numbered_by_block { number * u64::from(self.block) } else { number };
        (fits && checksum && frames <= self.block).then_some(Head {
            start,
            frames,
            bytes: rest.at + 1,
            difference: fourth >> 4 >= 8,
        })
    }
}

/// The variable part of a frame's header.
struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Rest<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 8 | u32::from(*self.bytes.get(self.at)?);
            self.at += 1;
        }
        Some(value)
    }

    /// A number in the manner of UTF-8, up to 36 bits.
    fn number(&mut self) -> Option<u64> {
        let first = self.take(1)?;
        let ones = (first as u8).leading_ones();
        match ones {
            0 => return Some(u64::from(first)),
            1 | 8 => return None,
            _ => {}
        }
        let mut value = u64::from(first & (0x7F >> ones));
        for _ in 1..ones {
            let next = self.take(1)?;
            if next >> 6 != 2 {
                return None;
            }
            value = value << 6 | u64::from(next & 0x3F);
        }
        Some(value)
    }
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| crc << 1 ^ if crc & 0x80 == 0 { 0 } else { 0x07 })
    })
}

/// CRC-16 with polynomial 0x8005, a byte at a time.
const CRC16: [u16; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = (i as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x8005 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

impl Flac {
    /// The header at `at`, and where the frame ends.
    fn frame(&self, window: &mut Window, at: u64) -> Result<Option<(Head, u64)>, Unreadable> {
        if at >= self.end {
            return Ok(None);
        }
        let (bytes, _) = window.head::<HEAD_BYTES>(at)?;
        let Some(head) = self.info.head(&bytes) else {
            return Ok(None);
        };
        // Over a frame with its own checksum the remainder is 0.
        let longest = limits::MAX_PACKET_BYTES as u64;
        let (mut crc, mut place) = (0_u16, at);
        let limit = self.end.min(at + longest);
        while place < limit {
            let left = (limit - place).min(16_384) as usize;
            let bytes = window.get(place, left)?;
            for (offset, byte) in bytes.iter().enumerate() {
                let here = place + offset as u64;
                let ends = crc == 0
                    && *byte == 0xFF
                    && here >= at + head.bytes as u64 + 2
                    && bytes.get(offset + 1).is_none_or(|next| next & 0xFE == 0xF8);
                if ends {
                    return Ok(Some((head, here)));
                }
                crc = crc << 8 ^ CRC16[usize::from((crc >> 8) as u8 ^ byte)];
            }
            place += bytes.len() as u64;
        }
        Ok((crc == 0 && place == self.end).then_some((head, self.end)))
    }

    /// The first whole frame between `at` and `end`.
    fn find(
        &self,
        window: &mut Window,
        mut at: u64,
        end: u64,
    ) -> Result<Option<(u64, Head, u64)>, Unreadable> {
        while at < end {
            if let Some((head, behind)) = self.frame(window, at)? {
                return Ok(Some((at, head, behind)));
            }
            at = next_sync(window, at + 1, end)?;
        }
        Ok(None)
    }

    /// Frames of audio up to the end of the last whole frame.
    fn last_frame(&self, window: &mut Window) -> Result<u64, Unreadable> {
        let all = self.end.saturating_sub(self.begin);
        let mut back = 32 * 1024_u64;
        loop {
            let from = self.end - back.min(all);
            let mut last = 0;
            let mut at = from.max(self.begin);
            while let Some((_, head, behind)) = self.find(window, at, self.end)? {
                last = head.start + u64::from(head.frames);
                at = behind;
            }
            if last > 0 || back >= all || back > limits::MAX_PACKET_BYTES as u64 {
                return Ok(last);
            }
            back *= 4;
        }
    }
}

/// The next place that may be a frame's first byte.
fn next_sync(window: &mut Window, mut at: u64, end: u64) -> Result<u64, Unreadable> {
    while at < end {
        let left = (end - at).min(4096) as usize;
        let bytes = window.get(at, left + 1)?;
        let sync = bytes.windows(2).position(|pair| pair[0] == 0xFF && pair[1] & 0xFE == 0xF8);
        match sync {
            Some(offset) => return Ok(at + offset as u64),
            None => at += left as u64,
        }
    }
    Ok(end)
}

impl Demux for Flac {
    fn seek(&mut self, window: &mut Window, frame: u64, _: Group) -> Result<u64, Unreadable> {
        // A frame that begins at `low` or before holds it; none does that begins at `high`.
        let (mut low, mut high) = (self.begin, self.end);
        while high - low > NEAR_BYTES {
            let middle = low + (high - low) / 2;
            match self.find(window, middle, high)? {
                Some((at, head, _)) if head.start <= frame => low = at,
                _ => high = middle,
            }
        }
        while let Some((head, behind)) = self.frame(window, low)? {
            if head.start + u64::from(head.frames) > frame {
                break;
            }
            low = behind;
        }
        self.at = low;
        Ok(0)
    }

    fn next(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Packet>, Unreadable> {
        let at = self.at;
        let Some((head, behind)) = self.frame(window, at)? else {
            return Ok(None);
        };
        // The difference of two 32-bit channels has 33 bits, which the decoder has no room for.
        if head.difference && self.info.bits > 31 {
            return Err(Unreadable::Unsupported(format!(
                "flac: 32-bit audio with channels stored as differences (at byte {at})"
            )));
        }
        data.clear();
        data.extend_from_slice(window.get(at, (behind - at) as usize)?);
        self.at = behind;
        // Each frame stands for itself: their numbers do not matter.
        Ok(Some(Packet { number: 0, start: head.start, frames: head.frames }))
    }
}
