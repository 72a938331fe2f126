//! The delivery: one archive with everything that the engineer needs, in one folder a song.
//!
//! Decides what lies in it and in which order: the files as they are, under names that every system
//! takes; the report on them under these names, with their hashes; notes; checksums. Of an album also
//! the tracklist and one report on all songs. Packing judges nothing: whether it may be sent is in the
//! report, and `delivery` finds out whether it arrived.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, Write};

use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Copying};
use crate::examination::Examination;
use crate::names;
use crate::report::Report;

/// The report for programs.
pub const JSON: &str = "report.json";
/// The report for people.
pub const HTML: &str = "report.html";
/// What the artist wants the engineer to know.
pub const NOTES: &str = "notes.txt";

/// What is packed. Plain data: it crosses to a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Folder of an album; a single song has its own.
    pub name: String,
    /// At least one.
    pub songs: Vec<PackedSong>,
    /// Name and text of the album's order.
    pub tracklist: Option<(String, String)>,
}

/// A song of a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackedSong {
    /// Name of its folder.
    pub folder: String,
    /// Sizes of its files in bytes, in the order of the report, which holds their names.
    pub bytes: Vec<u64>,
    /// On this song alone; its hashes are filled in when they are known.
    pub report: Report,
}

impl PackedSong {
    /// A song as it was examined, in a folder that is not `taken` yet.
    pub fn new(examination: &Examination, taken: &mut BTreeSet<String>) -> Self {
        let options = &examination.options;
        let given = examination.report();
        let tempo_bpm = given.songs.first().and_then(|song| song.tempo_bpm);
        let names =
            names::delivered(&options.profile, &options.name, tempo_bpm, &examination.names());
        let folder = names::folder(&options.profile, &options.name, taken);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut report = examination.report_as(&names);
        for song in &mut report.songs {
            song.name.clone_from(&folder);
        }
        Self { folder, bytes: examination.files.iter().map(|file| file.bytes).collect(), report }
    }
}

/// Who has the files: `song` and `file` count from 0.
pub trait Files {
    /// Opens a file at its beginning.
    ///
    /// # Errors
    /// What the file system or the browser says.
    fn open(&mut self, song: usize, file: usize) -> io::Result<Box<dyn Read>>;

    /// Is told how far the copying of a file is.
    fn copying(&mut self, song: usize, file: usize, copying: Copying);
}

impl Package {
    /// Bytes of all files: what the progress counts to.
    pub fn bytes(&self) -> u64 {
        self.songs.iter().flat_map(|song| &song.bytes).sum()
    }

    /// Writes the archive; returns the report with every hash.
    ///
    /// # Errors
    /// What the files or the writer say.
    pub fn write<W: Write + Seek>(mut self, out: W, files: &mut dyn Files) -> io::Result<Report> {
        let mut archive = Archive::new(out);
        let is_album = self.songs.len() > 1;
        for (number, song) in self.songs.iter_mut().enumerate() {
            let folder = if is_album {
                format!("{}/{}", self.name, song.folder)
            } else {
                song.folder.clone()
            };
            song.write(&mut archive, &folder, number, files)?;
        }
        let Some(whole) = Report::joined(self.songs.into_iter().map(|song| song.report)) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no song to pack"));
        };
        if is_album {
            if let Some((name, text)) = &self.tracklist {
                archive.text(&self.name, name, text)?;
            }
            write_report(&mut archive, &self.name, &whole)?;
            archive.sums(&self.name)?;
        }
        archive.finish()?;
        Ok(whole)
    }
}

impl PackedSong {
    fn write<W: Write + Seek>(
        &mut self,
        archive: &mut Archive<W>,
        folder: &str,
        number: usize,
        files: &mut dyn Files,
    ) -> io::Result<()> {
        let reports = self.report.songs.iter_mut().flat_map(|song| &mut song.files);
        for (at, (report, &bytes)) in reports.zip(&self.bytes).enumerate() {
            let naming = |error: io::Error| {
                io::Error::new(error.kind(), format!("{}: {error}", report.name))
            };
            let mut from = files.open(number, at).map_err(naming)?;
            let mut follow = |copying| files.copying(number, at, copying);
            let hash = archive
                .file(folder, &report.name, bytes, &mut from, &mut follow)
                .map_err(naming)?;
            report.sha256 = Some(hash);
        }
        write_report(archive, folder, &self.report)?;
        for notes in self.report.songs.iter().filter_map(|song| song.notes.as_ref()) {
            archive.text(folder, NOTES, &format!("{notes}\n"))?;
        }
        archive.sums(folder)
    }
}

fn write_report<W: Write + Seek>(
    archive: &mut Archive<W>,
    folder: &str,
    report: &Report,
) -> io::Result<()> {
    archive.text(folder, JSON, &report.to_json().map_err(io::Error::other)?)?;
    archive.text(folder, HTML, &report.to_html())
}
