//! Every bound that untrusted input is held to, in one place.

use stemcheck_core::song::Unreadable;

/// Sample rates that are decoded, in Hz.
pub const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// Most channels that are decoded.
pub const MAX_CHANNELS: u16 = 8;

/// Chunks that are walked through before the audio has to be found. Real files have a dozen; a
/// file of zeros would otherwise be walked eight bytes at a time.
pub const MAX_CHUNKS: usize = 4096;

/// Bytes of one chunk that are looked through for text.
pub const TAG_BYTES: usize = 64 * 1024;

/// Characters of a text that a file tells about itself.
pub const TEXT_CHARS: usize = 256;

/// Bytes that one step of decoding reads: the only buffer, whatever a header says.
pub const BUFFER_BYTES: usize = 256 * 1024;

/// Bytes of the largest packet of a compressed file: more than 65,535 frames of eight channels with
/// 32 bits, which neither FLAC nor ALAC exceed.
pub const MAX_PACKET_BYTES: usize = 4 * 1024 * 1024;

/// Packets of a compressed file: four days of AAC at 48 kHz.
pub const MAX_PACKETS: u64 = 1 << 24;

/// Bytes that are searched for the first frame of a stream without a header.
pub const SEARCH_BYTES: u64 = 1024 * 1024;

/// A sample rate in whole Hz, if it is one that is decoded.
pub(crate) fn sample_rate(container: &str, hz: f64, at: u64) -> Result<u32, Unreadable> {
    if !hz.is_finite() || hz <= 0.0 {
        return Err(Unreadable::Damaged(format!(
            "{container}: sample rate is {hz} Hz (at byte {at})"
        )));
    }
    let rounded = hz.round().min(f64::from(u32::MAX)) as u32;
    if SAMPLE_RATES.contains(&rounded) {
        return Ok(rounded);
    }
    Err(Unreadable::Unsupported(format!(
        "{container}: sample rate {hz} Hz lies outside {} to {} Hz (at byte {at})",
        SAMPLE_RATES.start(),
        SAMPLE_RATES.end()
    )))
}

/// A number of channels, if it is one that is decoded.
pub(crate) fn channels(container: &str, count: u16, at: u64) -> Result<u16, Unreadable> {
    match count {
        0 => {
            Err(Unreadable::Damaged(format!("{container}: header says 0 channels (at byte {at})")))
        }
        1..=MAX_CHANNELS => Ok(count),
        _ => Err(Unreadable::Unsupported(format!(
            "{container}: {count} channels, at most {MAX_CHANNELS} are read (at byte {at})"
        ))),
    }
}
