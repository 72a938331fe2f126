//! The rough preview: what is heard when stems, reference, difference or rough master are played.
//!
//! Runs on blocks of frames in real time: [`Renderer::new`] allocates, [`Renderer::process`] does
//! not. The output does not depend on the sizes of the blocks, and it is the same to the last bit
//! natively and in WebAssembly. Does not read files and does not know the clock; see
//! stemcheck-session and stemcheck-web.

mod chain;
mod compressor;
pub mod dither;
mod eq;
mod limiter;
mod mixer;
mod oversample;

pub use chain::Chain;

use crate::block::Block;
use crate::units::db_from_amplitude;
use chain::Master;
use limiter::Delay;
use mixer::{Mixer, RAMP_S, Ramp, gain_from_db};

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Bus {
    /// The stems through their faders.
    #[default]
    Stems,
    /// The reference mix.
    Reference,
    /// Stems minus reference: what does not cancel.
    Difference,
    /// The stems through the rough mastering chain.
    Master,
}

impl Bus {
    /// All of them, in the order of [`Renderer::process`]'s output and of the keys 1 to 4.
    pub const ALL: [Self; 4] = [Self::Stems, Self::Reference, Self::Difference, Self::Master];
}

/// One stem's fader.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fader {
    /// dB.
    pub gain_db: f64,
    /// Silenced.
    pub mute: bool,
    /// If any stem is soloed, only soloed ones are heard; a muted one stays silent.
    pub solo: bool,
}

/// Everything that can change while it plays; changes are ramped within 10 ms.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mix {
    /// One per stem.
    pub faders: Vec<Fader>,
    /// The chain.
    pub chain: Chain,
    /// Gain of each bus in dB for equal loudness, in the order of [`Bus::ALL`]; all 0 = unmatched.
    pub match_db: [f64; 4],
}

impl Mix {
    /// Faders at unity, the default chain without drive, unmatched.
    pub fn unity(stems: usize) -> Self {
        Self { faders: vec![Fader::default(); stems], chain: Chain::default(), match_db: [0.0; 4] }
    }
}

/// What the meters beside the transport show: extremes since they were last read.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Readings {
    /// Sample peak of each bus, linear, in the order of [`Bus::ALL`], before matching.
    pub peaks: [f64; 4],
    /// True peak of the rough master, linear, before matching; of one that is too quiet to come near
    /// its ceiling, the sample peak.
    pub true_peak: f64,
    /// Largest gain reduction of the glue compressor in dB, 0 or more.
    pub compressor_db: f64,
    /// Largest gain reduction of the limiter in dB, 0 or more.
    pub limiter_db: f64,
}

/// Two channels of one length.
type Stereo = [Vec<f64>; 2];

/// Renders the four buses.
#[derive(Debug)]
pub struct Renderer {
    mixer: Mixer,
    master: Master,
    /// Stems, reference and difference, made as late as the master is by itself.
    delays: [Delay; 3],
    matching: [Ramp; 4],
    peaks: [f64; 4],
    ramp_frames: usize,
    /// Whether anything was rendered since the last reset: before that, settings apply at once.
    running: bool,
    buses: [Stereo; 4],
    gains: Vec<f64>,
}

impl Renderer {
    /// A renderer for so many stems at `sample_rate` Hz, blocks of up to `max_frames`.
    pub fn new(sample_rate: u32, stems: usize, max_frames: usize) -> Self {
        let max_frames = max_frames.max(1);
        let master = Master::new(sample_rate, max_frames);
        let latency = master.limiter.latency_frames();
        let mut renderer = Self {
            mixer: Mixer::new(stems),
            master,
            delays: std::array::from_fn(|_| Delay::new(latency)),
            matching: [Ramp::new(1.0); 4],
            peaks: [0.0; 4],
            ramp_frames: (RAMP_S * f64::from(sample_rate)).round().max(1.0) as usize,
            running: false,
            buses: std::array::from_fn(|_| std::array::from_fn(|_| vec![0.0; max_frames])),
            gains: vec![0.0; max_frames],
        };
        renderer.set(&Mix::unity(stems));
        renderer
    }

    /// Takes new settings; heard within 10 ms, without a click. Before the first block, and before
    /// the first one after [`Self::reset`], they hold at once.
    pub fn set(&mut self, mix: &Mix) {
        let ramp = if self.running { self.ramp_frames } else { 0 };
        self.mixer.set(&mix.faders, ramp);
        self.master.set(&mix.chain, ramp);
        for (gain, &db) in self.matching.iter_mut().zip(&mix.match_db) {
            gain.go(gain_from_db(db), ramp);
        }
    }

    /// Forgets all state (filters, look-ahead, ramps, readings): for a seek.
    pub fn reset(&mut self) {
        self.mixer.arrive();
        self.master.reset();
        self.delays.iter_mut().for_each(Delay::reset);
        self.matching.iter_mut().for_each(Ramp::arrive);
        self.peaks = [0.0; 4];
        self.running = false;
    }

    /// Frames by which every bus is late: the limiter's look-ahead. All buses are equally late, so
    /// they stay sample-locked.
    pub fn latency_frames(&self) -> usize {
        self.master.limiter.latency_frames()
    }

    /// Renders one block: `stems[i]` and `reference` of equal frames (mono or stereo; a missing
    /// reference is silence), `out[b]` becomes stereo of the same frames, in the order of [`Bus::ALL`].
    ///
    /// Allocates nothing, once the blocks of `out` have held so many frames. Files of unequal length
    /// are silent after their end, NaN and infinities are silent, of more than two channels the first
    /// two are heard.
    pub fn process(&mut self, stems: &[Block], reference: Option<&Block>, out: &mut [Block; 4]) {
        let inputs = || stems.iter().chain(reference);
        let start = inputs().next().map_or(0, |block| block.start);
        let frames = inputs().map(Block::frames).max().unwrap_or(0);
        for block in &mut *out {
            block.reset(start, 2, frames);
        }
        let longest = self.gains.len();
        for from in (0..frames).step_by(longest) {
            self.render(stems, reference, from, longest.min(frames - from));
            for ((bus, gain), block) in self.buses.iter().zip(&mut self.matching).zip(&mut *out) {
                let gains = &mut self.gains[..longest.min(frames - from)];
                gain.fill(gains);
                for (samples, to) in bus.iter().zip(&mut block.channels) {
                    for ((to, &x), &gain) in to[from..].iter_mut().zip(samples).zip(&*gains) {
                        *to = (x * gain) as f32;
                    }
                }
            }
        }
        self.running |= frames > 0;
    }

    /// Renders `frames` frames from index `from` on into `self.buses`.
    fn render(&mut self, stems: &[Block], reference: Option<&Block>, from: usize, frames: usize) {
        let [sum, mix, difference, master] =
            self.buses.each_mut().map(|bus| bus.each_mut().map(|side| &mut side[..frames]));
        let gains = &mut self.gains[..frames];

        let [left, right] = sum;
        self.mixer.sum(stems, from, [&mut *left, &mut *right], gains);
        let sum = [left, right];
        gains.fill(1.0);
        for side in 0..2 {
            mix[side].fill(0.0);
            if let Some(reference) = reference {
                mixer::add(reference, side, from, mix[side], gains);
            }
            master[side].copy_from_slice(sum[side]);
            for (i, d) in difference[side].iter_mut().enumerate() {
                *d = sum[side][i] - mix[side][i];
            }
        }

        self.master.process(master);
        for (delay, bus) in self.delays.iter_mut().zip([sum, mix, difference]) {
            delay.process(bus);
        }
        self.read_meters(frames);
    }

    fn read_meters(&mut self, frames: usize) {
        for (peak, [left, right]) in self.peaks.iter_mut().zip(&self.buses) {
            let sides = left[..frames].iter().zip(&right[..frames]);
            *peak = sides.fold(*peak, |peak, (l, r)| peak.max(l.abs().max(r.abs())));
        }
    }

    /// What the meters show since they were last asked.
    pub fn take_readings(&mut self) -> Readings {
        Readings {
            peaks: std::mem::take(&mut self.peaks),
            true_peak: self.master.limiter.take_true_peak(),
            compressor_db: self.master.compressor.take_reduction_db(),
            limiter_db: 0.0 - db_from_amplitude(self.master.limiter.take_gain()),
        }
    }
}

#[cfg(test)]
mod tests;
