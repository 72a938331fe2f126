//! Where header and content disagree: each disagreement is told, with its place, and nothing else is.

use stemcheck_core::song::{HeaderField, HeaderNote};

use crate::files::{
    FLOAT, PCM, aiff, big_chunk, caf, caf_data, chunk, comm, desc, fmt, fmt_extensible, form, open,
    refusal, rf64, riff, ssnd, w64, wav,
};

/// Four frames of 24-bit stereo.
const DATA: [u8; 24] = [5; 24];

fn notes(bytes: &[u8]) -> Vec<HeaderNote> {
    open(bytes).unwrap().facts().notes
}

fn plain() -> Vec<u8> {
    wav(PCM, 2, 48_000, 24, &DATA)
}

/// A plain file with other bytes somewhere.
fn changed(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = plain();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

fn field(field: HeaderField, says: u64, is: u64, at_byte: u64) -> HeaderNote {
    HeaderNote::Field { field, says, is, at_byte }
}

#[test]
fn a_right_file_has_none() {
    for file in [
        plain(),
        wav(FLOAT, 1, 48_000, 64, &DATA),
        // An odd length whose pad byte is there, or would be the last of the file.
        wav(PCM, 1, 48_000, 24, &DATA[..21]),
        wav(PCM, 1, 48_000, 24, &DATA[..21])[..65].to_vec(),
        riff(&[
            chunk(b"JUNK", &[0; 5]),
            chunk(b"fmt ", &fmt_extensible(PCM, 2, 48_000, 24, 24)),
            chunk(b"fact", &4_u32.to_le_bytes()),
            chunk(b"data", &DATA),
            chunk(b"LIST", b"INFO"),
        ]),
        riff(&[
            chunk(b"fmt ", &fmt(PCM, 2, 48_000, 24)),
            chunk(b"fact", &8_u32.to_le_bytes()),
            chunk(b"data", &DATA),
        ]),
        aiff(None, 2, 24, 3, &DATA),
        aiff(Some(b"sowt"), 2, 24, 3, &DATA[..18]),
        caf(&[desc(0, 2, 48_000.0, 24), caf_data(&DATA)]),
    ] {
        assert_eq!(notes(&file), []);
    }
}

#[test]
fn frames_and_seconds_in_bytes() {
    assert_eq!(notes(&changed(32, &[7, 0])), [field(HeaderField::FrameBytes, 7, 6, 32)]);
    assert_eq!(notes(&changed(32, &[0, 0])), [field(HeaderField::FrameBytes, 0, 6, 32)]);
    let expected = [field(HeaderField::ByteRate, 1, 288_000, 28)];
    assert_eq!(notes(&changed(28, &1_u32.to_le_bytes())), expected);
    // Both say eight bytes: 24 bits in four, and who knows which.
    let mut four = changed(32, &[8, 0]);
    four[28..32].copy_from_slice(&384_000_u32.to_le_bytes());
    assert_eq!(refusal(&four).0, "damaged");
}

#[test]
fn more_valid_bits_than_there_are() {
    let fmt = fmt_extensible(PCM, 2, 48_000, 24, 32);
    let file = riff(&[chunk(b"fmt ", &fmt), chunk(b"data", &DATA)]);
    assert_eq!(notes(&file), [field(HeaderField::ValidBits, 32, 24, 38)]);
}

#[test]
fn frames_that_are_counted_elsewhere() {
    let fmt = chunk(b"fmt ", &fmt(PCM, 2, 48_000, 24));
    let fact = chunk(b"fact", &9_u32.to_le_bytes());
    let file = riff(&[fmt.clone(), fact, chunk(b"data", &DATA)]);
    assert_eq!(notes(&file), [field(HeaderField::FramesAgain, 9, 4, 44)]);
    let mut file = rf64(b"RF64", &fmt[8..], &DATA);
    file[36] = 5;
    assert_eq!(notes(&file), [field(HeaderField::FramesAgain, 5, 4, 36)]);
    for counted in [3, 5] {
        let file = form(b"AIFF", &[comm(None, 2, 48_000, 24, counted), ssnd(0, &DATA)]);
        assert_eq!(notes(&file), [field(HeaderField::Frames, counted.into(), 4, 22)]);
    }
}

#[test]
fn the_length_of_the_file() {
    assert_eq!(notes(&changed(4, &[0; 4])), [field(HeaderField::FileBytes, 8, 68, 4)]);
    assert_eq!(notes(&changed(4, &[62])), [], "padding that is counted or not");
    let mut file = aiff(None, 2, 24, 3, &DATA);
    file[7] += 99;
    let len = file.len() as u64;
    assert_eq!(notes(&file), [field(HeaderField::FileBytes, len + 99, len, 4)]);
    let mut file = w64(PCM, 2, 48_000, 24, &DATA);
    file[16] += 8;
    let len = file.len() as u64;
    assert_eq!(notes(&file), [field(HeaderField::FileBytes, len + 8, len, 16)]);
}

#[test]
fn a_pad_byte_that_is_missing() {
    let fmt = chunk(b"fmt ", &fmt(PCM, 1, 48_000, 24));
    let odd = chunk(b"LIST", b"adtl1")[..13].to_vec();
    let file = riff(&[odd, fmt.clone(), chunk(b"data", &DATA)]);
    assert_eq!(notes(&file), [HeaderNote::MissingPad { before_audio: true, at_byte: 25 }]);
    let sound = chunk(b"data", &DATA[..21])[..29].to_vec();
    let file = riff(&[fmt, sound, chunk(b"LIST", b"INFO")]);
    assert_eq!(notes(&file), [HeaderNote::MissingPad { before_audio: false, at_byte: 65 }]);
}

#[test]
fn what_is_left_over() {
    let file = wav(PCM, 2, 48_000, 24, &DATA[..20]);
    assert_eq!(notes(&file), [HeaderNote::PartialFrame { bytes: 2, at_byte: 62 }]);
    for rest in [&b"TAGtitle"[..], &[0; 300], b"ID3\x04\0\0\0\0\0\0\0"] {
        let file = [plain(), rest.to_vec()].concat();
        let trailing = HeaderNote::Trailing { bytes: rest.len() as u64, at_byte: 68 };
        assert!(notes(&file).contains(&trailing), "{rest:?}: {:?}", notes(&file));
    }
    // A chunk behind the sound whose end is missing.
    let file = riff(&[chunk(b"fmt ", &fmt(PCM, 2, 48_000, 24)), chunk(b"data", &DATA)]);
    let file = [&file[..], &chunk(b"LIST", &[0; 40])[..20]].concat();
    assert!(notes(&file).contains(&HeaderNote::Trailing { bytes: 20, at_byte: 68 }));
}

#[test]
fn a_cut_file_is_cut_and_nothing_else() {
    let file = plain();
    let cut = HeaderNote::Truncated { claimed_bytes: 24, present_bytes: 13, at_byte: 36 };
    assert_eq!(notes(&file[..57]), [cut]);
}

#[test]
fn another_rate_in_the_notes() {
    let ixml = b"<BWFXML><SPEED><FILE_SAMPLE_RATE>44100</FILE_SAMPLE_RATE></SPEED></BWFXML>";
    let file = riff(&[
        chunk(b"fmt ", &fmt(PCM, 2, 48_000, 24)),
        chunk(b"data", &DATA),
        chunk(b"iXML", ixml),
    ]);
    assert_eq!(notes(&file), [field(HeaderField::SampleRate, 44_100, 48_000, 68)]);
}

#[test]
fn unknown_chunks_around_the_sound_are_none() {
    let file = form(
        b"AIFF",
        &[
            big_chunk(b"zzzz", &[1; 7]),
            comm(None, 2, 48_000, 24, 4),
            ssnd(0, &DATA),
            big_chunk(b"zzzz", &[1; 7]),
        ],
    );
    assert_eq!(notes(&file), []);
}
