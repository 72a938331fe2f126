//! What the curves of the forensics say, for who cannot see them or wants it in a word.

use super::figures::{decibels, gain, hertz};
use crate::language::fill;

/// A curve's smallest and largest value, each with where it is.
fn extremes(points: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let by_db = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
    let lowest = points.iter().min_by(by_db).copied().unwrap_or_default();
    (lowest, points.iter().max_by(by_db).copied().unwrap_or_default())
}

/// What a static curve says: level of the sum, and how much louder the mix is there.
pub fn gain_over_level(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    let template = if lowest[0] > highest[0] {
        "The louder the song, the more your mix is held back: by up to {range}."
    } else {
        "Loud passages are lifted in your mix: by up to {range}."
    };
    fill(template, &[("range", &decibels(highest[1] - lowest[1]))])
}

/// What gain over time says: seconds, and how much louder the mix is then.
pub fn gain_over_time(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    fill(
        "Over the song your mix changes between {lowest} and {highest} against the stems.",
        &[("lowest", &gain(lowest[1])), ("highest", &gain(highest[1]))],
    )
}

/// What an EQ curve says: Hz, and how much louder the mix is there.
pub fn eq_curve(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    let [hz, db] = if highest[1].abs() >= lowest[1].abs() { highest } else { lowest };
    fill(
        "Your mix is equalised: most at {frequency}, by {gain}.",
        &[("frequency", &hertz(hz)), ("gain", &gain(db))],
    )
}

/// How wide the mix is.
pub fn width(db: f64) -> String {
    let template = if db > 0.0 {
        "Your mix is {amount} wider than the stems together."
    } else {
        "Your mix is {amount} narrower than the stems together."
    };
    fill(template, &[("amount", &decibels(db.abs()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_say_what_they_mean() {
        let held = gain_over_level(&[[-40.0, 0.0], [-3.0, -4.2]]);
        assert!(held.contains("held back: by up to 4.2 dB"), "{held}");
        let curve = eq_curve(&[[100.0, 0.5], [8000.0, -2.1]]);
        assert_eq!(curve, "Your mix is equalised: most at 8.0 kHz, by -2.1 dB.");
        assert!(gain_over_time(&[]).contains("0.0 dB"));
        assert!(width(-1.5).contains("1.5 dB narrower"));
    }
}
