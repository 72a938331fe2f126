use proptest::prelude::*;
use stemcheck_session::core::profile::Severity;

use super::*;

fn generic() -> Draft {
    Draft::of(&profiles::built_in("generic").unwrap(), "Our studio")
}

/// What is wrong, by field.
fn wrong(draft: &Draft) -> Vec<(String, String)> {
    let problems = draft.profile().err().unwrap_or_default();
    problems.iter().map(|it| (it.field().to_owned(), it.why.to_string())).collect()
}

#[test]
fn a_copy_of_a_built_in_profile_asks_the_same_under_another_name() {
    for name in profiles::NAMES {
        let built_in = profiles::built_in(name).unwrap();
        let copy = Draft::of(&built_in, "Our studio").profile().unwrap();
        assert_eq!((copy.name.as_str(), copy.title.as_str()), ("ours", "Our studio"));
        let Profile { name, title, source, .. } = built_in.clone();
        assert_eq!(Profile { name, title, source, ..copy }, built_in);
    }
}

#[test]
fn controls_show_values_as_people_write_them() {
    let draft = generic();
    assert_eq!(draft.text("min-stems"), "2");
    assert_eq!(draft.text("sum-headroom-db"), "3");
    assert_eq!(draft.text("sample-rates"), "44100, 48000, 88200, 96000, 176400, 192000");
    assert_eq!(draft.text("required-groups"), "drums, kick, snare, percussion\nbass");
    assert_eq!(draft.text("stereo-files"), "true");
    assert_eq!(draft.text("checklist").lines().count(), 4);
    assert_eq!(
        draft.severities().collect::<Vec<_>>(),
        [("missing-group", "info"), ("mono-file", "info")]
    );
}

#[test]
fn what_is_typed_is_what_is_asked() {
    let mut draft = generic();
    for (key, text) in [
        ("max-stems", " 6 "),
        ("sum-headroom-db", "4,5"),
        ("sample-rates", "44100; 48000 96000"),
        ("required-groups", "bass ,  keys\n\n drums\n"),
        ("leading-bar", ""),
        ("least-peak-dbfs", ""),
        ("checklist", ""),
    ] {
        draft.set(key, text.to_owned());
    }
    draft.set_severity("mono-file", None);
    draft.set_severity("sum-clips", Some("error"));
    let made = draft.profile().unwrap();
    assert_eq!((made.max_stems, made.sum_headroom_db), (Some(6), Some(4.5)));
    assert_eq!(made.sample_rates, [44100, 48000, 96000]);
    assert_eq!(made.required_groups, [vec!["bass", "keys"], vec!["drums"]]);
    assert_eq!((made.leading_bar, made.least_peak_dbfs), (None, None));
    assert!(made.checklist.is_empty());
    let severity: Vec<_> = made.severity.iter().map(|(code, it)| (code.as_str(), *it)).collect();
    assert_eq!(severity, [("missing-group", Severity::Info), ("sum-clips", Severity::Error)]);
}

#[test]
fn nonsense_is_told_beside_its_field_and_kept() {
    let mut draft = generic();
    for (key, text) in [
        ("name", " "),
        ("max-stems", "1"),
        ("min-bits", "many"),
        ("sample-rates", "44.1k"),
        ("sum-headroom-db", "-3"),
        ("required-groups", "drum"),
        ("file-name", "{song}"),
    ] {
        draft.set(key, text.to_owned());
    }
    let wrong = wrong(&draft);
    let of = |key: &str| {
        wrong.iter().find(|(field, _)| field == key).map_or("", |(_, why)| why.as_str())
    };
    assert_eq!(of("name"), "a profile needs a name");
    assert_eq!(of("max-stems"), "less than min-stems (2)");
    assert_eq!(of("min-bits"), "has to be a whole number, 0 or more");
    assert_eq!(of("sample-rates"), "has to be a list of whole numbers");
    assert_eq!(of("sum-headroom-db"), "headroom is in dB below full scale, between 0 and 60");
    assert!(of("required-groups").starts_with("\"drum\" is none of kick, snare"));
    assert_eq!(of("file-name"), "has to hold {name} once: the file's own name");
    assert_eq!(wrong.len(), 7);
    assert_eq!(draft.text("min-bits"), "many");
}

#[test]
fn what_it_is_based_on_holds_where_it_says_nothing() {
    let text = "name = \"mine\"\nextends = \"generic\"\nmax-stems = 6\nsample-rates = []";
    let mut draft = Draft::read(text).unwrap();
    assert_eq!(draft.inherited("min-stems").as_deref(), Some("2"));
    assert_eq!(draft.inherited("tracklist"), None);
    assert!(draft.states("sample-rates") && !draft.states("checklist"));
    assert_eq!(draft.profile().unwrap().sample_rates, [0; 0]);
    draft.unset("sample-rates");
    assert_eq!(draft.profile().unwrap().sample_rates.len(), 6);
    draft.set("forbidden-characters", String::new());
    assert_eq!(draft.profile().unwrap().forbidden_characters, "");
    draft.set("extends", String::new());
    assert_eq!(draft.profile().unwrap().min_stems, None);
    assert_eq!(draft.inherited("min-stems"), None);
}

#[test]
fn a_broken_file_is_refused_as_by_the_command() {
    let why = Draft::read("name = \"x\"\nmin-bits = 99").unwrap_err();
    assert_eq!(why, "line 2: min-bits = 99: bits per sample are between 1 and 32");
    assert_eq!(Draft::read("name = \"x\"\nmin-stems = 3").unwrap().text("min-stems"), "3");
}

#[test]
fn an_own_profile_is_changed_under_its_own_name() {
    let own = profiles::parse("name = \"mine\"\nextends = \"generic\"\nmax-stems = 6").unwrap();
    let draft = Draft::of(&own, "Our studio");
    assert_eq!((draft.text("name"), draft.text("min-stems")), ("mine", ""));
    assert_eq!(draft.profile(), Ok(own));
    // Also one that is called like a built-in profile.
    let other = profiles::parse("name = \"generic\"\nmax-stems = 6").unwrap();
    assert_eq!(Draft::of(&other, "Our studio").profile(), Ok(other));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_typed_either_is_refused_or_comes_back_the_same(
        name in "[^\\p{C}]{1,8}",
        texts in prop::collection::vec((0..FIELDS.len(), "([0-9]{1,5}|[0-9.,;-]{0,6}|bass|kick, keys|true|generic|\\{name\\}|[^\\p{C}]{0,9}|\n){0,3}"), 0..9),
        code in "clipping|mono-file",
    ) {
        let mut draft = Draft::default();
        for (at, text) in texts {
            draft.set(FIELDS[at].0, text);
        }
        draft.set("name", name);
        draft.set_severity(&code, Some("info"));
        let Ok(profile) = draft.profile() else { return Ok(()) };
        prop_assert_eq!(Draft::of(&profile, "").profile(), Ok(profile.clone()));
        for text in [profiles::to_toml(&profile).unwrap(), profiles::to_json(&profile).unwrap()] {
            prop_assert_eq!(Draft::read(&text).unwrap().profile(), Ok(profile.clone()));
        }
        // As a browser reads it, whose rules are WHATWG's, too.
        let fragment = fragment(&profile).unwrap();
        prop_assert!(fragment.is_ascii() && !fragment.contains([' ', '#', '"']));
        let asked = form_urlencoded::parse(fragment.as_bytes()).find(|(key, _)| key == "profile");
        let text = asked.unwrap().1.into_owned();
        prop_assert_eq!(profiles::parse(&text), Ok(profile));
    }
}
