//! Stems whose names do not go together.
//!
//! Looks at what names say about the song they belong to: tempo, version, title, number. Order of
//! words, spaces, dashes and upper case are taste and no business of this check.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::song::{guess_instrument, guess_tempo, words};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "inconsistent-names",
        severity: Severity::Info,
        title: "The names do not go together",
        what: "Most stems name a tempo, a version, a title or a number, and a few name another one or \
               none.",
        why: "A file with another tempo or version may come from an older export or from another \
              song; a file without the title gets lost among others.",
        fix: "Name all stems by one pattern, for example \"SongTitle_Drums_124BPM.wav\". Where tempo or \
              version differ, make sure that the file is of this song and export it again.",
        source: "Master Your Track, How to prepare the stems (stem name and song name); MasteringBOX, \
                 Stem mastering guide (clear names)",
    },
    run,
};

/// Fewer stems have no pattern.
const FEWEST: usize = 4;
/// At most one stem in so many may be odd: else it is two patterns and not a slip.
const ONE_IN: usize = 4;
/// A title is no shorter word than this.
const TITLE_LETTERS: usize = 3;

/// What is said about a part or a take, and not about the song.
const DESCRIPTIONS: &str = "main lead dry wet fx stereo mono left right top bottom room high low mid \
    hi lo up down close far near big small soft loud hard clean dist distorted new old alt double dbl \
    dub doubles clip chorus verse bridge intro outro drop hook pre post the and all no with group bus \
    buss sub sum stem stems print printed bounce bounced processed raw comp part take layer audio \
    track wav bit khz bpm int float";

/// What one name says about its song.
struct Says {
    index: usize,
    words: Vec<String>,
    tempo: Option<f64>,
    version: Option<String>,
    number: bool,
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let names: Vec<Says> = song.stems().map(|(index, file)| read(index, file.name)).collect();
    if names.len() < FEWEST {
        return;
    }
    if let Some(odd) = minority(&names, |name| name.tempo.map(|bpm| bpm.to_string())) {
        let message = "The names of the stems do not agree on the tempo: {odd} say another one.";
        found.push(about(
            &odd,
            message,
            "The name of {file} says another tempo than the others.",
            Severity::Warning,
        ));
    }
    if let Some(odd) = minority(&names, |name| name.version.clone()) {
        let message = "The names of the stems do not agree on the version: {odd} say another one.";
        found.push(about(
            &odd,
            message,
            "The name of {file} says another version than the others.",
            Severity::Warning,
        ));
    }
    let title = title(&names);
    let untitled =
        |name: &&Says| !title.is_empty() && title.iter().all(|w| !name.words.contains(w));
    let odd: Vec<usize> = names.iter().filter(untitled).map(|name| name.index).collect();
    if is_slip(odd.len(), names.len()) {
        let message = "Most stems have \"{title}\" in their names, but not {odd}.";
        let one = "Most stems have \"{title}\" in their names, but not {file}.";
        let finding = about(&odd, message, one, Severity::Info);
        found.push(finding.with("title", Value::Text(title.join(" "))));
    }
    let odd: Vec<usize> = names.iter().filter(|name| !name.number).map(|name| name.index).collect();
    if is_slip(odd.len(), names.len()) {
        let message = "The names of the stems begin with a number, but not those of {odd}.";
        let one = "The names of the stems begin with a number, but not that of {file}.";
        found.push(about(&odd, message, one, Severity::Info));
    }
}

fn about(odd: &[usize], several: &'static str, one: &'static str, severity: Severity) -> Finding {
    let finding = match odd {
        [only] => Finding::new(CHECK.doc.code, one).file(*only),
        _ => Finding::new(CHECK.doc.code, several),
    };
    let finding = finding.with("odd", Value::Names(odd.to_vec())).severity(severity);
    finding.amount(odd.len() as f64, "files")
}

fn read(index: usize, name: &str) -> Says {
    let words = words(name);
    let version = words.windows(2).find_map(|pair| match pair {
        [v, number] if is_version(v) && is_number(number) => Some(number.clone()),
        _ => None,
    });
    let number = words.first().is_some_and(|first| is_number(first)) && words.len() > 1;
    Says { index, tempo: guess_tempo(&[name]), version, number, words }
}

fn is_version(word: &str) -> bool {
    matches!(word, "v" | "ver" | "version" | "rev")
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

fn is_slip(odd: usize, all: usize) -> bool {
    odd > 0 && odd * ONE_IN <= all
}

/// Those that say something else than most of those that say it at all, if they are few.
fn minority(names: &[Says], says: impl Fn(&Says) -> Option<String>) -> Option<Vec<usize>> {
    let said: Vec<(usize, String)> =
        names.iter().filter_map(|name| Some((name.index, says(name)?))).collect();
    let count = |what: &String| said.iter().filter(|(_, other)| other == what).count();
    let (_, common) = said.iter().max_by_key(|(_, what)| count(what))?;
    let odd: Vec<usize> =
        said.iter().filter(|(_, what)| what != common).map(|(index, _)| *index).collect();
    (said.len() >= FEWEST && is_slip(odd.len(), said.len())).then_some(odd)
}

/// Words before or after the part's own that nearly all names share: the song's title. Empty if there
/// is none, or if it could be anything else.
fn title(names: &[Says]) -> Vec<String> {
    let bodies: Vec<Vec<&String>> = names
        .iter()
        .map(|name| name.words.iter().skip_while(|word| is_number(word)).collect())
        .collect();
    let leading = shared(&bodies);
    if is_title(&leading) {
        return leading;
    }
    let reversed =
        bodies.iter().map(|words| words.iter().rev().copied().collect()).collect::<Vec<_>>();
    let mut trailing = shared(&reversed);
    trailing.reverse();
    if is_title(&trailing) { trailing } else { Vec::new() }
}

/// The longest run of first words that all but a few lists begin with.
fn shared(lists: &[Vec<&String>]) -> Vec<String> {
    let mut best: Vec<String> = Vec::new();
    let mut within: Vec<&Vec<&String>> = lists.iter().collect();
    while let Some(next) = within
        .iter()
        .filter_map(|words| words.get(best.len()))
        .max_by_key(|word| {
            within.iter().filter(|words| words.get(best.len()) == Some(word)).count()
        })
        .map(|word| (*word).clone())
    {
        let at = best.len();
        within.retain(|words| words.get(at) == Some(&&next));
        if within.len() == lists.len() || is_slip(lists.len() - within.len(), lists.len()) {
            best.push(next);
        } else {
            break;
        }
    }
    best
}

fn is_title(words: &[String]) -> bool {
    let is_own = |word: &&String| {
        word.chars().count() >= TITLE_LETTERS
            && word.chars().all(char::is_alphabetic)
            && !DESCRIPTIONS.split_whitespace().any(|known| known == word.as_str())
    };
    words.iter().any(|word| is_own(&word)) && guess_instrument(&words.join(" ")).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use crate::song::Role;

    fn found(names: &[&str]) -> Vec<(Option<Severity>, String)> {
        let mut scene = Scene::clean();
        scene.remove_reference();
        scene.keep(0);
        for name in names {
            scene.add(name, Role::Stem);
        }
        let found = scene.found("inconsistent-names");
        found.iter().map(|finding| (finding.severity, scene.say(finding))).collect()
    }

    #[test]
    fn another_tempo_or_version_is_a_warning() {
        let found = found(&[
            "Kick_124BPM_v3.wav",
            "Bass_124BPM_v3.wav",
            "Keys_124BPM_v2.wav",
            "Vox_126BPM_v3.wav",
        ]);
        let said = [
            "The name of Keys_124BPM_v2.wav says another version than the others.",
            "The name of Vox_126BPM_v3.wav says another tempo than the others.",
        ];
        assert_eq!(found, said.map(|said| (Some(Severity::Warning), said.to_owned())));
    }

    #[test]
    fn a_missing_title_or_number_is_good_to_know() {
        let title = ["Rainy Day_Kick.wav", "Rainy Day_Bass.wav", "Keys.wav", "Rainy Day_Vox.wav"];
        let said = "Most stems have \"rainy day\" in their names, but not Keys.wav.";
        assert_eq!(found(&title), [(Some(Severity::Info), said.to_owned())]);
        let after = ["Kick - Rain.wav", "Bass - Rain.wav", "Keys - Sun.wav", "Vox - Rain.wav"];
        let said = "Most stems have \"rain\" in their names, but not Keys - Sun.wav.";
        assert_eq!(found(&after), [(Some(Severity::Info), said.to_owned())]);
        let numbers = ["01 Kick.wav", "02 Bass.wav", "Keys.wav", "04 Vox.wav"];
        let said = "The names of the stems begin with a number, but not that of Keys.wav.";
        assert_eq!(found(&numbers), [(Some(Severity::Info), said.to_owned())]);
    }

    #[test]
    fn realistic_lists_are_fine() {
        let lists: [&[&str]; 14] = [
            &["Drums.wav", "Bass.wav", "Keys.wav", "Guitar.wav", "Lead Vocal.wav"],
            &["01 Kick In.wav", "02 Kick Out.wav", "03 Snare.wav", "04 Bass DI.wav", "05 Vox.wav"],
            &[
                "SongTitle_Drums.wav",
                "SongTitle_Bass.wav",
                "SongTitle_Synth.wav",
                "SongTitle_Vox.wav",
            ],
            &[
                "Kick_124BPM.wav",
                "Snare_124BPM.wav",
                "Bass_124BPM.wav",
                "Lead_124BPM.wav",
                "FX.wav",
            ],
            &["Kick In.wav", "Kick Out.wav", "Kick Sub.wav", "Kick Room.wav", "Snare.wav"],
            &["Lead Vox.wav", "Lead Synth.wav", "Lead Gtr.wav", "Lead 2.wav", "Drums.wav"],
            &["Main Vox.wav", "Main Synth.wav", "Main Keys.wav", "Main Gtr.wav", "Drums.wav"],
            &["Vox Dry.wav", "Gtr Dry.wav", "Bass Dry.wav", "Keys Dry.wav", "Drums.wav"],
            &[
                "Kick - Song - 24bit.wav",
                "Bass - Song - 24bit.wav",
                "Keys - Song - 24bit.wav",
                "Vox - Song - 24bit.wav",
            ],
            &["Vox V 1.wav", "Vox V 2.wav", "Vox V 3.wav", "Vox V 4.wav"],
            &["808.wav", "2 Kick.wav", "3 Snare.wav", "Vox.wav"],
            &["ドラム.wav", "ベース.wav", "ギター.wav", "ボーカル.wav"],
            &["Schlagzeug.wav", "Bläser.wav", "Gesang.wav", "Übrige.wav"],
            &["Song A Kick.wav", "Song A Bass.wav", "Song B Kick.wav", "Song B Bass.wav"],
        ];
        for names in lists {
            assert_eq!(found(names), [] as [(Option<Severity>, String); 0], "{names:?}");
        }
    }
}
