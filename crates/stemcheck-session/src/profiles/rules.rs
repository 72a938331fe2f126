//! The fields of a profile, and what each may hold.
//!
//! Decides nothing about files or forms: both take a refusal's sentence from here, word for word.

use std::fmt;

use stemcheck_core::checks;
use stemcheck_core::language::Language;
use stemcheck_core::profile::Profile;
use stemcheck_core::song::Instrument;
use toml::{Table, Value};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// The name of a built-in profile.
    BuiltIn,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// Sample rates in Hz.
    Rates,
    /// Groups of instruments, each a list of alternatives.
    Groups,
    /// A list of sentences.
    Sentences,
    /// Severities by code.
    Severities,
}

/// Every field of a profile, in the order in which it is written.
pub const FIELDS: [(&str, Kind); 23] = [
    ("name", Kind::Text),
    ("title", Kind::Text),
    ("source", Kind::Text),
    ("extends", Kind::BuiltIn),
    ("min-stems", Kind::Whole),
    ("max-stems", Kind::Whole),
    ("required-groups", Kind::Groups),
    ("min-bits", Kind::Whole),
    ("sample-rates", Kind::Rates),
    ("stereo-files", Kind::YesNo),
    ("equal-lengths", Kind::YesNo),
    ("leading-bar", Kind::YesNo),
    ("sum-headroom-db", Kind::Number),
    ("stem-headroom-db", Kind::Number),
    ("least-peak-dbfs", Kind::Number),
    ("dc-dbfs", Kind::Number),
    ("no-normalising", Kind::YesNo),
    ("max-name-length", Kind::Whole),
    ("forbidden-characters", Kind::Text),
    ("file-name", Kind::Text),
    ("tracklist", Kind::YesNo),
    ("checklist", Kind::Sentences),
    ("severity", Kind::Severities),
];

/// Why something is refused, to be said in any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The sentence in English, with names in braces.
    pub template: &'static str,
    /// What takes their places.
    pub values: Vec<(&'static str, String)>,
}

impl Why {
    /// The sentence in a language.
    pub fn say(&self, language: &Language) -> String {
        let value = |wanted: &str| self.values.iter().find(|(name, _)| *name == wanted);
        language.fill(self.template, |name| value(name).map(|(_, value)| value.clone()))
    }
}

impl From<&'static str> for Why {
    fn from(template: &'static str) -> Self {
        Self { template, values: Vec::new() }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&Language::default()))
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, `max-stems`; of an entry in a table both, `severity.clipping`.
    pub key: String,
    /// What is wrong.
    pub why: Why,
}

impl Problem {
    pub(super) fn new(key: impl Into<String>, why: impl Into<Why>) -> Self {
        Self { key: key.into(), why: why.into() }
    }

    /// The same with a value for `name` in its sentence.
    pub(super) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.why.values.push((name, value.to_string()));
        self
    }

    fn alone(self) -> Vec<Self> {
        vec![self]
    }

    /// The field that it concerns.
    pub fn field(&self) -> &str {
        self.key.split('.').next().unwrap_or_default()
    }
}

/// Fields that there are not, and values of the wrong kind.
pub(super) fn mistyped(own: &Table) -> Vec<Problem> {
    own.iter().flat_map(|(key, value)| mistyped_field(key, value)).collect()
}

fn mistyped_field(key: &str, value: &Value) -> Vec<Problem> {
    let Some((_, kind)) = FIELDS.iter().find(|(known, _)| *known == key) else {
        let known = FIELDS.map(|(known, _)| known).join(", ");
        let unknown = Problem::new(key, "unknown field, there are {known}");
        return unknown.with("known", known).alone();
    };
    let fits = |key: &str, value: &Value| {
        let alone: Table = [(key.to_owned(), value.clone())].into_iter().collect();
        alone.try_into::<Profile>().is_ok()
    };
    match (kind, value) {
        (Kind::Severities, Value::Table(entries)) => entries
            .iter()
            .filter(|(code, value)| {
                let entry: Table = [((*code).clone(), (*value).clone())].into_iter().collect();
                !fits(key, &Value::Table(entry))
            })
            .map(|(code, _)| Problem::new(format!("{key}.{code}"), expected(*kind)))
            .collect(),
        _ if fits(key, value) => Vec::new(),
        (Kind::Whole, Value::Integer(1..)) => Problem::new(key, "far too large").alone(),
        _ => Problem::new(key, expected(*kind)).alone(),
    }
}

/// What stands in the place of a value of another kind.
fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::BuiltIn => "has to be text",
        Kind::Whole => "has to be a whole number, 0 or more",
        Kind::Number => "has to be a number",
        Kind::YesNo => "has to be true or false",
        Kind::Rates => "has to be a list of whole numbers",
        Kind::Groups => "has to be a list of lists of instruments",
        Kind::Sentences => "has to be a list of sentences",
        Kind::Severities => "has to be \"error\", \"warning\" or \"info\"",
    }
}

/// What the types alone do not say.
pub(super) fn broken(profile: &Profile) -> Vec<Problem> {
    let mut problems = broken_texts(profile);
    problems.extend(broken_numbers(profile));
    let known =
        |group: &String| Instrument::ALL.iter().any(|instrument| instrument.name() == group);
    if let Some(group) = profile.required_groups.iter().flatten().find(|group| !known(group)) {
        let names = Instrument::ALL.map(Instrument::name).join(", ");
        let why = "\"{asked}\" is none of {known}";
        let problem = Problem::new("required-groups", why).with("asked", group);
        problems.push(problem.with("known", names));
    }
    if profile.required_groups.iter().any(Vec::is_empty) {
        problems.push(Problem::new("required-groups", "a group without an instrument"));
    }
    if let Some(code) = profile.severity.keys().find(|code| checks::doc(code).is_none()) {
        problems.push(Problem::new(format!("severity.{code}"), "no check has this code"));
    }
    problems
}

fn broken_texts(profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, text) in [
        ("name", Some(&profile.name)),
        ("title", Some(&profile.title)),
        ("source", Some(&profile.source)),
        ("forbidden-characters", Some(&profile.forbidden_characters)),
        ("file-name", profile.file_name.as_ref()),
    ] {
        if text.is_some_and(|text| text.chars().any(char::is_control)) {
            let why = "has to be one line, without control characters";
            problems.push(Problem::new(key, why));
        }
    }
    if let Some(letter) = profile.forbidden_characters.chars().find(|c| c.is_alphanumeric()) {
        let why = "'{letter}' cannot be forbidden: no name could be written";
        problems.push(Problem::new("forbidden-characters", why).with("letter", letter));
    }
    if let Some(Err(why)) = profile.file_name.as_deref().map(crate::names::check_pattern) {
        problems.push(Problem::new("file-name", why));
    }
    let is_point = |text: &String| !text.trim().is_empty() && !text.chars().any(char::is_control);
    if !profile.checklist.iter().all(is_point) {
        problems.push(Problem::new("checklist", "each point is one line of text"));
    }
    problems
}

fn broken_numbers(profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let (Some(least), Some(most)) = (profile.min_stems, profile.max_stems)
        && least > most
    {
        let less = Problem::new("max-stems", "less than min-stems ({least})");
        problems.push(less.with("least", least));
    }
    let rates = stemcheck_decode::limits::SAMPLE_RATES;
    let headroom = |db: f64| (0.0..=60.0).contains(&db);
    let level = |dbfs: f64| (-200.0..=0.0).contains(&dbfs);
    let headroom_why = "headroom is in dB below full scale, between 0 and 60";
    let level_why = "a level in dBFS, between -200 and 0";
    let ranges = [
        (
            "min-bits",
            profile.min_bits.is_none_or(|bits| (1..=32).contains(&bits)),
            "bits per sample are between 1 and 32",
        ),
        (
            "sample-rates",
            profile.sample_rates.iter().all(|rate| rates.contains(rate)),
            "rates are in Hz, between 8000 and 384000",
        ),
        ("sum-headroom-db", profile.sum_headroom_db.is_none_or(headroom), headroom_why),
        ("stem-headroom-db", profile.stem_headroom_db.is_none_or(headroom), headroom_why),
        ("dc-dbfs", profile.dc_dbfs.is_none_or(level), level_why),
        ("least-peak-dbfs", profile.least_peak_dbfs.is_none_or(level), level_why),
        (
            "max-name-length",
            profile.max_name_length.is_none_or(|most| (8..=255).contains(&most)),
            "characters of a file name, between 8 and 255",
        ),
    ];
    let outside = ranges.into_iter().filter(|(_, fits, _)| !fits);
    problems.extend(outside.map(|(key, _, why)| Problem::new(key, why)));
    problems
}
