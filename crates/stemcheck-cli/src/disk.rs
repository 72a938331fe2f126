//! A song's files on disk, for the runners.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use stemcheck_session::Library;
use stemcheck_session::decode::Stream;

/// Opens files by index. Unbuffered: the decoder reads large pieces itself.
#[derive(Debug, Clone)]
pub struct Disk(pub Vec<PathBuf>);

impl Library for Disk {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        let path = self.0.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(File::open(path)?))
    }
}
