//! One stage at a time, on one core, on 30 s of music at 48 kHz and 24 bits: reading, decoding, each
//! meter, the sum, what the null test gathers.

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use cpu_time::ThreadTime;
use serde_json::json;
use stemcheck_core::block::Block;
use stemcheck_core::measure::{FileMeter, METERS, Stream, Word};
use stemcheck_core::null::{self, NullMeter};
use stemcheck_decode::Source;

use super::song;

const RATE: u32 = 48_000;
const SECONDS: u32 = 30;
/// As many as the song of the whole check has.
const STEMS: usize = 8;
/// Frames of a block: those of a runner.
const BLOCK: usize = 16_384;
/// The quickest of so many rounds counts: what disturbs a machine only ever makes it slower.
const ROUNDS: usize = 7;

/// A song in blocks: `blocks[file][i]`, the reference last.
type Blocks = Vec<Vec<Block>>;

/// Times every stage and prints the list as JSON.
pub fn run(folder: &Path) -> Result<(), String> {
    song::write(folder, STEMS, SECONDS, RATE, song::Wrong::Nothing)?;
    let files = song::files(folder, STEMS);
    let mut bytes = Vec::new();
    for file in &files {
        bytes.push(std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    let blocks: Blocks = bytes.iter().map(|bytes| decoded(bytes)).collect::<Result<_, _>>()?;
    let frames = u64::from(RATE * SECONDS);
    let all = frames * files.len() as u64;

    let mut stages = Vec::new();
    let mut stage = |name: &str, frames: u64, mut work: Box<dyn FnMut() + '_>| {
        let seconds = quickest(&mut work);
        let rate = frames as f64 / seconds;
        let stage = json!({
            "stage": name, "frames_per_s": rate, "real_time": rate / f64::from(RATE),
        });
        stages.push(stage);
    };

    stage(
        "read",
        all,
        Box::new(|| files.iter().for_each(|file| drop(black_box(std::fs::read(file))))),
    );
    stage(
        "decode",
        all,
        Box::new(|| bytes.iter().for_each(|bytes| drop(black_box(decoded(bytes))))),
    );
    for meter in METERS {
        let name = format!("meter: {}", meter.name);
        stage(&name, all, Box::new(|| measure(&blocks, |m, block| m.push_one(meter, block))));
    }
    stage("all meters", all, Box::new(|| measure(&blocks, FileMeter::push)));
    stage("sum and residual", all, Box::new(|| summed(&blocks, |_, _, _| {})));
    let gather = || {
        let mut meter = NullMeter::new(RATE, STEMS, 0);
        summed(&blocks, |stems, reference, residual| meter.push(stems, reference, residual));
        black_box(meter.finish());
    };
    stage("sum, residual and null meter", all, Box::new(gather));
    println!("{}", json!(stages));
    Ok(())
}

/// Seconds of CPU that the quickest of [`ROUNDS`] takes.
fn quickest(work: &mut dyn FnMut()) -> f64 {
    let round = |_| {
        let started = ThreadTime::now();
        work();
        started.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn decoded(bytes: &[u8]) -> Result<Vec<Block>, String> {
    let say = |error| format!("{error:?}");
    let mut source = Source::open(Box::new(Cursor::new(bytes.to_vec()))).map_err(say)?;
    let frames = source.format().frames;
    (0..frames)
        .step_by(BLOCK)
        .map(|start| {
            let mut block = Block::default();
            source.read(start, BLOCK, &mut block).map_err(say)?;
            Ok(block)
        })
        .collect()
}

fn measure(files: &Blocks, push: impl Fn(&mut FileMeter, &Block)) {
    for blocks in files {
        let stream = Stream { sample_rate: RATE, channels: 2, word: Word::Int(24) };
        let mut meter = FileMeter::new(stream, 0);
        for block in blocks {
            push(&mut meter, block);
        }
        black_box(meter.finish());
    }
}

/// Sums the stems block by block and hands on what is there then.
fn summed(files: &Blocks, mut then: impl FnMut(&[&Block], &Block, &Block)) {
    let Some((reference, stems)) = files.split_last() else { return };
    let (mut sum, mut residual) = (Block::default(), Block::default());
    for (i, reference) in reference.iter().enumerate() {
        let stems: Vec<&Block> = stems.iter().filter_map(|blocks| blocks.get(i)).collect();
        let (start, frames) = (reference.start, reference.frames());
        null::sum(&stems, Some(reference), start, frames, &mut sum, &mut residual);
        then(&stems, reference, black_box(&residual));
    }
}
