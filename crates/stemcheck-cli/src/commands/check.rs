//! `stemcheck check`: everything, as a report.

use std::fs;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use stemcheck_session::core::checks::Album;
use stemcheck_session::core::profile::Profile;
use stemcheck_session::report::{Report, Verdict};
use stemcheck_session::{Options, profiles, tracklist};

use crate::error::Error;
use crate::songs::{self, Paths, Song};
use crate::{Outcome, examine, output};

/// Bytes of a tracklist that are read; no album needs more.
const LONGEST_TRACKLIST: u64 = 1 << 20;

/// Examine songs and print the report
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: Paths,
    /// What is asked: a built-in profile, or a TOML file of the studio's own
    #[arg(long, value_name = "NAME|FILE", default_value = profiles::NAMES[0])]
    profile: String,
    /// The order of an album: one title a line, CSV, a cue sheet or a playlist; if left out, a file
    /// called 'tracklist' in the album's folder
    #[arg(long, value_name = "FILE")]
    tracklist: Option<PathBuf>,
    /// Format of the report; if left out, what the name after -o says, else text
    #[arg(long)]
    format: Option<Format>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave the null test out
    #[arg(long)]
    no_null: bool,
    /// Number of threads; all cores if left out
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
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
    let profile = profile(&args.profile)?;
    let songs = songs::gather(&args.paths)?;
    output::keep_inputs(args.output.as_ref(), &songs)?;
    let albums = albums(args, &songs)?;
    let mut whole: Option<Report> = None;
    for (song, album) in songs.iter().zip(albums) {
        let (profile, no_null) = (profile.clone(), args.no_null);
        let options = Options { profile, no_null, album: Some(album), ..song.options() };
        let report = examine::examine(song, options, args.threads).report();
        match &mut whole {
            Some(whole) => whole.append(report),
            None => whole = Some(report),
        }
    }
    let Some(report) = whole else { return Ok(Outcome::NotExamined) };
    let by_name = || args.output.as_deref().and_then(Format::of);
    let format = args.format.or_else(by_name).unwrap_or(Format::Text);
    output::write(&format.render(&report)?, args.output.as_deref())?;
    Ok(outcome(&report))
}

/// What each song is told about the album.
fn albums(args: &Args, songs: &[Song]) -> Result<Vec<Album>, Error> {
    let names: Vec<String> = songs.iter().map(|song| song.name.clone()).collect();
    let path = args.tracklist.clone().or_else(|| songs::tracklist(&args.paths));
    let Some(path) = path else { return Ok(tracklist::albums(&names, None)) };
    let mut bytes = Vec::new();
    let file = fs::File::open(&path).map_err(Error::of(&path))?;
    file.take(LONGEST_TRACKLIST).read_to_end(&mut bytes).map_err(Error::of(&path))?;
    let titles = tracklist::parse(&path.to_string_lossy(), &String::from_utf8_lossy(&bytes));
    if titles.is_empty() {
        return Err(Error::Usage(format!("{}: no title in this tracklist", path.display())));
    }
    Ok(tracklist::albums(&names, Some(&titles)))
}

fn outcome(report: &Report) -> Outcome {
    let mut files = report.songs.iter().flat_map(|song| &song.files);
    match report.verdict {
        _ if !files.any(|file| file.readable) => Outcome::NotExamined,
        Verdict::Fix => Outcome::Fix,
        Verdict::Check | Verdict::Ready => Outcome::Ready,
    }
}

/// A built-in profile by name, else a file.
fn profile(name: &str) -> Result<Profile, Error> {
    if let Some(profile) = profiles::built_in(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    if !path.exists() {
        return Err(Error::Usage(format!(
            "--profile {name}: neither a file nor a built-in profile ({})",
            profiles::NAMES.join(", ")
        )));
    }
    let text = fs::read_to_string(path).map_err(Error::of(path))?;
    profiles::parse(&text).map_err(|error| Error::Usage(format!("{name}: {error}")))
}
