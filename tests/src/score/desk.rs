//! A song on the mixing desk: what will be delivered, and the mix, before either is stored. Faults
//! are done here; what no fault touches is stored once a song and shared.

use std::io::Cursor;
use std::sync::{Arc, OnceLock};

use stemcheck_core::block::Block;
use stemcheck_core::measure::Word;
use stemcheck_decode::write::{Depth, WavWriter};

use super::dsp::{self, Dice, Sound};
use super::songs::{Song, Stem};
use crate::encoded::through;
use crate::studio::MemoryFile;

/// How much of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nobody misses it.
    Blatant,
    /// As mistakes are.
    Ordinary,
    /// Who does not look for it does not hear it.
    Barely,
}

impl Strength {
    /// The three of them.
    pub const ALL: [Self; 3] = [Self::Blatant, Self::Ordinary, Self::Barely];

    /// As on the command line.
    pub fn name(self) -> &'static str {
        ["blatant", "ordinary", "barely"][self as usize]
    }

    pub(super) fn of<T: Copy>(self, values: [T; 3]) -> T {
        values[self as usize]
    }
}

/// How samples come to whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    Nearest,
    Down,
    Dithered,
}

/// A song and the bytes of its faultless files.
pub struct Shelf {
    /// The song.
    pub song: Song,
    clean: Vec<OnceLock<Arc<[u8]>>>,
}

impl From<Song> for Shelf {
    fn from(song: Song) -> Self {
        let clean = song.stems.iter().map(|_| OnceLock::new()).collect();
        Self { song, clean }
    }
}

/// A file that will be delivered as a stem.
pub(super) struct Print {
    pub(super) name: String,
    pub(super) sound: Arc<Sound>,
    /// Which stem of the song it was made of, if it is one.
    of: Option<usize>,
}

/// The desk. What is `taken` has its fault already.
pub(super) struct Desk<'a> {
    shelf: &'a Shelf,
    pub(super) song: &'a Song,
    pub(super) dice: Dice,
    pub(super) strength: Strength,
    prints: Vec<Print>,
    pub(super) mix: Sound,
    /// A further render of the mix.
    pub(super) again: Option<Sound>,
    /// Bits and seed of a dither on the reference.
    pub(super) dither: Option<(u16, u64)>,
    pub(super) taken: Vec<usize>,
    pub(super) rounding: Rounding,
}

impl<'a> Desk<'a> {
    pub(super) fn new(shelf: &'a Shelf, name: &str, strength: Strength) -> Self {
        let song = &shelf.song;
        let prints = song.stems.iter().enumerate().map(|(at, stem)| Print {
            name: stem.name.clone(),
            sound: Arc::clone(&stem.sound),
            of: Some(at),
        });
        Self {
            shelf,
            song,
            dice: Dice::new(&format!("{} {name} {}", song.seed, strength.name())),
            strength,
            prints: prints.collect(),
            mix: song.mix.clone(),
            again: None,
            dither: None,
            taken: Vec::new(),
            rounding: Rounding::Nearest,
        }
    }

    pub(super) fn rate(&self) -> u32 {
        self.song.rate
    }

    pub(super) fn seconds(&self, frames: usize) -> f64 {
        frames as f64 / f64::from(self.song.rate)
    }

    /// The part as it is in the mix.
    pub(super) fn part(&self, stem: usize) -> &'a Stem {
        &self.song.stems[stem]
    }

    /// A stem that is well heard, for faults that are great or small by themselves.
    pub(super) fn heard(&mut self, fits: impl Fn(&Stem) -> bool) -> Option<usize> {
        const WELL_DB: f64 = -24.0;
        let free = |(at, stem): &(usize, &Stem)| !self.taken.contains(at) && fits(stem);
        let mut all: Vec<(usize, &Stem)> =
            self.song.stems.iter().enumerate().filter(free).collect();
        all.sort_by(|a, b| b.1.heard.total_cmp(&a.1.heard));
        let well = all.iter().filter(|(_, stem)| stem.heard > WELL_DB).count().max(1);
        all.truncate(well);
        let stem = self.dice.pick(&all)?.0;
        self.taken.push(stem);
        Some(stem)
    }

    /// A stem as loud in the mix as the strength says, for faults that are there or not.
    pub(super) fn by_level(&mut self, fits: impl Fn(&Stem) -> bool) -> Option<usize> {
        const LEAST_DB: f64 = -55.0;
        let wanted = self.strength.of([-8.0, -20.0, -36.0]) + self.dice.between(-4.0, 4.0);
        let stems = self.song.stems.iter().enumerate();
        let stem = stems
            .filter(|(at, stem)| !self.taken.contains(at) && stem.heard > LEAST_DB && fits(stem))
            .min_by(|a, b| (a.1.heard - wanted).abs().total_cmp(&(b.1.heard - wanted).abs()))?
            .0;
        self.taken.push(stem);
        Some(stem)
    }

    /// A moment, in frames, at which a stem is loud: one of the loudest tenths of a second within
    /// a part of its sound.
    pub(super) fn loud_moment(&mut self, stem: usize, from: f64, to: f64) -> usize {
        let stem = self.part(stem);
        let step = self.rate() as usize / 10;
        let (first, last) = stem.sounds;
        let at = |share: f64| first + (share * (last - first) as f64) as usize;
        let mut moments: Vec<(f64, usize)> = (at(from)..at(to))
            .step_by(step)
            .map(|start| {
                let tenth = stem.sound.iter().flat_map(|c| c.iter().skip(start).take(step));
                (tenth.map(|x| f64::from(x.abs())).fold(0.0, f64::max), start + step / 2)
            })
            .collect();
        moments.sort_by(|a, b| b.0.total_cmp(&a.0));
        moments.truncate((moments.len() / 5).max(1));
        self.dice.pick(&moments).map_or(first, |moment| moment.1)
    }

    /// Changes a file that is delivered.
    pub(super) fn change(&mut self, stem: usize, how: impl FnOnce(&mut Sound)) {
        if let Some(print) = self.prints.iter_mut().find(|print| print.of == Some(stem)) {
            how(Arc::make_mut(&mut print.sound));
        }
    }

    /// Leaves a file out of the delivery.
    pub(super) fn leave_out(&mut self, stem: usize) {
        self.prints.retain(|print| print.of != Some(stem));
    }

    /// Delivers one more file.
    pub(super) fn deliver(&mut self, name: String, sound: Sound) {
        self.prints.push(Print { name, sound: Arc::new(sound), of: None });
    }

    /// Energy of what the files will not add up to against that of the mix, in dB. Nothing is stored
    /// yet, so rounding is left out, but for the dither of a fault.
    pub(super) fn residual(&self) -> f64 {
        let mut mix = self.mix.clone();
        if let Some((bits, seed)) = self.dither {
            dsp::round(&mut mix, bits, Some(seed));
        }
        let frames = dsp::frames(&mix);
        let mut sum = super::songs::sum(self.prints.iter().map(|print| print.sound.as_ref()));
        for channel in &mut sum {
            channel.resize(frames, 0.0);
        }
        dsp::db(dsp::energy(&dsp::minus(&sum, &mix)) / dsp::energy(&self.song.mix))
    }

    /// The files as they would lie in a folder, the reference last.
    ///
    /// # Errors
    /// A sentence, if the writer refuses.
    pub(super) fn store(mut self) -> Result<Vec<MemoryFile>, String> {
        let song = self.song;
        // Who exports to integers turns down what would clip: all files together.
        let sounds = self.prints.iter().map(|print| dsp::peak(&print.sound));
        let peak = sounds.fold(dsp::peak(&self.mix), f64::max);
        let whole_numbers = song.word != Word::Float || self.dither.is_some();
        let scale = if whole_numbers && peak > 0.999 { 0.99 / peak } else { 1.0 };
        let mut files = Vec::new();
        for print in &mut self.prints {
            let clean = print.of.filter(|&at| Arc::ptr_eq(&print.sound, &song.stems[at].sound));
            let bytes = if let Some(at) =
                clean.filter(|_| scale == 1.0 && self.rounding == Rounding::Nearest)
            {
                let bytes = match self.shelf.clean[at].get() {
                    Some(bytes) => Arc::clone(bytes),
                    None => wav((*print.sound).clone(), song, self.rounding)?.into(),
                };
                Arc::clone(self.shelf.clean[at].get_or_init(|| bytes))
            } else {
                let sound = Arc::make_mut(&mut print.sound);
                dsp::scale(sound, scale);
                wav(std::mem::take(sound), song, self.rounding)?.into()
            };
            files.push(MemoryFile { name: print.name.clone(), bytes });
        }
        let again = self.again.take().map(|sound| (another_name(song.reference), sound));
        let reference = (song.reference.to_owned(), self.mix);
        for (name, mut sound) in [reference].into_iter().chain(again) {
            dsp::scale(&mut sound, scale);
            if let Some((bits, seed)) = self.dither {
                dsp::round(&mut sound, bits, Some(seed));
            }
            files.push(MemoryFile { name, bytes: wav(sound, song, self.rounding)?.into() });
        }
        Ok(files)
    }
}

/// `Mix.wav`, rendered again: `Mix 2.wav`.
fn another_name(name: &str) -> String {
    name.replace(".wav", " 2.wav")
}

fn wav(mut sound: Sound, song: &Song, rounding: Rounding) -> Result<Vec<u8>, String> {
    let depth = match song.word {
        Word::Float => Depth::Float32,
        Word::Int(16) => Depth::Int16,
        Word::Int(_) => Depth::Int24,
    };
    if let Word::Int(bits) = song.word {
        // Files differ, so that their dither does.
        let seed = sound.iter().flatten().fold(7u64, |seed, x| seed ^ u64::from(x.to_bits()));
        match rounding {
            Rounding::Nearest => dsp::round(&mut sound, bits, None),
            Rounding::Dithered => dsp::round(&mut sound, bits, Some(seed)),
            Rounding::Down => {
                let half = 2f64.powi(-i32::from(bits)) as f32;
                sound.iter_mut().flatten().for_each(|x| *x -= half);
                dsp::round(&mut sound, bits, None);
            }
        }
    }
    let told = |error: stemcheck_decode::write::WriteError| error.to_string();
    let mut bytes = Vec::new();
    let mut writer = WavWriter::new(Cursor::new(&mut bytes), song.rate, sound.len() as u16, depth)
        .map_err(told)?;
    writer.write(&Block::from_planar(0, sound)).map_err(told)?;
    writer.finish().map_err(told)?;
    Ok(bytes)
}

/// Through an encoder and back; `None` where there is none for this rate.
pub(super) fn lossy(sound: &Sound, rate: u32, codec: &str) -> Option<Sound> {
    let codec = stemcheck_encode::Codec::parse(codec).ok()?;
    through(sound, |quiet| stemcheck_encode::encode(codec, rate, quiet)).ok()
}
