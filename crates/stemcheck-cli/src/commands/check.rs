//! `stemcheck check`: everything, as a report.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use stemcheck_session::Options;
use stemcheck_session::report::{Report, Verdict};

use crate::asked::Asked;
use crate::error::Error;
use crate::{Outcome, output};

/// Examine songs and print the report
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// Format of the report; if left out, what the name after -o says, else text
    #[arg(long)]
    format: Option<Format>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave the null test out
    #[arg(long)]
    no_null: bool,
    /// Put the SHA-256 of every file into the report; a package is always compared with its checksums
    #[arg(long)]
    sha256: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
    Markdown,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }

    fn render(self, report: &Report) -> Result<String, Error> {
        Ok(match self {
            Self::Text => report.to_text(),
            Self::Json => report.to_json().map_err(|error| Error::Usage(error.to_string()))?,
            Self::Html => report.to_html(),
            Self::Markdown => report.to_markdown(),
        })
    }
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let songs = args.asked.songs()?;
    output::keep_inputs(args.output.as_ref(), &songs)?;
    let options = Options { no_null: args.no_null, ..Options::default() };
    let mut reports = Vec::new();
    args.asked.examine(&songs, &options, |song, mut examination| {
        if args.sha256 || song.packed().is_some() {
            args.asked.hash(song, &mut examination);
        }
        reports.push(examination.report());
    })?;
    let Some(report) = Report::joined(reports) else { return Ok(Outcome::NotExamined) };
    let by_name = || args.output.as_deref().and_then(Format::of);
    let format = args.format.or_else(by_name).unwrap_or(Format::Text);
    output::write(&format.render(&report)?, args.output.as_deref())?;
    Ok(outcome(&report))
}

/// How an examination ended that this report tells of.
pub fn outcome(report: &Report) -> Outcome {
    let mut files = report.songs.iter().flat_map(|song| &song.files);
    match report.verdict {
        _ if !files.any(|file| file.readable) => Outcome::NotExamined,
        Verdict::Fix => Outcome::Fix,
        Verdict::Check | Verdict::Ready => Outcome::Ready,
    }
}
