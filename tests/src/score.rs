//! The measuring stick of the diagnosis: songs that differ in kind, every fault in three strengths,
//! and what is true of each. `cargo xtask score` examines them all and prints how many were named.
//!
//! Decides what is true, and when an answer is right. Does not know how a fault is found, and what
//! makes the sounds here is not what makes them elsewhere where that can be helped: the diagnosis
//! must not learn one synthesiser's habits. Native only, since it encodes MP3 and AAC.

mod desk;
mod dsp;
mod faults;
mod plans;
mod players;
mod recorded;
mod songs;
mod tally;
mod truth;

pub use desk::{Shelf, Strength};
pub use faults::{Case, FAULTS, Fault, Stage};
pub use songs::{Song, count, is_held};
pub use tally::{Clock, Outcome, Tally};
pub use truth::{Answer, Answers, Truth, judge};
