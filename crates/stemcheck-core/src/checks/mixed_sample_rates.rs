//! Files of one song at different sample rates.

use super::odd::odd_ones;
use super::{Check, Doc, Finding, Song, Value, reference_mismatch};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mixed-sample-rates",
        severity: Severity::Error,
        title: "Different sample rates",
        what: "The files of the song do not all have the same sample rate.",
        why: "In one project they play at the wrong speed and pitch, or each odd one has to be \
              converted. They also cannot be summed here, so the null test could not take them in.",
        fix: "Export all stems and the mix from the same project with the same setting, at the \
              project's own sample rate. Do not convert single files.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (the project's own rate, never resampled)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let rates: Vec<_> = song.heard().map(|file| (file.index, file.format.sample_rate)).collect();
    let Some(split) = odd_ones(&rates) else { return };
    if reference_mismatch::is_the_odd_one(song, &split.odd) {
        return;
    }
    let rate_of =
        |wanted: usize| rates.iter().find(|(index, _)| *index == wanted).map(|pair| pair.1);
    let finding = match split.odd[..] {
        [odd] => Finding::new(CHECK.doc.code, "{file} is at {rate}, the rest of the song at {common}.")
            .file(odd)
            .with("rate", Value::Number(rate_of(odd).map_or(0.0, f64::from), "Hz")),
        _ => Finding::new(
            CHECK.doc.code,
            "The files have {kinds} different sample rates: {count} are at {common}, but not {odd}.",
        )
        .with("kinds", Value::Count(split.kinds as u64))
        .with("count", Value::Count(split.count as u64))
        .with("odd", Value::Names(split.odd)),
    };
    found.push(
        finding
            .with("common", Value::Number(f64::from(split.common), "Hz"))
            .amount(split.kinds as f64, "rates"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn the_odd_file_is_named() {
        let mut scene = Scene::clean();
        scene.file(1).0.sample_rate = 44_100;
        let finding = scene.one("mixed-sample-rates");
        let said = "Bass.wav is at 44.1 kHz, the rest of the song at 48 kHz.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
    }

    #[test]
    fn several_odd_files_are_listed() {
        let mut scene = Scene::clean();
        scene.add("Piano.wav", crate::song::Role::Stem);
        scene.file(1).0.sample_rate = 44_100;
        scene.file(2).0.sample_rate = 44_100;
        let finding = scene.one("mixed-sample-rates");
        let said = "The files have 2 different sample rates: 3 are at 48 kHz, but not Bass.wav and \
                    Lead vocal.wav.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, None));
    }
}
