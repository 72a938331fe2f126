//! A small file of each kind, with chunks around the sound: what is cut, changed and fuzzed.

use crate::files::{
    FLOAT, PCM, aiff, bext, big_chunk, caf, caf_chunk, caf_data, chunk, comm, desc, fmt,
    fmt_extensible, form, guid_chunk, noise, rf64, riff, ssnd, wav, wave64,
};

/// The fuzz target that reads it, and the file.
pub fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let data = noise(240);
    let info = [&b"INFO"[..], &chunk(b"ISFT", b"Lavf60\0"), &chunk(b"INAM", b"Night")].concat();
    let ixml = b"<BWFXML><SPEED><FILE_SAMPLE_RATE>44100</FILE_SAMPLE_RATE>\
        <TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>7</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>\
        <NAME>Kick &amp; Snare</NAME></BWFXML>";
    let comment = [&[0, 1, 0, 0, 0, 0, 0, 0, 0, 7][..], b"by SoX\0"].concat();
    let mut rifx = wav(PCM, 1, 48_000, 16, &data);
    rifx[..4].copy_from_slice(b"RIFX");
    for (from, to) in [(4, 8), (16, 20), (24, 28), (28, 32), (40, 44)] {
        rifx[from..to].reverse();
    }
    for from in [20, 22, 32, 34] {
        rifx[from..from + 2].reverse();
    }
    vec![
        ("wav", wav(PCM, 2, 48_000, 16, &data)),
        ("wav", rifx),
        ("wav", wav(FLOAT, 1, 48_000, 64, &data)),
        (
            "wav",
            riff(&[
                chunk(b"bext", &bext("Pro Tools", 48_000)),
                chunk(b"fmt ", &fmt_extensible(PCM, 2, 96_000, 24, 20)),
                chunk(b"LIST", &info),
                chunk(b"data", &data),
                chunk(b"iXML", ixml),
                chunk(b"id3 ", &[3; 9]),
            ]),
        ),
        ("rf64", rf64(b"RF64", &fmt(PCM, 2, 48_000, 24), &data)),
        ("rf64", rf64(b"BW64", &fmt_extensible(FLOAT, 3, 44_100, 32, 32), &data)),
        (
            "w64",
            wave64(&[
                guid_chunk(b"bext", &bext("Sound Forge", 9)),
                guid_chunk(b"fmt ", &fmt(PCM, 2, 48_000, 24)),
                guid_chunk(b"fact", &40_u64.to_le_bytes()),
                guid_chunk(b"data", &data),
                guid_chunk(b"levl", &[1; 13]),
            ]),
        ),
        ("aiff", aiff(None, 2, 24, 3, &data)),
        ("aiff", aiff(Some(b"sowt"), 1, 16, 2, &data)),
        (
            "aiff",
            form(
                b"AIFC",
                &[
                    big_chunk(b"NAME", b"Lead"),
                    ssnd(3, &data),
                    big_chunk(b"COMT", &comment),
                    comm(Some(b"fl64"), 1, 48_000, 64, 30),
                    big_chunk(b"ANNO", b"odd"),
                ],
            ),
        ),
        ("caf", caf(&[desc(2, 2, 48_000.0, 24), caf_data(&data)])),
        (
            "caf",
            caf(&[
                desc(1, 1, 96_000.0, 64),
                caf_chunk(b"info", b"\0\0\0\x02title\0Kick\0encoding application\0Logic Pro\0"),
                caf_chunk(b"free", &[0; 5]),
                caf_data(&data),
                caf_chunk(b"mark", &[1; 3]),
            ]),
        ),
    ]
}
