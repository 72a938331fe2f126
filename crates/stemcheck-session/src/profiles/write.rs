//! A profile as text again.
//!
//! Decides what has to be said: what a profile inherits is not repeated, so that reading what is
//! written here gives an equal profile.

use serde::{Serialize, Serializer};
use stemcheck_core::profile::Profile;
use toml::{Table, Value};

use super::{FIELDS, built_in};

/// What the file of a profile has to state: whatever differs from what it extends, and its name.
pub fn stated(profile: &Profile) -> Table {
    let base = profile.extends.as_deref().and_then(built_in).unwrap_or_default();
    let mut stated = fields(profile);
    for (key, inherited) in fields(&base) {
        match (stated.get_mut(&key), inherited) {
            (Some(Value::Table(own)), Value::Table(inherited)) => {
                own.retain(|key, value| inherited.get(key) != Some(value));
            }
            (Some(own), inherited) if *own == inherited && key != "name" => {
                stated.remove(&key);
            }
            _ => {}
        }
    }
    stated.retain(|_, value| value.as_table().is_none_or(|entries| !entries.is_empty()));
    stated
}

fn fields(profile: &Profile) -> Table {
    // Every field of a profile has its kind in TOML.
    Table::try_from(profile).unwrap_or_default()
}

/// A profile as TOML.
///
/// # Errors
/// What the writer refuses: nothing that a profile can hold.
pub fn to_toml(profile: &Profile) -> Result<String, String> {
    toml::to_string_pretty(&InOrder(&stated(profile))).map_err(|error| error.to_string())
}

/// A profile as JSON, to be read by people.
///
/// # Errors
/// What the writer refuses: nothing that a profile can hold.
pub fn to_json(profile: &Profile) -> Result<String, String> {
    let json = serde_json::to_string_pretty(&InOrder(&stated(profile)));
    json.map(|json| json + "\n").map_err(|error| error.to_string())
}

/// A profile as JSON in one line, for an address or an attribute.
///
/// # Errors
/// What the writer refuses: nothing that a profile can hold.
pub fn to_line(profile: &Profile) -> Result<String, String> {
    serde_json::to_string(&InOrder(&stated(profile))).map_err(|error| error.to_string())
}

/// A table in the order of a profile's fields.
struct InOrder<'a>(&'a Table);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stated = FIELDS.iter().filter_map(|(key, _)| Some((key, self.0.get(*key)?)));
        serializer.collect_map(stated)
    }
}
