//! Less room below full scale than the studio asks for.

use super::{Check, Doc, Finding, Song, Value, sum_clips};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "low-headroom",
        severity: Severity::Info,
        title: "Little headroom",
        what: "The loudest peak lies closer to full scale than the studio asks for.",
        why: "Some engineers want room for their own work. With 24-bit and float files it is a \
              matter of convenience: what counts is that nothing clips.",
        fix: "Turn all tracks down by the same amount and export again, or ask the studio whether \
              it minds.",
        source: "Des Grey, Mastering from track separates (some headroom); MasteringBOX, Stem \
                 mastering guide; Master Your Track (3, 6 or 10 dB do not matter at 24 bits)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    // What clips or goes over is told as that.
    if let (Some(asked), Some(sum)) = (song.profile.sum_headroom_db, song.sum) {
        let peak = db_from_amplitude(sum.peak_max());
        if peak > -asked && !sum_clips::is_over(peak) {
            let message = "All stems together peak at {peak}: that leaves {left} of headroom, \
                           {asked} are asked for.";
            found.push(finding(message, peak, asked));
        }
    }
    if let Some(asked) = song.profile.stem_headroom_db {
        for file in song.heard().filter(|file| !file.is_reference()) {
            let peak = db_from_amplitude(file.measured.peak_max());
            if peak > -asked && peak <= 0.0 && file.measured.clipping.count == 0 {
                let message = "{file} peaks at {peak}: that leaves {left} of headroom, {asked} are \
                               asked for.";
                found.push(finding(message, peak, asked).file(file.index));
            }
        }
    }
}

fn finding(message: &'static str, peak: f64, asked: f64) -> Finding {
    Finding::new(CHECK.doc.code, message)
        .with("peak", Value::Number(peak, "dBFS"))
        .with("left", Value::Number((-peak).max(0.0), "dB"))
        .with("asked", Value::Number(asked, "dB"))
        .amount(peak, "dBFS")
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::units::amplitude_from_db;

    #[test]
    fn a_hot_sum_and_a_hot_stem_are_told_apart() {
        let mut scene = Scene::clean();
        scene.sum.as_mut().unwrap().peak[0] = amplitude_from_db(-1.0);
        scene.file(1).1.peak[0] = amplitude_from_db(-2.0);
        let found = scene.found("low-headroom");
        assert_eq!((found[0].file, found[1].file), (None, Some(1)));
        let said = "All stems together peak at \u{2212}1.0 dBFS: that leaves 1.0 dB of headroom, \
                    3.0 dB are asked for.";
        assert_eq!(scene.say(&found[0]), said);
    }

    #[test]
    fn just_enough_is_enough() {
        let mut scene = Scene::clean();
        scene.sum.as_mut().unwrap().peak[0] = amplitude_from_db(-3.01);
        scene.file(1).1.peak[0] = amplitude_from_db(-3.01);
        assert!(scene.is_clean());
    }

    #[test]
    fn where_nothing_is_asked_nothing_is_told() {
        let mut scene = Scene::clean();
        (scene.profile.sum_headroom_db, scene.profile.stem_headroom_db) = (None, None);
        scene.sum.as_mut().unwrap().peak[0] = 1.0;
        scene.file(1).1.peak[0] = 1.0;
        assert!(scene.is_clean());
    }
}
