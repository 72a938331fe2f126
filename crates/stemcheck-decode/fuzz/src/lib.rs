//! What the targets share: the same examination as the tests on stable.

#[path = "../../tests/decode/exercise.rs"]
mod exercise;

pub use exercise::exercise;
