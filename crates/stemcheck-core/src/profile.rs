//! What a studio asks for. A field that is absent is not asked, and its check stays silent.

use std::collections::BTreeMap;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Has to be fixed before sending.
    Error,
    /// Should be looked at.
    Warning,
    /// Good to know.
    Info,
}

/// A studio's demands: every number that a check compares with.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "kebab-case"))]
pub struct Profile {
    /// Short name: `generic`.
    pub name: String,
    /// What the page's list says.
    pub title: String,
    /// Where the demands come from.
    pub source: String,
    /// The built-in profile that holds where this one says nothing.
    pub extends: Option<String>,
    /// Fewest stems that make sense.
    pub min_stems: Option<usize>,
    /// Most stems that are taken.
    pub max_stems: Option<usize>,
    /// Groups that must be there; each is a list of alternatives (`["drums", "kick"]`).
    pub required_groups: Vec<Vec<String>>,
    /// Fewest bits of an integer file.
    pub min_bits: Option<u16>,
    /// Sample rates that are taken, in Hz; empty = not asked.
    pub sample_rates: Vec<u32>,
    /// Whether every file has to be stereo: mono files are reported.
    pub stereo_files: Option<bool>,
    /// Whether all files must be of one length.
    pub equal_lengths: Option<bool>,
    /// Whether one bar of silence is asked before the first sound.
    pub leading_bar: Option<bool>,
    /// Headroom asked of the sum, in dB below full scale.
    pub sum_headroom_db: Option<f64>,
    /// Headroom asked of each stem, in dB below full scale.
    pub stem_headroom_db: Option<f64>,
    /// Peak in dBFS below which a stem of integers is called very quiet.
    pub least_peak_dbfs: Option<f64>,
    /// Level in dBFS from which a DC offset is reported.
    pub dc_dbfs: Option<f64>,
    /// Whether normalised stems are refused.
    pub no_normalising: Option<bool>,
    /// Most characters of a file name, extension and all.
    pub max_name_length: Option<usize>,
    /// Characters that the studio does not take in file names, besides those that Windows refuses.
    pub forbidden_characters: String,
    /// How files are called in a package: `{song}_{name}`. Other placeholders: `{number}`, `{tempo}`.
    pub file_name: Option<String>,
    /// Whether an album has to come with a tracklist.
    pub tracklist: Option<bool>,
    /// What no program can check: sentences that the artist ticks.
    pub checklist: Vec<String>,
    /// Severities that differ from the usual ones, by code.
    pub severity: BTreeMap<String, Severity>,
}
