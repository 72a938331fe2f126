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
use crate::encoded::encoded;
use crate::scene::{ByteChange, FileText, SongText, Source, Step};
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
        let mut song = self.record(text);
        for file in &text.files {
            for step in &file.steps {
                if let Step::Treatment(treatment) = step {
                    for treated in song.files.iter_mut().filter(|made| made.name == file.name) {
                        treatment.apply(&mut treated.channels, text.rate);
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

    /// The parts, and the mixes of those that belong in it.
    fn record(&mut self, text: &SongText) -> SynthSong {
        let mut files: Vec<SynthFile> = Vec::new();
        for file in &text.files {
            let channels = match file.source {
                Source::Part(part, number, peak) => {
                    let (rate, seconds, lead_in) = (text.rate, text.seconds, text.lead_in);
                    let gain = amplitude_from_db(peak) as f32;
                    let mut take = self.play(Take { part, number, rate, seconds, lead_in });
                    take.iter_mut().flatten().for_each(|x| *x *= gain);
                    take
                }
                Source::Sum | Source::Garbage(_) => Vec::new(),
            };
            let role = if file.source == Source::Sum { Role::Reference } else { Role::Stem };
            files.push(SynthFile { name: file.name.clone(), role, word: text.word, channels });
        }
        let in_mix = |line: &FileText| !line.steps.contains(&Step::Change(Change::NotInReference));
        // A chorus is at another moment in each mix, and at yet another in the stem.
        let at_moment = |moment: usize| -> Vec<Vec<Vec<f32>>> {
            let lines = text.files.iter().zip(&files);
            lines
                .map(|(line, file)| {
                    let mut channels = file.channels.clone();
                    for step in &line.steps {
                        if let Step::Chorus(hz) = step {
                            let phase = MOMENT * moment as f64;
                            chorus(&mut channels, text.rate, *hz, phase);
                        }
                    }
                    channels
                })
                .collect()
        };
        let mixes: Vec<Vec<Vec<f32>>> = files
            .iter()
            .filter(|file| file.role == Role::Reference)
            .enumerate()
            .map(|(moment, _)| {
                let played = at_moment(moment + 1);
                let lines = text.files.iter().zip(&played);
                let parts: Vec<&[Vec<f32>]> = lines
                    .filter(|(line, _)| in_mix(line))
                    .map(|(_, channels)| channels.as_slice())
                    .collect();
                mix(&parts)
            })
            .collect();
        let stems = at_moment(0);
        for (file, channels) in files.iter_mut().zip(stems) {
            file.channels = channels;
        }
        let references = files.iter_mut().filter(|file| file.role == Role::Reference);
        for (file, channels) in references.zip(mixes) {
            file.channels = channels;
        }
        SynthSong { name: String::new(), sample_rate: text.rate, tempo_bpm: None, files }
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
            | Step::Treatment(_)
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
