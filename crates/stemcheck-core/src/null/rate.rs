//! A file whose header tells another sample rate than its audio has: it plays at another speed and
//! pitch, and its length is off by the very ratio of the two rates.
//!
//! Only rates that a file's length makes plausible are tried, so that a usual song costs nothing; where
//! every stem has a length of its own, those of a stem that the mix does not seem to have. Refused is what
//! does not fit at that speed far better than at its own.

use super::Setup;
use super::diagnose::Step;
use super::hypotheses::Found;
use super::recipe::Correction;
use super::scene::Scene;
use super::treatment::Treatment;

/// Rates that converters and programs are set to, in Hz.
const RATES: [u32; 8] = [22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// A length fits if it is off by less than this share of it, and this many seconds.
const LENGTH_SHARE: f64 = 0.002;
const LENGTH_S: f64 = 0.1;

/// At the right speed a file explains this much more of what is wanted of it than at the wrong one.
const TIMES_BETTER: f64 = 4.0;
/// ... and its level is right, within this factor.
const LEVEL: f64 = 2.0;

/// Brings every file to the speed that it was made for; yields what was done.
pub(super) fn restore(setup: &Setup, scene: &mut Scene) -> Vec<Step> {
    let mut steps = Vec::new();
    for file in (0..scene.files()).rev() {
        let plausible = plausible(setup, file);
        if plausible.is_empty() {
            continue;
        }
        let before = scene.residual_energy();
        if let Some(found) = at_its_speed(setup, scene, file, &plausible) {
            steps.push(Step { found, before, after: scene.residual_energy().min(before) });
        }
    }
    steps
}

/// The same of stems that were left out of the sum: at another speed nothing of the mix is like them.
pub(super) fn restore_left_out(setup: &Setup, scene: &mut Scene) -> Vec<Step> {
    let mut steps = Vec::new();
    let length = |file: usize| setup.lengths.get(file).map_or(0.0, |&frames| frames as f64);
    let song = length(scene.reference());
    let out = |file: &usize| scene.correction(*file).gain == 0.0;
    for file in (0..scene.reference()).filter(out).collect::<Vec<_>>() {
        let (state, before) = (scene.state(), scene.residual_energy());
        let real_rates: Vec<u32> = RATES
            .into_iter()
            .filter(|&real| real != setup.sample_rate)
            .filter(|&real| {
                let at_that = length(file) * f64::from(setup.sample_rate) / f64::from(real);
                at_that < (1.0 + LENGTH_SHARE) * song
            })
            .collect();
        scene.correct(&[(file, Correction::default())]);
        match at_its_speed(setup, scene, file, &real_rates) {
            Some(found) if scene.residual_energy() < before => {
                steps.push(Step { found, before, after: scene.residual_energy() });
            }
            _ => scene.restore(state),
        }
    }
    steps
}

/// Treats a file by the speed of whichever of these rates fits; yields what that means.
fn at_its_speed(
    setup: &Setup,
    scene: &mut Scene,
    file: usize,
    real_rates: &[u32],
) -> Option<Vec<Found>> {
    let rate = f64::from(setup.sample_rate);
    let as_it_is = fit(scene, file);
    let best = real_rates
        .iter()
        .filter_map(|&real| {
            scene.treat(file, vec![Treatment::Speed(f64::from(real) / rate)]);
            let (explained, gain) = fit(scene, file);
            let at_level = (1.0 / LEVEL..LEVEL).contains(&gain.abs());
            let better = explained > TIMES_BETTER * as_it_is.0;
            (better && (at_level || file == scene.reference())).then_some((explained, real))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let treatments = best.map(|(_, real)| Treatment::Speed(f64::from(real) / rate));
    scene.treat(file, treatments.into_iter().collect());
    best.map(|(_, real)| vec![Found::new("wrong-rate-header", Some(file), f64::from(real), "Hz")])
}

/// Rates other than the header's that would make the file as long as another one.
fn plausible(setup: &Setup, file: usize) -> Vec<u32> {
    let rate = f64::from(setup.sample_rate);
    let own = setup.lengths.get(file).map_or(0.0, |&frames| frames as f64);
    let lengths = setup.lengths.iter().enumerate().filter(|(other, _)| *other != file);
    let others: Vec<f64> = lengths.map(|(_, &frames)| frames as f64).collect();
    let fits = |length: f64, other: &f64| {
        (length - other).abs() < LENGTH_SHARE * other + LENGTH_S * rate.min(0.01 * other)
    };
    // A stem as long as the reference is at its speed, and a reference as long as any stem.
    let anchors = if file == setup.stems.len() {
        &others[..]
    } else {
        others.split_at(others.len().saturating_sub(1)).1
    };
    if own <= 0.0 || anchors.iter().any(|other| fits(own, other)) {
        return Vec::new();
    }
    let real_rates = RATES.into_iter().filter(|&real| real != setup.sample_rate);
    real_rates
        .filter(|&real| {
            let length = own * rate / f64::from(real);
            others.iter().any(|other| fits(length, other))
        })
        .collect()
}

/// The share of what is wanted of the file that it explains where it fits best, and its gain there.
fn fit(scene: &mut Scene, file: usize) -> (f64, f64) {
    let advance = scene.correction(file).advance_frames;
    let correlation = scene.correlate(file, advance);
    let best = correlation.peaks(1.0, 1).pop();
    best.filter(|fit| fit.energy > 0.0 && correlation.target_energy > 0.0).map_or(
        (0.0, 0.0),
        |fit| {
            let gain = fit.product / fit.energy;
            (gain * fit.product / correlation.target_energy, gain)
        },
    )
}
