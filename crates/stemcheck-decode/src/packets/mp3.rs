//! MPEG-1, MPEG-2 and MPEG-2.5 layer III (ISO/IEC 11172-3, 13818-3): headers, and the tag in which
//! encoders tell how much of their output is theirs.

use stemcheck_core::song::{Tags, Unreadable};

use super::Group;
use super::decoder::{Codec, Setup};
use super::frames::{Frames, HEAD_BYTES, Head, Stream};
use crate::limits;
use crate::window::Window;

/// Frames by which every decoder is late: 528 of the filter bank and one more (LAME technical FAQ).
const DECODER_DELAY: u64 = 529;

/// LAME's own delay, for streams that do not tell theirs: it makes most MP3 files, and others come
/// close. What is left of a wrong guess shows as an offset in the null test, and is named there.
const USUAL_DELAY: u64 = 576;

/// Bytes of earlier frames that a frame may reach back to (`main_data_begin` has nine bits).
const RESERVOIR_BYTES: u32 = 511;

/// Header, checksum and side information, at most.
const OVERHEAD_BYTES: u32 = 4 + 2 + 32;

/// Reads a frame's header; none for the other layers and for free format, which nobody writes.
pub(super) fn head(bytes: [u8; HEAD_BYTES]) -> Option<Head> {
    const MPEG1: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const MPEG2: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let [0xFF, second, third, fourth, ..] = bytes else {
        return None;
    };
    // Three more bits of sync, layer III.
    if second & 0xE6 != 0xE2 {
        return None;
    }
    let (version, slower) = match second >> 3 & 3 {
        3 => (1, 1),
        2 => (2, 2),
        0 => (3, 4),
        _ => return None,
    };
    let index = (third >> 4).checked_sub(1)?;
    let kbps = *if version == 1 { &MPEG1 } else { &MPEG2 }.get(usize::from(index))?;
    let sample_rate = *[44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / slower;
    // The last bits are emphasis, of which one value is reserved.
    if fourth & 3 == 2 {
        return None;
    }
    let frames = if version == 1 { 1152 } else { 576 };
    let padding = u32::from(third >> 1 & 1);
    Some(Head {
        bytes: frames / 8 * kbps * 1000 / sample_rate + padding,
        skip: 0,
        frames,
        sample_rate,
        channels: if fourth >> 6 == 3 { 1 } else { 2 },
        kind: version,
    })
}

/// Delay and padding that the encoder put in, in frames.
struct Gaps {
    delay: u64,
    padding: u64,
}

/// Opens the stream whose first frame stands at `at`.
pub(super) fn stream(
    window: &mut Window,
    at: u64,
    first: Head,
    tags: Tags,
) -> Result<Stream, Unreadable> {
    limits::sample_rate("mp3", f64::from(first.sample_rate), at)?;
    let Tag { there, count: told, gaps } = tag(window, at, first)?;
    let begin = if there { at + u64::from(first.bytes) } else { at };
    let (demux, count, least) = Frames::index(window, head, first, begin)?;
    // Some encoders count the tag's own frame, too.
    let cut = told > count + 1;
    let decoded = count * u64::from(first.frames);
    let delay = gaps.as_ref().map_or(USUAL_DELAY, |gaps| gaps.delay) + DECODER_DELAY;
    // The padding counts from the end of what the encoder was given; the decoder is late there, too.
    let padding = gaps.map_or(0, |gaps| gaps.padding.saturating_sub(DECODER_DELAY));
    let setup = Setup {
        codec: Codec::Mp3,
        sample_rate: first.sample_rate,
        channels: first.channels,
        bits: 0,
        extra: Vec::new(),
    };
    // As many frames as the reservoir reaches back over, and two for what filters remember.
    let reach = RESERVOIR_BYTES.div_ceil(least.saturating_sub(OVERHEAD_BYTES).max(8));
    let group = Group { size: 128, warm_up: u64::from(reach) + 2 };
    let claimed = (told * u64::from(first.frames)).saturating_sub(delay + padding);
    // Where the end is missing, so is the padding.
    let frames = decoded.saturating_sub(delay + if cut { 0 } else { padding });
    let claimed = if cut { claimed } else { frames };
    Ok(Stream { container: "mp3", setup, group, demux, tags, delay, frames, claimed })
}

/// The first frame, where it is no audio but a tag (Xing, LAME's extension of it, Fraunhofer's
/// VBRI).
#[derive(Default)]
struct Tag {
    there: bool,
    /// Frames that follow; 0 = not told.
    count: u64,
    gaps: Option<Gaps>,
}

fn tag(window: &mut Window, at: u64, first: Head) -> Result<Tag, Unreadable> {
    let frame = window.get(at, first.bytes as usize)?;
    let side = match (first.kind, first.channels) {
        (1, 1) => 17,
        (1, _) => 32,
        (_, 1) => 9,
        _ => 17,
    };
    // A checksum may lie between header and side information.
    let protected = frame.get(1).is_some_and(|byte| byte & 1 == 0);
    let xing = 4 + side + if protected { 2 } else { 0 };
    let body = |from: usize| frame.get(from..).unwrap_or_default();
    if body(36).starts_with(b"VBRI") {
        return Ok(Tag { there: true, ..Tag::default() });
    }
    let Some(from) = [xing, 4 + side]
        .into_iter()
        .find(|from| matches!(body(*from).first_chunk::<4>(), Some(b"Xing" | b"Info")))
    else {
        return Ok(Tag::default());
    };
    let word = |from| body(from).first_chunk::<4>().map_or(0, |word| u32::from_be_bytes(*word));
    let flags = word(from + 4);
    let count = if flags & 1 == 1 { u64::from(word(from + 8)) } else { 0 };
    // Four optional fields: number of frames, of bytes, table of contents, quality.
    let fields = [4, 4, 100, 4];
    let skip: usize = (0..4).filter(|bit| flags >> bit & 1 == 1).map(|bit| fields[bit]).sum();
    let lame = body(from + 8 + skip);
    // The name of the encoder, if one wrote the extension at all.
    let named = lame.first().is_some_and(u8::is_ascii_uppercase);
    let gaps = match lame.get(21..24) {
        Some([a, b, c]) if named => Some(Gaps {
            delay: u64::from(*a) << 4 | u64::from(b >> 4),
            padding: u64::from(b & 15) << 8 | u64::from(*c),
        }),
        _ => None,
    };
    Ok(Tag { there: true, count, gaps })
}
