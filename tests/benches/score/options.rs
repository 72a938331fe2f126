//! Which cases are made.

use std::path::PathBuf;

use stemcheck_core::synth::dsp::Noise;
use stemcheck_tests::score::{FAULTS, Fault, Song, Stage, Strength, count, is_held};

use super::{Order, faults};

pub const USAGE: &str = "usage: cargo xtask score [OPTION…]

  --half tune|held|both  the songs to tune by (as usual), those held back, or all of them
  --code CODE            only faults whose name begins like this
  --song N               only this song
  --take N               other songs for the same players, each N from 1 on others
  --stems FOLDER         a song that you recorded: the files are its stems, their sum is the mix;
                         may be given again
  --strength S           only blatant, ordinary or barely
  --pairs, --triples     so many faults at once instead of one
  --count N              how many of those, 120 unless told
  --only 'A + B'         this combination and no other; may be given again
  --null-alone           without the meters
  --quick                four songs
  --threads N            2 unless told
  --verbose              tells about every case that is not all right";

/// What was asked for on the command line.
pub struct Options {
    half: String,
    code: Option<String>,
    song: Option<usize>,
    take: u64,
    folders: Vec<PathBuf>,
    strength: Option<Strength>,
    /// How many faults at once.
    at_once: usize,
    count: usize,
    /// Combinations asked for by name.
    only: Vec<Vec<&'static Fault>>,
    pub null_alone: bool,
    quick: bool,
    pub threads: usize,
    pub verbose: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            half: "tune".to_owned(),
            code: None,
            song: None,
            take: 0,
            folders: Vec::new(),
            strength: None,
            at_once: 1,
            count: 120,
            only: Vec::new(),
            null_alone: false,
            quick: false,
            threads: 2,
            verbose: false,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().cloned().ok_or(USAGE);
            let number = |text: String| text.parse::<usize>().map_err(|_| USAGE);
            match argument.as_str() {
                "--half" => options.half = value()?,
                "--code" => options.code = Some(value()?),
                "--song" => options.song = Some(number(value()?)?),
                "--take" => options.take = number(value()?)? as u64,
                "--stems" => options.folders.push(value()?.into()),
                "--strength" => {
                    let name = value()?;
                    let known = Strength::ALL.into_iter().find(|known| known.name() == name);
                    options.strength = Some(known.ok_or(USAGE)?);
                }
                "--pairs" => options.at_once = 2,
                "--triples" => options.at_once = 3,
                "--count" => options.count = number(value()?)?,
                "--only" => options.only.push(combination(&value()?)?),
                "--null-alone" => options.null_alone = true,
                "--quick" => options.quick = true,
                "--threads" => options.threads = number(value()?)?.max(1),
                "--verbose" => options.verbose = true,
                _ => return Err(USAGE.to_owned()),
            }
        }
        if ["tune", "held", "both"].contains(&options.half.as_str()) {
            Ok(options)
        } else {
            Err(USAGE.to_owned())
        }
    }

    /// The songs and their numbers, each made when it is asked for.
    pub fn songs(&self) -> impl Iterator<Item = (usize, Result<Song, String>)> {
        let folders = self.folders.iter().map(|folder| Song::open(folder, self.take));
        let made = |number| {
            let song = Song::record(number, self.take);
            (number, song.ok_or_else(|| "there is no such song".to_owned()))
        };
        folders.enumerate().chain(self.numbers().into_iter().map(made))
    }

    /// How many there are.
    fn count_songs(&self) -> usize {
        self.folders.len() + self.numbers().len()
    }

    /// Numbers of those that are made.
    fn numbers(&self) -> Vec<usize> {
        if !self.folders.is_empty() {
            return Vec::new();
        }
        if let Some(song) = self.song {
            return vec![song];
        }
        let mut songs: Vec<usize> = (0..count())
            .filter(|&song| self.half == "both" || is_held(song) == (self.half == "held"))
            .collect();
        if self.quick {
            songs.truncate(4);
        }
        songs
    }

    /// The cases of a song, the clean twin first.
    pub fn orders(&self, song: usize) -> Vec<Order> {
        let wanted = |strength: Strength| self.strength.is_none_or(|wanted| wanted == strength);
        if !self.only.is_empty() {
            let strength = self.strength.unwrap_or(Strength::Ordinary);
            return self.only.iter().map(|faults| (faults.clone(), strength)).collect();
        }
        if self.at_once > 1 {
            return self.several(song);
        }
        let clean = self.code.is_none().then(|| (Vec::new(), Strength::Ordinary));
        let single = faults(self.code.as_deref()).flat_map(|fault| {
            fault
                .strengths
                .iter()
                .filter(move |strength| wanted(**strength))
                .map(move |strength| (vec![fault], *strength))
        });
        clean.into_iter().chain(single).collect()
    }

    /// Combinations drawn by lot, spread over the songs.
    fn several(&self, song: usize) -> Vec<Order> {
        let songs = self.count_songs().max(1);
        let mut dice =
            Noise::new(0x5EED + song as u64 * 7 + self.at_once as u64 + self.take * 1009);
        let mut roll = |below: usize| {
            let share = 0.5 + 0.5 * f64::from(dice.sample());
            ((share * below as f64) as usize).min(below.saturating_sub(1))
        };
        let usual: Vec<&'static Fault> = FAULTS.iter().filter(|fault| is_usual(fault)).collect();
        let mut orders: Vec<Order> = Vec::new();
        let mut tries = 0;
        while orders.len() < self.count.div_ceil(songs) && tries < 100_000 {
            tries += 1;
            let drawn: Vec<&'static Fault> =
                (0..self.at_once).map(|_| usual[roll(usual.len())]).collect();
            let strength =
                self.strength.unwrap_or([Strength::Blatant, Strength::Ordinary][roll(2)]);
            let fits = |code: &str| drawn.iter().any(|fault| fault.name.starts_with(code));
            if is_sensible(&drawn) && self.code.as_deref().is_none_or(fits) {
                orders.push((drawn, strength));
            }
        }
        orders
    }
}

/// The faults of a combination as it is told: `missing-part + click/stem`.
fn combination(names: &str) -> Result<Vec<&'static Fault>, String> {
    let fault = |name: &str| {
        let found = FAULTS.iter().find(|fault| fault.name == name);
        found.ok_or_else(|| format!("there is no fault \u{201c}{name}\u{201d}"))
    };
    names.split(" + ").map(fault).collect()
}

/// Faults that hide all others, or are told by other means than the sound, do not come in company.
fn is_usual(fault: &Fault) -> bool {
    const ALONE: [&str; 13] = [
        "clean/floored",
        "clean/dithered",
        "different-song",
        "mastered-reference",
        "unrepeatable-mix",
        "wrong-rate-header/reference",
        "collapsed-to-mono/whole",
        "bus-printed-per-stem",
        "rounding",
        "added-noise",
        "lossy-reference/mp3",
        "lossy-reference/aac",
        "resampled-reference",
    ];
    !ALONE.contains(&fault.name)
}

/// Not the same fault twice on the whole mix, and at most one that shapes its dynamics.
fn is_sensible(drawn: &[&Fault]) -> bool {
    let whole = |fault: &&&Fault| fault.stage != Stage::Part;
    let mut names: Vec<&str> = drawn.iter().map(|fault| fault.name).collect();
    names.sort_unstable();
    names.dedup();
    let shaping = |fault: &&&Fault| {
        fault.stage == Stage::Bus && fault.strengths.len() > 1 && fault.name != "reference-gain"
    };
    let moving = |fault: &&&Fault| whole(fault) && fault.name.starts_with("reference-offset");
    names.len() == drawn.len()
        && drawn.iter().filter(shaping).count() <= 1
        && drawn.iter().filter(moving).count() <= 1
        && drawn.iter().filter(whole).count() < drawn.len()
}
