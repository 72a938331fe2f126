use super::*;
use crate::checks::{doc, docs, fix, say, severity};
use crate::language::Language;
use crate::profile::Profile;
use crate::song::Daw;

fn cause(code: &str, value: Option<f64>, unit: &str) -> Cause {
    Cause {
        code: code.to_owned(),
        stem: Some(1),
        on_reference: false,
        other: None,
        value,
        unit: unit.to_owned(),
        share: 0.9,
        explains_db: 40.0,
        confidence: Confidence::Certain,
        expected: false,
        start_s: 62.0,
        end_s: 90.0,
    }
}

/// A cause on no stem.
fn whole(cause: Cause) -> Cause {
    Cause { stem: None, ..cause }
}

fn told(cause: &Cause) -> (String, Severity) {
    let finding = cause_finding(cause, &[0, 2], Some(1), 48_000);
    let names = ["Drums.wav", "Mix.wav", "Bass.wav"];
    (say(&finding, &names, &Language::default()), severity(&finding, &Profile::default()))
}

/// The causes of the contract, in its order, with a value and the unit that it gives them.
const CONTRACT: [(&str, f64, &str); 46] = [
    ("late-stem", 512.0, "samples"),
    ("moved-edit", 2400.0, "samples"),
    ("channel-delay", 12.5, "samples"),
    ("wrong-rate-header", 44_100.0, "Hz"),
    ("reference-offset", 240.0, "samples"),
    ("wrong-gain", 1.5, "dB"),
    ("missing-automation", 3.0, "dB"),
    ("reference-gain", 1.0, "dB"),
    ("inverted-polarity", 0.0, ""),
    ("not-in-reference", 0.0, ""),
    ("doubled-part", 0.0, ""),
    ("missing-part", -12.0, "dB"),
    ("missing-effect-return", -12.0, "dB"),
    ("doubled-effect-return", -12.0, "dB"),
    ("swapped-channels", 0.0, ""),
    ("collapsed-to-mono", 0.0, ""),
    ("changed-width", 3.0, "dB"),
    ("changed-pan", 3.0, "dB"),
    ("stem-eq", 4.0, "dB"),
    ("stem-dynamics", 2.0, "dB"),
    ("clock-drift", 20.0, "ppm"),
    ("bus-compressor", 2.0, "dB"),
    ("bus-limiter", 2.0, "dB"),
    ("bus-saturation", 2.0, "dB"),
    ("bus-eq", 2.0, "dB"),
    ("bus-printed-per-stem", 2.0, "dB"),
    ("lost-sidechain", 4.0, "dB"),
    ("fade-on-reference", 8.0, "s"),
    ("cut-tail", 1.5, "s"),
    ("cut-start", 0.25, "s"),
    ("dropout", 0.02, "s"),
    ("repeated-block", 0.01, "s"),
    ("click", 3.0, "clicks"),
    ("clipping", 14.0, "runs"),
    ("lossy-reference", 0.0, ""),
    ("lossy-stem", 0.0, ""),
    ("resampled-reference", 0.0, ""),
    ("resampled-stem", 0.0, ""),
    ("modulated-effect", 0.0, ""),
    ("unrepeatable-mix", -30.0, "dB"),
    ("different-version", 0.0, ""),
    ("different-song", 0.0, ""),
    ("mastered-reference", 0.0, ""),
    ("added-noise", -50.0, "dBFS"),
    ("rounding", -120.0, "dBFS"),
    ("unexplained", -50.0, "dBFS"),
];

#[test]
fn every_cause_of_the_contract_is_told_in_its_order() {
    let told: Vec<&str> = CAUSES.iter().map(|text| text.doc.code).collect();
    let agreed: Vec<&str> = CONTRACT.iter().map(|(code, _, _)| *code).collect();
    assert_eq!(told, agreed);
    for (code, value, unit) in CONTRACT.iter().filter(|(_, _, unit)| !unit.is_empty()) {
        assert_eq!(cause_finding(&cause(code, Some(*value), unit), &[0], None, 1).unit, *unit);
    }
}

#[test]
fn a_check_and_a_cause_of_one_code_have_one_document() {
    for code in ["cut-tail", "cut-start", "dropout", "click", "clipping"] {
        let text = CAUSES.iter().find(|text| text.doc.code == code).unwrap();
        assert_eq!(doc(code).unwrap().title, text.doc.title);
        assert_eq!(docs().filter(|doc| doc.code == code).count(), 1, "{code}");
    }
}

#[test]
fn every_cause_makes_a_whole_sentence_whatever_it_is_on() {
    for (code, value, unit) in CONTRACT {
        let values = [Some(value), Some(-value), Some(0.0), None, Some(f64::NAN)];
        for value in values {
            let on_stem = cause(code, value, unit);
            let on_mix = whole(on_stem.clone());
            let on_reference = Cause { on_reference: true, ..on_mix.clone() };
            for cause in [on_stem, on_mix, on_reference] {
                let mut said = Vec::new();
                for confidence in [Confidence::Certain, Confidence::Likely, Confidence::Possible] {
                    let (text, _) = told(&Cause { confidence, ..cause.clone() });
                    assert!(text.ends_with('.') && !text.contains('{'), "{code}: {text}");
                    assert!(!text.contains("NaN") && !text.contains("  "), "{code}: {text}");
                    assert!(text.starts_with(char::is_uppercase), "{code}: {text}");
                    said.push(text);
                }
                let possible = said[2].contains(" seem to ") || said[2].contains(" seems to ");
                assert!(possible || code == "unexplained", "{}", said[2]);
                assert_eq!(said[0], said[1]);
                let finding = cause_finding(&cause, &[0, 2], Some(1), 48_000);
                assert!(fix(&finding, None, &Language::default()).ends_with('.'));
            }
        }
    }
}

/// A sentence on the whole does not blame a file, nor one on a file the whole.
#[test]
fn what_is_of_both_names_the_right_one() {
    for code in [
        "clock-drift",
        "swapped-channels",
        "collapsed-to-mono",
        "changed-width",
        "changed-pan",
        "cut-tail",
        "cut-start",
        "dropout",
        "repeated-block",
        "click",
        "clipping",
        "different-version",
        "different-song",
    ] {
        for value in [Some(2.0), Some(-2.0), None] {
            let on_stem = cause(code, value, "");
            assert!(told(&on_stem).0.contains("Bass.wav"), "{code}");
            let on_mix = told(&whole(on_stem)).0;
            assert!(on_mix.starts_with("The reference mix "), "{on_mix}");
        }
    }
}

#[test]
fn amounts_have_their_units_and_directions() {
    let cases = [
        (
            cause("moved-edit", Some(-2400.0), "samples"),
            "Bass.wav comes 2,400 samples (50.0 ms) too early from 1:02.0 on, as if an edit had \
             slipped; elsewhere it is in time.",
        ),
        (
            cause("channel-delay", Some(-12.5), "samples"),
            "The left side of Bass.wav comes 12.5 samples (0.3 ms) later than the right, which it \
             does not in the reference mix.",
        ),
        (
            cause("wrong-rate-header", Some(44_099.6), "Hz"),
            "Bass.wav holds audio of 44.1 kHz, although the file says otherwise: it plays at the \
             wrong speed and pitch.",
        ),
        (
            Cause { on_reference: true, ..whole(cause("wrong-rate-header", Some(48e3), "Hz")) },
            "Mix.wav holds audio of 48 kHz, although the file says otherwise: it plays at the wrong \
             speed and pitch.",
        ),
        (
            cause("clock-drift", Some(50.0), "ppm"),
            "Bass.wav runs 50.0 ppm slower than in the reference mix: every minute it falls behind \
             by 3.0 ms.",
        ),
        (
            whole(cause("clock-drift", Some(-50.0), "ppm")),
            "The reference mix runs 50.0 ppm faster than the stems: every minute it gets ahead by \
             3.0 ms.",
        ),
        (
            cause("missing-automation", Some(3.0), "dB"),
            "Bass.wav is 3.0 dB louder than in the reference mix from 1:02.0 to 1:30.0, and right \
             elsewhere: automation of its level is missing.",
        ),
        (
            cause("missing-effect-return", Some(-12.0), "dB"),
            "The reverb or delay of Bass.wav is missing from the stems: in the reference mix it is \
             there, at \u{2212}12.0 dB relative to the stem.",
        ),
        (
            cause("changed-pan", Some(-3.0), "dB"),
            "Bass.wav stands further to the left than in the reference mix: its balance is off by \
             3.0 dB.",
        ),
        (
            whole(cause("changed-width", Some(3.0), "dB")),
            "The reference mix is wider than the stems together: its sides are 3.0 dB louder against \
             the middle.",
        ),
        (
            Cause { other: Some(0), ..cause("lost-sidechain", Some(4.0), "dB") },
            "Bass.wav lacks the ducking (sidechain) that it has in the reference mix when Drums.wav \
             plays: 4.0 dB of it on average.",
        ),
        (
            cause("cut-tail", Some(1.5), "s"),
            "Bass.wav ends 1.5 s sooner than it does in the reference mix.",
        ),
        (
            cause("click", Some(3.0), "clicks"),
            "Bass.wav clicks where the reference mix does not, first at 1:02.0 (3 in all).",
        ),
        (
            whole(cause("dropout", Some(0.25), "s")),
            "The reference mix drops out where the stems go on, first at 1:02.0 (250.0 ms in all).",
        ),
    ];
    for (cause, said) in cases {
        assert_eq!(told(&cause).0, said);
    }
}

#[test]
fn a_shift_is_told_in_samples_and_milliseconds_with_its_direction() {
    let (text, severity) = told(&cause("late-stem", Some(512.0), "samples"));
    let late = "Bass.wav starts 512 samples (10.7 ms) later than it does in the reference mix.";
    assert_eq!((text.as_str(), severity), (late, Severity::Error));
    let early = cause_finding(&cause("late-stem", Some(-0.5), "samples"), &[0, 2], Some(1), 48_000);
    assert!(
        say(&early, &["", "", "B"], &Language::default()).contains("0.5 samples (0.01 ms) earlier")
    );
    assert!(fix(&early, None, &Language::default()).contains("later"));
    assert_eq!((early.value, early.unit, early.file), (Some(-0.5), "samples", Some(2)));
}

#[test]
fn a_gain_is_an_error_from_half_a_decibel_on() {
    assert_eq!(told(&cause("wrong-gain", Some(-0.5), "dB")).1, Severity::Error);
    let (text, severity) = told(&cause("wrong-gain", Some(0.49), "dB"));
    assert_eq!(text, "Bass.wav is 0.5 dB louder than it is in the reference mix.");
    assert_eq!(severity, Severity::Warning);
}

#[test]
fn what_hardly_matters_is_told_as_less() {
    let of = |code, value| told(&cause(code, Some(value), "dB")).1;
    assert_eq!([of("stem-eq", 0.5), of("stem-eq", 0.4)], [Severity::Error, Severity::Warning]);
    let echo = [of("missing-effect-return", -30.0), of("missing-effect-return", -31.0)];
    assert_eq!(echo, [Severity::Error, Severity::Warning]);
    let glue = [of("bus-compressor", 0.5), of("bus-compressor", 0.4)];
    assert_eq!(glue, [Severity::Warning, Severity::Info]);
    let pan = [of("changed-pan", -1.0), of("changed-pan", 0.9)];
    assert_eq!(pan, [Severity::Error, Severity::Warning]);
}

#[test]
fn damage_of_the_reference_alone_is_no_error() {
    for code in ["cut-tail", "cut-start", "dropout", "click", "clipping", "repeated-block"] {
        let on_stem = cause(code, Some(1.0), "s");
        let on_reference = Cause { on_reference: true, ..whole(on_stem.clone()) };
        let severities = [told(&on_stem).1, told(&on_reference).1];
        assert_eq!(severities, [Severity::Error, Severity::Warning], "{code}");
    }
}

#[test]
fn a_loud_residue_is_an_error_and_rounding_is_not() {
    let of = |code, value| told(&whole(cause(code, Some(value), "dBFS"))).1;
    for code in ["unexplained", "added-noise"] {
        assert_eq!(of(code, -39.0), Severity::Error);
        assert_eq!(of(code, -41.0), Severity::Warning);
        assert_eq!(of(code, -74.0), Severity::Warning);
        assert_eq!(of(code, -76.0), Severity::Info);
    }
    assert_eq!(of("rounding", -140.0), Severity::Info);
}

#[test]
fn the_reference_and_the_other_stem_are_named() {
    let inverted = cause("inverted-polarity", None, "");
    assert!(told(&inverted).0.starts_with("Bass.wav has its polarity inverted"));
    let inverted = Cause { on_reference: true, ..whole(inverted) };
    assert_eq!(cause_finding(&inverted, &[0, 2], Some(1), 48_000).file, Some(1));
    assert!(told(&inverted).0.starts_with("The reference mix is upside down"));
    let doubled = Cause { other: Some(0), ..cause("doubled-part", None, "") };
    assert!(told(&doubled).0.starts_with("Bass.wav and Drums.wav hold the same part"));
}

#[test]
fn what_is_expected_is_at_most_a_warning_and_what_is_possible_is_said_so() {
    for (code, value, unit) in CONTRACT {
        let expected = Cause { expected: true, ..cause(code, Some(value), unit) };
        assert!(told(&expected).1 >= Severity::Warning, "{code}");
    }
}

#[test]
fn a_code_from_a_later_version_is_an_unexplained_difference() {
    let text = told(&cause("bent-time", Some(-20.0), "dBFS")).0;
    assert!(text.contains("no known cause"), "{text}");
}

#[test]
fn the_fix_says_where_the_setting_is_after_what_to_do() {
    let late = cause_finding(&cause("late-stem", Some(3.0), "samples"), &[0, 2], None, 48_000);
    let said = fix(&late, Some(Daw::AbletonLive), &Language::default());
    assert!(said.starts_with("Move this stem earlier") && said.contains("In Ableton Live"));
}
