//! The song that everything is timed on: stems that differ, as 24-bit WAV, and their sum.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use stemcheck_core::block::Block;
use stemcheck_decode::write::{Depth, WavWriter};
use stemcheck_tests::{Part, Treatment};

/// Name, instrument and take of the stems, in the order in which they are added.
const STEMS: [(&str, Part, u64); 20] = [
    ("Drums", Part::Drums, 1),
    ("Bass", Part::Bass, 1),
    ("Keys", Part::Keys, 1),
    ("Guitar", Part::Guitar, 1),
    ("Lead Vocal", Part::Vocal, 1),
    ("Backing Vocals", Part::Choir, 1),
    ("Percussion", Part::Drums, 2),
    ("Piano", Part::Keys, 2),
    ("Acoustic Guitar", Part::Guitar, 2),
    ("Sub Bass", Part::Bass, 2),
    ("Vocal Double", Part::Vocal, 2),
    ("Choir", Part::Choir, 2),
    ("Organ", Part::Keys, 3),
    ("Banjo", Part::Guitar, 3),
    ("Shaker", Part::Drums, 3),
    ("Vocal Harmony", Part::Vocal, 3),
    ("Synth Lead", Part::Keys, 4),
    ("Mandolin", Part::Guitar, 4),
    ("Vocal Ad-libs", Part::Vocal, 4),
    ("Synth Bass", Part::Bass, 3),
];

const REFERENCE: &str = "Mixdown";
/// Frames that are written at a time.
const BLOCK: usize = 1 << 16;
/// Silence before the first note, in seconds.
const LEAD_IN_S: f64 = 2.0;

/// The files of a song of so many stems, the reference last.
pub fn files(folder: &Path, stems: usize) -> Vec<PathBuf> {
    let names = STEMS.iter().take(stems).map(|(name, ..)| *name).chain([REFERENCE]);
    names.map(|name| folder.join(format!("{name}.wav"))).collect()
}

/// What went wrong with the export.
#[derive(Clone, Copy)]
pub enum Wrong {
    Nothing,
    /// The second stem starts so late, in seconds.
    Late(f64),
    /// Only the mix has its compressor, which takes so many dB on average.
    Squeezed(f64),
}

impl Wrong {
    /// By its name, as `xtask` asks for it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "nothing" => Some(Self::Nothing),
            "late-stem" => Some(Self::Late(0.01)),
            "bus-dynamics" => Some(Self::Squeezed(2.5)),
            _ => None,
        }
    }
}

/// Writes so many stems and their sum into `folder`, unless they are there.
pub fn write(
    folder: &Path,
    stems: usize,
    seconds: u32,
    rate: u32,
    wrong: Wrong,
) -> Result<(), String> {
    let done = folder.join(format!("{REFERENCE}.wav"));
    if done.exists() {
        return Ok(());
    }
    let say = |what: &dyn std::fmt::Display| format!("{}: {what}", folder.display());
    fs::create_dir_all(folder).map_err(|error| say(&error))?;
    let stems = STEMS.get(..stems).ok_or("there are at most 20 stems")?;
    let frames = (f64::from(seconds) * f64::from(rate)) as usize;
    let peak = 0.7 / (stems.len() as f32).sqrt().max(1.0) / 2.0;
    let mut sum = vec![vec![0.0_f32; frames]; 2];
    for (number, &(name, part, take)) in stems.iter().enumerate() {
        // A loop for each, of another length: the mix never repeats.
        let played = part.play(take, rate, 30.0 + number as f64, 0.0);
        let lead_in = (LEAD_IN_S * f64::from(rate)) as usize;
        let mut channels: Vec<Vec<f32>> = played
            .iter()
            .map(|side| {
                let silence = std::iter::repeat_n(0.0, lead_in);
                let sound = side.iter().cycle().map(|x| on_grid(x * peak));
                silence.chain(sound).take(frames).collect()
            })
            .collect();
        for (sum, side) in sum.iter_mut().zip(&channels) {
            sum.iter_mut().zip(side).for_each(|(sum, x)| *sum += x);
        }
        if let (Wrong::Late(seconds), 1) = (wrong, number) {
            let late = (seconds * f64::from(rate)) as usize;
            for side in &mut channels {
                side.rotate_right(late);
                side[..late].fill(0.0);
            }
        }
        save(&folder.join(format!("{name}.wav")), rate, &channels).map_err(|why| say(&why))?;
    }
    if let Wrong::Squeezed(db) = wrong {
        Treatment::Squeezed(db).apply(&mut sum, rate)?;
    }
    save(&done, rate, &sum).map_err(|why| say(&why))
}

/// The nearest 24-bit value.
fn on_grid(x: f32) -> f32 {
    (x * 8_388_608.0).round() / 8_388_608.0
}

fn save(path: &Path, rate: u32, channels: &[Vec<f32>]) -> Result<(), String> {
    let file = File::create(path).map_err(|error| error.to_string())?;
    let mut writer =
        WavWriter::new(file, rate, 2, Depth::Int24).map_err(|error| error.to_string())?;
    let frames = channels.first().map_or(0, Vec::len);
    for start in (0..frames).step_by(BLOCK) {
        let end = frames.min(start + BLOCK);
        let cut = channels.iter().map(|side| side[start..end].to_vec()).collect();
        writer.write(&Block::from_planar(start as u64, cut)).map_err(|error| error.to_string())?;
    }
    writer.finish().map(drop).map_err(|error| error.to_string())
}
