//! Whether a stem that the reference does not need is there twice: as a copy, as the sum of others,
//! or inside another.

use super::fit::Normal;
use super::scene::Scene;

/// Correlation of a copy with its original.
const COPY: f64 = 0.999;
/// Share of a stem's energy that other stems explain if it is their sum.
const SUM_SHARE: f64 = 0.9;
/// How far the content of one stem in another may stray from all of it, from moment to moment.
const STRAY: f64 = 0.2;

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
    let blocks = scene.products_by_block(stem);
    others.into_iter().find(|&other| holds(&blocks, stem, other))
}

/// If the other stems add up to this one, the one that makes up most of it.
fn largest_part(gram: &Normal, stem: usize, others: &[usize]) -> Option<usize> {
    let mut normal = Normal::new(others.len());
    for (row, &a) in others.iter().enumerate() {
        normal.add_target(row, gram.at(stem, a));
        for (column, &b) in others.iter().enumerate().skip(row) {
            normal.add(row, column, gram.at(a, b));
        }
    }
    let gains = normal.solve(1e-6);
    if normal.explained(&gains) < SUM_SHARE * gram.at(stem, stem) {
        return None;
    }
    let part = |row: usize| gains[row] * gains[row] * normal.at(row, row);
    (0..others.len()).max_by(|&a, &b| part(a).total_cmp(&part(b))).map(|row| others[row])
}

/// Whether `other` holds all of `stem`, moment by moment: a chance likeness of two parts comes and
/// goes, a part inside a bus stays.
fn holds(blocks: &[Vec<f64>], stem: usize, other: usize) -> bool {
    let total: f64 = blocks.iter().map(|products| products[stem]).sum();
    let mean = blocks.iter().map(|products| products[other]).sum::<f64>() / total;
    let stray: f64 =
        blocks.iter().map(|products| (products[other] - mean * products[stem]).abs()).sum();
    (mean - 1.0).abs() < STRAY && stray < STRAY * total
}
