//! The gentle equaliser: second-order sections after Robert Bristow-Johnson's "Audio EQ cookbook".
//!
//! The sections are transposed direct form II in f64. When a preset is changed while it plays, the
//! coefficients move in a straight line: between two stable sections every point is stable.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::mixer::Ramp;

/// One section of the equaliser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Band {
    /// Passes everything.
    Flat,
    /// Butterworth high-pass at so many Hz.
    HighPass { hz: f64 },
    /// Shelf below so many Hz, slope 1.
    LowShelf { hz: f64, db: f64 },
    /// Bell around so many Hz.
    Peak { hz: f64, db: f64, q: f64 },
    /// Shelf above so many Hz, slope 1.
    HighShelf { hz: f64, db: f64 },
}

/// `b0 b1 b2 a1 a2`, normalised by `a0`.
type Coefficients = [f64; 5];

const PASS: Coefficients = [1.0, 0.0, 0.0, 0.0, 0.0];

/// Highest corner as a share of the sample rate; what lies above is left flat.
const HIGHEST_CORNER: f64 = 0.45;

/// Below this, what rings on is set to zero: far below the smallest sample, far above the numbers
/// that processors are slow with.
const TINY: f64 = 1e-60;

impl Band {
    fn coefficients(self, sample_rate: f64) -> Coefficients {
        let (hz, db, q) = match self {
            Self::Flat => return PASS,
            Self::HighPass { hz } => (hz, 0.0, FRAC_1_SQRT_2),
            Self::LowShelf { hz, db } | Self::HighShelf { hz, db } => (hz, db, FRAC_1_SQRT_2),
            Self::Peak { hz, db, q } => (hz, db, q),
        };
        if hz > HIGHEST_CORNER * sample_rate {
            return PASS;
        }
        let w = 2.0 * PI * hz / sample_rate;
        let (sin, cos) = (libm::sin(w), libm::cos(w));
        let alpha = sin / (2.0 * q);
        let a = libm::exp(db * std::f64::consts::LN_10 / 40.0);
        let root = 2.0 * a.sqrt() * alpha;
        let (b0, b1, b2, a0, a1, a2) = match self {
            Self::Flat => return PASS,
            Self::HighPass { .. } => (
                f64::midpoint(1.0, cos),
                -(1.0 + cos),
                f64::midpoint(1.0, cos),
                1.0 + alpha,
                -2.0 * cos,
                1.0 - alpha,
            ),
            Self::Peak { .. } => (
                1.0 + alpha * a,
                -2.0 * cos,
                1.0 - alpha * a,
                1.0 + alpha / a,
                -2.0 * cos,
                1.0 - alpha / a,
            ),
            Self::LowShelf { .. } => (
                a * ((a + 1.0) - (a - 1.0) * cos + root),
                2.0 * a * ((a - 1.0) - (a + 1.0) * cos),
                a * ((a + 1.0) - (a - 1.0) * cos - root),
                (a + 1.0) + (a - 1.0) * cos + root,
                -2.0 * ((a - 1.0) + (a + 1.0) * cos),
                (a + 1.0) + (a - 1.0) * cos - root,
            ),
            Self::HighShelf { .. } => (
                a * ((a + 1.0) + (a - 1.0) * cos + root),
                -2.0 * a * ((a - 1.0) + (a + 1.0) * cos),
                a * ((a + 1.0) + (a - 1.0) * cos - root),
                (a + 1.0) - (a - 1.0) * cos + root,
                2.0 * ((a - 1.0) - (a + 1.0) * cos),
                (a + 1.0) - (a - 1.0) * cos - root,
            ),
        };
        [b0, b1, b2, a1, a2].map(|x| x / a0)
    }
}

/// One section on both channels.
#[derive(Debug, Clone)]
struct Section {
    coefficients: [Ramp; 5],
    /// The two delays of each channel.
    state: [[f64; 2]; 2],
}

impl Section {
    fn is_moving(&self) -> bool {
        self.coefficients.iter().any(Ramp::is_moving)
    }

    fn passes(&self) -> bool {
        self.coefficients.iter().zip(PASS).all(|(ramp, pass)| ramp.now() == pass)
    }

    fn process(&mut self, channels: [&mut [f64]; 2]) {
        let [left, right] = channels;
        let mut state = self.state;
        if self.is_moving() {
            for (l, r) in left.iter_mut().zip(right) {
                let c = self.coefficients.each_mut().map(Ramp::next);
                *l = step(&c, &mut state[0], *l);
                *r = step(&c, &mut state[1], *r);
            }
        } else {
            let c = self.coefficients.each_mut().map(Ramp::next);
            if c != PASS || state != [[0.0; 2]; 2] {
                for (l, r) in left.iter_mut().zip(right) {
                    *l = step(&c, &mut state[0], *l);
                    *r = step(&c, &mut state[1], *r);
                }
            }
        }
        self.state = state;
    }
}

fn step(&[b0, b1, b2, a1, a2]: &Coefficients, state: &mut [f64; 2], x: f64) -> f64 {
    let y = b0 * x + state[0];
    let y = if y.abs() < TINY { 0.0 } else { y };
    *state = [b1 * x - a1 * y + state[1], b2 * x - a2 * y];
    y
}

/// A row of sections.
#[derive(Debug, Clone)]
pub(super) struct Eq<const N: usize> {
    sample_rate: f64,
    sections: [Section; N],
}

impl<const N: usize> Eq<N> {
    pub(super) fn new(sample_rate: u32) -> Self {
        Self {
            sample_rate: f64::from(sample_rate),
            sections: std::array::from_fn(|_| Section {
                coefficients: PASS.map(Ramp::new),
                state: [[0.0; 2]; 2],
            }),
        }
    }

    /// Takes new bands, to be reached in `ramp` frames.
    pub(super) fn set(&mut self, bands: &[Band; N], ramp: usize) {
        for (section, band) in self.sections.iter_mut().zip(bands) {
            let targets = band.coefficients(self.sample_rate);
            for (coefficient, target) in section.coefficients.iter_mut().zip(targets) {
                coefficient.go(target, ramp);
            }
        }
    }

    /// Whether silence comes out of silence, now and later.
    pub(super) fn is_at_rest(&self) -> bool {
        self.sections.iter().all(|section| section.state == [[0.0; 2]; 2] && !section.is_moving())
    }

    /// Whether it passes everything unchanged, now and later.
    pub(super) fn is_flat(&self) -> bool {
        self.is_at_rest() && self.sections.iter().all(Section::passes)
    }

    pub(super) fn reset(&mut self) {
        for section in &mut self.sections {
            section.state = [[0.0; 2]; 2];
            section.coefficients.iter_mut().for_each(Ramp::arrive);
        }
    }

    pub(super) fn process(&mut self, channels: [&mut [f64]; 2]) {
        let [left, right] = channels;
        for section in &mut self.sections {
            section.process([&mut *left, &mut *right]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::db_from_amplitude;

    const RATE: u32 = 48_000;

    /// The gain in dB at `hz`, by the Fourier sum of the impulse response.
    fn gain_db(band: Band, rate: u32, hz: f64) -> f64 {
        let mut eq = Eq::<1>::new(rate);
        eq.set(&[band], 0);
        let mut left = vec![0.0; rate as usize];
        let mut right = left.clone();
        left[0] = 1.0;
        eq.process([&mut left, &mut right]);
        let w = 2.0 * PI * hz / f64::from(rate);
        let (mut re, mut im) = (0.0, 0.0);
        for (i, x) in left.iter().enumerate() {
            re += x * (w * i as f64).cos();
            im -= x * (w * i as f64).sin();
        }
        db_from_amplitude(re.hypot(im))
    }

    /// The analogue prototypes of the cookbook at `s = i·tan(w/2)/tan(w0/2)`: what the bilinear
    /// transform must give, worked out without its coefficients.
    fn closed_form_db(band: Band, rate: u32, hz: f64) -> f64 {
        let tan = |hz: f64| (PI * hz / f64::from(rate)).tan();
        let magnitude2 =
            |w: f64, [c2, c1, c0]: [f64; 3]| (c0 - c2 * w * w).powi(2) + (c1 * w).powi(2);
        let (hz0, numerator, denominator) = match band {
            Band::Flat => return 0.0,
            Band::HighPass { hz } => (hz, [1.0, 0.0, 0.0], [1.0, 2f64.sqrt(), 1.0]),
            Band::Peak { hz, db, q } => {
                let a = 10f64.powf(db / 40.0);
                (hz, [1.0, a / q, 1.0], [1.0, 1.0 / (a * q), 1.0])
            }
            Band::LowShelf { hz, db } => {
                let a = 10f64.powf(db / 40.0);
                let k = (2.0 * a).sqrt();
                (hz, [a, a * k, a * a], [a, k, 1.0])
            }
            Band::HighShelf { hz, db } => {
                let a = 10f64.powf(db / 40.0);
                let k = (2.0 * a).sqrt();
                (hz, [a * a, a * k, a], [1.0, k, a])
            }
        };
        let w = tan(hz) / tan(hz0);
        10.0 * (magnitude2(w, numerator) / magnitude2(w, denominator)).log10()
    }

    #[test]
    fn magnitudes_are_the_cookbooks() {
        for band in [
            Band::Flat,
            Band::HighPass { hz: 20.0 },
            Band::LowShelf { hz: 80.0, db: 1.5 },
            Band::Peak { hz: 300.0, db: -1.0, q: 0.7 },
            Band::HighShelf { hz: 10_000.0, db: -1.5 },
        ] {
            for rate in [44_100, 48_000, 96_000] {
                for hz in [5.0, 20.0, 80.0, 300.0, 1000.0, 9000.0, 18_000.0] {
                    let (is, should) = (gain_db(band, rate, hz), closed_form_db(band, rate, hz));
                    assert!(
                        (is - should).abs() < 1e-6,
                        "{band:?} at {hz} Hz: {is} dB, not {should}"
                    );
                }
            }
        }
    }

    #[test]
    fn bands_above_the_audio_stay_flat() {
        let shelf = Band::HighShelf { hz: 10_000.0, db: 1.5 };
        assert!(gain_db(shelf, 8_000, 3_900.0).abs() < 1e-9);
    }

    #[test]
    fn what_rings_on_ends_in_true_zero() {
        let mut eq = Eq::<1>::new(RATE);
        eq.set(&[Band::HighPass { hz: 20.0 }], 0);
        let (mut left, mut right) = (vec![0.0; 4 * RATE as usize], vec![0.0; 4 * RATE as usize]);
        left[0] = 1.0;
        eq.process([&mut left, &mut right]);
        assert_eq!(eq.sections[0].state, [[0.0; 2]; 2]);
    }

    #[test]
    fn a_change_of_bands_makes_no_step() {
        let mut eq = Eq::<1>::new(RATE);
        eq.set(&[Band::LowShelf { hz: 80.0, db: 1.5 }], 0);
        let mut left: Vec<f64> =
            (0..48_000).map(|i| (2.0 * PI * 50.0 * f64::from(i) / 48_000.0).sin()).collect();
        let mut right = left.clone();
        let (l1, l2) = left.split_at_mut(24_100);
        let (r1, r2) = right.split_at_mut(24_100);
        eq.process([l1, r1]);
        eq.set(&[Band::LowShelf { hz: 80.0, db: -1.5 }], 480);
        eq.process([l2, r2]);
        let steepest = left.windows(2).skip(4000).map(|w| (w[1] - w[0]).abs()).fold(0.0, f64::max);
        // A 50 Hz sine, 1.2 loud, moves by at most 0.0079 from frame to frame.
        assert!(steepest < 0.0085, "{steepest}");
        assert_eq!(left, right);
    }
}
