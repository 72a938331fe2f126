//! The language that the page speaks.
//!
//! Decides which languages there are and which one is spoken; their sentences are in `languages/`, a
//! table from English for each. Reports that are saved stay in English: an engineer reads them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use serde::Deserialize;
use stemcheck_session::core::language::Language;
use yew::html::IntoPropValue;
use yew::{AttrValue, Html};

/// The languages: code, name in itself, and the table of its sentences (TOML).
pub const LANGUAGES: [(&str, &str, &str); 3] = [
    ("en", "English", ""),
    ("it", "Italiano", include_str!("../languages/it.toml")),
    ("es", "Español", include_str!("../languages/es.toml")),
];

thread_local! {
    /// One page speaks one language; texts are asked for from everywhere in it.
    static SPOKEN: RefCell<(&'static str, Rc<Language>)> =
        RefCell::new((LANGUAGES[0].0, Rc::default()));
}

/// Speaks the language of this code from now on, or English where there is none.
pub fn speak(code: &str) {
    let (code, _, table) =
        LANGUAGES.iter().find(|(known, ..)| *known == code).unwrap_or(&LANGUAGES[0]);
    SPOKEN.replace((code, Rc::new(read(table))));
}

/// The code of the language that is spoken.
pub fn code() -> &'static str {
    SPOKEN.with_borrow(|(code, _)| *code)
}

/// The language that is spoken.
pub fn spoken() -> Rc<Language> {
    SPOKEN.with_borrow(|(_, language)| Rc::clone(language))
}

/// The first of the preferred languages (BCP 47, `it-CH`) that there is; English if there is none.
pub fn best(preferred: impl IntoIterator<Item = String>) -> &'static str {
    let known = |wanted: String| {
        let wanted = wanted.split('-').next().unwrap_or_default().to_lowercase();
        LANGUAGES.iter().find(|(code, ..)| *code == wanted)
    };
    preferred.into_iter().find_map(known).map_or(LANGUAGES[0].0, |(code, ..)| code)
}

/// A language's table: sentences, and templates of reasons that come from elsewhere.
#[derive(Debug, Default, Deserialize)]
struct Table {
    #[serde(default)]
    reasons: HashMap<String, String>,
    #[serde(flatten)]
    sentences: HashMap<String, String>,
}

fn read(table: &str) -> Language {
    // A table that cannot be read is found by the tests; the page would speak English.
    let Table { reasons, sentences } = toml::from_str(table).unwrap_or_default();
    Language::new(sentences).with_reasons(reasons)
}

/// What a browser, a worker or a file says of what went wrong, in the page's language.
pub fn retell(english: &str) -> String {
    spoken().retell(english)
}

/// A sentence in the page's language.
pub fn say(english: &str) -> String {
    spoken().say(english).to_owned()
}

/// A template in the page's language, with its values.
pub fn fill(english: &str, values: &[(&str, &dyn fmt::Display)]) -> String {
    spoken().fill(english, |placeholder| {
        values.iter().find(|(name, _)| *name == placeholder).map(|(_, value)| value.to_string())
    })
}

/// A text of the page, in English; it shows itself in the page's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(pub &'static str);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(spoken().say(self.0))
    }
}

impl IntoPropValue<Option<AttrValue>> for Text {
    fn into_prop_value(self) -> Option<AttrValue> {
        Some(self.to_string().into())
    }
}

impl IntoPropValue<AttrValue> for Text {
    fn into_prop_value(self) -> AttrValue {
        self.to_string().into()
    }
}

impl IntoPropValue<Html> for Text {
    fn into_prop_value(self) -> Html {
        self.to_string().into()
    }
}

impl IntoPropValue<String> for Text {
    fn into_prop_value(self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_there_is_wins() {
        let best = |wanted: &[&str]| best(wanted.iter().map(ToString::to_string));
        assert_eq!(best(&["de-DE", "it-CH", "es"]), "it");
        assert_eq!(best(&["ES-419"]), "es");
        assert_eq!(best(&["ja"]), "en");
        assert_eq!(best(&[]), "en");
    }

    #[test]
    fn tables_can_be_read_and_texts_speak_them() {
        for (code, _, table) in &LANGUAGES[1..] {
            assert!(toml::from_str::<toml::Table>(table).is_ok(), "{code}");
        }
        assert_eq!(Text("Stop").to_string(), "Stop");
        speak("it");
        assert_eq!((code(), Text("Cancel").to_string().as_str()), ("it", "Annulla"));
        assert_eq!(fill("{count} to fix", &[("count", &2)]), "2 da correggere");
        speak("xx");
        assert_eq!(code(), "en");
    }
}
