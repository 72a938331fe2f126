//! How far the renderer may run ahead of the loudspeakers. Knows no browser.

/// Blocks on their way or waiting to be played: what is heard lags a fader by so much, so there are as
/// few as the machine can do with.
const FEW: u32 = 4;

/// As many as there may be: a busy machine would rather lag than break off.
const MANY: u32 = 8;

/// With so many waiting, or fewer, it is high time.
const SCARCE: u32 = 1;

/// Blocks in a row that came in time, after which one fewer is tried.
const CALM: u32 = 1500;

/// Seconds of a block.
const BLOCK_S: f64 = 0.02;

/// Frames of a block at `sample_rate` Hz: a multiple of the 128 that Web Audio renders at once.
pub fn block_frames(sample_rate: u32) -> usize {
    let quanta = (f64::from(sample_rate) * BLOCK_S / 128.0).round();
    128 * quanta.max(1.0) as usize
}

/// What was sent and what may still be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Feed {
    /// Number of the seek that is being served.
    pub generation: u32,
    /// Frame of the song that comes next.
    pub frame: u64,
    queued: u32,
    /// How many of the queued are from before the seek.
    stale: u32,
    depth: u32,
    /// What the depth does not go below.
    least: u32,
    /// Blocks since the last one that nearly came too late.
    calm: u32,
    ended: bool,
}

impl Feed {
    /// Nothing sent yet; `makeshift` if what plays takes several blocks at a time.
    pub fn new(makeshift: bool) -> Self {
        let depth = if makeshift { MANY } else { FEW };
        let least = FEW;
        Self { generation: 0, frame: 0, queued: 0, stale: 0, depth, least, calm: 0, ended: false }
    }

    /// Whether others keep the machine busy: then it is no use to wait until a block comes late.
    pub fn share(&mut self, busy: bool) {
        self.least = if busy { MANY } else { FEW };
        self.depth = self.depth.max(self.least);
    }

    /// Whether a block may be rendered now.
    pub fn is_open(&self) -> bool {
        !self.ended && self.queued < self.depth
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

    /// A block was played or dropped, and so many were waiting by then. Were they few, more are sent
    /// ahead from now on.
    pub fn returned(&mut self, waiting: u32) {
        self.queued = self.queued.saturating_sub(1);
        if self.stale > 0 {
            self.stale -= 1;
        } else if waiting <= SCARCE && !self.ended {
            // The last one has begun, or the sound has broken off.
            self.depth = (self.depth + 2 - waiting).min(MANY);
            self.calm = 0;
        } else {
            self.calm += 1;
            if self.calm == CALM {
                self.depth = self.depth.saturating_sub(1).max(self.least);
                self.calm = 0;
            }
        }
    }

    /// Rendering goes on elsewhere. Blocks under way still come back.
    pub fn seek(&mut self, frame: u64, generation: u32) {
        let stale = self.queued;
        *self = Self { generation, frame, stale, calm: 0, ended: false, ..*self };
    }
}

/// Seconds that the end and the start of a loop are faded: a cut would click.
const JOINT_S: f64 = 0.005;

/// A stretch that is played again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loop {
    start: u64,
    end: u64,
    joint: u64,
}

impl Loop {
    /// Over these frames; `None` if there are none.
    pub fn over([start, end]: [u64; 2], sample_rate: u32) -> Option<Self> {
        let joint = (f64::from(sample_rate) * JOINT_S).max(1.0) as u64;
        (start < end).then_some(Self { start, end, joint: joint.min((end - start) / 2).max(1) })
    }

    /// Where to go on instead of `frame`, if that is behind the end.
    pub fn jump(&self, frame: u64) -> Option<u64> {
        (frame >= self.end).then_some(self.start)
    }

    /// How many of `frames` frames from `first` on lie before the end.
    pub fn cut(&self, first: u64, frames: usize) -> usize {
        (self.end.saturating_sub(first)).min(frames as u64) as usize
    }

    /// Whether any of these frames is faded.
    pub fn touches_joint(&self, first: u64, frames: usize) -> bool {
        let last = first + frames as u64;
        let starts = first < self.start + self.joint && last > self.start;
        starts || (last > self.end - self.joint && first < self.end)
    }

    /// Gain of a frame: 1 but for the joint.
    pub fn gain(&self, frame: u64) -> f32 {
        if !(self.start..self.end).contains(&frame) {
            return 1.0;
        }
        let from_joint = (frame - self.start).min(self.end - 1 - frame);
        (from_joint as f32 / self.joint as f32).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_goes_round_to_the_frame() {
        let looped = Loop::over([1000, 5000], 48_000).expect("it has a length");
        assert_eq!(
            (looped.jump(4999), looped.jump(5000), looped.jump(9000)),
            (None, Some(1000), Some(1000))
        );
        assert_eq!((looped.cut(4000, 960), looped.cut(4500, 960)), (960, 500));
        assert_eq!(looped.cut(500, 960), 960, "what is before it leads into it");
        assert_eq!(Loop::over([5, 5], 48_000), None);
    }

    #[test]
    fn the_joint_of_a_loop_is_silent_and_the_rest_untouched() {
        let looped = Loop::over([1000, 5000], 48_000).expect("it has a length");
        assert_eq!([looped.gain(1000), looped.gain(4999)], [0.0, 0.0]);
        assert_eq!([looped.gain(1240), looped.gain(3000), looped.gain(4700)], [1.0; 3]);
        assert_eq!([looped.gain(999), looped.gain(5000)], [1.0; 2]);
        assert!(looped.gain(1120) > 0.4 && looped.gain(1120) < 0.6);
        assert!(looped.touches_joint(1100, 10) && looped.touches_joint(4000, 960));
        assert!(!looped.touches_joint(2000, 960) && !looped.touches_joint(0, 960));
        let short = Loop::over([10, 12], 48_000).expect("it has a length");
        assert!(short.gain(10).is_finite() && short.gain(11).is_finite());
    }

    fn fill(feed: &mut Feed) -> u32 {
        let mut sent = 0;
        while feed.is_open() {
            feed.sent(960);
            sent += 1;
        }
        sent
    }

    #[test]
    fn a_calm_machine_is_80_ms_behind_and_no_machine_more_than_200_at_any_rate() {
        for rate in [8_000, 44_100, 48_000, 96_000, 192_000, 384_000] {
            let block_s = block_frames(rate) as f64 / f64::from(rate);
            let [few, many] = [FEW, MANY].map(|blocks| f64::from(blocks) * block_s);
            assert!((0.06..=0.09).contains(&few) && many < 0.2, "{rate} Hz: {few} to {many} s");
        }
    }

    #[test]
    fn a_block_is_sent_for_each_that_comes_back() {
        let mut feed = Feed::new(false);
        assert_eq!(fill(&mut feed), FEW);
        for _ in 0..10 {
            feed.returned(FEW - 1);
            assert_eq!(fill(&mut feed), 1);
        }
        assert_eq!(feed.frame, u64::from(FEW + 10) * 960);
    }

    #[test]
    fn who_was_nearly_late_runs_further_ahead_until_it_has_been_calm_for_long() {
        let mut feed = Feed::new(false);
        fill(&mut feed);
        feed.returned(1);
        assert_eq!(fill(&mut feed), 2, "one more than came back");
        feed.returned(0);
        assert_eq!(fill(&mut feed), 3, "two more, as it broke off");
        for _ in 0..100 {
            feed.returned(0);
            fill(&mut feed);
        }
        assert_eq!(feed.queued, MANY);
        for _ in 0..6 * CALM {
            feed.returned(MANY - 1);
            fill(&mut feed);
        }
        assert_eq!(feed.queued, FEW);
    }

    #[test]
    fn beside_others_it_runs_as_far_ahead_as_it_may() {
        let mut feed = Feed::new(false);
        feed.share(true);
        assert_eq!(fill(&mut feed), MANY);
        for _ in 0..6 * CALM {
            feed.returned(MANY - 1);
            fill(&mut feed);
        }
        assert_eq!(feed.queued, MANY);
        feed.share(false);
        for _ in 0..6 * CALM {
            feed.returned(MANY - 1);
            fill(&mut feed);
        }
        assert_eq!(feed.queued, FEW);
    }

    #[test]
    fn the_end_is_told_once_and_a_seek_goes_on() {
        let mut feed = Feed::new(false);
        feed.sent(960);
        feed.sent(0);
        feed.returned(0);
        assert!(!feed.is_open());
        feed.seek(480, 1);
        assert!(feed.is_open());
        assert_eq!(feed.frame, 480);
        assert_eq!(fill(&mut feed), FEW, "a song that ends is not late");
    }

    #[test]
    fn blocks_of_before_a_seek_count_until_they_are_back_and_are_not_late() {
        let mut feed = Feed::new(false);
        fill(&mut feed);
        feed.seek(0, 1);
        assert!(!feed.is_open());
        (0..FEW).for_each(|_| feed.returned(0));
        assert_eq!(fill(&mut feed), FEW);
    }
}
