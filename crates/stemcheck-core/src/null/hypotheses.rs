//! What could be wrong, each with the energy that would be left if it were.
//!
//! A hypothesis is a change of some files' corrections. It has a cost in dB (the simplest wins) and
//! asks for a least improvement before it is believed: little where it is sharp (an exact polarity,
//! a shift at the right level), more where any number would do. Costs and needs: METHODS 5.3.

use super::bus::Bus;
use super::correlation::{Correlation, Fit};
use super::recipe::Correction;
use super::scene::Scene;
use super::treatment::Treatment;
use crate::units::{db_from_amplitude, db_from_power};

/// A change to make, and what it would leave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proposal {
    /// What is to be done.
    pub undo: Undo,
    /// What that means; empty for corrections, which are named once they are all known.
    pub found: Vec<Found>,
    /// Residual energy that would be left.
    pub energy: f64,
    /// Handicap against simpler explanations, in dB.
    pub cost_db: f64,
    /// Least improvement to be believed, in dB.
    pub need_db: f64,
}

/// What a proposal does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Undo {
    /// Some files' new gains and shifts.
    Correct(Vec<(usize, Correction)>),
    /// One more treatment for some files.
    Treat(Vec<(usize, Treatment)>),
    /// A gain that is followed.
    Follow(Bus),
    /// Nothing can be undone within these frames.
    Lose(Vec<(u64, u64)>),
    /// One after another.
    All(Vec<Undo>),
}

impl Undo {
    /// Does it to a scene.
    pub(super) fn apply(&self, scene: &mut Scene) {
        match self {
            Self::Correct(changes) => scene.correct(changes),
            Self::Treat(changes) => {
                for (file, treatment) in changes {
                    scene.treat(
                        *file,
                        [scene.treatments(*file), std::slice::from_ref(treatment)].concat(),
                    );
                }
                scene.follow_again();
            }
            Self::Follow(bus) => {
                // Following has the level with it.
                let reference = scene.reference();
                if matches!(bus, Bus::Follow { .. }) && bus.of_mix(reference) {
                    let correction = scene.correction(reference);
                    let gain = correction.gain.signum();
                    scene.correct(&[(reference, Correction { gain, ..correction })]);
                }
                scene.follow(bus.clone());
            }
            Self::Lose(ranges) => scene.lose(ranges),
            Self::All(undos) => {
                for undo in undos {
                    undo.apply(scene);
                }
            }
        }
    }
}

/// A cause, before it is known what share it has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub code: &'static str,
    /// The file, the reference counted after the stems; `None` = the whole mix.
    pub file: Option<usize>,
    /// The other stem.
    pub other: Option<usize>,
    pub value: Option<f64>,
    pub unit: &'static str,
    /// Whether it is a normal thing and no mistake.
    pub expected: bool,
    /// Where, in seconds; `None` = wherever the file is heard.
    pub span: Option<(f64, f64)>,
}

impl Found {
    /// A mistake on a file, or on the whole mix.
    pub(super) fn new(
        code: &'static str,
        file: Option<usize>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        let value = (!unit.is_empty()).then_some(value);
        Self { code, file, other: None, value, unit, expected: false, span: None }
    }

    /// The same between two times in seconds.
    pub(super) fn between(self, from: f64, to: f64) -> Self {
        Self { span: Some((from, to)), ..self }
    }
}

impl Proposal {
    /// New gains and shifts.
    pub(super) fn correct(
        changes: Vec<(usize, Correction)>,
        energy: f64,
        cost_db: f64,
        need_db: f64,
    ) -> Self {
        Self { undo: Undo::Correct(changes), found: Vec::new(), energy, cost_db, need_db }
    }

    /// A single file's new gain and shift, if that is what it is.
    pub(super) fn correction(&self) -> Option<(usize, Correction)> {
        match &self.undo {
            Undo::Correct(changes) if changes.len() == 1 => changes.first().copied(),
            _ => None,
        }
    }

    /// The one file that it makes louder, softer, wider or turned round, without moving it: a few
    /// numbers for the whole song, which hardly fit by chance.
    pub(super) fn rigid(&self, scene: &Scene) -> Option<usize> {
        match &self.undo {
            Undo::Correct(_) => self.correction().and_then(|(file, correction)| {
                let in_place = correction.advance_frames == scene.correction(file).advance_frames;
                in_place.then_some(file)
            }),
            Undo::Treat(changes) => match changes.as_slice() {
                // Of a matrix all of whose numbers are free that cannot be said.
                [(file, Treatment::Matrix(_))] if self.need_db <= LOOSE_NEED_DB => Some(*file),
                _ => None,
            },
            _ => None,
        }
    }

    /// The file that it is about, the reference for the whole mix; `None` if about several.
    pub(super) fn subject(&self, reference: usize) -> Option<usize> {
        match (&self.undo, self.found.first()) {
            (Undo::Correct(_), _) => self.correction().map(|(file, _)| file),
            (_, found) => found.map(|found| found.file.unwrap_or(reference)),
        }
    }

    /// The one file that it changes.
    pub(super) fn file(&self) -> Option<usize> {
        match &self.undo {
            Undo::Treat(changes) if changes.len() == 1 => changes.first().map(|change| change.0),
            _ => self.correction().map(|change| change.0),
        }
    }
}

/// Improvement asked of a hypothesis that can hardly fit by chance: little, for of many faults each
/// explains little as long as the others are there. What proves idle in the end is taken back.
pub(super) const SHARP_NEED_DB: f64 = 0.3;
/// Improvement asked of a gain that could be any.
pub(super) const LOOSE_NEED_DB: f64 = 2.5;
/// A gain that could be any must beat the file's absence by this, or it takes the credit for it.
const BEYOND_ABSENCE_DB: f64 = 1.0;
/// Improvement asked of all stems' gains together.
const JOINT_NEED_DB: f64 = 15.0;
/// A gain nearer to unity than this is none.
pub(super) const LEAST_GAIN_DB: f64 = 0.05;
/// A shift smaller than this, in frames, is none.
const LEAST_SHIFT: f64 = 0.02;
/// A level this near to the present one, relatively, may be the same among other faults.
const AT_LEVEL: f64 = 0.25;
/// Shifts worth a closer look, compared with the best of the same file.
const PEAK_SHARE: f64 = 0.8;
const PEAKS: usize = 6;

/// How far a gain is from another, in dB; infinite if either is 0 or they differ in sign.
pub(super) fn gain_apart_db(a: f64, b: f64) -> f64 {
    if a * b > 0.0 { db_from_amplitude(a / b).abs() } else { f64::INFINITY }
}

/// One file alone: its gain or polarity, or a place within a window's margin.
pub(super) fn near(scene: &mut Scene, file: usize) -> Vec<Proposal> {
    let advance = scene.correction(file).advance_frames;
    let here = scene.correlate(file, advance);
    let mut found = gains(scene, file, &here);
    found.extend(places(scene, file, &here));
    found.extend(slip(scene, file));
    found
}

/// One file alone, about any of some places further away.
pub(super) fn far(scene: &mut Scene, file: usize, advances: &[f64]) -> Vec<Proposal> {
    let mut found = Vec::new();
    for &advance in advances {
        let there = scene.correlate(file, advance);
        found.extend(places(scene, file, &there));
    }
    found
}

/// The file at another gain, in its place: left out or turned round, or at any level.
fn gains(scene: &Scene, file: usize, correlation: &Correlation) -> Vec<Proposal> {
    let current = scene.correction(file);
    let fit = correlation.unmoved();
    let Some((best, energy)) = best_gain(scene, file, correlation, fit) else { return Vec::new() };
    let on_reference = file == scene.reference();
    let propose = |gain: f64, energy: f64, cost_db: f64, need_db: f64| {
        let correction = Correction { gain, ..current };
        Proposal::correct(vec![(file, correction)], energy, cost_db, need_db)
    };
    let mut found = Vec::new();
    let usual = [(0.0, 0.12, 0.1), (-1.0, 0.25, 0.12)];
    for (gain, within, cost_db) in usual.into_iter().filter(|_| !on_reference) {
        if (best - gain).abs() < within && gain != current.gain {
            found.push(propose(gain, energy_at(correlation, fit, gain), cost_db, SHARP_NEED_DB));
        }
    }
    if gain_apart_db(best, current.gain) >= LEAST_GAIN_DB {
        if on_reference {
            found.push(propose(best, energy, 0.0, LOOSE_NEED_DB));
        } else if beyond_absence(scene, correlation, energy) {
            found.push(propose(best, energy, 0.3, LOOSE_NEED_DB));
        }
    }
    found
}

/// The file in another place: at its level, either way up, or at any level.
fn places(scene: &Scene, file: usize, correlation: &Correlation) -> Vec<Proposal> {
    let current = scene.correction(file);
    let on_reference = file == scene.reference();
    let mut found = Vec::new();
    for fit in correlation.peaks(PEAK_SHARE, PEAKS) {
        if (fit.advance_frames - current.advance_frames).abs() < LEAST_SHIFT {
            continue;
        }
        let Some((best, energy)) = best_gain(scene, file, correlation, fit) else { continue };
        let mut propose = |gain: f64, energy: f64, cost_db: f64, need_db: f64| {
            let correction = Correction { gain, advance_frames: fit.advance_frames };
            found.push(Proposal::correct(vec![(file, correction)], energy, cost_db, need_db));
        };
        // Of the reference not the product tells the level: all that is wrong elsewhere lowers it.
        let level =
            if on_reference { (correlation.target_energy / fit.energy).sqrt() } else { best.abs() };
        if (level / current.gain.abs() - 1.0).abs() < AT_LEVEL {
            let gain = current.gain.abs().copysign(best);
            let cost_db = if on_reference { 0.1 } else { 0.5 };
            propose(gain, energy_at(correlation, fit, gain), cost_db, SHARP_NEED_DB);
        }
        if on_reference {
            propose(best, energy, 0.2, LOOSE_NEED_DB);
        } else if beyond_absence(scene, correlation, energy) {
            propose(best, energy, 0.9, LOOSE_NEED_DB);
        }
    }
    found
}

/// The file moved by less than half a frame: for deep notes the correlation is too flat to tell.
fn slip(scene: &Scene, file: usize) -> Option<Proposal> {
    let current = scene.correction(file);
    let (frames, energy) = scene.slip(file);
    let advance_frames = current.advance_frames + frames;
    let cost_db = if file == scene.reference() { 0.1 } else { 0.5 };
    (LEAST_SHIFT..0.5).contains(&frames.abs()).then(|| {
        let change = (file, Correction { advance_frames, ..current });
        Proposal::correct(vec![change], energy, cost_db, SHARP_NEED_DB)
    })
}

/// What a file would leave at a given gain.
fn energy_at(correlation: &Correlation, fit: Fit, gain: f64) -> f64 {
    (correlation.target_energy + fit.change(gain)).max(0.0)
}

fn beyond_absence(scene: &Scene, correlation: &Correlation, energy: f64) -> bool {
    scene.keen || db_from_power(correlation.target_energy / energy) >= BEYOND_ABSENCE_DB
}

/// The gain that fits best, and the energy that it leaves; `None` where no gain fits both sides.
fn best_gain(
    scene: &Scene,
    file: usize,
    correlation: &Correlation,
    fit: Fit,
) -> Option<(f64, f64)> {
    if fit.energy <= 0.0 || !fit.sides_agree {
        return None;
    }
    let on_reference = file == scene.reference();
    // Nothing at all is wanted of a stem that is not in a mix of exact sums.
    if correlation.target_energy <= 0.0 {
        return (!on_reference).then_some((0.0, 0.0));
    }
    if on_reference {
        // The stems are fitted to the reference and not the reverse: a louder reference would
        // else seem explained by turning it off. Nor does turning the stems off explain anything.
        let left = fit.energy - fit.product * fit.product / correlation.target_energy;
        let scale = scene.correction(file).gain.powi(2);
        let energy = scene.residual_energy();
        let without_stems = (fit.energy * scale / energy).min(1.0);
        let gain = correlation.target_energy / fit.product;
        gain.is_finite().then_some((gain, left.max(0.0) * scale / without_stems))
    } else {
        let gain = fit.product / fit.energy;
        Some((gain, energy_at(correlation, fit, gain)))
    }
}

/// All stems' gains together: what single steps cannot see when every fader has moved.
pub(super) fn joint_gains(scene: &Scene) -> Option<Proposal> {
    let normal = scene.stem_gains();
    let step = normal.solve(1e-6);
    let mut changes = Vec::new();
    for (stem, change) in step.into_iter().enumerate() {
        let current = scene.correction(stem);
        let gain = current.gain + change;
        if gain_apart_db(gain, current.gain) > 0.15 {
            changes.push((stem, Correction { gain, ..current }));
        }
    }
    let mut kept = vec![0.0; scene.reference()];
    for (stem, correction) in &changes {
        kept[*stem] = correction.gain - scene.correction(*stem).gain;
    }
    let energy = (scene.residual_energy() - normal.explained(&kept)).max(0.0);
    let cost_db = 0.3 + 0.25 * changes.len() as f64;
    (changes.len() > 1).then(|| Proposal::correct(changes, energy, cost_db, JOINT_NEED_DB))
}
