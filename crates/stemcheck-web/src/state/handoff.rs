//! A studio's send button: whether it can be pressed, and what it has to say about the songs.

use stemcheck_session::report::Verdict;

use super::{Phase, State};

/// Where a studio's send button stands. `None` for a verdict = a song was not checked to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handoff {
    /// The check is not over.
    Early,
    /// It can be pressed.
    Open(Option<Verdict>),
    /// The studio asks for better.
    Held(Option<Verdict>),
}

/// The worst verdict that a studio takes, as its page says it; everything, unless it says otherwise.
pub fn taken(said: Option<&str>) -> Verdict {
    match said {
        Some("ready") => Verdict::Ready,
        Some("check") => Verdict::Check,
        _ => Verdict::Fix,
    }
}

impl State {
    /// The send button of a studio that takes nothing worse than `worst`.
    pub fn handoff(&self, worst: Verdict) -> Handoff {
        if !self.is_over() {
            return Handoff::Early;
        }
        let verdict = self.verdict();
        let is_taken = worst == Verdict::Fix || verdict.is_some_and(|verdict| verdict <= worst);
        if is_taken { Handoff::Open(verdict) } else { Handoff::Held(verdict) }
    }

    /// The worst verdict of the songs, if all of them have one.
    fn verdict(&self) -> Option<Verdict> {
        let verdict = |number| {
            let (song, phase) = self.song_at(number)?;
            song.told().filter(|_| phase == Phase::Done).map(|told| told.verdict)
        };
        let all: Option<Vec<Verdict>> = (0..self.songs()).map(verdict).collect();
        all?.into_iter().max()
    }
}
