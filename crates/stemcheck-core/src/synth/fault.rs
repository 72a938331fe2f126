//! What goes wrong at export, done on purpose and by a known amount.
//!
//! A fault is named by the code that must find it. Faults are applied in order, to the song as it
//! stands in the DAW; what the mix already holds does not change unless the fault is in the mix.

use super::dsp::Noise;
use super::{SynthFile, SynthSong, quantise};
use crate::measure::Word;
use crate::song::Role;
use crate::units::{amplitude_from_db, frames_from_seconds};

/// One fault in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Name of the file; `*` = every file.
    pub file: String,
    /// What is done to it.
    pub change: Change,
}

/// What can be done to a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Plays so many samples later; negative cuts its start. Fractions are interpolated.
    Late(f64),
    /// Louder by so many dB.
    Gain(f64),
    /// Upside down.
    Polarity,
    /// Not part of the mix, though its file is there.
    NotInReference,
    /// Holds another file's part as well.
    Doubles(String),
    /// Its file is not there, though it is part of the mix.
    Missing,
    /// There twice, the second time under this name.
    Copy(String),
    /// Driven so that peaks would pass full scale by so many dB.
    Clip(f64),
    /// The same, in a float file that holds it.
    Over(f64),
    /// Peak set to so many dBFS.
    Normalise(f64),
    /// A constant of so many dBFS on top.
    Dc(f64),
    /// Stored as integers of 16 or 24 bits.
    Bits(u16),
    /// Stored as 32-bit float.
    Float,
    /// Rounded to so many bits, stored in as many as before.
    Padded(u16),
    /// Triangular dither of so many bits and rounding to them, stored in as many as before.
    Dither(u16),
    /// Peaks that are so many dB too loud taken back by a limiter that looks ahead.
    Limit(f64),
    /// From so many seconds on, so many samples of exact silence.
    Dropout(f64, usize),
    /// At so many seconds, one sample of so many dBFS on top.
    Click(f64, f64),
    /// From so many seconds on, later by so many samples, or earlier.
    Moved(f64, i64),
    /// From so many seconds on, the so many samples before once more.
    Repeated(f64, usize),
    /// One sample is not a number, in a float file.
    NotANumber,
    /// Digital silence.
    Silent,
    /// One channel, the mean of both.
    Mono,
    /// Two channels, both the mean of both.
    DualMono,
    /// So many channels, the further ones silent.
    Channels(usize),
    /// This channel, counted from 0, louder by so many dB.
    ChannelGain(usize, f64),
    /// The right channel upside down.
    OutOfPhase,
    /// The first so many seconds cut off.
    Trim(f64),
    /// The last so many seconds cut off.
    Short(f64),
}

/// A fault that can be asked for by its code.
#[derive(Debug, Clone, Copy)]
pub struct FaultKind {
    /// The code that finds it.
    pub code: &'static str,
    /// The file of the demo song that gets it unless another is named.
    pub file: &'static str,
    /// How much, unless said otherwise; 0 where there is no amount.
    pub amount: f64,
    /// Unit of the amount, or empty.
    pub unit: &'static str,
    change: fn(f64) -> Change,
}

const MIX: &str = "Midnight Tape - Mix.wav";

/// Every fault that can be asked for.
pub const FAULTS: &[FaultKind] = &[
    kind("late-stem", "Bass.wav", 480.0, "samples", Change::Late),
    kind("reference-offset", MIX, 1024.0, "samples", Change::Late),
    kind("wrong-gain", "Guitar.wav", 1.5, "dB", Change::Gain),
    kind("reference-gain", MIX, -3.0, "dB", Change::Gain),
    kind("inverted-polarity", "Keys.wav", 0.0, "", |_| Change::Polarity),
    kind("not-in-reference", "Guitar.wav", 0.0, "", |_| Change::NotInReference),
    kind("doubled-part", "Keys.wav", 0.0, "", |_| Change::Doubles("Guitar.wav".into())),
    kind("missing-part", "Backing Vocals.wav", 0.0, "", |_| Change::Missing),
    kind("no-reference", MIX, 0.0, "", |_| Change::Missing),
    kind("duplicate-file", "Guitar.wav", 0.0, "", |_| Change::Copy("Guitar Copy.wav".into())),
    kind("clipping", "Drums.wav", 3.0, "dB", Change::Clip),
    kind("over-full-scale", "Drums.wav", 2.0, "dB", Change::Over),
    kind("sum-clips", "*", 9.0, "dB", Change::Gain),
    kind("normalised", "*", -0.3, "dBFS", Change::Normalise),
    kind("dc-offset", "Bass.wav", -40.0, "dBFS", Change::Dc),
    kind("low-bit-depth", "Keys.wav", 16.0, "bits", |bits| Change::Bits(bits as u16)),
    kind("padded-bit-depth", "Keys.wav", 16.0, "bits", |bits| Change::Padded(bits as u16)),
    kind("invalid-samples", "Lead Vocal.wav", 0.0, "", |_| Change::NotANumber),
    kind("silent-stem", "Guitar.wav", 0.0, "", |_| Change::Silent),
    kind("silent-channel", "Guitar.wav", -200.0, "dB", |db| Change::ChannelGain(1, db)),
    kind("out-of-phase-channels", "Keys.wav", 0.0, "", |_| Change::OutOfPhase),
    kind("mono-file", "Bass.wav", 0.0, "", |_| Change::Mono),
    kind("dual-mono", "Bass.wav", 0.0, "", |_| Change::DualMono),
    kind("multichannel-file", "Keys.wav", 6.0, "channels", |count| {
        Change::Channels(count as usize)
    }),
    kind("no-leading-bar", "*", 2.5, "s", Change::Trim),
    kind("mixed-lengths", "Guitar.wav", 1.5, "s", Change::Short),
];

const fn kind(
    code: &'static str,
    file: &'static str,
    amount: f64,
    unit: &'static str,
    change: fn(f64) -> Change,
) -> FaultKind {
    FaultKind { code, file, amount, unit, change }
}

impl Fault {
    /// A fault of the demo song from text: `late-stem`, `late-stem=96.5`, `late-stem@Keys.wav` or
    /// `late-stem=96.5@Keys.wav`.
    ///
    /// # Errors
    /// A sentence that names what is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (what, file) = match text.split_once('@') {
            Some((what, file)) => (what, Some(file)),
            None => (text, None),
        };
        let (code, amount) = match what.split_once('=') {
            Some((code, amount)) => (code, Some(amount)),
            None => (what, None),
        };
        let kind = FAULTS.iter().find(|kind| kind.code == code).ok_or_else(|| {
            let codes: Vec<&str> = FAULTS.iter().map(|kind| kind.code).collect();
            format!("no fault is called {code:?}; there are {}", codes.join(", "))
        })?;
        let amount = match amount {
            None => kind.amount,
            Some(_) if kind.unit.is_empty() => return Err(format!("{code} has no amount")),
            Some(amount) => amount
                .parse()
                .ok()
                .filter(|amount: &f64| amount.is_finite())
                .ok_or_else(|| format!("{code}: {amount:?} is no number of {}", kind.unit))?,
        };
        let change = (kind.change)(amount);
        let fine = match change {
            Change::Bits(bits) => [16, 24].contains(&bits),
            Change::Padded(bits) => (2..=24).contains(&bits),
            _ => true,
        };
        if !fine {
            return Err(format!("{code}: {amount} bits cannot be stored"));
        }
        Ok(Self { file: file.unwrap_or(kind.file).to_owned(), change })
    }

    /// Does it. A file that is not there is left alone.
    pub fn apply(&self, song: &mut SynthSong) {
        let rate = song.sample_rate;
        let wanted = |file: &SynthFile| self.file == "*" || self.file == file.name;
        match &self.change {
            Change::Missing => song.files.retain(|file| !wanted(file)),
            Change::Copy(name) => {
                if let Some(at) = song.files.iter().position(wanted) {
                    let copy = SynthFile { name: name.clone(), ..song.files[at].clone() };
                    song.files.insert(at + 1, copy);
                }
            }
            Change::Doubles(other) => {
                let part = song.files.iter().find(|file| &file.name == other).cloned();
                for file in song.files.iter_mut().filter(|file| wanted(file)) {
                    add(file, part.as_ref(), 1.0);
                }
            }
            Change::NotInReference => {
                let parts: Vec<SynthFile> =
                    song.files.iter().filter(|f| wanted(f)).cloned().collect();
                for file in song.files.iter_mut().filter(|file| file.role == Role::Reference) {
                    for part in &parts {
                        add(file, Some(part), -1.0);
                    }
                }
            }
            Change::Normalise(dbfs) => {
                // Whoever normalises stems leaves the mix as it is.
                for file in song.files.iter_mut().filter(|f| wanted(f) && f.role == Role::Stem) {
                    let peak = peak(file);
                    scale(file, amplitude_from_db(*dbfs) / peak);
                }
            }
            change => {
                for file in song.files.iter_mut().filter(|file| wanted(file)) {
                    change.alter(file, rate);
                }
            }
        }
    }
}

impl Change {
    /// Changes one file by itself.
    fn alter(&self, file: &mut SynthFile, rate: u32) {
        let frames = file.channels.first().map_or(0, Vec::len);
        match self {
            Self::Late(samples) => {
                file.channels.iter_mut().for_each(|channel| *channel = shift(channel, *samples));
            }
            Self::Gain(db) => scale(file, amplitude_from_db(*db)),
            Self::Polarity => scale(file, -1.0),
            Self::Clip(db) => {
                scale(file, amplitude_from_db(*db) / peak(file));
                for x in file.channels.iter_mut().flatten() {
                    *x = x.clamp(-1.0, 1.0);
                }
            }
            Self::Over(db) => {
                scale(file, amplitude_from_db(*db) / peak(file));
                file.word = Word::Float;
            }
            Self::Dc(dbfs) => {
                let offset = amplitude_from_db(*dbfs) as f32;
                file.channels.iter_mut().flatten().for_each(|x| *x += offset);
            }
            Self::Bits(bits) => file.word = Word::Int(*bits),
            Self::Float => file.word = Word::Float,
            Self::Padded(bits) => quantise(&mut file.channels, *bits),
            Self::Dither(bits) => {
                let step = 2f32.powi(1 - i32::from(*bits));
                let mut noise = Noise::new(0x7bdf);
                for x in file.channels.iter_mut().flatten() {
                    *x += (noise.sample() - noise.sample()) / 2.0 * step;
                }
                quantise(&mut file.channels, *bits);
            }
            Self::Limit(db) => {
                let ceiling = peak(file) * amplitude_from_db(-db);
                limit(&mut file.channels, ceiling as f32, rate);
            }
            Self::Dropout(seconds, samples) => {
                let at = frames_from_seconds(*seconds, rate) as usize;
                for channel in &mut file.channels {
                    channel.iter_mut().skip(at).take(*samples).for_each(|x| *x = 0.0);
                }
            }
            Self::Click(seconds, dbfs) => {
                let at = frames_from_seconds(*seconds, rate) as usize;
                let level = amplitude_from_db(*dbfs) as f32;
                for channel in &mut file.channels {
                    channel.iter_mut().skip(at).take(1).for_each(|x| *x += level);
                }
            }
            Self::Moved(seconds, later) => {
                let at = (frames_from_seconds(*seconds, rate) as usize).min(frames);
                for channel in &mut file.channels {
                    let from = |i: usize| i.checked_add_signed(-(*later as isize));
                    let sound = |i| from(i).and_then(|i| channel.get(i)).copied();
                    let moved: Vec<f32> =
                        (at..frames).map(|i| sound(i).unwrap_or_default()).collect();
                    channel[at..].copy_from_slice(&moved);
                }
            }
            Self::Repeated(seconds, samples) => {
                let at = frames_from_seconds(*seconds, rate) as usize;
                if *samples <= at && at + samples <= frames {
                    for channel in &mut file.channels {
                        channel.copy_within(at - samples..at, at);
                    }
                }
            }
            Self::NotANumber => {
                file.word = Word::Float;
                if let Some(x) = file.channels.first_mut().and_then(|c| c.get_mut(frames / 2)) {
                    *x = f32::NAN;
                }
            }
            Self::Silent => scale(file, 0.0),
            Self::Mono => file.channels = vec![mean(&file.channels)],
            Self::DualMono => file.channels = vec![mean(&file.channels); 2],
            Self::Channels(count) => file.channels.resize(*count, vec![0.0; frames]),
            Self::ChannelGain(channel, db) => {
                let gain = amplitude_from_db(*db) as f32;
                file.channels.iter_mut().skip(*channel).take(1).flatten().for_each(|x| *x *= gain);
            }
            Self::OutOfPhase => {
                let middle = mean(&file.channels);
                let flipped = middle.iter().map(|x| -x).collect();
                file.channels = vec![middle, flipped];
            }
            Self::Trim(seconds) => {
                let cut = (frames_from_seconds(*seconds, rate) as usize).min(frames);
                file.channels.iter_mut().for_each(|channel| drop(channel.drain(..cut)));
            }
            Self::Short(seconds) => {
                let left = frames.saturating_sub(frames_from_seconds(*seconds, rate) as usize);
                file.channels.iter_mut().for_each(|channel| channel.truncate(left));
            }
            // These concern more than one file: see `Fault::apply`.
            Self::NotInReference
            | Self::Doubles(_)
            | Self::Missing
            | Self::Copy(_)
            | Self::Normalise(_) => {}
        }
    }
}

fn peak(file: &SynthFile) -> f64 {
    f64::from(file.channels.iter().flatten().fold(1e-9f32, |most, x| most.max(x.abs())))
}

fn scale(file: &mut SynthFile, gain: f64) {
    for x in file.channels.iter_mut().flatten() {
        *x = (f64::from(*x) * gain) as f32;
    }
}

fn add(file: &mut SynthFile, part: Option<&SynthFile>, gain: f32) {
    let Some(part) = part else { return };
    for (channel, other) in file.channels.iter_mut().zip(&part.channels) {
        for (x, y) in channel.iter_mut().zip(other) {
            *x += gain * y;
        }
    }
}

fn mean(channels: &[Vec<f32>]) -> Vec<f32> {
    let share = 1.0 / channels.len().max(1) as f32;
    let frames = channels.first().map_or(0, Vec::len);
    (0..frames).map(|i| channels.iter().filter_map(|c| c.get(i)).sum::<f32>() * share).collect()
}

/// A limiter of the plainest kind: the smallest gain that the next 1.5 ms need, averaged over as long,
/// released with a time constant of 60 ms, the same for all channels.
fn limit(channels: &mut [Vec<f32>], ceiling: f32, rate: u32) {
    let frames = channels.first().map_or(0, Vec::len);
    let ahead = (rate as usize / 667).max(1);
    let release = libm::exp(-1.0 / (0.06 * f64::from(rate)));
    let needed: Vec<f64> = (0..frames)
        .map(|i| {
            let loudest =
                channels.iter().filter_map(|c| c.get(i)).fold(0f32, |m, x| m.max(x.abs()));
            f64::from(ceiling / loudest.max(ceiling))
        })
        .collect();
    let mut held = 1.0;
    let gains: Vec<f64> = (0..frames)
        .map(|i| {
            let soon = needed.iter().skip(i).take(ahead).copied().fold(1.0, f64::min);
            held = soon.min(1.0 - release * (1.0 - held));
            held
        })
        .collect();
    for channel in channels {
        for (i, x) in channel.iter_mut().enumerate() {
            let late = gains.iter().skip((i + 1).saturating_sub(ahead)).take(ahead.min(i + 1));
            *x = (f64::from(*x) * late.sum::<f64>() / ahead.min(i + 1) as f64) as f32;
        }
    }
}

/// Moves samples later within the same length: whole frames exactly, the rest of a frame by a sinc
/// under a Blackman-Harris window (Harris 1978), 64 frames to each side.
fn shift(samples: &[f32], later: f64) -> Vec<f32> {
    const REACH: i64 = 64;
    let whole = later.floor();
    let rest = later - whole;
    let at = |i: i64| usize::try_from(i).ok().and_then(|i| samples.get(i)).copied().unwrap_or(0.0);
    let frames = samples.len() as i64;
    if rest == 0.0 {
        return (0..frames).map(|i| at(i - whole as i64)).collect();
    }
    let taps: Vec<f64> = (-REACH..=REACH)
        .map(|k| {
            let x = k as f64 - rest;
            let turn = std::f64::consts::PI * x;
            let window = [0.358_75, 0.488_29, 0.141_28, 0.011_68]
                .iter()
                .zip(0..)
                .map(|(a, n)| a * libm::cos(f64::from(n) * turn / (REACH as f64 + 1.0)))
                .sum::<f64>();
            libm::sin(turn) / turn * window
        })
        .collect();
    (0..frames)
        .map(|i| {
            let centre = i - whole as i64;
            let terms = taps.iter().zip(-REACH..).map(|(tap, k)| tap * f64::from(at(centre - k)));
            terms.sum::<f64>() as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_understood_or_refused() {
        let fault = Fault::parse("late-stem=96.5@Keys.wav").unwrap();
        assert_eq!(fault, Fault { file: "Keys.wav".into(), change: Change::Late(96.5) });
        assert_eq!(Fault::parse("late-stem").unwrap().change, Change::Late(480.0));
        for wrong in
            ["", "late", "late-stem=x", "late-stem=inf", "silent-stem=3", "low-bit-depth=99"]
        {
            assert!(Fault::parse(wrong).is_err(), "{wrong:?}");
        }
        for kind in FAULTS {
            assert!(Fault::parse(kind.code).is_ok(), "{}", kind.code);
        }
    }

    #[test]
    fn shifts_by_whole_and_broken_frames() {
        let tone = |i: f64| (0.3 * i).sin() as f32;
        let samples: Vec<f32> = (0..400).map(|i| tone(f64::from(i))).collect();
        let late = shift(&samples, 7.0);
        assert_eq!(late[0], 0.0);
        assert_eq!(late[7..], samples[..393]);
        assert_eq!(shift(&samples, -7.0)[..393], samples[7..]);
        for later in [2.25, -2.25] {
            for (i, x) in shift(&samples, later).iter().enumerate().take(300).skip(100) {
                assert!((x - tone(i as f64 - later)).abs() < 1e-6, "{later} at {i}");
            }
        }
    }
}
