//! What is said of causes in what the files hold: parts, effect returns, versions.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const NOT_IN_REFERENCE: CauseText = CauseText {
    doc: Doc {
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
    lines: &[line!(Any, Any, "{file}", "is", "be", "missing from the reference mix.")],
    advice: &[],
};

pub(super) const DOUBLED_PART: CauseText = CauseText {
    doc: Doc {
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
    lines: &[Line {
        case: Case { who: Who::Any, way: Way::Any },
        certain: "{file} and {other} hold the same part: together it is too loud.",
        possible: "{file} and {other} seem to hold the same part: together it would be too loud.",
    }],
    advice: &[],
};

pub(super) const MISSING_PART: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        line!(
            Any,
            Sized,
            "The reference mix",
            "holds",
            "hold",
            "a part that is in none of the stems; it lies at {level} relative to the mix."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "holds",
            "hold",
            "a part that is in none of the stems."
        ),
    ],
    advice: &[],
};

pub(super) const MISSING_EFFECT_RETURN: CauseText = CauseText {
    doc: Doc {
        code: "missing-effect-return",
        severity: Severity::Error,
        title: "A send effect is missing",
        what: "The reference mix holds a reverb or delay of a stem, and none of the stems holds it: \
               the return of a send effect was not exported.",
        why: "Without it the part is too dry and too near. The engineer does not have your reverb, \
              and another one sounds different.",
        fix: "Export this stem again together with its send effects: mute the other tracks instead \
              of soloing this one, so that the return track is heard, and include return tracks in \
              the export. Or export the return track as a stem of its own.",
        source: "Each stem with its return effects, and mute, do not solo: Master Your Track, How to \
                 prepare the stems; MasteringBOX, Stem mastering guide",
    },
    lines: &[
        line!(
            File,
            Sized,
            "The reverb or delay of {file}",
            "is",
            "be",
            "missing from the stems: in the reference mix it is there, at {level} relative to the \
             stem."
        ),
        line!(
            File,
            Any,
            "The reverb or delay of {file}",
            "is",
            "be",
            "missing from the stems: in the reference mix it is there."
        ),
        line!(
            Any,
            Any,
            "A send effect (a reverb or delay)",
            "is",
            "be",
            "missing from the stems: in the reference mix it is there."
        ),
    ],
    advice: &[],
};

pub(super) const DOUBLED_EFFECT_RETURN: CauseText = CauseText {
    doc: Doc {
        code: "doubled-effect-return",
        severity: Severity::Error,
        title: "A send effect is in the stems twice",
        what: "The stems together hold more of a stem's reverb or delay than the reference mix: it \
               was exported with the stem and once more, for example as a stem of its own.",
        why: "Played together, the stems have too much of it: the song is washed out, and the part is \
              further away than in your mix.",
        fix: "Keep each send effect in one place: within the stems that feed it, or in a stem of its \
              own. Then export those stems again.",
        source: "Each stem with its return effects: Master Your Track, How to prepare the stems; \
                 MasteringBOX, Stem mastering guide",
    },
    lines: &[
        line!(
            File,
            Sized,
            "The reverb or delay of {file}",
            "is",
            "be",
            "in the stems once too often, at {level} relative to the stem."
        ),
        line!(
            File,
            Any,
            "The reverb or delay of {file}",
            "is",
            "be",
            "in the stems once too often."
        ),
        line!(
            Any,
            Any,
            "A send effect (a reverb or delay)",
            "is",
            "be",
            "in the stems once too often."
        ),
    ],
    advice: &[],
};

pub(super) const DIFFERENT_VERSION: CauseText = CauseText {
    doc: Doc {
        code: "different-version",
        severity: Severity::Error,
        title: "A file is another version",
        what: "The stem belongs to the song, but it is not what the reference mix holds: another \
               take, another edit, another sound or other settings.",
        why: "The engineer cannot know which of the two is the one that you want.",
        fix: "Find out which version you want. Then export the other file again, be it the stem or \
              the reference; best of all, export everything in one go from the same saved project.",
        source: "Des Grey, Mastering from track separates (always the latest mixdown)",
    },
    lines: &[
        line!(
            File,
            Any,
            "{file}",
            "is",
            "be",
            "another version than the one in the reference mix, most clearly from {start} to {end}."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "is",
            "be",
            "another version of the song than the stems, most clearly from {start} to {end}."
        ),
    ],
    advice: &[],
};

pub(super) const DIFFERENT_SONG: CauseText = CauseText {
    doc: Doc {
        code: "different-song",
        severity: Severity::Error,
        title: "The files belong to different songs",
        what: "Nothing of the stems is found in the reference mix, or nothing of one stem.",
        why: "Nothing can be compared, and the engineer would get files that do not belong together.",
        fix: "Look for a file that got into the wrong folder, or choose the right reference mix. If \
              it is the same song after all, its tempo, key or arrangement has changed since: export \
              the reference again from this project.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Any,
            "{file}",
            "belongs",
            "belong",
            "to another song: nothing of it is found in the reference mix."
        ),
        line!(
            Any,
            Any,
            "The reference mix",
            "belongs",
            "belong",
            "to another song: nothing of the stems is found in it."
        ),
    ],
    advice: &[advice!(
        File,
        Any,
        "Look whether this file got into the wrong folder, and put the right one in its place. If it \
         belongs to the song, its tempo or key has changed since the mixdown: export the reference \
         again from this project."
    )],
};
