//! What is said of causes in time: shifts, drift, sample rates.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const LATE_STEM: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(
            Any,
            Up,
            "{file}",
            "starts",
            "start",
            "{amount} ({ms}) later than it does in the reference mix."
        ),
        line!(
            Any,
            Down,
            "{file}",
            "starts",
            "start",
            "{amount} ({ms}) earlier than it does in the reference mix."
        ),
        line!(
            Any,
            Any,
            "{file}",
            "is",
            "be",
            "at another place in time than it is in the reference mix."
        ),
    ],
    advice: &[
        advice!(
            Any,
            Up,
            "Move this stem earlier by exactly that much (at sample resolution, snapping off) and \
             export it from the common start. Better: export it again together with the others, \
             with delay compensation on."
        ),
        advice!(
            Any,
            Down,
            "Move this stem later by exactly that much (at sample resolution, snapping off) and \
             export it from the common start. Better: export it again together with the others, \
             with delay compensation on."
        ),
    ],
};

pub(super) const MOVED_EDIT: CauseText = CauseText {
    doc: Doc {
        code: "moved-edit",
        severity: Severity::Error,
        title: "An edit inside the song has slipped",
        what: "From one place in the song on, the stem is earlier or later than it sounds in the \
               reference mix; elsewhere it is right.",
        why: "The part is out of time from there on. Whoever listens only to the beginning does not \
              notice, and nobody can know whether it is meant.",
        fix: "Look at the place named here in the project: a clip was moved, a piece was cut out or \
              pasted in, or a tempo change pushed what follows. Put it back by the amount named \
              here, with snapping off, and export this stem again. If the new place is the right \
              one, export the reference again instead.",
        source: SOURCE,
    },
    lines: &[
        line!(
            Any,
            Up,
            "{file}",
            "comes",
            "come",
            "{amount} ({ms}) too late from {start} on, as if an edit had slipped; elsewhere it is \
             in time."
        ),
        line!(
            Any,
            Down,
            "{file}",
            "comes",
            "come",
            "{amount} ({ms}) too early from {start} on, as if an edit had slipped; elsewhere it is \
             in time."
        ),
        line!(Any, Any, "{file}", "has", "have", "an edit that slipped at {start}."),
    ],
    advice: &[],
};

pub(super) const CHANNEL_DELAY: CauseText = CauseText {
    doc: Doc {
        code: "channel-delay",
        severity: Severity::Error,
        title: "Left and right are shifted against each other",
        what: "One side of the stem comes later than the other, which it does not in the reference \
               mix.",
        why: "The sound leans to the side that comes first, and in mono the two sides cancel parts of \
              each other: voices and cymbals turn hollow.",
        fix: "Look on this track for a plug-in that delays one side (a widener, a 'Haas' effect, a \
              tool that aligns microphones), and set it as it was for the mix. If the file was \
              joined from a left and a right one, join them again from the same start. Then export \
              it again.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Up,
            "The right side of {file}",
            "comes",
            "come",
            "{amount} ({ms}) later than the left, which it does not in the reference mix."
        ),
        line!(
            File,
            Down,
            "The left side of {file}",
            "comes",
            "come",
            "{amount} ({ms}) later than the right, which it does not in the reference mix."
        ),
        line!(
            Any,
            Sized,
            "The time between left and right",
            "differs",
            "differ",
            "by {amount} ({ms}) between the stems and the reference mix."
        ),
        line!(
            Any,
            Any,
            "The time between left and right",
            "differs",
            "differ",
            "between the stems and the reference mix."
        ),
    ],
    advice: &[],
};

pub(super) const WRONG_RATE_HEADER: CauseText = CauseText {
    doc: Doc {
        code: "wrong-rate-header",
        severity: Severity::Error,
        title: "A file plays at the wrong speed",
        what: "The audio was made at one sample rate, and the file says that it has another: every \
               program plays it too fast and too high, or too slow and too low.",
        why: "It fits none of the other files: it is out of tune and leaves the song within a second.",
        fix: "Export this file again from the project, at the project's sample rate. If it already \
              plays wrong there, import the original recording again and let the DAW convert its \
              sample rate.",
        source: SOURCE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "{file}",
            "holds",
            "hold",
            "audio of {amount}, although the file says otherwise: it plays at the wrong speed and \
             pitch."
        ),
        line!(Any, Any, "{file}", "plays", "play", "at the wrong speed and pitch."),
    ],
    advice: &[],
};

pub(super) const REFERENCE_OFFSET: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(
            Any,
            Up,
            "The reference mix",
            "starts",
            "start",
            "{amount} ({ms}) later than the stems."
        ),
        line!(
            Any,
            Down,
            "The reference mix",
            "starts",
            "start",
            "{amount} ({ms}) earlier than the stems."
        ),
        line!(Any, Any, "The reference mix", "starts", "start", "at another time than the stems."),
    ],
    advice: &[advice!(
        Any,
        Down,
        "Export the reference again from the same start as the stems. Or put silence of exactly \
         that length before it."
    )],
};

pub(super) const CLOCK_DRIFT: CauseText = CauseText {
    doc: Doc {
        code: "clock-drift",
        severity: Severity::Error,
        title: "A file runs at a slightly different speed",
        what: "The file slowly drifts away from the others: what begins in time ends too early or \
               too late.",
        why: "This happens when audio is recorded through another device (a tape machine, a second \
              computer, an interface with a clock of its own) or is stretched. Towards the end it is \
              out of time, and on the way there it blurs the sound where it meets the others.",
        fix: "Export the file again from the project itself, not by recording its playback, and see \
              that nothing is stretched or warped to follow the tempo. If it has to be recorded, let \
              both devices run from one clock.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Up,
            "{file}",
            "runs",
            "run",
            "{amount} slower than in the reference mix: every minute it falls behind by {drift}."
        ),
        line!(
            File,
            Down,
            "{file}",
            "runs",
            "run",
            "{amount} faster than in the reference mix: every minute it gets ahead by {drift}."
        ),
        line!(
            Whole,
            Up,
            "The reference mix",
            "runs",
            "run",
            "{amount} slower than the stems: every minute it falls behind by {drift}."
        ),
        line!(
            Whole,
            Down,
            "The reference mix",
            "runs",
            "run",
            "{amount} faster than the stems: every minute it gets ahead by {drift}."
        ),
        line!(File, Any, "{file}", "drifts", "drift", "away from the reference mix in time."),
        line!(Any, Any, "The reference mix", "drifts", "drift", "away from the stems in time."),
    ],
    advice: &[],
};
