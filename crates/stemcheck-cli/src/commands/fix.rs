//! `stemcheck fix`: copies in which everything is repaired that needs no new sample.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use stemcheck_session::core::profile::Profile;
use stemcheck_session::repair::{self, Repaired, RepairedFile, Repairs};
use stemcheck_session::report::{Report, words};
use stemcheck_session::{Options, names};

use crate::asked::Asked;
use crate::commands::check;
use crate::disk::Place;
use crate::error::Error;
use crate::songs::Song;
use crate::{Outcome, examine, output};

/// Write corrected copies: only repairs that change no sample (moving by whole samples, equal lengths,
/// polarity, two mono sides as one file, names)
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// Folder to write to; what lies in it is not written over
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let songs = args.asked.songs()?;
    let mut taken = BTreeSet::new();
    let (mut plans, mut before) = (Vec::new(), Vec::new());
    args.asked.examine(&songs, &Options::default(), |song, examination| {
        let repairs = repair::repairs(&examination);
        let folder = names::folder(&Profile::default(), &song.name, &mut taken);
        let is_album = songs.len() > 1;
        let to = if is_album { args.output.join(folder) } else { args.output.clone() };
        plans.push(Plan { song, repairs, to });
        before.push(examination.report());
    })?;
    for plan in &plans {
        output::print(&plan.to_text())?;
        plan.refuse_to_overwrite()?;
    }
    if plans.iter().all(|plan| plan.repairs.is_empty()) {
        output::message(&"nothing was written: there is nothing to repair in this way");
        return Ok(Report::joined(before).as_ref().map_or(Outcome::NotExamined, check::outcome));
    }
    let bar = examine::progress_bar("Writing", plans.iter().map(Plan::files).sum());
    let fixed = plans.iter().map(|plan| plan.write(&bar)).collect::<Result<Vec<Song>, Error>>()?;
    bar.finish_and_clear();
    let mut after = Vec::new();
    args.asked.examine(&fixed, &Options::default(), |_, examination| {
        after.push(examination.report());
    })?;
    let Some(report) = Report::joined(after) else { return Ok(Outcome::NotExamined) };
    for song in &report.songs {
        output::print(&format!("\n{}, checked again: {}\n", song.name, words::verdict(song)))?;
    }
    Ok(check::outcome(&report))
}

/// What is done to a song, and where it goes.
struct Plan<'a> {
    song: &'a Song,
    repairs: Repairs,
    to: PathBuf,
}

impl Plan<'_> {
    fn to_text(&self) -> String {
        let list = self.repairs.to_text();
        let list = if list.is_empty() { "nothing to repair\n".to_owned() } else { list };
        let lines: Vec<String> =
            list.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
        format!("{}\n{}\n", self.song.name, lines.join("\n"))
    }

    fn files(&self) -> u64 {
        self.repairs.files.len() as u64
    }

    fn path(&self, file: &RepairedFile) -> PathBuf {
        self.to.join(&file.name)
    }

    /// Before anything is written: an original may be among what lies there.
    fn refuse_to_overwrite(&self) -> Result<(), Error> {
        let mut paths = self.repairs.files.iter().map(|file| self.path(file));
        match paths.find(|path| path.exists()) {
            Some(path) => Err(Error::Usage(format!(
                "{}: is there already, and nothing is written over",
                path.display()
            ))),
            None => Ok(()),
        }
    }

    /// Writes the song; one that cannot be finished is not left behind.
    fn write(&self, bar: &ProgressBar) -> Result<Song, Error> {
        fs::create_dir_all(&self.to).map_err(Error::of(&self.to))?;
        let mut written: Vec<PathBuf> = Vec::new();
        for file in &self.repairs.files {
            let path = self.path(file);
            written.push(path.clone());
            if let Err(error) = self.write_file(file, &path) {
                for path in written {
                    let _ = fs::remove_file(path);
                }
                return Err(Error::of(&path)(error));
            }
            bar.inc(1);
        }
        let mix =
            |file: &RepairedFile| self.song.reference.is_some_and(|mix| file.from.contains(&mix));
        let reference = self.repairs.files.iter().position(mix);
        let files = written.into_iter().map(Place::File).collect();
        let mut song = Song::loose(self.song.name.clone(), files);
        song.reference = reference;
        Ok(song)
    }

    fn write_file(&self, file: &RepairedFile, path: &Path) -> io::Result<()> {
        let disk = self.song.disk();
        let mut from: Box<dyn Read> = match (file.change, file.from.as_slice()) {
            (Some(change), from) => Box::new(Repaired::open(&disk, from, change)?),
            (None, &[from]) => {
                Box::new(self.song.files.get(from).ok_or(ErrorKind::NotFound)?.open()?)
            }
            (None, _) => return Err(ErrorKind::InvalidInput.into()),
        };
        let mut to = BufWriter::with_capacity(1 << 20, File::create_new(path)?);
        io::copy(&mut from, &mut to)?;
        to.flush()
    }
}
