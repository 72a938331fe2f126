//! Runs of consecutive samples of one kind, counted whole wherever the file was cut.
//!
//! A run that touches an end of its stretch stays open there, however short, until the neighbour
//! tells how it goes on. What makes a sample belong to a run is the caller's business: see
//! [`Kinds`].

use super::Word;

/// A stretch of frames on one channel that a check can point at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Run {
    /// First frame.
    pub start: u64,
    /// Number of frames.
    pub frames: u64,
    /// Channel, from 0.
    pub channel: u16,
}

/// Counted runs of one kind: all are counted, the first [`Runs::KEPT`] are kept.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Runs {
    /// How many runs there are.
    pub count: u64,
    /// How many samples they hold.
    pub samples: u64,
    /// The first ones, in order of time.
    pub places: Vec<Run>,
}

impl Runs {
    /// How many places are kept; the rest is counted.
    pub const KEPT: usize = 200;

    pub(super) fn push(&mut self, run: Run) {
        self.append(Self { count: 1, samples: run.frames, places: vec![run] });
    }

    pub(super) fn append(&mut self, next: Self) {
        self.count += next.count;
        self.samples += next.samples;
        let room = Self::KEPT.saturating_sub(self.places.len());
        self.places.extend(next.places.into_iter().take(room));
    }

    /// The runs of all channels together.
    pub(crate) fn gather(channels: impl Iterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for mut runs in channels {
            all.count += runs.count;
            all.samples += runs.samples;
            all.places.append(&mut runs.places);
        }
        all.places.sort_by_key(|run| (run.start, run.channel));
        all.places.truncate(Self::KEPT);
        all
    }
}

/// What counts as clipped and as too loud for a float, given how samples are stored.
///
/// A kind maps a sample to a key; consecutive samples of one key other than 0 make a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kinds {
    /// Samples this large may be clipped; smaller ones cannot.
    pub(crate) full_scale: f32,
    float: bool,
}

impl Kinds {
    pub(crate) fn new(word: Word) -> Self {
        match word {
            Word::Float => Self { full_scale: 1.0, float: true },
            // The largest and the smallest code, and one above the smallest: converters and
            // exports that clip symmetrically stop there. Rounds to 1.0 from 25 bits on.
            Word::Int(bits) => {
                let step = f64::from(1 - i32::from(bits.clamp(8, 32))).exp2();
                Self { full_scale: (1.0 - 1.5 * step) as f32, float: false }
            }
        }
    }

    /// Clipped: integers at full scale. A float can go beyond, so that only a flat top shows a
    /// clipped one: bit-identical samples at full scale or above.
    pub(crate) fn clipped(self, x: f32) -> u32 {
        match (x.abs() >= self.full_scale, self.float) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => x.to_bits(),
        }
    }

    /// Beyond full scale: only a float can be.
    pub(crate) fn over(self, x: f32) -> u32 {
        u32::from(self.float && x.abs() > 1.0)
    }

    /// No number, or an infinite one.
    pub(crate) fn invalid(x: f32) -> u32 {
        u32::from(!x.is_finite())
    }
}

/// A run that is still open at an end.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Open {
    start: u64,
    end: u64,
    key: u32,
}

/// The runs of one kind on one channel over the frames `start..end`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct RunPart {
    start: u64,
    end: u64,
    channel: u16,
    /// Shorter runs do not count.
    least: u64,
    /// Touches the start; the end too, if everything is one run.
    head: Option<Open>,
    /// Touches the end only.
    tail: Option<Open>,
    closed: Runs,
}

impl RunPart {
    pub(crate) fn new(start: u64, channel: u16, least: u64) -> Self {
        let closed = Runs::default();
        Self { start, end: start, channel, least, head: None, tail: None, closed }
    }

    /// Goes on with `frames` frames that hold no run.
    pub(crate) fn push_none(&mut self, frames: usize) {
        let (start, end) = (self.end, self.end + frames as u64);
        self.append(Self { end, ..Self::new(start, self.channel, self.least) });
    }

    /// Goes on with the next samples, each mapped to its key.
    pub(crate) fn push(&mut self, samples: &[f32], key: impl Fn(f32) -> u32) {
        let mut next = Self::new(self.end, self.channel, self.least);
        next.end += samples.len() as u64;
        let mut at = next.start;
        for run in samples.chunk_by(|&a, &b| key(a) == key(b)) {
            let end = at + run.len() as u64;
            let key = key(run[0]);
            if key != 0 {
                next.settle(Open { start: at, end, key });
            }
            at = end;
        }
        self.append(next);
    }

    /// Puts a run where it belongs: open at an end that it touches, else closed.
    fn settle(&mut self, run: Open) {
        if run.start == self.start {
            self.head = Some(run);
        } else if run.end == self.end {
            self.tail = Some(run);
        } else {
            self.close(run);
        }
    }

    fn close(&mut self, Open { start, end, .. }: Open) {
        let frames = end - start;
        if frames >= self.least {
            self.closed.push(Run { start, frames, channel: self.channel });
        }
    }

    /// Joins with the part that follows directly.
    pub(crate) fn append(&mut self, next: Self) {
        if self.start == self.end {
            *self = next;
            return;
        }
        self.end = next.end;
        let edges = [self.head.take(), self.tail.take(), next.head, next.tail];
        let mut open: Option<Open> = None;
        for edge in edges.into_iter().flatten() {
            open = match open {
                Some(run) if run.end == edge.start && run.key == edge.key => {
                    Some(Open { end: edge.end, ..run })
                }
                before => {
                    if let Some(run) = before {
                        self.settle(run);
                    }
                    Some(edge)
                }
            };
        }
        if let Some(run) = open {
            self.settle(run);
        }
        self.closed.append(next.closed);
    }

    /// The runs, now that nothing follows.
    pub(crate) fn runs(&self) -> Runs {
        let mut whole = Self::new(self.start, self.channel, self.least);
        if let Some(run) = self.head {
            whole.close(run);
        }
        whole.closed.append(self.closed.clone());
        if let Some(run) = self.tail {
            whole.close(run);
        }
        whole.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(word: Word, samples: &[f32]) -> Runs {
        let kinds = Kinds::new(word);
        let mut part = RunPart::new(0, 0, 3);
        part.push(samples, |x| kinds.clipped(x));
        part.runs()
    }

    #[test]
    fn an_integer_clips_at_its_outermost_codes() {
        for bits in [16, 24] {
            let step = f32::powi(2.0, 1 - bits);
            let word = Word::Int(bits as u16);
            let max = 1.0 - step;
            assert_eq!(runs(word, &[0.0, max, max, max, 0.0]).count, 1, "{bits}");
            assert_eq!(runs(word, &[0.0, -1.0, -max, -1.0]).samples, 3, "{bits}");
            assert_eq!(runs(word, &[0.0, max, max, 0.0]).count, 0, "two are not a run");
            assert_eq!(runs(word, &[max - step; 9]).count, 0, "{bits}: one code below");
        }
    }

    #[test]
    fn a_float_clips_only_where_it_is_flat() {
        assert_eq!(runs(Word::Float, &[0.9, 1.0, 1.0, 1.0]).count, 1);
        assert_eq!(runs(Word::Float, &[1.25; 4]).samples, 4);
        assert_eq!(runs(Word::Float, &[1.1, 1.2, 1.3, 1.2, 1.1]).count, 0);
        assert_eq!(runs(Word::Float, &[1.0, 1.0, -1.0, -1.0]).count, 0);
        assert_eq!(runs(Word::Float, &[0.99; 5]).count, 0);
    }

    #[test]
    fn a_run_cut_in_three_is_one_run() {
        let mut part = RunPart::new(10, 1, 3);
        part.push(&[0.0, 2.0], |x| x as u32);
        part.push(&[2.0], |x| x as u32);
        part.push(&[2.0, 3.0, 3.0, 3.0], |x| x as u32);
        part.push_none(2);
        let places = [(11, 3), (14, 3)].map(|(start, frames)| Run { start, frames, channel: 1 });
        assert_eq!(part.runs(), Runs { count: 2, samples: 6, places: places.to_vec() });
    }

    #[test]
    fn all_are_counted_and_the_first_are_kept() {
        let samples: Vec<f32> = (0..3000).map(|i| f32::from(i % 4 != 0)).collect();
        let runs = runs(Word::Float, &samples);
        assert_eq!((runs.count, runs.samples), (750, 2250));
        assert_eq!(runs.places.len(), Runs::KEPT);
        assert_eq!(runs.places[1].start, 5);
    }
}
