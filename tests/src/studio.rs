//! From a song's lines to the bytes of its files.

use std::io::Cursor;
use std::sync::Arc;

use stemcheck_core::block::Block;
use stemcheck_core::measure::Word;
use stemcheck_core::song::Role;
use stemcheck_core::synth::dsp::Noise;
use stemcheck_core::synth::{Change, Fault, SynthFile, SynthSong, mix};
use stemcheck_core::units::amplitude_from_db;
use stemcheck_decode::write::{Depth, WavWriter};

use crate::band::Part;
use crate::dsp::{self, Sound};
use crate::encoded::encoded;
use crate::scene::{ByteChange, FileText, Heard, SongText, Source, Step};
use crate::treat::chorus;

/// By how much of a turn a free chorus is further in each mix than in the last file.
const MOMENT: f64 = 0.29;

/// A file that never was on a disk.
#[derive(Debug, Clone)]
pub struct MemoryFile {
    /// Its name.
    pub name: String,
    /// All of it.
    pub bytes: Arc<[u8]>,
}

/// Plays parts and remembers them: many songs share a band.
#[derive(Debug, Default)]
pub struct Studio {
    takes: Vec<(Take, Vec<Vec<f32>>)>,
}

/// Everything that a part's sound depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Take {
    part: Part,
    number: u64,
    rate: u32,
    seconds: f64,
    lead_in: f64,
}

impl Studio {
    /// Plays, mixes, breaks and stores a song.
    ///
    /// # Errors
    /// A sentence, if the writer refuses.
    pub fn build(&mut self, text: &SongText) -> Result<Vec<MemoryFile>, String> {
        let mut song = self.record(text)?;
        for file in &text.files {
            for step in &file.steps {
                if let Step::Treatment(Heard::Here, treatment) = step {
                    for treated in song.files.iter_mut().filter(|made| made.name == file.name) {
                        treatment.apply(&mut treated.channels, text.rate)?;
                    }
                }
                if let Step::Change(change) = step {
                    let fault = Fault { file: file.name.clone(), change: change.clone() };
                    // What was never in the mix has been left out of it already.
                    if *change != Change::NotInReference {
                        fault.apply(&mut song);
                    }
                }
            }
        }
        song.quantise();
        let line = |file: &SynthFile| text.files.iter().find(|line| line.name == file.name);
        song.files.iter().map(|file| store(file, text.rate, line(file))).collect()
    }

    /// The parts as their files have them, and the mixes of those that belong in it.
    fn record(&mut self, text: &SongText) -> Result<SynthSong, String> {
        let mut files: Vec<SynthFile> = Vec::new();
        let mut mixes = 0;
        for line in &text.files {
            let (role, channels) = if line.source == Source::Sum {
                mixes += 1;
                (Role::Reference, self.mix(text, line, mixes)?)
            } else {
                (Role::Stem, self.heard(text, line, None)?)
            };
            files.push(SynthFile { name: line.name.clone(), role, word: text.word, channels });
        }
        Ok(SynthSong { name: String::new(), sample_rate: text.rate, tempo_bpm: None, files })
    }

    /// The mix of this number, from 1. Each hears another moment of a chorus.
    fn mix(&mut self, text: &SongText, line: &FileText, number: usize) -> Result<Sound, String> {
        let other = |parts: &[Sound]| mix(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let in_mix = |line: &&FileText| !line.steps.contains(&Step::Change(Change::NotInReference));
        let parts = |studio: &mut Self, later: u64| -> Result<Vec<Sound>, String> {
            let heard = |line| studio.heard(text, line, Some((number, later)));
            text.files.iter().filter(in_mix).map(heard).collect()
        };
        let mut sound = other(&parts(self, 0)?);
        for step in &line.steps {
            if let Step::Retake(take, from, to) = step {
                splice(&mut sound, &other(&parts(self, *take)?), text.rate, *from, *to);
            }
        }
        Ok(sound)
    }

    /// A part as its file has it, or as a mix of this number hears it, so many takes later.
    fn heard(
        &mut self,
        text: &SongText,
        line: &FileText,
        mix: Option<(usize, u64)>,
    ) -> Result<Sound, String> {
        let (number, later) = mix.unwrap_or_default();
        let mut sound = self.part(text, line, later);
        for step in &line.steps {
            match step {
                Step::Retake(take, from, to) if mix.is_none() => {
                    splice(&mut sound, &self.part(text, line, *take), text.rate, *from, *to);
                }
                Step::Chorus(hz) => {
                    chorus(&mut sound, text.rate, *hz, MOMENT * number as f64);
                }
                Step::Treatment(Heard::InBoth, treatment) => {
                    treatment.apply(&mut sound, text.rate)?;
                }
                Step::Treatment(Heard::InMix, treatment) if mix.is_some() => {
                    treatment.apply(&mut sound, text.rate)?;
                }
                Step::Duck(name, db) if mix.is_some() => {
                    let key = text.files.iter().find(|line| line.name == *name);
                    let key = key.ok_or_else(|| format!("{name} is not there"))?;
                    let key = self.part(text, key, later);
                    dsp::follow(&mut sound, &dsp::ducked(&key, text.rate, *db));
                }
                _ => {}
            }
        }
        Ok(sound)
    }

    /// What is played, so many takes later; nothing where it is no part.
    fn part(&mut self, text: &SongText, line: &FileText, later: u64) -> Sound {
        let Source::Part(part, number, peak) = line.source else { return Vec::new() };
        let (rate, seconds, lead_in) = (text.rate, text.seconds, text.lead_in);
        let gain = amplitude_from_db(peak) as f32;
        let mut take = self.play(Take { part, number: number + later, rate, seconds, lead_in });
        take.iter_mut().flatten().for_each(|x| *x *= gain);
        take
    }

    fn play(&mut self, take: Take) -> Vec<Vec<f32>> {
        if let Some((_, known)) = self.takes.iter().find(|(known, _)| *known == take) {
            return known.clone();
        }
        let sound = take.part.play(take.number, take.rate, take.seconds, take.lead_in);
        self.takes.push((take, sound.clone()));
        sound
    }
}

/// Puts another sound in the place of one, between two seconds.
fn splice(sound: &mut Sound, other: &Sound, rate: u32, from: f64, to: f64) {
    let frame = |seconds: f64| (seconds * f64::from(rate)) as usize;
    for (channel, other) in sound.iter_mut().zip(other) {
        let end = frame(to).min(channel.len()).min(other.len());
        let start = frame(from).min(end);
        channel[start..end].copy_from_slice(&other[start..end]);
    }
}

/// A song's files as they would lie in a folder.
///
/// # Errors
/// A sentence, if the writer refuses.
pub fn stored(song: &SynthSong) -> Result<Vec<MemoryFile>, String> {
    song.files.iter().map(|file| store(file, song.sample_rate, None)).collect()
}

/// A file's bytes, with what its line does to them (a copy has no line of its own).
fn store(file: &SynthFile, rate: u32, line: Option<&FileText>) -> Result<MemoryFile, String> {
    let mut bytes = match line.map(|line| &line.source) {
        Some(Source::Garbage(count)) => {
            let mut noise = Noise::new(*count as u64);
            (0..*count).map(|_| (noise.sample() * 127.0) as i8 as u8).collect()
        }
        _ => match codec(line) {
            Some(codec) => encoded(codec, rate, &file.channels)?,
            None => wav(file, declared_rate(line).unwrap_or(rate)).map_err(|e| e.to_string())?,
        },
    };
    for step in line.into_iter().flat_map(|line| &line.steps) {
        match step {
            Step::Container(container) => bytes = container.rewrap(&bytes)?,
            Step::Bytes(ByteChange::Cut(count)) => {
                bytes.truncate(bytes.len().saturating_sub(*count));
            }
            Step::Bytes(ByteChange::Keep(count)) => bytes.truncate(*count),
            Step::Bytes(ByteChange::Overwrite(at, new)) => {
                for (byte, new) in bytes.iter_mut().skip(*at).zip(new) {
                    *byte = *new;
                }
            }
            Step::Bytes(ByteChange::Stamp(frames)) => insert(&mut bytes, *b"bext", &bext(*frames)),
            Step::Bytes(ByteChange::MadeBy(program)) => {
                insert(&mut bytes, *b"LIST", &info(program));
            }
            Step::Change(_)
            | Step::Treatment(..)
            | Step::Duck(..)
            | Step::Retake(..)
            | Step::Chorus(_)
            | Step::Rate(_)
            | Step::As(_) => {}
        }
    }
    Ok(MemoryFile { name: file.name.clone(), bytes: bytes.into() })
}

/// Puts a chunk before the others of a WAV file.
fn insert(wav: &mut Vec<u8>, id: [u8; 4], body: &[u8]) {
    let mut chunk = id.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    if let Some(size) = wav.get(4..8).and_then(|size| <[u8; 4]>::try_from(size).ok()) {
        let size = u32::from_le_bytes(size) + chunk.len() as u32;
        wav.splice(4..8, size.to_le_bytes());
        wav.splice(12..12, chunk);
    }
}

/// A `bext` chunk that says nothing but when.
fn bext(frames: u64) -> Vec<u8> {
    let mut body = vec![0; 602];
    body.splice(338..346, frames.to_le_bytes());
    body
}

/// A `LIST` chunk that names a program.
fn info(program: &str) -> Vec<u8> {
    let mut text = program.as_bytes().to_vec();
    text.resize(text.len() + 2 - text.len() % 2, 0);
    let mut body = b"INFOISFT".to_vec();
    body.extend((text.len() as u32).to_le_bytes());
    body.extend(text);
    body
}

fn declared_rate(line: Option<&FileText>) -> Option<u32> {
    line?.steps.iter().find_map(|step| match step {
        Step::Rate(rate) => Some(*rate),
        _ => None,
    })
}

fn codec(line: Option<&FileText>) -> Option<&str> {
    line?.steps.iter().find_map(|step| match step {
        Step::As(codec) => Some(codec.as_str()),
        _ => None,
    })
}

fn wav(file: &SynthFile, rate: u32) -> Result<Vec<u8>, stemcheck_decode::write::WriteError> {
    let depth = match file.word {
        Word::Float => Depth::Float32,
        Word::Int(16) => Depth::Int16,
        Word::Int(_) => Depth::Int24,
    };
    let mut bytes = Vec::new();
    let mut writer =
        WavWriter::new(Cursor::new(&mut bytes), rate, file.channels.len() as u16, depth)?;
    writer.write(&Block::from_planar(0, file.channels.clone()))?;
    writer.finish()?;
    Ok(bytes)
}
