//! What is said of damage that one file has and the other has not: cuts, holes, clicks, clipping.
//!
//! Most of it is also looked for in each file alone; then the check's documentation is this one's.

use super::super::{click, clipping, cut_start, cut_tail, dropout};
use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

/// What is wrong with the reference alone.
const REFERENCE_AGAIN: &str = "The stems are right at this place. Export the reference mix again, and \
                               listen to it there before you send it.";

pub(super) const CUT_TAIL: CauseText = CauseText {
    doc: cut_tail::CHECK.doc,
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "ends",
            "end",
            "{amount} sooner than it does in the reference mix."
        ),
        line!(File, Any, "{file}", "ends", "end", "sooner than it does in the reference mix."),
        line!(Any, Sized, "The reference mix", "ends", "end", "{amount} sooner than the stems."),
        line!(Any, Any, "The reference mix", "ends", "end", "sooner than the stems."),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "Export the reference again, to the end of the last reverb and echo tail, with the same \
         range as the stems."
    )],
};

pub(super) const CUT_START: CauseText = CauseText {
    doc: cut_start::CHECK.doc,
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "lacks",
            "lack",
            "the first {amount} of what the reference mix has of it."
        ),
        line!(File, Any, "{file}", "lacks", "lack", "the start that the reference mix has of it."),
        line!(Any, Sized, "The reference mix", "lacks", "lack", "the first {amount} of the stems."),
        line!(Any, Any, "The reference mix", "lacks", "lack", "the start of the stems."),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "Export the reference again, from the same point as the stems and one bar before the first \
         note."
    )],
};

pub(super) const DROPOUT: CauseText = CauseText {
    doc: dropout::CHECK.doc,
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "drops",
            "drop",
            "out where the reference mix goes on, first at {start} ({amount} in all)."
        ),
        line!(
            File,
            Any,
            "{file}",
            "drops",
            "drop",
            "out at {start}, where the reference mix goes on."
        ),
        line!(
            Any,
            Sized,
            "The reference mix",
            "drops",
            "drop",
            "out where the stems go on, first at {start} ({amount} in all)."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "drops",
            "drop",
            "out at {start}, where the stems go on."
        ),
    ],
    advice: &[
        advice!(
            File,
            Any,
            "Export this stem again, offline (not in real time) or with a larger buffer, and listen \
             to the place: the reference mix shows how it should sound."
        ),
        (Case { who: Who::Whole, way: Way::Any }, REFERENCE_AGAIN),
    ],
};

pub(super) const REPEATED_BLOCK: CauseText = CauseText {
    doc: Doc {
        code: "repeated-block",
        severity: Severity::Error,
        title: "A moment of the sound is repeated",
        what: "A short piece of the file is there twice in a row, in place of what should follow: it \
               sounds like a stutter or a click.",
        why: "A computer that cannot keep up sometimes sends the last buffer once more. What it \
              replaced is lost.",
        fix: "Export the file again, offline (not in real time) or with a larger buffer, and listen to \
              the place.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "repeats",
            "repeat",
            "a moment of its sound at {start} ({amount}), where the reference mix goes on."
        ),
        line!(
            File,
            Any,
            "{file}",
            "repeats",
            "repeat",
            "a moment of its sound at {start}, where the reference mix goes on."
        ),
        line!(
            Any,
            Sized,
            "The reference mix",
            "repeats",
            "repeat",
            "a moment of its sound at {start} ({amount}), where the stems go on."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "repeats",
            "repeat",
            "a moment of its sound at {start}, where the stems go on."
        ),
    ],
    advice: &[(Case { who: Who::Whole, way: Way::Any }, REFERENCE_AGAIN)],
};

pub(super) const CLICK: CauseText = CauseText {
    doc: click::CHECK.doc,
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "clicks",
            "click",
            "where the reference mix does not, first at {start} ({amount} in all)."
        ),
        line!(
            File,
            Any,
            "{file}",
            "clicks",
            "click",
            "at {start}, where the reference mix does not."
        ),
        line!(
            Any,
            Sized,
            "The reference mix",
            "clicks",
            "click",
            "where the stems do not, first at {start} ({amount} in all)."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "clicks",
            "click",
            "at {start}, where the stems do not."
        ),
    ],
    advice: &[
        advice!(
            File,
            Any,
            "The reference mix has no click there, so it came with the export: export this stem \
             again, offline (not in real time) or with a larger buffer."
        ),
        (Case { who: Who::Whole, way: Way::Any }, REFERENCE_AGAIN),
    ],
};

pub(super) const CLIPPING: CauseText = CauseText {
    doc: clipping::CHECK.doc,
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "is",
            "be",
            "clipped where the reference mix is not, first at {start} ({amount} in all)."
        ),
        line!(
            File,
            Any,
            "{file}",
            "is",
            "be",
            "clipped at {start}, where the reference mix is not."
        ),
        line!(
            Any,
            Sized,
            "The reference mix",
            "is",
            "be",
            "clipped where the stems are not, first at {start} ({amount} in all)."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "clipped at {start}, where the stems are not."
        ),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "The stems are right. Pull the master fader down until its meter stays below 0 dB and export \
         the reference again."
    )],
};
