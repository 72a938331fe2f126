//! Loudness: ITU-R BS.1770-5 Annex 1, EBU Tech 3341 and 3342.
//!
//! One list of K-weighted energies, a window of 10 ms each, yields every reading: momentary and
//! short-term loudness, the gating blocks and the loudness range are sums over it. Such a list can be
//! cut anywhere, and steps of 10 ms are fine enough to find the loudest 400 ms.

use std::f64::consts::PI;
use std::ops::Range;

use super::mono::Sides;
use super::series::{Grid, Series};
use crate::block::Block;
use crate::units::db_from_power;

/// Windows in 100 ms, in 400 ms and in 3 s.
const STEP: usize = 10;
const MOMENTARY: usize = 40;
const SHORT_TERM: usize = 300;
/// Silence appended before the loudness range is taken, in windows (EBU Tech 3342: 1.5 s).
const RANGE_TAIL: usize = 150;
/// ITU-R BS.1770-5, absolute gate.
const GATE_LUFS: f64 = -70.0;
/// ITU-R BS.1770-5, gate below the loudness of what the absolute gate leaves.
const RELATIVE_GATE_LU: f64 = -10.0;
/// EBU Tech 3342, the same for the loudness range.
const RANGE_GATE_LU: f64 = -20.0;
/// Below this there is no loudness: less than a 32-bit word can hold.
const NOTHING_LUFS: f64 = -200.0;
/// Shown for silence in plots.
const PLOT_FLOOR_LUFS: f64 = -120.0;
/// A filter that has faded this far is at rest. Above the numbers that slow a processor down.
const REST: f64 = 1e-30;

/// The grid of the energies.
pub(crate) fn grid(sample_rate: u32) -> Grid {
    Grid::new(u64::from(sample_rate), 100)
}

/// How much a channel's energy counts, in the order that files have: L R C LFE Ls Rs.
///
/// Mono counts twice: it is heard on both loudspeakers. Channels that BS.1770-5 has no place for (a
/// seventh, an eighth) count as surrounds; the low-frequency effects do not count.
pub(crate) fn weight(channel: usize, channels: usize) -> f64 {
    match (channels, channel) {
        (1, _) => 2.0,
        (_, 0 | 1) | (3 | 5.., 2) => 1.0,
        (6.., 3) => 0.0,
        _ => 1.41,
    }
}

/// Channels that are filtered side by side, on the two lanes of a 128-bit machine.
pub(crate) const PAIR: usize = 2;

/// A second-order filter in transposed direct form II, for a pair of channels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [[f64; PAIR]; 2],
}

impl Biquad {
    /// A low-pass (R. Bristow-Johnson's cookbook).
    pub(super) fn low_pass(hz: f64, q: f64, sample_rate: f64) -> Self {
        Self::pass(hz, q, sample_rate, 1.0)
    }

    /// A high-pass, of the same source.
    pub(super) fn high_pass(hz: f64, q: f64, sample_rate: f64) -> Self {
        Self::pass(hz, q, sample_rate, -1.0)
    }

    /// `side` is 1 for what is below, -1 for what is above.
    fn pass(hz: f64, q: f64, sample_rate: f64, side: f64) -> Self {
        let turn = 2.0 * PI * (hz / sample_rate).min(0.45);
        let alpha = turn.sin() / (2.0 * q);
        let (a0, edge) = (1.0 + alpha, (1.0 - side * turn.cos()) / 2.0);
        let b = [edge, 2.0 * side * edge, edge].map(|b| b / a0);
        let a = [-2.0 * turn.cos() / a0, (1.0 - alpha) / a0];
        Self { b, a, state: [[0.0; PAIR]; 2] }
    }

    #[inline]
    pub(super) fn step(&mut self, x: [f64; PAIR]) -> [f64; PAIR] {
        let Self { b, a, state: [s, t] } = self;
        let y: [f64; PAIR] = std::array::from_fn(|i| b[0] * x[i] + s[i]);
        // What does not wait for this output is added first.
        *s = std::array::from_fn(|i| (b[1] * x[i] + t[i]) - a[0] * y[i]);
        *t = std::array::from_fn(|i| b[2] * x[i] - a[1] * y[i]);
        y
    }

    pub(super) fn rest(&mut self) {
        for state in self.state.as_flattened_mut() {
            if state.abs() < REST {
                *state = 0.0;
            }
        }
    }
}

/// The K-weighting of a pair of channels: a high shelf, then a high-pass. In f64, as the high-pass's
/// poles lie close to 1.
#[derive(Debug, Clone)]
pub(crate) struct KWeighting {
    shelf: Biquad,
    high_pass: Biquad,
}

impl KWeighting {
    /// The coefficients for any sample rate; at 48 kHz those of the recommendation (after
    /// libebur128). The shelf of a rate too low to hold it sits just below half the rate.
    pub(crate) fn new(sample_rate: u32) -> Self {
        let rate = f64::from(sample_rate.max(1));
        let k = |hz: f64| (PI * (hz / rate).min(0.45)).tan();
        let state = [[0.0; PAIR]; 2];

        let (q, gain) = (0.707_175_236_955_419_6, 3.999_843_853_973_347);
        let k1 = k(1_681.974_450_955_533);
        let vh = 10f64.powf(gain / 20.0);
        let vb = vh.powf(0.499_666_774_154_541_6);
        let a0 = 1.0 + k1 / q + k1 * k1;
        let b = [vh + vb * k1 / q + k1 * k1, 2.0 * (k1 * k1 - vh), vh - vb * k1 / q + k1 * k1];
        let a = [2.0 * (k1 * k1 - 1.0), 1.0 - k1 / q + k1 * k1];
        let shelf = Biquad { b: b.map(|b| b / a0), a: a.map(|a| a / a0), state };

        let q = 0.500_327_037_323_877_3;
        let k2 = k(38.135_470_876_024_44);
        let a0 = 1.0 + k2 / q + k2 * k2;
        let a = [2.0 * (k2 * k2 - 1.0), 1.0 - k2 / q + k2 * k2];
        let high_pass = Biquad { b: [1.0, -2.0, 1.0], a: a.map(|a| a / a0), state };
        Self { shelf, high_pass }
    }

    /// Filters the next samples of both channels; their energies and products afterwards.
    pub(crate) fn energies(&mut self, pair: [&[f32]; PAIR]) -> Sides {
        // Copies, which stay in registers.
        let (mut shelf, mut high_pass) = (self.shelf, self.high_pass);
        let (mut energies, mut product) = ([0.0; PAIR], 0.0);
        for (&left, &right) in pair[0].iter().zip(pair[1]) {
            let y = high_pass.step(shelf.step([left.into(), right.into()]));
            for (energy, y) in energies.iter_mut().zip(y) {
                *energy += y * y;
            }
            product += y[0] * y[1];
        }
        shelf.rest();
        high_pass.rest();
        (self.shelf, self.high_pass) = (shelf, high_pass);
        let [left, right] = energies;
        Sides { left, right, product }
    }
}

/// The K-weighting of all channels of a file.
#[derive(Debug)]
pub(crate) struct Weighting {
    pairs: Vec<KWeighting>,
}

impl Weighting {
    pub(crate) fn new(sample_rate: u32, channels: u16) -> Self {
        let pairs = usize::from(channels).div_ceil(PAIR);
        Self { pairs: vec![KWeighting::new(sample_rate); pairs] }
    }

    /// Filters the frames `frames` of a block; the sum of what each channel counts, and the first two
    /// channels by themselves.
    pub(crate) fn energy(&mut self, block: &Block, frames: &Range<usize>) -> (f64, Sides) {
        let channels = &block.channels;
        let (mut sum, mut first) = (0.0, None);
        for (p, (filter, pair)) in self.pairs.iter_mut().zip(channels.chunks(PAIR)).enumerate() {
            // A channel without a partner is filtered twice and counted once.
            let sides = [0, pair.len() - 1].map(|side| &pair[side][frames.clone()]);
            let energies = filter.energies(sides);
            first = first.or(Some(energies));
            let energies = [energies.left, energies.right].into_iter().enumerate();
            for (c, energy) in energies.take(pair.len()) {
                sum += weight(p * PAIR + c, channels.len()) * energy;
            }
        }
        (sum, first.unwrap_or_default())
    }
}

/// What the loudness meter reads, as documented at `Measurements`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Loudness {
    pub(crate) integrated_lufs: Option<f64>,
    pub(crate) range_lu: Option<f64>,
    pub(crate) max_momentary_lufs: Option<f64>,
    pub(crate) max_short_term_lufs: Option<f64>,
    pub(crate) momentary_lufs: Vec<f32>,
}

impl Loudness {
    /// Reads the energies of the frames `start..end`; what is left of a window at either end does
    /// not count.
    pub(crate) fn read(energies: &Series<f64>, sample_rate: u32, start: u64, end: u64) -> Self {
        let grid = grid(sample_rate);
        let (first, energies) = energies.whole(grid, start, end);
        let power = |i: usize, windows: usize, energy: f64| {
            let from = first + i as u64;
            energy / (grid.start(from + windows as u64) - grid.start(from)).max(1) as f64
        };
        let powers = |energies: &[f64], windows: usize| -> Vec<f64> {
            let sums = sliding_sums(energies, windows);
            sums.iter().enumerate().map(|(i, &sum)| power(i, windows, sum)).collect()
        };

        let momentary = powers(energies, MOMENTARY.min(energies.len()));
        let blocks: Vec<f64> = match energies.len() {
            MOMENTARY.. => momentary.iter().copied().step_by(STEP).collect(),
            _ => Vec::new(),
        };
        let short_term = powers(energies, SHORT_TERM.min(energies.len()));
        let range_lu = (energies.len() >= SHORT_TERM).then(|| {
            let mut padded = energies.to_vec();
            padded.resize(energies.len() + RANGE_TAIL, 0.0);
            range(powers(&padded, SHORT_TERM).into_iter().step_by(STEP))
        });
        let plot = (0..energies.len()).step_by(STEP).map(|i| {
            let window = &energies[i..energies.len().min(i + MOMENTARY)];
            lufs(power(i, window.len(), window.iter().sum())).max(PLOT_FLOOR_LUFS) as f32
        });
        Self {
            integrated_lufs: gated(&blocks, RELATIVE_GATE_LU).map(|(mean, _)| lufs(mean)),
            range_lu: range_lu.flatten(),
            max_momentary_lufs: loudest(&momentary),
            max_short_term_lufs: loudest(&short_term),
            momentary_lufs: plot.collect(),
        }
    }
}

/// Short-term loudness in LUFS of every 3 s, one value for each window of 10 ms that they begin with.
pub(crate) fn short_term(
    energies: &Series<f64>,
    sample_rate: u32,
    start: u64,
    end: u64,
) -> Vec<f64> {
    let grid = grid(sample_rate);
    let (first, energies) = energies.whole(grid, start, end);
    let from = |i: usize| grid.start(first + i as u64);
    sliding_sums(energies, SHORT_TERM)
        .iter()
        .enumerate()
        .map(|(i, sum)| lufs(sum / (from(i + SHORT_TERM) - from(i)).max(1) as f64))
        .collect()
}

/// Loudness of a weighted mean square. The constant makes up for the K-weighting's gain at 997 Hz.
fn lufs(power: f64) -> f64 {
    db_from_power(power) - 0.691
}

fn loudest(powers: &[f64]) -> Option<f64> {
    let max = lufs(powers.iter().copied().fold(0.0, f64::max));
    (max > NOTHING_LUFS).then_some(max)
}

/// Mean of the powers that pass the absolute gate and then the relative one, and those powers.
fn gated(powers: &[f64], relative_lu: f64) -> Option<(f64, Vec<f64>)> {
    let mean = |powers: &[f64]| powers.iter().sum::<f64>() / powers.len() as f64;
    let loud: Vec<f64> = powers.iter().copied().filter(|&p| lufs(p) > GATE_LUFS).collect();
    if loud.is_empty() {
        return None;
    }
    let gate = lufs(mean(&loud)) + relative_lu;
    let kept: Vec<f64> = loud.into_iter().filter(|&p| lufs(p) > gate).collect();
    Some((mean(&kept), kept))
}

/// EBU Tech 3342: from the 10th to the 95th percentile of the short-term loudness.
fn range(short_term: impl Iterator<Item = f64>) -> Option<f64> {
    let (_, mut powers) = gated(&short_term.collect::<Vec<_>>(), RANGE_GATE_LU)?;
    powers.sort_by(f64::total_cmp);
    let percentile = |share: f64| {
        let i = (share * (powers.len() - 1) as f64).round() as usize;
        lufs(powers[i])
    };
    Some(percentile(0.95) - percentile(0.10))
}

/// Sums of every `width` values in a row, in linear time and, unlike differences of running sums,
/// without loss after something loud: what a chunk of `width` values ends with, and what the next
/// one begins with.
fn sliding_sums(values: &[f64], width: usize) -> Vec<f64> {
    if width == 0 || values.len() < width {
        return Vec::new();
    }
    let mut ends = values.to_vec();
    let mut begins = values.to_vec();
    for chunk in ends.chunks_mut(width) {
        for i in (1..chunk.len()).rev() {
            chunk[i - 1] += chunk[i];
        }
    }
    for chunk in begins.chunks_mut(width) {
        for i in 1..chunk.len() {
            chunk[i] += chunk[i - 1];
        }
    }
    (0..=values.len() - width)
        .map(|i| match i % width {
            0 => ends[i],
            _ => ends[i] + begins[i + width - 1],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliding_sums_are_sums() {
        let values: Vec<f64> = (0..23).map(|i| f64::from(i * i)).collect();
        for width in [1, 2, 5, 23] {
            let naive: Vec<f64> = values.windows(width).map(|w| w.iter().sum()).collect();
            assert_eq!(sliding_sums(&values, width), naive, "{width}");
        }
        assert!(sliding_sums(&values, 24).is_empty());
    }

    #[test]
    fn a_whisper_after_a_bang_keeps_its_value() {
        let values = [1e12, 1e-12, 1e-12, 1e-12];
        assert_eq!(sliding_sums(&values, 3)[1], 3e-12);
    }

    #[test]
    fn coefficients_at_48_khz_are_those_of_the_recommendation() {
        let filter = KWeighting::new(48_000);
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-8);
        let table_1 = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
        assert!(near(&filter.shelf.b, &table_1));
        assert!(near(&filter.shelf.a, &[-1.690_659_293_182_41, 0.732_480_774_215_85]));
        assert!(near(&filter.high_pass.a, &[-1.990_047_454_833_98, 0.990_072_250_366_21]));
    }

    #[test]
    fn filters_are_stable_at_every_rate_and_come_to_rest() {
        for rate in [0, 1, 1000, 3000, 8000, 44_100, 384_000] {
            let mut filter = KWeighting::new(rate);
            let Sides { left, right, .. } = filter.energies([&[1.0; 4000], &[-0.5; 4000]]);
            assert!(left.is_finite() && (left / right - 4.0).abs() < 1e-9, "{rate}");
            for _ in 0..rate.max(1000) / 1000 {
                filter.energies([&[0.0; 2000]; 2]);
            }
            let state = [filter.shelf.state, filter.high_pass.state];
            assert_eq!(state, [[[0.0; 2]; 2]; 2], "{rate}");
        }
    }

    #[test]
    fn channels_weigh_as_the_recommendation_has_it() {
        let weights = |n: usize| (0..n).map(|c| weight(c, n)).collect::<Vec<_>>();
        assert_eq!(weights(1), [2.0]);
        assert_eq!(weights(2), [1.0; 2]);
        assert_eq!(weights(3), [1.0; 3]);
        assert_eq!(weights(4), [1.0, 1.0, 1.41, 1.41]);
        assert_eq!(weights(5), [1.0, 1.0, 1.0, 1.41, 1.41]);
        assert_eq!(weights(6), [1.0, 1.0, 1.0, 0.0, 1.41, 1.41]);
    }
}
