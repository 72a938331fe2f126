//! What only the artist knows, and adds to the report: points of the checklist, and notes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The artist's part of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// The points that are done, by their sentences as the profile says them.
    pub done: BTreeSet<String>,
    /// Notes to the engineer.
    pub notes: String,
}

impl Signature {
    /// Ticks a point, or takes the tick away.
    pub fn tick(&mut self, point: String, done: bool) {
        if done {
            self.done.insert(point);
        } else {
            self.done.remove(&point);
        }
    }

    /// As one word for the browser's memory; empty where there is nothing to remember.
    pub fn to_word(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was remembered; nothing where it cannot be read any more.
    pub fn from_word(word: &str) -> Self {
        serde_json::from_str(word).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_remembered_word_for_word() {
        let mut signature = Signature::default();
        assert_eq!(signature.to_word(), "");
        signature.tick("I have listened.".to_owned(), true);
        signature.tick("It is the latest.".to_owned(), true);
        signature.tick("It is the latest.".to_owned(), false);
        signature.notes = "Warm, \"please\".\nThanks".to_owned();
        assert_eq!(Signature::from_word(&signature.to_word()), signature);
        assert_eq!(signature.done.len(), 1);
        for broken in ["", "{", "[1]", "{\"done\": 3}"] {
            assert_eq!(Signature::from_word(broken), Signature::default(), "{broken}");
        }
    }
}
