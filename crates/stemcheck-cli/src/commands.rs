//! One command a file: its arguments, and what it does with them.

pub mod check;
pub mod demo;
pub mod explain;
pub mod fix;
pub mod null;
pub mod package;
pub mod preview;
pub mod profiles;
