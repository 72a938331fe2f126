//! What is said of what cannot be undone: chance, noise, rounding, and what nobody can name.

use super::line::{Case, Line, Way, Who};
use super::{CauseText, Doc, SOURCE};
use crate::profile::Severity;

pub(super) const MODULATED_EFFECT: CauseText = CauseText {
    doc: Doc {
        code: "modulated-effect",
        severity: Severity::Warning,
        title: "Something sounds different at each playback",
        what: "A chorus or phaser, a synthesiser that runs freely, random or humanised notes, or noise \
               never come out the same twice. The export of the stem has caught another run of it than \
               the mix.",
        why: "This is normal and no mistake: the stem is as good as the mix, and the engineer will \
              think nothing of it.",
        fix: "Nothing has to be done. If you want exactly what the mix has, turn the part into audio \
              first (freeze, bounce in place, render) and export the mix and the stems from that. \
              A second export of the mix, checked along with the others, shows how much such parts \
              change by themselves.",
        source: "Measured: of 18 demo songs of one program, 17 did not render the same twice",
    },
    lines: &[
        line!(
            File,
            Any,
            "{file}",
            "holds",
            "hold",
            "an effect or sound that is different at each playback: normal, no mistake."
        ),
        line!(
            Any,
            Any,
            "The song",
            "holds",
            "hold",
            "effects or sounds that are different at each playback: normal, no mistake."
        ),
    ],
    advice: &[],
};

pub(super) const UNREPEATABLE_MIX: CauseText = CauseText {
    doc: Doc {
        code: "unrepeatable-mix",
        severity: Severity::Warning,
        title: "The mix does not come out the same twice",
        what: "Two exports of the same mix differ from each other: something in the project is random \
               or runs freely.",
        why: "Stems cannot match the mix any better than the mix matches itself. This is normal for \
              songs with such sounds, and no mistake.",
        fix: "Nothing has to be done. If you want stems and mix to match exactly, turn the parts that \
              change into audio first (freeze, bounce in place, render), and export everything from \
              that.",
        source: "Measured: of 18 demo songs of one program, 17 did not render the same twice",
    },
    lines: &[
        Line {
            case: Case { who: Who::Any, way: Way::Sized },
            certain: "Two exports of the mix differ from each other, at {level} relative to the mix: \
                      the stems cannot match it any better. That is normal.",
            possible: "Two exports of the mix seem to differ from each other, at {level} relative to \
                       the mix: the stems cannot match it any better. That is normal.",
        },
        Line {
            case: Case { who: Who::Any, way: Way::Any },
            certain: "Two exports of the mix differ from each other: the stems cannot match it any \
                      better. That is normal.",
            possible: "Two exports of the mix seem to differ from each other: the stems cannot match \
                       it any better. That is normal.",
        },
    ],
    advice: &[],
};

pub(super) const ADDED_NOISE: CauseText = CauseText {
    doc: Doc {
        code: "added-noise",
        severity: Severity::Warning,
        title: "A noise is in one of the two only",
        what: "Stems and reference mix differ by a steady noise, such as hiss, that has nothing to do \
               with the music.",
        why: "Recording the playback through other devices adds noise, and so do plug-ins that imitate \
              them. Mastering makes it louder.",
        fix: "Listen to the difference. If you do not want the noise, export from the project itself, \
              not by recording its playback, and switch off the noise of plug-ins ('vintage', 'analog', \
              'tape'); plug-ins in demo mode add noise too. If it belongs to the sound, tell the \
              engineer.",
        source: SOURCE,
    },
    lines: &[
        line!(
            File,
            Sized,
            "{file}",
            "holds",
            "hold",
            "noise at {level} that is not in the reference mix."
        ),
        line!(File, Any, "{file}", "holds", "hold", "noise that is not in the reference mix."),
        line!(
            Any,
            Sized,
            "Noise at {level}",
            "is",
            "be",
            "all that stems and reference mix do not have in common here."
        ),
        line!(
            Any,
            Any,
            "Noise",
            "is",
            "be",
            "all that stems and reference mix do not have in common here."
        ),
    ],
    advice: &[],
};

pub(super) const ROUNDING: CauseText = CauseText {
    doc: Doc {
        code: "rounding",
        severity: Severity::Info,
        title: "Only rounding is left",
        what: "Stems and reference mix differ by no more than the files' last bits: rounding and \
               dither, as every export adds them.",
        why: "It cannot be heard. This is as good as the comparison of these files can be.",
        fix: "Nothing to do.",
        source: "Word length: quantisation noise is LSB\u{b2}/12 for each file",
    },
    lines: &[
        Line {
            case: Case { who: Who::Any, way: Way::Sized },
            certain: "Only rounding and dither are left, at {level}: these files cannot match any \
                      better.",
            possible: "What is left, at {level}, seems to be only rounding and dither.",
        },
        Line {
            case: Case { who: Who::Any, way: Way::Any },
            certain: "Only rounding and dither are left: these files cannot match any better.",
            possible: "What is left seems to be only rounding and dither.",
        },
    ],
    advice: &[],
};

/// Said just as much where it is only possible: no cause is claimed.
pub(super) const UNEXPLAINED: CauseText = CauseText {
    doc: Doc {
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
    lines: &[
        Line {
            case: Case { who: Who::Any, way: Way::Sized },
            certain: "A difference of {level} between stems and reference mix has no known cause.",
            possible: "A difference of {level} between stems and reference mix has no known cause.",
        },
        Line {
            case: Case { who: Who::Any, way: Way::Any },
            certain: "A difference between stems and reference mix has no known cause.",
            possible: "A difference between stems and reference mix has no known cause.",
        },
    ],
    advice: &[],
};
