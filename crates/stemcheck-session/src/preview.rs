//! Plays the song's files through the core's renderer: what the page hears and the command writes.
//!
//! Reads ahead by the renderer's latency, so that what is heard first after a seek is the frame that
//! was sought, and the last frame of the longest file is heard too. A file that cannot be read is
//! silent; why is the report's to say. Does not know the sound card; see stemcheck-web.

mod calibrate;
mod tracks;

pub use calibrate::Calibration;

use std::io::{Seek, Write};
use std::ops::Range;

use stemcheck_core::block::Block;
use stemcheck_core::null::Recipe;
use stemcheck_core::preview::dither::Dither;
use stemcheck_core::preview::{Bus, Mix, Readings, Renderer};
use stemcheck_decode::write::{Depth, WavWriter, WriteError};

use crate::job::NullPlan;
use crate::runner::Library;
use tracks::Tracks;

/// An open song at a play position.
pub struct Preview {
    tracks: Tracks,
    max_frames: usize,
    /// What was set last.
    mix: Mix,
    now: Moment,
}

/// Where a song that is played has come to, with the state of everything that it goes through: what
/// [`Preview::go_back`] goes back to.
#[derive(Debug, Clone)]
pub struct Moment {
    renderer: Renderer,
    /// The frame that is heard next.
    play_at: u64,
    /// The frame that the renderer takes next: ahead of `play_at` by its latency, once it is filled.
    read_at: u64,
    /// Whether what was heard last was made to fit; `None` if nothing was heard yet.
    sounded_fixed: Option<bool>,
}

impl Preview {
    /// Opens the stems and the reference of `plan`; rendering is in blocks of up to `max_frames`.
    ///
    /// Every block reads so many frames of every file, so where a read is costly (a `File` in the
    /// browser) a few thousand frames serve better than a few hundred.
    pub fn new(library: &dyn Library, plan: &NullPlan, max_frames: usize) -> Self {
        let tracks = Tracks::open(library, plan);
        Self {
            now: Moment {
                renderer: Renderer::new(plan.sample_rate, tracks.stems.len(), max_frames),
                play_at: 0,
                read_at: 0,
                sounded_fixed: None,
            },
            mix: Mix::unity(tracks.stems.len()),
            tracks,
            max_frames: max_frames.max(1),
        }
    }

    /// Length of the longest file in frames.
    pub fn frames(&self) -> u64 {
        self.tracks.frames
    }

    /// The frame that is heard next.
    pub fn position(&self) -> u64 {
        self.now.play_at
    }

    /// This moment, to go back to.
    pub fn moment(&self) -> Moment {
        self.now.clone()
    }

    /// Goes back to a moment of this song: what is rendered from there on is what was rendered then, but
    /// for what has been set since, which is heard from there on (within 10 ms, as ever).
    pub fn go_back(&mut self, to: Moment) {
        self.now = to;
        self.now.renderer.set(&self.mix);
    }

    /// Takes new faders, chain and matching: within 10 ms while it plays, at once after a seek.
    pub fn set(&mut self, mix: &Mix) {
        self.mix = mix.clone();
        self.now.renderer.set(mix);
    }

    /// Plays the files with what makes them fit, from the next block on, or as they are (`None`): the
    /// stems are heard as they should be, and the difference as it would be then.
    pub fn fix(&mut self, recipe: Option<&Recipe>) {
        self.tracks.fix(recipe);
    }

    /// Moves the play position; the next block starts there (the renderer's latency is made up for).
    pub fn seek(&mut self, frame: u64) {
        self.now.renderer.reset();
        self.now.sounded_fixed = None;
        self.now.play_at = frame;
        self.now.read_at = frame;
    }

    /// Renders the next block: the stereo buses of up to `max_frames` frames; none at the end.
    ///
    /// The samples do not depend on the sizes of the blocks, only on where the last seek went and at
    /// which frames settings changed. A block's `start` is the frame that its first sample belongs to.
    pub fn render(&mut self, out: &mut [Block; Bus::COUNT]) -> usize {
        let play_at = self.now.play_at;
        let left = self.frames().saturating_sub(play_at);
        let frames = left.min(self.max_frames as u64) as usize;
        if frames > 0 {
            let ahead = play_at + self.now.renderer.latency_frames() as u64;
            while self.now.read_at < ahead {
                let missing = (ahead - self.now.read_at).min(self.max_frames as u64);
                self.advance(missing as usize, out);
            }
        }
        self.advance(frames, out);
        for block in out {
            block.start = play_at;
        }
        self.now.play_at += frames as u64;
        frames
    }

    /// Puts the next `frames` frames of the files through the renderer.
    fn advance(&mut self, frames: usize, out: &mut [Block; Bus::COUNT]) {
        let Self { tracks, now, .. } = self;
        tracks.read(now.read_at, frames, now.sounded_fixed);
        now.sounded_fixed = Some(tracks.is_fixed());
        now.renderer.process(&tracks.stems, tracks.reference.as_ref(), out);
        now.read_at += frames as u64;
    }

    /// How much the chains held back since they were last asked.
    pub fn take_readings(&mut self) -> Readings {
        self.now.renderer.take_readings()
    }

    /// Hands the given frames of one bus to `sink`, block by block: just the samples that are heard
    /// when the song is played from `frames.start` on with the settings of the last [`Self::set`].
    ///
    /// Ends with the song where that is shorter, or with the first error of `sink`. The play position
    /// is moved. See [`Self::write`] for a file.
    ///
    /// # Errors
    /// What `sink` returns.
    pub fn export<E>(
        &mut self,
        bus: Bus,
        frames: Range<u64>,
        mut sink: impl FnMut(&mut Block) -> Result<(), E>,
    ) -> Result<(), E> {
        self.seek(frames.start);
        let mut out = std::array::from_fn(|_| Block::default());
        while self.now.play_at < frames.end && self.render(&mut out) > 0 {
            let block = &mut out[bus as usize];
            let wanted = (frames.end - block.start).min(block.frames() as u64) as usize;
            for channel in &mut block.channels {
                channel.truncate(wanted);
            }
            sink(block)?;
        }
        Ok(())
    }

    /// Writes the given frames of one bus as a WAV file, dithered where it has 16 bits: what the page
    /// exports and the command writes. `written` is told how many frames each block had.
    ///
    /// # Errors
    /// What the writer and `sink` return.
    pub fn write<W: Write + Seek>(
        &mut self,
        sink: W,
        bus: Bus,
        frames: Range<u64>,
        depth: Depth,
        mut written: impl FnMut(usize),
    ) -> Result<(), WriteError> {
        let mut dither = (depth == Depth::Int16).then(|| Dither::new(2));
        let mut writer = WavWriter::new(sink, self.tracks.sample_rate, 2, depth)?;
        self.export(bus, frames, |block| {
            if let Some(dither) = &mut dither {
                dither.apply(block);
            }
            written(block.frames());
            writer.write(block)
        })?;
        writer.finish()
    }
}

#[cfg(test)]
mod tests;
