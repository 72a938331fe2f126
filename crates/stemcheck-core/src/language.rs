//! Sentences in other languages.
//!
//! Decides how a sentence finds its translation: by its own English words, so that the English stands
//! where it is said and whatever is not translated yet is still said. Does not hold any translation:
//! those are data, and only a face that shows them carries them.

use std::collections::HashMap;

/// A table from English sentences to those of one language; the empty one is English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language(HashMap<String, String>);

impl Language {
    /// A language from pairs of an English sentence and its translation.
    pub fn new(sentences: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(sentences.into_iter().collect())
    }

    /// The sentence in this language, or in English where it has none.
    pub fn say<'a>(&'a self, english: &'a str) -> &'a str {
        self.0.get(english).map_or(english, String::as_str)
    }

    /// The template in this language, each `{name}` replaced by what `value` gives for it; what it
    /// gives nothing for stays as it is.
    pub fn fill(&self, english: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
        let mut sentence = String::new();
        let mut rest = self.say(english);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            sentence += before;
            sentence += &value(name).unwrap_or_else(|| format!("{{{name}}}"));
            rest = after;
        }
        sentence + rest
    }

    /// Every English sentence that this language has its own for.
    pub fn sentences(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(english, own)| (english.as_str(), own.as_str()))
    }
}

/// The names in a template's braces, in order.
pub fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn italian() -> Language {
        let pairs = [("{count} to fix", "{count} da correggere"), ("Play", "Riproduci")];
        Language::new(pairs.map(|(english, own)| (english.to_owned(), own.to_owned())))
    }

    #[test]
    fn what_is_not_translated_is_said_in_english() {
        assert_eq!(italian().say("Play"), "Riproduci");
        assert_eq!(italian().say("Stop"), "Stop");
        assert_eq!(Language::default().say("Play"), "Play");
    }

    #[test]
    fn templates_are_filled_in_either_language() {
        let two = |name: &str| (name == "count").then(|| "2".to_owned());
        assert_eq!(italian().fill("{count} to fix", two), "2 da correggere");
        assert_eq!(italian().fill("{count} and {other}", two), "2 and {other}");
        assert_eq!(Language::default().fill("open {brace", two), "open {brace");
        assert_eq!(placeholders("{a} and {b}").collect::<Vec<_>>(), ["a", "b"]);
    }
}
