//! How a file fits what the others leave for it, shift by shift.

use super::Scene;
use super::solve::smooth;
use crate::null::correlation::{Correlation, peak_between};
use crate::null::fit::{Normal, dot};
use crate::null::recipe::{Pair, add, energy, product};
use crate::null::treatment::Treatment;
use crate::spectrum::{Complex, Fourier};

/// Where a file would fit best in one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::null) struct Lag {
    /// The middle of the window, in frames of the song.
    pub at: f64,
    /// Frames by which the file is late there.
    pub frames: f64,
    /// Correlation with what is wanted, once moved: 1 = just that.
    pub quality: f64,
    /// Energy of what is wanted.
    pub energy: f64,
}

impl Scene<'_> {
    /// By window, where one file with these treatments would fit best what the others leave for it.
    pub(in crate::null) fn lags(&mut self, file: usize, more: &[(usize, Treatment)]) -> Vec<Lag> {
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
    pub(in crate::null) fn creep(
        &mut self,
        file: usize,
        more: &[(usize, Treatment)],
    ) -> (f64, f64) {
        let correction = self.corrections[file];
        let tracks = self.read_treated(file, correction.advance_frames, more);
        let middle = self.starts.iter().sum::<i64>() as f64 / self.starts.len().max(1) as f64;
        let mut normal = Normal::new(2);
        for (window, (wanted, track)) in self.wanted(file).into_iter().zip(&tracks).enumerate() {
            let mut missing = wanted;
            add(&mut missing, -correction.gain, &self.core(track));
            let missing = smooth(&missing);
            let slope = smooth(&self.slope(track, correction.gain));
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
    pub(in crate::null) fn correlate(&mut self, file: usize, advance_frames: f64) -> Correlation {
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
    pub(in crate::null) fn stem_gains(&self) -> Normal {
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

    /// Energy of the residual in the top tenth of the spectrum, where the kernel fades that interpolates, if
    /// any file is moved by a fraction; as much of that as there is of those files.
    pub(in crate::null) fn interpolated(&mut self) -> f64 {
        let mut spectrum = Vec::new();
        let top = self.fourier.bins() * 9 / 10;
        let mut energy = |side: &mut dyn Iterator<Item = f64>, fourier: &mut Fourier<f64>| {
            fourier.forward(side, &mut spectrum);
            let bins: f64 = spectrum[top..].iter().map(Complex::norm_sqr).sum();
            2.0 * bins / fourier.len() as f64
        };
        let mut most = 0.0;
        for (tracks, correction) in self.tracks.iter().zip(&self.corrections) {
            if correction.advance_frames.fract() == 0.0 {
                continue;
            }
            for side in tracks.iter().flatten() {
                let gain = correction.gain * correction.gain;
                most += gain * energy(&mut side.iter().map(|&x| f64::from(x)), &mut self.fourier);
            }
        }
        if most == 0.0 {
            return 0.0;
        }
        let sides = self.residual.iter().flatten();
        let left: f64 =
            sides.map(|side| energy(&mut side.iter().copied(), &mut self.fourier)).sum();
        left.min(most)
    }
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
