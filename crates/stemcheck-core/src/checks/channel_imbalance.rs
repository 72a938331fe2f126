//! A mix that leans to one side.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "channel-imbalance",
        severity: Severity::Warning,
        title: "One side of the mix is louder",
        what: "Over the whole song one channel of the mix is clearly louder than the other, as it is \
               heard. Single tracks may be panned as you like.",
        why: "The centre of the mix, voice and bass, moves to one side, and the louder channel \
              decides how loud the master can become.",
        fix: "Check the balance and pan controls on the master bus, and whether a plug-in or a cable \
              is louder on one side. If the arrangement leans to one side on purpose, say so in the \
              notes to the engineer.",
        source: "Common practice: a mix stays within 1.5 dB",
    },
    run,
};

/// More than an arrangement usually makes.
const WARNING_DB: f64 = 3.0;
/// More than is usual for a mix.
const INFO_DB: f64 = 1.5;
/// One channel is as good as silent: another fault.
const SILENT_DB: f64 = 40.0;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let reference = song.sounding().find(super::Heard::is_reference);
    let mix = reference.map(|file| (Some(file.index), file.measured.balance_db));
    let mix = mix.or(song.sum.map(|sum| (None, sum.balance_db)));
    let Some((file, Some(balance))) = mix else { return };
    if !(INFO_DB..SILENT_DB).contains(&balance.abs()) {
        return;
    }
    let message = match file {
        Some(_) => "The {side} channel of {file} is {amount} louder than the other one.",
        None => {
            "With all stems together, the {side} channel is {amount} louder than the other one."
        }
    };
    let side = if balance > 0.0 { "left" } else { "right" };
    let finding = Finding::new(CHECK.doc.code, message)
        .with("side", Value::Text(side.to_owned()))
        .with("amount", Value::Number(balance.abs(), "dB"))
        .amount(balance, "dB");
    let severity = if balance.abs() > WARNING_DB { Severity::Warning } else { Severity::Info };
    found.push(Finding { file, ..finding.severity(severity) });
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn with_balance(file: usize, balance_db: f64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(file).1.balance_db = Some(balance_db);
        scene
    }

    #[test]
    fn a_mix_that_leans_is_told_by_how_much() {
        let scene = with_balance(3, -3.4);
        let finding = scene.one("channel-imbalance");
        let said = "The right channel of Mixdown.wav is 3.4 dB louder than the other one.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(finding.severity, Some(Severity::Warning));
        assert_eq!(with_balance(3, 2.0).one("channel-imbalance").severity, Some(Severity::Info));
        let mut sum = Scene::clean();
        sum.remove_reference();
        sum.sum.as_mut().unwrap().balance_db = Some(5.0);
        assert!(sum.say(&sum.one("channel-imbalance")).contains("the left channel is 5.0 dB"));
    }

    #[test]
    fn a_little_and_panned_tracks_are_fine() {
        assert!(with_balance(3, 1.4).is_clean());
        assert!(with_balance(0, 20.0).is_clean());
        assert!(with_balance(3, -60.0).is_clean());
    }
}
