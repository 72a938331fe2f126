//! `stemcheck package`: the delivery, as one ZIP.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use stemcheck_session::archive::Copying;
use stemcheck_session::package::{Files, Package, PackedSong};
use stemcheck_session::report::words;
use stemcheck_session::{Options, names};

use crate::asked::Asked;
use crate::commands::check;
use crate::disk::Place;
use crate::error::Error;
use crate::songs::Song;
use crate::{Outcome, examine, output};

/// Pack songs for the engineer: the files, a report, notes and checksums, in one folder a song
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    asked: Asked,
    /// File to write
    #[arg(short, long, value_name = "FILE.zip")]
    output: PathBuf,
    /// What the engineer should know, as a text
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let songs = args.asked.songs()?;
    output::keep_inputs(Some(&args.output), &songs)?;
    let notes =
        args.notes.clone().map(|path| Place::File(path).text()).transpose()?.unwrap_or_default();
    let tracklist = args.asked.tracklist();
    let listed = tracklist.map(|list| Ok((names::plain(&list.name()), list.text()?)));
    let name = args.output.file_stem().unwrap_or_default().to_string_lossy();
    let tracklist = listed.transpose()?;
    let mut package = Package { name: names::plain(&name), songs: Vec::new(), tracklist };
    let mut folders = BTreeSet::new();
    args.asked.examine(&songs, &Options::default(), |_, examination| {
        let mut song = PackedSong::new(&examination, &mut folders);
        song.report.sign(&BTreeSet::new(), &notes);
        for report in &song.report.songs {
            for (given, file) in examination.names().iter().zip(&report.files) {
                if *given != file.name {
                    output::message(&format!("{given} is called {} in the package", file.name));
                }
            }
        }
        package.songs.push(song);
    })?;
    let bar = examine::progress_bar("Packing", package.bytes());
    // Whoever watches the folder sees the package when it is complete.
    let mut part = args.output.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut files = Disks { songs: &songs, bar: &bar, before: 0 };
    let written = write(package, &part, &mut files)
        .and_then(|report| fs::rename(&part, &args.output).map(|()| report));
    bar.finish_and_clear();
    let report = written.map_err(|error| {
        // What could not be finished is not left behind.
        let _ = fs::remove_file(&part);
        Error::of(&args.output)(error)
    })?;
    for song in &report.songs {
        let line = format!("{}: {}\n", song.name, words::verdict(song));
        output::print(&line)?;
    }
    Ok(check::outcome(&report))
}

fn write(
    package: Package,
    path: &Path,
    files: &mut Disks<'_>,
) -> io::Result<stemcheck_session::report::Report> {
    package.write(File::create(path)?, files)
}

/// The songs' files, and how much of them has been copied.
struct Disks<'a> {
    songs: &'a [Song],
    bar: &'a ProgressBar,
    before: u64,
}

impl Files for Disks<'_> {
    fn open(&mut self, song: usize, file: usize) -> io::Result<Box<dyn Read>> {
        let place = self.songs.get(song).and_then(|song| song.files.get(file));
        Ok(Box::new(place.ok_or(io::ErrorKind::NotFound)?.open()?))
    }

    fn copying(&mut self, _: usize, _: usize, copying: Copying) {
        match copying {
            Copying::Begin => self.before = self.bar.position(),
            Copying::Done(bytes) => self.bar.set_position(self.before + bytes),
            Copying::End => {}
        }
    }
}
