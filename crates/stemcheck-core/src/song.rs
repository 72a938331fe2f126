//! What a song is made of: files with a format, a role, an instrument; a tempo.

use crate::measure::Word;

mod daw;
mod names;

pub use daw::Daw;
pub use names::names_a_document;
pub use names::{guess_instrument, guess_references, guess_tempo, stereo_pairs};
pub(crate) use names::{shared_words, words};

/// How the samples are stored; what a header says after it has been checked against the data.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Format {
    /// `wav`, `rf64`, `bw64`, `w64`, `aiff`, `aifc`, `caf`; lower case, as the report prints it.
    pub container: String,
    /// `pcm` for integer and float samples alike; a compressed codec's name otherwise.
    pub codec: String,
    /// Hz.
    pub sample_rate: u32,
    /// Width of a stored sample, in bits.
    pub bits: u16,
    /// Bits that the header declares meaningful (20 in a 24-bit container).
    pub valid_bits: u16,
    /// Whether samples are floating point.
    pub float: bool,
    /// Number of interleaved channels.
    pub channels: u16,
    /// Frames that are really there.
    pub frames: u64,
}

impl Format {
    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        crate::units::seconds_from_frames(self.frames, self.sample_rate)
    }

    /// Whether its codec leaves out what it thinks nobody hears. Such a file has no bits: `bits` and
    /// `valid_bits` are 0, and what the decoder yields is floating point.
    pub fn is_lossy(&self) -> bool {
        !["pcm", "flac", "alac"].contains(&self.codec.as_str())
    }

    /// The word that its samples are stored in (the header may declare fewer bits meaningful).
    pub fn word(&self) -> Word {
        if self.float { Word::Float } else { Word::Int(self.bits) }
    }
}

/// What the container said that the data does not bear out.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum HeaderNote {
    /// The header promises more audio than the file holds.
    Truncated {
        /// Bytes of audio that the header claims.
        claimed_bytes: u64,
        /// Bytes of audio that are there.
        present_bytes: u64,
        /// Where in the file the claim stands.
        at_byte: u64,
    },
    /// The length of the audio was never filled in, as when a program writes into a pipe or dies:
    /// the audio was read to the end of the file.
    OpenEnded {
        /// What stands there instead.
        says: u64,
        /// Where in the file it stands.
        at_byte: u64,
    },
    /// A number in the header is not what the rest of the file makes it.
    Field {
        /// Which.
        field: HeaderField,
        /// What the header says.
        says: u64,
        /// What it should say.
        is: u64,
        /// Where in the file it stands.
        at_byte: u64,
    },
    /// A chunk of odd length lacks the pad byte that has to follow it: readers that go by the rule
    /// lose everything behind it.
    MissingPad {
        /// Whether the audio lies behind it.
        before_audio: bool,
        /// Where in the file the pad byte should stand.
        at_byte: u64,
    },
    /// The audio ends within a frame; what is left of it was dropped.
    PartialFrame {
        /// Bytes left over.
        bytes: u64,
        /// Where in the file they stand.
        at_byte: u64,
    },
    /// Bytes at the end that belong to no part of the file.
    Trailing {
        /// How many.
        bytes: u64,
        /// Where in the file they begin.
        at_byte: u64,
    },
}

/// A number in a header that can be compared with the rest of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum HeaderField {
    /// Bytes of one frame (`fmt `: block align).
    FrameBytes,
    /// Bytes of a second (`fmt `: average bytes per second).
    ByteRate,
    /// Bits that are meaningful (`fmt `: valid bits per sample).
    ValidBits,
    /// Frames that a reader goes by (AIFF `COMM`).
    Frames,
    /// Frames that are told once more (WAV `fact`, RF64 `ds64`).
    FramesAgain,
    /// Bytes of audio, in a field of 32 bits that could not hold them.
    AudioBytes,
    /// Bytes of the file (RIFF, FORM, Wave64 and `ds64` sizes, with their own heads).
    FileBytes,
    /// Sample rate in Hz, told once more (`iXML`).
    SampleRate,
}

/// Why a file could not be examined.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Unreadable {
    /// Damaged, or not what it says it is. The text names place and value.
    Damaged(String),
    /// Well-formed, but of a kind that is not decoded. The text names it.
    Unsupported(String),
    /// No audio frame in it. The text says how that shows.
    Empty(String),
}

/// What a file's header yields, before any sample is looked at.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Facts {
    /// Format, or why there is none.
    pub format: Result<Format, Unreadable>,
    /// Disagreements between header and data that did not prevent reading.
    pub notes: Vec<HeaderNote>,
    /// What the file tells about itself besides the audio.
    pub tags: Tags,
}

impl Facts {
    /// Those of a file that cannot be examined.
    pub fn unreadable(why: Unreadable) -> Self {
        Self { format: Err(why), notes: Vec::new(), tags: Tags::default() }
    }
}

/// What a program wrote into a file besides the audio (`bext`, `iXML`, `LIST`, ID3, Vorbis comments).
/// Text as it stands there, cut at 256 characters: never markup, never trusted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tags {
    /// The program that wrote it: `Pro Tools`, `Logic Pro`, `REAPER`.
    pub originator: Option<String>,
    /// Where on the recorder's clock the first frame lies, in frames (EBU Tech 3285, `bext`).
    pub time_reference: Option<u64>,
    /// Title or track name.
    pub title: Option<String>,
}

/// What a file is to the song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Role {
    /// Summed.
    Stem,
    /// The mix that the stems have to sum to.
    Reference,
    /// Neither: measured, but not part of the sum.
    Other,
}

/// What a stem holds, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Instrument {
    /// Kick drum alone.
    Kick,
    /// Snare or clap alone.
    Snare,
    /// Hi-hats, cymbals, overheads alone.
    Cymbals,
    /// A drum kit.
    Drums,
    /// Percussion and loops.
    Percussion,
    /// Bass guitar, synth bass, sub.
    Bass,
    /// Guitars.
    Guitar,
    /// Piano, organ, keyboards.
    Keys,
    /// Synthesizers, leads, arpeggios, pads.
    Synth,
    /// Strings, brass, woodwind, orchestra.
    Orchestra,
    /// Lead vocal.
    LeadVocal,
    /// Backing vocals, choirs, doubles.
    BackingVocals,
    /// Effects, returns, ambience, noise.
    Effects,
    /// Whatever is left: "music", "rest", "other".
    Other,
}

impl Instrument {
    /// Every instrument.
    pub const ALL: [Self; 14] = [
        Self::Kick,
        Self::Snare,
        Self::Cymbals,
        Self::Drums,
        Self::Percussion,
        Self::Bass,
        Self::Guitar,
        Self::Keys,
        Self::Synth,
        Self::Orchestra,
        Self::LeadVocal,
        Self::BackingVocals,
        Self::Effects,
        Self::Other,
    ];

    /// The name that the report and the page print: `lead-vocal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kick => "kick",
            Self::Snare => "snare",
            Self::Cymbals => "cymbals",
            Self::Drums => "drums",
            Self::Percussion => "percussion",
            Self::Bass => "bass",
            Self::Guitar => "guitar",
            Self::Keys => "keys",
            Self::Synth => "synth",
            Self::Orchestra => "orchestra",
            Self::LeadVocal => "lead-vocal",
            Self::BackingVocals => "backing-vocals",
            Self::Effects => "effects",
            Self::Other => "other",
        }
    }
}
