//! What has to be known of Vorbis (Vorbis I specification): the two block sizes and which of them
//! each mode uses, to count frames without decoding; and whether the setup header is one that the
//! decoder survives.
//!
//! symphonia checks most of that header, but not that the places of a floor differ from its ends
//! (it divides by their distance), not that a codebook in use has a codeword, not how long an
//! ordered codebook's words become, and not how much memory all codebooks together take. It also
//! splits the channels of a pair at the wrong one unless the pair begins with the first. In
//! WebAssembly no panic is caught, so that all this is decided here. Refused beyond that: floors of
//! type 0, which no encoder has written since the betas of 2000.

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
    /// Reads the setup header; none if it is damaged or of a kind that is not decoded.
    pub(super) fn new(short: u32, long: u32, channels: u16, setup: &[u8]) -> Option<Self> {
        let bits = Bits { bytes: setup.strip_prefix(b"\x05vorbis")?, at: 0 };
        let mut reader = SetupReader { bits, channels, books: Vec::new() };
        Some(Self { short, long, modes: reader.modes()? })
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

/// Codewords of all codebooks together, of which libvorbis writes some thousands. A word can cost
/// the decoder 400 bytes.
const MAX_WORDS: u32 = 1 << 17;

/// Numbers in the vectors of all codebooks together, of which libvorbis writes some ten thousands.
const MAX_VALUES: u32 = 1 << 21;

/// The largest dimension that symphonia reads.
const MAX_DIMENSIONS: u32 = 32;

/// Entries of a codebook for the heights of a floor, which lie below 256 (7.2.2). The decoder
/// multiplies them with a distance of 15 bits.
const MAX_HEIGHTS: u32 = 1 << 12;

/// Places of a floor (7.2.2).
const MAX_PLACES: usize = 65;

/// What matters of a codebook to those who use it.
struct Book {
    entries: u32,
    /// Whether there is a codeword at all.
    words: bool,
}

/// Reads the setup header (4.2.4) in its order.
struct SetupReader<'a> {
    bits: Bits<'a>,
    channels: u16,
    books: Vec<Book>,
}

impl SetupReader<'_> {
    /// Everything, for what stands at the end: whether each mode is long.
    fn modes(&mut self) -> Option<Vec<bool>> {
        let (mut words, mut values) = (0, 0);
        for _ in 0..=self.bits.read(8)? {
            let book = self.book(&mut words, &mut values)?;
            self.books.push(book);
        }
        for _ in 0..=self.bits.read(6)? {
            (self.bits.read(16)? == 0).then_some(())?;
        }
        let floors = self.bits.read(6)? + 1;
        for _ in 0..floors {
            self.floor()?;
        }
        let residues = self.bits.read(6)? + 1;
        let mut interleaved = Vec::new();
        for _ in 0..residues {
            interleaved.push(self.residue()?);
        }
        let mappings = self.bits.read(6)? + 1;
        for _ in 0..mappings {
            self.mapping(floors, &interleaved)?;
        }
        let mut modes = Vec::new();
        for _ in 0..=self.bits.read(6)? {
            modes.push(self.bits.flag()?);
            let (window, transform) = (self.bits.read(16)?, self.bits.read(16)?);
            (window == 0 && transform == 0 && self.bits.read(8)? < mappings).then_some(())?;
        }
        self.bits.flag()?.then_some(modes)
    }

    /// A codebook (3.2.1). Its words have to fill the tree: then there is one for whatever bits a
    /// packet holds.
    fn book(&mut self, words: &mut u32, values: &mut u32) -> Option<Book> {
        let bits = &mut self.bits;
        let (sync, dimensions, entries) = (bits.read(24)?, bits.read(16)?, bits.read(24)?);
        *words += entries;
        let fine = (1..=MAX_DIMENSIONS).contains(&dimensions) && *words <= MAX_WORDS;
        (sync == 0x56_4342 && fine).then_some(())?;
        // How many words there are, and how much of the tree they take, in units of 2^-32.
        let (mut used, mut taken) = (0_u32, 0_u64);
        if bits.flag()? {
            let mut length = bits.read(5)? + 1;
            loop {
                let count = bits.read(ilog(entries - used))?;
                used += count;
                (used <= entries && length <= 32).then_some(())?;
                taken += u64::from(count) << (32 - length);
                if used == entries {
                    break;
                }
                length += 1;
            }
        } else {
            let sparse = bits.flag()?;
            for _ in 0..entries {
                if !sparse || bits.flag()? {
                    used += 1;
                    taken += 1 << (31 - bits.read(5)?);
                }
            }
        }
        // A single word of one bit stands for both (errata of 2015).
        let full = taken == 1 << 32 || used == 1 && taken == 1 << 31;
        (used == 0 || full).then_some(())?;
        let kind = bits.read(4)?;
        if kind > 0 {
            *values += entries * dimensions;
            (kind <= 2 && *values <= MAX_VALUES).then_some(())?;
            bits.skip(64)?;
            let width = bits.read(4)? + 1;
            bits.skip(1)?;
            let count = if kind == 1 { roots(entries, dimensions)? } else { entries * dimensions };
            bits.skip(count as usize * width as usize)?;
        }
        Some(Book { entries, words: used > 0 })
    }

    /// The number of a codebook that can be read from.
    fn book_in_use(&self, number: u32) -> Option<&Book> {
        self.books.get(number as usize).filter(|book| book.words)
    }

    /// A floor of type 1 (7.2.2). No two of its places may be the same, the two ends included.
    fn floor(&mut self) -> Option<()> {
        (self.bits.read(16)? == 1).then_some(())?;
        let mut partitions = Vec::new();
        for _ in 0..self.bits.read(5)? {
            partitions.push(self.bits.read(4)? as usize);
        }
        let mut dimensions = Vec::new();
        for _ in 0..partitions.iter().max().map_or(0, |most| most + 1) {
            dimensions.push(self.bits.read(3)? + 1);
            let subclasses = self.bits.read(2)?;
            if subclasses > 0 {
                let number = self.bits.read(8)?;
                self.book_in_use(number)?;
            }
            for _ in 0..1 << subclasses {
                // 0 is none.
                if let Some(number) = self.bits.read(8)?.checked_sub(1) {
                    self.book_in_use(number).filter(|book| book.entries <= MAX_HEIGHTS)?;
                }
            }
        }
        let _multiplier = self.bits.read(2)?;
        let range = self.bits.read(4)?;
        let mut places = vec![0, 1 << range];
        for class in partitions {
            for _ in 0..*dimensions.get(class)? {
                let place = self.bits.read(range)?;
                (!places.contains(&place) && places.len() < MAX_PLACES).then_some(())?;
                places.push(place);
            }
        }
        Some(())
    }

    /// A residue (8.6.1); whether it interleaves its channels (type 2).
    fn residue(&mut self) -> Option<bool> {
        let kind = self.bits.read(16)?;
        let (begin, end) = (self.bits.read(24)?, self.bits.read(24)?);
        self.bits.skip(24)?;
        let classes = self.bits.read(6)? + 1;
        let class_book = self.bits.read(8)?;
        self.book_in_use(class_book)?;
        (kind <= 2 && begin <= end).then_some(())?;
        let mut passes = 0;
        for _ in 0..classes {
            passes += self.bits.read(3)?.count_ones();
            if self.bits.flag()? {
                passes += self.bits.read(5)?.count_ones();
            }
        }
        for _ in 0..passes {
            let number = self.bits.read(8)?;
            self.book_in_use(number)?;
        }
        Some(kind == 2)
    }

    /// A mapping (4.2.4): which channels are coupled, and which floor and residue each has.
    fn mapping(&mut self, floors: u32, interleaved: &[bool]) -> Option<()> {
        let bits = &mut self.bits;
        (bits.read(16)? == 0).then_some(())?;
        let submaps = if bits.flag()? { bits.read(4)? + 1 } else { 1 };
        let last = u32::from(self.channels).checked_sub(1)?;
        if bits.flag()? {
            for _ in 0..=bits.read(8)? {
                let (magnitude, angle) = (bits.read(ilog(last))?, bits.read(ilog(last))?);
                (magnitude != angle && magnitude <= last && angle <= last).then_some(())?;
            }
        }
        (bits.read(2)? == 0).then_some(())?;
        let mut submap_of = vec![0; usize::from(self.channels)];
        if submaps > 1 {
            for submap in &mut submap_of {
                *submap = bits.read(4)?;
                (*submap < submaps).then_some(())?;
            }
        }
        for submap in 0..submaps {
            bits.skip(8)?;
            let floor = bits.read(8)?;
            let interleaved = *interleaved.get(bits.read(8)? as usize)?;
            let mut channels = (0..=last).zip(&submap_of).filter(|(_, of)| **of == submap);
            let first = channels.next().map(|(channel, _)| channel);
            let is_pair = channels.count() == 1;
            let apart = interleaved && is_pair && first != Some(0);
            (floor < floors && !apart).then_some(())?;
        }
        Some(())
    }
}

/// The number of bits that `value` takes (9.2.1).
fn ilog(value: u32) -> u32 {
    u32::BITS - value.leading_zeros()
}

/// The largest number whose power of `dimensions` is at most `entries` (9.2.3). None where rounding
/// leads the decoder, which takes a root, to another one.
fn roots(entries: u32, dimensions: u32) -> Option<u32> {
    let root = (entries as f32).powf(1.0 / dimensions as f32).floor() as u32;
    let within = |root: u32| root.checked_pow(dimensions).is_some_and(|power| power <= entries);
    (within(root) && !within(root + 1)).then_some(root)
}

/// The bits of a packet, least significant first (2.1).
struct Bits<'a> {
    bytes: &'a [u8],
    /// The next bit.
    at: usize,
}

impl Bits<'_> {
    /// The next number of up to 32 bits.
    fn read(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for bit in 0..count {
            let at = self.at + bit as usize;
            value |= u32::from(self.bytes.get(at / 8)? >> (at % 8) & 1) << bit;
        }
        self.at += count as usize;
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.read(1)? == 1)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count)?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }
}
