//! Stems whose peaks are all alike.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "normalised",
        severity: Severity::Error,
        title: "The stems were normalised",
        what: "Several stems peak at the very same round level. Left alone, no two stems of a mix \
               do: the export raised each of them to that level ('normalise').",
        why: "Each stem was changed by another amount, so your balance is gone: together they no \
              longer sound as your mix.",
        fix: "Export all stems again with 'normalise' switched off (it is an option of the export \
              window). If you did not normalise, a limiter on each stem does the same: take it off.",
        source: "Master Your Track, How to prepare the stems (no normalisation)",
    },
    run,
};

/// Levels that programs normalise to, in dBFS.
const TARGETS: [f64; 9] = [0.0, -0.1, -0.2, -0.3, -0.5, -1.0, -2.0, -3.0, -6.0];
/// How near a peak must be to its target, in dB: of 684 pairs of natural stems, one was this close.
const NEAR_DB: f64 = 0.05;
/// So many stems at one level are no chance; no song of 19 had it.
const MANY: usize = 3;
/// In a small song this share of the stems will do for a doubt.
const SHARE: f64 = 0.6;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    if song.profile.no_normalising != Some(true) {
        return;
    }
    let stems = distinct_stems(song);
    let at = |target: f64| -> Vec<usize> {
        let near = |file: &&Heard<'_>| (peak_db(file) - target).abs() <= NEAR_DB;
        stems.iter().filter(near).map(|file| file.index).collect()
    };
    let (mut alike, mut level) = (Vec::new(), 0.0);
    for target in TARGETS {
        let files = at(target);
        if files.len() > alike.len() {
            (alike, level) = (files, target);
        }
    }
    let certain = alike.len() >= MANY;
    if !certain && (alike.len() < 2 || (alike.len() as f64) < SHARE * stems.len() as f64) {
        return;
    }
    let finding = Finding::new(
        CHECK.doc.code,
        if certain {
            "{count} stems peak at exactly {level} ({names}): they were normalised, which changes \
             the balance of your mix."
        } else {
            "{names} both peak at exactly {level}: they may have been normalised, which would \
             change the balance of your mix."
        },
    )
    .with("count", Value::Count(alike.len() as u64))
    .with("level", Value::Number(level, "dBFS"))
    .amount(level, "dBFS")
    .with("names", Value::Names(alike));
    found.push(if certain { finding } else { finding.severity(Severity::Warning).likely() });
}

/// Stems that sound, are not clipped (those meet at full scale for another reason) and are not copies.
fn distinct_stems<'a>(song: &'a Song<'_>) -> Vec<Heard<'a>> {
    let mut distinct: Vec<Heard<'a>> = Vec::new();
    for file in song.sounding().filter(|file| !file.is_reference()) {
        let copy =
            distinct.iter().any(|known| known.measured.fingerprint == file.measured.fingerprint);
        if file.measured.clipping.count == 0 && !copy {
            distinct.push(file);
        }
    }
    distinct
}

fn peak_db(file: &Heard<'_>) -> f64 {
    db_from_amplitude(file.measured.peak_max())
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Runs;
    use crate::profile::Severity;
    use crate::units::amplitude_from_db;

    fn with_peaks(peaks_db: [f64; 3]) -> Scene {
        let mut scene = Scene::clean();
        scene.profile.stem_headroom_db = None;
        for (file, db) in peaks_db.into_iter().enumerate() {
            scene.file(file).1.peak[0] = amplitude_from_db(db);
        }
        scene
    }

    #[test]
    fn three_equal_round_peaks_are_no_chance() {
        let scene = with_peaks([-0.1, -0.12, -0.06]);
        let finding = scene.one("normalised");
        let said = "3 stems peak at exactly \u{2212}0.1 dBFS (Drums.wav, Bass.wav and Lead \
                    vocal.wav): they were normalised, which changes the balance of your mix.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.severity, finding.value), (Some(Severity::Error), Some(-0.1)));
    }

    #[test]
    fn two_of_three_are_a_doubt() {
        let finding = with_peaks([-1.0, -9.0, -1.0]).one("normalised");
        assert_eq!(finding.severity, Some(Severity::Warning));
    }

    #[test]
    fn other_levels_other_reasons_and_other_peaks_are_fine() {
        assert!(with_peaks([-4.2, -4.2, -4.2]).is_clean());
        assert!(with_peaks([-1.0, -1.2, -7.0]).is_clean());
        let mut clipped = with_peaks([0.0, 0.0, 0.0]);
        for file in 0..3 {
            clipped.file(file).1.clipping = Runs { count: 1, ..Runs::default() };
        }
        assert!(clipped.found("normalised").is_empty());
    }
}
