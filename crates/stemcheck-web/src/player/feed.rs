//! Which blocks are on their way to the loudspeakers, and which of them are rendered anew when something
//! is set. Knows no browser.
//!
//! So much is rendered ahead that a busy machine does not break the sound off. A fader does not lag by
//! that: what it changes takes the place of the blocks that wait, but for the few that are about to be
//! heard.

use std::collections::VecDeque;

/// Blocks on their way or waiting to be played: half a second.
pub const AHEAD: usize = 24;

/// Blocks that are left as they are: the one being heard, the next one, and one more, so that the first
/// new one comes in time.
const KEPT: usize = 3;

/// The same where several are taken at a time.
const KEPT_MAKESHIFT: usize = 6;

/// Blocks that are sent at once after a seek or when something was set: the worklet begins with so many,
/// and what was set is not undone by a block that comes late.
const AT_ONCE: usize = 3;

/// As many as may be out, with those that nobody will hear: whoever plays may be asleep.
const MOST: usize = 3 * AHEAD;

/// Seconds of a block.
const BLOCK_S: f64 = 0.02;

/// Frames of a block at `sample_rate` Hz: a multiple of the 128 that Web Audio renders at once.
pub fn block_frames(sample_rate: u32) -> usize {
    let quanta = (f64::from(sample_rate) * BLOCK_S / 128.0).round();
    128 * quanta.max(1.0) as usize
}

/// What is written on a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Number of the seek that it serves.
    pub generation: u32,
    /// Which one it is since that seek; one that is rendered anew has the place of the one before.
    pub place: u32,
    /// Its own number: it comes back with it.
    pub number: u32,
}

/// The blocks that will be heard, each with the moment `M` before it was rendered.
#[derive(Debug)]
pub struct Feed<M> {
    line: VecDeque<(Label, M)>,
    next: Label,
    kept: usize,
    /// How many have not come back, heard or not.
    out: usize,
    /// Whether nothing was sent since a seek or a step back.
    fresh: bool,
    ended: bool,
}

impl<M> Feed<M> {
    /// Nothing sent yet; `makeshift` if what plays takes several blocks at a time.
    pub fn new(makeshift: bool) -> Self {
        Self {
            line: VecDeque::new(),
            next: Label { generation: 0, place: 0, number: 0 },
            kept: if makeshift { KEPT_MAKESHIFT } else { KEPT },
            out: 0,
            fresh: true,
            ended: false,
        }
    }

    /// How many blocks to render and send now.
    pub fn due(&self) -> usize {
        if self.ended || self.line.len() >= AHEAD || self.out >= MOST {
            0
        } else if self.fresh {
            AT_ONCE
        } else {
            1
        }
    }

    /// A block is sent that was rendered from this moment on; says what to write on it. An empty block
    /// says that the song is over, and does not come back.
    pub fn send(&mut self, before: M, is_empty: bool) -> Label {
        let label = self.next;
        self.line.push_back((label, before));
        self.next.place += 1;
        self.next.number = label.number.wrapping_add(1);
        self.out += usize::from(!is_empty);
        self.fresh = false;
        self.ended = is_empty;
        label
    }

    /// The block of this number came back: it was played, or dropped.
    pub fn returned(&mut self, number: u32) {
        self.out = self.out.saturating_sub(1);
        if let Some(at) = self.line.iter().position(|(label, _)| label.number == number) {
            self.line.drain(..=at);
        }
    }

    /// Takes back all that can still be rendered anew; gives the moment before it. `None` if there is
    /// nothing: the next block is new anyway.
    pub fn step_back(&mut self) -> Option<M> {
        let (label, before) = self.line.drain(self.kept.min(self.line.len())..).next()?;
        self.next.place = label.place;
        self.fresh = true;
        self.ended = false;
        Some(before)
    }

    /// Rendering goes on elsewhere. Blocks under way still come back.
    pub fn seek(&mut self, generation: u32) {
        self.line.clear();
        self.next = Label { generation, place: 0, ..self.next };
        self.fresh = true;
        self.ended = false;
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

    /// Sends what is due; the moments are counted up from `from`.
    fn fill(feed: &mut Feed<usize>, from: usize) -> Vec<Label> {
        let mut sent = Vec::new();
        while feed.due() > 0 {
            for _ in 0..feed.due() {
                sent.push(feed.send(from + sent.len(), false));
            }
        }
        sent
    }

    #[test]
    fn half_a_second_is_ahead_at_any_rate_and_a_tenth_stays_as_it_is() {
        for rate in [8_000, 44_100, 48_000, 96_000, 192_000, 384_000] {
            let block_s = block_frames(rate) as f64 / f64::from(rate);
            let [ahead, kept] = [AHEAD, KEPT].map(|blocks| blocks as f64 * block_s);
            assert!((0.36..=0.52).contains(&ahead) && kept < 0.07, "{rate} Hz: {ahead}, {kept} s");
        }
    }

    #[test]
    fn a_block_is_sent_for_each_that_comes_back() {
        let mut feed = Feed::new(false);
        let sent = fill(&mut feed, 0);
        assert_eq!(sent.len(), AHEAD);
        for label in sent {
            feed.returned(label.number);
            assert_eq!((feed.due(), fill(&mut feed, 0).len()), (1, 1));
        }
    }

    #[test]
    fn what_is_set_takes_the_place_of_what_waits_but_for_the_next_few() {
        let mut feed = Feed::new(false);
        let sent = fill(&mut feed, 100);
        (0..5).for_each(|block| feed.returned(sent[block].number));
        assert_eq!(feed.step_back(), Some(100 + 5 + KEPT));
        assert_eq!(feed.due(), AT_ONCE);
        let again = fill(&mut feed, 200);
        assert_eq!(again.len(), AHEAD - KEPT);
        assert_eq!(again[0].place, sent[5 + KEPT].place);
        assert!(again.iter().all(|new| sent.iter().all(|old| old.number != new.number)));
        // The old ones come back unheard: that frees no place in the line.
        sent[5 + KEPT..].iter().for_each(|label| feed.returned(label.number));
        assert_eq!(feed.due(), 0);
        feed.returned(again[1].number);
        assert_eq!(fill(&mut feed, 300).len(), KEPT + 2, "those before it were heard, too");
    }

    #[test]
    fn there_is_nothing_to_take_back_of_what_is_about_to_be_heard() {
        let mut feed = Feed::new(false);
        assert_eq!(feed.step_back(), None);
        feed.seek(1);
        for block in 0..KEPT {
            feed.send(block, false);
        }
        assert_eq!(feed.step_back(), None);
    }

    #[test]
    fn the_end_is_told_once_unless_it_is_rendered_anew_or_left() {
        let mut feed = Feed::new(false);
        for block in 0..=KEPT {
            feed.send(block, block == KEPT);
        }
        assert_eq!(feed.due(), 0);
        assert_eq!(feed.step_back(), Some(KEPT), "the end itself can move");
        assert_eq!(feed.send(7, true).place, KEPT as u32);
        assert_eq!(feed.due(), 0);
        feed.seek(1);
        assert_eq!(feed.due(), AT_ONCE);
        let label = feed.send(8, false);
        assert_eq!((label.generation, label.place), (1, 0));
    }

    #[test]
    fn who_sleeps_is_not_buried() {
        let mut feed = Feed::new(false);
        let mut sent = 0;
        for generation in 1..100 {
            sent += fill(&mut feed, 0).len();
            feed.seek(generation);
        }
        assert!((MOST..MOST + AT_ONCE).contains(&sent), "{sent}");
    }
}
