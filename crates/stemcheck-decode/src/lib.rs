//! Untrusted bytes in, blocks of exact samples and facts out.
//!
//! The only crate that knows a container. A length from a header is a claim: it is checked against
//! the bytes that are there and never trusted for an allocation (see [`limits`]). Does not judge
//! what it reads: a truncated file is read as far as it goes, and the facts say so.

use std::io::{Read, Seek};

use stemcheck_core::block::Block;
use stemcheck_core::song::{Facts, Format, Unreadable};

mod aiff;
mod broadcast;
mod caf;
mod chunks;
mod input;
mod layout;
pub mod limits;
mod magic;
mod notes;
mod packets;
mod pcm;
mod tags;
mod wav;
mod window;
pub mod write;

pub use broadcast::Broadcast;
use input::Input;
use layout::Layout;
use magic::Container;
use packets::Packets;
use window::Window;

/// Bytes that can be read anywhere: a file on disk, slices of a dropped `File`, memory.
pub trait Stream: Read + Seek {}
impl<T: Read + Seek> Stream for T {}

/// One open file: facts, and samples from any frame on.
pub struct Source(Reader);

/// Where samples lie in the file as they are, and where a decoder has to make them.
enum Reader {
    Pcm(Box<Pcm>),
    Packets(Box<Packets>),
}

impl Source {
    /// Recognises the container by its bytes (never by its name) and reads its header.
    ///
    /// # Errors
    /// [`Unreadable`], with place and value in the text.
    pub fn open(stream: Box<dyn Stream>) -> Result<Self, Unreadable> {
        let mut input = Input::new(stream)
            .map_err(|error| Unreadable::Damaged(format!("could not be read: {error}")))?;
        let mut head = [0; magic::HEAD_BYTES];
        let there = input.len().min(head.len() as u64) as usize;
        input.read_at(0, &mut head[..there])?;
        let layout = match magic::recognise(&head[..there])? {
            Container::Wav(kind) => wav::layout(&mut input, kind)?,
            Container::Aiff => aiff::layout(&mut input, "aiff")?,
            Container::Aifc => aiff::layout(&mut input, "aifc")?,
            Container::Caf => match caf::codec(&mut input)? {
                Some(codec) => {
                    return Self::packets(packets::open_caf(Window::new(input), codec)?);
                }
                None => caf::layout(&mut input)?,
            },
            Container::Flac => return Self::packets(packets::open_flac(Window::new(input))?),
            Container::Mpeg => return Self::packets(packets::open_mpeg(Window::new(input))?),
            Container::Mp4 => return Self::packets(packets::open_mp4(Window::new(input))?),
            Container::Ogg => return Self::packets(packets::open_ogg(Window::new(input))?),
        };
        Ok(Self(Reader::Pcm(Box::new(Pcm { input, layout, buffer: Vec::new() }))))
    }

    fn packets(opened: packets::Opened) -> Result<Self, Unreadable> {
        Ok(Self(Reader::Packets(Box::new(Packets::new(opened)?))))
    }

    /// What the header yields; `Ok` by construction.
    pub fn facts(&self) -> Facts {
        let (format, notes, tags) = match &self.0 {
            Reader::Pcm(pcm) => (&pcm.layout.format, &*pcm.layout.notes, &pcm.layout.tags),
            Reader::Packets(packets) => (packets.format(), packets.notes(), packets.tags()),
        };
        Facts { format: Ok(format.clone()), notes: notes.to_vec(), tags: tags.clone() }
    }

    /// What a copy of the file may tell about the recording; nothing, if the file does not tell where on
    /// a recorder's clock it lies.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] if the bytes cannot be had.
    pub fn broadcast(&mut self) -> Result<Option<Broadcast>, Unreadable> {
        let Reader::Pcm(pcm) = &mut self.0 else { return Ok(None) };
        let stored = match pcm.layout.bext {
            Some(chunk) => Broadcast::stored(chunk.bytes(&mut pcm.input, limits::TAG_BYTES)?),
            None => None,
        };
        Ok(stored.or_else(|| Broadcast::told(&pcm.layout.tags)))
    }

    /// The format.
    pub fn format(&self) -> &Format {
        match &self.0 {
            Reader::Pcm(pcm) => &pcm.layout.format,
            Reader::Packets(packets) => packets.format(),
        }
    }

    /// Reads `frames` frames from `start` into `block` (planar, exact; a lossy file's encoder delay
    /// left out); fewer at the end of the file, none after it. Whatever is read in whatever order,
    /// a frame is the same bits. Reading on where the last call ended does not seek.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] if the bytes cannot be had, or a lossless file's are not what its
    /// checksums say.
    pub fn read(&mut self, start: u64, frames: usize, block: &mut Block) -> Result<(), Unreadable> {
        match &mut self.0 {
            Reader::Pcm(pcm) => pcm.read(start, frames, block),
            Reader::Packets(packets) => packets.read(start, frames, block),
        }
    }
}

/// A file whose samples lie there as they are.
struct Pcm {
    input: Input,
    layout: Layout,
    buffer: Vec<u8>,
}

impl Pcm {
    fn read(&mut self, start: u64, frames: usize, block: &mut Block) -> Result<(), Unreadable> {
        let Layout { format, coding, data_at, .. } = &self.layout;
        let frames = format.frames.saturating_sub(start).min(frames as u64) as usize;
        coding.shape(block, start, usize::from(format.channels), frames);
        let frame_bytes = self.layout.frame_bytes();
        let step = limits::BUFFER_BYTES / frame_bytes;
        for done in (0..frames).step_by(step) {
            self.buffer.resize(step.min(frames - done) * frame_bytes, 0);
            let at = data_at + (start + done as u64) * frame_bytes as u64;
            self.input.read_at(at, &mut self.buffer)?;
            coding.decode(&self.buffer, block, done);
        }
        Ok(())
    }
}
