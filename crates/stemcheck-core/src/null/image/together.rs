//! Widths and balances found so far, seen together: one that most files share is the whole mix', and each
//! is fitted anew beside the others, for it was first fitted to what all of them had left.

use super::{Kind, LEAST_DB, Matrix, Products, inverse, turned};
use crate::null::diagnose::Step;
use crate::null::hypotheses::Found;
use crate::null::scene::Scene;
use crate::null::treatment::Treatment;
use crate::units::db_from_amplitude;

/// Matrices whose numbers are this near are the same, or none.
const SAME: f64 = 0.02;
const NONE: f64 = 0.003;
/// Fewest files that share one.
const FEWEST: usize = 3;
/// Times that all are fitted anew, and the least change that is worth it.
const ROUNDS: usize = 12;
const LEAST_CHANGE: f64 = 1e-5;
const CODES: [&str; 2] = ["changed-width", "changed-pan"];
const GAINS: [&str; 2] = ["wrong-gain", "reference-gain"];
const UNITY: Matrix = [[1.0, 0.0], [0.0, 1.0]];

/// Turns to the mix what is the mix', and fits every width and balance anew.
pub(in crate::null) fn settle(scene: &mut Scene, steps: &mut Vec<Step>) {
    let told = |step: &Step| step.found.iter().any(|found| CODES.contains(&found.code));
    if !scene.bus().is_empty() || !steps.iter().any(told) {
        return;
    }
    turn(scene, steps);
    for _ in 0..ROUNDS {
        let changed: Vec<bool> =
            (0..scene.files()).map(|file| fit_again(scene, steps, file)).collect();
        // One alone is right at once.
        if changed.into_iter().filter(|changed| *changed).count() < 2 {
            break;
        }
    }
}

/// Whether a step tells of a file's width or balance, and at most of its level besides.
fn is_about(step: &Step, named: Option<usize>) -> bool {
    let codes = |found: &Found| {
        found.file == named && [&CODES[..], &GAINS[..]].concat().contains(&found.code)
    };
    step.found.first().is_some_and(|first| CODES.contains(&first.code))
        && step.found.iter().all(codes)
}

/// The one step that tells of a file's width or balance: what was told of it again is told with the first.
fn only(steps: &mut Vec<Step>, file: usize, reference: usize) -> Option<usize> {
    let named = (file != reference).then_some(file);
    let first = steps.iter().position(|step| is_about(step, named))?;
    while let Some(next) = (first + 1..steps.len()).find(|&at| is_about(&steps[at], named)) {
        let next = steps.remove(next);
        steps[first].after = steps[first].after.min(next.after);
    }
    Some(first)
}

/// Everything that a file's matrices do; `None` where it matters what else comes between them.
fn matrix_of(scene: &Scene, file: usize) -> Option<Matrix> {
    let mut all = UNITY;
    for treatment in scene.treatments(file) {
        match treatment {
            Treatment::Matrix(matrix) => all = product(matrix, &all),
            Treatment::Speed(_) | Treatment::Moved { .. } => {}
            Treatment::Filter { taps: [left, right], .. } if left == right => {}
            _ => return None,
        }
    }
    Some(all)
}

fn set(scene: &mut Scene, file: usize, matrix: Matrix) {
    let is_matrix = |treatment: &&Treatment| matches!(treatment, Treatment::Matrix(_));
    let mut treatments: Vec<Treatment> =
        scene.treatments(file).iter().filter(|done| !is_matrix(done)).cloned().collect();
    if !same(&matrix, &UNITY, NONE) {
        treatments.push(Treatment::Matrix(matrix));
    }
    scene.treat(file, treatments);
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

fn same(a: &Matrix, b: &Matrix, within: f64) -> bool {
    a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() < within)
}

/// Whether a matrix only widens: then it leaves alone what is mono.
fn widens(matrix: &Matrix) -> bool {
    (matrix[0][0] - matrix[1][1]).abs() < NONE && (matrix[0][1] - matrix[1][0]).abs() < NONE
}

/// What a matrix is called, with its amount in dB, and the level that comes with it.
fn told(matrix: &Matrix, stem: Option<usize>) -> Vec<Found> {
    if !widens(matrix) {
        return vec![Kind::Pan.found(stem, turned(matrix))];
    }
    let [same, other] = matrix[0];
    let (middle, side) = (same + other, same - other);
    let mut found = vec![Kind::Width.found(stem, db_from_amplitude(side / middle))];
    if db_from_amplitude(middle).abs() >= LEAST_DB {
        found.push(Kind::Gain.found(stem, db_from_amplitude(middle)));
    }
    found
}

/// Where most files share a width or balance, it is the reference that has another.
fn turn(scene: &mut Scene, steps: &mut Vec<Step>) {
    let reference = scene.reference();
    let matrices: Vec<Option<Matrix>> = (0..reference).map(|stem| matrix_of(scene, stem)).collect();
    let alike = |a: &Matrix| matrices.iter().flatten().filter(|b| same(a, b, SAME)).count();
    let own = matrices.iter().flatten().filter(|matrix| !same(matrix, &UNITY, SAME));
    let Some(&common) = own.max_by_key(|matrix| alike(matrix)) else { return };
    let concerned = |stem: &usize| !widens(&common) || !super::is_mono(&scene.standing(*stem));
    let all = (0..reference).filter(concerned).count();
    let (Some(back), Some(mix)) = (inverse(&common), matrix_of(scene, reference)) else { return };
    if alike(&common) < FEWEST || 2 * alike(&common) <= all {
        return;
    }
    let (state, before) = (scene.state(), scene.residual_energy());
    let turned: Vec<usize> = (0..reference).filter(concerned).collect();
    for stem in turned.into_iter().filter(|&stem| matrices[stem].is_some()) {
        let own = product(&back, &matrices[stem].unwrap_or(UNITY));
        set(scene, stem, if same(&own, &UNITY, SAME) { UNITY } else { own });
    }
    set(scene, reference, product(&back, &mix));
    if scene.residual_energy() > before {
        scene.restore(state);
        return;
    }
    // What was told of single files is told of the mix.
    steps.retain(|step| step.found.first().is_none_or(|found| !is_about(step, found.file)));
    for file in 0..=reference {
        let Some(matrix) = matrix_of(scene, file).filter(|m| !same(m, &UNITY, NONE)) else {
            continue;
        };
        let found = if file < reference {
            told(&matrix, Some(file))
        } else {
            told(&inverse(&matrix).unwrap_or(UNITY), None)
        };
        let (state, after) = (scene.state(), scene.residual_energy());
        set(scene, file, UNITY);
        let before = scene.residual_energy();
        scene.restore(state);
        steps.push(Step { found, before, after });
    }
}

/// Fits one file's width or balance anew; whether that changed anything.
fn fit_again(scene: &mut Scene, steps: &mut Vec<Step>, file: usize) -> bool {
    let of_mix = file == scene.reference();
    let Some(at) = only(steps, file, scene.reference()) else { return false };
    let Some(before) = matrix_of(scene, file).filter(|matrix| !same(matrix, &UNITY, NONE)) else {
        return false;
    };
    let named = (!of_mix).then_some(file);
    let name = |matrix: &Matrix| {
        told(&if of_mix { inverse(matrix).unwrap_or(UNITY) } else { *matrix }, named)
    };
    let plain = before[0][1] == 0.0 && before[1][0] == 0.0;
    if !plain && !widens(&before) {
        return false;
    }
    let levelled = steps[at].found.len() > 1;
    steps[at].found = name(&before);
    let (standing, wanted) = (scene.standing(file), scene.wanted(file));
    // The sum is fitted to the mix and not the reverse, as at first.
    let products =
        if of_mix { Products::new(&wanted, &standing) } else { Products::new(&standing, &wanted) };
    let more = if widens(&before) {
        let level = before[0][0] + before[0][1];
        let level = if of_mix { 1.0 / level } else { level };
        products.width().map(|(middle, side)| {
            // A level beside the width goes where it proves to be none.
            let is_level = levelled && db_from_amplitude(level * middle).abs() >= LEAST_DB;
            let middle = if is_level { middle } else { 1.0 / level };
            let (same, other) = (f64::midpoint(middle, side), f64::midpoint(middle, -side));
            [[same, other], [other, same]]
        })
    } else {
        products.balance().map(|(left, right)| [[left, 0.0], [0.0, right]])
    };
    let more = if of_mix { more.and_then(|more| inverse(&more)) } else { more };
    let Some(more) = more.filter(|more| !same(more, &UNITY, LEAST_CHANGE)) else { return false };
    let (state, energy) = (scene.state(), scene.residual_energy());
    let after = product(&more, &before);
    set(scene, file, after);
    if scene.residual_energy() >= energy && !levelled {
        scene.restore(state);
        return false;
    }
    if same(&after, &UNITY, NONE) {
        steps.remove(at);
    } else {
        let step = &mut steps[at];
        step.after = step.after.min(scene.residual_energy());
        step.found = name(&after);
    }
    true
}
