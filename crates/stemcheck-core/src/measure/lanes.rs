//! Scans over samples, written so that the compiler makes them four or more wide: whole numbers
//! where floats would have to be compared in order, independent sums where one would be rounded
//! in order.

/// Samples that are added side by side.
const WIDTH: usize = 4;

/// Largest absolute value, infinite or NaN if any sample is.
pub(crate) fn largest(samples: &[f32]) -> f32 {
    // Without their sign, floats order as their bits do.
    let magnitude = |x: &f32| (x.to_bits() & 0x7fff_ffff) as i32;
    f32::from_bits(samples.iter().map(magnitude).fold(0, i32::max) as u32)
}

/// Smallest and largest of finite samples; (inf, -inf) of none.
pub(crate) fn extremes(samples: &[f32]) -> (f32, f32) {
    // Negative floats order against their bits: turned round, all order as whole numbers do. The
    // mapping is its own inverse.
    let turn = |bits: i32| bits ^ ((bits >> 31) & 0x7fff_ffff);
    let order = |x: f32| turn(x.to_bits() as i32);
    let none = (order(f32::INFINITY), order(f32::NEG_INFINITY));
    let (min, max) = samples.iter().fold(none, |(min, max), &x| {
        let x = order(x);
        (min.min(x), max.max(x))
    });
    let float = |x: i32| f32::from_bits(turn(x) as u32);
    (float(min), float(max))
}

/// Sum of the samples and of their squares.
pub(crate) fn moments(samples: &[f32]) -> (f64, f64) {
    let (mut sums, mut squares) = ([0.0; WIDTH], [0.0; WIDTH]);
    each(samples, |lanes| {
        for (i, x) in lanes.map(f64::from).into_iter().enumerate() {
            sums[i] += x;
            squares[i] += x * x;
        }
    });
    (sums.iter().sum(), squares.iter().sum())
}

/// Sum of the squares of the differences.
pub(crate) fn difference_energy(left: &[f32], right: &[f32]) -> f64 {
    let mut squares = [0.0; WIDTH];
    let (left, left_rest) = left.as_chunks::<WIDTH>();
    let (right, right_rest) = right.as_chunks::<WIDTH>();
    let mut add = |l: f32, r: f32, i: usize| {
        let difference = f64::from(l) - f64::from(r);
        squares[i] += difference * difference;
    };
    for (left, right) in left.iter().zip(right) {
        for i in 0..WIDTH {
            add(left[i], right[i], i);
        }
    }
    for (i, (&l, &r)) in left_rest.iter().zip(right_rest).enumerate() {
        add(l, r, i);
    }
    squares.iter().sum()
}

/// Sum of the products, sample by sample.
pub(crate) fn product(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0; WIDTH];
    let (a, a_rest) = a.as_chunks::<WIDTH>();
    let (b, b_rest) = b.as_chunks::<WIDTH>();
    for (a, b) in a.iter().zip(b) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += f64::from(a[i]) * f64::from(b[i]);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    sums.iter().sum::<f64>() + rest
}

/// Largest absolute difference of finite samples; finite too.
pub(crate) fn largest_difference(left: &[f32], right: &[f32]) -> f32 {
    let magnitude = |(l, r): (&f32, &f32)| ((l - r).to_bits() & 0x7fff_ffff) as i32;
    f32::from_bits(left.iter().zip(right).map(magnitude).fold(0, i32::max) as u32).min(f32::MAX)
}

/// Hands over the samples in groups, the last one filled up with zeros.
fn each(samples: &[f32], mut add: impl FnMut([f32; WIDTH])) {
    let (groups, rest) = samples.as_chunks();
    for group in groups {
        add(*group);
    }
    let mut last = [0.0; WIDTH];
    last[..rest.len()].copy_from_slice(rest);
    add(last);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_scans_read_what_plain_ones_do() {
        let left: Vec<f32> = (0..23).map(|n| (n as f32 * 1.7).sin()).collect();
        let right: Vec<f32> = (0..23).map(|n| (n as f32 * 0.3).cos() * 0.5).collect();
        for n in 0..left.len() {
            let (left, right) = (&left[..n], &right[..n]);
            let fold = |start, pick: fn(f32, f32) -> f32| left.iter().copied().fold(start, pick);
            let plain = (fold(f32::INFINITY, f32::min), fold(f32::NEG_INFINITY, f32::max));
            assert_eq!(extremes(left), plain);
            assert_eq!(largest(left), fold(0.0, |max, x| max.max(x.abs())));
            let (sum, energy) = moments(left);
            let plain = |f: fn(f64) -> f64| left.iter().map(|&x| f(x.into())).sum::<f64>();
            assert!((sum - plain(|x| x)).abs() < 1e-12);
            assert!((energy - plain(|x| x * x)).abs() < 1e-12);
            let differences = left.iter().zip(right).map(|(l, r)| l - r);
            let energy: f64 = differences.clone().map(|d| f64::from(d).powi(2)).sum();
            assert!((difference_energy(left, right) - energy).abs() < 1e-6);
            let products = left.iter().zip(right).map(|(&l, &r)| f64::from(l) * f64::from(r));
            assert!((product(left, right) - products.sum::<f64>()).abs() < 1e-12);
            let plain = differences.fold(0.0, |max: f32, d| max.max(d.abs()));
            assert_eq!(largest_difference(left, right), plain);
        }
        assert!(largest(&[0.0, f32::NAN]).is_nan() && largest(&[f32::NEG_INFINITY]).is_infinite());
    }
}
