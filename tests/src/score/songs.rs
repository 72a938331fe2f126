//! The songs: unlike one another in what plays, in what room, how it is stored. Half of them is held
//! back: whoever tunes the diagnosis never looks at those.

use std::sync::{Arc, OnceLock};

use stemcheck_core::measure::Word;
use stemcheck_core::synth::reverb::Room;

use super::dsp::{self, Dice, Sound, Squeeze};
use super::players::{Plays, Sheet, play};

/// How a part lies in its file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Stereo,
    /// Two channels that are equal.
    DualMono,
    /// One channel.
    Mono,
}

/// Which reverb is printed into a part.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Space {
    Dry,
    /// A room of its own: seconds, level.
    Room(f32, f32),
    /// A plate of its own: seconds, level.
    Plate(f64, f64),
    /// The song's shared send, at this level in dB.
    Send(f64),
}

/// A part and what its channel strip does.
#[derive(Debug, Clone, Copy)]
struct Part {
    name: &'static str,
    plays: Plays,
    take: u64,
    /// RMS over the whole song, in dB; the mix is brought to its peak afterwards.
    level: f64,
    /// -1 to 1.
    pan: f64,
    shape: Shape,
    space: Space,
    /// A bell: Hz and dB.
    tone: Option<(f64, f64)>,
    /// dB into a saturation.
    drive: f64,
    /// Compressor, dB of threshold below the peak.
    squeeze: f64,
    /// Ducked by the kick, by so many dB.
    duck: f64,
    /// Part of the song in which it plays.
    active: (f64, f64),
    /// Whether the file ends with the sound.
    short: bool,
}

const fn part(name: &'static str, plays: Plays, level: f64) -> Part {
    Part {
        name,
        plays,
        take: 1,
        level,
        pan: 0.0,
        shape: Shape::Stereo,
        space: Space::Dry,
        tone: None,
        drive: 0.0,
        squeeze: 0.0,
        duck: 0.0,
        active: (0.0, 1.0),
        short: false,
    }
}

impl Part {
    const fn pan(self, pan: f64) -> Self {
        Self { pan, ..self }
    }
    const fn take(self, take: u64) -> Self {
        Self { take, ..self }
    }
    const fn shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
    const fn room(self, seconds: f32, wet: f32) -> Self {
        Self { space: Space::Room(seconds, wet), ..self }
    }
    const fn plate(self, seconds: f64, wet: f64) -> Self {
        Self { space: Space::Plate(seconds, wet), ..self }
    }
    const fn send(self, db: f64) -> Self {
        Self { space: Space::Send(db), ..self }
    }
    const fn tone(self, hz: f64, db: f64) -> Self {
        Self { tone: Some((hz, db)), ..self }
    }
    const fn drive(self, db: f64) -> Self {
        Self { drive: db, ..self }
    }
    const fn squeeze(self, db: f64) -> Self {
        Self { squeeze: db, ..self }
    }
    const fn duck(self, db: f64) -> Self {
        Self { duck: db, ..self }
    }
    const fn active(self, from: f64, to: f64) -> Self {
        Self { active: (from, to), ..self }
    }
    const fn short(self) -> Self {
        Self { short: true, ..self }
    }
}

/// What a song is made of.
struct Plan {
    name: &'static str,
    held: bool,
    rate: u32,
    word: Word,
    seconds: f32,
    lead_in: f32,
    bpm: f32,
    root: f32,
    chords: &'static [(f32, bool)],
    loose_s: f32,
    /// dBFS of the mix.
    peak: f64,
    reference: &'static str,
    parts: &'static [Part],
}

const POP: &[(f32, bool)] = &[(0.0, false), (7.0, false), (9.0, true), (5.0, false)];
const MINOR: &[(f32, bool)] = &[(0.0, true), (8.0, false), (3.0, false), (10.0, false)];
const MODAL: &[(f32, bool)] = &[(2.0, true), (7.0, false), (0.0, false), (9.0, true), (5.0, false)];
const DRONE: &[(f32, bool)] = &[(0.0, true), (0.0, true), (5.0, true)];

const BIT24: Word = Word::Int(24);

/// All songs, those to tune by and those that are held back in turn.
const PLANS: &[Plan] = &[
    Plan {
        name: "dense pop",
        held: false,
        rate: 48_000,
        word: BIT24,
        seconds: 20.0,
        lead_in: 2.0,
        bpm: 118.0,
        root: 36.0,
        chords: POP,
        loose_s: 0.004,
        peak: -5.0,
        reference: "Dense Pop - Mixdown.wav",
        parts: &[
            part("Drums.wav", Plays::Kit, -10.0).room(0.5, 0.12).squeeze(10.0),
            part("Percussion.wav", Plays::Congas, -24.0).pan(0.3).plate(1.1, 0.2),
            part("Bass.wav", Plays::Bass, -12.0).shape(Shape::DualMono).drive(3.0).squeeze(12.0),
            part("Keys.wav", Plays::Rhodes, -17.0).room(0.9, 0.15),
            part("Acoustic Guitar.wav", Plays::Acoustic, -20.0).pan(-0.5).tone(300.0, -4.0),
            part("Pads.wav", Plays::Pad, -25.0).active(0.4, 1.0),
            part("Lead Vocal.wav", Plays::Vocal, -12.0).plate(1.6, 0.18).squeeze(14.0),
            part("Backing Vocals.wav", Plays::Choir, -21.0).plate(1.6, 0.3).active(0.4, 1.0),
            part("FX.wav", Plays::Riser, -36.0).active(0.25, 0.8).short(),
        ],
    },
    Plan {
        name: "sparse acoustic",
        held: true,
        rate: 44_100,
        word: Word::Int(16),
        seconds: 18.0,
        lead_in: 1.4,
        bpm: 84.0,
        root: 38.0,
        chords: MODAL,
        loose_s: 0.012,
        peak: -8.0,
        reference: "Stereo Mix.wav",
        parts: &[
            part("Guitar.wav", Plays::Acoustic, -12.0).room(0.7, 0.1),
            part("Voice.wav", Plays::Vocal, -11.0).room(1.2, 0.14).squeeze(8.0),
            part("Cello.wav", Plays::Cellos, -21.0).pan(0.25).room(1.2, 0.3).active(0.3, 1.0),
            part("Shaker.wav", Plays::Shaker, -32.0).shape(Shape::Mono).active(0.45, 1.0),
        ],
    },
    Plan {
        name: "electronic with ducking",
        held: false,
        rate: 44_100,
        word: BIT24,
        seconds: 22.0,
        lead_in: 1.0,
        bpm: 126.0,
        root: 33.0,
        chords: MINOR,
        loose_s: 0.0,
        peak: -3.0,
        reference: "Night Drive Master Ref Mix.wav",
        parts: &[
            part("Kick.wav", Plays::FourOnTheFloor, -9.0).shape(Shape::DualMono).drive(4.0),
            part("Clap.wav", Plays::Claps, -19.0).plate(0.8, 0.25),
            part("Hats.wav", Plays::Hats, -23.0).pan(-0.1),
            part("Sub.wav", Plays::Sub, -12.0).shape(Shape::DualMono).duck(9.0),
            part("Arp.wav", Plays::Arpeggio, -19.0).send(-8.0).duck(4.0),
            part("Pads.wav", Plays::Pad, -18.0).duck(7.0).room(1.8, 0.3),
            part("Lead.wav", Plays::Lead, -17.0).send(-5.0).drive(6.0).active(0.35, 0.9).short(),
            part("Noise FX.wav", Plays::Riser, -33.0),
        ],
    },
    Plan {
        name: "piano and voice",
        held: true,
        rate: 96_000,
        word: BIT24,
        seconds: 14.0,
        lead_in: 1.2,
        bpm: 72.0,
        root: 41.0,
        chords: MODAL,
        loose_s: 0.015,
        peak: -9.0,
        reference: "Reference.wav",
        parts: &[
            part("Piano.wav", Plays::Piano, -12.0).room(1.4, 0.12),
            part("Vocal.wav", Plays::Vocal, -10.0).plate(2.1, 0.15).shape(Shape::Stereo),
            part("Room.wav", Plays::Air, -48.0),
        ],
    },
    Plan {
        name: "orchestral pads",
        held: false,
        rate: 48_000,
        word: Word::Float,
        seconds: 24.0,
        lead_in: 1.0,
        bpm: 66.0,
        root: 35.0,
        chords: DRONE,
        loose_s: 0.03,
        peak: 1.5,
        reference: "full mix.wav",
        parts: &[
            part("Violins.wav", Plays::Violins, -13.0).send(-4.0),
            part("Violins 2.wav", Plays::Violins, -17.0).take(2).send(-4.0).pan(-0.3),
            part("Cellos.wav", Plays::Cellos, -14.0).send(-7.0).pan(0.3),
            part("Pad.wav", Plays::Pad, -18.0).send(-6.0),
            part("Choir.wav", Plays::Choir, -19.0).send(-3.0).active(0.3, 1.0),
            part("Timpani.wav", Plays::Toms, -22.0).send(-5.0),
            part("Air.wav", Plays::Air, -42.0),
        ],
    },
    Plan {
        name: "percussion only",
        held: true,
        rate: 48_000,
        word: BIT24,
        seconds: 16.0,
        lead_in: 2.0,
        bpm: 104.0,
        root: 36.0,
        chords: DRONE,
        loose_s: 0.006,
        peak: -4.0,
        reference: "Session Mix.wav",
        parts: &[
            part("Kick.wav", Plays::Kick, -12.0).shape(Shape::Mono),
            part("Snare.wav", Plays::Snare, -13.0).room(0.5, 0.2),
            part("Hats.wav", Plays::Hats, -22.0).pan(0.2),
            part("Toms.wav", Plays::Toms, -19.0).room(0.6, 0.15),
            part("Congas.wav", Plays::Congas, -15.0).pan(-0.2),
            part("Shaker.wav", Plays::Shaker, -28.0).pan(0.4),
            part("Claps.wav", Plays::Claps, -21.0).plate(0.9, 0.25).active(0.3, 1.0),
        ],
    },
    Plan {
        name: "double-tracked guitars",
        held: false,
        rate: 48_000,
        word: BIT24,
        seconds: 18.0,
        lead_in: 1.5,
        bpm: 140.0,
        root: 40.0,
        chords: MINOR,
        loose_s: 0.005,
        peak: -4.0,
        reference: "Riffs Mix.wav",
        parts: &[
            part("Drums.wav", Plays::Kit, -11.0).room(0.7, 0.2).squeeze(14.0),
            part("Bass.wav", Plays::Bass, -14.0).drive(8.0).shape(Shape::DualMono),
            part("Guitar L.wav", Plays::Electric, -16.0).pan(-0.9).tone(2500.0, 3.0),
            part("Guitar R.wav", Plays::Electric, -16.0).take(2).pan(0.9).tone(2200.0, 3.0),
            part("Guitar Double.wav", Plays::Electric, -22.0).take(3).pan(-0.2).active(0.4, 1.0),
            part("Vox.wav", Plays::Vocal, -14.0).plate(0.9, 0.2).drive(5.0).squeeze(10.0),
            part("Vox Double.wav", Plays::Vocal, -24.0).take(2).pan(0.2).active(0.3, 1.0),
        ],
    },
    Plan {
        name: "shared send, mono files",
        held: true,
        rate: 44_100,
        word: BIT24,
        seconds: 20.0,
        lead_in: 1.8,
        bpm: 96.0,
        root: 37.0,
        chords: POP,
        loose_s: 0.008,
        peak: -6.0,
        reference: "Song_Mixdown.wav",
        parts: &[
            part("Drums.wav", Plays::Kit, -11.0).send(-16.0),
            part("Bass.wav", Plays::Bass, -13.0).shape(Shape::Mono),
            part("Organ.wav", Plays::Organ, -19.0).send(-8.0),
            part("Piano.wav", Plays::Piano, -16.0).send(-9.0).pan(-0.2),
            part("Lead Vocal.wav", Plays::Vocal, -12.0).send(-6.0).squeeze(12.0),
            part("Choir.wav", Plays::Choir, -23.0).send(-3.0).active(0.5, 1.0),
            part("Tambourine.wav", Plays::Shaker, -30.0)
                .shape(Shape::Mono)
                .active(0.5, 0.95)
                .short(),
        ],
    },
    Plan {
        name: "twenty stems",
        held: false,
        rate: 44_100,
        word: BIT24,
        seconds: 16.0,
        lead_in: 1.0,
        bpm: 110.0,
        root: 36.0,
        chords: MODAL,
        loose_s: 0.005,
        peak: -4.0,
        reference: "Twenty Mix.wav",
        parts: &[
            part("01 Kick.wav", Plays::Kick, -13.0).shape(Shape::DualMono),
            part("02 Snare.wav", Plays::Snare, -15.0).room(0.4, 0.15),
            part("03 Hats.wav", Plays::Hats, -25.0),
            part("04 Toms.wav", Plays::Toms, -26.0),
            part("05 Shaker.wav", Plays::Shaker, -34.0).pan(0.5),
            part("06 Claps.wav", Plays::Claps, -28.0),
            part("07 Congas.wav", Plays::Congas, -27.0),
            part("08 Bass.wav", Plays::Bass, -14.0).shape(Shape::DualMono).squeeze(10.0),
            part("09 Sub.wav", Plays::Sub, -20.0).shape(Shape::DualMono).active(0.4, 1.0),
            part("10 Piano.wav", Plays::Piano, -19.0).send(-12.0),
            part("11 Rhodes.wav", Plays::Rhodes, -23.0).pan(0.2),
            part("12 Organ.wav", Plays::Organ, -28.0),
            part("13 Pad.wav", Plays::Pad, -29.0).send(-6.0),
            part("14 Arp.wav", Plays::Arpeggio, -28.0).active(0.3, 0.9).short(),
            part("15 Acoustic L.wav", Plays::Acoustic, -24.0).pan(-0.8),
            part("16 Acoustic R.wav", Plays::Acoustic, -24.0).take(2).pan(0.8),
            part("17 Lead.wav", Plays::Vocal, -14.0).send(-9.0).squeeze(12.0),
            part("18 Double.wav", Plays::Vocal, -27.0).take(2),
            part("19 Choir.wav", Plays::Choir, -26.0).send(-5.0).active(0.4, 1.0),
            part("20 FX.wav", Plays::Riser, -40.0),
        ],
    },
    Plan {
        name: "slow house at 96 kHz",
        held: true,
        rate: 96_000,
        word: BIT24,
        seconds: 16.0,
        lead_in: 0.8,
        bpm: 120.0,
        root: 34.0,
        chords: MINOR,
        loose_s: 0.0,
        peak: -3.5,
        reference: "Mix 96k.wav",
        parts: &[
            part("Kick.wav", Plays::FourOnTheFloor, -9.0).drive(3.0),
            part("Congas.wav", Plays::Congas, -20.0).pan(0.2),
            part("Bass.wav", Plays::Bass, -13.0).duck(8.0).shape(Shape::DualMono),
            part("Keys.wav", Plays::Rhodes, -17.0).duck(4.0).plate(1.2, 0.25),
            part("Strings.wav", Plays::Violins, -24.0).active(0.3, 1.0).duck(6.0),
        ],
    },
    Plan {
        name: "long song, many lengths",
        held: false,
        rate: 48_000,
        word: BIT24,
        seconds: 30.0,
        lead_in: 2.2,
        bpm: 90.0,
        root: 39.0,
        chords: POP,
        loose_s: 0.01,
        peak: -6.0,
        reference: "Rough Mix v3.wav",
        parts: &[
            part("Drums.wav", Plays::Kit, -11.0).room(0.6, 0.1).active(0.1, 0.9).short(),
            part("Bass.wav", Plays::Bass, -13.0).shape(Shape::DualMono).active(0.1, 1.0),
            part("Guitar.wav", Plays::Acoustic, -17.0).pan(0.3).room(0.5, 0.1),
            part("Marimba.wav", Plays::Marimba, -20.0)
                .pan(-0.3)
                .room(0.8, 0.2)
                .active(0.3, 0.7)
                .short(),
            part("Vocal.wav", Plays::Vocal, -12.0)
                .plate(1.3, 0.2)
                .squeeze(10.0)
                .active(0.15, 0.95)
                .short(),
            part("Strings.wav", Plays::Violins, -23.0).room(1.6, 0.3).active(0.5, 1.0),
        ],
    },
    Plan {
        name: "jazz trio in 16 bits",
        held: true,
        rate: 48_000,
        word: Word::Int(16),
        seconds: 18.0,
        lead_in: 1.0,
        bpm: 132.0,
        root: 36.0,
        chords: MODAL,
        loose_s: 0.014,
        peak: -3.0,
        reference: "Trio mixdown.wav",
        parts: &[
            part("Drums.wav", Plays::Kit, -15.0).room(0.5, 0.25),
            part("Double Bass.wav", Plays::Bass, -14.0).tone(700.0, 4.0).room(0.4, 0.1),
            part("Piano.wav", Plays::Piano, -13.0).room(0.7, 0.15),
            part("Vibes.wav", Plays::Marimba, -22.0).pan(0.3).room(0.9, 0.2).active(0.4, 1.0),
        ],
    },
    Plan {
        name: "hip-hop in float",
        held: false,
        rate: 44_100,
        word: Word::Float,
        seconds: 18.0,
        lead_in: 1.2,
        bpm: 88.0,
        root: 34.0,
        chords: DRONE,
        loose_s: 0.009,
        peak: -2.0,
        reference: "Beat FULL MIX.wav",
        parts: &[
            part("Kick.wav", Plays::Kick, -11.0).drive(8.0).shape(Shape::DualMono),
            part("Snare.wav", Plays::Snare, -14.0).drive(4.0),
            part("Hats.wav", Plays::Hats, -24.0).pan(0.1),
            part("808.wav", Plays::Sub, -10.0).drive(10.0).shape(Shape::Mono),
            part("Sample.wav", Plays::Rhodes, -18.0).tone(1500.0, -6.0).drive(6.0),
            part("Pad.wav", Plays::Pad, -26.0).active(0.2, 1.0),
            part("Rap.wav", Plays::Vocal, -12.0).squeeze(16.0).shape(Shape::DualMono),
            part("Adlibs.wav", Plays::Vocal, -26.0)
                .take(5)
                .pan(-0.5)
                .plate(1.0, 0.4)
                .active(0.3, 1.0),
        ],
    },
    Plan {
        name: "folk band at 88.2 kHz",
        held: true,
        rate: 88_200,
        word: BIT24,
        seconds: 14.0,
        lead_in: 1.0,
        bpm: 100.0,
        root: 43.0,
        chords: POP,
        loose_s: 0.012,
        peak: -7.0,
        reference: "Folk Reference Mix.wav",
        parts: &[
            part("Guitar 1.wav", Plays::Acoustic, -15.0).pan(-0.6).room(0.6, 0.1),
            part("Guitar 2.wav", Plays::Acoustic, -16.0).take(2).pan(0.6).room(0.6, 0.1),
            part("Bass.wav", Plays::Bass, -16.0).shape(Shape::Mono),
            part("Voice.wav", Plays::Vocal, -12.0).plate(1.2, 0.15),
            part("Harmony.wav", Plays::Choir, -22.0).plate(1.2, 0.2).active(0.4, 1.0),
            part("Congas.wav", Plays::Congas, -21.0),
        ],
    },
];

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
    pub name: &'static str,
    /// Whether it is held back from tuning.
    pub held: bool,
    /// Hz.
    pub rate: u32,
    pub(super) word: Word,
    pub(super) reference: &'static str,
    pub(super) stems: Vec<Stem>,
    /// The sum, not yet rounded.
    pub(super) mix: Sound,
    number: usize,
    /// By how much everything was scaled to reach the peak.
    scale: f64,
    another: OnceLock<Sound>,
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
    /// Plays and mixes one of the songs; `None` if there are fewer.
    pub fn record(number: usize) -> Option<Self> {
        let plan = PLANS.get(number)?;
        let parts: Vec<(Part, u64)> = plan.parts.iter().map(|part| (*part, part.take)).collect();
        let mut sounds = record(plan, &parts);
        let mut mix = sum(sounds.iter());
        let scale = dsp::gain(plan.peak) / dsp::peak(&mix).max(1e-9);
        sounds.iter_mut().chain([&mut mix]).for_each(|sound| dsp::scale(sound, scale));
        let whole = dsp::energy(&mix);
        let stems = plan
            .parts
            .iter()
            .zip(sounds)
            .map(|(part, sound)| Stem {
                name: part.name.to_owned(),
                kind: kind(part.plays),
                heard: dsp::db(dsp::energy(&sound) / whole),
                sides: sides(&sound),
                apart: apart(&sound),
                bright: bright(&sound, plan.rate),
                sounds: sounds_in(&sound),
                sound: Arc::new(sound),
            })
            .collect();
        let Plan { name, held, rate, word, reference, .. } = *plan;
        let another = OnceLock::new();
        Some(Self { name, held, rate, word, reference, stems, mix, number, scale, another })
    }

    pub(super) fn frames(&self) -> usize {
        dsp::frames(&self.mix)
    }

    /// The same player plays the same part once more.
    pub(super) fn retake(&self, stem: usize, take: u64) -> Option<Sound> {
        let plan = PLANS.get(self.number)?;
        let part = plan.parts.get(stem)?;
        // What ducks it has to be heard.
        let mut parts: Vec<(Part, u64)> = vec![(*part, part.take + take)];
        let kick = plan.parts.iter().find(|part| kind(part.plays) == Kind::Kick);
        parts.extend(kick.filter(|_| part.duck > 0.0).map(|kick| (*kick, kick.take)));
        let mut sound = record(plan, &parts).into_iter().next()?;
        dsp::scale(&mut sound, self.scale);
        Some(sound)
    }

    /// The mix of another song by the same band.
    pub(super) fn another(&self) -> &Sound {
        self.another.get_or_init(|| {
            let Some(plan) = PLANS.get(self.number) else { return self.mix.clone() };
            let parts: Vec<(Part, u64)> =
                plan.parts.iter().map(|part| (*part, part.take + 50)).collect();
            let other = Plan { root: plan.root + 3.0, bpm: plan.bpm * 1.07, ..*plan };
            let mut mix = sum(record(&other, &parts).iter());
            dsp::scale(&mut mix, self.scale);
            mix
        })
    }
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
fn record(plan: &Plan, parts: &[(Part, u64)]) -> Vec<Sound> {
    let sheet = Sheet {
        rate: plan.rate,
        seconds: plan.seconds,
        lead_in: plan.lead_in,
        bpm: plan.bpm,
        root: plan.root,
        chords: plan.chords,
        loose_s: plan.loose_s,
    };
    let half = parts.len().div_ceil(2);
    let played = |parts: &[(Part, u64)]| -> Vec<Sound> {
        parts.iter().map(|(part, take)| strip(plan, *part, *take, &sheet)).collect()
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
                dsp::follow(sound, &dsp::ducked(&kick, plan.rate, part.duck));
            }
        }
    }
    for ((part, _), sound) in parts.iter().zip(&mut sounds) {
        shape(*part, sound, plan.rate);
    }
    sounds
}

fn strip(plan: &Plan, part: Part, take: u64, sheet: &Sheet) -> Sound {
    let rate = plan.rate;
    // Takes of different songs differ, too.
    let seed = take + 1000 * plan.seconds as u64 + plan.bpm as u64;
    let track = play(part.plays, seed, sheet);
    let mut sound = vec![track.left, track.right];
    let mut dice = Dice::new(&format!("{} {}", plan.name, part.name));
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
