//! What is said about files, songs and demands.

use super::*;

#[test]
fn a_profile_is_judged_after_the_end_without_starting_again() {
    let told = reported(vec![file("Drums.wav", Role::Stem, 1.0)], Vec::new());
    let state = examined().after(Action::ProfileChosen("separates".to_owned())).after(told);
    assert_eq!((state.phase, song(&state).seconds()), (Phase::Done, 1.0));
}

#[test]
fn only_believable_tempos_are_taken() {
    let set = |bpm| song(&examined().after(Action::TempoSet(bpm))).tempo_bpm;
    assert_eq!([set(Some(124.0)), set(Some(40.0))], [Some(124.0), Some(40.0)]);
    assert_eq!([set(Some(0.0)), set(Some(f64::NAN)), set(Some(1e9)), set(None)], [None; 4]);
}

#[test]
fn roles_follow_the_report_unless_set_by_hand() {
    let state = examined().after(Action::RoleSet(0, Role::Other)).after(Action::Started);
    let told = reported(
        vec![file("Drums.wav", Role::Stem, 1.0), file("Bass.wav", Role::Other, 1.0)],
        Vec::new(),
    );
    let state = state.after(told);
    assert_eq!(
        (song(&state).files[0].role, song(&state).files[1].role),
        (Role::Other, Role::Other)
    );
    assert_eq!(song(&state).roles_by_hand(), [(0, Role::Other)]);
}

#[test]
fn a_song_has_one_reference() {
    let state = examined().after(Action::RoleSet(1, Role::Reference));
    let roles: Vec<Role> = song(&state).files.iter().map(|file| file.role).collect();
    assert_eq!(roles, [Role::Stem, Role::Reference, Role::Other]);
    // What became of the former one is told by the report, like before.
    assert_eq!(song(&state).roles_by_hand(), [(1, Role::Reference)]);
    assert_eq!((state.phase, state.amended), (Phase::Checking(0.0), 1), "it is another sum");
    assert_eq!(state.run, 1, "but nothing is measured again");
    assert!(song(&state).told().is_some(), "what is known stays");
    assert_eq!(state.clone().after(Action::RoleSet(1, Role::Reference)), state);
}

#[test]
fn what_was_said_about_a_file_can_be_taken_back() {
    let said = examined()
        .after(Action::RoleSet(1, Role::Other))
        .after(Action::InstrumentSet(1, Some(Instrument::Keys)));
    assert_eq!(song(&said).instruments_by_hand(), [(1, Instrument::Keys)]);
    let back = said.after(Action::GuessTaken(1));
    assert_eq!(song(&back).roles_by_hand(), []);
    assert_eq!(song(&back).instruments_by_hand(), []);
    assert_eq!(back.amended, 2, "the sum is another one again");
    assert_eq!(
        back.clone().after(Action::GuessTaken(1)),
        back,
        "there is nothing left to take back"
    );
}

#[test]
fn what_the_artist_signs_belongs_to_the_song() {
    let mut state = opened(&["Bass.wav"]);
    state = state.after(Action::Ticked("I have listened.".to_owned(), true));
    state = state.after(Action::NotesSet("Warm.".to_owned()));
    let signature = state.song.clone().unwrap().signature;
    assert!(signature.done.contains("I have listened.") && signature.notes == "Warm.");
    let next = state.after(Action::Opened(vec![named("Day", &[])]));
    assert_eq!(next.song.unwrap().signature, Signature::default());
}

#[test]
fn a_studios_own_profile_stays_whatever_is_opened() {
    let own = Profile { name: "mine".to_owned(), ..Profile::default() };
    let state =
        State { profile: "mine".to_owned(), own_profile: Some(own.clone()), ..State::default() };
    for action in [Action::Opened(vec![named("Night", &["a.wav"])]), Action::DemoAsked] {
        let next = state.clone().after(action);
        assert_eq!((next.profile.as_str(), next.own_profile), ("mine", Some(own.clone())));
    }
}

#[test]
fn a_profile_that_is_made_holds_at_once_and_can_be_chosen_again() {
    let own = Profile { name: "mine".to_owned(), max_stems: Some(3), ..Profile::default() };
    let open = examined().after(Action::ProfileFormSet(true));
    assert!(open.profile_form);
    let made = open.after(Action::ProfileMade(Box::new(own.clone())));
    assert!(!made.profile_form);
    assert_eq!((made.demands(), made.phase), (own, Phase::Done));
    let names = |state: &State, only_one| -> Vec<String> {
        state.offered(only_one).into_iter().map(|profile| profile.name).collect()
    };
    assert_eq!(names(&made, false), ["mine", "generic", "separates", "stems-8", "stems-3-8"]);
    assert_eq!(names(&made, true), ["mine"]);
    let other = made.after(Action::ProfileChosen("stems-8".to_owned()));
    assert_eq!(other.demands().max_stems, Some(8));
    // One that is called like a built-in profile takes its place.
    let like = Profile { name: "stems-8".to_owned(), ..Profile::default() };
    let like = other.after(Action::ProfileMade(Box::new(like)));
    assert_eq!(names(&like, false), ["stems-8", "generic", "separates", "stems-3-8"]);
    assert_eq!(like.demands().max_stems, None);
}
