//! Core Audio files with ALAC or AAC: `desc` names the codec, `kuki` holds its header, `pakt` the
//! sizes of the packets and the gaps at both ends.

use stemcheck_core::song::{Tags, Unreadable};

use super::mp4::{alac_setup, specific_config};
use super::table::{Table, checked_count, truncated};
use super::{Opened, aac};
use crate::limits::{self, MAX_CHUNKS};
use crate::window::Window;

fn missing(what: &str) -> Unreadable {
    Unreadable::Damaged(format!("caf: no {what}"))
}

/// Opens a file whose `desc` names the codec `kind`.
pub(crate) fn open(mut window: Window, kind: [u8; 4]) -> Result<Opened, Unreadable> {
    let (mut cookie, mut table, mut data) = (None, None, None);
    let mut at = 8_u64;
    for _ in 0..MAX_CHUNKS {
        let (head, there) = window.head::<12>(at)?;
        if there < head.len() {
            break;
        }
        let [k0, k1, k2, k3, size @ ..] = head;
        let body = at + 12;
        let to_end = window.len().saturating_sub(body);
        let size = u64::from_be_bytes(size);
        match &[k0, k1, k2, k3] {
            b"kuki" => {
                let len = size.min(limits::TAG_BYTES as u64) as usize;
                cookie = Some((body, window.get(body, len)?.to_vec()));
            }
            b"pakt" => table = Some((body, size.min(to_end))),
            b"data" => data = Some(body),
            _ => {}
        }
        // -1: to the end of the file.
        if size > to_end {
            break;
        }
        at = body + size;
    }
    let (cookie_at, cookie) = cookie.ok_or_else(|| missing("header of the codec (`kuki`)"))?;
    let (table_at, table_bytes) = table.ok_or_else(|| missing("table of packets (`pakt`)"))?;
    let data_at = data.ok_or_else(|| missing("`data` chunk"))?;
    let (setup, per_packet) = match &kind {
        b"alac" => alac_setup("caf", cookie, cookie_at)?,
        b"aac " => {
            let config = specific_config(&cookie).ok_or_else(|| missing("header of AAC"))?;
            (aac::setup("caf", config, cookie_at)?, aac::PER_PACKET)
        }
        _ => {
            return Err(Unreadable::Unsupported(format!(
                "caf: holds `{}`; PCM, ALAC and AAC are read (at byte 28)",
                kind.escape_ascii()
            )));
        }
    };
    let (mut table, claimed, delay) =
        read_table(&mut window, table_at, table_bytes, data_at + 4, per_packet)?;
    table.keep_present(window.len());
    table.end = claimed.saturating_add(delay);
    let frames = claimed.min(table.frames().saturating_sub(delay));
    if frames == 0 {
        return Err(Unreadable::Empty(format!("caf: no frame of audio (at byte {data_at})")));
    }
    let format = setup.format("caf", frames);
    let mut notes = Vec::new();
    if frames < claimed {
        notes.push(truncated(&format, claimed, table_at));
    }
    let (tags, group, demux) = (Tags::default(), setup.table_group(), Box::new(table));
    Ok(Opened { format, notes, tags, delay, setup, group, demux, window })
}

/// `pakt`: number of packets, of frames, gaps at both ends; then a size a packet, in as many groups
/// of seven bits as it takes.
fn read_table(
    window: &mut Window,
    at: u64,
    bytes: u64,
    data_at: u64,
    per_packet: u32,
) -> Result<(Table, u64, u64), Unreadable> {
    let (head, _) = window.head::<24>(at)?;
    let (longs, _) = head.as_chunks::<8>();
    let long = |index: usize| longs.get(index).map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let count = checked_count("caf", long(0), at)?;
    let (frames, delay) = (long(1), long(2) >> 32);
    let mut sizes = Vec::new();
    let (mut place, end) = (at + 24, at + bytes);
    let mut size = 0_u32;
    while place < end && (sizes.len() as u64) < count {
        let step = (end - place).min(16_384) as usize;
        let digits = window.get(place, step)?;
        for digit in digits {
            size = size << 7 | u32::from(digit & 0x7F);
            if digit & 0x80 == 0 {
                sizes.push(std::mem::take(&mut size));
            }
        }
        place += step as u64;
    }
    sizes.truncate(count as usize);
    Ok((Table::new(sizes, vec![(0, data_at)], per_packet), frames, delay))
}
