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
mod meters;
mod mixer;
mod oversample;
mod strip;

pub use chain::Chain;
pub use meters::{BusReading, Meters};
pub use strip::Strip;

use crate::block::Block;
use crate::units::db_from_amplitude;
use chain::Master;
use limiter::Delay;
use mixer::{Mixer, RAMP_S, Ramp, gain_from_db};

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Bus {
    /// The stems through their faders.
    #[default]
    Stems,
    /// The reference mix.
    Reference,
    /// Stems minus reference: what does not cancel.
    Difference,
    /// The stems through the rough mastering chain: stem mastering.
    Master,
    /// The reference through the same chain: stereo mastering.
    ReferenceMaster,
}

impl Bus {
    /// How many there are.
    pub const COUNT: usize = 5;
    /// All of them, in the order of [`Renderer::process`]'s output.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Stems, Self::Reference, Self::Difference, Self::Master, Self::ReferenceMaster];

    /// Which of the two chains it goes through, the stems' first; `None` if neither.
    pub fn chain(self) -> Option<usize> {
        [Self::Master, Self::ReferenceMaster].into_iter().position(|master| master == self)
    }

    /// Whether there is nothing on it without a reference mix.
    pub fn needs_reference(self) -> bool {
        matches!(self, Self::Reference | Self::Difference | Self::ReferenceMaster)
    }
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
    /// Its own equaliser and compressor.
    pub strip: Strip,
}

impl Fader {
    /// Whether its stem is heard, where some stem of the mix is soloed or none.
    pub fn is_heard(&self, any_solo: bool) -> bool {
        !self.mute && (self.solo || !any_solo)
    }
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
    pub match_db: [f64; Bus::COUNT],
}

impl Mix {
    /// Faders at unity, the default chain without drive, unmatched.
    pub fn unity(stems: usize) -> Self {
        Self {
            faders: vec![Fader::default(); stems],
            chain: Chain::default(),
            match_db: [0.0; Bus::COUNT],
        }
    }
}

/// How much the two chains held back, the stems' first and then the reference's: the most since it was
/// last asked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Readings {
    /// Largest gain reduction of the glue compressor in dB, 0 or more.
    pub compressor_db: [f64; 2],
    /// Largest gain reduction of the limiter in dB, 0 or more.
    pub limiter_db: [f64; 2],
}

/// Two channels of one length.
type Stereo = [Vec<f64>; 2];

/// Renders the buses. A clone goes on from the same moment in the same way.
#[derive(Debug, Clone)]
pub struct Renderer {
    mixer: Mixer,
    /// Of the stems and of the reference.
    masters: [Master; 2],
    /// Stems, reference and difference, made as late as the masters are by themselves.
    delays: [Delay; 3],
    matching: [Ramp; Bus::COUNT],
    ramp_frames: usize,
    /// Whether anything was rendered since the last reset: before that, settings apply at once.
    running: bool,
    buses: [Stereo; Bus::COUNT],
    gains: Vec<f64>,
}

impl Renderer {
    /// A renderer for so many stems at `sample_rate` Hz, blocks of up to `max_frames`.
    pub fn new(sample_rate: u32, stems: usize, max_frames: usize) -> Self {
        let max_frames = max_frames.max(1);
        let masters = std::array::from_fn(|_| Master::new(sample_rate, max_frames));
        let latency = masters[0].limiter.latency_frames();
        let mut renderer = Self {
            mixer: Mixer::new(sample_rate, stems, max_frames),
            masters,
            delays: std::array::from_fn(|_| Delay::new(latency)),
            matching: [Ramp::new(1.0); Bus::COUNT],
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
        let drives_db = [mix.chain.drive_db, mix.chain.reference_drive_db];
        for (master, drive_db) in self.masters.iter_mut().zip(drives_db) {
            master.set(&mix.chain, drive_db, ramp);
        }
        for (gain, &db) in self.matching.iter_mut().zip(&mix.match_db) {
            gain.go(gain_from_db(db), ramp);
        }
    }

    /// Forgets all state (filters, look-ahead, ramps, readings): for a seek.
    pub fn reset(&mut self) {
        self.mixer.reset();
        self.masters.iter_mut().for_each(Master::reset);
        self.delays.iter_mut().for_each(Delay::reset);
        self.matching.iter_mut().for_each(Ramp::arrive);
        self.running = false;
    }

    /// Frames by which every bus is late: the limiter's look-ahead. All buses are equally late, so
    /// they stay sample-locked.
    pub fn latency_frames(&self) -> usize {
        self.masters[0].limiter.latency_frames()
    }

    /// Renders one block: `stems[i]` and `reference` of equal frames (mono or stereo; a missing
    /// reference is silence), `out[b]` becomes stereo of the same frames, in the order of [`Bus::ALL`].
    ///
    /// Allocates nothing, once the blocks of `out` have held so many frames. Files of unequal length
    /// are silent after their end, NaN and infinities are silent, of more than two channels the first
    /// two are heard.
    pub fn process(
        &mut self,
        stems: &[Block],
        reference: Option<&Block>,
        out: &mut [Block; Bus::COUNT],
    ) {
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
        let [sum, mix, difference, master, mix_master] =
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
            mix_master[side].copy_from_slice(mix[side]);
            for (i, d) in difference[side].iter_mut().enumerate() {
                *d = sum[side][i] - mix[side][i];
            }
        }

        let [of_stems, of_reference] = &mut self.masters;
        of_stems.process(master);
        if reference.is_some() {
            of_reference.process(mix_master);
        }
        for (delay, bus) in self.delays.iter_mut().zip([sum, mix, difference]) {
            delay.process(bus);
        }
    }

    /// How much the chains held back since they were last asked.
    pub fn take_readings(&mut self) -> Readings {
        let masters = &mut self.masters;
        Readings {
            compressor_db: masters.each_mut().map(|it| it.compressor.take_reduction_db()),
            limiter_db: masters
                .each_mut()
                .map(|it| 0.0 - db_from_amplitude(it.limiter.take_gain())),
        }
    }
}

#[cfg(test)]
mod tests;
