//! How kick and bass add up where both sound, from their low ends.
//!
//! Decides what counts as a hit that both share, and how much of the power is left of the two. Over a
//! whole song it is nearly always nothing that is lost or gained: a kick and a bass rarely share a
//! frequency for long. Does not judge.

use super::loudness::Biquad;
use super::low::Low;
use crate::units::{db_from_power, power_from_db};

/// The band that they share, in Hz.
const LOWEST_HZ: f64 = 40.0;
const HIGHEST_HZ: f64 = 120.0;
/// Blocks a second.
const BLOCKS: f64 = 20.0;
/// Against their loudest block, kick and bass sound from here on, in dB.
const KICK_DB: f64 = -13.0;
const BASS_DB: f64 = -17.0;
/// There is a low end if the loudest block of either is above this, in dB.
const LEAST_DB: f64 = -50.0;

/// What two low ends do to each other in the hits that they share.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Power of both together against that of each alone, in dB: 0 for unrelated ones, 3 at best.
    pub sum_db: f64,
    /// The hits, in seconds, each with the same figure of its own.
    pub hits: Vec<(f64, f64, f64)>,
}

/// Powers over a stretch.
#[derive(Debug, Clone, Copy, Default)]
struct Powers {
    kick: f64,
    bass: f64,
    both: f64,
}

impl Powers {
    fn add(&mut self, other: Self) {
        self.kick += other.kick;
        self.bass += other.bass;
        self.both += other.both;
    }

    fn sum(parts: &[Self]) -> Self {
        parts.iter().fold(Self::default(), |mut sum, &part| {
            sum.add(part);
            sum
        })
    }

    fn sounds(&self, kick: f64, bass: f64) -> bool {
        self.kick > kick && self.bass > bass
    }

    fn sum_db(self) -> f64 {
        db_from_power((self.both / (self.kick + self.bass)).max(1e-6))
    }
}

/// Kicks and basses that play together; `None` if they share no hit or their rates differ.
pub fn overlap(kicks: &[&Low], basses: &[&Low]) -> Option<Overlap> {
    let rate = kicks.first()?.rate;
    if rate <= 0.0 || kicks.iter().chain(basses).any(|low| low.rate != rate) {
        return None;
    }
    let size = ((rate / BLOCKS) as usize).max(1);
    let blocks = blocks(&sum(kicks), &sum(basses), rate, size);
    let loudest = |power: fn(&Powers) -> f64| blocks.iter().map(power).fold(0.0, f64::max);
    let (kick, bass) = (loudest(|block| block.kick), loudest(|block| block.bass));
    if kick.min(bass) < power_from_db(LEAST_DB) * size as f64 {
        return None;
    }
    let (kick, bass) = (kick * power_from_db(KICK_DB), bass * power_from_db(BASS_DB));
    let seconds = |block: usize| (block * size) as f64 / rate;
    let (mut all, mut hits, mut at) = (Powers::default(), Vec::new(), 0);
    for hit in blocks.chunk_by(|a, b| a.sounds(kick, bass) == b.sounds(kick, bass)) {
        let end = at + hit.len();
        if hit.first().is_some_and(|block| block.sounds(kick, bass)) {
            let powers = Powers::sum(hit);
            all.add(powers);
            hits.push((seconds(at), seconds(end), powers.sum_db()));
        }
        at = end;
    }
    (!hits.is_empty()).then(|| Overlap { sum_db: all.sum_db(), hits })
}

/// Several files together.
fn sum(files: &[&Low]) -> Vec<f64> {
    let mut sum = Vec::new();
    for file in files {
        sum.resize(sum.len().max(file.samples().len()), 0.0);
        sum.iter_mut().zip(file.samples()).for_each(|(sum, x)| *sum += f64::from(x));
    }
    sum
}

/// Energies of the band, block by block, as long as both last. Whatever the filters do to the phases
/// they do to both.
fn blocks(kick: &[f64], bass: &[f64], rate: f64, size: usize) -> Vec<Powers> {
    let mut filters = [0.541_196_1, 1.306_563]
        .map(|q| [Biquad::low_pass(HIGHEST_HZ, q, rate), Biquad::high_pass(LOWEST_HZ, q, rate)]);
    let band: Vec<Powers> = kick
        .iter()
        .zip(bass)
        .map(|(&kick, &bass)| {
            let sides = filters.as_flattened_mut().iter_mut();
            let [kick, bass] = sides.fold([kick, bass], |x, filter| filter.step(x));
            Powers { kick: kick * kick, bass: bass * bass, both: (kick + bass).powi(2) }
        })
        .collect();
    band.chunks_exact(size).map(Powers::sum).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Word;
    use super::super::tests::measure;
    use super::*;

    /// Ten hits in five seconds, some cycles of a tone each.
    fn hits(hz: f32, phase: f32) -> Low {
        let frames = (0..5 * 12_000).map(|i| {
            let t = i as f32 / 12_000.0;
            let swell = (-(t % 0.5) * 15.0).exp();
            0.4 * swell * (t % 0.5 * hz * std::f32::consts::TAU + phase).sin()
        });
        measure(12_000, Word::Float, &[frames.collect()]).low
    }

    #[test]
    fn what_cancels_what_adds_up_and_what_does_neither() {
        let kick = hits(60.0, 0.0);
        for (phase, sum_db) in [(0.0, 3.0), (90.0_f32, 0.0), (180.0, -60.0), (120.0, -3.0)] {
            let overlap = overlap(&[&kick], &[&hits(60.0, phase.to_radians())]).unwrap();
            assert!((overlap.sum_db - sum_db).abs() < 1.0, "{phase}: {}", overlap.sum_db);
            assert_eq!(overlap.hits.len(), 10);
        }
        let other = overlap(&[&kick], &[&hits(85.0, 0.0)]).unwrap();
        assert!(other.sum_db.abs() < 1.5, "{}", other.sum_db);
    }

    #[test]
    fn without_a_low_end_there_is_no_overlap() {
        let kick = hits(60.0, 0.0);
        let silence = measure(12_000, Word::Float, &[vec![0.0; 60_000]]).low;
        assert_eq!(overlap(&[&kick], &[&silence]), None);
        assert_eq!(overlap(&[&kick], &[]), None);
        assert_eq!(overlap(&[], &[&kick]), None);
        assert_eq!(overlap(&[&kick], &[&Low::new(44_100)]), None);
    }
}
