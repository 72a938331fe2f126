//! What is seen: one page.
//!
//! [`App`] holds the state, the engine and the player, and joins them; everything else here turns a
//! piece of the state into elements and sends [`Msg`] back. Texts from files are text nodes, never
//! markup. No `style` attributes: the page's Content-Security-Policy refuses them.

mod album;
mod app;
mod axis;
mod blame;
mod blind;
mod canvas;
mod chooser;
mod clock;
mod dialog;
mod document;
mod download;
mod drop;
mod findings;
mod flow;
mod forensics;
mod frame;
mod gestures;
mod handoff;
mod header;
mod help;
mod icons;
mod keys;
mod lane;
mod listener;
mod map;
mod memory;
mod meters;
mod moments;
mod null;
mod offer;
mod panel;
mod profile;
mod recipe;
mod reference;
mod repairs;
mod role;
mod ruler;
mod sending;
mod song;
mod spectrum;
mod strip;
mod theme;
mod tongue;
mod transport;
mod wave;

use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Daw;

pub use app::App;

use crate::courier::Parcel;
use crate::engine::{Dropped, EngineEvent};
use crate::player::PlayerEvent;
use crate::state::{Action, Direction};

/// What components, engine and player tell the page.
pub enum Msg {
    /// Nothing came of it.
    Nothing,
    /// The state changes.
    Do(Action),
    /// Files came in, or a sentence why not.
    Dropped(Result<drop::Handful, String>),
    /// Another file takes the place of the one with this index.
    ReplaceFile(usize, Dropped),
    /// What was offered takes its places.
    AcceptOffer,
    /// What was offered is a song of its own.
    OpenOffered,
    /// Another song of the album is looked at.
    ShowSong(usize),
    /// Files are dragged over the page, or no longer.
    Dragging(bool),
    /// The demo song is asked for, with three faults or clean.
    Demo(bool),
    /// Stop checking.
    Cancel,
    /// Play or pause.
    TogglePlay,
    /// Stop playing.
    Stop,
    /// Move the playhead to so many seconds.
    Seek(f64),
    /// Move the playhead by so many seconds.
    Nudge(f64),
    /// Show a stretch shorter by this factor.
    Zoom(f64),
    /// Show the whole song.
    Fit,
    /// Show what lies so many widths further on.
    Scroll(f64),
    /// Show where a finding is, by its number.
    ShowFinding(usize),
    /// Show a place.
    Show(Spot),
    /// Go to the next or the former finding.
    NextFinding(Direction),
    /// Loop a finding's place, by its number.
    Hear(usize),
    /// Loop the place of the finding that was gone to.
    HearAgain,
    /// Another program's menus.
    ChooseDaw(Option<Daw>),
    /// Another language, by its code.
    Speak(&'static str),
    /// Play what is left, from here.
    HearDifference(Option<f64>),
    /// Play what is left once the fixes are made, from here.
    HearFixed(Option<f64>),
    /// Something became possible.
    News(String),
    /// Do it.
    Accept(&'static str),
    /// Save the report.
    Download,
    /// Save everything for the engineer.
    DownloadPackage,
    /// Save repaired copies.
    DownloadFixed,
    /// The courier has news of the download of this name.
    Parcel(String, Parcel),
    /// Hand everything to the page around.
    HandOff,
    /// Save what is heard.
    Export,
    /// The other theme.
    SwitchTheme,
    /// The theme has changed.
    Recolour,
    /// The engine has news of the song of this number.
    Engine(usize, EngineEvent),
    /// The player has news.
    Player(PlayerEvent),
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// What to bring into view.
    pub target: Target,
    /// Begin and end in seconds; `None` = the whole file.
    pub at: Option<[f64; 2]>,
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A file's lane, by its index.
    File(usize),
    /// The stems.
    Stems,
    /// What the stems add up to.
    Sum,
}

/// What a button or a key zooms by.
const ZOOM: f64 = 2.0;

/// The null section's element id.
const SUM_ID: &str = "sum";

/// The stems section's element id.
const STEMS_ID: &str = "stems";

/// Element id of a file's lane.
fn lane_id(file: usize) -> String {
    format!("lane-{file}")
}

/// The file of a lane, by its element id.
fn lane_of(id: &str) -> Option<usize> {
    id.strip_prefix("lane-")?.parse().ok()
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn severity_class(severity: Severity) -> String {
    format!("is-{}", severity_name(severity))
}
