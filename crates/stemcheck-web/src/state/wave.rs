//! Reduces a waveform to as many bars as there are pixels. Drawing them is `ui::wave`'s work.

use stemcheck_session::core::measure::Waveform;
use stemcheck_session::core::units::{amplitude_from_db, db_from_amplitude};

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

/// Extremes and power of the source columns under one pixel.
#[derive(Clone, Copy)]
struct Extremes {
    min: f32,
    max: f32,
    power: f64,
    columns: u32,
}

/// One bar a pixel over `seconds`, from the parts that are measured so far; `None` where nothing is
/// known yet, and past the end of the file.
pub fn bars(
    parts: &[&Waveform],
    sample_rate: u32,
    seconds: f64,
    width: usize,
    scale: Scale,
) -> Vec<Option<Bar>> {
    let mut pixels: Vec<Option<Extremes>> = vec![None; width];
    let column_s = Waveform::COLUMN_FRAMES as f64 / f64::from(sample_rate.max(1));
    let pixels_per_column = column_s / seconds * width as f64;
    if width == 0 || !pixels_per_column.is_finite() {
        return Vec::new();
    }
    for part in parts {
        for (i, ((min, max), power)) in part.min.iter().zip(&part.max).zip(&part.power).enumerate()
        {
            let column = (part.first + i as u64) as f64;
            let from = (column * pixels_per_column).floor() as usize;
            let to = ((column + 1.0) * pixels_per_column).ceil() as usize;
            let under = from.min(width)..to.max(from + 1).min(width);
            for pixel in pixels.get_mut(under).unwrap_or_default() {
                *pixel = Some(join(*pixel, *min, *max, *power));
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

    #[test]
    fn gaps_between_parts_stay_empty() {
        // 93.75 columns a second; a song of 8 s in 8 pixels, seconds 2 to 4 not measured yet.
        let (a, b) = (wave(0, 0.5, 187), wave(375, 0.5, 375));
        let bars = bars(&[&a, &b], 48_000, 8.0, 8, Scale::Music);
        let known: Vec<bool> = bars.iter().map(Option::is_some).collect();
        assert_eq!(known, [true, true, false, false, true, true, true, true]);
    }

    #[test]
    fn a_peak_of_one_column_survives_the_reduction() {
        let mut quiet = wave(0, 0.01, 10_000);
        quiet.max[7_777] = 1.0;
        let bars = bars(&[&quiet], 44_100, 120.0, 100, Scale::Music);
        assert_eq!(bars.iter().flatten().filter(|bar| bar.high == 1.0).count(), 1);
    }

    #[test]
    fn a_short_file_is_stretched_over_every_pixel() {
        let short = wave(0, 0.5, 10);
        let seconds = 10.0 * 512.0 / 48_000.0;
        let bars = bars(&[&short], 48_000, seconds, 1000, Scale::Music);
        assert!(bars.iter().all(Option::is_some));
    }

    #[test]
    fn no_length_and_no_width_draw_nothing() {
        assert!(bars(&[&wave(0, 1.0, 9)], 48_000, 0.0, 100, Scale::Music).is_empty());
        assert!(bars(&[&wave(0, 1.0, 9)], 48_000, 1.0, 0, Scale::Music).is_empty());
        assert_eq!(bars(&[], 48_000, 1.0, 3, Scale::Music), [None; 3]);
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
