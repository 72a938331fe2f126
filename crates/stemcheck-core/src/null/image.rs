//! Where a file sits between the loudspeakers: sides exchanged, folded to mono, another width, another
//! balance; of one stem or of the whole mix.
//!
//! Fits what is wanted of a file by its own two sides (METHODS 5.3, "2x2 LS"). Both the simple models
//! and the general one are tried; the costs let the simplest win.

mod together;

pub(super) use together::settle;

use super::fit::dot;
use super::hypotheses::{Found, LOOSE_NEED_DB, Proposal, Undo};
use super::meter::NullPart;
use super::recipe::Pair;
use super::scene::Scene;
use super::treatment::Treatment;
use crate::units::{db_from_amplitude, db_from_power};

/// Improvement asked of the sharp ones (METHODS 5.3).
const NEED_DB: f64 = 0.7;
/// Improvement asked of a matrix of which every number is free.
const GENERAL_NEED_DB: f64 = 6.0;
/// It leaves less than this share of what one that is simple leaves (6 dB).
const BEYOND_SIMPLE: f64 = 0.25;
/// All of them must do better than a mere gain by this.
const BEYOND_GAIN_DB: f64 = 3.0;
/// Where it is looked at keenly, this is enough to be proposed.
const KEEN_DB: f64 = 0.1;
/// A balance or width nearer to the present one than this is none.
const LEAST_DB: f64 = 0.1;
/// A file whose sides differ by less than this share of its energy (-50 dB) is mono.
const MONO: f64 = 1e-5;

/// Gains of both sides that add up to 2 within this make a panned sound of its mean.
const FOLDED: f64 = 0.01;

/// What widens by this many times more dB than it leans is another width.
const LEVEL: f64 = 3.0;

type Matrix = [[f64; 2]; 2];

/// Every hypothesis about where files sit.
pub(super) fn proposals(_: &NullPart, scene: &mut Scene) -> Vec<Proposal> {
    let stems = (0..scene.reference()).flat_map(|stem| of_stem(scene, stem));
    stems.chain(of_mix(scene)).collect()
}

/// Product of one side of a sound with one side of another.
fn product(a: &[Pair], i: usize, b: &[Pair], j: usize) -> f64 {
    a.iter().zip(b).map(|(a, b)| dot(&a[i], &b[j])).sum()
}

/// Products of each side of a sound with each side of another.
fn table(a: &[Pair], b: &[Pair]) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| product(a, i, b, j)))
}

/// Products of a file's sides with each other and with what is wanted of it.
struct Products {
    /// `own[a][b]` = side a with side b.
    own: Matrix,
    /// `with[out][side]` = wanted side `out` with own side.
    with: Matrix,
    /// Energy of what is wanted, by side.
    wanted: [f64; 2],
    energy: f64,
}

impl Products {
    fn new(own: &[Pair], wanted: &[Pair]) -> Self {
        let (own_table, with) = (table(own, own), table(wanted, own));
        Self {
            energy: own_table[0][0] + own_table[1][1],
            own: own_table,
            with,
            wanted: [0, 1].map(|side| product(wanted, side, wanted, side)),
        }
    }

    /// Energy left if the file becomes `matrix` times itself.
    fn left(&self, matrix: &Matrix) -> f64 {
        let side = |out: usize| {
            let [a, b] = matrix[out];
            let own =
                a * a * self.own[0][0] + 2.0 * a * b * self.own[0][1] + b * b * self.own[1][1];
            self.wanted[out] - 2.0 * (a * self.with[out][0] + b * self.with[out][1]) + own
        };
        (side(0) + side(1)).max(0.0)
    }

    /// Whether both sides are the same, to the last bit or so.
    fn is_centred(&self) -> bool {
        self.own[0][0] + self.own[1][1] - 2.0 * self.own[0][1] < 1e-9 * self.energy
    }

    /// Whether both sides are the same, as far as anybody hears.
    fn is_mono(&self) -> bool {
        self.own[0][0] + self.own[1][1] - 2.0 * self.own[0][1] < MONO * self.energy
    }

    /// Gains of middle and sides.
    fn width(&self) -> Option<(f64, f64)> {
        let ratio = |sign: f64| {
            let own = self.own[0][0] + self.own[1][1] + 2.0 * sign * self.own[0][1];
            let with =
                self.with[0][0] + self.with[1][1] + sign * (self.with[0][1] + self.with[1][0]);
            (own > MONO * self.energy).then(|| with / own)
        };
        Some((ratio(1.0)?, ratio(-1.0)?))
    }

    /// Gains of left and right.
    fn balance(&self) -> Option<(f64, f64)> {
        let ratio = |side: usize| {
            (self.own[side][side] > MONO * self.energy)
                .then(|| self.with[side][side] / self.own[side][side])
        };
        Some((ratio(0)?, ratio(1)?))
    }

    fn general(&self) -> Option<Matrix> {
        let [[a, b], [_, d]] = self.own;
        let (a, d) = (a * (1.0 + 1e-6), d * (1.0 + 1e-6));
        let determinant = a * d - b * b;
        (determinant > 1e-4 * a * d).then(|| {
            std::array::from_fn(|out| {
                let [l, r] = self.with[out];
                [(l * d - r * b) / determinant, (r * a - l * b) / determinant]
            })
        })
    }

    /// Energy left at the gain that fits best, sides and all.
    fn left_at_best_gain(&self) -> f64 {
        let with = self.with[0][0] + self.with[1][1];
        self.wanted[0] + self.wanted[1] - with * with / self.energy
    }

    /// What makes the file what is wanted, with what that leaves and what it means. Amounts are how
    /// much more of it is wanted than there is.
    fn models(&self, keen: bool) -> Vec<Model> {
        if self.energy <= 0.0 || self.wanted[0] + self.wanted[1] <= 0.0 {
            return Vec::new();
        }
        let mut models = Vec::new();
        let mut model = |matrix: Matrix, cost_db: f64, need_db: f64, found: Vec<(Kind, f64)>| {
            // What any fader would do as well is not told here.
            let beyond = db_from_power(self.left_at_best_gain() / self.left(&matrix).max(1e-30));
            if beyond >= if keen { KEEN_DB } else { BEYOND_GAIN_DB } {
                models.push(Model { left: self.left(&matrix), matrix, cost_db, need_db, found });
            }
        };
        let positive = |pair: &(f64, f64)| pair.0 > 0.0 && pair.1 > 0.0;
        if !self.is_mono() {
            let swap = [[0.0, 1.0], [1.0, 0.0]];
            model(swap, 0.4, NEED_DB, vec![(Kind::Swapped, 0.0)]);
            if let Some((middle, side)) = self.width().filter(positive) {
                let wider = db_from_amplitude(side / middle);
                // A width of its own leaves the middle alone; else the level is another fault too.
                let level = db_from_amplitude(middle);
                let plain = level.abs() < LEAST_DB;
                let middle = if plain { 1.0 } else { middle };
                let same = f64::midpoint(middle, side);
                let other = f64::midpoint(middle, -side);
                let mut found = vec![(Kind::Width, wider)];
                if !plain {
                    found.push((Kind::Gain, level));
                }
                if wider.abs() > LEAST_DB {
                    let cost_db = if plain { 0.6 } else { 0.9 };
                    model([[same, other], [other, same]], cost_db, LOOSE_NEED_DB, found);
                }
            }
            // What is upside down as a whole was not panned.
            let upright = |m: &Matrix| m.iter().flatten().sum::<f64>() > 0.0;
            // So many free numbers follow a sound that is modulated, as far as they go.
            if let Some(matrix) = self.general().filter(upright).filter(|_| !keen) {
                let (pan, width) = (turned(&matrix), self.width().filter(positive));
                let wider = width.map_or(0.0, |(middle, side)| db_from_amplitude(side / middle));
                let found = if wider.abs() > LEVEL * pan.abs() {
                    vec![(Kind::Width, wider)]
                } else {
                    vec![(Kind::Pan, pan)]
                };
                model(matrix, 2.0, GENERAL_NEED_DB, found);
            }
        }
        if let Some((left, right)) = self.balance() {
            let apart = db_from_amplitude(right / left);
            // Exactly the mean of both sides, on both sides.
            let folded = self.is_centred() && (left + right - 2.0).abs() < FOLDED;
            if apart.abs() > LEAST_DB && folded {
                model([[left, 0.0], [0.0, right]], 0.7, LOOSE_NEED_DB, vec![(Kind::Folded, 0.0)]);
            } else if apart.abs() > LEAST_DB {
                model([[left, 0.0], [0.0, right]], 0.8, LOOSE_NEED_DB, vec![(Kind::Pan, apart)]);
            }
            let one_side = |gain: f64| (gain + 1.0).abs() < 0.25;
            if one_side(left) != one_side(right) && left * right < 0.0 {
                let sign = |gain: f64| 1f64.copysign(gain);
                let matrix = [[sign(left), 0.0], [0.0, sign(right)]];
                model(matrix, 0.3, NEED_DB, vec![(Kind::Polarity, 0.0)]);
            }
        }
        // Free numbers take some of whatever else is wrong: what is simple and nearly as good comes first.
        let is_free = |model: &Model| model.need_db >= GENERAL_NEED_DB;
        let simple = models.iter().filter(|model| !is_free(model));
        let left = simple.map(|model| model.left).fold(f64::INFINITY, f64::min);
        models.retain(|model| !is_free(model) || model.left < BEYOND_SIMPLE * left);
        models
    }
}

/// Whether both sides of a sound are the same, as far as anybody hears. Silence is not.
pub(super) fn is_mono(sound: &[Pair]) -> bool {
    Products::new(sound, sound).is_mono()
}

/// Whether both sides of a sound are the same but for their levels.
pub(super) fn is_panned_mono(sound: &[Pair]) -> bool {
    let [[left, both], [_, right]] = table(sound, sound);
    left * right - both * both < MONO * left * right
}

/// Whether a sound has no middle to speak of: its sides are 15 dB above it (METHODS 5.3).
pub(super) fn is_side_alone(sound: &[Pair]) -> bool {
    const SIDES_ONLY: f64 = 0.03;
    let [[left, both], [_, right]] = table(sound, sound);
    left + right + 2.0 * both < SIDES_ONLY * (left + right - 2.0 * both)
}

/// One way to change a file.
struct Model {
    matrix: Matrix,
    left: f64,
    cost_db: f64,
    need_db: f64,
    found: Vec<(Kind, f64)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Swapped,
    Folded,
    Width,
    Pan,
    Gain,
    Polarity,
}

impl Kind {
    /// The cause, on a stem or on the whole mix, of which `db` more is wanted.
    fn found(self, stem: Option<usize>, db: f64) -> Found {
        match self {
            Self::Swapped => Found::new("swapped-channels", stem, 0.0, ""),
            Self::Folded => Found::new("collapsed-to-mono", stem, 0.0, ""),
            Self::Width => Found::new("changed-width", stem, more_of(stem, db), "dB"),
            Self::Pan => Found::new("changed-pan", stem, more_of(stem, db), "dB"),
            Self::Polarity => Found::new("inverted-polarity", stem, 0.0, ""),
            Self::Gain if stem.is_some() => Found::new("wrong-gain", stem, -db, "dB"),
            Self::Gain => Found::new("reference-gain", stem, db, "dB"),
        }
    }
}

/// What a stem has too much of, or what the reference has more of than all stems: as a wrong gain of
/// a stem and one of the reference are counted.
fn more_of(stem: Option<usize>, wanted_db: f64) -> f64 {
    if stem.is_some() { -wanted_db } else { wanted_db }
}

/// A stem that is not as the mix has it.
fn of_stem(scene: &Scene, stem: usize) -> Vec<Proposal> {
    let products = Products::new(&scene.standing(stem), &scene.wanted(stem));
    let propose = |model: Model| Proposal {
        undo: Undo::Treat(vec![(stem, Treatment::Matrix(model.matrix))]),
        found: model.found.iter().map(|(kind, db)| kind.found(Some(stem), *db)).collect(),
        energy: model.left,
        cost_db: model.cost_db,
        need_db: model.need_db,
    };
    products.models(scene.keen).into_iter().map(propose).collect()
}

/// A mix that is not as the stems have it. The sum is fitted to it and not the reverse: what the mix
/// holds besides would else be turned down.
fn of_mix(scene: &Scene) -> Vec<Proposal> {
    let reference = scene.reference();
    let (mix, sum) = (scene.standing(reference), scene.wanted(reference));
    let products = Products::new(&sum, &mix);
    let mut found: Vec<Proposal> = products
        .models(scene.keen)
        .into_iter()
        .filter_map(|model| {
            Some(Proposal {
                undo: Undo::Treat(vec![(reference, Treatment::Matrix(inverse(&model.matrix)?))]),
                found: model.found.iter().map(|(kind, db)| kind.found(None, *db)).collect(),
                energy: model.left,
                cost_db: model.cost_db - 0.2,
                need_db: model.need_db,
            })
        })
        .collect();
    // A mono mix cannot be opened again: all stems are folded instead.
    if Products::new(&mix, &sum).is_mono() && !products.is_mono() {
        let fold = [[0.5, 0.5], [0.5, 0.5]];
        let treat = |stem: usize| (stem, Treatment::Matrix(fold));
        found.push(Proposal {
            energy: products.left(&fold),
            undo: Undo::Treat((0..reference).map(treat).collect()),
            found: vec![Found::new("collapsed-to-mono", None, 0.0, "")],
            cost_db: 0.2,
            need_db: NEED_DB,
        });
    }
    found
}

fn inverse(matrix: &Matrix) -> Option<Matrix> {
    let [[a, b], [c, d]] = *matrix;
    let determinant = a * d - b * c;
    (determinant.abs() > 0.05 * (a * a + b * b + c * c + d * d))
        .then(|| [[d / determinant, -b / determinant], [-c / determinant, a / determinant]])
}

/// By how many dB a matrix moves what it is given to the right.
fn turned(matrix: &Matrix) -> f64 {
    let side = |out: usize| matrix[out].iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-4);
    db_from_amplitude(side(1) / side(0))
}
