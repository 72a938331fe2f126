//! Whether the reference has anything to do with the stems at all.
//!
//! Asked only where nothing made the residual much less than the reference. Short phrases of the stems
//! are looked for in the whole reference, band by band and in any phase, so that levels, filters,
//! limiters, polarity, shifts and drift do not matter. Never says that one stem is a stranger: that is
//! `not-in-reference`.

use super::meter::NullPart;
use super::scene::Scene;
use super::signature::{Grid, Signature};
use super::{Cause, Confidence};
use crate::spectrum::{Complex, ComplexFourier};

/// A residual below this share of the reference (-5 dB) says that they have something in common.
const IN_COMMON: f64 = 0.3;

/// Length of a phrase in columns: three seconds, in which a drift hardly turns a phase.
const PHRASE: usize = 72;
/// How many phrases are looked for, of the stems together and of each alone.
const PHRASES: usize = 10;
const STEM_PHRASES: usize = 5;
/// Columns by which phrases may have drifted apart over the song.
const DRIFT: usize = 6;

/// Phrases that are this alike are the same music, ...
const RELATED: f64 = 0.4;
/// ... and so are those that are at one shift so many times as alike as at most others: in the same
/// key and beat, some likeness is chance ...
const STANDS_OUT: f64 = 2.8;
const MOST_SHIFTS: f64 = 0.9;
/// ... and below this they are certainly not.
const UNRELATED: f64 = 0.2;

/// Share of the stems, by energy, that is not in another song's mix, and of the mix that is left without them.
const MOSTLY_OUT: f64 = 0.8;
const ALL_OF_IT: f64 = 0.8;

/// The one cause there is, if nothing of the stems is in the reference.
pub(super) fn different_song(part: &NullPart, scene: &Scene) -> Option<Cause> {
    if scene.residual_energy() < IN_COMMON * scene.reference_energy() {
        return None;
    }
    let likeness = likeness(part)?;
    let (start_s, end_s) = part.span_s();
    // In the same key and of sustained notes strangers are alike; but then nothing of the one is the other's.
    (!likeness.is_related() || all_are_out(part, scene)).then(|| Cause {
        code: "different-song".into(),
        stem: None,
        on_reference: false,
        other: None,
        value: None,
        unit: String::new(),
        share: 1.0,
        explains_db: 0.0,
        confidence: if likeness.best < UNRELATED {
            Confidence::Certain
        } else {
            Confidence::Likely
        },
        expected: false,
        start_s,
        end_s,
    })
}

/// Whether what was found is that all but a little of the stems is not in the reference, which stays as it is.
pub(super) fn all_are_out(part: &NullPart, scene: &Scene) -> bool {
    let (mut out, mut all) = (0.0, 0.0);
    for stem in 0..scene.reference() {
        let energy = part.energy(stem);
        all += energy;
        if scene.correction(stem).gain == 0.0 {
            out += energy;
        }
    }
    out > MOSTLY_OUT * all && scene.residual_energy() > ALL_OF_IT * scene.reference_energy()
}

/// How alike the stems and the reference are, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    /// At the shift that suits them best.
    pub best: f64,
    /// At most shifts less than this.
    pub usual: f64,
}

impl Likeness {
    pub(super) fn is_related(self) -> bool {
        self.best >= RELATED || self.best >= STANDS_OUT * self.usual
    }
}

/// How alike all stems together are to the reference, else the stem that is most alike. `None` for
/// songs too short to tell.
pub(super) fn likeness(part: &NullPart) -> Option<Likeness> {
    let grid = Grid::new(part.sample_rate);
    let bands = grid.bins.len();
    let (reference, stems) = part.signatures.split_last()?;
    let columns = part.columns(&grid);
    if columns < PHRASE * 3 / 2 {
        return None;
    }
    let song = Song::new(reference, &grid, columns);
    let mut all: Vec<Vec<Complex<f64>>> = vec![vec![Complex::default(); columns]; bands];
    for stem in stems {
        for (band, sum) in all.iter_mut().enumerate() {
            for (sum, value) in sum.iter_mut().zip(stem.band(&grid, band, columns, 0.0)) {
                *sum += value;
            }
        }
    }
    let mut best = song.likeness(&all, PHRASES);
    for stem in stems {
        if best.is_related() {
            break;
        }
        let alone: Vec<Vec<Complex<f64>>> =
            (0..bands).map(|band| stem.band(&grid, band, columns, 0.0)).collect();
        let likeness = song.likeness(&alone, STEM_PHRASES);
        if likeness.is_related() || likeness.best > best.best {
            best = likeness;
        }
    }
    Some(best)
}

/// The reference, made ready to be searched.
struct Song {
    columns: usize,
    length: usize,
    /// By band.
    spectra: Vec<Vec<Complex<f64>>>,
    /// By band: energy of the columns before each column.
    energies: Vec<Vec<f64>>,
}

impl Song {
    fn new(reference: &Signature, grid: &Grid, columns: usize) -> Self {
        let length = (2 * columns).next_power_of_two();
        let mut fourier = ComplexFourier::new(length);
        let (mut spectra, mut energies) = (Vec::new(), Vec::new());
        for band in 0..grid.bins.len() {
            let mut values = reference.band(grid, band, columns, 0.0);
            let mut sums = vec![0.0];
            let mut sum = 0.0;
            for value in &values {
                sum += value.norm_sqr();
                sums.push(sum);
            }
            energies.push(sums);
            fourier.forward(&mut values);
            spectra.push(values);
        }
        Self { columns, length, spectra, energies }
    }

    /// How alike the phrases of `file` (its bands over all columns) are to the reference at the shift
    /// that suits them all best.
    fn likeness(&self, file: &[Vec<Complex<f64>>], count: usize) -> Likeness {
        let mut fourier = ComplexFourier::new(self.length);
        let starts = phrases(file, self.columns, count);
        let mut total = vec![0.0; self.length];
        for &start in &starts {
            let scores = self.scores(&mut fourier, file, start);
            // The best within the drift.
            for (at, total) in total.iter_mut().enumerate() {
                let near = (0..=2 * DRIFT).map(|d| (at + self.length + d - DRIFT) % self.length);
                *total += near.map(|near| scores[near]).fold(0.0, f64::max);
            }
        }
        // Further apart than half the song too little of it is left to compare.
        let half = self.columns / 2;
        let mut near = [&total[..half], &total[self.length - half..]].concat();
        near.sort_by(f64::total_cmp);
        let usual = near.get((MOST_SHIFTS * near.len() as f64) as usize).copied().unwrap_or(0.0);
        let best = total.into_iter().fold(0.0, f64::max);
        let count = starts.len().max(1) as f64;
        Likeness { best: best / count, usual: usual / count }
    }

    /// How alike one phrase is at every shift (negative ones at the end).
    fn scores(
        &self,
        fourier: &mut ComplexFourier<f64>,
        file: &[Vec<Complex<f64>>],
        start: usize,
    ) -> Vec<f64> {
        let mut scores = vec![0.0; self.length];
        let mut weights = 0.0;
        let phrase = start..(start + PHRASE).min(self.columns);
        for (band, values) in file.iter().enumerate() {
            let own: f64 = values[phrase.clone()].iter().map(Complex::norm_sqr).sum();
            if own <= 0.0 {
                continue;
            }
            // Loud bands count more, yet not alone.
            let weight = own.sqrt();
            weights += weight;
            let mut cross = vec![Complex::default(); self.length];
            cross[phrase.clone()].copy_from_slice(&values[phrase.clone()]);
            fourier.forward(&mut cross);
            for (cross, reference) in cross.iter_mut().zip(&self.spectra[band]) {
                *cross = reference * cross.conj();
            }
            fourier.inverse(&mut cross);
            let energies = &self.energies[band];
            let loudest = energies.last().copied().unwrap_or(0.0) * PHRASE as f64;
            let silence = 1e-6 * loudest / self.columns as f64;
            // The inverse transform does not divide by its length.
            let scale = (self.length as f64).powi(2);
            for (at, (score, cross)) in scores.iter_mut().zip(&cross).enumerate() {
                let shift = at as i64 - if 2 * at >= self.length { self.length as i64 } else { 0 };
                let place = |column: usize| {
                    (column as i64 + shift).clamp(0, self.columns as i64).unsigned_abs() as usize
                };
                let there = energies[place(phrase.end)] - energies[place(phrase.start)];
                if there > silence {
                    *score += weight * (cross.norm_sqr() / (scale * own * there)).min(1.0);
                }
            }
        }
        if weights > 0.0 {
            for score in &mut scores {
                *score /= weights;
            }
        }
        scores
    }
}

/// First columns of phrases in which the file is heard, spread over the song.
fn phrases(file: &[Vec<Complex<f64>>], columns: usize, count: usize) -> Vec<usize> {
    let starts: Vec<usize> = (0..=columns.saturating_sub(PHRASE)).step_by(PHRASE).collect();
    let energy = |start: usize| -> f64 {
        file.iter().flat_map(|band| &band[start..start + PHRASE]).map(Complex::norm_sqr).sum()
    };
    let energies: Vec<f64> = starts.iter().map(|&start| energy(start)).collect();
    let loudest = energies.iter().copied().fold(0.0, f64::max);
    let heard: Vec<usize> = starts
        .into_iter()
        .zip(energies)
        .filter(|(_, energy)| *energy > 0.01 * loudest)
        .map(|(start, _)| start)
        .collect();
    let count = count.min(heard.len());
    (0..count).filter_map(|i| heard.get(i * heard.len() / count.max(1))).copied().collect()
}
