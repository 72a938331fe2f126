//! Containers for long files: RF64, BW64, Wave64, CAF; and files that really are long.

use std::io::{self, Read, Seek, SeekFrom};

use stemcheck_core::block::Block;
use stemcheck_core::song::{HeaderField, HeaderNote};
use stemcheck_decode::Source;

use crate::files::{
    FLOAT, PCM, bext, caf, caf_chunk, caf_data, chunk, desc, fmt, fmt_extensible, guid_chunk,
    noise, open, refusal, rf64, riff, samples, w64, wav, wave64,
};

/// The same sound in a plain WAV file.
fn as_wav(tag: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<Vec<f64>> {
    samples(&mut open(&wav(tag, channels, 48_000, bits, data)).unwrap())
}

#[test]
fn the_same_samples_in_every_relative_of_wav() {
    for (tag, bits) in [(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)] {
        for channels in [1, 2, 6] {
            let data = noise(usize::from(channels * bits / 8) * 101);
            let data: Vec<u8> =
                if tag == FLOAT { data.iter().map(|b| b & 0x3F).collect() } else { data };
            let expected = as_wav(tag, channels, bits, &data);
            let plain = fmt(tag, channels, 48_000, bits);
            let extensible = fmt_extensible(tag, channels, 48_000, bits, bits);
            for (container, bytes) in [
                ("rf64", rf64(b"RF64", &plain, &data)),
                ("rf64", rf64(b"RF64", &extensible, &data)),
                ("bw64", rf64(b"BW64", &plain, &data)),
                ("w64", w64(tag, channels, 48_000, bits, &data)),
                ("w64", wave64(&[guid_chunk(b"fmt ", &extensible), guid_chunk(b"data", &data)])),
            ] {
                let mut source = open(&bytes).unwrap();
                assert_eq!(source.facts().notes, [], "{container}, {bits} bits");
                assert_eq!(source.format().container, container);
                assert_eq!(samples(&mut source), expected, "{container}, {bits} bits");
            }
        }
    }
}

#[test]
fn caf_in_both_orders() {
    let swapped = |data: &[u8], width: usize| -> Vec<u8> {
        data.chunks(width).flat_map(|sample| sample.iter().rev().copied()).collect()
    };
    for (tag, bits) in [(PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)] {
        for channels in [1, 2, 6] {
            let width = usize::from(bits / 8);
            let data: Vec<u8> =
                noise(usize::from(channels) * width * 101).iter().map(|b| b & 0x3F).collect();
            let expected = as_wav(tag, channels, bits, &data);
            let float = u32::from(tag == FLOAT);
            let desc = |flags| desc(flags, channels.into(), 48_000.0, bits.into());
            for bytes in [
                caf(&[desc(float | 2), caf_data(&data)]),
                caf(&[desc(float), caf_chunk(b"free", &[0; 7]), caf_data(&swapped(&data, width))]),
            ] {
                let mut source = open(&bytes).unwrap();
                assert_eq!(source.facts().notes, []);
                assert_eq!(source.format().container, "caf");
                assert_eq!(samples(&mut source), expected, "{bits} bits");
            }
        }
    }
}

#[test]
fn other_word_lengths_in_caf() {
    let read = |bits, data: &[u8]| {
        let mut source = open(&caf(&[desc(0, 1, 44_100.0, bits), caf_data(data)])).unwrap();
        (source.format().bits, source.format().valid_bits, samples(&mut source))
    };
    assert_eq!(read(8, &[0x40, 0xC0]), (8, 8, vec![vec![0.5, -0.5]]));
    assert_eq!(read(20, &[0x40, 0, 0, 0xC0, 0, 0]), (24, 20, vec![vec![0.5, -0.5]]));
}

#[test]
fn sizes_of_a_pipe_last_to_the_end() {
    let data = noise(600);
    let expected = as_wav(PCM, 2, 24, &data);
    let at = |bytes: &[u8], id: &[u8]| bytes.windows(4).position(|window| window == id).unwrap();
    let plain = fmt(PCM, 2, 48_000, 24);
    let mut no_ds64 = riff(&[chunk(b"fmt ", &plain), chunk(b"data", &data)]);
    no_ds64[..8].copy_from_slice(b"RF64\xff\xff\xff\xff");
    let place = at(&no_ds64, b"data") + 4;
    no_ds64[place..place + 4].fill(0xFF);
    let mut empty_ds64 = rf64(b"RF64", &plain, &data);
    empty_ds64[20..48].fill(0);
    let mut open_w64 = w64(PCM, 2, 48_000, 24, &data);
    let place = at(&open_w64, b"data") + 16;
    open_w64[place..place + 8].fill(0);
    let mut piped_w64 = open_w64.clone();
    piped_w64[place..place + 8].copy_from_slice(&i64::MAX.to_le_bytes());
    let mut open_caf = caf(&[desc(2, 2, 48_000.0, 24), caf_data(&data)]);
    let place = at(&open_caf, b"data") + 4;
    open_caf[place..place + 8].fill(0xFF);
    for bytes in [no_ds64, empty_ds64, open_w64, piped_w64, open_caf] {
        let mut source = open(&bytes).unwrap();
        let notes = source.facts().notes;
        assert!(matches!(notes[..], [HeaderNote::OpenEnded { .. }]), "{notes:?}");
        assert_eq!(samples(&mut source), expected);
    }
}

#[test]
fn what_wave64_and_caf_tell_about_themselves() {
    let fmt = guid_chunk(b"fmt ", &fmt(PCM, 1, 48_000, 16));
    let bext = guid_chunk(b"bext", &bext("Sound Forge", 1 << 33));
    let tags = open(&wave64(&[bext, fmt, guid_chunk(b"data", &[0; 8])])).unwrap().facts().tags;
    assert_eq!(
        (tags.originator.as_deref(), tags.time_reference),
        (Some("Sound Forge"), Some(1 << 33))
    );

    let info = caf_chunk(b"info", b"\0\0\0\x02title\0Kick\0encoding application\0Logic Pro\0");
    let chunks = [desc(0, 1, 48_000.0, 16), caf_data(&[0; 8]), info];
    let tags = open(&caf(&chunks)).unwrap().facts().tags;
    assert_eq!(
        (tags.originator.as_deref(), tags.title.as_deref()),
        (Some("Logic Pro"), Some("Kick"))
    );
}

#[test]
fn refusals_name_place_and_value() {
    let sound = || caf_data(&[0; 8]);
    let mut adpcm = desc(0, 2, 48_000.0, 16);
    adpcm[20..24].copy_from_slice(b"ima4");
    let mut packets = desc(0, 2, 48_000.0, 16);
    packets[31] = 8;
    for (bytes, kind, part) in [
        (caf(&[adpcm, sound()]), "unsupported", "ADPCM audio"),
        (caf(&[packets, sound()]), "damaged", "8 bytes and 1 frames a packet"),
        (caf(&[desc(0, 0, 48_000.0, 16), sound()]), "damaged", "0 channels (at byte 44)"),
        (caf(&[desc(0, 1 << 16, 48_000.0, 16), sound()]), "unsupported", "channels"),
        (caf(&[desc(0, 2, f64::NAN, 16), sound()]), "damaged", "NaN Hz (at byte 20)"),
        (caf(&[desc(0, 2, 1e300, 16), sound()]), "unsupported", "Hz lies outside"),
        (caf(&[desc(1, 2, 48_000.0, 16), sound()]), "unsupported", "16-bit float"),
        (caf(&[desc(0, 2, 48_000.0, 16)]), "damaged", "no data chunk"),
        (caf(&[sound()]), "damaged", "no desc chunk"),
        (caf(&[desc(0, 2, 48_000.0, 16), caf_data(&[0; 3])]), "empty", "not one frame"),
        (wave64(&[guid_chunk(b"data", &[0; 8])]), "damaged", "w64: data chunk comes before"),
    ] {
        let (got, text) = refusal(&bytes);
        assert_eq!(got, kind, "{text}");
        assert!(text.contains(part), "{text:?} should contain {part:?}");
    }
}

/// A file of any length that has a beginning, and after it 24-bit samples that count frames.
struct Endless {
    head: Vec<u8>,
    len: u64,
    at: u64,
}

impl Read for Endless {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = (bytes.len() as u64).min(self.len.saturating_sub(self.at)) as usize;
        for (byte, at) in bytes[..count].iter_mut().zip(self.at..) {
            *byte = match self.head.get(at as usize) {
                Some(byte) => *byte,
                None => value_at(at - self.head.len() as u64),
            };
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.len.saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

/// Byte of stereo frames of 24 bits: the low 24 bits of the frame's number, in both channels.
fn value_at(byte: u64) -> u8 {
    (byte / 6).to_le_bytes()[byte as usize % 3]
}

/// Frames of a file of about 12 GB.
const MANY: u64 = 2_000_000_123;

/// A source with this head before many frames.
fn endless(head: Vec<u8>) -> Source {
    let len = head.len() as u64 + 6 * MANY;
    Source::open(Box::new(Endless { head, len, at: 0 })).unwrap()
}

#[test]
fn beyond_four_gigabytes() {
    let plain = fmt(PCM, 2, 96_000, 24);
    let bytes = 6 * MANY;
    let mut rf64 = rf64(b"RF64", &plain, &[]);
    let riff_size = rf64.len() as u64 - 8 + bytes;
    rf64[20..28].copy_from_slice(&riff_size.to_le_bytes());
    rf64[28..36].copy_from_slice(&bytes.to_le_bytes());
    rf64[36..44].copy_from_slice(&MANY.to_le_bytes());
    let mut w64 = w64(PCM, 2, 96_000, 24, &[]);
    let (data_size, file_size) = (24 + bytes, w64.len() as u64 + bytes);
    let at = w64.len() - 8;
    w64[at..].copy_from_slice(&data_size.to_le_bytes());
    w64[16..24].copy_from_slice(&file_size.to_le_bytes());
    let mut caf = caf(&[desc(2, 2, 96_000.0, 24), caf_data(&[])]);
    let at = caf.len() - 12;
    caf[at..at + 8].copy_from_slice(&(4 + bytes).to_be_bytes());
    for head in [rf64, w64, caf] {
        let mut source = endless(head);
        assert_eq!((source.format().frames, source.facts().notes), (MANY, Vec::new()));
        let mut block = Block::default();
        for start in [0, 715_827_882, 1_999_999_999, MANY - 2] {
            source.read(start, 9, &mut block).unwrap();
            assert_eq!(block.frames() as u64, 9.min(MANY - start));
            let low = ((start + 1) << 8) as u32 as i32;
            assert_eq!(block.sample(1, 1), f64::from(low) / 2f64.powi(31), "frame {start}");
        }
    }
}

#[test]
fn a_length_that_ran_over_thirty_two_bits() {
    let mut head = wav(PCM, 2, 96_000, 24, &[]);
    let says = (6 * MANY) as u32;
    head[40..44].copy_from_slice(&says.to_le_bytes());
    let mut source = endless(head);
    assert_eq!(source.format().frames, MANY);
    let (field, is) = (HeaderField::AudioBytes, 6 * MANY);
    let note = HeaderNote::Field { field, says: says.into(), is, at_byte: 36 };
    assert_eq!(source.facts().notes, [note]);
    let mut block = Block::default();
    source.read(MANY - 1, 9, &mut block).unwrap();
    assert_eq!(block.frames(), 1);
}
