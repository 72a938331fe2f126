//! What has to be known of Vorbis to count its frames without decoding (Vorbis I specification):
//! the two block sizes, and which of them each mode uses.

/// Block sizes, and the modes that use the long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blocks {
    short: u32,
    long: u32,
    /// Whether mode 0, 1, 2… is long.
    modes: Vec<bool>,
}

/// The identification header (4.2.2): channels, rate, block sizes.
pub(super) fn identification(packet: &[u8]) -> Option<(u16, u32, u32, u32)> {
    let body = packet.strip_prefix(b"\x01vorbis\0\0\0\0")?;
    let [channels, a, b, c, d, _, _, _, _, _, _, _, _, _, _, _, _, sizes, framing, ..] = *body
    else {
        return None;
    };
    let (short, long) = (sizes & 15, sizes >> 4);
    let fine = (6..=13).contains(&short) && (short..=13).contains(&long) && framing & 1 == 1;
    let rate = u32::from_le_bytes([a, b, c, d]);
    fine.then_some((u16::from(channels), rate, 1 << short, 1 << long))
}

impl Blocks {
    /// Reads the modes from the end of the setup header, backwards: what lies before them cannot be
    /// skipped without reading all codebooks. A mode (4.2.4) is a flag, two 16-bit fields that are 0
    /// and a number below 64; their count stands before the first one.
    pub(super) fn new(short: u32, long: u32, setup: &[u8]) -> Option<Self> {
        let mut bits = Backwards::new(setup)?;
        let mut modes = Vec::new();
        let mut best = None;
        while modes.len() < 64 {
            let (mapping, transform, window) = (bits.read(8)?, bits.read(16)?, bits.read(16)?);
            if mapping > 63 || transform != 0 || window != 0 {
                break;
            }
            modes.push(bits.read(1)? == 1);
            // Where a count stands by chance, a later one is the right one.
            if bits.clone().read(6)? as usize + 1 == modes.len() {
                best = Some(modes.len());
            }
        }
        modes.truncate(best?);
        modes.reverse();
        Some(Self { short, long, modes })
    }

    /// The size of an audio packet's block; none if it is no audio.
    pub(super) fn of(&self, packet: &[u8]) -> Option<u32> {
        let first = u32::from(*packet.first()?);
        let bits = usize::BITS - (self.modes.len() - 1).leading_zeros();
        let mode = (first >> 1 & ((1 << bits) - 1)) as usize;
        let long = *self.modes.get(mode)?;
        (first & 1 == 0).then_some(if long { self.long } else { self.short })
    }
}

/// The bits of a packet (least significant first) from the last one on.
#[derive(Clone)]
struct Backwards<'a> {
    bytes: &'a [u8],
    /// Bits that are left.
    left: usize,
}

impl<'a> Backwards<'a> {
    /// Before the framing bit, which is the last one that is set.
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let last = bytes.iter().rposition(|byte| *byte != 0)?;
        let framing = 7 - bytes.get(last)?.leading_zeros() as usize;
        Some(Self { bytes, left: last * 8 + framing })
    }

    /// The number that ends here.
    fn read(&mut self, count: usize) -> Option<u32> {
        let from = self.left.checked_sub(count)?;
        let mut value = 0;
        for at in (from..self.left).rev() {
            value = value << 1 | u32::from(self.bytes.get(at / 8)? >> (at % 8) & 1);
        }
        self.left = from;
        Some(value)
    }
}
