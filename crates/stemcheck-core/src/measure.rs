//! The meters of one file, over any stretch of it, and what they read once the stretches are joined.
//!
//! Time is cut into segments that are measured apart and merged: for any cuts the merged result is
//! that of the whole (exactly for counts, peaks and runs, within 1e-9 for energies). A [`FileMeter`]
//! is warmed up with the frames before its segment so that filters hold their state. Does not judge;
//! see `checks`.

use crate::block::Block;

/// How samples are stored, as far as meters care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Word {
    /// Integers of so many bits.
    Int(u16),
    /// Floating point.
    Float,
}

/// What a meter must know of the stream it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stream {
    /// Hz.
    pub sample_rate: u32,
    /// Channels of every block.
    pub channels: u16,
    /// How samples are stored.
    pub word: Word,
}

/// Every meter of one file over one segment.
#[derive(Debug)]
pub struct FileMeter {}

impl FileMeter {
    /// Frames before a segment that [`Self::warm_up`] wants to see (fewer only at the file's start).
    pub fn pre_roll(sample_rate: u32) -> u64 {
        u64::from(sample_rate) / 2
    }

    /// A meter for the segment that starts at frame `start`.
    pub fn new(_stream: Stream, _start: u64) -> Self {
        todo!()
    }

    /// Runs the filters over frames before the segment, without counting them.
    pub fn warm_up(&mut self, _block: &Block) {
        todo!()
    }

    /// Measures the next frames of the segment, in order, in blocks of any size.
    pub fn push(&mut self, _block: &Block) {
        todo!()
    }

    /// The segment's part of the measurement.
    pub fn finish(self) -> FilePart {
        todo!()
    }
}

/// Everything that was measured over one segment; joins with its neighbour.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FilePart {}

impl FilePart {
    /// Joins with the part that follows directly.
    #[must_use]
    pub fn merge(self, _next: Self) -> Self {
        todo!()
    }

    /// What the meters read over everything merged so far.
    pub fn measurements(&self) -> Measurements {
        todo!()
    }

    /// Overview of the waveform over everything merged so far (cheap: the page draws while it runs).
    pub fn waveform(&self) -> &Waveform {
        todo!()
    }
}

/// Extremes and power on a fixed grid of frames, for drawing: column `i` covers the frames from
/// `i * COLUMN_FRAMES`, all channels together.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Waveform {
    /// Column number of the first entry.
    pub first: u64,
    /// Smallest sample of each column.
    pub min: Vec<f32>,
    /// Largest sample of each column.
    pub max: Vec<f32>,
    /// Mean square of each column.
    pub power: Vec<f32>,
}

/// A stretch of frames on one channel that a check can point at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Run {
    /// First frame.
    pub start: u64,
    /// Number of frames.
    pub frames: u64,
    /// Channel, from 0.
    pub channel: u16,
}

/// Counted runs of one kind: all are counted, the first [`Runs::KEPT`] are kept.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Runs {
    /// How many runs there are.
    pub count: u64,
    /// How many samples they hold.
    pub samples: u64,
    /// The first ones, in order of time.
    pub places: Vec<Run>,
}

impl Runs {
    /// How many places are kept; the rest is counted.
    pub const KEPT: usize = 200;
}

/// What the meters read. Levels are linear amplitudes or powers, -inf never occurs; the report turns
/// them into dB. Vectors hold one value per channel.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measurements {
    /// Frames measured.
    pub frames: u64,
    /// Hz.
    pub sample_rate: u32,
    /// Sample peak per channel (absolute, finite samples only).
    pub peak: Vec<f64>,
    /// Inter-sample (true) peak per channel, ITU-R BS.1770-5 Annex 2; never below `peak`.
    pub true_peak: Vec<f64>,
    /// Mean square per channel.
    pub power: Vec<f64>,
    /// Mean per channel.
    pub dc: Vec<f64>,
    /// Integrated loudness in LUFS; `None` below the absolute gate. Mono counts as it is heard: on
    /// both loudspeakers.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// Largest momentary (400 ms) loudness in LUFS.
    pub max_momentary_lufs: Option<f64>,
    /// Largest short-term (3 s) loudness in LUFS; of what is there where the file is shorter.
    pub max_short_term_lufs: Option<f64>,
    /// Bits really used by the samples: 24 of 24, 16 in a padded file; for floats the word length
    /// of the integer grid they lie on, or 32.
    pub used_bits: u16,
    /// The smallest step that occurs, as a linear amplitude; 0 for digital silence.
    pub least_step: f64,
    /// Correlation of the first two channels, -1 to 1; `None` for mono and silence.
    pub correlation: Option<f64>,
    /// Share (0 to 1) of the sounding 400 ms windows whose correlation is below -0.5.
    pub antiphase_share: f64,
    /// Largest |L - R| over the file; `None` for mono.
    pub largest_difference: Option<f64>,
    /// Mean square of (L - R) / 2; `None` for mono.
    pub side_power: Option<f64>,
    /// First frame above -60 dBFS; `None` if there is none.
    pub first_sound: Option<u64>,
    /// Frame after the last one above -60 dBFS; `None` if there is none.
    pub last_sound: Option<u64>,
    /// Frames of exact digital silence before the first non-zero sample.
    pub leading_zeros: u64,
    /// Frames of exact digital silence after the last non-zero sample.
    pub trailing_zeros: u64,
    /// Runs of three or more samples at full scale on one channel.
    pub clipping: Runs,
    /// Samples beyond full scale (float only), as runs.
    pub over_full_scale: Runs,
    /// NaN and infinite samples, as runs.
    pub invalid: Runs,
    /// A hash of every exact sample with its place and channel: equal for identical audio,
    /// whatever the cuts.
    pub fingerprint: u64,
    /// Momentary loudness in LUFS each 100 ms, `-120` for silence, for plots.
    pub momentary_lufs: Vec<f32>,
}

impl Measurements {
    /// Largest sample peak of all channels.
    pub fn peak_max(&self) -> f64 {
        self.peak.iter().copied().fold(0.0, f64::max)
    }

    /// Largest true peak of all channels.
    pub fn true_peak_max(&self) -> f64 {
        self.true_peak.iter().copied().fold(0.0, f64::max)
    }

    /// Mean square over all channels.
    pub fn power_mean(&self) -> f64 {
        self.power.iter().sum::<f64>() / self.power.len().max(1) as f64
    }
}

impl Waveform {
    /// Frames in a column.
    pub const COLUMN_FRAMES: u64 = 512;
}
