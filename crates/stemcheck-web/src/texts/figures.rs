//! Figures as the page writes them: levels, frequencies, times, and what a file is.

use stemcheck_session::core::checks;
use stemcheck_session::report::{FileReport, FormatReport};

use crate::language::{fill, say, spoken};

/// A finding's or cause's amount: "512 samples", "44.1 kHz", "1 click".
pub fn amount(value: Option<f64>, unit: Option<&str>) -> Option<String> {
    Some(checks::number_with_unit(value?, unit.unwrap_or_default(), &spoken()))
}

/// A level or difference in dB.
pub fn decibels(db: f64) -> String {
    format!("{db:.1} dB")
}

/// A level in dBFS.
pub fn dbfs(db: f64) -> String {
    format!("{db:.1} dBFS")
}

/// A level in dBFS at the end of an axis.
pub fn dbfs_whole(db: f64) -> String {
    format!("{db:.0} dBFS")
}

/// A number of dB at an axis, with its sign.
pub fn signed(db: f64) -> String {
    if db == 0.0 { "0 dB".to_owned() } else { format!("{db:+.0} dB") }
}

/// A frequency: "180 Hz", "2.9 kHz", "10 kHz".
pub fn hertz(hz: f64) -> String {
    match hz {
        hz if hz < 1000.0 => format!("{hz:.0} Hz"),
        hz if hz < 9950.0 => format!("{:.1} kHz", hz / 1000.0),
        hz => format!("{:.0} kHz", hz / 1000.0),
    }
}

/// A band by its edges.
pub fn band([low, high]: [f64; 2]) -> String {
    stretch(&hertz(low), &hertz(high))
}

/// A gain in dB, with its sign.
pub fn gain(db: f64) -> String {
    // Zero has no sign, also when it is rounded to zero.
    if db.abs() < 0.05 { "0.0 dB".to_owned() } else { format!("{db:+.1} dB") }
}

/// A loudness.
pub fn lufs(lufs: f64) -> String {
    format!("{lufs:.1} LUFS")
}

/// A loudness in a field that says its unit beside it.
pub fn target(lufs: f64) -> String {
    format!("{lufs:.1}")
}

/// A true peak.
pub fn dbtp(db: f64) -> String {
    format!("{db:.1} dBTP")
}

/// A correlation, -1 to 1.
pub fn correlation(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0 + 0.0;
    format!("{rounded:+.2}")
}

/// What is held back, in dB.
pub fn reduction(db: f64) -> String {
    gain(0.0 - db)
}

/// Bits, rate and channels: "24-bit · 48 kHz · stereo"; a lossy file's codec in place of bits.
pub fn format(format: &FormatReport) -> String {
    let word = if format.valid_bits == 0 {
        format.codec.to_uppercase()
    } else if format.float {
        format!("{}-bit float", format.bits)
    } else {
        format!("{}-bit", format.valid_bits)
    };
    let channels = match format.channels {
        1 => say("mono"),
        2 => say("stereo"),
        more => fill("{count} channels", &[("count", &more)]),
    };
    format!("{word} · {} kHz · {channels}", f64::from(format.sample_rate) / 1000.0)
}

/// Label and value of a file's key figures.
pub fn figures(file: &FileReport) -> Vec<(String, String)> {
    let peak = file.levels.as_ref().map(|levels| match levels.peak_dbfs {
        Some(db) => format!("{db:.1} dBFS"),
        None => say("Silence"),
    });
    let loudness = file.loudness.as_ref().and_then(|loudness| loudness.integrated_lufs);
    [("Peak", peak), ("Loudness", loudness.map(|lufs| format!("{lufs:.1} LUFS")))]
        .into_iter()
        .filter_map(|(label, value)| Some((say(label), value?)))
        .collect()
}

/// A time as the player shows it: "1:02.3".
pub fn time(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// A length: "5:00".
pub fn length(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// Where a finding is, for the reader: a moment, a stretch, or the first of several.
pub fn place(start_s: f64, end_s: f64, more: usize) -> String {
    let first = if end_s - start_s >= 1.0 {
        stretch(&time(start_s), &time(end_s))
    } else {
        fill("at {time}", &[("time", &time(start_s))])
    };
    match more {
        0 => first,
        1 => fill("{place} and once more", &[("place", &first)]),
        _ => fill("{place} and {count} times more", &[("place", &first), ("count", &more)]),
    }
}

/// From one time or frequency to another.
pub(super) fn stretch(from: &str, to: &str) -> String {
    fill("{from} to {to}", &[("from", &from), ("to", &to)])
}

/// A time with as many decimals as a step of the axis needs: "1:02", "1:02.5", "0:12.3042".
pub fn on_axis(at_s: f64, step_s: f64) -> String {
    let decimals = (-step_s.log10()).ceil().clamp(0.0, 6.0) as usize;
    let unit = 10f64.powi(decimals as i32);
    let at_s = (at_s.max(0.0) * unit).round() / unit;
    let minutes = (at_s / 60.0).floor();
    let width = if decimals == 0 { 2 } else { decimals + 3 };
    format!("{minutes:.0}:{:0width$.decimals$}", (at_s - 60.0 * minutes).max(0.0))
}

/// How many files and how long.
pub fn summary(files: usize, seconds: f64) -> String {
    let template = if files == 1 { "1 file" } else { "{count} files" };
    let files = fill(template, &[("count", &files)]);
    if seconds > 0.0 { format!("{files} · {}", length(seconds)) } else { files }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_and_one_decimal() {
        assert_eq!(decibels(-112.44), "-112.4 dB");
        assert_eq!(gain(-0.01), "0.0 dB");
        assert_eq!(gain(3.0), "+3.0 dB");
        assert_eq!(amount(Some(512.0), Some("samples")).as_deref(), Some("512 samples"));
        assert_eq!(amount(Some(12.25), Some("samples")).as_deref(), Some("12.2 samples"));
        assert_eq!(amount(Some(3.0), Some("dB")).as_deref(), Some("3.0 dB"));
        assert_eq!(amount(Some(7.0), None).as_deref(), Some("7"));
        assert_eq!(amount(Some(44_100.0), Some("Hz")).as_deref(), Some("44.1 kHz"));
        assert_eq!(amount(Some(1.0), Some("clicks")).as_deref(), Some("1 click"));
        assert_eq!(amount(None, Some("dB")), None);
        assert_eq!([hertz(180.0), hertz(2850.0), hertz(10_159.0)], ["180 Hz", "2.9 kHz", "10 kHz"]);
    }

    #[test]
    fn times_roll_over() {
        assert_eq!(time(59.96), "1:00.0");
        assert_eq!(time(-1.0), "0:00.0");
        assert_eq!(time(3661.25), "61:01.3");
        assert_eq!(length(299.6), "5:00");
    }

    #[test]
    fn the_axis_is_as_exact_as_its_steps() {
        assert_eq!(on_axis(62.0, 30.0), "1:02");
        assert_eq!(on_axis(62.5, 0.5), "1:02.5");
        assert_eq!(on_axis(12.304_2, 0.000_2), "0:12.3042");
        assert_eq!(on_axis(59.999_9, 0.1), "1:00.0");
        assert_eq!(on_axis(-1.0, 1.0), "0:00");
    }

    #[test]
    fn places_are_moments_or_stretches() {
        assert_eq!(place(12.14, 12.15, 0), "at 0:12.1");
        assert_eq!(place(12.1, 12.2, 1), "at 0:12.1 and once more");
        assert_eq!(place(2.0, 62.0, 4), "0:02.0 to 1:02.0 and 4 times more");
    }
}
