//! What programs write into a file about themselves: `bext` (EBU Tech 3285), `iXML`, RIFF `LIST` of
//! kind `INFO`, AIFF's text chunks, CAF's `info`.
//!
//! Text is never trusted: it is cut, and what could command a terminal or turn a line around is left
//! out. A comment that people write is no originator unless it names a program.

use stemcheck_core::song::{HeaderField, HeaderNote, Tags, Unreadable};

use crate::chunks::Chunk;
use crate::input::Input;
use crate::limits::{TAG_BYTES, TEXT_CHARS};
use crate::pcm::Order;

/// Programs that people make stems with, as they write themselves into comments.
const PROGRAMS: &[&str] = &[
    "Ableton",
    "Adobe Audition",
    "Ardour",
    "Audacity",
    "Bitwig",
    "Cakewalk",
    "Cubase",
    "Digital Performer",
    "FL Studio",
    "GarageBand",
    "LUNA",
    "Logic Pro",
    "Logic X",
    "Mixbus",
    "Nuendo",
    "Pro Tools",
    "ProTools",
    "REAPER",
    "Reason Studios",
    "SADiE",
    "Samplitude",
    "Sequoia",
    "SoX",
    "Sound Forge",
    "Studio One",
    "WaveLab",
    "iZotope",
];

/// What every source told, the most exact one first.
#[derive(Default)]
pub(crate) struct Told {
    bext: Tags,
    ixml: Tags,
    other: Tags,
    /// Sample rate that the time in `iXML` is counted with.
    time_rate: Option<u32>,
    /// Sample rate of the file as `iXML` tells it, and the place of the chunk.
    file_rate: Option<(u32, u64)>,
}

impl Told {
    /// All of it in one, and whether it tells another sample rate than the header.
    pub(crate) fn tags(self, sample_rate: u32) -> (Tags, Option<HeaderNote>) {
        let Self { bext, mut ixml, other, time_rate, file_rate } = self;
        if time_rate.is_some_and(|rate| rate != sample_rate) {
            ixml.time_reference = None;
        }
        let tags = Tags {
            originator: bext.originator.or(ixml.originator).or(other.originator),
            time_reference: bext.time_reference.or(ixml.time_reference),
            title: other.title.or(ixml.title),
        };
        let note = file_rate.filter(|(rate, _)| *rate != sample_rate).map(|(rate, at_byte)| {
            let (field, says, is) = (HeaderField::SampleRate, rate.into(), sample_rate.into());
            HeaderNote::Field { field, says, is, at_byte }
        });
        (tags, note)
    }

    /// Broadcast extension: 256 bytes of description, 32 of originator, 32 of a reference, date and
    /// time, then where the first frame lies, low word first.
    pub(crate) fn bext(
        &mut self,
        input: &mut Input,
        chunk: &Chunk,
        order: Order,
    ) -> Result<(), Unreadable> {
        let (bytes, there) = chunk.head::<346>(input)?;
        if there < bytes.len() {
            return Ok(());
        }
        let [.., a, b, c, d, e, f, g, h] = bytes;
        let (low, high) = (order.u32([a, b, c, d]), order.u32([e, f, g, h]));
        self.bext.originator = text(&bytes[256..288]);
        self.bext.time_reference = Some(u64::from(high) << 32 | u64::from(low));
        Ok(())
    }

    /// `iXML`: XML of a dozen flat elements. Looked through for those that are wanted, not parsed: it
    /// is often cut, padded or wrongly nested.
    pub(crate) fn ixml(&mut self, input: &mut Input, chunk: &Chunk) -> Result<(), Unreadable> {
        let bytes = chunk.bytes(input, TAG_BYTES)?;
        let xml = String::from_utf8_lossy(&bytes);
        let number = |names: [&str; 2]| -> Option<u32> {
            names.iter().find_map(|name| element(&xml, name)?.trim().parse().ok())
        };
        let low =
            number(["TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LOW"])
                .or_else(|| number(["BWF_TIME_REFERENCE_LOW"; 2]));
        let high = number([
            "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
            "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HIGH",
        ])
        .or_else(|| number(["BWF_TIME_REFERENCE_HIGH"; 2]));
        self.ixml.time_reference =
            low.map(|low| u64::from(high.unwrap_or(0)) << 32 | u64::from(low));
        self.time_rate = number(["TIMESTAMP_SAMPLE_RATE"; 2]);
        self.file_rate = number(["FILE_SAMPLE_RATE"; 2]).map(|rate| (rate, chunk.at));
        let said = |name| element(&xml, name).and_then(|raw| text(unescaped(raw).as_bytes()));
        self.ixml.originator = said("BWF_ORIGINATOR");
        // The only names in iXML are those of tracks.
        self.ixml.title = said("NAME");
        Ok(())
    }

    /// `LIST` of kind `INFO`: chunks of text in a chunk.
    pub(crate) fn list(
        &mut self,
        input: &mut Input,
        chunk: &Chunk,
        order: Order,
    ) -> Result<(), Unreadable> {
        let bytes = chunk.bytes(input, TAG_BYTES)?;
        let Some(mut rest) = bytes.strip_prefix(b"INFO") else { return Ok(()) };
        while let Some(([a, b, c, d, size @ ..], body)) = rest.split_first_chunk::<8>() {
            let size = order.u32(*size) as usize;
            let told = text(body.get(..size).unwrap_or(body));
            match &[*a, *b, *c, *d] {
                b"ISFT" => self.other.originator = told,
                b"INAM" => self.other.title = told,
                b"ICMT" | b"IENG" | b"ITCH" => self.comment(told),
                _ => {}
            }
            rest = body.get(size.saturating_add(size % 2)..).unwrap_or_default();
        }
        Ok(())
    }

    /// AIFF's text chunks: `NAME` is what the sound is called, the others are free text.
    pub(crate) fn aiff(&mut self, input: &mut Input, chunk: &Chunk) -> Result<(), Unreadable> {
        let bytes = chunk.bytes(input, TAG_BYTES)?;
        match &chunk.id {
            b"NAME" => self.other.title = text(&bytes),
            // A count, then for each comment a date, a marker and a length.
            b"COMT" => {
                let mut rest = bytes.get(2..).unwrap_or_default();
                while let Some(([.., a, b], body)) = rest.split_first_chunk::<8>() {
                    let size = usize::from(u16::from_be_bytes([*a, *b]));
                    self.comment(text(body.get(..size).unwrap_or(body)));
                    rest = body.get(size + size % 2..).unwrap_or_default();
                }
            }
            _ => self.comment(text(&bytes)),
        }
        Ok(())
    }

    /// CAF's `info`: a count, then keys and values that end with a zero.
    pub(crate) fn caf(&mut self, input: &mut Input, chunk: &Chunk) -> Result<(), Unreadable> {
        let bytes = chunk.bytes(input, TAG_BYTES)?;
        let mut strings = bytes.get(4..).unwrap_or_default().split(|byte| *byte == 0);
        while let (Some(key), Some(value)) = (strings.next(), strings.next()) {
            match key {
                b"title" => self.other.title = text(value),
                b"encoding application" => self.other.originator = text(value),
                b"source encoder" | b"comments" => self.comment(text(value)),
                _ => {}
            }
        }
        Ok(())
    }

    fn comment(&mut self, told: Option<String>) {
        if let (None, Some(text)) = (&self.other.originator, told) {
            let named = PROGRAMS.iter().find(|program| text.contains(**program));
            self.other.originator = named.map(|program| (*program).to_owned());
        }
    }
}

/// The content of the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        if let Some(after) = after.strip_prefix(name).and_then(|after| after.strip_prefix('>')) {
            return after.split_once('<').map(|(content, _)| content);
        }
    }
}

/// The five entities that XML knows by itself.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// Text up to the first zero: UTF-8, else (older programs) Latin-1.
fn text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    // Nothing behind this can be shown, whatever the encoding.
    let bytes = bytes.get(..4 * TEXT_CHARS).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => clean(text.chars()),
        // A field of fixed width may end within a character, if other characters show that it is
        // UTF-8.
        Err(error) if error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii() => {
            clean(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).chars())
        }
        Err(_) => clean(bytes.iter().map(|byte| char::from(*byte))),
    }
}

/// Without control characters and those that change the direction of writing; `None` if nothing is
/// left.
fn clean(chars: impl Iterator<Item = char>) -> Option<String> {
    let turns = |c| {
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    let kept: String = chars
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns(*c))
        .collect();
    let kept: String = kept.trim().chars().take(TEXT_CHARS).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_cleaned() {
        assert_eq!(text(b"Pro Tools\0\0rest"), Some("Pro Tools".to_owned()));
        assert_eq!(text(b" \x1b[31mLogic\r\nPro "), Some("[31mLogic  Pro".to_owned()));
        assert_eq!(text("a\u{202E}b".as_bytes()), Some("ab".to_owned()));
        assert_eq!(text(b"Caf\xe9"), Some("Café".to_owned()));
        assert_eq!(text(&"Éclé".as_bytes()[..5]), Some("Écl".to_owned()));
        assert_eq!(text(&[b'x'; 9999]).map(|text| text.len()), Some(TEXT_CHARS));
        assert_eq!(text(b" \x07 "), None);
    }

    #[test]
    fn elements_are_found_by_their_whole_name() {
        let xml = "<A><NAMES>no</NAMES><NAME>Kick &amp; Snare</NAME></A>";
        assert_eq!(element(xml, "NAME").map(unescaped), Some("Kick & Snare".to_owned()));
        assert_eq!(element(xml, "TAKE"), None);
        assert_eq!(element("<NAME>cut", "NAME"), None);
        assert_eq!(element("<<<<", "NAME"), None);
    }

    #[test]
    fn a_comment_names_a_program_or_says_nothing() {
        let mut told = Told::default();
        told.comment(Some("Recorded at home".to_owned()));
        assert_eq!(told.other.originator, None);
        told.comment(Some("Processed by SoX".to_owned()));
        assert_eq!(told.other.originator.as_deref(), Some("SoX"));
    }

    #[test]
    fn a_time_counted_at_another_rate_is_none_of_the_file() {
        let told = |time_rate| Told {
            ixml: Tags { time_reference: Some(48_000), ..Tags::default() },
            time_rate,
            ..Told::default()
        };
        assert_eq!(told(Some(44_100)).tags(48_000).0.time_reference, None);
        assert_eq!(told(Some(48_000)).tags(48_000).0.time_reference, Some(48_000));
        assert_eq!(told(None).tags(48_000).0.time_reference, Some(48_000));
    }
}
