//! Whole files through `Source`: against other readers, against what must not happen, and back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(clippy::trivially_copy_pass_by_ref, reason = "ids are written b\"data\"")]

mod aiff;
mod corpus;
mod exercise;
mod files;
mod hostile;
mod hostile_packets;
mod long;
mod notes;
mod oracles;
mod packets;
mod reading;
mod tags;
mod wav;
mod write;
