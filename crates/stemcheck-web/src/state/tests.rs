mod album;
mod handoff;
mod listening;
mod said;

use stemcheck_session::core::checks::Place;
use stemcheck_session::core::null::Confidence;
use stemcheck_session::core::preview::{Bus, Chain, Mix, Strip};
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

fn calibrated() -> Action {
    let chain = Chain { drive_db: 5.5, ..Chain::default() };
    let mix = Mix { faders: Vec::new(), chain, match_db: [-1.0, 0.0, -2.0, -6.04, -3.0] };
    let lufs = [Some(-20.0), Some(-19.0), None, Some(-15.5), Some(-14.0)];
    Action::Calibrated(Box::new(Calibration { mix, lufs, held_back: [true, false] }), true)
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
