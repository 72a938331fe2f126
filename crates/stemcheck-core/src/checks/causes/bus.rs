//! What is said of the master bus: what was on it for the reference and not for the stems.
//!
//! Most of it is normal, since stems are asked for without it, and is said so.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc};
use crate::profile::Severity;

const GLUE: &str = "Stems without the master bus: Des Grey, Mastering from track separates; Master \
                    Your Track, How to prepare the stems; MasteringBOX, Stem mastering guide (mild \
                    glue may stay)";

pub(super) const BUS_COMPRESSOR: CauseText = CauseText {
    doc: Doc {
        code: "bus-compressor",
        severity: Severity::Warning,
        title: "The reference mix went through a compressor",
        what: "A compressor on the master bus turned the reference mix down where it is loud; the \
               stems did not go through it.",
        why: "This is normal: stems are asked for without the master bus. The engineer hears in the \
              reference what you had in mind and sets a compressor of their own.",
        fix: "Keep the stems as they are, and tell the engineer what was on the master bus and how it \
              was set. If you want to be sure that nothing else differs, export the reference once \
              more with the compressor off.",
        source: GLUE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "The reference mix",
            "is",
            "be",
            "compressed, by {amount} on average, and the stems are not: normal, they are without the \
             master bus."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "compressed, and the stems are not: normal, they are without the master bus."
        ),
    ],
    advice: &[],
};

pub(super) const BUS_LIMITER: CauseText = CauseText {
    doc: Doc {
        code: "bus-limiter",
        severity: Severity::Warning,
        title: "The reference mix went through a limiter",
        what: "A limiter or maximiser on the master bus holds the peaks of the reference mix down; the \
               stems did not go through it.",
        why: "For the stems this is right: they are asked for without a limiter. The engineer likes to \
              have the mix without it too, since a limited mix tells less about your balance.",
        fix: "Keep the stems as they are. Export the reference once more with the limiter off, and \
              send the limited mix as one more file, so that the engineer hears how loud you meant \
              it.",
        source: GLUE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "The reference mix",
            "is",
            "be",
            "limited, by {amount} on average, and the stems are not: normal, they are without the \
             master bus."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "limited, and the stems are not: normal, they are without the master bus."
        ),
    ],
    advice: &[],
};

pub(super) const BUS_SATURATION: CauseText = CauseText {
    doc: Doc {
        code: "bus-saturation",
        severity: Severity::Warning,
        title: "The reference mix was saturated or clipped",
        what: "Something on the master bus bends or cuts the loudest moments of the reference mix: a \
               saturator, a tape or console plug-in, a clipper, or a mix that was too loud for its \
               file. The stems did not go through it.",
        why: "If it is a sound that you chose, it is normal, and the engineer should know of it. If \
              the mix was just too loud, the reference is distorted; the stems are not, which is good.",
        fix: "Keep the stems as they are, and tell the engineer what was on the master bus. If there \
              was nothing, turn the master fader down until its meter stays below 0 dB and export the \
              reference again.",
        source: GLUE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "The reference mix",
            "is",
            "be",
            "saturated or clipped, by {amount} on average, and the stems are not: they are without \
             the master bus."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "saturated or clipped, and the stems are not: they are without the master bus."
        ),
    ],
    advice: &[],
};

pub(super) const BUS_EQ: CauseText = CauseText {
    doc: Doc {
        code: "bus-eq",
        severity: Severity::Warning,
        title: "The reference mix went through an equaliser",
        what: "As a whole the reference mix has another tone than the stems together: an equaliser, or \
               a plug-in that colours, was on the master bus.",
        why: "This is normal: stems are asked for without the master bus. But the engineer should know \
              that the tone is meant, since the stems alone do not tell.",
        fix: "Keep the stems as they are, and tell the engineer what was on the master bus and how it \
              was set. If you want to be sure that nothing else differs, export the reference once \
              more with the equaliser off.",
        source: GLUE,
    },
    lines: &[
        line!(
            Any,
            Sized,
            "The reference mix",
            "has",
            "have",
            "another tone than the stems together, by up to {amount} at some frequencies: normal if \
             there was an equaliser on the master bus."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "has",
            "have",
            "another tone than the stems together: normal if there was an equaliser on the master \
             bus."
        ),
    ],
    advice: &[],
};

pub(super) const BUS_PRINTED_PER_STEM: CauseText = CauseText {
    doc: Doc {
        code: "bus-printed-per-stem",
        severity: Severity::Error,
        title: "The master bus worked on each stem alone",
        what: "The stems were exported through the compressor or limiter of the master bus, one by \
               one.",
        why: "A compressor or limiter that hears one stem does something else than one that hears the \
              whole song. The stems no longer add up to your mix, and their own dynamics are gone.",
        fix: "Switch off everything on the master bus that compresses, limits or saturates, and \
              export all stems again, and the reference with them. If you like what it does, send \
              the mix with it as one more file.",
        source: "No limiter on the master bus: Des Grey, Mastering from track separates; Master Your \
                 Track, How to prepare the stems",
    },
    lines: &[
        line!(
            Any,
            Sized,
            "Each stem",
            "was",
            "have been",
            "exported through the compressor or limiter of the master bus, which took {amount} off \
             on average."
        ),
        line!(
            Any,
            Any,
            "Each stem",
            "was",
            "have been",
            "exported through the compressor or limiter of the master bus."
        ),
    ],
    advice: &[],
};

pub(super) const FADE_ON_REFERENCE: CauseText = CauseText {
    doc: Doc {
        code: "fade-on-reference",
        severity: Severity::Warning,
        title: "The reference mix is faded, and the stems are not",
        what: "The reference mix fades in or out at the master fader; the stems keep their level.",
        why: "This is normal, and many engineers prefer it: they fade last, so that compression does \
              not work against the fade. They only have to know where you want it.",
        fix: "Keep the stems as they are, and tell the engineer that the fade of the reference is \
              meant. See that the stems go on until the fade has ended.",
        source: "Master Your Track, How to prepare the stems; common practice",
    },
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "lacks",
            "lack",
            "the fade of {amount} that it has in the reference mix at {start}."
        ),
        line!(
            File,
            Any,
            "{file}",
            "lacks",
            "lack",
            "the fade that it has in the reference mix at {start}."
        ),
        line!(
            Any,
            Sized,
            "The reference mix",
            "is",
            "be",
            "faded over {amount} from {start} on, and the stems are not: normal, the engineer only \
             has to know."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "faded from {start} on, and the stems are not: normal, the engineer only has to know."
        ),
    ],
    advice: &[advice!(
        File,
        Any,
        "Export this stem again with the volume automation of its track and group. If the fade is \
         the engineer's to make, say so."
    )],
};

pub(super) const MASTERED_REFERENCE: CauseText = CauseText {
    doc: Doc {
        code: "mastered-reference",
        severity: Severity::Warning,
        title: "The reference seems to be a master",
        what: "The reference was finished and made loud: several steps of mastering lie between it and \
               the stems.",
        why: "It is good to hear where you want to go. But only the mix itself shows whether the stems \
              are complete, and how you balanced them.",
        fix: "Take as the reference the mix as it left your project, with nothing on the master bus \
              that makes it loud. Send the master as one more file that says so in its name.",
        source: "Des Grey, Mastering from track separates (the latest stereo mixdown)",
    },
    lines: &[line!(
        Any,
        Any,
        "The reference",
        "is",
        "be",
        "a finished master rather than the mix: it is louder and has another tone than the stems \
         together."
    )],
    advice: &[],
};
