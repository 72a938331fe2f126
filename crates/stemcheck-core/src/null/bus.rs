//! What was done to the sum of all stems, done to them as well; and gains over time, which are not
//! written down but followed: each sample's gain is that of the few milliseconds around it.

use std::ops::Range;

use super::apart::{Apart, between, hop};
use super::recipe::{Pair, add};

/// A gain (linear) beyond this is no processing but another signal.
const LARGEST_GAIN: f64 = 50.0;
/// Share of the mean power that keeps silent moments from getting any gain (METHODS, prototype).
const RIDGE: f64 = 1e-4;

/// One thing that happened on the bus, or a gain that changes all the time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Bus {
    /// A gain that changes: of the reference (counted after the stems) against the sum, or of a stem
    /// against what the other files leave for it.
    Follow {
        /// The file.
        file: usize,
        /// Frames over which the gain is taken.
        frames: usize,
    },
    /// Gains that change, each stem's its own: what makes all of them together most like the reference
    /// within so many frames.
    Apart {
        /// Frames over which the gains are taken.
        frames: usize,
    },
    /// The reference is a function of the sum, sample by sample: points of it in rising order,
    /// straight in between and beyond.
    Curve(Vec<(f64, f64)>),
}

impl Bus {
    /// Frames that have to be known before and after a window.
    pub(super) fn context(&self) -> usize {
        match self {
            Self::Follow { frames, .. } | Self::Apart { frames } => *frames,
            Self::Curve(_) => 0,
        }
    }

    /// Whether it is about the whole mix, whose file is `reference`.
    pub(super) fn of_mix(&self, reference: usize) -> bool {
        self.file(reference) >= reference
    }

    /// Which file's level it is about: the whole mix' is that of `reference`.
    pub(super) fn file(&self, reference: usize) -> usize {
        match self {
            Self::Follow { file, .. } => *file,
            Self::Apart { .. } | Self::Curve(_) => reference,
        }
    }

    /// Which of `files` (the stems, then the reference) are to be scaled so that they fit, and by how
    /// much at each frame of both sides. What was done to the sum is done to every stem: a gain is the
    /// same for all.
    pub(super) fn gains(&self, files: &[Pair]) -> Vec<(Range<usize>, Pair)> {
        let Some((mix, stems)) = files.split_last() else { return Vec::new() };
        let mut sum = mix.each_ref().map(|side| vec![0.0; side.len()]);
        for stem in stems {
            add(&mut sum, 1.0, stem);
        }
        match self {
            Self::Follow { file, frames } => {
                let (files, gains) = match stems.get(*file) {
                    None => (0..stems.len(), gain_over_time(mix, &sum, *frames)),
                    Some(stem) => {
                        // What the others leave for it.
                        let mut wanted = mix.clone();
                        add(&mut wanted, -1.0, &sum);
                        add(&mut wanted, 1.0, stem);
                        (*file..*file + 1, gain_over_time(&wanted, stem, *frames))
                    }
                };
                vec![(files, [gains.clone(), gains])]
            }
            Self::Apart { frames } => {
                let length = sum[0].len();
                let apart = Apart::new(stems, mix, *frames).gains();
                let line = |(stem, nodes): (usize, Vec<f64>)| {
                    let gains = between(&nodes, hop(*frames), length);
                    (stem..stem + 1, [gains.clone(), gains])
                };
                apart.into_iter().enumerate().map(line).collect()
            }
            Self::Curve(points) => {
                let gain = |x: &f64| if x.abs() > 1e-6 { on_curve(points, *x) / x } else { 1.0 };
                let sides = sum.map(|side| side.iter().map(gain).collect());
                vec![(0..stems.len(), sides)]
            }
        }
    }
}

/// The gain, frame by frame, that makes `sound` most like `wanted` within `frames` frames around.
pub(super) fn gain_over_time(wanted: &Pair, sound: &Pair, frames: usize) -> Vec<f64> {
    let count = wanted[0].len().min(sound[0].len());
    let series: Vec<[f64; 2]> = (0..count)
        .map(|i| {
            let (left, right) = (sound[0][i], sound[1][i]);
            [wanted[0][i] * left + wanted[1][i] * right, left * left + right * right]
        })
        .collect();
    let mean = series.iter().map(|both| both[1]).sum::<f64>() / count.max(1) as f64;
    let ridge = RIDGE * mean + f64::MIN_POSITIVE;
    smooth_both(series, frames)
        .into_iter()
        .map(|[product, energy]| ((product + ridge) / (energy + ridge)).clamp(0.0, LARGEST_GAIN))
        .collect()
}

/// Means of two series under a triangle of so many frames (a box, twice).
pub(super) fn smooth([first, second]: &Pair, frames: usize) -> Pair {
    let both = first.iter().zip(second).map(|(&first, &second)| [first, second]).collect();
    let smoothed = smooth_both(both, frames);
    std::array::from_fn(|of| smoothed.iter().map(|both| both[of]).collect())
}

/// The same of two series that go side by side: each running sum alone would wait for its additions.
fn smooth_both(mut series: Vec<[f64; 2]>, frames: usize) -> Vec<[f64; 2]> {
    let half = (frames / 4).max(1);
    let mut sums = Vec::with_capacity(series.len() + 1);
    for _ in 0..2 {
        box_means(&mut series, &mut sums, half);
    }
    series
}

/// Puts means over `half` values on either side in the place of each; at the ends over those that there
/// are. `sums` is memory only.
fn box_means(series: &mut [[f64; 2]], sums: &mut Vec<[f64; 2]>, half: usize) {
    let (count, whole) = (series.len(), 2 * half + 1);
    sums.clear();
    let mut sum = [0.0; 2];
    sums.push(sum);
    for [first, second] in series.iter() {
        sum = [sum[0] + first, sum[1] + second];
        sums.push(sum);
    }
    let mean = |from: usize, to: usize| {
        [0, 1].map(|of| (sums[to][of] - sums[from][of]) / (to - from) as f64)
    };
    let inside = half.min(count)..count.saturating_sub(half).max(half.min(count));
    for i in (0..inside.start).chain(inside.end..count) {
        series[i] = mean(i.saturating_sub(half), (i + half + 1).min(count));
    }
    let share = 1.0 / whole as f64;
    for (value, sums) in series[inside].iter_mut().zip(sums.windows(whole + 1)) {
        let [from, .., to] = sums else { continue };
        *value = [(to[0] - from[0]) * share, (to[1] - from[1]) * share];
    }
}

/// The curve's value, continued straight beyond its ends.
pub(super) fn on_curve(points: &[(f64, f64)], x: f64) -> f64 {
    let next = points.partition_point(|point| point.0 < x).clamp(1, points.len().max(2) - 1);
    match (points.get(next - 1), points.get(next)) {
        (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
        (Some(point), _) => x + point.1 - point.0,
        _ => x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_a_gain_and_leaves_silence_alone() {
        let sound = |i: usize| if i < 3000 { (i as f64 * 0.3).sin() } else { 0.0 };
        let sum: Pair = std::array::from_fn(|_| (0..4000).map(sound).collect());
        let gain = |i: usize| 0.5 + 0.4 * (i as f64 * 0.002).sin();
        let wanted = sum
            .each_ref()
            .map(|side| side.iter().enumerate().map(|(i, x)| x * gain(i)).collect::<Vec<f64>>());
        let found = gain_over_time(&wanted, &sum, 200);
        for (i, found) in found.iter().enumerate().take(2800).skip(200) {
            assert!((found - gain(i)).abs() < 0.01, "{i}: {found} {}", gain(i));
        }
        assert!((found[3900] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_curve_is_done_to_every_stem() {
        let points = [(-0.6, -0.5), (-0.5, -0.5), (0.5, 0.5), (0.6, 0.5)];
        assert_eq!(on_curve(&points, 0.25), 0.25);
        assert_eq!(on_curve(&points, 0.9), 0.5);
        let stem = [vec![0.25, 0.8, -0.7], vec![0.1, 0.1, 0.1]];
        let mix = [vec![0.25, 0.5, -0.5], vec![0.1, 0.1, 0.1]];
        let scaled = Bus::Curve(points.to_vec()).gains(&[stem, mix]);
        let [(files, gains)] = scaled.as_slice() else { panic!("{scaled:?}") };
        assert_eq!(*files, 0..1);
        for (gain, expected) in gains[0].iter().zip([1.0, 0.625, 0.5 / 0.7]) {
            assert!((gain - expected).abs() < 1e-9, "{gain} {expected}");
        }
        assert!(gains[1].iter().all(|gain| (gain - 1.0).abs() < 1e-9));
    }
}
