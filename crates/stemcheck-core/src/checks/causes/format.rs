//! What is said of what files went through: lossy encoders, other sample rates.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc};
use crate::profile::Severity;

const WAV: &str = "WAV or AIFF: Master Your Track, How to prepare the stems; Des Grey, Mastering from \
                   track separates";
const OWN_RATE: &str = "The project's own rate: Des Grey, Mastering from track separates; Master Your \
                        Track, How to prepare the stems (never resampled)";

pub(super) const LOSSY_REFERENCE: CauseText = CauseText {
    doc: Doc {
        code: "lossy-reference",
        severity: Severity::Warning,
        title: "The reference mix was an MP3 or AAC",
        what: "Stems and reference mix differ as a lossy encoder makes them differ; the balance is \
               right.",
        why: "This is no fault of the stems. But what the encoder changed hides smaller differences, \
              so that the comparison is only a rough one.",
        fix: "Export the mix from the project as WAV or AIFF with 24 bits, and take that as the \
              reference. Turning the MP3 into a WAV does not help.",
        source: WAV,
    },
    lines: &[line!(
        Any,
        Any,
        "The reference mix",
        "differs",
        "differ",
        "from the stems only by what a lossy encoder (MP3, AAC) left in it: no fault of the stems."
    )],
    advice: &[],
};

pub(super) const LOSSY_STEM: CauseText = CauseText {
    doc: Doc {
        code: "lossy-stem",
        severity: Severity::Error,
        title: "A stem was an MP3 or AAC",
        what: "The stem differs from its part in the reference mix as a lossy encoder makes it differ.",
        why: "In the project the sound is whole; the file that you send is not. Mastering makes what \
              the encoder left behind louder, most of all in cymbals, voices and reverb tails.",
        fix: "Export this stem again from the project as WAV or AIFF with 24 bits. Turning the MP3 \
              into a WAV does not help.",
        source: WAV,
    },
    lines: &[line!(
        Any,
        Any,
        "{file}",
        "has",
        "have",
        "been an MP3 or AAC once, which the reference mix was not made of."
    )],
    advice: &[],
};

pub(super) const RESAMPLED_REFERENCE: CauseText = CauseText {
    doc: Doc {
        code: "resampled-reference",
        severity: Severity::Warning,
        title: "The reference mix was converted from another sample rate",
        what: "Stems and reference mix differ only as a conversion of the sample rate makes them \
               differ: in the highest frequencies.",
        why: "Hardly anybody hears it, and the stems are not at fault. But the comparison becomes \
              blind for small differences up there.",
        fix: "Export the reference from the project, at the project's own sample rate, like the stems.",
        source: OWN_RATE,
    },
    lines: &[line!(
        Any,
        Any,
        "The reference mix",
        "differs",
        "differ",
        "from the stems only by a conversion of its sample rate: no fault of the stems."
    )],
    advice: &[],
};

pub(super) const RESAMPLED_STEM: CauseText = CauseText {
    doc: Doc {
        code: "resampled-stem",
        severity: Severity::Warning,
        title: "A stem was converted from another sample rate",
        what: "The stem differs from its part in the reference mix as a conversion of the sample rate \
               makes it differ: in the highest frequencies.",
        why: "A conversion adds nothing and costs a little quality. The engineer wants the rate that \
              the project was made at.",
        fix: "Export this stem again at the project's own sample rate, and convert it nowhere on the \
              way.",
        source: OWN_RATE,
    },
    lines: &[line!(
        Any,
        Any,
        "{file}",
        "was",
        "have been",
        "converted from another sample rate, which its part in the reference mix was not."
    )],
    advice: &[],
};
