//! What the songs are: unlike one another in what plays, in what room, how it is stored. Half of them
//! is held back: whoever tunes the diagnosis never looks at those.

use stemcheck_core::measure::Word;

use super::dsp::Dice;
use super::players::{Plays, Sheet};

/// How a part lies in its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    Stereo,
    /// Two channels that are equal.
    DualMono,
    /// One channel.
    Mono,
}

/// Which reverb is printed into a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Space {
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
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) plays: Plays,
    pub(super) take: u64,
    /// RMS over the whole song, in dB; the mix is brought to its peak afterwards.
    pub(super) level: f64,
    /// -1 to 1.
    pub(super) pan: f64,
    pub(super) shape: Shape,
    pub(super) space: Space,
    /// A bell: Hz and dB.
    pub(super) tone: Option<(f64, f64)>,
    /// dB into a saturation.
    pub(super) drive: f64,
    /// Compressor, dB of threshold below the peak.
    pub(super) squeeze: f64,
    /// Ducked by the kick, by so many dB.
    pub(super) duck: f64,
    /// Part of the song in which it plays.
    pub(super) active: (f64, f64),
    /// Whether the file ends with the sound.
    pub(super) short: bool,
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
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) name: &'static str,
    pub(super) held: bool,
    pub(super) word: Word,
    pub(super) sheet: Sheet,
    /// dBFS of the mix.
    pub(super) peak: f64,
    pub(super) reference: &'static str,
    pub(super) parts: &'static [Part],
}

impl Plan {
    /// Another song for the same players.
    pub(super) fn again(&self, take: u64) -> (Self, Vec<Part>) {
        let mut dice = Dice::new(&format!("{} {take}", self.name));
        let chords = [POP, MINOR, MODAL, DRONE];
        let sheet = Sheet {
            bpm: self.sheet.bpm * dice.octaves(0.88, 1.14) as f32,
            root: self.sheet.root + dice.below(9) as f32 - 4.0,
            chords: dice.pick(&chords).copied().unwrap_or(self.sheet.chords),
            loose_s: self.sheet.loose_s * dice.between(0.5, 1.5) as f32,
            ..self.sheet
        };
        let plan = Self { sheet, peak: self.peak + dice.between(-3.0, 0.0), ..*self };
        let mut another = |part: &Part| {
            // Who comes in later does so elsewhere.
            let (from, to) = part.active;
            let from = if from > 0.0 { from + dice.between(-0.1, 0.15) } else { from };
            Part {
                take: part.take + 200 * take,
                level: part.level + dice.between(-4.0, 4.0),
                pan: if part.pan == 0.0 { 0.0 } else { part.pan + dice.between(-0.3, 0.3) },
                active: (from.max(0.0), to),
                ..*part
            }
        };
        let parts = self.parts.iter().map(&mut another).collect();
        (plan, parts)
    }
}

const POP: &[(f32, bool)] = &[(0.0, false), (7.0, false), (9.0, true), (5.0, false)];
const MINOR: &[(f32, bool)] = &[(0.0, true), (8.0, false), (3.0, false), (10.0, false)];
const MODAL: &[(f32, bool)] = &[(2.0, true), (7.0, false), (0.0, false), (9.0, true), (5.0, false)];
const DRONE: &[(f32, bool)] = &[(0.0, true), (0.0, true), (5.0, true)];

const BIT24: Word = Word::Int(24);

/// All songs, those to tune by and those that are held back in turn.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        name: "dense pop",
        held: false,
        word: BIT24,
        sheet: Sheet {
            rate: 48_000,
            seconds: 20.0,
            lead_in: 2.0,
            bpm: 118.0,
            root: 36.0,
            chords: POP,
            loose_s: 0.004,
        },
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
        word: Word::Int(16),
        sheet: Sheet {
            rate: 44_100,
            seconds: 18.0,
            lead_in: 1.4,
            bpm: 84.0,
            root: 38.0,
            chords: MODAL,
            loose_s: 0.012,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 44_100,
            seconds: 22.0,
            lead_in: 1.0,
            bpm: 126.0,
            root: 33.0,
            chords: MINOR,
            loose_s: 0.0,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 96_000,
            seconds: 14.0,
            lead_in: 1.2,
            bpm: 72.0,
            root: 41.0,
            chords: MODAL,
            loose_s: 0.015,
        },
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
        word: Word::Float,
        sheet: Sheet {
            rate: 48_000,
            seconds: 24.0,
            lead_in: 1.0,
            bpm: 66.0,
            root: 35.0,
            chords: DRONE,
            loose_s: 0.03,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 48_000,
            seconds: 16.0,
            lead_in: 2.0,
            bpm: 104.0,
            root: 36.0,
            chords: DRONE,
            loose_s: 0.006,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 48_000,
            seconds: 18.0,
            lead_in: 1.5,
            bpm: 140.0,
            root: 40.0,
            chords: MINOR,
            loose_s: 0.005,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 44_100,
            seconds: 20.0,
            lead_in: 1.8,
            bpm: 96.0,
            root: 37.0,
            chords: POP,
            loose_s: 0.008,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 44_100,
            seconds: 16.0,
            lead_in: 1.0,
            bpm: 110.0,
            root: 36.0,
            chords: MODAL,
            loose_s: 0.005,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 96_000,
            seconds: 16.0,
            lead_in: 0.8,
            bpm: 120.0,
            root: 34.0,
            chords: MINOR,
            loose_s: 0.0,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 48_000,
            seconds: 30.0,
            lead_in: 2.2,
            bpm: 90.0,
            root: 39.0,
            chords: POP,
            loose_s: 0.01,
        },
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
        word: Word::Int(16),
        sheet: Sheet {
            rate: 48_000,
            seconds: 18.0,
            lead_in: 1.0,
            bpm: 132.0,
            root: 36.0,
            chords: MODAL,
            loose_s: 0.014,
        },
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
        word: Word::Float,
        sheet: Sheet {
            rate: 44_100,
            seconds: 18.0,
            lead_in: 1.2,
            bpm: 88.0,
            root: 34.0,
            chords: DRONE,
            loose_s: 0.009,
        },
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
        word: BIT24,
        sheet: Sheet {
            rate: 88_200,
            seconds: 14.0,
            lead_in: 1.0,
            bpm: 100.0,
            root: 43.0,
            chords: POP,
            loose_s: 0.012,
        },
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
