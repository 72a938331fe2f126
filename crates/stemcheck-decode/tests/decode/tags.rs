//! What files tell about themselves besides the audio.

use stemcheck_core::song::Tags;

use crate::files::{PCM, bext, big_chunk, chunk, comm, fmt, form, open, riff, ssnd};

fn wav_with(chunks: &[Vec<u8>], behind: &[Vec<u8>]) -> Tags {
    let fmt = chunk(b"fmt ", &fmt(PCM, 1, 48_000, 16));
    let chunks = [chunks, &[fmt, chunk(b"data", &[1, 2, 3, 4])], behind].concat();
    open(&riff(&chunks)).unwrap().facts().tags
}

fn ixml(inner: &str) -> Vec<u8> {
    chunk(b"iXML", format!("<?xml version=\"1.0\"?>\n<BWFXML>{inner}</BWFXML>").as_bytes())
}

#[test]
fn bext_tells_the_program_and_the_time() {
    let tags = wav_with(&[chunk(b"bext", &bext("Pro Tools", 172_800_000 + (1 << 32)))], &[]);
    assert_eq!(tags.originator.as_deref(), Some("Pro Tools"));
    assert_eq!(tags.time_reference, Some(172_800_000 + (1 << 32)));
    assert_eq!(wav_with(&[chunk(b"bext", &bext("cut", 1)[..300])], &[]), Tags::default());
}

#[test]
fn ixml_stands_in_behind_the_sound_too() {
    let inner = "<SPEED><FILE_SAMPLE_RATE>48000</FILE_SAMPLE_RATE>\
                 <TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>1</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>\
                 <TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO> 7 </TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>\
                 <TIMESTAMP_SAMPLE_RATE>48000</TIMESTAMP_SAMPLE_RATE></SPEED>\
                 <TRACK_LIST><TRACK><NAME>Kick &lt;in&gt;</NAME></TRACK></TRACK_LIST>";
    let tags = wav_with(&[], &[ixml(inner)]);
    assert_eq!(tags.time_reference, Some((1 << 32) + 7));
    assert_eq!(tags.title.as_deref(), Some("Kick <in>"));
    let tags = wav_with(&[chunk(b"bext", &bext("REAPER", 5))], &[ixml(inner)]);
    assert_eq!((tags.originator.as_deref(), tags.time_reference), (Some("REAPER"), Some(5)));
}

#[test]
fn list_info_tells_program_and_title() {
    let info = [&b"INFO"[..], &chunk(b"ISFT", b"Lavf60\0"), &chunk(b"INAM", b"Night\0")].concat();
    let tags = wav_with(&[], &[chunk(b"LIST", &info)]);
    assert_eq!(
        (tags.originator.as_deref(), tags.title.as_deref()),
        (Some("Lavf60"), Some("Night"))
    );
    assert_eq!(wav_with(&[chunk(b"LIST", b"adtllabl")], &[]), Tags::default());
}

#[test]
fn aiff_text_chunks() {
    let comment = [&[0, 1, 0, 0, 0, 0, 0, 0, 0, 16][..], b"Processed by SoX"].concat();
    for (extra, originator) in [
        (big_chunk(b"COMT", &comment), Some("SoX")),
        (big_chunk(b"ANNO", b"Bounced with Logic Pro"), Some("Logic Pro")),
        (big_chunk(b"AUTH", b"Jane Doe"), None),
    ] {
        let chunks = [
            big_chunk(b"NAME", b"Lead Vocal"),
            comm(None, 1, 48_000, 16, 2),
            ssnd(0, &[0; 4]),
            extra,
        ];
        let tags = open(&form(b"AIFF", &chunks)).unwrap().facts().tags;
        assert_eq!(tags.title.as_deref(), Some("Lead Vocal"));
        assert_eq!(tags.originator.as_deref(), originator);
    }
}
