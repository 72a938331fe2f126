//! Adds the stems, subtracts the reference. Decides what a sample is worth; knows nothing of causes.

use crate::block::Block;

/// Beyond this a float sample is damage, not sound (+240 dBFS): like NaN it would drown all else.
pub(super) const LARGEST_SAMPLE: f64 = 1e12;

/// A sample as far as a sum is concerned: what is not a number counts as silence (the meters report
/// it), so that one bad sample does not spoil the whole song's figures.
fn sound(x: f64) -> f64 {
    if x.abs() < LARGEST_SAMPLE { x } else { 0.0 }
}

/// Adds `gain` times the sound of one side (0 left, 1 right) of `block` to `out`, which begins at
/// frame `start`; frames that the block does not hold add nothing.
pub(super) fn add_side(block: &Block, side: usize, start: u64, gain: f64, out: &mut [f64]) {
    let channel = block.side(side);
    let Some(coarse) = block.channels.get(channel) else { return };
    let skip_in = start.saturating_sub(block.start) as usize;
    let skip_out = block.start.saturating_sub(start) as usize;
    let (Some(coarse), Some(out)) = (coarse.get(skip_in..), out.get_mut(skip_out..)) else {
        return;
    };
    match block.fine.get(channel).and_then(|fine| fine.get(skip_in..)) {
        None => {
            for (sum, &x) in out.iter_mut().zip(coarse) {
                *sum += gain * sound(f64::from(x));
            }
        }
        Some(fine) => {
            for ((sum, &x), &rest) in out.iter_mut().zip(coarse).zip(fine) {
                *sum += gain * sound(f64::from(x) + rest);
            }
        }
    }
}

/// Adds the stems and subtracts the reference, in f64, at unity gain; mono feeds both sides, of more
/// than two channels the first two count. `sum` and `residual` become stereo of `frames` from `start`;
/// stems and reference that end early are silent from there on.
///
/// Samples that are not finite count as silence.
pub fn sum(
    stems: &[&Block],
    reference: Option<&Block>,
    start: u64,
    frames: usize,
    sum: &mut Block,
    residual: &mut Block,
) {
    sum.reset(start, 2, frames);
    residual.reset(start, 2, frames);
    let mut total = vec![0.0; frames];
    for side in 0..2 {
        total.fill(0.0);
        for stem in stems {
            add_side(stem, side, start, 1.0, &mut total);
        }
        store(&total, &mut sum.channels[side]);
        if let Some(reference) = reference {
            add_side(reference, side, start, -1.0, &mut total);
        }
        store(&total, &mut residual.channels[side]);
    }
}

fn store(exact: &[f64], out: &mut [f32]) {
    for (out, &x) in out.iter_mut().zip(exact) {
        *out = x as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stereo(left: &[f32], right: &[f32]) -> Block {
        Block::from_planar(0, vec![left.to_vec(), right.to_vec()])
    }

    #[test]
    fn mono_feeds_both_sides_and_short_files_end_in_silence() {
        let mono = Block::from_planar(0, vec![vec![0.5, 0.25]]);
        let wide = stereo(&[0.1, 0.1, 0.1], &[-0.1, -0.1, -0.1]);
        let reference = stereo(&[0.6, 0.35], &[0.4, 0.15]);
        let (mut total, mut residual) = (Block::default(), Block::default());
        sum(&[&mono, &wide], Some(&reference), 0, 3, &mut total, &mut residual);
        assert_eq!(total.channels[0], [0.6, 0.35, 0.1]);
        assert_eq!(total.channels[1], [0.4, 0.15, -0.1]);
        assert!(residual.channels[0][..2].iter().all(|x| x.abs() < 1e-7));
        assert_eq!(residual.channels[0][2], 0.1);
    }

    #[test]
    fn fine_parts_count_and_broken_samples_do_not() {
        let mut exact = Block::from_planar(0, vec![vec![1.0, f32::NAN, f32::INFINITY, 0.5]]);
        exact.fine = vec![vec![f64::from(2_f32.powi(-30)), 0.0, 0.0, 0.0]];
        let reference = Block::from_planar(0, vec![vec![1.0, 0.0, 0.0, 0.5]]);
        let (mut total, mut residual) = (Block::default(), Block::default());
        sum(&[&exact], Some(&reference), 0, 4, &mut total, &mut residual);
        assert_eq!(residual.channels[0], [2_f32.powi(-30), 0.0, 0.0, 0.0]);
    }

    #[test]
    fn blocks_that_begin_elsewhere_keep_their_place() {
        let late = Block::from_planar(12, vec![vec![1.0, 1.0]]);
        let early = Block::from_planar(8, vec![vec![1.0; 4]]);
        let (mut total, mut residual) = (Block::default(), Block::default());
        sum(&[&late, &early], None, 10, 4, &mut total, &mut residual);
        assert_eq!(total.channels[1], [1.0, 1.0, 1.0, 1.0]);
        assert_eq!(residual, total);
    }
}
