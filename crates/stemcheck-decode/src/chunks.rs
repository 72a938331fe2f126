//! Walks the chunks of a file: an id, a length, a body. RIFF, IFF, Wave64 and CAF differ in how wide
//! those are ([`Dialect`]) and agree in everything else.
//!
//! Tolerant where files differ in practice: the outer length is not looked at (writers that were
//! piped or crashed leave it wrong), and a missing pad byte is noticed. A length is a claim; what
//! of it is there is [`Chunk::present`].

use stemcheck_core::song::Unreadable;

use crate::input::Input;
use crate::limits::MAX_CHUNKS;
use crate::pcm::Order;

/// How ids and lengths are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lengths {
    /// RIFF and IFF: 32 bits, bodies padded to even.
    Bits32,
    /// CAF: 64 bits with a sign, -1 for "to the end", no padding.
    Bits64,
    /// Sony Wave64: a GUID and 64 bits that count themselves, chunks padded to eight bytes.
    Guid,
}

/// What tells one container's chunks from another's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    /// `wav`, `aiff`: how messages begin.
    pub(crate) container: &'static str,
    pub(crate) order: Order,
    pub(crate) lengths: Lengths,
    /// Bytes before the first chunk.
    pub(crate) outer: u64,
    /// Id of the chunk that holds the sound: the only one whose length may be unknown.
    pub(crate) audio: [u8; 4],
    /// Ids that this container is known to hold; by them a missing pad byte shows.
    pub(crate) known: &'static [[u8; 4]],
}

impl Dialect {
    /// Bytes of an id and a length.
    fn head(&self) -> u64 {
        match self.lengths {
            Lengths::Bits32 => 8,
            Lengths::Bits64 => 12,
            Lengths::Guid => 24,
        }
    }

    /// Id and length of the body.
    fn read(&self, head: &[u8; 24]) -> ([u8; 4], u64) {
        let [a, b, c, d, e, f, g, h, i, j, k, l, .., s, t, u, v, w, x, y, z] = *head;
        match self.lengths {
            Lengths::Bits32 => ([a, b, c, d], u64::from(self.order.u32([e, f, g, h]))),
            Lengths::Bits64 => ([a, b, c, d], u64::from_be_bytes([e, f, g, h, i, j, k, l])),
            Lengths::Guid => {
                let size = u64::from_le_bytes([s, t, u, v, w, x, y, z]);
                (guid_id(head), size.saturating_sub(self.head()))
            }
        }
    }

    /// Whether a length says that nobody went back to fill it in. Besides 0 and what CAF provides
    /// for: all ones, less what lies before the sound (ffmpeg, players' disk writers), and the
    /// largest that `SoX`, arecord and others think readers bear.
    fn is_unknown(&self, claimed: u64) -> bool {
        match self.lengths {
            Lengths::Bits32 => {
                matches!(claimed, 0 | 0x7FFF_F000..=0x8000_0000 | 0xFFFF_FF00..=0xFFFF_FFFF)
            }
            // The largest with a sign (ffmpeg) or without; the walk takes the chunk's own head off.
            Lengths::Guid => claimed == 0 || claimed >= i64::MAX as u64 - 0x100,
            Lengths::Bits64 => claimed == u64::MAX,
        }
    }
}

/// What a Wave64 GUID stands for: a RIFF id and one of two endings, in lower case where RIFF has
/// capitals. Any other is no id that a reader here looks for.
fn guid_id(head: &[u8; 24]) -> [u8; 4] {
    const OF_FORM: &[u8] = b"\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
    const OF_LIST: &[u8] = b"\x2F\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
    const OF_WAVE: &[u8] = b"\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
    match head {
        [a, b, c, d, rest @ ..] if [OF_FORM, OF_LIST, OF_WAVE].contains(&&rest[..12]) => {
            [*a, *b, *c, *d]
        }
        _ => [0; 4],
    }
}

/// One chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Chunk {
    pub(crate) id: [u8; 4],
    /// Where its id stands.
    pub(crate) at: u64,
    /// Where its body begins.
    pub(crate) body: u64,
    /// Length of its body, as it says; for sound of unknown length, all that is there.
    pub(crate) claimed: u64,
    /// Bytes from its body to the end of the file.
    pub(crate) to_end: u64,
    /// What its length field says, where that is not its length.
    pub(crate) unknown: Option<Unknown>,
}

/// Why a length had to be found otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Never filled in.
    Open(u64),
    /// More than 4 GiB in a field of 32 bits.
    Wrapped(u64),
}

impl Chunk {
    /// Bytes of its body that are there.
    pub(crate) fn present(&self) -> u64 {
        self.claimed.min(self.to_end)
    }

    /// Its first bytes, at most `N`, and how many of them are there; the others are 0.
    pub(crate) fn head<const N: usize>(
        &self,
        input: &mut Input,
    ) -> Result<([u8; N], usize), Unreadable> {
        let mut head = [0; N];
        let there = self.present().min(N as u64) as usize;
        input.read_at(self.body, &mut head[..there])?;
        Ok((head, there))
    }

    /// Its first bytes, at most `most`.
    pub(crate) fn bytes(&self, input: &mut Input, most: usize) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = vec![0; self.present().min(most as u64) as usize];
        input.read_at(self.body, &mut bytes)?;
        Ok(bytes)
    }
}

/// The walk.
pub(crate) struct Chunks {
    dialect: Dialect,
    next: u64,
    walked: usize,
    audio_found: bool,
    /// Lengths of more than 32 bits, from an RF64 file's `ds64`.
    large: Vec<([u8; 4], u64)>,
    /// The last chunk that claims more than there is: why nothing comes after it.
    overrun: Option<Chunk>,
    /// Where a pad byte should stand and the next chunk does.
    unpadded: Option<u64>,
}

impl Chunks {
    /// A walk that begins after the bytes of the outer chunk.
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            next: dialect.outer,
            walked: 0,
            audio_found: false,
            large: Vec::new(),
            overrun: None,
            unpadded: None,
        }
    }

    /// A length that stands elsewhere, because it may not fit in 32 bits.
    pub(crate) fn expect_large(&mut self, id: [u8; 4], length: u64) {
        self.large.push((id, length));
    }

    /// Where the walk goes on, or ended.
    pub(crate) fn place(&self) -> u64 {
        self.next
    }

    /// Where the first chunk stands that follows an odd one without a pad byte.
    pub(crate) fn unpadded(&self) -> Option<u64> {
        self.unpadded
    }

    /// The next chunk; `None` at the end of the file. After the sound, bytes that cannot be a chunk
    /// end the walk too.
    pub(crate) fn next(&mut self, input: &mut Input) -> Result<Option<Chunk>, Unreadable> {
        let body = self.next.saturating_add(self.dialect.head());
        let Some(to_end) = input.len().checked_sub(body) else {
            return Ok(None);
        };
        if self.walked == MAX_CHUNKS {
            if self.audio_found {
                return Ok(None);
            }
            return Err(Unreadable::Damaged(format!(
                "{}: no audio among the first {MAX_CHUNKS} chunks (up to byte {})",
                self.dialect.container, self.next
            )));
        }
        self.walked += 1;
        let mut head = [0; 24];
        input.read_at(self.next, &mut head[..self.dialect.head() as usize])?;
        let (id, claimed) = self.dialect.read(&head);
        if self.audio_found && !self.is_plausible(id, claimed, to_end) {
            return Ok(None);
        }
        let mut chunk = Chunk { id, at: self.next, body, claimed, to_end, unknown: None };
        self.find_length(input, &mut chunk)?;
        if chunk.claimed > to_end {
            self.overrun = Some(chunk);
        }
        self.next = self.after(input, &chunk)?;
        Ok(Some(chunk))
    }

    fn is_plausible(&self, id: [u8; 4], claimed: u64, to_end: u64) -> bool {
        let printable = id.iter().all(|byte| matches!(byte, b' '..=b'~'));
        claimed <= to_end && (printable || self.dialect.lengths == Lengths::Guid)
    }

    /// What the length really is: from `ds64`, or the rest of the file where it was never filled in
    /// (unless an empty chunk is followed by another one), or what 32 bits could not hold.
    fn find_length(&mut self, input: &mut Input, chunk: &mut Chunk) -> Result<(), Unreadable> {
        let said = chunk.claimed;
        if said == 0xFFFF_FFFF
            && let Some((_, length)) = self.large.iter().find(|(id, _)| *id == chunk.id)
        {
            chunk.claimed = *length;
        }
        if chunk.id != self.dialect.audio || self.audio_found {
            return Ok(());
        }
        self.audio_found = true;
        let claimed = chunk.claimed;
        let unknown = self.dialect.is_unknown(claimed) && claimed != chunk.to_end;
        if unknown
            && (claimed > chunk.to_end || claimed == 0 && !self.known_at(input, chunk.body)?)
        {
            chunk.claimed = chunk.to_end;
            chunk.unknown = Some(Unknown::Open(said));
            return Ok(());
        }
        let beyond = chunk.to_end.saturating_sub(claimed) >> 32 << 32;
        if self.dialect.lengths == Lengths::Bits32 && beyond > 0 && said == claimed {
            let end = chunk.body + claimed;
            if !self.known_at(input, end)? && !self.known_at(input, end + 1)? {
                chunk.claimed += beyond;
                chunk.unknown = Some(Unknown::Wrapped(said));
            }
        }
        Ok(())
    }

    /// Why a chunk that must be there was not found.
    pub(crate) fn missing(&self, input: &Input, what: &str) -> Unreadable {
        let container = self.dialect.container;
        Unreadable::Damaged(match &self.overrun {
            Some(chunk) => format!(
                "{container}: no {what} chunk found: chunk `{}` claims {} bytes, file has {} \
                 (at byte {})",
                chunk.id.escape_ascii(),
                chunk.claimed,
                chunk.to_end,
                chunk.at
            ),
            None => format!("{container}: no {what} chunk in {} bytes", input.len()),
        })
    }

    fn after(&mut self, input: &mut Input, chunk: &Chunk) -> Result<u64, Unreadable> {
        let end = chunk.body.saturating_add(chunk.claimed);
        match self.dialect.lengths {
            Lengths::Bits64 => return Ok(end),
            Lengths::Guid => return Ok(end.checked_next_multiple_of(8).unwrap_or(u64::MAX)),
            Lengths::Bits32 => {}
        }
        if chunk.claimed.is_multiple_of(2) {
            return Ok(end);
        }
        if self.known_at(input, end)? {
            self.unpadded.get_or_insert(end);
            return Ok(end);
        }
        Ok(end.saturating_add(1))
    }

    fn known_at(&self, input: &mut Input, at: u64) -> Result<bool, Unreadable> {
        let mut head = [0; 24];
        let bytes = self.dialect.head();
        if at.saturating_add(bytes) > input.len() {
            return Ok(false);
        }
        input.read_at(at, &mut head[..bytes as usize])?;
        Ok(self.dialect.known.contains(&self.dialect.read(&head).0))
    }
}
