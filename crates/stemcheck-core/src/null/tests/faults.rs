//! Faults put into the stems or the reference, and what the diagnosis makes of them.

use super::{Diagnosis, Song, Word, delay, delay_exactly, list, map, mix, round, scenes};
use crate::units::amplitude_from_db;

const SECONDS: f64 = 8.0;
const BASS: usize = 1;

/// A code, the file (`None`: the reference or nobody) and the value with its tolerance.
pub(super) type Expected<'a> = (&'a str, Option<usize>, Option<(f64, f64)>);

/// What happens to a stem.
type Change<'a> = &'a dyn Fn(&super::Signal) -> super::Signal;

#[track_caller]
pub(super) fn assert_causes(diagnosis: &Diagnosis, expected: &[Expected]) {
    let found = list(diagnosis);
    assert_eq!(diagnosis.causes.len(), expected.len(), "{found:#?}");
    for (code, stem, value) in expected {
        let cause = diagnosis.causes.iter().find(|c| c.code == *code && c.stem == *stem);
        let cause = cause.unwrap_or_else(|| panic!("no {code} on {stem:?}: {found:#?}"));
        if let Some((value, tolerance)) = value {
            let got = cause.value.unwrap_or(f64::NAN);
            assert!((got - value).abs() <= *tolerance, "{code}: {got}, not {value}");
        }
    }
}

#[track_caller]
pub(super) fn assert_found(song: &Song, expected: &[Expected], depth_db: f64) {
    let diagnosis = song.diagnose();
    assert_causes(&diagnosis, expected);
    let depth = song.depth_after(&diagnosis.recipe);
    assert!(depth < depth_db, "{depth} dB after {:#?}", list(&diagnosis));
}

fn song() -> Song {
    Song::of(scenes::band(SECONDS))
}

#[test]
fn a_stem_that_is_not_in_a_mix_of_exact_sums() {
    // What the mix wants of it is exactly nothing, in every sample.
    let mut song = Song::of(scenes::band(8.0)[1..3].to_vec()).rounded(24);
    song.reference = song.stems[0].clone();
    assert_causes(&song.diagnose(), &[("not-in-reference", Some(1), None)]);
}

#[test]
fn identical_files_have_no_cause() {
    let mut song = song().rounded(24);
    song.reference = mix(&song.stems);
    assert_causes(&song.diagnose(), &[]);
}

#[test]
fn clean_songs_have_no_cause_but_rounding() {
    let floats = song();
    for stored in [floats.clone(), floats.clone().rounded(24), floats.clone().rounded(16)] {
        let diagnosis = stored.diagnose();
        assert!(diagnosis.causes.iter().all(|c| c.code == "rounding"), "{:#?}", list(&diagnosis));
    }
    let mut dithered = floats.rounded(24);
    dithered.reference = round(&dithered.reference, 16, Some(9));
    for word in [Word::Int(16), Word::Int(24)] {
        dithered.reference_word = word;
        let diagnosis = dithered.diagnose();
        assert_causes(&diagnosis, &[("rounding", None, Some((-96.3, 1.0)))]);
        assert!(diagnosis.causes[0].expected);
    }
}

#[test]
fn late_stems_to_the_sample() {
    for (stem, frames) in [(0, 1), (1, 512), (2, -37), (3, 4800), (4, 3), (2, 30_000), (1, -20_000)]
    {
        let mut song = song();
        song.stems[stem] = delay(&song.stems[stem], frames);
        // A stem that starts early has lost its begin: the reference must not hold it either.
        let kept = delay(&song.stems[stem], -frames);
        let mut truth = scenes::band(SECONDS);
        truth[stem] = kept;
        song.reference = mix(&truth);
        let song = song.rounded(24);
        assert_found(&song, &[("late-stem", Some(stem), Some((frames as f64, 0.0)))], -90.0);
    }
}

#[test]
fn late_stems_by_fractions() {
    for (stem, frames) in [(0, 0.37), (1, 0.1), (2, -2.5), (3, 100.25)] {
        let mut song = song();
        song.stems[stem] = delay_exactly(&song.stems[stem], frames);
        assert_found(&song, &[("late-stem", Some(stem), Some((frames, 0.05)))], -80.0);
    }
}

#[test]
fn reference_offsets() {
    for frames in [1, -240, 5000, 25_000] {
        let mut song = song().rounded(24);
        song.reference = delay(&song.reference, frames);
        if frames < 0 {
            for stem in &mut song.stems {
                *stem = delay(&delay(stem, frames), -frames);
            }
            song.reference = delay(&mix(&song.stems), frames);
        } else {
            for stem in &mut song.stems {
                *stem = delay(&delay(stem, frames), -frames);
            }
        }
        assert_found(&song, &[("reference-offset", None, Some((frames as f64, 0.0)))], -90.0);
    }
    let mut song = song();
    song.reference = delay_exactly(&song.reference, 0.5);
    assert_found(&song, &[("reference-offset", None, Some((0.5, 0.05)))], -80.0);
}

#[test]
fn wrong_gains() {
    for (stem, db) in [(0, 3.0), (1, -6.0), (3, 0.5), (2, 12.0), (4, -1.5)] {
        let mut song = song();
        song.stems[stem] = map(&song.stems[stem], |x| x * amplitude_from_db(db));
        assert_found(&song, &[("wrong-gain", Some(stem), Some((db, 0.1)))], -100.0);
    }
}

#[test]
fn reference_gains() {
    for db in [-1.0, 6.0, 0.3, -12.0] {
        let mut song = song();
        song.reference = map(&song.reference, |x| x * amplitude_from_db(db));
        assert_found(&song, &[("reference-gain", None, Some((db, 0.1)))], -100.0);
    }
}

#[test]
fn inverted_polarity() {
    for stem in 0..5 {
        let mut song = song().rounded(24);
        song.stems[stem] = map(&song.stems[stem], |x| -x);
        assert_found(&song, &[("inverted-polarity", Some(stem), None)], -90.0);
    }
    let mut song = song();
    song.reference = map(&song.reference, |x| -x);
    let diagnosis = song.diagnose();
    assert_causes(&diagnosis, &[("inverted-polarity", None, None)]);
    assert!(diagnosis.causes[0].on_reference);
}

#[test]
fn stems_that_the_reference_lacks() {
    for stem in 0..5 {
        let mut song = song();
        let kept: Vec<_> = (0..5).filter(|&k| k != stem).map(|k| song.stems[k].clone()).collect();
        song.reference = mix(&kept);
        assert_found(&song, &[("not-in-reference", Some(stem), None)], -100.0);
    }
}

#[test]
fn parts_delivered_twice() {
    let double = |extra, at: usize, pair: (usize, usize)| {
        let mut song = song();
        song.stems.insert(at, extra);
        song.words.push(Word::Float);
        let diagnosis = song.diagnose();
        let found = list(&diagnosis);
        assert_eq!(diagnosis.causes.len(), 1, "{found:#?}");
        let cause = &diagnosis.causes[0];
        assert_eq!(cause.code, "doubled-part", "{found:#?}");
        assert_eq!((cause.stem, cause.other), (Some(pair.0), Some(pair.1)), "{found:#?}");
        assert!(song.depth_after(&diagnosis.recipe) < -100.0);
    };
    double(scenes::bass(SECONDS), 5, (5, BASS));
    double(map(&scenes::bass(SECONDS), |x| 0.5 * x), 2, (2, BASS));
    double(map(&scenes::keys(SECONDS), |x| 2.0 * x), 5, (5, 2));
    // A bus beside its parts, and a part beside the bus that the mix was made of.
    double(mix(&[scenes::drums(SECONDS), scenes::hats(SECONDS)]), 0, (0, 1));
    let mut song = song();
    song.stems[0] = mix(&[scenes::drums(SECONDS), scenes::keys(SECONDS)]);
    song.reference = mix(&[
        song.stems[0].clone(),
        scenes::bass(SECONDS),
        scenes::lead(SECONDS),
        scenes::hats(SECONDS),
    ]);
    let diagnosis = song.diagnose();
    assert_causes(&diagnosis, &[("doubled-part", Some(2), None)]);
    assert_eq!(diagnosis.causes[0].other, Some(0));
}

#[test]
fn parts_that_no_stem_holds() {
    for stem in 0..5 {
        let mut song = song();
        let missing = song.stems.remove(stem);
        song.words.pop();
        let level = crate::units::db_from_power(energy(&missing) / energy(&song.reference));
        assert_causes(&song.diagnose(), &[("missing-part", None, Some((level, 0.1)))]);
    }
}

fn energy(signal: &super::Signal) -> f64 {
    signal.iter().flatten().map(|x| x * x).sum()
}

#[test]
fn late_and_reversed_or_at_another_level() {
    let mut song = song();
    song.stems[2] = map(&delay(&song.stems[2], 100), |x| -x);
    let expected: [Expected; 2] =
        [("late-stem", Some(2), Some((100.0, 0.0))), ("inverted-polarity", Some(2), None)];
    assert_found(&song, &expected, -60.0);
    song.stems[2] = map(&song.stems[2], |x| x * amplitude_from_db(4.0));
    let expected: [Expected; 3] =
        [expected[0], expected[1], ("wrong-gain", Some(2), Some((4.0, 0.1)))];
    assert_found(&song, &expected, -60.0);
}

#[test]
fn pairs_of_faults() {
    let late = |frames: i64| move |x: &super::Signal| delay(x, frames);
    let gain = |db: f64| move |x: &super::Signal| map(x, |x| x * amplitude_from_db(db));
    let turned = |x: &super::Signal| map(x, |x| -x);
    let late_by = |stem, frames: i64| ("late-stem", Some(stem), Some((frames as f64, 0.0)));
    let cases: [(usize, Change, Expected, usize, Change, Expected); 5] = [
        (0, &late(480), late_by(0, 480), 1, &late(-25), late_by(1, -25)),
        (1, &turned, ("inverted-polarity", Some(1), None), 2, &late(1), late_by(2, 1)),
        (
            3,
            &gain(3.0),
            ("wrong-gain", Some(3), Some((3.0, 0.1))),
            2,
            &gain(-2.0),
            ("wrong-gain", Some(2), Some((-2.0, 0.1))),
        ),
        (
            4,
            &late(9000),
            late_by(4, 9000),
            0,
            &gain(1.0),
            ("wrong-gain", Some(0), Some((1.0, 0.1))),
        ),
        (2, &late(14_000), late_by(2, 14_000), 3, &late(-9_000), late_by(3, -9_000)),
    ];
    for (a, change_a, expect_a, b, change_b, expect_b) in cases {
        let mut song = song();
        song.stems[a] = change_a(&song.stems[a]);
        song.stems[b] = change_b(&song.stems[b]);
        for (stem, expected) in [(a, expect_a), (b, expect_b)] {
            // What a shift pushed over an end is in no file.
            if let ("late-stem", Some((frames, _))) = (expected.0, expected.2) {
                let mut truth = scenes::band(SECONDS);
                truth[stem] = delay(&delay(&truth[stem], frames as i64), -frames as i64);
                let lost = mix(&[scenes::band(SECONDS)[stem].clone(), map(&truth[stem], |x| -x)]);
                song.reference = mix(&[song.reference, map(&lost, |x| -x)]);
            }
        }
        assert_found(&song, &[expect_a, expect_b], -90.0);
    }
}

#[test]
fn a_late_stem_under_a_missing_part() {
    let mut song = song();
    song.stems[0] = delay(&song.stems[0], 200);
    song.stems.remove(3);
    song.words.pop();
    let diagnosis = song.diagnose();
    assert_causes(
        &diagnosis,
        &[("late-stem", Some(0), Some((200.0, 0.0))), ("missing-part", None, None)],
    );
}
