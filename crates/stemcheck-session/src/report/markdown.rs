//! The report as Markdown: to paste into a mail, an issue, a note.

use std::fmt::Write;

use super::words::{self, COLUMNS, GROUPS};
use super::{FileReport, FindingReport, Report, SongReport};

impl Report {
    /// The report as Markdown; names and messages are text, never markup.
    pub fn to_markdown(&self) -> String {
        let heading = "# Stem check".to_owned();
        let songs: Vec<String> = self.songs.iter().map(song).collect();
        let made =
            format!("{} {}, profile {}", self.tool.name, self.tool.version, escaped(&self.profile));
        let parts: Vec<String> =
            [heading].into_iter().chain(words::album(self)).chain(songs).chain([made]).collect();
        parts.join("\n\n") + "\n"
    }
}

fn song(song: &SongReport) -> String {
    let mut parts = vec![
        format!("## {}", escaped(&song.name)),
        format!("**{}**", escaped(&words::verdict(song))),
        escaped(&words::null(&song.null)),
    ];
    let figures: Vec<String> = words::null_figures(&song.null)
        .into_iter()
        .map(|(label, value)| format!("- {}: {}", escaped(label), escaped(&value)))
        .collect();
    if !figures.is_empty() {
        parts.push(figures.join("\n"));
    }
    for (severity, heading) in GROUPS {
        let found: Vec<String> =
            song.findings.iter().filter(|f| f.severity == severity).map(finding).collect();
        if !found.is_empty() {
            parts.push(format!("### {heading}\n\n{}", found.join("\n")));
        }
    }
    for (heading, lines) in words::lists(song) {
        let lines: Vec<String> = lines.iter().map(|line| format!("- {}", escaped(line))).collect();
        parts.push(format!("### {heading}\n\n{}", lines.join("\n")));
    }
    parts.push(format!("### Files\n\n{}", table(&song.files)));
    for (heading, lines) in words::closing(song) {
        let lines: Vec<String> = lines.iter().map(|line| format!("- {}", escaped(line))).collect();
        parts.push(format!("### {heading}\n\n{}", lines.join("\n")));
    }
    parts.join("\n\n")
}

fn finding(finding: &FindingReport) -> String {
    let mut text = format!("- {} `{}`", escaped(&finding.message), finding.code);
    if let Some(places) = words::places(&finding.places) {
        let _ = write!(text, "  \n  At {}", escaped(&places));
    }
    if !finding.fix.is_empty() {
        let _ = write!(text, "  \n  {}", escaped(&finding.fix));
    }
    text
}

fn table(files: &[FileReport]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let head = line(&COLUMNS.map(str::to_owned));
    let rule = "|---|---|---|--:|--:|--:|--:|".to_owned();
    let rows = files.iter().map(|file| line(&words::row(file).map(|cell| escaped(&cell))));
    [head, rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// Text that Markdown shows as it is, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' => {
                out.extend(['\\', c]);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::sample;

    #[test]
    fn headings_findings_and_a_table() {
        let text = sample::report().to_markdown();
        assert!(text.starts_with("# Stem check\n\n## Night\n\n**Not ready to send"));
        assert!(text.contains("### Fix before sending\n\n- Bass.wav plays"), "{text}");
        assert!(text.contains("- Bass.wav: 480 samples earlier\n"));
        assert!(text.contains("| Bass.wav | stem | WAV, 48 kHz, 24-bit, stereo | 5:00.0 |"));
    }

    #[test]
    fn names_are_text() {
        let mut report = sample::report();
        report.songs[0].files[0].name = "a|b*<img>\n# c".to_owned();
        assert!(report.to_markdown().contains(r"| a\|b\*\<img\> \# c |"));
    }
}
