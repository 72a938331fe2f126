//! Which bytes of a file are held, which are read next, and which are fetched in advance. Knows no
//! browser.
//!
//! A slice begins where somebody begins to read, on a grid: whoever has just been moved somewhere else
//! then has nearly a whole slice before the next one is needed.

use std::collections::VecDeque;
use std::ops::Range;

/// How a library reads.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Bytes of a slice.
    pub slice: u64,
    /// Slices begin at multiples of so many bytes; of their own length, and nobody's slices overlap.
    pub grid: u64,
    /// How many slices behind the one being read are fetched in advance.
    pub ahead: usize,
    /// How many slices of a file are held at most.
    pub most: usize,
    /// Whether the first that were read stay: where the same places are read over and over, there is no
    /// better choice. Else the oldest go.
    pub first_stay: bool,
}

impl Reading {
    /// For reading straight through: fewer, larger slices. Measured in Chromium, a read costs about
    /// a millisecond however short it is.
    pub const THROUGH: Self =
        Self { slice: 1 << 20, grid: 1 << 20, ahead: 0, most: 3, first_stay: false };
    /// For playing: four slices are 1.8 s of 96 kHz 24-bit stereo, and none takes long to come.
    pub const PLAYING: Self = {
        // The one being read, those ahead, and two more for whoever steps back a little.
        Self { slice: 256 << 10, grid: 16 << 10, ahead: 4, most: 7, first_stay: false }
    };

    /// For reading a few places of each of so many files over and over, within 128 MiB.
    pub fn again(files: usize) -> Self {
        const SLICE: u64 = 256 << 10;
        let most = (128 << 20) / SLICE as usize / files.max(1);
        Self { slice: SLICE, grid: SLICE, ahead: 0, most: most.max(3), first_stay: true }
    }
}

/// What is held of one file.
#[derive(Debug)]
pub struct Shelf<T> {
    reading: Reading,
    length: u64,
    /// In the order in which they came.
    held: VecDeque<(Range<u64>, T)>,
    /// The byte that was asked for last.
    at: Option<u64>,
}

impl<T: Clone> Shelf<T> {
    /// Of a file of so many bytes.
    pub fn new(length: u64, reading: Reading) -> Self {
        Self { reading, length, held: VecDeque::new(), at: None }
    }

    /// The slice that holds a byte, and where it begins.
    pub fn get(&mut self, at: u64) -> Option<(u64, T)> {
        self.at = Some(at);
        self.holding(at).map(|(range, bytes)| (range.start, bytes.clone()))
    }

    /// What to read for a byte that is not there.
    pub fn around(&self, at: u64) -> Range<u64> {
        let start = at - at % self.reading.grid;
        start..(start + self.reading.slice).min(self.length)
    }

    /// What to fetch next, if anything is to be needed soon, and how many slices are there before it.
    pub fn next(&self) -> Option<(usize, Range<u64>)> {
        let mut end = self.holding(self.at?)?.0.end;
        for ahead in 0..self.reading.ahead {
            match self.holding(end) {
                Some((range, _)) => end = range.end,
                None if end < self.length => {
                    return Some((ahead, end..(end + self.reading.slice).min(self.length)));
                }
                None => return None,
            }
        }
        None
    }

    /// Takes a slice; gives back one that has to go for it.
    #[must_use]
    pub fn hold(&mut self, range: Range<u64>, bytes: T) -> Option<T> {
        let gone = match self.reading {
            Reading { most, .. } if self.held.len() < most => None,
            Reading { first_stay: true, .. } => self.held.pop_back(),
            Reading { first_stay: false, .. } => self.held.pop_front(),
        };
        self.held.push_back((range, bytes));
        gone.map(|(_, bytes)| bytes)
    }

    /// Reads like this from here on. Gives back what is held.
    pub fn turn_to(&mut self, reading: Reading) -> impl Iterator<Item = T> + '_ {
        self.reading = reading;
        self.clear()
    }

    /// Everything that is held.
    pub fn clear(&mut self) -> impl Iterator<Item = T> + '_ {
        self.held.drain(..).map(|(_, bytes)| bytes)
    }

    fn holding(&self, at: u64) -> Option<&(Range<u64>, T)> {
        self.held.iter().find(|(range, _)| range.contains(&at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading { slice: 100, grid: 10, ahead: 2, most: 5, first_stay: false };

    #[test]
    fn whoever_comes_from_elsewhere_has_nearly_a_whole_slice_before_them() {
        let mut shelf = Shelf::new(1000, READING);
        assert_eq!((shelf.get(399), shelf.around(399)), (None, 390..490));
        assert_eq!(shelf.hold(390..490, "a"), None);
        assert_eq!(shelf.get(399), Some((390, "a")));
        assert_eq!(shelf.get(489), Some((390, "a")));
        assert_eq!(shelf.get(490), None);
        assert_eq!(shelf.around(995), 990..1000, "there is no more");
    }

    #[test]
    fn what_comes_next_is_fetched_and_nothing_twice() {
        let mut shelf = Shelf::new(650, READING);
        assert_eq!(shelf.next(), None, "nobody reads");
        let _ = (shelf.get(399), shelf.hold(390..490, "a"));
        assert_eq!(shelf.next(), Some((0, 490..590)));
        let _ = shelf.hold(490..590, "b");
        assert_eq!(shelf.next(), Some((1, 590..650)));
        let _ = shelf.hold(590..650, "c");
        assert_eq!(shelf.next(), None, "the file is over");
        let _ = shelf.get(100);
        assert_eq!(shelf.next(), None, "what is needed now is read first");
        let mut long = Shelf::new(10_000, READING);
        let _ = (
            long.get(0),
            long.hold(0..100, "a"),
            long.hold(100..200, "b"),
            long.hold(200..300, "c"),
        );
        assert_eq!(long.next(), None, "that is far enough ahead");
        let _ = long.get(150);
        assert_eq!(long.next(), Some((1, 300..400)));
    }

    #[test]
    fn the_oldest_goes() {
        let mut shelf = Shelf::new(10_000, READING);
        let gone: Vec<_> = (0..6).filter_map(|i| shelf.hold(100 * i..100 * (i + 1), i)).collect();
        assert_eq!(gone, [0]);
        assert_eq!(shelf.clear().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(shelf.get(250), None);
    }

    #[test]
    fn what_is_read_over_and_over_stays() {
        let mut shelf = Shelf::new(10_000, READING);
        let _ = shelf.hold(900..1000, "before");
        let again = Reading { ahead: 0, most: 3, first_stay: true, ..READING };
        assert_eq!(shelf.turn_to(again).collect::<Vec<_>>(), ["before"]);
        let names = ["a", "b", "c", "d", "e"];
        let gone: Vec<_> = (0..)
            .zip(names)
            .filter_map(|(i, name)| shelf.hold(100 * i..100 * (i + 1), name))
            .collect();
        assert_eq!(gone, ["c", "d"]);
        assert_eq!(shelf.get(50), Some((0, "a")));
        assert_eq!(shelf.get(450), Some((400, "e")), "what was read last is there");
        assert!(Reading::again(0).most >= 3 && Reading::again(10_000).most >= 3);
    }
}
