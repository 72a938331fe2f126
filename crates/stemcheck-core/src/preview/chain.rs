//! The rough mastering chain: gain, gentle equaliser, glue compressor, limiter.
//!
//! Least change, never a master: bands within 1.5 dB, at most 3 dB of glue. The gain comes first, so
//! that the compressor's threshold is a level relative to the loudness aimed at, whatever the level
//! of the stems. How much gain is worked out by the owner; see stemcheck-session's `preview`.

use super::compressor::{Compressor, Curve};
use super::eq::{Band, Eq};
use super::limiter::Limiter;
use super::mixer::{Ramp, gain_from_db};

/// The rough mastering chain: what it does to the sum.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Chain {
    /// Preset name, one of [`Chain::PRESETS`]; any other sounds like `none`.
    pub name: String,
    /// Loudness aimed at, in LUFS.
    pub target_lufs: f64,
    /// Ceiling of the limiter in dBTP, at most 0.
    pub ceiling_dbtp: f64,
    /// Gain into the chain, in dB: what [`Renderer`](super::Renderer)'s owner worked out for the stems
    /// to reach the target.
    pub drive_db: f64,
    /// The same for the reference.
    pub reference_drive_db: f64,
}

impl Chain {
    /// The names of the presets, mildest first.
    pub const PRESETS: [&str; 4] = ["none", "streaming", "album", "loud"];
    /// Lowest and highest loudness that can be aimed at, in LUFS: from dialogue in a cinema to what no
    /// music reaches. Whether it can be reached is found out by trying.
    pub const TARGETS_LUFS: (f64, f64) = (-40.0, 0.0);
    /// Most gain into the chain, in dB, that reaching for a target may use.
    pub const MAX_DRIVE_DB: f64 = 10.0;
    /// Most limiting, in dB, that reaching for a target may use.
    pub const MAX_LIMITING_DB: f64 = 6.0;

    /// A preset by name, without drive.
    pub fn preset(name: &str) -> Option<Self> {
        let name = Self::PRESETS.into_iter().find(|&preset| preset == name)?;
        Some(Self {
            name: name.to_owned(),
            target_lufs: match name {
                "album" => -11.0,
                "loud" => -9.0,
                _ => -14.0,
            },
            ceiling_dbtp: -1.0,
            drive_db: 0.0,
            reference_drive_db: 0.0,
        })
    }
}

impl Default for Chain {
    /// The preset `streaming`.
    fn default() -> Self {
        Self {
            name: "streaming".to_owned(),
            target_lufs: -14.0,
            ceiling_dbtp: -1.0,
            drive_db: 0.0,
            reference_drive_db: 0.0,
        }
    }
}

/// Number of equaliser bands, the high-pass included.
const BANDS: usize = 5;

/// What a preset does besides gain and limiting.
struct Voicing {
    bands: [Band; BANDS],
    /// Ratio of the compressor; 1 = none.
    ratio: f64,
}

impl Voicing {
    fn of(name: &str) -> Self {
        match name {
            "streaming" => Self { bands: bands(0.5, -0.5, 0.0, 0.5), ratio: 1.5 },
            "album" => Self { bands: bands(0.5, -0.5, 0.5, 0.5), ratio: 2.0 },
            "loud" => Self { bands: bands(1.0, -1.0, 0.5, 1.0), ratio: 2.0 },
            _ => Self { bands: [Band::Flat; BANDS], ratio: 1.0 },
        }
    }
}

/// The bands of a preset: gains in dB of lows, low mids, presence and air.
fn bands(lows: f64, low_mids: f64, presence: f64, air: f64) -> [Band; BANDS] {
    [
        Band::HighPass { hz: 20.0 },
        Band::LowShelf { hz: 80.0, db: lows },
        Band::Peak { hz: 300.0, db: low_mids, q: 0.7 },
        Band::Peak { hz: 3_000.0, db: presence, q: 0.7 },
        Band::HighShelf { hz: 10_000.0, db: air },
    ]
}

/// Where the compressor begins to act above the loudness aimed at, in dB: the level of a mix's
/// louder beats, so that it works on those and not all the time.
const THRESHOLD_ABOVE_TARGET_DB: f64 = 8.0;
const KNEE_DB: f64 = 6.0;
const GLUE_CAP_DB: f64 = 3.0;

/// The chain at work on two channels.
#[derive(Debug, Clone)]
pub(super) struct Master {
    drive: Ramp,
    eq: Eq<BANDS>,
    pub(super) compressor: Compressor,
    pub(super) limiter: Limiter,
    gains: Vec<f64>,
}

impl Master {
    pub(super) fn new(sample_rate: u32, max_frames: usize) -> Self {
        Self {
            drive: Ramp::new(1.0),
            eq: Eq::new(sample_rate),
            compressor: Compressor::new(sample_rate),
            limiter: Limiter::new(sample_rate, max_frames),
            gains: vec![0.0; max_frames],
        }
    }

    /// Takes new settings and a drive of its own, to be reached in `ramp` frames.
    pub(super) fn set(&mut self, chain: &Chain, drive_db: f64, ramp: usize) {
        let voicing = Voicing::of(&chain.name);
        self.drive.go(gain_from_db(drive_db), ramp);
        self.eq.set(&voicing.bands, ramp);
        self.compressor.set(if voicing.ratio > 1.0 {
            Curve {
                threshold_db: chain.target_lufs + THRESHOLD_ABOVE_TARGET_DB,
                ratio: voicing.ratio,
                knee_db: KNEE_DB,
                cap_db: GLUE_CAP_DB,
            }
        } else {
            Curve::OFF
        });
        self.limiter.set(chain.ceiling_dbtp);
    }

    pub(super) fn reset(&mut self) {
        self.drive.arrive();
        self.eq.reset();
        self.compressor.reset();
        self.limiter.reset();
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        let [left, right] = channels;
        let gains = &mut self.gains[..left.len()];
        self.drive.fill(gains);
        for ((l, r), gain) in left.iter_mut().zip(&mut *right).zip(&*gains) {
            *l *= gain;
            *r *= gain;
        }
        self.eq.process([&mut *left, &mut *right]);
        self.compressor.process([&mut *left, &mut *right]);
        self.limiter.process([left, right]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_found_by_their_names() {
        for name in Chain::PRESETS {
            assert_eq!(Chain::preset(name).map(|chain| chain.name).as_deref(), Some(name));
        }
        assert_eq!(Chain::preset("brickwall"), None);
        assert_eq!(Chain::preset("streaming"), Some(Chain::default()));
    }

    #[test]
    fn no_band_changes_more_than_a_decibel_and_a_half() {
        for name in Chain::PRESETS {
            for band in Voicing::of(name).bands {
                if let Band::LowShelf { db, .. }
                | Band::Peak { db, .. }
                | Band::HighShelf { db, .. } = band
                {
                    assert!(db.abs() <= 1.5);
                }
            }
        }
    }
}
