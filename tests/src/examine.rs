//! Drives an examination over files in memory, one job at a time.

use std::io::{self, Cursor};
use std::sync::Arc;

use stemcheck_core::synth::dsp::Noise;
use stemcheck_decode::Stream;
use stemcheck_session::delivery::{Arrival, Packed};
use stemcheck_session::hash::sha256;
use stemcheck_session::{
    Examination, FileInput, Job, Library, Options, Runner, profiles, tracklist,
};

use crate::scene::Scene;
use crate::studio::MemoryFile;

/// In which order jobs are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they are handed out.
    InTurn,
    /// All that are to be had are taken and done by so many runners in a shuffled order, as when
    /// workers race.
    Shuffled {
        /// Which shuffle.
        seed: u64,
        /// How many runners, at least one.
        runners: usize,
    },
}

/// What the song asks of the examination.
///
/// # Errors
/// If it names a profile that there is not.
pub fn options(scene: &Scene, files: &[MemoryFile]) -> Result<Options, String> {
    let profile = profiles::built_in(&scene.song.profile)
        .ok_or_else(|| format!("no profile is called {:?}", scene.song.profile))?;
    let (name, no_null) = (scene.title.clone(), scene.song.no_null);
    let titles = Some(scene.song.tracklist.as_slice()).filter(|titles| !titles.is_empty());
    let album = tracklist::albums(&scene.song.album, titles).into_iter().next();
    let arrival = scene.song.packed.as_ref().and_then(|changed| arrival(files, changed));
    Ok(Options { name, profile, no_null, album, arrival, ..Options::default() })
}

/// How files arrive of which some were changed on their way.
fn arrival(files: &[MemoryFile], changed: &[String]) -> Option<Arrival> {
    let hashes: Vec<String> = files.iter().map(|file| sha256(&file.bytes)).collect();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let line = |(name, hash): (&&str, &String)| {
        let packed =
            if changed.iter().any(|it| it == name) { sha256(b"before") } else { hash.clone() };
        format!("{packed}  {name}\n")
    };
    let sums: Vec<String> = names.iter().zip(&hashes).map(line).collect();
    let hashes: Vec<Option<String>> = hashes.into_iter().map(Some).collect();
    Some(Packed::parse(&sums.concat(), None)?.arrival(&names, &hashes, &[]))
}

/// Examines files to the end.
///
/// # Errors
/// A sentence, if the examination stalls: no job to hand out, and yet not done.
pub fn examine(
    files: &[MemoryFile],
    options: Options,
    order: Order,
) -> Result<Examination, String> {
    let inputs = files
        .iter()
        .map(|file| FileInput { name: file.name.clone(), bytes: file.bytes.len() as u64 })
        .collect();
    let mut examination = Examination::new(inputs, options);
    let shelf: Arc<[MemoryFile]> = files.into();
    let count = if let Order::Shuffled { runners, .. } = order { runners.max(1) } else { 1 };
    let mut runners: Vec<Runner> = (0..count).map(|_| runner(&shelf)).collect();
    match order {
        Order::InTurn => {
            while let Some(job) = examination.next_job() {
                examination.complete(runners[0].run(&job));
            }
        }
        Order::Shuffled { seed, .. } => {
            let mut dice = Noise::new(seed);
            let mut waiting: Vec<Job> = Vec::new();
            loop {
                waiting.extend(std::iter::from_fn(|| examination.next_job()));
                if waiting.is_empty() {
                    break;
                }
                let job = waiting.swap_remove(pick(&mut dice, waiting.len()));
                let runner = pick(&mut dice, count);
                examination.complete(runners[runner].run(&job));
            }
        }
    }
    if examination.is_done() {
        Ok(examination)
    } else {
        Err(format!("no job is left at {:.0} %", 100.0 * examination.progress()))
    }
}

/// A runner over files in memory.
pub fn runner(files: &Arc<[MemoryFile]>) -> Runner {
    Runner::new(Box::new(Shelf(Arc::clone(files))))
}

fn pick(dice: &mut Noise, count: usize) -> usize {
    ((dice.sample().abs() * count as f32) as usize).min(count - 1)
}

/// Files in memory, for a runner.
struct Shelf(Arc<[MemoryFile]>);

impl Library for Shelf {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        let file = self.0.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(Arc::clone(&file.bytes))))
    }
}
