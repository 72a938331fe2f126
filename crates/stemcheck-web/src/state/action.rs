//! Everything that can happen to the page's state.

use stemcheck_session::core::preview::{Bus, Strip};
use stemcheck_session::core::profile::Profile;
use stemcheck_session::core::song::{Daw, Instrument, Role};
use stemcheck_session::preview::Calibration;
use stemcheck_session::report::Report;

use super::{Hearing, Offer, Side, Song};
use crate::player::message::Bits;

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
    /// The form for a profile of one's own is opened or closed.
    ProfileFormSet(bool),
    /// A studio has made a profile of its own, and it is to be used.
    ProfileMade(Box<Profile>),
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
    /// Another loudness for the rough master to aim at, in LUFS.
    TargetSet(f64),
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
    /// So much of a download is made; `None` = it is over.
    Packing(Option<f64>),
    /// It is played without the browser's own means for it.
    Makeshift,
}
