//! Where the spectrum ends: a steep edge far below half the sample rate is left by a resampler or by
//! a lossy encoder.
//!
//! Decides what is kept of the spectra: for every second the largest level of each band of about
//! 50 Hz, in whole decibels. Largest values merge exactly, and an upper quantile of them over the
//! seconds is what the music holds, without its clicks. Does not say where an edge comes from; see
//! `checks`.

use crate::block::Block;
use crate::spectrum::{Complex, Fourier};
use crate::units::db_from_power;

/// Frames of a window; windows lie edge to edge, window `k` from frame `k * WINDOW` on.
pub(super) const WINDOW: usize = 8192;
/// Rates that are looked at: below, music itself reaches half the rate; and a window has to fit into
/// the pre-roll.
const LOWEST_RATE: u32 = 32_000;
/// Widths about which a spectrum is kept, in Hz.
const BAND_HZ: f64 = 47.0;
/// No edge is looked for below this, in Hz: instruments end there by themselves.
const LOWEST_EDGE_HZ: f64 = 9_000.0;
/// No edge is looked for above this part of half the sample rate: the file's own filters are there.
const HIGHEST_EDGE: f64 = 0.985;
/// What lies between these distances from an edge, in Hz, is compared across it.
const NEAR_HZ: f64 = 100.0;
const FAR_HZ: f64 = 350.0;
/// So far below an edge the spectrum has to be filled, in Hz: the flank of a single partial, and the
/// gaps of a tone's last ones, are no edge.
const BODY_HZ: f64 = 1_350.0;
/// Part of the levels there that may be lower.
const GAPS: f64 = 0.25;
/// Distance from which on nothing of the edge itself is left, in Hz.
const BEYOND_HZ: f64 = 500.0;
/// What is stored for 0 dB; a step is one decibel.
const ZERO_DB: f64 = 200.0;
/// Seconds whose loudest window is further below the loudest of all do not count, in dB.
const SOUNDING_DB: u8 = 40;
/// Fewer sounding seconds say nothing.
const LEAST_CELLS: usize = 3;
/// Part of the sounding seconds below the held level: clicks and cuts are in the rest.
const HELD: f64 = 0.9;
/// An edge is worth telling from here on, in dB. Cymbals fall by less within such a width.
const LEAST_DROP_DB: f64 = 20.0;
/// Mean square below which a window is not looked at: less than 24 bits hold.
const NOTHING: f64 = 1e-13;

/// Where a spectrum breaks off.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Edge {
    /// The edge, in Hz, to within some 50 Hz.
    pub hz: f64,
    /// By how many dB the spectrum falls within 200 Hz.
    pub drop_db: f64,
    /// Level just below it, in dB (of white noise of that power).
    pub below_db: f64,
    /// The largest levels above it, in the same measure: silence, noise, or images.
    pub above_db: f64,
}

/// Which bands there are at a sample rate.
#[derive(Debug, Clone, Copy)]
struct Bands {
    /// Bin of the lowest one.
    first_bin: usize,
    /// Bins of each.
    bins: usize,
    count: usize,
    hz_per_bin: f64,
    /// Windows in about a second.
    windows: u64,
}

impl Bands {
    fn new(sample_rate: u32) -> Option<Self> {
        if sample_rate < LOWEST_RATE {
            return None;
        }
        let hz_per_bin = f64::from(sample_rate) / WINDOW as f64;
        let bins = ((BAND_HZ / hz_per_bin).round() as usize).max(1);
        let first_bin = ((LOWEST_EDGE_HZ - 1.1 * BODY_HZ) / hz_per_bin) as usize;
        let count = (WINDOW / 2).saturating_sub(first_bin) / bins;
        let windows = ((f64::from(sample_rate) / WINDOW as f64).round() as u64).max(1);
        Some(Self { first_bin, bins, count, hz_per_bin, windows })
    }

    /// Lower border of band `i` in Hz.
    fn hz(self, i: usize) -> f64 {
        (self.first_bin + i * self.bins) as f64 * self.hz_per_bin
    }

    /// Bands in so many Hz.
    fn width(self, hz: f64) -> usize {
        ((hz / (self.hz_per_bin * self.bins as f64)).round() as usize).max(1)
    }

    /// Bytes of a cell: the level of its loudest window, then its bands'.
    fn stride(self) -> usize {
        self.count + 1
    }
}

/// Takes the spectra of the middle of a file.
#[derive(Debug)]
pub(super) struct CeilingMeter {
    bands: Option<Bands>,
    fourier: Fourier<f32>,
    /// Hann.
    window: Vec<f32>,
    /// The frames of the window that is being filled.
    middle: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    cell: Vec<u8>,
}

impl CeilingMeter {
    pub(super) fn new(sample_rate: u32) -> Self {
        let bands = Bands::new(sample_rate);
        let len = if bands.is_some() { WINDOW } else { 0 };
        let turn = std::f64::consts::TAU / WINDOW as f64;
        let hann = |i: usize| (0.5 - 0.5 * ((i as f64 + 0.5) * turn).cos()) as f32;
        Self {
            bands,
            fourier: Fourier::new(len),
            window: (0..len).map(hann).collect(),
            middle: vec![0.0; len],
            spectrum: Vec::new(),
            cell: Vec::new(),
        }
    }

    /// Goes on with a block of finite samples from frame `start` on; `part` is told of the windows
    /// that end in it.
    pub(super) fn push(&mut self, block: &Block, start: u64, mut part: Option<&mut CeilingPart>) {
        let (Some(bands), Some(left)) = (self.bands, block.channels.first()) else { return };
        let right = block.channels.get(1).unwrap_or(left);
        let mut from = 0;
        while from < left.len() {
            let at = ((start + from as u64) % WINDOW as u64) as usize;
            let to = left.len().min(from + WINDOW - at);
            let (left, right) = (&left[from..to], &right[from..to]);
            for ((m, l), r) in self.middle[at..].iter_mut().zip(left).zip(right) {
                *m = 0.5 * (l + r);
            }
            from = to;
            let end = start + from as u64;
            if let (0, Some(part)) = (end % WINDOW as u64, part.as_deref_mut()) {
                self.measure(bands, end / WINDOW as u64 - 1, part);
            }
        }
    }

    /// Takes the spectrum of the full window `k`.
    fn measure(&mut self, bands: Bands, k: u64, part: &mut CeilingPart) {
        let (_, energy) = super::lanes::moments(&self.middle);
        if energy < NOTHING * WINDOW as f64 {
            return;
        }
        let weighted = self.middle.iter().zip(&self.window).map(|(x, w)| x * w);
        self.fourier.forward(weighted, &mut self.spectrum);
        // The sum of the squared window: white noise then reads as its own power.
        let scale_db = db_from_power(0.375 * WINDOW as f64);
        self.cell.clear();
        self.cell.push(byte(db_from_power(energy / WINDOW as f64)));
        let bins = bands.first_bin..bands.first_bin + bands.count * bands.bins;
        let bins = self.spectrum.get(bins).unwrap_or_default();
        let levels = bins.chunks_exact(bands.bins).map(|band| byte(mean_db(band) - scale_db));
        self.cell.extend(levels);
        part.add(k / bands.windows, &self.cell);
    }
}

/// Mean of the bins' levels in dB, which a single partial does not lift as it would their power.
///
/// The logarithm to base 2 of a float is read from its bits: right to within 0.13 dB either way, and
/// as fast as an addition.
fn mean_db(band: &[Complex<f32>]) -> f64 {
    const ONE: f64 = 8_388_608.0;
    const DB_PER_OCTAVE: f64 = 3.010_299_957;
    // On average the bits say 0.057 too little.
    const EXPONENT_OF_ONE: f64 = 127.0 - 0.057;
    let bits = |x: &Complex<f32>| u64::from((x.re * x.re + x.im * x.im).max(1e-30).to_bits());
    let mean = band.iter().map(bits).sum::<u64>() as f64 / band.len().max(1) as f64;
    (mean / ONE - EXPONENT_OF_ONE) * DB_PER_OCTAVE
}

fn byte(db: f64) -> u8 {
    (db + ZERO_DB).round().clamp(0.0, 255.0) as u8
}

/// The largest levels of each band, second by second.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct CeilingPart {
    /// Number of the first cell.
    first: u64,
    levels: Vec<u8>,
}

impl CeilingPart {
    /// Adds levels to cell `k`, which is never before the first one.
    fn add(&mut self, k: u64, levels: &[u8]) {
        if self.levels.is_empty() {
            self.first = k;
        }
        let at = k.saturating_sub(self.first) as usize * levels.len();
        if at >= self.levels.len() {
            self.levels.resize(at + levels.len(), 0);
        }
        for (known, new) in self.levels[at..].iter_mut().zip(levels) {
            *known = (*known).max(*new);
        }
    }

    /// Joins with what follows; a cell that both have a piece of keeps the larger levels.
    pub(super) fn append(&mut self, next: &Self, sample_rate: u32) {
        let Some(bands) = Bands::new(sample_rate) else { return };
        for (k, cell) in (next.first..).zip(next.levels.chunks_exact(bands.stride())) {
            self.add(k, cell);
        }
    }

    /// The steepest edge, if there is one.
    pub(super) fn edge(&self, sample_rate: u32) -> Option<Edge> {
        let bands = Bands::new(sample_rate)?;
        let held = self.held(bands)?;
        let [near, far, body] = [NEAR_HZ, FAR_HZ, BODY_HZ].map(|hz| bands.width(hz));
        let mean = |levels: &[f64]| levels.iter().sum::<f64>() / levels.len().max(1) as f64;
        let half = f64::from(sample_rate) / 2.0;
        let edges = (body..(held.len() + 1).saturating_sub(far)).filter_map(|i| {
            let hz = bands.hz(i);
            if !(LOWEST_EDGE_HZ..HIGHEST_EDGE * half).contains(&hz) {
                return None;
            }
            let below = mean(&held[i - far..i - near]);
            let filled = quantile(held[i - body..i - near].to_vec(), GAPS)?;
            Some((i, below, below.min(filled) - mean(&held[i + near..i + far])))
        });
        let (i, below_db, drop_db) = edges.max_by(|a, b| a.2.total_cmp(&b.2))?;
        // The drop is as large for some way around the edge, which is where half of it is done.
        let half_way = |i: &usize| held[*i] < below_db - drop_db / 2.0;
        let i = (i - near..i + near).find(half_way).unwrap_or(i);
        let beyond = (i + bands.width(BEYOND_HZ)).min(held.len());
        let above = held.get(beyond..).unwrap_or_default();
        // Where half the rate is near, the rest of the spectrum is what the drop was measured with.
        let above = if above.len() < near { &held[i + near..] } else { above };
        let above_db = quantile(above.to_vec(), 0.98)?;
        (drop_db >= LEAST_DROP_DB).then_some(Edge { hz: bands.hz(i), drop_db, below_db, above_db })
    }

    /// What each band reaches in all but the loudest tenth of the sounding seconds, in dB.
    fn held(&self, bands: Bands) -> Option<Vec<f64>> {
        let cells: Vec<&[u8]> = self.levels.chunks_exact(bands.stride()).collect();
        let loudest = cells.iter().filter_map(|cell| cell.first()).max()?;
        let sounding: Vec<&[u8]> = cells
            .iter()
            .filter(|cell| cell.first().is_some_and(|level| level + SOUNDING_DB >= *loudest))
            .copied()
            .collect();
        if sounding.len() < LEAST_CELLS {
            return None;
        }
        (1..=bands.count)
            .map(|band| {
                let levels = sounding.iter().map(|cell| f64::from(cell[band]) - ZERO_DB).collect();
                quantile(levels, HELD)
            })
            .collect()
    }
}

/// The value below which the part `share` of the values lies.
fn quantile(mut values: Vec<f64>, share: f64) -> Option<f64> {
    let at = (share * values.len().saturating_sub(1) as f64) as usize;
    if values.is_empty() {
        return None;
    }
    Some(*values.select_nth_unstable_by(at, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;

    /// White noise below a frequency, rounded to 24 bits.
    fn limited_noise(rate: u32, seconds: usize, hz: f64, seed: u32) -> Vec<f32> {
        let frames = rate as usize * seconds;
        let mut fourier = Fourier::new(frames);
        let mut spectrum = Vec::new();
        fourier.forward(noise(seed).take(frames).map(f64::from), &mut spectrum);
        for bin in spectrum.iter_mut().skip((hz * seconds as f64) as usize) {
            *bin = Complex::default();
        }
        let codes = 8_388_608.0;
        let store = |x: &f64| ((x * 0.2 * codes).round() / codes) as f32;
        fourier.inverse(&mut spectrum).iter().map(store).collect()
    }

    fn measure(rate: u32, samples: &[f32], cuts: &[usize]) -> CeilingPart {
        let mut borders = vec![0];
        borders.extend(cuts);
        borders.push(samples.len());
        let mut whole = CeilingPart::default();
        for cut in borders.windows(2) {
            let mut meter = CeilingMeter::new(rate);
            let mut part = CeilingPart::default();
            let warm = cut[0].saturating_sub(rate as usize / 2);
            let block =
                |from: usize, to| Block::from_planar(from as u64, vec![samples[from..to].to_vec()]);
            meter.push(&block(warm, cut[0]), warm as u64, None);
            let middle = cut[0].midpoint(cut[1]);
            for (from, to) in [(cut[0], middle), (middle, cut[1])] {
                meter.push(&block(from, to), from as u64, Some(&mut part));
            }
            whole.append(&part, rate);
        }
        whole
    }

    #[test]
    fn any_cuts_give_the_same_levels() {
        let samples = limited_noise(44_100, 5, 15_000.0, 3);
        let whole = measure(44_100, &samples, &[]);
        for cuts in [vec![1], vec![8192, 8193, 16_384], vec![50_000, 50_001, 131_072, 200_000]] {
            assert_eq!(measure(44_100, &samples, &cuts), whole, "{cuts:?}");
        }
    }

    #[test]
    fn an_edge_is_found_where_it_is() {
        for (rate, hz) in [
            (44_100, 16_000.0),
            (48_000, 22_050.0),
            (96_000, 22_050.0),
            (96_000, 24_000.0),
            (192_000, 44_100.0),
        ] {
            let edge = measure(rate, &limited_noise(rate, 4, hz, 7), &[]).edge(rate).unwrap();
            assert!((edge.hz - hz).abs() < 60.0, "{rate} {edge:?}");
            assert!(edge.drop_db > 70.0 && edge.above_db < edge.below_db - 70.0, "{edge:?}");
        }
    }

    #[test]
    fn levels_are_those_of_white_noise() {
        let edge =
            measure(48_000, &limited_noise(48_000, 6, 18_000.0, 7), &[]).edge(48_000).unwrap();
        // Uniform noise of ±0.2: -18.8 dB; the held level lies somewhat above the mean one.
        assert!(edge.below_db > -20.0 && edge.below_db < -14.0, "{edge:?}");
        // What rounding to 24 bits leaves: -149 dB.
        assert!(edge.above_db > -152.0 && edge.above_db < -140.0, "{edge:?}");
    }

    #[test]
    fn what_has_no_edge_has_none() {
        let rate = 48_000;
        let white: Vec<f32> = noise(5).take(4 * 48_000).map(|x| x * 0.3).collect();
        assert_eq!(measure(rate, &white, &[]).edge(rate), None);
        assert_eq!(measure(rate, &vec![0.0; 4 * 48_000], &[]).edge(rate), None);
        let tones = |hz: f64| -> Vec<f32> {
            let step = hz * std::f64::consts::TAU / f64::from(rate);
            (0..4 * 48_000).map(|i| (f64::from(i) * step).sin() as f32 * 0.5).collect()
        };
        for hz in [440.0, 10_000.0, 12_345.6, 20_100.0] {
            let edge = measure(rate, &tones(hz), &[]).edge(rate);
            assert!(edge.is_none_or(|edge| edge.drop_db < 25.0), "{hz} {edge:?}");
        }
        // A low-pass of 24 dB an octave.
        let (mut low, mut state) = (white, [0.0; 4]);
        for x in &mut low {
            for pole in &mut state {
                *pole += 0.6 * (*x - *pole);
                *x = *pole;
            }
        }
        assert_eq!(measure(rate, &low, &[]).edge(rate), None);
        // Three seconds have to sound, and low rates are not looked at.
        let short = limited_noise(rate, 2, 16_000.0, 1);
        assert_eq!(measure(rate, &short, &[]).edge(rate), None);
        assert_eq!(measure(22_050, &short, &[]), CeilingPart::default());
    }
}
