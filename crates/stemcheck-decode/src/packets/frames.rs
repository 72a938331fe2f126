//! Streams of frames that carry their own header: MP3 and AAC in ADTS. Nothing tells where a frame
//! lies, so the headers are walked through once and the place of every 64th is kept.

use stemcheck_core::song::{Tags, Unreadable};

use super::decoder::Setup;
use super::table::truncated;
use super::{Demux, Group, Opened, Packet, aac, mp3};
use crate::limits::{MAX_PACKETS, SEARCH_BYTES};
use crate::window::Window;

/// Bytes that every header fits in.
pub(super) const HEAD_BYTES: usize = 8;

/// Frames from one kept place to the next.
const STEP: u64 = 64;

/// What a frame's header tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Of header and data.
    pub(super) bytes: u32,
    /// Bytes of the header that the decoder does not want to see.
    pub(super) skip: u32,
    /// Decoded frames of audio.
    pub(super) frames: u32,
    pub(super) sample_rate: u32,
    pub(super) channels: u16,
    /// What is the same in every frame of a stream: version, layer, object type.
    pub(super) kind: u8,
}

impl Head {
    /// Whether both may lie in one stream.
    fn goes_with(&self, other: &Self) -> bool {
        (self.kind, self.sample_rate, self.channels, self.frames)
            == (other.kind, other.sample_rate, other.channels, other.frames)
    }
}

/// Reads a header, if there is one.
pub(super) type Parse = fn([u8; HEAD_BYTES]) -> Option<Head>;

/// Such a stream.
pub(super) struct Frames {
    parse: Parse,
    first: Head,
    end: u64,
    /// Places of frames 0, 64, 128…
    places: Vec<u64>,
    number: u64,
    at: u64,
}

impl Frames {
    /// Walks through the headers from `at` on, where `first` stands; how many frames there are, and
    /// the bytes of the smallest.
    pub(super) fn index(
        window: &mut Window,
        parse: Parse,
        first: Head,
        at: u64,
    ) -> Result<(Self, u64, u32), Unreadable> {
        let end = window.len();
        let mut frames = Self { parse, first, end, places: Vec::new(), number: 0, at };
        let (mut count, mut least) = (0, u32::MAX);
        while let Some((at, head)) = frames.find(window)? {
            if count % STEP == 0 {
                frames.places.push(at);
            }
            count += 1;
            least = least.min(head.bytes);
            frames.at = at + u64::from(head.bytes);
            if count > MAX_PACKETS {
                return Err(Unreadable::Unsupported(format!(
                    "more than {MAX_PACKETS} frames, which is more than is read (at byte {at})"
                )));
            }
        }
        Ok((frames, count, least))
    }

    /// The next frame that is whole. Right behind a frame its header is enough; where something else
    /// lies in between (tags, damage) a second one has to follow.
    fn find(&self, window: &mut Window) -> Result<Option<(u64, Head)>, Unreadable> {
        let mut at = self.at;
        let mut lost = false;
        while at < self.end {
            let (bytes, _) = window.head::<HEAD_BYTES>(at)?;
            let found = (self.parse)(bytes).filter(|head| head.goes_with(&self.first));
            if let Some(head) = found
                && at + u64::from(head.bytes) <= self.end
            {
                let next = at + u64::from(head.bytes);
                if !lost || next == self.end {
                    return Ok(Some((at, head)));
                }
                let (bytes, _) = window.head::<HEAD_BYTES>(next)?;
                if (self.parse)(bytes).is_some_and(|head| head.goes_with(&self.first)) {
                    return Ok(Some((at, head)));
                }
            }
            lost = true;
            at = next_sync(window, at + 1)?;
        }
        Ok(None)
    }
}

/// The next byte of which all bits are set, which every header begins with.
fn next_sync(window: &mut Window, mut at: u64) -> Result<u64, Unreadable> {
    loop {
        let bytes = window.get(at, 4096)?;
        if bytes.is_empty() {
            return Ok(at);
        }
        match bytes.iter().position(|byte| *byte == 0xFF) {
            Some(offset) => return Ok(at + offset as u64),
            None => at += bytes.len() as u64,
        }
    }
}

impl Demux for Frames {
    fn seek(&mut self, window: &mut Window, frame: u64, group: Group) -> Result<u64, Unreadable> {
        let number = frame / u64::from(self.first.frames.max(1));
        let entry = group.entry(number);
        let known = (entry / STEP).min(self.places.len().saturating_sub(1) as u64);
        self.number = known * STEP;
        self.at = self.places.get(known as usize).copied().unwrap_or(self.end);
        while self.number < entry {
            let Some((at, head)) = self.find(window)? else { break };
            self.at = at + u64::from(head.bytes);
            self.number += 1;
        }
        Ok(number)
    }

    fn next(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Packet>, Unreadable> {
        let Some((at, head)) = self.find(window)? else {
            return Ok(None);
        };
        let skip = head.skip.min(head.bytes);
        data.clear();
        data.extend_from_slice(window.get(at + u64::from(skip), (head.bytes - skip) as usize)?);
        let number = self.number;
        self.number += 1;
        self.at = at + u64::from(head.bytes);
        let start = number * u64::from(head.frames);
        Ok(Some(Packet { number, start, frames: head.frames }))
    }
}

/// What a stream's first frames and its tags come down to.
pub(super) struct Stream {
    pub(super) container: &'static str,
    pub(super) setup: Setup,
    pub(super) group: Group,
    pub(super) demux: Frames,
    pub(super) tags: Tags,
    /// Decoded frames before the sound, and of it.
    pub(super) delay: u64,
    pub(super) frames: u64,
    /// Frames of sound that the file should hold; fewer are there if its end is missing.
    pub(super) claimed: u64,
}

/// Tells MP3 from AAC by the first header behind any `ID3v2` tags. Writers of FLAC put such tags
/// before their files, too.
pub(crate) fn open(mut window: Window) -> Result<Opened, Unreadable> {
    let (at, tags) = after_id3(&mut window)?;
    if window.head::<4>(at)?.0 == *b"fLaC" {
        return super::flac::open_at(window, at);
    }
    let end = window.len().min(at.saturating_add(SEARCH_BYTES));
    let mut place = next_sync(&mut window, at)?;
    while place < end {
        let (bytes, _) = window.head::<HEAD_BYTES>(place)?;
        for (parse, is_mp3) in [(mp3::head as Parse, true), (aac::adts_head as Parse, false)] {
            let Some(head) = parse(bytes) else { continue };
            let next = place + u64::from(head.bytes);
            let (bytes, there) = window.head::<HEAD_BYTES>(next)?;
            // A file of a single frame ends right behind it.
            if there == 0 && next == window.len()
                || parse(bytes).is_some_and(|second| second.goes_with(&head))
            {
                let stream = if is_mp3 {
                    mp3::stream(&mut window, place, head, tags)?
                } else {
                    aac::adts_stream(&mut window, place, head, tags)?
                };
                return opened(window, stream, place);
            }
        }
        place = next_sync(&mut window, place + 1)?;
    }
    Err(Unreadable::Damaged(format!(
        "begins like an MP3 or AAC file, but no two frames follow each other within {SEARCH_BYTES} \
         bytes (at byte {at})"
    )))
}

fn opened(window: Window, stream: Stream, at: u64) -> Result<Opened, Unreadable> {
    let Stream { container, setup, group, demux, tags, delay, frames, claimed } = stream;
    if frames == 0 {
        return Err(Unreadable::Empty(format!("{container}: no frame of audio (at byte {at})")));
    }
    let format = setup.format(container, frames);
    let mut notes = Vec::new();
    if frames < claimed {
        notes.push(truncated(&format, claimed, at));
    }
    let demux = Box::new(demux);
    Ok(Opened { format, notes, tags, delay, setup, group, demux, window })
}

/// The place behind any `ID3v2` tags (id3.org, 3.1: a length of four times seven bits).
fn after_id3(window: &mut Window) -> Result<(u64, Tags), Unreadable> {
    let mut at = 0;
    loop {
        let (head, _) = window.head::<10>(at)?;
        let [b'I', b'D', b'3', _, _, flags, a, b, c, d] = head else {
            return Ok((at, Tags::default()));
        };
        let size = [a, b, c, d].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7F));
        let footer = if flags & 0x10 == 0 { 0 } else { 10 };
        at += 10 + size + footer;
    }
}
