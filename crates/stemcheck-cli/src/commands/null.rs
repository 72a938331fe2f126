//! `stemcheck null`: whether the stems add up to the mix, and the difference as a file.

use std::fs::{self, File};
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use stemcheck_session::core::profile::Severity;
use stemcheck_session::decode::write::{Depth, WavWriter};
use stemcheck_session::report::SongReport;
use stemcheck_session::{Examination, Options, Runner};

use crate::error::Error;
use crate::songs::{self, Paths, Song};
use crate::{Outcome, examine, output};

/// Run the null test alone: do the stems add up to the mix?
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Write the difference, stems minus mix, as a 32-bit float WAV file
    #[arg(short, long, value_name = "FILE.wav")]
    output: Option<PathBuf>,
    /// Number of threads; all cores if left out
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let song = songs::gather_one(&args.paths)?;
    output::keep_inputs(args.output.as_ref(), std::slice::from_ref(&song))?;
    let options = Options { null_alone: true, ..song.options() };
    let examination = examine::examine(&song, options, args.threads);
    let report = examination.report();
    output::print(&report.null_to_text())?;
    let Some(tested) = report.songs.first().filter(|song| song.null.run) else {
        return Ok(Outcome::NotExamined);
    };
    if let Some(path) = &args.output {
        write_difference(&song, &examination, path)?;
    }
    Ok(outcome(tested))
}

/// What the null test alone finds wrong.
fn outcome(song: &SongReport) -> Outcome {
    // A check may find the same fault in a file that the null test has nothing against.
    let causes = || song.null.causes.iter().map(|cause| (&cause.code, &cause.file));
    let wrong = song.findings.iter().any(|found| {
        let is_cause = causes().any(|cause| cause == (&found.code, &found.file));
        found.severity == Severity::Error && is_cause
    });
    if wrong { Outcome::Fix } else { Outcome::Ready }
}

/// Streams the difference into a file; one that could not be finished is not left behind.
fn write_difference(song: &Song, examination: &Examination, path: &Path) -> Result<(), Error> {
    let plan = examination.plan().map_err(|why| Error::Usage(why.to_owned()))?;
    let file = File::create(path).map_err(Error::of(path))?;
    let mut writer =
        WavWriter::new(file, plan.sample_rate, 2, Depth::Float32).map_err(Error::writing(path))?;
    Runner::new(Box::new(song.disk()))
        .difference(plan, &mut |block| writer.write(block).map_err(io::Error::other))
        .and_then(|()| writer.finish().map_err(io::Error::other))
        .map_err(|error| {
            let _ = fs::remove_file(path);
            Error::of(path)(error)
        })
}
