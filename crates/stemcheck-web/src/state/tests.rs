use stemcheck_session::core::checks::Place;
use stemcheck_session::core::null::Confidence;
use stemcheck_session::core::preview::{Bus, Mix, Strip};
use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::{Instrument, Role};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Calibration;
use stemcheck_session::report::{
    FileReport, FindingReport, FormatReport, NullReport, RecipeReport, Report, SCHEMA_VERSION,
    SongReport, Tool, Verdict,
};

use super::*;

fn named(name: &str, files: &[&str]) -> Song {
    Song::new(name.to_owned(), files.iter().map(|&name| name.to_owned()).collect())
}

fn opened(files: &[&str]) -> State {
    State::default().after(Action::Opened(vec![named("Night", files)]))
}

fn file(name: &str, role: Role, seconds: f64) -> FileReport {
    let format = FormatReport {
        container: "wav".to_owned(),
        codec: "pcm".to_owned(),
        sample_rate: 48_000,
        bits: 24,
        valid_bits: 24,
        float: false,
        channels: 2,
        frames: (seconds * 48_000.0) as u64,
        seconds,
    };
    FileReport {
        name: name.to_owned(),
        role,
        instrument: None,
        sha256: None,
        readable: true,
        format: Some(format),
        tags: None,
        levels: None,
        loudness: None,
        dynamics: None,
        bits: None,
        stereo: None,
        silence: None,
    }
}

fn finding(code: &str, severity: Severity, file: &str, places: &[(f64, f64)]) -> FindingReport {
    let place = |&(start_s, end_s): &(f64, f64)| Place { start_s, end_s, channel: None };
    FindingReport {
        code: code.to_owned(),
        severity,
        file: Some(file.to_owned()),
        message: String::new(),
        fix: String::new(),
        value: None,
        unit: None,
        confidence: Confidence::Certain,
        places: places.iter().map(place).collect(),
        source: String::new(),
    }
}

/// The news of a report.
fn reported(files: Vec<FileReport>, findings: Vec<FindingReport>) -> Action {
    let song = SongReport {
        name: "Night".to_owned(),
        verdict: Verdict::Ready,
        tempo_bpm: None,
        files,
        null: NullReport::default(),
        findings,
        service: None,
        checklist: Vec::new(),
        notes: None,
        delivery: None,
    };
    Action::Reported(Box::new(Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "stemcheck".to_owned(), version: "0".to_owned() },
        profile: "generic".to_owned(),
        verdict: Verdict::Ready,
        songs: vec![song],
    }))
}

/// Drums, bass and a mix, examined to the end.
fn examined() -> State {
    let files = vec![
        file("Drums.wav", Role::Stem, 10.0),
        file("Bass.wav", Role::Stem, 12.0),
        file("Mix.wav", Role::Reference, 11.0),
    ];
    opened(&["Drums.wav", "Bass.wav", "Mix.wav"])
        .after(reported(files, Vec::new()))
        .after(Action::Finished)
}

fn song(state: &State) -> &Song {
    state.song.as_ref().expect("a song is open")
}

#[test]
fn fixes_are_played_only_where_there_are_some_and_not_with_the_next_song() {
    let clean = examined();
    assert!(!clean.has_fixes());
    assert!(!clean.clone().after(Action::FixesSet(true)).listening.fixed);

    let mut report = Report::clone(song(&clean).report.as_ref().expect("a report"));
    report.songs[0].null.recipe.push(RecipeReport {
        file: "Bass.wav".to_owned(),
        left_out: false,
        gain_db: 0.0,
        inverted: true,
        advance_samples: 0.0,
        treatments: Vec::new(),
    });
    let faulty = clean.after(Action::Reported(Box::new(report)));
    assert!(faulty.has_fixes());
    let fixed = faulty.after(Action::FixesSet(true));
    assert!(fixed.listening.fixed);
    assert!(!fixed.clone().after(Action::FixesSet(false)).listening.fixed);
    assert!(!fixed.after(Action::Started).listening.fixed);
}

#[test]
fn a_drop_starts_the_check_on_a_clean_page() {
    let before = examined()
        .after(Action::Noticed("old".to_owned()))
        .after(Action::Playing(true))
        .after(Action::TempoSet(Some(120.0)))
        .after(Action::ProfileChosen("stems-8".to_owned()));
    let state = before.after(Action::Opened(vec![named("Day", &["Kick.wav"])]));
    assert_eq!(state.phase, Phase::Checking(0.0));
    assert_eq!((song(&state).files.len(), song(&state).told()), (1, None));
    assert_eq!(song(&state).tempo_bpm, None);
    assert_eq!((state.notice, state.listening.playing), (None, false));
    assert_eq!(state.profile, "stems-8", "a studio's demands hold for the next song too");
}

#[test]
fn progress_never_runs_backwards_and_ends_with_the_check() {
    let state = opened(&["a.wav"]).after(Action::Progressed(0.6)).after(Action::Progressed(0.4));
    assert_eq!(state.phase, Phase::Checking(0.6));
    assert_eq!(state.clone().after(Action::Progressed(7.0)).phase, Phase::Checking(1.0));
    assert_eq!(state.after(Action::Finished).after(Action::Progressed(0.1)).phase, Phase::Done);
}

#[test]
fn cancelling_keeps_what_was_found_and_ignores_what_comes_late() {
    let partial = reported(vec![file("a.wav", Role::Stem, 3.0)], Vec::new());
    let state = opened(&["a.wav"]).after(partial).after(Action::Cancelled);
    assert_eq!(state.phase, Phase::Cancelled);
    assert_eq!(song(&state).seconds(), 3.0);
    let late = state.after(reported(Vec::new(), Vec::new())).after(Action::Finished);
    assert_eq!(late.phase, Phase::Cancelled);
    assert_eq!(song(&late).seconds(), 3.0);
}

#[test]
fn cancelling_a_finished_check_changes_nothing() {
    assert_eq!(examined().after(Action::Cancelled), examined());
}

#[test]
fn the_demo_clears_the_page_and_can_be_cancelled() {
    let state = examined().after(Action::ProfileChosen("stems-8".to_owned()));
    let composing = state.after(Action::DemoAsked);
    assert_eq!((composing.phase, composing.song.as_ref()), (Phase::Composing, None));
    assert_eq!(composing.profile, "stems-8");
    assert_eq!(composing.after(Action::Cancelled).phase, Phase::Empty);
}

#[test]
fn a_failure_says_why_and_ends_the_check() {
    let state = opened(&["a.wav"]).after(Action::Failed("No worker".to_owned()));
    assert_eq!((state.phase, state.notice.as_deref()), (Phase::Cancelled, Some("No worker")));
    assert_eq!(state.after(Action::Dismissed).notice, None);
}

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
fn a_replaced_file_keeps_its_row_and_the_results_of_the_others() {
    let offer = Offer { places: vec![1], names: vec!["Bass 2.wav".to_owned()], is_certain: false };
    let asked = examined().after(Action::Offered(offer.clone()));
    assert_eq!(asked.phase, Phase::Done, "nothing happens before the answer");
    assert_eq!(asked.clone().after(Action::OfferDeclined), examined());
    let state = asked.after(Action::Replaced(offer.replacements()));
    assert_eq!((state.phase, state.offer.as_ref()), (Phase::Checking(0.0), None));
    assert_eq!(song(&state).name_of(1), Some("Bass 2.wav"));
    assert!(song(&state).told_of(0).is_some());
}

/// Three songs, of which the first is being checked.
fn album() -> State {
    let songs = ["Night", "Day", "Rain"].map(|name| named(name, &["Drums.wav", "Mix.wav"]));
    State::default().after(Action::Opened(songs.to_vec()))
}

fn phases(state: &State) -> Vec<Phase> {
    (0..state.songs()).filter_map(|number| Some(state.song_at(number)?.1)).collect()
}

fn finished(state: State, number: usize) -> State {
    let told = reported(vec![file("Drums.wav", Role::Stem, 9.0)], Vec::new());
    [told, Action::Finished]
        .into_iter()
        .fold(state, |state, news| state.after(Action::InSong(number, Box::new(news))))
}

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
fn actions_on_files_that_are_not_there_do_nothing() {
    for action in [
        Action::GainSet(9, 1.0),
        Action::MuteToggled(9),
        Action::SoloToggled(9),
        Action::RoleSet(9, Role::Stem),
        Action::InstrumentSet(9, Some(Instrument::Bass)),
        Action::GuessTaken(9),
        Action::SongShown(9),
    ] {
        assert_eq!(examined().after(action.clone()), examined(), "{action:?}");
        assert_eq!(State::default().after(action), State::default());
    }
}

#[test]
fn faders_stay_in_range_and_outlive_a_second_check() {
    let state = examined()
        .after(Action::GainSet(0, 99.0))
        .after(Action::GainSet(1, -6.0))
        .after(Action::GainSet(1, f64::NAN))
        .after(Action::MuteToggled(0))
        .after(Action::SoloToggled(1))
        .after(Action::Started);
    let faders: Vec<Fader> = song(&state).files.iter().map(|file| file.fader).collect();
    assert_eq!(faders[0], Fader { gain_db: GAIN_RANGE_DB.1, mute: true, ..Fader::default() });
    assert_eq!(faders[1], Fader { gain_db: -6.0, solo: true, ..Fader::default() });
    let unmuted = state.after(Action::MuteToggled(0));
    assert!(!song(&unmuted).files[0].fader.mute);
}

fn calibrated() -> Action {
    let chain = Chain { drive_db: 5.5, ..Chain::default() };
    let mix = Mix { faders: Vec::new(), chain, match_db: [-1.0, 0.0, -2.0, -6.04, -3.0] };
    let lufs = [Some(-20.0), Some(-19.0), None, Some(-15.5), Some(-14.0)];
    Action::Calibrated(Box::new(Calibration { mix, lufs, held_back: [true, false] }), true)
}

#[test]
fn another_chain_or_fader_has_to_be_worked_out_again_but_not_what_is_only_heard() {
    let plan =
        NullPlan { stems: vec![0, 1], reference: Some(2), second: None, sample_rate: 48_000 };
    let state = examined().after(calibrated()).after(Action::BusChosen(Bus::Master));
    assert_eq!(state.held_back_lufs(), Some(-15.5));
    assert!(state.clone().after(Action::GainSet(0, 0.0)).listening.settled, "nothing has changed");
    assert!(!state.clone().after(Action::MuteToggled(0)).listening.settled);
    let before = state.to_calibrate(&plan);
    assert_eq!(state.clone().after(Action::MatchingSet(false)).to_calibrate(&plan), before);
    let loud = state.clone().after(Action::ChainChosen("loud".to_owned()));
    assert_ne!(loud.to_calibrate(&plan), before);
    assert_eq!((loud.held_back_lufs(), loud.mix(&plan).chain.target_lufs), (None, -9.0));
    assert_eq!(loud.mix(&plan).chain.drive_db, 5.5, "until it is known better");
    assert_eq!(loud.after(Action::ChainChosen("x".to_owned())).listening.chain, "loud");
    let strip = Strip { low_db: 3.0, ..Strip::default() };
    assert_ne!(state.after(Action::StripSet(0, strip)).to_calibrate(&plan), before);
}

#[test]
fn a_blind_test_is_matched_plays_its_own_buses_and_ends_with_a_choice() {
    let state = examined().after(calibrated()).after(Action::MatchingSet(false));
    let state = state.after(Action::BlindStarted([Bus::Reference, Bus::Master], true));
    assert_eq!((state.listening.bus, state.listening.matching), (Bus::Reference, true));
    let state = state.after(Action::BlindHeard(Side::X));
    assert_eq!(state.listening.bus, Bus::Master);
    let state = state.after(Action::BlindGuessed(true, false));
    assert_eq!(state.listening.bus, Bus::Reference, "X is thrown anew");
    assert_eq!(state.listening.blind.map(|blind| (blind.right, blind.rounds)), Some((1, 1)));
    assert_eq!(state.after(Action::BusChosen(Bus::Stems)).listening.blind, None);
}

#[test]
fn the_mix_is_the_stems_faders_on_the_calibrated_chain() {
    let plan =
        NullPlan { stems: vec![1, 0], reference: Some(2), second: None, sample_rate: 48_000 };
    let state = examined().after(Action::GainSet(1, -3.0)).after(calibrated());
    let mix = state.mix(&plan);
    assert_eq!(mix.faders.iter().map(|fader| fader.gain_db).collect::<Vec<_>>(), [-3.0, 0.0]);
    assert_eq!((mix.chain.drive_db, mix.match_db), (5.5, [-1.0, 0.0, -2.0, -6.04, -3.0]));
    assert_eq!(state.after(Action::MatchingSet(false)).mix(&plan).match_db, [0.0; 5]);
}

#[test]
fn matching_tells_by_how_much_it_turns_down() {
    let state = examined().after(calibrated());
    let turned = |state: &State| Bus::ALL.map(|bus| state.turned_db(bus));
    assert_eq!(turned(&state), [Some(-1.0), None, Some(-2.0), Some(-6.04), Some(-3.0)]);
    assert_eq!(turned(&state.clone().after(Action::MatchingSet(false))), [None; 5]);
    let again = state.after(Action::Started);
    assert_eq!(turned(&again), [None; 5], "what was calibrated belongs to the former roles");
}

#[test]
fn what_cannot_be_played_stops_and_says_why_until_the_next_check() {
    let state = examined().after(Action::Playing(true)).after(Action::Unplayable("No".to_owned()));
    assert_eq!((state.listening.playing, state.listening.obstacle.as_deref()), (false, Some("No")));
    assert_eq!(state.after(Action::Started).listening.obstacle, None);
}

#[test]
fn lanes_group_files_and_leave_unreadable_ones_out_of_the_sum() {
    let mut broken = file("Drums.wav", Role::Stem, 1.0);
    broken.readable = false;
    let files =
        vec![broken, file("Bass.wav", Role::Stem, 1.0), file("Mix.wav", Role::Reference, 1.0)];
    let state = examined().after(reported(files, Vec::new()));
    let found = lanes(song(&state));
    assert_eq!(found, Lanes { stems: vec![1], reference: Some(2), others: vec![0] });
    assert_eq!(lanes(song(&opened(&["a", "b"]))).stems, [0, 1]);
}

#[test]
fn marks_show_where_to_look_with_the_worst_on_top() {
    let files = vec![file("Drums.wav", Role::Stem, 100.0)];
    let findings = vec![
        finding("clipping", Severity::Error, "Drums.wav", &[(12.0, 12.1), (13.0, 13.1)]),
        finding("low-headroom", Severity::Warning, "Drums.wav", &[(50.0, 51.0)]),
        finding("late-stem", Severity::Error, "Drums.wav", &[(0.0, 100.0)]),
        finding("dithered", Severity::Info, "Drums.wav", &[(1.0, 2.0)]),
        finding("clipping", Severity::Error, "Bass.wav", &[(3.0, 3.1)]),
    ];
    let state = opened(&["Drums.wav"]).after(reported(files, findings));
    let found = marks(song(&state), Some(0));
    let told: Vec<_> =
        found.0.iter().map(|mark| (mark.severity, mark.start_s, mark.end_s)).collect();
    let expected = [
        (Severity::Info, 1.0, 2.0),
        (Severity::Warning, 50.0, 51.0),
        (Severity::Error, 12.0, 12.1),
        (Severity::Error, 13.0, 13.1),
    ];
    assert_eq!(told, expected);
    assert!(found.at(12.05, 0.0).is_some_and(|mark| !mark.title.is_empty()));
    assert!(found.at(11.9, 0.2).is_some() && found.at(11.9, 0.05).is_none());
    assert_eq!(marks(song(&state), Some(5)), Marks::default());
    assert_eq!(marks(song(&state), None), Marks::default());
    assert_eq!((song(&state).count(Severity::Error), song(&state).count(Severity::Info)), (3, 1));
}

#[test]
fn a_finding_of_a_stem_is_heard_alone_and_leaves_the_faders_as_they_were() {
    let plan =
        NullPlan { stems: vec![0, 1], reference: Some(2), second: None, sample_rate: 48_000 };
    let files = vec![
        file("Drums.wav", Role::Stem, 10.0),
        file("Bass.wav", Role::Stem, 12.0),
        file("Mix.wav", Role::Reference, 11.0),
    ];
    let findings = vec![
        finding("clipping", Severity::Error, "Bass.wav", &[(5.0, 5.1)]),
        finding("clipping", Severity::Error, "Mix.wav", &[(6.0, 6.1)]),
        finding("low-bit-depth", Severity::Error, "Bass.wav", &[]),
    ];
    let state = examined().after(reported(files, findings)).after(Action::MuteToggled(1));
    let before = state.mix(&plan);
    let hearing = |number| Hearing::of(song(&state), number);
    let bass = hearing(0).expect("it has a place");
    assert_eq!((bass.bus, bass.solo, bass.loop_s), (Bus::Stems, Some(1), [4.5, 6.5]));
    assert_eq!(hearing(1).map(|it| (it.bus, it.solo)), Some((Bus::Reference, None)));
    assert_eq!((hearing(2), hearing(9)), (None, None), "nowhere to listen");

    let heard = state.clone().after(Action::FixesSet(true)).after(Action::Heard(bass));
    let faders = heard.mix(&plan).faders;
    assert!(faders[1].solo && !faders[1].mute && !faders[0].solo);
    assert!(!heard.listening.fixed, "the fault itself is heard");
    assert_eq!(heard.clone().after(Action::HearingEnded).mix(&plan), before);
    assert_eq!(heard.after(Action::BusChosen(Bus::Master)).listening.hearing, None);
}

#[test]
fn a_difference_is_heard_raised_and_with_all_faders_at_rest() {
    let plan =
        NullPlan { stems: vec![0, 1], reference: Some(2), second: None, sample_rate: 48_000 };
    let raised = Hearing {
        finding: 0,
        bus: Bus::Difference,
        solo: None,
        loop_s: [1.0, 3.0],
        boost_db: 38.0,
    };
    let state = examined().after(Action::GainSet(0, 6.0)).after(calibrated());
    let mix = state.after(Action::Heard(raised)).mix(&plan);
    assert_eq!(mix.match_db[Bus::Difference as usize], 38.0);
    assert_eq!(mix.faders, [Fader::default(); 2]);
}

#[test]
fn findings_are_gone_through_round_and_round() {
    let findings = (0..3)
        .map(|at| finding("clipping", Severity::Error, "Drums.wav", &[(f64::from(at), 5.0)]))
        .collect();
    let mut state = examined().after(reported(vec![file("Drums.wav", Role::Stem, 9.0)], findings));
    let mut went = Vec::new();
    for direction in [Direction::On, Direction::On, Direction::On, Direction::On, Direction::Back] {
        let next = state.next_finding(direction).expect("there are findings");
        went.push(next);
        state = state.after(Action::FindingShown(next));
    }
    assert_eq!(went, [0, 1, 2, 0, 2]);
    assert_eq!(opened(&["a"]).next_finding(Direction::On), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever happens in whatever order, the page stays within its ranges.
    #[test]
    fn any_order_of_actions_keeps_the_state_sound(steps in proptest::collection::vec(0..19usize, 0..40)) {
        let plan = NullPlan { stems: vec![0, 1], reference: Some(2), second: None, sample_rate: 48_000 };
        let state = steps.into_iter().fold(examined(), |state, step| state.after(match step {
            0 => Action::Opened(vec![named("x", &["a"; 3])]),
            1 => Action::Started,
            2 => Action::Progressed(step as f64 / 5.0),
            3 => Action::Finished,
            4 => Action::Cancelled,
            5 => Action::GainSet(0, 40.0),
            6 => Action::SoloToggled(1),
            7 => Action::RoleSet(0, Role::Reference),
            8 => Action::RoleSet(1, Role::Reference),
            9 => Action::RoleSet(0, Role::Stem),
            10 => reported(vec![file("a", Role::Stem, 1.0)], Vec::new()),
            11 => calibrated(),
            12 => Action::BusChosen(Bus::Difference),
            13 => Action::Opened(["x", "y"].map(|name| named(name, &["a"; 3])).to_vec()),
            14 => Action::SongShown(1),
            15 => Action::SongShown(0),
            16 => Action::InSong(1, Box::new(Action::Finished)),
            17 => Action::GuessTaken(0),
            _ => Action::Failed("x".to_owned()),
        }));
        let checking = phases(&state).into_iter().filter(|it| matches!(it, Phase::Checking(_))).count();
        proptest::prop_assert!(checking <= 1, "one at a time");
        let song = song(&state);
        proptest::prop_assert!(song.files.iter().filter(|file| file.role == Role::Reference).count() <= 1);
        proptest::prop_assert!(state.mix(&plan).faders.iter().all(|fader| fader.gain_db <= GAIN_RANGE_DB.1));
        let found = lanes(song);
        let shown = found.stems.len() + found.others.len() + usize::from(found.reference.is_some());
        proptest::prop_assert_eq!(shown, song.files.len());
    }
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
