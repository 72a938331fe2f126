//! A file name that some system, program or studio does not take.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::{Profile, Severity};

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

/// Bytes of the longest name that file systems hold.
const LONGEST: usize = 255;

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

/// The name as every system and this studio take it: what is refused becomes '-', what is cut off is
/// cut, a device's name gets a '_', and what is too long loses the end of its body. A name that
/// nobody refuses stays as it is; two names may become one.
#[must_use]
pub fn mended_name(name: &str, profile: &Profile) -> String {
    let is_refused = |c: char| REFUSED.contains(&c) || profile.forbidden_characters.contains(c);
    let shown = name.chars().filter(|&c| !is_hidden(c));
    let plain: String = shown.map(|c| if is_refused(c) { '-' } else { c }).collect();
    let plain = plain.trim_matches(' ').trim_end_matches(['.', ' ']);
    let (body, extension) = plain.split_at(without_extension(plain).len());
    // A name that begins with a dot is hidden.
    let body = body.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let most = profile.max_name_length.unwrap_or(LONGEST).min(LONGEST);
    let mut body: String = match body {
        "" => "File".to_owned(),
        body if is_device(body) => format!("_{body}"),
        body => body.to_owned(),
    };
    while body.chars().count() > 1
        && (body.chars().count() + extension.chars().count() > most
            || body.len() + extension.len() > LONGEST)
    {
        body.pop();
    }
    let mended = body.trim_end_matches(['.', ' ']).to_owned() + extension;
    // What was cut may end like an extension now, which has its own rules: once more, until it holds.
    if mended == name { mended } else { mended_name(&mended, profile) }
}

/// What follows the last dot of a name, if it tells a kind of file.
fn is_extension(text: &str) -> bool {
    text.len() <= 8 && text.chars().all(|c| c.is_ascii_alphanumeric())
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

/// The name without its extension, if it has one.
fn without_extension(name: &str) -> &str {
    name.rsplit_once('.').filter(|(_, rest)| is_extension(rest)).map_or(name, |(body, _)| body)
}

fn ends_badly(name: &str) -> bool {
    let is_cut = |text: &str| text.starts_with(' ') || text.ends_with(' ');
    is_cut(name) || name.ends_with('.') || without_extension(name).ends_with(' ')
}

fn is_device(name: &str) -> bool {
    let body = name.split('.').next().unwrap_or_default().trim_end();
    DEVICES.split_whitespace().any(|device| body.eq_ignore_ascii_case(device))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn mending_changes_no_more_than_is_refused() {
        let profile = Profile { forbidden_characters: "+#".to_owned(), ..Profile::default() };
        let short = Profile { max_name_length: Some(12), ..Profile::default() };
        for (name, mended) in [
            ("Bass: take 2?.wav", "Bass- take 2-.wav"),
            ("Bass + Sub #2.wav", "Bass - Sub -2.wav"),
            (" Bass .wav ", "Bass.wav"),
            ("aux.wav", "_aux.wav"),
            ("../Bass.wav", "-Bass.wav"),
            (".wav", "File.wav"),
            ("", "File"),
        ] {
            assert_eq!(mended_name(name, &profile), mended, "{name}");
        }
        assert_eq!(mended_name("Backing vocals.wav", &short), "Backing.wav");
    }

    #[test]
    fn what_follows_a_dot_is_not_always_an_extension() {
        let mended = mended_name("0 .|", &Profile::default());
        assert_eq!((mended.as_str(), found(&mended).len()), ("0 .-", 0));
    }

    proptest! {
        #[test]
        fn what_is_mended_is_found_no_more(name in "[ -z|~\u{202e}\u{e9}\t]{0,60}|(com1|aux|nul)[.a-z]{0,8}") {
            let profile = Profile {
                forbidden_characters: "+#".to_owned(),
                max_name_length: Some(40),
                ..Profile::default()
            };
            let mended = mended_name(&name, &profile);
            prop_assert_eq!(found(&mended), [], "{}", mended);
            prop_assert_eq!(mended_name(&mended, &profile), mended);
        }
    }

    const FINE: [&str; 10] = [
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
    ];

    #[test]
    fn names_as_people_write_them_are_fine() {
        for name in FINE {
            assert_eq!(mended_name(name, &Profile::default()), name);
            assert_eq!(found(name), [], "{name}");
        }
    }
}
