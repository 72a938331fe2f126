//! What happens to files: ends that are cut off, holes, clicks, clipping, encoders, converters,
//! another file altogether.

use std::sync::Arc;

use stemcheck_core::measure::Word;

use crate::score::desk::{Desk, Rounding, lossy};
use crate::score::dsp::{self, Sound};
use crate::score::truth::Truth;

/// It ends so many seconds sooner: than its sound, or than the song if silence counts.
pub(super) fn cut_tail(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let rate = f64::from(desk.rate());
    let seconds = desk.strength.of([4.0, 1.8, 0.8]) * desk.dice.between(0.8, 1.2);
    // A stem's sound fades at its end, so what lies just before that is what is cut.
    let (_, last) = desk.part(stem).sounds;
    let file_ends = dsp::frames(&desk.part(stem).sound);
    let end = last.saturating_sub((seconds * rate) as usize);
    let shorter = desk.dice.sign() > 0.0;
    desk.change(stem, |sound| {
        for channel in sound {
            if shorter {
                channel.truncate(end);
            } else {
                channel[end..].fill(0.0);
            }
        }
    });
    let truth = Truth::of("cut-tail").file(&desk.part(stem).name);
    let (missing, cut) = (desk.seconds(last - end), desk.seconds(end));
    let truth = truth.amount(missing, 0.4).amount(desk.seconds(file_ends - end), 0.4);
    let length = desk.seconds(desk.song.frames());
    Some(vec![truth.amount(length - cut, 0.4)])
}

pub(super) fn cut_start(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let rate = f64::from(desk.rate());
    let seconds = desk.strength.of([2.5, 0.6, 0.12]) * desk.dice.between(0.8, 1.2);
    let (first, _) = desk.part(stem).sounds;
    let begin = first + (seconds * rate) as usize;
    desk.change(stem, |sound| {
        for channel in sound {
            channel[..begin].fill(0.0);
        }
    });
    let truth = Truth::of("cut-start").file(&desk.part(stem).name);
    Some(vec![truth.amount(seconds, 0.3)])
}

/// Moments that lie apart, in rising order.
fn moments(desk: &mut Desk, stem: usize, count: usize) -> Vec<usize> {
    (0..count)
        .map(|i| {
            let part = 0.7 / count as f64;
            let from = 0.15 + part * i as f64;
            desk.loud_moment(stem, from, from + 0.7 * part)
        })
        .collect()
}

fn silence(sound: &mut Sound, starts: &[usize], frames: usize) {
    for channel in sound {
        for &start in starts {
            channel.iter_mut().skip(start).take(frames).for_each(|x| *x = 0.0);
        }
    }
}

/// How many, or how long all together.
fn holes(truth: Truth, desk: &Desk, starts: &[usize], frames: usize) -> Truth {
    let total = desk.seconds(frames * starts.len());
    truth
        .amount(starts.len() as f64, 0.1)
        .amount(total, 0.2 * total + 0.002)
        .from(desk.seconds(starts[0]))
}

pub(super) fn dropout(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let starts = moments(desk, stem, desk.strength.of([4, 2, 1]));
    let frames = (desk.strength.of([0.06, 0.02, 0.005]) * f64::from(desk.rate())) as usize;
    desk.change(stem, |sound| silence(sound, &starts, frames));
    let truth = Truth::of("dropout").file(&desk.part(stem).name);
    Some(vec![holes(truth, desk, &starts, frames)])
}

pub(super) fn reference_dropout(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let starts = moments(desk, stem, desk.strength.of([4, 2, 1]));
    let frames = (desk.strength.of([0.06, 0.02, 0.005]) * f64::from(desk.rate())) as usize;
    silence(&mut desk.mix, &starts, frames);
    Some(vec![holes(Truth::of("dropout"), desk, &starts, frames)])
}

/// A buffer that was played twice; the one after it is lost.
pub(super) fn repeated_block(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let frames = desk.strength.of([8192, 2048, 512]);
    let mut start = desk.loud_moment(stem, 0.3, 0.8).max(frames);
    // What is played twice can be heard: silence instead of a stroke would be a hole.
    let silent = |start: usize| {
        let before =
            |c: &Vec<f32>| c.iter().skip(start - frames).take(frames).all(|x| x.abs() < 1e-3);
        desk.part(stem).sound.iter().all(before)
    };
    if silent(start) {
        start += frames;
    }
    desk.change(stem, |sound| {
        for channel in sound {
            let end = (start + frames).min(channel.len());
            channel.copy_within(start - frames..end - frames, start);
        }
    });
    let truth = Truth::of("repeated-block").file(&desk.part(stem).name);
    Some(vec![holes(truth, desk, &[start], frames)])
}

fn clicks(sound: &mut Sound, places: &[usize], level: f64) {
    for channel in sound {
        for &place in places {
            channel.iter_mut().skip(place).take(1).for_each(|x| *x += level as f32);
        }
    }
}

pub(super) fn click(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let places = moments(desk, stem, desk.strength.of([3, 2, 1]));
    let level = dsp::gain(desk.strength.of([-6.0, -16.0, -28.0])) * desk.dice.sign();
    desk.change(stem, |sound| clicks(sound, &places, level));
    let truth = Truth::of("click").file(&desk.part(stem).name).amount(places.len() as f64, 0.1);
    Some(vec![truth.from(desk.seconds(places[0]))])
}

pub(super) fn reference_click(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let places = moments(desk, stem, desk.strength.of([3, 2, 1]));
    let level = dsp::gain(desk.strength.of([-6.0, -16.0, -28.0])) * desk.dice.sign();
    clicks(&mut desk.mix, &places, level);
    let truth = Truth::of("click").amount(places.len() as f64, 0.1);
    Some(vec![truth.from(desk.seconds(places[0]))])
}

/// A stem that is flat where the mix is not. How its amount is counted is left open.
pub(super) fn clipping(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let by_db = desk.strength.of([12.0, 7.0, 3.0]) * desk.dice.octaves(0.85, 1.2);
    let ceiling = (dsp::peak(&desk.part(stem).sound) * dsp::gain(-by_db)) as f32;
    desk.change(stem, |sound| {
        sound.iter_mut().flatten().for_each(|x| *x = x.clamp(-ceiling, ceiling));
    });
    Some(vec![Truth::of("clipping").file(&desk.part(stem).name)])
}

pub(super) fn reference_mp3(desk: &mut Desk) -> Option<Vec<Truth>> {
    lossy_reference(desk, ["mp3 128", "mp3 192", "mp3 320"])
}

pub(super) fn reference_aac(desk: &mut Desk) -> Option<Vec<Truth>> {
    lossy_reference(desk, ["aac 96", "aac 160", "aac 256"])
}

fn lossy_reference(desk: &mut Desk, codecs: [&str; 3]) -> Option<Vec<Truth>> {
    desk.mix = lossy(&desk.mix, desk.song.rate, desk.strength.of(codecs))?;
    Some(vec![Truth::of("lossy-reference")])
}

pub(super) fn lossy_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    let stem = desk.heard(|_| true)?;
    let codecs = if desk.dice.sign() > 0.0 && desk.rate() <= 48_000 {
        ["mp3 96", "mp3 160", "mp3 256"]
    } else {
        ["aac 96", "aac 128", "aac 192"]
    };
    let coded = lossy(&desk.part(stem).sound, desk.rate(), desk.strength.of(codecs))?;
    desk.change(stem, |sound| *sound = coded);
    // LAME turns what it codes coarsely down to 0.95.
    Some(vec![Truth::of("lossy-stem").file(&desk.part(stem).name).allow(&["wrong-gain"])])
}

/// To another rate and back, by a converter that is the worse the more it is to be heard.
fn resampled(desk: &Desk, sound: &Sound) -> Sound {
    let rate = f64::from(desk.rate());
    let other = if desk.rate().is_multiple_of(44_100) { 48_000.0 } else { 44_100.0 };
    let other = desk.strength.of([32_000.0, other, other]);
    let crossings = desk.strength.of([4, 8, 32]);
    let there = dsp::convert(sound, rate, other, crossings);
    let mut back = dsp::convert(&there, other, rate, crossings);
    let frames = dsp::frames(sound);
    for channel in &mut back {
        channel.resize(frames, 0.0);
    }
    back
}

pub(super) fn resampled_reference(desk: &mut Desk) -> Option<Vec<Truth>> {
    desk.mix = resampled(desk, &desk.mix);
    Some(vec![Truth::of("resampled-reference")])
}

pub(super) fn resampled_stem(desk: &mut Desk) -> Option<Vec<Truth>> {
    // Of a bass a converter takes nothing.
    let stem = desk.heard(|stem| stem.bright > -40.0)?;
    let sound = Arc::clone(&desk.part(stem).sound);
    let back = resampled(desk, &sound);
    desk.change(stem, |sound| *sound = back);
    Some(vec![Truth::of("resampled-stem").file(&desk.part(stem).name)])
}

pub(super) fn different_song(desk: &mut Desk) -> Option<Vec<Truth>> {
    desk.mix.clone_from(desk.song.another());
    Some(vec![Truth::of("different-song")])
}

pub(super) fn noise(desk: &mut Desk) -> Option<Vec<Truth>> {
    let db = desk.strength.of([-45.0, -60.0, -76.0]) + desk.dice.between(-3.0, 3.0);
    let seed = desk.dice.below(1 << 20) as u64;
    dsp::noise(&mut desk.mix, db, seed);
    Some(vec![Truth::of("added-noise").amount(db, 1.0)])
}

/// The mix dithered to fewer bits than the stems have.
pub(super) fn dithered(desk: &mut Desk) -> Option<Vec<Truth>> {
    let bits = desk.strength.of([16, 18, 20]);
    if desk.song.word == Word::Int(16) {
        return None;
    }
    desk.dither = Some((bits, desk.dice.below(1 << 20) as u64));
    // Rounding with triangular dither leaves a quarter of a step's square.
    let db = -6.0206 * f64::from(bits);
    Some(vec![Truth::of("rounding").amount(db, 1.0)])
}

/// Some programs cut the digits off that do not fit. Nothing is wrong with that.
pub(super) fn clean_floored(desk: &mut Desk) -> Option<Vec<Truth>> {
    desk.rounding = Rounding::Down;
    (desk.song.word != Word::Float).then(Vec::new)
}

/// Dither on every file: needless, and no mistake in the sum.
pub(super) fn clean_dithered(desk: &mut Desk) -> Option<Vec<Truth>> {
    desk.rounding = Rounding::Dithered;
    (desk.song.word != Word::Float).then(Vec::new)
}
