//! The preflight: one check a file, one table.
//!
//! A check looks at measurements, not at samples, and says what it found as data; `words` makes
//! sentences of it. Causes of a failed null are documented here too ([`CAUSES`]), because they are
//! findings with the same codes; see `null::diagnose` for how they are found.

use crate::measure::{Measurements, Run};
use crate::null::{Compound, Confidence};
use crate::origin::Origin;
use crate::profile::{Profile, Severity};
use crate::song::{Facts, Format, Instrument, Role};

mod causes;
mod menus;
mod odd;
mod regular;
#[cfg(test)]
mod scene;
mod words;

mod altered_delivery;
mod ambiguous_reference;
mod channel_imbalance;
mod click;
mod clipped_below_full_scale;
mod clipping;
mod cut_start;
mod cut_tail;
mod dc_offset;
mod dithered;
mod dropout;
mod dual_mono;
mod duplicate_file;
mod empty_audio;
mod header_mismatch;
mod hum;
mod illegal_name;
mod inconsistent_names;
mod invalid_samples;
mod limited;
mod lossy_format;
mod lossy_origin;
mod low_bit_depth;
mod low_end_phase;
mod low_headroom;
mod low_level;
mod missing_group;
mod mix_among_stems;
mod mixed_bit_depths;
mod mixed_lengths;
mod mixed_sample_rates;
mod mixed_starts;
mod mono_file;
mod mono_loss;
mod multichannel_file;
mod no_leading_bar;
mod no_reference;
mod no_tracklist;
mod normalised;
mod out_of_phase_channels;
mod over_full_scale;
mod padded_bit_depth;
mod reference_limited;
mod reference_lossy;
mod reference_mismatch;
mod silent_channel;
mod silent_stem;
mod split_stereo;
mod stem_count;
mod subset_sum;
mod sum_clips;
mod tracklist_mismatch;
mod true_peak_over;
mod truncated_file;
mod unclear_name;
mod unreadable_file;
mod unsupported_format;
mod unsupported_rate;
mod upsampled;

pub use causes::{CAUSES, CauseText, cause_finding};
pub use illegal_name::mended_name;
pub use words::{fix, number_with_unit, say, thousands};

/// Every preflight check, in the order of the contract: one file, then the set.
pub const CHECKS: &[Check] = &[
    unreadable_file::CHECK,
    unsupported_format::CHECK,
    header_mismatch::CHECK,
    truncated_file::CHECK,
    empty_audio::CHECK,
    silent_stem::CHECK,
    invalid_samples::CHECK,
    lossy_format::CHECK,
    lossy_origin::CHECK,
    unsupported_rate::CHECK,
    upsampled::CHECK,
    low_bit_depth::CHECK,
    padded_bit_depth::CHECK,
    dithered::CHECK,
    clipping::CHECK,
    clipped_below_full_scale::CHECK,
    over_full_scale::CHECK,
    true_peak_over::CHECK,
    low_headroom::CHECK,
    limited::CHECK,
    low_level::CHECK,
    dc_offset::CHECK,
    mono_file::CHECK,
    multichannel_file::CHECK,
    dual_mono::CHECK,
    silent_channel::CHECK,
    out_of_phase_channels::CHECK,
    channel_imbalance::CHECK,
    click::CHECK,
    dropout::CHECK,
    hum::CHECK,
    cut_start::CHECK,
    cut_tail::CHECK,
    no_leading_bar::CHECK,
    unclear_name::CHECK,
    illegal_name::CHECK,
    no_reference::CHECK,
    ambiguous_reference::CHECK,
    stem_count::CHECK,
    missing_group::CHECK,
    mixed_sample_rates::CHECK,
    mixed_bit_depths::CHECK,
    mixed_lengths::CHECK,
    mixed_starts::CHECK,
    normalised::CHECK,
    duplicate_file::CHECK,
    subset_sum::CHECK,
    mix_among_stems::CHECK,
    split_stereo::CHECK,
    inconsistent_names::CHECK,
    sum_clips::CHECK,
    low_end_phase::CHECK,
    mono_loss::CHECK,
    no_tracklist::CHECK,
    tracklist_mismatch::CHECK,
    reference_lossy::CHECK,
    reference_limited::CHECK,
    reference_mismatch::CHECK,
    altered_delivery::CHECK,
];

/// Runs every check and returns the findings with their final severity, in the order of [`sort`].
pub fn run(song: &Song<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for check in CHECKS {
        (check.run)(song, &mut found);
    }
    for finding in &mut found {
        finding.severity = Some(severity(finding, song.profile));
    }
    sort(&mut found, song.profile);
    found
}

/// Sorts by severity, then the set before the files, then the files' order.
pub fn sort(findings: &mut [Finding], profile: &Profile) {
    findings
        .sort_by_key(|finding| (severity(finding, profile), finding.file.map_or(0, |at| at + 1)));
}

/// What a code means, be it a check's or a cause's.
pub fn doc(code: &str) -> Option<&'static Doc> {
    docs().find(|doc| doc.code == code)
}

/// Every document once, checks before causes: a fault that one file shows by itself can also be why
/// the sum does not cancel.
pub fn docs() -> impl Iterator<Item = &'static Doc> {
    let of_check = |code: &str| CHECKS.iter().any(|check| check.doc.code == code);
    let causes = CAUSES.iter().map(|cause| &cause.doc);
    CHECKS.iter().map(|check| &check.doc).chain(causes.filter(move |doc| !of_check(doc.code)))
}

/// Every sentence about causes, and every title, fix and menu, in English: what a language needs its
/// own for, besides the sentences that stand with each check.
pub fn sentences() -> impl Iterator<Item = &'static str> {
    let docs = docs().flat_map(|doc| [doc.title, doc.fix]);
    docs.chain(CAUSES.iter().flat_map(CauseText::sentences)).chain(menus::sentences())
}

/// How much a finding matters: the profile's word if it has one, else the finding's own, else the
/// documented one. What is expected is never more than a warning.
pub fn severity(finding: &Finding, profile: &Profile) -> Severity {
    let usual = || doc(finding.code).map_or(Severity::Warning, |doc| doc.severity);
    let asked = profile.severity.get(finding.code).copied().or(finding.severity);
    let severity = asked.unwrap_or_else(usual);
    if finding.expected { severity.max(Severity::Warning) } else { severity }
}

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
    /// The encoder whose grid is in its samples; `None` too where nobody has looked yet.
    pub origin: Option<&'a Origin>,
}

impl File<'_> {
    /// Its format, if readable.
    pub fn format(&self) -> Option<&Format> {
        self.facts.format.as_ref().ok()
    }
}

/// A file of the delivery that was read: what most checks look at.
#[derive(Debug, Clone, Copy)]
struct Heard<'a> {
    index: usize,
    name: &'a str,
    role: Role,
    format: &'a Format,
    measured: &'a Measurements,
    origin: Option<&'a Origin>,
}

impl Heard<'_> {
    fn is_reference(&self) -> bool {
        self.role == Role::Reference
    }

    /// Where runs of samples lie in time.
    fn places(&self, runs: &[Run]) -> Vec<Place> {
        let seconds = |frame| crate::units::seconds_from_frames(frame, self.format.sample_rate);
        runs.iter()
            .map(|run| Place {
                start_s: seconds(run.start),
                end_s: seconds(run.start.saturating_add(run.frames)),
                channel: Some(run.channel),
            })
            .collect()
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
    /// Files that could be the reference as well as the one that was taken; empty where a person
    /// chose.
    pub rivals: Vec<usize>,
    /// Whether the sum of the stems is the reference, as far as anybody hears: then they are in place,
    /// whatever else suggests that they are not.
    pub nulls: bool,
    /// Stems that are the sum of others, as file indices.
    pub compounds: Vec<Compound>,
    /// The album that it is part of, if it is.
    pub album: Option<&'a Album>,
    /// How it arrived, if it was packed before.
    pub delivery: Option<&'a Delivery>,
}

/// How a packed song differs from what its checksums say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Files that have another checksum.
    pub changed: Vec<usize>,
    /// The same for what is no audio, by name.
    pub changed_texts: Vec<String>,
    /// What has a checksum but is not there, by name.
    pub missing: Vec<String>,
    /// Files that have no checksum.
    pub added: Vec<usize>,
}

/// What a song must know of its album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// How many songs there are.
    pub songs: usize,
    /// Which of them this is, from 0.
    pub number: usize,
    /// What the tracklist says, if there is one.
    pub listing: Option<Listing>,
}

/// What a tracklist says about the songs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whether this song is in it.
    pub listed: bool,
    /// Titles that no song has.
    pub missing: Vec<String>,
}

impl<'a> Song<'a> {
    /// Stems and reference that were read.
    fn heard(&self) -> impl Iterator<Item = Heard<'_>> {
        self.delivered().filter_map(|(index, file)| {
            let (format, measured) = (file.format()?, file.measured?);
            let File { name, role, origin, .. } = *file;
            Some(Heard { index, name, role, format, measured, origin })
        })
    }

    /// Those of them that are not silent: a silent file has one fault, and that is said once.
    fn sounding(&self) -> impl Iterator<Item = Heard<'_>> {
        self.heard().filter(|file| !silent_stem::is_silent(file.measured))
    }

    /// Every file that is to be sent, readable or not.
    fn delivered(&self) -> impl Iterator<Item = (usize, &File<'a>)> {
        self.files.iter().enumerate().filter(|(_, file)| file.role != Role::Other)
    }

    /// Every stem, readable or not.
    fn stems(&self) -> impl Iterator<Item = (usize, &File<'a>)> {
        self.delivered()
            .filter(|(_, file)| file.role == Role::Stem && !unsupported_format::is_companion(file))
    }
}

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
    fn new(code: &'static str, message: &'static str) -> Self {
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
    fn file(self, index: usize) -> Self {
        Self { file: Some(index), ..self }
    }

    /// With what one placeholder stands for.
    fn with(mut self, placeholder: &'static str, value: Value) -> Self {
        self.values.push((placeholder, value));
        self
    }

    /// With the one number that says how much.
    fn amount(self, value: f64, unit: &'static str) -> Self {
        Self { value: crate::units::finite(value), unit, ..self }
    }

    fn places(self, places: Vec<Place>) -> Self {
        Self { places, ..self }
    }

    fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// Suggested, not proven: the message says so too.
    fn likely(self) -> Self {
        Self { confidence: Confidence::Likely, ..self }
    }

    fn advice(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::scene::Scene;
    use super::*;

    #[test]
    fn a_clean_song_has_no_findings() {
        assert_eq!(Scene::clean().run(), []);
    }

    #[test]
    fn every_code_is_documented_once_and_in_full() {
        let docs: Vec<&Doc> = docs().collect();
        for (at, doc) in docs.iter().enumerate() {
            assert!(docs.iter().skip(at + 1).all(|other| other.code != doc.code), "{}", doc.code);
            assert!(!doc.title.is_empty() && !doc.title.ends_with('.'), "{}", doc.code);
            for text in [doc.what, doc.why, doc.fix] {
                assert!(text.ends_with('.') && !text.contains('{'), "{}: {text}", doc.code);
            }
            assert!(!doc.source.is_empty(), "{}", doc.code);
        }
    }

    #[test]
    fn the_profile_has_the_last_word_unless_the_finding_is_expected() {
        let mut profile = Profile::default();
        let mut finding = Finding::new("dual-mono", "");
        assert_eq!(severity(&finding, &profile), Severity::Info);
        finding.severity = Some(Severity::Warning);
        assert_eq!(severity(&finding, &profile), Severity::Warning);
        profile.severity.insert("dual-mono".to_owned(), Severity::Error);
        assert_eq!(severity(&finding, &profile), Severity::Error);
        finding.expected = true;
        assert_eq!(severity(&finding, &profile), Severity::Warning);
    }

    #[test]
    fn errors_come_first_then_the_set_then_the_files_in_their_order() {
        let mut scene = Scene::clean();
        scene.file(0).1.dc[0] = 0.003;
        scene.file(1).1.invalid.count = 1;
        scene.remove_reference();
        let order: Vec<_> = scene.run().iter().map(|found| (found.code, found.file)).collect();
        let expected =
            [("invalid-samples", Some(1)), ("no-reference", None), ("dc-offset", Some(0))];
        assert_eq!(order, expected);
    }
}
