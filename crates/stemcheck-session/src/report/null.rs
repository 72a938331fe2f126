//! What the report tells of the null test beyond its causes: who is to blame and when, the worst
//! moments, the recipe, and what the bus did to the reference.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemcheck_core::null::{Blame, Bus, Correction, Forensics, Moment, Recipe, Treatment};
use stemcheck_core::units::{db_from_amplitude, db_from_power, finite, seconds_from_frames};

/// Levels below are as good as silence, in dBFS.
const SILENCE_DBFS: f64 = -160.0;

/// The residual's level by file, band and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlameReport {
    /// Seconds from step to step, the first one from the song's start.
    pub step_s: f64,
    /// Lower and upper edge of each band.
    pub bands_hz: Vec<[f64; 2]>,
    /// The stems, and last the reference, which gets what follows no single stem.
    pub files: Vec<String>,
    /// dBFS (RMS) of the residual that follows each file in each step: `[file][step]`; `null` is none.
    pub levels_db: Vec<Vec<Option<f64>>>,
    /// The same by band: `[file][band][step]`.
    pub band_levels_db: Vec<Vec<Vec<Option<f64>>>>,
}

/// A stretch of the song where much is left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MomentReport {
    /// Begin.
    pub start_s: f64,
    /// End.
    pub end_s: f64,
    /// Depth there; `null` where the reference is silent.
    pub depth_db: Option<f64>,
    /// The file that the residual follows there; `null` = several.
    pub file: Option<String>,
}

/// What makes one file fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecipeReport {
    /// The file.
    pub file: String,
    /// Whether to leave it out; then the rest says nothing.
    pub left_out: bool,
    /// Gain to apply.
    pub gain_db: f64,
    /// Whether to flip the polarity.
    pub inverted: bool,
    /// Samples by which to move it earlier; fractions are possible, negative is later.
    pub advance_samples: f64,
    /// What else is done to it, in order.
    pub treatments: Vec<TreatmentReport>,
}

/// One thing done to a file besides gain, polarity and shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TreatmentReport {
    /// What.
    pub kind: TreatmentKind,
    /// How much.
    pub value: Option<f64>,
    /// Of what: `ppm`, `samples`.
    pub unit: Option<String>,
    /// From when on; `null` is the whole file.
    pub start_s: Option<f64>,
}

/// What can be done to a file besides gain, polarity and shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TreatmentKind {
    /// Played faster (positive ppm) or slower.
    Speed,
    /// Moved earlier from some time on.
    Move,
    /// The right channel earlier.
    RightChannel,
    /// Left and right swapped.
    Swap,
    /// Left and right mixed into each other, or weighted.
    Image,
    /// Filtered.
    Eq,
    /// A reverb or echo added, or taken away.
    Effect,
    /// A gain that follows the level.
    Dynamics,
    /// Bent sample by sample, as saturation or clipping does.
    Curve,
}

/// What processing on the bus did to the reference. Curves are pairs; one not found is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForensicsReport {
    /// Level of the sum in dBFS, and by how many dB the reference is louder there.
    pub gain_over_level: Vec<[f64; 2]>,
    /// Seconds, and by how many dB the reference is louder then.
    pub gain_over_time: Vec<[f64; 2]>,
    /// Hz, and by how many dB the reference is louder there.
    pub eq: Vec<[f64; 2]>,
    /// By how many dB the sides are louder against the middle than in the sum.
    pub width_db: Option<f64>,
}

/// A level with one decimal, as nobody hears more.
fn level(power: f64) -> Option<f64> {
    let db = db_from_power(power);
    (db >= SILENCE_DBFS).then(|| (db * 10.0).round() / 10.0).and_then(finite)
}

impl BlameReport {
    /// Of the files' names in the order of the blame.
    pub(super) fn new(blame: &Blame, files: Vec<String>) -> Self {
        let by_step = |file: usize| (0..blame.steps()).map(move |step| level(blame.at(file, step)));
        let by_band = |bands: &Vec<Vec<f32>>| -> Vec<Vec<Option<f64>>> {
            let steps = |band: &Vec<f32>| band.iter().map(|&x| level(f64::from(x))).collect();
            bands.iter().map(steps).collect()
        };
        Self {
            step_s: blame.step_s,
            bands_hz: blame.edges_hz.windows(2).map(|edges| [edges[0], edges[1]]).collect(),
            levels_db: (0..blame.power.len()).map(|file| by_step(file).collect()).collect(),
            band_levels_db: blame.power.iter().map(by_band).collect(),
            files,
        }
    }
}

impl MomentReport {
    pub(super) fn new(moment: &Moment, files: &[String]) -> Self {
        Self {
            start_s: moment.start_s,
            end_s: moment.end_s,
            depth_db: finite(db_from_power(moment.residual / moment.reference)),
            file: moment.file.and_then(|at| files.get(at)).cloned(),
        }
    }
}

impl RecipeReport {
    /// Of the files that change, under their names in the order of the recipe.
    pub(super) fn of(recipe: &Recipe, files: &[String], sample_rate: u32) -> Vec<Self> {
        let corrections = recipe.stems.iter().chain([&recipe.reference]);
        let reports = files.iter().zip(corrections).enumerate().map(|(at, (file, correction))| {
            let listed = recipe.treatments.get(at).into_iter().flatten();
            let bus = recipe.bus.iter().filter_map(|bus| match bus {
                Bus::Follow { file, .. } => (*file == at).then_some(TreatmentKind::Dynamics),
                Bus::Apart { .. } => (at + 1 < files.len()).then_some(TreatmentKind::Dynamics),
                Bus::Curve(_) => (at + 1 == files.len()).then_some(TreatmentKind::Curve),
            });
            let treatments = listed.map(|treatment| TreatmentReport::of(treatment, sample_rate));
            let bus = bus.map(TreatmentReport::plain);
            Self::new(file, correction, treatments.chain(bus).collect())
        });
        reports.flatten().collect()
    }

    /// `None` if the file stays as it is.
    fn new(file: &str, fix: &Correction, treatments: Vec<TreatmentReport>) -> Option<Self> {
        let changes = *fix != Correction::default() || !treatments.is_empty();
        let gain_db = finite(db_from_amplitude(fix.gain));
        changes.then(|| Self {
            file: file.to_owned(),
            left_out: gain_db.is_none(),
            gain_db: gain_db.unwrap_or_default(),
            inverted: fix.gain < 0.0,
            advance_samples: fix.advance_frames,
            treatments,
        })
    }
}

impl TreatmentReport {
    fn plain(kind: TreatmentKind) -> Self {
        Self { kind, value: None, unit: None, start_s: None }
    }

    fn of(treatment: &Treatment, sample_rate: u32) -> Self {
        const SWAP: [[f64; 2]; 2] = [[0.0, 1.0], [1.0, 0.0]];
        let amount = |kind, value: f64, unit: &str| Self {
            value: finite(value),
            unit: Some(unit.to_owned()),
            ..Self::plain(kind)
        };
        match treatment {
            Treatment::Speed(ratio) => amount(TreatmentKind::Speed, (ratio - 1.0) * 1e6, "ppm"),
            Treatment::Moved { from, advance_frames } => Self {
                start_s: Some(seconds_from_frames(*from, sample_rate)),
                ..amount(TreatmentKind::Move, *advance_frames, "samples")
            },
            Treatment::RightAdvance(frames) => {
                amount(TreatmentKind::RightChannel, *frames, "samples")
            }
            Treatment::Matrix(matrix) if *matrix == SWAP => Self::plain(TreatmentKind::Swap),
            Treatment::Matrix(_) => Self::plain(TreatmentKind::Image),
            Treatment::Filter { .. } => Self::plain(TreatmentKind::Eq),
            Treatment::Return { .. } => Self::plain(TreatmentKind::Effect),
        }
    }
}

impl ForensicsReport {
    pub(super) fn new(forensics: &Forensics) -> Self {
        let curve = |points: &[(f64, f64)]| -> Vec<[f64; 2]> {
            let points = points.iter().map(|&(x, y)| [x, y]);
            points.filter(|point| point.iter().all(|x| x.is_finite())).collect()
        };
        Self {
            gain_over_level: curve(&forensics.gain_over_level),
            gain_over_time: curve(&forensics.gain_over_time),
            eq: curve(&forensics.eq),
            width_db: forensics.width_db.and_then(finite),
        }
    }
}
