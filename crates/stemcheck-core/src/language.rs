//! Sentences in other languages.
//!
//! Decides how a sentence finds its translation: by its own English words, so that the English stands
//! where it is said and whatever is not translated yet is still said. A reason that comes with its values
//! in it (an error of a file, of a browser) is found by the template that it fits. Does not hold any
//! translation: those are data, and only a face that shows them carries them.

use std::collections::HashMap;

/// A table from English sentences to those of one language; the empty one is English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    sentences: HashMap<String, String>,
    /// Templates of reasons, and the same in this language.
    reasons: Vec<(String, String)>,
}

impl Language {
    /// A language from pairs of an English sentence and its translation.
    pub fn new(sentences: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { sentences: sentences.into_iter().collect(), reasons: Vec::new() }
    }

    /// The same with templates of reasons; see [`Self::retell`].
    #[must_use]
    pub fn with_reasons(self, reasons: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { reasons: reasons.into_iter().collect(), ..self }
    }

    /// The sentence in this language, or in English where it has none.
    pub fn say<'a>(&'a self, english: &'a str) -> &'a str {
        self.sentences.get(english).map_or(english, String::as_str)
    }

    /// A reason in this language, whose values may be reasons themselves; what fits no template stays as
    /// it is. Of several templates the one that says most by itself is meant.
    pub fn retell(&self, english: &str) -> String {
        let fitting = self.reasons.iter().filter_map(|(template, own)| {
            let values = values_in(template, english)?;
            let filled: usize = values.iter().map(|(_, value)| value.len()).sum();
            Some((english.len() - filled, own, values))
        });
        // A template that says nothing itself would fit everything, and be no end.
        let best = fitting.filter(|(said, ..)| *said > 0).max_by_key(|(said, ..)| *said);
        let Some((_, own, values)) = best else { return self.say(english).to_owned() };
        filled(own, |name| {
            let (_, value) = values.iter().find(|(other, _)| *other == name)?;
            Some(self.retell(value))
        })
    }

    /// The template in this language, each `{name}` replaced by what `value` gives for it; what it
    /// gives nothing for stays as it is.
    pub fn fill(&self, english: &str, value: impl FnMut(&str) -> Option<String>) -> String {
        filled(self.say(english), value)
    }
}

/// A template with its values.
fn filled(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut sentence = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        sentence += before;
        sentence += &value(name).unwrap_or_else(|| format!("{{{name}}}"));
        rest = after;
    }
    sentence + rest
}

/// The values with which a template makes this sentence, if there are any: each as short as what follows
/// it allows.
fn values_in<'a>(template: &'a str, sentence: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut pieces = template.split('{');
    let mut rest = sentence.strip_prefix(pieces.next()?)?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let (name, literal) = piece.split_once('}')?;
        let (value, after) = if pieces.peek().is_none() {
            (rest.strip_suffix(literal)?, "")
        } else {
            rest.split_once(literal)?
        };
        values.push((name, value));
        rest = after;
    }
    rest.is_empty().then_some(values)
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
    fn a_reason_is_found_by_its_template() {
        let reasons = [
            ("{container}: no {what} (at byte {at})", "{container}: manca {what} (al byte {at})"),
            ("{0}: {1}", "{1}, dice {0}"),
            ("header of {codec}", "l'intestazione di {codec}"),
            ("{everything}", "?"),
        ];
        let own = |(english, own): (&str, &str)| (english.to_owned(), own.to_owned());
        let italian = italian().with_reasons(reasons.map(own));
        let told = italian.retell("mp4: no header of AAC (at byte 12)");
        assert_eq!(told, "mp4: manca l'intestazione di AAC (al byte 12)", "values, too");
        assert_eq!(italian.retell("disk: gone"), "gone, dice disk");
        for other in ["", "nobody knows", "header of"] {
            assert_eq!(italian.retell(other), other);
        }
        assert_eq!(italian.retell("Play"), "Riproduci", "sentences are reasons, too");
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
