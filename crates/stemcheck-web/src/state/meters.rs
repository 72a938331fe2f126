//! The meters beside the transport: windows over what the renderer read of each block that was heard.
//!
//! Momentary and short-term loudness are those of EBU Tech 3341: rectangular windows of 0.4 s and 3 s.

use std::collections::VecDeque;

use stemcheck_session::core::preview::{Bus, BusReading};
use stemcheck_session::core::units::{db_from_amplitude, db_from_power};

/// Windows in seconds.
const MOMENTARY_S: f64 = 0.4;
const SHORT_TERM_S: f64 = 3.0;
const CORRELATION_S: f64 = 0.4;
const REDUCTION_S: f64 = 0.3;

/// Below this, there is silence and nothing to correlate: -90 dBFS.
const SILENCE: f64 = 1e-9;

/// A block that was heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Played {
    frames: f64,
    /// Of the stems' chain and of the reference's, in dB.
    compressor_db: [f64; 2],
    limiter_db: [f64; 2],
    buses: [BusReading; Bus::COUNT],
}

impl Played {
    /// From the numbers that the renderer sent along.
    pub fn read(numbers: &[f64]) -> Option<Self> {
        let (&[frames, c0, c1, l0, l1], buses) = numbers.split_first_chunk::<5>()?;
        let (buses, _) = buses.as_chunks::<5>();
        let reading = |&[weighted, left, right, product, true_peak]: &[f64; 5]| BusReading {
            weighted,
            left,
            right,
            product,
            true_peak,
        };
        let buses: Vec<BusReading> = buses.iter().map(reading).collect();
        Some(Self {
            frames,
            compressor_db: [c0, c1],
            limiter_db: [l0, l1],
            buses: buses.try_into().ok()?,
        })
    }
}

/// What the meters show.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shown {
    /// LUFS; `None` = silence.
    pub momentary_lufs: Option<f64>,
    /// LUFS; `None` = silence.
    pub short_term_lufs: Option<f64>,
    /// Highest of the last three seconds, dBTP; `None` = silence.
    pub true_peak_dbtp: Option<f64>,
    /// -1 to 1; `None` = silence on a side.
    pub correlation: Option<f64>,
    /// What glue compressor and limiter hold back, in dB; `None` on a bus without a chain.
    pub reduction_db: Option<[f64; 2]>,
}

/// What was heard in the last three seconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meters {
    blocks: VecDeque<Played>,
}

impl Meters {
    /// Another block was heard.
    pub fn push(&mut self, block: Played, sample_rate: u32) {
        self.blocks.push_front(block);
        let mut frames = 0.0;
        let most = SHORT_TERM_S * f64::from(sample_rate);
        self.blocks.retain(|block| {
            let within = frames < most;
            frames += block.frames;
            within
        });
    }

    /// Nothing was heard: it plays elsewhere now.
    pub fn clear(&mut self) {
        self.blocks.clear();
    }

    /// What is to be shown of a bus.
    pub fn shown(&self, bus: Bus, sample_rate: u32) -> Shown {
        let rate = f64::from(sample_rate);
        let at = bus as usize;
        let mean = |seconds: f64, value: fn(&BusReading) -> f64| {
            let (mut left, mut sum) = (seconds * rate, 0.0);
            for block in &self.blocks {
                let part = block.frames.min(left);
                sum += part * value(&block.buses[at]);
                left -= part;
            }
            // What was not heard yet counts as silence, as at the start of a file.
            sum / (seconds * rate)
        };
        let lufs = |power: f64| (power > SILENCE).then(|| db_from_power(power) - 0.691);
        let last = |seconds: f64| {
            let mut age = 0.0;
            self.blocks.iter().take_while(move |block| {
                let recent = age < seconds * rate;
                age += block.frames;
                recent
            })
        };
        let peak = last(SHORT_TERM_S).fold(0.0, |peak: f64, it| peak.max(it.buses[at].true_peak));
        let [left, right, product] =
            [|it: &BusReading| it.left, |it: &BusReading| it.right, |it: &BusReading| it.product]
                .map(|value| mean(CORRELATION_S, value));
        let most = |of: fn(&Played) -> [f64; 2], chain: usize| {
            last(REDUCTION_S).fold(0.0, |most: f64, block| most.max(of(block)[chain]))
        };
        Shown {
            momentary_lufs: lufs(mean(MOMENTARY_S, |it| it.weighted)),
            short_term_lufs: lufs(mean(SHORT_TERM_S, |it| it.weighted)),
            true_peak_dbtp: (peak * peak > SILENCE).then(|| db_from_amplitude(peak)),
            correlation: (left.min(right) > SILENCE).then(|| product / (left * right).sqrt()),
            reduction_db: bus
                .chain()
                .map(|chain| [most(|it| it.compressor_db, chain), most(|it| it.limiter_db, chain)]),
        }
    }
}

/// Lowest and highest frequency of the spectrum in Hz, and its range in dB.
const SPECTRUM_HZ: (f64, f64) = (30.0, 20_000.0);
const SPECTRUM_DB: (f32, f32) = (-100.0, -20.0);

/// Heights, 0 to 1, of so many columns of a spectrum, bass to treble: `bins` are levels in dB, evenly
/// spaced up to half the sample rate.
pub fn spectrum(bins: &[f32], sample_rate: u32, columns: usize) -> Vec<f32> {
    let (low, high) = SPECTRUM_HZ;
    let octaves = (high / low).ln() / columns.max(1) as f64;
    let bin = |column: usize| {
        let hz = low * (octaves * column as f64).exp();
        (hz / (f64::from(sample_rate) / 2.0) * bins.len() as f64) as usize
    };
    let (floor, top) = SPECTRUM_DB;
    let height = |column: usize| {
        // Where columns are finer than bins, the nearest one.
        let from = bin(column);
        let to = bin(column + 1).max(from + 1);
        let loudest = bins.iter().take(to).skip(from).fold(floor, |max, db| max.max(*db));
        ((loudest - floor) / (top - floor)).clamp(0.0, 1.0)
    };
    (0..columns).map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of 20 ms at 48 kHz with the same on every bus.
    fn block(weighted: f64, product: f64, limiter_db: f64) -> Played {
        let bus = [weighted, 0.1, 0.1, product, 0.5];
        let chains = [0.0, 0.0, limiter_db, 0.0];
        let numbers: Vec<f64> =
            [960.0].into_iter().chain(chains).chain([bus; Bus::COUNT].concat()).collect();
        Played::read(&numbers).expect("all numbers are there")
    }

    #[test]
    fn windows_are_those_of_the_standard() {
        let mut meters = Meters::default();
        assert_eq!(meters.shown(Bus::Stems, 48_000), Shown::default());
        // 1 s of -20.691 LUFS, then 0.2 s of silence.
        for at in 0..60 {
            meters.push(block(if at < 50 { 0.01 } else { 0.0 }, 0.1, 0.0), 48_000);
        }
        let shown = meters.shown(Bus::Stems, 48_000);
        let off = |lufs: Option<f64>, expected: f64| (lufs.unwrap() - expected).abs();
        assert!(off(shown.momentary_lufs, -20.691 - 3.01) < 0.01);
        assert!(off(shown.short_term_lufs, -20.691 - 4.77) < 0.01);
        assert!(off(shown.true_peak_dbtp, -6.02) < 0.01);
        for _ in 0..200 {
            meters.push(block(0.0, 0.1, 0.0), 48_000);
        }
        assert_eq!(meters.shown(Bus::Stems, 48_000).short_term_lufs, None);
        assert!(meters.blocks.len() <= 151, "no more is kept than is shown");
    }

    #[test]
    fn correlation_and_reduction_are_of_the_bus_that_is_heard() {
        let mut meters = Meters::default();
        for at in 0..30 {
            meters.push(block(0.01, -0.1, if at == 20 { 4.0 } else { 1.0 }), 48_000);
        }
        let shown = meters.shown(Bus::Master, 48_000);
        assert!((shown.correlation.unwrap() + 1.0).abs() < 1e-9);
        assert_eq!(shown.reduction_db, Some([0.0, 4.0]));
        assert_eq!(meters.shown(Bus::Stems, 48_000).reduction_db, None);
        assert_eq!(meters.shown(Bus::ReferenceMaster, 48_000).reduction_db, Some([0.0, 0.0]));
        meters.clear();
        assert_eq!(meters.shown(Bus::Master, 48_000).momentary_lufs, None);
    }

    #[test]
    fn a_tone_stands_in_its_own_column() {
        let mut bins = vec![-120.0; 2048];
        // 1 kHz at 48 kHz.
        bins[85] = -20.0;
        let columns = spectrum(&bins, 48_000, 40);
        let at = columns.iter().position(|height| *height > 0.99);
        // ln(1000 / 30) / ln(20000 / 30) of the way.
        assert_eq!(at, Some(21));
        assert_eq!(columns.iter().filter(|height| **height > 0.0).count(), 1);
        assert_eq!(spectrum(&[], 48_000, 3), [0.0; 3]);
    }

    #[test]
    fn a_message_of_another_version_is_no_block() {
        assert_eq!(Played::read(&[1.0; 29]), None);
        assert!(Played::read(&[1.0; 30]).is_some());
    }
}
