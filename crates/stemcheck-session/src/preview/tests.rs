use std::io::{self, Cursor};

use stemcheck_decode::Stream;
use stemcheck_decode::write::{Depth, WavWriter};

use super::*;

const RATE: u32 = 48_000;

/// Files in memory; an empty one cannot be opened.
struct Memory(Vec<Vec<u8>>);

impl Library for Memory {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        match self.0.get(file) {
            Some(bytes) if !bytes.is_empty() => Ok(Box::new(Cursor::new(bytes.clone()))),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

fn wav(channels: Vec<Vec<f32>>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer =
        WavWriter::new(&mut bytes, RATE, channels.len() as u16, Depth::Float32).unwrap();
    writer.write(&Block::from_planar(0, channels)).unwrap();
    writer.finish().unwrap();
    bytes.into_inner()
}

/// A number that says which frame it is.
fn mark(frame: u64) -> f32 {
    (frame + 1) as f32 / 65_536.0
}

fn marks(frames: u64) -> Vec<f32> {
    (0..frames).map(mark).collect()
}

/// A mono stem of 3000 frames, a shorter stereo stem, a reference of 2500.
fn library() -> Memory {
    let short: Vec<f32> = marks(1000).iter().map(|x| -x / 4.0).collect();
    Memory(vec![wav(vec![marks(3000)]), wav(vec![short; 2]), wav(vec![marks(2500); 2])])
}

fn plan(stems: &[usize], reference: Option<usize>) -> NullPlan {
    NullPlan { stems: stems.to_vec(), reference, sample_rate: RATE }
}

/// Everything from the play position to the end: the left side of each bus.
fn play(preview: &mut Preview) -> [Vec<f32>; 4] {
    let mut all: [Vec<f32>; 4] = std::array::from_fn(|_| Vec::new());
    let mut out = std::array::from_fn(|_| Block::default());
    loop {
        let start = preview.position();
        let frames = preview.render(&mut out);
        for (all, block) in all.iter_mut().zip(&out) {
            assert_eq!((block.start, block.channels.len(), block.frames()), (start, 2, frames));
            all.extend(&block.channels[0]);
        }
        if frames == 0 {
            return all;
        }
    }
}

#[test]
fn plays_every_frame_once_from_the_first_to_the_last() {
    let mut preview = Preview::new(&library(), &plan(&[0, 1], Some(2)), 256);
    let [stems, reference, difference, master] = play(&mut preview);
    assert_eq!(preview.frames(), 3000);
    for frame in 0..3000 {
        let i = frame as usize;
        let short = if frame < 1000 { mark(frame) / 4.0 } else { 0.0 };
        let mix = if frame < 2500 { mark(frame) } else { 0.0 };
        assert_eq!(stems[i], mark(frame) - short, "{frame}");
        assert_eq!(reference[i], mix);
        assert_eq!(difference[i], mark(frame) - short - mix);
    }
    assert_eq!([stems, reference, difference, master].map(|bus| bus.len()), [3000; 4]);
}

#[test]
fn what_is_heard_first_is_what_was_sought() {
    let mut preview = Preview::new(&library(), &plan(&[0], Some(2)), 50);
    play(&mut preview);
    for frame in [1234, 0, 2999] {
        preview.seek(frame);
        let [stems, ..] = play(&mut preview);
        assert_eq!(stems, marks(3000)[frame as usize..]);
    }
    preview.seek(u64::MAX);
    assert!(play(&mut preview)[0].is_empty());
}

#[test]
fn block_sizes_do_not_matter() {
    let playing = |max_frames| {
        let mut preview = Preview::new(&library(), &plan(&[0, 1], Some(2)), max_frames);
        let mut mix = Mix::unity(2);
        mix.chain.drive_db = 9.0;
        preview.set(&mix);
        preview.seek(77);
        play(&mut preview)
    };
    let whole = playing(5000);
    for max_frames in [1, 128, 333] {
        assert_eq!(playing(max_frames), whole);
    }
}

#[test]
fn unreadable_files_are_silent() {
    let mut library = library();
    library.0[1] = b"RIFF, but not really".to_vec();
    library.0[2] = Vec::new();
    let mut preview = Preview::new(&library, &plan(&[0, 1, 7], Some(2)), 256);
    let [stems, reference, ..] = play(&mut preview);
    assert_eq!(stems, marks(3000));
    assert_eq!(reference, [0.0; 3000]);
    let mut nothing = Preview::new(&library, &plan(&[], None), 256);
    assert_eq!((nothing.frames(), play(&mut nothing)[3].len()), (0, 0));
}

#[test]
fn exports_what_is_played() {
    let mut preview = Preview::new(&library(), &plan(&[0, 1], Some(2)), 256);
    let mut mix = Mix::unity(2);
    mix.chain.drive_db = 9.0;
    preview.set(&mix);
    preview.seek(700);
    let played = play(&mut preview);
    for bus in Bus::ALL {
        let mut exported: Vec<f32> = Vec::new();
        let mut sink = |block: &mut Block| {
            assert_eq!(block.start, 700 + exported.len() as u64);
            exported.extend(&block.channels[0]);
            Ok::<_, ()>(())
        };
        preview.export(bus, 700..1300, &mut sink).unwrap();
        assert_eq!(exported, played[bus as usize][..600]);
    }
    let full = preview.export(Bus::Stems, 0..u64::MAX, |block| Err(block.frames()));
    assert_eq!(full, Err(256), "an error of the sink ends it");
}
