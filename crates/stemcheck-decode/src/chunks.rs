//! Walks the chunks of a RIFF or IFF file: both are an id, a length and a body, padded to even.
//!
//! Tolerant where files differ in practice: the outer length is not looked at (writers that were
//! piped or crashed leave it wrong), and a missing pad byte is noticed. A length is a claim; what
//! of it is there is [`Chunk::present`].

use stemcheck_core::song::Unreadable;

use crate::input::Input;
use crate::limits::MAX_CHUNKS;
use crate::pcm::Order;

/// Lengths that piped writers leave because they cannot go back to fill them in, besides 0: all
/// ones (ffmpeg), and the largest that `SoX` thinks readers bear.
const OPEN_ENDED: [u64; 2] = [0xFFFF_FFFF, 0x7FFF_F000];

/// One chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk {
    pub(crate) id: [u8; 4],
    /// Where its id stands.
    pub(crate) at: u64,
    /// Length of its body, as it says.
    pub(crate) claimed: u64,
    pub(crate) to_end: u64,
}

impl Chunk {
    /// Where its body begins.
    pub(crate) fn body(&self) -> u64 {
        self.at + 8
    }

    /// Bytes of its body that are there.
    fn present(&self) -> u64 {
        self.claimed.min(self.to_end)
    }

    /// Its first bytes, at most `N`, and how many of them are there; the others are 0.
    pub(crate) fn head<const N: usize>(
        &self,
        input: &mut Input,
    ) -> Result<([u8; N], usize), Unreadable> {
        let mut head = [0; N];
        let there = self.present().min(N as u64) as usize;
        input.read_at(self.body(), &mut head[..there])?;
        Ok((head, there))
    }
}

/// The walk.
pub(crate) struct Chunks {
    /// `wav`, `aiff`: how messages begin.
    container: &'static str,
    order: Order,
    /// Ids that this container is known to hold; by them a missing pad byte shows.
    known: &'static [[u8; 4]],
    next: u64,
    walked: usize,
    /// The last chunk that claims more than there is: why nothing comes after it.
    overrun: Option<Chunk>,
}

impl Chunks {
    /// A walk that begins after the twelve bytes of the outer chunk.
    pub(crate) fn new(container: &'static str, order: Order, known: &'static [[u8; 4]]) -> Self {
        Self { container, order, known, next: 12, walked: 0, overrun: None }
    }

    /// The next chunk; `None` at the end of the file.
    pub(crate) fn next(&mut self, input: &mut Input) -> Result<Option<Chunk>, Unreadable> {
        let Some(to_end) = input.len().checked_sub(self.next + 8) else {
            return Ok(None);
        };
        if self.walked == MAX_CHUNKS {
            return Err(Unreadable::Damaged(format!(
                "{}: no audio among the first {MAX_CHUNKS} chunks (up to byte {})",
                self.container, self.next
            )));
        }
        self.walked += 1;
        let mut head = [0; 8];
        input.read_at(self.next, &mut head)?;
        let [a, b, c, d, size @ ..] = head;
        let claimed = u64::from(self.order.u32(size));
        let chunk = Chunk { id: [a, b, c, d], at: self.next, claimed, to_end };
        if claimed > to_end {
            self.overrun = Some(chunk);
        }
        self.next = self.after(input, &chunk)?;
        Ok(Some(chunk))
    }

    /// Bytes that belong to an audio chunk: a length that was never filled in lasts to the end of
    /// the file, unless an empty chunk is followed by another one.
    pub(crate) fn extent(&self, input: &mut Input, chunk: &Chunk) -> Result<u64, Unreadable> {
        let open = match chunk.claimed {
            0 => !self.known_at(input, chunk.body())?,
            claimed => claimed > chunk.to_end && OPEN_ENDED.contains(&claimed),
        };
        Ok(if open { chunk.to_end } else { chunk.claimed })
    }

    /// Why a chunk that must be there was not found.
    pub(crate) fn missing(&self, input: &Input, what: &str) -> Unreadable {
        let container = self.container;
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

    fn after(&self, input: &mut Input, chunk: &Chunk) -> Result<u64, Unreadable> {
        let end = chunk.body() + chunk.claimed;
        let padded = chunk.claimed % 2 == 1 && !self.known_at(input, end)?;
        Ok(end + u64::from(padded))
    }

    fn known_at(&self, input: &mut Input, at: u64) -> Result<bool, Unreadable> {
        let mut id = [0; 4];
        if at + 8 > input.len() {
            return Ok(false);
        }
        input.read_at(at, &mut id)?;
        Ok(self.known.contains(&id))
    }
}
