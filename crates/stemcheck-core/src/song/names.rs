//! What a file's name tells: instrument, reference, tempo.
//!
//! Guesses, each of which a person can correct. Decides by whole words, never by parts of words (a
//! bassoon is no bass), and rather says nothing than something doubtful. Does not look at audio.

use super::Instrument;
use vocabulary::{BACKING, PHRASES, STRONG, WEAK};

mod pairs;
mod reference;
mod vocabulary;

pub use pairs::stereo_pairs;
pub use reference::guess_references;

/// The instrument that a file name names, if any (`Kick_124BPM.wav` is the kick).
///
/// The last word that names an instrument decides, as in English the last noun does ("synth bass",
/// "lead guitar"); words that may mean something else ("lead", "808", "room") count where no other
/// does.
pub fn guess_instrument(name: &str) -> Option<Instrument> {
    instrument_of(&words(name))
}

fn instrument_of(words: &[String]) -> Option<Instrument> {
    let mut strong = Vec::new();
    let mut weak = None;
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        if let Some((length, instrument)) = phrase(rest) {
            strong.push(instrument);
            at += length;
            continue;
        }
        let word = rest[0].as_str();
        if let Some(instrument) = look_up(STRONG, word) {
            strong.push(instrument);
        } else if let Some(instrument) = look_up(WEAK, word) {
            weak = Some(instrument);
        }
        at += 1;
    }
    let instrument = strong.last().copied().or(weak)?;
    let is_backing = || words.iter().any(|word| BACKING.split(' ').any(|known| known == word));
    Some(match instrument {
        Instrument::LeadVocal if is_backing() => Instrument::BackingVocals,
        Instrument::Percussion if strong.contains(&Instrument::Drums) => Instrument::Drums,
        other => other,
    })
}

/// The phrase that the words begin with, and how many words it has.
fn phrase(words: &[String]) -> Option<(usize, Instrument)> {
    PHRASES.iter().find_map(|(instrument, phrases)| {
        phrases.split(", ").find_map(|phrase| {
            let length = phrase.split(' ').count();
            let begin = words.get(..length)?;
            begin.iter().eq(phrase.split(' ')).then_some((length, *instrument))
        })
    })
}

/// Looks for a word or its singular.
fn look_up(table: &[(Instrument, &str)], word: &str) -> Option<Instrument> {
    let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
    table.iter().find_map(|(instrument, known)| {
        let is_known = known.split(' ').any(|known| known == word || Some(known) == singular);
        is_known.then_some(*instrument)
    })
}

/// Tempo in beats a minute that the names agree on (40 to 250).
pub fn guess_tempo(names: &[&str]) -> Option<f64> {
    let mut tempos = names.iter().flat_map(|name| tempos_in(name));
    let first = tempos.next()?;
    tempos.all(|tempo| tempo == first).then_some(first)
}

/// Two or three digits, perhaps with one or two decimals, before "bpm".
fn tempos_in(name: &str) -> Vec<f64> {
    let lower = name.to_ascii_lowercase();
    lower.match_indices("bpm").filter_map(|(at, _)| tempo_before(&lower[..at])).collect()
}

fn tempo_before(text: &str) -> Option<f64> {
    let text = text.strip_suffix('-').unwrap_or(text);
    let text = text.strip_suffix('_').unwrap_or(text).trim_end();
    let (text, last) = split_digits(text);
    let (whole, decimals) = match text.strip_suffix(['.', ',']).map(split_digits) {
        Some((_, whole)) if !whole.is_empty() && last.len() <= 2 => (whole, last),
        _ => (last, ""),
    };
    let tempo: f64 = format!("{whole}.{decimals}0").parse().ok()?;
    ((2..=3).contains(&whole.len()) && (40.0..=250.0).contains(&tempo)).then_some(tempo)
}

/// Splits the digits off the end.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}

/// Words that every name holds, where there are enough names to tell: the song's title and its like.
pub(crate) fn shared_words(names: &[&str]) -> Vec<String> {
    const ENOUGH: usize = 3;
    if names.len() < ENOUGH {
        return Vec::new();
    }
    let mut shared = names.first().map(|name| words(name)).unwrap_or_default();
    for name in names {
        let words = words(name);
        shared.retain(|word| words.contains(word));
    }
    shared
}

/// The words of a file name in lower case, without its extension and without accents. Numbers are
/// words of their own: "2mix" gives "2" and "mix".
pub(crate) fn words(name: &str) -> Vec<String> {
    let stem = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && is_extension(extension) => stem,
        _ => name,
    };
    let mut words = Vec::new();
    for run in stem.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        for part in split_kinds(run, |a, b| a.is_numeric() != b.is_numeric()) {
            let whole = fold(&part);
            // "HiHat" and "BGVs" are known as they stand; "SongDrums" is two words.
            if look_up(STRONG, &whole).is_some() || BACKING.split(' ').any(|known| known == whole) {
                words.push(whole);
            } else {
                words.extend(split_case(&part).iter().map(|word| fold(word)));
            }
        }
    }
    words
}

fn is_extension(text: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "wav", "wave", "bwf", "rf64", "bw64", "w64", "aif", "aiff", "aifc", "caf", "flac", "mp3",
        "m4a", "aac", "ogg", "opus",
    ];
    KNOWN.iter().any(|known| text.eq_ignore_ascii_case(known))
}

/// What lies beside stems in a song's folder and is not meant to be heard: texts, pictures, projects.
pub fn names_a_document(name: &str) -> bool {
    const KNOWN: [&str; 24] = [
        "txt", "md", "rtf", "pdf", "doc", "docx", "odt", "jpg", "jpeg", "png", "gif", "webp",
        "xml", "json", "csv", "mid", "midi", "als", "asd", "cpr", "flp", "rpp", "reapeaks",
        "ds_store",
    ];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    KNOWN.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Cuts where two neighbours are of different kinds.
fn split_kinds(text: &str, differ: impl Fn(char, char) -> bool) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        match parts.last_mut() {
            Some(part) if before.is_some_and(|before| !differ(before, c)) => part.push(c),
            _ => parts.push(c.to_string()),
        }
        before = Some(c);
    }
    parts
}

/// `LeadVox` is "Lead" and "Vox"; `EGtr` is "E" and "Gtr"; `GTR` is one word.
fn split_case(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in split_kinds(text, |a, b| a.is_lowercase() && b.is_uppercase()) {
        let uppers = part.chars().take_while(|c| c.is_uppercase()).count();
        if uppers > 1 && uppers < part.chars().count() {
            let head: String = part.chars().take(uppers - 1).collect();
            let tail: String = part.chars().skip(uppers - 1).collect();
            parts.extend([head, tail]);
        } else {
            parts.push(part);
        }
    }
    parts
}

/// Lower case, and the accents of western European languages taken off.
fn fold(word: &str) -> String {
    word.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'à'..='å' => Some('a'),
            'è'..='ë' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ò'..='ö' => Some('o'),
            'ù'..='ü' => Some('u'),
            'ñ' => Some('n'),
            'ç' => Some('c'),
            // Accents as macOS stores them, apart from their letter.
            '\u{300}'..='\u{36f}' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests;
