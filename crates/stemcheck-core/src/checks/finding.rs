//! What a check says: data until it is printed.

use crate::null::Confidence;
use crate::profile::Severity;

/// A value in a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text from a file, or words that are said in the reader's language; never markup.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// A whole number.
    Count(u64),
    /// A level or difference, printed with one decimal and its unit.
    Number(f64, &'static str),
    /// A time in the song or a length, in seconds, printed as minutes and seconds.
    Time(f64),
    /// A file, by its index.
    Name(usize),
    /// Several files.
    Names(Vec<usize>),
}

/// Where a finding is, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Its unit: `dB`, `dBFS`, `samples`, `runs`, `s`, `Hz`, `ppm`, `bits`.
    pub unit: &'static str,
    /// Where to look.
    pub places: Vec<Place>,
    /// A severity other than the documented one.
    pub severity: Option<Severity>,
    /// Whether this is a normal thing and no mistake: then it is at most a warning.
    pub expected: bool,
    /// How sure it is: what bits and counts prove is certain, what levels and spectra suggest is not.
    pub confidence: Confidence,
    /// Advice other than the documented one.
    pub fix: Option<&'static str>,
}

impl Finding {
    /// A finding about the set.
    pub(super) fn new(code: &'static str, message: &'static str) -> Self {
        Self {
            code,
            file: None,
            message,
            values: Vec::new(),
            value: None,
            unit: "",
            places: Vec::new(),
            severity: None,
            expected: false,
            confidence: Confidence::Certain,
            fix: None,
        }
    }

    /// About one file.
    pub(super) fn file(self, index: usize) -> Self {
        Self { file: Some(index), ..self }
    }

    /// With what one placeholder stands for.
    pub(super) fn with(mut self, placeholder: &'static str, value: Value) -> Self {
        self.values.push((placeholder, value));
        self
    }

    /// With the one number that says how much.
    pub(super) fn amount(self, value: f64, unit: &'static str) -> Self {
        Self { value: crate::units::finite(value), unit, ..self }
    }

    pub(super) fn places(self, places: Vec<Place>) -> Self {
        Self { places, ..self }
    }

    pub(super) fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// Suggested, not proven: the message says so too.
    pub(super) fn likely(self) -> Self {
        Self { confidence: Confidence::Likely, ..self }
    }

    pub(super) fn advice(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }
}
