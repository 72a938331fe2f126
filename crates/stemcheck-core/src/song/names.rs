//! What a file's name tells: instrument, reference, tempo.

use super::Instrument;

/// The instrument that a file name names, if any (`Kick_124BPM.wav` is the kick).
pub fn guess_instrument(_name: &str) -> Option<Instrument> {
    todo!()
}

/// Which of the names is the stereo mix: "mix", "mixdown", "reference", "master", "print", "2mix"
/// ... as a word of its own. `None` where none or where it cannot be told which.
pub fn guess_reference(_names: &[&str]) -> Option<usize> {
    todo!()
}

/// Tempo in beats a minute that the names agree on (40 to 250).
pub fn guess_tempo(_names: &[&str]) -> Option<f64> {
    todo!()
}
