//! Whatever is cut off or changed: no panic, and no frame that is not there.

use proptest::prelude::*;
use stemcheck_core::block::Block;

use crate::files::{FLOAT, PCM, aiff, chunk, fmt_extensible, noise, open, riff, wav};

/// One of each kind, with chunks around the sound.
fn files() -> Vec<Vec<u8>> {
    let data = noise(240);
    vec![
        wav(PCM, 2, 48_000, 16, &data),
        wav(FLOAT, 1, 48_000, 64, &data),
        riff(&[
            chunk(b"bext", &[7; 31]),
            chunk(b"fmt ", &fmt_extensible(PCM, 2, 96_000, 24, 20)),
            chunk(b"LIST", &[9; 5]),
            chunk(b"data", &data),
            chunk(b"id3 ", &[3; 9]),
        ]),
        aiff(None, 2, 24, 3, &data),
        aiff(Some(b"sowt"), 1, 16, 2, &data),
        aiff(Some(b"fl64"), 1, 64, 8, &data),
    ]
}

/// Opens and reads everything; true to the bytes or refused with a text.
fn examine(bytes: &[u8]) {
    let Ok(mut source) = open(bytes) else { return };
    let format = source.format().clone();
    let frame_bytes = u64::from(format.channels) * u64::from(format.bits / 8);
    assert!(format.frames * frame_bytes <= bytes.len() as u64, "{format:?}");
    let mut block = Block::default();
    source.read(0, usize::MAX, &mut block).unwrap();
    assert_eq!(block.frames() as u64, format.frames);
}

#[test]
fn every_truncation() {
    for file in files() {
        for end in 0..file.len() {
            examine(&file[..end]);
        }
    }
}

#[test]
fn every_header_byte_changed_to_anything() {
    for file in files() {
        for at in 0..120.min(file.len()) {
            for value in 0..=255 {
                let mut changed = file.clone();
                changed[at] = value;
                examine(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn several_bytes_changed_and_cut(
        which in 0_usize..6,
        changes in prop::collection::vec((0_usize..120, any::<u8>()), 1..8),
        keep in 0_usize..400,
    ) {
        let mut file = files().swap_remove(which);
        for (at, value) in changes {
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
        }
        file.truncate(keep);
        examine(&file);
    }

    #[test]
    fn noise_behind_a_right_beginning(
        outer in prop::sample::select(vec![*b"RIFF1234WAVE", *b"RIFX1234WAVE",
            *b"FORM1234AIFF", *b"FORM1234AIFC"]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        examine(&[&outer[..], &rest].concat());
    }
}

#[test]
fn a_large_file_of_empty_chunks_is_given_up() {
    let file = [&b"RIFF1234WAVE"[..], &vec![0; 1 << 20]].concat();
    assert!(open(&file).is_err());
}
