//! How far the renderer may run ahead of the loudspeakers. Knows no browser.

/// Blocks on their way or waiting to be played: what is heard lags a fader by so much.
const BLOCKS: u32 = 5;

/// Seconds of a block: [`BLOCKS`] of them bridge 100 ms.
const BLOCK_S: f64 = 0.02;

/// Frames of a block at `sample_rate` Hz: a multiple of the 128 that Web Audio renders at once.
pub fn block_frames(sample_rate: u32) -> usize {
    let quanta = (f64::from(sample_rate) * BLOCK_S / 128.0).round();
    128 * quanta.max(1.0) as usize
}

/// What was sent and what may still be sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Number of the seek that is being served.
    pub generation: u32,
    /// Frame of the song that comes next.
    pub frame: u64,
    queued: u32,
    ended: bool,
}

impl Feed {
    /// Whether a block may be rendered now.
    pub fn is_open(&self) -> bool {
        !self.ended && self.queued < BLOCKS
    }

    /// A block of so many frames was sent; the empty one says that the song is over.
    pub fn sent(&mut self, frames: usize) {
        if frames == 0 {
            self.ended = true;
        } else {
            self.queued += 1;
            self.frame += frames as u64;
        }
    }

    /// A block was played or dropped.
    pub fn returned(&mut self) {
        self.queued = self.queued.saturating_sub(1);
    }

    /// Rendering goes on elsewhere. Blocks under way still come back.
    pub fn seek(&mut self, frame: u64, generation: u32) {
        *self = Self { generation, frame, queued: self.queued, ended: false };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(feed: &mut Feed, frames: usize) -> u32 {
        let mut sent = 0;
        while feed.is_open() {
            feed.sent(frames);
            sent += 1;
        }
        sent
    }

    #[test]
    fn the_queue_stays_within_120_ms_and_above_80_at_any_rate() {
        for rate in [8_000, 44_100, 48_000, 96_000, 192_000, 384_000] {
            let queued_s = f64::from(BLOCKS) * block_frames(rate) as f64 / f64::from(rate);
            assert!((0.08..=0.12).contains(&queued_s), "{rate} Hz: {queued_s} s");
        }
    }

    #[test]
    fn a_block_is_sent_for_each_that_comes_back() {
        let mut feed = Feed::default();
        assert_eq!(fill(&mut feed, 960), BLOCKS);
        feed.returned();
        feed.returned();
        assert_eq!(fill(&mut feed, 960), 2);
        assert_eq!(feed.frame, 7 * 960);
    }

    #[test]
    fn the_end_is_told_once_and_a_seek_goes_on() {
        let mut feed = Feed::default();
        feed.sent(960);
        feed.sent(0);
        feed.returned();
        assert!(!feed.is_open());
        feed.seek(480, 1);
        assert!(feed.is_open());
        assert_eq!(feed.frame, 480);
    }

    #[test]
    fn blocks_of_before_a_seek_count_until_they_are_back() {
        let mut feed = Feed::default();
        fill(&mut feed, 960);
        feed.seek(0, 1);
        assert!(!feed.is_open());
        feed.returned();
        assert_eq!(fill(&mut feed, 960), 1);
    }
}
