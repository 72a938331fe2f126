//! An album whose order nobody wrote down.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "no-tracklist",
        severity: Severity::Info,
        title: "The album has no tracklist",
        what: "There are several songs, and no list says in which order they belong.",
        why: "Levels, pauses and fades between songs depend on which one comes next.",
        fix: "Put a file 'tracklist.txt' with one title a line into the album's folder, or name a list \
              with --tracklist.",
        source: "Master Your Track, How to prepare the stems (tracklist for sequencing)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    // Said once, with the first song.
    let Some(album) = song.album.filter(|album| album.songs > 1 && album.number == 0) else {
        return;
    };
    if album.listing.is_none() {
        let message =
            "There are {songs} songs and no tracklist that says in which order they belong.";
        let finding = Finding::new(CHECK.doc.code, message)
            .with("songs", Value::Count(album.songs as u64))
            .amount(album.songs as f64, "songs");
        let is_asked = song.profile.tracklist == Some(true);
        found.push(if is_asked { finding.severity(Severity::Warning) } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use crate::checks::{Album, Listing};

    #[test]
    fn several_songs_without_a_list_are_told_with_the_first_one() {
        let mut scene = Scene::clean();
        scene.album = Some(Album { songs: 2, number: 0, listing: None });
        assert_eq!(scene.one("no-tracklist").severity, Some(Severity::Info));
        scene.profile.tracklist = Some(true);
        assert_eq!(scene.one("no-tracklist").severity, Some(Severity::Warning));
        scene.album = Some(Album { songs: 2, number: 1, listing: None });
        assert!(scene.is_clean());
    }

    #[test]
    fn one_song_or_a_list_is_fine() {
        let mut scene = Scene::clean();
        scene.album = Some(Album { songs: 1, number: 0, listing: None });
        assert!(scene.is_clean());
        let listing = Some(Listing { listed: true, missing: Vec::new() });
        scene.album = Some(Album { songs: 2, number: 0, listing });
        assert!(scene.is_clean());
    }
}
