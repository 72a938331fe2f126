//! What processing did to the reference, as curves: over level, over time, over frequency.
//!
//! Only measures what the pursuit has found to be there.

use super::Forensics;
use super::dynamics::gain_db;
use super::meter::NullPart;
use super::recipe::product_within;
use super::scene::Scene;
use super::taps::Taps;
use super::treatment::Treatment;
use crate::spectrum::Fourier;
use crate::units::{db_from_amplitude, db_from_power};

/// Blocks whose level and gain are compared, in seconds.
const BLOCK_S: f64 = 0.01;
/// Levels in dB to a point of the curve, fewest blocks for one, and how far down it goes.
const LEVEL_STEP_DB: f64 = 2.0;
const FEWEST_BLOCKS: usize = 5;
const LOWEST_DBFS: f64 = -60.0;
/// Most points over time.
const MOST_MOMENTS: usize = 300;
/// Points to an octave over frequency, and their range in Hz.
const PER_OCTAVE: f64 = 4.0;
const LOWEST_HZ: f64 = 30.0;
const HIGHEST_HZ: f64 = 16_000.0;

/// Curves of all that was found on the mix; `None` if nothing was.
pub(super) fn forensics(part: &NullPart, scene: &mut Scene) -> Option<Forensics> {
    let reference = scene.reference();
    let gains = scene.bus().iter().any(|bus| bus.of_mix(reference));
    let mut forensics = Forensics::default();
    if gains {
        forensics.gain_over_level = over_level(scene, f64::from(part.sample_rate));
        forensics.gain_over_time = over_time(part, scene);
    }
    for treatment in scene.treatments(reference) {
        match treatment {
            Treatment::Filter { taps, .. } => {
                forensics.eq = over_frequency(taps, f64::from(part.sample_rate));
            }
            Treatment::Matrix([[a, b], [c, d]]) => {
                let (middle, sides) = (a + b + c + d, a + d - b - c);
                if middle > 0.0 && sides > 0.0 {
                    forensics.width_db = Some(db_from_amplitude(middle / sides));
                }
            }
            _ => {}
        }
    }
    (forensics != Forensics::default()).then_some(forensics)
}

/// Gain against the level of the sum: the middle one of all blocks of a level.
fn over_level(scene: &Scene, rate: f64) -> Vec<(f64, f64)> {
    let reference = scene.reference();
    let block = ((BLOCK_S * rate) as usize).max(1);
    let mut levels: std::collections::BTreeMap<i64, Vec<f64>> = std::collections::BTreeMap::new();
    for (mix, sum) in scene.standing(reference).iter().zip(&scene.unscaled_sum()) {
        for start in (0..mix[0].len()).step_by(block) {
            let range = start..(start + block).min(mix[0].len());
            let energy = product_within(sum, sum, &range);
            let level = db_from_power(energy / (2 * range.len()) as f64);
            if level > LOWEST_DBFS {
                let gain = gain_db(product_within(mix, sum, &range) / energy);
                levels.entry((level / LEVEL_STEP_DB).floor() as i64).or_default().push(gain);
            }
        }
    }
    levels
        .into_iter()
        .filter(|(_, gains)| gains.len() >= FEWEST_BLOCKS)
        .map(|(level, mut gains)| {
            gains.sort_by(f64::total_cmp);
            ((level as f64 + 0.5) * LEVEL_STEP_DB, gains[gains.len() / 2])
        })
        .collect()
}

fn over_time(part: &NullPart, scene: &mut Scene) -> Vec<(f64, f64)> {
    let portrait = scene.portrait(part);
    let columns = part.seconds.len() as f64 / portrait.column_s;
    let step = (columns / MOST_MOMENTS as f64).ceil().max(1.0) as usize;
    let moments = portrait.mix_levels(step);
    let loudest = moments.iter().map(|moment| moment.energy).fold(0.0, f64::max);
    moments
        .iter()
        .enumerate()
        .filter(|(_, moment)| moment.energy > 1e-5 * loudest)
        .filter_map(|(at, moment)| {
            let seconds = (at as f64 + 0.5) * step as f64 * portrait.column_s;
            Some((part.first_second as f64 + seconds, gain_db(moment.gain()?)))
        })
        .collect()
}

/// What the filter that equalises the reference takes back.
fn over_frequency(taps: &[Taps; 2], rate: f64) -> Vec<(f64, f64)> {
    const LENGTH: usize = 16_384;
    let mut fourier = Fourier::new(LENGTH);
    let mut power = vec![0.0; fourier.bins()];
    let mut spectrum = Vec::new();
    for taps in taps {
        fourier.forward(taps.iter().map(|&h| f64::from(h)), &mut spectrum);
        for (sum, bin) in power.iter_mut().zip(&spectrum) {
            *sum += bin.norm_sqr() / 2.0;
        }
    }
    let highest = HIGHEST_HZ.min(0.45 * rate);
    let count = (PER_OCTAVE * (highest / LOWEST_HZ).log2()) as usize;
    (0..=count)
        .filter_map(|point| {
            let hz = LOWEST_HZ * (point as f64 / PER_OCTAVE).exp2();
            let gain = power.get((hz * LENGTH as f64 / rate).round() as usize)?;
            Some((hz, -db_from_power(gain.max(1e-6))))
        })
        .collect()
}
