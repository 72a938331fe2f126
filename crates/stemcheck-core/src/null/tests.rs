//! The null test on small songs made of numbers: what is found, how exactly, and that what is clean
//! stays clean.

mod blame;
mod defects;
mod demo;
mod dynamics;
mod edits;
mod faults;
mod filters;
mod image;
mod loops;
mod merging;
mod rate;
mod reference;
mod repeat;
mod rest;
mod returns;
mod scenes;
mod stranger;
mod timing;
mod together;

use super::*;
use crate::block::Block;

/// The songs' sample rate: low, so that thousands of frames are whole phrases.
pub(super) const RATE: u32 = 12_000;

/// A deterministic source of numbers (xorshift).
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number, from -1 to 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Left and right in full precision.
pub(super) type Signal = [Vec<f64>; 2];

/// A song in memory.
#[derive(Clone)]
pub(super) struct Song {
    pub rate: u32,
    pub stems: Vec<Signal>,
    pub reference: Signal,
    pub words: Vec<Word>,
    pub reference_word: Word,
}

/// The sum of some stems.
pub(super) fn mix(stems: &[Signal]) -> Signal {
    let frames = stems.iter().map(|stem| stem[0].len()).max().unwrap_or(0);
    let mut sum = [vec![0.0; frames], vec![0.0; frames]];
    for stem in stems {
        for (sum, side) in sum.iter_mut().zip(stem) {
            for (sum, x) in sum.iter_mut().zip(side) {
                *sum += x;
            }
        }
    }
    sum
}

/// What to change about every sample.
pub(super) fn map(signal: &Signal, change: impl Fn(f64) -> f64) -> Signal {
    signal.each_ref().map(|side| side.iter().map(|&x| change(x)).collect())
}

/// Its middle on both sides.
pub(super) fn folded(signal: &Signal) -> Signal {
    let middle = recipe::middle(signal);
    [middle.clone(), middle]
}

/// The signal later by `frames` (earlier if negative), same length.
pub(super) fn delay(signal: &Signal, frames: i64) -> Signal {
    signal.each_ref().map(|side| {
        (0..side.len() as i64)
            .map(|i| usize::try_from(i - frames).ok().and_then(|i| side.get(i)).copied())
            .map(Option::unwrap_or_default)
            .collect()
    })
}

/// The signal later by any number of frames: exact for what lies below half the sample rate, by the
/// Fourier transform of the whole.
pub(super) fn delay_exactly(signal: &Signal, frames: f64) -> Signal {
    let length = (2 * signal[0].len()).next_power_of_two();
    let mut fourier = crate::spectrum::Fourier::new(length);
    let mut spectrum = Vec::new();
    signal.each_ref().map(|side| {
        fourier.forward(side.iter().copied(), &mut spectrum);
        for (bin, value) in spectrum.iter_mut().enumerate() {
            let turn = -std::f64::consts::TAU * bin as f64 * frames / length as f64;
            *value *= crate::spectrum::Complex::from_polar(1.0, turn);
        }
        fourier.inverse(&mut spectrum)[..side.len()].to_vec()
    })
}

/// Rounds to so many bits, with triangular dither if `dither` is given.
pub(super) fn round(signal: &Signal, bits: i32, dither: Option<u64>) -> Signal {
    let scale = f64::from(bits - 1).exp2();
    let mut numbers = Numbers::new(dither.unwrap_or(0));
    signal.each_ref().map(|side| {
        side.iter()
            .map(|x| {
                let noise = dither.map_or(0.0, |_| f64::midpoint(numbers.next(), numbers.next()));
                (x * scale + noise).round() / scale
            })
            .collect()
    })
}

impl Song {
    /// These stems with their exact sum as reference, as floats.
    pub(super) fn of(stems: Vec<Signal>) -> Self {
        let reference = mix(&stems);
        Self {
            rate: RATE,
            words: vec![Word::Float; stems.len()],
            reference_word: Word::Float,
            stems,
            reference,
        }
    }

    /// The same stored as integers of so many bits.
    pub(super) fn rounded(mut self, bits: i32) -> Self {
        for stem in &mut self.stems {
            *stem = round(stem, bits, None);
        }
        self.reference = round(&self.reference, bits, None);
        self.words = vec![Word::Int(bits as u16); self.stems.len()];
        self.reference_word = Word::Int(bits as u16);
        self
    }

    pub(super) fn frames(&self) -> usize {
        self.stems.iter().chain([&self.reference]).map(|file| file[0].len()).max().unwrap_or(0)
    }

    pub(super) fn setup(&self) -> Setup {
        Setup {
            sample_rate: self.rate,
            stems: self.words.clone(),
            reference: self.reference_word,
            frames: self.frames() as u64,
            lengths: self
                .stems
                .iter()
                .chain([&self.reference])
                .map(|f| f[0].len() as u64)
                .collect(),
            marks: Vec::new(),
        }
    }

    fn block(&self, stem: Option<usize>, start: i64, frames: usize) -> Block {
        let signal = stem.map_or(&self.reference, |stem| &self.stems[stem]);
        let channels = signal.each_ref().map(|side| {
            (start..start + frames as i64)
                .map(|i| usize::try_from(i).ok().and_then(|i| side.get(i)).copied())
                .map(|x| x.unwrap_or_default() as f32)
                .collect()
        });
        Block::from_planar(start.max(0).unsigned_abs(), channels.to_vec())
    }

    /// What the pass keeps of the frames of `range`.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> NullPart {
        let mut meter = NullMeter::new(self.rate, self.stems.len(), range.start as u64);
        let (mut total, mut residual) = (Block::default(), Block::default());
        let mut at = range.start;
        while at < range.end {
            let frames = (range.end - at).min(5000);
            let blocks: Vec<Block> = (0..self.stems.len())
                .map(|stem| self.block(Some(stem), at as i64, frames))
                .collect();
            let reference = self.block(None, at as i64, frames);
            let stems: Vec<&Block> = blocks.iter().collect();
            sum(&stems, Some(&reference), at as u64, frames, &mut total, &mut residual);
            meter.push(&stems, &reference, &residual);
            at += frames;
        }
        meter.finish()
    }

    pub(super) fn diagnose(&self) -> Diagnosis {
        diagnose(&self.setup(), &self.part(0..self.frames()), &mut Memory(self))
    }

    /// The depth in dB once the recipe is applied to the whole song.
    pub(super) fn depth_after(&self, recipe: &Recipe) -> f64 {
        let (residual, reference) = recipe.residual_energy(&mut Memory(self), 0, self.frames());
        crate::units::db_from_power(residual / reference)
    }
}

/// A song's files as the diagnosis reads them.
pub(super) struct Memory<'a>(pub &'a Song);

impl Windows for Memory<'_> {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        *out = self.0.block(stem, start, frames);
    }
}

/// `code file value` of each cause, for messages.
pub(super) fn list(diagnosis: &Diagnosis) -> Vec<String> {
    diagnosis
        .causes
        .iter()
        .map(|c| {
            format!(
                "{} {:?} {:?} {:?} share {:.2} explains {:.1} {:?}",
                c.code, c.stem, c.other, c.value, c.share, c.explains_db, c.confidence
            )
        })
        .collect()
}
