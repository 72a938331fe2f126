//! Channels that cancel each other in mono.

use super::{Check, Doc, Finding, Song, Value};
use crate::measure::Measurements;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "out-of-phase-channels",
        severity: Severity::Warning,
        title: "Left and right cancel each other",
        what: "The two channels move against each other for much of the time (negative \
               correlation).",
        why: "On phones, club systems and every other mono playback this part fades or vanishes, \
              and its low end is weak on loudspeakers too.",
        fix: "Listen to the track in mono. If it vanishes, switch the polarity (often marked \u{d8}) \
              of one channel; if it only thins out, turn down the stereo widener on it. Then export \
              again.",
        source: "Des Grey, Mastering from track separates (phase); common practice",
    },
    run,
};

/// Below this the channels are one signal and its mirror image.
const MIRRORED: f64 = -0.9;
/// Share of the sounding time with a correlation below -0.5.
const MOST_OF_THE_TIME: f64 = 0.5;

/// Whether this check has something to say of a stereo file.
pub(super) fn is_told(measured: &Measurements) -> bool {
    measured.antiphase_share > MOST_OF_THE_TIME
        || measured.correlation.is_some_and(|r| r < MIRRORED)
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| file.format.channels == 2) {
        let Some(correlation) = file.measured.correlation else { continue };
        let share = file.measured.antiphase_share;
        let finding = if correlation < MIRRORED {
            Finding::new(
                CHECK.doc.code,
                "Left and right of {file} are upside down against each other: in mono it vanishes.",
            )
            .severity(Severity::Error)
        } else if share > MOST_OF_THE_TIME {
            Finding::new(
                CHECK.doc.code,
                "Left and right of {file} work against each other for {share} of the time: in mono \
                 it loses much of its level.",
            )
            .with("share", Value::Text(format!("{:.0} %", share * 100.0)))
        } else {
            continue;
        };
        found.push(finding.file(file.index).amount(correlation, ""));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn scene(correlation: f64, antiphase_share: f64) -> Scene {
        let mut scene = Scene::clean();
        let measured = scene.file(2).1;
        (measured.correlation, measured.antiphase_share) = (Some(correlation), antiphase_share);
        scene
    }

    #[test]
    fn a_mirrored_channel_is_an_error_and_a_wide_one_a_warning() {
        assert_eq!(scene(-0.91, 1.0).one("out-of-phase-channels").severity, Some(Severity::Error));
        let wide = scene(-0.6, 0.7);
        let finding = wide.one("out-of-phase-channels");
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert!(wide.say(&finding).contains("for 70 % of the time"));
    }

    #[test]
    fn some_width_is_fine() {
        assert!(scene(-0.4, 0.5).is_clean());
    }
}
