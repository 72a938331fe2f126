//! The songs, played and mixed.

use std::sync::{Arc, OnceLock};

use stemcheck_core::measure::Word;
use stemcheck_core::synth::reverb::Room;

use super::dsp::{self, Dice, Sound, Squeeze};
use super::plans::{PLANS, Part, Plan, Shape, Space};
use super::players::{Plays, Sheet, play};

/// What a stem is to the kick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ducks others.
    Kick,
    /// Drums of any other kind.
    Drums,
    /// All else.
    Tones,
}

/// A stem as the DAW prints it, before it is stored.
pub(super) struct Stem {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) sound: Arc<Sound>,
    /// Energy against that of the mix, in dB.
    pub(super) heard: f64,
    /// Energy of the sides against the middle, in dB.
    pub(super) sides: f64,
    /// What of the right side is no multiple of the left, against it, in dB: little of a mono sound
    /// that is panned.
    pub(super) apart: f64,
    /// Energy above 9 kHz against the whole, in dB.
    pub(super) bright: f64,
    /// Where it sounds, in frames.
    pub(super) sounds: (usize, usize),
}

/// A song that is played and mixed.
pub struct Song {
    /// What it is like.
    pub name: String,
    /// Hz.
    pub rate: u32,
    pub(super) word: Word,
    pub(super) reference: &'static str,
    pub(super) stems: Vec<Stem>,
    /// The sum, not yet rounded.
    pub(super) mix: Sound,
    /// Who decides what is drawn by lot for it.
    pub(super) seed: String,
    /// Nobody, if it was not played here.
    pub(super) band: Option<Band>,
    pub(super) another: OnceLock<Sound>,
}

/// Who played it, and can play on.
pub(super) struct Band {
    plan: Plan,
    parts: Vec<Part>,
    /// By how much everything was scaled to reach the peak.
    scale: f64,
}

/// How many songs there are.
pub fn count() -> usize {
    PLANS.len()
}

/// Whether a song is held back from tuning.
pub fn is_held(number: usize) -> bool {
    PLANS.get(number).is_some_and(|plan| plan.held)
}

impl Song {
    /// Plays and mixes one of the songs; `None` if there are fewer. Each take from 1 on is another
    /// song for the same players: tempo, key, chords, levels and places differ, and what goes wrong
    /// goes wrong elsewhere.
    pub fn record(number: usize, take: u64) -> Option<Self> {
        let plan = PLANS.get(number)?;
        let mut seed = plan.name.to_owned();
        let (mut plan, mut parts) = (*plan, plan.parts.to_vec());
        if take > 0 {
            seed = format!("{seed} {take}");
            (plan, parts) = plan.again(take);
        }
        let takes: Vec<(Part, u64)> = parts.iter().map(|part| (*part, part.take)).collect();
        let mut sounds = record(&plan, &seed, &takes);
        let mut mix = sum(sounds.iter());
        let scale = dsp::gain(plan.peak) / dsp::peak(&mix).max(1e-9);
        sounds.iter_mut().chain([&mut mix]).for_each(|sound| dsp::scale(sound, scale));
        let kinds = parts.iter().map(|part| kind(part.plays));
        let names = parts.iter().map(|part| part.name.to_owned());
        let stems = names.zip(kinds).zip(sounds).map(|((name, kind), sound)| (name, kind, sound));
        let Plan { name, word, reference, sheet: Sheet { rate, .. }, .. } = plan;
        Some(Self {
            name: name.to_owned(),
            rate,
            word,
            reference,
            stems: heard_in(&mix, stems, rate),
            mix,
            seed,
            band: Some(Band { plan, parts, scale }),
            another: OnceLock::new(),
        })
    }

    pub(super) fn frames(&self) -> usize {
        dsp::frames(&self.mix)
    }

    /// The same player plays the same part once more; where there is no player, something
    /// else of the part.
    pub(super) fn retake(&self, stem: usize, take: u64) -> Option<Sound> {
        let Some(Band { plan, parts, scale }) = &self.band else {
            return Some(self.elsewhere(self.stems.get(stem)?.sound.as_ref(), 1.03));
        };
        let part = parts.get(stem)?;
        // What ducks it has to be heard.
        let mut again: Vec<(Part, u64)> = vec![(*part, part.take + take)];
        let kick = parts.iter().find(|part| kind(part.plays) == Kind::Kick);
        again.extend(kick.filter(|_| part.duck > 0.0).map(|kick| (*kick, kick.take)));
        let mut sound = record(plan, &self.seed, &again).into_iter().next()?;
        dsp::scale(&mut sound, *scale);
        Some(sound)
    }

    /// The mix of another song by the same band; where there is none, as it would be in another key and
    /// tempo, and backwards.
    pub(super) fn another(&self) -> &Sound {
        self.another.get_or_init(|| {
            let Some(Band { plan, parts, scale }) = &self.band else {
                let mut backwards = self.elsewhere(&self.mix, 1.12);
                for channel in &mut backwards {
                    channel.reverse();
                }
                return backwards;
            };
            let again: Vec<(Part, u64)> =
                parts.iter().map(|part| (*part, part.take + 50)).collect();
            let Sheet { root, bpm, .. } = plan.sheet;
            let sheet = Sheet { root: root + 3.0, bpm: bpm * 1.07, ..plan.sheet };
            let other = Plan { sheet, ..*plan };
            let mut mix = sum(record(&other, &self.seed, &again).iter());
            dsp::scale(&mut mix, *scale);
            mix
        })
    }
}

/// What there is to know of each stem, by its name.
pub(super) fn heard_in(
    mix: &Sound,
    stems: impl Iterator<Item = (String, Kind, Sound)>,
    rate: u32,
) -> Vec<Stem> {
    let whole = dsp::energy(mix);
    let stem = |(name, kind, sound): (String, Kind, Sound)| Stem {
        name,
        kind,
        heard: dsp::db(dsp::energy(&sound) / whole),
        sides: sides(&sound),
        apart: apart(&sound),
        bright: bright(&sound, rate),
        sounds: sounds_in(&sound),
        sound: Arc::new(sound),
    };
    stems.map(stem).collect()
}

fn kind(plays: Plays) -> Kind {
    match plays {
        Plays::Kick | Plays::FourOnTheFloor | Plays::Kit => Kind::Kick,
        Plays::Snare | Plays::Hats | Plays::Toms | Plays::Shaker | Plays::Claps | Plays::Congas => {
            Kind::Drums
        }
        _ => Kind::Tones,
    }
}

/// Plays so many parts, side by side, and sends them through their strips.
fn record(plan: &Plan, seed: &str, parts: &[(Part, u64)]) -> Vec<Sound> {
    let half = parts.len().div_ceil(2);
    let played = |parts: &[(Part, u64)]| -> Vec<Sound> {
        parts.iter().map(|(part, take)| strip(plan, seed, *part, *take)).collect()
    };
    let mut sounds = std::thread::scope(|scope| {
        let first = scope.spawn(|| played(&parts[..half]));
        let second = played(&parts[half..]);
        let mut all = first.join().unwrap_or_default();
        all.extend(second);
        all
    });
    let kick = parts.iter().position(|(part, _)| kind(part.plays) == Kind::Kick);
    if let Some(kick) = kick.and_then(|kick| sounds.get(kick)).cloned() {
        for ((part, _), sound) in parts.iter().zip(&mut sounds) {
            if part.duck > 0.0 {
                dsp::follow(sound, &dsp::ducked(&kick, plan.sheet.rate, part.duck));
            }
        }
    }
    for ((part, _), sound) in parts.iter().zip(&mut sounds) {
        shape(*part, sound, plan.sheet.rate);
    }
    sounds
}

fn strip(plan: &Plan, seed: &str, part: Part, take: u64) -> Sound {
    let Sheet { rate, seconds, bpm, .. } = plan.sheet;
    // Takes of different songs differ, too.
    let take = take + 1000 * seconds as u64 + bpm as u64;
    let track = play(part.plays, take, &plan.sheet);
    let mut sound = vec![track.left, track.right];
    let mut dice = Dice::new(&format!("{seed} {}", part.name));
    dsp::pass(&mut sound, rate, dice.octaves(20.0, 45.0), false);
    if let Some((hz, db)) = part.tone {
        dsp::bell(&mut sound, rate, hz, db, dice.between(0.6, 1.4));
    }
    let peak = dsp::peak(&sound).max(1e-9);
    dsp::scale(&mut sound, 1.0 / peak);
    if part.drive > 0.0 {
        let drive = dsp::gain(part.drive);
        for x in sound.iter_mut().flatten() {
            *x = (f64::from(*x) * drive).tanh() as f32;
        }
    }
    if part.squeeze > 0.0 {
        let set = Squeeze {
            threshold: -part.squeeze,
            ratio: dice.between(2.0, 5.0),
            attack_s: dice.octaves(0.002, 0.03),
            release_s: dice.octaves(0.06, 0.3),
        };
        let gains = dsp::squeeze(&sound, rate, set);
        dsp::follow(&mut sound, &gains);
    }
    if part.pan != 0.0 {
        let turn = std::f64::consts::FRAC_PI_4 * (1.0 + part.pan);
        for (side, gain) in [turn.cos(), turn.sin()].into_iter().enumerate() {
            let gain = gain * std::f64::consts::SQRT_2;
            sound[side].iter_mut().for_each(|x| *x = (f64::from(*x) * gain) as f32);
        }
    }
    match part.space {
        Space::Dry => {}
        Space::Room(seconds, wet) => {
            let room = Room {
                seconds,
                damping: 0.4,
                size: dice.between(0.4, 1.1) as f32,
                pre_delay: 0.006,
                wet,
            };
            let wet = dsp::room(&sound, rate, room);
            dsp::add(&mut sound, &wet, 1.0);
        }
        Space::Plate(seconds, level) => {
            let wet = dsp::plate(&sound, rate, seconds, dice.between(0.2, 0.6));
            dsp::add(&mut sound, &wet, level);
        }
        Space::Send(db) => {
            let mut wet = dsp::plate(&sound, rate, 2.4, 0.35);
            dsp::shift(&mut wet, i64::from(rate / 50));
            dsp::add(&mut sound, &wet, 0.5 * dsp::gain(db));
        }
    }
    // Chance may set the sides of a double against each other; whoever recorded it would hear that.
    if sides(&sound) > MIRRORED_DB {
        sound[1].iter_mut().for_each(|x| *x = -*x);
    }
    let wanted = (dsp::gain(part.level)).powi(2) * 2.0 * dsp::frames(&sound) as f64;
    let level = (wanted / dsp::energy(&sound).max(1e-12)).sqrt();
    dsp::scale(&mut sound, level);
    sound
}

/// Where it plays, how many channels its file has, where that ends.
fn shape(part: Part, sound: &mut Sound, rate: u32) {
    let frames = dsp::frames(sound);
    let fade = (0.08 * f64::from(rate)) as usize;
    let at = |share: f64| (share * frames as f64) as usize;
    let (from, to) = (at(part.active.0), at(part.active.1));
    for channel in sound.iter_mut() {
        for (i, x) in channel.iter_mut().enumerate() {
            let into = if from == 0 { fade } else { i.saturating_sub(from).min(fade) };
            // The end of the song fades as well: nothing is cut.
            let left = to.saturating_sub(i).min(4 * fade);
            *x *= into as f32 / fade as f32 * (left as f32 / (4 * fade) as f32).powi(2);
        }
        if part.short {
            channel.truncate(to);
        }
    }
    if part.shape != Shape::Stereo {
        let [left, right] = sound.as_slice() else { return };
        let middle: Vec<f32> = left.iter().zip(right).map(|(l, r)| 0.5 * (l + r)).collect();
        *sound = vec![middle.clone()];
        if part.shape == Shape::DualMono {
            sound.push(middle);
        }
    }
}

/// The sum of stems, in double precision.
pub(super) fn sum<'a>(sounds: impl Iterator<Item = &'a Sound> + Clone) -> Sound {
    let frames = sounds.clone().map(dsp::frames).max().unwrap_or(0);
    let mut sides = vec![vec![0f64; frames]; 2];
    for sound in sounds {
        for (side, out) in sides.iter_mut().enumerate() {
            let heard = sound.get(side).or(sound.first());
            for (y, x) in out.iter_mut().zip(heard.into_iter().flatten()) {
                *y += f64::from(*x);
            }
        }
    }
    sides.into_iter().map(|side| side.into_iter().map(|x| x as f32).collect()).collect()
}

/// Sides so much louder than the middle, in dB, are a mirrored stem.
const MIRRORED_DB: f64 = 6.0;

/// How loud the sides are against the middle, in dB.
pub(super) fn sides(sound: &Sound) -> f64 {
    let [left, right] = sound.as_slice() else { return -200.0 };
    let (mut middle, mut side) = (0.0, 0.0);
    for (l, r) in left.iter().zip(right) {
        middle += f64::from(l + r).powi(2);
        side += f64::from(l - r).powi(2);
    }
    dsp::db(side / f64::max(middle, 1e-20))
}

fn apart(sound: &Sound) -> f64 {
    let [left, right] = sound.as_slice() else { return -200.0 };
    let product = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
    };
    let alike = product(left, right).powi(2) / (product(left, left) * product(right, right));
    dsp::db(1.0 - alike)
}

fn bright(sound: &Sound, rate: u32) -> f64 {
    let mut high = sound.clone();
    dsp::pass(&mut high, rate, 9000.0, false);
    dsp::pass(&mut high, rate, 9000.0, false);
    dsp::db(dsp::energy(&high) / dsp::energy(sound).max(1e-20))
}

/// First and last frame that is less than 60 dB below the peak.
fn sounds_in(sound: &Sound) -> (usize, usize) {
    let least = (dsp::peak(sound) * 1e-3) as f32;
    let loud = |channel: &Vec<f32>| {
        let first = channel.iter().position(|x| x.abs() > least)?;
        Some((first, channel.iter().rposition(|x| x.abs() > least)? + 1))
    };
    let ends: Vec<(usize, usize)> = sound.iter().filter_map(loud).collect();
    let first = ends.iter().map(|end| end.0).min().unwrap_or(0);
    (first, ends.iter().map(|end| end.1).max().unwrap_or(0))
}
