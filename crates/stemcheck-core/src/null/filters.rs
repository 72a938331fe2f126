//! Equalisers: on a stem, where the mix has none (or another), and on the bus.
//!
//! Mean spectra tell of which file any filter could make what is missing; a filter is fitted to that
//! one by least squares (METHODS 5.3: "stem FIR", "master FIR"), the same for both sides: what differs
//! between them is no equaliser. What a mere gain explains as well is left to it.

use super::fit::dot;
use super::hypotheses::{Found, LOOSE_NEED_DB, Proposal, Undo};
use super::leftover::is_cut_off;
use super::meter::NullPart;
use super::scene::{Scene, Size};
use super::sounds::Sounds;
use super::spectra::{Spectra, Stretches, mono};
use super::taps::Taps;
use super::toeplitz::levinson;
use super::treatment::Treatment;
use crate::spectrum::{Complex, Fourier, power_spectrum};
use crate::units::{db_from_amplitude, db_from_power, power_from_db};

/// Seconds that a filter looks ahead (linear phase), and that it lasts in all.
const LEAD_S: f64 = 0.005;
const LENGTH_S: f64 = 0.04;
/// Ridge against what the sound does not hold (METHODS 5.3).
const RIDGE: f64 = 1e-7;
/// A filter must do better than a gain by this, in dB.
const BEYOND_GAIN_DB: f64 = 3.0;
/// Where it is looked at keenly, this much of both is enough to be proposed.
const KEEN_DB: f64 = 0.3;
/// Improvement asked of a filter on the whole mix: it goes some way with whatever is wrong.
const MIX_NEED_DB: f64 = 6.0;
/// Below this depth what is left is as often what other corrections leave: a filter must do better.
const SETTLED_DEPTH_DB: f64 = -50.0;
const SETTLED_NEED_DB: f64 = 10.0;
/// Most stems to which a filter is fitted.
const STEMS: usize = 2;
/// Above this depth of what a filter explains, in dB, the reference holds nothing else.
const WHOLE_DB: f64 = 15.0;

/// Between these an equaliser is heard, in Hz.
const HEARD_HZ: (f64, f64) = (30.0, 16_000.0);
/// Points of the curve from which it is named.
const POINTS: usize = 120;
/// From here on up converters and coders cut, and this share of a residual is all.
const TREBLE_HZ: f64 = 15_000.0;
const ALL_TREBLE: f64 = 0.9;
/// A curve that is flat within this is no equaliser, in dB.
const LEAST_DB: f64 = 0.2;
/// A level at which so large a share of the curve lies, within so many dB, is a gain beside it.
const LEVEL_SHARE: f64 = 0.5;
const LEVEL_WITHIN_DB: f64 = 0.5;
const LEAST_LEVEL_DB: f64 = 0.3;

/// Every hypothesis about equalisers.
pub(super) fn proposals(part: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    if is_all_treble(scene, f64::from(part.sample_rate)) {
        return Vec::new();
    }
    let rate = f64::from(part.sample_rate);
    let deep = scene.residual_energy() < scene.reference_energy() * power_from_db(SETTLED_DEPTH_DB);
    let (least_db, beyond_db) = match (scene.keen, deep) {
        (true, _) => (KEEN_DB, KEEN_DB),
        (false, true) => (SETTLED_NEED_DB, BEYOND_GAIN_DB),
        (false, false) => (LOOSE_NEED_DB, BEYOND_GAIN_DB),
    };
    let residual = Stretches::of(scene.residual(), rate);
    // What one filter leaves of a file, another would fit ever closer.
    let filtered = |file: &usize| {
        scene.treatments(*file).iter().any(|done| matches!(done, Treatment::Filter { .. }))
    };
    // What a coder or a take leaves of the mix a filter of it explains completely in some bands.
    let files = if scene.keen { scene.reference() } else { scene.files() };
    let mut likely: Vec<(f64, usize, Spectra)> = (0..files)
        .filter(|file| !filtered(file))
        .filter_map(|file| {
            let spectra = Stretches::of(&scene.standing(file), rate).against(&residual);
            let (total, filter, gain) = spectra.explained();
            let left = (total - filter).max(1e-9 * total);
            let better = db_from_power((total - gain) / left);
            let improvement = db_from_power(total / left);
            (better >= beyond_db && improvement >= least_db).then_some((improvement, file, spectra))
        })
        .collect();
    if !likely.is_empty() && is_cut_off(scene, &residual, rate) {
        return Vec::new();
    }
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let reference = scene.reference();
    let mut stems = 0;
    let mut found = Vec::new();
    for (improvement, file, spectra) in likely {
        if file == reference {
            found.extend(equaliser(scene, file, spectra, improvement, rate));
        } else if stems < STEMS {
            stems += 1;
            found.extend(equaliser(scene, file, spectra, improvement, rate));
        }
    }
    found
}

/// Whether the residual lies where only converters and coders change anything: no equaliser does that.
pub(super) fn is_all_treble(scene: &Scene, rate: f64) -> bool {
    const LENGTH: usize = 4096;
    let residual: Vec<Vec<f64>> = scene.residual().iter().map(mono).collect();
    let power = power_spectrum(residual.iter().map(Vec::as_slice), LENGTH);
    let first = (TREBLE_HZ * LENGTH as f64 / rate) as usize;
    power.iter().skip(first).sum::<f64>() > ALL_TREBLE * power.iter().sum::<f64>()
}

/// One file that a filter makes what it should be.
fn equaliser(
    scene: &mut Scene,
    file: usize,
    mut spectra: Spectra,
    likely_db: f64,
    rate: f64,
) -> Option<Proposal> {
    let on_reference = file == scene.reference();
    let shape = Shape::new(rate);
    // A stem lacks the residual turned round; the reference lacks it as it is.
    let sign = if on_reference { 1.0 } else { -1.0 };
    spectra.cross.iter_mut().for_each(|c| *c *= sign);
    let taps = if on_reference && likely_db < WHOLE_DB {
        // What the reference holds besides would be turned down: the sum is fitted to it instead.
        let sum = sum_of_stems(scene);
        let missing: Vec<Vec<f64>> =
            scene.residual().iter().map(|pair| mono(pair).iter().map(|x| -x).collect()).collect();
        shape.inverse(&shape.fit(&sum, &missing, scene.size))
    } else {
        let own: Vec<Vec<f64>> =
            (0..scene.windows_read()).map(|window| mono(&scene.padded(file, window))).collect();
        let missing: Vec<Vec<f64>> = scene
            .residual()
            .iter()
            .map(|pair| mono(pair).iter().map(|x| sign * x).collect())
            .collect();
        shape.fit(&own, &missing, scene.size)
    };
    // What mostly comes later or earlier is a shift, and alignment comes before everything; what is
    // upside down is no equaliser's doing.
    let main = (0..taps.len()).max_by(|&a, &b| taps[a].abs().total_cmp(&taps[b].abs()))?;
    if main.abs_diff(shape.lead) > 1 || taps[main] <= 0.0 {
        return None;
    }
    let loudest = spectra.loudest();
    if is_late(points(rate).filter(|&hz| spectra.tells(hz, loudest)), |hz| {
        shape.response(&taps, hz / rate).arg() / (std::f64::consts::TAU * hz / rate)
    }) {
        return None;
    }
    let curve: Vec<f64> = points(rate)
        .filter(|&hz| spectra.tells(hz, loudest))
        .map(|hz| -db_from_amplitude(shape.response(&taps, hz / rate).norm()))
        .collect();
    // Few bands hold all of a stem: its curve tells no level.
    let (level, most) = named(&curve, on_reference)?;
    let taps = Taps::rounded(&taps);
    let filter = Treatment::Filter { lead: shape.lead, taps: [taps.clone(), taps] };
    let energy = scene.energy_treated(file, &[(file, filter.clone())]);
    let before = scene.residual_energy();
    let beyond = scene.best_gain_energy(file) / energy.max(1e-12 * before);
    if db_from_power(beyond) < if scene.keen { KEEN_DB } else { BEYOND_GAIN_DB } {
        return None;
    }
    let stem = (!on_reference).then_some(file);
    let mut found =
        vec![Found::new(if on_reference { "bus-eq" } else { "stem-eq" }, stem, most, "dB")];
    if level != 0.0 {
        let code = if on_reference { "reference-gain" } else { "wrong-gain" };
        found.push(Found::new(code, stem, level, "dB"));
    }
    Some(Proposal {
        undo: Undo::Treat(vec![(file, filter)]),
        found,
        energy,
        cost_db: if on_reference { 1.2 } else { 2.0 },
        need_db: if on_reference { MIX_NEED_DB } else { LOOSE_NEED_DB },
    })
}

/// Whether a filter delays all that it lets through by the same part of a sample (`delay` in samples, of a
/// frequency in Hz), as no equaliser does: its delay comes and goes with its curve.
fn is_late(tells: impl Iterator<Item = f64>, delay: impl Fn(f64) -> f64) -> bool {
    /// Below, a part of a sample turns no phase; above, little is heard.
    const TOLD_HZ: std::ops::Range<f64> = 1_000.0..10_000.0;
    const FEWEST: usize = 12;
    const LEAST_FRAMES: f64 = 0.2;
    /// Quartiles lie this close together, as a share of the delay.
    const SAME: f64 = 0.3;
    let mut delays: Vec<f64> = tells.filter(|hz| TOLD_HZ.contains(hz)).map(delay).collect();
    delays.sort_by(f64::total_cmp);
    let at = |share: f64| delays.get((share * delays.len() as f64) as usize).copied();
    let (Some(lower), Some(middle), Some(upper)) = (at(0.25), at(0.5), at(0.75)) else {
        return false;
    };
    delays.len() >= FEWEST && middle.abs() >= LEAST_FRAMES && upper - lower < SAME * middle.abs()
}

/// The stems' sum with margins, by window.
fn sum_of_stems(scene: &Scene) -> Vec<Vec<f64>> {
    (0..scene.windows_read())
        .map(|window| {
            let mut sum: Vec<f64> = Vec::new();
            for stem in 0..scene.reference() {
                let stem = mono(&scene.padded(stem, window));
                sum.resize(stem.len(), 0.0);
                sum.iter_mut().zip(stem).for_each(|(sum, x)| *sum += x);
            }
            sum
        })
        .collect()
}

/// Frequencies, evenly spread for the ear.
fn points(rate: f64) -> impl Iterator<Item = f64> {
    let (first, last) = (HEARD_HZ.0, HEARD_HZ.1.min(0.45 * rate));
    (0..POINTS).map(move |i| first * (last / first).powf(i as f64 / (POINTS - 1) as f64))
}

/// The level about which a curve lies (0 if that is where it belongs), and how far it goes from there
/// at most, in dB; `None` if it is flat.
fn named(curve: &[f64], levelled: bool) -> Option<(f64, f64)> {
    let near = |level: f64| curve.iter().filter(move |db| (*db - level).abs() < LEVEL_WITHIN_DB);
    let share = |level: f64| near(level).count() as f64 / curve.len() as f64;
    let level = curve
        .iter()
        .copied()
        .max_by(|a, b| share(*a).total_cmp(&share(*b)))
        .filter(|&level| share(level) >= LEVEL_SHARE && share(level) > 2.0 * share(0.0))
        .map(|level| near(level).sum::<f64>() / near(level).count() as f64)
        .filter(|level| levelled && level.abs() >= LEAST_LEVEL_DB)
        .unwrap_or(0.0);
    let most = curve.iter().map(|db| db - level).max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    (most.abs() >= LEAST_DB).then_some((level, most))
}

/// Sizes of a filter, in frames.
#[derive(Debug, Clone, Copy)]
struct Shape {
    lead: usize,
    length: usize,
}

impl Shape {
    fn new(rate: f64) -> Self {
        let length = ((LENGTH_S * rate) as usize).next_power_of_two().max(64);
        Self { lead: ((LEAD_S * rate) as usize).next_power_of_two().min(length / 4), length }
    }

    /// The filter that adds to `own` (windows with margins) what is `missing` of it (their cores): least
    /// squares by conjugate gradients, led by the system of endless sound, which Levinson's recursion solves.
    /// That system alone goes astray where a long low note is cut by a window's edge.
    fn fit(self, own: &[Vec<f64>], missing: &[Vec<f64>], size: Size) -> Vec<f64> {
        const STEPS: usize = 5;
        let mut fourier = Fourier::new(size.core + 2 * size.margin);
        let mut row = vec![0.0; self.length];
        let mut owns = Vec::with_capacity(own.len());
        let (mut core, mut spectrum) = (Vec::new(), Vec::new());
        for own in own {
            // Of the cores alone: so the matrix is positive, whatever the sound.
            let inside = own.iter().skip(size.margin).take(size.core);
            fourier.forward(inside.copied(), &mut core);
            for x in &mut core {
                *x = Complex::new(x.norm_sqr(), 0.0);
            }
            for (sum, x) in row.iter_mut().zip(fourier.inverse(&mut core)) {
                *sum += x;
            }
            fourier.forward(own.iter().copied(), &mut spectrum);
            owns.push(spectrum.clone());
        }
        row[0] *= 1.0 + RIDGE;
        let from = size.margin + self.lead;
        let mut sounds = Sounds { fourier: &mut fourier, spectra: owns, from };
        let mut taps = vec![0.0; self.length];
        let mut left = missing.to_vec();
        let (mut direction, mut before) = (vec![0.0; self.length], 0.0);
        for _ in 0..STEPS {
            let gradient = sounds.products(&left, self.length);
            let better = levinson(&row, &gradient);
            let promise = dot(&gradient, &better);
            let keep = if before > 0.0 { promise / before } else { 0.0 };
            direction.iter_mut().zip(&better).for_each(|(d, b)| *d = b + keep * *d);
            before = promise;
            let made = sounds.made(&direction, size.core);
            let step = promise / made.iter().map(|made| dot(made, made)).sum::<f64>();
            if !step.is_finite() || step <= 0.0 {
                break;
            }
            taps.iter_mut().zip(&direction).for_each(|(tap, d)| *tap += step * d);
            for (left, made) in left.iter_mut().zip(&made) {
                left.iter_mut().zip(made).for_each(|(left, made)| *left -= step * made);
            }
        }
        taps[self.lead] += 1.0;
        taps
    }

    /// The filter that undoes another.
    fn inverse(self, taps: &[f64]) -> Vec<f64> {
        let mut fourier = Fourier::new(8 * self.length);
        let mut spectrum = Vec::new();
        fourier.forward(taps.iter().copied(), &mut spectrum);
        for x in &mut spectrum {
            // Deeper holes than -40 dB are left as they are.
            *x = x.conj() / x.norm_sqr().max(1e-4);
        }
        let around = fourier.inverse(&mut spectrum);
        // `taps` are late by the lead: so early is the inverse.
        let span = around.len();
        (0..self.length).map(|tap| around[(tap + span - 2 * self.lead) % span]).collect()
    }

    /// What the filter does at a frequency (a share of the sample rate), without its delay.
    fn response(self, taps: &[f64], frequency: f64) -> Complex<f64> {
        let turn = -std::f64::consts::TAU * frequency;
        taps.iter()
            .enumerate()
            .map(|(tap, h)| Complex::from_polar(*h, turn * (tap as f64 - self.lead as f64)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::super::tests::Numbers;
    use super::*;

    #[test]
    fn names_the_largest_deviation_and_a_level_beside_it() {
        let bell = |i: i32| 4.0 * (-f64::from(i - 60).powi(2) / 100.0).exp();
        let curve: Vec<f64> = (0..POINTS as i32).map(bell).collect();
        assert_eq!(named(&curve, true), Some((0.0, 4.0)));
        let lower: Vec<f64> = curve.iter().map(|db| db - 3.0).collect();
        let (level, most) = named(&lower, true).unwrap();
        assert!((level + 3.0).abs() < 0.2 && (most - 4.0).abs() < 0.2, "{level} {most}");
        // Two wide bells have a level between them as well, and it is none of the mix.
        let wide = |i: i32| -3.0 / (1.0 + (f64::from(i - 80) / 25.0).powi(6));
        let bells: Vec<f64> = (0..POINTS as i32).map(|i| wide(i) + 2.0 * bell(i + 40)).collect();
        let (level, most) = named(&bells, true).unwrap();
        assert!(level == 0.0 && (most - 8.0).abs() < 0.2, "{level} {most}");
        assert_eq!(named(&[-2.0; 50], true), None);
        assert_eq!(named(&[], true), None);
    }

    #[test]
    fn a_delay_is_told_from_a_shelf() {
        let hz = || (0..40).map(|i| 500.0 * 1.1f64.powi(i));
        assert!(is_late(hz(), |_| 1.5) && is_late(hz(), |hz| -0.5 - 0.05 * (hz / 900.0).sin()));
        assert!(!is_late(hz(), |_| 0.05) && !is_late(hz().take(10), |_| 1.5));
        // The phase of a first-order shelf of 6 dB at 4 kHz.
        let shelf = |hz: f64| {
            ((hz / 2_800.0).atan() - (hz / 5_600.0).atan()) * 48_000.0
                / (std::f64::consts::TAU * hz)
        };
        assert!(!is_late(hz(), shelf));
    }

    #[test]
    fn a_low_note_that_began_before_its_window_leads_no_filter_astray() {
        let (shape, size) =
            (Shape { lead: 256, length: 2048 }, Size { core: 16_384, margin: 8_192 });
        let mut numbers = Numbers::new(3);
        let own: Vec<f64> = (0..size.core + 2 * size.margin)
            .map(|i| {
                let t = f64::from(i as u32) / 44_100.0;
                (-t / 0.06).exp() * (TAU * 43.0 * t).sin() + 1e-3 * numbers.next()
            })
            .collect();
        let filter: Vec<f64> = (0..1000).map(|i| 0.02 * 0.99f64.powi(i)).collect();
        let made = |taps: &[f64], lead: usize| -> Vec<f64> {
            (size.margin..size.margin + size.core)
                .map(|n| taps.iter().enumerate().map(|(i, h)| h * own[n + lead - i]).sum())
                .collect()
        };
        let missing = made(&filter, 0);
        let mut taps = shape.fit(std::slice::from_ref(&own), std::slice::from_ref(&missing), size);
        taps[shape.lead] -= 1.0;
        let left: Vec<f64> =
            missing.iter().zip(made(&taps, shape.lead)).map(|(m, made)| m - made).collect();
        let share = dot(&left, &left) / dot(&missing, &missing);
        assert!(share < 1e-3, "{share}");
    }

    #[test]
    fn an_inverse_undoes_its_filter() {
        let shape = Shape { lead: 16, length: 128 };
        let mut taps = vec![0.0; 128];
        taps[16] = 1.0;
        taps[17] = 0.4;
        taps[20] = -0.2;
        let inverse = shape.inverse(&taps);
        for frequency in [0.01, 0.1, 0.3] {
            let both = shape.response(&taps, frequency) * shape.response(&inverse, frequency);
            assert!((both - 1.0).norm() < 1e-3, "{both}");
        }
    }
}
