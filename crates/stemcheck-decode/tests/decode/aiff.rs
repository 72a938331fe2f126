//! AIFF and AIFF-C files as they come, beyond what the oracle reads.

use stemcheck_core::song::HeaderNote;

use crate::files::{aiff, big_chunk, comm, form, open, refusal, samples, ssnd};

#[test]
fn types_that_the_oracle_does_not_read() {
    let half_24 = [0x40, 0, 0, 0xC0, 0, 0];
    let little_24 = [0, 0, 0x40, 0, 0, 0xC0];
    let floats = [0.5_f32, -0.5].map(f32::to_be_bytes);
    let doubles = [0.5_f64, -0.5].map(f64::to_be_bytes);
    for (kind, bits, width, data) in [
        (None, 20, 3, &half_24[..]),
        (Some(b"in24"), 24, 3, &half_24),
        // QuickTime's size field is of another time.
        (Some(b"in24"), 16, 3, &half_24),
        (Some(b"sowt"), 24, 3, &little_24),
        (Some(b"in32"), 32, 4, &[0x40, 0, 0, 0, 0xC0, 0, 0, 0]),
        (Some(b"raw "), 8, 1, &[192, 64]),
        (Some(b"FL32"), 32, 4, floats.as_flattened()),
        (Some(b"FL64"), 64, 8, doubles.as_flattened()),
    ] {
        let mut source = open(&aiff(kind, 1, bits, width, data)).unwrap();
        assert_eq!(samples(&mut source), [[0.5, -0.5]], "{kind:?}, {bits} bits");
        assert_eq!(usize::from(source.format().bits), width * 8);
    }
    assert_eq!(open(&aiff(None, 1, 20, 3, &half_24)).unwrap().format().valid_bits, 20);
}

#[test]
fn sound_before_its_description_and_at_an_offset() {
    let name = big_chunk(b"NAME", b"odd");
    let comm = comm(None, 1, 44_100, 16, 2);
    let ssnd = ssnd(5, &[0x40, 0, 0xC0, 0]);
    for chunks in [[name.clone(), comm.clone(), ssnd.clone()], [ssnd, name, comm]] {
        let mut source = open(&form(b"AIFF", &chunks)).unwrap();
        assert_eq!(source.format().sample_rate, 44_100);
        assert_eq!(samples(&mut source), [[0.5, -0.5]]);
    }
}

#[test]
fn a_truncated_file_is_read_as_far_as_it_goes() {
    let whole = aiff(None, 2, 16, 2, &[0x40; 400]);
    let mut source = open(&whole[..whole.len() - 100]).unwrap();
    assert_eq!(
        source.facts().notes,
        [HeaderNote::Truncated { claimed_bytes: 400, present_bytes: 300, at_byte: 38 }]
    );
    assert_eq!(samples(&mut source)[1].len(), 75);
}

#[test]
fn a_count_below_the_sound_is_the_count() {
    let file = form(b"AIFF", &[comm(None, 1, 44_100, 16, 1), ssnd(0, &[0x40, 0, 1, 1])]);
    assert_eq!(samples(&mut open(&file).unwrap()), [[0.5]]);
}

#[test]
fn refusals_name_place_and_value() {
    let sound = || ssnd(0, &[0; 8]);
    let with = |comm: Vec<u8>| form(b"AIFF", &[comm, sound()]);
    let rate = |bytes: [u8; 2]| {
        let mut file = with(comm(None, 1, 44_100, 16, 4));
        file[28..30].copy_from_slice(&bytes);
        file
    };
    let mut far = with(comm(None, 1, 44_100, 16, 4));
    far[46..50].copy_from_slice(&4_000_000_000_u32.to_be_bytes());
    for (bytes, kind, part) in [
        (with(comm(None, 0, 44_100, 16, 4)), "damaged", "0 channels (at byte 20)"),
        (with(comm(None, 1, 0, 16, 4)), "damaged", "sample rate is 0 Hz"),
        (rate([0xC0, 0x0E]), "damaged", "sample rate is -44100 Hz (at byte 28)"),
        (rate([0x7F, 0xFF]), "damaged", "sample rate is NaN Hz"),
        (rate([0x7F, 0xFE]), "damaged", "sample rate is inf Hz"),
        (with(comm(None, 1, 44_100, 0, 4)), "unsupported", "0-bit samples"),
        (with(comm(None, 1, 44_100, 33, 4)), "unsupported", "33-bit samples"),
        (aiff(Some(b"ima4"), 1, 16, 2, &[0; 8]), "unsupported", "`ima4`"),
        (form(b"AIFF", &[sound()]), "damaged", "no COMM chunk"),
        (form(b"AIFF", &[comm(None, 1, 44_100, 16, 4)]), "damaged", "no SSND chunk"),
        (form(b"AIFF", &[comm(None, 1, 44_100, 16, 0)]), "empty", "0 frames"),
        (form(b"AIFC", &[comm(None, 1, 44_100, 16, 4), sound()]), "damaged", "at least 22"),
        (far, "damaged", "begins after 4000000008 (at byte 38)"),
    ] {
        let (got, text) = refusal(&bytes);
        assert_eq!(got, kind, "{text}");
        assert!(text.contains(part), "{text:?} should contain {part:?}");
    }
}
