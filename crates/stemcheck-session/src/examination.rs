//! The plan of one examination and its state: jobs out, results in, report at any time.

use stemcheck_core::measure::Waveform;
use stemcheck_core::profile::Profile;
use stemcheck_core::song::Role;

use crate::job::{Job, JobResult};
use crate::report::Report;

/// A file as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInput {
    /// Name without folders.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// What the user chose; everything has a default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Name of the song (its folder).
    pub name: String,
    /// What is asked.
    pub profile: Profile,
    /// Roles set by hand, by file index.
    pub roles: Vec<(usize, Role)>,
    /// Tempo set by hand.
    pub tempo_bpm: Option<f64>,
    /// Leave the null test out.
    pub no_null: bool,
}

/// One examination.
#[derive(Debug)]
pub struct Examination {}

impl Examination {
    /// An examination of these files, in this order.
    pub fn new(_files: Vec<FileInput>, _options: Options) -> Self {
        todo!()
    }

    /// The next job to hand out; `None` while results are awaited, and at the end.
    pub fn next_job(&mut self) -> Option<Job> {
        todo!()
    }

    /// Takes a result. Order does not matter.
    pub fn complete(&mut self, _result: JobResult) {
        todo!()
    }

    /// Gives a job back whose worker died; it is handed out again.
    pub fn give_back(&mut self, _job: Job) {
        todo!()
    }

    /// Whether everything is known.
    pub fn is_done(&self) -> bool {
        todo!()
    }

    /// How much is done, 0 to 1.
    pub fn progress(&self) -> f64 {
        todo!()
    }

    /// Judges by another profile or tempo, without reading anything again.
    pub fn set_profile(&mut self, _profile: Profile, _tempo_bpm: Option<f64>) {
        todo!()
    }

    /// The report of what is known so far; complete once [`Self::is_done`].
    pub fn report(&self) -> Report {
        todo!()
    }

    /// Overview of a file's waveform as far as it is measured: parts in order of time, with gaps.
    pub fn waveform(&self, _file: usize) -> Vec<&Waveform> {
        todo!()
    }

    /// The same for the residual.
    pub fn residual_waveform(&self) -> Vec<&Waveform> {
        todo!()
    }
}
