//! Interleaved bytes to planar samples, exactly, a buffer at a time.

use stemcheck_core::block::Block;

/// Byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    pub(crate) fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(crate) fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }
}

/// How one sample is stored. Fewer valid bits than the container holds are left-justified in it
/// (WAV and AIFF agree on that), so that they need no case of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    U8,
    I8,
    I16,
    I24,
    I32,
    F32,
    F64,
}

impl Sample {
    /// Width in bytes.
    pub(crate) fn bytes(self) -> u16 {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I24 => 3,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// Whether f32 cannot hold every value.
    fn is_finer_than_f32(self) -> bool {
        matches!(self, Self::I32 | Self::F64)
    }
}

/// How the samples of a file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coding {
    pub(crate) sample: Sample,
    pub(crate) order: Order,
}

/// 2^-31: what a left-justified 32-bit integer is scaled by. A power of two, so nothing is rounded.
const I32_SCALE: f64 = 1.0 / 2_147_483_648.0;

impl Coding {
    /// Gives `block` its `fine` vectors where the format needs them, keeping their memory.
    pub(crate) fn shape(self, block: &mut Block, start: u64, channels: usize, frames: usize) {
        let mut fine = std::mem::take(&mut block.fine);
        block.reset(start, channels, frames);
        if self.sample.is_finer_than_f32() {
            fine.resize_with(channels, Vec::new);
            for channel in &mut fine {
                channel.resize(frames, 0.0);
            }
            block.fine = fine;
        }
    }

    /// Converts whole frames of `bytes` into `block`, from its frame `at` on.
    pub(crate) fn decode(self, bytes: &[u8], block: &mut Block, at: usize) {
        let out = &mut block.channels;
        match (self.sample, self.order) {
            (Sample::U8, _) => spread(bytes, out, at, |[v]| (f32::from(v) - 128.0) / 128.0),
            (Sample::I8, _) => spread(bytes, out, at, |v| f32::from(i8::from_le_bytes(v)) / 128.0),
            (Sample::I16, Order::Little) => spread(bytes, out, at, |v| i16(i16::from_le_bytes(v))),
            (Sample::I16, Order::Big) => spread(bytes, out, at, |v| i16(i16::from_be_bytes(v))),
            (Sample::I24, Order::Little) => spread(bytes, out, at, |[a, b, c]| i24([0, a, b, c])),
            (Sample::I24, Order::Big) => spread(bytes, out, at, |[a, b, c]| i24([0, c, b, a])),
            (Sample::F32, Order::Little) => spread(bytes, out, at, f32::from_le_bytes),
            (Sample::F32, Order::Big) => spread(bytes, out, at, f32::from_be_bytes),
            (Sample::I32, Order::Little) => both(bytes, block, at, |v| i32(i32::from_le_bytes(v))),
            (Sample::I32, Order::Big) => both(bytes, block, at, |v| i32(i32::from_be_bytes(v))),
            (Sample::F64, Order::Little) => both(bytes, block, at, f64::from_le_bytes),
            (Sample::F64, Order::Big) => both(bytes, block, at, f64::from_be_bytes),
        }
    }
}

fn i16(v: i16) -> f32 {
    f32::from(v) / 32_768.0
}

/// 24 bits in the upper bytes of 32: f32 holds them all.
fn i24(left_justified: [u8; 4]) -> f32 {
    i32::from_le_bytes(left_justified) as f32 * I32_SCALE as f32
}

fn i32(v: i32) -> f64 {
    f64::from(v) * I32_SCALE
}

/// The nearest f32 in `channels`, what it lacks in `fine`.
fn both<const W: usize>(
    bytes: &[u8],
    block: &mut Block,
    at: usize,
    value: impl Fn([u8; W]) -> f64,
) {
    spread(bytes, &mut block.channels, at, |v| coarse(value(v)));
    spread(bytes, &mut block.fine, at, |v| {
        let (exact, coarse) = (value(v), f64::from(coarse(value(v))));
        // A NaN or an infinity is already whole.
        if exact.is_finite() { exact - coarse } else { 0.0 }
    });
}

/// The nearest f32; finite values stay finite, so that the rest can be told.
pub(crate) fn coarse(v: f64) -> f32 {
    let nearest = v as f32;
    if v.is_finite() { nearest.clamp(f32::MIN, f32::MAX) } else { nearest }
}

/// De-interleaves samples of `W` bytes into `out` from frame `at` on.
fn spread<const W: usize, T>(
    bytes: &[u8],
    out: &mut [Vec<T>],
    at: usize,
    value: impl Fn([u8; W]) -> T,
) {
    let (samples, _) = bytes.as_chunks::<W>();
    match out {
        [one] => fill(one, at, samples, |v| value(*v)),
        // Stereo is nearly every file: a fixed stride lets the compiler use vector loads.
        [left, right] => {
            let (frames, _) = samples.as_chunks::<2>();
            fill(left, at, frames, |[v, _]| value(*v));
            fill(right, at, frames, |[_, v]| value(*v));
        }
        _ => {
            let stride = out.len();
            for (c, channel) in out.iter_mut().enumerate() {
                fill(channel, at, samples.iter().skip(c).step_by(stride), |v| value(*v));
            }
        }
    }
}

fn fill<'a, U: 'a, T>(
    channel: &mut [T],
    at: usize,
    stored: impl IntoIterator<Item = &'a U>,
    value: impl Fn(&'a U) -> T,
) {
    let rest = channel.get_mut(at..).unwrap_or_default();
    for (sample, stored) in rest.iter_mut().zip(stored) {
        *sample = value(stored);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<f64> {
        let frames = bytes.len() / usize::from(coding.sample.bytes());
        let mut block = Block::default();
        coding.shape(&mut block, 0, 1, frames);
        coding.decode(bytes, &mut block, 0);
        (0..frames).map(|i| block.sample(0, i)).collect()
    }

    fn little(sample: Sample) -> Coding {
        Coding { sample, order: Order::Little }
    }

    fn big(sample: Sample) -> Coding {
        Coding { sample, order: Order::Big }
    }

    #[test]
    fn full_scale_and_smallest_step_of_every_integer() {
        assert_eq!(
            decoded(little(Sample::U8), &[0, 128, 129, 255]),
            [-1.0, 0.0, 1.0 / 128.0, 127.0 / 128.0]
        );
        assert_eq!(decoded(big(Sample::I8), &[0x80, 0, 1]), [-1.0, 0.0, 1.0 / 128.0]);
        assert_eq!(decoded(little(Sample::I16), &[0, 0x80, 1, 0]), [-1.0, 1.0 / 32_768.0]);
        let step = 1.0 / 8_388_608.0;
        assert_eq!(decoded(little(Sample::I24), &[0, 0, 0x80, 1, 0, 0]), [-1.0, step]);
        assert_eq!(
            decoded(big(Sample::I24), &[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff]),
            [1.0 - step, -step]
        );
        assert_eq!(decoded(big(Sample::I32), &[0x7f, 0xff, 0xff, 0xff]), [1.0 - I32_SCALE]);
    }

    #[test]
    fn every_double_is_exact_in_two_parts() {
        let values = [
            0.1,
            -1.0 / 3.0,
            1e-300,
            f64::from(f32::MIN_POSITIVE) / 3.0,
            1e39,
            -1e300,
            f64::MAX,
            2f64.powi(128) * 1.5,
            3.402_823_6e38,
        ];
        for (coding, bytes) in [
            (little(Sample::F64), values.map(f64::to_le_bytes)),
            (big(Sample::F64), values.map(f64::to_be_bytes)),
        ] {
            assert_eq!(decoded(coding, bytes.as_flattened()), values);
        }
    }

    #[test]
    fn infinities_and_nan_survive() {
        let bytes = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN].map(f64::to_le_bytes);
        let read = decoded(little(Sample::F64), bytes.as_flattened());
        assert_eq!(read[..2], [f64::INFINITY, f64::NEG_INFINITY]);
        assert!(read[2].is_nan());
    }

    #[test]
    fn a_block_of_another_format_leaves_nothing_behind() {
        let mut block = Block::default();
        little(Sample::I32).shape(&mut block, 0, 2, 3);
        assert_eq!(block.fine.len(), 2);
        little(Sample::I16).shape(&mut block, 0, 2, 3);
        assert!(block.fine.is_empty());
    }
}
