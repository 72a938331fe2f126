//! One examination of a song.
//!
//! [`Examination`] plans jobs, takes their results in any order, merges and judges; [`Runner`]
//! executes a job on open files. Neither knows threads or JavaScript: the command runs runners on
//! threads, the page in workers, and both print the same [`report::Report`]. [`preview`] renders what
//! is heard, from the same files.

pub mod archive;
pub mod delivery;
pub mod demo;
pub mod examination;
pub mod gather;
pub mod hash;
pub mod job;
pub mod names;
pub mod package;
mod parts;
pub mod preview;
pub mod profiles;
pub mod repair;
pub mod report;
pub mod runner;
pub mod service;
pub mod tracklist;
mod window;

/// The crates below, for the faces: they see them through this one only.
pub use stemcheck_core as core;
/// Bytes in, samples out; see [`core`].
pub use stemcheck_decode as decode;

pub use examination::{Examination, FileInput, Options};
pub use job::{Job, JobResult};
pub use runner::{By, Library, Look, Runner, Seen, Subject};
