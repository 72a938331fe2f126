//! Who is to blame, when: the residual's energy by file, band and time, and its spectrogram.
//!
//! Looks at the portraits alone, a step of time and a band after the other: first what is a stem
//! filtered, shifted or scaled (coherent, so that stems that play together are told apart), then
//! whose loudness the rest goes with (METHODS 5.3, "residual tracking"). What follows no single stem
//! is the reference's. The seconds' exact energies set the scale. Names no causes.

mod cell;

use cell::{Cell, Values, blame_mix, energy};

use super::meter::NullPart;
use super::signature::Grid;
use super::{Cause, Setup};
use crate::spectrum::Complex;

/// Steps of time at most: more are not seen on a screen.
const MOST_STEPS: usize = 240;
/// Columns of the spectrogram at most.
const MOST_COLUMNS: usize = 600;
/// Where one band ends and the next begins, in Hz: bass, low mids, high mids, treble.
const CROSSINGS_HZ: [f64; 3] = [180.0, 710.0, 2850.0];
/// Nothing is heard below, in Hz.
const LOWEST_HZ: f64 = 20.0;

/// Residuals no louder than twice what word lengths leave are nobody's.
const ABOVE_FLOOR: f64 = 2.0;
/// What single precision leaves in a portrait, relative to all that was summed.
const NOISE: f64 = 1e-12;
/// Causes that explain this share of the residual name everybody who is to blame.
const SOLVED: f64 = 0.99;
/// The residual by file, band and time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Blame {
    /// Seconds from step to step, counted from the song's start; whole seconds.
    pub step_s: f64,
    /// Edges of the bands in Hz, one more than there are bands.
    pub edges_hz: Vec<f64>,
    /// Mean square of the residual over both channels, `[file][band][step]`: one file for each stem,
    /// then the reference, which gets what follows no single stem. Adds up to the residual.
    pub power: Vec<Vec<Vec<f32>>>,
    /// The residual itself.
    pub spectrogram: Spectrogram,
}

/// How loud each band of the residual is over time.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Spectrogram {
    /// Seconds from column to column, the first one at the song's start.
    pub step_s: f64,
    /// Middle of each band in Hz.
    pub bands_hz: Vec<f64>,
    /// Column by column, the loudest moment under each; a full-scale sine has 1.
    pub power: Vec<f32>,
}

impl Blame {
    /// Mean square of what a file is to blame for in a step, all bands.
    pub fn at(&self, file: usize, step: usize) -> f64 {
        let bands = self.power.get(file).into_iter().flatten();
        bands.filter_map(|band| band.get(step)).map(|&power| f64::from(power)).sum()
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.power.first().and_then(|bands| bands.first()).map_or(0, Vec::len)
    }
}

impl NullPart {
    /// Who is to blame for the residual; `None` if it is no more than word lengths leave. Where the
    /// causes explain all of it, nobody else is suspected.
    pub fn blame(&self, setup: &Setup, causes: &[Cause]) -> Option<Blame> {
        let figures = self.figures();
        let samples = (2 * self.frames).max(1) as f64;
        let floor = ABOVE_FLOOR * setup.floor_power(figures.reference_energy / samples);
        if figures.residual_energy <= floor * samples {
            return None;
        }
        let seconds = self.seconds.len();
        let step = seconds.div_ceil(MOST_STEPS).max(1);
        let view = View::new(self, causes);
        let rows = view.files;
        let mut edges_hz = vec![LOWEST_HZ];
        edges_hz.extend(CROSSINGS_HZ);
        edges_hz.push(f64::from(self.sample_rate) / 2.0);
        edges_hz.dedup_by(|upper, lower| *upper <= *lower);
        let bands = edges_hz.len() - 1;
        let mut power = vec![vec![vec![0.0; seconds.div_ceil(step)]; bands]; rows];
        for (index, stretch) in self.seconds.chunks(step).enumerate() {
            let energy: f64 = stretch.iter().map(|second| second.residual).sum();
            let begin = (index * step) as u64 * u64::from(self.sample_rate);
            let room = stretch.len() as u64 * u64::from(self.sample_rate);
            let frames = room.min(self.frames.saturating_sub(begin)).max(1);
            let mean_square = energy / (2 * frames) as f64;
            if mean_square <= floor {
                continue;
            }
            let shares = view.shares(begin..begin + room, &edges_hz);
            let total: f64 = shares.iter().flatten().sum();
            if total > 0.0 {
                for (row, shares) in power.iter_mut().zip(&shares) {
                    for (band, share) in row.iter_mut().zip(shares) {
                        band[index] = (share / total * mean_square) as f32;
                    }
                }
            }
        }
        Some(Blame { step_s: step as f64, edges_hz, power, spectrogram: view.spectrogram() })
    }
}

/// The portraits of the song as this looks at them.
struct View<'a> {
    part: &'a NullPart,
    grid: Grid,
    files: usize,
    /// Who may be to blame: one for each stem, then the reference.
    suspects: Vec<bool>,
}

/// One column of all portraits.
struct Column<'a> {
    residual: Values,
    /// The stems, then the reference.
    files: Vec<&'a [f32]>,
}

impl Column<'_> {
    fn value(&self, file: usize, band: usize) -> Complex<f64> {
        self.files[file].get(2 * band..2 * band + 2).map_or(Complex::default(), complex)
    }

    /// What single precision may have left of the files in the residual.
    fn noise(&self) -> f64 {
        NOISE * self.files.iter().map(|file| square(file)).sum::<f64>()
    }
}

impl<'a> View<'a> {
    fn new(part: &'a NullPart, causes: &[Cause]) -> Self {
        let grid = Grid::new(part.sample_rate);
        let files = part.signatures.len();
        Self { part, files, grid, suspects: suspects(causes, files) }
    }

    /// The residual and every file in one column, whatever the files hold there.
    fn column(&self, column: u64) -> Column<'a> {
        let bands = self.grid.bins.len();
        let files: Vec<&[f32]> =
            self.part.signatures.iter().map(|file| file.column(bands, column)).collect();
        let mut residual = vec![Complex::default(); bands];
        for (file, values) in files.iter().enumerate() {
            let sign = if file + 1 == self.files { -1.0 } else { 1.0 };
            for (sum, value) in residual.iter_mut().zip(values.chunks_exact(2)) {
                *sum += sign * complex(value);
            }
        }
        Column { residual, files }
    }

    /// Energies by file and band within some frames, in no particular unit.
    fn shares(&self, frames: std::ops::Range<u64>, edges_hz: &[f64]) -> Vec<Vec<f64>> {
        let hop = self.grid.hop as u64;
        let columns: Vec<_> = (frames.start.div_ceil(hop)..frames.end.div_ceil(hop))
            .map(|column| self.column(column))
            .collect();
        let noise = columns.iter().map(Column::noise).sum();
        let mut cells: Vec<Cell> = edges_hz
            .windows(2)
            .map(|edges| {
                let inside = |&band: &usize| {
                    (edges[0]..edges[1]).contains(&self.grid.hz(self.grid.bins[band]))
                };
                let bands: Vec<usize> = (0..self.grid.bins.len()).filter(inside).collect();
                self.cell(&bands, &columns, noise)
            })
            .collect();
        let mixed = blame_mix(&mut cells, &self.suspects);
        let cells = cells.iter_mut().zip(mixed);
        let by_band: Vec<Vec<f64>> =
            cells.map(|(cell, mix)| cell.blame_stems(mix, &self.suspects)).collect();
        (0..self.files).map(|file| by_band.iter().map(|files| files[file]).collect()).collect()
    }

    fn cell(&self, bands: &[usize], columns: &[Column], noise: f64) -> Cell {
        // As wide as a third of an octave is.
        let weight = |band: usize| (self.grid.bins[band] as f64).sqrt();
        let gather = |value: &dyn Fn(&Column, usize) -> Complex<f64>| -> Values {
            let mut values = Vec::with_capacity(bands.len() * columns.len());
            for &band in bands {
                values.extend(columns.iter().map(|column| weight(band) * value(column, band)));
            }
            values
        };
        let stem = |file: usize| gather(&|column, band| column.value(file, band));
        let width: f64 = bands.iter().map(|&band| weight(band) * weight(band)).fold(0.0, f64::max);
        let residual = gather(&|column, band| column.residual[band]);
        let audible = energy(&residual) > noise * width;
        Cell {
            columns: columns.len().max(1),
            stems: (0..self.files.saturating_sub(1)).map(stem).collect(),
            residual: if audible { residual } else { Vec::new() },
        }
    }

    fn spectrogram(&self) -> Spectrogram {
        let bands = self.grid.bins.len();
        let columns = self.part.columns(&self.grid);
        let each = columns.div_ceil(MOST_COLUMNS).max(1);
        // The window's sum is one hop, a sine is half of it, and the sides weigh 1.5 together.
        let full_scale = 0.75 * self.grid.hop as f64;
        let mut power = vec![0.0_f32; columns.div_ceil(each) * bands];
        for column in 0..columns {
            let seen = self.column(column as u64);
            let noise = seen.noise();
            let out = power.chunks_exact_mut(bands.max(1)).nth(column / each);
            for (out, value) in out.into_iter().flatten().zip(&seen.residual) {
                if value.norm_sqr() > noise {
                    *out = out.max((value.norm_sqr() / (full_scale * full_scale)) as f32);
                }
            }
        }
        Spectrogram {
            step_s: (each * self.grid.hop) as f64 / f64::from(self.part.sample_rate),
            bands_hz: self.grid.bins.iter().map(|&bin| self.grid.hz(bin)).collect(),
            power,
        }
    }
}

/// Who may be to blame: one for each stem, then the reference.
fn suspects(causes: &[Cause], files: usize) -> Vec<bool> {
    let named =
        || causes.iter().filter(|cause| cause.code != "unexplained" && cause.code != "rounding");
    let solved = named().map(|cause| cause.share).sum::<f64>() >= SOLVED;
    let reference = files.saturating_sub(1);
    let is_named = |file: usize| named().any(|cause| cause.stem.unwrap_or(reference) == file);
    (0..files).map(|file| !solved || is_named(file)).collect()
}

fn complex(value: &[f32]) -> Complex<f64> {
    match value {
        [re, im] => Complex::new(f64::from(*re), f64::from(*im)),
        _ => Complex::default(),
    }
}

fn square(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x) * f64::from(x)).sum()
}
