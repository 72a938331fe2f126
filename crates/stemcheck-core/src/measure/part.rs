//! What one stretch of a file yields, and how two neighbours join. Holds no samples, only what the
//! windows sum up and the low end at a low rate: about 4 kB a second at 48 kHz.

use super::ceiling::CeilingPart;
use super::dynamics::{self, Limiting, Loudest};
use super::edges::Edges;
use super::hum;
use super::lookaround::Found;
use super::loudness::{self, Loudness};
use super::low::Low;
use super::mono::MonoPart;
use super::occupancy::Occupancy;
use super::runs::{RunPart, Runs};
use super::series::Series;
use super::silence::Extent;
use super::stereo::StereoPart;
use super::tops::CutTops;
use super::true_peak::{Interpolator, MEMORY};
use super::waveform::Waveform;
use super::word::{Fingerprint, Step};
use super::{Measurements, Stream};
use crate::units::db_from_amplitude;

/// Samples of a run that counts as clipping: the least that practice has agreed on.
const CLIPPING_SAMPLES: u64 = 3;

/// Words of so many bits have flat tops by nature, where notes are low.
const FEW_BITS: u16 = 20;

/// Everything that was measured over one segment; joins with its neighbour.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FilePart {
    pub(super) stream: Stream,
    /// The frames that are in: `start..end`.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) channels: Vec<ChannelPart>,
    /// K-weighted energies, weighted and summed over the channels.
    pub(super) energies: Series<f64>,
    /// `None` for mono.
    pub(super) stereo: Option<StereoPart>,
    pub(super) step: Step,
    pub(super) fingerprint: Fingerprint,
    /// Where there is anything but zeros.
    pub(super) nonzero: Extent,
    /// Where there is sound.
    pub(super) sound: Extent,
    pub(super) edges: Edges,
    pub(super) waveform: Waveform,
    pub(super) ceiling: CeilingPart,
    /// `None` for mono.
    pub(super) mono: Option<MonoPart>,
    /// Peaks of the windows of `energies`, over all channels.
    pub(super) peaks: Series<Loudest>,
    pub(super) occupancy: Occupancy,
    pub(super) found: Found,
    pub(super) low: Low,
}

/// What is kept of one channel.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct ChannelPart {
    pub(super) peak: f64,
    /// Of the instants that the samples so far decide.
    pub(super) true_peak: f32,
    /// The last samples: the true peak may follow them.
    pub(super) memory: [f32; MEMORY],
    pub(super) sum: f64,
    pub(super) energy: f64,
    pub(super) clipping: RunPart,
    pub(super) over: RunPart,
    pub(super) invalid: RunPart,
}

impl ChannelPart {
    fn new(start: u64, channel: u16) -> Self {
        Self {
            peak: 0.0,
            true_peak: 0.0,
            memory: [0.0; MEMORY],
            sum: 0.0,
            energy: 0.0,
            clipping: RunPart::new(start, channel, CLIPPING_SAMPLES),
            over: RunPart::new(start, channel, 1),
            invalid: RunPart::new(start, channel, 1),
        }
    }

    fn append(&mut self, next: Self) {
        self.peak = self.peak.max(next.peak);
        self.true_peak = self.true_peak.max(next.true_peak);
        self.memory = next.memory;
        self.sum += next.sum;
        self.energy += next.energy;
        self.clipping.append(next.clipping);
        self.over.append(next.over);
        self.invalid.append(next.invalid);
    }
}

impl FilePart {
    /// No frames yet, from frame `start` on.
    pub(super) fn new(stream: Stream, start: u64) -> Self {
        Self {
            stream,
            start,
            end: start,
            channels: (0..stream.channels).map(|c| ChannelPart::new(start, c)).collect(),
            energies: Series::default(),
            stereo: (stream.channels > 1).then(StereoPart::default),
            step: Step::new(stream.word),
            fingerprint: Fingerprint::default(),
            nonzero: Extent::default(),
            sound: Extent::default(),
            edges: Edges::default(),
            waveform: Waveform::default(),
            ceiling: CeilingPart::default(),
            mono: (stream.channels > 1).then(MonoPart::default),
            peaks: Series::default(),
            occupancy: Occupancy::new(stream.word),
            found: Found::new(stream.channels),
            low: Low::new(stream.sample_rate),
        }
    }

    /// Joins with the part that follows directly.
    #[must_use]
    pub fn merge(mut self, next: Self) -> Self {
        if next.start == next.end {
            return self;
        }
        if self.start == self.end {
            return next;
        }
        for (channel, next) in self.channels.iter_mut().zip(next.channels) {
            channel.append(next);
        }
        if let (Some(stereo), Some(next)) = (&mut self.stereo, next.stereo) {
            stereo.append(next);
        }
        self.energies.append(next.energies);
        self.step.append(next.step);
        self.fingerprint.append(next.fingerprint);
        self.nonzero = self.nonzero.join(next.nonzero);
        self.sound = self.sound.join(next.sound);
        if let (Some(mono), Some(next)) = (&mut self.mono, &next.mono) {
            mono.append(next);
        }
        self.ceiling.append(&next.ceiling, self.stream.sample_rate);
        self.edges.append(next.edges, self.stream.sample_rate, next.end);
        self.waveform.append(next.waveform, self.start, next.start, next.end);
        self.peaks.append(next.peaks);
        self.occupancy.append(next.occupancy);
        self.found.append(next.found);
        self.low.append(next.low);
        self.end = next.end;
        self
    }

    /// What the meters read over everything merged so far.
    pub fn measurements(&self) -> Measurements {
        let Stream { sample_rate, word, .. } = self.stream;
        let frames = self.end - self.start;
        let mean = |sum: f64| sum / frames.max(1) as f64;
        let each = |read: &dyn Fn(&ChannelPart) -> f64| self.channels.iter().map(read).collect();
        let runs = |kind: fn(&ChannelPart) -> &RunPart| {
            Runs::gather(self.channels.iter().map(|c| kind(c).runs()))
        };
        let interpolator = Interpolator::new(sample_rate);
        let loudness = Loudness::read(&self.energies, sample_rate, self.start, self.end);
        let stereo = self.stereo.as_ref();
        let mono = self.mono.as_ref();
        let both = self.channels.iter().take(2).map(|c| mean(c.energy)).sum();
        let coarse_step = self.occupancy.step();
        let true_peak: Vec<f64> =
            each(&|c| f64::from(interpolator.ring_out(&c.memory, c.true_peak)).max(c.peak));
        let plr = |lufs| db_from_amplitude(true_peak.iter().copied().fold(0.0, f64::max)) - lufs;
        let (_, peaks) = self.peaks.whole(loudness::grid(sample_rate), self.start, self.end);
        let stretch = (sample_rate, self.start, self.end);
        Measurements {
            frames,
            sample_rate,
            peak: each(&|c| c.peak),
            power: each(&|c| mean(c.energy)),
            dc: each(&|c| mean(c.sum)),
            integrated_lufs: loudness.integrated_lufs,
            range_lu: loudness.range_lu,
            max_momentary_lufs: loudness.max_momentary_lufs,
            max_short_term_lufs: loudness.max_short_term_lufs,
            used_bits: self.step.bits(word),
            least_step: self.step.amplitude(),
            correlation: stereo.and_then(StereoPart::correlation),
            antiphase_share: stereo
                .map_or(0.0, |s| s.antiphase_share(sample_rate, self.start, self.end)),
            largest_difference: stereo.map(|s| s.largest_difference),
            side_power: stereo.map(|s| mean(s.side_energy())),
            edge: self.ceiling.edge(sample_rate),
            mono_db: mono.and_then(MonoPart::mono_db),
            low_mono_db: mono.and_then(|m| m.low_mono_db(both)),
            balance_db: mono.and_then(MonoPart::balance_db),
            first_sound: self.sound.first,
            last_sound: self.sound.last,
            leading_zeros: self.nonzero.first.map_or(frames, |first| first - self.start),
            trailing_zeros: self.nonzero.last.map_or(frames, |last| self.end - last),
            first_sample: self.edges.first(),
            head_powers: self.edges.head(self.stream, self.end),
            tail_power: self.edges.tail(self.stream, self.start, self.end),
            clipping: runs(|c| &c.clipping),
            over_full_scale: runs(|c| &c.over),
            invalid: runs(|c| &c.invalid),
            fingerprint: self.fingerprint.0,
            momentary_lufs: loudness.momentary_lufs,
            plr_db: loudness.integrated_lufs.map(plr),
            psr_p5_db: dynamics::psr_p5(peaks, &self.energies, loudness.integrated_lufs, stretch),
            limiting: self.limiting(peaks),
            cut_tops: self.cut_tops(coarse_step),
            coarse_step,
            dither: self.found.dither.read(),
            clicks: Runs::gather(self.found.clicks.iter().cloned()),
            dropouts: self.found.dropouts.clone(),
            hum: hum::find(&self.low),
            low: self.low.clone(),
            true_peak,
        }
    }

    fn limiting(&self, peaks: &[Loudest]) -> Limiting {
        let mut limiting = Limiting::default();
        limiting.read_windows(peaks);
        self.found.maxima.read(&mut limiting);
        limiting
    }

    /// The tops that are cut off, given the comb that was found among quiet samples.
    fn cut_tops(&self, coarse_step: Option<f64>) -> Option<CutTops> {
        let coarse = coarse_step.is_some() || self.step.bits(self.stream.word) <= FEW_BITS;
        let frames = match (self.sound.first, self.sound.last) {
            (Some(first), Some(last)) => last - first,
            _ => 0,
        };
        let channels = self.found.flats.iter().zip(self.channels.iter().map(|c| c.peak));
        CutTops::read(channels, coarse, frames)
    }

    /// Overview of the waveform over everything merged so far (cheap: the page draws while it runs).
    pub fn waveform(&self) -> &Waveform {
        &self.waveform
    }
}
