//! Files of a song that are not WAV. A native run encodes them and leaves them in `target/`; a
//! browser, where no encoder runs, decodes those very bytes.

use std::io::Cursor;

use stemcheck_core::block::Block;
use stemcheck_core::song::Format;
use stemcheck_decode::{Source, Stream};

use crate::dsp::{self, Sound};

/// What is left of a sound that went through an encoder and back.
///
/// # Errors
/// A sentence, if there is no such encoder, or its file is not understood.
pub(crate) fn through(
    sound: &Sound,
    encode: impl FnOnce(&Sound) -> Result<Vec<u8>, String>,
) -> Result<Sound, String> {
    let frames = dsp::frames(sound);
    // Encoders take integers.
    let peak = dsp::peak(sound).max(0.99) / 0.99;
    let mut quiet = sound.clone();
    dsp::scale(&mut quiet, 1.0 / peak);
    let (_, mut out) = decoded(Box::new(Cursor::new(encode(&quiet)?)))?;
    for channel in &mut out {
        channel.resize(frames, 0.0);
    }
    dsp::scale(&mut out, peak);
    Ok(out)
}

/// All of a file.
///
/// # Errors
/// A sentence, if it is not understood.
pub(crate) fn decoded(stream: Box<dyn Stream>) -> Result<(Format, Sound), String> {
    const BLOCK: usize = 1 << 16;
    let told = |error| format!("it cannot be read: {error:?}");
    let mut source = Source::open(stream).map_err(told)?;
    let format = source.format().clone();
    let mut sound: Sound = vec![Vec::new(); usize::from(format.channels)];
    let mut block = Block::default();
    for start in (0..format.frames).step_by(BLOCK) {
        source.read(start, BLOCK, &mut block).map_err(told)?;
        for (channel, read) in sound.iter_mut().zip(&block.channels) {
            channel.extend(read);
        }
    }
    Ok((format, sound))
}

/// Encodes planar samples: `mp3 192`, `flac`, `aac 256`… (see `stemcheck_encode::Codec::parse`).
///
/// # Errors
/// A sentence, if there is no such encoder, or in a browser if no native run came before.
pub(crate) fn encoded(codec: &str, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    let name = name(codec, rate, channels);
    #[cfg(target_arch = "wasm32")]
    {
        const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/encoded.rs"));
        let file = FILES.iter().find(|(known, _)| *known == name);
        file.map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| format!("{name}: run `cargo test -p stemcheck-tests` first"))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let parsed = stemcheck_encode::Codec::parse(codec)?;
        let bytes = stemcheck_encode::encode(parsed, rate, channels)?;
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/encoded-songs");
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join(name), &bytes))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(bytes)
    }
}

/// What the same samples are found by (FNV-1a): they are the same to the bit everywhere.
fn name(codec: &str, rate: u32, channels: &[Vec<f32>]) -> String {
    let bits = channels.iter().flatten().flat_map(|x| x.to_bits().to_le_bytes());
    let hash = bits.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{}-{rate}-{}-{hash:016x}", codec.replace(' ', "-"), channels.len())
}
