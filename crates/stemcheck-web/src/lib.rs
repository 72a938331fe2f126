//! The page: everything that touches the DOM, workers and Web Audio.
//!
//! [`engine`] has a song examined by a pool of workers, [`player`] has one rendered and plays it,
//! [`ui`] shows both. Holds no method of measuring: what is found comes from stemcheck-session.

pub mod engine;
pub mod failure;
pub mod files;
pub mod player;
pub mod ui;
pub mod worker;
