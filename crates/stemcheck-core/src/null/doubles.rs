//! Whether a stem that the reference does not need is there twice: as a copy, as the sum of others,
//! or inside another.

use super::fit::Normal;
use super::hypotheses::{LEAST_GAIN_DB, Proposal, SHARP_NEED_DB, gain_apart_db};
use super::recipe::{Correction, Pair};
use super::scene::Scene;
use super::together::NEXT_TO_NOTHING;
use crate::spectrum::{Complex, Fourier, hann};

/// Correlation of a copy with its original.
const COPY: f64 = 0.999;
/// Share of a stem's energy that other stems explain if it is their sum.
const SUM_SHARE: f64 = 0.9;
/// Bins of a spectrum that are looked at together.
const CELL: usize = 8;
/// Of what is held, all is there, at its level, as far as the rest lets it be told (of what is not held,
/// less than a tenth, by chance).
const HELD: std::ops::RangeInclusive<f64> = 0.6..=1.4;

/// The stem that holds the same material as `stem`, if there is one.
pub(super) fn double_of(scene: &Scene, stem: usize) -> Option<usize> {
    let stems = scene.reference();
    let others: Vec<usize> = (0..stems).filter(|&other| other != stem).collect();
    let gram = scene.stem_gains();
    let own = gram.at(stem, stem);
    if own <= 0.0 {
        return None;
    }
    let likeness = |other: &usize| {
        let energies = own * gram.at(*other, *other);
        if energies > 0.0 { gram.at(stem, *other).abs() / energies.sqrt() } else { 0.0 }
    };
    let nearest = others.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    if likeness(&nearest) > COPY {
        return Some(nearest);
    }
    if let Some(part) = largest_part(&gram, stem, &others) {
        return Some(part);
    }
    let part = scene.cores(stem);
    others.into_iter().find(|&other| holds(&scene.cores(other), &part, scene.size.core / 16))
}

/// The stems that are copies of others before them, at any level.
pub(super) fn copies(scene: &Scene) -> Vec<usize> {
    let gram = scene.stem_gains();
    let alike =
        |a: usize, b: usize| gram.at(a, b).powi(2) > COPY * COPY * gram.at(a, a) * gram.at(b, b);
    (0..scene.reference()).filter(|&stem| (0..stem).any(|other| alike(stem, other))).collect()
}

/// Each copy left out beside a gain of the mix that is followed, and was followed with the copy in it.
pub(super) fn without_copies(scene: &mut Scene) -> Vec<Proposal> {
    if scene.bus().is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for stem in copies(scene) {
        if scene.correction(stem).gain != 0.0 {
            let state = scene.state();
            let left_out = vec![(stem, Correction::LEFT_OUT)];
            scene.correct(&left_out);
            scene.follow_again();
            let energy = scene.residual_energy();
            scene.restore(state);
            found.push(Proposal::correct(left_out, energy, 0.1, SHARP_NEED_DB));
        }
    }
    found
}

/// Stems that hold the same between them can share what is wrong in many ways: of two copies, each half
/// as loud is one. Puts it on as few stems as can be, one of them left out, where that leaves no more
/// than `most`.
pub(super) fn put_on_fewest(scene: &mut Scene, most: f64) {
    let off = |gain: f64| gain_apart_db(gain, 1.0) >= LEAST_GAIN_DB;
    // What else would be left out weighs more than what is off.
    let weight = |gain: f64| if gain.abs() < NEXT_TO_NOTHING { 2 } else { usize::from(off(gain)) };
    let is_shared = |stem: &usize| {
        let gain = scene.correction(*stem).gain;
        gain != 0.0 && off(gain)
    };
    let shared: Vec<usize> = (0..scene.reference()).filter(is_shared).collect();
    if shared.len() < 2 {
        return;
    }
    let gram = scene.stem_gains();
    let without = |&stem: &usize| {
        let others: Vec<usize> = shared.iter().copied().filter(|&other| other != stem).collect();
        let normal = gram.regress(stem, &others);
        let parts = normal.solve(1e-9);
        if normal.explained(&parts) < COPY * gram.at(stem, stem) {
            return None;
        }
        let own = scene.correction(stem).gain;
        let taking_over = others.iter().zip(&parts).map(|(&other, part)| {
            let was = scene.correction(other);
            (other, Correction { gain: was.gain + own * part, ..was })
        });
        let mut changes: Vec<(usize, Correction)> = taking_over.collect();
        let weight: usize = changes.iter().map(|(_, new)| weight(new.gain)).sum();
        changes.push((stem, Correction::LEFT_OUT));
        Some((weight, changes))
    };
    // Of copies, the later file is the copy.
    let lightest = shared.iter().rev().filter_map(without).min_by_key(|(weight, _)| *weight);
    let Some((_, changes)) = lightest else { return };
    let state = scene.state();
    scene.correct(&changes);
    if scene.residual_energy() > most {
        scene.restore(state);
    }
}

/// If the other stems add up to this one, the one that makes up most of it.
fn largest_part(gram: &Normal, stem: usize, others: &[usize]) -> Option<usize> {
    let normal = gram.regress(stem, others);
    let gains = normal.solve(1e-6);
    if normal.explained(&gains) < SUM_SHARE * gram.at(stem, stem) {
        return None;
    }
    let part = |row: usize| gains[row] * gains[row] * normal.at(row, row);
    (0..others.len()).max_by(|&a, &b| part(a).total_cmp(&part(b))).map(|row| others[row])
}

/// Whether `whole` holds all of `part`: how much of the part is in it, told cell by cell of time and
/// frequency, most by those in which the rest of it is quiet. Two takes of the same notes are as loud,
/// but not the same.
fn holds(whole: &[Pair], part: &[Pair], frame: usize) -> bool {
    let (mut fourier, window) = (Fourier::new(frame), hann(frame));
    let (mut whole_spectrum, mut part_spectrum) = (Vec::new(), Vec::new());
    let (mut common, mut all) = (0.0, 0.0);
    for (whole, part) in whole.iter().flatten().zip(part.iter().flatten()) {
        for (whole, part) in whole.chunks_exact(frame).zip(part.chunks_exact(frame)) {
            fourier.forward(whole.iter().zip(&window).map(|(x, w)| x * w), &mut whole_spectrum);
            fourier.forward(part.iter().zip(&window).map(|(x, w)| x * w), &mut part_spectrum);
            for (w, p) in whole_spectrum.chunks(CELL).zip(part_spectrum.chunks(CELL)) {
                let energy =
                    |bins: &[Complex<f64>]| bins.iter().map(Complex::norm_sqr).sum::<f64>();
                let rest: f64 = w.iter().zip(p).map(|(w, p)| (w - p).norm_sqr()).sum();
                let loudness = rest + energy(p);
                if loudness > 0.0 {
                    let product: f64 = w.iter().zip(p).map(|(w, p)| (w * p.conj()).re).sum();
                    common += product / loudness;
                    all += energy(p) / loudness;
                }
            }
        }
    }
    HELD.contains(&(common / all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::dsp::Noise;
    use std::f64::consts::TAU;

    /// Players of one section: the same long notes, each with a bow of its own.
    fn player(seed: u64) -> Pair {
        let (mut noise, frames) = (Noise::new(seed), 48_000);
        let mut side = vec![0.0; frames];
        for note in 0..8 {
            for harmonic in 1..8 {
                let hz = 220.0 * 1.12f64.powi(note % 5) * f64::from(harmonic);
                let (phase, level) = (f64::from(noise.sample()) * TAU, f64::from(noise.sample()));
                let vibrato = 4.5 + f64::from(noise.sample());
                for (i, x) in side.iter_mut().enumerate().skip(note as usize * 6_000).take(6_000) {
                    let t = i as f64 / 48_000.0;
                    let bent = hz * t + 0.3 * f64::from(harmonic) * (TAU * vibrato * t).sin();
                    *x += level * (TAU * bent + phase).sin() / f64::from(harmonic);
                }
            }
        }
        [side.clone(), side]
    }

    #[test]
    fn a_part_is_told_inside_another_of_the_same_register() {
        let (one, other) = (player(1), player(2));
        let both: Pair = std::array::from_fn(|side| {
            one[side].iter().zip(&other[side]).map(|(a, b)| 2.0 * a + b).collect()
        });
        assert!(holds(std::slice::from_ref(&both), std::slice::from_ref(&other), 512));
        assert!(!holds(&[one], std::slice::from_ref(&other), 512));
        // At another level it is a send, and something else.
        assert!(!holds(&[both], &[other.map(|side| side.iter().map(|x| 3.0 * x).collect())], 512));
    }
}
