//! Whether events come so often or so evenly that they belong to the music.

use super::Heard;
use crate::measure::{Run, Runs};

/// More of them in a second of sound is texture.
const OFTEN: f64 = 1.0;
/// Fewer show no rhythm.
const FEW: usize = 6;
/// Of the distances between them, so many are the same …
const SHARE: f64 = 0.6;
/// … to within this part of it.
const SAME: f64 = 0.02;

/// The first frames of events that occur on several channels at once, each once.
pub(super) fn together(runs: &Runs, sample_rate: u32) -> Vec<Run> {
    let near = u64::from(sample_rate) / 1000;
    let mut events: Vec<Run> = Vec::new();
    for run in &runs.places {
        if events.last().is_none_or(|last| run.start - last.start.min(run.start) > near) {
            events.push(*run);
        }
    }
    events
}

/// Whether such events belong to the music.
pub(super) fn is_music(file: &Heard<'_>, events: &[Run]) -> bool {
    let sound = match (file.measured.first_sound, file.measured.last_sound) {
        (Some(first), Some(last)) => last.saturating_sub(first),
        _ => 0,
    };
    let seconds = sound as f64 / f64::from(file.format.sample_rate.max(1));
    events.len() >= FEW && (events.len() as f64 > OFTEN * seconds || is_even(events))
}

/// Whether most distances are alike.
fn is_even(events: &[Run]) -> bool {
    let mut distances: Vec<u64> =
        events.windows(2).map(|pair| pair[1].start - pair[0].start).collect();
    distances.sort_unstable();
    let Some(&median) = distances.get(distances.len() / 2) else { return false };
    let alike = distances.iter().filter(|d| d.abs_diff(median) as f64 <= SAME * median as f64);
    alike.count() as f64 >= SHARE * distances.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(starts: &[u64]) -> Vec<Run> {
        starts.iter().map(|&start| Run { start, frames: 1, channel: 0 }).collect()
    }

    #[test]
    fn both_channels_are_one_event() {
        let places = events(&[100, 110, 5000, 96_000, 96_000]);
        let runs = Runs { count: 5, samples: 5, places };
        assert_eq!(together(&runs, 48_000), events(&[100, 5000, 96_000]));
    }

    #[test]
    fn a_rhythm_is_even_and_chance_is_not() {
        assert!(is_even(&events(&[0, 1000, 2000, 3001, 4000, 8000])));
        assert!(!is_even(&events(&[0, 700, 2000, 2400, 4000, 8000, 8100])));
        assert!(!is_even(&[]));
    }
}
