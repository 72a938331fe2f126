//! Two renders of one mix: what they tell of the project, and what they excuse.

use proptest::prelude::*;

use super::faults::assert_causes;
use super::{
    Block, Diagnosis, Memory, NullMeter, NullPart, RATE, Signal, Song, diagnose, list, map, mix,
    scenes, sum,
};
use crate::units::amplitude_from_db;

/// A song and a second render of its mix.
struct Twice {
    song: Song,
    second: Signal,
}

impl Twice {
    fn part(&self, range: std::ops::Range<usize>) -> NullPart {
        let song = &self.song;
        let again = Song { reference: self.second.clone(), ..song.clone() };
        let mut meter = NullMeter::new(song.rate, song.stems.len(), range.start as u64);
        let (mut total, mut residual) = (Block::default(), Block::default());
        let mut at = range.start;
        while at < range.end {
            let frames = (range.end - at).min(5000);
            let block = |song: &Song, stem| song.block(stem, at as i64, frames);
            let stems: Vec<Block> =
                (0..song.stems.len()).map(|stem| block(song, Some(stem))).collect();
            let (reference, second) = (block(song, None), block(&again, None));
            let stems: Vec<&Block> = stems.iter().collect();
            sum(&stems, Some(&reference), at as u64, frames, &mut total, &mut residual);
            meter.push(&stems, &reference, &residual);
            meter.push_second(&reference, &second, at as u64, frames);
            at += frames;
        }
        meter.finish()
    }

    fn whole(&self) -> NullPart {
        self.part(0..self.song.frames())
    }

    fn diagnose(&self) -> Diagnosis {
        diagnose(&self.song.setup(), &self.whole(), &mut Memory(&self.song))
    }
}

/// Half a band, a chorus on the keys of which each file hears another moment, and the mix twice.
fn with_chorus(seconds: f64) -> Twice {
    let stems = vec![scenes::drums(seconds), scenes::bass(seconds), scenes::keys(seconds)];
    let moment = |phase: f64| {
        let mut played = stems.clone();
        played[2] = chorus(&stems[2], 0.7, phase);
        played
    };
    let mut song = Song::of(moment(0.0));
    song.reference = mix(&moment(2.0));
    Twice { song, second: mix(&moment(4.0)) }
}

/// The sound, and so much of what followed it some milliseconds later, more or less: a slow oscillator stands
/// elsewhere at each playback.
pub(super) fn chorus(dry: &Signal, wet: f64, phase: f64) -> Signal {
    let frames = dry[0].len();
    dry.each_ref().map(|side| {
        (0..frames)
            .map(|i| {
                let turn = 4.0 * i as f64 / f64::from(RATE) + phase;
                let late = (0.01 + 0.003 * turn.sin()) * f64::from(RATE);
                let (whole, part) = (late.floor() as usize, late.fract());
                let tap = |late: usize| i.checked_sub(late).map_or(0.0, |at| side[at]);
                side[i] + wet * (tap(whole) * (1.0 - part) + tap(whole + 1) * part)
            })
            .collect()
    })
}

#[test]
fn what_two_renders_differ_by_is_no_mistake() {
    let song = with_chorus(8.0);
    let measured = song.whole().repeatability().expect("two renders");
    assert!((-20.0..-3.0).contains(&measured.depth_db), "{measured:?}");
    let diagnosis = song.diagnose();
    let depth = (measured.depth_db, 0.01);
    assert_causes(&diagnosis, &[("unrepeatable-mix", None, Some(depth))]);
    assert!(diagnosis.causes[0].expected && diagnosis.recipe.is_identity());
}

#[test]
fn mistakes_besides_are_found() {
    let mut song = with_chorus(8.0);
    song.song.stems[1] = super::delay(&song.song.stems[1], 40);
    let diagnosis = song.diagnose();
    let expected = [("late-stem", Some(1), Some((40.0, 0.2))), ("unrepeatable-mix", None, None)];
    assert_causes(&diagnosis, &expected);
    let mut song = with_chorus(8.0);
    song.song.stems[0] = map(&song.song.stems[0], |x| -x);
    let expected = [("inverted-polarity", Some(0), None), ("unrepeatable-mix", None, None)];
    assert_causes(&song.diagnose(), &expected);
}

#[test]
fn the_same_twice_says_that_the_stems_are_wrong() {
    let mut song = with_chorus(8.0);
    song.second = song.song.reference.clone();
    let measured = song.whole().repeatability().expect("the same");
    assert!(measured.is_same() && measured.depth_db == f64::NEG_INFINITY);
    let diagnosis = song.diagnose();
    let found = list(&diagnosis);
    assert!(!found.is_empty() && !found.concat().contains("unrepeatable"), "{found:#?}");
}

#[test]
fn another_version_of_the_mix_measures_nothing() {
    let stems = scenes::band(8.0);
    let mixed = mix(&stems);
    let level = |db: f64| amplitude_from_db(db);
    let versions: [(&str, Signal); 6] = [
        ("gain", map(&mixed, |x| x * level(0.3))),
        ("clipped", map(&mixed, |x| x.clamp(-0.4, 0.4))),
        ("driven", map(&mixed, |x| (1.5 * x).tanh() / 1.5 * level(0.8))),
        ("moved", super::delay(&mixed, 3)),
        ("louder keys", mix(&[mixed.clone(), map(&stems[2], |x| 0.2 * x)])),
        ("without lead", mix(&[mixed.clone(), map(&stems[3], |x| -x)])),
    ];
    for (what, second) in versions {
        let song = Twice { song: Song::of(stems.clone()), second };
        assert_eq!(song.whole().repeatability(), None, "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_cuts_merge_to_the_whole(mut cuts in prop::collection::vec(0_usize..3 * RATE as usize, 0..5)) {
        let song = with_chorus(3.0);
        let frames = song.song.frames();
        cuts.sort_unstable();
        let mut begin = 0;
        let parts = cuts.iter().copied().chain([frames]).map(|end| {
            let part = song.part(begin..end);
            begin = end;
            part
        });
        let merged = parts.collect::<Vec<_>>().into_iter().reduce(NullPart::merge);
        let (merged, whole) = (merged.and_then(|part| part.repeat), song.whole().repeat);
        prop_assert!(merged.zip(whole).is_some_and(|(merged, whole)| merged.is_close(&whole)));
    }
}
