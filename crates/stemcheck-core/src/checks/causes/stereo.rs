//! What is said of causes between left and right.
//!
//! Width of a stem counts up where the stem is the wider, width of the whole where the reference is:
//! as `wrong-gain` and `reference-gain` do. So does pan, and to the right.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const SWAPPED_CHANNELS: CauseText = CauseText {
    doc: Doc {
        code: "swapped-channels",
        severity: Severity::Error,
        title: "Left and right are swapped",
        what: "What is on the left in the reference mix is on the right in the stem, and the other way \
               round.",
        why: "The picture of the song changes: parts that stood apart meet on one side. The engineer \
              cannot know which of the two you mean.",
        fix: "Look for a plug-in that swaps the channels, for swapped cables or outputs, or for a left \
              and a right file that were joined the wrong way round. Put it right and export again.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Any,
            "{file}",
            "has",
            "have",
            "left and right swapped, compared with the reference mix."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "has",
            "have",
            "left and right swapped, compared with the stems."
        ),
    ],
    advice: &[],
};

pub(super) const COLLAPSED_TO_MONO: CauseText = CauseText {
    doc: Doc {
        code: "collapsed-to-mono",
        severity: Severity::Error,
        title: "A stereo part has become mono",
        what: "The stem is the same on both sides, while the reference mix holds the part in stereo.",
        why: "What was wide now stands in the middle, in the way of voice, kick and bass. Nobody can \
              restore the width.",
        fix: "Export this stem again in stereo, after its pan and its stereo effects: without options \
              such as 'mono' or 'convert to mono', and with no mono switch on the track or its group.",
        source: SOURCE,
    },
    lines: &[
        line!(File, Any, "{file}", "is", "be", "mono, while the reference mix holds it in stereo."),
        line!(Any, Any, "The reference mix", "is", "be", "mono, while the stems are in stereo."),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "Export the reference again in stereo. Look for a mono switch on the master bus that stayed \
         on after a test."
    )],
};

pub(super) const CHANGED_WIDTH: CauseText = CauseText {
    doc: Doc {
        code: "changed-width",
        severity: Severity::Warning,
        title: "The stereo width has changed",
        what: "The stem is wider or narrower than in the reference mix: its sides are louder or \
               quieter against its middle.",
        why: "Width is part of your mix. What is too wide loses its body in mono; what is too narrow \
              crowds the middle.",
        fix: "Look for a widener, a mid/side plug-in or a 'width' control that worked in one of the \
              two exports only. Set it as it was for the mix and export this stem again.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Up,
            "{file}",
            "is",
            "be",
            "wider than in the reference mix: its sides are {amount} louder against the middle."
        ),
        line!(
            File,
            Down,
            "{file}",
            "is",
            "be",
            "narrower than in the reference mix: its sides are {amount} quieter against the middle."
        ),
        line!(File, Any, "{file}", "is", "be", "not as wide or narrow as in the reference mix."),
        line!(
            Any,
            Up,
            "The reference mix",
            "is",
            "be",
            "wider than the stems together: its sides are {amount} louder against the middle."
        ),
        line!(
            Any,
            Down,
            "The reference mix",
            "is",
            "be",
            "narrower than the stems together: its sides are {amount} quieter against the middle."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "not as wide or narrow as the stems together."
        ),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "If there is a widener or a mid/side plug-in on the master bus, that is normal: tell the \
         engineer about it. For a reference that matches the stems, export it without."
    )],
};

pub(super) const CHANGED_PAN: CauseText = CauseText {
    doc: Doc {
        code: "changed-pan",
        severity: Severity::Warning,
        title: "A part stands at another place between left and right",
        what: "The stem is panned differently than in the reference mix.",
        why: "Where a part stands is part of your mix, and a part that has moved covers another one.",
        fix: "Export this stem again after its pan control and with its pan automation, in stereo. If \
              the pan was changed after the mixdown, export the reference again instead.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Up,
            "{file}",
            "stands",
            "stand",
            "further to the right than in the reference mix: its balance is off by {amount}."
        ),
        line!(
            File,
            Down,
            "{file}",
            "stands",
            "stand",
            "further to the left than in the reference mix: its balance is off by {amount}."
        ),
        line!(
            File,
            Any,
            "{file}",
            "stands",
            "stand",
            "at another place between left and right than in the reference mix."
        ),
        line!(
            Any,
            Up,
            "The reference mix",
            "leans",
            "lean",
            "to the right, compared with the stems: its balance is off by {amount}."
        ),
        line!(
            Any,
            Down,
            "The reference mix",
            "leans",
            "lean",
            "to the left, compared with the stems: its balance is off by {amount}."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "leans",
            "lean",
            "to one side, compared with the stems."
        ),
    ],
    advice: &[advice!(
        Whole,
        Any,
        "Look for a balance or pan control on the master bus that is off its middle, and export the \
         reference again."
    )],
};
