//! The built-in profiles, and profiles from a studio's own TOML.
//!
//! Decides what a profile file may say, and refuses the rest with line, key and value: a mistyped
//! demand must not pass as one that is not asked. Does not judge songs; see `stemcheck_core::checks`.

mod rules;
mod write;

use std::sync::LazyLock;

use stemcheck_core::profile::Profile;
use toml::{Table, Value};

pub use rules::{FIELDS, Kind, Problem, Why};
pub use write::{stated, to_json, to_line, to_toml};

/// Names of the built-in profiles, the default first.
pub const NAMES: [&str; 4] = ["generic", "separates", "stems-8", "stems-3-8"];

/// A built-in profile by name.
pub fn built_in(name: &str) -> Option<Profile> {
    // The page asks again and again: each is read once.
    static ALL: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let texts = NAMES.into_iter().filter_map(built_in_text);
        texts.filter_map(|text| toml::from_str(text).ok()).collect()
    });
    ALL.iter().find(|profile| profile.name == name).cloned()
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
    let own = table(text)?;
    from_table(&own).map_err(|problems| {
        problems.first().map_or_else(String::new, |problem| at(text, &own, problem))
    })
}

/// What a text states, TOML or JSON, whether it makes a profile or not.
///
/// # Errors
/// A sentence that names the line.
pub fn table(text: &str) -> Result<Table, String> {
    // What some editors of Windows put first.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    text.parse().map_err(|error| refusal(text, &error))
}

/// A profile from what its file states, on top of what the built-in profile says that it extends.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_table(own: &Table) -> Result<Profile, Vec<Problem>> {
    let mut problems = rules::mistyped(own);
    let base = own.get("extends").and_then(Value::as_str).map_or(Ok(Table::new()), base);
    let mut merged = base.unwrap_or_else(|problem| {
        problems.push(problem);
        Table::new()
    });
    // What is mistyped is told already; the rest is looked at as if it were not there.
    let fits = |key: &str| !problems.iter().any(|problem| problem.field() == key);
    for (key, value) in own.iter().filter(|(key, _)| fits(key)) {
        match (merged.get_mut(key), value) {
            (Some(Value::Table(inherited)), Value::Table(own)) => inherited.extend(own.clone()),
            (_, value) => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    let broken =
        |error: toml::de::Error| vec![Problem::new("name", "{why}").with("why", error.message())];
    let profile = merged.try_into().map_err(broken)?;
    if own.get("name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
        problems.push(Problem::new("name", "a profile needs a name"));
    }
    problems.extend(rules::broken(&profile));
    if problems.is_empty() { Ok(profile) } else { Err(problems) }
}

/// What the built-in profile of this name states.
fn base(name: &str) -> Result<Table, Problem> {
    let unknown = || {
        let why = "there is no built-in profile of this name ({known})";
        Problem::new("extends", why).with("known", NAMES.join(", "))
    };
    built_in_text(name).and_then(|text| text.parse().ok()).ok_or_else(unknown)
}

/// `line 7: min-bits = "many": why`, from the line on which a key stands.
fn at(text: &str, own: &Table, problem: &Problem) -> String {
    let key = problem.key.strip_prefix("severity.").unwrap_or(&problem.key);
    let is_key = |line: &&str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if let Some((number, line)) = text.lines().enumerate().find(|(_, line)| is_key(line)) {
        return format!("line {}: {}: {}", number + 1, statement(line), problem.why);
    }
    // JSON, or a table in one line.
    let value = match problem.key.split_once('.') {
        Some((table, key)) => own.get(table).and_then(|table| table.get(key)),
        None => own.get(&problem.key),
    };
    match value {
        Some(value) => format!("{} = {value}: {}", problem.key, problem.why),
        None => format!("{}: {}", problem.key, problem.why),
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
mod tests;
