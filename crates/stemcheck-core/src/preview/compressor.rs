//! The glue compressor: feed-forward, in the log domain, both channels by one gain.
//!
//! Gain computer with a soft knee and the smooth decoupled peak detector of Giannoulis, Massberg and
//! Reiss, "Digital dynamic range compressor design", JAES 60 (2012). The reduction is capped: glue,
//! not effect. No make-up gain; the loudness target is the chain's drive.

use std::f64::consts::LN_10;

/// What the compressor does to a steady level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve {
    /// Level in dBFS from which it acts.
    pub threshold_db: f64,
    /// So many dB in for one dB out; 1 = never acts.
    pub ratio: f64,
    /// Width of the soft knee around the threshold, in dB.
    pub knee_db: f64,
    /// Largest reduction in dB.
    pub cap_db: f64,
}

impl Curve {
    /// Acts never.
    pub(super) const OFF: Self = Self { threshold_db: 0.0, ratio: 1.0, knee_db: 0.0, cap_db: 0.0 };

    /// Reduction in dB (0 or more) of a steady level in dBFS.
    pub(super) fn reduction_db(&self, level_db: f64) -> f64 {
        let over = level_db - self.threshold_db;
        let slope = 1.0 - 1.0 / self.ratio;
        let reduction = if 2.0 * over <= -self.knee_db {
            0.0
        } else if 2.0 * over < self.knee_db {
            slope * (over + self.knee_db / 2.0).powi(2) / (2.0 * self.knee_db)
        } else {
            slope * over
        };
        reduction.min(self.cap_db)
    }
}

/// Seconds in which the reduction follows a rise of level.
const ATTACK_S: f64 = 0.030;
/// Seconds in which it lets go.
const RELEASE_S: f64 = 0.200;

/// Below this reduction in dB the detector is at rest.
const REST_DB: f64 = 1e-9;

/// The compressor on two channels.
#[derive(Debug, Clone)]
pub(super) struct Compressor {
    curve: Curve,
    /// Level below which the curve does nothing, linear: saves the logarithm.
    knee_start: f64,
    attack: f64,
    release: f64,
    held_db: f64,
    smooth_db: f64,
    largest_db: f64,
}

impl Compressor {
    pub(super) fn new(sample_rate: u32) -> Self {
        let decay = |seconds: f64| libm::exp(-1.0 / (seconds * f64::from(sample_rate)));
        Self {
            curve: Curve::OFF,
            knee_start: f64::INFINITY,
            attack: decay(ATTACK_S),
            release: decay(RELEASE_S),
            held_db: 0.0,
            smooth_db: 0.0,
            largest_db: 0.0,
        }
    }

    /// Takes a new curve; the detector's own attack and release make the change smooth.
    pub(super) fn set(&mut self, curve: Curve) {
        self.curve = curve;
        self.knee_start = if curve == Curve::OFF {
            f64::INFINITY
        } else {
            super::mixer::gain_from_db(curve.threshold_db - curve.knee_db / 2.0)
        };
    }

    pub(super) fn reset(&mut self) {
        self.held_db = 0.0;
        self.smooth_db = 0.0;
        self.largest_db = 0.0;
    }

    /// Largest reduction in dB since the last call.
    pub(super) fn take_reduction_db(&mut self) -> f64 {
        std::mem::replace(&mut self.largest_db, self.smooth_db)
    }

    /// Whether it passes everything unchanged.
    pub(super) fn is_off(&self) -> bool {
        self.curve == Curve::OFF && self.smooth_db == 0.0
    }

    /// Whether it holds nothing back.
    pub(super) fn is_at_rest(&self) -> bool {
        self.smooth_db == 0.0
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        if self.is_off() {
            return;
        }
        let [left, right] = channels;
        for (l, r) in left.iter_mut().zip(right) {
            let gain = self.gain(l.abs().max(r.abs()));
            *l *= gain;
            *r *= gain;
        }
    }

    /// The gain for the next frame, whose louder channel has this amplitude.
    fn gain(&mut self, amplitude: f64) -> f64 {
        let wanted_db = if amplitude > self.knee_start {
            self.curve.reduction_db(20.0 / LN_10 * libm::log(amplitude))
        } else {
            0.0
        };
        self.held_db =
            wanted_db.max(self.release * self.held_db + (1.0 - self.release) * wanted_db);
        self.smooth_db = self.attack * self.smooth_db + (1.0 - self.attack) * self.held_db;
        if self.held_db < REST_DB && self.smooth_db < REST_DB {
            self.held_db = 0.0;
            self.smooth_db = 0.0;
            return 1.0;
        }
        self.largest_db = self.largest_db.max(self.smooth_db);
        libm::exp(-self.smooth_db * LN_10 / 20.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{amplitude_from_db, db_from_amplitude};

    const CURVE: Curve = Curve { threshold_db: -20.0, ratio: 2.0, knee_db: 6.0, cap_db: 12.0 };

    /// dB that a steady level is turned down by, after two seconds.
    fn settled_db(curve: Curve, level_db: f64) -> f64 {
        let mut compressor = Compressor::new(48_000);
        compressor.set(curve);
        let x = amplitude_from_db(level_db);
        let (mut left, mut right) = (vec![x; 96_000], vec![-x / 2.0; 96_000]);
        compressor.process([&mut left, &mut right]);
        assert!((left[95_999] + 2.0 * right[95_999]).abs() < 1e-12, "one gain for both");
        level_db - db_from_amplitude(left[95_999])
    }

    #[test]
    fn the_static_curve_is_the_papers() {
        // 2 (x - T) < -W: nothing; within the knee: (1 - 1/R)(x - T + W/2)²/(2 W); above: (1 - 1/R)(x - T).
        for (level_db, reduction_db) in [
            (-40.0, 0.0),
            (-23.0, 0.0),
            (-21.0, 1.0 / 6.0),
            (-20.0, 0.375),
            (-18.0, 25.0 / 24.0),
            (-17.0, 1.5),
            (-10.0, 5.0),
            (0.0, 10.0),
        ] {
            let is = settled_db(CURVE, level_db);
            assert!(
                (is - reduction_db).abs() < 1e-6,
                "{level_db} dBFS: {is} dB, not {reduction_db}"
            );
        }
    }

    #[test]
    fn the_cap_holds() {
        assert!((settled_db(Curve { cap_db: 3.0, ..CURVE }, 0.0) - 3.0).abs() < 1e-6);
    }

    #[test]
    fn off_changes_nothing() {
        let mut compressor = Compressor::new(48_000);
        let (mut left, mut right) = (vec![4.0, -0.3], vec![0.1, 0.2]);
        compressor.process([&mut left, &mut right]);
        assert_eq!((left, right), (vec![4.0, -0.3], vec![0.1, 0.2]));
    }

    #[test]
    fn attack_and_release_take_their_time() {
        let mut compressor = Compressor::new(48_000);
        compressor.set(CURVE);
        let frames = |seconds: f64| (seconds * 48_000.0) as usize;
        for _ in 0..frames(ATTACK_S) {
            compressor.gain(amplitude_from_db(-10.0));
        }
        assert!((compressor.smooth_db - 5.0 * (1.0 - (-1f64).exp())).abs() < 0.01);
        for _ in 0..frames(1.0) {
            compressor.gain(amplitude_from_db(-10.0));
        }
        assert!((compressor.take_reduction_db() - 5.0).abs() < 1e-6);
        for _ in 0..frames(ATTACK_S + RELEASE_S) {
            compressor.gain(0.0);
        }
        let left = compressor.smooth_db;
        assert!((1.5..2.5).contains(&left), "after a release time, {left} of 5 dB are left");
    }
}
