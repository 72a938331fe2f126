//! References that have nothing to do with the stems, and those that only seem so.

use super::super::recipe::Correction;
use super::super::scene::{Scene, Size};
use super::super::stranger::{Likeness, all_are_out, likeness};
use super::faults::assert_causes;
use super::{Memory, RATE, Signal, Song, delay, map, mix, scenes};

const SECONDS: f64 = 12.0;

fn reversed(signal: &Signal) -> Signal {
    signal.each_ref().map(|side| side.iter().rev().copied().collect())
}

/// The second half of something.
fn later(part: fn(f64) -> Signal) -> Signal {
    let whole = part(2.0 * SECONDS);
    let half = whole[0].len() / 2;
    whole.map(|side| side[half..].to_vec())
}

fn alike(song: &Song) -> Likeness {
    likeness(&song.part(0..song.frames())).expect("long enough")
}

#[test]
fn another_song_is_named() {
    let melodic = || vec![scenes::bass(SECONDS), scenes::keys(SECONDS), scenes::lead(SECONDS)];
    let backwards = map(&reversed(&mix(&scenes::band(SECONDS))), |x| 0.8 * x);
    let others = [later(scenes::bass), later(scenes::keys), later(scenes::lead)];
    for (what, stems, reference) in [
        ("the same voices and key", melodic(), mix(&others)),
        ("backwards", scenes::band(SECONDS), backwards),
        ("drums against voices", vec![scenes::drums(SECONDS), scenes::hats(SECONDS)], mix(&others)),
    ] {
        let song = Song { reference, ..Song::of(stems) };
        assert!(!alike(&song).is_related(), "{what}");
        assert_causes(&song.diagnose(), &[("different-song", None, None)]);
    }
}

#[test]
fn where_hardly_any_stem_is_in_the_mix_it_is_another_song_however_alike() {
    let reference = mix(&[later(scenes::bass), later(scenes::keys), later(scenes::lead)]);
    let stems = vec![scenes::bass(SECONDS), map(&scenes::keys(SECONDS), |x| 0.1 * x)];
    let song = Song { reference, ..Song::of(stems) };
    let part = song.part(0..song.frames());
    let mut memory = Memory(&song);
    let mut scene = Scene::new(&mut memory, Size::new(RATE), vec![20_000, 60_000], 2);
    let out = |stem: usize| [(stem, Correction::LEFT_OUT)];
    assert!(!all_are_out(&part, &scene));
    scene.correct(&out(1));
    assert!(!all_are_out(&part, &scene), "the softer one alone");
    scene.correct(&out(0));
    assert!(all_are_out(&part, &scene));
}

#[test]
fn the_same_song_is_not() {
    let band = || scenes::band(SECONDS);
    let mixed = mix(&band());
    let drift = |ppm: f64| -> Signal {
        mixed.each_ref().map(|side| {
            (0..side.len())
                .map(|i| {
                    let at = i as f64 * (1.0 + ppm * 1e-6);
                    let (a, b) = (side[at as usize], side.get(at as usize + 1).unwrap_or(&0.0));
                    a + (b - a) * at.fract()
                })
                .collect()
        })
    };
    let references = [
        ("mastered", map(&mixed, |x| (6.0 * x).tanh())),
        ("upside down and moved", map(&delay(&mixed, 5000), |x| -x)),
        ("adrift", drift(-200.0)),
        ("far adrift", drift(-1000.0)),
        ("with another part", mix(&[mixed.clone(), map(&reversed(&band()[0]), |x| 2.0 * x)])),
    ];
    for (what, reference) in references {
        let song = Song { reference, ..Song::of(band()) };
        assert!(alike(&song).is_related(), "{what}");
        assert!(song.diagnose().causes.iter().all(|c| c.code != "different-song"), "{what}");
    }
    // Every stem at its own wrong place.
    let mut song = Song::of(band());
    for (stem, frames) in song.stems.iter_mut().zip([9000, 14_000, 20_000, -7000, -12_000]) {
        *stem = delay(stem, frames);
    }
    assert!(alike(&song).is_related());
}
