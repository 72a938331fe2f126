//! What the rest of the residual is like when nothing that can be undone is left: a file that was
//! resampled or coded, which took away what no treatment brings back (METHODS 5.3, "leftover").
//!
//! Looks at mean spectra, and by levels whose they are. A coder that leaves no edge is told by its grid, elsewhere.

use std::ops::Range;

use super::fit::{correlation, dot};
use super::hypotheses::Found;
use super::recipe::Pair;
use super::scene::Scene;
use super::spectra::{Spectra, Stretches, mono};

/// A file is empty above an edge if it is this far below what it should be (-20 dB).
const EMPTY: f64 = 0.01;
/// At the top of the spectrum it is, so far above the edge, even after a poor converter (-10 dB).
const NOTHING: f64 = 0.1;
/// Just below the edge it is as it should be, within this factor (3 dB).
const PRESENT: f64 = 2.0;
/// An edge lies above this frequency, and below this share of half the sample rate.
const LOWEST_EDGE_HZ: f64 = 9_000.0;
const HIGHEST_EDGE: f64 = 0.985;
/// Highest edge that a coder leaves, in Hz (METHODS 5.3).
const CODED_HZ: f64 = 20_500.0;
/// Below the edge a resampled file is all but a filtered one: what no filter explains is less than
/// this share of what there should be (-45 dB). What a coder adds there is more.
const FILTERED: f64 = 3e-5;
/// A resampled file has less than this share of what should be above its edge.
const LOWER: f64 = 0.85;
/// Share of the residual below the place from which on a resampled file lacks something.
const BELOW: f64 = 0.02;
/// Share of the residual above that a filter of the right file explains.
const COHERENT: f64 = 0.8;
/// A poor converter halves what lies this many times lower than what it lets nothing through of (a low-pass of
/// 24 dB an octave: 2.3): gains, and the ratio.
const HALF: f64 = 0.5;
const OUT: f64 = 0.03;
const STEEP: f64 = 1.6;
/// Above, its gain stays this low; far below it is this near to unity.
const STAYS_OUT: f64 = 0.1;
const FLAT: f64 = 0.03;
/// Share of the residual that its filter alone explains.
const FILTER_ALONE: f64 = 0.95;
/// No converter is looked for where more than that is missing below this frequency.
const LOWEST_HZ: f64 = 2_500.0;
/// Steps in which levels are compared, in seconds.
const STEP_S: f64 = 0.01;
/// How alike those of a stem's top and of the rest of its treble are.
const IN_TIME: f64 = 0.6;
/// The same where a coder's noise lies below (measured: hats and a snare 0.9 and more, others below 0.55).
const SURELY_IN_TIME: f64 = 0.75;
/// Width of the bands in Hz.
const BAND_HZ: f64 = 250.0;

/// The file that was resampled, or the reference that was coded, if the residual looks like that.
pub(super) fn named(scene: &Scene, rate: f64) -> Option<Found> {
    let residual = Stretches::of(scene.residual(), rate);
    let reference = scene.reference();
    let mix = Bands::of(scene, reference, &residual, rate);
    if resampled(&mix, rate) {
        return Some(Found::new("resampled-reference", None, 0.0, ""));
    }
    if Edge::find(&mix, rate).is_some_and(Edge::is_a_coders) {
        let coded = Found::new("lossy-reference", None, 0.0, "");
        return Some(Found { expected: true, ..coded });
    }
    // What one stem lacks above its edge, every darker stem would lack as well: when it sounds tells whose
    // it is.
    let stems: Vec<Bands> =
        (0..reference).map(|stem| Bands::of(scene, stem, &residual, rate)).collect();
    let most_in_time = |least: f64, lacks_its_top: &dyn Fn(&Bands) -> bool| {
        let darker = (0..reference).filter(|&stem| lacks_its_top(&stems[stem]));
        darker
            .map(|stem| (in_time(scene, stem, rate), stem))
            .filter(|(alike, _)| *alike > least)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, stem)| stem)
    };
    if let Some(stem) = most_in_time(IN_TIME, &|bands| resampled(bands, rate)) {
        return Some(Found::new("resampled-stem", Some(stem), 0.0, ""));
    }
    let coded = |bands: &Bands| Edge::find(bands, rate).is_some_and(Edge::is_a_coders);
    let stem = most_in_time(SURELY_IN_TIME, &coded)?;
    Some(Found::new("lossy-stem", Some(stem), 0.0, ""))
}

/// How the levels of the residual go along with those of a stem's treble, from -1 to 1.
fn in_time(scene: &Scene, stem: usize, rate: f64) -> f64 {
    let step = ((STEP_S * rate) as usize).max(1);
    // Each difference takes 6 dB an octave from what lies lower.
    let levels = |sound: &Pair, differences: usize| -> Vec<f64> {
        let mut sound = mono(sound);
        for _ in 0..differences {
            sound = sound.windows(2).map(|near| near[1] - near[0]).collect();
        }
        sound.chunks_exact(step).map(|near| dot(near, near).sqrt()).collect()
    };
    let (mut left, mut own) = (Vec::new(), Vec::new());
    for (residual, standing) in scene.residual().iter().zip(scene.standing(stem)) {
        let (residual, standing) = (levels(residual, 0), levels(&standing, 2));
        let both = residual.len().min(standing.len());
        left.extend_from_slice(&residual[..both]);
        own.extend_from_slice(&standing[..both]);
    }
    correlation(&left, &own)
}

/// Whether what is missing is the top of the mix, or of a stem, above an edge where all of it ends: no
/// equaliser does that.
pub(super) fn is_cut_off(scene: &Scene, residual: &Stretches, rate: f64) -> bool {
    // Asked at each step, and seldom so: no file is looked at unless only treble is missing.
    if Bands::new(&residual.against(residual), 1.0).edge_hz() < LOWEST_HZ {
        return false;
    }
    (0..scene.files()).any(|file| {
        let bands = Bands::of(scene, file, residual, rate);
        let top = (HIGHEST_EDGE * bands.wanted.len() as f64) as usize;
        let sum = |values: &[f64]| values[top * 7 / 8..top].iter().sum::<f64>();
        let nothing = sum(&bands.present) < NOTHING * sum(&bands.wanted);
        nothing && bands.end_at_an_edge(rate) || bands.are_dulled(rate)
    })
}

/// Energies in bands: what should be there, what is there, what the one lacks of the other.
struct Bands {
    wanted: Vec<f64>,
    present: Vec<f64>,
    missing: Vec<f64>,
    /// Of what is missing, what a filter explains.
    explained: Vec<f64>,
    /// Gain of a filter without phase that makes the one of the other.
    gain: Vec<f64>,
    /// Width in Hz.
    hz: f64,
}

impl Bands {
    /// Of a file, and of what the others leave for it.
    fn of(scene: &Scene, file: usize, residual: &Stretches, rate: f64) -> Self {
        let wanted = Stretches::of(&scene.wanted(file), rate);
        let sign = if file == scene.reference() { 1.0 } else { -1.0 };
        Self::new(&wanted.against(residual), sign)
    }

    /// Of a file that is what is wanted (`spectra.own`) but for the residual (`spectra.missing`): the
    /// file is the one plus `-sign` times the other.
    fn new(spectra: &Spectra, sign: f64) -> Self {
        let width = ((BAND_HZ / spectra.hz).round() as usize).max(1);
        let bands = spectra.own.len() / width;
        let sums = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..bands).map(|at| (at * width..(at + 1) * width).map(value).sum()).collect()
        };
        let (own, cross, missing) = (&spectra.own, &spectra.cross, &spectra.missing);
        let (wanted, along) = (sums(&|bin| own[bin]), sums(&|bin| cross[bin].re));
        let gain = |(along, wanted): (&f64, &f64)| 1.0 - sign * along / wanted.max(1e-30);
        Self {
            gain: along.iter().zip(&wanted).map(gain).collect(),
            wanted,
            present: sums(&|bin| (own[bin] - 2.0 * sign * cross[bin].re + missing[bin]).max(0.0)),
            missing: sums(&|bin| missing[bin]),
            explained: sums(&|bin| cross[bin].norm_sqr() / own[bin].max(1e-30)),
            hz: width as f64 * spectra.hz,
        }
    }

    /// The band from which on something is missing.
    fn edge(&self) -> usize {
        let total: f64 = self.missing.iter().sum();
        let mut below = 0.0;
        let first = self.missing.iter().position(|missing| {
            below += missing;
            below > BELOW * total
        });
        first.unwrap_or(0)
    }

    fn edge_hz(&self) -> f64 {
        self.edge() as f64 * self.hz
    }

    /// What no filter explains below a band, against all that should be there: what a window spreads of a
    /// bright file's top is no noise.
    fn noise(&self, below: usize) -> f64 {
        let sum = |values: &[f64]| values[..below].iter().sum::<f64>();
        let left = sum(&self.missing) - sum(&self.explained);
        (left / self.wanted.iter().sum::<f64>().max(1e-30)).max(0.0)
    }

    /// Nothing is missing but the top of the spectrum, as high as converters cut, and that is a filtered
    /// version of what should be there.
    fn end_at_an_edge(&self, rate: f64) -> bool {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let (first, top) = (self.edge(), self.wanted.len());
        if first as f64 * self.hz <= lowest_edge_hz(rate) {
            return false;
        }
        let whole = first * 17 / 20;
        // The spectrum goes on there: a dark file would begin at the edge with what another lacks.
        let level = |values: &[f64], from: usize, to: usize| {
            let near = &values[from.min(top)..to.min(top)];
            sum(near) / near.len().max(1) as f64
        };
        let (before, after) = (
            level(&self.wanted, whole, first.max(whole + 1)),
            level(&self.wanted, first, first + first / 10 + 1),
        );
        let lower = sum(&self.present[first..]) < LOWER * sum(&self.wanted[first..]);
        let explained = sum(&self.explained[first..]) / sum(&self.missing[first..]).max(1e-30);
        after < PRESENT * before && lower && explained > COHERENT && self.noise(whole) < FILTERED
    }

    /// A poor converter takes something everywhere, and in dark music most of what it takes lies low: but its
    /// low-pass is steeper than an equaliser's, and nothing comes back above.
    fn are_dulled(&self, rate: f64) -> bool {
        let top = (HIGHEST_EDGE * self.gain.len() as f64) as usize;
        let below = |least: f64| (0..top).find(|&at| self.gain[at] < least);
        let (Some(half), Some(out)) = (below(HALF), below(OUT)) else { return false };
        let (missing, explained): (f64, f64) =
            (self.missing.iter().sum(), self.explained.iter().sum());
        // At the very top there is next to nothing, which says nothing.
        let mean = |bands: Range<usize>| {
            let all: f64 = self.wanted[bands.clone()].iter().sum();
            bands.map(|at| self.gain[at] * self.wanted[at]).sum::<f64>() / all.max(1e-30)
        };
        half as f64 * self.hz > lowest_edge_hz(rate)
            && (out as f64) < STEEP * half as f64
            && mean(out..top).abs() < STAYS_OUT
            && self.gain[..half * 2 / 5].iter().all(|gain| (gain - 1.0).abs() < FLAT)
            && explained > FILTER_ALONE * missing
            && self.noise(half) < FILTERED
    }
}

/// At low rates converters cut lower.
fn lowest_edge_hz(rate: f64) -> f64 {
    LOWEST_EDGE_HZ.min(0.2 * rate)
}

/// Whether what a file lacks is what a converter takes.
fn resampled(bands: &Bands, rate: f64) -> bool {
    bands.end_at_an_edge(rate) || bands.are_dulled(rate)
}

/// Where a coded file ends that should go on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    hz: f64,
    /// Below: what no filter explains, against what should be there.
    noise: f64,
}

impl Edge {
    /// Coders cut low, and leave noise below.
    fn is_a_coders(self) -> bool {
        self.hz <= CODED_HZ && self.noise >= FILTERED
    }

    fn find(bands: &Bands, rate: f64) -> Option<Self> {
        let (wanted, present) = (&bands.wanted, &bands.present);
        let top = (HIGHEST_EDGE * wanted.len() as f64) as usize;
        // From the top down, as long as there is nothing where something should be.
        let first = (0..top).rev().take_while(|&at| present[at] < EMPTY * wanted[at]).last()?;
        let hz = first as f64 * bands.hz;
        let (below, above) = (first * 17 / 20, (first + first / 50).min(top.saturating_sub(1)));
        let whole = below.checked_sub(1)?;
        let steady =
            wanted[above] < PRESENT * wanted[whole] && wanted[above] > 1e-4 * wanted[whole];
        let here = present[whole] < PRESENT * wanted[whole]
            && PRESENT * present[whole] > wanted[whole]
            && present[above] < EMPTY * present[whole];
        let is_one = hz >= lowest_edge_hz(rate) && steady && here;
        is_one.then(|| Self { hz, noise: bands.noise(whole) })
    }
}
