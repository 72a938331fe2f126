//! Finding the mix among files that do not say what they are.

use super::{RATE, Signal, Song, Windows, delay, find_references, map, mix, scenes};
use crate::block::Block;

const SECONDS: f64 = 6.0;

/// Files as stems of a song: `find_references` counts them alike.
struct Files(Song);

impl Windows for Files {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        super::Memory(&self.0).read(stem, start, frames, out);
    }
}

fn all(files: &[Signal]) -> Vec<usize> {
    let song = Song::of(files.to_vec());
    find_references(RATE, song.frames() as u64, files.len(), &mut Files(song))
}

/// The one that there is.
fn found(files: &[Signal]) -> Option<usize> {
    match all(files)[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// The band with its mix at `place` among the stems.
fn with_mix(place: usize, stems: &[Signal], mix: Signal) -> Vec<Signal> {
    let mut files = stems.to_vec();
    files.insert(place, mix);
    files
}

#[test]
fn the_mix_wherever_it_lies() {
    let stems = scenes::band(SECONDS);
    for place in [0, 3, 5] {
        assert_eq!(found(&with_mix(place, &stems, mix(&stems))), Some(place));
    }
    assert_eq!(found(&with_mix(1, &stems[..2], mix(&stems[..2]))), Some(1));
}

#[test]
fn the_mix_despite_one_faulty_stem() {
    let clean = scenes::band(SECONDS);
    let mixed = mix(&clean);
    for stem in 0..clean.len() {
        let mut stems = clean.clone();
        stems[stem] = delay(&clean[stem], 700);
        assert_eq!(found(&with_mix(2, &stems, mixed.clone())), Some(2), "late {stem}");
        stems[stem] = map(&clean[stem], |x| 1.8 * x);
        assert_eq!(found(&with_mix(2, &stems, mixed.clone())), Some(2), "loud {stem}");
        stems.remove(stem);
        assert_eq!(found(&with_mix(2, &stems, mixed.clone())), Some(2), "missing {stem}");
    }
}

#[test]
fn a_louder_or_shifted_mix() {
    let stems = scenes::band(SECONDS);
    let mixed = mix(&stems);
    assert_eq!(found(&with_mix(4, &stems, map(&mixed, |x| 2.0 * x))), Some(4));
    assert_eq!(found(&with_mix(4, &stems, delay(&mixed, 240))), Some(4));
}

#[test]
fn a_dominant_stem_is_not_the_mix() {
    let mut stems = scenes::band(SECONDS);
    stems[0] = map(&stems[0], |x| 10.0 * x);
    let mixed = mix(&stems);
    assert_eq!(found(&with_mix(5, &stems, mixed)), Some(5));
    assert_eq!(found(&stems), None);
}

#[test]
fn nothing_where_it_cannot_be_told() {
    let stems = scenes::band(SECONDS);
    assert_eq!(found(&stems), None);
    // A bus of two is no mix of five.
    assert_eq!(found(&with_mix(0, &stems, mix(&stems[..2]))), None);
    assert_eq!(found(&with_mix(0, &stems, mix(&stems[1..]))), None);
    let mut twice = with_mix(0, &stems, mix(&stems));
    twice.push(mix(&stems));
    assert_eq!(all(&twice), [0, 6]);
    assert_eq!(found(&[stems[0].clone(), stems[0].clone()]), None);
}
