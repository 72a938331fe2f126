//! Sound from the very first moment.

use super::{Check, Doc, Finding, Place, Song, Value};
use crate::measure::Measurements;
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "no-leading-bar",
        severity: Severity::Warning,
        title: "No silence before the first sound",
        what: "The song starts at once; a bar of silence is asked for before the first sound.",
        why: "A DAW's delay compensation can swallow or fade in the first moment of an export. With \
              a bar of silence nothing is lost, and all files are easily lined up.",
        fix: "Move the whole song one bar later, or start the export range one bar earlier, and \
              export all stems and the mix again from that same point.",
        source: "Master Your Track, How to prepare the stems (start at bar 0, one bar of silence \
                 first)",
    },
    run,
};

/// Silence that will do where the tempo is not known: a bar at 240 beats a minute.
const ENOUGH_S: f64 = 1.0;
/// An onset may come this much before the bar line.
const EARLY_S: f64 = 0.02;
/// Longer than any delay that plug-ins have to have compensated: less than a bar is then no danger.
const SAFE_S: f64 = 0.2;
const BEATS_A_BAR: f64 = 4.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    if song.profile.leading_bar != Some(true) {
        return;
    }
    let onsets = song.sounding().filter_map(|file| {
        if has_offset(file.measured) {
            return None;
        }
        let onset = seconds_from_frames(file.measured.first_sound?, file.format.sample_rate);
        Some((file.index, onset))
    });
    let Some((first, onset)) = onsets.min_by(|a, b| a.1.total_cmp(&b.1)) else { return };
    let bar = song.tempo_bpm.filter(|&bpm| bpm > 0.0).map(|bpm| BEATS_A_BAR * 60.0 / bpm);
    if onset >= bar.map_or(ENOUGH_S, |bar| bar - EARLY_S) {
        return;
    }
    let message = if bar.is_some() {
        "The first sound comes after {onset}, in {first}; a bar of silence ({bar}) is asked for \
         before it."
    } else {
        "The first sound comes after {onset}, in {first}; a bar of silence is asked for before it."
    };
    let finding = Finding::new(CHECK.doc.code, message)
        .with("onset", Value::Number(onset, "s"))
        .with("first", Value::Name(first))
        .with("bar", Value::Number(bar.unwrap_or(ENOUGH_S), "s"))
        .amount(onset, "s")
        .places(vec![Place { start_s: 0.0, end_s: onset, channel: None }]);
    found.push(if onset >= SAFE_S { finding.severity(Severity::Info) } else { finding });
}

/// A constant offset "sounds" from the first sample on; that is `dc-offset`'s fault, not the song's.
fn has_offset(measured: &Measurements) -> bool {
    /// From where a sample counts as sound: -60 dBFS.
    const SOUND: f64 = 1e-3;
    measured.dc.iter().any(|dc| dc.abs() >= SOUND)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn starting_at(seconds: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(1).1.first_sound = Some((seconds * 48_000.0) as u64);
        scene
    }

    #[test]
    fn sound_at_once_is_a_warning() {
        let scene = starting_at(0.005);
        let finding = scene.one("no-leading-bar");
        let said = "The first sound comes after 0.01 s, in Bass.wav; a bar of silence is asked for \
                    before it.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.severity, finding.file), (Some(Severity::Warning), None));
    }

    #[test]
    fn less_than_a_bar_is_good_to_know() {
        let mut scene = starting_at(1.9);
        scene.tempo_bpm = Some(124.0);
        assert_eq!(scene.one("no-leading-bar").severity, Some(Severity::Info));
    }

    #[test]
    fn a_bar_or_a_second_will_do() {
        let mut scene = starting_at(1.92);
        scene.tempo_bpm = Some(124.0);
        assert!(scene.is_clean());
        assert!(starting_at(1.0).is_clean());
    }

    #[test]
    fn an_offset_is_not_the_first_sound() {
        let mut scene = starting_at(0.0);
        scene.file(1).1.dc[0] = 0.01;
        assert!(scene.found("no-leading-bar").is_empty());
    }

    #[test]
    fn where_nothing_is_asked_nothing_is_told() {
        let mut scene = starting_at(0.0);
        scene.profile.leading_bar = None;
        assert!(scene.is_clean());
    }
}
