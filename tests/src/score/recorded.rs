//! Songs that others recorded: nobody plays them again.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use stemcheck_core::measure::Word;
use stemcheck_core::song::{Format, Instrument, guess_instrument};

use super::dsp::{self, Sound};
use super::songs::{Kind, Song, heard_in, sum};
use crate::encoded::decoded;

impl Song {
    /// A song that others recorded: the files of a folder, one for each stem, in WAV or what else can be
    /// read. Their sum is the mix. The take decides what goes wrong where.
    ///
    /// # Errors
    /// A sentence, if it cannot be read, or there are no two stems of one rate.
    pub fn open(folder: &Path, take: u64) -> Result<Self, String> {
        let told = |what: &Path, error: String| format!("{}: {error}", what.display());
        let list = std::fs::read_dir(folder).map_err(|error| told(folder, error.to_string()))?;
        let mut paths: Vec<PathBuf> = list.flatten().map(|entry| entry.path()).collect();
        let hidden = |path: &Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
        };
        paths.retain(|path| path.is_file() && !hidden(path));
        paths.sort();
        let (mut formats, mut stems) = (Vec::new(), Vec::new());
        for path in &paths {
            let file = File::open(path).map_err(|error| told(path, error.to_string()))?;
            let (format, sound) = decoded(Box::new(file)).map_err(|error| told(path, error))?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let kind = match guess_instrument(&stem) {
                Some(Instrument::Kick | Instrument::Drums) => Kind::Kick,
                Some(Instrument::Snare | Instrument::Cymbals | Instrument::Percussion) => {
                    Kind::Drums
                }
                _ => Kind::Tones,
            };
            formats.push(format);
            stems.push((format!("{stem}.wav"), kind, sound));
        }
        let Some(rate) = formats.first().map(|format: &Format| format.sample_rate) else {
            return Err(told(folder, "there are no files".to_owned()));
        };
        let fits = |f: &Format| f.sample_rate == rate && (1..=2).contains(&f.channels);
        if formats.len() < 2 || !formats.iter().all(fits) {
            return Err(told(folder, "not two stems, mono or stereo, of one rate".to_owned()));
        }
        let mix = sum(stems.iter().map(|(_, _, sound)| sound));
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let float = formats.iter().all(|format| format.word() == Word::Float);
        Ok(Self {
            seed: format!("{name} {take}"),
            name,
            rate,
            word: if float { Word::Float } else { Word::Int(24) },
            reference: "Reference Mix.wav",
            stems: heard_in(&mix, stems.into_iter(), rate),
            mix,
            band: None,
            another: OnceLock::new(),
        })
    }

    /// A sound from somewhere in its middle on, and then what was before, so many times faster.
    pub(super) fn elsewhere(&self, sound: &Sound, faster: f64) -> Sound {
        let mut turned = sound.clone();
        for channel in &mut turned {
            let middle = channel.len() * 2 / 5;
            channel.rotate_left(middle);
        }
        let rate = f64::from(self.rate);
        dsp::convert(&turned, rate, rate / faster, 16)
    }
}
