//! A voice that sings vowels: a sawtooth for the vocal folds, five resonances for the mouth.

use super::dsp::{Filter, Glide, Noise, Phase, hz_from_key};

/// What the mouth is shaped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vowel {
    /// As in "father".
    Ah,
    /// As in "bed".
    Eh,
    /// As in "law".
    Oh,
    /// As in "food".
    Oo,
    /// Lips closed: every syllable starts from here.
    Mm,
}

/// One sung note.
#[derive(Debug, Clone, Copy)]
pub struct Sung {
    /// Begin in seconds of the song.
    pub start_s: f32,
    /// Length in seconds.
    pub seconds: f32,
    /// MIDI key.
    pub key: f32,
    /// Shape of the mouth.
    pub vowel: Vowel,
    /// Loudness, 0 to 1.
    pub level: f32,
}

/// Who sings.
#[derive(Debug, Clone, Copy)]
pub struct Singer {
    /// Depth of the vibrato in semitones.
    pub vibrato: f32,
    /// How much breath is heard, 0 to 1.
    pub breath: f32,
    /// Seconds that a note takes to swell.
    pub attack_s: f32,
    /// Semitones that this singer is off.
    pub detune: f32,
    /// What makes this singer's wavering their own.
    pub seed: u64,
}

/// Frequency in Hz, level in dB and bandwidth in Hz of a resonance.
type Formant = (f32, f32, f32);

impl Vowel {
    /// The Csound manual's table of formants, alto, with the upper ones raised a little: a voice in
    /// front of a band sings with more edge.
    fn formants(self) -> [Formant; 5] {
        let rows = |f: [f32; 5], db: [f32; 5], width: [f32; 5]| {
            std::array::from_fn(|i| (f[i], db[i], width[i]))
        };
        match self {
            Self::Ah => rows(
                [800.0, 1150.0, 2800.0, 3500.0, 4950.0],
                [0.0, -4.0, -17.0, -30.0, -50.0],
                [80.0, 90.0, 120.0, 130.0, 140.0],
            ),
            Self::Eh => rows(
                [480.0, 1600.0, 2700.0, 3300.0, 4950.0],
                [0.0, -18.0, -24.0, -32.0, -52.0],
                [60.0, 90.0, 120.0, 150.0, 200.0],
            ),
            Self::Oh => rows(
                [470.0, 850.0, 2830.0, 3500.0, 4950.0],
                [0.0, -8.0, -18.0, -28.0, -50.0],
                [70.0, 80.0, 100.0, 130.0, 135.0],
            ),
            Self::Oo => rows(
                [350.0, 700.0, 2530.0, 3500.0, 4950.0],
                [0.0, -12.0, -26.0, -36.0, -56.0],
                [60.0, 70.0, 170.0, 180.0, 200.0],
            ),
            Self::Mm => rows(
                [270.0, 1000.0, 2200.0, 3200.0, 4950.0],
                [-2.0, -28.0, -34.0, -44.0, -64.0],
                [70.0, 120.0, 200.0, 200.0, 200.0],
            ),
        }
    }
}

/// Seconds between two looks at where mouth and pitch are going.
const CONTROL_FRAMES: usize = 32;
/// How long the lips stay closed at the start of a syllable.
const CLOSED_S: f32 = 0.05;
const RELEASE_S: f32 = 0.4;

/// Sings a line of notes that do not overlap, in order of time; the sound starts with the first one.
pub fn sing(line: &[Sung], singer: Singer, rate: f32) -> Vec<f32> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return Vec::new() };
    let origin = first.start_s;
    let end = last.start_s + last.seconds + RELEASE_S;
    let frames = ((end - origin) * rate) as usize;
    let control = rate / CONTROL_FRAMES as f32;

    let mut noise = Noise::new(singer.seed);
    let mut folds = Phase::default();
    let mut wobble = Phase::at(noise.sample());
    let mut pitch = Glide::new(first.key - 0.6, 0.028, control);
    let mut drift = Glide::new(0.0, 0.3, control);
    let mut loud = Glide::new(0.0, singer.attack_s, control);
    let mut level = Glide::new(0.0, 0.004, rate);
    let mut mouth = Mouth::new(control);
    let mut breath = Filter::new(1800.0, 0.7, rate);
    let (mut hz, mut target_level, mut at) = (hz_from_key(first.key), 0.0, 0);
    let mut wander = 0.0;

    let mut out = Vec::with_capacity(frames);
    for i in 0..frames {
        if i % CONTROL_FRAMES == 0 {
            let t = origin + i as f32 / rate;
            while line.get(at + 1).is_some_and(|next| next.start_s <= t) {
                at += 1;
            }
            let note = line[at];
            let into = t - note.start_s;
            let sounding = into < note.seconds;
            if i % (CONTROL_FRAMES * 128) == 0 {
                wander = noise.sample();
            }
            let ripe = ((into - 0.18) * 3.0).clamp(0.0, 1.0);
            wobble.advance(5.3 + 0.4 * drift.towards(wander), control);
            let vibrato = singer.vibrato * ripe * wobble.sine(0.0);
            let key = pitch.towards(note.key) + vibrato;
            hz = hz_from_key(key + singer.detune + 0.06 * drift.towards(wander));
            let closed = into < CLOSED_S;
            mouth.shape(if closed { Vowel::Mm } else { note.vowel }, hz, rate);
            let fade = 1.0 - 0.25 * (into / note.seconds).clamp(0.0, 1.0);
            let effort = if closed { 0.4 } else { fade };
            target_level = loud.towards(if sounding { note.level * effort } else { 0.0 });
        }
        folds.advance(hz, rate);
        let air = breath.run(noise.sample()).high * singer.breath;
        let sung = mouth.run(folds.saw(hz, rate) + air);
        out.push((sung + 0.03 * air) * level.towards(target_level));
    }
    // Singers breathe: what the release has not closed yet fades here.
    let fade = (0.05 * rate) as usize;
    for (i, x) in out.iter_mut().rev().take(fade).enumerate() {
        *x *= i as f32 / fade as f32;
    }
    out
}

/// Five resonances side by side, gliding from vowel to vowel.
struct Mouth {
    resonances: [Filter; 5],
    gains: [f32; 5],
    glides: [[Glide; 3]; 5],
}

impl Mouth {
    fn new(control: f32) -> Self {
        let glides = Vowel::Mm
            .formants()
            .map(|(hz, db, width)| [hz, db, width].map(|value| Glide::new(value, 0.035, control)));
        Self { resonances: [Filter::default(); 5], gains: [0.0; 5], glides }
    }

    fn shape(&mut self, vowel: Vowel, pitch_hz: f32, rate: f32) {
        let mut lowest = 1.0;
        for (i, (hz, db, width)) in vowel.formants().into_iter().enumerate() {
            let [to_hz, to_db, to_width] = &mut self.glides[i];
            let mut hz = to_hz.towards(hz);
            if i == 0 {
                // Singers open up so that the first resonance is never below the note.
                hz = hz.max(pitch_hz * 1.02);
                lowest = hz;
            }
            let level = libm::exp10f(to_db.towards(db) / 20.0);
            // The table counts what is heard; a sawtooth falls by 6 dB an octave before it gets here.
            let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
            self.gains[i] = sign * level * hz / lowest;
            self.resonances[i].tune(hz, hz / to_width.towards(width).max(hz * 0.08), rate);
        }
    }

    fn run(&mut self, source: f32) -> f32 {
        let mut sum = 0.0;
        for (resonance, gain) in self.resonances.iter_mut().zip(self.gains) {
            sum += resonance.run(source).band * gain;
        }
        sum
    }
}
