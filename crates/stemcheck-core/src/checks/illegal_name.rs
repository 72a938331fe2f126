//! A file name that some system, program or studio does not take.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "illegal-name",
        severity: Severity::Warning,
        title: "The name is not allowed everywhere",
        what: "The file name holds characters that some systems refuse, is reserved by Windows, is \
               longer than the studio takes, or is that of another file but for upper and lower case.",
        why: "On another system the file cannot be unpacked or opened, or is renamed by the copying \
              program, or overwrites another one.",
        fix: "Rename the file: letters, digits, spaces, '-' and '_' are safe everywhere, and no space \
              or dot at the end.",
        source: "Microsoft, Naming Files, Paths, and Namespaces; studios' lists of forbidden \
                 characters (* ? < > \" | \\ / : + #)",
    },
    run,
};

/// What Windows refuses in a name; macOS and Linux refuse some of it.
const REFUSED: [char; 9] = ['*', '?', '<', '>', '"', '|', '\\', '/', ':'];

/// Names of devices, with any extension (Microsoft, Naming Files).
const DEVICES: &str = "con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 \
                       lpt4 lpt5 lpt6 lpt7 lpt8 lpt9";

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for (index, file) in song.delivered() {
        let finding = |message| Finding::new(CHECK.doc.code, message).file(index);
        let name = file.name;
        let hidden = name.chars().filter(|&c| is_hidden(c)).count();
        let refused = listed(name, |c| REFUSED.contains(&c));
        let unwanted = listed(name, |c| song.profile.forbidden_characters.contains(c));
        if hidden > 0 {
            let message =
                "The name \"{file}\" holds {count} control characters that cannot be seen.";
            let count = hidden as u64;
            let finding = finding(message).with("count", Value::Count(count));
            found.push(finding.amount(hidden as f64, "characters"));
        } else if !refused.is_empty() {
            let message = "The name \"{file}\" holds {characters}, which Windows refuses.";
            let count = refused.len() as f64;
            let finding = finding(message).with("characters", spoken(&refused));
            found.push(finding.amount(count, "characters"));
        } else if !unwanted.is_empty() {
            let message = "The name \"{file}\" holds {characters}, which some studios do not take.";
            let count = unwanted.len() as f64;
            let finding = finding(message).with("characters", spoken(&unwanted));
            found.push(finding.amount(count, "characters").severity(Severity::Info));
        }
        if ends_badly(name) {
            let message = "The name \"{file}\" ends or begins with a space, or ends with a dot: some \
                           systems cut it off.";
            found.push(finding(message));
        }
        if is_device(name) {
            found.push(finding("\"{file}\" is the name of a device on Windows."));
        }
        let length = name.chars().count();
        if let Some(most) = song.profile.max_name_length.filter(|&most| length > most) {
            let message = "The name \"{file}\" has {length} characters; at most {most} are taken.";
            let finding = finding(message).with("length", Value::Count(length as u64));
            found.push(
                finding.with("most", Value::Count(most as u64)).amount(length as f64, "characters"),
            );
        }
        let folded = name.to_lowercase();
        match seen.iter().find(|(known, _)| *known == folded) {
            Some((_, other)) => found.push(
                finding(
                    "{file} and {other} have the same name but for upper and lower case, or lie \
                         in different folders: in one folder one of them replaces the other.",
                )
                .with("other", Value::Name(*other)),
            ),
            None => seen.push((folded, index)),
        }
    }
}

/// Control characters, and those that turn the direction of writing or have no width (they can hide
/// an extension).
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The characters of a kind that are in a name, each once.
fn listed(name: &str, is: impl Fn(char) -> bool) -> Vec<char> {
    let mut listed: Vec<char> = Vec::new();
    for c in name.chars().filter(|&c| is(c)) {
        if !listed.contains(&c) {
            listed.push(c);
        }
    }
    listed
}

fn spoken(characters: &[char]) -> Value {
    Value::List(characters.iter().map(|c| format!("'{c}'")).collect())
}

/// The name without its extension.
fn body(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(body, _)| body)
}

fn ends_badly(name: &str) -> bool {
    let is_cut = |text: &str| text.starts_with(' ') || text.ends_with(' ');
    is_cut(name) || name.ends_with('.') || body(name).ends_with(' ')
}

fn is_device(name: &str) -> bool {
    let body = name.split('.').next().unwrap_or_default().trim_end();
    DEVICES.split_whitespace().any(|device| body.eq_ignore_ascii_case(device))
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn found(name: &str) -> Vec<(Option<Severity>, String)> {
        let mut scene = Scene::clean();
        scene.profile.forbidden_characters = "+#".to_owned();
        scene.profile.max_name_length = Some(40);
        scene.rename(1, name);
        let found = scene.found("illegal-name");
        found.iter().map(|finding| (finding.severity, scene.say(finding))).collect()
    }

    #[test]
    fn what_windows_refuses_is_a_warning() {
        for name in [
            "Bass: take 2.wav",
            "Bass?.wav",
            "Bass \"DI\".wav",
            "Ba\tss.wav",
            "Bass\u{202e}vaw.exe",
            "Bass .wav",
            "Bass.",
            " Bass.wav",
            "aux.wav",
            "Com1.bass.wav",
            "drums.wav",
            "Bass that was played on the fifth try.wav and so on",
        ] {
            let found = found(name);
            assert!(matches!(found[..], [(Some(Severity::Warning), _)]), "{name}: {found:?}");
        }
        let said = "The name \"Bass: 2|3.wav\" holds ':' and '|', which Windows refuses.";
        assert_eq!(found("Bass: 2|3.wav")[0].1, said);
    }

    #[test]
    fn what_only_studios_refuse_is_good_to_know() {
        let said =
            "The name \"Bass + Sub #2.wav\" holds '+' and '#', which some studios do not take.";
        assert_eq!(found("Bass + Sub #2.wav"), [(Some(Severity::Info), said.to_owned())]);
    }

    #[test]
    fn names_as_people_write_them_are_fine() {
        for name in [
            "01 Kick In.wav",
            "SongTitle_Drums.wav",
            "Kick_124BPM.wav",
            "Bass (DI) - Song - 24bit.wav",
            "Søren's Bläser & Co.aiff",
            "低音 ベース.wav",
            "Bass 🎸.wav",
            "Bass v1.5.wav",
            "Auxiliary.wav",
            "Console Bass.wav",
        ] {
            assert_eq!(found(name), [], "{name}");
        }
    }
}
