//! Decibels and back. A bare float is a linear sample or a power; names say the unit otherwise.
//!
//! What becomes sound is computed by libm, which gives the same bits in a page and in a command.

/// Level in dB of a linear amplitude (1.0 = 0 dBFS); silence is `-inf`.
pub fn db_from_amplitude(amplitude: f64) -> f64 {
    20.0 * amplitude.abs().log10()
}

/// Level in dB of a mean square (1.0 = 0 dB); silence is `-inf`.
pub fn db_from_power(power: f64) -> f64 {
    10.0 * power.log10()
}

/// Linear amplitude of a level in dB.
pub fn amplitude_from_db(db: f64) -> f64 {
    libm::exp10(db / 20.0)
}

/// Power (mean square) of a level in dB.
pub fn power_from_db(db: f64) -> f64 {
    libm::exp10(db / 10.0)
}

/// What a report may hold: a finite number, or nothing (silence has no level).
pub fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// Frames of a time in seconds at a sample rate in Hz, rounded to the nearest.
pub fn frames_from_seconds(seconds: f64, sample_rate: u32) -> u64 {
    (seconds * f64::from(sample_rate)).round().max(0.0) as u64
}

/// Seconds of a number of frames at a sample rate in Hz.
pub fn seconds_from_frames(frames: u64, sample_rate: u32) -> f64 {
    frames as f64 / f64::from(sample_rate.max(1))
}
