//! Repairs that change no sample: whole shifts, silence at the end, polarity, two mono files as one,
//! names.
//!
//! Decides from what was examined what can be repaired in this way, says so before anything is done,
//! and says what cannot and why: a fraction of a sample, a gain, an equaliser make new samples, and
//! that is the artist's business. A file that needs nothing is copied byte for byte; one that does
//! becomes a WAV of the same word length. Originals are only read.

use serde::{Deserialize, Serialize};
use stemcheck_core::checks;
use stemcheck_core::language::Language;
use stemcheck_core::null::{Correction, Treatment};
use stemcheck_core::song::{self, Format};
use stemcheck_core::units::db_from_amplitude;

use crate::examination::Examination;
use crate::names;
use crate::report::{RecipeReport, build, words};

mod read;
#[cfg(test)]
mod tests;

pub use read::Repaired;

/// The list of what was done, beside the files.
pub const LIST: &str = "repairs.txt";

/// Gains nearer to 1 than this, in dB, are nobody's mistake.
const NO_GAIN_DB: f64 = 0.01;

/// What is done to a song. Plain data: it crosses to a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repairs {
    /// Every file of the repaired song.
    pub files: Vec<RepairedFile>,
    /// What is done, a line each; nothing if there is nothing to do.
    pub done: Vec<String>,
    /// What stays as it is although it is wrong, and why, a line each.
    pub left: Vec<String>,
}

/// One file of the repaired song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RepairedFile {
    /// What it is called.
    pub name: String,
    /// The file that it is made of, or left and right.
    pub from: Vec<usize>,
    /// What is done to its samples; `None` = it is copied byte for byte.
    pub change: Option<Change>,
}

/// What is done to samples without changing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Frames by which it begins later; those of a negative number are cut off.
    pub later: i64,
    /// Length of the result in frames.
    pub frames: u64,
    /// Whether every sample becomes its opposite.
    pub flip: bool,
    /// Where on the recorder's clock it begins then, in frames; `None` if the file does not tell.
    pub begins_at: Option<u64>,
}

/// What becomes of one given file, before the lengths are made equal.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Wanted {
    later: i64,
    flip: bool,
}

/// What the song decides for one of its files.
#[derive(Debug, Clone, Copy)]
struct Shape {
    length: Option<u64>,
    begins_at: Option<u64>,
}

/// What can be repaired of a song that was examined.
pub fn repairs(examination: &Examination) -> Repairs {
    repairs_in(examination, &Language::default())
}

/// The same, said in another language.
pub fn repairs_in(examination: &Examination, language: &Language) -> Repairs {
    let mut repairs = Repairs { files: Vec::new(), done: Vec::new(), left: Vec::new() };
    let given = examination.names();
    let pairs = pairs(examination, &given);
    let wanted: Vec<Wanted> = (0..given.len())
        .map(|file| {
            let is_half = pairs.iter().any(|&(left, right)| left == file || right == file);
            // What the mix tells of one side alone is wrong as soon as both are one.
            if is_half { Wanted::default() } else { repairs.wanted(examination, file, language) }
        })
        .collect();
    let length = common_length(examination, &wanted);
    let begins_at = time_stamps(examination, &wanted);
    for (file, wanted) in wanted.iter().enumerate() {
        if pairs.iter().any(|&(_, right)| right == file) {
            continue;
        }
        let right = pairs.iter().find(|&&(left, _)| left == file).map(|&(_, right)| right);
        let from: Vec<usize> = std::iter::once(file).chain(right).collect();
        let name = match right.and_then(|right| given.get(right)) {
            Some(right) => joined_name(given[file], right),
            None => given[file].to_owned(),
        };
        let begins_at = begins_at.get(file).copied().flatten();
        let is = Shape { length, begins_at };
        let change = repairs.change(examination, &name, &from, *wanted, is, language);
        repairs.files.push(RepairedFile { name, from, change });
    }
    repairs.rename(examination, language);
    repairs
}

impl Repairs {
    /// Whether there is anything to do.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// What is done and what is left, as a text.
    pub fn to_text(&self) -> String {
        let mut text: String = self.done.iter().flat_map(|line| [line, "\n"]).collect();
        if !self.left.is_empty() {
            text += if self.done.is_empty() { "Not repaired:\n" } else { "\nNot repaired:\n" };
            text.extend(self.left.iter().flat_map(|line| [line, "\n"]));
        }
        text
    }

    /// What the diagnosis asks of a file, as far as whole samples can do it.
    fn wanted(&mut self, examination: &Examination, file: usize, language: &Language) -> Wanted {
        let Some((fix, treatments)) = correction(examination, file) else {
            return Wanted::default();
        };
        let name = examination.names().get(file).copied().unwrap_or_default();
        let mut leave = |why: String| self.left.push(format!("{name}: {why}"));
        if fix.gain == 0.0 {
            leave(
                language
                    .say("it is not in the mix. Leave it out yourself if that is right.")
                    .to_owned(),
            );
            return Wanted::default();
        }
        if !treatments.is_empty() {
            let recipe = build::recipe(examination, &examination.names());
            let steps = recipe.into_iter().find(|fix| fix.file == name).map(|fix| {
                // Only what would make new samples.
                let only =
                    RecipeReport { advance_samples: 0.0, inverted: false, gain_db: 0.0, ..fix };
                words::recipe(&only, language)
            });
            let steps = steps.unwrap_or_default();
            leave(language.fill("this would make new samples: {steps}. Export it again.", |_| {
                Some(steps.clone())
            }));
            return Wanted::default();
        }
        if fix.advance_frames.fract() != 0.0 {
            let advance = fix.advance_frames;
            let template = if advance > 0.0 {
                language.say("it is {n} samples late; to move it by a fraction of a sample would make new samples. Export it again.")
            } else {
                language.say("it is {n} samples early; to move it by a fraction of a sample would make new samples. Export it again.")
            };
            leave(language.fill(template, |_| Some(format!("{:.2}", advance.abs()))));
            return Wanted::default();
        }
        let gain_db = db_from_amplitude(fix.gain.abs());
        if gain_db.abs() > NO_GAIN_DB {
            let template = if gain_db > 0.0 {
                language.say("its level is {n} dB too low; another level would round every sample anew. Export it again.")
            } else {
                language.say("its level is {n} dB too high; another level would round every sample anew. Export it again.")
            };
            leave(language.fill(template, |_| Some(format!("{:.2}", gain_db.abs()))));
        }
        let mut flip = fix.gain < 0.0;
        if flip && has_lowest(examination, file) {
            let why = language.say("its polarity is inverted, but it holds the most negative number of its word length, \
                       which has no opposite. Export it again.");
            leave(why.to_owned());
            flip = false;
        }
        let wanted = Wanted { later: -(fix.advance_frames as i64), flip };
        let changes = wanted != Wanted::default();
        if changes && examination.format(file).is_some_and(Format::is_lossy) {
            leave(
                language
                    .say("it is lossy: it cannot be stored again as it is. Export it as WAV.")
                    .to_owned(),
            );
            return Wanted::default();
        }
        wanted
    }

    /// What is done to a file, said in `done`.
    fn change(
        &mut self,
        examination: &Examination,
        name: &str,
        from: &[usize],
        wanted: Wanted,
        Shape { length, begins_at }: Shape,
        language: &Language,
    ) -> Option<Change> {
        let count = |template: &str, count: u64| {
            language.fill(template, |_| Some(checks::thousands(count)))
        };
        let format = examination.format(*from.first()?)?;
        if format.is_lossy() {
            return None;
        }
        let moved = format.frames.saturating_add_signed(wanted.later);
        let frames = length.unwrap_or(moved);
        let mut steps = Vec::new();
        if let [left, right] = *from {
            let given = examination.names();
            let side = |file: usize| given.get(file).copied().unwrap_or_default();
            steps.push(language.fill("{left} and {right} become one stereo file", |name| {
                Some(side(if name == "left" { left } else { right }).to_owned())
            }));
        }
        if wanted.later > 0 {
            let template = language.say("silence before it, in samples: {n}");
            steps.push(count(template, wanted.later.unsigned_abs()));
        }
        if wanted.later < 0 {
            let cut = wanted.later.unsigned_abs();
            let zeros =
                examination.measured().and_then(|all| all.files.get(*from.first()?)?.as_ref());
            let is_silent = zeros.is_some_and(|measured| measured.leading_zeros >= cut);
            let template = if is_silent {
                language.say("cut off at the start, all silence, in samples: {n}")
            } else {
                language.say("cut off at the start, and not silent, in samples: {n}")
            };
            steps.push(count(template, cut));
        }
        if wanted.flip {
            steps.push(language.say("polarity flipped").to_owned());
        }
        if frames > moved {
            let template = language.say("silence after it, in samples: {n}");
            steps.push(count(template, frames - moved));
        }
        if steps.is_empty() {
            return None;
        }
        let stamp = stamp(examination, *from.first()?);
        if let Some(frame) = begins_at.filter(|_| begins_at != stamp) {
            steps.push(count(language.say("time stamp set to sample {n}"), frame));
        }
        if format.container != "wav" && from.len() == 1 {
            steps.push(language.say("stored as WAV").to_owned());
        }
        self.done.push(format!("{name}: {}", steps.join(", ")));
        Some(Change { later: wanted.later, frames, flip: wanted.flip, begins_at })
    }

    /// Gives every file the name that it shall have.
    fn rename(&mut self, examination: &Examination, language: &Language) {
        let options = &examination.options;
        let tempo_bpm = options.tempo_bpm.or_else(|| song::guess_tempo(&examination.names()));
        for file in &mut self.files {
            if file.change.is_some() && !file.name.to_lowercase().ends_with(".wav") {
                let body = file.name.rsplit_once('.').map_or(file.name.as_str(), |(body, _)| body);
                file.name = format!("{body}.wav");
            }
        }
        let old: Vec<String> = self.files.iter().map(|file| file.name.clone()).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new = names::delivered(&options.profile, &options.name, tempo_bpm, &old);
        for ((file, old), new) in self.files.iter_mut().zip(old).zip(new) {
            if old != new {
                let step = language.fill("is called {name}", |_| Some(new.clone()));
                self.done.push(format!("{old}: {step}"));
            }
            file.name = new;
        }
    }
}

/// How the diagnosis undoes what is wrong with a file.
fn correction(examination: &Examination, file: usize) -> Option<(Correction, &[Treatment])> {
    let (recipe, plan) = (examination.recipe()?, examination.plan().ok()?);
    let stem = plan.stems.iter().position(|&stem| stem == file);
    let at = stem.or((plan.reference == Some(file)).then_some(plan.stems.len()))?;
    let fix = recipe.stems.get(at).unwrap_or(&recipe.reference);
    Some((*fix, recipe.treatments.get(at).map_or(&[], Vec::as_slice)))
}

/// Whether a file of integers may hold the one that has no opposite.
fn has_lowest(examination: &Examination, file: usize) -> bool {
    let measured = examination.measured().and_then(|all| all.files.get(file)?.as_ref());
    let is_integer = examination.format(file).is_some_and(|format| !format.float);
    is_integer && measured.is_none_or(|measured| measured.peak_max() >= 1.0)
}

/// Mono files of one kind and length that are called like two sides.
fn pairs(examination: &Examination, names: &[&str]) -> Vec<(usize, usize)> {
    let mono: Vec<usize> = (0..names.len())
        .filter(|&file| {
            examination
                .format(file)
                .is_some_and(|format| format.channels == 1 && !format.is_lossy())
        })
        .collect();
    let mono_names: Vec<&str> = mono.iter().filter_map(|&file| names.get(file).copied()).collect();
    let word = |file: usize| {
        let format = examination.format(file)?;
        Some((format.sample_rate, format.bits, format.valid_bits, format.float, format.frames))
    };
    song::stereo_pairs(&mono_names)
        .into_iter()
        .filter_map(|(left, right)| Some((*mono.get(left)?, *mono.get(right)?)))
        .filter(|&(left, right)| word(left) == word(right))
        .collect()
}

/// `Keys_L.wav` and `Keys_R.wav` are `Keys.wav`.
fn joined_name(left: &str, right: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric();
    let runs = |name: &str| -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, c) in name.char_indices().filter(|&(_, c)| is_part(c)) {
            match runs.last_mut() {
                Some((_, end)) if *end == at => *end = at + c.len_utf8(),
                _ => runs.push((at, at + c.len_utf8())),
            }
        }
        runs
    };
    let differ = runs(left).into_iter().zip(runs(right)).find(|(a, b)| {
        left.get(a.0..a.1).map(str::to_lowercase) != right.get(b.0..b.1).map(str::to_lowercase)
    });
    let parts = differ.and_then(|((from, to), _)| Some((left.get(..from)?, left.get(to..)?)));
    let Some((before, after)) = parts else { return left.to_owned() };
    let before = before.trim_end_matches(|c: char| !is_part(c) && c != ')');
    let after = after.trim_start_matches(|c: char| !is_part(c) && c != '.' && c != '(');
    let gap = if before.is_empty() || after.starts_with('.') { "" } else { "_" };
    format!("{before}{gap}{after}")
}

/// Where on the recorder's clock each file begins when all are in place, as far as they tell.
///
/// They all begin together then, so what most of them tell holds for those that were moved: of a stem
/// that came late the stamp was right and the audio was not, of one whose silence was trimmed it was the
/// other way round. Where they do not agree, each stamp moves with its audio.
fn time_stamps(examination: &Examination, wanted: &[Wanted]) -> Vec<Option<u64>> {
    let moved: Vec<Option<u64>> = wanted
        .iter()
        .enumerate()
        .map(|(file, wanted)| {
            Some(stamp(examination, file)?.saturating_add_signed(wanted.later.saturating_neg()))
        })
        .collect();
    let told: Vec<u64> = moved.iter().copied().flatten().collect();
    let agree = |stamp: u64| told.iter().filter(|&&other| other == stamp).count();
    let common = told.iter().copied().find(|&stamp| 2 * agree(stamp) > told.len());
    let own = moved.into_iter().zip(wanted);
    own.map(|(stamp, wanted)| {
        stamp.map(|stamp| common.filter(|_| wanted.later != 0).unwrap_or(stamp))
    })
    .collect()
}

/// Where on the recorder's clock a file says that it begins.
fn stamp(examination: &Examination, file: usize) -> Option<u64> {
    examination.facts.get(file)?.as_ref()?.tags.time_reference
}

/// The length that all files of one rate get: that of the longest, once all are in place.
fn common_length(examination: &Examination, wanted: &[Wanted]) -> Option<u64> {
    let formats: Vec<(&Format, &Wanted)> = wanted
        .iter()
        .enumerate()
        .filter_map(|(file, wanted)| Some((examination.format(file)?, wanted)))
        .filter(|(format, _)| !format.is_lossy())
        .collect();
    let (first, _) = formats.first()?;
    let is_one_rate = formats.iter().all(|(format, _)| format.sample_rate == first.sample_rate);
    let length =
        |(format, wanted): &(&Format, &Wanted)| format.frames.saturating_add_signed(wanted.later);
    // A shift by more than there is, or a header that claims too much, is no length to go by.
    let longest = formats.iter().map(length).max()?;
    (is_one_rate && longest > 0).then_some(longest)
}
