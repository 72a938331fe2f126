use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use stemcheck_core::checks;
use stemcheck_core::profile::Severity;
use stemcheck_core::song::Instrument;

use super::*;

#[test]
fn the_built_in_profiles_are_valid_and_carry_their_names() {
    for name in NAMES {
        let profile = parse(built_in_text(name).unwrap()).unwrap();
        assert_eq!(profile.name, name);
        assert_eq!(built_in(name), Some(profile.clone()));
        assert!(!profile.title.is_empty() && !profile.source.is_empty());
        let never_an_error = ["stem-count", "no-leading-bar", "missing-group"];
        assert!(
            never_an_error
                .iter()
                .all(|code| { profile.severity.get(*code) != Some(&Severity::Error) })
        );
    }
    assert_eq!(built_in("other"), None);
}

#[test]
fn the_demands_are_those_of_the_guides() {
    let count =
        |name: &str| built_in(name).map(|profile| (profile.min_stems, profile.max_stems)).unwrap();
    assert_eq!(count("separates"), (Some(12), Some(20)));
    assert_eq!(count("stems-8"), (Some(2), Some(8)));
    assert_eq!(count("stems-3-8"), (Some(3), Some(8)));
    assert!(NAMES.iter().all(|name| built_in(name).unwrap().min_bits == Some(24)));
}

#[test]
fn a_studio_states_only_what_differs() {
    let text = "extends = \"generic\"\nname = \"mine\"\nmax-stems = 6\nleading-bar = false\n\
                [severity]\nsum-clips = \"error\"\n";
    let mine = parse(text).unwrap();
    let generic = built_in("generic").unwrap();
    assert_eq!((mine.name.as_str(), mine.max_stems), ("mine", Some(6)));
    assert_eq!((mine.leading_bar, mine.min_bits), (Some(false), generic.min_bits));
    assert_eq!(mine.severity.get("sum-clips"), Some(&Severity::Error));
    assert_eq!(mine.severity.get("mono-file"), generic.severity.get("mono-file"));
}

#[test]
fn a_profile_may_be_json() {
    let json =
        "{\"extends\": \"generic\", \"name\": \"mine\", \"severity\": {\"mono-file\": \"error\"}}";
    let toml = "extends = \"generic\"\nname = \"mine\"\n[severity]\nmono-file = \"error\"\n";
    assert_eq!(parse(json), parse(toml));
    let refused = parse("{\"name\": \"x\", \"min-bits\": 99}").unwrap_err();
    assert!(refused.starts_with("min-bits = 99: bits per sample"), "{refused}");
    for broken in ["{", "{\"name\": null}", "{\"name\": \"x\", \"min-bit\": 24}"] {
        assert!(parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn what_is_not_said_is_not_asked() {
    let bare = parse("name = \"bare\"").unwrap();
    assert_eq!(bare, Profile { name: "bare".to_owned(), ..Profile::default() });
}

#[test]
fn mistakes_are_refused_with_line_key_and_value() {
    let cases = [
        ("name = \"x\"\nmin-bits = \"many\"", "line 2: min-bits = \"many\": "),
        ("name = \"x\"\nmin-bit = 24 # oops", "line 2: min-bit = 24: unknown field"),
        ("name = \"x\"\nmin-bits = 64", "line 2: min-bits = 64: bits per sample"),
        ("name = \"x\"\nmin-stems = 9\nmax-stems = 8", "line 3: max-stems = 8: less than"),
        ("name = \"x\"\nmin-stems = -1", "line 2: min-stems = -1: "),
        ("name = \"x\"\nsample-rates = [48]", "line 2: sample-rates = [48]: rates are in Hz"),
        ("name = \"x\"\nsum-headroom-db = -3.0", "line 2: sum-headroom-db = -3.0: headroom"),
        ("name = \"x\"\ndc-dbfs = 60.0", "line 2: dc-dbfs = 60.0: a level"),
        (
            "name = \"x\"\nmax-name-length = 3",
            "line 2: max-name-length = 3: characters of a file name",
        ),
        (
            "name = \"x\"\nforbidden-characters = \"+a\"",
            "line 2: forbidden-characters = \"+a\": 'a' cannot be",
        ),
        (
            "name = \"x\"\nrequired-groups = [[\"drum\"]]",
            "line 2: required-groups = [[\"drum\"]]: \"drum\" is none",
        ),
        (
            "name = \"x\"\n[severity]\nclippping = \"error\"",
            "line 3: clippping = \"error\": no check",
        ),
        ("name = \"x\"\n[severity]\nclipping = \"fatal\"", "line 3: clipping = \"fatal\": "),
        ("name = \"x\"\nextends = \"none\"", "line 2: extends = \"none\": there is no"),
        ("name = \"x\"\nthis is no TOML", "line 2: this is no TOML: "),
        ("max-stems = 8", "name: a profile needs a name"),
    ];
    for (text, begin) in cases {
        let error = parse(text).unwrap_err();
        assert!(error.starts_with(begin), "{error}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_by_field() {
    let text = "extends = \"generic\"\nname = \"x\"\nmin-bits = 99\nmax-stems = 1\nstereo-files = 3\n\
                dc-dbfs = \"low\"\n[severity]\nclipping = \"fatal\"\nother = \"info\"";
    let problems = from_table(&table(text).unwrap()).unwrap_err();
    let told: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect();
    assert_eq!(
        told,
        [
            "dc-dbfs: has to be a number",
            "severity.clipping: has to be \"error\", \"warning\" or \"info\"",
            "stereo-files: has to be true or false",
            // What it inherits counts, too.
            "max-stems: less than min-stems (2)",
            "min-bits: bits per sample are between 1 and 32",
        ]
    );
    assert_eq!(problems[1].field(), "severity");
}

#[test]
fn the_fields_are_those_of_a_profile() {
    let full = from_table(
        &[
            ("extends", Value::from("generic")),
            ("name", "x".into()),
            ("stem-headroom-db", 1.0.into()),
            ("max-name-length", 32.into()),
            ("file-name", "{name}".into()),
            ("tracklist", true.into()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect(),
    )
    .unwrap();
    let written = Table::try_from(full).unwrap();
    let mut known: Vec<&str> = FIELDS.iter().map(|(key, _)| *key).collect();
    known.sort_unstable();
    assert_eq!(written.keys().collect::<Vec<_>>(), known);
}

#[test]
fn what_is_inherited_is_not_written() {
    let text = "extends = \"generic\"\nname = \"mine\"\nmax-stems = 6\nchecklist = []\n\
                [severity]\nsum-clips = \"error\"\n";
    let toml = to_toml(&parse(text).unwrap()).unwrap();
    assert_eq!(
        toml,
        "name = \"mine\"\nextends = \"generic\"\nmax-stems = 6\nchecklist = []\n\n\
         [severity]\nsum-clips = \"error\"\n"
    );
}

#[test]
fn an_editor_of_windows_may_have_saved_it() {
    assert_eq!(parse("\u{feff}name = \"x\"\r\nmin-stems = 2\r\n").unwrap().min_stems, Some(2));
    assert_eq!(parse("\u{feff}{\"name\": \"x\"}"), parse("name = \"x\""));
}

/// One line of anything that can be written.
fn line() -> impl Strategy<Value = String> {
    "[^\\p{C}]{0,12}"
}

/// Whether a table holds something of these kinds, and what.
fn some<T: Into<Value> + std::fmt::Debug>(
    key: &'static str,
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Vec<(String, Value)>> {
    let stated = move |value: Option<T>| value.map(|value| (key.to_owned(), value.into()));
    option::of(value).prop_map(move |value| stated(value).into_iter().collect())
}

/// What valid files state.
fn statements() -> impl Strategy<Value = Table> {
    let instrument = (0..Instrument::ALL.len()).prop_map(|at| Instrument::ALL[at].name());
    let codes: Vec<&str> = checks::docs().map(|doc| doc.code).collect();
    let code = (0..codes.len()).prop_map(move |at| codes[at].to_owned());
    let word = prop_oneof![Just("error"), Just("warning"), Just("info")];
    let severities = btree_map(code, word, 0..4).prop_map(|words| {
        words.into_iter().map(|(code, word)| (code, word.into())).collect::<Table>()
    });
    let texts = (
        some("title", line()),
        some("source", line()),
        some(
            "forbidden-characters",
            "[-+# _.,;~'\"\\\\&%ﬀ☃]{0,4}"
                .prop_filter("letters", |it| !it.chars().any(char::is_alphanumeric)),
        ),
        some("file-name", "[a-z _]{0,3}(\\{song\\})?_\\{name\\}"),
        some("checklist", vec("[^\\p{C}\\p{Z}][^\\p{C}]{0,20}", 0..4)),
        some("extends", (0..NAMES.len()).prop_map(|at| NAMES[at])),
    );
    let numbers = (
        // With any of the built-in profiles below: one takes at most eight, one at least twelve.
        some("min-stems", 0..=8_i64),
        some("max-stems", 20..900_i64),
        some("min-bits", 1..=32_i64),
        some("sample-rates", vec(8000..=384_000_i64, 0..4)),
        some("sum-headroom-db", 0.0..=60.0),
        some("stem-headroom-db", 0.0..=60.0),
        some("least-peak-dbfs", -200.0..=0.0),
        some("dc-dbfs", -200.0..=0.0),
        some("max-name-length", 8..=255_i64),
    );
    let others = (
        some("required-groups", vec(vec(instrument, 1..4), 0..4)),
        some("stereo-files", any::<bool>()),
        some("equal-lengths", any::<bool>()),
        some("leading-bar", any::<bool>()),
        some("no-normalising", any::<bool>()),
        some("tracklist", any::<bool>()),
        some("severity", severities),
    );
    let name = line().prop_filter("a profile needs a name", |name| !name.trim().is_empty());
    (name, texts, numbers, others).prop_map(|(name, t, n, o)| {
        let texts = [t.0, t.1, t.2, t.3, t.4, t.5];
        let numbers = [n.0, n.1, n.2, n.3, n.4, n.5, n.6, n.7, n.8];
        let others = [o.0, o.1, o.2, o.3, o.4, o.5, o.6];
        let all = texts.into_iter().chain(numbers).chain(others).flatten();
        all.chain([("name".to_owned(), name.into())]).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_refusal_is_a_sentence_whatever_the_text(text in "([a-z-]{1,12} = |\\[|\"|é|#|\n|[0-9.-]){0,20}") {
        if let Err(error) = parse(&text) {
            prop_assert!(!error.is_empty());
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same_profile(statements in statements()) {
        let profile = from_table(&statements).unwrap();
        for text in [to_toml(&profile), to_json(&profile), to_line(&profile)] {
            let text = text.unwrap();
            let read = parse(&text);
            prop_assert_eq!(read.as_ref(), Ok(&profile), "{}", text);
        }
        prop_assert!(!to_line(&profile).unwrap().contains('\n'));
        prop_assert_eq!(from_table(&stated(&profile)), Ok(profile));
    }
}
