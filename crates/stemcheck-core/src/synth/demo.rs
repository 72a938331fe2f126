//! "Midnight Tape", half a minute of slow soul: six stems and the mix they sum to.

use super::drums::{self, Drum};
use super::dsp::{Phase, Track};
use super::fault::Fault;
use super::reverb::{self, Room};
use super::score::{self, seconds, step_seconds};
use super::voice::{self, Singer, Sung, Vowel};
use super::{SynthFile, SynthSong, mix, strings};
use crate::measure::Word;
use crate::song::Role;

const SAMPLE_RATE: u32 = 48_000;
const RATE: f32 = SAMPLE_RATE as f32;
const CHORUS: std::ops::Range<usize> = 7..11;
/// The last moment in which the rooms may still ring.
const FADE_S: f32 = 0.8;

/// The three faults that the page offers: together they keep the song from adding up at all, and
/// undone they leave nothing but rounding.
pub const DEMO_FAULTS: [&str; 3] = ["late-stem", "wrong-gain", "inverted-polarity"];

/// The demo song without a fault: 48 kHz, 24 bits, stereo.
pub fn demo() -> SynthSong {
    demo_with(&[])
}

/// The demo song with faults, applied in order.
pub fn demo_with(faults: &[Fault]) -> SynthSong {
    let mut song = session();
    for fault in faults {
        fault.apply(&mut song);
    }
    song.quantise();
    song
}

/// The song as it stands in the DAW, before it is stored.
fn session() -> SynthSong {
    let stems = [
        ("Drums.wav", drums()),
        ("Bass.wav", bass()),
        ("Keys.wav", keys()),
        ("Guitar.wav", guitar()),
        ("Lead Vocal.wav", lead()),
        ("Backing Vocals.wav", choir()),
    ];
    let mut files: Vec<SynthFile> = stems
        .into_iter()
        .map(|(name, track)| file(name, Role::Stem, vec![track.left, track.right]))
        .collect();
    let parts: Vec<&[Vec<f32>]> = files.iter().map(|file| file.channels.as_slice()).collect();
    let reference = mix(&parts);
    files.push(file("Midnight Tape - Mix.wav", Role::Reference, reference));
    SynthSong {
        name: "Midnight Tape".into(),
        sample_rate: SAMPLE_RATE,
        tempo_bpm: Some(score::TEMPO_BPM),
        files,
    }
}

fn file(name: &str, role: Role, channels: Vec<Vec<f32>>) -> SynthFile {
    SynthFile { name: name.into(), role, word: Word::Int(24), channels }
}

fn blank() -> Track {
    Track::new(frame(score::BARS, 0))
}

fn frame(bar: usize, step: usize) -> usize {
    (seconds(bar, step) * f64::from(SAMPLE_RATE)).round() as usize
}

/// Seconds from one step to `length` steps later.
fn span(bar: usize, step: usize, length: usize) -> f32 {
    (seconds(bar, step + length) - seconds(bar, step)) as f32
}

/// Level and room of a stem. The end fades, so that every tail reaches silence.
fn print(mut track: Track, gain: f32, room: Room) -> Track {
    reverb::add(&mut track, room, RATE);
    track.cut_below_hearing(RATE);
    let fade = (FADE_S * RATE) as usize;
    for side in [&mut track.left, &mut track.right] {
        for (i, x) in side.iter_mut().rev().take(fade).enumerate() {
            let level = i as f32 / fade as f32;
            *x *= level * level;
        }
    }
    track.scale(gain);
    track
}

fn drums() -> Track {
    let mut track = blank();
    let mut seed = 0;
    for (bar, patterns) in score::DRUMS.iter().enumerate() {
        for (drum, steps) in *patterns {
            for (step, digit) in steps.bytes().enumerate().filter(|(_, digit)| *digit != b'.') {
                seed += 1;
                let velocity = f32::from(digit - b'0') / 9.0;
                let (pan, gain) = match drum {
                    Drum::Kick => (0.0, 0.95),
                    Drum::Snare => (-0.08, 0.62),
                    Drum::Hat => (0.32, 0.62),
                    Drum::OpenHat => (0.32, 0.5),
                    Drum::Crash => (-0.35, 0.42),
                    Drum::Tom => (1.2 * (velocity - 0.6), 0.7),
                };
                let sound = drums::hit(*drum, velocity, seed, RATE);
                track.lay(&sound, frame(bar, step), pan, gain);
            }
        }
    }
    let room = Room { seconds: 0.7, damping: 0.35, size: 0.6, pre_delay: 0.004, wet: 0.10 };
    print(track, 0.355, room)
}

fn bass() -> Track {
    let mut track = blank();
    for (bar, notes) in score::BASS.iter().enumerate() {
        for &(step, length, key, velocity) in *notes {
            let length_s = span(bar, step, length) - 0.02;
            let sound = strings::bass(f32::from(key), length_s, velocity, RATE);
            track.lay(&sound, frame(bar, step), 0.0, 1.0);
        }
    }
    let room = Room { seconds: 0.35, damping: 0.6, size: 0.4, pre_delay: 0.0, wet: 0.035 };
    print(track, 0.36, room)
}

fn keys() -> Track {
    let mut track = blank();
    for (bar, chords) in score::CHORDS.iter().enumerate() {
        let strokes: &[(usize, usize, f32)] = match bar {
            1 => &[(0, 16, 0.6)],
            11 => &[(0, 22, 0.7)],
            _ if CHORUS.contains(&bar) => &score::STROKES_CHORUS,
            _ => &score::STROKES_VERSE,
        };
        for &(step, length, velocity) in strokes {
            let chord = chords.iter().rev().find(|(from, _, _)| *from <= step);
            for (voice, key) in chord.into_iter().flat_map(|chord| chord.2).enumerate() {
                // Fingers do not land at once; the top note sings.
                let roll = voice as f32 * if length > 15 { 0.022 } else { 0.004 };
                let velocity = velocity * (0.8 + 0.07 * voice as f32);
                let length_s = span(bar, step, length) - roll;
                let sound = strings::keys(f32::from(*key), length_s, velocity, RATE);
                let pan = (voice as f32 - 1.5) * 0.22;
                track.lay(&sound, frame(bar, step) + (roll * RATE) as usize, pan, 1.0);
            }
        }
    }
    // The suitcase piano's vibrato wanders from side to side.
    let mut tremolo = Phase::default();
    for (left, right) in track.left.iter_mut().zip(&mut track.right) {
        tremolo.advance(4.8, RATE);
        let swing = 0.22 * tremolo.sine(0.0);
        *left *= 1.0 - swing;
        *right *= 1.0 + swing;
    }
    let room = Room { seconds: 1.5, damping: 0.4, size: 0.9, pre_delay: 0.012, wet: 0.11 };
    print(track, 0.064, room)
}

fn guitar() -> Track {
    let mut track = blank();
    let mut seed = 1000;
    let mut pick =
        |bar: usize, step: usize, late_s: f32, key: f32, length_s: f32, velocity: f32| {
            seed += 1;
            let sound = strings::guitar(key, length_s, velocity, seed, RATE);
            let at = frame(bar, step) + (late_s * RATE) as usize;
            track.lay(&sound, at, -0.45, 1.0);
            // A dotted-eighth echo answers from the other side.
            let echo = (3.0 * step_seconds() * f64::from(RATE)).round() as usize;
            track.lay(&sound, at + echo, 0.6, 0.30);
            track.lay(&sound, at + 2 * echo, -0.2, 0.13);
        };
    for (bar, chords) in score::CHORDS.iter().enumerate() {
        if bar == 11 {
            for (i, key) in chords.iter().flat_map(|chord| chord.2).enumerate() {
                pick(bar, 0, 0.045 * i as f32, f32::from(*key), 3.2, 0.7);
            }
            continue;
        }
        for (i, index) in score::ARPEGGIO.iter().enumerate() {
            let step = i * 2;
            let Some((_, _, chord)) = chords.iter().rev().find(|(from, _, _)| *from <= step) else {
                continue;
            };
            let octave = 12.0 * (index / chord.len()) as f32;
            let key = f32::from(chord[index % chord.len()]) + octave;
            let accent = if i % 4 == 0 { 0.8 } else { 0.55 };
            let velocity = if CHORUS.contains(&bar) { accent + 0.15 } else { accent };
            pick(bar, step, 0.0, key, span(bar, step, 5), velocity);
        }
    }
    let room = Room { seconds: 1.7, damping: 0.3, size: 1.0, pre_delay: 0.018, wet: 0.10 };
    print(track, 0.132, room)
}

fn lead() -> Track {
    let line: Vec<Sung> = score::LEAD
        .iter()
        .enumerate()
        .flat_map(|(bar, notes)| notes.iter().map(move |note| (bar, *note)))
        .map(|(bar, (step, length, key, vowel, level))| Sung {
            start_s: seconds(bar, step) as f32,
            seconds: span(bar, step, length) - 0.03,
            key: f32::from(key),
            vowel,
            level,
        })
        .collect();
    let singer = Singer { vibrato: 0.28, breath: 0.10, attack_s: 0.035, detune: 0.0, seed: 71 };
    let mut track = blank();
    let start = line.first().map_or(0.0, |note| note.start_s);
    track.lay(&voice::sing(&line, singer, RATE), (start * RATE) as usize, 0.04, 1.0);
    let room = Room { seconds: 1.9, damping: 0.3, size: 1.1, pre_delay: 0.03, wet: 0.13 };
    print(track, 0.38, room)
}

/// Three parts, two singers each, spread wide.
fn choir() -> Track {
    let mut track = blank();
    for part in 0..3 {
        for side in [-1.0f32, 1.0] {
            let seed = 200 + part as u64 * 2 + u64::from(side > 0.0);
            let late_s = 0.008 + 0.006 * (seed % 4) as f32;
            let line: Vec<Sung> = score::CHOIR
                .iter()
                .enumerate()
                .flat_map(|(bar, notes)| notes.iter().map(move |note| (bar, *note)))
                .map(|(bar, (step, length, keys, vowel, level))| Sung {
                    start_s: seconds(bar, step) as f32 + late_s,
                    seconds: span(bar, step, length) - 0.05,
                    key: f32::from(keys[part]),
                    vowel,
                    level: if vowel == Vowel::Mm { level * 1.5 } else { level },
                })
                .collect();
            let singer =
                Singer { vibrato: 0.16, breath: 0.16, attack_s: 0.10, detune: 0.05 * side, seed };
            let start = line.first().map_or(0.0, |note| note.start_s);
            let pan = side * (0.95 - 0.25 * part as f32);
            track.lay(&voice::sing(&line, singer, RATE), (start * RATE) as usize, pan, 1.0);
        }
    }
    let room = Room { seconds: 2.2, damping: 0.35, size: 1.2, pre_delay: 0.02, wet: 0.20 };
    print(track, 0.12, room)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::units::db_from_amplitude;

    /// Rendered once for all tests.
    static CLEAN: LazyLock<SynthSong> = LazyLock::new(demo);

    fn faulty(code: &str) -> SynthSong {
        let mut song = CLEAN.clone();
        Fault::parse(code).unwrap().apply(&mut song);
        song
    }

    fn peak(file: &SynthFile) -> f64 {
        let peak = file.channels.iter().flatten().fold(0f32, |most, x| most.max(x.abs()));
        db_from_amplitude(f64::from(peak))
    }

    #[test]
    fn is_what_the_guides_ask_for() {
        let song = &*CLEAN;
        assert_eq!(song.files.len(), 7);
        let bar = frame(1, 0);
        assert_eq!(bar, 120_000);
        let mut peaks = Vec::new();
        for file in &song.files {
            let [left, right] = file.channels.as_slice() else { panic!("{} is stereo", file.name) };
            assert!((30 * 48_000..34 * 48_000).contains(&left.len()) && left.len() == right.len());
            assert!(left[..bar].iter().chain(&right[..bar]).all(|x| *x == 0.0), "{}", file.name);
            let end = left.iter().chain(right).skip(left.len() - 480).take(480);
            assert!(end.fold(0f32, |most, x| most.max(x.abs())) < 1e-5, "{}", file.name);
            assert!(left != right, "{} is not dual mono", file.name);
            let odd = left.iter().filter(|x| (**x * 8_388_608.0) as i32 % 2 != 0).count();
            assert!(odd > 100_000, "{} uses 24 bits", file.name);
            peaks.push(peak(file));
        }
        let mix = peaks.pop().unwrap();
        assert!((-7.0..-5.5).contains(&mix), "the mix peaks at {mix} dBFS");
        peaks.sort_by(f64::total_cmp);
        assert!(peaks[5] < -6.0);
        assert!(peaks.windows(2).all(|pair| pair[1] - pair[0] > 0.1), "alike: {peaks:?}");
    }

    #[test]
    fn stems_sum_to_the_mix_but_for_rounding() {
        let song = &*CLEAN;
        let step = 2f64.powi(-23);
        let frames = song.files[0].channels[0].len();
        let (mut most, mut energy) = (0f64, 0f64);
        for side in 0..2 {
            for i in (0..frames).step_by(7) {
                let sample = |file: &SynthFile| f64::from(file.channels[side][i]);
                let sum: f64 = song.files[..6].iter().map(sample).sum();
                let rest = sum - sample(&song.files[6]);
                most = most.max(rest.abs());
                energy += rest * rest;
            }
        }
        let rms = (energy / (2 * frames / 7) as f64).sqrt();
        assert!(most <= 4.0 * step, "{most}");
        assert!(rms > 0.3 * step && rms < step, "as seven files of 24 bits leave: {rms}");
    }

    #[test]
    fn faults_do_what_they_say() {
        let clean = &*CLEAN;
        let late = faulty("late-stem");
        assert_eq!(
            late.files[1].channels[0][480..],
            clean.files[1].channels[0][..frame(13, 0) - 480]
        );
        assert_eq!(late.files[6], clean.files[6]);
        let missing = faulty("missing-part");
        assert_eq!(missing.files.len(), 6);
        assert_eq!(missing.files[5], clean.files[6]);
        for code in DEMO_FAULTS {
            assert!(Fault::parse(code).is_ok(), "{code}");
        }
    }
}
