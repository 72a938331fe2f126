//! The faders: each stem through its gain and its strip, added up in f64.
//!
//! A gain never jumps while it plays; it moves in a straight line within [`RAMP_S`]. At unity gain and
//! with the strip off nothing is done that could change a sample: the sum is the null test's sum.

use super::Fader;
use super::strip::Processor;
use crate::block::Block;

/// Time within which every change is heard, in seconds: too short to wait for, too long to click.
pub(super) const RAMP_S: f64 = 0.010;

/// No fader goes higher, in dB: a slip of the keyboard must not turn the sum into infinities.
const MAX_GAIN_DB: f64 = 60.0;

/// Linear gain of a level in dB, the same to the last bit natively and in WebAssembly.
pub(super) fn gain_from_db(db: f64) -> f64 {
    if db.is_nan() { 1.0 } else { libm::exp(db.min(MAX_GAIN_DB) * std::f64::consts::LN_10 / 20.0) }
}

/// A number that moves to its target in a straight line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ramp {
    value: f64,
    target: f64,
    step: f64,
    left: usize,
}

impl Ramp {
    pub(super) fn new(value: f64) -> Self {
        Self { value, target: value, step: 0.0, left: 0 }
    }

    /// Heads for `target`, to arrive in `frames` frames; at once if that is 0.
    pub(super) fn go(&mut self, target: f64, frames: usize) {
        if target != self.target {
            self.target = target;
            self.left = frames;
            self.step = (target - self.value) / frames.max(1) as f64;
        }
        if frames == 0 {
            self.arrive();
        }
    }

    /// Is at its target from now on.
    pub(super) fn arrive(&mut self) {
        self.left = 0;
        self.value = self.target;
    }

    pub(super) fn is_moving(&self) -> bool {
        self.left > 0
    }

    /// The value that was reached.
    pub(super) fn now(&self) -> f64 {
        self.value
    }

    /// The value for the next frame.
    pub(super) fn next(&mut self) -> f64 {
        if self.left > 0 {
            self.left -= 1;
            // Counted from the target, so that no rounding adds up and the end is exact.
            self.value = self.target - self.step * self.left as f64;
        }
        self.value
    }

    /// The values for the next frames.
    pub(super) fn fill(&mut self, values: &mut [f64]) {
        let moving = self.left.min(values.len());
        let (ramp, flat) = values.split_at_mut(moving);
        for value in ramp {
            *value = self.next();
        }
        flat.fill(self.value);
    }
}

/// One ramped gain and one strip per stem.
#[derive(Debug, Clone)]
pub(super) struct Mixer {
    stems: Vec<(Ramp, Processor)>,
    /// One stem on its way through its strip.
    scratch: [Vec<f64>; 2],
}

impl Mixer {
    pub(super) fn new(sample_rate: u32, stems: usize, max_frames: usize) -> Self {
        Self {
            stems: (0..stems).map(|_| (Ramp::new(1.0), Processor::new(sample_rate))).collect(),
            scratch: std::array::from_fn(|_| vec![0.0; max_frames]),
        }
    }

    /// Takes new faders, to be reached in `ramp` frames; a stem without a fader is at unity.
    pub(super) fn set(&mut self, faders: &[Fader], ramp: usize) {
        let any_solo = faders.iter().take(self.stems.len()).any(|fader| fader.solo);
        for (stem, (gain, strip)) in self.stems.iter_mut().enumerate() {
            let fader = faders.get(stem).copied().unwrap_or_default();
            gain.go(if fader.is_heard(any_solo) { gain_from_db(fader.gain_db) } else { 0.0 }, ramp);
            strip.set(&fader.strip, ramp);
        }
    }

    pub(super) fn reset(&mut self) {
        for (gain, strip) in &mut self.stems {
            gain.arrive();
            strip.reset();
        }
    }

    /// Adds up the frames of `stems` from index `from` on into `sum`; `gains` is scratch of the same
    /// length.
    pub(super) fn sum(
        &mut self,
        stems: &[Block],
        from: usize,
        sum: [&mut [f64]; 2],
        gains: &mut [f64],
    ) {
        let [left, right] = sum;
        left.fill(0.0);
        right.fill(0.0);
        for (stem, (gain, strip)) in stems.iter().zip(&mut self.stems) {
            if !gain.is_moving() && gain.value == 0.0 && strip.is_at_rest() {
                continue;
            }
            gain.fill(gains);
            if strip.is_off() {
                add(stem, 0, from, left, gains);
                add(stem, 1, from, right, gains);
                continue;
            }
            let [l, r] = self.scratch.each_mut().map(|side| &mut side[..gains.len()]);
            for (side, samples) in [&mut *l, &mut *r].into_iter().enumerate() {
                samples.fill(0.0);
                add(stem, side, from, samples, gains);
            }
            strip.process([&mut *l, &mut *r]);
            for (sum, samples) in [&mut *left, &mut *right].into_iter().zip([l, r]) {
                sum.iter_mut().zip(samples).for_each(|(sum, x)| *sum += *x);
            }
        }
    }
}

/// Adds what `block` puts on the left (0) or right (1) loudspeaker from frame index `from` on.
/// NaN and infinities are findings of the check; here they are silent, so that no filter keeps them.
pub(super) fn add(block: &Block, side: usize, from: usize, sum: &mut [f64], gains: &[f64]) {
    let c = block.side(side);
    let coarse = block.channels.get(c).and_then(|samples| samples.get(from..)).unwrap_or(&[]);
    for ((sum, &x), &gain) in sum.iter_mut().zip(coarse).zip(gains) {
        *sum += if x.is_finite() { f64::from(x) * gain } else { 0.0 };
    }
    let fine = block.fine.get(c).and_then(|samples| samples.get(from..)).unwrap_or(&[]);
    for ((sum, &x), &gain) in sum.iter_mut().zip(fine).zip(gains) {
        *sum += if x.is_finite() { x * gain } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_straight_and_ends_exactly() {
        let mut ramp = Ramp::new(1.0);
        ramp.go(0.3, 7);
        let mut values = [0.0; 9];
        ramp.fill(&mut values);
        let mut before = 1.0;
        for value in &values[..7] {
            assert!((before - value - 0.1f64).abs() < 1e-12);
            before = *value;
        }
        assert_eq!(values[6..], [0.3; 3]);
    }

    #[test]
    fn a_ramp_that_is_turned_back_starts_where_it_is() {
        let mut ramp = Ramp::new(0.0);
        ramp.go(1.0, 4);
        ramp.next();
        assert_eq!(ramp.next(), 0.5);
        ramp.go(0.0, 4);
        assert_eq!(ramp.next(), 0.375);
    }

    #[test]
    fn solo_silences_the_others_and_mute_wins() {
        let fader = |mute, solo| Fader { mute, solo, ..Fader::default() };
        let mut mixer = Mixer::new(48_000, 3, 1);
        mixer.set(&[fader(false, true), fader(true, true), fader(false, false)], 0);
        assert_eq!(
            mixer.stems.iter().map(|(gain, _)| gain.value).collect::<Vec<_>>(),
            [1.0, 0.0, 0.0]
        );
    }

    #[test]
    fn a_gain_is_never_wild() {
        assert_eq!(gain_from_db(0.0), 1.0);
        assert_eq!(gain_from_db(f64::NAN), 1.0);
        assert_eq!(gain_from_db(f64::NEG_INFINITY), 0.0);
        assert!(gain_from_db(f64::INFINITY).is_finite());
        assert!((gain_from_db(-6.0) - 0.501_187_233_627_272).abs() < 1e-14);
    }
}
