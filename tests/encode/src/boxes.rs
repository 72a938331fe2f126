//! MP4 (ISO/IEC 14496-12) and Core Audio files around the packets of one track.

use crate::Track;

fn atom(kind: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let size: usize = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    [&(size as u32).to_be_bytes()[..], kind, &parts.concat()].concat()
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// An `.m4a` file: `ftyp`, `mdat`, `moov`. Ten packets a chunk, so that the tables have something
/// to tell; an edit list where the encoder has a delay.
pub(crate) fn mp4(track: &Track) -> Vec<u8> {
    const PER_CHUNK: usize = 10;
    let ftyp = atom(b"ftyp", &[b"M4A ", &[0; 4], b"M4A mp42isom"]);
    let mut at = ftyp.len() as u32 + 8;
    let mut offsets = Vec::new();
    for chunk in track.packets.chunks(PER_CHUNK) {
        offsets.push(at);
        at += chunk.iter().map(|packet| packet.len() as u32).sum::<u32>();
    }
    let mdat = atom(b"mdat", &track.packets.iter().map(Vec::as_slice).collect::<Vec<_>>());

    let count = track.packets.len() as u32;
    let sizes: Vec<u32> = track.packets.iter().map(|packet| packet.len() as u32).collect();
    let whole = count.saturating_sub(1);
    let total = whole * track.per_packet + track.last;
    let chunks = offsets.len() as u32;
    let mut layout = vec![0, 1, 1, PER_CHUNK.min(count as usize) as u32, 1];
    let odd = count % PER_CHUNK as u32;
    if odd != 0 && chunks > 1 {
        layout[1] = 2;
        layout.extend([chunks, odd, 1]);
    }
    let stbl = atom(
        b"stbl",
        &[
            &atom(b"stsd", &[&words(&[0, 1]), &entry(track)]),
            &atom(b"stts", &[&words(&[0, 2, whole, track.per_packet, 1, track.last])]),
            &atom(b"stsc", &[&words(&layout)]),
            &atom(b"stsz", &[&words(&[0, 0, count]), &words(&sizes)]),
            &atom(b"stco", &[&words(&[0, chunks]), &words(&offsets)]),
        ],
    );
    let dref = atom(b"dref", &[&words(&[0, 1]), &atom(b"url ", &[&words(&[1])])]);
    let minf = atom(b"minf", &[&atom(b"smhd", &[&[0; 8]]), &atom(b"dinf", &[&dref]), &stbl]);
    let mdia = atom(
        b"mdia",
        &[
            &atom(b"mdhd", &[&words(&[0, 0, 0, track.rate, total, 0x55C4_0000])]),
            &atom(b"hdlr", &[&[0; 8], b"soun", &[0; 13]]),
            &minf,
        ],
    );
    let edit = words(&[0, 1, track.frames, track.delay, 0x1_0000]);
    let edits = atom(b"edts", &[&atom(b"elst", &[&edit])]);
    let tkhd = atom(b"tkhd", &[&words(&[7, 0, 0, 1, 0, track.frames]), &[0; 60]]);
    let trak = if track.delay == 0 {
        atom(b"trak", &[&tkhd, &mdia])
    } else {
        atom(b"trak", &[&tkhd, &edits, &mdia])
    };
    // The movie counts in frames, too.
    let mvhd = atom(b"mvhd", &[&words(&[0, 0, 0, track.rate, track.frames]), &[0; 80]]);
    [ftyp, mdat, atom(b"moov", &[&mvhd, &trak])].concat()
}

/// The sample entry.
fn entry(track: &Track) -> Vec<u8> {
    let config = match &track.kind {
        b"alac" => atom(b"alac", &[&[0; 4], &track.config]),
        _ => atom(b"esds", &[&[0; 4], &descriptors(&track.config)]),
    };
    // The rate is 16.16; above 65,535 Hz only the config tells.
    let rate = u16::try_from(track.rate).map_or(0, |rate| u32::from(rate) << 16);
    atom(
        &track.kind,
        &[
            &[0, 0, 0, 0, 0, 0, 0, 1],
            &[0; 8],
            &track.channels.to_be_bytes(),
            &track.bits.to_be_bytes(),
            &[0; 4],
            &words(&[rate]),
            &config,
        ],
    )
}

/// `ES_Descriptor` of AAC (ISO/IEC 14496-1, 7.2.6).
fn descriptors(config: &[u8]) -> Vec<u8> {
    let descriptor = |tag: u8, body: &[u8]| [&[tag, body.len() as u8], body].concat();
    let decoder = [&[0x40, 0x15][..], &[0; 11], &descriptor(5, config)].concat();
    let body = [&[0, 1, 0][..], &descriptor(4, &decoder), &descriptor(6, &[2])].concat();
    descriptor(3, &body)
}

/// A `.caf` file: `desc`, `kuki`, `pakt`, `data`.
pub(crate) fn caf(track: &Track) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        [&kind[..], &(body.len() as u64).to_be_bytes(), body].concat()
    };
    // The flags of ALAC tell the bits of the source: 1 = 16, 2 = 20, 3 = 24, 4 = 32.
    let flags = match track.bits {
        16 => 1,
        20 => 2,
        24 => 3,
        _ => 4_u32,
    };
    let desc = [
        &f64::from(track.rate).to_be_bytes()[..],
        &track.kind,
        &words(&[flags, 0, track.per_packet, u32::from(track.channels), 0]),
    ]
    .concat();
    let count = track.packets.len() as u64;
    let padding = track.per_packet - track.last;
    let mut pakt = [count, u64::from(track.frames)].map(u64::to_be_bytes).concat();
    pakt.extend(words(&[track.delay, padding]));
    for packet in &track.packets {
        let size = packet.len() as u32;
        let digits = (32 - size.leading_zeros()).div_ceil(7).max(1);
        for digit in (0..digits).rev() {
            let more = if digit == 0 { 0 } else { 0x80 };
            pakt.push((size >> (7 * digit) & 0x7F) as u8 | more);
        }
    }
    let data = [&[0; 4][..], &track.packets.concat()].concat();
    [
        b"caff\0\x01\0\0".to_vec(),
        chunk(b"desc", &desc),
        chunk(b"kuki", &track.config),
        chunk(b"pakt", &pakt),
        chunk(b"data", &data),
    ]
    .concat()
}
