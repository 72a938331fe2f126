use std::io::{self, Cursor, Read};
use std::sync::Arc;

use proptest::prelude::*;
use stemcheck_core::block::Block;
use stemcheck_decode::{Source, Stream};

use super::*;
use crate::examination::{FileInput, Options};
use crate::report::{Report, Verdict};
use crate::runner::{Library, Runner};
use crate::{demo, profiles};

type Files = Arc<Vec<(String, Vec<u8>)>>;

struct Shelf(Files);

impl Library for Shelf {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        let (_, bytes) = self.0.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(bytes.clone())))
    }
}

fn examined(files: &Files) -> Examination {
    let input = |(name, bytes): &(String, Vec<u8>)| FileInput {
        name: name.clone(),
        bytes: bytes.len() as u64,
    };
    let profile = profiles::built_in("generic").unwrap();
    let options = Options { name: "Song".to_owned(), profile, ..Options::default() };
    let mut examination = Examination::new(files.iter().map(input).collect(), options);
    let mut runner = Runner::new(Box::new(Shelf(Arc::clone(files))));
    while let Some(job) = examination.next_job() {
        examination.complete(runner.run(&job));
    }
    examination
}

/// The same WAV file with a `bext` of version 2 that begins at this frame, and an odd coding history.
fn stamped(wav: &[u8], frame: u64) -> Vec<u8> {
    let mut fields = vec![0x20; 602];
    fields[256..288].copy_from_slice(b"Pro Tools\0                      ");
    fields[338..346].copy_from_slice(&frame.to_le_bytes());
    fields.extend(b"A=PCM\r\n");
    let chunk = [b"bext", &(fields.len() as u32).to_le_bytes()[..], &fields, &[0]].concat();
    let mut stamped = [&wav[..12], &chunk, &wav[12..]].concat();
    let riff = stamped.len() as u32 - 8;
    stamped[4..8].copy_from_slice(&riff.to_le_bytes());
    stamped
}

fn stamps(files: &Files) -> Vec<Option<u64>> {
    let open = |bytes: &Vec<u8>| Source::open(Box::new(Cursor::new(bytes.clone()))).unwrap();
    files.iter().map(|(_, bytes)| open(bytes).facts().tags.time_reference).collect()
}

/// The repaired song.
fn repaired(files: &Files, repairs: &Repairs) -> Files {
    let library = Shelf(Arc::clone(files));
    let bytes = |file: &RepairedFile| match file.change {
        None => files[file.from[0]].1.clone(),
        Some(change) => {
            let mut repaired = Repaired::open(&library, &file.from, change).unwrap();
            let (length, mut bytes) = (repaired.total_bytes(), Vec::new());
            repaired.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes.len() as u64, length);
            bytes
        }
    };
    Arc::new(repairs.files.iter().map(|file| (file.name.clone(), bytes(file))).collect())
}

fn demo_song(faults: &[&str]) -> Files {
    let files = demo::files(faults).unwrap();
    Arc::new(files.into_iter().map(|file| (file.name, file.bytes)).collect())
}

fn codes(report: &Report) -> Vec<(String, Option<String>)> {
    report.songs[0].findings.iter().map(|f| (f.code.clone(), f.file.clone())).collect()
}

#[test]
fn what_whole_samples_can_repair_passes_afterwards() {
    let files = demo_song(&["late-stem", "inverted-polarity", "mixed-lengths"]);
    let before = examined(&files);
    assert_eq!(before.report().verdict, Verdict::Fix);
    let repairs = repairs(&before);
    let done = repairs.done.join("\n");
    assert!(
        done.contains("Bass.wav: cut off at the start, all silence, in samples: 480"),
        "{done}"
    );
    assert!(done.contains("Keys.wav: polarity flipped"), "{done}");
    assert!(done.contains("Guitar.wav: silence after it, in samples: 72,000"), "{done}");
    assert_eq!(repairs.left, [""; 0]);
    let after = examined(&repaired(&files, &repairs)).report();
    assert_ne!(after.verdict, Verdict::Fix, "{:?}", codes(&after));
    for gone in ["late-stem", "inverted-polarity", "mixed-lengths"] {
        assert!(codes(&after).iter().all(|(code, _)| code != gone), "{gone}");
    }
    // Once is enough.
    let again = super::repairs(&examined(&repaired(&files, &repairs)));
    assert_eq!((again.done, again.left), (vec![], vec![]));
}

#[test]
fn a_time_stamp_goes_where_its_audio_goes() {
    let at = |files: &Files, name: &str| files.iter().position(|(it, _)| it == name).unwrap();
    let hour = 3600 * 48_000;
    // Its stamp was right and its audio late: it stays.
    let mut files = (*demo_song(&["late-stem"])).clone();
    for (_, bytes) in &mut files {
        *bytes = stamped(bytes, hour);
    }
    let files: Files = Arc::new(files);
    let repairs = repairs(&examined(&files));
    assert!(!repairs.done.join("\n").contains("time stamp"), "{:?}", repairs.done);
    let fixed = repaired(&files, &repairs);
    assert_eq!(stamps(&fixed), vec![Some(hour); files.len()]);
    let bass = &fixed[at(&fixed, "Bass.wav")].1;
    let text =
        bass.windows(9).any(|it| it == b"Pro Tools") && bass.windows(5).any(|it| it == b"A=PCM");
    assert!(text, "what else was told of the recording");
    assert!(bass[368..432].iter().all(|&byte| byte == 0), "but not the identity of other audio");

    // Its silence was trimmed, and the stamp says so: it moves with the start. The others tell nothing.
    let mut files = (*demo_song(&["late-stem=-48000"])).clone();
    let bass = at(&Arc::new(files.clone()), "Bass.wav");
    files[bass].1 = stamped(&files[bass].1, hour + 48_000);
    let files: Files = Arc::new(files);
    let repairs = super::repairs(&examined(&files));
    let done = repairs.done.join("\n");
    assert!(done.contains("time stamp set to sample 172,800,000"), "{done}");
    assert_eq!(stamps(&repaired(&files, &repairs))[bass], Some(hour));
}

#[test]
fn what_would_make_new_samples_is_left_with_a_reason() {
    let files = demo_song(&["late-stem=96.5", "wrong-gain"]);
    let repairs = repairs(&examined(&files));
    let left = repairs.left.join("\n");
    assert!(left.contains("Bass.wav: it is 96.5"), "{left}");
    assert!(left.contains("a fraction of a sample"), "{left}");
    assert!(left.contains("Guitar.wav: its level is 1.50 dB too high"), "{left}");
    assert_eq!(repairs.done, [""; 0]);
    assert!(repairs.files.iter().all(|file| file.change.is_none()));
    assert_eq!(repaired(&files, &repairs), files);
}

#[test]
fn a_good_song_stays_as_it_is() {
    let files = demo_song(&[]);
    let repairs = repairs(&examined(&files));
    assert!(repairs.is_empty(), "{:?}", repairs.done);
    assert_eq!(repaired(&files, &repairs), files);
}

#[test]
fn two_sides_become_one_file() {
    let mut files = (*demo_song(&[])).clone();
    let at = files.iter().position(|(name, _)| name == "Keys.wav").unwrap();
    let (_, keys) = files.remove(at);
    let mut source = Source::open(Box::new(Cursor::new(keys))).unwrap();
    let mut block = Block::default();
    let frames = source.format().frames;
    source.read(0, frames as usize, &mut block).unwrap();
    for (side, channel) in ["L", "R"].into_iter().zip(&block.channels) {
        let exact = stemcheck_decode::write::Exact::like(source.format(), 1).unwrap();
        let mut bytes = exact.head(frames);
        let mono = Block::from_planar(0, vec![channel.clone()]);
        exact.frames(&[mono], false, &mut bytes).unwrap();
        bytes.resize(exact.bytes(frames) as usize, 0);
        files.push((format!("Keys_{side}.wav"), bytes));
    }
    let files = Arc::new(files);
    let repairs = repairs(&examined(&files));
    assert_eq!(repairs.done, ["Keys.wav: Keys_L.wav and Keys_R.wav become one stereo file"]);
    let joined = repaired(&files, &repairs);
    let mut source = Source::open(Box::new(Cursor::new(joined.last().unwrap().1.clone()))).unwrap();
    let mut again = Block::default();
    source.read(0, frames as usize, &mut again).unwrap();
    assert_eq!(again.channels, block.channels);
    let report = examined(&joined).report();
    assert_ne!(report.verdict, Verdict::Fix, "{:?}", codes(&report));
}

#[test]
fn names_of_two_sides() {
    for (left, right, both) in [
        ("Keys_L.wav", "Keys_R.wav", "Keys.wav"),
        ("Keys.L.wav", "Keys.R.wav", "Keys.wav"),
        ("Left Guitar.wav", "Right Guitar.wav", "Guitar.wav"),
        ("Gtr Left DI.wav", "Gtr Right DI.wav", "Gtr_DI.wav"),
        ("Pad (L).wav", "Pad (R).wav", "Pad.wav"),
    ] {
        assert_eq!(joined_name(left, right), both);
    }
}

proptest! {
    #[test]
    fn every_sample_that_is_kept_is_the_same(
        raw in prop::collection::vec(any::<i16>(), 2..200),
        (bits, float) in prop_oneof![Just((16, false)), Just((24, false)), Just((32, true))],
        later in -60_i64..60,
        longer in 0_u64..50,
        flip in any::<bool>(),
        stamp in any::<Option<u64>>(),
    ) {
        // The most negative number has no opposite: that is refused, and tested elsewhere.
        let samples: Vec<f32> =
            raw.iter().map(|&x| f32::from(x.max(-i16::MAX)) / 32_768.0).collect();
        let format = Format {
            container: "wav".to_owned(), codec: "pcm".to_owned(), sample_rate: 48_000,
            bits, valid_bits: bits, float, channels: 2, frames: 0,
        };
        let exact = stemcheck_decode::write::Exact::like(&format, 2).unwrap();
        let block = Block::from_planar(0, vec![samples.clone(), samples.iter().rev().copied().collect()]);
        let frames = samples.len() as u64;
        let mut bytes = exact.head(frames);
        exact.frames(std::slice::from_ref(&block), false, &mut bytes).unwrap();
        if stamp.is_some() {
            bytes = stamped(&bytes, 7);
        }
        let files: Files = Arc::new(vec![("A.wav".to_owned(), bytes)]);
        let length = frames.saturating_add_signed(later).max(1) + longer;
        let change = Change { later, frames: length, flip, begins_at: stamp };
        let file = RepairedFile { name: "A.wav".to_owned(), from: vec![0], change: Some(change) };
        let repairs = Repairs { files: vec![file], done: vec![], left: vec![] };
        let made = repaired(&files, &repairs);
        let mut source = Source::open(Box::new(Cursor::new(made[0].1.clone()))).unwrap();
        prop_assert_eq!((source.format().frames, source.format().bits), (length, bits));
        prop_assert_eq!((source.facts().tags.time_reference, source.facts().notes), (stamp, vec![]));
        let mut read = Block::default();
        source.read(0, length as usize, &mut read).unwrap();
        for (made, given) in read.channels.iter().zip(&block.channels) {
            for (at, &sample) in made.iter().enumerate() {
                let from = usize::try_from(at as i64 - later).ok();
                let kept = from.and_then(|from| given.get(from)).copied().unwrap_or(0.0);
                prop_assert_eq!(sample, if flip { -kept } else { kept });
            }
        }
    }
}
