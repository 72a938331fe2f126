//! The command as a real process: exit status, streams, files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod check;
mod docs;
mod fix;
mod others;
mod package;
mod preview;
mod process;
mod schema;
