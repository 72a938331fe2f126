//! A reference that went through a limiter.

use super::limited::tell;
use super::{Check, Doc, Finding, Heard, Song};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "reference-limited",
        severity: Severity::Warning,
        title: "The reference seems limited",
        what: "The peaks of the mix pile up at one level, and they stand little above its loudness: a \
               limiter or maximiser seems to have been on the master bus.",
        why: "Stems that are exported without it cannot sum to this mix, and stems exported with it \
              have each been limited by themselves. Mastering wants neither.",
        fix: "Switch off the limiter on the master bus and export the mix and all stems again. If you \
              want the engineer to hear how loud you meant it, send the limited mix as one more file.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (no limiter on the master bus)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    const HEAVY: &str =
        "{file} seems limited: its peaks end at one level, {plr} above its loudness.";
    let references = song.sounding().filter(Heard::is_reference);
    found.extend(references.filter_map(|file| tell(CHECK.doc.code, HEAVY, &file)));
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Limiting;

    #[test]
    fn a_limited_mix_is_told_and_a_dense_one_is_not() {
        let mut scene = Scene::clean();
        scene.file(3).1.plr_db = Some(9.5);
        assert!(scene.is_clean());
        scene.file(3).1.limiting =
            Limiting { windows: 30, pile: 9.0, share: 0.2, maxima: 40, top: 3.0, shapes: 20 };
        let said =
            "Mixdown.wav seems limited: its peaks end at one level, 9.5 dB above its loudness.";
        assert_eq!(scene.say(&scene.one("reference-limited")), said);
        assert!(scene.found("limited").is_empty());
    }
}
