//! Single clicks in the sound.

use super::{Check, Doc, Finding, Song, Value, regular};
use crate::measure::Run;
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "click",
        severity: Severity::Warning,
        title: "There seem to be clicks",
        what: "In a few places a single sample or two leap out of the waveform, and the sound before \
               and after goes on as if nothing had been there. If the null test says so, one of stem \
               and mix has them and the other has not.",
        why: "Clicks come from edits without a fade, from a computer that could not keep up, or from \
              digital recordings that lost their clock. Mastering makes them louder.",
        fix: "Listen to the places. If you hear a click, put a short fade on the edit, or raise the \
              buffer size, and export again. If it is a sound that you want, leave it.",
        source: "Common practice; Essentia, ClickDetector (linear prediction, order 12)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| file.measured.clicks.count > 0) {
        let rate = file.format.sample_rate;
        let mut clicks = regular::together(&file.measured.clicks, rate);
        clicks.retain(|click| !is_invalid(&file.measured.invalid.places, click.start));
        // Where they come in time with the music they are the music.
        let Some(first) = clicks.first().filter(|_| !regular::is_music(&file, &clicks)) else {
            continue;
        };
        let message = if clicks.len() == 1 {
            "{file} seems to have a click at {first}."
        } else {
            "{file} seems to have {count} clicks, the first at {first}."
        };
        found.push(
            Finding::new(CHECK.doc.code, message)
                .file(file.index)
                .with("count", Value::Count(clicks.len() as u64))
                .with("first", Value::Time(seconds_from_frames(first.start, rate)))
                .amount(clicks.len() as f64, "clicks")
                .places(file.places(&clicks))
                .likely(),
        );
    }
}

/// Whether there is no number there: meters read silence instead, which leaps out.
fn is_invalid(runs: &[Run], frame: u64) -> bool {
    const NEAR: u64 = 64;
    let near = |run: &Run| {
        (run.start.saturating_sub(NEAR)..run.start + run.frames + NEAR).contains(&frame)
    };
    runs.iter().any(near)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::{Run, Runs};

    fn scene(starts: &[u64]) -> Scene {
        let mut scene = Scene::clean();
        let at = |&start: &u64| [0, 1].map(|channel| Run { start, frames: 1, channel });
        let places: Vec<Run> = starts.iter().flat_map(at).collect();
        let count = places.len() as u64;
        scene.file(0).1.clicks = Runs { count, samples: count, places };
        scene
    }

    #[test]
    fn clicks_are_told_once_for_both_channels() {
        let scene = scene(&[240_000, 500_000]);
        let finding = scene.one("click");
        let said = "Drums.wav seems to have 2 clicks, the first at 0:05.0.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.value, finding.places.len()), (Some(2.0), 2));
    }

    #[test]
    fn what_is_no_number_is_told_as_that() {
        let mut scene = scene(&[240_000]);
        let places = vec![Run { start: 239_990, frames: 12, channel: 0 }];
        scene.file(0).1.invalid = Runs { count: 1, samples: 12, places };
        assert!(scene.found("click").is_empty());
    }

    #[test]
    fn clicks_in_time_are_music() {
        let even: Vec<u64> = (2..12).map(|k| k * 96_000).collect();
        assert!(scene(&even).is_clean());
        let many: Vec<u64> = (0..60).map(|k| 96_000 + k * k * 300).collect();
        assert!(scene(&many).is_clean());
        assert!(scene(&[]).is_clean());
    }
}
