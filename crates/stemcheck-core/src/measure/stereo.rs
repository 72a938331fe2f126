//! How the first two channels relate: dual mono, width, polarity.

use std::ops::AddAssign;

use super::lanes;
use super::series::{Grid, Series};
use crate::block::Block;

/// Windows of 400 ms.
pub(crate) fn grid(sample_rate: u32) -> Grid {
    Grid::new(u64::from(sample_rate) * 2, 5)
}

/// A window sounds if it is louder than −60 dBFS RMS.
const SOUNDING: f64 = 1e-6;
/// Below this correlation, channels cancel more than they add.
const ANTIPHASE: f64 = -0.5;

/// Energies of the left channel, the right one and their difference. The difference is summed itself:
/// worked out from the others, nothing would be left of it in nearly mono files.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Moments {
    left: f64,
    right: f64,
    difference: f64,
}

impl AddAssign for Moments {
    fn add_assign(&mut self, other: Self) {
        self.left += other.left;
        self.right += other.right;
        self.difference += other.difference;
    }
}

impl Moments {
    pub(crate) fn of(left: &[f32], right: &[f32]) -> Self {
        let (_, left_energy) = lanes::moments(left);
        let (_, right_energy) = lanes::moments(right);
        let difference = lanes::difference_energy(left, right);
        Self { left: left_energy, right: right_energy, difference }
    }

    fn correlation(self) -> Option<f64> {
        let product = (self.left + self.right - self.difference) / 2.0;
        let scale = (self.left * self.right).sqrt();
        (scale > 0.0).then(|| (product / scale).clamp(-1.0, 1.0))
    }
}

/// What is known of the first two channels over a stretch.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct StereoPart {
    pub(crate) windows: Series<Moments>,
    pub(crate) total: Moments,
    pub(crate) largest_difference: f64,
}

impl StereoPart {
    /// Goes on with the first two channels of a block of finite samples from frame `start` on.
    pub(crate) fn push(&mut self, block: &Block, start: u64, sample_rate: u32) {
        let [left, right, ..] = block.channels.as_slice() else { return };
        for (k, piece) in grid(sample_rate).pieces(start, block.frames()) {
            let moments = Moments::of(&left[piece.clone()], &right[piece]);
            self.windows.add(k, moments);
            self.total += moments;
        }
        let difference = if block.fine.is_empty() {
            lanes::largest_difference(left, right).into()
        } else {
            let exact = |i| (block.sample(0, i) - block.sample(1, i)).abs();
            (0..block.frames()).map(exact).fold(0.0, f64::max)
        };
        self.largest_difference = self.largest_difference.max(difference);
    }

    pub(crate) fn append(&mut self, next: Self) {
        self.windows.append(next.windows);
        self.total += next.total;
        self.largest_difference = self.largest_difference.max(next.largest_difference);
    }

    pub(crate) fn correlation(&self) -> Option<f64> {
        self.total.correlation()
    }

    /// Energy of (L - R) / 2.
    pub(crate) fn side_energy(&self) -> f64 {
        self.total.difference / 4.0
    }

    /// Share of the sounding windows whose channels cancel; windows cut short by either end of the
    /// file do not count.
    pub(crate) fn antiphase_share(&self, sample_rate: u32, start: u64, end: u64) -> f64 {
        let grid = grid(sample_rate);
        let (first, windows) = self.windows.whole(grid, start, end);
        let mut sounding = 0u32;
        let mut antiphase = 0u32;
        for (k, window) in (first..).zip(windows) {
            let frames = (grid.start(k + 1) - grid.start(k)) as f64;
            if (window.left + window.right) / (2.0 * frames) > SOUNDING {
                sounding += 1;
                antiphase += u32::from(window.correlation().is_some_and(|r| r < ANTIPHASE));
            }
        }
        f64::from(antiphase) / f64::from(sounding.max(1))
    }
}
