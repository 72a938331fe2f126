//! What has to hold for any bytes whatever. The fuzz targets call it too.

use std::io::Cursor;

use stemcheck_core::block::Block;
use stemcheck_decode::{Source, limits};

/// Frames that are read of one file at most: a few bytes of a compressed one may stand for hours.
const MOST_FRAMES: u64 = 1 << 18;
/// Lengths of pieces, in frames: nothing's multiple.
const PIECES: [usize; 6] = [1, 3, 17, 251, 4_093, 1_021];

/// Opens the bytes and reads everything in odd pieces, then here and there once more: true to the
/// bytes, the same samples each time, or refused with a text.
pub fn exercise(bytes: &[u8]) {
    let mut source = match Source::open(Box::new(Cursor::new(bytes.to_vec()))) {
        Ok(source) => source,
        Err(why) => {
            let text = format!("{why:?}");
            assert!(text.len() < 1000, "a refusal is a sentence: {text}");
            return;
        }
    };
    let facts = source.facts();
    let format = source.format().clone();
    assert_eq!(facts.format.as_ref(), Ok(&format));
    assert!(facts.notes.len() < 32, "{:?}", facts.notes);
    let texts = facts.tags.originator.iter().chain(&facts.tags.title);
    assert!(texts.clone().all(|text| text.chars().count() <= limits::TEXT_CHARS));
    assert!(texts.clone().all(|text| !text.contains(char::is_control)));
    assert!((1..=limits::MAX_CHANNELS).contains(&format.channels));
    assert!(limits::SAMPLE_RATES.contains(&format.sample_rate));
    // A lossy file has no bits.
    let least = u16::from(!format.is_lossy());
    assert!((least..=format.bits).contains(&format.valid_bits), "{format:?}");
    if format.codec == "pcm" {
        let frame_bytes = u64::from(format.channels) * u64::from(format.bits / 8);
        assert!(format.frames.saturating_mul(frame_bytes) <= bytes.len() as u64, "{format:?}");
    }

    let channels = usize::from(format.channels);
    let mut whole = vec![Vec::new(); channels];
    let mut block = Block::default();
    let (mut at, mut pieces) = (0, PIECES.iter().cycle());
    while at < format.frames.min(MOST_FRAMES) {
        let piece = pieces.next().map_or(1, |piece| *piece);
        // What is damaged further in may be refused there.
        let Ok(()) = source.read(at, piece, &mut block) else { break };
        assert_eq!((block.start, block.channels.len()), (at, channels));
        assert_eq!(block.frames() as u64, (format.frames - at).min(piece as u64));
        for (channel, whole) in whole.iter_mut().enumerate() {
            whole.extend((0..block.frames()).map(|i| block.sample(channel, i).to_bits()));
        }
        at += block.frames() as u64;
    }

    let read = at as usize;
    for start in [read / 2, read.saturating_sub(1), read / 7, 0] {
        let frames = (read - start).min(257);
        if source.read(start as u64, frames, &mut block).is_err() {
            continue;
        }
        assert_eq!(block.frames(), frames);
        for (channel, whole) in whole.iter().enumerate() {
            let again = (0..frames).map(|i| block.sample(channel, i).to_bits());
            assert!(again.eq(whole[start..start + frames].iter().copied()), "from frame {start}");
        }
    }
    for beyond in [format.frames, format.frames.saturating_add(1), u64::MAX] {
        if source.read(beyond, 9, &mut block).is_ok() {
            assert_eq!(block.frames(), 0);
        }
    }
}
