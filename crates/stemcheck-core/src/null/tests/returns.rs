//! Reverbs and echoes that were returned elsewhere, or twice.

use super::super::Diagnosis;
use super::faults::{Expected, assert_causes};
use super::{Numbers, RATE, Signal, Song, folded, list, map, mix, scenes};
use crate::spectrum::Fourier;
use crate::units::amplitude_from_db;

const SECONDS: f64 = 10.0;

/// What a filter for each side makes of the middle.
fn through(signal: &Signal, taps: &[Vec<f64>; 2]) -> Signal {
    let frames = signal[0].len();
    let mut fourier = Fourier::new(2 * frames.next_power_of_two());
    let (mut middle, mut filter) = (Vec::new(), Vec::new());
    fourier.forward(super::super::recipe::middle(signal), &mut middle);
    taps.each_ref().map(|taps| {
        fourier.forward(taps.iter().copied(), &mut filter);
        filter.iter_mut().zip(&middle).for_each(|(h, x)| *h *= x);
        fourier.inverse(&mut filter)[..frames].to_vec()
    })
}

/// Noise that dies away, 20 ms late.
fn room(seconds: f64) -> [Vec<f64>; 2] {
    [7, 8].map(|seed| {
        let mut numbers = Numbers::new(seed);
        (0..(1.2 * seconds * f64::from(RATE)) as usize)
            .map(|i| {
                let t = i as f64 / f64::from(RATE) - 0.02;
                if t < 0.0 { 0.0 } else { numbers.next() * (-6.9 * t / seconds).exp() }
            })
            .collect()
    })
}

/// At so many dB against the dry sound.
fn at_level(wet: &Signal, dry: &Signal, db: f64) -> Signal {
    let energy = |signal: &Signal| signal.iter().flatten().map(|x| x * x).sum::<f64>();
    let gain = amplitude_from_db(db) * (energy(dry) / energy(wet)).sqrt();
    map(wet, |x| gain * x)
}

#[test]
fn a_return_that_the_stems_lack() {
    let (stem, db) = (0, -10.0);
    let stems = scenes::band(SECONDS);
    let wet = at_level(&through(&stems[stem], &room(0.6)), &stems[stem], db);
    let mut song = Song::of(stems);
    song.reference = mix(&[song.reference, wet]);
    let diagnosis = song.rounded(24).diagnose();
    let (first, found) = (&diagnosis.causes[0], list(&diagnosis));
    let named = (first.code.as_str(), first.stem);
    assert_eq!(named, ("missing-effect-return", Some(stem)), "{found:#?}");
    assert!((first.value.unwrap() - db).abs() < 1.0, "{found:#?}");
    assert!(first.explains_db > 15.0, "{found:#?}");
    assert!(diagnosis.causes.iter().skip(1).all(|cause| cause.share < 0.01), "{found:#?}");
}

#[test]
fn what_the_estimate_of_a_moving_return_leaves_is_no_other_mistake() {
    let stems = scenes::band(SECONDS);
    let wet = at_level(&through(&stems[2], &room(0.6)), &stems[2], -8.0);
    // A second room comes and goes.
    let mut moving = at_level(&through(&stems[2], &room(0.4)), &stems[2], -17.0);
    for side in &mut moving {
        for (second, heard) in side.chunks_mut(RATE as usize).enumerate() {
            let sign = if second % 2 == 0 { 1.0 } else { -1.0 };
            for x in heard {
                *x *= sign;
            }
        }
    }
    let mut song = Song::of(stems);
    song.reference = mix(&[song.reference, wet, moving]);
    let diagnosis = song.rounded(24).diagnose();
    let codes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.code.as_str()).collect();
    assert_eq!(codes, ["missing-effect-return", "unexplained"], "{:#?}", list(&diagnosis));
}

#[test]
fn a_stem_that_lost_its_room_with_its_sides_lacks_no_return() {
    let mut stems = scenes::band(SECONDS);
    let wet = at_level(&through(&stems[2], &room(0.6)), &stems[2], -6.0);
    stems[2] = mix(&[stems[2].clone(), wet]);
    let mut song = Song::of(stems);
    song.stems[2] = folded(&song.stems[2]);
    assert_causes(&song.rounded(24).diagnose(), &[("collapsed-to-mono", Some(2), None)]);
}

/// The mix has the effect of a stem, and the stem has it twice.
fn doubled(stem: usize, song_s: f64, room_s: f64, db: f64) -> Diagnosis {
    let stems = scenes::band(song_s);
    let wet = at_level(&through(&stems[stem], &room(room_s)), &stems[stem], db);
    let mut song = Song::of(stems.clone());
    song.reference = mix(&[song.reference, wet.clone()]);
    song.stems[stem] = mix(&[stems[stem].clone(), map(&wet, |x| 2.0 * x)]);
    song.rounded(24).diagnose()
}

#[test]
fn a_return_beside_a_stem_that_holds_it_as_well() {
    let diagnosis = doubled(0, SECONDS, 0.6, -10.0);
    let (first, found) = (&diagnosis.causes[0], list(&diagnosis));
    assert_eq!((first.code.as_str(), first.stem), ("doubled-effect-return", Some(0)), "{found:#?}");
    // Against the dry sound, though the stem holds the effect twice.
    assert!((first.value.unwrap() + 10.0).abs() < 1.0, "{found:#?}");
    assert!(!diagnosis.recipe.is_identity(), "it can be undone: {found:#?}");
}

/// Twice the effect is as loud as the stem: at many frequencies nothing of it is left to filter.
#[test]
fn a_loud_return_that_a_stem_holds_twice() {
    for (stem, room_s) in [(0, 1.2), (3, 0.6)] {
        let diagnosis = doubled(stem, 25.0, room_s, -3.0);
        let first = &diagnosis.causes[0];
        let named = (first.code.as_str(), first.stem);
        assert_eq!(named, ("doubled-effect-return", Some(stem)), "{:#?}", list(&diagnosis));
        assert!((first.value.unwrap() + 3.0).abs() < 1.0, "{:#?}", list(&diagnosis));
        let others = diagnosis.causes.iter().skip(1);
        assert!(others.clone().all(|cause| cause.code == "unexplained"), "{:#?}", list(&diagnosis));
    }
}

/// A held note and its echo are in phase or not: against the phase the stem seems to hold what it lacks.
#[test]
fn an_echo_against_the_phase_of_a_held_note() {
    let mut stems = scenes::band(SECONDS);
    let rate = f64::from(RATE);
    let note = |i: usize| {
        let t = i as f64 / rate % 1.25;
        let played = (t * 40.0).min(1.0) * ((0.8 - t) * 40.0).clamp(0.0, 1.0);
        0.4 * played * (std::f64::consts::TAU * 110.0 * i as f64 / rate).sin()
    };
    stems[1] = [0, 1].map(|_| (0..stems[0][0].len()).map(note).collect());
    let late = (18.5 * rate / 110.0).round() as i64;
    let wet = map(&super::delay(&stems[1], late), |x| 0.2 * x);
    let mut song = Song::of(stems);
    song.reference = mix(&[song.reference, wet]);
    let diagnosis = song.rounded(24).diagnose();
    let first = &diagnosis.causes[0];
    let named = (first.code.as_str(), first.stem);
    assert_eq!(named, ("missing-effect-return", Some(1)), "{:#?}", list(&diagnosis));
}

#[test]
fn a_missing_stem_is_no_return() {
    let mut song = Song::of(scenes::band(SECONDS));
    song.stems.remove(3);
    song.words.pop();
    let expected: [Expected; 1] = [("missing-part", None, None)];
    assert_causes(&song.rounded(24).diagnose(), &expected);
}
