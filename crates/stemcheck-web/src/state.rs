//! What the page knows, and how it changes.
//!
//! [`State`] is a value, [`Action`] is everything that can happen, and one pure function joins them.
//! No browser here: the reducer is tested like the core. It does not examine, play or draw; the
//! effects of an action (handing files to the engine, faders to the player) belong to `ui::app`.
//! The play position is not here either: it moves many times a second and goes to the page directly.

mod album;
mod axes;
mod blind;
mod corrections;
mod course;
mod grip;
mod hearing;
mod keys;
mod lanes;
mod meters;
mod offer;
mod shade;
mod signature;
mod song;
mod view;
mod wave;

use stemcheck_session::core::preview::{Bus, Chain, Fader, Mix, Strip};
use stemcheck_session::core::song::{Daw, Instrument, Role};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Calibration;
use stemcheck_session::report::Report;

use crate::player::message::Bits;

pub use album::{Sheet, Track};
pub use axes::{Axes, Scaling};
pub use blind::{Blind, Side};
pub use corrections::Corrections;
pub use grip::{Grip, wheel_factor};
pub use hearing::Hearing;
pub use keys::{Direction, KeyCommand, command};
pub use lanes::{Lanes, Mark, Marks, lanes, marks};
pub use meters::{Meters, Played, Shown, spectrum};
pub use offer::Offer;
pub use shade::{SHADES_DB, shades};
pub use signature::Signature;
pub use song::{File, Song};
pub use view::{View, ticks};
pub use wave::{Bar, Coarse, Columns, Level, Scale, Screen, TILE_COLUMNS, bars, coarser, peak};

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
    /// The program whose menus fixes speak of; `None` = as the files tell.
    pub daw: Option<Daw>,
    /// Number of the finding that was gone to last.
    pub finding: Option<usize>,
    /// Whether the list of keys is open.
    pub help: bool,
    /// What is heard.
    pub listening: Listening,
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

/// What is heard.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "switches that do not depend on each other")]
pub struct Listening {
    /// Whether it plays.
    pub playing: bool,
    /// Which bus.
    pub bus: Bus,
    /// Whether the buses are made equally loud.
    pub matching: bool,
    /// Whether the files are played with the fixes of the diagnosis.
    pub fixed: bool,
    /// The chain's drives, and the gains that make the buses equally loud, once the player has worked
    /// them out; its faders are not used.
    pub calibrated: Option<Calibration>,
    /// Whether that was by the whole song, as it is played now.
    pub settled: bool,
    /// Name of the chain's preset.
    pub chain: String,
    /// The blind test, while there is one.
    pub blind: Option<Blind>,
    /// Words of the file that is exported.
    pub bits: Bits,
    /// How much of it is written, while it is.
    pub exporting: Option<f64>,
    /// Whether it plays without the browser's own means for it.
    pub makeshift: bool,
    /// The finding that is being heard.
    pub hearing: Option<Hearing>,
    /// Why it cannot be played; a sentence.
    pub obstacle: Option<String>,
}

impl Default for Listening {
    fn default() -> Self {
        Self {
            playing: false,
            bus: Bus::Stems,
            matching: true,
            fixed: false,
            calibrated: None,
            settled: false,
            chain: Chain::default().name,
            blind: None,
            bits: Bits::default(),
            exporting: None,
            makeshift: false,
            hearing: None,
            obstacle: None,
        }
    }
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
            profile: stemcheck_session::profiles::NAMES[0].to_owned(),
            daw: None,
            finding: None,
            help: false,
            listening: Listening::default(),
            notice: None,
            offer: None,
        }
    }
}

/// Everything that can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The demo song was asked for.
    DemoAsked,
    /// Songs were dropped, chosen or made.
    Opened(Vec<Song>),
    /// Another song of the album is looked at, by its number.
    SongShown(usize),
    /// Something happened to the song of this number, shown or not.
    InSong(usize, Box<Action>),
    /// The album's order; `None` = there is no tracklist.
    TitlesSet(Option<Vec<String>>),
    /// The examination starts (again) on the files that are there.
    Started,
    /// So much of it is done, 0 to 1.
    Progressed(f64),
    /// This is known so far.
    Reported(Box<Report>),
    /// The last report was the final one.
    Finished,
    /// The user stopped it.
    Cancelled,
    /// It could not go on; why.
    Failed(String),
    /// Something smaller did not work; why.
    Noticed(String),
    /// The user has read the notice.
    Dismissed,
    /// Another studio profile.
    ProfileChosen(String),
    /// Another tempo; `None` = as the names tell.
    TempoSet(Option<f64>),
    /// A file is something else than it was taken for: the files are added up again.
    RoleSet(usize, Role),
    /// A file holds something else than its name tells; `None` = as the name tells.
    InstrumentSet(usize, Option<Instrument>),
    /// What was said about a file is taken back.
    GuessTaken(usize),
    /// Files came in that may take the place of some of the song's.
    Offered(Offer),
    /// Nothing is to become of that.
    OfferDeclined,
    /// Other files are in the place of these, by index, with these names.
    Replaced(Vec<(usize, String)>),
    /// A stem's fader was moved, in dB.
    GainSet(usize, f64),
    /// A stem's mute button was pressed.
    MuteToggled(usize),
    /// A stem's solo button was pressed.
    SoloToggled(usize),
    /// It plays, or it stopped doing so.
    Playing(bool),
    /// It cannot be played; why.
    Unplayable(String),
    /// Another bus is heard.
    BusChosen(Bus),
    /// Loudness matching was switched.
    MatchingSet(bool),
    /// Playing with the fixes of the diagnosis was switched.
    FixesSet(bool),
    /// A finding is heard, in a loop.
    Heard(Hearing),
    /// Its loop ends.
    HearingEnded,
    /// A finding was gone to, by its number.
    FindingShown(usize),
    /// Another program's menus.
    DawChosen(Option<Daw>),
    /// A point of the checklist is done, or not.
    Ticked(String, bool),
    /// The artist's notes to the engineer.
    NotesSet(String),
    /// The list of keys is opened or closed.
    HelpSet(bool),
    /// The player has worked out the chain's drives and the gains that make the buses equally loud, by
    /// the whole song or not.
    Calibrated(Box<Calibration>, bool),
    /// Another preset of the chain.
    ChainChosen(String),
    /// A stem's own processing was changed.
    StripSet(usize, Strip),
    /// A blind test begins with these two; the coin says what X is.
    BlindStarted([Bus; 2], bool),
    /// Another of its sides is listened to.
    BlindHeard(Side),
    /// X was guessed to be B, or A; and the next coin.
    BlindGuessed(bool, bool),
    /// The blind test ends.
    BlindEnded,
    /// Other words for the exported file.
    BitsChosen(Bits),
    /// So much of the export is written; `None` = it is over.
    Exporting(Option<f64>),
    /// It is played without the browser's own means for it.
    Makeshift,
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
                let Self { run, amended, profile, daw, .. } = self;
                self = Self { run, amended, profile, daw, ..Self::default() };
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
                if Chain::preset(&name).is_some() {
                    self.listening.settled &= self.listening.chain == name;
                    self.listening.chain = name;
                }
            }
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
            Action::Makeshift => self.listening.makeshift = true,
        }
        self
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

    /// By how many dB matching changes a bus; `None` if it does not.
    pub fn turned_db(&self, bus: Bus) -> Option<f64> {
        let is_heard =
            |_: &&Calibration| self.listening.matching && self.listening.hearing.is_none();
        let found = self.listening.calibrated.as_ref().filter(is_heard)?;
        Some(found.mix.match_db[bus as usize]).filter(|db| db.abs() >= 0.05)
    }

    /// Where the rough master that is heard stays, in LUFS, if it may not be made as loud as asked.
    pub fn held_back_lufs(&self) -> Option<f64> {
        let found = self.listening.calibrated.as_ref().filter(|_| self.listening.settled)?;
        let chain = self.listening.bus.chain()?;
        found.lufs[self.listening.bus as usize].filter(|_| found.held_back[chain])
    }

    /// What drive and matching have to be worked out for: the user's own faders and chain, and whether
    /// the fixes are made.
    pub fn to_calibrate(&self, plan: &NullPlan) -> (Mix, bool) {
        let files = self.song.as_ref().map_or(&[][..], |song| &song.files);
        let fader = |stem: &usize| files.get(*stem).map_or(Fader::default(), |file| file.fader);
        let mix = Mix {
            faders: plan.stems.iter().map(fader).collect(),
            chain: Chain::preset(&self.listening.chain).unwrap_or_default(),
            match_db: [0.0; Bus::COUNT],
        };
        (mix, self.listening.fixed)
    }

    /// What the player shall render: the faders of the stems in `plan`, on top of what was
    /// calibrated.
    pub fn mix(&self, plan: &NullPlan) -> Mix {
        let files = self.song.as_ref().map_or(&[][..], |song| &song.files);
        let hearing = self.listening.hearing.as_ref();
        let fader = |stem: &usize| match hearing {
            Some(hearing) => hearing.fader(*stem),
            None => files.get(*stem).map_or(Fader::default(), |file| file.fader),
        };
        let mut mix = match &self.listening.calibrated {
            Some(found) => found.mix.clone(),
            None => Mix::unity(0),
        };
        if mix.chain.name != self.listening.chain {
            // Until it is worked out, with the drives of the one before.
            let Chain { drive_db, reference_drive_db, .. } = mix.chain;
            let chain = Chain::preset(&self.listening.chain).unwrap_or_default();
            mix.chain = Chain { drive_db, reference_drive_db, ..chain };
        }
        if !self.listening.matching {
            mix.match_db = [0.0; Bus::COUNT];
        }
        if let Some(hearing) = hearing.filter(|hearing| hearing.bus == Bus::Difference) {
            mix.match_db[Bus::Difference as usize] = hearing.boost_db;
        }
        mix.faders = plan.stems.iter().map(fader).collect();
        mix
    }

    fn hear_blind(&mut self, blind: Blind) {
        self.listening.bus = blind.bus();
        self.listening.blind = Some(blind);
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
