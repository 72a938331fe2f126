//! Recognises a container by its first bytes, and names what is not decoded.

use stemcheck_core::song::Unreadable;

use crate::pcm::Order;
use crate::wav::Kind;

/// Bytes that are enough to tell: those of a Wave64 header, which is the longest.
pub(crate) const HEAD_BYTES: usize = 40;

/// Bytes without which nothing can be told.
const LEAST_BYTES: usize = 12;

/// A container that is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    /// WAV and its relatives.
    Wav(Kind),
    Aiff,
    Aifc,
    /// Apple's Core Audio Format with linear PCM in it.
    /// PCM, or packets of a codec.
    Caf,
    Flac,
    /// MP3 or ADTS, with or without an ID3 tag before it.
    Mpeg,
    Mp4,
    Ogg,
}

/// Place, bytes and name of what a musician may well drop here and this version does not read.
const NOT_READ: &[(usize, &[u8], &str)] = &[
    (0, b"wvpk", "a WavPack file"),
    (0, b"MAC ", "a Monkey's Audio file"),
    (0, b"DSD ", "a DSD file"),
    (0, b"FRM8", "a DSDIFF file"),
    (0, b".snd", "an AU file"),
    (0, b"\x30\x26\xb2\x75", "a Windows Media file"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    (0, b"MThd", "a MIDI file: notes, not audio"),
    (0, b"PK\x03\x04", "a ZIP archive: unpack it first"),
];

/// The GUIDs that a Wave64 file begins with, before and after its length.
const WAVE64: &[u8] = b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
const WAVE64_WAVE: &[u8] = b"wave\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";

/// What else lies in the outer chunks of WAV and AIFF; any other kind means that bytes are damaged.
const OTHER_KINDS: &[&[u8]] = &[b"AVI ", b"WEBP", b"RMID", b"8SVX", b"ILBM"];

/// Tells what a file is by its first bytes; fewer than [`HEAD_BYTES`] mean that there are no more.
pub(crate) fn recognise(head: &[u8]) -> Result<Container, Unreadable> {
    let Some(start) = head.first_chunk::<LEAST_BYTES>() else {
        return Err(too_short(head));
    };
    let (outer, [.., a, b, c, d]) = (&start[..4], start);
    match (outer, [*a, *b, *c, *d].as_slice()) {
        (b"RIFF", b"WAVE") => Ok(Container::Wav(Kind::Riff(Order::Little))),
        (b"RIFX", b"WAVE") => Ok(Container::Wav(Kind::Riff(Order::Big))),
        (b"RF64", b"WAVE") => Ok(Container::Wav(Kind::Rf64)),
        (b"BW64", b"WAVE") => Ok(Container::Wav(Kind::Bw64)),
        (b"FORM", b"AIFF") => Ok(Container::Aiff),
        (b"FORM", b"AIFC") => Ok(Container::Aifc),
        (b"riff", _) if is_wave64(head) => Ok(Container::Wav(Kind::Wave64)),
        (b"caff", _) => Ok(Container::Caf),
        (b"fLaC", _) => Ok(Container::Flac),
        (b"OggS", _) => Ok(Container::Ogg),
        _ if start[4..].starts_with(b"ftyp") => Ok(Container::Mp4),
        _ if start.starts_with(b"ID3") || is_mpeg_stream(start) => Ok(Container::Mpeg),
        (b"RIFF" | b"RIFX" | b"RF64" | b"BW64" | b"FORM", kind) => {
            let told = format!(
                "a {} file of kind `{}`, which is neither WAV nor AIFF (at byte 8)",
                outer.escape_ascii(),
                kind.escape_ascii()
            );
            Err(if OTHER_KINDS.contains(&kind) {
                Unreadable::Unsupported(told)
            } else {
                Unreadable::Damaged(told)
            })
        }
        _ => Err(refusal(start)),
    }
}

fn is_wave64(head: &[u8]) -> bool {
    let kind = head.get(WAVE64.len() + 8..).unwrap_or_default();
    head.starts_with(WAVE64) && kind.starts_with(WAVE64_WAVE)
}

fn too_short(head: &[u8]) -> Unreadable {
    match head.len() {
        0 => Unreadable::Empty("the file has no bytes".to_owned()),
        n => Unreadable::Damaged(format!("the file has only {n} bytes, no header fits in that")),
    }
}

fn refusal(head: &[u8; LEAST_BYTES]) -> Unreadable {
    if head.iter().all(|byte| *byte == 0) {
        return Unreadable::Damaged(format!(
            "begins with {LEAST_BYTES} zero bytes where a header belongs: the copy or export was \
             probably interrupted (at byte 0)"
        ));
    }
    let name = NOT_READ
        .iter()
        .find(|(at, magic, _)| head[*at..].starts_with(magic))
        .map(|(_, _, name)| *name);
    match name {
        Some(name) => Unreadable::Unsupported(format!(
            "{name}; WAV, AIFF, CAF, FLAC, MP3, M4A, AAC and Ogg are read"
        )),
        None => Unreadable::Damaged(format!(
            "not an audio file that is known here: begins with `{}` (at byte 0)",
            head[..4].escape_ascii()
        )),
    }
}

/// MPEG audio has no header of its own: eleven set bits begin each of its frames (twelve in ADTS).
fn is_mpeg_stream(head: &[u8; LEAST_BYTES]) -> bool {
    matches!(head, [0xFF, second, ..] if second & 0xE0 == 0xE0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_does_not_read() {
        for (head, name) in [
            (b"wvpk\0\0\0\0\0\0\0\0", "WavPack"),
            (b"MThd\0\0\0\x06\0\0\0\0", "MIDI"),
            (b"RIFF\0\0\0\0AVI ", "AVI "),
            (b"FORM\0\0\0\08SVX", "8SVX"),
        ] {
            let Err(Unreadable::Unsupported(text)) = recognise(head) else {
                panic!("{name} must be refused as unsupported");
            };
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn bytes_that_mean_nothing_are_damaged() {
        for head in [b"GIF89a\0\0\0\0\0\0", b"RIFF this is", b"FORM\0\0\0\0\x01\x02\x03\x04"] {
            let head: &[u8] = head;
            assert!(matches!(recognise(head), Err(Unreadable::Damaged(_))), "{head:?}");
        }
    }

    #[test]
    fn no_bytes_and_too_few() {
        assert!(matches!(recognise(b""), Err(Unreadable::Empty(_))));
        assert!(matches!(recognise(b"RIFF\0\0"), Err(Unreadable::Damaged(_))));
        assert!(matches!(recognise(&[0; 12]), Err(Unreadable::Damaged(_))));
    }
}
