//! What the mix bus did to the reference that the stems have not.

use std::f64::consts::TAU;

use crate::score::desk::Desk;
use crate::score::dsp::{self, Dice, Sound, Squeeze};
use crate::score::songs;
use crate::score::truth::Truth;

pub(super) fn gain(desk: &mut Desk) -> Option<Vec<Truth>> {
    let db = desk.strength.of([4.0, 1.0, 0.2]) * desk.dice.octaves(0.75, 1.3) * desk.dice.sign();
    dsp::scale(&mut desk.mix, dsp::gain(db));
    Some(vec![Truth::of("reference-gain").amount(db, 0.1)])
}

pub(super) fn inverted(desk: &mut Desk) -> Option<Vec<Truth>> {
    dsp::scale(&mut desk.mix, -1.0);
    Some(vec![Truth::of("inverted-polarity")])
}

/// Whether there is any width to lose.
fn is_wide(mix: &Sound) -> Option<()> {
    (songs::sides(mix) > -25.0).then_some(())
}

pub(super) fn swapped(desk: &mut Desk) -> Option<Vec<Truth>> {
    is_wide(&desk.mix)?;
    desk.mix.swap(0, 1);
    Some(vec![Truth::of("swapped-channels")])
}

pub(super) fn collapsed(desk: &mut Desk) -> Option<Vec<Truth>> {
    is_wide(&desk.mix)?;
    dsp::sides(&mut desk.mix, 0.0);
    Some(vec![Truth::of("collapsed-to-mono")])
}

pub(super) fn width(desk: &mut Desk) -> Option<Vec<Truth>> {
    is_wide(&desk.mix)?;
    let db = desk.strength.of([5.0, 2.0, 0.7]) * desk.dice.octaves(0.8, 1.2) * desk.dice.sign();
    dsp::sides(&mut desk.mix, dsp::gain(db));
    Some(vec![Truth::of("changed-width").amount(db, 0.3)])
}

pub(super) fn pan(desk: &mut Desk) -> Option<Vec<Truth>> {
    let db = desk.strength.of([5.0, 2.0, 0.6]) * desk.dice.octaves(0.8, 1.2) * desk.dice.sign();
    dsp::lean(&mut desk.mix, db);
    Some(vec![Truth::of("changed-pan").size(db, 0.3)])
}

/// A compressor of some make, set so that it takes about so many dB on average.
fn set_to(mix: &Sound, rate: u32, mean_db: f64, dice: &mut Dice) -> Squeeze {
    let set = Squeeze {
        threshold: 0.0,
        ratio: dice.pick(&[1.5, 2.0, 4.0]).copied().unwrap_or(2.0),
        attack_s: dice.octaves(0.003, 0.03),
        release_s: dice.octaves(0.05, 0.4),
    };
    dsp::set_to(mix, rate, mean_db, set)
}

pub(super) fn compressor(desk: &mut Desk) -> Option<Vec<Truth>> {
    let mean = desk.strength.of([4.0, 1.8, 0.5]) * desk.dice.octaves(0.8, 1.25);
    let set = set_to(&desk.mix, desk.song.rate, mean, &mut desk.dice);
    let gains = dsp::squeeze(&desk.mix, desk.rate(), set);
    let (mean, _) = dsp::reduction(&desk.mix, &gains);
    dsp::follow(&mut desk.mix, &gains);
    if desk.dice.sign() > 0.0 {
        dsp::scale(&mut desk.mix, dsp::gain(0.8 * mean));
    }
    Some(vec![Truth::of("bus-compressor").size(mean, 1.0).allow(&["reference-gain"])])
}

/// Limits the mix; the frames by which it looks ahead, and the mean gain reduction.
fn limited(desk: &mut Desk, by_db: f64) -> (usize, f64) {
    let ceiling = dsp::peak(&desk.mix) * dsp::gain(-by_db);
    let ahead = (desk.dice.between(0.0014, 0.005) * f64::from(desk.rate())) as usize;
    let release = desk.dice.octaves(0.03, 0.2);
    let gains = dsp::limit(&desk.mix, desk.rate(), ceiling, ahead, release);
    let (mean, _) = dsp::reduction(&desk.mix, &gains);
    dsp::follow(&mut desk.mix, &gains);
    (ahead, mean)
}

pub(super) fn limiter(desk: &mut Desk) -> Option<Vec<Truth>> {
    let by_db = desk.strength.of([7.0, 4.0, 1.5]) * desk.dice.octaves(0.85, 1.2);
    let (_, mean) = limited(desk, by_db);
    Some(vec![Truth::of("bus-limiter").size(mean, 1.0)])
}

/// The limiter's look-ahead is not made up for.
pub(super) fn late_limiter(desk: &mut Desk) -> Option<Vec<Truth>> {
    let by_db = desk.strength.of([7.0, 4.0, 1.5]) * desk.dice.octaves(0.85, 1.2);
    let (ahead, mean) = limited(desk, by_db);
    dsp::shift(&mut desk.mix, ahead as i64);
    Some(vec![
        Truth::of("bus-limiter").size(mean, 1.0),
        Truth::of("reference-offset").amount(ahead as f64, 1.0),
    ])
}

/// By how many dB the mix has lost energy.
fn lost(before: f64, mix: &Sound) -> f64 {
    dsp::db(before / dsp::energy(mix).max(1e-20))
}

pub(super) fn saturation(desk: &mut Desk) -> Option<Vec<Truth>> {
    let drive_db = desk.strength.of([6.0, 0.0, -9.0]);
    let before = dsp::energy(&desk.mix);
    dsp::saturate(&mut desk.mix, drive_db);
    let lost = lost(before, &desk.mix);
    Some(vec![Truth::of("bus-saturation").size(lost, 1.0).allow(&["reference-gain"])])
}

/// Clipping of the mix is a cause of its own name as well.
pub(super) fn hard_clip(desk: &mut Desk) -> Option<Vec<Truth>> {
    let by_db = desk.strength.of([6.0, 3.5, 1.5]) * desk.dice.octaves(0.85, 1.2);
    let ceiling = (dsp::peak(&desk.mix) * dsp::gain(-by_db)) as f32;
    for x in desk.mix.iter_mut().flatten() {
        *x = x.clamp(-ceiling, ceiling);
    }
    Some(vec![Truth::of("bus-saturation").also(&["clipping"])])
}

/// Bells and a shelf; the amount is the largest deviation of all together.
pub(super) fn eq(desk: &mut Desk) -> Option<Vec<Truth>> {
    let rate = desk.rate();
    let db = desk.strength.of([4.0, 1.8, 0.6]);
    // What the impulse becomes is the curve.
    let mut impulse = vec![vec![0f32; 1 << 14]; 1];
    impulse[0][0] = 1.0;
    for _ in 0..=desk.dice.below(3) {
        let hz = desk.dice.octaves(60.0, 9000.0);
        let db = db * desk.dice.between(0.5, 1.0) * desk.dice.sign();
        let q = desk.dice.octaves(0.5, 1.6);
        dsp::bell(&mut desk.mix, rate, hz, db, q);
        dsp::bell(&mut impulse, rate, hz, db, q);
    }
    if desk.dice.sign() > 0.0 {
        let (hz, above) = if desk.dice.sign() > 0.0 { (6000.0, 1.0) } else { (120.0, -1.0) };
        let db = 0.8 * db * desk.dice.sign();
        dsp::shelf(&mut desk.mix, rate, hz, db, above);
        dsp::shelf(&mut impulse, rate, hz, db, above);
    }
    let most = (0..64)
        .map(|step| {
            let turn = TAU * 30.0 * 1.105f64.powi(step) / f64::from(rate);
            let parts = impulse[0].iter().enumerate().map(|(i, x)| {
                let (sin, cos) = (turn * i as f64).sin_cos();
                (f64::from(*x) * cos, f64::from(*x) * sin)
            });
            let (re, im) = parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            dsp::db(re * re + im * im).abs()
        })
        .fold(0.0, f64::max);
    Some(vec![Truth::of("bus-eq").size(most, 1.0).allow(&["reference-gain"])])
}

/// Every stem went through the chain of the bus by itself, the mix as a whole.
pub(super) fn printed_per_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    let rate = desk.rate();
    let mean = desk.strength.of([6.0, 4.0, 2.5]);
    let set = set_to(&desk.mix, rate, mean, &mut desk.dice);
    let gains = dsp::squeeze(&desk.mix, rate, set);
    let (mean, _) = dsp::reduction(&desk.mix, &gains);
    dsp::follow(&mut desk.mix, &gains);
    let makeup = dsp::gain(0.7 * mean);
    dsp::scale(&mut desk.mix, makeup);
    for stem in 0..desk.song.stems.len() {
        desk.change(stem, |sound| {
            let gains = dsp::squeeze(sound, rate, set);
            dsp::follow(sound, &gains);
            dsp::scale(sound, makeup);
        });
    }
    // The contract does not say which decibels: what the mix loses, or what it loses more than the
    // stems, are both read as right.
    let truth = Truth::of("bus-printed-per-stem").size(mean, 2.0);
    Some(vec![truth.allow(&["reference-gain", "bus-compressor"])])
}

/// EQ, compressor, limiter: as loud as a record.
pub(super) fn mastered(desk: &mut Desk) -> Option<Vec<Truth>> {
    let rate = desk.rate();
    let strength = desk.strength;
    let db = strength.of([2.5, 1.5, 0.7]);
    let low = db * desk.dice.sign();
    dsp::shelf(&mut desk.mix, rate, 110.0, low, -1.0);
    dsp::bell(&mut desk.mix, rate, 350.0, -db, 0.8);
    dsp::shelf(&mut desk.mix, rate, 7000.0, db, 1.0);
    let set = set_to(&desk.mix, rate, strength.of([2.5, 1.5, 0.8]), &mut desk.dice);
    let gains = dsp::squeeze(&desk.mix, rate, set);
    dsp::follow(&mut desk.mix, &gains);
    limited(desk, strength.of([9.0, 6.0, 3.0]));
    let peak = dsp::peak(&desk.mix);
    dsp::scale(&mut desk.mix, 0.97 / peak);
    let parts = &[
        "bus-eq",
        "bus-compressor",
        "bus-limiter",
        "bus-saturation",
        "reference-gain",
        "changed-width",
    ];
    Some(vec![Truth::of("mastered-reference").allow(parts)])
}

/// The mix fades where the stems play on.
pub(super) fn fade(desk: &mut Desk) -> Option<Vec<Truth>> {
    let rate = f64::from(desk.rate());
    let ends = desk.song.stems.iter().filter(|stem| stem.heard > -30.0);
    let end = ends.map(|stem| stem.sounds.1).max()? as f64;
    let seconds = desk.strength.of([8.0, 4.0, 1.5]) * desk.dice.between(0.8, 1.0);
    let bend = if desk.dice.sign() > 0.0 { 1.0 } else { 2.0 };
    // The fade ends while something is still to be heard.
    let end = end - desk.strength.of([1.5, 1.0, 0.5]) * rate;
    dsp::fade(&mut desk.mix, end, seconds * rate, bend);
    Some(vec![Truth::of("fade-on-reference").amount(seconds, (0.25 * seconds).max(0.5))])
}
