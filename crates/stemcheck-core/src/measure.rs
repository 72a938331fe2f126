//! The meters of one file, over any stretch of it, and what they read once the stretches are joined.
//!
//! Time is cut into segments that are measured apart and merged: for any cuts the merged result is
//! that of the whole (exactly for counts, peaks and runs, within 1e-9 for energies). A [`FileMeter`]
//! is warmed up with the frames before its segment so that filters hold their state. Does not judge;
//! see `checks`.

mod ceiling;
mod click;
mod dither;
mod dropout;
mod dynamics;
mod edges;
mod hum;
pub(crate) mod lanes;
mod lookaround;
mod loudness;
mod low;
mod meter;
mod mono;
mod occupancy;
mod overlap;
mod part;
mod programme;
mod runs;
mod series;
mod silence;
mod stereo;
mod tops;
mod true_peak;
mod waveform;
mod word;

#[cfg(test)]
mod tests;

pub use ceiling::Edge;
pub(crate) use loudness::KWeighting;
pub(crate) use true_peak::{Interpolator, MEMORY as TRUE_PEAK_MEMORY};

pub use dither::Dither;
pub use dynamics::Limiting;
pub use hum::Hum;
pub use low::Low;
pub use meter::{FileMeter, METERS, Meter};
pub use overlap::{Overlap, overlap};
pub use part::FilePart;
pub use programme::Programme;
pub use runs::{Run, Runs};
pub use tops::CutTops;
pub use waveform::Waveform;

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
    /// Integrated loudness in LUFS; `None` below the absolute gate and under 400 ms. Mono counts as it is heard: on
    /// both loudspeakers.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342); `None` below the absolute gate and under 3 s.
    pub range_lu: Option<f64>,
    /// Largest momentary (400 ms) loudness in LUFS; of what is there where the file is shorter.
    pub max_momentary_lufs: Option<f64>,
    /// Largest short-term (3 s) loudness in LUFS; of what is there where the file is shorter.
    pub max_short_term_lufs: Option<f64>,
    /// Bits really used by the samples: 24 of 24, 16 in a padded file; for floats the word length
    /// of the integer grid they lie on, or 32; 0 for digital silence.
    pub used_bits: u16,
    /// The smallest step that occurs, as a linear amplitude, down to that of 32 bits; 0 for digital
    /// silence.
    pub least_step: f64,
    /// Correlation of the first two channels, -1 to 1; `None` for mono and silence.
    pub correlation: Option<f64>,
    /// Share (0 to 1) of the sounding 400 ms windows (RMS above -60 dBFS) whose correlation is below
    /// -0.5.
    pub antiphase_share: f64,
    /// Largest |L - R| over the file; `None` for mono.
    pub largest_difference: Option<f64>,
    /// Mean square of (L - R) / 2; `None` for mono.
    pub side_power: Option<f64>,
    /// Where the spectrum breaks off steeply, if it does; `None` too below 32 kHz and where less than
    /// three seconds sound.
    pub edge: Option<Edge>,
    /// What is left in mono, through the K-weighting: the level of (L + R) / √2 against both channels in
    /// dB, 0 for equal ones, -3 for unrelated ones, -60 at least; `None` for mono and silence.
    pub mono_db: Option<f64>,
    /// The same below 120 Hz; `None` too where little of the power is there.
    pub low_mono_db: Option<f64>,
    /// Level of the left channel against the right one in dB, through the K-weighting; `None` for mono
    /// and where one of them is silent.
    pub balance_db: Option<f64>,
    /// First frame above -60 dBFS; `None` if there is none.
    pub first_sound: Option<u64>,
    /// Frame after the last one above -60 dBFS; `None` if there is none.
    pub last_sound: Option<u64>,
    /// Frames of exact digital silence before the first non-zero sample.
    pub leading_zeros: u64,
    /// Frames of exact digital silence after the last non-zero sample.
    pub trailing_zeros: u64,
    /// Largest amplitude of the very first frame.
    pub first_sample: f64,
    /// Mean square over the channels in each of the first ten milliseconds.
    pub head_powers: Vec<f64>,
    /// Mean square over the channels in the last ten milliseconds (nine, and the one begun last).
    pub tail_power: f64,
    /// Runs of three or more samples at full scale on one channel.
    pub clipping: Runs,
    /// Samples beyond full scale (float only), as runs.
    pub over_full_scale: Runs,
    /// NaN and infinite samples, as runs.
    pub invalid: Runs,
    /// A hash of every exact sample with its place and channel: equal for identical audio,
    /// whatever the cuts.
    pub fingerprint: u64,
    /// Momentary loudness in LUFS, `-120` for silence, for plots: entry `i` is that of the 400 ms from
    /// `i` * 100 ms on, of what is there of them at the end.
    pub momentary_lufs: Vec<f32>,
    /// Peak to loudness ratio (PLR): true peak over integrated loudness, in dB.
    pub plr_db: Option<f64>,
    /// Peak to short-term loudness ratio (PSR) in dB, 5th percentile over the loud moments, from sample
    /// peaks; `None` under 3 s.
    pub psr_p5_db: Option<f64>,
    /// What a limiter leaves.
    pub limiting: Limiting,
    /// Where tops are cut off flat, below full scale or at it; `None` if they are not.
    pub cut_tops: Option<CutTops>,
    /// The step of a coarser word than the stored one, turned down after it was rounded, as a linear
    /// amplitude; `None` where there is no sign of it. What [`Self::used_bits`] proves is not told here.
    pub coarse_step: Option<f64>,
    /// Dither that was recognised in silence.
    pub dither: Option<Dither>,
    /// Single samples that the sound around them does not explain; isolated ones only.
    pub clicks: Runs,
    /// Exact digital silence of up to 0.2 s on all channels between abrupt edges.
    pub dropouts: Runs,
    /// Hum of the mains; `None` too where less than 8 s sound.
    pub hum: Option<Hum>,
    /// The low end as samples; empty for what is no file.
    pub low: Low,
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
