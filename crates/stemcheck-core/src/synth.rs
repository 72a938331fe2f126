//! Songs made from numbers: the demo, and the faults that are put into songs on purpose.
//!
//! Everything is computed from constants, so a page, a command and a test hear the same song. Knows
//! samples and word lengths; how a file is written is not known here. The page's demo, `stemcheck
//! demo`, the tests and the benches use it; no examination does.

mod demo;
pub mod drums;
pub mod dsp;
mod fault;
pub mod reverb;
mod score;
pub mod strings;
pub mod voice;

pub use demo::{DEMO_FAULTS, demo, demo_with};
pub use fault::{Change, FAULTS, Fault, FaultKind};

use crate::measure::Word;
use crate::song::Role;

/// A song as a DAW would export it: stems and reference.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthSong {
    /// Name of the song.
    pub name: String,
    /// Hz, of every file.
    pub sample_rate: u32,
    /// Beats a minute.
    pub tempo_bpm: Option<f64>,
    /// Stems first, then the reference.
    pub files: Vec<SynthFile>,
}

/// One file of such a song.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthFile {
    /// File name, with extension.
    pub name: String,
    /// Stem or reference.
    pub role: Role,
    /// How it is to be stored.
    pub word: Word,
    /// Planar samples, 1.0 = full scale.
    pub channels: Vec<Vec<f32>>,
}

impl SynthSong {
    /// Puts the samples of every file on the grid of its word length, held to full scale, as storing
    /// them does.
    pub fn quantise(&mut self) {
        for file in &mut self.files {
            if let Word::Int(bits) = file.word {
                quantise(&mut file.channels, bits);
            }
        }
    }
}

/// Rounds to the nearest integer of so many bits.
fn quantise(channels: &mut [Vec<f32>], bits: u16) {
    let scale = 2f32.powi(i32::from(bits) - 1);
    for x in channels.iter_mut().flatten() {
        *x = (*x * scale).round().clamp(-scale, scale - 1.0) / scale;
    }
}

/// The sum of stereo stems, as a mix bus makes it: in double precision, then rounded once to f32.
pub fn mix(stems: &[&[Vec<f32>]]) -> Vec<Vec<f32>> {
    let frames = stems.iter().filter_map(|stem| stem.first()).map(Vec::len).max().unwrap_or(0);
    let mut sides = vec![vec![0f64; frames]; 2];
    for stem in stems {
        for (side, out) in sides.iter_mut().enumerate() {
            let heard = stem.get(side).or(stem.first());
            for (sum, x) in out.iter_mut().zip(heard.into_iter().flatten()) {
                *sum += f64::from(*x);
            }
        }
    }
    sides.into_iter().map(|side| side.into_iter().map(|x| x as f32).collect()).collect()
}
