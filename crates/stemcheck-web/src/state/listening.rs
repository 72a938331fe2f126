//! What is heard, and what the player is told to render for it.

use stemcheck_session::core::preview::{Bus, Chain, Fader, Mix};
use stemcheck_session::core::song::Role;
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Calibration;

use super::{Blind, File, Hearing, State};
use crate::player::message::Bits;

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
            blind: None,
            bits: Bits::default(),
            exporting: None,
            makeshift: false,
            hearing: None,
            obstacle: None,
        }
    }
}

impl State {
    /// By how many dB matching changes a bus; `None` if it does not.
    pub fn turned_db(&self, bus: Bus) -> Option<f64> {
        let is_heard =
            |_: &&Calibration| self.listening.matching && self.listening.hearing.is_none();
        let found = self.listening.calibrated.as_ref().filter(is_heard)?;
        Some(found.mix.match_db[bus as usize]).filter(|db| db.abs() >= 0.05)
    }

    /// Of each stem in the song's order, whether it can be heard: neither muted nor left out by a solo.
    pub fn strands(&self) -> Vec<bool> {
        let is_stem = |(_, file): &(usize, &File)| file.role == Role::Stem;
        let stems = self.files().iter().enumerate().filter(is_stem);
        let faders: Vec<Fader> = stems.map(|(stem, _)| self.fader(stem)).collect();
        let any_solo = faders.iter().any(|fader| fader.solo);
        faders.iter().map(|fader| fader.is_heard(any_solo)).collect()
    }

    fn files(&self) -> &[File] {
        self.song.as_ref().map_or(&[][..], |song| &song.files)
    }

    /// How a file is heard: by the user's own fader, or as the finding needs it that is listened to.
    fn fader(&self, file: usize) -> Fader {
        match &self.listening.hearing {
            Some(hearing) => hearing.fader(file),
            None => self.own_fader(file),
        }
    }

    fn own_fader(&self, file: usize) -> Fader {
        self.files().get(file).map_or(Fader::default(), |file| file.fader)
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
        let mix = Mix {
            faders: plan.stems.iter().map(|&stem| self.own_fader(stem)).collect(),
            chain: self.aim.chain(),
            match_db: [0.0; Bus::COUNT],
        };
        (mix, self.listening.fixed)
    }

    /// What the player shall render: the faders of the stems in `plan`, on top of what was
    /// calibrated.
    pub fn mix(&self, plan: &NullPlan) -> Mix {
        let mut mix = match &self.listening.calibrated {
            Some(found) => found.mix.clone(),
            None => Mix::unity(0),
        };
        // Until it is worked out, with the drives of the one before.
        let Chain { drive_db, reference_drive_db, .. } = mix.chain;
        mix.chain = Chain { drive_db, reference_drive_db, ..self.aim.chain() };
        if !self.listening.matching {
            mix.match_db = [0.0; Bus::COUNT];
        }
        let hearing = self.listening.hearing.as_ref();
        if let Some(hearing) = hearing.filter(|hearing| hearing.bus == Bus::Difference) {
            mix.match_db[Bus::Difference as usize] = hearing.boost_db;
        }
        mix.faders = plan.stems.iter().map(|&stem| self.fader(stem)).collect();
        mix
    }

    pub(super) fn hear_blind(&mut self, blind: Blind) {
        self.listening.bus = blind.bus();
        self.listening.blind = Some(blind);
    }
}
