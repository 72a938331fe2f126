//! Songs and tracklist that do not name the same.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "tracklist-mismatch",
        severity: Severity::Warning,
        title: "Songs and tracklist differ",
        what: "A song is not in the tracklist, or the tracklist names a song that is not there.",
        why: "A song was forgotten in one place or the other, or the list is of another version of the \
              album.",
        fix: "Add the missing song or correct the list. Name each song's folder by its title.",
        source: "Master Your Track, How to prepare the stems (tracklist for sequencing)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(album) = song.album else { return };
    let Some(listing) = &album.listing else { return };
    if !listing.listed {
        found.push(Finding::new(CHECK.doc.code, "This song is not in the tracklist."));
    }
    // What is missing belongs to no song: said once, with the first of several.
    if album.songs > 1 && album.number == 0 && !listing.missing.is_empty() {
        let quoted: Vec<String> =
            listing.missing.iter().map(|title| format!("\"{title}\"")).collect();
        let message = if quoted.len() == 1 {
            "The tracklist names {titles}, but no song is called like that."
        } else {
            "The tracklist names {titles}, but no songs are called like that."
        };
        let finding = Finding::new(CHECK.doc.code, message)
            .amount(quoted.len() as f64, "songs")
            .with("titles", Value::List(quoted));
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::checks::{Album, Listing};

    fn scene(number: usize, listed: bool, missing: &[&str]) -> Scene {
        let missing = missing.iter().map(|title| (*title).to_owned()).collect();
        let mut scene = Scene::clean();
        let listing = Some(Listing { listed, missing });
        scene.album = Some(Album { songs: 2, number, listing });
        scene
    }

    #[test]
    fn a_song_that_is_not_listed() {
        let scene = scene(1, false, &["Rain"]);
        assert_eq!(
            scene.say(&scene.one("tracklist-mismatch")),
            "This song is not in the tracklist."
        );
    }

    #[test]
    fn songs_that_are_not_there_are_told_with_the_first_one() {
        let scene = scene(0, true, &["Rain", "Sun"]);
        let said = "The tracklist names \"Rain\" and \"Sun\", but no songs are called like that.";
        assert_eq!(scene.say(&scene.one("tracklist-mismatch")), said);
    }

    #[test]
    fn a_list_that_agrees_is_fine() {
        assert!(scene(0, true, &[]).is_clean());
        assert!(scene(1, true, &["Rain"]).is_clean());
    }
}
