//! Has a song examined: hands the jobs of an [`Examination`] to a pool of workers and says what
//! comes back. Decides nothing about the song.

use std::cell::Ref;

use stemcheck_core::profile::Profile;
use stemcheck_session::report::Report;
use stemcheck_session::{Examination, Options};

pub use crate::files::Dropped;

/// What happens while a song is examined.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// How much is done, 0 to 1.
    Progress(f64),
    /// What is known so far: once the headers are read, at most four times a second while the
    /// audio is measured, and when all is known (then [`EngineEvent::Done`] follows).
    Report(Box<Report>),
    /// There is more of the waveforms to draw; see [`Engine::examination`].
    Waveforms,
    /// The last report was the final one.
    Done,
    /// The demo song is there; nothing is examined yet.
    Demo(Vec<Dropped>),
    /// It cannot go on; a sentence for the user.
    Failed(String),
}

/// Examines one song at a time. Clones share it.
#[derive(Clone)]
pub struct Engine {}

impl Engine {
    /// An engine that tells `on_event` what happens. Events never come from within a call.
    pub fn new(_on_event: impl Fn(EngineEvent) + 'static) -> Self {
        todo!()
    }

    /// Synthesises the demo song, clean or with three faults; [`EngineEvent::Demo`] follows.
    pub fn demo(&self, _faulty: bool) {
        todo!()
    }

    /// Examines these files; what went on before is cancelled.
    pub fn examine(&self, _files: Vec<Dropped>, _options: Options) {
        todo!()
    }

    /// Stops, at once. What was found so far remains.
    pub fn cancel(&self) {
        todo!()
    }

    /// Judges by another profile or tempo without reading again; a report follows.
    pub fn set_profile(&self, _profile: Profile, _tempo_bpm: Option<f64>) {
        todo!()
    }

    /// The examination, for its waveforms; `None` before the first. Hold it only while drawing.
    pub fn examination(&self) -> Option<Ref<'_, Examination>> {
        todo!()
    }
}
