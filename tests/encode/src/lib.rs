//! Compressed files for the tests, made on the spot: no audio lies in the repository.
//!
//! Planar samples in, the bytes of a whole file out, the way that usual software writes it: with a
//! LAME tag, an edit list, an end granule, so that encoder delay and padding can be undone.
//! Native only (most encoders are C); compiled for WebAssembly the crate is empty.
#![cfg(not(target_arch = "wasm32"))]

mod aac;
mod alac;
mod boxes;
mod flac;
mod mp3;
mod ogg;

/// A codec in its container, with what it is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Codec {
    /// FLAC with so many bits, 16 or 24.
    Flac(u16),
    /// ALAC in an MP4 file (`.m4a`), with so many bits: 16, or 24 and 32 without compression.
    Alac(u16),
    /// The same in a Core Audio file (`.caf`).
    AlacCaf(u16),
    /// MPEG-1 layer III with a LAME tag, so many kbit/s, or MPEG-2 below 32 kHz.
    Mp3(u16),
    /// AAC-LC in an MP4 file with an edit list, so many kbit/s.
    Aac(u16),
    /// The same as a bare stream of ADTS frames: nothing tells the encoder's delay.
    Adts(u16),
    /// Ogg Vorbis of this quality, -1 to 10.
    Vorbis(f32),
    /// Ogg Opus, so many kbit/s; 48 kHz only.
    Opus(u16),
}

impl Codec {
    /// Reads `flac`, `flac 16`, `alac`, `alac-caf`, `mp3 192`, `aac 256`, `adts 128`, `vorbis 5`,
    /// `opus 128`.
    ///
    /// # Errors
    /// A sentence, if it is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let count = |usual: u16| match rest {
            "" => Ok(usual),
            rest => rest.parse().map_err(|_| format!("{rest:?} is no number")),
        };
        Ok(match name {
            "flac" => Self::Flac(count(24)?),
            "alac" => Self::Alac(count(16)?),
            "alac-caf" => Self::AlacCaf(count(16)?),
            "mp3" => Self::Mp3(count(192)?),
            "aac" => Self::Aac(count(256)?),
            "adts" => Self::Adts(count(256)?),
            "vorbis" => Self::Vorbis(f32::from(count(5)?)),
            "opus" => Self::Opus(count(128)?),
            other => return Err(format!("no encoder is called {other:?}")),
        })
    }

    /// The extension that its files usually have.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Flac(_) => "flac",
            Self::Alac(_) | Self::Aac(_) => "m4a",
            Self::AlacCaf(_) => "caf",
            Self::Mp3(_) => "mp3",
            Self::Adts(_) => "aac",
            Self::Vorbis(_) => "ogg",
            Self::Opus(_) => "opus",
        }
    }
}

/// Encodes planar samples (full scale is 1.0) of one or two channels, all of one length.
///
/// # Errors
/// A sentence, if the encoder refuses.
pub fn encode(codec: Codec, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    match codec {
        Codec::Flac(bits) => flac::encode(bits, rate, channels),
        Codec::Alac(bits) => Ok(boxes::mp4(&alac::track(bits, rate, channels))),
        Codec::AlacCaf(bits) => Ok(boxes::caf(&alac::track(bits, rate, channels))),
        Codec::Mp3(kbps) => mp3::encode(kbps, rate, channels),
        Codec::Aac(kbps) => Ok(boxes::mp4(&aac::track(kbps, rate, channels)?)),
        Codec::Adts(kbps) => aac::adts(kbps, rate, channels),
        Codec::Vorbis(quality) => ogg::vorbis(quality, rate, channels),
        Codec::Opus(kbps) => ogg::opus(kbps, rate, channels),
    }
}

/// Packets of one track and what a container has to tell about them.
struct Track {
    /// `alac` or `mp4a`.
    kind: [u8; 4],
    rate: u32,
    channels: u16,
    bits: u16,
    /// `ALACSpecificConfig`, or the `AudioSpecificConfig` of AAC.
    config: Vec<u8>,
    packets: Vec<Vec<u8>>,
    /// Frames in a packet; the last one holds `last`.
    per_packet: u32,
    last: u32,
    /// Frames before the sound, and of the sound.
    delay: u32,
    frames: u32,
}

/// Sample `i` of every channel, rounded to so many bits.
fn integer(sample: f32, bits: u16) -> i32 {
    let scale = f64::from(bits - 1).exp2();
    (f64::from(sample) * scale).round().clamp(-scale, scale - 1.0) as i32
}

/// Rounded to so many bits, interleaved.
fn interleaved(channels: &[Vec<f32>], bits: u16) -> Vec<i32> {
    let frames = channels.first().map_or(0, Vec::len);
    (0..frames).flat_map(|i| channels.iter().map(move |c| integer(c[i], bits))).collect()
}

/// The same as 16-bit samples.
fn interleaved16(channels: &[Vec<f32>]) -> Vec<i16> {
    interleaved(channels, 16).into_iter().map(|v| v as i16).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
    use super::*;

    #[test]
    fn every_name_makes_a_file_of_its_kind() {
        let tone: Vec<f32> = (0..10_000).map(|i| (i as f32 * 0.05).sin() * 0.5).collect();
        for (name, at, magic) in [
            ("flac", 0, &b"fLaC"[..]),
            ("flac 16", 0, b"fLaC"),
            ("alac", 4, b"ftyp"),
            ("alac 24", 4, b"ftyp"),
            ("alac-caf", 0, b"caff"),
            ("mp3 192", 0, b"\xff\xfb"),
            ("aac 128", 4, b"ftyp"),
            ("adts 128", 0, b"\xff\xf1"),
            ("vorbis 5", 0, b"OggS"),
            ("opus 96", 0, b"OggS"),
        ] {
            let codec = Codec::parse(name).unwrap();
            for channels in [vec![tone.clone()], vec![tone.clone(), tone.clone()]] {
                let bytes = encode(codec, 48_000, &channels).unwrap();
                assert!(bytes.len() > 500 && bytes[at..].starts_with(magic), "{name}");
            }
        }
        assert!(Codec::parse("tape").is_err());
    }
}
