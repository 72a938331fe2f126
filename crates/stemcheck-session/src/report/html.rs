//! The report as one HTML file: no script, nothing loaded, prints well.

use std::fmt::Write;

use stemcheck_core::profile::Severity;

use super::words::{self, COLUMNS, GROUPS};
use super::{FileReport, FindingReport, Report, SongReport, Verdict};

const STYLE: &str = include_str!("report.css");

impl Report {
    /// The report as a self-contained HTML document; names and messages are text, never markup.
    pub fn to_html(&self) -> String {
        let title = match self.songs.as_slice() {
            [song] => format!("Stem check: {}", song.name),
            _ => "Stem check".to_owned(),
        };
        let album = words::album(self).map(|text| element("p", &text)).unwrap_or_default();
        let songs: String = self.songs.iter().map(song).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             {}<style>\n{STYLE}</style>\n</head>\n<body>\n{}{album}{songs}\
             <footer>{} {}, profile {}</footer>\n</body>\n</html>\n",
            element("title", &title),
            element("h1", "Stem check"),
            escaped(&self.tool.name),
            escaped(&self.tool.version),
            escaped(&self.profile),
        )
    }
}

fn song(song: &SongReport) -> String {
    let verdict = match song.verdict {
        Verdict::Ready => "ready",
        Verdict::Check => "check",
        Verdict::Fix => "fix",
    };
    let mut html = format!(
        "<section data-song=\"{}\">\n{}<p class=\"verdict\" data-verdict=\"{verdict}\">{}</p>\n{}",
        escaped(&song.name),
        element("h2", &song.name),
        escaped(&words::verdict(song)),
        element("p", &words::null(&song.null)),
    );
    let figures = words::null_figures(&song.null);
    if !figures.is_empty() {
        let rows: String = figures
            .iter()
            .map(|(label, value)| element("dt", label) + &element("dd", value))
            .collect();
        let _ = writeln!(html, "<dl>\n{rows}</dl>");
    }
    for (severity, heading) in GROUPS {
        let found: String =
            song.findings.iter().filter(|f| f.severity == severity).map(finding).collect();
        if !found.is_empty() {
            let _ = writeln!(html, "{}<ul>\n{found}</ul>", element("h3", heading));
        }
    }
    for (heading, lines) in words::lists(song) {
        let lines: String = lines.iter().map(|line| element("li", line)).collect();
        let _ = writeln!(html, "{}<ul class=\"plain\">\n{lines}</ul>", element("h3", heading));
    }
    let origin = words::origin(&song.files).map(|origin| element("p", &origin));
    html += &table(&song.files);
    html += &origin.unwrap_or_default();
    for (heading, lines) in words::closing(song) {
        let lines: String = lines.iter().map(|line| element("li", line)).collect();
        let _ =
            writeln!(html, "{}<ul class=\"plain small\">\n{lines}</ul>", element("h3", heading));
    }
    html + "</section>\n"
}

fn finding(finding: &FindingReport) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let code = escaped(&finding.code);
    let mut html = format!(
        "<li data-code=\"{code}\" data-severity=\"{severity}\">{}",
        element("strong", &finding.message)
    );
    if let Some(places) = words::places(&finding.places) {
        html += &element("p", &format!("At {places}"));
    }
    if !finding.fix.is_empty() {
        html += &element("p", &finding.fix);
    }
    html + &element("small", &format!("{}. {}", finding.code, finding.source)) + "</li>\n"
}

fn table(files: &[FileReport]) -> String {
    let head: String = COLUMNS.iter().map(|cell| element("th", cell)).collect();
    let mut html = format!("{}<table>\n<thead><tr>\n{head}</tr></thead>\n", element("h3", "Files"));
    for file in files {
        let cells: String = words::row(file).iter().map(|cell| element("td", cell)).collect();
        let _ = writeln!(html, "<tr>{cells}</tr>");
    }
    html + "</table>\n"
}

fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>\n", escaped(text))
}

/// Text that HTML shows as it is, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::sample;

    #[test]
    fn one_document_that_loads_nothing() {
        let html = sample::report().to_html();
        assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n"));
        for absent in ["<script", "src=", "href=", "url(", "@import"] {
            assert!(!html.contains(absent), "{absent}");
        }
        assert!(html.contains("data-code=\"late-stem\" data-severity=\"error\""));
        assert!(html.contains("data-verdict=\"fix\""));
        assert!(html.contains("<li>Bass.wav: 480 samples earlier</li>"));
    }

    #[test]
    fn names_are_text() {
        let evil = "<script>alert('x')</script>\"onload=\"";
        let mut report = sample::report();
        report.songs[0].name = evil.to_owned();
        report.songs[0].files[0].name = evil.to_owned();
        report.songs[0].findings[0].message = evil.to_owned();
        let html = report.to_html();
        assert!(!html.contains("<script") && !html.contains("\"onload"));
        assert_eq!(html.matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;").count(), 5);
    }
}
