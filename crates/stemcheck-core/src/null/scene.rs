//! A few windows of the whole set at full rate, under the corrections made so far.
//!
//! The reference is a file like the stems, counted after them, that is subtracted instead of added.
//! Each file is held with a margin on both sides of the window, so that it can be moved against the
//! others. Decides nothing; see `hypotheses`.

mod deeds;
mod drawn;
mod fits;
mod solve;

pub(in crate::null) use fits::Lag;

use std::rc::Rc;

use super::bus::Bus;
use super::portrait::Portrait;
use super::recipe::{
    Correction, MovedReader, Pair, Recipe, Windows, add, energy, inside, product, product_within,
    residual_of, scale, silence,
};
use super::treatment::{Treated, Treatment};
use crate::spectrum::Fourier;
use drawn::Drawn;

/// Sizes in frames of the windows for one sample rate: a core of half a second or more in which
/// energies are compared, and on either side a margin of half that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub core: usize,
    pub margin: usize,
}

impl Size {
    pub(super) fn new(sample_rate: u32) -> Self {
        let core = (sample_rate as usize / 2).next_power_of_two().max(1024);
        Self { core, margin: core / 2 }
    }

    fn padded(self) -> usize {
        self.core + 2 * self.margin
    }
}

/// Left and right, exact enough for a file (f32 holds 24 bits) at half the memory.
type Track = [Vec<f32>; 2];

/// The windows.
pub(super) struct Scene<'a> {
    pub windows: &'a mut dyn Windows,
    pub size: Size,
    /// First frame of each core.
    starts: Vec<i64>,
    /// One for each stem, then the reference.
    corrections: Vec<Correction>,
    /// What comes before, by file.
    treatments: Vec<Vec<Treatment>>,
    /// What is followed, and the gains that it has set: by file and window, with margins. Files that
    /// got the same share them.
    bus: Vec<Bus>,
    gains: Vec<Rc<Vec<Pair>>>,
    /// Stretches that do not count.
    lost: Vec<(u64, u64)>,
    /// By file, then by window: with margins, moved, before the gain.
    tracks: Vec<Vec<Track>>,
    /// By window: the core's residual under all corrections.
    residual: Vec<Pair>,
    reader: MovedReader,
    fourier: Fourier<f64>,
    /// The song's portraits under these corrections, once somebody has asked for them.
    portrait: Option<Rc<Portrait>>,
    /// By file: how it was moved and treated when it was last drawn anew.
    drawn: Vec<Option<Drawn>>,
    /// Whether what explains little of the whole is to be proposed as well: it will be looked at closely.
    pub keen: bool,
}

impl<'a> Scene<'a> {
    /// Reads all files around `starts`, uncorrected.
    pub(super) fn new(
        windows: &'a mut dyn Windows,
        size: Size,
        starts: Vec<i64>,
        stems: usize,
    ) -> Self {
        let mut scene = Self::unread(windows, size, starts, stems);
        scene.fill();
        scene
    }

    /// Without any samples yet.
    fn unread(windows: &'a mut dyn Windows, size: Size, starts: Vec<i64>, stems: usize) -> Self {
        Self {
            windows,
            size,
            starts,
            corrections: vec![Correction::default(); stems + 1],
            treatments: vec![Vec::new(); stems + 1],
            bus: Vec::new(),
            gains: (0..=stems).map(|_| Rc::default()).collect(),
            lost: Vec::new(),
            tracks: vec![Vec::new(); stems + 1],
            residual: Vec::new(),
            reader: MovedReader::default(),
            fourier: Fourier::new(size.padded()),
            portrait: None,
            drawn: (0..=stems).map(|_| None).collect(),
            keen: false,
        }
    }

    /// Reads all files as they are corrected.
    fn fill(&mut self) {
        for file in 0..self.files() {
            self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
        }
        self.subtract();
    }

    /// Number of files, the reference among them.
    pub(super) fn files(&self) -> usize {
        self.corrections.len()
    }

    /// The reference's number.
    pub(super) fn reference(&self) -> usize {
        self.files() - 1
    }

    pub(super) fn correction(&self, file: usize) -> Correction {
        self.corrections[file]
    }

    /// The corrections so far.
    pub(super) fn recipe(&self) -> Recipe {
        let (stems, reference) = self.corrections.split_at(self.reference());
        Recipe {
            stems: stems.to_vec(),
            reference: reference[0],
            treatments: self.treatments.clone(),
            bus: self.bus.clone(),
            lost: self.lost.clone(),
        }
    }

    /// The word length that a file's samples use, if they lie on a grid as coarse as 16 bits yet not
    /// coarser (a synthetic square wave needs one bit, and is not rounded).
    pub(super) fn grid_bits(&self, file: usize) -> Option<i32> {
        let needs = |bits: i32| {
            let scale = f64::from(bits - 1).exp2() as f32;
            let on_grid = |x: &f32| (x * scale).fract() == 0.0;
            !self.tracks[file].iter().flatten().flatten().all(on_grid)
        };
        (!needs(16) && needs(15))
            .then_some(16)
            .or_else(|| (17..24).find(|&bits| !needs(bits) && needs(bits - 1)))
    }

    /// Where a file sounds (above -60 dB of its peak there) within `frames` from `start`, uncorrected.
    pub(super) fn sounding_part(
        &mut self,
        file: usize,
        start: i64,
        frames: usize,
    ) -> std::ops::Range<i64> {
        let stem = (file < self.reference()).then_some(file);
        let mut pair = Pair::default();
        let mut treated = Treated { windows: &mut *self.windows, treatments: &self.treatments };
        self.reader.read(&mut treated, stem, start, frames, 0.0, &mut pair);
        let peak = pair.iter().flatten().fold(0.0, |peak: f64, x| peak.max(x.abs()));
        let sounds = |&i: &usize| pair.iter().any(|side| side[i].abs() > 1e-3 * peak);
        let first = (0..frames).find(sounds).unwrap_or(0);
        let last = (0..frames).rev().find(sounds).unwrap_or(0);
        first as i64..last as i64 + 1
    }

    /// A file as corrected, anywhere in the song.
    pub(super) fn sound(&mut self, file: usize, start: i64, frames: usize) -> Pair {
        let stem = (file < self.reference()).then_some(file);
        let Correction { gain, advance_frames } = self.corrections[file];
        let mut pair = Pair::default();
        let mut treated = Treated { windows: &mut *self.windows, treatments: &self.treatments };
        self.reader.read(&mut treated, stem, start, frames, advance_frames, &mut pair);
        for x in pair.iter_mut().flatten() {
            *x *= gain;
        }
        pair
    }

    fn sign(&self, file: usize) -> f64 {
        if file == self.reference() { -1.0 } else { 1.0 }
    }

    /// Both channels' samples in all cores.
    pub(super) fn samples(&self) -> f64 {
        (2 * self.size.core * self.starts.len()) as f64
    }

    fn read(&mut self, file: usize, advance_frames: f64) -> Vec<Track> {
        self.read_treated(file, advance_frames, &[])
    }

    /// Reads a file with some treatments more than it has.
    fn read_treated(
        &mut self,
        file: usize,
        advance_frames: f64,
        more: &[(usize, Treatment)],
    ) -> Vec<Track> {
        let stem = (file < self.reference()).then_some(file);
        let mut pair = Pair::default();
        let mut tracks = Vec::with_capacity(self.starts.len());
        let mut treatments = self.treatments.clone();
        for (file, treatment) in more {
            treatments[*file].push(treatment.clone());
        }
        let mut treated = Treated { windows: &mut *self.windows, treatments: &treatments };
        for (window, &start) in self.starts.iter().enumerate() {
            self.reader.read(
                &mut treated,
                stem,
                start - self.size.margin as i64,
                self.size.padded(),
                advance_frames,
                &mut pair,
            );
            if let Some(gains) = self.gains[file].get(window) {
                scale(&mut pair, gains);
            }
            tracks.push(std::array::from_fn(|side| pair[side].iter().map(|&x| x as f32).collect()));
        }
        tracks
    }

    /// The core of a track.
    fn core(&self, track: &Track) -> Pair {
        let range = self.size.margin..self.size.margin + self.size.core;
        std::array::from_fn(|side| {
            track[side][range.clone()].iter().map(|&x| f64::from(x)).collect()
        })
    }

    /// Forms the residual anew.
    fn subtract(&mut self) {
        self.portrait = None;
        self.residual = (0..self.starts.len())
            .map(|window| {
                let mut residual = silence(self.size.core);
                for file in 0..self.files() {
                    let gain = self.sign(file) * self.corrections[file].gain;
                    add(&mut residual, gain, &self.core(&self.tracks[file][window]));
                }
                for &lost in &self.lost {
                    let lost = inside(lost, self.starts[window], self.size.core);
                    for side in &mut residual {
                        side[lost.clone()].fill(0.0);
                    }
                }
                residual
            })
            .collect();
    }

    /// Energy of the residual over all cores.
    pub(super) fn residual_energy(&self) -> f64 {
        self.residual.iter().map(energy).sum()
    }

    /// Energy of a file under its correction over all cores.
    pub(super) fn standing_energy(&self, file: usize) -> f64 {
        self.standing(file).iter().map(energy).sum()
    }

    /// The same of the reference.
    pub(super) fn reference_energy(&self) -> f64 {
        self.standing_energy(self.reference())
    }

    /// The residual in each core, with its first frame.
    pub(super) fn residuals(&self) -> Vec<(i64, &Pair)> {
        self.starts.iter().copied().zip(&self.residual).collect()
    }

    /// The residual's energy without some ranges of frames.
    pub(super) fn energy_without(&self, ranges: &[(u64, u64)]) -> f64 {
        let mut energy = self.residual_energy();
        for (residual, &start) in self.residual.iter().zip(&self.starts) {
            for &range in ranges {
                let lost = inside(range, start, self.size.core);
                energy -= product_within(residual, residual, &lost);
            }
        }
        // What is left of nothing is the rounding of these sums.
        energy.max(1e-12 * self.residual_energy())
    }

    /// The same files and corrections around other frames.
    pub(super) fn elsewhere(&mut self, starts: Vec<i64>) -> Scene<'_> {
        let stems = self.reference();
        let portrait = self.portrait.clone();
        let mut scene = Scene::unread(&mut *self.windows, self.size, starts, stems);
        scene.treatments.clone_from(&self.treatments);
        scene.corrections.clone_from(&self.corrections);
        scene.lost.clone_from(&self.lost);
        scene.drawn.clone_from(&self.drawn);
        scene.fill();
        for bus in self.bus.clone() {
            scene.follow(bus);
        }
        // The song's portraits are the same wherever the windows are.
        scene.portrait = portrait;
        scene
    }

    /// What every file leaves for this one, by window: the stem as it should be, or the sum of the
    /// stems for the reference. Both under all corrections.
    pub(super) fn wanted(&self, file: usize) -> Vec<Pair> {
        let gain = self.corrections[file].gain;
        let sign = self.sign(file);
        self.cores(file)
            .into_iter()
            .zip(&self.residual)
            .map(|(mut pair, residual)| {
                pair.iter_mut().flatten().for_each(|x| *x *= gain);
                add(&mut pair, -sign, residual);
                pair
            })
            .collect()
    }

    /// A file as it is, under its correction, by window.
    pub(super) fn standing(&self, file: usize) -> Vec<Pair> {
        let gain = self.corrections[file].gain;
        let mut cores = self.cores(file);
        cores.iter_mut().flatten().flatten().for_each(|x| *x *= gain);
        cores
    }

    /// A file under its correction in one window.
    pub(super) fn core_of(&self, file: usize, window: usize) -> Pair {
        let gain = self.corrections[file].gain;
        let mut core = self.core(&self.tracks[file][window]);
        core.iter_mut().flatten().for_each(|x| *x *= gain);
        core
    }

    /// A file under its correction, with margins.
    pub(super) fn padded(&self, file: usize, window: usize) -> Pair {
        let gain = self.corrections[file].gain;
        let track = &self.tracks[file][window];
        track.each_ref().map(|side| side.iter().map(|&x| gain * f64::from(x)).collect())
    }

    /// Residual energy if one file were corrected like this, all else staying as it is.
    pub(super) fn energy_with(&mut self, file: usize, correction: Correction) -> f64 {
        let before = self.corrections[file];
        let moved = correction.advance_frames != before.advance_frames;
        let tracks = if moved { self.read(file, correction.advance_frames) } else { Vec::new() };
        let sign = self.sign(file);
        (0..self.starts.len())
            .map(|window| {
                let mut residual = self.residual[window].clone();
                let old = self.core(&self.tracks[file][window]);
                add(&mut residual, -sign * before.gain, &old);
                let new = if moved { self.core(&tracks[window]) } else { old };
                add(&mut residual, sign * correction.gain, &new);
                energy(&residual)
            })
            .sum()
    }

    /// A stem and the residual over any stretch, under all corrections.
    pub(super) fn stretch(&mut self, stem: usize, start: i64, frames: usize) -> (Pair, Pair) {
        if !self.bus.is_empty() {
            let files = self.recipe().files(self.windows, start, frames);
            return (files[stem].clone(), residual_of(&files));
        }
        let mut residual = silence(frames);
        let (mut own, mut pair) = (Pair::default(), Pair::default());
        let mut treated = Treated { windows: &mut *self.windows, treatments: &self.treatments };
        let reference = self.corrections.len() - 1;
        for (file, fix) in self.corrections.iter().enumerate() {
            let number = (file < reference).then_some(file);
            self.reader.read(&mut treated, number, start, frames, fix.advance_frames, &mut pair);
            pair.iter_mut().flatten().for_each(|x| *x *= fix.gain);
            add(&mut residual, if file < reference { 1.0 } else { -1.0 }, &pair);
            if file == stem {
                own.clone_from(&pair);
            }
        }
        (own, residual)
    }

    /// The residual under all corrections, by window.
    pub(super) fn residual(&self) -> &[Pair] {
        &self.residual
    }

    /// Number of windows.
    pub(super) fn windows_read(&self) -> usize {
        self.starts.len()
    }

    /// Residual energy if one file were at the gain that fits best.
    pub(super) fn best_gain_energy(&self, file: usize) -> f64 {
        let standing = self.standing(file);
        let own: f64 = standing.iter().map(energy).sum();
        let with: f64 = standing.iter().zip(&self.residual).map(|(a, b)| product(a, b)).sum();
        self.residual_energy() - if own > 0.0 { with * with / own } else { 0.0 }
    }

    /// Residual energy if one file had these treatments too.
    pub(super) fn energy_treated(&mut self, file: usize, more: &[(usize, Treatment)]) -> f64 {
        let correction = self.corrections[file];
        let tracks = self.read_treated(file, correction.advance_frames, more);
        let gain = self.sign(file) * correction.gain;
        (0..self.starts.len())
            .map(|window| {
                let mut residual = self.residual[window].clone();
                add(&mut residual, -gain, &self.core(&self.tracks[file][window]));
                add(&mut residual, gain, &self.core(&tracks[window]));
                energy(&residual)
            })
            .sum()
    }

    /// A file in all cores, before its gain.
    pub(super) fn cores(&self, file: usize) -> Vec<Pair> {
        self.tracks[file].iter().map(|track| self.core(track)).collect()
    }
}
