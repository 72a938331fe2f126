//! The order of an album, as people write it down, and which of its songs are there.
//!
//! Reads titles from text, CSV, cue sheets and playlists, and compares them with the songs' names as
//! a person would: upper case, accents of spelling and numbers do not matter. Does not judge; see
//! `stemcheck_core::checks`.

use stemcheck_core::checks::{Album, Listing};

/// More titles than any album has; what follows is not looked at.
const MOST_TITLES: usize = 400;
/// More characters than any title has.
const MOST_CHARS: usize = 200;
/// How alike (0 to 1) a title and a name must be to be the same.
const ALIKE: f64 = 0.75;
/// How alike they are if one holds all words of the other: "Rain" and "Rain (Radio Edit)".
const HELD: f64 = 0.9;

/// The titles of a tracklist; the file's name tells how it is written.
pub fn parse(file_name: &str, text: &str) -> Vec<String> {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let titles = match extension.to_lowercase().as_str() {
        "cue" => cue(text),
        "m3u" | "m3u8" => playlist(text),
        "csv" | "tsv" => table(text),
        _ => lines(text),
    };
    titles
        .into_iter()
        .map(|title| title.trim().chars().take(MOST_CHARS).collect::<String>())
        .filter(|title| title.chars().any(char::is_alphanumeric))
        .take(MOST_TITLES)
        .collect()
}

/// What each song of an album is told about it; `titles` is `None` where there is no tracklist.
pub fn albums(songs: &[String], titles: Option<&[String]>) -> Vec<Album> {
    let found = titles.map(|titles| matches(songs, titles));
    (0..songs.len())
        .map(|number| Album {
            songs: songs.len(),
            number,
            listing: titles.zip(found.as_ref()).map(|(titles, found)| Listing {
                listed: found.iter().any(|&(song, _)| song == number),
                missing: (0..titles.len())
                    .filter(|&title| !found.iter().any(|pair| pair.1 == title))
                    .filter_map(|title| titles.get(title).cloned())
                    .collect(),
            }),
        })
        .collect()
}

/// Pairs of songs and titles, the most alike first, each once.
pub fn matches(songs: &[String], titles: &[String]) -> Vec<(usize, usize)> {
    let plain = |names: &[String]| names.iter().map(|name| words(name)).collect::<Vec<_>>();
    let (songs, titles) = (plain(songs), plain(titles));
    let mut pairs: Vec<(f64, usize, usize)> = songs
        .iter()
        .enumerate()
        .flat_map(|(s, song)| {
            titles.iter().enumerate().map(move |(t, title)| (alike(song, title), s, t))
        })
        .filter(|pair| pair.0 >= ALIKE)
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (_, song, title) in pairs {
        if !found.iter().any(|&(s, t)| s == song || t == title) {
            found.push((song, title));
        }
    }
    found
}

/// Words in lower case, without a number in front.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(|word| word.replace(['\'', '’'], ""))
        .collect();
    let is_number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
    let skipped = usize::from(words.len() > 1 && words.first().is_some_and(is_number));
    words.into_iter().skip(skipped).collect()
}

fn alike(song: &[String], title: &[String]) -> f64 {
    let (shorter, longer) = if song.len() <= title.len() { (song, title) } else { (title, song) };
    let held = !shorter.is_empty() && shorter.iter().all(|word| longer.contains(word));
    let spelled = strsim::normalized_damerau_levenshtein(&song.join(" "), &title.join(" "));
    if held { spelled.max(HELD) } else { spelled }
}

/// One title a line, perhaps with a number before and a length behind. Where most lines have a number,
/// those without are headings.
fn lines(text: &str) -> Vec<String> {
    const HEADINGS: [&str; 4] = ["tracklist", "track list", "tracklisting", "tracks"];
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let numbered: Vec<(bool, &str)> = lines.iter().map(|line| unnumbered(line)).collect();
    let all_numbered = numbered.iter().filter(|(is, _)| *is).count() * 2 > numbered.len();
    numbered
        .into_iter()
        .filter(|(is, title)| {
            let plain = title.trim_end_matches(':').to_lowercase();
            let is_heading = HEADINGS.contains(&plain.as_str()) || title.starts_with('#');
            (*is || !all_numbered) && !is_heading
        })
        .map(|(_, title)| untimed(title).to_owned())
        .collect()
}

/// Takes a number off the front ("01.", "3)", "7 -", "A2:"), and says whether there was one.
fn unnumbered(line: &str) -> (bool, &str) {
    let body = line.trim_start_matches(['-', '*', '•', ' ']);
    let side = body.strip_prefix(['A', 'B', 'C', 'D']).filter(|rest| rest.starts_with(is_digit));
    let rest = side.unwrap_or(body).trim_start_matches(is_digit);
    if rest.len() == body.len() {
        return (false, body);
    }
    let title = rest.trim_start_matches(['.', ')', ':', '-', '–', '\t', ' ']);
    // "99 Problems" is a title; "99. Problems" and "04 Problems" are the tracks 99 and 4.
    let is_marked =
        rest.starts_with(['.', ')', ':', '\t']) || rest.trim_start().starts_with(['-', '–']);
    if !title.is_empty() && (is_marked || body.starts_with('0') || side.is_some()) {
        (true, title)
    } else {
        (false, body)
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Takes a length off the end: "3:45", "(03:45)", "[1:02:03]".
fn untimed(title: &str) -> &str {
    let is_time = |c: char| is_digit(c) || matches!(c, ':' | '(' | ')' | '[' | ']');
    let rest = title.trim_end_matches(is_time);
    let time = title.get(rest.len()..).unwrap_or_default();
    if time.contains(':') { rest.trim_end_matches(['-', '–', ' ', '\t', ',']) } else { title }
}

/// The column that is called "title", else the first one that is no number and no time.
fn table(text: &str) -> Vec<String> {
    const TITLES: [&str; 6] = ["title", "song", "track", "name", "track title", "song title"];
    let separator = [';', '\t', ',']
        .into_iter()
        .find(|&c| text.lines().next().is_some_and(|line| line.contains(c)))
        .unwrap_or(',');
    let mut rows: Vec<Vec<String>> = text.lines().map(|line| cells(line, separator)).collect();
    let heads: Vec<String> = rows
        .first()
        .map(|row| row.iter().map(|cell| cell.to_lowercase()).collect())
        .unwrap_or_default();
    let named = TITLES.iter().find_map(|title| heads.iter().position(|head| head == title));
    if let Some(column) = named {
        rows.remove(0);
        return rows.into_iter().filter_map(|row| row.into_iter().nth(column)).collect();
    }
    let is_text = |cell: &String| cell.chars().any(char::is_alphabetic);
    rows.into_iter().filter_map(|row| row.into_iter().find(is_text)).collect()
}

/// The cells of a line; a quoted one may hold the separator, and a doubled quote is one.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, cells.last_mut()) {
            ('"', Some(cell)) if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (c, _) if c == separator && !quoted => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// `TITLE "..."` of every `TRACK`; the one before the first track is the album's.
fn cue(text: &str) -> Vec<String> {
    let commands = text.lines().map(str::trim);
    let tracks = commands.skip_while(|line| !line.starts_with("TRACK "));
    tracks
        .filter_map(|line| line.strip_prefix("TITLE "))
        .map(|title| title.trim().trim_matches('"').to_owned())
        .collect()
}

/// `#EXTINF:123,Artist - Title`, else the files' names.
fn playlist(text: &str) -> Vec<String> {
    let titles: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("#EXTINF:")?.split_once(','))
        .map(|(_, title)| title.rsplit(" - ").next().unwrap_or(title).to_owned())
        .collect();
    if !titles.is_empty() {
        return titles;
    }
    let files =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let base = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    files
        .map(base)
        .map(|name| name.rsplit_once('.').map_or(name.clone(), |(body, _)| body.to_owned()))
        .map(|name| unnumbered(&name).1.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn titles_are_read_as_people_write_them() {
        let titles = ["First Light", "99 Problems", "Rain"];
        for (name, text) in [
            ("tracklist.txt", "First Light\n99 Problems\n\nRain\n"),
            (
                "tracklist.txt",
                "Tracklist:\n01. First Light (3:45)\n02. 99 Problems 4:01\n03. Rain\n",
            ),
            ("Tracklist", "My Album\r\n1) First Light\r\n2) 99 Problems\r\n3) Rain\r\n"),
            ("t.txt", "A1 - First Light - 3:45\nA2 - 99 Problems\nB1 - Rain [1:02:03]\n"),
            ("t.csv", "No;Title;Length\n1;First Light;3:45\n2;99 Problems;4:01\n3;Rain;2:00\n"),
            ("t.csv", "1,\"First Light\",3:45\n2,99 Problems,4:01\n3,Rain,2:00\n"),
            (
                "t.m3u",
                "#EXTM3U\n#EXTINF:225,Me - First Light\na.wav\n#EXTINF:1,99 Problems\n#EXTINF:1,Rain\n",
            ),
            ("t.m3u8", "01 - First Light.wav\nSongs/02 - 99 Problems.wav\nC:\\x\\03 - Rain.wav\n"),
            (
                "t.cue",
                "TITLE \"My Album\"\nFILE \"a.wav\" WAVE\n TRACK 01 AUDIO\n  TITLE \"First Light\"\n \
                 TRACK 02 AUDIO\n  TITLE \"99 Problems\"\n TRACK 03 AUDIO\n  TITLE \"Rain\"\n",
            ),
        ] {
            assert_eq!(parse(name, text), titles, "{text}");
        }
    }

    #[test]
    fn songs_are_recognised_by_their_titles() {
        let songs = owned(&["01 First Light", "rain_stems", "Problems (99) v3", "Outtake"]);
        let titles = owned(&["Rain", "First Ligth", "99 Problems", "Intro"]);
        let albums = albums(&songs, Some(&titles));
        let listed: Vec<bool> =
            albums.iter().filter_map(|album| Some(album.listing.as_ref()?.listed)).collect();
        assert_eq!(listed, [true, true, true, false]);
        assert_eq!(albums[0].listing.as_ref().unwrap().missing, ["Intro"]);
    }

    #[test]
    fn a_title_that_another_holds_is_not_taken_away() {
        let songs = owned(&["Rain (Reprise)", "Rain"]);
        let titles = owned(&["Rain", "Rain (Reprise)"]);
        let albums = albums(&songs, Some(&titles));
        assert!(albums.iter().all(|album| album.listing.as_ref().unwrap().listed));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_is_too_strange(text in "(?s).{0,200}", songs in proptest::collection::vec(".{0,20}", 0..4)) {
            for name in ["a.txt", "a.csv", "a.cue", "a.m3u"] {
                let titles = parse(name, &text);
                proptest::prop_assert_eq!(albums(&songs, Some(&titles)).len(), songs.len());
            }
        }
    }
}
