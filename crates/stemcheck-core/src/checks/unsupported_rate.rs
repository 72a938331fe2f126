//! A sample rate that the studio does not accept.

use super::{Check, Doc, Finding, Song, Value, words};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "unsupported-rate",
        severity: Severity::Error,
        title: "Sample rate not accepted",
        what: "The file's sample rate is not among those of the studio profile.",
        why: "Each conversion of the sample rate costs a little quality, and an unusual rate often \
              means that the export had a wrong setting.",
        fix: "Look up the sample rate of your project. If the export differs from it, export again \
              at the project's own rate. If the project itself runs at this rate, ask the studio; \
              do not convert the files yourself.",
        source: "Master Your Track, How to prepare the stems (44.1, 48, 88.2 or 96 kHz, the mix's \
                 own rate, never resampled)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let accepted = &song.profile.sample_rates;
    if accepted.is_empty() {
        return;
    }
    let rates: Vec<String> = accepted.iter().map(|&rate| words::hertz(f64::from(rate))).collect();
    for file in song.heard().filter(|file| !accepted.contains(&file.format.sample_rate)) {
        let rate = f64::from(file.format.sample_rate);
        found.push(
            Finding::new(
                CHECK.doc.code,
                "{file} has a sample rate of {rate}; accepted are {accepted}.",
            )
            .file(file.index)
            .with("rate", Value::Number(rate, "Hz"))
            .with("accepted", Value::List(rates.clone()))
            .amount(rate, "Hz"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn a_rate_that_is_not_listed_is_found() {
        let mut scene = Scene::clean();
        scene.file(0).0.sample_rate = 22_050;
        let finding = scene.one("unsupported-rate");
        let said = "Drums.wav has a sample rate of 22.05 kHz; accepted are 44.1 kHz and 48 kHz.";
        assert_eq!(scene.say(&finding), said);
    }

    #[test]
    fn where_nothing_is_asked_every_rate_is_fine() {
        let mut scene = Scene::clean();
        scene.profile.sample_rates.clear();
        scene.file(0).0.sample_rate = 22_050;
        assert!(scene.found("unsupported-rate").is_empty());
    }
}
