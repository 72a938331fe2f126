//! Reduces waveforms to what is visible of them: as many bars as there are pixels, or the samples
//! themselves. Drawing is `ui::wave`'s work.
//!
//! A waveform is a pyramid. Its top is [`coarser`], its middle what the check keeps
//! ([`Waveform::COLUMN_FRAMES`]), and its foot ([`FINE_STEPS`]) is read from the file where it is
//! looked at, tile by tile.

use std::ops::Range;

use stemcheck_session::core::measure::Waveform;
use stemcheck_session::core::units::{amplitude_from_db, db_from_amplitude};

use super::View;

/// Heights of one pixel column, -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Lowest point.
    pub low: f32,
    /// Highest point.
    pub high: f32,
    /// Height of the RMS body, 0 to 1.
    pub body: f32,
}

/// How an amplitude becomes a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// For music: a little compressed, so that quiet parts are seen beside loud ones.
    Music,
    /// For what is left after subtraction: in decibels, so that even a whisper is seen.
    Decibels,
}

/// Bottom of [`Scale::Decibels`] in dBFS: a bit below the smallest step of a 16-bit file.
const FLOOR_DB: f64 = -100.0;

impl Scale {
    /// The height of an amplitude, with its sign.
    pub fn height(self, amplitude: f32) -> f32 {
        let size = f64::from(amplitude.abs()).min(1.0);
        let height = match self {
            Self::Music => size.sqrt(),
            Self::Decibels if size <= amplitude_from_db(FLOOR_DB) => 0.0,
            Self::Decibels => 1.0 - db_from_amplitude(size) / FLOOR_DB,
        };
        (height as f32).copysign(amplitude)
    }
}

/// Neighbouring columns of one width.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Frames of a column.
    pub step: u64,
    /// Number of the first column.
    pub first: u64,
    /// Smallest sample of each.
    pub min: &'a [f32],
    /// Largest sample of each.
    pub max: &'a [f32],
    /// Mean square of each.
    pub power: &'a [f32],
}

impl<'a> From<&'a Waveform> for Columns<'a> {
    fn from(wave: &'a Waveform) -> Self {
        let Waveform { first, min, max, power } = wave;
        Self { step: Waveform::COLUMN_FRAMES, first: *first, min, max, power }
    }
}

/// Kept columns in one of the pyramid's top.
const COARSE: u64 = 16;

/// The top of the pyramid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coarse(Vec<Waveform>);

impl Coarse {
    /// Its columns.
    pub fn columns(&self) -> impl Iterator<Item = Columns<'_>> {
        let wide = |part| Columns { step: COARSE * Waveform::COLUMN_FRAMES, ..Columns::from(part) };
        self.0.iter().map(wide)
    }
}

/// Joins neighbours on a fixed grid; a cut between parts leaves both a piece of its column.
pub fn coarser(parts: &[&Waveform]) -> Coarse {
    let coarse = |part: &&Waveform| {
        let mut wide = Waveform { first: part.first / COARSE, ..Waveform::default() };
        let mut from = 0;
        while from < part.min.len() {
            let number = part.first + from as u64;
            let to = (from + (COARSE - number % COARSE) as usize).min(part.min.len());
            let fold = |of: &[f32], by: fn(f32, f32) -> f32| {
                of.get(from..to).and_then(|of| of.iter().copied().reduce(by)).unwrap_or_default()
            };
            wide.min.push(fold(&part.min, f32::min));
            wide.max.push(fold(&part.max, f32::max));
            wide.power.push(fold(&part.power, |a, b| a + b) / (to - from) as f32);
            from = to;
        }
        wide
    };
    Coarse(parts.iter().map(coarse).collect())
}

/// Frames of a column below the ones that the check keeps.
const FINE_STEPS: [u32; 3] = [64, 8, 1];

/// Columns of a tile: what is read from a file at once.
pub const TILE_COLUMNS: u32 = 2048;

/// Frames from column to column of a spectrogram up close.
const SPECTRUM_STEPS: [u32; 8] = [1024, 512, 256, 128, 64, 32, 16, 8];

/// Columns of its tiles.
pub const SPECTRUM_COLUMNS: u32 = 128;

/// Frames under a pixel from which on it is drawn from the samples: some seconds on a screen. Further
/// out, half of the song would have to be read for one look at it.
const SHARP_FROM_FRAMES: f64 = 512.0;

/// Widest column in pixels.
const WIDEST_PX: f64 = 2.0;

/// How much narrower than a column a pixel may be before the next finer step is read.
const BLUR: f64 = 4.0;

/// What to draw a view from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The pyramid's top.
    Coarse,
    /// What the check keeps.
    Kept,
    /// Tiles of columns of so many frames.
    Tiles(u32),
}

/// The part of a lane that is drawn: `width` pixels over a view of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Hz of the file.
    pub sample_rate: u32,
    /// What is visible.
    pub view: View,
    /// Pixels.
    pub width: usize,
}

impl Screen {
    /// Frames under a pixel.
    pub fn frames_per_pixel(&self) -> f64 {
        self.view.span_s * f64::from(self.sample_rate) / self.width.max(1) as f64
    }

    /// The cheapest level that looks the same.
    pub fn level(&self) -> Level {
        let frames = self.frames_per_pixel();
        if frames >= (COARSE * Waveform::COLUMN_FRAMES) as f64 {
            return Level::Coarse;
        }
        if frames * BLUR >= Waveform::COLUMN_FRAMES as f64 {
            return Level::Kept;
        }
        let fits = |step: &u32| frames * BLUR >= f64::from(*step);
        Level::Tiles(FINE_STEPS.into_iter().find(fits).unwrap_or(1))
    }

    /// Frames from column to column of a spectrogram that looks sharp, where it pays to read for it.
    pub fn spectrum_step(&self) -> Option<u32> {
        let frames = self.frames_per_pixel();
        let sharp = |step: &u32| f64::from(*step) <= frames * WIDEST_PX;
        (frames <= SHARP_FROM_FRAMES)
            .then(|| SPECTRUM_STEPS.into_iter().find(sharp).unwrap_or(SPECTRUM_STEPS[7]))
    }

    /// Numbers of the tiles that are visible, of so many columns of `step` frames.
    pub fn tiles(&self, step: u32, columns: u32) -> Range<u64> {
        let frames = f64::from(step) * f64::from(columns);
        let tile = |at_s: f64| at_s.max(0.0) * f64::from(self.sample_rate) / frames;
        let first = tile(self.view.start_s).floor() as u64;
        first..(tile(self.view.end_s()).ceil() as u64).max(first + 1)
    }

    /// Pixels, fractional, from the left edge to a frame.
    pub fn x(&self, frame: f64) -> f64 {
        (frame - self.first_frame()) / self.frames_per_pixel()
    }

    fn first_frame(&self) -> f64 {
        self.view.start_s * f64::from(self.sample_rate)
    }

    /// Indices of the columns of `columns` that are visible.
    fn visible(&self, columns: &Columns) -> Range<usize> {
        let step = columns.step.max(1) as f64;
        let number = |pixel: f64| (self.first_frame() + pixel * self.frames_per_pixel()) / step;
        let index = |number: f64| (number.max(0.0) as u64).saturating_sub(columns.first) as usize;
        let count = columns.min.len();
        let last = number(self.width as f64).ceil();
        let end = if last <= columns.first as f64 { 0 } else { index(last).min(count) };
        index(number(0.0).floor()).min(end)..end
    }
}

/// Extremes and power of the source columns under one pixel.
#[derive(Clone, Copy)]
struct Extremes {
    min: f32,
    max: f32,
    power: f64,
    columns: u32,
}

/// One bar a pixel, from what is known so far; `None` where nothing is known yet, and past the end
/// of the file.
pub fn bars<'a>(
    parts: impl IntoIterator<Item = Columns<'a>>,
    screen: &Screen,
    scale: Scale,
) -> Vec<Option<Bar>> {
    let frames = screen.frames_per_pixel();
    if screen.width == 0 || frames.is_nan() || frames <= 0.0 {
        return Vec::new();
    }
    let mut pixels: Vec<Option<Extremes>> = vec![None; screen.width];
    for part in parts {
        for i in screen.visible(&part) {
            let (Some(&min), Some(&max), Some(&power)) =
                (part.min.get(i), part.max.get(i), part.power.get(i))
            else {
                break;
            };
            let column = part.first + i as u64;
            let from = screen.x((column * part.step) as f64).floor().max(0.0) as usize;
            let to = screen.x(((column + 1) * part.step) as f64).ceil().max(0.0) as usize;
            let under = from.min(screen.width)..to.max(from + 1).min(screen.width);
            for pixel in pixels.get_mut(under).unwrap_or_default() {
                *pixel = Some(join(*pixel, min, max, power));
            }
        }
    }
    pixels.into_iter().map(|pixel| pixel.map(|found| bar(found, scale))).collect()
}

fn join(known: Option<Extremes>, min: f32, max: f32, power: f32) -> Extremes {
    let known = known.unwrap_or(Extremes { min, max, power: 0.0, columns: 0 });
    Extremes {
        min: known.min.min(min),
        max: known.max.max(max),
        power: known.power + f64::from(power),
        columns: known.columns + 1,
    }
}

fn bar(found: Extremes, scale: Scale) -> Bar {
    let rms = (found.power / f64::from(found.columns.max(1))).sqrt();
    Bar {
        low: scale.height(found.min),
        high: scale.height(found.max),
        body: scale.height(rms as f32),
    }
}

/// The largest amplitude between two times, as a linear value; `None` where nothing is known.
pub fn peak<'a>(
    parts: impl IntoIterator<Item = Columns<'a>>,
    sample_rate: u32,
    [from_s, to_s]: [f64; 2],
) -> Option<f32> {
    let song_s = f64::INFINITY;
    let view = View { start_s: from_s, span_s: (to_s - from_s).max(1e-9), song_s };
    let screen = Screen { sample_rate, view, width: 1 };
    let of = |part: Columns<'a>| {
        let range = screen.visible(&part);
        let size = |of: &[f32]| {
            let of = of.get(range.clone()).unwrap_or_default();
            of.iter().map(|sample| sample.abs()).reduce(f32::max)
        };
        Some(size(part.min)?.max(size(part.max)?))
    };
    parts.into_iter().filter_map(of).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(first: u64, level: f32, columns: usize) -> Waveform {
        Waveform {
            first,
            min: vec![-level; columns],
            max: vec![level; columns],
            power: vec![level * level / 2.0; columns],
        }
    }

    fn whole(sample_rate: u32, seconds: f64, width: usize) -> Screen {
        Screen { sample_rate, view: View::whole(seconds), width }
    }

    fn drawn(parts: &[&Waveform], screen: &Screen) -> Vec<Option<Bar>> {
        bars(parts.iter().map(|part| Columns::from(*part)), screen, Scale::Music)
    }

    #[test]
    fn gaps_between_parts_stay_empty() {
        // 93.75 columns a second; a song of 8 s in 8 pixels, seconds 2 to 4 not measured yet.
        let (a, b) = (wave(0, 0.5, 187), wave(375, 0.5, 375));
        let bars = drawn(&[&a, &b], &whole(48_000, 8.0, 8));
        let known: Vec<bool> = bars.iter().map(Option::is_some).collect();
        assert_eq!(known, [true, true, false, false, true, true, true, true]);
    }

    #[test]
    fn a_peak_of_one_column_survives_the_reduction_and_the_pyramid() {
        let mut quiet = wave(5, 0.01, 10_000);
        quiet.max[7_777] = 1.0;
        let screen = whole(44_100, 120.0, 100);
        let ones =
            |bars: &[Option<Bar>]| bars.iter().flatten().filter(|bar| bar.high == 1.0).count();
        assert_eq!(ones(&drawn(&[&quiet], &screen)), 1);
        let coarse = coarser(&[&quiet]);
        // A wide column may lie under two pixels.
        assert!((1..=2).contains(&ones(&bars(coarse.columns(), &screen, Scale::Music))));
        assert_eq!(coarse.0[0].min.len(), 10_005usize.div_ceil(16));
    }

    #[test]
    fn a_short_file_is_stretched_over_every_pixel() {
        let short = wave(0, 0.5, 10);
        let screen = whole(48_000, 10.0 * 512.0 / 48_000.0, 1000);
        assert!(drawn(&[&short], &screen).iter().all(Option::is_some));
    }

    #[test]
    fn a_spectrogram_is_read_for_a_few_seconds_and_as_sharp_as_the_screen() {
        let near = |span_s: f64| Screen {
            view: View { span_s, ..View::whole(300.0) },
            ..whole(48_000, 300.0, 1000)
        };
        assert_eq!(near(300.0).spectrum_step(), None);
        for span_s in [10.0, 3.0, 1.0, 0.2, 0.02] {
            let screen = near(span_s);
            let step = screen.spectrum_step().expect("it is near enough");
            let wide = f64::from(step) / screen.frames_per_pixel();
            assert!(wide <= 2.0 || step == 8, "{span_s} s: a column is {wide} pixels wide");
            let tiles = screen.tiles(step, SPECTRUM_COLUMNS);
            assert!(tiles.end - tiles.start < 40, "{span_s} s: {tiles:?}");
        }
    }

    #[test]
    fn only_what_is_visible_is_looked_at() {
        let mut long = wave(0, 0.1, 100_000);
        long.max[50_000] = 0.9;
        let at_s = 50_000.0 * 512.0 / 48_000.0;
        let view = View::whole(1000.0).around(at_s, at_s + 0.01);
        let screen = Screen { view, ..whole(48_000, 1000.0, 400) };
        assert!(screen.visible(&Columns::from(&long)).len() < 400);
        let bars = drawn(&[&long], &screen);
        let peak = bars.iter().position(|bar| bar.is_some_and(|bar| bar.high > 0.9));
        assert!(peak.is_some_and(|x| (199..=201).contains(&x)), "in the middle: {peak:?}");
        let before = Screen { view: View { start_s: 0.0, ..view }, ..screen };
        assert!(screen.visible(&Columns::from(&wave(900_000, 0.1, 10))).is_empty());
        assert!(before.visible(&Columns::from(&wave(90_000, 0.1, 10))).is_empty());
    }

    #[test]
    fn the_level_follows_the_zoom_down_to_samples() {
        let level = |span_s: f64| {
            let view = View { start_s: 10.0, span_s, song_s: 300.0 };
            Screen { sample_rate: 48_000, view, width: 1000 }.level()
        };
        assert_eq!(level(300.0), Level::Coarse);
        assert_eq!(level(30.0), Level::Kept);
        assert_eq!(level(1.0), Level::Tiles(64));
        assert_eq!(level(0.1), Level::Tiles(8));
        assert_eq!(level(0.001), Level::Tiles(1));
    }

    #[test]
    fn a_view_needs_few_tiles_on_any_screen() {
        for span_s in [0.0005, 0.01, 0.1, 1.0, 5.0] {
            let view = View { start_s: 123.4, span_s, song_s: 300.0 };
            let screen = Screen { sample_rate: 96_000, view, width: 3840 };
            if let Level::Tiles(step) = screen.level() {
                let tiles = screen.tiles(step, TILE_COLUMNS);
                let frames = u64::from(step) * u64::from(TILE_COLUMNS);
                assert!(tiles.end - tiles.start <= 9, "{span_s}: {tiles:?}");
                assert!((tiles.start * frames) as f64 <= view.start_s * 96_000.0);
                assert!((tiles.end * frames) as f64 >= view.end_s() * 96_000.0 - 1.0);
            }
        }
    }

    #[test]
    fn the_peak_of_a_stretch_is_exact() {
        let mut quiet = wave(0, 0.1, 1000);
        quiet.min[500] = -0.8;
        let at = |column: f64| column * 512.0 / 48_000.0;
        let found = |from, to| peak([Columns::from(&quiet)], 48_000, [at(from), at(to)]);
        assert_eq!(found(500.2, 500.4), Some(0.8));
        assert_eq!(found(501.2, 502.4), Some(0.1));
        assert_eq!(found(2000.0, 2001.0), None);
    }

    #[test]
    fn no_length_and_no_width_draw_nothing() {
        assert!(drawn(&[&wave(0, 1.0, 9)], &whole(48_000, 0.0, 100)).is_empty());
        assert!(drawn(&[&wave(0, 1.0, 9)], &whole(48_000, 1.0, 0)).is_empty());
        assert!(drawn(&[&wave(0, 1.0, 9)], &whole(0, 1.0, 10)).is_empty());
        assert_eq!(drawn(&[], &whole(48_000, 1.0, 3)), [None; 3]);
    }

    #[test]
    fn decibels_show_a_whisper_and_hide_silence() {
        let height = |db: f64| Scale::Decibels.height(amplitude_from_db(db) as f32);
        assert!((height(-50.0) - 0.5).abs() < 1e-3);
        assert_eq!((height(0.0), height(-120.0)), (1.0, 0.0));
        assert_eq!(Scale::Decibels.height(0.0), 0.0);
        assert!(Scale::Decibels.height(-0.5) < -0.9);
    }
}
