//! Stems of one song with different word lengths.

use super::odd::odd_ones;
use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mixed-bit-depths",
        severity: Severity::Warning,
        title: "Different bit depths",
        what: "The stems are not all stored with the same number of bits, or some as float and some \
               not.",
        why: "They sound fine together, but it shows that they were not exported in one go: check \
              that all of them come from the same version of the song.",
        fix: "Export all stems in one go with one setting: 24-bit or 32-bit float.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (24-bit or 32-bit float)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    // A lossy file has no bits; that it is one is said elsewhere.
    let stems = song.heard().filter(|file| !file.is_reference() && !file.format.is_lossy());
    let depths: Vec<_> =
        stems.map(|file| (file.index, (file.format.valid_bits, file.format.float))).collect();
    let Some(split) = odd_ones(&depths) else { return };
    let odd_depth = |odd: usize| depths.iter().find(|(index, _)| *index == odd).map(|pair| pair.1);
    let finding = match split.odd[..] {
        [odd] => Finding::new(CHECK.doc.code, "{file} is {depth}, the other stems are {common}.")
            .file(odd)
            .with("depth", Value::Text(odd_depth(odd).map_or_else(String::new, spoken))),
        _ => Finding::new(
            CHECK.doc.code,
            "The stems have {kinds} different bit depths: {count} are {common}, but not {odd}.",
        )
        .with("kinds", Value::Count(split.kinds as u64))
        .with("count", Value::Count(split.count as u64))
        .with("odd", Value::Names(split.odd)),
    };
    found.push(
        finding
            .with("common", Value::Text(spoken(split.common)))
            .amount(split.kinds as f64, "depths"),
    );
}

fn spoken((bits, float): (u16, bool)) -> String {
    if float { format!("{bits}-bit float") } else { format!("{bits}-bit") }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn float_among_integers_is_told() {
        let mut scene = Scene::clean();
        let format = scene.file(1).0;
        (format.bits, format.valid_bits, format.float) = (32, 32, true);
        let finding = scene.one("mixed-bit-depths");
        assert_eq!(scene.say(&finding), "Bass.wav is 32-bit float, the other stems are 24-bit.");
    }

    #[test]
    fn the_reference_may_differ() {
        let mut scene = Scene::clean();
        let format = scene.file(3).0;
        (format.bits, format.valid_bits) = (16, 16);
        assert!(scene.found("mixed-bit-depths").is_empty());
    }
}
