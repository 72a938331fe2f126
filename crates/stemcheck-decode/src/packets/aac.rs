//! AAC-LC (ISO/IEC 14496-3): what its headers tell, in MP4 and CAF and as a stream of ADTS frames.

use stemcheck_core::song::{Tags, Unreadable};

use super::Group;
use super::decoder::{Codec, Setup};
use super::frames::{Frames, HEAD_BYTES, Head, Stream};
use crate::limits;
use crate::window::Window;

/// Frames of a packet.
pub(super) const PER_PACKET: u32 = 1024;

/// Frames by which the overlapping windows alone are late. Encoders add up to 1,088 of their own,
/// which nothing but the container can tell.
pub(super) const LEAST_DELAY: u64 = 1024;

/// A packet overlaps with the one before it. Small groups: nothing else has to be heard again.
pub(super) const GROUP: Group = Group { size: 64, warm_up: 2 };

/// Object type of AAC-LC, the one that is decoded.
const LOW_COMPLEXITY: u8 = 2;

const SAMPLE_RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// What the `AudioSpecificConfig` at byte `at` comes down to.
pub(super) fn setup(container: &str, config: &[u8], at: u64) -> Result<Setup, Unreadable> {
    let short = || Unreadable::Damaged(format!("{container}: AAC without header (at byte {at})"));
    let mut bits = Bits { bytes: config, at: 0 };
    let object = bits.read(5).ok_or_else(short)? as u8;
    let index = bits.read(4).ok_or_else(short)?;
    let rate = match SAMPLE_RATES.get(index as usize) {
        Some(rate) => *rate,
        None if index == 15 => bits.read(24).ok_or_else(short)?,
        None => 0,
    };
    let channels = bits.read(4).ok_or_else(short)? as u16;
    check(container, object, channels, at)?;
    Ok(Setup {
        codec: Codec::Aac,
        sample_rate: limits::sample_rate(container, f64::from(rate), at)?,
        channels,
        bits: 0,
        extra: config.to_vec(),
    })
}

/// Refuses by name what the decoder does not know.
fn check(container: &str, object: u8, channels: u16, at: u64) -> Result<(), Unreadable> {
    let kind = match object {
        LOW_COMPLEXITY => None,
        1 => Some("AAC Main".to_owned()),
        3 => Some("AAC SSR".to_owned()),
        4 => Some("AAC LTP".to_owned()),
        5 | 29 => Some("HE-AAC".to_owned()),
        23 | 39 => Some("AAC-LD".to_owned()),
        42 => Some("xHE-AAC".to_owned()),
        other => Some(format!("MPEG-4 audio of object type {other}")),
    };
    let kind = kind.or_else(|| match channels {
        1 | 2 => None,
        0 => Some("AAC with a channel layout of its own".to_owned()),
        n => Some(format!("AAC of channel configuration {n}")),
    });
    kind.map_or(Ok(()), |kind| {
        Err(Unreadable::Unsupported(format!(
            "{container}: holds {kind}; AAC-LC of one or two channels is read (at byte {at})"
        )))
    })
}

/// Reads the header of an ADTS frame (14496-3, 1.A.3.2).
pub(super) fn adts_head(bytes: [u8; HEAD_BYTES]) -> Option<Head> {
    let [0xFF, second, third, fourth, fifth, sixth, seventh, _] = bytes else {
        return None;
    };
    // Four more bits of sync, and a layer of 0.
    if second & 0xF6 != 0xF0 {
        return None;
    }
    let head = if second & 1 == 1 { 7 } else { 9 };
    let sample_rate = *SAMPLE_RATES.get(usize::from(third >> 2 & 15))?;
    let length = u32::from(fourth & 3) << 11 | u32::from(fifth) << 3 | u32::from(sixth >> 5);
    // More than one block of data in a frame is allowed and never seen.
    if length <= head || seventh & 3 != 0 {
        return None;
    }
    Some(Head {
        bytes: length,
        skip: head,
        frames: PER_PACKET,
        sample_rate,
        channels: u16::from(third & 1) << 2 | u16::from(fourth >> 6),
        kind: 1 + (third >> 6),
    })
}

/// Opens the stream whose first frame stands at `at`.
pub(super) fn adts_stream(
    window: &mut Window,
    at: u64,
    first: Head,
    tags: Tags,
) -> Result<Stream, Unreadable> {
    check("adts", first.kind, first.channels, at)?;
    limits::sample_rate("adts", f64::from(first.sample_rate), at)?;
    let (demux, count, _) = Frames::index(window, adts_head, first, at)?;
    let setup = Setup {
        codec: Codec::Aac,
        sample_rate: first.sample_rate,
        channels: first.channels,
        bits: 0,
        extra: Vec::new(),
    };
    let frames = (count * u64::from(PER_PACKET)).saturating_sub(LEAST_DELAY);
    let (group, delay) = (GROUP, LEAST_DELAY);
    Ok(Stream { container: "adts", setup, group, demux, tags, delay, frames, claimed: frames })
}

/// Bits, most significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn read(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for at in self.at..self.at + count {
            value = value << 1 | u32::from(self.bytes.get(at / 8)? >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }
}
