//! The floor: what word lengths alone leave in the residual.

use super::Setup;
use super::meter::NullFigures;
use super::scene::Scene;
use crate::measure::Word;
use crate::units::power_from_db;

/// Dither (4.8 dB for triangular noise, more where it is shaped) and programs that cut instead of
/// rounding lift the floor by up to this, in dB (METHODS 11).
pub(super) const ROUNDING_ABOVE_FLOOR_DB: f64 = 12.0;

/// Rounding of a sum of floats, in dB below the reference (METHODS 11: -143 to -154 dB with the
/// longest chains).
const FLOAT_DEPTH_DB: f64 = -135.0;

/// Error of rounding to 32-bit float, in dB below the sound: the step is 2^-23 of the power of two
/// below it, its error a twelfth of the step's square, and on average a sample is 3.4 dB above that
/// power of two. A mix that adds its stems up one by one rounds as often as there are stems.
const FLOAT_ROUNDING_DB: f64 = -152.7;

/// Mean square of the error of rounding to so many bits: LSB^2 / 12.
fn rounding_power(bits: i32) -> f64 {
    let least_bit = f64::from(1 - bits).exp2();
    least_bit * least_bit / 12.0
}

impl Setup {
    /// The rounding floor: the mean square that word lengths alone leave in the residual, of a
    /// reference of mean square `reference_power` (LSB²/12 for each file of integers; METHODS:
    /// (K+1)·LSB²/12 for equal ones; for floats what rounding the mix once leaves).
    pub fn floor_power(&self, reference_power: f64) -> f64 {
        let float = reference_power * power_from_db(FLOAT_ROUNDING_DB);
        let words = self.stems.iter().chain([&self.reference]);
        words.map(|&word| if word == Word::Float { float } else { word_power(word) }).sum()
    }
}

fn word_power(word: Word) -> f64 {
    match word {
        Word::Int(bits) => rounding_power(i32::from(bits)),
        Word::Float => 0.0,
    }
}

/// Levels over the diagnosis' windows, as energies of all their samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Floor {
    /// What rounding may leave, dither and all.
    pub noise: f64,
    /// The reference at its mean level over the song.
    pub reference: f64,
}

impl Floor {
    pub(super) fn new(setup: &Setup, figures: &NullFigures, scene: &Scene) -> Self {
        let samples = scene.samples();
        let reference_power = figures.reference_energy / (2 * figures.frames.max(1)) as f64;
        // A 24-bit file may hold 16 bits: what counts is what the samples use.
        let words: f64 = (0..scene.files())
            .map(|file| {
                let word = setup.stems.get(file).copied().unwrap_or(setup.reference);
                let used = scene.grid_bits(file).map_or(0.0, rounding_power);
                word_power(word).max(used)
            })
            .sum();
        let float = reference_power * power_from_db(FLOAT_DEPTH_DB);
        let lift = power_from_db(ROUNDING_ABOVE_FLOOR_DB);
        Self { noise: (lift * words).max(float) * samples, reference: reference_power * samples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_from_power;

    #[test]
    fn floor_of_nine_24_bit_stems_and_their_reference() {
        let setup = Setup {
            sample_rate: 48_000,
            stems: vec![Word::Int(24); 9],
            reference: Word::Int(24),
            frames: 1,
            lengths: vec![1; 10],
            marks: Vec::new(),
        };
        // METHODS 5.1: -149.3 + 10 log10(K + 1) dBFS.
        let expected = -149.3 + 10.0;
        assert!((db_from_power(setup.floor_power(0.01)) - expected).abs() < 0.1);
        // METHODS 11: -143 to -154 dB below the reference.
        let floats = Setup { stems: vec![Word::Float; 5], reference: Word::Float, ..setup };
        let depth = db_from_power(floats.floor_power(0.01)) + 20.0;
        assert!((-154.0..-143.0).contains(&depth), "{depth}");
        assert_eq!(floats.floor_power(0.0), 0.0);
    }
}
