//! The low end of a file as samples: both sides together, at about 750 Hz. What hum and what kick and
//! bass do to each other is read from it once the file is whole.
//!
//! Decides how it is decimated: by three moving sums in a row, then by a short filter. Both lie on an
//! absolute grid and reach back by less than the pre-roll, so that each sample is the same whatever
//! the cuts. Kept in 16 bits: what is below -90 dBFS down there, nobody hears.

use std::f64::consts::PI;

use crate::block::Block;

/// Rate in Hz to which the moving sums bring a file, about.
const SUMMED_RATE: u32 = 3000;
/// Samples of that rate in one that is kept.
const STEP: u64 = 4;
/// Length of the filter, in samples of that rate: 32 ms.
const TAPS: usize = 96;
/// Samples of that rate that are held before those are dropped that no one needs.
const HELD: usize = 4096;
/// What is stored for full scale.
const FULL_SCALE: f32 = 32_767.0;

/// Up to here, as a part of [`Low::rate`], there is nothing but what the file holds; above, the filter
/// falls and what it leaves is folded back.
pub(super) const CLEAN: f64 = 0.38;

/// The low end of a file as samples.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Low {
    /// Samples a second; not a whole number at every sample rate.
    pub rate: f64,
    samples: Vec<i16>,
}

impl Low {
    /// Its samples, linear; the same delay for files of the same rate.
    pub fn samples(&self) -> impl ExactSizeIterator<Item = f32> + Clone + '_ {
        self.samples.iter().map(|&x| f32::from(x) / FULL_SCALE)
    }

    /// No samples yet.
    pub(super) fn new(sample_rate: u32) -> Self {
        let frames = window(sample_rate) as u64 * STEP;
        Self { rate: f64::from(sample_rate) / frames as f64, samples: Vec::new() }
    }

    pub(super) fn append(&mut self, next: Self) {
        self.samples.extend(next.samples);
    }
}

/// Frames of a moving sum: as many as make quick work, where there are enough.
fn window(sample_rate: u32) -> usize {
    let frames = (sample_rate / SUMMED_RATE).max(1) as usize;
    if frames < 8 { frames } else { (frames + 4) / 8 * 8 }
}

/// Brings the frames of a file to the low rate.
#[derive(Debug)]
pub(super) struct LowMeter {
    /// The frames of the window that is being filled, both sides together.
    begun: Vec<f32>,
    /// Three moving sums in a row are one of this shape, three windows long: its thirds.
    shape: [Vec<f32>; 3],
    /// What the windows so far give to the next two sums.
    later: [f32; 2],
    /// The sums.
    summed: Vec<f32>,
    taps: Vec<f32>,
}

impl LowMeter {
    pub(super) fn new(sample_rate: u32) -> Self {
        let window = window(sample_rate);
        Self {
            begun: Vec::with_capacity(window),
            shape: shape(window),
            later: [0.0; 2],
            summed: vec![0.0; TAPS],
            taps: taps(),
        }
    }

    /// Goes on with a block of finite samples from frame `start` on; `low` is given the samples that
    /// it completes.
    pub(super) fn push(&mut self, block: &Block, start: u64, mut low: Option<&mut Low>) {
        let Some(left) = block.channels.first() else { return };
        let right = block.channels.get(1).unwrap_or(left);
        let window = self.shape[0].len();
        // A segment need not begin where a window does.
        self.begun.resize((start % window as u64) as usize, 0.0);
        let mut k = start / window as u64;
        let mut from = 0;
        while from < left.len() {
            let to = left.len().min(from + window - self.begun.len());
            let sides = left[from..to].iter().zip(&right[from..to]);
            self.begun.extend(sides.map(|(left, right)| 0.5 * (left + right)));
            if self.begun.len() == window {
                let sample = self.end_window(k);
                if let (Some(low), Some(sample)) = (low.as_deref_mut(), sample) {
                    low.samples.push((sample * FULL_SCALE).round() as i16);
                }
                k += 1;
            }
            from = to;
        }
    }

    /// The sample that window `k` completes.
    fn end_window(&mut self, k: u64) -> Option<f32> {
        let [third, second, first] = &self.shape;
        let sum = self.later[0] + product(&self.begun, first);
        let next = self.later[1] + product(&self.begun, second);
        self.later = [next, product(&self.begun, third)];
        self.begun.clear();
        self.summed.push(sum);
        if self.summed.len() > HELD {
            self.summed.drain(..HELD - TAPS);
        }
        let last = self.summed.last_chunk::<TAPS>()?;
        (k + 1).is_multiple_of(STEP).then(|| product(last, &self.taps))
    }
}

/// Sum of the products, in lanes: what f32 loses is below what is kept.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += a[i] * b[i];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// What three moving sums of `window` frames make of a single one, from the first window it reaches to
/// the last.
fn shape(window: usize) -> [Vec<f32>; 3] {
    let mut whole = vec![0.0; 3 * window];
    let share = 1.0 / (window as f64).powi(3);
    for (i, j) in (0..window).flat_map(|i| (0..window).map(move |j| (i, j))) {
        whole[i + j..i + j + window].iter_mut().for_each(|x| *x += share);
    }
    [0, 1, 2].map(|third| {
        whole[third * window..(third + 1) * window].iter().map(|&x| x as f32).collect()
    })
}

/// A sinc that falls about half the kept rate, under a Blackman window.
fn taps() -> Vec<f32> {
    let middle = (TAPS as f64 - 1.0) / 2.0;
    let taps: Vec<f64> = (0..TAPS)
        .map(|i| {
            let x = PI * (i as f64 - middle) / STEP as f64;
            let turn = PI * (i as f64 + 0.5) / TAPS as f64;
            let window = 0.42 - 0.5 * libm::cos(2.0 * turn) + 0.08 * libm::cos(4.0 * turn);
            libm::sin(x) / x * window
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|tap| (tap / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Word;
    use super::super::tests::measure;

    #[test]
    fn keeps_the_low_end_and_nothing_else() {
        for rate in [8_000_u32, 44_100, 48_000, 96_000] {
            // At 2940 and 5940 Hz a single moving sum would leave much.
            for (hz, level) in
                [(50.0, 0.5), (120.0, 0.5), (560.0, 0.0), (2940.0, 0.0), (3700.0, 0.0)]
            {
                if rate == 8_000 && level == 0.0 {
                    continue;
                }
                let step = hz * std::f64::consts::TAU / f64::from(rate);
                let tone =
                    (0..2 * rate).map(|i| (f64::from(i) * step).sin() as f32 * 0.5).collect();
                let low = measure(rate, Word::Float, &[tone]).low;
                assert_eq!(low.samples().len(), (2.0 * low.rate) as usize);
                let end = low.samples().skip(low.samples().len() / 2);
                let peak = end.fold(0f32, |most, x| most.max(x.abs()));
                assert!((peak - level).abs() < 0.01, "{hz} Hz at {rate}: {peak}");
                assert!(level > 0.0 || peak < 3e-4, "{hz} Hz at {rate}: {peak}");
            }
        }
    }

    #[test]
    fn sides_that_cancel_leave_nothing() {
        let left = vec![0.3; 48_000];
        let right = left.iter().map(|x| -x).collect();
        assert!(measure(48_000, Word::Float, &[left, right]).low.samples().all(|x| x == 0.0));
    }
}
