//! The detectors that have to see what comes before and after a place: flat tops, dither, holes and
//! clicks.
//!
//! They look at places in order, each once what follows it is there. A place counts in the segment in
//! which that happens, wherever the place itself lies; the pre-roll holds what came before. So every
//! place of the file counts once, whatever the cuts, but for the last quarter of a second of a file.

use super::Stream;
use super::click;
use super::dither::{self, DitherPart};
use super::dropout;
use super::runs::Runs;
use super::series::Grid;
use super::tops::{self, Flats, Maxima};
use crate::block::Block;

/// What they found.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Found {
    /// By channel.
    pub(crate) flats: Vec<Flats>,
    pub(crate) maxima: Maxima,
    pub(crate) dither: DitherPart,
    pub(crate) dropouts: Runs,
    /// By channel.
    pub(crate) clicks: Vec<Runs>,
}

impl Found {
    pub(crate) fn new(channels: u16) -> Self {
        let channels = usize::from(channels);
        Self {
            flats: vec![Flats::default(); channels],
            maxima: Maxima::default(),
            dither: DitherPart::default(),
            dropouts: Runs::default(),
            clicks: vec![Runs::default(); channels],
        }
    }

    pub(crate) fn append(&mut self, next: Self) {
        for (flats, next) in self.flats.iter_mut().zip(next.flats) {
            flats.append(next);
        }
        self.maxima.append(next.maxima);
        self.dither.append(next.dither);
        self.dropouts.append(next.dropouts);
        for (clicks, next) in self.clicks.iter_mut().zip(next.clicks) {
            clicks.append(next);
        }
    }
}

/// The samples around the places that are looked at.
#[derive(Debug)]
pub(crate) struct LookAround {
    sample_rate: u32,
    channels: Vec<Vec<f32>>,
    screens: Vec<click::Screen>,
    /// Frame of the first sample that is kept; known from the segment's first block on.
    first: Option<u64>,
}

impl LookAround {
    pub(crate) fn new(stream: Stream) -> Self {
        let Stream { sample_rate, channels, .. } = stream;
        let channels = usize::from(channels);
        Self {
            sample_rate,
            channels: vec![Vec::new(); channels],
            screens: vec![click::Screen::new(sample_rate); channels],
            first: None,
        }
    }

    /// Takes in frames before the segment.
    pub(crate) fn warm_up(&mut self, block: &Block) {
        for (kept, samples) in self.channels.iter_mut().zip(&block.channels) {
            kept.extend_from_slice(samples);
        }
    }

    /// Takes in the next block, which begins at frame `start`, and looks at every place that what
    /// follows is known of now.
    pub(crate) fn push(&mut self, block: &Block, start: u64, found: &mut Found) {
        let len = |channels: &[Vec<f32>]| channels.first().map_or(0, Vec::len);
        let first = *self.first.get_or_insert(start.saturating_sub(len(&self.channels) as u64));
        self.warm_up(block);
        let end = start + block.frames() as u64;
        // Places whose future was not known before this block, and is now.
        let places = |ahead: usize| {
            let known = |end: u64| (end + 1).saturating_sub(ahead as u64).max(first);
            known(start)..known(end)
        };
        let inside = |ahead: usize| {
            let places = places(ahead);
            (places.start - first) as usize..(places.end - first) as usize
        };
        let rate = self.sample_rate;
        for (c, samples) in self.channels.iter().enumerate() {
            let place = (first, c as u16);
            let both = (&mut found.flats[c], &mut found.maxima);
            tops::scan(both, samples, inside(tops::ahead(rate)), place, rate);
            let clicks = &mut found.clicks[c];
            self.screens[c].scan(samples, places(click::ahead(rate)), place, clicks);
        }
        let all: Vec<&[f32]> = self.channels.iter().map(Vec::as_slice).collect();
        dropout::scan(&all, inside(dropout::ahead(rate)), first, rate, &mut found.dropouts);
        self.look_for_dither(start, end, first, &mut found.dither);
        self.forget(end);
    }

    /// Windows lie on an absolute grid and count where they end.
    fn look_for_dither(&self, start: u64, end: u64, first: u64, found: &mut DitherPart) {
        let grid = Grid::new(self.sample_rate.into(), dither::PER_SECOND);
        let mut k = grid.index(start);
        while grid.start(k + 1) <= end {
            let (from, to) = (grid.start(k), grid.start(k + 1));
            if let (Some(from_kept), true) = (from.checked_sub(first), to > start) {
                let range = from_kept as usize..(to - first) as usize;
                let window: Option<Vec<&[f32]>> =
                    self.channels.iter().map(|samples| samples.get(range.clone())).collect();
                found.push(&window.unwrap_or_default(), from);
            }
            k += 1;
        }
    }

    /// Drops what no place needs any more, now and then.
    fn forget(&mut self, end: u64) {
        let keep = self.sample_rate as usize / 2;
        let len = self.channels.first().map_or(0, Vec::len);
        if len > 3 * keep {
            for samples in &mut self.channels {
                samples.drain(..len - keep);
            }
            self.first = Some(end - keep as u64);
        }
    }
}
