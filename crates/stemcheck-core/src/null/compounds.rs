//! Which stems are the sum of other stems: a bus beside its tracks, a mix among the stems.
//!
//! Works on the portraits that the pass gathers ([`super::signature`]): they are linear, so the
//! portrait of a sum is the sum of the portraits. Needs no reference. Does not look for stems that
//! are late against each other; see the null test for those.

use super::NullPart;
use super::fit::Normal;
use super::signature::{Grid, Signature};

/// Columns looked at, evenly over the song: enough to tell any two sounds apart.
const COLUMNS: usize = 2000;
/// A band this far below the loudest (-60 dB) counts for less: it holds rounding noise.
const QUIET_BAND: f64 = 1e-6;
/// A stem this far below the loudest (-90 dB) is silence.
const SILENT: f64 = 1e-9;
/// Share of each other's energy from which two stems are copies.
const COPY: f64 = 0.999;

/// What a sum bit by bit may leave unexplained (-30 dB: it may have been dithered and faded) ...
const EXACT_REST: f64 = 1e-3;
/// ... and how far off 1 the gains of its parts may be.
const EXACT_GAIN: f64 = 0.06;
/// What a sum that was processed may leave (-13 dB) ...
const LIKELY_REST: f64 = 0.05;
/// ... and by which factor the gains of its parts may differ from their median.
const LIKELY_GAIN: f64 = 1.5;
/// A file whose gain is below this, relative to the others', is no part.
const NO_PART: f64 = 0.15;
/// A share of the whole this small (-50 dB) decides nothing.
const NEGLIGIBLE: f64 = 1e-5;

/// A stem that is the sum of other stems. Files are counted among the stems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound {
    /// The sum.
    pub whole: usize,
    /// What it is made of: two or more.
    pub parts: Vec<usize>,
    /// Whether its parts are in it just as they are; else it was processed or is at another level.
    pub exact: bool,
    /// Whether all other stems are in it, and there are three or more: then it is a mix.
    pub is_mix: bool,
}

impl NullPart {
    /// Every stem that is the sum of others, in the stems' order.
    pub fn compounds(&self) -> Vec<Compound> {
        let bands = Grid::new(self.sample_rate).bins.len();
        let stems = self.signatures.get(..self.stems()).unwrap_or_default();
        compounds_of(&whitened(stems, bands))
    }
}

/// Products of all stems with each other, every band counted alike: else the bass would decide.
fn whitened(stems: &[Signature], bands: usize) -> Normal {
    let count = stems.len();
    let columns = stems.iter().map(|stem| stem.columns(bands)).max().unwrap_or(0);
    let step = columns.div_ceil(COLUMNS).max(1);
    let mut products = vec![Normal::new(count); bands];
    for (row, a) in stems.iter().enumerate() {
        for (column, b) in stems.iter().enumerate().skip(row) {
            for (normal, product) in products.iter_mut().zip(a.products(b, bands, step)) {
                normal.add(row, column, product);
            }
        }
    }
    let energies: Vec<f64> =
        products.iter().map(|band| (0..count).map(|stem| band.at(stem, stem)).sum()).collect();
    let loudest = energies.iter().copied().fold(0.0, f64::max);
    let mut gram = Normal::new(count);
    if loudest > 0.0 {
        for (band, energy) in products.iter().zip(&energies) {
            let weight = 1.0 / (energy + QUIET_BAND * loudest);
            for row in 0..count {
                for column in row..count {
                    gram.add(row, column, weight * band.at(row, column));
                }
            }
        }
    }
    gram
}

fn compounds_of(gram: &Normal) -> Vec<Compound> {
    let energy = |stem: usize| gram.at(stem, stem);
    let loudest = (0..gram.size()).map(energy).fold(0.0, f64::max);
    let mut free: Vec<usize> = Vec::new();
    for stem in (0..gram.size()).filter(|&stem| energy(stem) > SILENT * loudest) {
        let is_copy = |&other: &usize| {
            gram.at(stem, other).powi(2) > COPY * COPY * energy(stem) * energy(other)
        };
        // A copy explains its original, and the original explains nothing else: one will do.
        if !free.iter().any(is_copy) {
            free.push(stem);
        }
    }
    // A sum is louder than its parts, so what is found first is no part of what comes later: with a
    // bus and its tracks both in the mix, the mix would be made of either.
    free.sort_by(|&a, &b| energy(a).total_cmp(&energy(b)));
    let mut found: Vec<Compound> = Vec::new();
    let mut at = 0;
    while let Some(&whole) = free.get(at) {
        let others: Vec<usize> = free.iter().copied().take(at).collect();
        match compound(gram, whole, &others) {
            Some(mut compound) => {
                let later = free.len() - at - 1;
                compound.is_mix =
                    later == 0 && others.len() == compound.parts.len() && compound.parts.len() > 2;
                found.push(compound);
                free.remove(at);
            }
            None => at += 1,
        }
    }
    found.sort_by_key(|compound| compound.whole);
    found
}

/// Whether some of `others` add up to `whole`.
fn compound(gram: &Normal, whole: usize, others: &[usize]) -> Option<Compound> {
    let energy = gram.at(whole, whole);
    let normal = gram.regress(whole, others);
    let gains = normal.solve(1e-9);
    let rest = ((energy - normal.explained(&gains)) / energy).max(0.0);
    if others.len() < 2 || rest > LIKELY_REST {
        return None;
    }
    let share = |row: usize| gains[row] * gains[row] * normal.at(row, row) / energy;
    let mut heard: Vec<f64> =
        (0..others.len()).filter(|&row| share(row) > LIKELY_REST).map(|row| gains[row]).collect();
    heard.sort_by(f64::total_cmp);
    let level = *heard.get(heard.len() / 2).filter(|level| **level > 0.0)?;
    let is_part = |row: &usize| gains[*row] > NO_PART * level;
    let fits = |low: f64, high: f64, rest: f64| {
        (0..others.len()).all(|row| {
            let stray = share(row) < NEGLIGIBLE.max(rest);
            if is_part(&row) { (low..high).contains(&gains[row]) || stray } else { stray }
        })
    };
    let exact = rest < EXACT_REST && fits(1.0 - EXACT_GAIN, 1.0 + EXACT_GAIN, rest);
    let parts: Vec<usize> =
        (0..others.len()).filter(is_part).filter_map(|row| others.get(row)).copied().collect();
    let likely = exact || fits(level / LIKELY_GAIN, level * LIKELY_GAIN, rest);
    (likely && parts.len() >= 2).then_some(Compound {
        whole,
        parts: sorted(parts),
        exact,
        is_mix: false,
    })
}

fn sorted(mut parts: Vec<usize>) -> Vec<usize> {
    parts.sort_unstable();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products of files that are mixtures of so many independent sounds, all equally loud.
    fn gram(files: &[&[f64]]) -> Normal {
        let mut gram = Normal::new(files.len());
        for (row, a) in files.iter().enumerate() {
            for (column, b) in files.iter().enumerate().skip(row) {
                gram.add(row, column, a.iter().zip(*b).map(|(a, b)| a * b).sum());
            }
        }
        gram
    }

    fn found(files: &[&[f64]]) -> Vec<(usize, Vec<usize>, bool, bool)> {
        let each = |c: Compound| (c.whole, c.parts, c.exact, c.is_mix);
        compounds_of(&gram(files)).into_iter().map(each).collect()
    }

    #[test]
    fn a_bus_beside_its_tracks() {
        let files: [&[f64]; 5] = [
            &[1.0, 0.0, 0.0, 0.0],
            &[0.0, 0.5, 0.0, 0.0],
            &[0.0, 0.0, 3.0, 0.0],
            &[1.0, 0.5, 0.0, 0.0],
            &[0.0, 0.0, 0.0, 0.01],
        ];
        assert_eq!(found(&files), [(3, vec![0, 1], true, false)]);
        assert_eq!(found(&files[..3]), []);
    }

    #[test]
    fn a_mix_among_the_stems_and_a_bus_in_it() {
        let files: [&[f64]; 6] = [
            &[1.0, 0.5, 2.0, 0.3],
            &[1.0, 0.0, 0.0, 0.0],
            &[0.0, 0.5, 0.0, 0.0],
            &[0.0, 0.0, 2.0, 0.0],
            &[0.0, 0.0, 0.0, 0.3],
            &[1.0, 0.5, 0.0, 0.0],
        ];
        let expected = [(0, vec![1, 2, 3, 4], true, true), (5, vec![1, 2], true, false)];
        assert_eq!(found(&files), expected);
    }

    #[test]
    fn a_processed_bus_is_likely_and_what_only_resembles_is_none() {
        let tracks: [&[f64]; 2] = [&[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0]];
        let with = |bus: &[f64]| found(&[tracks[0], tracks[1], bus]);
        assert_eq!(with(&[0.9, 0.8, 0.2]), [(2, vec![0, 1], false, false)]);
        assert_eq!(with(&[0.9, 0.8, 0.6]), []);
        assert_eq!(with(&[1.0, 0.3, 0.1]), [], "one of them is hardly in it");
        assert_eq!(with(&[-1.0, -1.0, 0.0]), []);
    }

    #[test]
    fn copies_explain_nothing() {
        let files: [&[f64]; 4] = [&[1.0, 0.0], &[1.0, 0.0], &[0.0, 1.0], &[0.0, 1.0]];
        assert_eq!(found(&files), []);
    }
}
