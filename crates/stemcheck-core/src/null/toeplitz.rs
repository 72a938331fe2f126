//! Linear systems whose matrix is the same along each diagonal: those of filters by least squares.
//! Exact for some thousand unknowns (Levinson's recursion), by conjugate gradients beyond.

use super::fit::dot;
use crate::spectrum::{Complex, Fourier, fast_length};

/// The solution of the symmetric system whose first row is `row`, exact but for rounding, in as many
/// steps as there are pairs of unknowns (N. Levinson, 1947). Zero where the matrix is not positive.
pub(super) fn levinson(row: &[f64], target: &[f64]) -> Vec<f64> {
    let count = row.len().min(target.len());
    let (Some(&first), Some(&wanted)) = (row.first(), target.first()) else { return Vec::new() };
    if first <= 0.0 || !first.is_finite() {
        return vec![0.0; count];
    }
    // Read forwards, so that sums over `row[m - i]` run over neighbours.
    let reversed: Vec<f64> = row[..count].iter().rev().copied().collect();
    let mut predictor = vec![1.0];
    let mut solution = vec![wanted / first];
    let mut error = first;
    for m in 1..count {
        let lags = &reversed[count - 1 - m..count - 1];
        let reflection = -dot(&predictor, lags) / error;
        predictor.push(0.0);
        let backward: Vec<f64> = predictor.iter().rev().copied().collect();
        for (a, b) in predictor.iter_mut().zip(&backward) {
            *a += reflection * b;
        }
        error *= 1.0 - reflection * reflection;
        if error <= 0.0 || !error.is_finite() {
            return vec![0.0; count];
        }
        let step = (target[m] - dot(&solution, lags)) / error;
        solution.push(0.0);
        for (x, b) in solution.iter_mut().zip(predictor.iter().rev()) {
            *x += step * b;
        }
    }
    solution
}

/// The same by at most `rounds` steps of conjugate gradients, on a matrix that a circular one comes
/// near (METHODS 5.3): for tens of thousands of unknowns.
pub(super) fn gradients(row: &[f64], target: &[f64], rounds: usize) -> Vec<f64> {
    /// The circular matrix is kept this far from singular.
    const LEAST: f64 = 1e-5;
    /// Share of the target's energy that may be left.
    const ENOUGH: f64 = 1e-8;
    let count = row.len().min(target.len());
    let mut solution = vec![0.0; count];
    let Some(&first) = row.first() else { return solution };
    if first <= 0.0 || !first.is_finite() {
        return solution;
    }
    let length = fast_length(2 * count);
    let mut fourier = Fourier::new(length);
    let mut circle = |weight: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let mut column = vec![0.0; length];
        for (i, x) in row[..count].iter().enumerate() {
            column[i] = x * weight(i);
            column[(length - i) % length] = x * weight(i);
        }
        let mut spectrum = Vec::new();
        fourier.forward(column, &mut spectrum);
        spectrum.iter().map(|x| x.re).collect()
    };
    let matrix = circle(&|_| 1.0);
    let near: Vec<f64> = circle(&|i| 1.0 - i as f64 / count as f64)
        .iter()
        .map(|x| 1.0 / x.max(LEAST * first))
        .collect();
    let mut spectrum: Vec<Complex<f64>> = Vec::new();
    let mut times = |weights: &[f64], x: &[f64]| -> Vec<f64> {
        fourier.forward(x.iter().copied(), &mut spectrum);
        spectrum.iter_mut().zip(weights).for_each(|(x, w)| *x *= w);
        fourier.inverse(&mut spectrum)[..count].to_vec()
    };
    let mut left = target[..count].to_vec();
    let mut direction = times(&near, &left);
    let mut size = dot(&left, &direction);
    let enough = ENOUGH * dot(&left, &left);
    for _ in 0..rounds {
        let moved = times(&matrix, &direction);
        let step = size / dot(&direction, &moved);
        if !step.is_finite() || step <= 0.0 {
            break;
        }
        for ((x, r), (d, m)) in solution.iter_mut().zip(&mut left).zip(direction.iter().zip(&moved))
        {
            *x += step * d;
            *r -= step * m;
        }
        if dot(&left, &left) < enough {
            break;
        }
        let next = times(&near, &left);
        let new_size = dot(&left, &next);
        let keep = new_size / size;
        size = new_size;
        for (d, n) in direction.iter_mut().zip(&next) {
            *d = n + keep * *d;
        }
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(count: usize) -> Vec<f64> {
        (0..count).map(|i| 0.9f64.powi(i as i32) * (0.3 * i as f64).cos()).collect()
    }

    fn apply(row: &[f64], x: &[f64]) -> Vec<f64> {
        (0..x.len())
            .map(|i| x.iter().enumerate().map(|(j, x)| row[i.abs_diff(j)] * x).sum())
            .collect()
    }

    #[test]
    fn both_find_the_filter_that_made_the_target() {
        let row = row(200);
        let filter: Vec<f64> =
            (0..200).map(|i| (1.7 * f64::from(i)).sin() / (1.0 + f64::from(i))).collect();
        let target = apply(&row, &filter);
        let near = |found: &[f64], within: f64| {
            for (a, b) in found.iter().zip(&filter) {
                assert!((a - b).abs() < within, "{a} {b}");
            }
        };
        near(&levinson(&row, &target), 1e-9);
        near(&gradients(&row, &target, 100), 1e-3);
    }

    #[test]
    fn silence_has_no_filter() {
        assert_eq!(levinson(&[0.0; 3], &[1.0; 3]), [0.0; 3]);
        assert_eq!(gradients(&[0.0; 3], &[1.0; 3], 5), [0.0; 3]);
        assert!(levinson(&[], &[]).is_empty());
    }
}
