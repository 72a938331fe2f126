//! The rough preview: what is heard when stems, reference, difference or rough master are played.
//!
//! Runs on blocks of frames in real time: [`Renderer::new`] allocates, [`Renderer::process`] does
//! not. Does not read files and does not know the clock; see stemcheck-session and stemcheck-web.

use crate::block::Block;

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Bus {
    /// The stems through their faders.
    #[default]
    Stems,
    /// The reference mix.
    Reference,
    /// Stems minus reference: what does not cancel.
    Difference,
    /// The stems through the rough mastering chain.
    Master,
}

impl Bus {
    /// All of them, in the order of [`Renderer::process`]'s output and of the keys 1 to 4.
    pub const ALL: [Self; 4] = [Self::Stems, Self::Reference, Self::Difference, Self::Master];
}

/// One stem's fader.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fader {
    /// dB.
    pub gain_db: f64,
    /// Silenced.
    pub mute: bool,
    /// If any stem is soloed, only soloed ones are heard.
    pub solo: bool,
}

/// The rough mastering chain: what it does to the sum.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Chain {
    /// Preset name: `gentle`, `none`, `loud` ...
    pub name: String,
    /// Loudness aimed at, in LUFS.
    pub target_lufs: f64,
    /// Ceiling of the limiter in dBTP.
    pub ceiling_dbtp: f64,
    /// Gain into the chain, in dB: what [`Renderer`]'s owner worked out to reach the target.
    pub drive_db: f64,
}

/// Everything that can change while it plays; changes are ramped within 10 ms.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mix {
    /// One per stem.
    pub faders: Vec<Fader>,
    /// The chain.
    pub chain: Chain,
    /// Gain of each bus in dB for equal loudness, in the order of [`Bus::ALL`]; all 0 = unmatched.
    pub match_db: [f64; 4],
}

/// Renders the four buses.
#[derive(Debug)]
pub struct Renderer {}

impl Renderer {
    /// A renderer for so many stems at `sample_rate` Hz, blocks of up to `max_frames`.
    pub fn new(_sample_rate: u32, _stems: usize, _max_frames: usize) -> Self {
        todo!()
    }

    /// Takes new settings; heard within 10 ms, without a click.
    pub fn set(&mut self, _mix: &Mix) {
        todo!()
    }

    /// Forgets all state (filters, look-ahead, ramps): for a seek.
    pub fn reset(&mut self) {
        todo!()
    }

    /// Frames by which every bus is late: the limiter's look-ahead. All buses are equally late, so
    /// they stay sample-locked.
    pub fn latency_frames(&self) -> usize {
        todo!()
    }

    /// Renders one block: `stems[i]` and `reference` of equal frames (mono or stereo; a missing
    /// reference is silence), `out[b]` becomes stereo of the same frames, in the order of [`Bus::ALL`].
    pub fn process(&mut self, _stems: &[Block], _reference: Option<&Block>, _out: &mut [Block; 4]) {
        todo!()
    }
}
