//! Kick and bass that cancel each other.

use super::{Check, Doc, Finding, Place, Song, Value};
use crate::measure::{Low, overlap};
use crate::profile::Severity;
use crate::song::Instrument;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "low-end-phase",
        severity: Severity::Info,
        title: "Kick and bass cancel each other",
        what: "Where kick and bass sound together, the low end (40 to 120 Hz) of both is weaker than it \
               would be if they had nothing to do with each other.",
        why: "The low end decides how loud a master can become. What cancels there, no equaliser brings \
              back.",
        fix: "Listen to kick and bass alone, in mono. Try the bass with its polarity inverted, or moved \
              by a few milliseconds, keep what has more low end, and export the mix and the stems again. \
              If you like it as it is, leave it.",
        source: "Des Grey, Mastering from track separates (phase, low end)",
    },
    run,
};

/// Fewer hits say nothing: any two of them may cancel.
const LEAST_HITS: usize = 8;
/// Kicks and basses of seven songs lie within 0.25 dB of 0.
const CANCELS_DB: f64 = -1.0;
/// Half of the low end is lost.
const WARNING_DB: f64 = -3.0;
/// Of the hits so many lose.
const MOST_HITS: f64 = 0.75;
/// Places that are shown.
const PLACES: usize = 20;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let stems = |wanted: Instrument| -> (Vec<usize>, Vec<&Low>) {
        let stems = song.stems().filter(|(_, file)| file.instrument == Some(wanted));
        stems.filter_map(|(index, file)| Some((index, &file.measured?.low))).unzip()
    };
    let ((kick, kick_lows), (bass, bass_lows)) = (stems(Instrument::Kick), stems(Instrument::Bass));
    let Some(overlap) = overlap(&kick_lows, &bass_lows) else { return };
    let lost = overlap.hits.iter().filter(|hit| hit.2 < 0.0).count() as f64;
    let hits = overlap.hits.len();
    if hits < LEAST_HITS || overlap.sum_db > CANCELS_DB || lost < MOST_HITS * hits as f64 {
        return;
    }
    let message = "{kick} and {bass} seem to cancel each other: in {hits} hits their low end is {loss} \
                   weaker together than apart.";
    let places = overlap.hits.iter().take(PLACES);
    let finding = Finding::new(CHECK.doc.code, message)
        .with("kick", Value::Names(kick))
        .with("bass", Value::Names(bass))
        .with("hits", Value::Count(hits as u64))
        .with("loss", Value::Number(-overlap.sum_db, "dB"))
        .amount(overlap.sum_db, "dB")
        .places(
            places.map(|&(start_s, end_s, _)| Place { start_s, end_s, channel: None }).collect(),
        )
        .likely();
    let severe = overlap.sum_db < WARNING_DB;
    found.push(if severe { finding.severity(Severity::Warning) } else { finding });
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::block::Block;
    use crate::measure::{FileMeter, Low, Stream, Word};
    use crate::null::Confidence;
    use crate::profile::Severity;

    /// So many hits of 60 Hz, half a second apart.
    fn low(hits: usize, phase: f32) -> Low {
        let stream = Stream { sample_rate: 6000, channels: 1, word: Word::Float };
        let mut meter = FileMeter::new(stream, 0);
        let frames = (0..hits * 3000).map(|i| {
            let t = (i % 3000) as f32 / 6000.0;
            0.4 * (-15.0 * t).exp() * (t * 60.0 * std::f32::consts::TAU + phase.to_radians()).sin()
        });
        meter.push(&Block::from_planar(0, vec![frames.collect()]));
        meter.finish().measurements().low
    }

    fn scene(hits: usize, phase: f32) -> Scene {
        let mut scene = Scene::clean();
        scene.rename(0, "Kick.wav");
        scene.file(0).1.low = low(hits, 0.0);
        scene.file(1).1.low = low(hits, phase);
        scene
    }

    #[test]
    fn a_bass_against_the_kick_is_told() {
        let scene = scene(8, 135.0);
        let finding = scene.one("low-end-phase");
        let said = scene.say(&finding);
        assert!(
            said.starts_with("Kick.wav and Bass.wav seem to cancel each other: in 8 hits"),
            "{said}"
        );
        assert!(finding.value.is_some_and(|db| db < -3.0), "{finding:?}");
        assert_eq!((finding.file, finding.severity), (None, Some(Severity::Warning)));
        assert_eq!((finding.confidence, finding.places.len()), (Confidence::Likely, 8));
        let less = self::scene(8, 115.0).one("low-end-phase");
        assert_eq!(less.severity, Some(Severity::Info));
    }

    #[test]
    fn few_hits_and_those_that_add_up_are_fine() {
        assert!(scene(7, 180.0).is_clean());
        assert!(scene(8, 90.0).is_clean());
        assert!(scene(8, 0.0).is_clean());
    }
}
