//! Compressed files: a container that finds packets, a decoder that makes frames of them, and the
//! frames that were asked for cut out.
//!
//! The same frames are the same bits however they are asked for, also by workers that begin in the
//! middle, and also for codecs whose decoder remembers more than one packet (noise substitution in
//! AAC, prediction in Opus, anything after a damaged packet). To that end packets come in groups:
//! each group is decoded by a fresh decoder, which first hears the last packets of the group before
//! it ([`Group::warm_up`]) and forgets what they sounded like. Reading on lets the next decoder
//! listen while the present one still plays, so that nothing is read twice.
//!
//! The containers are read here and not by symphonia: its readers trust lengths, seek
//! approximately, and know nothing of where a worker begins. What reaches its decoders are packets
//! of bounded size with a format that has been checked. A packet that cannot be decoded is silence
//! in a lossy file, as in every player; in a lossless one it is an error, since the file promises
//! exactness.

use stemcheck_core::block::Block;
use stemcheck_core::song::{Format, HeaderNote, Tags, Unreadable};

use crate::window::Window;

mod aac;
mod caf;
mod decoder;
mod flac;
mod frames;
mod mp3;
mod mp4;
mod ogg;
mod table;
mod vorbis;

pub(crate) use caf::open as open_caf;
pub(crate) use flac::open as open_flac;
pub(crate) use frames::open as open_mpeg;
pub(crate) use mp4::open as open_mp4;
pub(crate) use ogg::open as open_ogg;

use decoder::{Decoder, Setup};

/// Where a decoder may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    /// Packets that one decoder plays; 1 where each packet stands for itself.
    size: u64,
    /// Packets before them that it has to hear.
    warm_up: u64,
}

impl Group {
    /// Each packet stands for itself.
    const SINGLE: Self = Self { size: 1, warm_up: 0 };

    /// First packet of the group that packet `number` lies in.
    fn first(self, number: u64) -> u64 {
        number / self.size * self.size
    }

    /// Packet that has to be decoded first to play packet `number`.
    fn entry(self, number: u64) -> u64 {
        self.first(number).saturating_sub(self.warm_up)
    }
}

/// A packet's place: its number and the frames that it decodes to, encoder delay included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packet {
    number: u64,
    start: u64,
    frames: u32,
}

/// A container that finds packets.
trait Demux {
    /// Goes to where decoding has to begin for decoded frame `frame`; the number of its packet.
    fn seek(&mut self, window: &mut Window, frame: u64, group: Group) -> Result<u64, Unreadable>;

    /// The next packet, its bytes in `data`; none at the end.
    fn next(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Packet>, Unreadable>;
}

/// What a compressed file's header comes down to.
pub(crate) struct Opened {
    format: Format,
    notes: Vec<HeaderNote>,
    tags: Tags,
    /// Decoded frames before the first one of the file: the encoder's delay.
    delay: u64,
    setup: Setup,
    group: Group,
    demux: Box<dyn Demux>,
    window: Window,
}

/// An open compressed file.
pub(crate) struct Packets {
    opened: Opened,
    /// Plays, and the one that listens to the packets before its group.
    playing: Decoder,
    listening: Decoder,
    /// First packet that is played after the last seek.
    begin: u64,
    /// What was decoded last, at its place among decoded frames.
    decoded: Block,
    /// Whether the container stands behind it.
    going_on: bool,
    data: Vec<u8>,
}

impl Packets {
    /// Makes the decoders ready.
    pub(crate) fn new(opened: Opened) -> Result<Self, Unreadable> {
        Ok(Self {
            playing: Decoder::new(&opened.setup)?,
            listening: Decoder::new(&opened.setup)?,
            opened,
            begin: 0,
            decoded: Block::default(),
            going_on: false,
            data: Vec::new(),
        })
    }

    pub(crate) fn format(&self) -> &Format {
        &self.opened.format
    }

    pub(crate) fn notes(&self) -> &[HeaderNote] {
        &self.opened.notes
    }

    pub(crate) fn tags(&self) -> &Tags {
        &self.opened.tags
    }

    /// As [`crate::Source::read`].
    pub(crate) fn read(
        &mut self,
        start: u64,
        frames: usize,
        block: &mut Block,
    ) -> Result<(), Unreadable> {
        let Opened { format, delay, setup, .. } = &self.opened;
        let frames = format.frames.saturating_sub(start).min(frames as u64);
        setup.shape(block, start, frames as usize);
        let first = start.saturating_add(*delay);
        let end = first.saturating_add(frames);
        let mut at = first;
        while at < end {
            if !self.reach(at)? {
                break;
            }
            let from = self.decoded.start.max(at);
            let to = self.decoded.end().min(end);
            if from < to {
                let there = (from - self.decoded.start) as usize;
                let here = (from - first) as usize;
                copy(&self.decoded, there, block, here, (to - from) as usize);
            }
            at = self.decoded.end();
        }
        Ok(())
    }

    /// Decodes on, or from another place, until what was decoded ends behind frame `at`; false at
    /// the end of the file.
    fn reach(&mut self, at: u64) -> Result<bool, Unreadable> {
        // Skipping a second by decoding costs about what a seek does.
        let near = self.decoded.start..=self.decoded.end() + 65_536;
        if !self.going_on || !near.contains(&at) {
            self.going_on = false;
            let Opened { demux, window, group, setup, .. } = &mut self.opened;
            let number = demux.seek(window, at, *group)?;
            self.begin = group.first(number);
            self.playing.restart(setup)?;
            self.decoded.reset(at, usize::from(setup.channels), 0);
        }
        while self.decoded.end() <= at {
            // Whatever goes wrong now, nobody knows where the container stands.
            self.going_on = false;
            if !self.advance()? {
                return Ok(false);
            }
            self.going_on = true;
        }
        Ok(true)
    }

    /// Decodes the next packet; false at the end.
    fn advance(&mut self) -> Result<bool, Unreadable> {
        let Opened { demux, window, group, setup, format, .. } = &mut self.opened;
        let Some(packet) = demux.next(window, &mut self.data)? else {
            return Ok(false);
        };
        let in_group = packet.number - group.first(packet.number);
        if in_group == 0 && packet.number > self.begin && group.size > 1 {
            std::mem::swap(&mut self.playing, &mut self.listening);
        }
        let good = self.playing.decode(&self.data, packet, setup, &mut self.decoded);
        if packet.number < self.begin {
            self.decoded.reset(packet.start + u64::from(packet.frames), 0, 0);
        } else if !good && !format.is_lossy() {
            return Err(Unreadable::Damaged(format!(
                "{}: the {} audio is damaged at {:.2} s (packet {})",
                format.container,
                format.codec.to_uppercase(),
                packet.start as f64 / f64::from(format.sample_rate),
                packet.number
            )));
        }
        let listens = group.size - group.warm_up;
        if group.size > 1 && packet.number >= self.begin && in_group >= listens {
            if in_group == listens {
                self.listening.restart(setup)?;
            }
            self.listening.listen(&self.data, packet);
        }
        Ok(true)
    }
}

/// Copies `frames` frames of `from` at `there` into `to` at `here`.
fn copy(from: &Block, there: usize, to: &mut Block, here: usize, frames: usize) {
    for (from, to) in from.channels.iter().zip(&mut to.channels) {
        to[here..here + frames].copy_from_slice(&from[there..there + frames]);
    }
    for (from, to) in from.fine.iter().zip(&mut to.fine) {
        to[here..here + frames].copy_from_slice(&from[there..there + frames]);
    }
}
