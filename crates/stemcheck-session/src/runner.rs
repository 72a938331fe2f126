//! Executes jobs on open files. One per worker or thread.

use std::io;

use stemcheck_decode::Stream;

use crate::job::{Job, JobResult};

/// The song's files, by index; each runner opens its own handles.
pub trait Library {
    /// Opens a file.
    ///
    /// # Errors
    /// What the file system or the browser says.
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>>;
}

/// Open files and the buffers that a job needs.
pub struct Runner {}

impl Runner {
    /// A runner over a library; nothing is opened before it is needed.
    pub fn new(_library: Box<dyn Library>) -> Self {
        todo!()
    }

    /// Does one job.
    pub fn run(&mut self, _job: &Job) -> JobResult {
        todo!()
    }
}
