//! The same samples as hound and symphonia read, for every format that they read.

use std::io::Cursor;

use symphonia::core::audio::SampleBuffer;
use symphonia::core::codecs::DecoderOptions;
use symphonia::core::formats::FormatOptions;
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;

use crate::files::{FLOAT, PCM, aiff, chunk, fmt_extensible, noise, open, riff, samples, wav};

fn planar(interleaved: impl Iterator<Item = f64>, channels: usize) -> Vec<Vec<f64>> {
    let mut out = vec![Vec::new(); channels];
    for (i, sample) in interleaved.enumerate() {
        out[i % channels].push(sample);
    }
    out
}

fn by_symphonia(bytes: &[u8]) -> Vec<Vec<f64>> {
    let stream = MediaSourceStream::new(
        Box::new(Cursor::new(bytes.to_vec())),
        MediaSourceStreamOptions::default(),
    );
    let mut format = symphonia::default::get_probe()
        .format(&Hint::new(), stream, &FormatOptions::default(), &MetadataOptions::default())
        .unwrap()
        .format;
    let params = format.default_track().unwrap().codec_params.clone();
    let mut decoder =
        symphonia::default::get_codecs().make(&params, &DecoderOptions::default()).unwrap();
    let mut interleaved = Vec::new();
    while let Ok(packet) = format.next_packet() {
        let decoded = decoder.decode(&packet).unwrap();
        let mut buffer = SampleBuffer::<f64>::new(decoded.capacity() as u64, *decoded.spec());
        buffer.copy_interleaved_ref(decoded);
        interleaved.extend_from_slice(buffer.samples());
    }
    planar(interleaved.into_iter(), params.channels.unwrap().count())
}

fn by_hound(bytes: &[u8]) -> Vec<Vec<f64>> {
    let mut reader = hound::WavReader::new(Cursor::new(bytes)).unwrap();
    let spec = reader.spec();
    let channels = usize::from(spec.channels);
    if spec.sample_format == hound::SampleFormat::Float {
        return planar(reader.samples::<f32>().map(|s| f64::from(s.unwrap())), channels);
    }
    let scale = 2f64.powi(i32::from(spec.bits_per_sample) - 1);
    planar(reader.samples::<i32>().map(|s| f64::from(s.unwrap()) / scale), channels)
}

/// Floats between -2 and 2 as bytes of either order and width.
fn floats(n: usize, to_bytes: impl Fn(f64) -> Vec<u8>) -> Vec<u8> {
    let numbers = noise(4 * n);
    let value = |b: &[u8]| f64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]])) / 2f64.powi(30);
    numbers.chunks(4).flat_map(|b| to_bytes(value(b))).collect()
}

fn le32(v: f64) -> Vec<u8> {
    (v as f32).to_le_bytes().to_vec()
}

#[test]
fn wav_as_hound_reads_it() {
    for channels in [1, 2, 3, 6, 8] {
        for bits in [8, 16, 24, 32] {
            let data = noise(usize::from(channels * bits / 8) * 1000);
            for bytes in [
                wav(PCM, channels, 44_100, bits, &data),
                riff(&[
                    chunk(b"fmt ", &fmt_extensible(PCM, channels, 44_100, bits, bits)),
                    chunk(b"data", &data),
                ]),
            ] {
                assert_eq!(
                    samples(&mut open(&bytes).unwrap()),
                    by_hound(&bytes),
                    "{bits} bits, {channels} channels"
                );
            }
        }
        let data = floats(usize::from(channels) * 1000, le32);
        let bytes = wav(FLOAT, channels, 96_000, 32, &data);
        assert_eq!(samples(&mut open(&bytes).unwrap()), by_hound(&bytes));
    }
}

#[test]
fn wav_as_symphonia_reads_it() {
    for channels in [1, 2] {
        for bits in [8, 16, 24, 32] {
            let data = noise(usize::from(channels * bits / 8) * 3000);
            let bytes = wav(PCM, channels, 48_000, bits, &data);
            assert_eq!(samples(&mut open(&bytes).unwrap()), by_symphonia(&bytes), "{bits}");
        }
        for (bits, data) in [
            (32, floats(usize::from(channels) * 3000, le32)),
            (64, floats(usize::from(channels) * 3000, |v| (v / 3.0).to_le_bytes().to_vec())),
        ] {
            let bytes = wav(FLOAT, channels, 48_000, bits, &data);
            assert_eq!(samples(&mut open(&bytes).unwrap()), by_symphonia(&bytes), "{bits}");
        }
    }
}

#[test]
fn aiff_as_symphonia_reads_it() {
    let be32 = |v: f64| (v as f32).to_be_bytes().to_vec();
    let be64 = |v: f64| (v / 3.0).to_be_bytes().to_vec();
    for channels in [1_u16, 2] {
        let n = usize::from(channels) * 3000;
        for (kind, bits, width, data) in [
            (None, 8, 1, noise(n)),
            (None, 16, 2, noise(2 * n)),
            (None, 24, 3, noise(3 * n)),
            (None, 32, 4, noise(4 * n)),
            (Some(b"NONE"), 24, 3, noise(3 * n)),
            (Some(b"twos"), 16, 2, noise(2 * n)),
            (Some(b"sowt"), 16, 2, noise(2 * n)),
            (Some(b"fl32"), 32, 4, floats(n, be32)),
            (Some(b"fl64"), 64, 8, floats(n, be64)),
        ] {
            let bytes = aiff(kind, channels, bits, width, &data);
            assert_eq!(
                samples(&mut open(&bytes).unwrap()),
                by_symphonia(&bytes),
                "{kind:?} {bits} bits, {channels} channels"
            );
        }
    }
}
