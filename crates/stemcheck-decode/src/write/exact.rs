//! A WAV file of samples that must not change.
//!
//! The header comes first and complete, since the length is known; above 4 GiB it is RF64 (EBU Tech
//! 3306). Of what other chunks tell only a [`Broadcast`] is carried over, whose time stamp moves with the
//! audio; markers, loops and `iXML` would be wrong in a file that was moved.

use std::io::{self, ErrorKind};

use super::Format;
use crate::Broadcast;
use stemcheck_core::block::Block;

/// The tag of a format whose details follow (`WAVE_FORMAT_EXTENSIBLE`).
const EXTENSIBLE: u16 = 0xFFFE;
/// What follows the tag in such a format's identifier.
const GUID_TAIL: [u8; 14] =
    [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

/// How the samples of one file are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    sample_rate: u32,
    channels: u16,
    /// Whole bytes of a sample.
    width: u16,
    valid_bits: u16,
    float: bool,
    broadcast: Option<Broadcast>,
}

impl Exact {
    /// A file of the same word length, with so many channels; `None` for what has none (lossy codecs).
    pub fn like(format: &Format, channels: u16) -> Option<Self> {
        let width = format.bits.div_ceil(8);
        let is_known =
            if format.float { [4, 8].contains(&width) } else { (1..=4).contains(&width) };
        (is_known && !format.is_lossy() && channels > 0).then_some(Self {
            sample_rate: format.sample_rate,
            channels,
            width,
            valid_bits: format.valid_bits.min(8 * width),
            float: format.float,
            broadcast: None,
        })
    }

    /// The same, with what is told about the recording.
    #[must_use]
    pub fn telling(self, broadcast: Option<Broadcast>) -> Self {
        Self { broadcast, ..self }
    }

    fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * u64::from(self.width)
    }

    /// Bytes of a file of so many frames, with its header.
    pub fn bytes(&self, frames: u64) -> u64 {
        let data = frames.saturating_mul(self.frame_bytes());
        (self.head(frames).len() as u64).saturating_add(data).saturating_add(data % 2)
    }

    /// Everything before the first sample.
    pub fn head(&self, frames: u64) -> Vec<u8> {
        let data = frames.saturating_mul(self.frame_bytes());
        let fmt = self.fmt();
        let told = self.broadcast.as_ref().map(Broadcast::chunk).unwrap_or_default();
        let rest = (20 + told.len() + fmt.len()) as u64 + data.saturating_add(data % 2);
        let riff = u32::try_from(rest).ok().filter(|_| rest < u64::from(u32::MAX));
        let mut head = Vec::new();
        if let Some(riff) = riff {
            head.extend(b"RIFF");
            head.extend(riff.to_le_bytes());
            head.extend(b"WAVE");
        } else {
            head.extend(b"RF64\xff\xff\xff\xffWAVEds64");
            head.extend(28_u32.to_le_bytes());
            // The `ds64` chunk itself comes on top.
            head.extend((rest + 36).to_le_bytes());
            head.extend(data.to_le_bytes());
            head.extend(frames.to_le_bytes());
            head.extend(0_u32.to_le_bytes());
        }
        head.extend(told);
        head.extend(b"fmt ");
        head.extend((fmt.len() as u32).to_le_bytes());
        head.extend(fmt);
        head.extend(b"data");
        head.extend(riff.map_or(u32::MAX, |_| data as u32).to_le_bytes());
        head
    }

    fn fmt(&self) -> Vec<u8> {
        let bits = 8 * self.width;
        let kind: u16 = if self.float { 3 } else { 1 };
        // What Microsoft asks for; some read 24 bits without it, too, but none with fewer valid ones.
        let is_extensible =
            self.channels > 2 || self.valid_bits < bits || (bits > 16 && !self.float);
        let mut fmt = Vec::new();
        fmt.extend(if is_extensible { EXTENSIBLE } else { kind }.to_le_bytes());
        fmt.extend(self.channels.to_le_bytes());
        fmt.extend(self.sample_rate.to_le_bytes());
        let rate = u64::from(self.sample_rate) * self.frame_bytes();
        fmt.extend(u32::try_from(rate).unwrap_or(u32::MAX).to_le_bytes());
        fmt.extend((self.frame_bytes() as u16).to_le_bytes());
        fmt.extend(bits.to_le_bytes());
        if is_extensible {
            // Centre, left and right, or whatever the channels are.
            let speakers: u32 = match self.channels {
                1 => 4,
                2 => 3,
                _ => 0,
            };
            fmt.extend(22_u16.to_le_bytes());
            fmt.extend(self.valid_bits.to_le_bytes());
            fmt.extend(speakers.to_le_bytes());
            fmt.extend(kind.to_le_bytes());
            fmt.extend(GUID_TAIL);
        } else if self.float {
            fmt.extend(0_u16.to_le_bytes());
        }
        fmt
    }

    /// Appends frames of silence.
    pub fn silence(&self, frames: usize, out: &mut Vec<u8>) {
        let zero = if self.width == 1 { 128 } else { 0 };
        out.resize(out.len() + frames * self.frame_bytes() as usize, zero);
    }

    /// Appends the frames of blocks whose channels lie side by side in the file, each sample the same,
    /// or its opposite.
    ///
    /// # Errors
    /// `InvalidData` for a sample that this word length does not hold: the opposite of the most
    /// negative integer.
    pub fn frames(&self, blocks: &[Block], flip: bool, out: &mut Vec<u8>) -> io::Result<()> {
        let frames = blocks.iter().map(Block::frames).min().unwrap_or(0);
        for at in 0..frames {
            for block in blocks {
                for channel in 0..block.channels.len() {
                    self.sample(block, channel, at, flip, out)?;
                }
            }
        }
        Ok(())
    }

    fn sample(
        &self,
        block: &Block,
        channel: usize,
        at: usize,
        flip: bool,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        if self.float {
            let value = block.channels[channel][at];
            if self.width == 4 {
                out.extend(if flip { -value } else { value }.to_le_bytes());
                return Ok(());
            }
            let exact = block.sample(channel, at);
            // Zero and its opposite are one in a sum: the sign is that of the coarse part.
            let exact = if exact == 0.0 { f64::from(value) } else { exact };
            out.extend(if flip { -exact } else { exact }.to_le_bytes());
            return Ok(());
        }
        let scale = f64::from(1_u32 << (8 * u32::from(self.width) - 1));
        let exact = block.sample(channel, at) * scale * if flip { -1.0 } else { 1.0 };
        let integer = exact as i64;
        if integer as f64 != exact || !(-scale..scale).contains(&exact) {
            let why = "a sample at the negative limit has no opposite of the same word length";
            return Err(io::Error::new(ErrorKind::InvalidData, why));
        }
        // Eight bits are the only ones without a sign.
        let stored = if self.width == 1 { integer + 128 } else { integer };
        out.extend(stored.to_le_bytes().iter().take(usize::from(self.width)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::Source;

    fn format(bits: u16, valid_bits: u16, float: bool, channels: u16) -> Format {
        Format {
            container: "wav".to_owned(),
            codec: "pcm".to_owned(),
            sample_rate: 48_000,
            bits,
            valid_bits,
            float,
            channels,
            frames: 0,
        }
    }

    fn file(exact: &Exact, block: &Block) -> Vec<u8> {
        let mut bytes = exact.head(block.frames() as u64);
        exact.frames(std::slice::from_ref(block), false, &mut bytes).unwrap();
        bytes.resize(exact.bytes(block.frames() as u64) as usize, 0);
        bytes
    }

    proptest! {
        #[test]
        fn every_bit_of_every_word_comes_back(
            raw in prop::collection::vec(any::<u8>(), 0..480),
            (bits, valid_bits, float) in prop_oneof![
                Just((8, 8, false)), Just((16, 16, false)), Just((24, 20, false)),
                Just((24, 24, false)), Just((32, 32, false)), Just((32, 32, true)),
                Just((64, 64, true)),
            ],
            channels in 1_u16..4,
        ) {
            let exact = Exact::like(&format(bits, valid_bits, float, channels), channels).unwrap();
            let frames = raw.len() / exact.frame_bytes() as usize;
            let mut data = raw[..frames * exact.frame_bytes() as usize].to_vec();
            if bits == 64 {
                // Of what is no number it is kept that it is none, not which.
                data.iter_mut().skip(7).step_by(8).for_each(|high| *high &= 0xbf);
            }
            let mut wav = exact.head(frames as u64);
            wav.extend(data);
            wav.resize(exact.bytes(frames as u64) as usize, 0);
            if frames == 0 {
                return Ok(());
            }
            let mut source = Source::open(Box::new(Cursor::new(wav.clone()))).unwrap();
            let read = source.format().clone();
            prop_assert_eq!((read.bits, read.valid_bits, read.float), (bits, valid_bits, float));
            prop_assert_eq!((read.channels, read.frames), (channels, frames as u64));
            prop_assert_eq!(source.facts().notes, []);
            let mut block = Block::default();
            source.read(0, frames, &mut block).unwrap();
            prop_assert_eq!(file(&exact, &block), wav);
        }
    }

    #[test]
    fn the_opposite_is_exact_or_refused() {
        let exact = Exact::like(&format(16, 16, false, 1), 1).unwrap();
        let flipped = |sample: f32| {
            let mut out = Vec::new();
            let block = Block::from_planar(0, vec![vec![sample]]);
            exact.frames(&[block], true, &mut out).map(|()| out)
        };
        assert_eq!(flipped(0.5).unwrap(), (-16_384_i16).to_le_bytes());
        assert!(flipped(-1.0).is_err());
        assert_eq!(flipped(1.0 - 2f32.powi(-15)).unwrap(), (-32_767_i16).to_le_bytes());
    }

    #[test]
    fn other_programs_read_it() {
        let exact = Exact::like(&format(24, 24, false, 2), 2).unwrap();
        let block = Block::from_planar(0, vec![vec![0.25, -1.0], vec![0.5, 2f32.powi(-23)]]);
        let mut reader = hound::WavReader::new(Cursor::new(file(&exact, &block))).unwrap();
        assert_eq!((reader.spec().bits_per_sample, reader.spec().channels), (24, 2));
        let samples: Vec<i32> = reader.samples().map(Result::unwrap).collect();
        assert_eq!(samples, [1 << 21, 1 << 22, -(1 << 23), 1]);
    }

    #[test]
    fn what_is_longer_than_four_gibibytes_is_rf64() {
        let exact = Exact::like(&format(24, 24, false, 2), 2).unwrap();
        let frames = 800_000_000;
        let head = exact.head(frames);
        assert_eq!(&head[..4], b"RF64");
        assert_eq!(head[20..28], (exact.bytes(frames) - 8).to_le_bytes());
        assert_eq!(head[28..36], (frames * 6).to_le_bytes());
        assert_eq!(&exact.head(700_000_000)[..4], b"RIFF");
        assert_eq!(exact.bytes(700_000_000), 700_000_000 * 6 + head.len() as u64 - 36);
    }

    #[test]
    fn what_has_no_bits_is_refused() {
        let lossy = Format { codec: "mp3".to_owned(), ..format(0, 0, true, 2) };
        assert_eq!(Exact::like(&lossy, 2), None);
    }
}
