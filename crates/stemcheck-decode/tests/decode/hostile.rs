//! Whatever is cut off or changed: no panic, and no frame that is not there.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use crate::corpus::corpus;
use crate::exercise::exercise;
use crate::files::open;
use crate::hostile_packets;

/// Bytes that are in use at once for a file of a few hundred, with what the examination itself
/// keeps: the one buffer of [`stemcheck_decode::limits`] and a little.
const MOST_MEMORY: u64 = 1 << 20;

/// Bytes from the beginning of a file that are changed one by one: more than any header here.
const HEADER: usize = 900;

#[test]
fn the_corpus_itself_is_read() {
    for (kind, file) in corpus().into_iter().chain(hostile_packets::files()) {
        assert!(open(&file).is_ok(), "{kind}");
        exercise(&file);
    }
}

#[test]
fn every_truncation() {
    for (_, file) in corpus() {
        for end in 0..file.len() {
            exercise(&file[..end]);
        }
    }
}

#[test]
fn every_header_byte_changed() {
    for (_, file) in corpus() {
        for at in 0..HEADER.min(file.len()) {
            for mask in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x7F, 0xFF] {
                let mut changed = file.clone();
                changed[at] ^= mask;
                exercise(&changed);
            }
        }
    }
}

/// Wherever a number may stand, the ones that are least expected there.
#[test]
fn every_number_set_to_an_extreme() {
    const EXTREMES: [u64; 8] =
        [0, 1, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, u64::MAX];
    for (_, file) in corpus() {
        for (width, extreme) in [2, 4, 8].into_iter().flat_map(|w| EXTREMES.map(|e| (w, e))) {
            let (little, big) = (extreme.to_le_bytes(), extreme.to_be_bytes());
            for at in 0..HEADER.min(file.len() - width) {
                for bytes in [&little[..width], &big[8 - width..]] {
                    let mut changed = file.clone();
                    changed[at..at + width].copy_from_slice(bytes);
                    let memory = allocation_counter::measure(|| exercise(&changed)).bytes_max;
                    assert!(memory < MOST_MEMORY, "{memory} bytes: {at}, {width}, {extreme:x}");
                }
            }
        }
    }
}

/// `cargo xtask fuzz` runs it: a small file of every kind for each target to begin with.
#[test]
#[ignore = "writes into fuzz/corpus"]
fn seeds_for_the_fuzzer() {
    let compressed = hostile_packets::files().into_iter().map(|(name, file)| {
        let target = match name.split(' ').next() {
            Some("flac") => "flac",
            Some("alac" | "aac") => "mp4",
            Some("alac-caf") => "caf",
            Some("vorbis" | "opus") => "ogg",
            _ => "mpeg",
        };
        (target, file)
    });
    for (at, (target, bytes)) in corpus().into_iter().chain(compressed).enumerate() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("seed-{at}")), bytes).unwrap();
    }
}

/// Found by fuzzing, kept for good: see CONTRIBUTING.md.
#[test]
fn every_file_that_once_failed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        exercise(&fs::read(entry.unwrap().path()).unwrap());
        seen += 1;
    }
    assert!(seen > 0);
}

/// Ids that mean something, and some that do not.
fn any_id() -> impl Strategy<Value = [u8; 4]> {
    const IDS: &[[u8; 4]] = &[
        *b"fmt ",
        *b"data",
        *b"ds64",
        *b"fact",
        *b"LIST",
        *b"bext",
        *b"iXML",
        *b"COMM",
        *b"SSND",
        *b"NAME",
        *b"COMT",
        *b"ANNO",
        *b"desc",
        *b"info",
        *b"free",
        *b"\0\0\0\0",
    ];
    prop_oneof![9 => prop::sample::select(IDS), 1 => any::<[u8; 4]>()]
}

fn any_length() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0_u64..64,
        1 => Just(0xFFFF_FFFF_u64),
        1 => Just(u64::MAX),
        1 => any::<u64>(),
        1 => any::<u32>().prop_map(u64::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn several_bytes_changed_and_cut(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0_usize..120, any::<u8>()), 1..8),
        keep in 0_usize..400,
    ) {
        let mut corpus = corpus();
        let (_, mut file) = corpus.swap_remove(which.index(corpus.len()));
        for (at, value) in changes {
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
        }
        file.truncate(keep);
        exercise(&file);
    }

    #[test]
    fn chunks_of_any_kind_and_length(
        which in any::<prop::sample::Index>(),
        chunks in prop::collection::vec(
            (any_id(), any_length(), prop::collection::vec(any::<u8>(), 0..48)), 0..12),
        widths in prop::sample::select(vec![8_usize, 12, 24]),
    ) {
        let corpus = corpus();
        let (kind, file) = &corpus[which.index(corpus.len())];
        // Sometimes with a true description of the sound, which noise never finds.
        let mut soup = match *kind {
            "w64" => file[..40].to_vec(),
            "caf" => file[..if widths == 12 { 52 } else { 8 }].to_vec(),
            "wav" => file[..if widths == 8 { 36 } else { 12 }].to_vec(),
            _ => file[..12].to_vec(),
        };
        for (id, length, body) in chunks {
            soup.extend(id);
            match (*kind, widths) {
                ("w64", _) => {
                    soup.extend(b"\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A");
                    soup.extend(length.to_le_bytes());
                }
                ("caf", _) => soup.extend(length.to_be_bytes()),
                ("aiff", _) => soup.extend((length as u32).to_be_bytes()),
                _ => soup.extend((length as u32).to_le_bytes()),
            }
            soup.extend(body);
        }
        exercise(&soup);
    }
}

#[test]
fn a_large_file_of_empty_chunks_is_given_up() {
    for (_, file) in corpus() {
        let head = if file.starts_with(b"riff") { 40 } else { 12 };
        assert!(open(&[&file[..head], &vec![0; 1 << 20]].concat()).is_err());
    }
}
