//! A studio's profile while it is written: what stands in the controls of the form, and what it means.
//!
//! Decides how a field of each kind is written in a control and read from it. Does not judge: what is
//! wrong with a field, `stemcheck_session::profiles` says, in the same words as for a file.

use std::collections::BTreeMap;

use stemcheck_session::core::profile::Profile;
use stemcheck_session::profiles::{self, FIELDS, Kind, Problem};
use toml::{Table, Value};

/// What the form's controls hold, by field. A field that is not here is not stated: it is not asked,
/// or as in the profile that this one is based on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<&'static str, String>);

impl Draft {
    /// A draft of what the chosen profile asks for: the studio's own one as it is, a built-in one under
    /// another name.
    pub fn of(chosen: &Profile, title: &str) -> Self {
        const NAME: &str = "ours";
        let is_built_in = profiles::built_in(&chosen.name).is_some_and(|it| it == *chosen);
        if !is_built_in {
            return Self::from_table(&profiles::stated(chosen));
        }
        let (name, title) = (NAME.to_owned(), title.to_owned());
        let copy = Profile { name, title, source: String::new(), ..chosen.clone() };
        Self::from_table(&profiles::stated(&copy))
    }

    /// A draft of what a file says, TOML or JSON.
    ///
    /// # Errors
    /// What is wrong with it, as the command says it.
    pub fn read(text: &str) -> Result<Self, String> {
        profiles::parse(text)?;
        Ok(Self::from_table(&profiles::table(text)?))
    }

    fn from_table(table: &Table) -> Self {
        let stated = |(key, kind)| Some((key, written(kind, table.get(key)?)));
        Self(FIELDS.into_iter().filter_map(stated).collect())
    }

    /// What it states.
    fn table(&self) -> Table {
        let stated =
            |(key, kind): (&str, Kind)| Some((key.to_owned(), read(kind, self.0.get(key)?)?));
        FIELDS.into_iter().filter_map(stated).collect()
    }

    /// The profile that it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn profile(&self) -> Result<Profile, Vec<Problem>> {
        profiles::from_table(&self.table())
    }

    /// What stands in a field's control.
    pub fn text(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Whether a field says something of its own, be it that nothing is asked.
    pub fn states(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Something else stands in a field's control. An emptied one says that nothing is asked, where
    /// there is a way to say so: an empty text or list.
    pub fn set(&mut self, key: &'static str, text: String) {
        let sayable =
            matches!(kind(key), Kind::Text | Kind::Rates | Kind::Groups | Kind::Sentences);
        if text.trim().is_empty() && !sayable {
            self.0.remove(key);
        } else {
            self.0.insert(key, text);
        }
    }

    /// A field says nothing of its own any more.
    pub fn unset(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The profile that it is based on, if there is one of this name.
    pub fn base(&self) -> Option<Profile> {
        profiles::built_in(self.text("extends"))
    }

    /// What holds for a field that says nothing of its own.
    pub fn inherited(&self, key: &str) -> Option<String> {
        let stated = profiles::stated(&self.base()?);
        Some(written(kind(key), stated.get(key)?))
    }

    /// Severities that differ, by code: the code, and the word for it.
    pub fn severities(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text(SEVERITY).lines().filter_map(|line| line.split_once(' '))
    }

    /// A code matters as much as this word says; `None` = as much as usual.
    pub fn set_severity(&mut self, code: &str, word: Option<&str>) {
        let mut all: BTreeMap<&str, &str> = self.severities().collect();
        match word {
            Some(word) => all.insert(code, word),
            None => all.remove(code),
        };
        let lines: Vec<String> = all.iter().map(|(code, word)| format!("{code} {word}")).collect();
        self.set(SEVERITY, lines.join("\n"));
    }
}

const SEVERITY: &str = "severity";

/// What a page's address says behind `#` to be opened with this profile.
///
/// # Errors
/// What the writer refuses: nothing that a profile can hold.
pub fn fragment(profile: &Profile) -> Result<String, String> {
    let line = profiles::to_line(profile)?;
    Ok(form_urlencoded::Serializer::new(String::new()).append_pair("profile", &line).finish())
}

/// What a field holds.
pub fn kind(key: &str) -> Kind {
    FIELDS.iter().find(|(known, _)| *known == key).map_or(Kind::Text, |(_, kind)| *kind)
}

/// A value as its control shows it.
fn written(kind: Kind, value: &Value) -> String {
    let all = |list: &Value, between: &str, one: &dyn Fn(&Value) -> String| {
        let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(one).collect::<Vec<_>>().join(between)
    };
    match kind {
        Kind::Rates => all(value, ", ", &plain),
        Kind::Sentences => all(value, "\n", &plain),
        Kind::Groups => all(value, "\n", &|group| all(group, ", ", &plain)),
        Kind::Severities => {
            let entries = value.as_table().into_iter().flatten();
            let line = |(code, word): (&String, &Value)| format!("{code} {}", plain(word));
            entries.map(line).collect::<Vec<_>>().join("\n")
        }
        _ => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // Without the `.0` of TOML.
        Value::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// The value that a control shows. What is no number stays text: then the core says what is wrong.
fn read(kind: Kind, text: &str) -> Option<Value> {
    let words = |text: &str, between: &[char], one: fn(&str) -> Value| {
        let words = text.split(between).map(str::trim).filter(|word| !word.is_empty());
        words.map(one).collect::<Vec<Value>>()
    };
    Some(match kind {
        Kind::Text | Kind::BuiltIn => text.into(),
        Kind::Whole => whole(text.trim()),
        // Half of Europe writes a comma.
        Kind::Number => match text.trim().replace(',', ".").parse::<f64>() {
            Ok(number) => number.into(),
            Err(_) => text.into(),
        },
        Kind::YesNo => match text {
            "true" => true.into(),
            "false" => false.into(),
            _ => return None,
        },
        Kind::Rates => words(text, &[',', ';', ' ', '\n'], whole).into(),
        Kind::Groups => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let groups = lines.map(|line| words(line, &[',', ';'], |word| word.into()));
            groups.collect::<Vec<_>>().into()
        }
        Kind::Sentences => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            lines.map(Value::from).collect::<Vec<_>>().into()
        }
        Kind::Severities => {
            let entries = text.lines().filter_map(|line| line.split_once(' '));
            let entry = |(code, word): (&str, &str)| (code.to_owned(), word.into());
            Value::Table(entries.map(entry).collect())
        }
    })
}

fn whole(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
}

#[cfg(test)]
mod tests;
