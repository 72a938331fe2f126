//! What the causes of a failed null mean, and how a cause becomes a finding.
//!
//! Decides texts and severities; the texts stand together by what the causes touch (time, level,
//! parts, ...), each cause with its own. Does not decide what caused anything: that is
//! `null::diagnose`.

use super::{Doc, Finding, Place, Value};
use crate::null::{Cause, Confidence};
use crate::profile::Severity;

#[macro_use]
mod line;

mod bus;
mod damage;
mod format;
mod level;
mod parts;
mod processing;
mod rest;
mod stereo;
#[cfg(test)]
mod tests;
mod time;

use line::{Case, Line};

/// Half a decibel is about the smallest level change that is heard in a mix.
const AUDIBLE_GAIN_DB: f64 = 0.5;

/// The smallest difference between the ears that moves a sound (J. Blauert, Spatial Hearing, 2.2).
const AUDIBLE_BALANCE_DB: f64 = 1.0;

/// A reverb or echo this far below its source is missed by nobody, even in a sparse song.
const FAINT_EFFECT_DB: f64 = -30.0;

/// A finished mix lies around -20 dBFS RMS; what is louder than this is within 20 dB of it, as loud
/// as a stem of its own, and a mastering engineer would work on another song than the artist's.
const LOUD_RESIDUE_DBFS: f64 = -40.0;

/// More than 50 dB below a finished mix: nobody hears it, so it keeps nobody from sending.
const QUIET_RESIDUE_DBFS: f64 = -75.0;

const SOURCE: &str = "All stems at 0 dB have to sound exactly as the mix: Des Grey, Mastering from \
                      track separates; Master Your Track, How to prepare the stems; MasteringBOX, \
                      Stem mastering guide";

/// What is said of one cause.
#[derive(Debug, Clone, Copy)]
pub struct CauseText {
    /// Its code and documentation; that of the check where a check has the same code.
    pub doc: Doc,
    /// Its sentences: the first that fits is said.
    lines: &'static [Line],
    /// Advice other than the documented one: the first that fits.
    advice: &'static [(Case, &'static str)],
}

impl CauseText {
    /// Whatever is said of it, besides its documentation.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.lines.iter().flat_map(|line| [line.certain, line.possible]);
        lines.chain(self.advice.iter().map(|(_, advice)| *advice))
    }
}

/// Every cause of a failed null that is told, in the order of the contract.
pub const CAUSES: &[CauseText] = &[
    time::LATE_STEM,
    time::MOVED_EDIT,
    time::CHANNEL_DELAY,
    time::WRONG_RATE_HEADER,
    time::REFERENCE_OFFSET,
    level::WRONG_GAIN,
    level::MISSING_AUTOMATION,
    level::REFERENCE_GAIN,
    level::INVERTED_POLARITY,
    parts::NOT_IN_REFERENCE,
    parts::DOUBLED_PART,
    parts::MISSING_PART,
    parts::MISSING_EFFECT_RETURN,
    parts::DOUBLED_EFFECT_RETURN,
    stereo::SWAPPED_CHANNELS,
    stereo::COLLAPSED_TO_MONO,
    stereo::CHANGED_WIDTH,
    stereo::CHANGED_PAN,
    processing::STEM_EQ,
    processing::STEM_DYNAMICS,
    time::CLOCK_DRIFT,
    bus::BUS_COMPRESSOR,
    bus::BUS_LIMITER,
    bus::BUS_SATURATION,
    bus::BUS_EQ,
    bus::BUS_PRINTED_PER_STEM,
    processing::LOST_SIDECHAIN,
    bus::FADE_ON_REFERENCE,
    damage::CUT_TAIL,
    damage::CUT_START,
    damage::DROPOUT,
    damage::REPEATED_BLOCK,
    damage::CLICK,
    damage::CLIPPING,
    format::LOSSY_REFERENCE,
    format::LOSSY_STEM,
    format::RESAMPLED_REFERENCE,
    format::RESAMPLED_STEM,
    rest::MODULATED_EFFECT,
    rest::UNREPEATABLE_MIX,
    parts::DIFFERENT_VERSION,
    parts::DIFFERENT_SONG,
    bus::MASTERED_REFERENCE,
    rest::ADDED_NOISE,
    rest::ROUNDING,
    rest::UNEXPLAINED,
];

/// A cause as a finding. `stems` are the file indices of the summed stems and `reference` that of the
/// reference; `sample_rate` in Hz turns samples into milliseconds.
pub fn cause_finding(
    cause: &Cause,
    stems: &[usize],
    reference: Option<usize>,
    sample_rate: u32,
) -> Finding {
    let file_of = |stem: Option<usize>| stem.and_then(|stem| stems.get(stem)).copied();
    // A code that this version does not know is a difference all the same.
    let text = CAUSES.iter().find(|text| text.doc.code == cause.code).unwrap_or(&rest::UNEXPLAINED);
    let code = text.doc.code;
    let file = match code {
        "inverted-polarity" | "wrong-rate-header" if cause.on_reference => reference,
        // That the whole set is apart from the reference is said of the song, not of one file.
        _ => file_of(cause.stem),
    };
    let value = cause.value.filter(|value| value.is_finite());
    let unit = value.map_or("", |_| known_unit(&cause.unit));
    let fits = |case: &Case| case.fits(file.is_some(), cause.on_reference, value);
    let line = text.lines.iter().find(|line| fits(&line.case));
    let message = line.map_or("", |line| match cause.confidence {
        Confidence::Possible => line.possible,
        Confidence::Certain | Confidence::Likely => line.certain,
    });
    let amount = value.unwrap_or(0.0);
    let mut values = vec![
        ("amount", quantity(amount.abs(), unit)),
        ("level", quantity(amount, unit)),
        ("ms", Value::Number(amount.abs() * 1000.0 / f64::from(sample_rate.max(1)), "ms")),
        ("drift", Value::Number(amount.abs() * MS_A_MINUTE, "ms")),
        ("start", Value::Time(cause.start_s)),
        ("end", Value::Time(cause.end_s)),
        ("other", file_of(cause.other).map_or(Value::Text("another stem".to_owned()), Value::Name)),
    ];
    if file.is_none() {
        // For causes that are of one stem by nature, should it not be known which.
        values.push(("file", Value::Text("One of the stems".to_owned())));
    }
    Finding {
        file,
        values,
        value,
        unit,
        places: vec![Place { start_s: cause.start_s, end_s: cause.end_s, channel: None }],
        severity: severity(code, value, file.is_some() && !cause.on_reference),
        expected: cause.expected,
        confidence: cause.confidence,
        fix: text.advice.iter().find(|(case, _)| fits(case)).map(|(_, advice)| *advice),
        ..Finding::new(code, message)
    }
}

/// By how much 1 ppm falls behind, in milliseconds a minute.
const MS_A_MINUTE: f64 = 0.06;

/// A severity other than the documented one, because of how much it is or whose it is: what is
/// wrong with the reference alone loses nothing of what is mastered.
fn severity(code: &str, value: Option<f64>, on_stem: bool) -> Option<Severity> {
    let size = value.map_or(f64::INFINITY, f64::abs);
    let level = value.unwrap_or(f64::NAN);
    match code {
        "wrong-gain" if size >= AUDIBLE_GAIN_DB => Some(Severity::Error),
        "missing-automation"
        | "lost-sidechain"
        | "stem-eq"
        | "stem-dynamics"
        | "bus-printed-per-stem"
            if size < AUDIBLE_GAIN_DB =>
        {
            Some(Severity::Warning)
        }
        "bus-compressor" | "bus-limiter" | "bus-saturation" | "bus-eq"
            if size < AUDIBLE_GAIN_DB =>
        {
            Some(Severity::Info)
        }
        "changed-width" | "changed-pan" if on_stem && size >= AUDIBLE_BALANCE_DB => {
            Some(Severity::Error)
        }
        "missing-effect-return" | "doubled-effect-return" if level < FAINT_EFFECT_DB => {
            Some(Severity::Warning)
        }
        "cut-start" | "dropout" | "click" | "clipping" | "repeated-block" | "different-version"
            if on_stem =>
        {
            Some(Severity::Error)
        }
        "cut-tail" | "cut-start" | "dropout" | "click" | "clipping" | "repeated-block"
        | "collapsed-to-mono" | "changed-width" | "changed-pan"
            if !on_stem =>
        {
            Some(Severity::Warning)
        }
        "unexplained" | "added-noise" if level > LOUD_RESIDUE_DBFS => Some(Severity::Error),
        "unexplained" | "added-noise" if level < QUIET_RESIDUE_DBFS => Some(Severity::Info),
        _ => None,
    }
}

/// The contract's name of a unit; empty for a bare number.
fn known_unit(unit: &str) -> &'static str {
    const UNITS: [&str; 9] =
        ["samples", "dB", "dBFS", "Hz", "ppm", "s", "runs", "clicks", "places"];
    UNITS.iter().find(|known| **known == unit).copied().unwrap_or("")
}

/// An amount as it stands in a sentence; what is counted has a bare number, since the sentence says
/// of what.
fn quantity(value: f64, unit: &'static str) -> Value {
    match unit {
        "" | "runs" | "clicks" | "places" => Value::Count(value.abs().round() as u64),
        "Hz" => Value::Number(value.round(), unit),
        "s" if value.abs() < 1.0 => Value::Number(value * 1000.0, "ms"),
        _ => Value::Number(value, unit),
    }
}
