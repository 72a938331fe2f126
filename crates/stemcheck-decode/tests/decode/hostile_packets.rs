//! The same for compressed files: whatever is cut off or changed, no panic, no frame that is not
//! there, and an end.

use std::cell::Cell;
use std::panic;

use stemcheck_core::block::Block;
use stemcheck_encode::{Codec, encode};

use crate::files::{noise, open};

/// A small file of every container and codec.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let tone: Vec<f32> = (0..6000).map(|i| (i as f32 * 0.05).sin() * 0.5).collect();
    let both = [tone.clone(), tone.iter().map(|x| x * 0.7).collect()];
    ["flac 24", "alac 16", "alac-caf", "mp3 64", "aac 64", "adts 64", "vorbis 1", "opus 64"]
        .map(|name| (name, encode(Codec::parse(name).unwrap(), 48_000, &both).unwrap()))
        .into()
}

/// Opens and reads the beginning and the end, or is refused with a text.
fn examine(name: &str, bytes: &[u8]) {
    let Ok(mut source) = open(bytes) else { return };
    let frames = source.format().frames;
    // A byte of FLAC can stand for a block of equal samples; nothing here is as long as that.
    assert!(frames <= bytes.len() as u64 * 70_000, "{name}: {frames} frames");
    let mut block = Block::default();
    for start in [0, frames.saturating_sub(3000)] {
        if source.read(start, 8000, &mut block).is_ok() {
            assert_eq!(block.frames() as u64, (frames - start).min(8000), "{name}");
        }
    }
}

#[test]
fn every_truncation() {
    for (name, file) in files() {
        for end in (0..file.len()).step_by(if file.len() > 4000 { 5 } else { 1 }) {
            examine(name, &file[..end]);
        }
    }
}

/// Headers lie at the beginning, in MP4 at the end.
#[test]
fn bytes_of_headers_changed() {
    for (name, file) in files() {
        let places: Vec<usize> = match name {
            "vorbis 1" => (0..file.len()).step_by(23).collect(),
            "alac 16" | "aac 64" => (0..40).chain(file.len() - 600..file.len()).collect(),
            _ => (0..110).collect(),
        };
        for at in places {
            for value in [0, 0xFF, 0x80, file[at] ^ 1, file[at] ^ 0x10] {
                let mut changed = file.clone();
                changed[at] = value;
                examine(name, &changed);
            }
        }
    }
}

/// What checksums do not guard reaches the decoders.
#[test]
fn noise_within_packets() {
    for (name, file) in files() {
        for round in 0..60 {
            let mut changed = file.clone();
            for (i, byte) in noise(40 + round).into_iter().enumerate() {
                let at = 60 + (usize::from(byte) * 251 + i * 9973 + round * 7919) % file.len();
                if let Some(place) = changed.get_mut(at) {
                    *place = byte.rotate_left(3);
                }
            }
            examine(name, &changed);
        }
    }
}

thread_local! {
    /// Panics of this thread, also those that were caught.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// In a browser nothing catches a panic: no header may lead the decoder to one.
#[test]
fn bits_of_the_vorbis_setup_changed_do_not_even_panic_inside() {
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.set(PANICS.get() + 1);
        earlier(info);
    }));
    let file = files().into_iter().find(|(name, _)| *name == "vorbis 1").unwrap().1;
    let setup = file.windows(7).position(|seven| seven == b"\x05vorbis").unwrap();
    let end = setup + file[setup..].windows(4).position(|four| four == b"OggS").unwrap();
    // Floors, residues, mappings and modes are few bytes, behind all codebooks.
    let (books, rest) = (setup + 7..end - 400, end - 400..end);
    let sparse = books.step_by(11).map(|at| (at, at % 8));
    let dense = rest.flat_map(|at| (0..8).map(move |bit| (at, bit)));
    for (at, bit) in sparse.chain(dense) {
        let mut changed = file.clone();
        changed[at] ^= 1 << bit;
        examine("vorbis 1", &changed);
        assert_eq!(PANICS.get(), 0, "bit {bit} of byte {at}, {} before the end", end - at);
    }
}

#[test]
fn noise_behind_a_right_beginning() {
    for magic in [
        &b"fLaC"[..],
        b"OggS\0",
        b"\0\0\0\x10ftypM4A ",
        b"ID3\x04\0\0\0\0\0\0",
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x50\x80",
        b"caff\0\x01\0\0desc",
    ] {
        for size in [0, 3, 100, 5000, 200_000] {
            examine("noise", &[magic, &noise(size)].concat());
            examine("zeros", &[magic, &vec![0; size]].concat());
            examine("ones", &[magic, &vec![0xFF; size]].concat());
        }
    }
}
