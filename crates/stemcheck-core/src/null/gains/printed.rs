//! Whether every stem went through the bus by itself: then each has a gain that goes its own way.

use super::{Told, mean, spread_db};

/// Gains of processing lie within so many dB, and take away at least so much on average.
const FARTHEST_DB: f64 = 12.0;
const LEAST_REDUCTION_DB: f64 = 0.5;

/// Chunks that a stem must be heard in to go any way.
const FEWEST_CHUNKS: usize = 8;

/// Whether each stem's gain goes its own way: by how much in dB (standard deviation) the gain of a stem
/// in the middle of the field changes, by itself and against those of the others; and by how much in dB
/// the mix is turned down on average, as those stems tell that were turned down least themselves.
/// `windows` holds what is told chunk by chunk, by window and stem.
pub(in crate::null) fn own_way(windows: &[Vec<Vec<Told>>], stems: usize) -> Option<(f64, f64)> {
    let told_in = |told: &[Told], chunk: usize| -> Option<Told> {
        told.binary_search_by_key(&chunk, |told| told.0).ok().map(|at| told[at])
    };
    let mut own: Vec<f64> = Vec::new();
    for stem in 0..stems {
        let mut itself: Vec<Told> =
            windows.iter().filter_map(|window| window.get(stem)).flatten().copied().collect();
        // A part that is not there at all was not turned down.
        if mean(&itself).abs() > FARTHEST_DB {
            return None;
        }
        let mut beyond: Vec<Told> = Vec::new();
        for window in windows {
            for &(chunk, gain, weight) in window.get(stem)? {
                let others = (0..window.len()).filter(|&other| other != stem);
                let (gains, energy) = others
                    .filter_map(|other| told_in(&window[other], chunk))
                    .fold((0.0, 0.0), |sum, told| (sum.0 + told.1 * told.2, sum.1 + told.2));
                if energy > 0.0 {
                    beyond.push((chunk, gain - gains / energy, weight.sqrt()));
                }
            }
        }
        for told in &mut itself {
            told.2 = told.2.sqrt();
        }
        // Beside one stem that is ridden the others seem to go a way, and stand still.
        if beyond.len() >= FEWEST_CHUNKS {
            own.push(spread_db(&beyond).min(spread_db(&itself)));
        }
    }
    own.sort_by(f64::total_cmp);
    let mut lowest: Vec<f64> = Vec::new();
    for window in windows {
        let chunks = window.iter().flatten().map(|told| told.0).max().unwrap_or(0);
        for chunk in 0..=chunks {
            let gains = window.iter().filter_map(|told| Some(told_in(told, chunk)?.1));
            lowest.extend(gains.min_by(f64::total_cmp));
        }
    }
    let mean = lowest.iter().sum::<f64>() / lowest.len().max(1) as f64;
    let middle = own.get(own.len() / 2).copied()?;
    (LEAST_REDUCTION_DB..FARTHEST_DB).contains(&-mean).then_some((middle, -mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_loud_stem_that_is_ridden_sends_no_others_their_own_way() {
        let told = |gain: &dyn Fn(usize) -> f64, weight: f64| -> Vec<Told> {
            (0..80).map(|at| (at, gain(at), weight)).collect()
        };
        let ride = |at: usize| if at < 40 { 0.0 } else { -4.0 };
        let ridden = [vec![told(&ride, 10.0), told(&|_| 0.0, 1.0), told(&|_| 0.0, 1.0)]];
        let (own_way_db, _) = own_way(&ridden, 3).unwrap();
        assert!(own_way_db < 0.1, "{own_way_db}");
        let wave = |pace: usize| move |at: usize| -2.0 - (at / pace % 2) as f64;
        let printed = [vec![told(&wave(3), 10.0), told(&wave(5), 1.0), told(&wave(7), 1.0)]];
        let (own_way_db, reduction_db) = own_way(&printed, 3).unwrap();
        assert!(own_way_db > 0.4 && reduction_db > 2.0, "{own_way_db} {reduction_db}");
    }
}
