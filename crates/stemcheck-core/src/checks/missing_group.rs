//! A group of instruments that no stem is named after.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "missing-group",
        severity: Severity::Warning,
        title: "A group of instruments seems to be missing",
        what: "No stem is named after a group that the studio asks for, such as drums, bass or lead \
               vocal. Only names are looked at.",
        why: "These groups carry most songs, and being able to treat them apart is what stems are \
              for.",
        fix: "If a stem holds this group, name it so, or set what it holds. If the group is mixed \
              into another stem, export it on its own. If the song has no such part, all is well.",
        source: "Master Your Track, How to prepare the stems (drums, bass and lead vocal always)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let is_there = |group: &str| {
        song.stems().any(|(_, file)| file.instrument.is_some_and(|held| held.name() == group))
    };
    let missing: Vec<String> = song
        .profile
        .required_groups
        .iter()
        .filter(|alternatives| !alternatives.iter().any(|group| is_there(group)))
        .filter_map(|alternatives| Some(alternatives.first()?.replace('-', " ")))
        .collect();
    if missing.is_empty() || song.stems().next().is_none() {
        return;
    }
    found.push(
        Finding::new(CHECK.doc.code, "Going by their names, the stems lack {groups}.")
            .amount(missing.len() as f64, "groups")
            .with("groups", Value::List(missing)),
    );
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn what_no_name_tells_is_missing() {
        let mut scene = Scene::clean();
        scene.rename(0, "Strings.wav");
        scene.rename(1, "Bassoon.wav");
        let finding = scene.one("missing-group");
        assert_eq!(scene.say(&finding), "Going by their names, the stems lack drums and bass.");
        assert_eq!(finding.value, Some(2.0));
    }

    #[test]
    fn one_of_the_alternatives_will_do() {
        let mut scene = Scene::clean();
        scene.rename(0, "Kick.wav");
        assert!(scene.is_clean());
    }
}
