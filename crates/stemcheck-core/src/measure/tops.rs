//! Tops that were cut off flat, and maxima that pile up at one level.
//!
//! A clipper leaves bit-identical samples at a maximum with steep flanks beside them, and keeps doing
//! so when the file is turned down: that is proof. A limiter leaves no flat top but many maxima of
//! different shape at one level: that is a hint. Does not use tolerances for flatness: low notes
//! would look clipped.
//!
//! What is kept is the uppermost of each, which joins exactly: what is among the uppermost of the
//! whole is among the uppermost of its stretch.

use std::ops::Range;

use super::dynamics::Limiting;
use super::lanes::largest;
use super::runs::{Run, Runs};
use crate::units::db_from_amplitude;

/// Flat tops of a lower level than this share of the peak are not looked for.
const LEAST_LEVEL: f32 = 0.125;
/// Identical samples that make a flat top: as for clipping at full scale.
const FLAT_SAMPLES: usize = 3;
/// Longer ones are no tops but steps: a third of the period of the lowest tone that is heard.
const LONGEST_S: f64 = 0.05;
/// Levels of flat tops that are kept, and places of each.
const LEVELS: usize = 16;
const PLACES: usize = 16;
/// A natural top of three equal codes falls by six of them at most where the run ends; the flanks of
/// a clipped one are steeper. For 24 bits and floats, and for whatever was 16 bits once.
const STEEP_24: f32 = 1.0 / 1_048_576.0;
const STEEP_16: f32 = 1.0 / 4096.0;
/// Levels this near each other are one ceiling: rounding and dither of 16 bits spread it.
const ONE_CEILING: f64 = 1.0 - 1.0 / 2048.0;
/// A ceiling takes so many flat tops, and at least this share of all.
const LEAST_TOPS: u64 = 3;
const LEAST_SHARE: f64 = 0.5;
/// More of the time than this at the ceiling is a square wave.
const SQUARE_SHARE: f64 = 0.3;

/// Bins of maxima from the largest one down: 2^-10 of an octave's width each, 1.3 dB at least.
const BINS: usize = 320;
/// Bits of a float that a bin does not tell apart.
const BIN_BITS: u32 = 13;
/// Distinct shapes that are kept.
const SHAPES: usize = 32;
/// Maxima this far below the largest one have a shape that counts.
const SHAPE_DB: f64 = 0.1;

/// Samples that are skipped together.
const STRETCH: usize = 64;

/// Frames after a place that have to be known.
pub(crate) fn ahead(sample_rate: u32) -> usize {
    longest(sample_rate) + FLAT_SAMPLES
}

fn longest(sample_rate: u32) -> usize {
    (LONGEST_S * f64::from(sample_rate)) as usize
}

/// Looks for flat tops and maxima on one channel that begin in `range`; frame 0 of `samples` is
/// `first` of the file.
pub(crate) fn scan(
    (flats, maxima): (&mut Flats, &mut Maxima),
    samples: &[f32],
    range: Range<usize>,
    (first, channel): (u64, u16),
    sample_rate: u32,
) {
    let place = Place { first, channel, longest: longest(sample_rate) };
    let lags = [1, 3].map(|ms| (ms * sample_rate / 1000) as usize);
    // The file's very first sample has none before it.
    let mut from = range.start.max(1);
    while from < range.end {
        let to = range.end.min(from + STRETCH);
        let Some(stretch) = samples.get(from..to) else { return };
        let loudest = largest(stretch);
        flats.scan(samples, from..to, loudest, place);
        maxima.scan(samples, from..to, loudest, lags);
        from = to;
    }
}

/// Where a channel's samples lie, and how long a flat top may be.
#[derive(Debug, Clone, Copy)]
struct Place {
    first: u64,
    channel: u16,
    longest: usize,
}

/// Where tops are cut off, below or at full scale.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CutTops {
    /// Its level as a linear amplitude, of the channel where it lies highest.
    pub level: f64,
    /// The flat tops there, of all channels.
    pub runs: Runs,
}

impl CutTops {
    /// The ceiling of all channels: each with its peak.
    pub(crate) fn read<'a>(
        channels: impl Iterator<Item = (&'a Flats, f64)>,
        coarse: bool,
        frames: u64,
    ) -> Option<Self> {
        let found: Vec<Self> =
            channels.filter_map(|(flats, peak)| flats.ceiling(peak, coarse, frames)).collect();
        let level = found.iter().map(|ceiling| ceiling.level).fold(0.0, f64::max);
        let runs = Runs::gather(found.into_iter().map(|ceiling| ceiling.runs));
        (runs.count > 0).then_some(Self { level, runs })
    }
}

/// Flat tops of one level on one channel.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Level {
    /// Of the absolute level, which order as the level does.
    bits: u32,
    /// Those whose flanks are steep for 24 bits, and for 16.
    tops: [u64; 2],
    /// Samples in the latter and in the former.
    samples: [u64; 2],
    shortest: u64,
    longest: u64,
    places: Vec<Run>,
}

/// The flat tops of one channel.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Flats {
    /// The highest levels, from above.
    levels: Vec<Level>,
    /// How many there are of all levels, by exponent; steep for 24 bits, and for 16.
    octaves: Vec<(u8, [u64; 2])>,
    /// Of the samples so far, the largest: only for what need not be looked at.
    #[cfg_attr(feature = "serde", serde(skip))]
    loudest: f32,
}

impl Flats {
    /// Looks for flat tops that begin in `range`, a stretch whose largest sample is known; frame 0 of
    /// `samples` is `first` of the file.
    fn scan(&mut self, samples: &[f32], range: Range<usize>, loudest: f32, place: Place) {
        self.loudest = self.loudest.max(loudest);
        let least = self.loudest * LEAST_LEVEL;
        let Some(stretch) = samples.get(range.start..range.end + FLAT_SAMPLES - 1) else { return };
        if loudest <= least || !is_flat_somewhere(stretch) {
            return;
        }
        for at in range {
            let level = samples[at];
            let before = samples[at - 1];
            let flat = samples[at + 1] == level && samples[at + 2] == level;
            if level.abs() <= least || before == level || !flat {
                continue;
            }
            let run = samples[at..].iter().take(place.longest + 1).take_while(|x| **x == level);
            let frames = run.count();
            let Some(&after) = samples.get(at + frames) else { continue };
            if frames <= place.longest && before.abs().max(after.abs()) < level.abs() {
                let drop = (level - before).abs().max((level - after).abs());
                let (start, frames) = (place.first + at as u64, frames as u64);
                self.add(level.abs(), drop, Run { start, frames, channel: place.channel });
            }
        }
    }

    fn add(&mut self, level: f32, drop: f32, run: Run) {
        // Above full scale, floats are as much coarser.
        let steep = [STEEP_24, STEEP_16].map(|limit| drop > limit * level.max(1.0));
        if !steep[0] {
            return;
        }
        let tops = steep.map(u64::from);
        let samples = tops.map(|top| top * run.frames);
        let octave = (level.to_bits() >> 23) as u8;
        self.octave(octave, tops);
        let (shortest, longest) = (run.frames, run.frames);
        let places = vec![run];
        self.level(Level { bits: level.to_bits(), tops, samples, shortest, longest, places });
    }

    fn octave(&mut self, octave: u8, tops: [u64; 2]) {
        match self.octaves.iter_mut().find(|(known, _)| *known == octave) {
            Some((_, known)) => add(known, tops),
            None => self.octaves.push((octave, tops)),
        }
    }

    fn level(&mut self, new: Level) {
        match self.levels.binary_search_by(|level| new.bits.cmp(&level.bits)) {
            Ok(at) => {
                let level = &mut self.levels[at];
                add(&mut level.tops, new.tops);
                add(&mut level.samples, new.samples);
                level.shortest = level.shortest.min(new.shortest);
                level.longest = level.longest.max(new.longest);
                let room = PLACES.saturating_sub(level.places.len());
                level.places.extend(new.places.into_iter().take(room));
            }
            Err(at) if at < LEVELS => {
                self.levels.insert(at, new);
                self.levels.truncate(LEVELS);
            }
            Err(_) => {}
        }
    }

    /// Joins with what follows.
    pub(crate) fn append(&mut self, next: Self) {
        for level in next.levels {
            self.level(level);
        }
        for (octave, tops) in next.octaves {
            self.octave(octave, tops);
        }
        self.loudest = self.loudest.max(next.loudest);
    }

    /// The channel's ceiling, if its highest flat tops are cut off and lie at its peak. `coarse`:
    /// whether the samples may have been 16 bits once; `frames`: for how long there is sound.
    fn ceiling(&self, peak: f64, coarse: bool, frames: u64) -> Option<CutTops> {
        let steep = usize::from(coarse);
        let amplitude = |level: &&Level| f64::from(f32::from_bits(level.bits));
        let at: Vec<&Level> =
            self.levels.iter().filter(|level| amplitude(level) >= peak * ONE_CEILING).collect();
        let sum = |read: &dyn Fn(&Level) -> u64| at.iter().map(|level| read(level)).sum::<u64>();
        let (tops, samples) = (sum(&|level| level.tops[steep]), sum(&|level| level.samples[steep]));
        let lowest = ((peak as f32 * 0.25).to_bits() >> 23) as u8;
        let loud = self.octaves.iter().filter(|(octave, _)| *octave >= lowest);
        let all: u64 = loud.map(|(_, tops)| tops[steep]).sum();
        let shortest = at.iter().map(|level| level.shortest).min()?;
        let longest = at.iter().map(|level| level.longest).max()?;
        let drawn = samples as f64 > SQUARE_SHARE * frames as f64
            || (tops >= 10 && longest - shortest <= 1 && shortest > 4);
        if tops < LEAST_TOPS || (tops as f64) < LEAST_SHARE * all as f64 || drawn {
            return None;
        }
        let mut places: Vec<Run> = at.iter().flat_map(|level| level.places.clone()).collect();
        places.sort_by_key(|run| run.start);
        let level = at.iter().map(amplitude).fold(0.0, f64::max);
        Some(CutTops { level, runs: Runs { count: tops, samples, places } })
    }
}

fn add(counts: &mut [u64; 2], more: [u64; 2]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}

/// Whether three equal samples follow each other.
fn is_flat_somewhere(samples: &[f32]) -> bool {
    let [Some(second), Some(third)] = [samples.get(1..), samples.get(2..)] else { return false };
    let equal = |((a, b), c): ((&f32, &f32), &f32)| u32::from(a == b) & u32::from(b == c);
    samples.iter().zip(second).zip(third).map(equal).sum::<u32>() > 0
}

/// The highest maxima of all channels.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Maxima {
    /// Bin of the largest one.
    top: u32,
    /// Counts from there down.
    bins: Vec<u32>,
    /// The largest maximum of each shape (as bits, which order as levels do), from above.
    shapes: Vec<(u32, u16)>,
}

impl Maxima {
    /// Looks for maxima in `range`, a stretch whose largest sample is known.
    fn scan(&mut self, samples: &[f32], range: Range<usize>, loudest: f32, lags: [usize; 2]) {
        if loudest.to_bits() < self.least() {
            return;
        }
        for at in range {
            let level = samples[at].abs();
            let after = samples.get(at + 1).map_or(0.0, |x| x.abs());
            if level.to_bits() >= self.least() && level > samples[at - 1].abs() && level >= after {
                self.count(level.to_bits());
                if self.shape_counts(level.to_bits()) {
                    self.add_shape((level.to_bits(), shape(samples, at, lags)));
                }
            }
        }
    }

    /// Bits of the lowest level that is counted.
    fn least(&self) -> u32 {
        (self.top.saturating_sub(BINS as u32 - 1) << BIN_BITS).max(1)
    }

    fn count(&mut self, bits: u32) {
        self.rise(bits >> BIN_BITS);
        let below = (self.top - (bits >> BIN_BITS)) as usize;
        if below >= self.bins.len() {
            self.bins.resize(below + 1, 0);
        }
        self.bins[below] += 1;
    }

    /// Makes room for a larger maximum.
    fn rise(&mut self, top: u32) {
        let by = (top.saturating_sub(self.top) as usize).min(BINS);
        self.bins.splice(0..0, std::iter::repeat_n(0, by));
        self.bins.truncate(BINS);
        self.top = self.top.max(top);
    }

    /// Whether a maximum may be among those whose shape is kept.
    fn shape_counts(&self, bits: u32) -> bool {
        self.shapes.len() < SHAPES || self.shapes.last().is_some_and(|(last, _)| bits >= *last)
    }

    fn add_shape(&mut self, new: (u32, u16)) {
        match self.shapes.iter().position(|(_, shape)| *shape == new.1) {
            Some(at) if self.shapes[at].0 >= new.0 => return,
            Some(at) => drop(self.shapes.remove(at)),
            None => {}
        }
        let at = self.shapes.partition_point(|known| *known > new);
        self.shapes.insert(at, new);
        self.shapes.truncate(SHAPES);
    }

    pub(crate) fn append(&mut self, next: Self) {
        self.rise(next.top);
        let shift = (self.top - next.top) as usize;
        for (i, count) in next.bins.into_iter().enumerate() {
            if i + shift < BINS {
                if i + shift >= self.bins.len() {
                    self.bins.resize(i + shift + 1, 0);
                }
                self.bins[i + shift] += count;
            }
        }
        for shape in next.shapes {
            self.add_shape(shape);
        }
    }

    /// Fills in what the maxima tell.
    pub(crate) fn read(&self, limiting: &mut Limiting) {
        let centre =
            |bin: u32| f64::from(f32::from_bits((bin << BIN_BITS) + (1 << (BIN_BITS - 1))));
        let below = |bin: u32| db_from_amplitude(centre(self.top) / centre(bin));
        let (mut at, mut under) = (0u64, 0u64);
        for (count, i) in self.bins.iter().zip(0u32..) {
            match below(self.top.saturating_sub(i)) {
                db if db < 0.15 => at += u64::from(*count),
                db if db < 1.15 => under += u64::from(*count),
                _ => {}
            }
        }
        limiting.maxima = at;
        // Three bins of 0.05 dB against what twenty bins below them would lead to expect.
        limiting.top = at as f64 / (3.0 + 3.0 * under as f64 / 20.0);
        let largest = self.shapes.first().map_or(0, |(bits, _)| *bits);
        let near = |(bits, _): &&(u32, u16)| {
            let db = db_from_amplitude(f64::from(f32::from_bits(largest) / f32::from_bits(*bits)));
            db <= SHAPE_DB
        };
        limiting.shapes = self.shapes.iter().filter(near).count();
    }
}

/// What the waveform looks like around a maximum, in rough terms: four samples beside it, in fifths.
fn shape(samples: &[f32], at: usize, lags: [usize; 2]) -> u16 {
    let level = samples[at];
    let beside = |i: Option<usize>| i.and_then(|i| samples.get(i)).copied().unwrap_or(0.0);
    lags.iter().flat_map(|&lag| [beside(at.checked_sub(lag)), beside(Some(at + lag))]).fold(
        0,
        |shape, x| {
            let fifth = ((x / level + 1.0) * 2.5).clamp(0.0, 4.0) as u16;
            shape * 5 + fifth
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    const RATE: u32 = 48_000;

    fn ceiling(samples: &[f32], coarse: bool) -> Option<CutTops> {
        let (mut flats, mut maxima) = (Flats::default(), Maxima::default());
        let both = (&mut flats, &mut maxima);
        scan(both, samples, 0..samples.len() - ahead(RATE), (0, 0), RATE);
        let peak = f64::from(largest(samples));
        CutTops::read([(&flats, peak)].into_iter(), coarse, samples.len() as u64)
    }

    /// Bursts of a falling tone, rounded to so many bits.
    fn music(bits: i32, gain: f32) -> impl Iterator<Item = f32> {
        let codes = f32::powi(2.0, bits - 1);
        (0..96_000).zip(noise(5)).map(move |(n, noise)| {
            let t = (n % 9000) as f32;
            let loud = 0.5 + 0.5 * ((n / 9000 * 37 % 11) as f32 / 11.0);
            let x = loud * f32::exp(-t / 4000.0) * (0.02 * t).sin() + 0.01 * noise;
            (x * gain * codes).round() / codes
        })
    }

    #[test]
    fn a_clipped_file_that_was_turned_down_shows_its_ceiling() {
        let clipped: Vec<f32> = music(24, 2.0).map(|x| x.clamp(-1.0, 1.0) * 0.5).collect();
        let found = ceiling(&clipped, false).unwrap();
        assert!((found.level - 0.5).abs() < 1e-6 && found.runs.count > 20, "{found:?}");
        assert_eq!(found.runs.places[0].channel, 0);
    }

    #[test]
    fn unclipped_sound_shows_none() {
        for (bits, coarse) in [(24, false), (16, true)] {
            let samples: Vec<f32> = music(bits, 0.5).collect();
            assert_eq!(ceiling(&samples, coarse), None);
        }
    }

    #[test]
    fn low_steady_tones_and_squares_are_not_clipped() {
        let tone = |hz: f32, level: f32, bits: i32| -> Vec<f32> {
            let codes = f32::powi(2.0, bits - 1);
            let turn = std::f32::consts::TAU * hz / RATE as f32;
            (0..96_000).map(|n| (level * (turn * n as f32).sin() * codes).round() / codes).collect()
        };
        for (hz, level) in [(50.0, 0.3), (20.0, 0.9), (30.0, 0.02), (100.0, 0.1)] {
            assert_eq!(ceiling(&tone(hz, level, 16), true), None, "{hz}");
            assert_eq!(ceiling(&tone(hz, level * 0.03, 24), false), None, "{hz}");
        }
        let square: Vec<f32> = tone(110.0, 0.5, 24).iter().map(|x| 0.5 * x.signum()).collect();
        assert_eq!(ceiling(&square, false), None);
    }

    #[test]
    fn maxima_join_to_the_whole() {
        let samples: Vec<f32> = music(24, 1.0).collect();
        let part = |range: Range<usize>| {
            let (mut flats, mut maxima) = (Flats::default(), Maxima::default());
            scan((&mut flats, &mut maxima), &samples, range, (0, 0), RATE);
            maxima
        };
        let end = samples.len() - ahead(RATE);
        let whole = part(0..end);
        for cut in [0, 1000, 50_000, 90_000] {
            let mut first = part(0..cut);
            first.append(part(cut..end));
            let (mut a, mut b) = (Limiting::default(), Limiting::default());
            whole.read(&mut a);
            first.read(&mut b);
            assert_eq!(a, b);
        }
    }

    #[test]
    fn the_same_hit_over_and_over_has_one_shape() {
        let hit = |n: usize| (-(n as f32) / 500.0).exp() * (n as f32 * 0.05).sin();
        let hits: Vec<f32> = (0..96_000).map(|n| hit(n % 6000)).collect();
        let (mut flats, mut maxima) = (Flats::default(), Maxima::default());
        scan((&mut flats, &mut maxima), &hits, 0..93_000, (0, 0), RATE);
        let mut limiting = Limiting::default();
        maxima.read(&mut limiting);
        assert_eq!((limiting.maxima, limiting.shapes), (16, 1));
    }
}
