//! A few windows of the whole set at full rate, under the corrections made so far.
//!
//! The reference is a file like the stems, counted after them, that is subtracted instead of added.
//! Each file is held with a margin on both sides of the window, so that it can be moved against the
//! others. Decides nothing; see `hypotheses`.

use super::bus::Bus;
use super::correlation::{Correlation, peak_between};
use super::fit::{Normal, dot};
use super::interpolate::{HALF_TAPS, filter, slope_kernel};
use super::recipe::{Correction, MovedReader, Pair, Recipe, Windows, add, energy, product, scale};
use super::treatment::{Treated, Treatment};
use crate::spectrum::{Complex, Fourier};

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
    /// What is followed, and the gains that it has set: by file and window, with margins.
    bus: Vec<Bus>,
    gains: Vec<Vec<Pair>>,
    /// Stretches that do not count.
    lost: Vec<(u64, u64)>,
    /// By file, then by window: with margins, moved, before the gain.
    tracks: Vec<Vec<Track>>,
    /// By window: the core's residual under all corrections.
    residual: Vec<Pair>,
    reader: MovedReader,
    fourier: Fourier<f64>,
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
            gains: vec![Vec::new(); stems + 1],
            lost: Vec::new(),
            tracks: vec![Vec::new(); stems + 1],
            residual: Vec::new(),
            reader: MovedReader::default(),
            fourier: Fourier::new(size.padded()),
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
        self.residual = (0..self.starts.len())
            .map(|window| {
                let silence = vec![0.0; self.size.core];
                let mut residual = [silence.clone(), silence];
                for file in 0..self.files() {
                    let gain = self.sign(file) * self.corrections[file].gain;
                    add(&mut residual, gain, &self.core(&self.tracks[file][window]));
                }
                for (from, to) in &self.lost {
                    let inside = |frame: u64| {
                        (frame as i64 - self.starts[window]).clamp(0, self.size.core as i64)
                            as usize
                    };
                    for side in &mut residual {
                        side[inside(*from)..inside(*to)].fill(0.0);
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

    /// Energy of the reference under its correction over all cores.
    pub(super) fn reference_energy(&self) -> f64 {
        self.standing(self.reference()).iter().map(energy).sum()
    }

    /// The residual in each core, with its first frame.
    pub(super) fn residuals(&self) -> Vec<(i64, &Pair)> {
        self.starts.iter().copied().zip(&self.residual).collect()
    }

    /// The residual's energy without some ranges of frames.
    pub(super) fn energy_without(&self, ranges: &[(u64, u64)]) -> f64 {
        let mut energy = self.residual_energy();
        for (residual, &start) in self.residual.iter().zip(&self.starts) {
            let inside =
                |frame: u64| (frame as i64 - start).clamp(0, self.size.core as i64) as usize;
            for (from, to) in ranges {
                let range = inside(*from)..inside(*to).max(inside(*from));
                let lost = residual.iter().map(|side| {
                    let lost = &side[range.clone()];
                    dot(lost, lost)
                });
                energy -= lost.sum::<f64>();
            }
        }
        // What is left of nothing is the rounding of these sums.
        energy.max(1e-12 * self.residual_energy())
    }

    /// Changes some files' corrections.
    pub(super) fn correct(&mut self, changes: &[(usize, Correction)]) {
        for &(file, correction) in changes {
            if correction.advance_frames != self.corrections[file].advance_frames {
                self.tracks[file] = self.read(file, correction.advance_frames);
            }
            self.corrections[file] = correction;
        }
        self.subtract();
    }

    /// The same files and corrections around other frames.
    pub(super) fn elsewhere(&mut self, starts: Vec<i64>) -> Scene<'_> {
        let stems = self.reference();
        let mut scene = Scene::unread(&mut *self.windows, self.size, starts, stems);
        scene.treatments.clone_from(&self.treatments);
        scene.corrections.clone_from(&self.corrections);
        scene.lost.clone_from(&self.lost);
        scene.fill();
        for bus in self.bus.clone() {
            scene.follow(bus);
        }
        scene
    }

    /// Everything that has been done so far, to come back to.
    pub(super) fn state(&self) -> State {
        State {
            corrections: self.corrections.clone(),
            treatments: self.treatments.clone(),
            bus: self.bus.clone(),
            gains: self.gains.clone(),
            lost: self.lost.clone(),
        }
    }

    /// Comes back to a state.
    pub(super) fn restore(&mut self, state: State) {
        let State { corrections, treatments, bus, gains, lost } = state;
        for file in 0..self.files() {
            let same = corrections[file].advance_frames == self.corrections[file].advance_frames
                && treatments[file] == self.treatments[file]
                && gains[file] == self.gains[file];
            self.treatments[file].clone_from(&treatments[file]);
            self.gains[file].clone_from(&gains[file]);
            if !same {
                self.tracks[file] = self.read(file, corrections[file].advance_frames);
            }
        }
        (self.corrections, self.bus, self.lost) = (corrections, bus, lost);
        self.subtract();
    }

    /// How much louder the reference is made than it was.
    pub(super) fn reference_scale(&self, before: &State) -> f64 {
        let reference = self.reference();
        self.corrections[reference].gain / before.corrections[reference].gain
    }

    /// Leaves frames out from here on.
    pub(super) fn lose(&mut self, ranges: &[(u64, u64)]) {
        self.lost.extend(ranges);
        self.subtract();
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

    /// Sets what comes before gain and shift of one file.
    pub(super) fn treat(&mut self, file: usize, treatments: Vec<Treatment>) {
        self.treatments[file] = treatments;
        self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
        self.subtract();
    }

    /// What comes before gain and shift of one file.
    pub(super) fn treatments(&self, file: usize) -> &[Treatment] {
        &self.treatments[file]
    }

    /// Follows a gain from here on, as the files are now.
    pub(super) fn follow(&mut self, bus: Bus) {
        let mut scaled = 0..0;
        for window in 0..self.starts.len() {
            let files: Vec<Pair> =
                (0..self.files()).map(|file| self.padded(file, window)).collect();
            let (range, gains) = bus.gains(&files);
            scaled = range;
            for file in &mut self.gains[scaled.clone()] {
                match file.get_mut(window) {
                    Some(before) => scale(before, &gains),
                    None => file.push(gains.clone()),
                }
            }
        }
        self.bus.push(bus);
        for file in scaled {
            self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
        }
        self.subtract();
    }

    /// Follows anew what is followed, now that the files are others.
    pub(super) fn follow_again(&mut self) {
        let followed = std::mem::take(&mut self.bus);
        if followed.is_empty() {
            return;
        }
        for file in 0..self.files() {
            if !self.gains[file].is_empty() {
                self.gains[file].clear();
                self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
            }
        }
        for bus in followed {
            self.follow(bus);
        }
    }

    /// What is followed.
    pub(super) fn bus(&self) -> &[Bus] {
        &self.bus
    }

    /// The sum of the stems before anything was followed, by window.
    pub(super) fn unscaled_sum(&self) -> Vec<Pair> {
        let range = self.size.margin..self.size.margin + self.size.core;
        (0..self.starts.len())
            .map(|window| {
                let silence = vec![0.0; self.size.core];
                let mut sum = [silence.clone(), silence];
                for stem in 0..self.reference() {
                    let mut core = self.core(&self.tracks[stem][window]);
                    if let Some(gains) = self.gains[stem].get(window) {
                        for (side, gains) in core.iter_mut().zip(gains) {
                            for (x, gain) in side.iter_mut().zip(&gains[range.clone()]) {
                                *x /= gain.max(1e-3);
                            }
                        }
                    }
                    add(&mut sum, self.corrections[stem].gain, &core);
                }
                sum
            })
            .collect()
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

    /// A stem and the residual over any stretch, under all corrections but gains that are followed.
    pub(super) fn stretch(&mut self, stem: usize, start: i64, frames: usize) -> (Pair, Pair) {
        let silence = vec![0.0; frames];
        let mut residual = [silence.clone(), silence];
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

    /// By window, where one file with these treatments would fit best what the others leave for it.
    pub(super) fn lags(&mut self, file: usize, more: &[(usize, Treatment)]) -> Vec<Lag> {
        /// Spectra are flattened by this power of their size (METHODS 5.3): pitched sounds have else
        /// a peak for each period.
        const WHITENED: f64 = 0.6;
        let advance_frames = self.corrections[file].advance_frames;
        let treated = (!more.is_empty()).then(|| self.read_treated(file, advance_frames, more));
        let tracks = treated.as_ref().unwrap_or(&self.tracks[file]);
        let wanted = self.wanted(file);
        let (mut wanted_spectrum, mut track_spectrum) = (Vec::new(), Vec::new());
        let last = 2 * self.size.margin;
        let mut lags = Vec::with_capacity(wanted.len());
        for (window, (wanted, track)) in wanted.iter().zip(tracks).enumerate() {
            let mut cross = vec![Complex::default(); self.fourier.bins()];
            for (wanted, track) in wanted.iter().zip(track) {
                self.fourier.forward(wanted.iter().copied(), &mut wanted_spectrum);
                self.fourier.forward(track.iter().map(|&x| f64::from(x)), &mut track_spectrum);
                for (sum, (t, x)) in
                    cross.iter_mut().zip(wanted_spectrum.iter().zip(&track_spectrum))
                {
                    *sum += t.conj() * x;
                }
            }
            let sizes: Vec<f64> = cross.iter().map(|c| c.norm()).collect();
            let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
            for (c, size) in cross.iter_mut().zip(&sizes) {
                *c *= (size + 1e-3 * mean).max(f64::MIN_POSITIVE).powf(-WHITENED);
            }
            let products = self.fourier.inverse(&mut cross);
            let top = (0..=last).max_by(|&a, &b| products[a].total_cmp(&products[b]));
            let Some(top) = top.filter(|&top| top > 0 && top < last) else { continue };
            let (offset, _) = peak_between(last, top, |at| products[at]);
            let there = track.each_ref().map(|side| {
                side[top..top + self.size.core].iter().map(|&x| f64::from(x)).collect::<Vec<f64>>()
            });
            let asked = energy(wanted);
            let norm = (asked * energy(&there)).sqrt();
            lags.push(Lag {
                at: self.starts[window] as f64 + self.size.core as f64 / 2.0,
                frames: top as f64 - self.size.margin as f64 + offset,
                quality: if norm > 0.0 { product(wanted, &there) / norm } else { 0.0 },
                energy: asked,
            });
        }
        lags
    }

    /// Where one file with these treatments would fit better yet, as far as the slope of its signal
    /// tells: frames by which it is late at the start of the song, and by how much more at each frame.
    pub(super) fn creep(&mut self, file: usize, more: &[(usize, Treatment)]) -> (f64, f64) {
        let correction = self.corrections[file];
        let tracks = self.read_treated(file, correction.advance_frames, more);
        let middle = self.starts.iter().sum::<i64>() as f64 / self.starts.len().max(1) as f64;
        let mut normal = Normal::new(2);
        for (window, (wanted, track)) in self.wanted(file).into_iter().zip(&tracks).enumerate() {
            let mut missing = wanted;
            add(&mut missing, -correction.gain, &self.core(track));
            let missing = smooth(missing);
            let slope = smooth(self.slope(track, correction.gain));
            let from = self.starts[window] as f64 - middle;
            let growing = slope.each_ref().map(|side| {
                side.iter().enumerate().map(|(i, x)| (from + i as f64) * x).collect::<Vec<f64>>()
            });
            normal.add(0, 0, product(&slope, &slope));
            normal.add(0, 1, product(&slope, &growing));
            normal.add(1, 1, product(&growing, &growing));
            normal.add_target(0, product(&slope, &missing));
            normal.add_target(1, product(&growing, &missing));
        }
        let step = normal.solve(1e-9);
        (step[0] - middle * step[1], step[1])
    }

    /// How one file, moved `advance_frames` earlier and then by up to a margin either way, fits what
    /// the other files leave for it.
    pub(super) fn correlate(&mut self, file: usize, advance_frames: f64) -> Correlation {
        let current = self.corrections[file];
        let moved = advance_frames != current.advance_frames;
        let elsewhere = if moved { self.read(file, advance_frames) } else { Vec::new() };
        let tracks = if moved { &elsewhere } else { &self.tracks[file] };
        let (sign, bins) = (self.sign(file), self.fourier.bins());
        let mut cross = [vec![Complex::default(); bins], vec![Complex::default(); bins]];
        let (mut target_spectrum, mut track_spectrum) = (Vec::new(), Vec::new());
        let mut target_energy = 0.0;
        let shifts = 2 * self.size.margin + 1;
        let mut energies = [vec![0.0; shifts], vec![0.0; shifts]];
        for (window, track) in tracks.iter().enumerate() {
            let own = self.core(&self.tracks[file][window]);
            for side in 0..2 {
                // What this file should be so that the residual vanishes.
                let target: Vec<f64> = own[side]
                    .iter()
                    .zip(&self.residual[window][side])
                    .map(|(x, r)| current.gain * x - sign * r)
                    .collect();
                target_energy += dot(&target, &target);
                self.fourier.forward(target.iter().copied(), &mut target_spectrum);
                self.fourier
                    .forward(track[side].iter().map(|&x| f64::from(x)), &mut track_spectrum);
                let spectra = target_spectrum.iter().zip(&track_spectrum);
                for (sum, (t, x)) in cross[side].iter_mut().zip(spectra) {
                    *sum += t.conj() * x;
                }
                slide(&track[side], self.size.core, &mut energies[side]);
            }
        }
        let products = cross.each_mut().map(|cross| self.fourier.inverse(cross)[..shifts].to_vec());
        Correlation {
            base: advance_frames,
            margin: self.size.margin,
            products,
            energies,
            target_energy,
        }
    }

    /// Products of the stems with each other and with what is missing from the residual: the system
    /// whose solution is each stem's change of gain.
    pub(super) fn stem_gains(&self) -> Normal {
        let stems = self.reference();
        let mut normal = Normal::new(stems);
        for window in 0..self.starts.len() {
            let cores: Vec<Pair> =
                (0..stems).map(|stem| self.core(&self.tracks[stem][window])).collect();
            for row in 0..stems {
                normal.add_target(row, -product(&cores[row], &self.residual[window]));
                for column in row..stems {
                    normal.add(row, column, product(&cores[row], &cores[column]));
                }
            }
        }
        normal
    }

    /// What interpolation may leave of the files that are moved by fractions: their energy in the
    /// top tenth of the spectrum, where the kernel fades.
    pub(super) fn interpolation_error(&mut self) -> f64 {
        let mut spectrum = Vec::new();
        let top = self.fourier.bins() * 9 / 10;
        let mut energy = 0.0;
        for (tracks, correction) in self.tracks.iter().zip(&self.corrections) {
            if correction.advance_frames.fract() == 0.0 {
                continue;
            }
            for side in tracks.iter().flatten() {
                self.fourier.forward(side.iter().map(|&x| f64::from(x)), &mut spectrum);
                let bins: f64 = spectrum[top..].iter().map(Complex::norm_sqr).sum();
                energy += correction.gain * correction.gain * 2.0 * bins / side.len() as f64;
            }
        }
        energy
    }

    /// A file in all cores, before its gain.
    pub(super) fn cores(&self, file: usize) -> Vec<Pair> {
        self.tracks[file].iter().map(|track| self.core(track)).collect()
    }

    /// By how much to move one file, and what energy that would leave, as far as the slope of its
    /// signal tells: right for small fractions of a frame.
    pub(super) fn slip(&self, file: usize) -> (f64, f64) {
        let scale = self.corrections[self.reference()].gain;
        let mut normal = Normal::new(1);
        for window in 0..self.starts.len() {
            let slope = self.column(&Column::Shift(file), window, &[]);
            normal.add(0, 0, product(&slope, &slope) * scale * scale);
            normal.add_target(0, -product(&slope, &self.residual[window]) * scale);
        }
        let step = normal.solve(1e-9);
        (step[0], (self.residual_energy() - normal.explained(&step)).max(0.0))
    }

    /// Refines the corrections of some files together: the gains, and the places of those that were
    /// moved. One step of Gauss and Newton; gains alone are exact at once. Weighs the lower part of
    /// the spectrum, which interpolation renders best.
    ///
    /// If the reference's gain is among them, it is kept apart from a trivial silence by scaling all
    /// other stems together.
    pub(super) fn refine(&mut self, files: &[usize]) {
        let reference = self.reference();
        let others: Vec<usize> = (0..reference).filter(|stem| !files.contains(stem)).collect();
        let scale = self.corrections[reference].gain;
        if scale == 0.0 {
            return;
        }
        let mut columns: Vec<Column> = Vec::new();
        for &file in files {
            if file != reference {
                columns.push(Column::Gain(file));
            } else if !others.is_empty() {
                columns.push(Column::Others);
            }
            if self.corrections[file].advance_frames != 0.0 {
                columns.push(Column::Shift(file));
            }
        }
        let mut normal = Normal::new(columns.len());
        for window in 0..self.starts.len() {
            let signals: Vec<Pair> =
                columns.iter().map(|column| smooth(self.column(column, window, &others))).collect();
            let residual = smooth(self.residual[window].clone());
            for (row, signal) in signals.iter().enumerate() {
                normal.add_target(row, -product(signal, &residual) / scale);
                for (column, other) in signals.iter().enumerate().skip(row) {
                    normal.add(row, column, product(signal, other));
                }
            }
        }
        let step = normal.solve(1e-9);
        let mut corrections = self.corrections.clone();
        let mut rescale = 1.0;
        for (column, x) in columns.iter().zip(&step) {
            match *column {
                Column::Gain(file) => corrections[file].gain += scale * x,
                // Beyond half a frame the slope says nothing any more.
                Column::Shift(file) => corrections[file].advance_frames += x.clamp(-0.5, 0.5),
                Column::Others => rescale = 1.0 + scale * x,
            }
        }
        if rescale <= 0.1 {
            return;
        }
        for &file in files {
            corrections[file].gain /= rescale;
        }
        let changes: Vec<_> = files.iter().map(|&file| (file, corrections[file])).collect();
        self.correct(&changes);
    }

    /// The direction in which a change of one unknown moves the residual over the reference's gain.
    fn column(&self, column: &Column, window: usize, others: &[usize]) -> Pair {
        let scale = self.corrections[self.reference()].gain;
        match *column {
            Column::Gain(file) => self.core(&self.tracks[file][window]),
            Column::Others => {
                let silence = vec![0.0; self.size.core];
                let mut sum = [silence.clone(), silence];
                for &stem in others {
                    let core = self.core(&self.tracks[stem][window]);
                    add(&mut sum, self.corrections[stem].gain, &core);
                }
                sum
            }
            Column::Shift(file) => {
                let gain = self.sign(file) * self.corrections[file].gain / scale;
                self.slope(&self.tracks[file][window], gain)
            }
        }
    }

    /// The slope of a track in its core, per frame.
    fn slope(&self, track: &Track, gain: f64) -> Pair {
        let (kernel, lead) = (slope_kernel(), HALF_TAPS - 1);
        let from = self.size.margin - lead;
        let range = from..from + self.size.core + 2 * HALF_TAPS - 1;
        track.each_ref().map(|side| {
            let near: Vec<f64> = side[range.clone()].iter().map(|&x| gain * f64::from(x)).collect();
            let mut slope = Vec::new();
            filter(&kernel, &near, &mut slope);
            slope
        })
    }

    /// How each of some files' corrections changes the residual: the products of those changes with
    /// each other, and with the first residual (negative, as targets). From these follows the
    /// residual energy under any subset of the corrections. Also the first residual's energy.
    pub(super) fn effects(&mut self, files: &[usize]) -> (Normal, f64) {
        let original: Vec<Vec<Track>> = files
            .iter()
            .map(|&file| {
                if self.corrections[file].advance_frames == 0.0 {
                    self.tracks[file].clone()
                } else {
                    self.read(file, 0.0)
                }
            })
            .collect();
        let mut normal = Normal::new(files.len());
        let mut first_energy = 0.0;
        for window in 0..self.starts.len() {
            let mut first = self.residual[window].clone();
            let mut changes: Vec<Pair> = Vec::with_capacity(files.len());
            for (&file, original) in files.iter().zip(&original) {
                let silence = vec![0.0; self.size.core];
                let mut change = [silence.clone(), silence];
                let sign = self.sign(file);
                let (gain, track) = (self.corrections[file].gain, &self.tracks[file][window]);
                add(&mut change, sign * gain, &self.core(track));
                add(&mut change, -sign, &self.core(&original[window]));
                add(&mut first, -1.0, &change);
                changes.push(change);
            }
            first_energy += energy(&first);
            for (row, change) in changes.iter().enumerate() {
                normal.add_target(row, -product(change, &first));
                for (column, other) in changes.iter().enumerate().skip(row) {
                    normal.add(row, column, product(change, other));
                }
            }
        }
        (normal, first_energy)
    }
}

/// Where a file would fit best in one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lag {
    /// The middle of the window, in frames of the song.
    pub at: f64,
    /// Frames by which the file is late there.
    pub frames: f64,
    /// Correlation with what is wanted, once moved: 1 = just that.
    pub quality: f64,
    /// Energy of what is wanted.
    pub energy: f64,
}

/// What has been done to a scene.
#[derive(Debug, Clone)]
pub(super) struct State {
    corrections: Vec<Correction>,
    treatments: Vec<Vec<Treatment>>,
    bus: Vec<Bus>,
    gains: Vec<Vec<Pair>>,
    lost: Vec<(u64, u64)>,
}

/// One unknown of [`Scene::refine`].
enum Column {
    /// A stem's gain.
    Gain(usize),
    /// The gain of all stems that are not refined: the reference's, turned round.
    Others,
    /// A file's shift.
    Shift(usize),
}

/// Without the top of the spectrum (binomial weights: silent at half the sample rate).
fn smooth(mut pair: Pair) -> Pair {
    for side in &mut pair {
        for _ in 0..4 {
            for i in 1..side.len() {
                side[i - 1] = f64::midpoint(side[i - 1], side[i]);
            }
        }
    }
    pair
}

/// Adds to `energies[i]` the energy of the `core` samples from `i` on.
fn slide(track: &[f32], core: usize, energies: &mut [f64]) {
    let square = |x: &f32| f64::from(*x) * f64::from(*x);
    let mut sum: f64 = track.iter().take(core).map(square).sum();
    for (i, energy) in energies.iter_mut().enumerate() {
        *energy += sum.max(0.0);
        if let (Some(old), Some(new)) = (track.get(i), track.get(i + core)) {
            sum += square(new) - square(old);
        }
    }
}
