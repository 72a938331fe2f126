//! Gains that change for each stem by itself: when the processing of the bus was printed into every
//! stem, each stem drives it alone, and no gain of the sum makes up for that.
//!
//! All stems' gains are solved together, chunk by chunk; what one chunk is like must be told by its
//! neighbours, for so many gains could follow anything.

use super::fit::{Normal, dot};
use super::gains::Told;
use super::recipe::{Pair, energy};
use crate::units::db_from_amplitude;

/// Share of the mix's mean energy that keeps the gain of a stem that is hardly heard at unity.
const RIDGE: f64 = 1e-3;
/// A gain beyond these is no processing.
const GAINS: std::ops::RangeInclusive<f64> = 0.05..=20.0;
/// A stem tells its gain in chunks within this of its loudest (-30 dB).
const HEARD: f64 = 1e-3;

/// Products of the stems and of what they lack, chunk by chunk.
pub(super) struct Apart {
    stems: usize,
    /// Matrix of the stems' products, and their products with what is missing.
    chunks: Vec<Normal>,
    /// Energy of what is missing.
    missing: Vec<f64>,
    ridge: f64,
}

/// Frames from node to node of gains that are taken over `frames`.
pub(super) fn hop(frames: usize) -> usize {
    (frames / 2).max(1)
}

impl Apart {
    /// Of stems and reference, all corrected.
    pub(super) fn new(stems: &[Pair], mix: &Pair, frames: usize) -> Self {
        let (hop, length) = (hop(frames), mix[0].len());
        let mut chunks = Vec::new();
        let mut missing_energies = Vec::new();
        for start in (0..length).step_by(hop) {
            let range = start..(start + hop).min(length);
            let mut normal = Normal::new(stems.len());
            let mut energy = 0.0;
            for side in 0..2 {
                let mut missing = mix[side][range.clone()].to_vec();
                for stem in stems {
                    missing.iter_mut().zip(&stem[side][range.clone()]).for_each(|(m, x)| *m -= x);
                }
                energy += dot(&missing, &missing);
                for (row, a) in stems.iter().enumerate() {
                    let a = &a[side][range.clone()];
                    normal.add_target(row, dot(a, &missing));
                    for (column, b) in stems.iter().enumerate().skip(row) {
                        normal.add(row, column, dot(a, &b[side][range.clone()]));
                    }
                }
            }
            chunks.push(normal);
            missing_energies.push(energy);
        }
        let ridge = RIDGE * energy(mix) / chunks.len().max(1) as f64;
        Self { stems: stems.len(), chunks, missing: missing_energies, ridge }
    }

    /// By how much each stem's gain is off in some chunks taken together, as far as that is processing:
    /// what is upside down has no gain.
    fn solve(&self, chunks: &[usize]) -> Vec<f64> {
        let mut sum = Normal::new(self.stems);
        for chunk in chunks.iter().filter_map(|&chunk| self.chunks.get(chunk)) {
            sum.add_all(chunk);
        }
        for stem in 0..self.stems {
            sum.add(stem, stem, self.ridge * chunks.len() as f64);
        }
        let within = |change: f64| (1.0 + change).clamp(*GAINS.start(), *GAINS.end()) - 1.0;
        sum.solve(0.0).into_iter().map(within).collect()
    }

    /// By stem: its gain at each node, that is between chunk and chunk, and at both ends.
    pub(super) fn gains(&self) -> Vec<Vec<f64>> {
        let count = self.chunks.len();
        let mut gains = vec![Vec::with_capacity(count + 1); self.stems];
        for node in 0..=count {
            let around: Vec<usize> = (node.saturating_sub(1)..(node + 1).min(count)).collect();
            for (gains, change) in gains.iter_mut().zip(self.solve(&around)) {
                gains.push(1.0 + change);
            }
        }
        gains
    }

    /// Energy of what is missing, and of what would be if every chunk had the gains that its
    /// neighbours tell.
    pub(super) fn foretold(&self) -> (f64, f64) {
        let (mut before, mut after) = (0.0, 0.0);
        for at in 1..self.chunks.len().saturating_sub(1) {
            let change = self.solve(&[at - 1, at + 1]);
            before += self.missing[at];
            after += (self.missing[at] - self.chunks[at].explained(&change)).max(0.0);
        }
        (before, after)
    }

    /// Energy that one gain a stem for all windows would leave.
    pub(super) fn left_standing(windows: &[Self]) -> f64 {
        let Some(first) = windows.first() else { return 0.0 };
        let mut sum = Normal::new(first.stems);
        for chunk in windows.iter().flat_map(|window| &window.chunks) {
            sum.add_all(chunk);
        }
        let missing: f64 = windows.iter().flat_map(|window| &window.missing).sum();
        (missing - sum.explained(&sum.solve(1e-9))).max(0.0)
    }

    /// Of every stem, where it is heard: chunk, gain in dB, energy.
    pub(super) fn told(&self) -> Vec<Vec<Told>> {
        let gains = self.gains();
        (0..self.stems)
            .map(|stem| {
                let energies: Vec<f64> = self.chunks.iter().map(|c| c.at(stem, stem)).collect();
                let loudest = energies.iter().copied().fold(0.0, f64::max);
                let level = |at: usize| f64::midpoint(gains[stem][at], gains[stem][at + 1]);
                (0..energies.len())
                    .filter(|&at| energies[at] > HEARD * loudest && energies[at] > 3.0 * self.ridge)
                    .map(|at| (at, db_from_amplitude(level(at)), energies[at]))
                    .collect()
            })
            .collect()
    }
}

/// A line through nodes that are `hop` frames apart.
pub(super) fn between(nodes: &[f64], hop: usize, length: usize) -> Vec<f64> {
    (0..length)
        .map(|at| {
            let (node, part) = (at / hop, (at % hop) as f64 / hop as f64);
            let value = |node: usize| nodes.get(node).or(nodes.last()).copied().unwrap_or(1.0);
            value(node) + part * (value(node + 1) - value(node))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::dsp::Noise;

    #[test]
    fn each_stem_is_told_its_own_gain_and_silence_none() {
        const FRAMES: usize = 480;
        let length = 40 * FRAMES;
        let gain = |stem: usize, at: usize| {
            0.7 + 0.2 * (at as f64 * 6.0 / length as f64 + stem as f64).sin()
        };
        let stems: Vec<Pair> = (0..2)
            .map(|seed| {
                let mut noise = Noise::new(seed + 1);
                std::array::from_fn(|_| (0..length).map(|_| f64::from(noise.sample())).collect())
            })
            .chain([[vec![0.0; length], vec![0.0; length]]])
            .collect();
        let mut mix: Pair = [vec![0.0; length], vec![0.0; length]];
        for (stem, sound) in stems.iter().enumerate() {
            for (mix, sound) in mix.iter_mut().zip(sound) {
                for (at, (mix, x)) in mix.iter_mut().zip(sound).enumerate() {
                    *mix += gain(stem, at) * x;
                }
            }
        }
        let apart = Apart::new(&stems, &mix, FRAMES);
        let (before, after) = apart.foretold();
        assert!(after < 0.01 * before, "{after} of {before}");
        let gains = apart.gains();
        for (stem, gains) in gains.iter().enumerate().take(2) {
            let line = between(gains, hop(FRAMES), length);
            for at in (FRAMES..length - FRAMES).step_by(97) {
                assert!((line[at] - gain(stem, at)).abs() < 0.03, "{stem} {at}: {}", line[at]);
            }
        }
        assert!(gains[2].iter().all(|gain| (gain - 1.0).abs() < 1e-9));
        assert!(apart.told()[2].is_empty());
    }
}
