//! The null test: sum of the stems at unity gain minus the reference, and why it does not cancel.
//!
//! [`sum`] subtracts; [`NullMeter`] keeps, per segment, what the diagnosis needs; [`diagnose()`]
//! explains a residual by hypotheses that must each earn their place; [`Recipe`] undoes what was
//! found, so that the depth after the fix is measured, not guessed. Does not meter loudness; the
//! caller runs a `FileMeter` over sum and residual.

use crate::block::Block;
use crate::measure::Word;

/// Adds the stems and subtracts the reference, in f64, at unity gain; mono feeds both sides, of more
/// than two channels the first two count. `sum` and `residual` become stereo of `frames` from `start`;
/// stems and reference that end early are silent from there on.
pub fn sum(
    _stems: &[&Block],
    _reference: Option<&Block>,
    _start: u64,
    _frames: usize,
    _sum: &mut Block,
    _residual: &mut Block,
) {
    todo!()
}

/// What the diagnosis needs of one segment; joins with its neighbour.
#[derive(Debug)]
pub struct NullMeter {}

impl NullMeter {
    /// Frames before a segment that [`Self::warm_up`] wants to see.
    pub fn pre_roll(sample_rate: u32) -> u64 {
        u64::from(sample_rate) / 2
    }

    /// A meter for so many stems, for the segment that starts at frame `start`.
    pub fn new(_sample_rate: u32, _stems: usize, _start: u64) -> Self {
        todo!()
    }

    /// Runs the filters over frames before the segment, without counting them.
    pub fn warm_up(&mut self, _stems: &[&Block], _reference: &Block, _residual: &Block) {
        todo!()
    }

    /// Takes the next frames, in order: the stems, the reference and what [`sum`] left of them.
    pub fn push(&mut self, _stems: &[&Block], _reference: &Block, _residual: &Block) {
        todo!()
    }

    /// The segment's part.
    pub fn finish(self) -> NullPart {
        todo!()
    }
}

/// What was gathered over one segment.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NullPart {}

impl NullPart {
    /// Joins with the part that follows directly.
    #[must_use]
    pub fn merge(self, _next: Self) -> Self {
        todo!()
    }

    /// The figures of the whole null test.
    pub fn figures(&self) -> NullFigures {
        todo!()
    }
}

/// The headline figures, linear.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NullFigures {
    /// Energy of the residual, both channels, over the whole song.
    pub residual_energy: f64,
    /// Energy of the reference, likewise.
    pub reference_energy: f64,
    /// Frames summed over.
    pub frames: u64,
    /// Residual and reference energy of each second, for the worst place and the lane.
    pub seconds: Vec<(f64, f64)>,
}

/// Access to samples of the song by file, for the few windows that the diagnosis reads again.
///
/// `start` may be negative and the window may pass the end: what is not there is silence. An
/// implementation that cannot read delivers silence. `stem` counts the song's stems; `None` is the
/// reference. `out` becomes a stereo block (mono feeds both sides).
pub trait Windows {
    /// Reads `frames` frames from `start` into `out`.
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block);
}

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
}

impl Setup {
    /// The rounding floor: the mean square that word lengths alone leave in the residual
    /// (LSB²/12 for each file; METHODS: (K+1)·LSB²/12 for equal ones). 0 for floats.
    pub fn floor_power(&self) -> f64 {
        todo!()
    }
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
    /// `samples`, `dB`, `dBFS`, or empty.
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

/// How to undo what was found, stem by stem.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Recipe {
    /// One correction per stem.
    pub stems: Vec<Correction>,
    /// Correction of the reference.
    pub reference: Correction,
}

/// A gain and a shift.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Correction {
    /// Linear; negative flips the polarity, 0 leaves it out.
    pub gain: f64,
    /// Frames by which to move it earlier; fractions are interpolated.
    pub advance_frames: f64,
}

impl Default for Correction {
    fn default() -> Self {
        Self { gain: 1.0, advance_frames: 0.0 }
    }
}

impl Recipe {
    /// Whether it changes nothing.
    pub fn is_identity(&self) -> bool {
        self.stems.iter().chain([&self.reference]).all(|c| *c == Correction::default())
    }

    /// Residual energy and reference energy of `frames` frames from `start` after every correction,
    /// both channels: summed over the song they give the depth after the fix.
    pub fn residual_energy(
        &self,
        _windows: &mut dyn Windows,
        _start: u64,
        _frames: usize,
    ) -> (f64, f64) {
        todo!()
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
}

/// Explains the residual.
pub fn diagnose(_setup: &Setup, _part: &NullPart, _windows: &mut dyn Windows) -> Diagnosis {
    todo!()
}

/// Which of `files` the others sum to: reads a few windows of every file (`stem` of [`Windows`]
/// counts all files here). `None` if there is none, or if it cannot be told.
pub fn find_reference(
    _sample_rate: u32,
    _frames: u64,
    _files: usize,
    _windows: &mut dyn Windows,
) -> Option<usize> {
    todo!()
}
