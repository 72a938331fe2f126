//! Tops that were cut off before the file was turned down.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::units::{db_from_amplitude, seconds_from_frames};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "clipped-below-full-scale",
        severity: Severity::Warning,
        title: "The audio was clipped and then turned down",
        what: "The tops of the waveform are cut off flat at one level below full scale: identical \
               samples with steep flanks. The sound was clipped somewhere in the project, and what \
               came afterwards turned it down.",
        why: "The distortion stays when the level goes down; meters no longer show it. Mastering \
              makes it more obvious.",
        fix: "Look for a clip light within the track's chain: a plug-in's output, a bus, a recording. \
              Turn down before it and export again. If the clipping is an effect that you want, \
              leave it, and tell the engineer.",
        source: "All four guides (no clipping); flat tops as in Laguna and Lerch, AES 141 (2016)",
    },
    run,
};

/// Nearer to full scale than this, in dB, nothing was turned down.
const FULL_SCALE_DB: f64 = 0.01;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    // What clips at full scale is told as that.
    for file in song.heard().filter(|file| file.measured.clipping.count == 0) {
        let Some(tops) = &file.measured.cut_tops else { continue };
        let level = db_from_amplitude(tops.level);
        if is_full_scale(&file) || level > -FULL_SCALE_DB {
            continue;
        }
        let first = tops.runs.places.first().map_or(0, |run| run.start);
        found.push(
            Finding::new(
                CHECK.doc.code,
                "{file} is cut off flat at {level} in {count} places, the first at {first}: it was \
                 clipped and then turned down.",
            )
            .file(file.index)
            .with("level", Value::Number(level, "dBFS"))
            .with("count", Value::Count(tops.runs.count))
            .with("first", Value::Time(seconds_from_frames(first, file.format.sample_rate)))
            .amount(level, "dBFS")
            .places(file.places(&tops.runs.places)),
        );
    }
}

/// Whether the cut tops lie at full scale of the word that the samples really have: 16 bits in a file
/// of 24 reach a little less high.
pub(super) fn is_full_scale(file: &Heard<'_>) -> bool {
    let (format, measured) = (file.format, file.measured);
    let bits = measured.used_bits.min(format.valid_bits);
    let outermost = 1.0 - 1.5 * f64::from(1 - i32::from(bits)).exp2();
    let tops = measured.cut_tops.as_ref().map_or(0.0, |tops| tops.level);
    !format.float && (8..format.bits).contains(&bits) && (outermost..=1.0).contains(&tops)
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::{CutTops, Run, Runs};

    fn scene(level: f64) -> Scene {
        let mut scene = Scene::clean();
        let places = vec![Run { start: 96_000, frames: 4, channel: 0 }];
        let measured = scene.file(0).1;
        measured.cut_tops = Some(CutTops { level, runs: Runs { count: 12, samples: 50, places } });
        measured.peak[0] = level;
        scene
    }

    #[test]
    fn a_ceiling_below_full_scale_is_told() {
        let scene = scene(0.5);
        let said = "Drums.wav is cut off flat at \u{2212}6.0 dBFS in 12 places, the first at \
                    0:02.0: it was clipped and then turned down.";
        assert_eq!(scene.say(&scene.one("clipped-below-full-scale")), said);
        assert_eq!(scene.run().len(), 1);
    }

    #[test]
    fn at_full_scale_it_is_clipping() {
        let mut at_16_bits = scene(32_767.0 / 32_768.0);
        at_16_bits.file(0).1.used_bits = 16;
        at_16_bits.file(0).1.least_step = 2f64.powi(-15);
        assert!(at_16_bits.found("clipped-below-full-scale").is_empty());
        assert_eq!(at_16_bits.one("clipping").value, Some(12.0));
        let mut both = scene(0.5);
        both.file(0).1.clipping.count = 1;
        assert!(both.found("clipped-below-full-scale").is_empty());
    }
}
