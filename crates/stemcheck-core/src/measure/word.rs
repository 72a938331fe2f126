//! The exact samples: how fine they are, and a fingerprint of them.

use super::Word;

/// Nothing finer is looked for: the grid of a 32-bit integer.
const FINEST: i16 = -31;
/// A float grid up to this fine is an integer's; a finer one is a real float's.
const FINEST_FLOAT_GRID: i16 = -23;

/// Exponent of the coarsest power of two of which every sample is a multiple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Step {
    /// `None`: only zeros so far.
    exponent: Option<i16>,
    /// Samples of this word length can have no finer one, so that looking on is idle.
    finest: i16,
}

impl Step {
    pub(crate) fn new(word: Word) -> Self {
        let finest = match word {
            Word::Int(bits) => (1 - bits.clamp(1, 32) as i16).max(FINEST),
            Word::Float => FINEST,
        };
        Self { exponent: None, finest }
    }

    /// Takes in the next exact samples.
    pub(crate) fn push(&mut self, samples: impl Iterator<Item = f64>) {
        for x in samples.filter(|&x| x != 0.0) {
            if self.exponent.is_some_and(|e| e <= self.finest) {
                break;
            }
            self.join(Self::of(x));
        }
    }

    /// Exponent of the largest power of two that divides `x`, which is not zero.
    fn of(x: f64) -> i16 {
        let bits = x.to_bits();
        // The mantissa with its hidden bit; f64 holds subnormal f32 as normal numbers.
        let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
        let unit = ((bits >> 52) & 0x7ff) as i16 - 1023 - 52;
        unit + mantissa.trailing_zeros() as i16
    }

    fn join(&mut self, exponent: i16) {
        let known = self.exponent.unwrap_or(exponent);
        self.exponent = Some(known.min(exponent).max(self.finest));
    }

    pub(crate) fn append(&mut self, next: Self) {
        if let Some(exponent) = next.exponent {
            self.join(exponent);
        }
    }

    /// Linear amplitude of the step; 0 for silence.
    pub(crate) fn amplitude(self) -> f64 {
        self.exponent.map_or(0.0, |e| f64::from(e).exp2())
    }

    /// Word length that the samples need; 0 for silence.
    pub(crate) fn bits(self, word: Word) -> u16 {
        match (self.exponent, word) {
            (None, _) => 0,
            (Some(e), Word::Float) if e < FINEST_FLOAT_GRID => 32,
            (Some(e), _) => (1 - e).max(1) as u16,
        }
    }
}

/// Odd, and nothing like each other or a simple fraction of 2^32.
const STIR: u32 = 0x9e37_79b9;
const FACTOR: u32 = 0x85eb_ca6b;

/// Sum of a hash of every sample, its frame and its channel: the order and the cuts do not matter.
/// Zeros count nothing. Not made to withstand someone who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Fingerprint(pub(crate) u64);

impl Fingerprint {
    /// Takes in the next samples of a channel, from frame `start` on.
    pub(crate) fn push(&mut self, samples: &[f32], start: u64, channel: u16) {
        self.add(samples.iter().map(|x| x.to_bits()), start, channel.into());
    }

    /// Takes in what f32 loses of the next samples: nothing, where it loses nothing, so that the
    /// same audio has the same fingerprint in any word length.
    pub(crate) fn push_fine(&mut self, fine: &[f64], start: u64, channel: u16) {
        for half in [0, 1] {
            let bits = fine.iter().map(|x| (x.to_bits() >> (32 * half)) as u32);
            self.add(bits, start, u64::from(channel) | (half + 1) << 16);
        }
    }

    /// For each sample one product of 32 by 32 bits, which a processor does several of at once: the
    /// sample, stirred by one number that belongs to its place, times another. The numbers come
    /// again after 2^32 frames, a day of music.
    fn add(&mut self, samples: impl Iterator<Item = u32>, start: u64, lane: u64) {
        let seed = (lane + 1).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let at = |seed: u64, step: u32| (start as u32).wrapping_mul(step).wrapping_add(seed as u32);
        let (mut stir, mut factor) = (at(seed >> 32, STIR), at(seed >> 8, FACTOR));
        let mut sum = 0u64;
        for bits in samples {
            // Zero counts nothing, whatever its sign.
            let counts = u32::from(bits << 1 != 0).wrapping_neg();
            let stirred = (bits.wrapping_add(stir) ^ (stir >> 15)) & counts;
            sum = sum.wrapping_add(u64::from(stirred) * u64::from(factor | 1));
            stir = stir.wrapping_add(STIR);
            factor = factor.wrapping_add(FACTOR);
        }
        self.0 = self.0.wrapping_add(sum);
    }

    pub(crate) fn append(&mut self, next: Self) {
        self.0 = self.0.wrapping_add(next.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(word: Word, samples: &[f64]) -> Step {
        let mut step = Step::new(word);
        step.push(samples.iter().copied());
        step
    }

    #[test]
    fn a_padded_word_shows() {
        let lsb = |bits: i32| f64::powi(2.0, 1 - bits);
        let word = Word::Int(24);
        assert_eq!(step(word, &[0.5, 3.0 * lsb(16)]).bits(word), 16);
        assert_eq!(step(word, &[0.5, 3.0 * lsb(20)]).bits(word), 20);
        assert_eq!(step(word, &[0.5, lsb(24)]).bits(word), 24);
        assert_eq!(step(Word::Int(32), &[0.5, lsb(32)]).bits(Word::Int(32)), 32);
        assert_eq!(step(word, &[-1.0]).bits(word), 1);
        assert_eq!(step(word, &[]).bits(word), 0);
        assert_eq!(step(word, &[lsb(16)]).amplitude(), lsb(16));
    }

    #[test]
    fn a_float_shows_the_integer_it_came_from() {
        for (sample, bits) in [(3.0 / 32_768.0, 16), (3.0 / 8_388_608.0, 24), (0.1f32.into(), 32)] {
            let step = step(Word::Float, &[0.5, sample]);
            assert_eq!(step.bits(Word::Float), bits);
        }
        assert_eq!(step(Word::Float, &[1e-40]).amplitude(), f64::powi(2.0, -31));
    }

    #[test]
    fn fingerprints_tell_samples_frames_and_channels_apart() {
        let of = |x: f32, frame, channel| {
            let mut print = Fingerprint::default();
            print.push(&[x], frame, channel);
            print.0
        };
        let prints = [of(0.5, 0, 0), of(-0.5, 0, 0), of(0.5, 1, 0), of(0.5, 0, 1), of(0.25, 0, 0)];
        for (i, a) in prints.iter().enumerate() {
            assert!(prints[i + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn a_fingerprint_does_not_depend_on_cuts_or_word_length() {
        let samples: Vec<f32> = (0..1000).map(|n| (n as f32 * 0.37).sin()).collect();
        let mut whole = Fingerprint::default();
        whole.push(&samples, 7, 1);
        let mut cut = Fingerprint::default();
        cut.push(&samples[333..], 340, 1);
        cut.push(&samples[..333], 7, 1);
        cut.push_fine(&[0.0; 1000], 7, 1);
        assert_eq!(whole, cut);
        cut.push_fine(&[1e-12], 500, 1);
        assert_ne!(whole, cut);
    }

    #[test]
    fn no_two_of_many_near_twins_share_a_fingerprint() {
        // Samples swapped, moved or one step apart: what a wrong export really does.
        let base: Vec<f32> = (1..65).map(|n| ((n * n) as f32 * 0.1).sin()).collect();
        let print = |samples: &[f32], start| {
            let mut print = Fingerprint::default();
            print.push(samples, start, 0);
            print.0
        };
        let mut prints: Vec<u64> = (0..64).map(|start| print(&base, start)).collect();
        for i in 1..64 {
            let mut near = base.clone();
            near.swap(0, i);
            prints.push(print(&near, 0));
            near.swap(0, i);
            near[i] = f32::from_bits(near[i].to_bits() + 1);
            near[i - 1] = f32::from_bits(near[i - 1].to_bits() - 1);
            prints.push(print(&near, 0));
        }
        let all = prints.len();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), all);
    }
}
