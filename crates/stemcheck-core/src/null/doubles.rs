//! Whether a stem that the reference does not need is there twice: as a copy, as the sum of others,
//! or inside another.

use super::fit::Normal;
use super::hypotheses::{Proposal, SHARP_NEED_DB};
use super::recipe::{Correction, Pair};
use super::scene::Scene;
use crate::spectrum::{Fourier, hann};

/// Correlation of a copy with its original.
const COPY: f64 = 0.999;
/// Share of a stem's energy that other stems explain if it is their sum.
const SUM_SHARE: f64 = 0.9;
/// How much of a stem must stand out in another for that to be told.
const SEEN: f64 = 0.1;
/// How much of what stands out must be the same (by chance, a quarter is).
const SAME: f64 = 0.6;

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
        let off = Correction { gain: 0.0, advance_frames: 0.0 };
        if scene.correction(stem).gain != 0.0 {
            let state = scene.state();
            scene.correct(&[(stem, off)]);
            scene.follow_again();
            let energy = scene.residual_energy();
            scene.restore(state);
            found.push(Proposal::correct(vec![(stem, off)], energy, 0.1, SHARP_NEED_DB));
        }
    }
    found
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

/// Whether `whole` holds all of `part`: where in time and frequency `part` is about as loud as
/// `whole`, it is `whole`, phase and all. Two takes of the same notes are as loud, but not the same.
fn holds(whole: &[Pair], part: &[Pair], frame: usize) -> bool {
    let (mut fourier, window) = (Fourier::new(frame), hann(frame));
    let (mut whole_spectrum, mut part_spectrum) = (Vec::new(), Vec::new());
    let (mut all, mut as_loud, mut same) = (0.0, 0.0, 0.0);
    for (whole, part) in whole.iter().flatten().zip(part.iter().flatten()) {
        for (whole, part) in whole.chunks_exact(frame).zip(part.chunks_exact(frame)) {
            fourier.forward(whole.iter().zip(&window).map(|(x, w)| x * w), &mut whole_spectrum);
            fourier.forward(part.iter().zip(&window).map(|(x, w)| x * w), &mut part_spectrum);
            for (w, p) in whole_spectrum.iter().zip(&part_spectrum) {
                let energy = p.norm_sqr();
                all += energy;
                if (0.5 * energy..2.0 * energy).contains(&w.norm_sqr()) {
                    as_loud += energy;
                    if (w - p).norm_sqr() < 0.5 * energy {
                        same += energy;
                    }
                }
            }
        }
    }
    as_loud > SEEN * all && same > SAME * as_loud
}
