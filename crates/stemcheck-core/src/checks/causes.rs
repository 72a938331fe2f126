//! What the causes of a failed null mean, and how a cause becomes a finding.
//!
//! Decides texts and severities. Does not decide what caused anything: that is `null::diagnose`.

use super::{Doc, Finding, Place, Value};
use crate::null::{Cause, Confidence};
use crate::profile::Severity;

/// Half a decibel is about the smallest level change that is heard in a mix.
const AUDIBLE_GAIN_DB: f64 = 0.5;

/// A finished mix lies around -20 dBFS RMS; what is louder than this is within 20 dB of it, as loud
/// as a stem of its own, and a mastering engineer would work on another song than the artist's.
const LOUD_RESIDUE_DBFS: f64 = -40.0;

/// More than 50 dB below a finished mix: nobody hears it, so it keeps nobody from sending.
const QUIET_RESIDUE_DBFS: f64 = -75.0;

const SOURCE: &str = "All stems at 0 dB have to sound exactly as the mix: Des Grey, Mastering from \
                      track separates; Master Your Track, How to prepare the stems; MasteringBOX, \
                      Stem mastering guide";

/// Every cause of a failed null that is told.
pub const CAUSES: &[Doc] = &[
    Doc {
        code: "late-stem",
        severity: Severity::Error,
        title: "A stem is shifted in time",
        what: "The stem holds the right audio, but earlier or later than it sounds in the reference \
               mix.",
        why: "Even a few milliseconds smear the attack and thin the low end where the stem meets the \
              others; more is heard as bad timing. Everything that mastering does builds on it.",
        fix: "Export this stem again from the very same start as all others, with the DAW's delay \
              compensation on. Or move it by the amount named here, at sample resolution and with \
              snapping off.",
        source: SOURCE,
    },
    Doc {
        code: "reference-offset",
        severity: Severity::Error,
        title: "The reference mix is shifted in time",
        what: "All stems fit together, but the reference mix as a whole starts earlier or later than \
               they do.",
        why: "The stems cannot be compared with the mix, neither by a program nor by switching \
              between them. Often a limiter on the master bus delays the mixdown.",
        fix: "Export the reference again from the same start as the stems, with nothing on the \
              master bus that adds delay, or trim its start by the amount named here.",
        source: SOURCE,
    },
    Doc {
        code: "wrong-gain",
        severity: Severity::Warning,
        title: "A stem has another level than in the mix",
        what: "The stem is louder or quieter than it is in the reference mix.",
        why: "Your balance is part of the song. The engineer puts all stems at 0 dB and expects to \
              hear your mix.",
        fix: "Export this stem again with its fader and automation as in the mix, and with \
              'normalise' off. Or change its level by the amount named here.",
        source: SOURCE,
    },
    Doc {
        code: "reference-gain",
        severity: Severity::Warning,
        title: "The reference mix has another level than the stems together",
        what: "The balance between the stems is right; only the whole is louder or quieter than the \
               reference mix.",
        why: "Nothing is lost, but whoever compares the two by ear prefers the louder one.",
        fix: "Export the reference with the master fader where it was for the stems, at 0 dB, and \
              with 'normalise' off.",
        source: SOURCE,
    },
    Doc {
        code: "inverted-polarity",
        severity: Severity::Error,
        title: "The polarity is inverted",
        what: "The waveform is upside down against the mix: where the loudspeaker should move \
               forward, it moves back.",
        why: "Alone it sounds the same; together with the other stems it cancels what it should \
              support, the low end first.",
        fix: "Switch the polarity button (often marked Ø) of this track, or of a plug-in on it, and \
              export again.",
        source: SOURCE,
    },
    Doc {
        code: "not-in-reference",
        severity: Severity::Error,
        title: "A stem is not in the mix",
        what: "What this stem holds is not heard in the reference mix.",
        why: "It is a muted track, an old take or a part that came later: the engineer cannot know \
              which of the two is meant.",
        fix: "If the part belongs to the song, export the reference again with it. If not, leave \
              this file out of the delivery.",
        source: SOURCE,
    },
    Doc {
        code: "doubled-part",
        severity: Severity::Error,
        title: "A part is in two stems",
        what: "Two stems hold the same part, which the reference mix has only once.",
        why: "Played together the part is up to 6 dB too loud, and working on one stem leaves the \
              part unchanged in the other.",
        fix: "Keep each part in one stem only: when you export a group, mute what has its own stem, \
              and leave out a group's members if the group itself is delivered.",
        source: SOURCE,
    },
    Doc {
        code: "missing-part",
        severity: Severity::Error,
        title: "A part of the mix is in no stem",
        what: "The reference mix holds something that none of the stems holds.",
        why: "What is not delivered will not be in the master. It is often a forgotten track, or the \
              reverb and delay of a send effect.",
        fix: "Listen to the difference to hear what is missing. Look for tracks that no stem takes \
              in, and export each stem together with its send effects.",
        source: SOURCE,
    },
    Doc {
        code: "rounding",
        severity: Severity::Info,
        title: "Only rounding is left",
        what: "Stems and reference mix differ by no more than the files' last bits: rounding and \
               dither, as every export adds them.",
        why: "It cannot be heard. This is as good as the comparison of these files can be.",
        fix: "Nothing to do.",
        source: "Word length: quantisation noise is LSB\u{b2}/12 for each file",
    },
    Doc {
        code: "unexplained",
        severity: Severity::Warning,
        title: "A difference without a known cause",
        what: "Stems and reference mix still differ after everything that could be explained.",
        why: "Processing on the master bus, effects that sound different at each playback, or \
              another version of a stem leave such differences: some are normal, some are mistakes.",
        fix: "Listen to the difference where it is loudest. If you hear the whole song changed, \
              export the reference without processing on the master bus. If you hear one part, \
              export that stem again from the project as it is now.",
        source: SOURCE,
    },
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
    let doc = CAUSES.iter().find(|doc| doc.code == cause.code);
    let code = doc.map_or("unexplained", |doc| doc.code);
    let value = cause.value.unwrap_or(0.0);
    let unit = match code {
        "late-stem" | "reference-offset" => "samples",
        "wrong-gain" | "reference-gain" | "missing-part" => "dB",
        "rounding" | "unexplained" => "dBFS",
        _ => "",
    };
    let ms = value.abs() * 1000.0 / f64::from(sample_rate.max(1));
    let other = file_of(cause.other).map_or(Value::Text("another stem".to_owned()), Value::Name);
    let severity = match code {
        "wrong-gain" if value.abs() >= AUDIBLE_GAIN_DB => Some(Severity::Error),
        "unexplained" if value > LOUD_RESIDUE_DBFS => Some(Severity::Error),
        "unexplained" if value < QUIET_RESIDUE_DBFS => Some(Severity::Info),
        _ => None,
    };
    Finding {
        // That the whole set is apart from the reference is said of the song, not of one file.
        file: match code {
            "inverted-polarity" if cause.on_reference => reference,
            _ => file_of(cause.stem),
        },
        values: vec![
            ("amount", Value::Number(value.abs(), unit)),
            ("ms", Value::Number(ms, "ms")),
            ("level", Value::Number(value, unit)),
            ("other", other),
        ],
        value: cause.value.filter(|value| value.is_finite()),
        unit,
        places: vec![Place { start_s: cause.start_s, end_s: cause.end_s, channel: None }],
        severity,
        expected: cause.expected,
        confidence: cause.confidence,
        fix: advice(code, value, cause.on_reference),
        ..Finding::new(code, message(code, value, cause))
    }
}

/// What is said of a cause; what is only possible is said as possible.
fn message(code: &str, value: f64, cause: &Cause) -> &'static str {
    let sure = cause.confidence != Confidence::Possible;
    let (certain, possible) = match code {
        "late-stem" if value >= 0.0 => (
            "{file} starts {amount} ({ms}) later than it does in the reference mix.",
            "{file} seems to start {amount} ({ms}) later than it does in the reference mix.",
        ),
        "late-stem" => (
            "{file} starts {amount} ({ms}) earlier than it does in the reference mix.",
            "{file} seems to start {amount} ({ms}) earlier than it does in the reference mix.",
        ),
        "reference-offset" if value >= 0.0 => (
            "The reference mix starts {amount} ({ms}) later than the stems.",
            "The reference mix seems to start {amount} ({ms}) later than the stems.",
        ),
        "reference-offset" => (
            "The reference mix starts {amount} ({ms}) earlier than the stems.",
            "The reference mix seems to start {amount} ({ms}) earlier than the stems.",
        ),
        "wrong-gain" if value >= 0.0 => (
            "{file} is {amount} louder than it is in the reference mix.",
            "{file} seems to be {amount} louder than it is in the reference mix.",
        ),
        "wrong-gain" => (
            "{file} is {amount} quieter than it is in the reference mix.",
            "{file} seems to be {amount} quieter than it is in the reference mix.",
        ),
        "reference-gain" if value >= 0.0 => (
            "The reference mix is {amount} louder than the stems together; their balance is right.",
            "The reference mix seems to be {amount} louder than the stems together.",
        ),
        "reference-gain" => (
            "The reference mix is {amount} quieter than the stems together; their balance is right.",
            "The reference mix seems to be {amount} quieter than the stems together.",
        ),
        "inverted-polarity" => (
            "{file} has its polarity inverted: it cancels what it should add to.",
            "{file} seems to have its polarity inverted: it would cancel what it should add to.",
        ),
        "not-in-reference" => (
            "{file} is not heard in the reference mix.",
            "{file} is perhaps not heard in the reference mix, at least not as it is here.",
        ),
        "doubled-part" => (
            "{file} and {other} hold the same part: together it is too loud.",
            "{file} and {other} seem to hold the same part, which would then be too loud.",
        ),
        "missing-part" => (
            "The reference mix holds a part that is in none of the stems; it lies at {level} \
             relative to the mix.",
            "The reference mix seems to hold a part that is in none of the stems; it lies at \
             {level} relative to the mix.",
        ),
        "rounding" => (
            "Only rounding and dither are left, at {level}: these files cannot match any better.",
            "What is left, at {level}, is probably only rounding and dither.",
        ),
        _ => (
            "A difference of {level} between stems and reference mix has no known cause.",
            "A difference of {level} between stems and reference mix has no known cause.",
        ),
    };
    if sure { certain } else { possible }
}

/// Advice that depends on the direction or the file; `None` where the documented one says it all.
fn advice(code: &str, value: f64, on_reference: bool) -> Option<&'static str> {
    match code {
        "late-stem" if value >= 0.0 => Some(
            "Move this stem earlier by exactly that much (at sample resolution, snapping off) and \
             export it from the common start. Better: export it again together with the others, \
             with delay compensation on.",
        ),
        "late-stem" => Some(
            "Move this stem later by exactly that much (at sample resolution, snapping off) and \
             export it from the common start. Better: export it again together with the others, \
             with delay compensation on.",
        ),
        "wrong-gain" if value >= 0.0 => Some(
            "Turn this stem down by that much, or export it again with its fader and automation as \
             in the mix and with 'normalise' off.",
        ),
        "wrong-gain" => Some(
            "Turn this stem up by that much, or export it again with its fader and automation as \
             in the mix and with 'normalise' off.",
        ),
        "inverted-polarity" if on_reference => Some(
            "Look for a polarity switch (often marked \u{d8}) or a plug-in on the master bus, turn \
             it off and export the reference again.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{fix, say, severity};
    use crate::profile::Profile;

    fn cause(code: &str, value: Option<f64>) -> Cause {
        Cause {
            code: code.to_owned(),
            stem: Some(1),
            on_reference: false,
            other: None,
            value,
            unit: String::new(),
            share: 0.9,
            explains_db: 40.0,
            confidence: Confidence::Certain,
            expected: false,
            start_s: 0.0,
            end_s: 30.0,
        }
    }

    fn told(cause: &Cause) -> (String, Severity) {
        let finding = cause_finding(cause, &[0, 2], Some(1), 48_000);
        let names = ["Drums.wav", "Mix.wav", "Bass.wav"];
        (say(&finding, &names), severity(&finding, &Profile::default()))
    }

    #[test]
    fn a_shift_is_told_in_samples_and_milliseconds_with_its_direction() {
        let (text, severity) = told(&cause("late-stem", Some(512.0)));
        let late = "Bass.wav starts 512 samples (10.7 ms) later than it does in the reference mix.";
        assert_eq!((text.as_str(), severity), (late, Severity::Error));
        let early = cause_finding(&cause("late-stem", Some(-0.5)), &[0, 2], Some(1), 48_000);
        assert!(say(&early, &["", "", "B"]).contains("0.5 samples (0.01 ms) earlier"));
        assert!(fix(&early, None).contains("later"));
        assert_eq!((early.value, early.unit, early.file), (Some(-0.5), "samples", Some(2)));
    }

    #[test]
    fn a_gain_is_an_error_from_half_a_decibel_on() {
        assert_eq!(told(&cause("wrong-gain", Some(-0.5))).1, Severity::Error);
        let (text, severity) = told(&cause("wrong-gain", Some(0.49)));
        assert_eq!(text, "Bass.wav is 0.5 dB louder than it is in the reference mix.");
        assert_eq!(severity, Severity::Warning);
    }

    #[test]
    fn a_loud_residue_is_an_error_and_rounding_is_not() {
        assert_eq!(told(&cause("unexplained", Some(-39.0))).1, Severity::Error);
        assert_eq!(told(&cause("unexplained", Some(-41.0))).1, Severity::Warning);
        assert_eq!(told(&cause("unexplained", Some(-74.0))).1, Severity::Warning);
        assert_eq!(told(&cause("unexplained", Some(-76.0))).1, Severity::Info);
        assert_eq!(told(&cause("rounding", Some(-140.0))).1, Severity::Info);
    }

    #[test]
    fn the_reference_and_the_other_stem_are_named() {
        let inverted = Cause { on_reference: true, stem: None, ..cause("inverted-polarity", None) };
        assert!(told(&inverted).0.starts_with("Mix.wav has its polarity inverted"));
        let doubled = Cause { other: Some(0), ..cause("doubled-part", None) };
        assert!(told(&doubled).0.starts_with("Bass.wav and Drums.wav hold the same part"));
    }

    #[test]
    fn what_is_expected_is_at_most_a_warning_and_what_is_possible_is_said_so() {
        let expected = Cause { expected: true, ..cause("missing-part", Some(-30.0)) };
        assert_eq!(told(&expected).1, Severity::Warning);
        let possible = Cause { confidence: Confidence::Possible, ..cause("late-stem", Some(3.0)) };
        assert!(told(&possible).0.contains("seems to"));
    }

    #[test]
    fn every_cause_makes_a_whole_sentence() {
        for doc in CAUSES {
            for value in [-2.0, 2.0] {
                for confidence in [Confidence::Certain, Confidence::Possible] {
                    let (text, _) = told(&Cause { confidence, ..cause(doc.code, Some(value)) });
                    assert!(text.ends_with('.') && !text.contains('{'), "{text}");
                }
            }
        }
    }
}
