//! What is seen: one page.
//!
//! [`App`] holds the state, the engine and the player, and joins them; everything else here turns a
//! piece of the state into elements and sends [`Msg`] back. Texts from files are text nodes, never
//! markup. No `style` attributes: the page's Content-Security-Policy refuses them.

mod app;
mod blame;
mod canvas;
mod chooser;
mod clock;
mod document;
mod download;
mod drop;
mod findings;
mod forensics;
mod frame;
mod header;
mod icons;
mod keys;
mod lane;
mod map;
mod moments;
mod null;
mod recipe;
mod song;
mod theme;
mod transport;
mod wave;

use stemcheck_session::core::profile::Severity;

pub use app::App;

use crate::engine::EngineEvent;
use crate::player::PlayerEvent;
use crate::state::Action;

/// What components, engine and player tell the page.
pub enum Msg {
    /// Nothing came of it.
    Nothing,
    /// The state changes.
    Do(Action),
    /// Files came in, or a sentence why not.
    Dropped(Result<drop::Handful, String>),
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
    /// Show where a finding is.
    Show(Spot),
    /// Play what is left, from here.
    HearDifference(Option<f64>),
    /// Play what is left once the fixes are made, from here.
    HearFixed(Option<f64>),
    /// Save the report.
    Download,
    /// The other theme.
    SwitchTheme,
    /// The theme has changed.
    Recolour,
    /// The engine has news.
    Engine(EngineEvent),
    /// The player has news.
    Player(PlayerEvent),
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// What to bring into view.
    pub target: Target,
    /// Seconds; `None` = the whole file.
    pub at: Option<f64>,
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

/// The null section's element id.
const SUM_ID: &str = "sum";

/// The stems section's element id.
const STEMS_ID: &str = "stems";

/// Element id of a file's lane.
fn lane_id(file: usize) -> String {
    format!("lane-{file}")
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
