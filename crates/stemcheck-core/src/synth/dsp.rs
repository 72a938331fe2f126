//! The few building blocks that every instrument is made of.
//!
//! Sound is made by additions and multiplications of fixed order, with coefficients from libm, so
//! that a page and a command render the same song bit for bit.

/// White noise from a seed (`SplitMix64`: Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Noise(u64);

impl Noise {
    /// A generator of its own; equal seeds give equal noise.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next sample, evenly spread over -1 to 1.
    pub fn sample(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let top = ((z ^ (z >> 31)) >> 40) as f32;
        top / 8_388_608.0 - 1.0
    }
}

/// Frequency in Hz of a MIDI key; 69 is A4 = 440 Hz, fractions are cents.
pub fn hz_from_key(key: f32) -> f32 {
    440.0 * libm::exp2f((key - 69.0) / 12.0)
}

/// A phase that wraps by itself: 2³² is one turn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Phase(u32);

impl Phase {
    /// A phase at a part of a turn.
    pub fn at(turns: f32) -> Self {
        Self((f64::from(turns) * TURN) as i64 as u32)
    }

    /// Moves on by one sample of a frequency.
    pub fn advance(&mut self, hz: f32, sample_rate: f32) {
        self.0 = self.0.wrapping_add((f64::from(hz) / f64::from(sample_rate) * TURN) as i64 as u32);
    }

    /// Sine of this phase moved by some turns (frequency modulation), right to 3e-7.
    pub fn sine(self, shift_turns: f32) -> f32 {
        let shift = (f64::from(shift_turns) * TURN) as i64 as u32;
        // sin(πx) = x·(1 - x²)·p(x²): the zeros are exact, p is a Chebyshev interpolation.
        let x = self.0.wrapping_add(shift) as i32 as f32 / 2_147_483_648.0;
        let u = x * x;
        let p = 0.005_894_18_f32;
        let p = p * u - 0.074_340_7;
        let p = p * u + 0.523_733_2;
        let p = p * u - 2.026_081_5;
        let p = p * u + 3.141_591_9;
        x * (1.0 - u) * p
    }

    /// A sawtooth without audible aliases (Välimäki, Huovilainen 2007: polynomial band-limited step).
    pub fn saw(self, hz: f32, sample_rate: f32) -> f32 {
        let t = self.0 as f32 / TURN as f32;
        let width = (hz / sample_rate).max(1e-6);
        let step = if t < width {
            let x = t / width;
            2.0 * x - x * x - 1.0
        } else if t > 1.0 - width {
            let x = (t - 1.0) / width;
            x * x + 2.0 * x + 1.0
        } else {
            0.0
        };
        2.0 * t - 1.0 - step
    }
}

const TURN: f64 = 4_294_967_296.0;

/// A state-variable filter (Zavalishin, "The Art of VA Filter Design", ch. 4): low, band and high at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    s1: f32,
    s2: f32,
    g: f32,
    k: f32,
    norm: f32,
}

impl Filter {
    /// A filter at a frequency in Hz with a quality factor.
    pub fn new(hz: f32, q: f32, sample_rate: f32) -> Self {
        let mut filter = Self::default();
        filter.tune(hz, q, sample_rate);
        filter
    }

    /// Moves the filter, keeping its state.
    pub fn tune(&mut self, hz: f32, q: f32, sample_rate: f32) {
        self.g = libm::tanf(std::f32::consts::PI * (hz / sample_rate).min(0.45));
        self.k = 1.0 / q;
        self.norm = 1.0 / (1.0 + self.g * (self.g + self.k));
    }

    /// One sample in; what is below, at (peak gain 1) and above the frequency out.
    pub fn run(&mut self, x: f32) -> Bands {
        let high = (x - (self.g + self.k) * self.s1 - self.s2) * self.norm;
        let band = self.g * high + self.s1;
        self.s1 = self.g * high + band;
        let low = self.g * band + self.s2;
        self.s2 = self.g * band + low;
        Bands { low, band: band * self.k, high }
    }
}

/// Outputs of a [`Filter`].
#[derive(Debug, Clone, Copy)]
pub struct Bands {
    /// Low-pass.
    pub low: f32,
    /// Band-pass.
    pub band: f32,
    /// High-pass.
    pub high: f32,
}

/// A value that falls by 60 dB in a given time.
#[derive(Debug, Clone, Copy)]
pub struct Decay {
    value: f32,
    factor: f32,
}

impl Decay {
    /// Starts at `value`, is a thousandth of it after `seconds`.
    pub fn new(value: f32, seconds: f32, sample_rate: f32) -> Self {
        Self { value, factor: libm::expf(-6.907_755 / (seconds * sample_rate)) }
    }

    /// The value now; then falls.
    pub fn fall(&mut self) -> f32 {
        let value = self.value;
        self.value *= self.factor;
        value
    }

    /// The same where it is asked only every few samples.
    pub fn fall_by(&mut self, samples: f32) -> f32 {
        let value = self.value;
        self.value *= libm::powf(self.factor, samples);
        value
    }
}

/// A value that glides towards where it is told to be.
#[derive(Debug, Clone, Copy)]
pub struct Glide {
    value: f32,
    rate: f32,
}

impl Glide {
    /// Starts at `value`; covers two thirds of any way in `seconds`.
    pub fn new(value: f32, seconds: f32, sample_rate: f32) -> Self {
        Self { value, rate: 1.0 - libm::expf(-1.0 / (seconds * sample_rate)) }
    }

    /// One sample nearer to `target`.
    pub fn towards(&mut self, target: f32) -> f32 {
        self.value += (target - self.value) * self.rate;
        self.value
    }
}

/// Rises over the first `attack` seconds and falls over the last `release` of `seconds`, in smooth
/// curves: 0 to 1.
pub fn swell(t: f32, seconds: f32, attack: f32, release: f32) -> f32 {
    let smooth = |x: f32| {
        let x = x.clamp(0.0, 1.0);
        x * x * (3.0 - 2.0 * x)
    };
    smooth(t / attack) * smooth((seconds - t) / release)
}

/// Soft saturation: straight in the middle, level at ±1.
pub fn saturate(x: f32) -> f32 {
    let x = x.clamp(-1.5, 1.5);
    x - x * x * x * (4.0 / 27.0)
}

/// A stereo track that notes are laid on.
#[derive(Debug, Clone)]
pub struct Track {
    /// Left.
    pub left: Vec<f32>,
    /// Right.
    pub right: Vec<f32>,
}

impl Track {
    /// Silence.
    pub fn new(frames: usize) -> Self {
        Self { left: vec![0.0; frames], right: vec![0.0; frames] }
    }

    /// Lays a sound at a frame, panned from -1 (left) to 1 (right) at equal power; what passes the
    /// end is cut.
    pub fn lay(&mut self, sound: &[f32], at: usize, pan: f32, gain: f32) {
        let angle = (pan.clamp(-1.0, 1.0) + 1.0) / 8.0;
        let (left, right) = (Phase::at(angle + 0.25).sine(0.0), Phase::at(angle).sine(0.0));
        let left_track = self.left.iter_mut().skip(at);
        for (out, x) in left_track.zip(sound) {
            *out += x * left * gain;
        }
        let right_track = self.right.iter_mut().skip(at);
        for (out, x) in right_track.zip(sound) {
            *out += x * right * gain;
        }
    }

    /// Takes out what lies below hearing: frequency modulation leaves a constant behind.
    pub fn cut_below_hearing(&mut self, sample_rate: f32) {
        for side in [&mut self.left, &mut self.right] {
            let mut cut = Filter::new(24.0, 0.7, sample_rate);
            for x in side.iter_mut() {
                *x = cut.run(*x).high;
            }
        }
    }

    /// Multiplies everything.
    pub fn scale(&mut self, gain: f32) {
        for x in self.left.iter_mut().chain(&mut self.right) {
            *x *= gain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_is_a_sine() {
        for i in 0..1000 {
            let turns = i as f32 / 1000.0 - 0.5;
            let want = f64::from(turns) * std::f64::consts::TAU;
            let got = f64::from(Phase::at(turns).sine(0.0));
            assert!((got - want.sin()).abs() < 2e-6, "at {turns}");
        }
    }

    #[test]
    fn noise_fills_its_range_evenly() {
        let mut noise = Noise::new(1);
        let (mut sum, mut power, mut least, mut most) = (0.0, 0.0, 1f32, -1f32);
        for _ in 0..100_000 {
            let x = noise.sample();
            sum += f64::from(x);
            power += f64::from(x * x);
            least = least.min(x);
            most = most.max(x);
        }
        assert!((sum / 1e5).abs() < 0.01 && (power / 1e5 - 1.0 / 3.0).abs() < 0.01);
        assert!(least > -1.0001 && least < -0.999 && most < 1.0 && most > 0.999);
    }

    #[test]
    fn filter_separates() {
        let mut filter = Filter::new(1000.0, 0.7, 48_000.0);
        let mut phase = Phase::default();
        let (mut low, mut high) = (0f32, 0f32);
        for i in 0..9600 {
            let out = filter.run(phase.sine(0.0));
            phase.advance(100.0, 48_000.0);
            if i > 4800 {
                low = low.max(out.low.abs());
                high = high.max(out.high.abs());
            }
        }
        assert!(low > 0.95 && low < 1.05 && high < 0.02, "{low} {high}");
    }
}
