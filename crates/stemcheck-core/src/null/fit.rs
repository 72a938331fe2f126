//! Sums of products, and least squares of a handful of unknowns.

/// Sum of products. In lanes: a single running sum would wait for each addition.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    rest + sums.iter().sum::<f64>()
}

/// Correlation of two series about their means, -1 to 1; 0 if one stands still.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let centred = |x: &[f64]| -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / x.len().max(1) as f64;
        x.iter().map(|x| x - mean).collect()
    };
    let (a, b) = (centred(a), centred(b));
    let scale = (dot(&a, &a) * dot(&b, &b)).sqrt();
    if scale > 0.0 { (dot(&a, &b) / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

/// A small symmetric system, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Normal {
    size: usize,
    /// Products of the columns with each other.
    matrix: Vec<f64>,
    /// Products of the columns with the target.
    target: Vec<f64>,
}

impl Normal {
    pub(super) fn new(size: usize) -> Self {
        Self { size, matrix: vec![0.0; size * size], target: vec![0.0; size] }
    }

    /// Number of unknowns.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The system that expresses one column by some others.
    pub(super) fn regress(&self, target: usize, others: &[usize]) -> Self {
        let mut normal = Self::new(others.len());
        for (row, &a) in others.iter().enumerate() {
            normal.add_target(row, self.at(target, a));
            for (column, &b) in others.iter().enumerate().skip(row) {
                normal.add(row, column, self.at(a, b));
            }
        }
        normal
    }

    pub(super) fn add(&mut self, row: usize, column: usize, product: f64) {
        self.matrix[row * self.size + column] += product;
        if row != column {
            self.matrix[column * self.size + row] += product;
        }
    }

    /// Adds another system of the same unknowns.
    pub(super) fn add_all(&mut self, other: &Self) {
        self.matrix.iter_mut().zip(&other.matrix).for_each(|(sum, x)| *sum += x);
        self.target.iter_mut().zip(&other.target).for_each(|(sum, x)| *sum += x);
    }

    pub(super) fn add_target(&mut self, row: usize, product: f64) {
        self.target[row] += product;
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.matrix[row * self.size + column]
    }

    /// The unknowns that minimise the squared error, by elimination; `ridge` (relative to each
    /// column's energy) decides between columns that say the same, and leaves silent ones alone.
    pub(super) fn solve(&self, ridge: f64) -> Vec<f64> {
        let n = self.size;
        let largest = (0..n).map(|i| self.at(i, i)).fold(0.0, f64::max);
        if largest <= 0.0 || !largest.is_finite() {
            return vec![0.0; n];
        }
        let mut a = self.matrix.clone();
        let mut x = self.target.clone();
        for i in 0..n {
            a[i * n + i] += ridge * self.at(i, i) + 1e-15 * largest;
        }
        // The matrix is positive definite with the ridge: elimination needs no pivoting.
        for pivot in 0..n {
            for row in pivot + 1..n {
                let factor = a[row * n + pivot] / a[pivot * n + pivot];
                if factor != 0.0 {
                    for column in pivot..n {
                        a[row * n + column] -= factor * a[pivot * n + column];
                    }
                    x[row] -= factor * x[pivot];
                }
            }
        }
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|column| a[row * n + column] * x[column]).sum();
            x[row] = (x[row] - known) / a[row * n + row];
            if !x[row].is_finite() {
                return vec![0.0; n];
            }
        }
        x
    }

    /// By how much the squared error falls with unknowns `x`.
    pub(super) fn explained(&self, x: &[f64]) -> f64 {
        (0..self.size)
            .map(|row| {
                let product: f64 =
                    (0..self.size).map(|column| self.at(row, column) * x[column]).sum();
                x[row] * (2.0 * self.target[row] - product)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_tells_what_it_explains() {
        let mut normal = Normal::new(2);
        normal.add(0, 0, 4.0);
        normal.add(0, 1, 1.0);
        normal.add(1, 1, 3.0);
        // Target = 2 * first - 1 * second.
        normal.add_target(0, 7.0);
        normal.add_target(1, -1.0);
        let x = normal.solve(0.0);
        assert!((x[0] - 2.0).abs() < 1e-9 && (x[1] + 1.0).abs() < 1e-9, "{x:?}");
        assert!((normal.explained(&x) - 15.0).abs() < 1e-9);
    }

    #[test]
    fn equal_columns_share_and_silent_ones_stay_out() {
        let mut normal = Normal::new(3);
        for (row, column) in [(0, 0), (0, 1), (1, 1)] {
            normal.add(row, column, 1.0);
        }
        normal.add_target(0, 1.0);
        normal.add_target(1, 1.0);
        let x = normal.solve(1e-6);
        assert!((x[0] - 0.5).abs() < 1e-3 && (x[1] - 0.5).abs() < 1e-3, "{x:?}");
        assert_eq!(x[2], 0.0);
    }
}
