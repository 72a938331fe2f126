//! What is true about these samples.
//!
//! Blocks of exact samples go in; measurements, findings, null-test causes and preview audio come
//! out. The core knows no files, clocks, threads, randomness or JavaScript, and it cannot fail: a
//! NaN is a finding, not an error. It does not know how a song is read or who asks.

pub mod block;
pub mod checks;
pub mod language;
pub mod measure;
pub mod null;
pub mod origin;
pub mod preview;
pub mod profile;
pub mod song;
pub mod spectrum;
pub mod synth;
pub mod units;
