//! What goes out: the report to stdout or a file, messages to stderr. A reader who closes the pipe
//! has seen enough: that is no error.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::songs::{self, Song};

/// Prints to stdout.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Stdout(error)),
        _ => Ok(()),
    }
}

/// Prints to stdout, or into a file.
pub fn write(text: &str, file: Option<&Path>) -> Result<(), Error> {
    match file {
        Some(path) => fs::write(path, text).map_err(Error::of(path)),
        None => print(text),
    }
}

/// Names and what they stand for, one a line.
pub fn list<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let line = |(name, meaning)| format!("{name:<24}{meaning}\n");
    entries.map(line).collect::<Vec<_>>().concat()
}

/// Says something on stderr; if nobody listens there, nothing can be done.
pub fn message(text: &dyn Display) {
    let _ = writeln!(io::stderr(), "stemcheck: {text}");
}

/// Refuses to write over what is to be examined.
pub fn keep_inputs(output: Option<&PathBuf>, song_list: &[Song]) -> Result<(), Error> {
    let Some(output) = output else { return Ok(()) };
    let mut inputs = song_list.iter().flat_map(|song| &song.files);
    match inputs.find(|input| songs::same(input.path(), output)) {
        Some(input) => Err(Error::Usage(format!(
            "-o {}: would write over a file of the song",
            input.path().display()
        ))),
        None => Ok(()),
    }
}
