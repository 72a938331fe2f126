//! Who plays: instruments that follow a sheet of chords, each in its own way, timed as people are.
//! What differs between two takes of a part is what differs between two takes of a player.

use std::f32::consts::TAU;

use stemcheck_core::synth::drums::{Drum, hit};
use stemcheck_core::synth::dsp::{Decay, Filter, Noise, Phase, Track, hz_from_key, swell};
use stemcheck_core::synth::strings;
use stemcheck_core::synth::voice::{Singer, Sung, Vowel, sing};

/// An instrument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plays {
    Kit,
    Kick,
    FourOnTheFloor,
    Snare,
    Hats,
    Toms,
    Shaker,
    Claps,
    Congas,
    Bass,
    Sub,
    Piano,
    Rhodes,
    Organ,
    Pad,
    Violins,
    Cellos,
    Arpeggio,
    Lead,
    Acoustic,
    Electric,
    Marimba,
    Vocal,
    Choir,
    Riser,
    Air,
}

/// What is on the sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) rate: u32,
    pub(super) seconds: f32,
    pub(super) lead_in: f32,
    pub(super) bpm: f32,
    /// Key of the first chord's root, around 36.
    pub(super) root: f32,
    /// Roots of the chords, one a bar, in semitones; minor where the second is true.
    pub(super) chords: &'static [(f32, bool)],
    /// By how many seconds hands are early or late.
    pub(super) loose_s: f32,
}

/// Seconds before the end in which nothing new begins: the last note rings.
const TAIL_S: f32 = 1.6;

/// A sounding note: when, how long, key, how loud.
struct Note {
    start_s: f32,
    seconds: f32,
    key: f32,
    velocity: f32,
}

impl Sheet {
    fn beat(&self) -> f32 {
        60.0 / self.bpm
    }

    fn bars(&self) -> usize {
        ((self.seconds - self.lead_in - TAIL_S) / (4.0 * self.beat())).ceil().max(1.0) as usize
    }

    /// Keys of a bar's chord, within an octave above `from`.
    fn chord(&self, bar: usize, from: f32) -> [f32; 4] {
        let (root, minor) = self.chords[bar % self.chords.len()];
        let third = if minor { 3.0 } else { 4.0 };
        [0.0, third, 7.0, if bar.is_multiple_of(2) { 10.0 } else { 14.0 }].map(|above| {
            let key = self.root + root + above;
            from + (key - from).rem_euclid(12.0)
        })
    }

    /// Steps of a sixteenth with a bar's number and the time, until the last note may begin.
    fn steps(&self) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
        (0..self.bars() * 16)
            .map(|i| (i / 16, i % 16, self.lead_in + i as f32 * self.beat() / 4.0))
            .take_while(|(_, _, at)| *at < self.seconds - TAIL_S)
    }

    fn empty(&self) -> Track {
        Track::new((self.seconds * self.rate as f32).round() as usize)
    }
}

/// Plays one take of a part, in stereo where the instrument is.
pub(super) fn play(plays: Plays, take: u64, sheet: &Sheet) -> Track {
    let mut track = sheet.empty();
    let mut player = Player {
        sheet,
        dice: Noise::new(take.wrapping_mul(0x5851_F42D) ^ (plays as u64) << 40),
        seed: take * 4099 + plays as u64 * 131,
    };
    match plays {
        Plays::Kit => player.kit(&mut track),
        Plays::Kick => player.pattern(&mut track, Drum::Kick, "9..4..7.9.....52", 0.0),
        Plays::FourOnTheFloor => player.pattern(&mut track, Drum::Kick, "9...9...9...9...", 0.0),
        Plays::Snare => player.pattern(&mut track, Drum::Snare, "....9..2.2..8..3", -0.05),
        Plays::Hats => player.pattern(&mut track, Drum::Hat, "7.4.6.425.4.6.47", 0.35),
        Plays::Toms => player.pattern(&mut track, Drum::Tom, "6.....4.......85", -0.3),
        Plays::Shaker => player.bursts(&mut track, "5274527452745274", 0.03, 6200.0, 0.4),
        Plays::Claps => player.bursts(&mut track, "....9.......9..4", 0.12, 1300.0, -0.1),
        Plays::Congas => player.congas(&mut track),
        Plays::Bass | Plays::Sub => player.low(&mut track, plays),
        Plays::Piano | Plays::Rhodes | Plays::Marimba => player.hands(&mut track, plays),
        Plays::Organ | Plays::Pad | Plays::Violins | Plays::Cellos => {
            player.sustained(&mut track, plays);
        }
        Plays::Arpeggio | Plays::Lead => player.synth(&mut track, plays),
        Plays::Acoustic => player.strum(&mut track, 0.9),
        Plays::Electric => player.riff(&mut track),
        Plays::Vocal => player.voices(&mut track, 1),
        Plays::Choir => player.voices(&mut track, 4),
        Plays::Riser => player.riser(&mut track),
        Plays::Air => player.air(&mut track),
    }
    track.cut_below_hearing(sheet.rate as f32);
    track
}

struct Player<'a> {
    sheet: &'a Sheet,
    dice: Noise,
    seed: u64,
}

impl Player<'_> {
    fn rate(&self) -> f32 {
        self.sheet.rate as f32
    }

    /// -1 to 1.
    fn roll(&mut self) -> f32 {
        self.dice.sample()
    }

    fn chance(&mut self, part: f32) -> bool {
        0.5 + 0.5 * self.roll() < part
    }

    fn next_seed(&mut self) -> u64 {
        self.seed += 1;
        self.seed
    }

    /// The frame of a time, as early or late as hands are.
    fn frame(&mut self, seconds: f32) -> usize {
        let loose = self.sheet.loose_s * self.roll();
        ((seconds + loose).max(0.0) * self.rate()) as usize
    }

    fn pattern(&mut self, track: &mut Track, drum: Drum, steps: &str, pan: f32) {
        let steps = steps.as_bytes();
        for (_, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            let digit = steps[step % steps.len()];
            // Nobody plays every bar alike.
            let ghost = digit == b'.' && drum != Drum::Kick && self.chance(0.04);
            if digit == b'.' && !ghost || self.chance(0.04) {
                continue;
            }
            let level = if ghost { 0.15 } else { f32::from(digit - b'0') / 9.0 };
            let velocity = (level * (1.0 + 0.12 * self.roll())).clamp(0.05, 1.0);
            let (seed, frame) = (self.next_seed(), self.frame(at));
            track.lay(&hit(drum, velocity, seed, self.rate()), frame, pan, 1.0);
        }
    }

    fn kit(&mut self, track: &mut Track) {
        self.pattern(track, Drum::Kick, "9......5..8..3..", 0.0);
        self.pattern(track, Drum::Snare, "....8..1.2..9..1", -0.1);
        self.pattern(track, Drum::Hat, "7.4.6.415.4.6.42", 0.4);
        self.pattern(track, Drum::OpenHat, "..............4.", 0.4);
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            if step == 0 && bar % 4 == 0 {
                let (seed, frame) = (self.next_seed(), self.frame(at));
                track.lay(&hit(Drum::Crash, 0.6, seed, self.rate()), frame, -0.4, 0.4);
            }
        }
    }

    /// Shaken or clapped: noise through a band, falling.
    fn bursts(&mut self, track: &mut Track, steps: &str, fall_s: f32, hz: f32, pan: f32) {
        let steps = steps.as_bytes();
        let rate = self.rate();
        for (_, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            let digit = steps[step % steps.len()];
            if digit == b'.' {
                continue;
            }
            let velocity = f32::from(digit - b'0') / 9.0 * (1.0 + 0.2 * self.roll());
            let mut noise = Noise::new(self.next_seed());
            let mut fall = Decay::new(velocity, 5.0 * fall_s, rate);
            let mut band = Filter::new(hz * (1.0 + 0.1 * self.roll()), 1.2, rate);
            let sound: Vec<f32> = (0..(6.0 * fall_s * rate) as usize)
                .map(|i| {
                    let rise = (i as f32 / rate / (0.2 * fall_s)).min(1.0);
                    band.run(noise.sample()).band * fall.fall() * rise
                })
                .collect();
            let frame = self.frame(at);
            track.lay(&sound, frame, pan, 1.0);
        }
    }

    fn congas(&mut self, track: &mut Track) {
        let rate = self.rate();
        for (_, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            if !matches!(step, 0 | 3 | 6 | 10 | 12 | 14) || self.chance(0.15) {
                continue;
            }
            let high = step % 4 != 0;
            let hz = if high { 310.0 } else { 205.0 } * (1.0 + 0.01 * self.roll());
            let velocity = 0.7 + 0.3 * self.roll();
            let mut phase = Phase::default();
            let mut body = Decay::new(velocity, 0.35, rate);
            let mut slap = Decay::new(0.4 * velocity, 0.02, rate);
            let mut noise = Noise::new(self.next_seed());
            let sound: Vec<f32> = (0..(0.4 * rate) as usize)
                .map(|_| {
                    phase.advance(hz, rate);
                    phase.sine(0.0) * body.fall() + noise.sample() * slap.fall()
                })
                .collect();
            let frame = self.frame(at);
            track.lay(&sound, frame, if high { 0.35 } else { -0.25 }, 1.0);
        }
    }

    fn low(&mut self, track: &mut Track, plays: Plays) {
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            let sounds = matches!(step, 0 | 6 | 10) || step == 14 && bar % 2 == 1;
            if !sounds || self.chance(0.08) {
                continue;
            }
            let [root, _, fifth, _] = self.sheet.chord(bar, 28.0);
            let key = if step == 10 && self.chance(0.5) { fifth } else { root };
            let seconds = self.sheet.beat() * (0.9 + 0.4 * self.roll().abs());
            let velocity = 0.8 + 0.18 * self.roll();
            let rate = self.rate();
            let sound = if plays == Plays::Bass {
                strings::bass(key, seconds, velocity, rate)
            } else {
                let mut phase = Phase::default();
                let hz = hz_from_key(key);
                (0..(seconds * rate) as usize)
                    .map(|i| {
                        phase.advance(hz, rate);
                        let x = phase.sine(0.0) + 0.15 * phase.sine(0.1 * phase.sine(0.0));
                        x * swell(i as f32 / rate, seconds, 0.006, 0.05) * velocity
                    })
                    .collect()
            };
            let frame = self.frame(at);
            track.lay(&sound, frame, 0.0, 1.0);
        }
    }

    /// Two hands at a keyboard or with mallets.
    fn hands(&mut self, track: &mut Track, plays: Plays) {
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            let chord = self.sheet.chord(bar, 57.0);
            let mut notes: Vec<Note> = Vec::new();
            let beat = self.sheet.beat();
            if matches!(step, 0 | 7) && plays != Plays::Marimba {
                for key in &chord[..3] {
                    let velocity = 0.55 + 0.15 * self.roll();
                    notes.push(Note { start_s: at, seconds: 1.6 * beat, key: *key, velocity });
                }
                if step == 0 {
                    let key = chord[0] - 24.0;
                    notes.push(Note { start_s: at, seconds: 3.0 * beat, key, velocity: 0.7 });
                }
            } else if step % 2 == 0 && self.chance(0.55) {
                let key = chord[(self.roll().abs() * 4.0) as usize % 4] + 12.0;
                let velocity = 0.6 + 0.3 * self.roll();
                notes.push(Note { start_s: at, seconds: 0.8 * beat, key, velocity });
            }
            for note in notes {
                let sound = match plays {
                    Plays::Piano => self.piano(&note),
                    Plays::Marimba => self.mallet(&note),
                    _ => strings::keys(note.key, note.seconds, note.velocity, self.rate()),
                };
                let frame = self.frame(note.start_s);
                track.lay(&sound, frame, (note.key - 62.0) / 40.0, 0.6);
            }
        }
    }

    /// Stiff strings (Fletcher 1964), the higher partials dying first, two strings that beat.
    fn piano(&mut self, note: &Note) -> Vec<f32> {
        let rate = self.rate();
        let hz = hz_from_key(note.key);
        let stiff = 0.0004 * (note.key / 60.0).powi(4);
        let seconds = note.seconds + 0.25;
        let mut out = vec![0f32; (seconds * rate) as usize];
        for n in 1..=14 {
            let order = n as f32;
            let partial = hz * order * (1.0 + stiff * order * order).sqrt();
            if partial > 0.4 * rate {
                break;
            }
            let bright = note.velocity.mul_add(0.7, 0.55);
            let level = bright.powi(n) / order.sqrt();
            let mut fall = Decay::new(level, 5.0 / (1.0 + 0.35 * order), rate);
            let (mut one, mut two) = (Phase::at(0.1 * self.roll()), Phase::at(0.2 * self.roll()));
            for x in &mut out {
                one.advance(partial, rate);
                two.advance(partial * 1.0004, rate);
                *x += (one.sine(0.0) + 0.7 * two.sine(0.0)) * fall.fall();
            }
        }
        for (i, x) in out.iter_mut().enumerate() {
            *x *= 0.4 * note.velocity * swell(i as f32 / rate, seconds, 0.002, 0.25);
        }
        out
    }

    fn mallet(&mut self, note: &Note) -> Vec<f32> {
        let rate = self.rate();
        let hz = hz_from_key(note.key);
        let (mut low, mut high) = (Phase::default(), Phase::default());
        let mut body = Decay::new(note.velocity, 0.7, rate);
        let mut knock = Decay::new(0.5 * note.velocity, 0.08, rate);
        (0..(0.8 * rate) as usize)
            .map(|i| {
                low.advance(hz, rate);
                high.advance(3.93 * hz, rate);
                let rise = (i as f32 / rate / 0.002).min(1.0);
                (low.sine(0.0) * body.fall() + high.sine(0.0) * knock.fall()) * rise
            })
            .collect()
    }

    /// Chords that are held: organ, synthesiser, bows.
    fn sustained(&mut self, track: &mut Track, plays: Plays) {
        let bar_s = 4.0 * self.sheet.beat();
        for bar in 0..self.sheet.bars() {
            let at = self.sheet.lead_in + bar as f32 * bar_s;
            if at > self.sheet.seconds - TAIL_S {
                break;
            }
            let from = match plays {
                Plays::Cellos => 40.0,
                Plays::Violins => 64.0,
                _ => 53.0,
            };
            let seconds = (1.02 * bar_s).min(self.sheet.seconds - at - 0.6);
            for (voice, key) in self.sheet.chord(bar, from).into_iter().enumerate() {
                if matches!(plays, Plays::Violins | Plays::Cellos) && voice > 2 {
                    continue;
                }
                let hz = hz_from_key(key);
                for copy in 0..if plays == Plays::Organ { 1 } else { 3 } {
                    let sound = match plays {
                        Plays::Organ => self.drawbars(hz, seconds),
                        Plays::Pad => self.saws(hz, seconds, 0.5, 1400.0, 0.08),
                        _ => self.saws(hz, seconds, 0.25, 6.5 * hz, 0.16),
                    };
                    let pan = (voice as f32 - 1.5) * 0.3 + (copy as f32 - 1.0) * 0.4;
                    let frame = self.frame(at);
                    track.lay(&sound, frame, pan, 0.15);
                }
            }
        }
    }

    fn drawbars(&mut self, hz: f32, seconds: f32) -> Vec<f32> {
        let rate = self.rate();
        let bars = [(0.5, 0.8), (1.0, 1.0), (1.5, 0.5), (2.0, 0.6), (3.0, 0.3), (4.0, 0.4)];
        let mut phases = bars.map(|_| Phase::at(self.dice.sample()));
        (0..(seconds * rate) as usize)
            .map(|i| {
                let mut sum = 0.0;
                for (phase, (ratio, level)) in phases.iter_mut().zip(bars) {
                    phase.advance(hz * ratio, rate);
                    sum += level * phase.sine(0.0);
                }
                0.5 * sum * swell(i as f32 / rate, seconds, 0.01, 0.06)
            })
            .collect()
    }

    /// A sawtooth with vibrato behind a low-pass.
    fn saws(&mut self, hz: f32, seconds: f32, rise_s: f32, cut: f32, wobble: f32) -> Vec<f32> {
        let rate = self.rate();
        let hz = hz * (1.0 + 0.003 * self.roll());
        let (mut phase, mut lfo) = (Phase::at(self.roll()), Phase::at(self.roll()));
        let speed = 4.8 + self.roll();
        let mut filter = Filter::new(cut.min(0.3 * rate), 0.7, rate);
        (0..(seconds * rate) as usize)
            .map(|i| {
                lfo.advance(speed, rate);
                let bent = hz * (1.0 + 0.02 * wobble * lfo.sine(0.0));
                phase.advance(bent, rate);
                let level = swell(i as f32 / rate, seconds, rise_s, 0.4);
                filter.run(phase.saw(bent, rate)).low * level
            })
            .collect()
    }

    fn synth(&mut self, track: &mut Track, plays: Plays) {
        let rate = self.rate();
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            let sixteenth = self.sheet.beat() / 4.0;
            let lead = plays == Plays::Lead;
            if lead && (step % 3 != 0 || self.chance(0.35)) {
                continue;
            }
            let chord = self.sheet.chord(bar, if lead { 69.0 } else { 57.0 });
            let turn = if lead { (self.roll().abs() * 4.0) as usize } else { step };
            let key = chord[turn % 4] + if !lead && step % 8 > 3 { 12.0 } else { 0.0 };
            let seconds = sixteenth * if lead { 2.6 } else { 0.9 };
            let hz = hz_from_key(key);
            let mut phase = Phase::at(0.3);
            let mut sweep = Decay::new(3800.0, 0.35, rate);
            let mut filter = Filter::new(900.0, 1.6, rate);
            let velocity = 0.7 + 0.25 * self.roll();
            let sound: Vec<f32> = (0..(seconds * rate) as usize)
                .map(|i| {
                    phase.advance(hz, rate);
                    let cut = 500.0 + sweep.fall() * velocity;
                    if i % 16 == 0 {
                        filter.tune(cut, 1.6, rate);
                    }
                    let level = swell(i as f32 / rate, seconds, 0.003, 0.03);
                    filter.run(phase.saw(hz, rate)).low * level * velocity
                })
                .collect();
            let frame = self.frame(at);
            let pan = if lead { 0.1 } else { 0.6 * ((step % 4) as f32 / 1.5 - 1.0) };
            track.lay(&sound, frame, pan, 0.7);
        }
    }

    fn strum(&mut self, track: &mut Track, ring: f32) {
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            if !matches!(step, 0 | 4 | 6 | 10 | 12 | 14) || self.chance(0.1) {
                continue;
            }
            let chord = self.sheet.chord(bar, 50.0);
            let down = step % 4 == 0;
            for string in 0..5 {
                let turn = if down { string } else { 4 - string };
                let key = chord[turn % 4] + 12.0 * (turn / 4) as f32;
                let velocity = 0.6 + 0.25 * self.roll();
                let seed = self.next_seed();
                let seconds = ring * self.sheet.beat();
                let sound = strings::guitar(key, seconds, velocity, seed, self.rate());
                let frame = self.frame(at + 0.011 * string as f32);
                track.lay(&sound, frame, 0.0, 0.35);
            }
        }
    }

    /// Power chords through an amplifier.
    fn riff(&mut self, track: &mut Track) {
        let mut clean = self.sheet.empty();
        for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
            if !matches!(step, 0 | 3 | 6 | 8 | 11 | 14) {
                continue;
            }
            let [root, _, fifth, _] = self.sheet.chord(bar, 40.0);
            for key in [root, fifth, root + 12.0] {
                let seed = self.next_seed();
                let seconds = self.sheet.beat() * if step == 8 { 1.2 } else { 0.5 };
                let sound = strings::guitar(key, seconds, 0.9, seed, self.rate());
                let frame = self.frame(at);
                clean.lay(&sound, frame, 0.0, 0.6);
            }
        }
        let mut speaker = [Filter::new(4200.0, 0.7, self.rate()); 2];
        for (x, y) in clean.left.iter().zip(&mut track.left) {
            let loud = (6.0 * x).tanh();
            let first = speaker[0].run(loud).low;
            *y = speaker[1].run(first).low;
        }
        track.right.clone_from(&track.left);
    }

    fn voices(&mut self, track: &mut Track, count: u64) {
        const VOWELS: [Vowel; 4] = [Vowel::Ah, Vowel::Oh, Vowel::Eh, Vowel::Oo];
        let beat = self.sheet.beat();
        for voice in 0..count {
            let mut line = Vec::new();
            for (bar, step, at) in self.sheet.steps().collect::<Vec<_>>() {
                let sings = if count > 1 { step == 0 } else { matches!(step, 2 | 6 | 8 | 12) };
                // Singers breathe.
                if !sings || bar % 4 == 3 && step > 6 || self.chance(0.1) {
                    continue;
                }
                let chord = self.sheet.chord(bar, if count > 1 { 55.0 } else { 60.0 });
                let pick =
                    if count > 1 { voice as usize } else { (self.roll().abs() * 4.0) as usize };
                line.push(Sung {
                    start_s: at + self.sheet.loose_s * self.roll(),
                    seconds: beat * if count > 1 { 3.4 } else { 0.85 },
                    key: chord[pick % 4],
                    vowel: VOWELS[(bar + step + voice as usize) % 4],
                    level: 0.8 + 0.2 * self.roll(),
                });
            }
            let singer = Singer {
                vibrato: 0.2 + 0.1 * self.roll(),
                breath: 0.12,
                attack_s: 0.04,
                detune: 0.05 * self.roll(),
                seed: self.next_seed(),
            };
            let first = line.first().map_or(0.0, |note| note.start_s);
            let pan = if count == 1 { 0.0 } else { 0.5 * voice as f32 - 0.75 };
            let frame = (first * self.rate()) as usize;
            track.lay(&sing(&line, singer, self.rate()), frame, pan, 0.6);
        }
    }

    /// Noise that opens up over four bars.
    fn riser(&mut self, track: &mut Track) {
        let rate = self.rate();
        let (first, last) =
            ((self.sheet.lead_in * rate) as usize, ((self.sheet.seconds - TAIL_S) * rate) as usize);
        let mut filters = [Filter::new(300.0, 2.0, rate), Filter::new(300.0, 2.0, rate)];
        let length = (last - first) as f32;
        for i in first..last {
            let at = (i - first) as f32 / length;
            let cycle = (at * 2.0).fract();
            for (filter, side) in filters.iter_mut().zip([&mut track.left, &mut track.right]) {
                if i % 32 == 0 {
                    filter.tune(300.0 * (4.3 * cycle).exp(), 2.0, rate);
                }
                side[i] = filter.run(self.dice.sample()).band * cycle * cycle;
            }
        }
    }

    /// A room that is never silent.
    fn air(&mut self, track: &mut Track) {
        let rate = self.rate();
        let frames = track.left.len();
        let mut filters = [Filter::new(900.0, 0.5, rate), Filter::new(900.0, 0.5, rate)];
        for i in 0..frames {
            let t = i as f32 / rate;
            let wind = 0.6 + 0.4 * (TAU * 0.21 * t + self.seed as f32).sin();
            let fade = (t / 0.5).min((self.sheet.seconds - t) / 0.8).clamp(0.0, 1.0);
            for (filter, side) in filters.iter_mut().zip([&mut track.left, &mut track.right]) {
                side[i] = filter.run(self.dice.sample()).low * wind * fade;
            }
        }
    }
}
