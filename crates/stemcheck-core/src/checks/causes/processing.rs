//! What is said of processing on single stems.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const STEM_EQ: CauseText = CauseText {
    doc: Doc {
        code: "stem-eq",
        severity: Severity::Error,
        title: "A stem has another tone than in the mix",
        what: "Some frequencies of the stem are louder or quieter than in the reference mix, as an \
               equaliser or a filter makes them.",
        why: "The tone that you chose is not the one that you send. An equaliser of a group or of the \
              master bus that was left out is the usual reason.",
        fix: "Export this stem again with all its plug-ins on, and through the group that it runs \
              through in the mix. If you changed the equaliser after the mixdown, export the \
              reference again instead.",
        source: SOURCE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "{file}",
            "has",
            "have",
            "another tone than in the reference mix, by up to {amount} at some frequencies."
        ),
        line!(Any, Any, "{file}", "has", "have", "another tone than in the reference mix."),
    ],
    advice: &[],
};

pub(super) const STEM_DYNAMICS: CauseText = CauseText {
    doc: Doc {
        code: "stem-dynamics",
        severity: Severity::Error,
        title: "A stem is compressed as it is not in the mix",
        what: "A compressor or limiter worked on the stem that it did not go through in the reference \
               mix: its loud moments are turned down.",
        why: "What it took away does not come back, and the stems no longer move as your mix does. \
              Often it is the one on the master bus, through which each stem was exported.",
        fix: "Look at the master bus first, then at this stem's track and group, for a compressor or \
              limiter that was on; switch it off and export the stem again. Loudness options in the \
              export window do the same: switch them off too.",
        source: "No limiter, maximiser or loudness processing: Des Grey, Mastering from track \
                 separates; Master Your Track, How to prepare the stems",
    },
    lines: &[
        line!(
            Any,
            Sized,
            "{file}",
            "is",
            "be",
            "compressed or limited as it is not in the reference mix, by {amount} on average."
        ),
        line!(
            Any,
            Any,
            "{file}",
            "is",
            "be",
            "compressed or limited as it is not in the reference mix."
        ),
    ],
    advice: &[],
};

pub(super) const LOST_SIDECHAIN: CauseText = CauseText {
    doc: Doc {
        code: "lost-sidechain",
        severity: Severity::Error,
        title: "A stem is not ducked as it is in the mix",
        what: "In the reference mix another track, often the kick, makes this stem give way (by a \
               compressor with a sidechain). In the exported stem it does not.",
        why: "The pumping is part of the groove, and without it kick and bass pile up. A track that is \
              soloed for the export loses its sidechain, because the track that triggers it is silent.",
        fix: "Export this stem again while the track that triggers it plays: mute the other tracks' \
              outputs instead of soloing this one, or export all tracks in one go. If you left the \
              ducking to the engineer on purpose, say so.",
        source: "Mute, do not solo: Master Your Track, How to prepare the stems",
    },
    lines: &[
        line!(
            Any,
            Sized,
            "{file}",
            "lacks",
            "lack",
            "the ducking (sidechain) that it has in the reference mix when {other} plays: {amount} of \
             it on average."
        ),
        line!(
            Any,
            Any,
            "{file}",
            "lacks",
            "lack",
            "the ducking (sidechain) that it has in the reference mix when {other} plays."
        ),
    ],
    advice: &[],
};
