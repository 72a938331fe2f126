//! Builds files byte by byte, right or wrong on purpose.

use std::io::Cursor;

use stemcheck_core::block::Block;
use stemcheck_core::song::Unreadable;
use stemcheck_decode::Source;

pub const PCM: u16 = 1;
pub const FLOAT: u16 = 3;

pub fn open(bytes: &[u8]) -> Result<Source, Unreadable> {
    Source::open(Box::new(Cursor::new(bytes.to_vec())))
}

/// Every sample, exact, planar.
pub fn samples(source: &mut Source) -> Vec<Vec<f64>> {
    let mut block = Block::default();
    source.read(0, usize::MAX, &mut block).unwrap();
    (0..block.channels.len())
        .map(|c| (0..block.frames()).map(|i| block.sample(c, i)).collect())
        .collect()
}

/// The text of a refusal.
pub fn refusal(bytes: &[u8]) -> (&'static str, String) {
    match open(bytes).err().expect("must be refused") {
        Unreadable::Damaged(text) => ("damaged", text),
        Unreadable::Unsupported(text) => ("unsupported", text),
        Unreadable::Empty(text) => ("empty", text),
    }
}

/// Bytes that look like noise, the same every time.
pub fn noise(n: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..n)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

/// A RIFF chunk, padded to even.
pub fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32).to_le_bytes();
    let pad = &[0][..body.len() % 2];
    [id, &size[..], body, pad].concat()
}

pub fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let size = (body.len() as u32 + 4).to_le_bytes();
    [b"RIFF", &size[..], b"WAVE", &body].concat()
}

/// The sixteen bytes that every `fmt ` begins with.
pub fn fmt(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let align = channels.wrapping_mul(bits.div_ceil(8));
    let per_second = rate.wrapping_mul(u32::from(align));
    [
        &tag.to_le_bytes()[..],
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &per_second.to_le_bytes(),
        &align.to_le_bytes(),
        &bits.to_le_bytes(),
    ]
    .concat()
}

/// An extensible `fmt `.
pub fn fmt_extensible(tag: u16, channels: u16, rate: u32, bits: u16, valid: u16) -> Vec<u8> {
    [
        fmt(0xFFFE, channels, rate, bits),
        22_u16.to_le_bytes().to_vec(),
        valid.to_le_bytes().to_vec(),
        3_u32.to_le_bytes().to_vec(),
        tag.to_le_bytes().to_vec(),
        b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71".to_vec(),
    ]
    .concat()
}

/// A plain WAV file.
pub fn wav(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    riff(&[chunk(b"fmt ", &fmt(tag, channels, rate, bits)), chunk(b"data", data)])
}

/// An IFF chunk, padded to even.
pub fn big_chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32).to_be_bytes();
    let pad = &[0][..body.len() % 2];
    [id, &size[..], body, pad].concat()
}

/// `COMM` of an AIFF file, or of an AIFF-C file with its type.
pub fn comm(kind: Option<&[u8; 4]>, channels: u16, rate: u32, bits: u16, frames: u32) -> Vec<u8> {
    let exponent = 31 - rate.leading_zeros().min(31);
    let mantissa = u64::from(rate) << (63 - exponent);
    let mut body = [
        &channels.to_be_bytes()[..],
        &frames.to_be_bytes(),
        &bits.to_be_bytes(),
        &(16_383 + exponent as u16).to_be_bytes(),
        &mantissa.to_be_bytes(),
    ]
    .concat();
    if let Some(kind) = kind {
        body.extend(kind);
        body.extend([0, 0]);
    }
    big_chunk(b"COMM", &body)
}

/// `SSND` whose sound begins after `offset` bytes.
pub fn ssnd(offset: u32, data: &[u8]) -> Vec<u8> {
    let gap = vec![0xAA; offset as usize];
    big_chunk(b"SSND", &[&offset.to_be_bytes()[..], &[0; 4], &gap, data].concat())
}

pub fn form(kind: &[u8; 4], chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let size = (body.len() as u32 + 4).to_be_bytes();
    [b"FORM", &size[..], kind, &body].concat()
}

/// A plain AIFF file, or AIFF-C with a type; `width` in bytes.
pub fn aiff(
    kind: Option<&[u8; 4]>,
    channels: u16,
    bits: u16,
    width: usize,
    data: &[u8],
) -> Vec<u8> {
    let frames = (data.len() / width / usize::from(channels)) as u32;
    let outer = if kind.is_some() { b"AIFC" } else { b"AIFF" };
    form(outer, &[comm(kind, channels, 48_000, bits, frames), ssnd(0, data)])
}

/// The body of `bext` as far as it is read: originator and where the first frame lies.
pub fn bext(originator: &str, time_reference: u64) -> Vec<u8> {
    let mut body = vec![0; 602];
    body[..11].copy_from_slice(b"description");
    body[256..256 + originator.len()].copy_from_slice(originator.as_bytes());
    body[338..346].copy_from_slice(&time_reference.to_le_bytes());
    body
}

/// An RF64 or BW64 file whose `data` chunk has the length that `ds64` tells.
pub fn rf64(id: &[u8; 4], fmt: &[u8], data: &[u8]) -> Vec<u8> {
    let frame_bytes = u64::from(u16::from_le_bytes([fmt[12], fmt[13]]).max(1));
    let mut sound = chunk(b"data", data);
    sound[4..8].fill(0xFF);
    let fmt = chunk(b"fmt ", fmt);
    let riff = 4 + 36 + fmt.len() as u64 + sound.len() as u64;
    let lengths = [riff, data.len() as u64, data.len() as u64 / frame_bytes].map(u64::to_le_bytes);
    let ds64 = chunk(b"ds64", &[lengths.as_flattened(), &[0; 4]].concat());
    [&id[..], &[0xFF; 4], b"WAVE", &ds64, &fmt, &sound].concat()
}

/// A Wave64 chunk, padded to eight bytes.
pub fn guid_chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    const REST: &[u8] = b"\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
    let size = (body.len() as u64 + 24).to_le_bytes();
    let pad = vec![0; body.len().next_multiple_of(8) - body.len()];
    [&id[..], REST, &size, body, &pad].concat()
}

pub fn wave64(chunks: &[Vec<u8>]) -> Vec<u8> {
    const RIFF: &[u8] = b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
    const WAVE: &[u8] = b"wave\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
    let body = chunks.concat();
    let size = (body.len() as u64 + 40).to_le_bytes();
    [RIFF, &size, WAVE, &body].concat()
}

/// A plain Wave64 file.
pub fn w64(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let fmt = fmt(tag, channels, rate, bits);
    wave64(&[guid_chunk(b"fmt ", &fmt), guid_chunk(b"data", data)])
}

/// A CAF chunk.
pub fn caf_chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&id[..], &(body.len() as u64).to_be_bytes(), body].concat()
}

/// `desc` of linear PCM; flags: 1 float, 2 little-endian.
pub fn desc(flags: u32, channels: u32, rate: f64, bits: u32) -> Vec<u8> {
    let packet = channels.wrapping_mul(bits.div_ceil(8));
    let words = [flags, packet, 1, channels, bits].map(u32::to_be_bytes);
    caf_chunk(b"desc", &[&rate.to_be_bytes()[..], b"lpcm", words.as_flattened()].concat())
}

/// The chunk that holds the sound.
pub fn caf_data(data: &[u8]) -> Vec<u8> {
    caf_chunk(b"data", &[&[0, 0, 0, 1], data].concat())
}

/// A CAF file of these chunks.
pub fn caf(chunks: &[Vec<u8>]) -> Vec<u8> {
    [&b"caff\0\x01\0\0"[..], &chunks.concat()].concat()
}
