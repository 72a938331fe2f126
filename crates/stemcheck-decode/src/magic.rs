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
    Caf,
}

/// Place, bytes and name of what a musician may well drop here and this version does not read.
const NOT_READ: &[(usize, &[u8], &str)] = &[
    (0, b"fLaC", "a FLAC file"),
    (0, b"OggS", "an Ogg file (Vorbis or Opus)"),
    (0, b"ID3", "an MP3 file"),
    (4, b"ftyp", "an MP4 file (M4A: AAC or ALAC)"),
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
        .map(|(_, _, name)| *name)
        .or_else(|| mpeg_stream(head));
    match name {
        Some(name) => {
            Unreadable::Unsupported(format!("{name}; this version reads WAV, AIFF and CAF"))
        }
        None => Unreadable::Damaged(format!(
            "not an audio file that is known here: begins with `{}` (at byte 0)",
            head[..4].escape_ascii()
        )),
    }
}

/// MPEG audio has no header of its own: eleven or twelve set bits begin each of its frames.
fn mpeg_stream(head: &[u8; LEAST_BYTES]) -> Option<&'static str> {
    let [0xFF, second, ..] = head else {
        return None;
    };
    match (second & 0xF6, second & 0xE0) {
        (0xF0, _) => Some("an AAC file"),
        (_, 0xE0) => Some("an MP3 file"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_does_not_read() {
        for (head, name) in [
            (b"fLaC\0\0\0\x22\x10\0\x10\0", "FLAC"),
            (b"ID3\x04\0\0\0\0\0\0\0\0", "MP3"),
            (b"\xff\xfb\x90\x64\0\0\0\0\0\0\0\0", "MP3"),
            (b"\xff\xf1\x50\x80\0\0\0\0\0\0\0\0", "AAC"),
            (b"\0\0\0\x20ftypM4A ", "MP4"),
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
