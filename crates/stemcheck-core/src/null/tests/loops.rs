//! Music that repeats itself to the sample: only its begin and end tell one bar from the next.

use super::faults::{Expected, assert_found};
use super::{RATE, Signal, Song, delay, map, mix, scenes};
use crate::units::amplitude_from_db;

const SECONDS: f64 = 24.0;
/// A bar, in frames.
const BAR: usize = 11_000;

/// One bar of `part` again and again, from second `from` to second `to` of the song.
fn looped(part: &Signal, from: f64, to: f64) -> Signal {
    let frame = |seconds: f64| (seconds * f64::from(RATE)) as usize;
    let heard = frame(from)..frame(to);
    part.each_ref().map(|side| {
        (0..frame(SECONDS))
            .map(|i| if heard.contains(&i) { side[2000 + (i - heard.start) % BAR] } else { 0.0 })
            .collect()
    })
}

fn band() -> Vec<Signal> {
    vec![
        looped(&scenes::drums(2.0), 0.0, 23.0),
        looped(&scenes::bass(2.0), 8.0, 22.0),
        looped(&scenes::keys(2.0), 4.0, 20.0),
        looped(&scenes::hats(2.0), 12.0, 21.0),
    ]
}

#[test]
fn trimmed_and_late_loops_to_the_sample() {
    let bar = BAR as i64;
    for (stem, frames) in [(1, -96_000), (3, -144_000 + 17), (2, bar), (3, 2 * bar + 3), (1, 600)] {
        let mut song = Song::of(band()).rounded(24);
        song.stems[stem] = delay(&song.stems[stem], frames);
        let expected: Expected = ("late-stem", Some(stem), Some((frames as f64, 0.0)));
        assert_found(&song, &[expected], -90.0);
    }
}

#[test]
fn a_mix_that_begins_later_than_the_stems() {
    let mut song = Song::of(band()).rounded(24);
    let second = i64::from(RATE);
    for stem in &mut song.stems {
        *stem = delay(&delay(stem, 5 * second), -5 * second);
    }
    song.reference = delay(&mix(&song.stems), 4 * second + 1);
    assert_found(&song, &[("reference-offset", None, Some((48_001.0, 0.0)))], -90.0);
}

#[test]
fn every_fader_moved() {
    let gains = [3.0, -4.0, 6.0, -2.0];
    let mut song = Song::of(band());
    for (stem, db) in song.stems.iter_mut().zip(gains) {
        *stem = map(stem, |x| x * amplitude_from_db(db));
    }
    let diagnosis = song.diagnose();
    assert!(song.depth_after(&diagnosis.recipe) < -100.0, "{:#?}", super::list(&diagnosis));
    assert!(diagnosis.causes.iter().all(|c| c.code == "wrong-gain" || c.code == "reference-gain"));
}

#[test]
fn doubled_guitars_keep_apart() {
    // Two takes that are alike to 0.97; one of them is late.
    let (one, other) = (scenes::keys(SECONDS), scenes::lead(SECONDS));
    let twin = mix(&[map(&one, |x| 0.97 * x), map(&other, |x| 0.1 * x)]);
    let stems = vec![one, twin, scenes::drums(SECONDS), scenes::bass(SECONDS)];
    for stem in [0, 1] {
        let mut song = Song::of(stems.clone()).rounded(24);
        song.stems[stem] = delay(&song.stems[stem], 23);
        assert_found(&song, &[("late-stem", Some(stem), Some((23.0, 0.0)))], -90.0);
    }
}
