//! How much gain the chain needs, and what makes the buses equally loud.
//!
//! A first answer comes from a few stretches spread evenly over the song: a second of work in a
//! browser, within a few tenths of a LU. The last one from the whole song, through the whole chain:
//! what is heard from the first frame to the last is equally loud within 0.1 LU. Settles nothing by
//! ear: drive and limiting are capped, and it says when the target is out of reach.

use stemcheck_core::block::Block;
use stemcheck_core::measure::Programme;
use stemcheck_core::preview::{Bus, Chain, Mix, Renderer};

use super::{Preview, Tracks};

/// How many stretches are measured.
const STRETCHES: u64 = 16;
/// Length of a stretch: 1.25 s at 48 kHz, all of them 20 s. Counted in frames, for that is what they
/// cost: less than a second of work in a browser.
const STRETCH_FRAMES: u64 = 60_000;
/// Frames rendered at a time.
const BLOCK_FRAMES: usize = 4096;
/// The target is met within so many LU, by the stretches and by the whole song.
const TOLERANCE_LU: f64 = 0.2;
const WHOLE_TOLERANCE_LU: f64 = 0.1;
/// How often the chain is run at most: the limiter makes the first guess fall short.
const ROUNDS: usize = 4;

/// What [`Preview::calibration`] worked out.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Calibration {
    /// The mix given, with the chain's drives and the matching gains filled in.
    pub mix: Mix,
    /// Loudness of each bus in LUFS, in the order of [`Bus::ALL`], before matching; `None` of one that
    /// is silent, and of the difference, which goes with the stems.
    pub lufs: [Option<f64>; Bus::COUNT],
    /// Whether the stems' master, and the reference's, stay quieter than their target, because more
    /// would need more than [`Chain::MAX_DRIVE_DB`] of gain or [`Chain::MAX_LIMITING_DB`] of limiting.
    pub held_back: [bool; 2],
}

/// The two chains: the bus before and behind, in the order of [`Calibration::held_back`].
const CHAINS: [(Bus, Bus); 2] = [(Bus::Stems, Bus::Master), (Bus::Reference, Bus::ReferenceMaster)];

/// What one run of the chains showed.
struct Run {
    lufs: [Option<f64>; Bus::COUNT],
    limiting_db: [f64; 2],
}

impl Preview {
    /// Works out the chain's drive to reach its target loudness, and the gains that make the buses
    /// equally loud (the louder is turned down; the difference is never turned up), by rendering a few
    /// stretches of the song.
    ///
    /// The settings in use and the play position stay as they are.
    pub fn calibration(&mut self, mix: &Mix) -> Calibration {
        let rate = self.tracks.sample_rate;
        let stretches = listen(&mut self.tracks, mix);
        let run = |chain: &Chain| {
            let mut analyst = Analyst::new(rate, 1, &Mix { chain: chain.clone(), ..Mix::unity(1) });
            for (sum, reference) in &stretches {
                analyst.hear(std::slice::from_ref(sum), reference.as_ref());
            }
            analyst.run()
        };
        // Without gain, there is nothing to limit: what it would take if the chain were transparent.
        let plain = run(&Chain { drive_db: 0.0, reference_drive_db: 0.0, ..mix.chain.clone() });
        let target = mix.chain.target_lufs;
        let guess = CHAINS.map(|(before, _)| {
            plain.lufs[before as usize].map_or(0.0, |lufs| (target - lufs).min(Chain::MAX_DRIVE_DB))
        });
        reach(mix, guess, TOLERANCE_LU, run)
    }

    /// The same by the whole song, with a calibration of the same mix to begin with: takes as long as
    /// rendering it once or twice.
    ///
    /// The settings in use and the play position stay as they are.
    pub fn whole_calibration(&mut self, first: &Calibration) -> Calibration {
        let Self { tracks, .. } = self;
        let chain = &first.mix.chain;
        let guess = [chain.drive_db, chain.reference_drive_db];
        reach(&first.mix, guess, WHOLE_TOLERANCE_LU, |chain| {
            let mix =
                Mix { chain: chain.clone(), match_db: [0.0; Bus::COUNT], ..first.mix.clone() };
            let mut analyst = Analyst::new(tracks.sample_rate, tracks.stems.len(), &mix);
            // The last frames come out late.
            let end = tracks.frames + analyst.late as u64;
            let mut at = 0;
            while at < end {
                let frames = (end - at).min(BLOCK_FRAMES as u64) as usize;
                tracks.read(at, frames, None);
                analyst.hear(&tracks.stems, tracks.reference.as_ref());
                at += frames as u64;
            }
            analyst.run()
        })
    }
}

/// Runs the chains until they meet their target or must not go further.
fn reach(
    mix: &Mix,
    mut drives_db: [f64; 2],
    tolerance_lu: f64,
    mut run: impl FnMut(&Chain) -> Run,
) -> Calibration {
    let mut mix = mix.clone();
    let target = mix.chain.target_lufs;
    let mut held_back = [false; 2];
    let mut lufs = [None; Bus::COUNT];
    for _ in 0..ROUNDS {
        let used_db = drives_db.map(rounded);
        [mix.chain.drive_db, mix.chain.reference_drive_db] = used_db;
        let heard = run(&mix.chain);
        lufs = heard.lufs;
        for (i, (_, behind)) in CHAINS.into_iter().enumerate() {
            let Some(master_lufs) = lufs[behind as usize] else { continue };
            let wanted_db = used_db[i] + target - master_lufs;
            drives_db[i] = wanted_db
                .min(Chain::MAX_DRIVE_DB)
                .min(used_db[i] + Chain::MAX_LIMITING_DB - heard.limiting_db[i]);
            held_back[i] = wanted_db - drives_db[i] > TOLERANCE_LU;
        }
        let far = drives_db.iter().zip(used_db).map(|(next, used)| (next - used).abs());
        if far.fold(0.0, f64::max) <= tolerance_lu {
            break;
        }
    }
    lufs[Bus::Difference as usize] = None;
    let quietest = lufs.into_iter().flatten().fold(f64::INFINITY, f64::min);
    let down_db = |lufs: Option<f64>| lufs.map_or(0.0, |lufs| rounded(quietest - lufs));
    mix.match_db = lufs.map(down_db);
    mix.match_db[Bus::Difference as usize] = mix.match_db[Bus::Stems as usize];
    Calibration { mix, lufs, held_back }
}

/// A renderer with a loudness meter on each bus.
struct Analyst {
    renderer: Renderer,
    programmes: [Programme; Bus::COUNT],
    out: [Block; Bus::COUNT],
    /// Frames that are still to come out before the song does: a gate that lies elsewhere by a few
    /// frames can hear a beat more or less.
    late: usize,
}

impl Analyst {
    fn new(sample_rate: u32, stems: usize, mix: &Mix) -> Self {
        let mut renderer = Renderer::new(sample_rate, stems, BLOCK_FRAMES);
        renderer.set(mix);
        Self {
            late: renderer.latency_frames(),
            renderer,
            programmes: std::array::from_fn(|_| Programme::new(sample_rate)),
            out: std::array::from_fn(|_| Block::default()),
        }
    }

    fn hear(&mut self, stems: &[Block], reference: Option<&Block>) {
        self.renderer.process(stems, reference, &mut self.out);
        let early = self.late.min(self.out[0].frames());
        self.late -= early;
        for channel in self.out.iter_mut().flat_map(|block| &mut block.channels) {
            channel.drain(..early);
        }
        for (bus, (programme, block)) in
            Bus::ALL.into_iter().zip(self.programmes.iter_mut().zip(&self.out))
        {
            if bus != Bus::Difference && (reference.is_some() || !bus.needs_reference()) {
                programme.push(block);
            }
        }
    }

    fn run(mut self) -> Run {
        let limiting_db = self.renderer.take_readings().limiter_db;
        Run { lufs: self.programmes.map(|programme| programme.integrated_lufs()), limiting_db }
    }
}

/// Reads the stretches: the sum of the stems at their faders, and the reference.
fn listen(tracks: &mut Tracks, mix: &Mix) -> Vec<(Block, Option<Block>)> {
    let mut renderer = Renderer::new(tracks.sample_rate, tracks.stems.len(), BLOCK_FRAMES);
    // Only the sum is wanted here: a chain that does nothing costs little.
    let idle = Chain {
        name: "none".to_owned(),
        drive_db: f64::NEG_INFINITY,
        reference_drive_db: f64::NEG_INFINITY,
        ..mix.chain.clone()
    };
    renderer.set(&Mix { chain: idle, match_db: [0.0; Bus::COUNT], ..mix.clone() });
    let mut heard = Vec::new();
    let mut out = std::array::from_fn(|_| Block::default());
    for (start, end) in stretches(tracks.frames) {
        let mut at = start;
        while at < end {
            let frames = (end - at).min(BLOCK_FRAMES as u64) as usize;
            tracks.read(at, frames, None);
            renderer.process(&tracks.stems, tracks.reference.as_ref(), &mut out);
            at += frames as u64;
            let mut take = |bus: Bus| std::mem::take(&mut out[bus as usize]);
            let sum = take(Bus::Stems);
            heard.push((sum, tracks.reference.is_some().then(|| take(Bus::Reference))));
        }
    }
    heard
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

/// Rounds decibels to hundredths: what is not heard must not differ between the page and the command.
fn rounded(db: f64) -> f64 {
    // Adding 0 makes -0 plain.
    (db * 100.0).round() / 100.0 + 0.0
}
