//! Packets whose sizes stand in a table, as in MP4 and CAF.

use stemcheck_core::song::{HeaderNote, Unreadable};

use super::{Demux, Group, Packet};
use crate::limits::{MAX_PACKET_BYTES, MAX_PACKETS};
use crate::window::Window;

/// Sizes and places of every packet. As many as the table in the file has bytes for.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) sizes: Vec<u32>,
    /// First packet of each run of packets that lie behind one another, and its place.
    pub(super) runs: Vec<(u64, u64)>,
    /// Frames of a packet.
    pub(super) per_packet: u32,
    /// Decoded frames of all packets; the last one may be short.
    pub(super) end: u64,
    next: u64,
    /// Place of the next packet, where it is known.
    at: Option<u64>,
}

impl Table {
    pub(super) fn new(sizes: Vec<u32>, runs: Vec<(u64, u64)>, per_packet: u32) -> Self {
        Self { sizes, runs, per_packet, end: u64::MAX, next: 0, at: None }
    }

    /// The run that packet `number` lies in: its index, first packet and place.
    fn run(&self, number: u64) -> Option<(usize, u64, u64)> {
        let index = self.runs.partition_point(|(first, _)| *first <= number).checked_sub(1)?;
        let (first, at) = *self.runs.get(index)?;
        Some((index, first, at))
    }

    fn place(&self, number: u64) -> Option<u64> {
        let (_, first, at) = self.run(number)?;
        let before = self.sizes.get(first as usize..number as usize)?;
        before.iter().try_fold(at, |at, size| at.checked_add(u64::from(*size)))
    }

    /// Drops the packets that the file does not hold; how many bytes of them there should be, if any.
    pub(super) fn keep_present(&mut self, file_bytes: u64) -> Option<(u64, u64)> {
        let mut claimed = 0_u64;
        let mut present = None;
        let mut runs = self.runs.iter().peekable();
        let mut at = 0_u64;
        for (number, size) in self.sizes.iter().enumerate() {
            if let Some((_, place)) = runs.next_if(|(first, _)| *first == number as u64) {
                at = *place;
            }
            at = at.saturating_add(u64::from(*size));
            if present.is_none() && (at > file_bytes || *size as usize > MAX_PACKET_BYTES) {
                present = Some((number, claimed));
            }
            claimed += u64::from(*size);
        }
        let (number, bytes) = present?;
        self.sizes.truncate(number);
        Some((claimed, bytes))
    }

    /// Frames that all packets have room for.
    pub(super) fn frames(&self) -> u64 {
        self.sizes.len() as u64 * u64::from(self.per_packet)
    }
}

/// A truncation, in bytes of decoded audio as everywhere else.
pub(super) fn truncated(
    format: &stemcheck_core::song::Format,
    claimed_frames: u64,
    at_byte: u64,
) -> HeaderNote {
    let bytes = u64::from(format.bits.div_ceil(8).max(1)) * u64::from(format.channels);
    HeaderNote::Truncated {
        claimed_bytes: claimed_frames.saturating_mul(bytes),
        present_bytes: format.frames * bytes,
        at_byte,
    }
}

/// A number of packets, if it is one that is read.
pub(super) fn checked_count(container: &str, count: u64, at: u64) -> Result<u64, Unreadable> {
    if count <= MAX_PACKETS {
        return Ok(count);
    }
    Err(Unreadable::Unsupported(format!(
        "{container}: {count} packets, at most {MAX_PACKETS} are read (at byte {at})"
    )))
}

impl Demux for Table {
    fn seek(&mut self, _: &mut Window, frame: u64, group: Group) -> Result<u64, Unreadable> {
        let number = frame / u64::from(self.per_packet.max(1));
        self.next = group.entry(number);
        self.at = None;
        Ok(number)
    }

    fn next(
        &mut self,
        window: &mut Window,
        data: &mut Vec<u8>,
    ) -> Result<Option<Packet>, Unreadable> {
        let number = self.next;
        let Some(size) = self.sizes.get(number as usize).copied() else {
            return Ok(None);
        };
        let begins_run = self.run(number).is_some_and(|(_, first, _)| first == number);
        let at = match self.at {
            Some(at) if !begins_run => at,
            _ => self.place(number).unwrap_or(u64::MAX),
        };
        let bytes = window.get(at, size as usize)?;
        data.clear();
        data.extend_from_slice(bytes);
        self.next += 1;
        self.at = Some(at.saturating_add(u64::from(size)));
        let start = number * u64::from(self.per_packet);
        let frames = self.end.saturating_sub(start).min(u64::from(self.per_packet)) as u32;
        Ok(Some(Packet { number, start, frames }))
    }
}
