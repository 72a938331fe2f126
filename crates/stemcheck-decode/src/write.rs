//! WAV files out.
//!
//! Writes what it is given: no dither, no resampling, no metadata. [`WavWriter`] goes through hound:
//! integers are rounded to nearest and held to full scale, so samples that lie on the grid already come
//! back bit for bit. [`Exact`] is for copies of which every sample has to be the same: it knows every
//! word length and RF64, needs no seeking, and refuses what cannot be kept; hound knows neither.

use std::io::{BufWriter, Seek, Write};

use stemcheck_core::block::Block;
use stemcheck_core::song::Format;

mod exact;

pub use exact::Exact;

/// Word length of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16-bit integer.
    Int16,
    /// 24-bit integer.
    Int24,
    /// 32-bit float: holds what exceeds full scale.
    Float32,
}

impl Depth {
    fn bits(self) -> u16 {
        match self {
            Self::Int16 => 16,
            Self::Int24 => 24,
            Self::Float32 => 32,
        }
    }
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk or whatever takes the bytes.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Sizes in a WAV header have 32 bits.
    #[error("a WAV file holds at most 4 GiB; this one would have {0} bytes")]
    TooLong(u64),
    /// A block of another shape than the first, or a file without channels.
    #[error("a block of {got} channels for a file of {expected}")]
    Channels {
        /// Channels of the file.
        expected: u16,
        /// Channels of the block.
        got: usize,
    },
    /// What the writer itself refuses.
    #[error("{0}")]
    Refused(String),
}

impl From<hound::Error> for WriteError {
    fn from(error: hound::Error) -> Self {
        match error {
            hound::Error::IoError(error) => Self::Io(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// Bytes that a WAV file can hold besides its header, whose sizes have 32 bits.
const MOST_BYTES: u64 = 0xFFFF_FFFF - 1024;

/// A WAV file being written. [`Self::finish`] it, or its header stays wrong.
pub struct WavWriter<W: Write + Seek> {
    inner: hound::WavWriter<BufWriter<W>>,
    channels: u16,
    depth: Depth,
    bytes: u64,
}

impl<W: Write + Seek> WavWriter<W> {
    /// Begins a file at the place where `out` stands.
    ///
    /// # Errors
    /// If `out` does not take the header.
    pub fn new(out: W, sample_rate: u32, channels: u16, depth: Depth) -> Result<Self, WriteError> {
        if channels == 0 {
            return Err(WriteError::Channels { expected: 0, got: 0 });
        }
        let spec = hound::WavSpec {
            channels,
            sample_rate,
            bits_per_sample: depth.bits(),
            sample_format: match depth {
                Depth::Int16 | Depth::Int24 => hound::SampleFormat::Int,
                Depth::Float32 => hound::SampleFormat::Float,
            },
        };
        let inner = hound::WavWriter::new(BufWriter::new(out), spec)?;
        Ok(Self { inner, channels, depth, bytes: 0 })
    }

    /// Appends a block of as many channels as the file has.
    ///
    /// # Errors
    /// If the block has another shape, the file becomes too long, or the bytes are not taken.
    pub fn write(&mut self, block: &Block) -> Result<(), WriteError> {
        if block.channels.len() != usize::from(self.channels) {
            let got = block.channels.len();
            return Err(WriteError::Channels { expected: self.channels, got });
        }
        let frame_bytes = u64::from(self.channels) * u64::from(self.depth.bits() / 8);
        self.bytes += block.frames() as u64 * frame_bytes;
        if self.bytes > MOST_BYTES {
            return Err(WriteError::TooLong(self.bytes));
        }
        for i in 0..block.frames() {
            for c in 0..block.channels.len() {
                match self.depth {
                    Depth::Float32 => self.inner.write_sample(block.sample(c, i) as f32)?,
                    Depth::Int16 => self.inner.write_sample(integer(block.sample(c, i), 16))?,
                    Depth::Int24 => self.inner.write_sample(integer(block.sample(c, i), 24))?,
                }
            }
        }
        Ok(())
    }

    /// Fills in the sizes and flushes.
    ///
    /// # Errors
    /// If the bytes are not taken.
    pub fn finish(self) -> Result<(), WriteError> {
        Ok(self.inner.finalize()?)
    }
}

/// The nearest integer of so many bits; NaN becomes 0.
fn integer(sample: f64, bits: u32) -> i32 {
    let scale = f64::from(1_i32 << (bits - 1));
    (sample * scale).round().clamp(-scale, scale - 1.0) as i32
}
