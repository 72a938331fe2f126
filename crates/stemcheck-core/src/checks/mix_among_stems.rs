//! A whole mix that lies among the stems.

use super::{Check, Doc, Finding, Song, subset_sum};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mix-among-stems",
        severity: Severity::Error,
        title: "A whole mix lies among the stems",
        what: "One file that counts as a stem is the sum of all the others: a mix of the song.",
        why: "Imported with the stems it doubles everything.",
        fix: "If it is your reference mix, say so: choose it as reference here and call it \
              \"SongTitle_Mixdown.wav\". If it is another one, leave it out.",
        source: "All stems at 0 dB have to sound exactly as the mix: all four guides",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for compound in song.compounds.iter().filter(|compound| compound.is_mix) {
        let message = if compound.exact {
            "{file} is the sum of all other stems: a whole mix lies among them."
        } else {
            "{file} seems to be all other stems together, with some processing: a whole mix lies \
             among them."
        };
        found.push(subset_sum::about(song, compound, CHECK.doc.code, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::null::Compound;

    #[test]
    fn a_mix_is_told_once() {
        let mut scene = Scene::clean();
        scene.compounds = vec![Compound { whole: 2, parts: vec![0, 1], exact: true, is_mix: true }];
        assert_eq!(scene.one("mix-among-stems").file, Some(2));
        assert!(scene.found("subset-sum").is_empty());
    }
}
