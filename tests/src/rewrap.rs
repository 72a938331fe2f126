//! The same samples in another container: what `container rf64` does to a file.

/// A container that is no plain WAV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// RF64 (EBU Tech 3306), its lengths in `ds64`.
    Rf64,
    /// Sony Wave64.
    Wave64,
    /// Apple Core Audio Format, little-endian.
    Caf,
    /// AIFF, or AIFF-C where samples are floats.
    Aiff,
}

impl Container {
    /// `rf64`, `w64`, `caf`, `aiff`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rf64" => Self::Rf64,
            "w64" => Self::Wave64,
            "caf" => Self::Caf,
            "aiff" => Self::Aiff,
            _ => return None,
        })
    }

    /// Takes the samples out of a WAV file and puts them into this container.
    ///
    /// # Errors
    /// A sentence, if it is no WAV file with `fmt ` and `data`.
    pub fn rewrap(self, wav: &[u8]) -> Result<Vec<u8>, String> {
        let missing = || "a WAV file without fmt or data cannot be rewrapped".to_owned();
        let (fmt, data) = chunk(wav, *b"fmt ").zip(chunk(wav, *b"data")).ok_or_else(missing)?;
        let [t, _, c, _, a, b, d, e, _, _, _, _, _, _, bits, ..] = *fmt else {
            return Err(missing());
        };
        let sound = Sound {
            fmt,
            data,
            // Extensible or not, a float has 32 bits and an integer never.
            float: t == 3 || bits == 32,
            channels: c,
            rate: u32::from_le_bytes([a, b, d, e]),
            bits,
        };
        Ok(match self {
            Self::Rf64 => sound.rf64(),
            Self::Wave64 => sound.wave64(),
            Self::Caf => sound.caf(),
            Self::Aiff => sound.aiff(),
        })
    }
}

fn chunk(wav: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    let mut rest = wav.get(12..)?;
    while let Some(([a, b, c, d, size @ ..], body)) = rest.split_first_chunk::<8>() {
        let size = u32::from_le_bytes(*size) as usize;
        if [*a, *b, *c, *d] == wanted {
            return body.get(..size);
        }
        rest = body.get(size + size % 2..)?;
    }
    None
}

struct Sound<'a> {
    fmt: &'a [u8],
    data: &'a [u8],
    float: bool,
    channels: u8,
    rate: u32,
    bits: u8,
}

impl Sound<'_> {
    fn frame_bytes(&self) -> usize {
        usize::from(self.channels) * usize::from(self.bits / 8)
    }

    fn frames(&self) -> usize {
        self.data.len() / self.frame_bytes()
    }

    fn rf64(&self) -> Vec<u8> {
        let fmt = [b"fmt ", &(self.fmt.len() as u32).to_le_bytes()[..], self.fmt].concat();
        let sound = [&b"data\xFF\xFF\xFF\xFF"[..], self.data].concat();
        let riff = 4 + 36 + fmt.len() + sound.len();
        let lengths = [riff, self.data.len(), self.frames()].map(|n| (n as u64).to_le_bytes());
        let ds64 = [&b"ds64\x1C\0\0\0"[..], lengths.as_flattened(), &[0; 4]].concat();
        [&b"RF64\xFF\xFF\xFF\xFFWAVE"[..], &ds64, &fmt, &sound].concat()
    }

    fn wave64(&self) -> Vec<u8> {
        const WAVE: &[u8] = b"\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
        const RIFF: &[u8] = b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
        let chunk = |id: &[u8; 4], body: &[u8]| {
            let pad = vec![0; body.len().next_multiple_of(8) - body.len()];
            [&id[..], WAVE, &(body.len() as u64 + 24).to_le_bytes(), body, &pad].concat()
        };
        let body = [chunk(b"fmt ", self.fmt), chunk(b"data", self.data)].concat();
        [RIFF, &(body.len() as u64 + 40).to_le_bytes(), b"wave", WAVE, &body].concat()
    }

    fn caf(&self) -> Vec<u8> {
        const LITTLE: u32 = 2;
        let flags = LITTLE | u32::from(self.float);
        let packet = self.frame_bytes() as u32;
        let words =
            [flags, packet, 1, self.channels.into(), self.bits.into()].map(u32::to_be_bytes);
        let rate = f64::from(self.rate).to_be_bytes();
        let desc = [&b"desc\0\0\0\0\0\0\0\x20"[..], &rate, b"lpcm", words.as_flattened()].concat();
        let size = (self.data.len() as u64 + 4).to_be_bytes();
        [&b"caff\0\x01\0\0"[..], &desc, b"data", &size, &[0, 0, 0, 1], self.data].concat()
    }

    fn aiff(&self) -> Vec<u8> {
        let chunk = |id: &[u8; 4], body: &[u8]| {
            let size = (body.len() as u32).to_be_bytes();
            [&id[..], &size, body, &[0][..body.len() % 2]].concat()
        };
        // A sample rate of AIFF is a float of 80 bits.
        let exponent = self.rate.ilog2();
        let rate = [
            &(16_383 + exponent as u16).to_be_bytes()[..],
            &(u64::from(self.rate) << (63 - exponent)).to_be_bytes(),
        ]
        .concat();
        let kind: &[u8] = if self.float { b"fl32\0\0" } else { b"" };
        let frames = (self.frames() as u32).to_be_bytes();
        let comm = [&[0, self.channels][..], &frames, &[0, self.bits], &rate, kind].concat();
        let width = usize::from(self.bits / 8);
        let swapped: Vec<u8> =
            self.data.chunks(width).flat_map(|sample| sample.iter().rev().copied()).collect();
        let ssnd = [&[0; 8][..], &swapped].concat();
        let outer: &[u8] = if self.float { b"AIFC" } else { b"AIFF" };
        let body = [outer, &chunk(b"COMM", &comm), &chunk(b"SSND", &ssnd)].concat();
        chunk(b"FORM", &body)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use stemcheck_core::block::Block;
    use stemcheck_decode::Source;
    use stemcheck_decode::write::{Depth, WavWriter};

    use super::Container;

    #[test]
    fn the_samples_stay_what_they_are() {
        let planar = vec![vec![0.5, -0.25, 0.0], vec![-1.0, 0.125, 0.75]];
        let block = Block::from_planar(0, planar);
        for depth in [Depth::Int16, Depth::Int24, Depth::Float32] {
            let mut wav = Vec::new();
            let mut writer = WavWriter::new(Cursor::new(&mut wav), 44_100, 2, depth).unwrap();
            writer.write(&block).unwrap();
            writer.finish().unwrap();
            for name in ["rf64", "w64", "caf", "aiff"] {
                let bytes = Container::named(name).unwrap().rewrap(&wav).unwrap();
                let mut source = Source::open(Box::new(Cursor::new(bytes))).unwrap();
                assert_eq!(source.facts().notes, []);
                assert_eq!(source.format().sample_rate, 44_100);
                let mut read = Block::default();
                source.read(0, 9, &mut read).unwrap();
                assert_eq!(read.channels, block.channels, "{name}, {depth:?}");
            }
        }
    }
}
