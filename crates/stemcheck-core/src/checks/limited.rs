//! Stems whose peaks a limiter has shaved off.
//!
//! Decides by maxima that pile up at one level. A low ratio of peak to loudness says nothing by
//! itself: a pad or a bass has one by nature. Nor do equal maxima of equal shape: a drum machine
//! plays the same hit each time.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::measure::Measurements;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "limited",
        severity: Severity::Warning,
        title: "The stem seems heavily limited",
        what: "Peaks of many different notes and hits end at exactly the same level, and they stand \
               little above the loudness: a limiter or a clipper seems to have shaved them off.",
        why: "Transients that a limiter has taken away do not come back. Mastering sets the final \
              level itself and needs the natural peaks for it.",
        fix: "Switch off limiters and maximisers on this track, on its group and on the master bus, \
              and export again. A compressor that is part of the sound may stay.",
        source: "Des Grey, Mastering from track separates (natural transients, not \"sausage\"); \
                 MasteringBOX, Stem mastering guide (no heavy limiter)",
    },
    run,
};

/// No clean stem or mix out of 180 had a pile or a top like these.
const PILE: f64 = 2.0;
const TOP: f64 = 0.9;
/// Fewer windows or maxima at the ceiling are chance.
const LEAST: u64 = 5;
/// Waveforms of fewer shapes are the same note or hit over and over.
const SHAPES: usize = 8;
/// More of the loud windows at the ceiling are a tone of constant level.
const CONSTANT: f64 = 0.6;
/// With 6 dB of limiting and more, mixes fell below the first (PLR), with 9 dB below the second
/// (5th percentile of PSR).
const PLR_DB: f64 = 12.0;
const PSR_DB: f64 = 9.0;

/// How much a limiter has left its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It touched peaks here and there.
    Touched,
    /// Little is left of the peaks.
    Heavy,
}

/// Whether peaks pile up. What is clipped is told as that.
fn mark(measured: &Measurements) -> Option<Mark> {
    let seen = &measured.limiting;
    let piled = seen.pile > PILE && seen.windows >= LEAST;
    let topped = seen.top > TOP && seen.maxima >= LEAST;
    let clipped = measured.clipping.count > 0 || measured.cut_tops.is_some();
    if clipped || seen.shapes < SHAPES || seen.share > CONSTANT || !(piled || topped) {
        return None;
    }
    let dense = measured.plr_db.is_some_and(|plr| plr < PLR_DB)
        || measured.psr_p5_db.is_some_and(|psr| psr < PSR_DB);
    Some(if piled && topped && dense { Mark::Heavy } else { Mark::Touched })
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    const HEAVY: &str =
        "{file} seems heavily limited: its peaks end at one level, {plr} above its loudness.";
    let stems = song.sounding().filter(|file| !file.is_reference());
    found.extend(stems.filter_map(|file| tell(CHECK.doc.code, HEAVY, &file)));
}

/// What there is to tell of a file, heavily limited or only touched, with its ratio of peak to
/// loudness.
pub(super) fn tell(code: &'static str, heavy: &'static str, file: &Heard<'_>) -> Option<Finding> {
    let finding = match mark(file.measured)? {
        Mark::Heavy => Finding::new(code, heavy),
        Mark::Touched => Finding::new(
            code,
            "A limiter or clipper seems to have touched the peaks of {file}: many end at one level.",
        )
        .severity(Severity::Info),
    };
    let plr = file.measured.plr_db.unwrap_or(0.0);
    let finding = finding.file(file.index).with("plr", Value::Number(plr, "dB"));
    Some(finding.amount(plr, "dB").likely())
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Limiting;
    use crate::profile::Severity;

    fn scene(plr: f64, change: impl Fn(&mut Limiting)) -> Scene {
        let mut scene = Scene::clean();
        let measured = scene.file(1).1;
        measured.plr_db = Some(plr);
        measured.limiting =
            Limiting { windows: 30, pile: 9.0, share: 0.2, maxima: 40, top: 3.0, shapes: 20 };
        change(&mut measured.limiting);
        scene
    }

    #[test]
    fn heavy_limiting_is_a_warning_and_a_touch_an_info() {
        let heavy = scene(9.0, |_| ());
        let said = "Bass.wav seems heavily limited: its peaks end at one level, 9.0 dB above its \
                    loudness.";
        assert_eq!(heavy.say(&heavy.one("limited")), said);
        assert_eq!(heavy.one("limited").severity, Some(Severity::Warning));
        assert_eq!(scene(14.0, |_| ()).one("limited").severity, Some(Severity::Info));
        let half = scene(9.0, |seen| seen.top = 0.5);
        assert_eq!(half.one("limited").severity, Some(Severity::Info));
    }

    #[test]
    fn density_alone_equal_hits_and_steady_tones_are_fine() {
        assert!(scene(6.0, |seen| (seen.pile, seen.top) = (1.0, 0.3)).is_clean());
        assert!(scene(6.0, |seen| seen.shapes = 3).is_clean());
        assert!(scene(6.0, |seen| seen.share = 0.9).is_clean());
        assert!(scene(6.0, |seen| (seen.windows, seen.maxima) = (4, 4)).is_clean());
        let mut clipped = scene(6.0, |_| ());
        clipped.file(1).1.clipping.count = 1;
        assert!(clipped.found("limited").is_empty());
    }
}
