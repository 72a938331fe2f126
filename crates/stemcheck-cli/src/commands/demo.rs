//! `stemcheck demo`: the built-in song as files, clean or with faults.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use stemcheck_session::demo;

use crate::error::Error;
use crate::{Outcome, output};

/// Write the built-in demo song, clean or with faults, to try the other commands on
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write to; it is made if need be, and nothing in it is overwritten
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Put a fault in: its code, with an amount and a file if wanted (late-stem=96.5@Keys.wav)
    #[arg(long = "fault", value_name = "CODE[=AMOUNT][@FILE]")]
    faults: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let files = demo::files(&args.faults).map_err(Error::Usage)?;
    fs::create_dir_all(&args.output).map_err(Error::of(&args.output))?;
    let paths: Vec<PathBuf> = files.iter().map(|file| args.output.join(&file.name)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(Error::Usage(format!("{} is there already: nothing written", path.display())));
    }
    for (file, path) in files.iter().zip(&paths) {
        File::create_new(path)
            .and_then(|mut out| out.write_all(&file.bytes))
            .map_err(Error::of(path))?;
    }
    output::message(&format!("{} files in {}", paths.len(), args.output.display()));
    Ok(Outcome::Ready)
}
