//! WAV files as they come: what no oracle reads, and what has to be refused in clear words.

use stemcheck_core::song::HeaderNote;

use crate::files::{
    FLOAT, PCM, chunk, fmt, fmt_extensible, noise, open, refusal, riff, samples, wav,
};

/// Two frames of 16-bit stereo: 1, 2, 3, 4.
const DATA: [u8; 8] = [1, 0, 2, 0, 3, 0, 4, 0];

fn stereo() -> Vec<u8> {
    chunk(b"fmt ", &fmt(PCM, 2, 48_000, 16))
}

fn expected() -> Vec<Vec<f64>> {
    [[1.0, 3.0], [2.0, 4.0]].map(|channel| channel.map(|v| v / 32_768.0).to_vec()).to_vec()
}

fn with_size(claimed: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = wav(PCM, 2, 48_000, 16, data);
    bytes[40..44].copy_from_slice(&claimed.to_le_bytes());
    bytes
}

#[test]
fn a_24_bit_sample_is_its_value_over_two_to_the_23() {
    let value = -5_592_405_i32;
    let bytes = wav(PCM, 1, 48_000, 24, &value.to_le_bytes()[..3]);
    assert_eq!(samples(&mut open(&bytes).unwrap()), [[f64::from(value) / 8_388_608.0]]);
}

#[test]
fn twenty_bits_in_twenty_four() {
    let data = [0x10, 0, 0, 0, 0, 0x80];
    let extensible =
        riff(&[chunk(b"fmt ", &fmt_extensible(PCM, 2, 96_000, 24, 20)), chunk(b"data", &data)]);
    for bytes in [wav(PCM, 2, 96_000, 20, &data), extensible] {
        let mut source = open(&bytes).unwrap();
        assert_eq!((source.format().bits, source.format().valid_bits), (24, 20));
        assert_eq!(samples(&mut source), [[16.0 / 8_388_608.0], [-1.0]]);
    }
}

#[test]
fn twenty_four_bits_in_thirty_two_are_left_justified() {
    let data = [0, 1, 0, 0, 0, 0, 0, 0x80];
    let bytes =
        riff(&[chunk(b"fmt ", &fmt_extensible(PCM, 1, 48_000, 32, 24)), chunk(b"data", &data)]);
    let mut source = open(&bytes).unwrap();
    assert_eq!((source.format().bits, source.format().valid_bits), (32, 24));
    assert_eq!(samples(&mut source), [[1.0 / 8_388_608.0, -1.0]]);
}

#[test]
fn valid_bits_that_make_no_sense_mean_all_of_them() {
    for valid in [0, 25, 999] {
        let bytes = riff(&[
            chunk(b"fmt ", &fmt_extensible(PCM, 1, 48_000, 24, valid)),
            chunk(b"data", &[1, 2, 3]),
        ]);
        assert_eq!(open(&bytes).unwrap().format().valid_bits, 24);
    }
}

#[test]
fn a_float_file_without_fact_and_with_a_short_fmt() {
    let bytes = wav(FLOAT, 1, 48_000, 32, &13.6_f32.to_le_bytes());
    let mut source = open(&bytes).unwrap();
    assert!(source.format().float);
    assert_eq!(samples(&mut source), [[f64::from(13.6_f32)]]);
}

#[test]
fn chunks_before_and_after_padded_or_not() {
    let odd = chunk(b"LIST", &[7; 5]);
    let odd_pad = [&chunk(b"bext", &[7; 5])[..13], &[0x55]].concat();
    let unpadded = chunk(b"LIST", &[7; 5])[..13].to_vec();
    let unknown = chunk(b"zzzz", &[7; 5]);
    for before in [&odd, &odd_pad, &unpadded, &unknown] {
        let bytes =
            riff(&[before.clone(), stereo(), before.clone(), chunk(b"data", &DATA), odd.clone()]);
        assert_eq!(samples(&mut open(&bytes).unwrap()), expected(), "{before:?}");
    }
}

#[test]
fn the_outer_length_is_not_believed() {
    let mut bytes = wav(PCM, 2, 48_000, 16, &DATA);
    for size in [0, 4, u32::MAX] {
        bytes[4..8].copy_from_slice(&size.to_le_bytes());
        assert_eq!(samples(&mut open(&bytes).unwrap()), expected());
    }
}

#[test]
fn sizes_of_a_pipe_last_to_the_end() {
    for claimed in [0, 0xFFFF_FFFF, 0x7FFF_F000] {
        let mut source = open(&with_size(claimed, &DATA)).unwrap();
        let notes = source.facts().notes;
        assert!(matches!(notes[..], [HeaderNote::OpenEnded { .. }]));
        assert_eq!(samples(&mut source), expected());
    }
}

#[test]
fn no_data_before_another_chunk_is_empty_not_a_pipe() {
    let bytes = riff(&[stereo(), chunk(b"data", &[]), chunk(b"LIST", &[0; 64])]);
    let (kind, text) = refusal(&bytes);
    assert_eq!(kind, "empty");
    assert!(text.contains("(at byte 36)"), "{text}");
}

#[test]
fn a_truncated_file_is_read_as_far_as_it_goes() {
    let mut source = open(&with_size(4096, &DATA)).unwrap();
    assert_eq!(
        source.facts().notes,
        [HeaderNote::Truncated { claimed_bytes: 4096, present_bytes: 8, at_byte: 36 }]
    );
    assert_eq!(samples(&mut source), expected());
}

#[test]
fn a_frame_cut_in_two_is_left_out() {
    let mut source = open(&with_size(8, &DATA[..6])).unwrap();
    assert_eq!(source.format().frames, 1);
    assert_eq!(source.facts().notes.len(), 1);
    assert_eq!(samples(&mut source)[0].len(), 1);
}

#[test]
fn rifx_is_wav_the_other_way_round() {
    let fmt = [[0, 1], [0, 1], [0, 0], [0xBB, 0x80], [0, 1], [0x77, 0], [0, 2], [0, 16]].concat();
    let bytes = [&b"RIFX\0\0\0\x28WAVEfmt \0\0\0\x10"[..], &fmt, b"data\0\0\0\x02\x40\0"].concat();
    assert_eq!(samples(&mut open(&bytes).unwrap()), [[0.5]]);
}

#[test]
fn every_rate_and_channel_count_in_bounds() {
    for rate in [8_000, 11_025, 44_100, 48_000, 88_200, 176_400, 384_000] {
        assert_eq!(open(&wav(PCM, 2, rate, 16, &DATA)).unwrap().format().sample_rate, rate);
    }
    for channels in 1..=8 {
        let data = noise(usize::from(channels) * 6);
        assert_eq!(open(&wav(PCM, channels, 48_000, 24, &data)).unwrap().format().frames, 2);
    }
}

#[test]
fn refusals_name_place_and_value() {
    let mut misaligned = wav(PCM, 2, 48_000, 16, &DATA);
    misaligned[28] = 1;
    misaligned[32] = 5;
    let data_first = riff(&[chunk(b"data", &DATA), stereo()]);
    let mut runs_over = riff(&[stereo(), chunk(b"LIST", &[0; 4])]);
    runs_over[40..44].copy_from_slice(&99_999_u32.to_le_bytes());
    for (bytes, kind, part) in [
        (wav(PCM, 0, 48_000, 16, &DATA), "damaged", "0 channels (at byte 22)"),
        (wav(PCM, 9, 48_000, 16, &DATA), "unsupported", "9 channels"),
        (wav(PCM, 2, 0, 16, &DATA), "damaged", "sample rate is 0 Hz (at byte 24)"),
        (wav(PCM, 2, 7_999, 16, &DATA), "unsupported", "7999 Hz"),
        (wav(PCM, 2, u32::MAX, 16, &DATA), "unsupported", "4294967295 Hz"),
        (wav(PCM, 2, 48_000, 64, &DATA), "unsupported", "64-bit integer"),
        (wav(PCM, 2, 48_000, 0, &DATA), "unsupported", "0-bit integer"),
        (wav(FLOAT, 2, 48_000, 16, &DATA), "unsupported", "16-bit float"),
        (wav(0x55, 2, 48_000, 16, &DATA), "unsupported", "MP3"),
        (misaligned, "damaged", "5 bytes a frame"),
        (data_first, "damaged", "before the fmt chunk"),
        (riff(&[stereo()]), "damaged", "no data chunk in 36 bytes"),
        (riff(&[]), "damaged", "no fmt chunk in 12 bytes"),
        (riff(&[chunk(b"fmt ", &[1, 0])]), "damaged", "fmt chunk has 2 bytes"),
        (runs_over, "damaged", "`LIST` claims 99999 bytes, file has 4 (at byte 36)"),
        (riff(&[stereo(), chunk(b"data", &DATA[..3])]), "empty", "not one frame"),
        (Vec::new(), "empty", "no bytes"),
    ] {
        let (got, text) = refusal(&bytes);
        assert_eq!(got, kind, "{text}");
        assert!(text.contains(part), "{text:?} should contain {part:?}");
    }
}
