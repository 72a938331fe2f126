//! The transform of MPEG-1 layer III (ISO/IEC 11172-3, C.1.3 and C.1.5.3.3): 32 subbands, each split
//! by a cosine transform of long blocks, their aliases reduced.

use std::f64::consts::PI;

use super::{Coder, EXCERPT, Origin, Transform, search};

/// Subbands of the filterbank, and those that are looked at (the others are mostly empty), rounded
/// up to whole vectors.
const BANDS: usize = 32;
const USED: usize = 24;
/// Samples that a subband's sample is made of.
const TAPS: usize = 512;
/// Subband samples of a granule, and lines of each subband.
const SLOTS: usize = 18;
/// Frames from one granule to the next.
const GRANULE: usize = BANDS * SLOTS;
/// Lines that are looked at: between those that are hardly ever zero, and those that always are.
const LINES: std::ops::Range<usize> = 16..400;
/// Of the butterflies against aliases (Table B.9).
const ALIAS: [f64; 8] = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];

/// The grid of MP3 in excerpts of one channel.
pub(super) fn listen(sounds: &[Vec<f32>], step: f32) -> Option<Origin> {
    let mut transform = Hybrid::new(sounds);
    let (offset, strength) = search(&mut transform, sounds.len(), step)?;
    Some(Origin { coder: Coder::Mp3, offset: offset as u32, strength })
}

/// One sample of every subband.
type Slot = [f32; USED];

/// The hybrid filterbank.
pub(super) struct Hybrid {
    tables: Tables,
    sounds: Vec<Sound>,
    /// Folded slots, coefficients by line of a subband, and in their order.
    folded: [Slot; SLOTS],
    split: [Slot; SLOTS],
    lines: Vec<f32>,
}

/// An excerpt and its subbands.
struct Sound {
    /// The last sample first.
    reversed: Vec<f32>,
    /// The subbands as they are after each sample, from sample [`TAPS`] on.
    slots: Vec<Slot>,
    /// Those of them that have been worked out.
    ready: std::ops::Range<usize>,
}

impl Hybrid {
    pub(super) fn new(sounds: &[Vec<f32>]) -> Self {
        let sound = |samples: &Vec<f32>| Sound {
            reversed: samples.iter().rev().copied().collect(),
            slots: vec![[0.0; USED]; samples.len().saturating_sub(TAPS)],
            ready: 0..0,
        };
        Self {
            tables: Tables::new(),
            sounds: sounds.iter().map(sound).collect(),
            folded: [[0.0; USED]; SLOTS],
            split: [[0.0; USED]; SLOTS],
            lines: vec![0.0; USED * SLOTS],
        }
    }

    /// Splits each subband of the two granules from slot `start` on.
    fn transform(&mut self, excerpt: usize, start: usize) {
        const QUARTER: usize = SLOTS / 2;
        let Tables { window, cosines, .. } = &self.tables;
        let slots = &self.sounds[excerpt].slots;
        let slot = |n: usize| (&slots[start + n * BANDS], &window[n]);
        for (n, folded) in self.folded.iter_mut().enumerate() {
            let (pair, sign) = if n < QUARTER {
                ([3 * QUARTER + n, 3 * QUARTER - 1 - n], -1.0)
            } else {
                ([n - QUARTER, SLOTS - 1 - (n - QUARTER)], 1.0)
            };
            let ((a, wa), (b, wb)) = (slot(pair[0]), slot(pair[1]));
            for (band, x) in folded.iter_mut().enumerate() {
                // Low blocks add both, high ones subtract the mirrored one.
                *x = sign * (a[band] * wa[band] - sign * b[band] * wb[band]);
            }
        }
        for (split, cosines) in self.split.iter_mut().zip(cosines) {
            *split = [0.0; USED];
            for (folded, cosine) in self.folded.iter().zip(cosines) {
                for (x, y) in split.iter_mut().zip(folded) {
                    *x += y * cosine;
                }
            }
        }
        for (line, split) in self.split.iter().enumerate() {
            for (band, x) in split.iter().enumerate() {
                self.lines[band * SLOTS + line] = *x;
            }
        }
        for border in (SLOTS..self.lines.len()).step_by(SLOTS) {
            for (i, [cs, ca]) in self.tables.alias.iter().enumerate() {
                let (below, above) = (self.lines[border - 1 - i], self.lines[border + i]);
                self.lines[border - 1 - i] = below * cs + above * ca;
                self.lines[border + i] = above * cs - below * ca;
            }
        }
    }
}

impl Sound {
    /// Works out the subbands after the samples `wanted`, counted from [`TAPS`]; once asked for more
    /// than the first time, all of them.
    fn prepare(&mut self, tables: &Tables, wanted: std::ops::Range<usize>) {
        if wanted.start >= self.ready.start && wanted.end <= self.ready.end {
            return;
        }
        let wanted = if self.ready.is_empty() { wanted } else { 0..self.slots.len() };
        for at in wanted.clone() {
            let newest = self.reversed.len() - 1 - (at + TAPS);
            self.slots[at] = tables.subbands(&self.reversed[newest..newest + TAPS]);
        }
        self.ready = wanted;
    }
}

impl Transform for Hybrid {
    const OFFSETS: usize = GRANULE;
    const SEARCHED: &'static [usize] = &[5, 6];
    const CONFIRMING: &'static [usize] = &[0, 1, 2, 3, 8, 9, 10, 11];

    fn coefficients(&mut self, excerpt: usize, offset: usize, frame: usize) -> &[f32] {
        const { assert!(TAPS + 14 * GRANULE <= EXCERPT) };
        let [first, last] = match Self::SEARCHED {
            [first, .., last] if (first..=last).contains(&&frame) => [*first, *last],
            _ => [0, 11],
        };
        let all = first * GRANULE..(last + 3) * GRANULE;
        self.sounds[excerpt].prepare(&self.tables, all);
        self.transform(excerpt, offset + frame * GRANULE);
        &self.lines[LINES]
    }
}

struct Tables {
    /// Analysis window C.
    analysis: Vec<f32>,
    /// `cos((2i + 1) m pi / 64)` for subband i.
    matrix: Vec<Slot>,
    /// Sine window of a long block, with every second sample of every second subband turned round.
    window: Vec<Slot>,
    /// `cos(pi / 18 (n + 1/2) (k + 1/2))`.
    cosines: Vec<[f32; SLOTS]>,
    alias: [[f32; 2]; 8],
}

impl Tables {
    fn new() -> Self {
        let synthesis = |i: usize| match i {
            0..=256 => SYNTHESIS[i],
            _ if i.is_multiple_of(64) => SYNTHESIS[512 - i],
            _ => -SYNTHESIS[512 - i],
        };
        let matrix = |m: usize| {
            let cosine = |i| (PI / 64.0 * ((2 * i + 1) * m) as f64).cos() as f32;
            std::array::from_fn(cosine)
        };
        let window = |n: usize| {
            let sine = (PI / 36.0 * (n as f64 + 0.5)).sin() as f32;
            std::array::from_fn(|band| if n % 2 == 1 && band % 2 == 1 { -sine } else { sine })
        };
        let cosines = |k: usize| {
            let turn = |n| PI / SLOTS as f64 * (n as f64 + 0.5) * (k as f64 + 0.5);
            // The sum of a long block, orthonormal.
            std::array::from_fn(|n| (turn(n).cos() * (2.0 / SLOTS as f64).sqrt()) as f32)
        };
        // Orthonormal too, so that levels are those of the samples.
        let scale = 1.0 / (65_536.0 * 32.0) * f64::from(BANDS as u32).sqrt();
        Self {
            analysis: (0..TAPS).map(|i| (f64::from(synthesis(i)) * scale) as f32).collect(),
            matrix: (0..BANDS).map(matrix).collect(),
            window: (0..2 * SLOTS).map(window).collect(),
            cosines: (0..SLOTS).map(cosines).collect(),
            alias: ALIAS.map(|c| [1.0, c].map(|x| (x / (1.0 + c * c).sqrt()) as f32)),
        }
    }

    /// The subbands of the last [`TAPS`] samples, the newest first.
    fn subbands(&self, samples: &[f32]) -> Slot {
        let mut sums = [0.0f32; 64];
        for (samples, window) in samples.chunks_exact(64).zip(self.analysis.chunks_exact(64)) {
            for ((sum, x), w) in sums.iter_mut().zip(samples).zip(window) {
                *sum += x * w;
            }
        }
        let mut slot = [0.0; USED];
        for (m, cosines) in self.matrix.iter().enumerate() {
            let y = match m {
                0 => sums[16],
                1..=16 => sums[16 + m] + sums[16 - m],
                _ => sums[16 + m] - sums[80 - m],
            };
            for (s, c) in slot.iter_mut().zip(cosines) {
                *s += y * c;
            }
        }
        slot
    }
}

/// Table B.3, the first half of D times 65,536. C is a 32nd of it; the second half mirrors the first.
#[rustfmt::skip]
const SYNTHESIS: [i32; 257] = [
    0, -1, -1, -1, -1, -1, -1, -2, -2, -2, -2, -3,
    -3, -4, -4, -5, -5, -6, -7, -7, -8, -9, -10, -11,
    -13, -14, -16, -17, -19, -21, -24, -26, -29, -31, -35, -38,
    -41, -45, -49, -53, -58, -63, -68, -73, -79, -85, -91, -97,
    -104, -111, -117, -125, -132, -139, -147, -154, -161, -169, -176, -183,
    -190, -196, -202, -208, 213, 218, 222, 225, 227, 228, 228, 227,
    224, 221, 215, 208, 200, 189, 177, 163, 146, 127, 106, 83,
    57, 29, -2, -36, -72, -111, -153, -197, -244, -294, -347, -401,
    -459, -519, -581, -645, -711, -779, -848, -919, -991, -1064, -1137, -1210,
    -1283, -1356, -1428, -1498, -1567, -1634, -1698, -1759, -1817, -1870, -1919, -1962,
    -2001, -2032, -2057, -2075, -2085, -2087, -2080, -2063, 2037, 2000, 1952, 1893,
    1822, 1739, 1644, 1535, 1414, 1280, 1131, 970, 794, 605, 402, 185,
    -45, -288, -545, -814, -1095, -1388, -1692, -2006, -2330, -2663, -3004, -3351,
    -3705, -4063, -4425, -4788, -5153, -5517, -5879, -6237, -6589, -6935, -7271, -7597,
    -7910, -8209, -8491, -8755, -8998, -9219, -9416, -9585, -9727, -9838, -9916, -9959,
    -9966, -9935, -9863, -9750, -9592, -9389, -9139, -8840, -8492, -8092, -7640, -7134,
    6574, 5959, 5288, 4561, 3776, 2935, 2037, 1082, 70, -998, -2122, -3300,
    -4533, -5818, -7154, -8540, -9975, -11_455, -12_980, -14_548, -16_155, -17_799, -19_478, -21_189,
    -22_929, -24_694, -26_482, -28_289, -30_112, -31_947, -33_791, -35_640, -37_489, -39_336, -41_176, -43_006,
    -44_821, -46_617, -48_390, -50_137, -51_853, -53_534, -55_178, -56_778, -58_333, -59_838, -61_289, -62_684,
    -64_019, -65_290, -66_494, -67_629, -68_692, -69_679, -70_590, -71_420, -72_169, -72_835, -73_415, -73_908,
    -74_313, -74_630, -74_856, -74_992, 75_038,
];
