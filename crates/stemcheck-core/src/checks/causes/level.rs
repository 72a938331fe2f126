//! What is said of causes in level: gains, automation, polarity.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const WRONG_GAIN: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(Any, Up, "{file}", "is", "be", "{amount} louder than it is in the reference mix."),
        line!(Any, Down, "{file}", "is", "be", "{amount} quieter than it is in the reference mix."),
        line!(Any, Any, "{file}", "is", "be", "at another level than it is in the reference mix."),
    ],
    advice: &[
        advice!(
            Any,
            Up,
            "Turn this stem down by that much, or export it again with its fader and automation as \
             in the mix and with 'normalise' off."
        ),
        advice!(
            Any,
            Down,
            "Turn this stem up by that much, or export it again with its fader and automation as \
             in the mix and with 'normalise' off."
        ),
    ],
};

pub(super) const MISSING_AUTOMATION: CauseText = CauseText {
    doc: Doc {
        code: "missing-automation",
        severity: Severity::Error,
        title: "A change of level is missing from a stem",
        what: "In one part of the song the stem is louder or quieter than in the reference mix; \
               elsewhere its level is right.",
        why: "Fader moves are part of your mix. Without them a phrase is buried or sticks out, and \
              the engineer cannot know how you had it.",
        fix: "Export this stem again with its volume automation switched on (not bypassed, and \
              exported after the fader: 'post-fader'), and with that of the group it runs through. If \
              you changed the automation after the mixdown, export the reference again instead.",
        source: SOURCE,
    },
    lines: &[
        line!(
            Any,
            Up,
            "{file}",
            "is",
            "be",
            "{amount} louder than in the reference mix from {start} to {end}, and right elsewhere: \
             automation of its level is missing."
        ),
        line!(
            Any,
            Down,
            "{file}",
            "is",
            "be",
            "{amount} quieter than in the reference mix from {start} to {end}, and right elsewhere: \
             automation of its level is missing."
        ),
        line!(
            Any,
            Any,
            "{file}",
            "has",
            "have",
            "another level than in the reference mix from {start} to {end}, and only there."
        ),
    ],
    advice: &[],
};

pub(super) const REFERENCE_GAIN: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(
            Any,
            Up,
            "The reference mix",
            "is",
            "be",
            "{amount} louder than the stems together; their balance is right."
        ),
        line!(
            Any,
            Down,
            "The reference mix",
            "is",
            "be",
            "{amount} quieter than the stems together; their balance is right."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "at another level than the stems together; their balance is right."
        ),
    ],
    advice: &[],
};

pub(super) const INVERTED_POLARITY: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(
            Reference,
            Any,
            "The reference mix",
            "is",
            "be",
            "upside down against the stems: its polarity is inverted."
        ),
        line!(
            Any,
            Any,
            "{file}",
            "has",
            "have",
            "its polarity inverted: it cancels what it should add to."
        ),
    ],
    advice: &[advice!(
        Reference,
        Any,
        "Look for a polarity switch (often marked \u{d8}) or a plug-in on the master bus, turn it \
         off and export the reference again."
    )],
};
