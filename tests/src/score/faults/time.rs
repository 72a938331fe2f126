//! What plays at the wrong time or speed.

use crate::score::desk::Desk;
use crate::score::dsp;
use crate::score::truth::Truth;

pub(super) fn late_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let size = desk.strength.of([4800.0, 128.0, 1.5]) * desk.dice.octaves(0.7, 1.4);
    let later = (size.round() * desk.dice.sign()) as i64;
    desk.change(stem, |sound| dsp::shift(sound, later));
    Some(vec![Truth::of("late-stem").file(&desk.part(stem).name).amount(later as f64, 1.0)])
}

pub(super) fn late_by_a_part(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let whole = desk.strength.of([37.0, 4.0, 0.0]);
    let later = (whole + desk.dice.between(0.2, 0.8)) * desk.dice.sign();
    desk.change(stem, |sound| dsp::delay(sound, later));
    Some(vec![Truth::of("late-stem").file(&desk.part(stem).name).amount(later, 0.05)])
}

/// Silence of many seconds that was cut off, or put in front.
pub(super) fn trimmed(desk: &mut Desk) -> Option<Vec<Truth>> {
    let rate = f64::from(desk.rate());
    let length = desk.seconds(desk.song.frames());
    // Long pieces of sound are left.
    let stem = desk.by_level(|stem| (stem.sounds.1 as f64 / rate) > 0.8 * length)?;
    let most = (0.4 * length).min(8.0);
    let frames = (desk.dice.between(0.6 * most, most) * rate).round() as usize;
    let cut = desk.dice.sign() < 0.0;
    desk.change(stem, |sound| {
        for channel in sound {
            if cut {
                channel.drain(..frames.min(channel.len()));
            } else {
                channel.splice(..0, std::iter::repeat_n(0.0, frames));
            }
        }
    });
    let later = frames as f64 * if cut { -1.0 } else { 1.0 };
    // What was cut off with the silence is gone as well.
    let truth = Truth::of("late-stem").file(&desk.part(stem).name).amount(later, 1.0);
    Some(vec![truth.allow(&["cut-start"])])
}

/// From an edit on, a stem plays later or earlier.
pub(super) fn moved_edit(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let size = desk.strength.of([2400.0, 240.0, 24.0]) * desk.dice.octaves(0.7, 1.4);
    let later = (size.round() * desk.dice.sign()) as i64;
    let (from, to) = (desk.dice.between(0.3, 0.4), desk.dice.between(0.5, 0.7));
    let edit = desk.loud_moment(stem, from, to);
    desk.change(stem, |sound| {
        let mut moved = sound.clone();
        dsp::shift(&mut moved, later);
        for (channel, moved) in sound.iter_mut().zip(&moved) {
            channel[edit..].copy_from_slice(&moved[edit..]);
        }
    });
    let from = desk.seconds(edit);
    let truth = Truth::of("moved-edit").file(&desk.part(stem).name);
    Some(vec![truth.amount(later as f64, 1.0).from(from)])
}

pub(super) fn channel_delay(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|stem| stem.sound.len() == 2)?;
    let later = desk.strength.of([40, 8, 1]) + desk.dice.below(3) as i64;
    let side = desk.dice.below(2);
    desk.change(stem, |sound| dsp::channel_late(sound, side, later));
    Some(vec![
        Truth::of("channel-delay")
            .file(&desk.part(stem).name)
            .amount(later as f64 * if side == 1 { 1.0 } else { -1.0 }, 1.0),
    ])
}

/// The rate that a converter would have been set to by mistake.
fn other_rate(rate: u32) -> u32 {
    match rate {
        44_100 => 48_000,
        48_000 => 44_100,
        88_200 => 96_000,
        _ => 88_200,
    }
}

/// Converted, but the header tells the old rate: it plays too fast, or too slowly.
pub(super) fn wrong_rate_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.by_level(|_| true)?;
    let (rate, real) = (desk.rate(), other_rate(desk.rate()));
    desk.change(stem, |sound| *sound = dsp::convert(sound, f64::from(rate), f64::from(real), 32));
    let truth = Truth::of("wrong-rate-header").file(&desk.part(stem).name);
    Some(vec![truth.amount(f64::from(real), 1.0)])
}

pub(super) fn wrong_rate_reference(desk: &mut Desk) -> Option<Vec<Truth>> {
    let (rate, real) = (desk.rate(), other_rate(desk.rate()));
    desk.mix = dsp::convert(&desk.mix, f64::from(rate), f64::from(real), 32);
    Some(vec![Truth::of("wrong-rate-header").amount(f64::from(real), 1.0)])
}

pub(super) fn reference_offset(desk: &mut Desk) -> Option<Vec<Truth>> {
    let size = desk.strength.of([2048.0, 100.0, 1.5]) * desk.dice.octaves(0.7, 1.4);
    let later = (size.round() * desk.dice.sign()) as i64;
    dsp::shift(&mut desk.mix, later);
    Some(vec![Truth::of("reference-offset").amount(later as f64, 1.0)])
}

pub(super) fn reference_offset_by_a_part(desk: &mut Desk) -> Option<Vec<Truth>> {
    let whole = desk.strength.of([12.0, 1.0, 0.0]);
    let later = (whole + desk.dice.between(0.2, 0.8)) * desk.dice.sign();
    dsp::delay(&mut desk.mix, later);
    Some(vec![Truth::of("reference-offset").amount(later, 0.05)])
}

fn ppm(desk: &mut Desk) -> f64 {
    desk.strength.of([150.0, 40.0, 8.0]) * desk.dice.octaves(0.8, 1.25) * desk.dice.sign()
}

/// A clock that is fast falls behind by less than nothing.
pub(super) fn drift_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let ppm = ppm(desk);
    desk.change(stem, |sound| dsp::drift(sound, ppm));
    Some(vec![Truth::of("clock-drift").file(&desk.part(stem).name).amount(-ppm, 1.0)])
}

pub(super) fn drift_reference(desk: &mut Desk) -> Option<Vec<Truth>> {
    let ppm = ppm(desk);
    dsp::drift(&mut desk.mix, ppm);
    Some(vec![Truth::of("clock-drift").amount(-ppm, 1.0)])
}
