//! What songs are examined by: where they are, what is asked of them, in which order they belong.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use stemcheck_session::core::checks::Album;
use stemcheck_session::core::profile::Profile;
use stemcheck_session::{Examination, Options, profiles, tracklist};

use crate::disk::Place;
use crate::error::Error;
use crate::examine;
use crate::songs::{self, Paths, Song};

/// Songs, and what is asked of them.
#[derive(Debug, Args)]
pub struct Asked {
    #[command(flatten)]
    paths: Paths,
    /// What is asked: a built-in profile, or a TOML file of the studio's own
    #[arg(long, value_name = "NAME|FILE", default_value = profiles::NAMES[0])]
    profile: String,
    /// The order of an album: one title a line, CSV, a cue sheet or a playlist; if left out, a file
    /// called 'tracklist' in the album's folder
    #[arg(long, value_name = "FILE")]
    tracklist: Option<PathBuf>,
    /// Number of threads; all cores if left out
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

impl Asked {
    /// Finds the songs.
    pub fn songs(&self) -> Result<Vec<Song>, Error> {
        // Whoever mistyped both hears of the profile first: it is the quicker one to mend.
        profile(&self.profile)?;
        songs::gather(&self.paths)
    }

    /// Examines one song after the other.
    pub fn examine<'a>(
        &self,
        songs: &'a [Song],
        options: &Options,
        mut with: impl FnMut(&'a Song, Examination),
    ) -> Result<(), Error> {
        let profile = profile(&self.profile)?;
        for (song, album) in songs.iter().zip(self.albums(songs)?) {
            let Options { no_null, null_alone, .. } = *options;
            let profile = profile.clone();
            let options =
                Options { profile, no_null, null_alone, album: Some(album), ..song.options() };
            with(song, examine::examine(song, options, self.threads));
        }
        Ok(())
    }

    /// Reads every file of a song once more, for its SHA-256, and compares with what was packed.
    pub fn hash(&self, song: &Song, examination: &mut Examination) {
        let hashes = examine::hashes(song, self.threads);
        if let Some(packed) = song.packed() {
            let names = examination.names();
            let texts: Vec<Option<String>> =
                packed.texts(&names).iter().map(|name| song.hash_beside(name)).collect();
            let arrival = packed.arrival(&names, &hashes, &texts);
            examination.set_arrival(Some(arrival));
        }
        examination.set_hashes(hashes);
    }

    /// Where the tracklist is, if there is one.
    pub fn tracklist(&self) -> Option<Place> {
        let named = self.tracklist.clone().map(Place::File);
        named.or_else(|| songs::tracklist(&self.paths))
    }

    /// What each song is told about the album.
    fn albums(&self, songs: &[Song]) -> Result<Vec<Album>, Error> {
        let names: Vec<String> = songs.iter().map(|song| song.name.clone()).collect();
        let Some(list) = self.tracklist() else { return Ok(tracklist::albums(&names, None)) };
        let titles = tracklist::parse(&list.name(), &list.text()?);
        if titles.is_empty() {
            return Err(Error::Usage(format!("{}: no title in this tracklist", list.name())));
        }
        Ok(tracklist::albums(&names, Some(&titles)))
    }
}

/// A built-in profile by name, else a file.
fn profile(name: &str) -> Result<Profile, Error> {
    if let Some(profile) = profiles::built_in(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    if !path.exists() {
        return Err(Error::Usage(format!(
            "--profile {name}: neither a file nor a built-in profile ({})",
            profiles::NAMES.join(", ")
        )));
    }
    let text = fs::read_to_string(path).map_err(Error::of(path))?;
    profiles::parse(&text).map_err(|error| Error::Usage(format!("{name}: {error}")))
}
