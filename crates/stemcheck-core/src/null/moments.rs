//! The worst moments: separate stretches of the song where most of the residual is, to listen to.

use super::blame::Blame;
use super::meter::NullFigures;

/// As many as anyone listens to.
const MOST: usize = 8;
/// Longest stretch in seconds.
const LONGEST: usize = 4;
/// A stretch goes on while the residual stays within this of its loudest second (-6 dB).
const GOES_ON: f64 = 0.25;
/// A moment this far below the worst one (-40 dB) is not bad.
const NEGLIGIBLE: f64 = 1e-4;
/// Stretches lie apart by this share of the song: eight places next to each other are one.
const APART: f64 = 1.0 / 32.0;
/// Share of a stretch's residual from which it follows one file.
const FOLLOWS: f64 = 0.5;

/// A stretch of the song with much residual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// First second.
    pub start_s: f64,
    /// Where it ends, in seconds.
    pub end_s: f64,
    /// Energy of the residual, both channels.
    pub residual: f64,
    /// Energy of the reference.
    pub reference: f64,
    /// The file that the residual follows there, as [`Blame`] counts them; `None` = several.
    pub file: Option<usize>,
}

impl Blame {
    /// The worst moments, the loudest first.
    pub fn moments(&self, figures: &NullFigures) -> Vec<Moment> {
        let seconds = &figures.seconds;
        let residual = |at: usize| seconds.get(at).map_or(0.0, |second| second.0);
        let gap = ((seconds.len() as f64 * APART) as usize).max(1);
        let mut by_level: Vec<usize> = (0..seconds.len()).collect();
        by_level.sort_by(|&a, &b| residual(b).total_cmp(&residual(a)));
        let worst = by_level.first().map_or(0.0, |&at| residual(at));
        let mut found: Vec<(usize, usize)> = Vec::new();
        for at in by_level {
            if found.len() == MOST || residual(at) <= NEGLIGIBLE * worst {
                break;
            }
            let free = |at: usize| found.iter().all(|&(s, e)| at + gap < s || at >= e + gap);
            if !free(at) {
                continue;
            }
            let (mut start, mut end) = (at, at + 1);
            let loud = |next: usize| free(next) && residual(next) >= GOES_ON * residual(at);
            while end - start < LONGEST {
                let before = start.checked_sub(1).filter(|&before| loud(before));
                if let Some(before) = before.filter(|&b| residual(b) >= residual(end)) {
                    start = before;
                } else if end < seconds.len() && loud(end) {
                    end += 1;
                } else if let Some(before) = before {
                    start = before;
                } else {
                    break;
                }
            }
            found.push((start, end));
        }
        let mut moments: Vec<Moment> =
            found.into_iter().map(|(start, end)| self.moment(seconds, start, end)).collect();
        let level = |moment: &Moment| moment.residual / (moment.end_s - moment.start_s);
        moments.sort_by(|a, b| level(b).total_cmp(&level(a)));
        moments
    }

    fn moment(&self, seconds: &[(f64, f64)], start: usize, end: usize) -> Moment {
        let (residual, reference) = seconds
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .fold((0.0, 0.0), |sum, second| (sum.0 + second.0, sum.1 + second.1));
        let step = |second: usize| (second as f64 / self.step_s) as usize;
        let within = |file: usize| (step(start)..=step(end - 1)).map(|at| self.at(file, at)).sum();
        let by_file: Vec<f64> = (0..self.power.len()).map(within).collect();
        let total: f64 = by_file.iter().sum();
        let file = by_file.iter().position(|&power| power > FOLLOWS * total);
        Moment { start_s: start as f64, end_s: end as f64, residual, reference, file }
    }
}
