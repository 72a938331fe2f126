//! What a stem lacks of the mix's processing, has too much of, or is of another kind.

use std::sync::Arc;

use stemcheck_core::synth::reverb::Room;

use crate::score::desk::Desk;
use crate::score::dsp::{self, Sound, Squeeze};
use crate::score::songs::{Kind, Stem};
use crate::score::truth::Truth;

/// Whether a stem has a width to lose. Of a mono sound that is panned, swapping, narrowing and
/// collapsing are all no more than another pan.
fn is_wide(stem: &Stem) -> bool {
    stem.sides > -22.0 && stem.apart > -12.0
}

pub(super) fn wrong_gain(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let db = desk.strength.of([5.0, 1.2, 0.25]) * desk.dice.octaves(0.75, 1.3) * desk.dice.sign();
    desk.change(stem, |sound| dsp::scale(sound, dsp::gain(db)));
    Some(vec![Truth::of("wrong-gain").file(&desk.part(stem).name).amount(db, 0.1)])
}

/// The mix has a ride that the stem has not: where the mix rises the stem is too quiet.
pub(super) fn missing_automation(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let db = desk.strength.of([6.0, 2.5, 0.8]) * desk.dice.octaves(0.8, 1.25) * desk.dice.sign();
    let part = Arc::clone(&desk.part(stem).sound);
    let (first, last) = desk.part(stem).sounds;
    let share = |share: f64| first + (share * (last - first) as f64) as usize;
    let (from, to) = (share(desk.dice.between(0.3, 0.45)), share(desk.dice.between(0.6, 0.8)));
    let gains = dsp::ride(dsp::frames(&part), desk.rate(), from, to, db);
    let more: Vec<f64> = gains.iter().map(|gain| gain - 1.0).collect();
    in_mix(desk, &part, &more);
    let truth = Truth::of("missing-automation").file(&desk.part(stem).name).amount(-db, 0.3);
    Some(vec![truth.from(desk.seconds(from))])
}

/// The mix holds the part times `more` besides.
fn in_mix(desk: &mut Desk, part: &Sound, more: &[f64]) {
    let mut extra = part.clone();
    dsp::follow(&mut extra, more);
    dsp::add(&mut desk.mix, &extra, 1.0);
}

pub(super) fn inverted(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    desk.change(stem, |sound| dsp::scale(sound, -1.0));
    Some(vec![Truth::of("inverted-polarity").file(&desk.part(stem).name)])
}

pub(super) fn not_in_reference(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    let part = Arc::clone(&desk.part(stem).sound);
    dsp::add(&mut desk.mix, &part, -1.0);
    Some(vec![Truth::of("not-in-reference").file(&desk.part(stem).name)])
}

pub(super) fn copied(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    let part = desk.part(stem);
    let copy = part.name.replace(".wav", " copy.wav");
    desk.deliver(copy.clone(), (*part.sound).clone());
    Some(vec![Truth::of("doubled-part").file(&part.name).other(&copy)])
}

pub(super) fn doubled_inside(desk: &mut Desk) -> Option<Vec<Truth>> {
    let inner = desk.by_level(|_| true)?;
    let part = desk.part(inner);
    let outer =
        desk.heard(|stem| stem.sound.len() == 2 && stem.sound[0].len() >= part.sound[0].len())?;
    desk.change(outer, |sound| dsp::add(sound, &part.sound, 1.0));
    Some(vec![Truth::of("doubled-part").file(&desk.part(outer).name).other(&part.name)])
}

/// A group is delivered, and what is in it as well.
pub(super) fn doubled_bus(desk: &mut Desk) -> Option<Vec<Truth>> {
    let count = if desk.song.stems.len() > 5 { 2 + desk.dice.below(2) } else { 2 };
    let members: Vec<usize> = (0..count).filter_map(|_| desk.by_level(|_| true)).collect();
    if members.len() < count || members.len() + 1 >= desk.song.stems.len() {
        return None;
    }
    let sounds = members.iter().map(|&stem| desk.part(stem).sound.as_ref());
    let group = crate::score::songs::sum(sounds);
    desk.deliver("Group.wav".to_owned(), group);
    let truth = Truth::of("doubled-part").file("Group.wav");
    Some(vec![members.iter().fold(truth, |truth, &stem| truth.other(&desk.part(stem).name))])
}

pub(super) fn missing(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    desk.leave_out(stem);
    Some(vec![Truth::of("missing-part").amount(desk.part(stem).heard, 1.0)])
}

/// The effect alone at its level against the stem, and what is true of that.
fn level(desk: &mut Desk, stem: usize, wet: &mut Sound, code: &'static str) -> Truth {
    let db = desk.strength.of([-6.0, -14.0, -26.0]) + desk.dice.between(-2.0, 2.0);
    dsp::against(&desk.part(stem).sound, wet, db);
    Truth::of(code).file(&desk.part(stem).name).amount(db, 2.0)
}

fn reverb(desk: &mut Desk, stem: usize) -> Sound {
    let part = &desk.part(stem).sound;
    let seconds = desk.dice.octaves(0.6, 2.5);
    let mut wet = if desk.dice.sign() > 0.0 {
        dsp::plate(part, desk.rate(), seconds, desk.dice.between(0.1, 0.6))
    } else {
        let room = Room {
            seconds: seconds as f32,
            damping: desk.dice.between(0.1, 0.7) as f32,
            size: desk.dice.between(0.5, 1.3) as f32,
            pre_delay: 0.0,
            wet: 1.0,
        };
        dsp::room(part, desk.rate(), room)
    };
    let later = desk.dice.between(0.005, 0.06) * f64::from(desk.rate());
    dsp::shift(&mut wet, later as i64);
    wet
}

pub(super) fn missing_reverb(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.heard > -18.0)?;
    let mut wet = reverb(desk, stem);
    let truth = level(desk, stem, &mut wet, "missing-effect-return");
    dsp::add(&mut desk.mix, &wet, 1.0);
    Some(vec![truth])
}

pub(super) fn missing_echo(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.heard > -18.0)?;
    let apart = desk.dice.between(0.12, 0.6) * f64::from(desk.rate());
    let (left, ping) = (desk.dice.between(0.2, 0.6), desk.dice.sign() > 0.0);
    let mut wet = dsp::echo(&desk.part(stem).sound, desk.rate(), apart as usize, left, ping);
    let truth = level(desk, stem, &mut wet, "missing-effect-return");
    dsp::add(&mut desk.mix, &wet, 1.0);
    Some(vec![truth])
}

/// The stem has its reverb twice, the mix once.
pub(super) fn doubled_reverb(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.heard > -18.0 && stem.sound.len() == 2)?;
    let mut wet = reverb(desk, stem);
    let truth = level(desk, stem, &mut wet, "doubled-effect-return");
    dsp::add(&mut desk.mix, &wet, 1.0);
    desk.change(stem, |sound| dsp::add(sound, &wet, 2.0));
    Some(vec![truth])
}

pub(super) fn swapped(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(is_wide)?;
    desk.change(stem, |sound| sound.swap(0, 1));
    Some(vec![Truth::of("swapped-channels").file(&desk.part(stem).name)])
}

pub(super) fn collapsed(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(is_wide)?;
    desk.change(stem, |sound| dsp::sides(sound, 0.0));
    Some(vec![Truth::of("collapsed-to-mono").file(&desk.part(stem).name)])
}

pub(super) fn width(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(is_wide)?;
    let db = desk.strength.of([6.0, 2.5, 0.8]) * desk.dice.octaves(0.8, 1.2) * desk.dice.sign();
    desk.change(stem, |sound| dsp::sides(sound, dsp::gain(db)));
    Some(vec![Truth::of("changed-width").file(&desk.part(stem).name).amount(db, 0.3)])
}

/// By how many dB the balance between left and right is off; which way is left open.
pub(super) fn pan(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.sound.len() == 2)?;
    let db = desk.strength.of([8.0, 3.0, 0.8]) * desk.dice.octaves(0.8, 1.2) * desk.dice.sign();
    desk.change(stem, |sound| dsp::lean(sound, db));
    let truth = Truth::of("changed-pan").file(&desk.part(stem).name);
    Some(vec![truth.size(db, 0.3)])
}

/// A bell where the stem sounds.
pub(super) fn stem_eq(desk: &mut Desk) -> Option<Vec<Truth>> {
    const PLACES_HZ: [f64; 10] =
        [90.0, 150.0, 250.0, 400.0, 700.0, 1100.0, 1800.0, 3000.0, 5000.0, 8000.0];
    let stem = desk.heard(|_| true)?;
    let (part, rate) = (Arc::clone(&desk.part(stem).sound), desk.rate());
    let mut places: Vec<(f64, f64)> = PLACES_HZ
        .iter()
        .map(|&hz| {
            let mut band = (*part).clone();
            dsp::pass(&mut band, rate, 0.8 * hz, false);
            dsp::pass(&mut band, rate, 1.25 * hz, true);
            (dsp::energy(&band), hz)
        })
        .collect();
    places.sort_by(|a, b| b.0.total_cmp(&a.0));
    let hz = desk.dice.pick(&places[..4])?.1 * desk.dice.octaves(0.85, 1.2);
    let db = desk.strength.of([6.0, 3.0, 1.0]) * desk.dice.octaves(0.8, 1.2) * desk.dice.sign();
    let q = desk.dice.octaves(0.6, 1.6);
    desk.change(stem, |sound| dsp::bell(sound, rate, hz, db, q));
    Some(vec![Truth::of("stem-eq").file(&desk.part(stem).name).size(db, 1.0)])
}

pub(super) fn stem_compressor(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let part = Arc::clone(&desk.part(stem).sound);
    let set = Squeeze {
        threshold: 20.0 * dsp::peak(&part).log10() - desk.strength.of([24.0, 14.0, 7.0]),
        ratio: desk.strength.of([6.0, 4.0, 2.0]),
        attack_s: desk.dice.octaves(0.003, 0.03),
        release_s: desk.dice.octaves(0.06, 0.3),
    };
    let gains = dsp::squeeze(&part, desk.rate(), set);
    dynamics(desk, stem, &part, gains)
}

pub(super) fn stem_limiter(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let part = Arc::clone(&desk.part(stem).sound);
    let ceiling = dsp::peak(&part) * dsp::gain(-desk.strength.of([12.0, 7.0, 3.0]));
    let ahead = (desk.dice.between(0.001, 0.004) * f64::from(desk.rate())) as usize;
    let release = desk.dice.octaves(0.03, 0.2);
    let gains = dsp::limit(&part, desk.rate(), ceiling, ahead, release);
    dynamics(desk, stem, &part, gains)
}

fn dynamics(desk: &mut Desk, stem: usize, part: &Sound, mut gains: Vec<f64>) -> Option<Vec<Truth>> {
    let (mean, _) = dsp::reduction(part, &gains);
    let makeup = desk.dice.sign() > 0.0;
    if makeup {
        for gain in &mut gains {
            *gain *= dsp::gain(mean);
        }
    }
    desk.change(stem, |sound| dsp::follow(sound, &gains));
    let truth = Truth::of("stem-dynamics").file(&desk.part(stem).name);
    // What is made up for is seen only where the stem is quiet.
    let off = if makeup { f64::max(1.5, 0.5 * mean) } else { 1.5 };
    Some(vec![truth.size(mean, off).allow(&["wrong-gain"])])
}

/// The mix ducks the stem when the kick sounds; the stem was exported alone. Mean or greatest depth:
/// "so many dB of it" is both.
pub(super) fn lost_sidechain(desk: &mut Desk) -> Option<Vec<Truth>> {
    let kick = desk.song.stems.iter().find(|stem| stem.kind == Kind::Kick)?;
    let stem = desk.heard(|stem| stem.kind == Kind::Tones)?;
    let depth = desk.strength.of([10.0, 5.0, 2.0]);
    let mut gains = dsp::ducked(&kick.sound, desk.rate(), depth);
    // After its file nothing is ducked.
    gains.resize(desk.song.frames(), 1.0);
    let part = Arc::clone(&desk.part(stem).sound);
    let (mean, most) = dsp::reduction(&part, &gains);
    let more: Vec<f64> = gains.iter().map(|gain| gain - 1.0).collect();
    in_mix(desk, &part, &more);
    let truth = Truth::of("lost-sidechain").file(&desk.part(stem).name);
    Some(vec![truth.size(mean, 1.5).size(most, 1.5).allow(&["wrong-gain"])])
}

/// One render of the chorus.
fn rendered(desk: &mut Desk, stem: usize, hz: f64, db: f64) -> Sound {
    let turns = desk.dice.between(0.0, 1.0);
    let part = &desk.part(stem).sound;
    let mut wet = dsp::chorus(part, desk.rate(), hz, turns);
    dsp::against(part, &mut wet, db);
    wet
}

/// A chorus whose sweep starts where it likes.
pub(super) fn modulated(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.kind == Kind::Tones && stem.sound.len() == 2)?;
    let db = desk.strength.of([-3.0, -10.0, -20.0]);
    let hz = desk.dice.octaves(0.25, 1.3);
    let (one, other) = (rendered(desk, stem, hz, db), rendered(desk, stem, hz, db));
    dsp::add(&mut desk.mix, &one, 1.0);
    desk.change(stem, |sound| dsp::add(sound, &other, 1.0));
    Some(vec![Truth::of("modulated-effect").file(&desk.part(stem).name)])
}

/// The mix is there twice, and the two differ: so many dB below the mix.
pub(super) fn unrepeatable(desk: &mut Desk) -> Option<Vec<Truth>> {
    let mut again = desk.mix.clone();
    for _ in 0..2 {
        let Some(stem) = desk.heard(|stem| stem.kind == Kind::Tones && stem.sound.len() == 2)
        else {
            break;
        };
        let db = desk.strength.of([-3.0, -10.0, -20.0]);
        let hz = desk.dice.octaves(0.25, 1.3);
        let wets: Vec<Sound> = (0..3).map(|_| rendered(desk, stem, hz, db)).collect();
        dsp::add(&mut desk.mix, &wets[0], 1.0);
        dsp::add(&mut again, &wets[1], 1.0);
        desk.change(stem, |sound| dsp::add(sound, &wets[2], 1.0));
    }
    if desk.taken.is_empty() {
        return None;
    }
    let apart = dsp::energy(&dsp::minus(&again, &desk.mix));
    let depth = dsp::db(apart / dsp::energy(&desk.mix));
    desk.again = Some(again);
    let truth = Truth::of("unrepeatable-mix").amount(depth, 1.0);
    Some(vec![truth.allow(&["modulated-effect"])])
}

/// Another take of the part, throughout or for a while.
pub(super) fn other_version(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    let other = desk.song.retake(stem, 20)?;
    let (first, last) = desk.part(stem).sounds;
    let share = |share: f64| first + (share * (last - first) as f64) as usize;
    let (from, to) = match desk.strength.of([0, 1, 2]) {
        0 => (0, usize::MAX),
        1 => (share(0.4), share(0.85)),
        _ => (share(0.5), share(0.7)),
    };
    desk.change(stem, |sound| {
        for (channel, other) in sound.iter_mut().zip(&other) {
            let taken = channel.iter_mut().zip(other).enumerate().skip(from);
            taken.take_while(|(i, _)| *i < to).for_each(|(_, (x, y))| *x = *y);
        }
    });
    let truth = Truth::of("different-version").file(&desk.part(stem).name);
    Some(vec![if from > 0 { truth.from(desk.seconds(from)) } else { truth }])
}
