//! The meters beside the transport: what comes out of each bus, block by block.
//!
//! They read what is played, after matching, so that what they say is what is heard. A reading is a
//! few sums over a block; windows over them (0.4 s, 3 s) are taken where they are shown. Loudness is
//! that of ITU-R BS.1770-5, by the same filters as the examination's.

use super::Bus;
use crate::block::Block;
use crate::measure::{Interpolator, KWeighting, TRUE_PEAK_MEMORY};

/// One bus over one block.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BusReading {
    /// K-weighted mean square, both channels added: the loudness is `10 lg` of it minus 0.691 LUFS.
    pub weighted: f64,
    /// Mean squares of left and right, and mean of their product.
    pub left: f64,
    /// See `left`.
    pub right: f64,
    /// See `left`.
    pub product: f64,
    /// True peak, linear: of what lies between the samples of this block and the end of the last.
    pub true_peak: f64,
}

/// Meters on all buses.
#[derive(Debug, Clone)]
pub struct Meters {
    buses: Vec<BusMeter>,
    interpolator: Interpolator,
}

#[derive(Debug, Clone)]
struct BusMeter {
    weighting: KWeighting,
    memory: [[f32; TRUE_PEAK_MEMORY]; 2],
}

impl Meters {
    /// Meters at rest, at `sample_rate` Hz.
    pub fn new(sample_rate: u32) -> Self {
        let bus = || BusMeter {
            weighting: KWeighting::new(sample_rate),
            memory: [[0.0; TRUE_PEAK_MEMORY]; 2],
        };
        Self {
            buses: Bus::ALL.iter().map(|_| bus()).collect(),
            interpolator: Interpolator::new(sample_rate),
        }
    }

    /// Reads the next block of each bus, as [`Renderer::process`](super::Renderer::process) fills
    /// them.
    pub fn read(&mut self, blocks: &[Block; Bus::COUNT]) -> [BusReading; Bus::COUNT] {
        let mut readings = [BusReading::default(); Bus::COUNT];
        for ((reading, meter), block) in readings.iter_mut().zip(&mut self.buses).zip(blocks) {
            if let [left, right] = &block.channels[..]
                && !left.is_empty()
            {
                *reading = meter.read([left, right], &self.interpolator);
            }
        }
        readings
    }
}

impl BusMeter {
    fn read(&mut self, sides: [&[f32]; 2], interpolator: &Interpolator) -> BusReading {
        let frames = sides[0].len() as f64;
        let energies = self.weighting.energies(sides);
        let product = |a: &[f32], b: &[f32]| {
            a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>() / frames
        };
        let [left, right] = sides;
        let peak = self.memory.iter_mut().zip(sides).fold(0.0, |peak, (memory, samples)| {
            let floor = samples.iter().fold(peak, |max: f32, x| max.max(x.abs()));
            interpolator.peak(memory, samples, floor)
        });
        BusReading {
            weighted: (energies.left + energies.right) / frames,
            left: product(left, left),
            right: product(right, right),
            product: product(left, right),
            true_peak: f64::from(peak),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{db_from_amplitude, db_from_power};
    use std::f64::consts::PI;

    /// The reading of a sine on bus 0, block by block of 1000 frames, the last of two seconds.
    fn settled(hz: f64, phase: f64, right: f32) -> BusReading {
        let mut meters = Meters::new(48_000);
        let mut last = BusReading::default();
        for block in 0..96 {
            let sine = |i: usize| {
                let t = (block * 1000 + i) as f64 / 48_000.0;
                (0.5 * (2.0 * PI * hz * t + phase).sin()) as f32
            };
            let left: Vec<f32> = (0..1000).map(sine).collect();
            let right = left.iter().map(|x| right * x).collect();
            let mut blocks: [Block; Bus::COUNT] = std::array::from_fn(|_| Block::default());
            blocks[0] = Block::from_planar(0, vec![left, right]);
            let readings = meters.read(&blocks);
            assert_eq!(readings[1], BusReading::default(), "an empty bus reads nothing");
            last = readings[0];
        }
        last
    }

    #[test]
    fn a_sine_reads_as_the_standards_have_it() {
        // EBU Tech 3341: a stereo sine of 1 kHz reads the level of its peaks.
        let reading = settled(1000.0, 0.0, 1.0);
        let lufs = db_from_power(reading.weighted) - 0.691;
        assert!((lufs + 6.02).abs() < 0.05, "{lufs}");
        assert!((reading.left - 0.125).abs() < 1e-3 && (reading.product - 0.125).abs() < 1e-3);
        // Case 16: fs/4 at 45 degrees, 0.354 by its samples.
        let peak_db = db_from_amplitude(settled(12_000.0, PI / 4.0, 1.0).true_peak);
        assert!((peak_db + 6.02).abs() < 0.1, "{peak_db}");
        assert!(settled(1000.0, 0.0, -1.0).product < -0.12, "upside down");
        assert_eq!(settled(1000.0, 0.0, 0.0).right, 0.0);
    }
}
