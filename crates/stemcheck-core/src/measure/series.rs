//! Windows on an absolute grid of frames, so that a file may be cut anywhere.
//!
//! A window that a cut runs through is measured in two pieces, and merging adds them. Nothing here
//! knows what is measured.

use std::ops::{AddAssign, Range};

/// Windows of equal length, counted from the file's first frame: window `k` starts at frame
/// `floor(k * frames / per)`. Thus a hundred windows a second fit any sample rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    frames: u64,
    per: u64,
}

impl Grid {
    /// `per` windows in every `frames` frames.
    pub(crate) fn new(frames: u64, per: u64) -> Self {
        Self { frames: frames.max(1), per: per.max(1) }
    }

    /// First frame of window `k`.
    pub(crate) fn start(self, k: u64) -> u64 {
        k * self.frames / self.per
    }

    /// The window that holds `frame`.
    pub(crate) fn index(self, frame: u64) -> u64 {
        ((frame + 1) * self.per - 1) / self.frames
    }

    /// The first window that starts at `frame` or later.
    pub(crate) fn index_from(self, frame: u64) -> u64 {
        (frame * self.per).div_ceil(self.frames)
    }

    /// Cuts the `frames` frames from `start` on at the windows' borders: each piece as its window
    /// and its range within the stretch.
    pub(crate) fn pieces(
        self,
        start: u64,
        frames: usize,
    ) -> impl Iterator<Item = (u64, Range<usize>)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            if from >= frames {
                return None;
            }
            let window = self.index(start + from as u64);
            let to = frames.min((self.start(window + 1) - start) as usize);
            let piece = (window, from..to);
            from = to;
            Some(piece)
        })
    }
}

/// One value per window, from some window on.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Series<T> {
    first: u64,
    values: Vec<T>,
}

impl<T: Copy + Default + AddAssign> Series<T> {
    /// Adds to the value of window `k`, which is never before the first one.
    pub(crate) fn add(&mut self, k: u64, value: T) {
        if self.values.is_empty() {
            self.first = k;
        }
        let i = k.saturating_sub(self.first) as usize;
        if i >= self.values.len() {
            self.values.resize(i + 1, T::default());
        }
        self.values[i] += value;
    }

    /// Joins with the series that follows; a window that both have a piece of is added up.
    pub(crate) fn append(&mut self, next: Self) {
        let mut values = next.values.into_iter();
        if let Some(value) = values.next() {
            self.add(next.first, value);
            self.values.extend(values);
        }
    }

    /// Forgets the windows before window `k`.
    pub(crate) fn drop_before(&mut self, k: u64) {
        let count = (k.saturating_sub(self.first) as usize).min(self.values.len());
        self.values.drain(..count);
        self.first += count as u64;
    }

    /// Every window, complete or not: the first one's number, and the values.
    pub(crate) fn all(&self) -> (u64, &[T]) {
        (self.first, &self.values)
    }

    /// The windows that lie wholly in `[start, end)`: the first one's number, and the values.
    pub(crate) fn whole(&self, grid: Grid, start: u64, end: u64) -> (u64, &[T]) {
        let from = grid.index_from(start).max(self.first);
        // The window that holds frame `end` is the first one that is not complete.
        let to = grid.index(end).max(from);
        let inside = |k: u64| ((k - self.first) as usize).min(self.values.len());
        (from, &self.values[inside(from)..inside(to)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_tile_the_frames_at_any_rate() {
        for (frames, per) in [(44_100, 100), (11_025, 100), (8_000, 100), (512, 1), (7, 100)] {
            let grid = Grid::new(frames, per);
            for frame in (0..3000).chain(1_000_000..1_000_300) {
                let k = grid.index(frame);
                assert!(grid.start(k) <= frame && frame < grid.start(k + 1), "{frames} {frame}");
                let next = grid.index_from(frame);
                assert!(grid.start(next) >= frame);
                assert!(next == 0 || grid.start(next - 1) < frame);
            }
        }
    }

    #[test]
    fn pieces_cover_a_stretch_once() {
        let grid = Grid::new(11_025, 100);
        let pieces: Vec<_> = grid.pieces(105, 250).collect();
        assert_eq!(pieces, [(0, 0..5), (1, 5..115), (2, 115..225), (3, 225..250)]);
        assert_eq!(grid.pieces(105, 0).count(), 0);
    }

    #[test]
    fn only_whole_windows_are_read() {
        let grid = Grid::new(10, 1);
        let mut series = Series::default();
        for (window, piece) in grid.pieces(5, 40) {
            series.add(window, piece.len() as f64);
        }
        assert_eq!(series.whole(grid, 5, 45), (1, [10.0; 3].as_slice()));
        let empty = Series::<f64>::default();
        assert_eq!(empty.whole(grid, 3, 3), (1, [].as_slice()));
    }
}
