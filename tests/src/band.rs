//! Who plays in the test songs: a few seconds of each instrument, repeatable, unlike its neighbours.

use stemcheck_core::synth::drums::{Drum, hit};
use stemcheck_core::synth::dsp::{Noise, Phase, Track};
use stemcheck_core::synth::reverb::{self, Room};
use stemcheck_core::synth::strings;
use stemcheck_core::synth::voice::{Singer, Sung, Vowel, sing};

/// An instrument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// Kick, snare, hats.
    Drums,
    /// Bass guitar.
    Bass,
    /// Electric piano.
    Keys,
    /// Plucked strings.
    Guitar,
    /// One voice.
    Vocal,
    /// Three voices.
    Choir,
    /// White noise.
    Noise,
    /// A sine of so many Hz, the same on both sides.
    Tone(f32),
}

/// Half a beat at 120 beats a minute.
const STEP_S: f64 = 0.25;
/// Time that the last note has for its tail.
const TAIL_S: f64 = 0.9;

impl Part {
    /// The instrument of a name in lower case.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "drums" => Self::Drums,
            "bass" => Self::Bass,
            "keys" => Self::Keys,
            "guitar" => Self::Guitar,
            "vocal" => Self::Vocal,
            "choir" => Self::Choir,
            "noise" => Self::Noise,
            _ => return None,
        })
    }

    /// Plays from `lead_in` until shortly before `seconds`, in stereo, peaking at 1; `take` says
    /// which notes.
    pub fn play(self, take: u64, rate: u32, seconds: f64, lead_in: f64) -> Vec<Vec<f32>> {
        let frames = (seconds * f64::from(rate)).round() as usize;
        let from = (lead_in * f64::from(rate)).round() as usize;
        let stage = Stage { take, rate: rate as f32, from, seconds: seconds - lead_in };
        let mut track = Track::new(frames);
        match self {
            Self::Drums => stage.drums(&mut track),
            Self::Noise => stage.noise(&mut track),
            Self::Tone(hz) => stage.tone(&mut track, hz),
            Self::Vocal => stage.voices(&mut track, 1),
            Self::Choir => stage.voices(&mut track, 3),
            Self::Bass | Self::Keys | Self::Guitar => stage.notes(&mut track, self),
        }
        let room = Room { seconds: 0.5, damping: 0.4, size: 0.5, pre_delay: 0.005, wet: 0.1 };
        if !matches!(self, Self::Tone(_) | Self::Noise) {
            reverb::add(&mut track, room, rate as f32);
            track.cut_below_hearing(rate as f32);
        }
        let fade = (0.3 * f64::from(rate)) as usize;
        let peak = track.left.iter().chain(&track.right).fold(1e-9f32, |most, x| most.max(x.abs()));
        track.scale(1.0 / peak);
        for side in [&mut track.left, &mut track.right] {
            for (i, x) in side.iter_mut().rev().take(fade).enumerate() {
                *x *= i as f32 / fade as f32;
            }
        }
        vec![track.left, track.right]
    }
}

/// Where and what is played.
struct Stage {
    take: u64,
    rate: f32,
    from: usize,
    seconds: f64,
}

impl Stage {
    fn steps(&self) -> usize {
        ((self.seconds - TAIL_S) / STEP_S).max(1.0) as usize
    }

    fn frame(&self, step: usize) -> usize {
        self.from + (step as f64 * STEP_S * f64::from(self.rate)) as usize
    }

    fn drums(&self, track: &mut Track) {
        for step in 0..self.steps() {
            let seed = self.take * 1000 + step as u64;
            let turn = (step + self.take as usize - 1) % 8;
            let (drum, velocity) = match turn {
                0 | 5 => (Drum::Kick, 0.9),
                2 | 6 => (Drum::Snare, 0.8),
                _ => (Drum::OpenHat, 0.5),
            };
            track.lay(&hit(drum, velocity, seed, self.rate), self.frame(step), 0.0, 0.7);
            track.lay(&hit(Drum::Hat, 0.6, seed + 500, self.rate), self.frame(step), 0.4, 0.5);
        }
    }

    /// A wandering line, a chord, an arpeggio: another in every take.
    fn notes(&self, track: &mut Track, part: Part) {
        const SCALE: [f32; 7] = [0.0, 2.0, 4.0, 7.0, 9.0, 12.0, 14.0];
        let seed = match part {
            Part::Bass => 1,
            Part::Keys => 2,
            _ => 3,
        };
        let mut dice = Noise::new(self.take * 77 + seed);
        for step in 0..self.steps() {
            let roll = ((dice.sample() + 1.0) * 3.5) as usize;
            let degree = SCALE[roll.min(6)] + (self.take % 5) as f32;
            let velocity = 0.7 + 0.25 * dice.sample();
            let length_s = STEP_S as f32 * (1.3 + 0.7 * dice.sample());
            let pan = 0.5 * dice.sample();
            let seed = self.take * 100 + step as u64;
            match part {
                Part::Bass => {
                    let sound = strings::bass(33.0 + degree, length_s, velocity, self.rate);
                    track.lay(&sound, self.frame(step), 0.1 * pan, 1.0);
                }
                Part::Guitar => {
                    let sound = strings::guitar(55.0 + degree, 0.8, velocity, seed, self.rate);
                    track.lay(&sound, self.frame(step), pan - 0.3, 1.0);
                }
                _ => {
                    for above in [0.0, 7.0, 16.0] {
                        let key = 50.0 + degree + above;
                        let sound = strings::keys(key, length_s, velocity, self.rate);
                        track.lay(&sound, self.frame(step), pan, 0.4);
                    }
                }
            }
        }
    }

    fn voices(&self, track: &mut Track, count: u64) {
        const VOWELS: [Vowel; 4] = [Vowel::Ah, Vowel::Oh, Vowel::Eh, Vowel::Oo];
        for voice in 0..count {
            let mut dice = Noise::new(self.take * 31 + voice + 9 * count);
            let line: Vec<Sung> = (0..self.steps() / 2)
                .map(|i| Sung {
                    start_s: (i as f64 * 2.0 * STEP_S) as f32,
                    seconds: 1.8 * STEP_S as f32,
                    key: 62.0 + 4.0 * voice as f32 + (dice.sample() * 5.0).round(),
                    vowel: VOWELS[(i + voice as usize) % 4],
                    level: 0.8 + 0.2 * dice.sample(),
                })
                .collect();
            let singer = Singer {
                vibrato: 0.25,
                breath: 0.1,
                attack_s: 0.04,
                detune: 0.0,
                seed: self.take * 10 + voice,
            };
            let pan = if count == 1 { 0.05 } else { 0.8 * (voice as f32 - 1.0) };
            track.lay(&sing(&line, singer, self.rate), self.from, pan, 0.5);
        }
    }

    fn noise(&self, track: &mut Track) {
        for (side, seed) in [(&mut track.left, 1), (&mut track.right, 2)] {
            let mut noise = Noise::new(self.take * 10 + seed);
            side.iter_mut().skip(self.from).for_each(|x| *x = noise.sample());
        }
    }

    fn tone(&self, track: &mut Track, hz: f32) {
        let mut phase = Phase::default();
        let frames = track.left.len();
        for i in self.from..frames {
            let swell = ((i - self.from) as f32 / (0.02 * self.rate)).min(1.0);
            track.left[i] = phase.sine(0.0) * swell;
            track.right[i] = track.left[i];
            phase.advance(hz, self.rate);
        }
    }
}
