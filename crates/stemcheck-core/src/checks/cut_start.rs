//! Sound that is cut or faded in at the very start of a file.

use super::{Check, Doc, Finding, Heard, Place, Song, Value};
use crate::profile::Severity;
use crate::units::{db_from_amplitude, seconds_from_frames};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "cut-start",
        severity: Severity::Warning,
        title: "The start is cut",
        what: "The file begins in the middle of a sound, or its first milliseconds are faded in. Or the \
               null test shows that it lacks the start that the mix has of it.",
        why: "The attack of the first note is lost, and a cut in the middle of a wave clicks. Often the \
              export began too late, or the DAW's delay compensation swallowed the first moment.",
        fix: "Move the whole song one bar later, or start the export range one bar earlier, and export \
              all stems and the mix again from that same point.",
        source: "Master Your Track, How to prepare the stems (delay compensation can fade in the first \
                 moment); Essentia, StartStopCut (-60 dB, 10 ms)",
    },
    run,
};

/// A first sample above this is the middle of a sound (-60 dBFS).
const CUT: f64 = 1e-3;
/// Above this the cut is a click that is heard (-40 dBFS); below, it is good to know.
const CLICK: f64 = 1e-2;
/// A fade-in ends above this (mean square; -40 dBFS) ...
const FADED_POWER: f64 = 1e-4;
/// ... from at most this share of it (-20 dB): a straight line over 10 ms begins 26 dB below its end.
const FADE_FROM: f64 = 0.01;
/// Delay compensation fades every file that sounds; one alone has a soft attack.
const FADED_FILES: usize = 2;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let cut: Vec<Heard<'_>> = song.sounding().filter(|file| first_sample(file) > CUT).collect();
    if let Some(mix) = cut.iter().find(|file| file.is_reference()) {
        // Where the mix begins like that as well, the song may simply begin at once.
        let message = "The song begins at once: the first sample of {file} is at {level}. If that is \
                       not how it begins, its start was cut.";
        found.push(about(mix, message).severity(Severity::Info).likely());
    } else {
        for file in &cut {
            let message = "{file} begins in the middle of a sound: its first sample is at {level}.";
            let finding = about(file, message);
            let is_heard = first_sample(file) > CLICK;
            found.push(if is_heard { finding } else { finding.severity(Severity::Info) });
        }
    }
    let faded: Vec<Heard<'_>> = song.sounding().filter(is_faded_in).collect();
    if let (true, Some(first)) = (faded.len() >= FADED_FILES, faded.first()) {
        let message = "{names} seem to be faded in over their first milliseconds: the DAW's delay \
                       compensation may have swallowed the first moment.";
        found.push(
            Finding::new(CHECK.doc.code, message)
                .with("names", Value::Names(faded.iter().map(|file| file.index).collect()))
                .amount(faded.len() as f64, "files")
                .places(at_start(first))
                .severity(Severity::Info)
                .likely(),
        );
    }
}

fn about(file: &Heard<'_>, message: &'static str) -> Finding {
    let level = db_from_amplitude(first_sample(file));
    Finding::new(CHECK.doc.code, message)
        .file(file.index)
        .with("level", Value::Number(level, "dBFS"))
        .amount(level, "dBFS")
        .places(at_start(file))
}

/// Largest amplitude of the first frame; 0 under a constant offset, which is a fault of its own.
fn first_sample(file: &Heard<'_>) -> f64 {
    let offset = file.measured.dc.iter().fold(0.0, |most: f64, dc| most.max(dc.abs()));
    if offset < CUT { file.measured.first_sample - offset } else { 0.0 }
}

fn at_start(file: &Heard<'_>) -> Vec<Place> {
    let end_s = seconds_from_frames(file.format.frames, file.format.sample_rate).min(0.01);
    vec![Place { start_s: 0.0, end_s, channel: None }]
}

fn is_faded_in(file: &Heard<'_>) -> bool {
    let powers = &file.measured.head_powers;
    match (powers.first(), powers.last()) {
        (Some(first), Some(last)) => {
            *last > FADED_POWER
                && *first > 0.0
                && *first <= FADE_FROM * last
                && powers.windows(2).all(|pair| pair[0] < pair[1])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn with_first(sample: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(1).1.first_sample = sample;
        scene
    }

    #[test]
    fn a_first_sample_in_the_middle_of_a_sound() {
        let scene = with_first(0.1);
        let finding = scene.one("cut-start");
        let said =
            "Bass.wav begins in the middle of a sound: its first sample is at \u{2212}20.0 dBFS.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert_eq!(with_first(0.005).one("cut-start").severity, Some(Severity::Info));
        assert!(with_first(0.0009).is_clean());
    }

    #[test]
    fn where_the_mix_begins_so_too_it_is_good_to_know() {
        let mut scene = with_first(0.1);
        scene.file(3).1.first_sample = 0.1;
        let finding = scene.one("cut-start");
        assert_eq!((finding.file, finding.severity), (Some(3), Some(Severity::Info)));
    }

    #[test]
    fn an_offset_is_no_cut() {
        let mut scene = with_first(0.1);
        scene.file(1).1.dc = vec![0.1; 2];
        assert!(scene.found("cut-start").is_empty());
    }

    #[test]
    fn a_fade_in_of_several_files() {
        let fade: Vec<f64> = (0..10).map(|ms| (0.01 * (f64::from(ms) + 0.5)).powi(2)).collect();
        let mut scene = Scene::clean();
        scene.file(0).1.head_powers.clone_from(&fade);
        assert!(scene.is_clean(), "one file may have a soft attack");
        scene.file(2).1.head_powers = fade;
        assert_eq!(scene.one("cut-start").severity, Some(Severity::Info));
        scene.file(2).1.head_powers[4] = 0.5;
        assert!(scene.is_clean());
    }
}
