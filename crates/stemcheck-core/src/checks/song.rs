//! A song as the checks see it.

use super::{Place, silent_stem, unsupported_format};
use crate::measure::{Measurements, Run};
use crate::null::Compound;
use crate::origin::Origin;
use crate::profile::Profile;
use crate::song::{Facts, Format, Instrument, Role};

/// One file as the checks see it.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// Name as given, without folders.
    pub name: &'a str,
    /// What it is to the song.
    pub role: Role,
    /// What it holds.
    pub instrument: Option<Instrument>,
    /// What its header yields.
    pub facts: &'a Facts,
    /// What the meters read; `None` if it could not be read.
    pub measured: Option<&'a Measurements>,
    /// The encoder whose grid is in its samples; `None` too where nobody has looked yet.
    pub origin: Option<&'a Origin>,
}

impl File<'_> {
    /// Its format, if readable.
    pub fn format(&self) -> Option<&Format> {
        self.facts.format.as_ref().ok()
    }
}

/// A file of the delivery that was read: what most checks look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard<'a> {
    pub(super) index: usize,
    pub(super) name: &'a str,
    pub(super) role: Role,
    pub(super) format: &'a Format,
    pub(super) measured: &'a Measurements,
    pub(super) origin: Option<&'a Origin>,
}

impl Heard<'_> {
    pub(super) fn is_reference(&self) -> bool {
        self.role == Role::Reference
    }

    /// Where runs of samples lie in time.
    pub(super) fn places(&self, runs: &[Run]) -> Vec<Place> {
        let seconds = |frame| crate::units::seconds_from_frames(frame, self.format.sample_rate);
        runs.iter()
            .map(|run| Place {
                start_s: seconds(run.start),
                end_s: seconds(run.start.saturating_add(run.frames)),
                channel: Some(run.channel),
            })
            .collect()
    }
}

/// A song as the checks see it.
#[derive(Debug, Clone)]
pub struct Song<'a> {
    /// What is asked.
    pub profile: &'a Profile,
    /// Every file, in the order given.
    pub files: Vec<File<'a>>,
    /// The sum of the stems at unity gain; `None` if it could not be built.
    pub sum: Option<&'a Measurements>,
    /// Beats a minute, if known.
    pub tempo_bpm: Option<f64>,
    /// Files that could be the reference as well as the one that was taken; empty where a person
    /// chose.
    pub rivals: Vec<usize>,
    /// Whether the sum of the stems is the reference, as far as anybody hears: then they are in place,
    /// whatever else suggests that they are not.
    pub nulls: bool,
    /// Stems that are the sum of others, as file indices.
    pub compounds: Vec<Compound>,
    /// The album that it is part of, if it is.
    pub album: Option<&'a Album>,
    /// How it arrived, if it was packed before.
    pub delivery: Option<&'a Delivery>,
}

/// How a packed song differs from what its checksums say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// Files that have another checksum.
    pub changed: Vec<usize>,
    /// The same for what is no audio, by name.
    pub changed_texts: Vec<String>,
    /// What has a checksum but is not there, by name.
    pub missing: Vec<String>,
    /// Files that have no checksum.
    pub added: Vec<usize>,
}

/// What a song must know of its album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// How many songs there are.
    pub songs: usize,
    /// Which of them this is, from 0.
    pub number: usize,
    /// What the tracklist says, if there is one.
    pub listing: Option<Listing>,
}

/// What a tracklist says about the songs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whether this song is in it.
    pub listed: bool,
    /// Titles that no song has.
    pub missing: Vec<String>,
}

impl<'a> Song<'a> {
    /// Stems and reference that were read.
    pub(super) fn heard(&self) -> impl Iterator<Item = Heard<'_>> {
        self.delivered().filter_map(|(index, file)| {
            let (format, measured) = (file.format()?, file.measured?);
            let File { name, role, origin, .. } = *file;
            Some(Heard { index, name, role, format, measured, origin })
        })
    }

    /// Those of them that are not silent: a silent file has one fault, and that is said once.
    pub(super) fn sounding(&self) -> impl Iterator<Item = Heard<'_>> {
        self.heard().filter(|file| !silent_stem::is_silent(file.measured))
    }

    /// Every file that is to be sent, readable or not.
    pub(super) fn delivered(&self) -> impl Iterator<Item = (usize, &File<'a>)> {
        self.files.iter().enumerate().filter(|(_, file)| file.role != Role::Other)
    }

    /// Every stem, readable or not.
    pub(super) fn stems(&self) -> impl Iterator<Item = (usize, &File<'a>)> {
        self.delivered()
            .filter(|(_, file)| file.role == Role::Stem && !unsupported_format::is_companion(file))
    }
}
