//! What no correction explains.

use super::faults::assert_causes;
use super::repeat::chorus;
use super::{Numbers, Signal, Song, delay, folded, map, mix, scenes};

fn song() -> Song {
    Song::of(scenes::band(8.0))
}

/// A stem whose right side comes later, this many times as loud, loses its sides.
fn assert_folded(right: f64) {
    let mut song = song();
    let late = delay(&map(&song.stems[2], |x| right * x), 170);
    song.stems[2][1] = late[0].clone();
    song.reference = mix(&song.stems);
    song.stems[2] = folded(&song.stems[2]);
    assert_causes(&song.rounded(24).diagnose(), &[("collapsed-to-mono", Some(2), None)]);
}

#[test]
fn a_stem_without_its_sides() {
    assert_folded(1.0);
}

#[test]
fn a_stem_off_the_middle_without_its_sides() {
    assert_folded(0.25);
}

#[test]
fn a_hiss_on_the_reference() {
    let mut song = song();
    let mut numbers = Numbers::new(77);
    song.reference.iter_mut().flatten().for_each(|x| *x += 0.003 * numbers.next());
    // A uniform noise of 0.003 has an RMS of 0.003 / sqrt 3.
    let level = crate::units::db_from_amplitude(0.003 / 3f64.sqrt());
    assert_causes(&song.rounded(24).diagnose(), &[("added-noise", None, Some((level, 0.3)))]);
}

#[test]
fn a_part_that_plays_a_little_is_as_loud_as_that() {
    let mut song = Song::of(scenes::band(30.0));
    // The last stem is in the mix now and then, and in no file.
    let mut part = song.stems.pop().unwrap();
    let rate = super::RATE as usize;
    for side in &mut part {
        for (second, heard) in side.chunks_mut(rate).enumerate() {
            if second % 7 != 3 {
                heard.fill(0.0);
            }
        }
    }
    let all = [song.stems.clone(), vec![part.clone()]].concat();
    song.reference = mix(&all);
    let energy = |signal: &Signal| signal.iter().flatten().map(|x| x * x).sum::<f64>();
    let level = crate::units::db_from_power(energy(&part) / energy(&song.reference));
    assert_causes(&song.rounded(24).diagnose(), &[("missing-part", None, Some((level, 0.1)))]);
}

/// From 3 to 6 seconds the mix holds another take of a stem.
#[track_caller]
fn assert_other_version(stem: usize, take: &Signal) {
    let mut song = song();
    let (from, to) = (3 * super::RATE as usize, 6 * super::RATE as usize);
    let mut stems = song.stems.clone();
    for (side, take) in stems[stem].iter_mut().zip(take) {
        side[from..to].copy_from_slice(&take[from..to]);
    }
    song.reference = mix(&stems);
    let diagnosis = song.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("different-version", Some(stem), None)]);
    let cause = &diagnosis.causes[0];
    let (start, end) = (cause.start_s, cause.end_s);
    assert!((start - 3.0).abs() <= 1.0 && (end - 6.0).abs() <= 1.0, "{cause:?}");
}

#[test]
fn another_take_at_the_same_times() {
    // Other noise in each stroke of the hats, struck as hard as it happens.
    let beat = 0.175 * f64::from(super::RATE);
    let mut take = delay(&scenes::band(8.0)[4], 2 * beat as i64);
    for side in &mut take {
        let mut numbers = Numbers::new(5);
        for stroke in side.chunks_mut(beat as usize) {
            let level = 0.7 + 0.4 * numbers.next();
            for x in stroke {
                *x *= level;
            }
        }
    }
    assert_other_version(4, &take);
}

#[test]
fn another_take_with_other_notes() {
    for (stem, later) in [(2, 1.13), (3, 0.41)] {
        let later = (later * f64::from(super::RATE)) as i64;
        assert_other_version(stem, &delay(&scenes::band(8.0)[stem], later));
    }
}

#[test]
fn another_version_of_a_whole_stem() {
    let mut song = song();
    let mut stems = song.stems.clone();
    stems[3].iter_mut().for_each(|side| side.reverse());
    song.reference = mix(&stems);
    let diagnosis = song.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("different-version", Some(3), None)]);
}

/// A chorus of this much, that is never the same.
#[track_caller]
fn assert_modulated(wet: f64) {
    let mut song = song();
    let dry = song.stems[2].clone();
    song.stems[2] = chorus(&dry, wet, 0.3);
    song.reference = mix(&song.stems);
    song.stems[2] = chorus(&dry, wet, 2.6);
    let diagnosis = song.rounded(24).diagnose();
    assert_causes(&diagnosis, &[("modulated-effect", Some(2), None)]);
    assert!(diagnosis.causes[0].expected);
}

#[test]
fn a_chorus_that_is_never_the_same() {
    assert_modulated(0.7);
}

#[test]
fn a_chorus_nearly_as_loud_as_its_stem() {
    assert_modulated(0.95);
}
