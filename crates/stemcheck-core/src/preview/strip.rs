//! One stem's own light processing: three bands and a compressor, both off until somebody asks.
//!
//! The trim comes first, so that the compressor's threshold is a level of what is heard. No make-up
//! gain: that is the trim's. Refuses more than [`Strip::MOST_EQ_DB`] a band and
//! [`Strip::MOST_REDUCTION_DB`] of compression; who needs more needs another mix.

use super::compressor::{Compressor, Curve};
use super::eq::{Band, Eq};

/// What a stem goes through on its way to the sum. The default does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Strip {
    /// Gain below 150 Hz in dB (a shelf), within [`Strip::MOST_EQ_DB`].
    pub low_db: f64,
    /// Gain around 1 kHz in dB (a bell of Q 0.7), likewise.
    pub mid_db: f64,
    /// Gain above 6 kHz in dB (a shelf), likewise.
    pub high_db: f64,
    /// Level in dBFS from which the compressor acts, at 2:1 with a knee of 6 dB; `None` = off.
    pub threshold_db: Option<f64>,
}

impl Strip {
    /// Most that a band is raised or lowered, in dB.
    pub const MOST_EQ_DB: f64 = 6.0;
    /// Most that the compressor turns down, in dB.
    pub const MOST_REDUCTION_DB: f64 = 6.0;
    /// Lowest threshold of the compressor, in dBFS.
    pub const LOWEST_THRESHOLD_DB: f64 = -48.0;

    fn bands(&self) -> [Band; 3] {
        let held = |db: f64| {
            if db.is_nan() { 0.0 } else { db.clamp(-Self::MOST_EQ_DB, Self::MOST_EQ_DB) }
        };
        let band = |db: f64, band: fn(f64) -> Band| if db == 0.0 { Band::Flat } else { band(db) };
        [
            band(held(self.low_db), |db| Band::LowShelf { hz: 150.0, db }),
            band(held(self.mid_db), |db| Band::Peak { hz: 1000.0, db, q: 0.7 }),
            band(held(self.high_db), |db| Band::HighShelf { hz: 6000.0, db }),
        ]
    }

    fn curve(&self) -> Curve {
        match self.threshold_db {
            Some(threshold_db) if !threshold_db.is_nan() => Curve {
                threshold_db: threshold_db.clamp(Self::LOWEST_THRESHOLD_DB, 0.0),
                ratio: 2.0,
                knee_db: 6.0,
                cap_db: Self::MOST_REDUCTION_DB,
            },
            _ => Curve::OFF,
        }
    }
}

/// A strip at work on two channels.
#[derive(Debug, Clone)]
pub(super) struct Processor {
    eq: Eq<3>,
    compressor: Compressor,
}

impl Processor {
    pub(super) fn new(sample_rate: u32) -> Self {
        Self { eq: Eq::new(sample_rate), compressor: Compressor::new(sample_rate) }
    }

    /// Takes new settings, to be reached in `ramp` frames.
    pub(super) fn set(&mut self, strip: &Strip, ramp: usize) {
        self.eq.set(&strip.bands(), ramp);
        self.compressor.set(strip.curve());
    }

    pub(super) fn reset(&mut self) {
        self.eq.reset();
        self.compressor.reset();
    }

    /// Whether it passes everything unchanged.
    pub(super) fn is_off(&self) -> bool {
        self.eq.is_flat() && self.compressor.is_off()
    }

    /// Whether silence comes out of silence, now and later.
    pub(super) fn is_at_rest(&self) -> bool {
        self.eq.is_at_rest() && self.compressor.is_at_rest()
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        let [left, right] = channels;
        self.eq.process([&mut *left, &mut *right]);
        self.compressor.process([left, right]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{amplitude_from_db, db_from_amplitude};
    use std::f64::consts::PI;

    /// What a strip makes of the level of a sine, in dB, once it has settled.
    fn change_db(strip: Strip, hz: f64, level_db: f64) -> f64 {
        let mut processor = Processor::new(48_000);
        processor.set(&strip, 0);
        let level = amplitude_from_db(level_db);
        let mut left: Vec<f64> =
            (0..96_000).map(|i| level * (2.0 * PI * hz / 48_000.0 * f64::from(i)).sin()).collect();
        let mut right = left.clone();
        processor.process([&mut left, &mut right]);
        let power: f64 = left[48_000..].iter().map(|x| x * x).sum::<f64>() / 48_000.0;
        db_from_amplitude((2.0 * power).sqrt()) - level_db
    }

    #[test]
    fn each_band_moves_its_own_part_of_the_spectrum() {
        let strip = Strip { low_db: 3.0, mid_db: -2.0, high_db: 4.0, threshold_db: None };
        for (hz, db) in [(30.0, 3.0), (1000.0, -2.0), (18_000.0, 4.0)] {
            let is = change_db(strip, hz, -20.0);
            assert!((is - db).abs() < 0.35, "{hz} Hz: {is} dB, not {db}");
        }
    }

    #[test]
    fn the_compressor_turns_down_by_half_of_what_is_above_its_threshold() {
        let strip = Strip { threshold_db: Some(-20.0), ..Strip::default() };
        // A sine's detector holds between its peaks, within a tenth.
        assert!((change_db(strip, 1000.0, -12.0) + 4.0).abs() < 0.15);
        assert!(change_db(strip, 1000.0, -30.0).abs() < 1e-6);
        assert!(change_db(strip, 1000.0, 0.0) > -Strip::MOST_REDUCTION_DB - 0.01);
    }

    #[test]
    fn nothing_wild_gets_through() {
        let wild = Strip {
            low_db: 99.0,
            mid_db: f64::NAN,
            high_db: -99.0,
            threshold_db: Some(f64::NEG_INFINITY),
        };
        assert!(change_db(wild, 30.0, -60.0) <= Strip::MOST_EQ_DB + 0.01);
        let mut off = Processor::new(48_000);
        off.set(&Strip { threshold_db: Some(f64::NAN), ..Strip::default() }, 0);
        assert!(off.is_off() && off.is_at_rest());
    }
}
