//! `stemcheck preview`: renders to a file what the page would play.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::PathBuf;

use clap::ValueEnum;
use stemcheck_session::Options;
use stemcheck_session::core::preview::{Bus, Chain, Mix, Strip};
use stemcheck_session::core::units::frames_from_seconds;
use stemcheck_session::decode::write::{Depth, WriteError};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Preview;

use crate::error::Error;
use crate::songs::{self, Paths, Song};
use crate::{Outcome, examine, output};

/// Frames that are rendered at a time.
const BLOCK_FRAMES: usize = 4096;

/// Render what the page would play to a WAV file: the stems, the mix, their difference, or a rough
/// master
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    paths: Paths,
    /// File to write
    #[arg(short, long, value_name = "FILE.wav")]
    output: PathBuf,
    /// What to listen to
    #[arg(long, default_value = "stems")]
    listen: Listen,
    /// Turn a stem up or down by so many dB
    #[arg(long, value_name = "NAME=dB", value_parser = gain)]
    gain: Vec<(String, f64)>,
    /// Leave a stem out
    #[arg(long, value_name = "NAME")]
    mute: Vec<String>,
    /// Hear only this stem, and others that are soloed
    #[arg(long, value_name = "NAME")]
    solo: Vec<String>,
    /// Equalise a stem: dB of lows, mids and highs
    #[arg(long, value_name = "NAME=LOW,MID,HIGH", value_parser = eq)]
    eq: Vec<(String, [f64; 3])>,
    /// Compress a stem by 2:1 above so many dBFS
    #[arg(long, value_name = "NAME=dBFS", value_parser = gain)]
    compress: Vec<(String, f64)>,
    /// Play the files with what the diagnosis found undone
    #[arg(long)]
    fixed: bool,
    /// Make it as loud as the other buses would be, as the page does
    #[arg(long)]
    match_loudness: bool,
    /// Preset of the rough mastering chain: none, streaming, album, loud
    #[arg(long, value_name = "NAME", default_value_t = Chain::default().name)]
    chain: String,
    /// Loudness that the rough master aims at, from -40 to 0; by itself the preset's
    #[arg(long, value_name = "LUFS", allow_negative_numbers = true, value_parser = target)]
    target_lufs: Option<f64>,
    /// Word length: 16-bit gets dither
    #[arg(long, default_value = "24")]
    bits: Bits,
    /// Begin, in seconds
    #[arg(long, value_name = "S", default_value = "0", allow_negative_numbers = true, value_parser = seconds)]
    start: f64,
    /// End, in seconds
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = seconds)]
    end: Option<f64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Listen {
    Stems,
    Reference,
    Difference,
    /// The stems through the rough mastering chain: stem mastering
    Master,
    /// The mix through the same chain: stereo mastering
    ReferenceMaster,
}

impl Listen {
    fn bus(self) -> Bus {
        match self {
            Self::Stems => Bus::Stems,
            Self::Reference => Bus::Reference,
            Self::Difference => Bus::Difference,
            Self::Master => Bus::Master,
            Self::ReferenceMaster => Bus::ReferenceMaster,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bits {
    #[value(name = "16")]
    Int16,
    #[value(name = "24")]
    Int24,
    #[value(name = "32f")]
    Float32,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let song = songs::gather_one(&args.paths)?;
    output::keep_inputs(Some(&args.output), std::slice::from_ref(&song))?;
    let examination = if args.fixed {
        let options = Options { null_alone: true, ..song.options() };
        examine::examine(&song, options, None)
    } else {
        examine::prepare(&song)
    };
    for file in examination.report().songs.iter().flat_map(|song| &song.files) {
        if !file.readable {
            output::message(&format!("{}: cannot be read, left out", file.name));
        }
    }
    let plan = examination.plan().map_err(|why| Error::Usage(why.to_owned()))?;
    if plan.reference.is_none() && args.listen.bus().needs_reference() {
        return Err(Error::Usage("no mix was found to listen to; name it by --reference".into()));
    }
    let mix = mix(args, &song, plan)?;
    let mut preview = Preview::new(&song.disk(), plan, BLOCK_FRAMES);
    if args.fixed {
        let recipe = examination.recipe();
        if recipe.is_none() {
            output::message(&"the diagnosis found nothing to undo");
        }
        preview.fix(recipe);
    }
    let mix = calibrated(args, &mut preview, mix);
    preview.set(&mix);
    let file = File::create(&args.output).map_err(Error::of(&args.output))?;
    write(args, file, &mut preview, plan.sample_rate).map_err(|error| {
        // What could not be finished is not left behind.
        let _ = fs::remove_file(&args.output);
        Error::writing(&args.output)(error)
    })?;
    Ok(Outcome::Ready)
}

/// The mix with drive and matching, as far as what is heard depends on them.
fn calibrated(args: &Args, preview: &mut Preview, mix: Mix) -> Mix {
    let bus = args.listen.bus();
    let chain = bus.chain();
    if chain.is_none() && !args.match_loudness {
        return mix;
    }
    let first = preview.calibration(&mix);
    let found = preview.whole_calibration(&first);
    if let (Some(chain), Some(lufs)) = (chain, found.lufs[bus as usize])
        && found.held_back[chain]
    {
        let target = mix.chain.target_lufs;
        output::message(&format!(
            "The rough master stays at {lufs:.1} LUFS: {target:.1} would need more than {:.0} dB of gain \
             or {:.0} dB of limiting",
            Chain::MAX_DRIVE_DB,
            Chain::MAX_LIMITING_DB
        ));
    }
    // One bus alone is compared with nothing, so it is not turned down unless it was asked for.
    let match_db = if args.match_loudness { found.mix.match_db } else { mix.match_db };
    Mix { match_db, ..found.mix }
}

fn write(
    args: &Args,
    file: File,
    preview: &mut Preview,
    sample_rate: u32,
) -> Result<(), WriteError> {
    let frame = |seconds| frames_from_seconds(seconds, sample_rate).min(preview.frames());
    let frames = frame(args.start)..args.end.map_or(preview.frames(), frame);
    let depth = match args.bits {
        Bits::Int16 => Depth::Int16,
        Bits::Int24 => Depth::Int24,
        Bits::Float32 => Depth::Float32,
    };
    let bar = examine::progress_bar("Rendering", frames.end.saturating_sub(frames.start));
    preview.write(file, args.listen.bus(), frames, depth, |written| bar.inc(written as u64))?;
    bar.finish_and_clear();
    Ok(())
}

/// Faders and chain as asked.
fn mix(args: &Args, song: &Song, plan: &NullPlan) -> Result<Mix, Error> {
    let chain = Chain::preset(&args.chain).ok_or_else(|| {
        Error::Usage(format!("--chain {}: there are {}", args.chain, Chain::PRESETS.join(", ")))
    })?;
    let target_lufs = args.target_lufs.unwrap_or(chain.target_lufs);
    let mut mix = Mix { chain: Chain { target_lufs, ..chain }, ..Mix::unity(plan.stems.len()) };
    let files = plan.stems.iter().filter_map(|&file| song.files.get(file));
    let stems: Vec<PathBuf> = files.map(|place| place.name().into()).collect();
    for (name, gain_db) in &args.gain {
        mix.faders[named(name, &stems)?].gain_db = *gain_db;
    }
    for (name, [low_db, mid_db, high_db]) in &args.eq {
        let strip = &mut mix.faders[named(name, &stems)?].strip;
        *strip = Strip { low_db: *low_db, mid_db: *mid_db, high_db: *high_db, ..*strip };
    }
    for (name, threshold_db) in &args.compress {
        mix.faders[named(name, &stems)?].strip.threshold_db = Some(*threshold_db);
    }
    for name in &args.mute {
        mix.faders[named(name, &stems)?].mute = true;
    }
    for name in &args.solo {
        mix.faders[named(name, &stems)?].solo = true;
    }
    Ok(mix)
}

/// The stem of this name: with its extension or without, in capitals or not.
fn named(name: &str, stems: &[PathBuf]) -> Result<usize, Error> {
    let is = |part: Option<&OsStr>| {
        part.is_some_and(|part| part.to_string_lossy().to_lowercase() == name.to_lowercase())
    };
    stems.iter().position(|path| is(path.file_name()) || is(path.file_stem())).ok_or_else(|| {
        let names: Vec<_> =
            stems.iter().filter_map(|path| path.file_stem()).map(OsStr::to_string_lossy).collect();
        Error::Usage(format!("no stem is called {name:?}; there are {}", names.join(", ")))
    })
}

/// `Bass=-3.5`.
fn gain(text: &str) -> Result<(String, f64), String> {
    let (name, db) = text.rsplit_once('=').ok_or("expected NAME=dB, as in Bass=-3.5")?;
    Ok((name.to_owned(), finite(db)?))
}

/// `Bass=1,-2,0`.
fn eq(text: &str) -> Result<(String, [f64; 3]), String> {
    let expected = "expected NAME=LOW,MID,HIGH in dB, as in Bass=1,-2,0";
    let (name, list) = text.rsplit_once('=').ok_or(expected)?;
    let bands = list.split(',').map(finite).collect::<Result<Vec<f64>, String>>()?;
    let bands: [f64; 3] = bands.try_into().map_err(|_| expected)?;
    if bands.iter().any(|db| db.abs() > Strip::MOST_EQ_DB) {
        return Err(format!("a band goes from -{0} to +{0} dB", Strip::MOST_EQ_DB));
    }
    Ok((name.to_owned(), bands))
}

fn finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or("not a number".to_owned())
}

fn target(text: &str) -> Result<f64, String> {
    let (low, high) = Chain::TARGETS_LUFS;
    finite(text).and_then(|lufs| {
        let sensible = (low..=high).contains(&lufs);
        if sensible { Ok(lufs) } else { Err(format!("from {low} to {high} LUFS, as in -14")) }
    })
}

fn seconds(text: &str) -> Result<f64, String> {
    finite(text).and_then(|s| if s < 0.0 { Err("a time is 0 or more".to_owned()) } else { Ok(s) })
}
