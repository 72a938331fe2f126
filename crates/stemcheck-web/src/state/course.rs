//! The course of the examinations: which song is examined, which waits, and what begins again.
//!
//! One at a time. A change to the song that is shown goes before everything else; after it, the songs
//! come in their order.

use super::{Phase, Sheet, Song, State};

impl State {
    /// Songs came in: the first is shown, and examined at once.
    pub(super) fn open(&mut self, songs: Vec<Song>) {
        let Self { run, amended, profile, own_profile, daw, help, listening, aim, .. } =
            std::mem::take(self);
        let rest = Self::default();
        *self = Self { run, amended, profile, own_profile, daw, help, listening, aim, ..rest };
        let mut songs = songs.into_iter();
        self.song = songs.next();
        let others: Vec<Sheet> = songs.map(Sheet::waiting).collect();
        if !others.is_empty() {
            self.sheets = std::iter::once(Sheet::empty()).chain(others).collect();
        }
        self.start();
    }

    /// Another song is looked at; what is examined goes on.
    pub(super) fn show_song(&mut self, number: usize) {
        self.turn_to(number);
        // Another player will play it, which has not worked anything out.
        self.quieten();
    }

    /// Everything that was cancelled is examined after all, the song that is shown first.
    pub(super) fn start_all(&mut self) {
        self.start();
        for number in 0..self.songs() {
            *self = std::mem::take(self).in_song(number, |mut state| {
                if state.phase == Phase::Cancelled {
                    state.phase = Phase::Waiting;
                }
                state
            });
        }
    }

    /// The examination of the song in the fields starts.
    fn start(&mut self) {
        self.run += 1;
        self.check();
        self.with_song(Song::forget);
    }

    /// The examination of the song that is shown goes on, with what is known; if its turn has not
    /// come, it will begin with the change.
    pub(super) fn go_on(&mut self) {
        if self.phase == Phase::Waiting {
            return;
        }
        self.amended += 1;
        self.check();
        self.amending = true;
    }

    fn check(&mut self) {
        let other = self.work.filter(|work| *work != self.shown && self.is_checking_song(*work));
        if let Some(other) = other {
            // It will have to begin again.
            *self = std::mem::take(self).in_song(other, |mut state| {
                state.phase = Phase::Waiting;
                state
            });
        }
        self.work = Some(self.shown);
        self.amending = false;
        self.phase = Phase::Checking(0.0);
        self.finding = None;
        self.quieten();
    }

    fn quieten(&mut self) {
        self.listening.playing = false;
        self.listening.calibrated = None;
        self.listening.settled = false;
        self.listening.blind = None;
        self.listening.exporting = None;
        self.listening.fixed = false;
        self.listening.hearing = None;
        self.listening.obstacle = None;
    }

    /// Has the next song examined, if none is.
    pub(super) fn work_on_next(&mut self) {
        if self.work.is_some_and(|work| self.is_checking_song(work)) {
            return;
        }
        self.work = None;
        if let Some(next) = self.next_waiting() {
            *self = std::mem::take(self).in_song(next, |mut state| {
                state.start();
                state
            });
        }
    }

    fn is_checking_song(&self, number: usize) -> bool {
        self.song_at(number).is_some_and(|(_, phase)| matches!(phase, Phase::Checking(_)))
    }

    /// Nothing is examined any more.
    pub(super) fn cancel(&mut self) {
        self.work = None;
        for number in 0..self.songs().max(1) {
            *self = std::mem::take(self).in_song(number, |mut state| {
                state.stop_checking();
                state
            });
        }
    }

    /// The song in the fields is not examined any more.
    pub(super) fn stop_checking(&mut self) {
        self.phase = match self.phase {
            Phase::Checking(_) | Phase::Waiting => Phase::Cancelled,
            Phase::Composing => Phase::Empty,
            ended => ended,
        };
    }
}
