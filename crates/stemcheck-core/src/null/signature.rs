//! A small portrait of each file over the whole song: complex spectra in a few narrow bands, a
//! couple of dozen times a second.
//!
//! It is linear in the samples, so the portrait of a sum is the sum of the portraits and portraits
//! of neighbouring segments add up, without any pre-roll; its grid is absolute, so that any cuts
//! merge. It finds *about* where a stem belongs, over any distance and in any band, at about
//! 4 kB a second and file; the sample is found elsewhere, at the full rate.

use crate::spectrum::{Complex, Fourier, hann};

/// Lowest band in Hz, and how many bands to an octave (third octaves from the bass to the cymbals).
const LOWEST_BAND_HZ: f64 = 50.0;
const BANDS_PER_OCTAVE: f64 = 3.0;
const BANDS: usize = 24;

/// The left side counts once and the right side half, so that neither mono nor pure side content
/// cancels.
pub(super) const RIGHT_WEIGHT: f32 = 0.5;

/// Both sides in one, as they are portrayed.
pub(super) fn to_mono([left, right]: [&[f32]; 2], out: &mut Vec<f32>) {
    out.clear();
    out.extend(left.iter().zip(right).map(|(left, right)| left + RIGHT_WEIGHT * right));
}

/// Where the columns of every portrait lie, for one sample rate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// Frames from column to column. Column `m` covers the frames from `(m - 1) * hop` to
    /// `(m + 1) * hop`, under a Hann window.
    pub hop: usize,
    /// Bin of each band in the spectrum of `2 * hop` frames.
    pub bins: Vec<usize>,
    bin_hz: f64,
}

impl Grid {
    pub(super) fn new(sample_rate: u32) -> Self {
        let hop = (sample_rate as usize / 24).next_power_of_two().max(16);
        let bin_hz = f64::from(sample_rate) / (2 * hop) as f64;
        let mut bins: Vec<usize> = (0..BANDS)
            .map(|band| LOWEST_BAND_HZ * (band as f64 / BANDS_PER_OCTAVE).exp2() / bin_hz)
            .map(|bin| bin.round() as usize)
            .filter(|&bin| (1..hop).contains(&bin))
            .collect();
        bins.dedup();
        Self { hop, bins, bin_hz }
    }

    /// The middle of a bin in Hz.
    pub(super) fn hz(&self, bin: usize) -> f64 {
        bin as f64 * self.bin_hz
    }
}

/// One file's portrait: columns from `first` on, each with one complex value a band.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Signature {
    first: u64,
    /// Real and imaginary parts, band by band, column by column.
    values: Vec<f32>,
}

impl Signature {
    /// Adds the portrait of the stretch that follows.
    pub(super) fn merge(&mut self, next: &Self, bands: usize) {
        if next.values.is_empty() {
            return;
        }
        if self.values.is_empty() {
            self.clone_from(next);
            return;
        }
        let skip = (next.first.saturating_sub(self.first) as usize) * 2 * bands;
        let needed = skip + next.values.len();
        if self.values.len() < needed {
            self.values.resize(needed, 0.0);
        }
        for (sum, x) in self.values[skip..].iter_mut().zip(&next.values) {
            *sum += x;
        }
    }

    #[cfg(test)]
    pub(super) fn is_close(&self, other: &Self) -> bool {
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
        (self.first, self.values.len()) == (other.first, other.values.len())
            && self.values.iter().zip(&other.values).all(near)
    }

    /// Columns up to the last one, counted from the start of the song.
    pub(super) fn columns(&self, bands: usize) -> usize {
        self.first as usize + self.values.len() / (2 * bands).max(1)
    }

    /// Products with another portrait, band by band, over every `step`th column that both have.
    pub(super) fn products(&self, other: &Self, bands: usize, step: usize) -> Vec<f64> {
        let mut products = vec![0.0; bands];
        let first = self.first.max(other.first);
        let columns = self.columns_from(first, bands).zip(other.columns_from(first, bands));
        for (a, b) in columns.step_by(step.max(1)) {
            let values = a.chunks_exact(2).zip(b.chunks_exact(2));
            for (product, (a, b)) in products.iter_mut().zip(values) {
                *product += f64::from(a[0]) * f64::from(b[0]) + f64::from(a[1]) * f64::from(b[1]);
            }
        }
        products
    }

    /// One column, real and imaginary part of each band; empty outside the portrait.
    pub(super) fn column(&self, bands: usize, column: u64) -> &[f32] {
        let at = column.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.values.chunks_exact((2 * bands).max(1)).nth(at)).unwrap_or_default()
    }

    /// The values of each column from column `first` on, which is not before its own first one.
    fn columns_from(&self, first: u64, bands: usize) -> std::slice::ChunksExact<'_, f32> {
        let skipped = first.saturating_sub(self.first) as usize * 2 * bands;
        self.values.get(skipped..).unwrap_or_default().chunks_exact((2 * bands).max(1))
    }

    /// The value of one band in a column; zero outside.
    pub(super) fn value(&self, bands: usize, band: usize, column: i64) -> Complex<f64> {
        let at = column - self.first as i64;
        usize::try_from(at)
            .ok()
            .and_then(|at| self.values.chunks_exact(2).nth(at * bands + band))
            .map_or(Complex::default(), |v| Complex::new(f64::from(v[0]), f64::from(v[1])))
    }

    /// One band of the first `columns` columns of the file, moved `advance_frames` earlier.
    pub(super) fn band(
        &self,
        grid: &Grid,
        band: usize,
        columns: usize,
        advance_frames: f64,
    ) -> Vec<Complex<f64>> {
        let shift = Shift::new(grid, advance_frames);
        (0..columns as i64).map(|column| self.moved(band, column, &shift)).collect()
    }

    /// One band of a column of the file, moved (between two columns: their mean, turned to the phase
    /// in between).
    pub(super) fn moved(&self, band: usize, column: i64, shift: &Shift) -> Complex<f64> {
        let bands = shift.turns.len();
        let column = column + shift.whole;
        let (before, after) = shift.turns[band];
        let value = self.value(bands, band, column) * before;
        if after == Complex::default() {
            value
        } else {
            value + self.value(bands, band, column + 1) * after
        }
    }
}

/// How to look at a portrait as if its file were moved.
#[derive(Debug)]
pub(super) struct Shift {
    whole: i64,
    /// By band: what the column and the next one count.
    turns: Vec<(Complex<f64>, Complex<f64>)>,
}

impl Shift {
    /// For a file that is moved `advance_frames` earlier.
    pub(super) fn new(grid: &Grid, advance_frames: f64) -> Self {
        let advance = advance_frames / grid.hop as f64;
        let (whole, part) = (advance.floor(), advance - advance.floor());
        let turn = |&bin: &usize| {
            let turn = std::f64::consts::PI * bin as f64;
            let before = Complex::from_polar(1.0 - part, turn * part);
            if part == 0.0 {
                (before, Complex::default())
            } else {
                (before, Complex::from_polar(part, -turn * (1.0 - part)))
            }
        };
        Self { whole: whole as i64, turns: grid.bins.iter().map(turn).collect() }
    }
}

/// Draws the portrait of one file over one segment.
#[derive(Debug)]
pub(super) struct SignatureMeter {
    window: Vec<f32>,
    /// The frames under the current column, as far as they came.
    buffer: Vec<f32>,
    filled: usize,
    /// Whether the buffer holds anything of this segment.
    touched: bool,
    out: Signature,
}

impl SignatureMeter {
    pub(super) fn new(grid: &Grid, start: u64) -> Self {
        let len = 2 * grid.hop;
        let window = hann(len).into_iter().map(|x| x as f32).collect();
        let first = start / grid.hop as u64;
        Self {
            window,
            buffer: vec![0.0; len],
            filled: (start - first * grid.hop as u64) as usize + grid.hop,
            touched: false,
            out: Signature { first, values: Vec::new() },
        }
    }

    /// Takes the next frames, already weighted to one channel.
    pub(super) fn push(
        &mut self,
        grid: &Grid,
        fourier: &mut Fourier<f32>,
        spectrum: &mut Vec<Complex<f32>>,
        mut mono: &[f32],
    ) {
        while !mono.is_empty() {
            let count = mono.len().min(self.buffer.len() - self.filled);
            self.buffer[self.filled..self.filled + count].copy_from_slice(&mono[..count]);
            self.filled += count;
            self.touched = true;
            mono = &mono[count..];
            if self.filled == self.buffer.len() {
                self.draw(grid, fourier, spectrum);
            }
        }
    }

    /// Draws the current column and moves on by one.
    fn draw(&mut self, grid: &Grid, fourier: &mut Fourier<f32>, spectrum: &mut Vec<Complex<f32>>) {
        let weighted = self.buffer.iter().zip(&self.window).map(|(&x, &w)| x * w);
        fourier.forward(weighted, spectrum);
        for &bin in &grid.bins {
            self.out.values.extend([spectrum[bin].re, spectrum[bin].im]);
        }
        self.buffer.copy_within(grid.hop.., 0);
        self.buffer[grid.hop..].fill(0.0);
        self.filled = self.filled.saturating_sub(grid.hop);
    }

    /// The portrait of what `next` delivers, stretch after stretch from the start of the song.
    pub(super) fn whole(grid: &Grid, mut next: impl FnMut(&mut Vec<f32>) -> bool) -> Signature {
        let (mut fourier, mut spectrum) = (Fourier::new(2 * grid.hop), Vec::new());
        let (mut meter, mut mono) = (Self::new(grid, 0), Vec::new());
        while next(&mut mono) {
            meter.push(grid, &mut fourier, &mut spectrum, &mono);
        }
        meter.finish(grid, &mut fourier, &mut spectrum)
    }

    pub(super) fn finish(
        mut self,
        grid: &Grid,
        fourier: &mut Fourier<f32>,
        spectrum: &mut Vec<Complex<f32>>,
    ) -> Signature {
        // The last frames lie under two columns that the next segment completes.
        while self.touched && self.filled > 0 {
            self.draw(grid, fourier, spectrum);
        }
        // Portraits are most of what is kept of a song.
        self.out.values.shrink_to_fit();
        self.out
    }
}
