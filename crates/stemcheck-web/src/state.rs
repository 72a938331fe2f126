//! What the page knows, and how it changes.
//!
//! [`State`] is a value, [`Action`] is everything that can happen, and one pure function joins them.
//! No browser here: the reducer is tested like the core. It does not examine, play or draw; the
//! effects of an action (handing files to the engine, faders to the player) belong to `ui::app`.
//! The play position is not here either: it moves many times a second and goes to the page directly.

mod action;
mod aim;
mod album;
mod axes;
mod blind;
mod corrections;
mod course;
mod draft;
mod grip;
mod handoff;
mod hearing;
mod keys;
mod lanes;
mod listening;
mod meters;
mod offer;
mod shade;
mod signature;
mod song;
mod view;
mod wave;

use stemcheck_session::core::preview::Fader;
use stemcheck_session::core::profile::Profile;
use stemcheck_session::core::song::Daw;
use stemcheck_session::profiles;

pub use action::Action;
pub use aim::Aim;
pub use album::{Sheet, Track};
pub use axes::{Axes, Scaling};
pub use blind::{Blind, Side};
pub use corrections::Corrections;
pub use draft::{Draft, fragment, kind};
pub use grip::{Grip, wheel_factor};
pub use handoff::{Handoff, taken};
pub use hearing::Hearing;
pub use keys::{Direction, KeyCommand, command};
pub use lanes::{Lanes, Mark, Marks, lanes, marks};
pub use listening::Listening;
pub use meters::{Meters, Played, Shown, spectrum};
pub use offer::Offer;
pub use shade::{SHADES_DB, shade, shades};
pub use signature::Signature;
pub use song::{File, Song};
pub use view::{View, ticks};
pub use wave::{
    Bar, Coarse, Columns, Level, SPECTRUM_COLUMNS, Scale, Screen, TILE_COLUMNS, bars, coarser, peak,
};

/// Range of a fader, in dB.
pub const GAIN_RANGE_DB: (f64, f64) = (-24.0, 12.0);

/// Tempos that are believed, in beats a minute.
pub const TEMPO_RANGE_BPM: (f64, f64) = (40.0, 250.0);

/// Everything the page shows, but for waveforms and the play position.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Where the examination stands.
    pub phase: Phase,
    /// Number of the examination: goes up when one has to start, of the song [`State::work`].
    pub run: u32,
    /// Goes up when the examination of the song that is shown has to do something again.
    pub amended: u32,
    /// Whether the examination that runs is such a one.
    pub amending: bool,
    /// The song that is shown.
    pub song: Option<Song>,
    /// Its number.
    pub shown: usize,
    /// Number of the song that is examined.
    pub work: Option<usize>,
    /// The songs of an album, by number; that of the song that is shown is empty.
    pub sheets: Vec<Sheet>,
    /// The titles of the tracklist, if there is one.
    pub titles: Option<Vec<String>>,
    /// Name of the studio profile.
    pub profile: String,
    /// The studio's own profile, which is no built-in one.
    pub own_profile: Option<Profile>,
    /// Whether the form for it is open.
    pub profile_form: bool,
    /// The program whose menus fixes speak of; `None` = as the files tell.
    pub daw: Option<Daw>,
    /// Number of the finding that was gone to last.
    pub finding: Option<usize>,
    /// Whether the list of keys is open.
    pub help: bool,
    /// What is heard.
    pub listening: Listening,
    /// What the rough master aims at.
    pub aim: Aim,
    /// How much of a download (the package, repaired stems) is made, while one is.
    pub packing: Option<f64>,
    /// A sentence about something that did not work.
    pub notice: Option<String>,
    /// What came in and may take the place of files of the song.
    pub offer: Option<Offer>,
}

/// Where the examination stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    /// Nothing was dropped yet.
    Empty,
    /// The demo song is being made.
    Composing,
    /// Its turn has not come: another song of the album is examined.
    Waiting,
    /// Running; 0 to 1.
    Checking(f64),
    /// Everything is known.
    Done,
    /// Stopped by the user: what is known stays on the page.
    Cancelled,
}

impl Default for State {
    fn default() -> Self {
        Self {
            phase: Phase::Empty,
            run: 0,
            amended: 0,
            amending: false,
            song: None,
            shown: 0,
            work: None,
            sheets: Vec::new(),
            titles: None,
            profile: profiles::NAMES[0].to_owned(),
            own_profile: None,
            profile_form: false,
            daw: None,
            finding: None,
            help: false,
            listening: Listening::default(),
            aim: Aim::default(),
            packing: None,
            notice: None,
            offer: None,
        }
    }
}

impl State {
    /// The state after `action`.
    #[must_use]
    pub fn after(self, action: Action) -> Self {
        let mut state = self.changed(action);
        state.work_on_next();
        state
    }

    #[expect(
        clippy::too_many_lines,
        reason = "an arm for each action, and the compiler misses none"
    )]
    fn changed(mut self, action: Action) -> Self {
        match action {
            Action::DemoAsked => {
                let Self { run, amended, profile, own_profile, daw, aim, .. } = self;
                self = Self { run, amended, profile, own_profile, daw, aim, ..Self::default() };
                self.phase = Phase::Composing;
            }
            Action::Opened(songs) => self.open(songs),
            Action::SongShown(number) => self.show_song(number),
            Action::InSong(number, action) => {
                self = self.in_song(number, |state| state.changed(*action));
            }
            Action::TitlesSet(titles) => self.titles = titles.filter(|titles| !titles.is_empty()),
            Action::Started => self.start_all(),
            Action::Progressed(done) => {
                if let Phase::Checking(before) = self.phase {
                    self.phase = Phase::Checking(before.max(done.clamp(0.0, 1.0)));
                }
            }
            Action::Reported(report) => {
                if matches!(self.phase, Phase::Checking(_) | Phase::Done) {
                    self.with_song(|song| song.learn(*report));
                }
            }
            Action::Finished => {
                if self.is_checking() {
                    self.phase = Phase::Done;
                }
            }
            Action::Cancelled => self.cancel(),
            Action::Failed(why) => {
                self.stop_checking();
                self.notice = Some(why);
            }
            Action::Noticed(why) => self.notice = Some(why),
            Action::Dismissed => self.notice = None,
            Action::ProfileChosen(name) => self.profile = name,
            Action::ProfileFormSet(open) => self.profile_form = open,
            Action::ProfileMade(own) => {
                self.profile.clone_from(&own.name);
                self.own_profile = Some(*own);
                self.profile_form = false;
            }
            Action::TempoSet(tempo) => {
                let (low, high) = TEMPO_RANGE_BPM;
                let tempo = tempo.filter(|bpm| (low..=high).contains(bpm));
                self.with_song(|song| song.tempo_bpm = tempo);
            }
            Action::RoleSet(file, role) => {
                if self.song.as_mut().is_some_and(|song| song.set_role(file, role)) {
                    self.go_on();
                }
            }
            Action::InstrumentSet(file, instrument) => {
                self.with_song(|song| song.set_instrument(file, instrument));
            }
            Action::GuessTaken(file) => {
                if self.song.as_mut().is_some_and(|song| song.guess(file)) {
                    self.go_on();
                }
            }
            Action::Offered(offer) => self.offer = Some(offer),
            Action::OfferDeclined => self.offer = None,
            Action::Replaced(files) => {
                self.offer = None;
                self.with_song(|song| song.rename(files));
                self.go_on();
            }
            Action::GainSet(file, db) if db.is_finite() => {
                let (low, high) = GAIN_RANGE_DB;
                self.with_fader(file, |fader| fader.gain_db = db.clamp(low, high));
            }
            Action::GainSet(..) => {}
            Action::MuteToggled(file) => self.with_fader(file, |fader| fader.mute = !fader.mute),
            Action::SoloToggled(file) => self.with_fader(file, |fader| fader.solo = !fader.solo),
            Action::Playing(playing) => self.listening.playing = playing,
            Action::Unplayable(why) => {
                self.listening.playing = false;
                self.listening.obstacle = Some(why);
            }
            Action::BusChosen(bus) => {
                self.listening.hearing = None;
                self.listening.blind = None;
                self.listening.bus = bus;
            }
            Action::Heard(hearing) => {
                self.listening.bus = hearing.bus;
                self.listening.blind = None;
                self.listening.fixed = false;
                self.finding = Some(hearing.finding);
                self.listening.hearing = Some(hearing);
            }
            Action::HearingEnded => self.listening.hearing = None,
            Action::FindingShown(number) => self.finding = Some(number),
            Action::DawChosen(daw) => self.daw = daw,
            Action::Ticked(point, done) => {
                self.with_song(|song| song.signature.tick(point, done));
            }
            Action::NotesSet(notes) => self.with_song(|song| song.signature.notes = notes),
            Action::HelpSet(open) => self.help = open,
            Action::MatchingSet(on) => self.listening.matching = on,
            Action::FixesSet(on) => {
                let fixed = on && self.has_fixes();
                self.listening.settled &= self.listening.fixed == fixed;
                self.listening.fixed = fixed;
            }
            Action::Calibrated(calibration, whole) => {
                self.listening.calibrated = Some(*calibration);
                self.listening.settled = whole;
            }
            Action::ChainChosen(name) => {
                let aim = Aim::of_preset(&name);
                self.aim_at(aim.unwrap_or_else(|| self.aim.clone()));
            }
            Action::TargetSet(lufs) => self.aim_at(self.aim.clone().at(lufs)),
            Action::StripSet(file, strip) => self.with_fader(file, |fader| fader.strip = strip),
            Action::BlindStarted(pair, coin) => {
                self.listening.hearing = None;
                self.listening.matching = true;
                self.hear_blind(Blind::new(pair, coin));
            }
            Action::BlindHeard(side) => {
                if let Some(mut blind) = self.listening.blind {
                    blind.heard = side;
                    self.hear_blind(blind);
                }
            }
            Action::BlindGuessed(is_b, coin) => {
                if let Some(mut blind) = self.listening.blind {
                    blind.guess(is_b, coin);
                    self.hear_blind(blind);
                }
            }
            Action::BlindEnded => self.listening.blind = None,
            Action::BitsChosen(bits) => self.listening.bits = bits,
            Action::Exporting(share) => self.listening.exporting = share,
            Action::Packing(share) => self.packing = share,
            Action::Makeshift => self.listening.makeshift = true,
        }
        self
    }

    /// The studio's own profile, if it is the one that holds.
    pub fn own(&self) -> Option<&Profile> {
        self.own_profile.as_ref().filter(|own| own.name == self.profile)
    }

    /// What the songs are judged by.
    pub fn demands(&self) -> Profile {
        let own = self.own().cloned();
        own.or_else(|| profiles::built_in(&self.profile)).unwrap_or_default()
    }

    /// The profiles to choose from: a studio's own one, and those built in; only the one that holds if
    /// there is to be no other.
    pub fn offered(&self, only_one: bool) -> Vec<Profile> {
        let own = self.own_profile.clone();
        let hidden = own.as_ref().map(|own| own.name.clone());
        let others = profiles::NAMES.into_iter().filter(|name| hidden.as_deref() != Some(name));
        let all = own.into_iter().chain(others.filter_map(profiles::built_in));
        all.filter(|it| !only_one || it.name == self.profile).collect()
    }

    /// Whether the diagnosis found anything that can be undone.
    pub fn has_fixes(&self) -> bool {
        let told = self.song.as_ref().and_then(Song::told);
        self.phase == Phase::Done && told.is_some_and(|song| !song.null.recipe.is_empty())
    }

    /// Number of the finding after or before the one that was gone to last, round and round.
    pub fn next_finding(&self, direction: Direction) -> Option<usize> {
        let findings = &self.song.as_ref()?.told()?.findings;
        let last = findings.len().checked_sub(1)?;
        Some(match (self.finding, direction) {
            (Some(now), Direction::On) if now < last => now + 1,
            (Some(now), Direction::Back) if now > 0 => (now - 1).min(last),
            (_, Direction::On) => 0,
            (_, Direction::Back) => last,
        })
    }

    /// Whether the examination of the song that is shown runs.
    pub fn is_checking(&self) -> bool {
        matches!(self.phase, Phase::Checking(_))
    }

    fn aim_at(&mut self, aim: Aim) {
        self.listening.settled &= self.aim == aim;
        self.aim = aim;
    }

    fn with_song(&mut self, change: impl FnOnce(&mut Song)) {
        if let Some(song) = &mut self.song {
            change(song);
        }
    }

    fn with_fader(&mut self, file: usize, change: impl FnOnce(&mut Fader)) {
        let mut same = true;
        self.with_song(|song| {
            if let Some(file) = song.files.get_mut(file) {
                let before = file.fader;
                change(&mut file.fader);
                same = file.fader == before;
            }
        });
        self.listening.settled &= same;
    }
}

#[cfg(test)]
mod tests;
