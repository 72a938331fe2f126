//! What is heard: faders, buses, fixes, single findings.

use super::*;

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
    assert_eq!(loud.after(Action::ChainChosen("x".to_owned())).aim.preset, "loud");
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
