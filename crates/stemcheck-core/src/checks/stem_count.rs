//! More or fewer stems than the studio takes.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "stem-count",
        severity: Severity::Warning,
        title: "An unusual number of stems",
        what: "There are more or fewer stems than the studio profile expects.",
        why: "Too many stems blur the line between mixing and mastering, cost more, and need more \
              time; a single stem gives the engineer nothing to balance. No number is wrong in \
              itself.",
        fix: "If there are too many, group tracks that belong together (all drums, all backing \
              vocals) and export the groups. If there are too few, export the groups of your mix \
              one by one. Or ask the studio.",
        source: "Des Grey, Mastering from track separates (12 to 20); Master Your Track, How to \
                 prepare the stems (up to 8); MasteringBOX, Stem mastering guide (3 to 8)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let count = song.stems().count();
    let (least, most) = (song.profile.min_stems, song.profile.max_stems);
    let (message, asked) = match (least, most) {
        (Some(least), _) if count < least => match count {
            0 => ("There are no stems; at least {asked} are expected.", least),
            1 => ("There is one stem; at least {asked} are expected.", least),
            _ => ("There are {count} stems; at least {asked} are expected.", least),
        },
        (_, Some(most)) if count > most => {
            ("There are {count} stems; up to {asked} are expected.", most)
        }
        _ => return,
    };
    found.push(
        Finding::new(CHECK.doc.code, message)
            .with("count", Value::Count(count as u64))
            .with("asked", Value::Count(asked as u64))
            .amount(count as f64, "stems"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::song::Role;

    #[test]
    fn the_limits_belong_to_the_range() {
        let mut scene = Scene::clean();
        for number in 0..5 {
            scene.add(&format!("Guitar {number}.wav"), Role::Stem);
        }
        assert!(scene.is_clean());
        scene.add("Piano.wav", Role::Stem);
        let finding = scene.one("stem-count");
        assert_eq!(scene.say(&finding), "There are 9 stems; up to 8 are expected.");
    }

    #[test]
    fn one_stem_is_too_few() {
        let mut scene = Scene::clean();
        scene.keep(1);
        let finding = scene.one("stem-count");
        assert_eq!(scene.say(&finding), "There is one stem; at least 2 are expected.");
    }
}
