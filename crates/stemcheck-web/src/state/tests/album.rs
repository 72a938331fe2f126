//! Several songs: one after the other, and in the order of a tracklist.

use super::*;

#[test]
fn the_songs_of_an_album_are_checked_one_after_the_other() {
    use Phase::{Checking, Done, Waiting};
    let state = album();
    assert_eq!(phases(&state), [Checking(0.0), Waiting, Waiting]);
    assert_eq!((state.work, state.run), (Some(0), 1));
    let state = finished(state, 0);
    assert_eq!(phases(&state), [Done, Checking(0.0), Waiting]);
    assert_eq!((state.work, state.run, state.shown), (Some(1), 2, 0), "the first stays open");
    assert_eq!(song(&state).name, "Night");
    let state = finished(finished(state, 1), 2);
    assert_eq!((phases(&state), state.work), (vec![Done; 3], None));
    assert_eq!(state.finished(), [0, 1, 2]);
}

#[test]
fn a_song_that_is_opened_is_next_and_keeps_what_was_found() {
    use Phase::{Checking, Done, Waiting};
    let state = album().after(Action::GainSet(0, -3.0)).after(Action::SongShown(2));
    assert_eq!(phases(&state), [Checking(0.0), Waiting, Waiting], "nothing is interrupted");
    assert_eq!((song(&state).name.as_str(), state.phase), ("Rain", Waiting));
    let state = finished(state, 0);
    assert_eq!(phases(&state), [Done, Waiting, Checking(0.0)]);
    let back = state.after(Action::SongShown(0));
    assert_eq!((back.phase, song(&back).files[0].fader.gain_db), (Done, -3.0));
    assert!(song(&back).told().is_some());
    let changed = back.after(Action::RoleSet(1, Role::Other));
    assert_eq!(phases(&changed), [Checking(0.0), Waiting, Waiting], "a change goes first");
    assert_eq!(phases(&finished(changed, 0)), [Done, Checking(0.0), Waiting]);
}

#[test]
fn an_album_is_cancelled_and_started_again_as_a_whole() {
    use Phase::{Cancelled, Checking, Done, Waiting};
    let state = finished(album(), 0).after(Action::Cancelled);
    assert_eq!(phases(&state), [Done, Cancelled, Cancelled]);
    let state = state.after(Action::SongShown(1)).after(Action::Started);
    assert_eq!(phases(&state), [Done, Checking(0.0), Waiting]);
    let failed = state.after(Action::InSong(1, Box::new(Action::Failed("x".to_owned()))));
    assert_eq!(phases(&failed), [Done, Cancelled, Checking(0.0)], "one does not stop the others");
    assert_eq!(failed.clone().after(Action::InSong(7, Box::new(Action::Finished))), failed);
}

#[test]
fn the_tracklist_orders_the_songs_and_names_those_that_are_missing() {
    let titles = ["Rain", "Storm", "Night"].map(str::to_owned).to_vec();
    let state = album().after(Action::TitlesSet(Some(titles)));
    let expected =
        [Track::Song(2, Some("Rain")), Track::Missing("Storm"), Track::Song(0, Some("Night"))];
    assert_eq!(state.tracks()[..3], expected);
    assert_eq!(state.tracks()[3], Track::Song(1, None));
    assert_eq!(
        finished(state.clone(), 0).finished(),
        [0],
        "only what is known goes into the report"
    );
    let listed: Vec<bool> =
        state.albums().iter().map(|a| a.listing.as_ref().unwrap().listed).collect();
    assert_eq!(listed, [true, false, true]);
    let none = state.after(Action::TitlesSet(Some(Vec::new())));
    assert_eq!(none.titles, None);
    assert_eq!(none.tracks().len(), 3);
}

#[test]
fn the_page_around_is_told_how_far_everything_is() {
    let state = State::default()
        .after(Action::Opened(vec![named("Night", &["a.wav"]), named("Day", &["b.wav"])]));
    assert_eq!((state.progress(), state.is_over()), ((0, 200), false));
    let state = state.after(Action::Progressed(0.5));
    assert_eq!(state.progress(), (50, 200));
    // All is read, and not yet judged.
    let state = state.after(Action::Progressed(1.0)).after(Action::Finished);
    let state = state.after(Action::InSong(1, Box::new(Action::Progressed(1.0))));
    assert_eq!((state.progress(), state.is_over()), ((200, 200), false));
    let state = state.after(Action::InSong(1, Box::new(Action::Finished)));
    assert!(state.is_over());
    assert!(!State::default().is_over());
}
