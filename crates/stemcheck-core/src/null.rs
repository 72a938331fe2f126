//! The null test: sum of the stems at unity gain minus the reference, and why it does not cancel.
//!
//! [`sum()`] subtracts; [`NullMeter`] keeps, per segment, what the diagnosis needs; [`diagnose()`]
//! explains a residual by hypotheses that must each earn their place; [`Recipe`] undoes what was
//! found, so that the depth after the fix is measured, not guessed. Does not meter loudness; the
//! caller runs a `FileMeter` over sum and residual.

mod apart;
mod blame;
mod bus;
mod causes;
mod choose;
mod clipped;
mod coarse;
mod complete;
mod compounds;
mod correlation;
mod defects;
mod diagnose;
mod doubles;
mod dynamics;
mod edits;
mod ends;
mod filters;
mod fit;
mod forensics;
mod gains;
mod hypotheses;
mod image;
mod interpolate;
mod leftover;
mod local;
mod meter;
mod moments;
mod places;
mod portrait;
mod rate;
mod recipe;
mod reference;
mod related;
mod repeat;
mod rest;
mod returns;
mod rounding;
mod scene;
mod sharp;
mod signature;
mod sounds;
mod spectra;
mod stranger;
mod sum;
mod taps;
#[cfg(test)]
mod tests;
mod timing;
mod toeplitz;
mod together;
mod treatment;
mod whose;

use crate::measure::Word;

pub use blame::{Blame, Spectrogram};
pub use bus::Bus;
pub use compounds::Compound;
pub use diagnose::diagnose;
pub use meter::{NullFigures, NullMeter, NullPart};
pub use moments::Moment;
pub use recipe::{Correction, Pair, Recipe, Windows};
pub use reference::find_references;
pub use repeat::Repeatability;
pub use sum::sum;
pub use taps::Taps;
pub use treatment::Treatment;

/// What the diagnosis must know besides the samples.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Setup {
    /// Hz.
    pub sample_rate: u32,
    /// Word length of each stem.
    pub stems: Vec<Word>,
    /// Word length of the reference.
    pub reference: Word,
    /// Length of the longest file in frames.
    pub frames: u64,
    /// Length of each stem in frames, then the reference's.
    pub lengths: Vec<u64>,
    /// What the meters have seen in single files, as far as they ran.
    pub marks: Vec<Mark>,
}

/// A moment at which a file by itself looks broken.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mark {
    /// Which stem (index among the stems), the reference counted after them.
    pub file: usize,
    /// First frame.
    pub start: u64,
    /// How many there are.
    pub frames: u64,
    /// Whether it is a hole and no click.
    pub is_hole: bool,
}

/// Why the sum does not cancel, one cause. Names and units are the contract's.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cause {
    /// `late-stem` ...
    pub code: String,
    /// Which stem (index among the stems); `None` where it is the reference or nobody.
    pub stem: Option<usize>,
    /// Whether the file is the reference (`inverted-polarity`).
    pub on_reference: bool,
    /// The other stem (`doubled-part`).
    pub other: Option<usize>,
    /// How much, in `unit`.
    pub value: Option<f64>,
    /// `samples`, `dB`, `dBFS`, `Hz`, `ppm`, `s`, what is counted (`runs`, `clicks`, `places`), or
    /// empty.
    pub unit: String,
    /// Share of the first residual's energy that this explains, 0 to 1.
    pub share: f64,
    /// By how many dB the residual falls when this is undone, at its turn.
    pub explains_db: f64,
    /// How sure.
    pub confidence: Confidence,
    /// Whether it is a normal thing and no mistake (`rounding`).
    pub expected: bool,
    /// Where it is heard, in seconds.
    pub start_s: f64,
    /// Where it ends, in seconds.
    pub end_s: f64,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Confidence {
    /// Nothing else explains it.
    Certain,
    /// The best explanation by far.
    Likely,
    /// One of several.
    Possible,
}

impl Cause {
    /// Whether it is about an effect return, too few or too many.
    pub fn is_of_a_return(&self) -> bool {
        self.code.ends_with("-effect-return")
    }
}

/// What the diagnosis found.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Diagnosis {
    /// Sorted by what they explain.
    pub causes: Vec<Cause>,
    /// How to undo them.
    pub recipe: Recipe,
    /// What the reference went through that the stems did not, if it did.
    pub forensics: Option<Forensics>,
    /// Which file the residual follows, when; `None` if it is no more than word lengths leave.
    pub blame: Option<Blame>,
    /// By stem: what the recipe leaves, against it. Empty if that is not more than nothing.
    pub left: Vec<Left>,
}

/// What is left of the residual, against one stem.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Left {
    /// How alike both are in time and frequency, whatever the phase; from -1 to 1.
    pub likeness: f64,
    /// Energy of what is left against that of the stem, linear.
    pub energy: f64,
}

/// What processing on the bus did to the reference, as measured against the sum of the stems. Curves
/// are pairs in rising order of the first value; one that was not found is empty.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Forensics {
    /// Level of the sum in dBFS, and by how many dB the reference is louder there: the static curve of
    /// a compressor, limiter or saturation.
    pub gain_over_level: Vec<(f64, f64)>,
    /// Seconds, and by how many dB the reference is louder than the sum then.
    pub gain_over_time: Vec<(f64, f64)>,
    /// Hz, and by how many dB the reference is louder than the sum there.
    pub eq: Vec<(f64, f64)>,
    /// By how many dB the sides are louder against the middle than in the sum; 0 = as wide.
    pub width_db: Option<f64>,
}
