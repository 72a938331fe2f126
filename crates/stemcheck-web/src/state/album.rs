//! Several songs: one is shown, one is examined, the others wait or are known.
//!
//! What belongs to a song lies in the fields of [`State`] while it is shown, else in its [`Sheet`].

use stemcheck_session::core::checks::Album;
use stemcheck_session::report::SongReport;
use stemcheck_session::tracklist;

use super::{Listening, Phase, Song, State};

/// A song that is not shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    song: Option<Song>,
    phase: Phase,
    finding: Option<usize>,
    listening: Listening,
}

impl Sheet {
    /// The sheet of the song that is shown.
    pub(super) fn empty() -> Self {
        let listening = Listening::default();
        Self { song: None, phase: Phase::Empty, finding: None, listening }
    }

    /// A song whose turn has not come.
    pub(super) fn waiting(song: Song) -> Self {
        let listening = Listening::default();
        Self { song: Some(song), phase: Phase::Waiting, finding: None, listening }
    }
}

/// One line of the album's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Track<'a> {
    /// A song, by its number; the title that the tracklist gives it.
    Song(usize, Option<&'a str>),
    /// A title of the tracklist without a song.
    Missing(&'a str),
}

impl State {
    /// Number of songs.
    pub fn songs(&self) -> usize {
        self.sheets.len().max(usize::from(self.song.is_some()))
    }

    /// Whether there are several songs.
    pub fn is_album(&self) -> bool {
        self.sheets.len() > 1
    }

    /// A song and where its examination stands.
    pub fn song_at(&self, number: usize) -> Option<(&Song, Phase)> {
        if number == self.shown {
            return Some((self.song.as_ref()?, self.phase));
        }
        let sheet = self.sheets.get(number)?;
        Some((sheet.song.as_ref()?, sheet.phase))
    }

    /// What is known of a song.
    pub fn told_at(&self, number: usize) -> Option<&SongReport> {
        self.song_at(number)?.0.told()
    }

    /// The songs in the order of the tracklist, those that it does not name last, and the titles that
    /// no song has.
    pub fn tracks(&self) -> Vec<Track<'_>> {
        let titles = self.titles.as_deref().unwrap_or_default();
        let found = tracklist::matches(&self.names(), titles);
        let listed = titles.iter().enumerate().map(|(at, title)| {
            let song = found.iter().find(|(_, title)| *title == at);
            song.map_or(Track::Missing(title), |(song, _)| Track::Song(*song, Some(title)))
        });
        let unlisted = (0..self.songs()).filter(|song| !found.iter().any(|(one, _)| one == song));
        listed.chain(unlisted.map(|song| Track::Song(song, None))).collect()
    }

    /// What each song is judged by as a part of the album.
    pub fn albums(&self) -> Vec<Album> {
        tracklist::albums(&self.names(), self.titles.as_deref())
    }

    /// How much of all songs is examined: percent, of a hundred for each song.
    pub fn progress(&self) -> (u32, u32) {
        let percent = |number| match self.song_at(number) {
            Some((_, Phase::Checking(share))) => (share * 100.0) as u32,
            Some((_, Phase::Done | Phase::Cancelled)) => 100,
            _ => 0,
        };
        let songs = self.songs();
        ((0..songs).map(percent).sum(), songs as u32 * 100)
    }

    /// Whether no song is left to be examined, and something is known.
    pub fn is_over(&self) -> bool {
        let is_left = |number| {
            let phase = self.song_at(number).map(|(_, phase)| phase);
            !matches!(phase, Some(Phase::Done | Phase::Cancelled))
        };
        !(0..self.songs()).any(is_left) && !self.finished().is_empty()
    }

    /// Numbers of the songs that were checked to the end, in the order of the tracklist.
    pub fn finished(&self) -> Vec<usize> {
        let number = |track| match track {
            Track::Song(number, _) => Some(number),
            Track::Missing(_) => None,
        };
        let is_done = |number: &usize| self.song_at(*number).is_some_and(|it| it.1 == Phase::Done);
        self.tracks().into_iter().filter_map(number).filter(is_done).collect()
    }

    fn names(&self) -> Vec<String> {
        let name = |number| self.song_at(number).map(|(song, _)| song.name.clone());
        (0..self.songs()).filter_map(name).collect()
    }

    /// Has another song in the fields of the state.
    pub(super) fn turn_to(&mut self, number: usize) {
        if number == self.shown || number >= self.sheets.len() {
            return;
        }
        self.swap(self.shown);
        self.swap(number);
        self.shown = number;
    }

    fn swap(&mut self, number: usize) {
        let Some(sheet) = self.sheets.get_mut(number) else { return };
        std::mem::swap(&mut sheet.song, &mut self.song);
        std::mem::swap(&mut sheet.phase, &mut self.phase);
        std::mem::swap(&mut sheet.finding, &mut self.finding);
        std::mem::swap(&mut sheet.listening, &mut self.listening);
    }

    /// Changes a song, shown or not; nothing, if there is none of this number (any more).
    pub(super) fn in_song(mut self, number: usize, change: impl FnOnce(Self) -> Self) -> Self {
        let shown = self.shown;
        if number != shown && number >= self.sheets.len() {
            return self;
        }
        self.turn_to(number);
        self = change(self);
        self.turn_to(shown);
        self
    }

    /// The next song to examine: the one that is shown, if it waits, else the first that does.
    pub(super) fn next_waiting(&self) -> Option<usize> {
        let waits = |number: &usize| {
            self.song_at(*number).is_some_and(|(_, phase)| phase == Phase::Waiting)
        };
        Some(self.shown).filter(waits).or_else(|| (0..self.songs()).find(waits))
    }
}
