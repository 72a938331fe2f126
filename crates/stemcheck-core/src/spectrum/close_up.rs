//! A spectrogram of a few moments, drawn from the samples: as sharp in time as it is looked at.
//!
//! Rows are evenly spaced by pitch. The window follows the step from column to column: looked at from
//! near, a click is narrow, and the lowest notes run into each other for it. Draws nothing on a screen.

use super::{Complex, Fourier, hann};
use crate::block::Block;

/// Steps under a window, and its length in frames at least and at most: at 48 kHz 5 and 85 ms.
const STEPS: usize = 8;
const WINDOW: (usize, usize) = (256, 4096);

/// Levels in a decibel.
const LEVELS_PER_DB: f64 = 2.0;

/// Draws columns of one step.
#[derive(Debug)]
pub struct CloseUp {
    step: usize,
    window: Vec<f32>,
    /// Lower and upper edge of each row, in bins.
    rows: Vec<[f64; 2]>,
    fourier: Fourier<f32>,
    spectrum: Vec<Complex<f32>>,
    power: Vec<f64>,
}

impl CloseUp {
    /// Rows of a column, bass first.
    pub const ROWS: usize = 96;

    /// For columns `step` frames apart, with rows between two frequencies.
    pub fn new(sample_rate: u32, step: usize, [low_hz, high_hz]: [f64; 2]) -> Self {
        let step = step.max(1);
        let frames = (STEPS * step).clamp(WINDOW.0, WINDOW.1).max(step);
        let bin_hz = f64::from(sample_rate.max(1)) / frames as f64;
        let ratio = (high_hz / low_hz).max(1.0);
        let edge = |row: usize| low_hz / bin_hz * libm::pow(ratio, row as f64 / Self::ROWS as f64);
        let fourier = Fourier::new(frames);
        Self {
            step,
            window: hann(frames).into_iter().map(|x| x as f32).collect(),
            rows: (0..Self::ROWS).map(|row| [edge(row), edge(row + 1)]).collect(),
            spectrum: Vec::new(),
            power: vec![0.0; fourier.bins()],
            fourier,
        }
    }

    /// Frames before the first column that its window takes in, and after the last one.
    pub fn margin(&self) -> usize {
        (self.window.len() - self.step).div_ceil(2)
    }

    /// The levels of so many columns, each from bass to treble. `sound` begins [`Self::margin`] frames
    /// before the first one; what it lacks at its end is silent. See [`level_db`].
    pub fn draw(&mut self, sound: &Block, columns: usize) -> Vec<u8> {
        let mut levels = Vec::with_capacity(columns * Self::ROWS);
        for column in 0..columns {
            self.power.fill(0.0);
            let from = column * self.step;
            for channel in sound.channels.iter().take(2) {
                let samples = channel.get(from..).unwrap_or_default().iter();
                let windowed = samples
                    .zip(&self.window)
                    .map(|(sample, weight)| if sample.is_finite() { sample * weight } else { 0.0 });
                self.fourier.forward(windowed, &mut self.spectrum);
                for (power, value) in self.power.iter_mut().zip(&self.spectrum) {
                    *power = power.max(f64::from(value.norm_sqr()));
                }
            }
            // Half of what the window weighs is what a sine of full scale leaves in its bin.
            let full_scale = (self.window.len() as f64 / 4.0).powi(2);
            let level = |row: &[f64; 2]| level(self.loudest(*row) / full_scale);
            levels.extend(self.rows.iter().map(level));
        }
        levels
    }

    /// The loudest bin between two edges; of two bins the row between them what lies there.
    fn loudest(&self, [low, high]: [f64; 2]) -> f64 {
        let at = |bin: usize| self.power.get(bin).copied().unwrap_or_default();
        let (first, last) = (low.ceil() as usize, high.floor() as usize);
        if high - low >= 1.0 {
            return (first..=last).map(at).fold(0.0, f64::max);
        }
        let middle = f64::midpoint(low, high);
        let share = middle - middle.floor();
        let below = middle as usize;
        at(below) * (1.0 - share) + at(below + 1) * share
    }
}

/// A power, where a full-scale sine has 1, as one of 255 levels; 0 is silence.
fn level(power: f64) -> u8 {
    if power <= 0.0 {
        return 0;
    }
    let db = 10.0 * libm::log10(power);
    (255.0 + LEVELS_PER_DB * db).round().clamp(0.0, 255.0) as u8
}

/// A level of [`CloseUp::draw`] in dB against a full-scale sine; `None` is silence.
pub fn level_db(level: u8) -> Option<f64> {
    (level > 0).then(|| (f64::from(level) - 255.0) / LEVELS_PER_DB)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [f64; 2] = [50.0, 12_800.0];
    const RATE: u32 = 48_000;

    fn sound(frames: usize, sample: impl Fn(usize) -> f32) -> Block {
        let side: Vec<f32> = (0..frames).map(sample).collect();
        Block::from_planar(0, vec![side.clone(), side])
    }

    /// Row of a frequency.
    fn row(hz: f64) -> usize {
        ((hz / EDGES[0]).log2() / 8.0 * CloseUp::ROWS as f64) as usize
    }

    #[test]
    fn a_tone_stands_in_its_row_at_its_level() {
        for step in [8, 64, 1024] {
            let mut close = CloseUp::new(RATE, step, EDGES);
            let tone =
                |i: usize| 0.1 * (std::f32::consts::TAU * 3000.0 * i as f32 / 48_000.0).sin();
            let levels = close.draw(&sound(20_000, tone), 3);
            assert_eq!(levels.len(), 3 * CloseUp::ROWS);
            let column = &levels[CloseUp::ROWS..2 * CloseUp::ROWS];
            let loudest = (0..CloseUp::ROWS).max_by_key(|row| column[*row]).unwrap();
            assert!(loudest.abs_diff(row(3000.0)) <= 2, "{step}: row {loudest}");
            let db = level_db(column[loudest]).unwrap();
            // Between two bins and two rows it loses a little.
            assert!((db + 20.0).abs() < 2.0, "{step}: {db} dB");
        }
    }

    #[test]
    fn a_click_is_as_narrow_as_it_is_looked_at() {
        let width = |step: usize| {
            let mut close = CloseUp::new(RATE, step, EDGES);
            let middle = 20_000;
            let levels =
                close.draw(&sound(40_000, |i| if i == middle { 1.0 } else { 0.0 }), 40_000 / step);
            let high = levels.chunks(CloseUp::ROWS).map(|column| column[row(8000.0)]);
            let seen: Vec<usize> =
                high.enumerate().filter(|(_, level)| *level > 0).map(|(at, _)| at).collect();
            // The column under whose middle it is.
            let expected = (middle - close.margin()) / step;
            assert!(
                seen.iter().any(|at| at.abs_diff(expected) <= 1),
                "{step}: {seen:?}, not {expected}"
            );
            seen.len() * step
        };
        assert!(width(512) > 3000);
        assert!(width(8) < 260);
    }

    #[test]
    fn silence_nonsense_and_what_is_not_there_are_nothing() {
        let mut close = CloseUp::new(RATE, 64, EDGES);
        assert!(close.draw(&sound(4000, |_| 0.0), 20).iter().all(|level| *level == 0));
        assert!(close.draw(&sound(4000, |_| f32::NAN), 20).iter().all(|level| *level == 0));
        assert!(close.draw(&Block::default(), 5).iter().all(|level| *level == 0));
        assert!(
            close
                .draw(&sound(10, |_| 1.0), 2000)
                .iter()
                .skip(CloseUp::ROWS * 2)
                .all(|level| *level == 0)
        );
        assert_eq!(level_db(255), Some(0.0));
        assert_eq!(level_db(0), None);
        // Rows above half the sample rate are empty.
        let mut low = CloseUp::new(8000, 64, EDGES);
        let noise = |i: usize| if i.is_multiple_of(7) { 0.5 } else { -0.1 };
        let levels = low.draw(&sound(4000, noise), 1);
        assert!(levels[row(6000.0)..].iter().all(|level| *level == 0));
        assert!(CloseUp::new(0, 0, [0.0, 0.0]).draw(&sound(4000, noise), 1).len() == CloseUp::ROWS);
    }
}
