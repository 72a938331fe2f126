use std::io::{self, Cursor};
use std::sync::OnceLock;

use stemcheck_core::measure::Programme;
use stemcheck_core::preview::Chain;
use stemcheck_decode::write::{Depth, WavWriter};

use super::*;
use crate::{Examination, FileInput, Options, Runner};
use stemcheck_core::units::db_from_power;

const RATE: u32 = 48_000;

/// Files in memory; an empty one cannot be opened.
struct Memory(Vec<Vec<u8>>);

impl Library for Memory {
    fn open(&self, file: usize) -> io::Result<Box<dyn stemcheck_decode::Stream>> {
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
    NullPlan { stems: stems.to_vec(), reference, second: None, sample_rate: RATE }
}

/// Everything from the play position to the end: the left side of each bus.
fn play(preview: &mut Preview) -> [Vec<f32>; Bus::COUNT] {
    let mut all: [Vec<f32>; Bus::COUNT] = std::array::from_fn(|_| Vec::new());
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
    let [stems, reference, difference, master, _] = play(&mut preview);
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

/// Noise bursts on the beat, louder in the second half: loudness of about -20 LUFS.
fn drums(seconds: u64, gain: f32) -> Vec<f32> {
    let frames = seconds * u64::from(RATE);
    let mut state = 1u32;
    (0..frames)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / (1u32 << 23) as f32 - 1.0;
            let beat = (i % 24_000) as f32 / 6_000.0;
            let loud = if i * 2 > frames { 1.0 } else { 0.5 };
            0.4 * gain * loud * noise * (-beat).exp()
        })
        .collect()
}

fn integrated_lufs(samples: &[f32]) -> f64 {
    let mut programme = Programme::new(RATE);
    programme.push(&Block::from_planar(0, vec![samples.to_vec(); 2]));
    programme.integrated_lufs().unwrap()
}

#[test]
fn calibration_reaches_the_target_and_makes_the_buses_equally_loud() {
    // The reference is 6 dB louder than the stems.
    let library = Memory(vec![wav(vec![drums(40, 1.0)]), wav(vec![drums(40, 2.0); 2])]);
    let mut preview = Preview::new(&library, &plan(&[0], Some(1)), 4096);
    preview.seek(1000);
    let found = preview.calibration(&Mix::unity(1));
    assert_eq!(found, preview.calibration(&found.mix), "it does not depend on what was set before");
    assert_eq!(preview.position(), 1000);
    assert_eq!(found.held_back, [false; 2]);
    let [stems, reference, ..] = found.lufs.map(Option::unwrap_or_default);
    assert!((reference - stems - 6.02).abs() < 0.01);
    assert_eq!(found.mix.match_db[0], 0.0, "the quietest stays as it is");
    assert_eq!(found.mix.match_db[1], -6.02);
    assert_eq!(found.mix.match_db[2], 0.0, "the difference goes with the stems");
    assert!((found.mix.chain.drive_db - found.mix.chain.reference_drive_db - 6.02).abs() < 0.1);
}

#[test]
fn the_whole_song_is_equally_loud_within_a_tenth_whatever_its_sections() {
    // Loud for a moment between two stretches, which they do not hear.
    let mut uneven = drums(40, 0.5);
    uneven[72_000..192_000].iter_mut().for_each(|x| *x *= 3.0);
    let library = Memory(vec![wav(vec![uneven]), wav(vec![drums(40, 0.9); 2])]);
    let mut preview = Preview::new(&library, &plan(&[0], Some(1)), 4096);
    let chain = Chain::preset("album").unwrap();
    let first = preview.calibration(&Mix { chain: chain.clone(), ..Mix::unity(1) });
    let found = preview.whole_calibration(&first);
    preview.set(&found.mix);
    preview.seek(0);
    let heard = play(&mut preview).map(|bus| integrated_lufs(&bus));
    for (bus, held_back) in [Bus::Master, Bus::ReferenceMaster].into_iter().zip(found.held_back) {
        let off = heard[bus as usize] - found.mix.match_db[bus as usize] - chain.target_lufs;
        assert!(off < 0.2 && (held_back || off > -0.2), "{bus:?}: {off} LU from the target");
    }
    for bus in [Bus::Reference, Bus::Master, Bus::ReferenceMaster] {
        let off = heard[bus as usize] - heard[Bus::Stems as usize];
        assert!(off.abs() < 0.1, "{bus:?}: {off} LU from the stems");
    }
}

#[test]
fn calibration_says_when_the_target_is_out_of_reach() {
    let library = Memory(vec![wav(vec![drums(5, 0.05)])]);
    let mut preview = Preview::new(&library, &plan(&[0], None), 4096);
    let far = preview.calibration(&Mix::unity(1));
    assert_eq!(far.held_back, [true, false]);
    assert_eq!(far.mix.chain.drive_db, Chain::MAX_DRIVE_DB);

    let mut muted = Mix::unity(1);
    muted.faders[0].mute = true;
    let silent = preview.calibration(&muted);
    assert_eq!((silent.lufs, silent.held_back), ([None; 5], [false; 2]));
    assert_eq!(silent.mix, muted);

    let spiky = Memory(vec![wav(vec![
        (0..96_000).map(|i| if i % 4800 < 5 { 0.9 } else { 0.0 }).collect(),
    ])]);
    let mut preview = Preview::new(&spiky, &plan(&[0], None), 4096);
    let limited = preview.calibration(&Mix::unity(1));
    assert!(limited.held_back[0]);
    assert!(limited.mix.chain.drive_db < 7.0, "limiting is capped: {limited:?}");
}

/// The demo song with faults that can be undone, examined: its files, the plan and the recipe.
fn faulty_demo() -> &'static (Memory, NullPlan, Recipe) {
    static DEMO: OnceLock<(Memory, NullPlan, Recipe)> = OnceLock::new();
    DEMO.get_or_init(examined_demo)
}

fn examined_demo() -> (Memory, NullPlan, Recipe) {
    let files = crate::demo::files(&["late-stem", "wrong-gain"]).unwrap();
    let inputs = files
        .iter()
        .map(|file| FileInput { name: file.name.clone(), bytes: file.bytes.len() as u64 });
    let options = Options { null_alone: true, ..Options::default() };
    let mut examination = Examination::new(inputs.collect(), options);
    let bytes: Vec<Vec<u8>> = files.into_iter().map(|file| file.bytes).collect();
    let mut runner = Runner::new(Box::new(Memory(bytes.clone())));
    while let Some(job) = examination.next_job() {
        examination.complete(runner.run(&job));
    }
    let recipe = examination.recipe().expect("faults that can be undone").clone();
    (Memory(bytes), examination.plan().unwrap().clone(), recipe)
}

fn level_db(samples: &[f32]) -> f64 {
    let energy: f64 = samples.iter().map(|&x| f64::from(x).powi(2)).sum();
    db_from_power(energy / samples.len() as f64)
}

#[test]
fn with_the_fixes_the_difference_of_the_faulty_demo_is_silent() {
    let (library, plan, recipe) = faulty_demo();
    let mut preview = Preview::new(library, plan, 1000);
    let [stems, reference, difference, ..] = play(&mut preview);
    assert!(level_db(&difference) > -60.0, "{}", level_db(&difference));
    preview.fix(Some(recipe));
    preview.seek(0);
    let [fixed, mix, silence, ..] = play(&mut preview);
    assert!(level_db(&silence) < -90.0, "{}", level_db(&silence));
    assert!(level_db(&fixed) > -60.0 && fixed != stems);
    assert_eq!(mix, reference, "what needs no fix stays as it is");
    preview.fix(None);
    preview.seek(0);
    assert_eq!(play(&mut preview)[Bus::Difference as usize], difference);
}

#[test]
fn fixes_do_not_depend_on_block_sizes_and_come_in_while_it_plays() {
    let (library, plan, recipe) = faulty_demo();
    let playing = |max_frames| {
        let mut preview = Preview::new(library, plan, max_frames);
        preview.fix(Some(recipe));
        preview.seek(200_001);
        let mut out = std::array::from_fn(|_| Block::default());
        let mut heard: Vec<f32> = Vec::new();
        while heard.len() < 10_000 {
            preview.render(&mut out);
            heard.extend(&out[Bus::Stems as usize].channels[0]);
        }
        heard.truncate(10_000);
        heard
    };
    assert_eq!(playing(128), playing(5000));

    let mut preview = Preview::new(library, plan, 960);
    preview.seek(200_000);
    let mut out = std::array::from_fn(|_| Block::default());
    let mut heard: Vec<f32> = Vec::new();
    for block in 0..20 {
        if block == 10 {
            preview.fix(Some(recipe));
        }
        preview.render(&mut out);
        heard.extend(&out[Bus::Difference as usize].channels[0]);
    }
    assert_eq!(preview.position(), 200_000 + 20 * 960, "the position is kept");
    assert!(level_db(&heard[..9600]) > -60.0 && level_db(&heard[12_000..]) < -90.0);
    // The way from one to the other is no step.
    let largest = |samples: &[f32]| {
        samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    };
    assert!(largest(&heard[9000..12_000]) <= 1.5 * largest(&heard[..9600]));
}

/// A block's left side of each bus.
type Heard = [Vec<f32>; Bus::COUNT];

fn next(preview: &mut Preview) -> Heard {
    let mut out = std::array::from_fn(|_| Block::default());
    preview.render(&mut out);
    out.map(|mut block| block.channels.swap_remove(0))
}

#[test]
fn going_back_renders_the_same_again_and_what_was_set_since_from_there_on() {
    let (library, plan, recipe) = faulty_demo();
    let mut preview = Preview::new(library, plan, 960);
    let driven = |drive_db| Mix {
        chain: Chain { drive_db, ..Chain::default() },
        ..Mix::unity(plan.stems.len())
    };
    preview.set(&driven(6.0));
    preview.seek(200_000);
    let before: Vec<Heard> = (0..4).map(|_| next(&mut preview)).collect();
    let moment = preview.moment();
    let played: Vec<Heard> = (0..4).map(|_| next(&mut preview)).collect();
    preview.go_back(moment.clone());
    assert_eq!(preview.position(), 200_000 + 4 * 960);
    assert!((0..4).map(|_| next(&mut preview)).eq(played.iter().cloned()), "to the last bit");

    // Another drive is heard from there on, without a step.
    preview.set(&driven(0.0));
    preview.go_back(moment.clone());
    let quieter = next(&mut preview);
    let bus = Bus::Master as usize;
    assert_eq!(quieter[Bus::Stems as usize], played[0][Bus::Stems as usize]);
    assert!(level_db(&quieter[bus][480..]) < level_db(&played[0][bus][480..]) - 2.0);
    let step = (quieter[bus][0] - before[3][bus][959]).abs();
    let largest = played[0][bus].windows(2).map(|pair| (pair[1] - pair[0]).abs());
    assert!(step <= 1.5 * largest.fold(0.0, f32::max), "{step}");

    // So are the fixes, even if they have been heard already by then.
    preview.set(&driven(6.0));
    preview.fix(Some(recipe));
    next(&mut preview);
    preview.go_back(moment.clone());
    let fixed = next(&mut preview);
    let bus = Bus::Difference as usize;
    let begins = |heard: &Heard| f64::from((heard[bus][0] - played[0][bus][0]).abs());
    assert!(begins(&fixed) < 1e-3, "they are faded in: {}", begins(&fixed));
    assert!(level_db(&fixed[bus][900..]) < level_db(&played[0][bus][900..]) - 20.0);
    preview.fix(None);
    preview.go_back(moment);
    assert_eq!(next(&mut preview), played[0], "there is nothing to fade");
}
