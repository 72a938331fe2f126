//! Stems that overload the master bus when they are played together.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "sum-clips",
        severity: Severity::Warning,
        title: "The stems together go over full scale",
        what: "With all stems at 0 dB, as the engineer opens them, the sum peaks above 0 dBFS.",
        why: "No stem is damaged by it, but your master bus was overloaded or something on it held \
              the peaks back. The mix that you heard is then not what the stems add up to.",
        fix: "Turn all tracks down by the same amount (select all faders, or use one group fader), \
              so that the balance stays, until the master meter stays below 0 dB with no limiter on \
              it. Then export the stems and the mix again. Never turn single stems down for this.",
        source: "Master Your Track, How to prepare the stems (the master bus does not clip); Des \
                 Grey, Mastering from track separates (no clipping, no limiter)",
    },
    run,
};

/// A mix that peaks at exactly 0 dBFS comes back from its stems with their rounding on top.
const TOLERANCE_DB: f64 = 0.05;

/// Whether a peak in dBFS lies above full scale.
pub(super) fn is_over(peak_dbfs: f64) -> bool {
    peak_dbfs > TOLERANCE_DB
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(peak) = song.sum.map(|sum| db_from_amplitude(sum.peak_max())) else { return };
    if !is_over(peak) {
        return;
    }
    let reference = song.sounding().find(super::Heard::is_reference);
    let reference = reference.map(|file| {
        (db_from_amplitude(file.measured.peak_max()), file.measured.clipping.count > 0)
    });
    let message = match reference {
        Some((level, false)) if !is_over(level) => {
            "All stems together peak at {peak}, which is over full scale, while the reference mix \
             stays at {reference}: something on the master bus holds it back, or a stem is louder \
             than in the mix. Turned down by {amount}, all alike, the stems would not clip."
        }
        _ => {
            "All stems together peak at {peak}, which is over full scale: the master bus clips. \
             Turned down by {amount}, all alike, they would not."
        }
    };
    // Rounded up, so that the printed amount is enough.
    let amount = (peak * 10.0).ceil() / 10.0;
    found.push(
        Finding::new(CHECK.doc.code, message)
            .with("peak", Value::Number(peak, "dBFS"))
            .with("reference", Value::Number(reference.map_or(0.0, |(level, _)| level), "dBFS"))
            .with("amount", Value::Number(amount, "dB"))
            .amount(peak, "dBFS"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;
    use crate::units::amplitude_from_db;

    fn with_sum(peak_db: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.profile.sum_headroom_db = None;
        scene.sum.as_mut().unwrap().peak[0] = amplitude_from_db(peak_db);
        scene
    }

    #[test]
    fn a_sum_over_full_scale_is_told_with_the_amount() {
        let mut scene = with_sum(2.04);
        let finding = scene.one("sum-clips");
        assert!(scene.say(&finding).contains("something on the master bus holds it back"));
        assert!(scene.say(&finding).contains("Turned down by 2.1 dB"));
        assert_eq!(finding.severity, Some(Severity::Warning));
        scene.file(3).1.clipping.count = 1;
        assert!(scene.say(&scene.one("sum-clips")).contains("the master bus clips"));
        scene.remove_reference();
        assert!(scene.say(&scene.one("sum-clips")).contains("the master bus clips"));
    }

    #[test]
    fn just_below_is_fine() {
        assert!(with_sum(0.04).is_clean());
    }
}
