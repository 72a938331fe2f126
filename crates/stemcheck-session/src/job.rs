//! Pieces of work, small enough to hand to a worker and to take back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use stemcheck_core::measure::FilePart;
use stemcheck_core::null::{Diagnosis, NullPart, Recipe, Setup};
use stemcheck_core::origin::Origin;
use stemcheck_core::song::Facts;

/// What a runner is asked to do. Plain data: it crosses to a worker as bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// Read one file's header.
    Probe {
        /// Index of the file.
        file: usize,
    },
    /// Find out which file the others sum to.
    FindReference {
        /// The candidates: readable files of one sample rate.
        files: Vec<usize>,
        /// Hz.
        sample_rate: u32,
        /// Length of the longest, in frames.
        frames: u64,
    },
    /// Read one stretch of time of all files, in lockstep, and measure everything.
    Segment(Segment),
    /// Look for the grid of a lossy encoder in one file.
    Listen {
        /// Index of the file.
        file: usize,
        /// First frames of the excerpts.
        starts: Vec<u64>,
        /// Smallest step of its samples, as a linear amplitude.
        least_step: f64,
    },
    /// Explain the residual.
    Diagnose {
        /// Who is summed, who is subtracted.
        null: NullPlan,
        /// Word lengths and rate.
        setup: Setup,
        /// What the pass gathered.
        part: NullPart,
    },
    /// Null again with the corrections of `recipe`, over one stretch.
    Verify {
        /// Who is summed, who is subtracted.
        null: NullPlan,
        /// The corrections.
        recipe: Recipe,
        /// First frame.
        start: u64,
        /// Number of frames.
        frames: u64,
    },
}

/// One stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Number of the segment, from 0.
    pub index: usize,
    /// The files to measure; those of the null test are read beside them, measured or not.
    pub files: Vec<usize>,
    /// Begin in seconds; each file's first frame is the one at or after it.
    pub start_s: f64,
    /// End in seconds; infinite for the last segment (as `f64::MAX`).
    pub end_s: f64,
    /// The null test, if it runs.
    pub null: Option<NullPlan>,
    /// Whether the null test measures only what is left, and not the sum.
    pub residual_alone: bool,
}

impl Segment {
    /// Every file that is read, each once.
    pub fn reads(&self) -> BTreeSet<usize> {
        let null = self
            .null
            .iter()
            .flat_map(|null| null.stems.iter().copied().chain(null.reference).chain(null.second));
        self.files.iter().copied().chain(null).collect()
    }
}

/// Who is summed and who is subtracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NullPlan {
    /// Indices of the stems.
    pub stems: Vec<usize>,
    /// Index of the reference; `None` builds only the sum.
    pub reference: Option<usize>,
    /// Index of another file that may be a second render of the same mix.
    pub second: Option<usize>,
    /// Hz, the same for all of them.
    pub sample_rate: u32,
}

impl NullPlan {
    /// Whether a file is read with the others, in lockstep.
    pub fn holds(&self, file: usize) -> bool {
        [self.reference, self.second].contains(&Some(file)) || self.stems.contains(&file)
    }
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum JobResult {
    /// Of [`Job::Probe`].
    Probed {
        /// Index of the file.
        file: usize,
        /// What the header yields.
        facts: Facts,
    },
    /// Of [`Job::FindReference`].
    References(Vec<usize>),
    /// Of [`Job::Segment`].
    Measured(Box<SegmentResult>),
    /// Of [`Job::Listen`].
    Listened {
        /// Index of the file.
        file: usize,
        /// What was found.
        origin: Option<Origin>,
    },
    /// Of [`Job::Diagnose`].
    Diagnosed(Diagnosis),
    /// Of [`Job::Verify`].
    Verified {
        /// First frame of the stretch.
        start: u64,
        /// Energy left.
        residual_energy: f64,
        /// Energy of the reference.
        reference_energy: f64,
    },
}

/// Everything measured over one stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SegmentResult {
    /// Number of the segment.
    pub index: usize,
    /// One part per file of the segment; an error from the bytes ends that file alone.
    pub files: Vec<(usize, Result<FilePart, stemcheck_core::song::Unreadable>)>,
    /// The sum of the stems.
    pub sum: Option<FilePart>,
    /// The residual.
    pub residual: Option<FilePart>,
    /// What the diagnosis needs.
    pub null: Option<NullPart>,
}

/// Bytes of a job or a result, for a worker's mailbox.
///
/// # Errors
/// Only if memory runs out.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(value)
}

/// A job or a result from such bytes.
///
/// # Errors
/// If the bytes are not of the same version of this crate.
pub fn from_bytes<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}
