//! What a report says against what was expected of it, as lines that a person can act on.

use stemcheck_core::profile::Severity;
use stemcheck_core::song::Role;
use stemcheck_session::report::{FindingReport, Report, SongReport};

use crate::scene::Expect;

/// Every difference, one line each; none = as expected. Errors and warnings must be expected
/// exactly; infos only where they are named.
pub fn differences(expect: &[Expect], report: &Report) -> Vec<String> {
    let [song] = report.songs.as_slice() else {
        return vec![format!("one song was given, {} reported", report.songs.len())];
    };
    let mut lines = Vec::new();
    let mut open: Vec<&FindingReport> = song.findings.iter().collect();
    for item in expect {
        match item {
            Expect::Finding { text, .. } => {
                match open.iter().position(|finding| fits(item, finding, song)) {
                    Some(found) => drop(open.remove(found)),
                    None => lines.push(format!("missing     {text}")),
                }
            }
            Expect::No(code) => {
                let found = song.findings.iter().filter(|finding| finding.code == *code);
                lines.extend(found.map(|finding| format!("unexpected  {}", told(finding))));
            }
            other => lines.extend(figure(other, song)),
        }
    }
    let loud = open.iter().filter(|finding| finding.severity != Severity::Info);
    lines.extend(loud.map(|finding| format!("unexpected  {}", told(finding))));
    lines
}

fn fits(expect: &Expect, finding: &FindingReport, song: &SongReport) -> bool {
    let Expect::Finding { severity, code, files, value, .. } = expect else { return false };
    let file_fits = |name: &String| finding.file.as_ref() == Some(name);
    let other_fits = |name: &String| {
        let causes = song.null.causes.iter();
        causes
            .filter(|cause| cause.code == *code && cause.file == finding.file)
            .any(|cause| cause.other_file.as_ref() == Some(name))
    };
    let value_fits = |(wanted, tolerance): (f64, f64)| {
        finding.value.is_some_and(|value| (value - wanted).abs() <= tolerance + 1e-9)
    };
    finding.code == *code
        && severity.is_none_or(|severity| finding.severity == severity)
        && files.first().is_none_or(file_fits)
        && files.get(1).is_none_or(other_fits)
        && value.is_none_or(value_fits)
}

fn told(finding: &FindingReport) -> String {
    let severity = format!("{:?}", finding.severity).to_lowercase();
    let file = finding.file.as_deref().unwrap_or("-");
    let value = finding.value.map(|value| format!(", {value:.3}")).unwrap_or_default();
    format!("{severity} {}: {file}{value}    \"{}\"", finding.code, finding.message)
}

/// The expectations that are no findings.
fn figure(expect: &Expect, song: &SongReport) -> Option<String> {
    let null = &song.null;
    match expect {
        Expect::Verdict(wanted) => {
            let got = format!("{:?}", song.verdict).to_lowercase();
            (got != *wanted).then(|| format!("verdict     wanted {wanted}, is {got}"))
        }
        Expect::Null(wanted) => {
            let got =
                null.verdict.filter(|_| null.run).map(|verdict| kebab(&format!("{verdict:?}")));
            let right = match &got {
                Some(got) => wanted.contains(got),
                None => wanted.is_empty(),
            };
            let depth = null.depth_db.map(|depth| format!(" at {depth:.1} dB")).unwrap_or_default();
            let got = got.unwrap_or_else(|| "not run".into());
            (!right).then(|| format!("null        wanted {}, is {got}{depth}", wanted.join(" or ")))
        }
        Expect::AfterFix(limit) => {
            let right = null.after_fix_depth_db.is_some_and(|depth| depth < *limit);
            let got = null.after_fix_depth_db;
            (!right).then(|| format!("after fix   wanted below {limit} dB, is {got:?}"))
        }
        Expect::Reference(name) => {
            let found = song.files.iter().find(|file| file.role == Role::Reference);
            let got = found.map(|file| &file.name);
            (got != Some(name)).then(|| format!("reference   wanted {name}, is {got:?}"))
        }
        Expect::Finding { .. } | Expect::No(_) => None,
    }
}

/// `WithinBitDepth` as the report spells it: `within-bit-depth`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
