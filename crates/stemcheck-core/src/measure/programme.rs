//! How loud a whole programme is, and nothing else: what the preview's loudness target needs, at a
//! tenth of what all meters cost.

use super::loudness::{self, Loudness, Weighting};
use super::series::Series;
use crate::block::Block;

/// Integrated loudness (ITU-R BS.1770-5 Annex 1) of a stereo programme.
#[derive(Debug)]
pub struct Programme {
    weighting: Weighting,
    energies: Series<f64>,
    sample_rate: u32,
    frames: u64,
}

impl Programme {
    /// A programme of two channels at `sample_rate` Hz that begins now.
    pub fn new(sample_rate: u32) -> Self {
        Self {
            weighting: Weighting::new(sample_rate, 2),
            energies: Series::default(),
            sample_rate,
            frames: 0,
        }
    }

    /// Its next frames. Samples must be finite.
    pub fn push(&mut self, block: &Block) {
        let grid = loudness::grid(self.sample_rate);
        for (k, piece) in grid.pieces(self.frames, block.frames()) {
            let (energy, _) = self.weighting.energy(block, &piece);
            self.energies.add(k, energy);
        }
        self.frames += block.frames() as u64;
    }

    /// Loudness in LUFS; `None` if it is silent or shorter than 0.4 s.
    pub fn integrated_lufs(&self) -> Option<f64> {
        Loudness::read(&self.energies, self.sample_rate, 0, self.frames).integrated_lufs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{FileMeter, Stream, Word};

    #[test]
    fn it_reads_what_the_examination_reads() {
        let level = |i: usize| ((i * 7919) % 1000) as f32 / 1000.0 - 0.5;
        let quiet = |i: usize| if i < 60_000 { 0.001 } else { 1.0 };
        let side: Vec<f32> = (0..150_000).map(|i| level(i) * quiet(i)).collect();
        let stream = Stream { sample_rate: 44_100, channels: 2, word: Word::Float };
        let (mut programme, mut meter) = (Programme::new(44_100), FileMeter::new(stream, 0));
        for samples in side.chunks(1000) {
            let block = Block::from_planar(0, vec![samples.to_vec(); 2]);
            programme.push(&block);
            meter.push(&block);
        }
        let expected = meter.finish().measurements().integrated_lufs;
        assert!(expected.is_some());
        assert_eq!(programme.integrated_lufs(), expected);
        assert_eq!(Programme::new(44_100).integrated_lufs(), None);
    }
}
