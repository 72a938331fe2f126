//! Sides exchanged, folded, widened, moved.

use super::faults::{assert_causes, assert_found};
use super::{Signal, Song, delay, mix, scenes};

/// A keyboard in true stereo among the others.
const WIDE: usize = 2;

fn song() -> Song {
    let mut stems = scenes::band(8.0);
    let right = delay(&stems[WIDE], 150);
    stems[WIDE][1] = right[0].clone();
    Song::of(stems)
}

fn turned(signal: &Signal, matrix: [[f64; 2]; 2]) -> Signal {
    let [left, right] = signal;
    std::array::from_fn(|out| {
        left.iter().zip(right).map(|(l, r)| matrix[out][0] * l + matrix[out][1] * r).collect()
    })
}

fn wider(db: f64) -> [[f64; 2]; 2] {
    let side = crate::units::amplitude_from_db(db);
    let (same, other) = (f64::midpoint(1.0, side), f64::midpoint(1.0, -side));
    [[same, other], [other, same]]
}

#[test]
fn a_stem_with_its_sides_exchanged() {
    let mut song = song().rounded(24);
    song.stems[WIDE].swap(0, 1);
    assert_found(&song, &[("swapped-channels", Some(WIDE), None)], -90.0);
}

#[test]
fn a_stem_that_is_wider_or_elsewhere() {
    let mut wide = song();
    wide.stems[WIDE] = turned(&wide.stems[WIDE], wider(3.0));
    assert_found(&wide.rounded(24), &[("changed-width", Some(WIDE), Some((3.0, 0.01)))], -90.0);
    let mut panned = song();
    panned.stems[0] = turned(&panned.stems[0], [[1.2, 0.0], [0.0, 0.7]]);
    let right = crate::units::db_from_amplitude(0.7 / 1.2);
    let expected = [("changed-pan", Some(0), Some((right, 0.01)))];
    assert_found(&panned.rounded(24), &expected, -90.0);
}

#[test]
fn a_whole_mix_exchanged_widened_or_folded() {
    let change = |matrix: [[f64; 2]; 2]| {
        let mut song = song();
        song.reference = turned(&mix(&song.stems), matrix);
        song.rounded(24)
    };
    let swapped = change([[0.0, 1.0], [1.0, 0.0]]);
    assert_found(&swapped, &[("swapped-channels", None, None)], -90.0);
    // Of the reference, as with its gain.
    assert_found(&change(wider(2.0)), &[("changed-width", None, Some((2.0, 0.01)))], -90.0);
    let mono = change([[0.5, 0.5], [0.5, 0.5]]);
    assert_found(&mono, &[("collapsed-to-mono", None, None)], -90.0);
}

#[test]
fn one_side_upside_down() {
    let mut song = song();
    song.stems[WIDE][1].iter_mut().for_each(|x| *x = -*x);
    assert_found(&song.rounded(24), &[("inverted-polarity", Some(WIDE), None)], -90.0);
}

#[test]
fn a_width_of_the_mix_is_told_from_one_of_a_stem_that_goes_the_other_way() {
    let mut song = song();
    for (stem, frames) in song.stems.iter_mut().zip([130, 170, 150, 190]) {
        let right = delay(stem, frames);
        stem[1] = right[0].clone();
    }
    song.reference = turned(&mix(&song.stems), wider(-1.6));
    song.stems[WIDE] = turned(&song.stems[WIDE], wider(2.6));
    let expected = [
        ("changed-width", Some(WIDE), Some((2.6, 0.01))),
        ("changed-width", None, Some((-1.6, 0.01))),
    ];
    assert_causes(&song.rounded(24).diagnose(), &expected);
}
