//! Which codes occur among quiet samples: audio that was rounded to few bits and turned down
//! afterwards leaves a comb of them.
//!
//! The OR of all codes (`word`) proves a padded word, but any gain after the rounding hides it. The
//! comb stays: every code is a multiple of the coarse step times that gain, rounded. Decides only
//! whether there is such a comb; where codes lie densely there is none, which shows early.

use super::Word;

/// Codes of 24 bits, in which the comb is looked for.
const CODES: f32 = 8_388_608.0;
/// Codes up to here (-42 dBFS) are kept: enough to see a comb, few enough to be filled by music.
const KEPT: usize = 1 << 16;
/// More codes than this in 64 are no comb that is looked for: those of the finest one, each with
/// both its neighbours, are 27.
const DENSE: u32 = 40;
/// Least distance of the teeth in codes: at 8, the audio has some 21 bits, and nobody minds.
const LEAST_STEP: f64 = 8.0;
/// Largest distance: 14 bits. What is coarser is a waveform of few values.
const LARGEST_STEP: f64 = 1024.0;
/// From here on teeth are far enough apart to allow for dither around them.
const ROOM_FOR_DITHER: f64 = 16.0;
/// A comb of fewer teeth could be chance, or a few notes of a plain synthesizer.
const LEAST_TEETH: usize = 60;
/// Of the teeth up to the last, so many are there.
const LEAST_SHARE: f64 = 0.4;

/// The codes that occurred, whatever their sign.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum Occupancy {
    /// No comb is looked for, or there cannot be one any more.
    Dense,
    /// A bit for each code; none yet if empty.
    Sparse(Vec<u64>),
}

impl Occupancy {
    /// In words of 16 bits and fewer there is nothing to find out.
    pub(crate) fn new(word: Word) -> Self {
        match word {
            Word::Int(..=16) => Self::Dense,
            _ => Self::Sparse(Vec::new()),
        }
    }

    /// Takes in the next samples.
    pub(crate) fn push(&mut self, samples: &[f32]) {
        let Self::Sparse(bits) = self else { return };
        bits.resize(KEPT / 64, 0);
        for x in samples {
            // A cast holds huge values to the type's range.
            let code = (x.abs() * CODES + 0.5) as u32;
            if let Some(word) = bits.get_mut(code as usize / 64) {
                *word |= 1 << (code % 64);
            }
        }
        self.settle();
    }

    pub(crate) fn append(&mut self, next: Self) {
        match (&mut *self, next) {
            (Self::Dense, _) => {}
            (_, Self::Dense) => *self = Self::Dense,
            (Self::Sparse(bits), Self::Sparse(next)) => {
                bits.resize(bits.len().max(next.len()), 0);
                for (word, next) in bits.iter_mut().zip(next) {
                    *word |= next;
                }
                self.settle();
            }
        }
    }

    /// What once is dense stays so, in whatever order stretches are joined.
    fn settle(&mut self) {
        if let Self::Sparse(bits) = self
            && bits.iter().any(|word| word.count_ones() > DENSE)
        {
            *self = Self::Dense;
        }
    }

    /// Distance of the comb's teeth as a linear amplitude; `None` if there is no comb.
    pub(crate) fn step(&self) -> Option<f64> {
        let Self::Sparse(bits) = self else { return None };
        let teeth = teeth(bits);
        let last = *teeth.last().filter(|_| teeth.len() >= LEAST_TEETH)?;
        let step = comb(&teeth)?;
        let share = teeth.len() as f64 * step / last;
        (share >= LEAST_SHARE && (LEAST_STEP..=LARGEST_STEP).contains(&step))
            .then_some(step / f64::from(CODES))
    }
}

/// Middles of the groups of codes next to each other, in order; without the group at zero.
fn teeth(bits: &[u64]) -> Vec<f64> {
    let codes = bits.iter().zip(0u32..).flat_map(|(&word, w)| {
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| w * 64 + bit)
    });
    let mut groups: Vec<(u32, u32)> = Vec::new();
    for code in codes {
        match groups.last_mut() {
            Some((_, last)) if code - *last <= 2 => *last = code,
            _ => groups.push((code, code)),
        }
    }
    let off_zero = groups.into_iter().filter(|&(first, _)| first > 2);
    off_zero.map(|(first, last)| f64::from(first + last) / 2.0).collect()
}

/// The step of which all teeth are multiples, give or take their rounding.
fn comb(teeth: &[f64]) -> Option<f64> {
    let mut step = *teeth.first()?;
    // Least squares through the teeth so far: the further out, the finer the step is known.
    let (mut products, mut squares) = (0.0, 0.0);
    for tooth in teeth {
        let number = (tooth / step).round();
        let off = if step >= ROOM_FOR_DITHER { 2.0 } else { 1.0 };
        // The first steps are hardly known: an error of the first grows with the number.
        let known = if squares > 0.0 { number / f64::sqrt(squares) } else { 0.0 };
        if number < 1.0 || (tooth - number * step).abs() > off * (1.0 + known.min(1.0)) {
            return None;
        }
        products += number * tooth;
        squares += number * number;
        step = products / squares;
    }
    let off = |tooth: &f64| (tooth - (tooth / step).round() * step).abs();
    let limit = if step >= ROOM_FOR_DITHER { 2.0 } else { 1.0 };
    teeth.iter().all(|tooth| off(tooth) <= limit).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    /// Noise that fades, rounded to so many bits, turned down, stored as 24 bits.
    fn turned_down(bits: i32, gain: f32) -> Vec<f32> {
        let scale = f32::powi(2.0, bits - 1);
        let fading = noise(7).take(200_000).enumerate();
        fading
            .map(|(i, x)| (x * x * x * 0.3 * f32::exp(-(i as f32) / 80_000.0) * scale).round())
            .map(|code| (code / scale * gain * CODES).round() / CODES)
            .collect()
    }

    fn step(samples: &[f32]) -> Option<f64> {
        let mut occupancy = Occupancy::new(Word::Int(24));
        occupancy.push(samples);
        occupancy.step().map(|step| step * f64::from(CODES))
    }

    #[test]
    fn few_bits_show_after_a_gain() {
        for (bits, gain, expected) in [(16, 0.684, 175.1), (16, 0.1, 25.6), (20, 0.7, 11.2)] {
            let found = step(&turned_down(bits, gain)).unwrap();
            assert!((found - expected).abs() < 0.02, "{bits} {gain}: {found}");
        }
    }

    #[test]
    fn dither_around_the_teeth_does_not_hide_them() {
        let dither = noise(1).zip(noise(2)).map(|(a, b)| (a - b) / 2.0);
        let dithered: Vec<f32> = turned_down(16, 0.684)
            .iter()
            .zip(dither)
            .map(|(x, dither)| (x * CODES + dither).round() / CODES)
            .collect();
        assert!((step(&dithered).unwrap() - 175.1).abs() < 0.1);
    }

    #[test]
    fn real_24_bits_and_plain_tones_show_none() {
        assert_eq!(step(&turned_down(24, 1.0)), None);
        assert_eq!(step(&turned_down(24, 0.7)), None);
        let tone = |n: u32| (n as f32 * std::f32::consts::TAU / 800.0).sin();
        let tones = |gain: f32| -> Vec<f32> {
            (0..96_000).map(|n| (tone(n % 800) * gain * CODES).round() / CODES).collect()
        };
        assert_eq!(step(&tones(0.1)), None);
        assert_eq!(step(&tones(0.004)), None);
        assert_eq!(step(&[0.0; 1000]), None);
        assert_eq!(step(&[f32::MAX, f32::MIN, 1.0]), None);
    }

    #[test]
    fn stretches_join_to_the_whole() {
        let samples = turned_down(16, 0.684);
        for cut in [0, 10, 100_000] {
            let mut parts = [&samples[..cut], &samples[cut..]].map(|samples| {
                let mut part = Occupancy::new(Word::Float);
                part.push(samples);
                part
            });
            let next = std::mem::replace(&mut parts[1], Occupancy::Dense);
            parts[0].append(next);
            assert_eq!(
                parts[0].step(),
                Occupancy::step(&{
                    let mut whole = Occupancy::new(Word::Float);
                    whole.push(&samples);
                    whole
                })
            );
        }
    }
}
