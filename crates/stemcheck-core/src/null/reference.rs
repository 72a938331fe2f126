//! Which of a song's files the others sum to, when no name says so.
//!
//! Any file of a complete set is a sum of the others with some sign; the mix is the one that holds
//! them all the right way up. Two files that could be it are both named, if they are two versions of
//! one mix; else nothing is said.

use super::fit::Normal;
use super::recipe::{Correction, MovedReader, Pair, Windows, product};
use super::scene::{Scene, Size};
use crate::block::Block;

/// Windows to look at, evenly over the song.
const WINDOWS: usize = 8;
/// The same, once files are also moved against each other.
const WIDE_WINDOWS: usize = 3;
/// How many of the loudest files could be a mix that is shifted.
const SHIFTED_CANDIDATES: usize = 3;
/// A file this far below the loudest (-60 dB) neither proves nor disproves anything.
const NEGLIGIBLE: f64 = 1e-6;
/// Correlation from which two files are versions of one mix.
const SAME_MIX: f64 = 0.9;

/// Which of `files` the others sum to: reads a few windows of every file (`stem` of [`Windows`]
/// counts all files here). Several, the loudest first, if they are versions of one mix; none if there
/// is none, or if it cannot be told.
///
/// One stem may be late, reversed or missing; the mix may be louder, or shifted against all stems
/// by up to a quarter of a second.
pub fn find_references(
    sample_rate: u32,
    frames: u64,
    files: usize,
    windows: &mut dyn Windows,
) -> Vec<usize> {
    // Of two files each is the sum of the other.
    if files < 3 {
        return Vec::new();
    }
    let size = Size::new(sample_rate);
    let gram = products(size, &spread(frames, size, WINDOWS), files, windows);
    let mixes = (0..files).filter_map(|file| Some((file, Blend::of_gram(&gram, file).faults()?)));
    let loudness = |file: usize| gram.at(file, file);
    let mixes = clearest(mixes.collect(), &loudness);
    if let [first, others @ ..] = mixes.as_slice() {
        let alike = |other: &usize| {
            let scale = (loudness(*first) * loudness(*other)).sqrt();
            gram.at(*first, *other) > SAME_MIX * scale
        };
        return if others.iter().all(alike) { mixes } else { Vec::new() };
    }
    let mut loudest: Vec<usize> = (0..files).collect();
    loudest.sort_by(|&a, &b| loudness(b).total_cmp(&loudness(a)));
    loudest.truncate(SHIFTED_CANDIDATES);
    let starts = spread(frames, size, WIDE_WINDOWS);
    let mixes = loudest.into_iter().filter_map(|file| {
        let mut others = AllBut { windows: &mut *windows, file };
        let scene = Scene::new(&mut others, size, starts.clone(), files - 1);
        Some((file, Blend::of_scene(scene)?.faults()?))
    });
    // Moved against each other they cannot be compared here.
    Some(clearest(mixes.collect(), &loudness)).filter(|mixes| mixes.len() == 1).unwrap_or_default()
}

/// First frames of windows evenly over the song.
fn spread(frames: u64, size: Size, count: usize) -> Vec<i64> {
    let room = frames.saturating_sub(size.core as u64) as i64;
    let mut starts: Vec<i64> =
        (0..count as i64).map(|i| room * (2 * i + 1) / (2 * count as i64)).collect();
    starts.dedup();
    starts
}

/// Products of all files with each other.
fn products(size: Size, starts: &[i64], files: usize, windows: &mut dyn Windows) -> Normal {
    let mut gram = Normal::new(files);
    let mut reader = MovedReader::default();
    for &start in starts {
        let sounds: Vec<Pair> = (0..files)
            .map(|file| {
                let mut pair = Pair::default();
                reader.read(windows, Some(file), start, size.core, 0.0, &mut pair);
                pair
            })
            .collect();
        for (row, a) in sounds.iter().enumerate() {
            for (column, b) in sounds.iter().enumerate().skip(row) {
                gram.add(row, column, product(a, b));
            }
        }
    }
    gram
}

/// The mixes with the fewest faults, the loudest first; one that is clearly louder stands alone.
fn clearest(mut mixes: Vec<(usize, usize)>, loudness: &dyn Fn(usize) -> f64) -> Vec<usize> {
    let fewest = mixes.iter().map(|(_, faults)| *faults).min();
    mixes.retain(|(_, faults)| Some(*faults) == fewest);
    mixes.sort_by(|a, b| loudness(b.0).total_cmp(&loudness(a.0)));
    if let [(first, _), (second, _), ..] = mixes[..]
        && loudness(first) > 2.0 * loudness(second)
    {
        mixes.truncate(1);
    }
    mixes.into_iter().map(|(file, _)| file).collect()
}

/// One file as a sum of the others.
struct Blend {
    /// Of each other file: its gain in the sum, and its energy.
    parts: Vec<(f64, f64)>,
    energy: f64,
    unexplained: f64,
}

impl Blend {
    fn of_gram(gram: &Normal, file: usize) -> Self {
        let others: Vec<usize> = (0..gram.size()).filter(|&other| other != file).collect();
        let normal = gram.regress(file, &others);
        let gains = normal.solve(1e-6);
        let energy = gram.at(file, file);
        Self {
            unexplained: (energy - normal.explained(&gains)).max(0.0),
            parts: gains.into_iter().zip(others).map(|(g, k)| (g, gram.at(k, k))).collect(),
            energy,
        }
    }

    /// The scene's reference, moved to where it fits best.
    fn of_scene(mut scene: Scene) -> Option<Self> {
        let reference = scene.reference();
        let best = scene.correlate(reference, 0.0).peaks(1.0, 1).pop()?;
        let moved = Correction { gain: 1.0, advance_frames: best.advance_frames };
        scene.correct(&[(reference, moved)]);
        let normal = scene.stem_gains();
        let changes = normal.solve(1e-6);
        Some(Self {
            unexplained: (scene.residual_energy() - normal.explained(&changes)).max(0.0),
            parts: changes.iter().enumerate().map(|(k, x)| (1.0 + x, normal.at(k, k))).collect(),
            energy: best.energy,
        })
    }

    /// How many of the other files are not in it as they should be; `None` if this is no mix.
    fn faults(&self) -> Option<usize> {
        let loudest = self.parts.iter().map(|(_, energy)| *energy).fold(0.0, f64::max);
        let heard: Vec<(f64, f64)> =
            self.parts.iter().copied().filter(|part| part.1 > NEGLIGIBLE * loudest).collect();
        let mut gains: Vec<f64> = heard.iter().map(|part| part.0).collect();
        gains.sort_by(f64::total_cmp);
        // The mix may be at another level: the level of most stems is the measure.
        let level = *gains.get(gains.len() / 2)?;
        if heard.len() < 2 || !(0.05..20.0).contains(&level) {
            return None;
        }
        let (mut faults, mut faulty_energy, mut absent_energy) = (0, 0.0, 0.0);
        for (gain, energy) in &heard {
            let relative = (gain / level).abs();
            let (near, upright) = ((0.4..1.7).contains(&relative), gain * level > 0.0);
            if near && upright {
                continue;
            }
            faults += 1;
            faulty_energy += level * level * energy;
            if !near {
                absent_energy += level * level * energy;
            }
        }
        // A stem that is late is in the mix all the same: its energy is there, unexplained. One that
        // is not in it at all speaks for a bus.
        let accounted =
            self.unexplained > 0.3 * absent_energy || absent_energy < 0.05 * self.energy;
        // Where all others are in it just as they are, what else it holds is the one that is not.
        let firm = heard.iter().filter(|(gain, _)| (0.8..1.25).contains(gain)).count();
        let explained = self.unexplained < 3.0 * faulty_energy + 0.15 * self.energy
            || (firm + 1 >= heard.len().max(4) && self.unexplained < 0.9 * self.energy);
        let most_are_right = faults <= 1.max(heard.len() / 4) && faults < heard.len() - 1;
        (accounted && explained && most_are_right).then_some(faults)
    }
}

/// The files of a song with one of them as its reference.
struct AllBut<'a> {
    windows: &'a mut dyn Windows,
    file: usize,
}

impl Windows for AllBut<'_> {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        let file = stem.map_or(self.file, |stem| stem + usize::from(stem >= self.file));
        self.windows.read(Some(file), start, frames, out);
    }
}
