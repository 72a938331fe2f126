//! The page: everything that touches the DOM, workers and Web Audio.
//!
//! [`engine`] has a song examined by a pool of workers, [`player`] has one rendered and plays it,
//! `look` reads what a deep zoom shows, `courier` makes downloads, [`ui`] shows it all; `state` is what it shows, `texts` are its
//! words. Holds no method of measuring: what is found comes from stemcheck-session.

mod courier;
pub mod engine;
pub mod failure;
pub mod files;
pub mod home;
mod language;
mod look;
pub mod player;
mod state;
mod texts;
pub mod ui;
pub mod worker;
