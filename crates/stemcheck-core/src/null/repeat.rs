//! How repeatable the mix is: two renders of it against each other. What of the residual is no more
//! than their difference is told in `draws`.
//!
//! Free-running oscillators, modulated effects and random sounds differ from render to render
//! (METHODS 11): stems cannot match the mix any better than the mix matches itself. Two renders differ
//! like two draws of a lot: neither is systematically louder anywhere. Whoever is louder in some band
//! or at some level is another version of the mix, and measures nothing.

mod draws;

pub(super) use draws::{Draws, MOSTLY};

use super::meter::{NullPart, Sides, by_second, product_of};
use super::signature::{Grid, Signature, SignatureMeter, to_mono};
use super::sum::sum;
use crate::block::Block;
use crate::spectrum::{Complex, Fourier};
use crate::units::db_from_power;

/// Deeper than this in dB nobody hears that two renders differ (METHODS 5.1, "clean", and 5 dB that a
/// 16-bit dither takes).
const SAME_DB: f64 = -75.0;

/// Two renders correlate by this at least. What is as unlike as that may be another song.
const LEAST_CORRELATION: f64 = 0.5;

/// Levels of two renders of a song may differ by so many dB.
const MOST_APART_DB: f64 = 0.5;

/// How much of the difference goes with the mix itself, as a correlation coefficient squared: two
/// draws keep below it, another gain, filter or limiter does not.
const SYSTEMATIC: f64 = 0.2;
/// The same with any phase, above which the one mix is the other one moved.
const MOVED: f64 = 0.8;

/// Levels into which a band's columns are sorted.
const LEVELS: usize = 4;

/// Gathers one segment of the second render.
#[derive(Debug)]
pub(super) struct RepeatMeter {
    signature: SignatureMeter,
    first_second: u64,
    total: Block,
    difference: Block,
    sides: Sides,
    mono: Vec<f32>,
    seconds: Vec<RepeatSums>,
}

/// What is kept of the second render over one segment.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct RepeatPart {
    /// From the null part's first second on.
    seconds: Vec<RepeatSums>,
    /// Of the reference without the second render.
    signature: Signature,
}

/// Energies of one second, both channels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct RepeatSums {
    /// Of the reference without the second render.
    difference: f64,
    /// Of the second render.
    second: f64,
}

impl RepeatMeter {
    pub(super) fn new(grid: &Grid, first_second: u64, start: u64) -> Self {
        Self {
            signature: SignatureMeter::new(grid, start),
            first_second,
            total: Block::default(),
            difference: Block::default(),
            sides: Sides::default(),
            mono: Vec::new(),
            seconds: Vec::new(),
        }
    }

    /// Takes the next frames of both renders.
    pub(super) fn push(
        &mut self,
        grid: &Grid,
        fourier: &mut Fourier<f32>,
        spectrum: &mut Vec<Complex<f32>>,
        sample_rate: u32,
        [reference, second]: [&Block; 2],
        (start, frames): (u64, usize),
    ) {
        let (total, difference) = (&mut self.total, &mut self.difference);
        sum(&[reference], Some(second), start, frames, total, difference);
        let seconds = by_second(u64::from(sample_rate), self.first_second, start, frames);
        let second = self.sides.of(second, start, frames);
        for (at, range) in &seconds {
            if self.seconds.len() <= *at {
                self.seconds.resize(at + 1, RepeatSums::default());
            }
            self.seconds[*at].second += product_of(second, second, range);
        }
        let difference = self.sides.of(&self.difference, start, frames);
        for (at, range) in &seconds {
            self.seconds[*at].difference += product_of(difference, difference, range);
        }
        to_mono(difference, &mut self.mono);
        self.signature.push(grid, fourier, spectrum, &self.mono);
    }

    pub(super) fn finish(
        self,
        grid: &Grid,
        fourier: &mut Fourier<f32>,
        spectrum: &mut Vec<Complex<f32>>,
    ) -> RepeatPart {
        let signature = self.signature.finish(grid, fourier, spectrum);
        RepeatPart { seconds: self.seconds, signature }
    }
}

impl RepeatPart {
    /// Adds the part that follows and begins `skip` seconds after this one.
    pub(super) fn merge(&mut self, next: &Self, skip: usize, bands: usize) {
        let needed = skip + next.seconds.len();
        if self.seconds.len() < needed {
            self.seconds.resize(needed, RepeatSums::default());
        }
        for (sums, more) in self.seconds.iter_mut().skip(skip).zip(&next.seconds) {
            sums.difference += more.difference;
            sums.second += more.second;
        }
        self.signature.merge(&next.signature, bands);
    }

    #[cfg(test)]
    pub(super) fn is_close(&self, other: &Self) -> bool {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-15;
        self.signature.is_close(&other.signature)
            && self.seconds.len() == other.seconds.len()
            && self
                .seconds
                .iter()
                .zip(&other.seconds)
                .all(|(a, b)| close(a.difference, b.difference) && close(a.second, b.second))
    }
}

/// Two renders of the mix against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeatability {
    /// Their null depth in dB; minus infinity where every sample is the same.
    pub depth_db: f64,
    /// Hz, and the depth in dB in a narrow band there; bands in which the mix is silent are left out.
    pub over_frequency: Vec<(f64, f64)>,
    /// Seconds, and the depth in dB of that second; silent ones are left out.
    pub over_time: Vec<(f64, f64)>,
    /// Where they differ by more than nobody hears, in seconds.
    pub span: Option<(f64, f64)>,
}

impl Repeatability {
    /// Whether nobody hears that they differ.
    pub fn is_same(&self) -> bool {
        self.depth_db <= SAME_DB
    }
}

/// Energies in narrow bands of the reference and of the difference, over the whole song.
struct Bands {
    reference: Vec<f64>,
    difference: Vec<f64>,
}

impl NullPart {
    /// How well the second render matches the reference; `None` if there was none, or if it is
    /// another version of the mix.
    pub fn repeatability(&self) -> Option<Repeatability> {
        let repeat = self.repeat.as_ref()?;
        let energies = |index: usize| {
            let reference = self.seconds.get(index).map_or(0.0, super::meter::Second::reference);
            (reference, repeat.seconds.get(index).copied().unwrap_or_default())
        };
        let count = self.seconds.len().max(repeat.seconds.len());
        let (mut reference, mut sums) = (0.0, RepeatSums::default());
        for (first, more) in (0..count).map(energies) {
            reference += first;
            sums.difference += more.difference;
            sums.second += more.second;
        }
        if !(reference > 0.0 && sums.second > 0.0) {
            return None;
        }
        let depth_db = db_from_power(sums.difference / reference);
        let grid = Grid::new(self.sample_rate);
        if depth_db > SAME_DB {
            let together = (reference + sums.second - sums.difference) / 2.0;
            let correlation = together / (reference * sums.second).sqrt();
            let apart_db = db_from_power(reference / sums.second).abs();
            if correlation < LEAST_CORRELATION || apart_db > MOST_APART_DB {
                return None;
            }
            let (level, any) = self.systematic(repeat, &grid)?;
            if level > SYSTEMATIC || any > MOVED {
                return None;
            }
        }
        let bands = self.bands(repeat, &grid);
        let pairs = bands.difference.iter().zip(&bands.reference);
        let depth = |difference: f64, reference: f64| {
            Some(db_from_power(difference / reference)).filter(|depth| depth.is_finite())
        };
        let loudest = (0..count).map(|at| energies(at).1.difference).fold(0.0, f64::max);
        // Within 20 dB of where they differ most.
        let heard = |at: &usize| energies(*at).1.difference > 0.01 * loudest;
        let (start_s, end_s) = self.span_s();
        let second = |at: usize| start_s + at as f64;
        Some(Repeatability {
            depth_db,
            over_frequency: grid
                .bins
                .iter()
                .zip(pairs)
                .filter_map(|(&bin, (d, r))| Some((grid.hz(bin), depth(*d, *r)?)))
                .collect(),
            over_time: (0..count)
                .filter_map(|at| {
                    let (reference, sums) = energies(at);
                    Some((second(at), depth(sums.difference, reference)?))
                })
                .collect(),
            span: (0..count)
                .find(heard)
                .zip((0..count).rev().find(heard))
                .map(|(first, last)| (second(first), second(last + 1).min(end_s))),
        })
    }

    fn reference_signature(&self) -> Option<&Signature> {
        self.signatures.last()
    }

    fn bands(&self, repeat: &RepeatPart, grid: &Grid) -> Bands {
        let count = grid.bins.len();
        let own = |signature: &Signature| signature.products(signature, count, 1);
        Bands {
            reference: self.reference_signature().map_or_else(|| vec![0.0; count], own),
            difference: own(&repeat.signature),
        }
    }

    /// How much of the difference goes with the mixes (their sum), as correlations squared: in phase,
    /// and in any phase. Looked at band by band and level by level, so that filters and limiters of
    /// whatever make-up gain show; chance is taken off.
    fn systematic(&self, repeat: &RepeatPart, grid: &Grid) -> Option<(f64, f64)> {
        let reference = self.reference_signature()?;
        let bands = grid.bins.len();
        let columns = reference.columns(bands).max(repeat.signature.columns(bands)) as i64;
        let (mut weights, mut in_phase, mut any_phase) = (0.0, 0.0, 0.0);
        for (band, &bin) in grid.bins.iter().enumerate() {
            let mut pairs: Vec<(Complex<f64>, Complex<f64>)> = (0..columns)
                .map(|column| {
                    let difference = repeat.signature.value(bands, band, column);
                    let both = reference.value(bands, band, column) * 2.0 - difference;
                    (difference, both)
                })
                .filter(|(difference, both)| difference.norm_sqr() + both.norm_sqr() > 0.0)
                .collect();
            pairs.sort_by(|a, b| a.1.norm_sqr().total_cmp(&b.1.norm_sqr()));
            for level in pairs.chunks(pairs.len().div_ceil(LEVELS).max(1)) {
                let (mut own, mut both, mut with) = (0.0, 0.0, Complex::<f64>::default());
                for (d, b) in level {
                    own += d.norm_sqr();
                    both += b.norm_sqr();
                    with += d * b.conj();
                }
                if own > 0.0 && both > 0.0 {
                    // Neighbouring columns overlap by half.
                    let chance = 2.0 / level.len() as f64;
                    let weight = own * bin as f64;
                    weights += weight;
                    in_phase += weight * (with.re * with.re / (own * both) - chance / 2.0).max(0.0);
                    any_phase += weight * (with.norm_sqr() / (own * both) - chance).max(0.0);
                }
            }
        }
        (weights > 0.0).then(|| (in_phase / weights, any_phase / weights))
    }
}
