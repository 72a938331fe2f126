//! What the files of a song are called in a package: as the studio's pattern says, as every system
//! takes it, and no two alike.
//!
//! Without a pattern a good name stays as it is. The pattern rules what stands before the extension;
//! what a name already says of song, number or tempo is not said twice.

use std::collections::BTreeSet;

use stemcheck_core::checks::mended_name;
use stemcheck_core::profile::Profile;

use crate::profiles::Why;

/// What a pattern may hold besides text.
const PLACEHOLDERS: [&str; 4] = ["name", "number", "song", "tempo"];

/// Refuses a pattern that would lose a file's own name, or asks for what nobody knows.
///
/// # Errors
/// A sentence.
pub(crate) fn check_pattern(pattern: &str) -> Result<(), Why> {
    let mut rest = pattern;
    let mut names = 0;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((placeholder, after)) = after.split_once('}') else {
            let braces = vec![("open", "{".to_owned()), ("close", "}".to_owned())];
            return Err(Why { template: "a '{open}' without its '{close}'", values: braces });
        };
        if !PLACEHOLDERS.contains(&placeholder) {
            let known = PLACEHOLDERS.map(|known| format!("{{{known}}}")).join(", ");
            let values = vec![("asked", format!("{{{placeholder}}}")), ("known", known)];
            return Err(Why { template: "\"{asked}\" is none of {known}", values });
        }
        names += usize::from(placeholder == "name");
        rest = after;
    }
    if names == 1 {
        Ok(())
    } else {
        let values = vec![("token", "{name}".to_owned())];
        Err(Why { template: "has to hold {token} once: the file's own name", values })
    }
}

/// The names of a song's files in a package, in the order given.
pub fn delivered(
    profile: &Profile,
    song: &str,
    tempo_bpm: Option<f64>,
    names: &[&str],
) -> Vec<String> {
    let taken = [super::archive::SUMS, super::package::JSON, super::package::HTML];
    let mut taken: BTreeSet<String> = taken.iter().map(|name| name.to_lowercase()).collect();
    names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let patterned = profile
                .file_name
                .as_deref()
                .and_then(|pattern| by_pattern(pattern, song, tempo_bpm, at + 1, name));
            let name = mended_name(patterned.as_deref().unwrap_or(name), profile);
            unique(&name, profile, &mut taken)
        })
        .collect()
}

/// The name of a song's folder.
pub fn folder(profile: &Profile, song: &str, taken: &mut BTreeSet<String>) -> String {
    // A folder has no extension, so a dot in its name is one like any other.
    let name = mended_name(song, &Profile { max_name_length: None, ..profile.clone() });
    unique(&name, profile, taken)
}

/// A name as every system takes it, whatever the studio asks.
pub fn plain(name: &str) -> String {
    mended_name(name, &Profile::default())
}

/// The name, with a number if another file of the folder has it already.
fn unique(name: &str, profile: &Profile, taken: &mut BTreeSet<String>) -> String {
    /// Bytes that a body may have before a number, in any file system.
    const ROOM: usize = 200;
    let (body, extension) = split(name);
    let numbered = |number: usize| {
        let tail = format!(" {number}{extension}");
        let most = profile.max_name_length.unwrap_or(usize::MAX);
        let mut body: String =
            body.chars().take(most.saturating_sub(tail.chars().count()).max(1)).collect();
        while body.len() > ROOM {
            body.pop();
        }
        mended_name(&(body.trim_end().to_owned() + &tail), profile)
    };
    // Among one more than there are, one is free.
    let found = std::iter::once(name.to_owned())
        .chain((2..taken.len() + 3).map(numbered))
        .find(|name| taken.insert(name.to_lowercase()));
    found.unwrap_or_else(|| name.to_owned())
}

/// The name as the pattern says; `None` if it asks for what is not known.
fn by_pattern(
    pattern: &str,
    song: &str,
    tempo_bpm: Option<f64>,
    number: usize,
    name: &str,
) -> Option<String> {
    let asks = |placeholder: &str| pattern.contains(&format!("{{{placeholder}}}"));
    let (body, extension) = split(name);
    let tempo = tempo_bpm.map(|bpm| format!("{}", (bpm * 100.0).round() / 100.0));
    let mut own: Vec<&str> = body.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect();
    if asks("number") && own.len() > 1 && own[0].chars().all(|c| c.is_ascii_digit()) {
        own.remove(0);
    }
    if asks("song") {
        let title: Vec<&str> =
            song.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect();
        remove(&mut own, &title);
    }
    if let Some(tempo) = tempo.as_deref().filter(|_| asks("tempo")) {
        remove(&mut own, &[&format!("{tempo}bpm")]);
        remove(&mut own, &[tempo, "bpm"]);
    }
    // A name that nothing was taken from keeps its own spelling.
    let words = body.split([' ', '_', '-']).filter(|word| !word.is_empty()).count();
    let own = if own.len() == words { body.to_owned() } else { own.join(" ") };
    let mut made = pattern.replace("{number}", &format!("{number:02}"));
    if asks("tempo") {
        made = made.replace("{tempo}", &tempo?);
    }
    // What a person wrote comes last: it may hold braces.
    let (before, after) = made.split_once("{name}")?;
    Some(format!(
        "{}{own}{}{extension}",
        before.replace("{song}", song),
        after.replace("{song}", song)
    ))
}

/// Takes these words out where they stand in a row, unless nothing else is there.
fn remove(words: &mut Vec<&str>, row: &[&str]) {
    let is_row =
        |at: &[&str]| at.iter().zip(row).all(|(a, b)| a.to_lowercase() == b.to_lowercase());
    if row.is_empty() || words.len() <= row.len() {
        return;
    }
    if let Some(at) = words.windows(row.len()).position(is_row) {
        words.drain(at..at + row.len());
    }
}

/// Body and extension, with its dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(pattern: Option<&str>, names: &[&str]) -> Vec<String> {
        let profile = Profile { file_name: pattern.map(str::to_owned), ..Profile::default() };
        delivered(&profile, "Night Drive", Some(124.0), names)
    }

    #[test]
    fn without_a_pattern_good_names_stay() {
        let names = ["01 Kick In.wav", "Night_Drive_Bass.wav", "Mix.wav"];
        assert_eq!(named(None, &names), names);
    }

    #[test]
    fn a_pattern_says_nothing_twice() {
        let names = [
            "Kick.wav",
            "Night Drive - Bass DI.wav",
            "NIGHT_DRIVE_Mix.aiff",
            "Lead-vox_124BPM.wav",
        ];
        let song = named(Some("{song}_{name}"), &names);
        let expected = [
            "Night Drive_Kick.wav",
            "Night Drive_Bass DI.wav",
            "Night Drive_Mix.aiff",
            "Night Drive_Lead-vox_124BPM.wav",
        ];
        assert_eq!(song, expected);
        let tempo =
            named(Some("{number} {name}_{tempo}BPM"), &["03 Kick.wav", "Lead-vox_124BPM.wav"]);
        assert_eq!(tempo, ["01 Kick_124BPM.wav", "02 Lead vox_124BPM.wav"]);
        let title_alone = named(Some("{song}_{name}"), &["Night Drive.wav"]);
        assert_eq!(title_alone, ["Night Drive_Night Drive.wav"]);
    }

    #[test]
    fn an_unknown_tempo_leaves_the_names() {
        let profile = Profile { file_name: Some("{name}_{tempo}".into()), ..Profile::default() };
        assert_eq!(delivered(&profile, "Song", None, &["Kick?.wav"]), ["Kick-.wav"]);
    }

    #[test]
    fn a_name_that_was_cut_is_mended_too() {
        let profile = Profile { max_name_length: Some(12), ..Profile::default() };
        assert_eq!(delivered(&profile, "Song", None, &["Long name .a-b"]), ["Long name.a"]);
    }

    #[test]
    fn no_two_names_are_alike() {
        let names = named(None, &["Bass.wav", "bass.wav", "Bass?.wav", "Bass-.wav", "report.json"]);
        assert_eq!(names, ["Bass.wav", "bass 2.wav", "Bass-.wav", "Bass- 2.wav", "report 2.json"]);
    }

    #[test]
    fn a_pattern_has_to_make_sense() {
        assert_eq!(check_pattern("{song}_{name}"), Ok(()));
        for (pattern, why) in [
            ("{song}", "has to hold {name} once"),
            ("{name}{name}", "has to hold {name} once"),
            ("{name}_{key}", "\"{key}\" is none of {name}, {number}, {song}, {tempo}"),
            ("{name", "a '{' without"),
        ] {
            assert!(check_pattern(pattern).unwrap_err().to_string().starts_with(why), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn whatever_they_are_called_they_can_be_unpacked(
            names in prop::collection::vec("[ab:.{} ]{0,12}", 1..8),
            most in 12_usize..20,
        ) {
            let profile = Profile {
                max_name_length: Some(most),
                file_name: Some("{song}_{name}".into()),
                ..Profile::default()
            };
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let made = delivered(&profile, "S", None, &names);
            let unlike: BTreeSet<String> = made.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(unlike.len(), names.len());
            for name in made {
                prop_assert_eq!(mended_name(&name, &profile), name);
            }
        }
    }
}
