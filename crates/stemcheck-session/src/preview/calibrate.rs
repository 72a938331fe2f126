//! How much gain the chain needs, and what makes the buses equally loud.
//!
//! Measures a few stretches spread evenly over the song, not all of it: the files are read once, the
//! chain runs over their sum up to four times. Quiet stretches count as little as they do in the
//! whole song, by the gates of ITU-R BS.1770-5. Settles nothing by ear: drive and limiting are
//! capped, and it says when the target is out of reach.

use stemcheck_core::block::Block;
use stemcheck_core::measure::{FileMeter, Stream, Word};
use stemcheck_core::preview::{Bus, Chain, Mix, Renderer};

use super::{Preview, Tracks};

/// How many stretches are measured.
const STRETCHES: u64 = 16;
/// Length of a stretch: 1.25 s at 48 kHz, all of them 20 s. Counted in frames, for that is what they
/// cost: less than a second of work in a browser.
const STRETCH_FRAMES: u64 = 60_000;
/// Frames rendered at a time.
const BLOCK_FRAMES: usize = 4096;
/// The target is met within so many LU.
const TOLERANCE_LU: f64 = 0.2;
/// How often the chain is run at most: the limiter makes the first guess fall short.
const ROUNDS: usize = 4;

/// What [`Preview::calibration`] worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The mix given, with the chain's drive and the matching gains filled in.
    pub mix: Mix,
    /// Loudness of the stems at these faders in LUFS; `None` if they are silent.
    pub stems_lufs: Option<f64>,
    /// Loudness of the reference in LUFS; `None` if there is none, or if it is silent.
    pub reference_lufs: Option<f64>,
    /// Loudness of the rough master in LUFS, before matching.
    pub master_lufs: Option<f64>,
    /// Whether the master stays quieter than its target, because more would need more than
    /// [`Chain::MAX_DRIVE_DB`] of gain or [`Chain::MAX_LIMITING_DB`] of limiting.
    pub held_back: bool,
}

impl Preview {
    /// Works out the chain's drive to reach its target loudness, and the gains that make the four
    /// buses equally loud (the louder is turned down; the difference is never turned up), by
    /// rendering a few stretches of the song.
    ///
    /// The settings in use and the play position stay as they are.
    pub fn calibrate(&mut self, mix: &Mix) -> Mix {
        self.calibration(mix).mix
    }

    /// Like [`Self::calibrate`], and says what was measured.
    pub fn calibration(&mut self, mix: &Mix) -> Calibration {
        let mut mix = Mix { match_db: [0.0; 4], ..mix.clone() };
        let (sum, stems_lufs, reference_lufs) = listen(&mut self.tracks, &mix);
        let target = mix.chain.target_lufs;
        let (mut master_lufs, mut held_back) = (None, false);
        if let Some(stems_lufs) = stems_lufs {
            let mut drive_db = (target - stems_lufs).min(Chain::MAX_DRIVE_DB);
            for _ in 0..ROUNDS {
                mix.chain.drive_db = rounded(drive_db);
                let (lufs, limiting_db) = master(&sum, self.tracks.sample_rate, &mix.chain);
                master_lufs = lufs;
                let wanted_db = drive_db + lufs.map_or(0.0, |lufs| target - lufs);
                drive_db = wanted_db
                    .min(Chain::MAX_DRIVE_DB)
                    .min(drive_db + Chain::MAX_LIMITING_DB - limiting_db);
                held_back = wanted_db - drive_db > TOLERANCE_LU;
                if (drive_db - mix.chain.drive_db).abs() <= TOLERANCE_LU {
                    break;
                }
            }
        }
        let measured = [stems_lufs, reference_lufs, master_lufs];
        let quietest = measured.into_iter().flatten().fold(f64::INFINITY, f64::min);
        let down_db = |lufs: Option<f64>| lufs.map_or(0.0, |lufs| rounded(quietest - lufs));
        mix.match_db = [stems_lufs, reference_lufs, stems_lufs, master_lufs].map(down_db);
        Calibration { mix, stems_lufs, reference_lufs, master_lufs, held_back }
    }
}

/// Reads the stretches: the sum of the stems at their faders, its loudness and the reference's.
fn listen(tracks: &mut Tracks, mix: &Mix) -> (Vec<Block>, Option<f64>, Option<f64>) {
    let rate = tracks.sample_rate;
    let mut renderer = Renderer::new(rate, tracks.stems.len(), BLOCK_FRAMES);
    // Only the sum is wanted here: a chain that does nothing costs nothing.
    let idle = Chain { name: "none".to_owned(), drive_db: f64::NEG_INFINITY, ..mix.chain.clone() };
    renderer.set(&Mix { chain: idle, ..mix.clone() });
    let (mut stems, mut reference) = (loudness_meter(rate), loudness_meter(rate));
    let mut sum = Vec::new();
    let mut out = std::array::from_fn(|_| Block::default());
    for (start, end) in stretches(tracks.frames) {
        let mut at = start;
        while at < end {
            let frames = (end - at).min(BLOCK_FRAMES as u64) as usize;
            tracks.read(at, frames);
            renderer.process(&tracks.stems, tracks.reference.as_ref(), &mut out);
            at += frames as u64;
            stems.push(&out[Bus::Stems as usize]);
            reference.push(&out[Bus::Reference as usize]);
            sum.push(std::mem::take(&mut out[Bus::Stems as usize]));
        }
    }
    (sum, integrated_lufs(stems), integrated_lufs(reference))
}

/// Where to listen: first frame and the one after the last of each stretch.
fn stretches(frames: u64) -> Vec<(u64, u64)> {
    if frames <= STRETCHES * STRETCH_FRAMES {
        return vec![(0, frames)];
    }
    (0..STRETCHES)
        .map(|i| (frames - STRETCH_FRAMES) * i / (STRETCHES - 1))
        .map(|start| (start, start + STRETCH_FRAMES))
        .collect()
}

/// Loudness and largest limiting in dB of the sum through the chain.
fn master(sum: &[Block], sample_rate: u32, chain: &Chain) -> (Option<f64>, f64) {
    let mut renderer = Renderer::new(sample_rate, 1, BLOCK_FRAMES);
    renderer.set(&Mix { chain: chain.clone(), ..Mix::unity(1) });
    let mut loudness = loudness_meter(sample_rate);
    let mut out = std::array::from_fn(|_| Block::default());
    for block in sum {
        renderer.process(std::slice::from_ref(block), None, &mut out);
        loudness.push(&out[Bus::Master as usize]);
    }
    (integrated_lufs(loudness), renderer.take_readings().limiter_db)
}

fn loudness_meter(sample_rate: u32) -> FileMeter {
    FileMeter::new(Stream { sample_rate, channels: 2, word: Word::Float }, 0)
}

fn integrated_lufs(meter: FileMeter) -> Option<f64> {
    meter.finish().measurements().integrated_lufs
}

/// Rounds decibels to hundredths: what is not heard must not differ between the page and the command.
fn rounded(db: f64) -> f64 {
    // Adding 0 makes -0 plain.
    (db * 100.0).round() / 100.0 + 0.0
}
