//! Why a command could not do what it was asked.

use std::io;
use std::path::{Path, PathBuf};

use stemcheck_session::decode::write::WriteError;

/// What is told on stderr, with exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something about the arguments that clap cannot know.
    #[error("{0}")]
    Usage(String),
    /// A file or folder, and what the system says.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The standard output; a closed pipe is no error and does not come here.
    #[error("the report could not be printed: {0}")]
    Stdout(io::Error),
}

impl Error {
    /// For `map_err`: what the system says of this path.
    pub fn of(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |error| Self::File { path: path.to_owned(), error }
    }

    /// The same for what the WAV writer says.
    pub fn writing(path: &Path) -> impl FnOnce(WriteError) -> Self {
        |error| match error {
            WriteError::Io(error) => Self::of(path)(error),
            other => Self::of(path)(io::Error::other(other)),
        }
    }
}
