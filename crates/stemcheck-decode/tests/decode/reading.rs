//! Any blocks in any order are the same samples; reading on does not seek.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use proptest::prelude::*;
use stemcheck_core::block::Block;
use stemcheck_core::song::Unreadable;
use stemcheck_decode::Source;

use crate::files::{PCM, noise, open, samples, wav};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn blocks_of_any_size_in_any_order(
        bits in prop::sample::select(vec![8_u16, 16, 24, 32]),
        channels in 1_u16..=8,
        reads in prop::collection::vec((0_u64..1200, 0_usize..700), 1..12),
    ) {
        let file = wav(PCM, channels, 48_000, bits, &noise(usize::from(channels * bits / 8) * 1000));
        let mut source = open(&file).unwrap();
        let whole = samples(&mut source);
        let mut block = Block::default();
        for (start, frames) in reads {
            source.read(start, frames, &mut block).unwrap();
            let from = (start as usize).min(1000);
            let to = (from + frames).min(1000);
            prop_assert_eq!(block.start, start);
            prop_assert_eq!(block.channels.len(), usize::from(channels));
            prop_assert_eq!(block.frames(), to - from);
            for (c, channel) in whole.iter().enumerate() {
                for (i, expected) in channel[from..to].iter().enumerate() {
                    prop_assert_eq!(block.sample(c, i), *expected);
                }
            }
        }
    }
}

#[test]
fn blocks_larger_than_the_buffer() {
    let file = wav(PCM, 3, 48_000, 24, &noise(9 * 100_000));
    let mut source = open(&file).unwrap();
    let whole = samples(&mut source);
    let mut block = Block::default();
    for frame in [0, 29_126, 29_127, 58_254, 99_999] {
        source.read(frame, 1, &mut block).unwrap();
        for (c, channel) in whole.iter().enumerate() {
            assert_eq!(block.sample(c, 0), channel[frame as usize]);
        }
    }
}

/// Counts seeks, and fails when it is told to.
struct Watched {
    inner: Cursor<Vec<u8>>,
    seeks: Rc<Cell<usize>>,
    broken: Rc<Cell<bool>>,
}

impl Read for Watched {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.broken.get() {
            return Err(io::Error::other("the disk was pulled out"));
        }
        self.inner.read(bytes)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seeks.set(self.seeks.get() + 1);
        self.inner.seek(to)
    }
}

fn watched() -> (Source, Rc<Cell<usize>>, Rc<Cell<bool>>) {
    let (seeks, broken) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let inner = Cursor::new(wav(PCM, 2, 48_000, 16, &noise(4000)));
    let stream = Watched { inner, seeks: Rc::clone(&seeks), broken: Rc::clone(&broken) };
    (Source::open(Box::new(stream)).unwrap(), seeks, broken)
}

#[test]
fn reading_on_does_not_seek() {
    let (mut source, seeks, _) = watched();
    let mut block = Block::default();
    source.read(0, 100, &mut block).unwrap();
    let before = seeks.get();
    for start in (100..1000).step_by(100) {
        source.read(start, 100, &mut block).unwrap();
    }
    assert_eq!(seeks.get(), before);
    source.read(500, 100, &mut block).unwrap();
    assert_eq!(seeks.get(), before + 1);
}

#[test]
fn a_disk_that_fails_is_told_and_may_come_back() {
    let (mut source, _, broken) = watched();
    let mut block = Block::default();
    source.read(0, 100, &mut block).unwrap();
    let first = block.clone();
    broken.set(true);
    let Err(Unreadable::Damaged(text)) = source.read(100, 100, &mut block) else {
        panic!("must fail");
    };
    assert_eq!(text, "400 bytes could not be read (at byte 444): the disk was pulled out");
    broken.set(false);
    source.read(0, 100, &mut block).unwrap();
    assert_eq!(block, first);
}
