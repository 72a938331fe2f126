//! Which of the names is the stereo mix, and which others could be it as well.

use super::{instrument_of, names_a_document, shared_words, stereo_pairs, words};

/// Words that name the stereo mix, the surest first.
const REFERENCE_WORDS: [&str; 4] = [
    "mixdown, reference, 2 mix, two mix, fullmix, full mix, stereomix, stereo mix, premaster, \
     pre master, main mix, final mix, rough mix, 2 track, two track, 2 trk, reference mix, \
     mix reference, ref mix, mix ref, mix print, print mix, gesamtmix, referenz",
    "mix, ref, mezcla, missaggio, riferimento, referencia",
    "master, mastered, print, stereo out, stereo output, main out",
    "stereo, full, full song, main, bounce, mixed",
];

/// What no part is called: beside these, an instrument is a word of the song's title.
const WHOLE_SONG: &str = "full mix, fullmix, final mix, rough mix, gesamtmix, full song, \
     reference mix, mix reference, ref mix, mix ref";

/// A name of these ranks means the mix also beside a better one; of the others only alone.
const SURE_RANKS: usize = 3;

/// The names that say "I am the stereo mix" ("mix", "mixdown", "reference", "master", "print",
/// "2mix" as words of their own): the one to take, then those that could be it as well. Empty where
/// there is none.
///
/// Words that all names share (the song's title) do not count, nor do names that name an instrument:
/// a "drum mix" is a stem, though "Piano Song FULL MIX" is the mix where nothing else is. The surest word is
/// taken, of equals the latest ("Mix 2" after "Mix 1"). Two halves of a split mix are none.
pub fn guess_references(names: &[&str]) -> Vec<usize> {
    let title = shared_words(names);
    let own: Vec<Vec<String>> = names
        .iter()
        .map(|name| words(name).into_iter().filter(|word| !title.contains(word)).collect())
        .collect();
    let some_stem = own.iter().any(|words| instrument_of(words).is_some());
    let pairs = stereo_pairs(names);
    let is_half = |index| pairs.iter().any(|&(left, right)| left == index || right == index);
    let is_mix = |index: usize| {
        names.get(index).is_some_and(|name| !names_a_document(name)) && !is_half(index)
    };
    let mut ranks: Vec<(usize, usize)> = own
        .iter()
        .enumerate()
        .filter_map(|(index, words)| {
            if !is_mix(index) || instrument_of(words).is_some() {
                return None;
            }
            // The song's title alone, beside stems that add their instrument to it, is the song.
            let is_title = words.is_empty() && some_stem;
            let rank = REFERENCE_WORDS.iter().position(|known| holds_any(words, known));
            Some((index, rank.or(is_title.then_some(REFERENCE_WORDS.len()))?))
        })
        .collect();
    if ranks.is_empty() {
        let says_so =
            |&(index, words): &(usize, &Vec<String>)| is_mix(index) && holds_any(words, WHOLE_SONG);
        let whole = own.iter().enumerate().filter(says_so);
        let whole: Vec<usize> = whole.map(|(index, _)| index).collect();
        return if whole.len() == 1 { whole } else { Vec::new() };
    }
    let age =
        |index: usize| own.get(index).map(|words| words.iter().map(|word| natural(word)).collect());
    ranks.sort_by_cached_key(|&(index, rank)| {
        (rank, std::cmp::Reverse(age(index).unwrap_or_else(Vec::new)))
    });
    let best = ranks.first().map_or(0, |(_, rank)| *rank);
    ranks.retain(|(_, rank)| *rank == best || *rank < SURE_RANKS);
    ranks.into_iter().map(|(index, _)| index).collect()
}

/// "v10" comes after "v9".
fn natural(word: &str) -> (u64, &str) {
    (word.parse().unwrap_or(0), word)
}

/// Whether the words hold one of the comma-separated phrases.
fn holds_any(words: &[String], phrases: &str) -> bool {
    phrases.split(", ").any(|phrase| {
        let length = phrase.split(' ').count();
        words.windows(length).any(|window| window.iter().eq(phrase.split(' ')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rivals_are_told_and_weak_words_are_none() {
        let rivals = |names: &[&str]| guess_references(names);
        assert_eq!(rivals(&["Kick.wav", "Song Master.wav", "Song Mix.wav"]), [2, 1]);
        assert_eq!(rivals(&["Kick.wav", "Mix 1.wav", "Mix 2.wav"]), [2, 1]);
        assert_eq!(rivals(&["Kick.wav", "Main.wav", "Mix 2.wav"]), [2]);
        assert_eq!(rivals(&["Kick.wav", "Main.wav", "Full.wav"]), [1, 2]);
    }

    #[test]
    fn a_title_may_hold_an_instrument_where_the_rest_says_the_whole_song() {
        let found = |names: &[&str]| guess_references(names);
        assert_eq!(found(&["Kick.wav", "808.wav", "Beat FULL MIX.wav"]), [2]);
        assert_eq!(found(&["Kick.wav", "Vox.wav", "Piano Man - Final Mix.wav"]), [2]);
        assert!(found(&["Kick.wav", "Drum Mix.wav", "Vocal Mix.wav"]).is_empty());
        assert!(found(&["Beat full mix.wav", "Vocal full mix.wav", "Kick.wav"]).is_empty());
        assert_eq!(found(&["Beat full mix.wav", "Vox.wav", "Night Mix.wav"]), [2]);
    }
}
