//! The report for a terminal: the verdict first, then what to do, then the figures.

use std::fmt::Write;

use super::words::{self, COLUMNS, GROUPS};
use super::{FileReport, FindingReport, Report, SongReport};

/// Columns that sentences are wrapped to.
const WIDTH: usize = 88;

impl Report {
    /// The report as plain text, without colours.
    pub fn to_text(&self) -> String {
        let songs: Vec<String> = self.songs.iter().map(song).collect();
        printable(&words::album(self).into_iter().chain(songs).collect::<Vec<_>>().join("\n\n\n"))
    }

    /// The null test alone, as plain text.
    pub fn null_to_text(&self) -> String {
        let songs: Vec<String> = self.songs.iter().map(null_of).collect();
        printable(&songs.join("\n\n\n"))
    }
}

fn song(song: &SongReport) -> String {
    let mut parts = vec![headline(song, &words::verdict(song)), null(song)];
    for (severity, heading) in GROUPS {
        let found: Vec<String> =
            song.findings.iter().filter(|f| f.severity == severity).map(finding).collect();
        if !found.is_empty() {
            parts.push(format!("{heading}\n\n{}", found.join("\n\n")));
        }
    }
    parts.extend(lists(words::lists(song)));
    parts.push(table(&song.files));
    parts.extend(words::origin(&song.files).map(|origin| wrapped(0, &origin)));
    parts.join("\n\n")
}

fn headline(song: &SongReport, verdict: &str) -> String {
    let line = wrapped(0, &format!("{}: {verdict}", song.name));
    let rule = "=".repeat(line.lines().map(|line| line.chars().count()).max().unwrap_or(0));
    format!("{line}\n{rule}")
}

fn null(song: &SongReport) -> String {
    let mut text = wrapped(0, &words::null(&song.null));
    for (label, value) in words::null_figures(&song.null) {
        let _ = write!(text, "\n  {label}: {value}");
    }
    text
}

fn lists(lists: Vec<(&'static str, Vec<String>)>) -> impl Iterator<Item = String> {
    lists.into_iter().map(|(heading, lines)| {
        let lines: Vec<String> = lines.iter().map(|line| wrapped(2, line)).collect();
        format!("{heading}\n\n{}", lines.join("\n"))
    })
}

fn null_of(song: &SongReport) -> String {
    let mut parts = vec![headline(song, "do the stems add up to the mix?"), null(song)];
    parts.extend(song.null.causes.iter().map(|cause| {
        format!(
            "{}\n{}\n{}",
            wrapped(0, &cause.message),
            wrapped(2, &cause.fix),
            wrapped(2, &format!("{} [{}]", words::certainty(cause), cause.code))
        )
    }));
    parts.extend(lists(words::null_lists(&song.null)));
    parts.join("\n\n")
}

fn finding(finding: &FindingReport) -> String {
    let mut text = wrapped(2, &format!("{} [{}]", finding.message, finding.code));
    let at = words::places(&finding.places).map(|places| format!("At {places}"));
    let fix = (!finding.fix.is_empty()).then(|| finding.fix.clone());
    for more in at.into_iter().chain(fix) {
        let _ = write!(text, "\n{}", wrapped(4, &more));
    }
    text
}

fn table(files: &[FileReport]) -> String {
    let rows: Vec<[String; 7]> =
        files.iter().map(|file| words::row(file).map(|cell| one_line(&cell))).collect();
    let widths: [usize; 7] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([COLUMNS[column].chars().count()]).max().unwrap_or(0)
    });
    let line = |cells: [&str; 7]| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            // Figures are compared, so they stand right under each other.
            let _ = match column {
                0..=2 => write!(line, "{gap}{cell:<width$}"),
                _ => write!(line, "{gap}{cell:>width$}"),
            };
        }
        line.trim_end().to_owned()
    };
    let head = line(COLUMNS);
    let body = rows.iter().map(|row| line(row.each_ref().map(String::as_str)));
    [head].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

/// Words in lines of [`WIDTH`], indented; a name's line breaks become spaces.
fn wrapped(indent: usize, text: &str) -> String {
    let indent = " ".repeat(indent);
    let mut lines = vec![indent.clone()];
    let mut used = indent.len();
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > indent.len() && used + 1 + length > WIDTH {
            lines.push(indent.clone());
            used = indent.len();
        }
        if let Some(line) = lines.last_mut() {
            if used > indent.len() {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines.join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A file's name may hold what a terminal takes for a command.
fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c };
    text.chars().map(shown).chain(['\n']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_verdict_comes_first_then_what_to_fix_then_the_files() {
        let text = sample::report().to_text();
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part:?} in {text}"));
        assert!(text.starts_with("Night: Not ready to send: 1 thing to fix\n"));
        assert!(at("The stems do not add up") < at("Fix before sending"));
        assert!(at("[late-stem]") < at("Look at these"));
        assert!(at("Look at these") < at("Good to know"));
        assert!(at("Good to know") < at("True peak dBTP"));
        assert!(text.trim_end().ends_with("According to the files, written by REAPER"));
        assert!(text.contains("Null depth once the causes are undone: \u{2212}128.0 dB"));
    }

    #[test]
    fn lines_are_wrapped_and_names_cannot_command_the_terminal() {
        let mut report = sample::report();
        report.songs[0].findings[0].message = "word ".repeat(80) + "\u{1b}[2J\nforged";
        let text = report.to_text();
        assert!(!text.contains('\u{1b}') && !text.contains("\nforged"));
        let sentences = text.lines().filter(|line| line.contains("word"));
        assert!(sentences.clone().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(sentences.count() > 3);
    }

    #[test]
    fn the_null_alone_lists_its_causes() {
        let text = sample::report().null_to_text();
        assert!(text.contains("[late-stem]") && text.contains("Certain"));
        assert!(text.contains("What makes the stems add up\n\n  Bass.wav: 480 samples earlier\n"));
        assert!(text.contains("\n  1:01.0 to 1:04.0: "));
        assert!(!text.contains("True peak"));
    }

    #[test]
    fn an_album_begins_with_its_count() {
        let album = Report::joined([sample::report(), sample::report()]).expect("two");
        assert!(album.to_text().starts_with("2 songs: 0 ready, 0 to look at, 2 to fix\n"));
    }
}
