//! Plays the song's files through the core's renderer: what the page hears and the command writes.

use stemcheck_core::block::Block;
use stemcheck_core::preview::Mix;

use crate::job::NullPlan;
use crate::runner::Library;

/// An open song at a play position.
pub struct Preview {}

impl Preview {
    /// Opens the stems and the reference of `plan`; rendering is in blocks of up to `max_frames`.
    pub fn new(_library: &dyn Library, _plan: &NullPlan, _max_frames: usize) -> Self {
        todo!()
    }

    /// Length of the longest file in frames.
    pub fn frames(&self) -> u64 {
        todo!()
    }

    /// Takes new faders, chain and matching.
    pub fn set(&mut self, _mix: &Mix) {
        todo!()
    }

    /// Moves the play position; the next block starts there (the renderer's latency is made up for).
    pub fn seek(&mut self, _frame: u64) {
        todo!()
    }

    /// Renders the next block: four stereo buses of up to `max_frames` frames; none at the end.
    pub fn render(&mut self, _out: &mut [Block; 4]) -> usize {
        todo!()
    }

    /// Works out the chain's drive to reach its target loudness, and the gains that make the four
    /// buses equally loud (the louder is turned down; the difference is never turned up), by
    /// rendering a few stretches of the song.
    pub fn calibrate(&mut self, mix: &Mix) -> Mix {
        mix.clone()
    }
}
