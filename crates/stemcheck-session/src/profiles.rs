//! The built-in profiles, and profiles from a studio's own TOML.
//!
//! Decides what a profile file may say, and refuses the rest with line, key and value: a mistyped
//! demand must not pass as one that is not asked. Does not judge songs; see `stemcheck_core::checks`.

use stemcheck_core::checks;
use stemcheck_core::profile::Profile;
use stemcheck_core::song::Instrument;
use toml::{Table, Value};

/// Names of the built-in profiles, the default first.
pub const NAMES: [&str; 4] = ["generic", "separates", "stems-8", "stems-3-8"];

/// A built-in profile by name.
pub fn built_in(name: &str) -> Option<Profile> {
    toml::from_str(built_in_text(name)?).ok()
}

/// The TOML of a built-in profile, with its comments: what a studio copies to write its own.
pub fn built_in_text(name: &str) -> Option<&'static str> {
    match name {
        "generic" => Some(include_str!("../profiles/generic.toml")),
        "separates" => Some(include_str!("../profiles/separates.toml")),
        "stems-8" => Some(include_str!("../profiles/stems-8.toml")),
        "stems-3-8" => Some(include_str!("../profiles/stems-3-8.toml")),
        _ => None,
    }
}

/// A profile from TOML, or from JSON with the same keys.
///
/// # Errors
/// A sentence that names line (of TOML), key and value.
pub fn parse(text: &str) -> Result<Profile, String> {
    if text.trim_start().starts_with('{') {
        let told: toml::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let text = toml::to_string(&told).map_err(|error| error.to_string())?;
        // Nobody has seen the lines of this TOML.
        let unlined = |why: String| match why.split_once(": ") {
            Some((line, rest)) if line.starts_with("line ") => rest.to_owned(),
            _ => why,
        };
        return parse_toml(&text).map_err(unlined);
    }
    parse_toml(text)
}

fn parse_toml(text: &str) -> Result<Profile, String> {
    let own: Profile = toml::from_str(text).map_err(|error| refusal(text, &error))?;
    validate(text, &own)?;
    match &own.extends {
        None => Ok(own),
        Some(base) => extended(text, base),
    }
}

/// What the file says, on top of what the built-in profile `base` says.
fn extended(text: &str, base: &str) -> Result<Profile, String> {
    let Some(base_text) = built_in_text(base) else {
        let known = NAMES.join(", ");
        return Err(at(
            text,
            "extends",
            &format!("there is no built-in profile of this name ({known})"),
        ));
    };
    let table = |text: &str| text.parse::<Table>().map_err(|error| refusal(text, &error));
    let mut merged = table(base_text)?;
    for (key, value) in table(text)? {
        match (merged.get_mut(&key), value) {
            (Some(Value::Table(inherited)), Value::Table(own)) => inherited.extend(own),
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
    merged.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// What the types alone do not say.
fn validate(text: &str, profile: &Profile) -> Result<(), String> {
    if profile.name.trim().is_empty() {
        return Err("line 1: name: a profile needs a name".to_owned());
    }
    if let (Some(least), Some(most)) = (profile.min_stems, profile.max_stems)
        && least > most
    {
        return Err(at(text, "max-stems", &format!("less than min-stems ({least})")));
    }
    if profile.min_bits.is_some_and(|bits| !(1..=32).contains(&bits)) {
        return Err(at(text, "min-bits", "bits per sample are between 1 and 32"));
    }
    if profile
        .sample_rates
        .iter()
        .any(|rate| !stemcheck_decode::limits::SAMPLE_RATES.contains(rate))
    {
        return Err(at(text, "sample-rates", "rates are in Hz, between 8000 and 384000"));
    }
    for (key, headroom) in [
        ("sum-headroom-db", profile.sum_headroom_db),
        ("stem-headroom-db", profile.stem_headroom_db),
    ] {
        if headroom.is_some_and(|db| !(0.0..=60.0).contains(&db)) {
            return Err(at(text, key, "headroom is in dB below full scale, between 0 and 60"));
        }
    }
    for (key, level) in [("dc-dbfs", profile.dc_dbfs), ("least-peak-dbfs", profile.least_peak_dbfs)]
    {
        if level.is_some_and(|level| !(-200.0..=0.0).contains(&level)) {
            return Err(at(text, key, "a level in dBFS, between -200 and 0"));
        }
    }
    if profile.max_name_length.is_some_and(|most| !(8..=255).contains(&most)) {
        return Err(at(text, "max-name-length", "characters of a file name, between 8 and 255"));
    }
    if let Some(letter) = profile.forbidden_characters.chars().find(|c| c.is_alphanumeric()) {
        let why = format!("'{letter}' cannot be forbidden: no name could be written");
        return Err(at(text, "forbidden-characters", &why));
    }
    if let Some(pattern) = &profile.file_name {
        crate::names::check_pattern(pattern).map_err(|why| at(text, "file-name", &why))?;
    }
    let known =
        |group: &String| Instrument::ALL.iter().any(|instrument| instrument.name() == group);
    if let Some(group) = profile.required_groups.iter().flatten().find(|group| !known(group)) {
        let names = Instrument::ALL.map(Instrument::name).join(", ");
        return Err(at(text, "required-groups", &format!("\"{group}\" is none of {names}")));
    }
    if let Some(code) = profile.severity.keys().find(|code| checks::doc(code).is_none()) {
        return Err(at(text, code, "no check has this code"));
    }
    Ok(())
}

/// `line 7: min-bits = "many": why`, from the line on which a key stands.
fn at(text: &str, key: &str, why: &str) -> String {
    let is_key = |line: &&str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    match text.lines().enumerate().find(|(_, line)| is_key(line)) {
        Some((number, line)) => format!("line {}: {}: {why}", number + 1, statement(line)),
        None => format!("{key}: {why}"),
    }
}

/// The same for what the TOML reader itself refuses.
fn refusal(text: &str, error: &toml::de::Error) -> String {
    let why = error.message().lines().collect::<Vec<_>>().join(" ");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else { return why };
    let number = before.matches('\n').count();
    let line = text.lines().nth(number).unwrap_or_default();
    format!("line {}: {}: {why}", number + 1, statement(line))
}

/// A line without its comment; a `#` in a string is rare enough to be cut.
fn statement(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stemcheck_core::profile::Severity;

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
        let count = |name: &str| {
            built_in(name).map(|profile| (profile.min_stems, profile.max_stems)).unwrap()
        };
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
        let json = "{\"extends\": \"generic\", \"name\": \"mine\", \"severity\": {\"mono-file\": \"error\"}}";
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
            ("max-stems = 8", "line 1: name: a profile needs a name"),
        ];
        for (text, begin) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(begin), "{error}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn a_refusal_is_a_sentence_whatever_the_text(text in "([a-z-]{1,12} = |\\[|\"|é|#|\n|[0-9.-]){0,20}") {
            if let Err(error) = parse(&text) {
                proptest::prop_assert!(!error.is_empty());
            }
        }
    }
}
