//! A stretch of decoded audio: planar, exact, reusable.

/// Planar samples of one file from frame `start` on; 1.0 is full scale.
///
/// `channels[c][i]` is the sample as f32: exact for integers up to 24 bits and for 32-bit floats.
/// What f32 cannot hold of a 32-bit integer or a 64-bit float is in `fine[c][i]`, so that
/// `channels + fine` is the exact value; `fine` is empty for every other format.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Frame index of the first sample within its file.
    pub start: u64,
    /// One vector per channel, all of one length.
    pub channels: Vec<Vec<f32>>,
    /// The remainders that f32 loses, same shape as `channels`, or empty.
    pub fine: Vec<Vec<f64>>,
}

impl Block {
    /// An all-silent block.
    pub fn silence(start: u64, channels: usize, frames: usize) -> Self {
        Self { start, channels: vec![vec![0.0; frames]; channels], fine: Vec::new() }
    }

    /// A block of given planar samples.
    pub fn from_planar(start: u64, channels: Vec<Vec<f32>>) -> Self {
        Self { start, channels, fine: Vec::new() }
    }

    /// Number of frames.
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// Frame after the last one.
    pub fn end(&self) -> u64 {
        self.start + self.frames() as u64
    }

    /// Sets start and shape, silent; keeps the memory.
    pub fn reset(&mut self, start: u64, channels: usize, frames: usize) {
        self.start = start;
        self.channels.resize_with(channels, Vec::new);
        for channel in &mut self.channels {
            channel.clear();
            channel.resize(frames, 0.0);
        }
        self.fine.clear();
    }

    /// The exact sample: channel `c`, frame `i` of this block.
    pub fn sample(&self, c: usize, i: usize) -> f64 {
        let coarse = f64::from(self.channels[c][i]);
        self.fine.get(c).map_or(coarse, |fine| coarse + fine[i])
    }

    /// The channel heard on the left (0) or right (1) loudspeaker: mono feeds both, of more than
    /// two channels the first two are heard.
    pub fn side(&self, side: usize) -> usize {
        side.min(self.channels.len().saturating_sub(1)).min(1)
    }
}
