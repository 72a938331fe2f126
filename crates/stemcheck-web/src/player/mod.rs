//! Plays a song: a worker renders it, an `AudioWorklet` plays what the worker sends.

use stemcheck_core::preview::{Bus, Mix};
use stemcheck_session::job::NullPlan;

use crate::files::Dropped;

/// What happens while a song is open in the player.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayerEvent {
    /// It can be played.
    Ready {
        /// Length in seconds.
        duration_s: f64,
        /// The mix given, with the chain's drive and the gains for equal loudness worked out.
        /// "Match loudness" off = [`Player::set`] with `match_db` all 0.
        mix: Mix,
    },
    /// The play position in seconds; some 25 times a second while it plays, and after a seek.
    Position(f64),
    /// Whether it plays. It stops by itself at the end.
    Playing(bool),
    /// What really came out of the loudspeakers' side since the last event; `-inf` is silence.
    Levels {
        /// RMS of both channels in dBFS.
        rms_db: f64,
        /// Sample peak in dBFS.
        peak_db: f64,
    },
    /// It cannot be played; a sentence for the user.
    Error(String),
}

/// One song, open for playing. Dropping it closes it.
pub struct Player {}

impl Player {
    /// Opens the stems and the reference of `plan`, whose indices point into `files`. Nothing is
    /// heard before [`Player::play`], which has to come from a click or a key.
    pub fn new(
        _files: &[Dropped],
        _plan: &NullPlan,
        _mix: Mix,
        _on_event: impl Fn(PlayerEvent) + 'static,
    ) -> Self {
        todo!()
    }

    /// Plays on from the position; from the start if it is at the end.
    pub fn play(&self) {
        todo!()
    }

    /// Holds the position.
    pub fn pause(&self) {
        todo!()
    }

    /// Pauses and goes back to the start.
    pub fn stop(&self) {
        todo!()
    }

    /// Moves the position.
    pub fn seek(&self, _seconds: f64) {
        todo!()
    }

    /// Switches what is heard, without a gap.
    pub fn listen(&self, _bus: Bus) {
        todo!()
    }

    /// Takes new faders, chain and matching; heard within about 100 ms.
    pub fn set(&self, _mix: &Mix) {
        todo!()
    }
}
