//! The preflight: one check a file, one table.
//!
//! A check looks at measurements, not at samples, and says what it found as data; words are made in
//! `words`. Causes of a failed null are documented here too ([`CAUSES`]), because they are findings
//! with the same codes; see `null::diagnose` for how they are found.

use crate::measure::Measurements;
use crate::profile::{Profile, Severity};
use crate::song::{Facts, Format, Instrument, Role};

/// What a code means: the text behind `stemcheck explain`, the README's table and the page's help.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// The fault's name: `late-stem`.
    pub code: &'static str,
    /// Severity unless the profile says otherwise.
    pub severity: Severity,
    /// One line, sentence case, no full stop.
    pub title: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Why it matters to the mastering engineer.
    pub why: &'static str,
    /// What to do in the DAW.
    pub fix: &'static str,
    /// Which guide or standard asks for it.
    pub source: &'static str,
}

/// A preflight check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code and texts.
    pub doc: Doc,
    /// Looks at the song and reports what it finds.
    pub run: fn(&Song<'_>, &mut Vec<Finding>),
}

/// One file as the checks see it.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// Name as given, without folders.
    pub name: &'a str,
    /// What it is to the song.
    pub role: Role,
    /// What it holds.
    pub instrument: Option<Instrument>,
    /// What its header yields.
    pub facts: &'a Facts,
    /// What the meters read; `None` if it could not be read.
    pub measured: Option<&'a Measurements>,
}

impl File<'_> {
    /// Its format, if readable.
    pub fn format(&self) -> Option<&Format> {
        self.facts.format.as_ref().ok()
    }
}

/// A song as the checks see it.
#[derive(Debug, Clone)]
pub struct Song<'a> {
    /// What is asked.
    pub profile: &'a Profile,
    /// Every file, in the order given.
    pub files: Vec<File<'a>>,
    /// The sum of the stems at unity gain; `None` if it could not be built.
    pub sum: Option<&'a Measurements>,
    /// Beats a minute, if known.
    pub tempo_bpm: Option<f64>,
}

/// A value in a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text from a file or a list; never markup.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A level or difference, printed with one decimal and its unit.
    Number(f64, &'static str),
}

/// Where a finding is, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Place {
    /// Begin.
    pub start_s: f64,
    /// End.
    pub end_s: f64,
    /// Channel from 0; `None` = all.
    pub channel: Option<u16>,
}

/// What a check found; data until it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which check.
    pub code: &'static str,
    /// Index of the file; `None` = the set.
    pub file: Option<usize>,
    /// Message with `{placeholders}`, English; also the key for other languages.
    pub message: &'static str,
    /// What the placeholders stand for (`{file}` is always known).
    pub values: Vec<(&'static str, Value)>,
    /// The one number that says how much.
    pub value: Option<f64>,
    /// Its unit: `dB`, `dBFS`, `samples`, `runs`, `s`, `Hz`, `bits`.
    pub unit: &'static str,
    /// Where to look.
    pub places: Vec<Place>,
    /// A severity other than the documented one (a cause that is expected).
    pub severity: Option<Severity>,
}

/// Every preflight check, in the order of the contract.
pub const CHECKS: &[Check] = &[];

/// Every cause of a failed null that is told.
pub const CAUSES: &[Doc] = &[];
