//! The report: schema version 1, as the contract lays it down.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::ServiceReport;

pub(crate) mod build;
mod html;
mod json;
mod markdown;
mod null;
mod recipe;
#[cfg(test)]
pub(crate) mod sample;
mod schema;
mod text;
pub mod words;

pub use schema::schema;

pub use null::{
    BlameReport, ForensicsReport, MomentReport, RecipeReport, TreatmentKind, TreatmentReport,
};

/// Version of this shape.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that is told about one or more songs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// Name of the profile.
    pub profile: String,
    /// `ready`, `check` or `fix`: the worst of the songs.
    pub verdict: Verdict,
    /// One per song.
    pub songs: Vec<SongReport>,
}

impl Report {
    /// One report on the songs of several, as of an album; `None` of none.
    pub fn joined(reports: impl IntoIterator<Item = Self>) -> Option<Self> {
        reports.into_iter().reduce(|mut whole, report| {
            whole.verdict = whole.verdict.max(report.verdict);
            whole.songs.extend(report.songs);
            whole
        })
    }

    /// Adds to every song what only the artist knows; see [`SongReport::sign`].
    pub fn sign(&mut self, done: &BTreeSet<String>, notes: &str) {
        self.songs.iter_mut().for_each(|song| song.sign(done, notes));
    }

    /// The report as JSON; every number is finite or `null`.
    ///
    /// # Errors
    /// Only if memory runs out.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(json::pretty(self)? + "\n")
    }
}

/// Who wrote the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `stemcheck`.
    pub name: String,
    /// Version.
    pub version: String,
}

/// What to do with the song.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Send it.
    Ready,
    /// Look at the warnings first.
    Check,
    /// Fix the errors first.
    Fix,
}

/// One song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SongReport {
    /// Folder or project name.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Beats a minute, if known.
    pub tempo_bpm: Option<f64>,
    /// In the order given.
    pub files: Vec<FileReport>,
    /// The null test.
    pub null: NullReport,
    /// By severity, then song order.
    pub findings: Vec<FindingReport>,
    /// Which service suits the song; `null` where too little is known.
    pub service: Option<ServiceReport>,
    /// What no program can check.
    pub checklist: Vec<ChecklistItem>,
    /// What the artist wants the engineer to know.
    pub notes: Option<String>,
    /// How it arrived; `null` where it was not packed before.
    pub delivery: Option<DeliveryReport>,
}

impl SongReport {
    /// Adds what only the artist knows: which points of the checklist are done, by their sentences,
    /// and notes to the engineer.
    pub fn sign(&mut self, done: &BTreeSet<String>, notes: &str) {
        for item in &mut self.checklist {
            item.done = done.contains(&item.text);
        }
        let notes = notes.trim();
        self.notes = (!notes.is_empty()).then(|| notes.to_owned());
    }
}

/// A point of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistItem {
    /// The sentence, as the profile says it.
    pub text: String,
    /// Whether the artist ticked it.
    pub done: bool,
}

/// How a packed song arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryReport {
    /// How many checksums came with it.
    pub checksums: usize,
    /// Whether everything is as it was packed.
    pub intact: bool,
    /// Verdict of the report that came with it.
    pub packed_verdict: Option<Verdict>,
    /// Name of the profile that it was judged by.
    pub packed_profile: Option<String>,
    /// Whether the verdict is still the same; `null` if no report came with it.
    pub same_verdict: Option<bool>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileReport {
    /// Name as given.
    pub name: String,
    /// Stem, reference, other.
    pub role: stemcheck_core::song::Role,
    /// As guessed from the name.
    pub instrument: Option<String>,
    /// Hash of the bytes, where asked.
    pub sha256: Option<String>,
    /// Whether it could be read.
    pub readable: bool,
    /// Format; `null` for an unreadable file, as all that follows.
    pub format: Option<FormatReport>,
    /// What it tells about itself besides the audio.
    pub tags: Option<TagsReport>,
    /// Levels.
    pub levels: Option<LevelsReport>,
    /// Loudness.
    pub loudness: Option<LoudnessReport>,
    /// Dynamics.
    pub dynamics: Option<DynamicsReport>,
    /// Bits.
    pub bits: Option<BitsReport>,
    /// Stereo image.
    pub stereo: Option<StereoReport>,
    /// Silence at both ends.
    pub silence: Option<SilenceReport>,
}

/// Format of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormatReport {
    /// `wav`, `aiff`, `aifc`.
    pub container: String,
    /// `pcm`.
    pub codec: String,
    /// Hz.
    pub sample_rate: u32,
    /// Stored bits; 0 of a lossy file, which has none.
    pub bits: u16,
    /// Declared bits; 0 of a lossy file.
    pub valid_bits: u16,
    /// Floating point.
    pub float: bool,
    /// Channels.
    pub channels: u16,
    /// Frames.
    pub frames: u64,
    /// Length.
    pub seconds: f64,
}

/// What a program wrote into a file; `null` where it did not. Never markup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TagsReport {
    /// The program: `Pro Tools`.
    pub originator: Option<String>,
    /// Where the first frame lies on the recorder's clock, in frames.
    pub time_reference: Option<u64>,
    /// Title or track name.
    pub title: Option<String>,
}

/// Levels of a file, worst channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelsReport {
    /// Sample peak.
    pub peak_dbfs: Option<f64>,
    /// True peak.
    pub true_peak_dbtp: Option<f64>,
    /// RMS over all channels.
    pub rms_dbfs: Option<f64>,
    /// Peak to RMS.
    pub crest_db: Option<f64>,
    /// Largest mean of a channel, linear, signed.
    pub dc: f64,
}

/// Loudness of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoudnessReport {
    /// LUFS.
    pub integrated_lufs: Option<f64>,
    /// LU.
    pub range_lu: Option<f64>,
    /// LUFS.
    pub max_momentary_lufs: Option<f64>,
    /// LUFS.
    pub max_short_term_lufs: Option<f64>,
}

/// How far peaks stand above loudness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DynamicsReport {
    /// Peak to loudness ratio: true peak over integrated loudness.
    pub plr_db: Option<f64>,
    /// Peak to short-term loudness ratio, 5th percentile over the loud moments.
    pub psr_p5_db: Option<f64>,
}

/// Word length that is really used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BitsReport {
    /// Bits.
    pub used: u16,
    /// Level of the smallest step.
    pub least_bit_dbfs: Option<f64>,
}

/// Stereo image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StereoReport {
    /// -1 to 1.
    pub correlation: Option<f64>,
    /// Left over right.
    pub balance_db: Option<f64>,
}

/// Silence at both ends (below -60 dBFS).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SilenceReport {
    /// Seconds.
    pub leading_s: f64,
    /// Seconds.
    pub trailing_s: f64,
}

/// The null test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NullReport {
    /// Whether it ran.
    pub run: bool,
    /// Why it did not.
    pub reason: Option<String>,
    /// 20·log10(RMS(residual) / RMS(reference)); `null` for a residual of digital silence.
    pub depth_db: Option<f64>,
    /// Residual level.
    pub residual_rms_dbfs: Option<f64>,
    /// Residual sample peak.
    pub residual_peak_dbfs: Option<f64>,
    /// Residual loudness.
    pub residual_lufs: Option<f64>,
    /// What word lengths alone would leave.
    pub floor_dbfs: Option<f64>,
    /// `identical` … `fails`; `null` if it did not run.
    pub verdict: Option<NullVerdict>,
    /// Whether everything that is left is normal.
    pub expected: bool,
    /// The worst stretch.
    pub worst: Option<WorstReport>,
    /// Why it does not cancel.
    pub causes: Vec<CauseReport>,
    /// Depth when the causes are undone, measured.
    pub after_fix_depth_db: Option<f64>,
    /// Depth of a second render of the mix against the reference; `null` if there is none, and if
    /// every sample is the same.
    pub repeatability_db: Option<f64>,
    /// More about the second render, if there is one.
    pub second_render: Option<SecondRenderReport>,
    /// Which file the residual follows, when; `null` if only word lengths are left.
    pub blame: Option<BlameReport>,
    /// Where most is left, the loudest first.
    pub moments: Vec<MomentReport>,
    /// What makes the stems equal the reference; only files that change.
    pub recipe: Vec<RecipeReport>,
    /// What processing on the bus did to the reference, where that was found.
    pub forensics: Option<ForensicsReport>,
}

/// A second render of the mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecondRenderReport {
    /// Its name.
    pub file: String,
    /// Hz, and the depth in dB of the two renders in a narrow band there.
    pub over_frequency: Vec<(f64, f64)>,
    /// Seconds, and the depth in dB of that second.
    pub over_time: Vec<(f64, f64)>,
}

/// How well it nulls.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NullVerdict {
    /// Bit for bit.
    Identical,
    /// Only word lengths are left.
    WithinBitDepth,
    /// Nobody will hear it.
    Inaudible,
    /// Small.
    Minor,
    /// Can be heard.
    Audible,
    /// Does not null.
    Fails,
}

/// The stretch with the most residual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorstReport {
    /// Begin.
    pub start_s: f64,
    /// End.
    pub end_s: f64,
    /// Depth there.
    pub depth_db: Option<f64>,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CauseReport {
    /// Code.
    pub code: String,
    /// File.
    pub file: Option<String>,
    /// The other file.
    pub other_file: Option<String>,
    /// How much.
    pub value: Option<f64>,
    /// Of what.
    pub unit: Option<String>,
    /// Share of the residual, 0 to 1.
    pub share: f64,
    /// dB that it takes off.
    pub explains_db: f64,
    /// How sure.
    pub confidence: stemcheck_core::null::Confidence,
    /// Normal, no mistake.
    pub expected: bool,
    /// Begin.
    pub start_s: f64,
    /// End.
    pub end_s: f64,
    /// What is wrong, in words.
    pub message: String,
    /// What to do.
    pub fix: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingReport {
    /// Code.
    pub code: String,
    /// Severity.
    pub severity: stemcheck_core::profile::Severity,
    /// File; `null` = the set.
    pub file: Option<String>,
    /// What is wrong, in words.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// How much.
    pub value: Option<f64>,
    /// Of what.
    pub unit: Option<String>,
    /// How sure it is.
    pub confidence: stemcheck_core::null::Confidence,
    /// Where.
    pub places: Vec<stemcheck_core::checks::Place>,
    /// Who asks for it.
    pub source: String,
}
