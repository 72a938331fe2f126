//! Every bound that untrusted input is held to, in one place.

/// Sample rates that are decoded, in Hz.
pub const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// Most channels that are decoded.
pub const MAX_CHANNELS: u16 = 8;
