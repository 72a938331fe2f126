//! What plug-ins, converters and faulty cables do to planar sound. In f64, deterministic.

use std::f64::consts::{PI, TAU};

use stemcheck_core::synth::dsp::{Noise, Track};
use stemcheck_core::synth::reverb::{self, Ring, Room};

/// Planar sound: one channel or two.
pub(super) type Sound = Vec<Vec<f32>>;

/// Random numbers that a name decides.
pub(super) struct Dice(Noise);

impl Dice {
    /// Equal texts throw equally (FNV-1a).
    pub(super) fn new(text: &str) -> Self {
        let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(Noise::new(hash))
    }

    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * (0.5 + 0.5 * f64::from(self.0.sample())).clamp(0.0, 1.0)
    }

    /// The same, evenly in octaves.
    pub(super) fn octaves(&mut self, least: f64, most: f64) -> f64 {
        self.between(least.ln(), most.ln()).exp()
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.between(0.0, count as f64) as usize).min(count.saturating_sub(1))
    }

    /// 1 or -1.
    pub(super) fn sign(&mut self) -> f64 {
        if self.0.sample() < 0.0 { -1.0 } else { 1.0 }
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

pub(super) fn gain(db: f64) -> f64 {
    libm::exp10(db / 20.0)
}

pub(super) fn db(power: f64) -> f64 {
    10.0 * power.max(1e-30).log10()
}

pub(super) fn frames(sound: &Sound) -> usize {
    sound.first().map_or(0, Vec::len)
}

pub(super) fn energy(sound: &Sound) -> f64 {
    // One channel is heard on both sides.
    let sides = if sound.len() == 1 { 2.0 } else { 1.0 };
    sides * sound.iter().flatten().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>()
}

pub(super) fn peak(sound: &Sound) -> f64 {
    f64::from(sound.iter().flatten().fold(0f32, |most, x| most.max(x.abs())))
}

pub(super) fn scale(sound: &mut Sound, by: f64) {
    sound.iter_mut().flatten().for_each(|x| *x = (f64::from(*x) * by) as f32);
}

/// Adds `by` times another sound; one channel is added to both sides, and what is longer is cut.
pub(super) fn add(to: &mut Sound, sound: &Sound, by: f64) {
    for (side, out) in to.iter_mut().enumerate() {
        let heard = sound.get(side).or(sound.first());
        for (y, x) in out.iter_mut().zip(heard.into_iter().flatten()) {
            *y = (f64::from(*y) + by * f64::from(*x)) as f32;
        }
    }
}

pub(super) fn minus(a: &Sound, b: &Sound) -> Sound {
    let mut out = a.clone();
    add(&mut out, b, -1.0);
    out
}

/// Two channels, whatever there was.
pub(super) fn stereo(sound: &Sound) -> Sound {
    let left = sound.first().cloned().unwrap_or_default();
    let right = sound.get(1).cloned().unwrap_or_else(|| left.clone());
    vec![left, right]
}

/// Multiplies every frame by a gain of its own.
pub(super) fn follow(sound: &mut Sound, gains: &[f64]) {
    for channel in sound {
        for (x, gain) in channel.iter_mut().zip(gains) {
            *x = (f64::from(*x) * gain) as f32;
        }
    }
}

/// Whole frames later; the length stays.
pub(super) fn shift(sound: &mut Sound, later: i64) {
    for channel in sound {
        let frames = channel.len();
        let by = (later.unsigned_abs() as usize).min(frames);
        if later >= 0 {
            channel.copy_within(..frames - by, by);
            channel[..by].fill(0.0);
        } else {
            channel.copy_within(by.., 0);
            channel[frames - by..].fill(0.0);
        }
    }
}

/// Steps between two zero crossings of the tabled kernel: linear interpolation is right to -140 dB.
const STEPS: usize = 4096;

/// A sinc under a Kaiser window, tabled.
pub(super) struct Interpolator {
    table: Vec<f64>,
    crossings: f64,
}

impl Interpolator {
    /// So many zero crossings on either side; few are a poor converter.
    pub(super) fn new(crossings: u32) -> Self {
        const BETA: f64 = 12.0;
        let count = crossings as usize * STEPS;
        let table = (0..=count + 1)
            .map(|i| {
                let x = i as f64 / STEPS as f64;
                let at = x / f64::from(crossings);
                let window = bessel(BETA * (1.0 - at * at).max(0.0).sqrt()) / bessel(BETA);
                let sinc = if i == 0 { 1.0 } else { libm::sin(PI * x) / (PI * x) };
                if at >= 1.0 { 0.0 } else { sinc * window }
            })
            .collect();
        Self { table, crossings: f64::from(crossings) }
    }

    /// The samples at these places (in frames), with everything above `cut` of the half rate taken out.
    pub(super) fn read(
        &self,
        samples: &[f32],
        places: impl Iterator<Item = f64>,
        cut: f64,
    ) -> Vec<f32> {
        let reach = self.crossings / cut;
        places
            .map(|place| {
                let first = (place - reach).ceil().max(0.0);
                let last = (place + reach).floor().min(samples.len() as f64 - 1.0);
                if last < first {
                    return 0.0;
                }
                let taps = samples.iter().enumerate().take(last as usize + 1).skip(first as usize);
                let sum: f64 =
                    taps.map(|(i, x)| f64::from(*x) * self.kernel((i as f64 - place) * cut)).sum();
                (cut * sum) as f32
            })
            .collect()
    }

    fn kernel(&self, x: f64) -> f64 {
        let at = x.abs() * STEPS as f64;
        let index = at as usize;
        let [Some(a), Some(b)] = [self.table.get(index), self.table.get(index + 1)] else {
            return 0.0;
        };
        a + (b - a) * (at - index as f64)
    }
}

fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-17 * sum {
        term *= (x / 2.0 / k) * (x / 2.0 / k);
        sum += term;
        k += 1.0;
    }
    sum
}

/// Later by any part of a frame.
pub(super) fn delay(sound: &mut Sound, later: f64) {
    let sinc = Interpolator::new(48);
    for channel in sound {
        let count = channel.len();
        *channel = sinc.read(channel, (0..count).map(|i| i as f64 - later), 1.0);
    }
}

/// Played by a clock that is fast by so many millionths.
pub(super) fn drift(sound: &mut Sound, ppm: f64) {
    let sinc = Interpolator::new(32);
    for channel in sound {
        let count = channel.len();
        *channel = sinc.read(channel, (0..count).map(|i| i as f64 * (1.0 + ppm * 1e-6)), 1.0);
    }
}

/// Converted from one rate to another.
pub(super) fn convert(sound: &Sound, from: f64, to: f64, crossings: u32) -> Sound {
    let sinc = Interpolator::new(crossings);
    let cut = (to / from).min(1.0) * if crossings > 16 { 0.96 } else { 0.9 };
    sound
        .iter()
        .map(|channel| {
            let count = (channel.len() as f64 * to / from).ceil() as usize;
            sinc.read(channel, (0..count).map(|i| i as f64 * from / to), cut)
        })
        .collect()
}

/// A bell of so many dB (R. Bristow-Johnson's cookbook).
pub(super) fn bell(sound: &mut Sound, rate: u32, hz: f64, db: f64, q: f64) {
    let a = libm::exp10(db / 40.0);
    let turn = TAU * hz / f64::from(rate);
    let (cos, alpha) = (libm::cos(turn), libm::sin(turn) / 2.0 / q);
    biquad(
        sound,
        [1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a],
        [1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a],
    );
}

/// A shelf of so many dB, above or below a frequency (the same cookbook, slope 1).
pub(super) fn shelf(sound: &mut Sound, rate: u32, hz: f64, db: f64, above: f64) {
    let a = libm::exp10(db / 40.0);
    let turn = TAU * hz / f64::from(rate);
    let (cos, root) = (
        libm::cos(turn) * above,
        libm::sin(turn) / 2.0 * std::f64::consts::SQRT_2 * a.sqrt() * 2.0,
    );
    biquad(
        sound,
        [
            a * (a + 1.0 + (a - 1.0) * cos + root),
            -2.0 * above * a * (a - 1.0 + (a + 1.0) * cos),
            a * (a + 1.0 + (a - 1.0) * cos - root),
        ],
        [
            a + 1.0 - (a - 1.0) * cos + root,
            2.0 * above * (a - 1.0 - (a + 1.0) * cos),
            a + 1.0 - (a - 1.0) * cos - root,
        ],
    );
}

/// A low-pass or high-pass of 12 dB an octave.
pub(super) fn pass(sound: &mut Sound, rate: u32, hz: f64, low: bool) {
    let turn = TAU * hz / f64::from(rate);
    let (cos, alpha) = (libm::cos(turn), libm::sin(turn) / 2.0 / std::f64::consts::FRAC_1_SQRT_2);
    let edge = if low { 1.0 - cos } else { 1.0 + cos };
    let middle = if low { edge } else { -edge };
    biquad(sound, [edge / 2.0, middle, edge / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha]);
}

fn biquad(sound: &mut Sound, b: [f64; 3], a: [f64; 3]) {
    for channel in sound {
        let (mut s1, mut s2) = (0.0, 0.0);
        for x in channel {
            let x0 = f64::from(*x);
            let y = (b[0] * x0 + s1) / a[0];
            s1 = b[1] * x0 - a[1] * y + s2;
            s2 = b[2] * x0 - a[2] * y;
            *x = y as f32;
        }
    }
}

/// A compressor: threshold in dBFS, ratio, attack and release in seconds, knee of 6 dB.
#[derive(Clone, Copy)]
pub(super) struct Squeeze {
    pub(super) threshold: f64,
    pub(super) ratio: f64,
    pub(super) attack_s: f64,
    pub(super) release_s: f64,
}

/// What it does to each frame, heard from `key`: linear gains, both sides alike.
pub(super) fn squeeze(key: &Sound, rate: u32, set: Squeeze) -> Vec<f64> {
    const KNEE: f64 = 6.0;
    let pole = |seconds: f64| libm::exp(-1.0 / (seconds * f64::from(rate)));
    let (attack, release) = (pole(set.attack_s), pole(set.release_s));
    let mut state = 0.0f64;
    (0..frames(key))
        .map(|i| {
            let level = key.iter().filter_map(|c| c.get(i)).fold(0f32, |most, x| most.max(x.abs()));
            let over = 20.0 * f64::from(level.max(1e-7)).log10() - set.threshold;
            let slope = 1.0 - 1.0 / set.ratio;
            let wanted = if over <= -KNEE / 2.0 {
                0.0
            } else if over < KNEE / 2.0 {
                slope * (over + KNEE / 2.0).powi(2) / (2.0 * KNEE)
            } else {
                slope * over
            };
            let pole = if wanted > state { attack } else { release };
            state = wanted + (state - wanted) * pole;
            gain(-state)
        })
        .collect()
}

/// A limiter that looks ahead: the least gain that the next `ahead` frames need, averaged over as many.
pub(super) fn limit(
    key: &Sound,
    rate: u32,
    ceiling: f64,
    ahead: usize,
    release_s: f64,
) -> Vec<f64> {
    let count = frames(key);
    let pole = libm::exp(-1.0 / (release_s * f64::from(rate)));
    let needed: Vec<f64> = (0..count)
        .map(|i| {
            let level = key.iter().filter_map(|c| c.get(i)).fold(0f32, |most, x| most.max(x.abs()));
            ceiling / f64::from(level).max(ceiling)
        })
        .collect();
    // The least of a sliding window: those that can still become it, in rising order.
    let mut candidates = std::collections::VecDeque::new();
    let mut next = 0;
    let mut held = 1.0f64;
    let held: Vec<f64> = (0..count)
        .map(|i| {
            while next < count.min(i + ahead) {
                while candidates.back().is_some_and(|&last: &usize| needed[last] >= needed[next]) {
                    candidates.pop_back();
                }
                candidates.push_back(next);
                next += 1;
            }
            while candidates.front().is_some_and(|&first| first < i) {
                candidates.pop_front();
            }
            let soon = candidates.front().map_or(1.0, |&least| needed[least]);
            held = soon.min(1.0 - pole * (1.0 - held));
            held
        })
        .collect();
    let mut sum = 0.0;
    (0..count)
        .map(|i| {
            sum += held[i];
            if i >= ahead {
                sum -= held[i - ahead];
            }
            (sum / (i + 1).min(ahead) as f64).min(1.0)
        })
        .collect()
}

/// By how many dB gains change a sound on average over its energy, and by how many at most.
pub(super) fn reduction(sound: &Sound, gains: &[f64]) -> (f64, f64) {
    let power = |i: usize| -> f64 {
        sound.iter().filter_map(|c| c.get(i)).map(|x| f64::from(*x) * f64::from(*x)).sum()
    };
    let (mut sum, mut weight, mut least) = (0.0, 0.0, 1.0f64);
    for (i, gain) in gains.iter().enumerate() {
        let power = power(i);
        sum += -20.0 * gain.log10() * power;
        weight += power;
        if power > 0.0 {
            least = least.min(*gain);
        }
    }
    (sum / f64::max(weight, 1e-30), -20.0 * least.log10())
}

/// The room alone, without the dry sound.
pub(super) fn room(sound: &Sound, rate: u32, room: Room) -> Sound {
    let [left, right] = [0, 1].map(|side| stereo(sound).swap_remove(side));
    let mut track = Track { left, right };
    reverb::add(&mut track, room, rate as f32);
    minus(&vec![track.left, track.right], sound)
}

/// Another kind of room, without the dry sound: a plate of all-passes in a figure of eight
/// (J. Dattorro, "Effect design, part 1", 1997), without its wavering.
pub(super) fn plate(sound: &Sound, rate: u32, seconds: f64, damping: f64) -> Sound {
    const INPUT: [(f64, f64); 4] = [(142.0, 0.75), (107.0, 0.75), (379.0, 0.625), (277.0, 0.625)];
    const TANK: [[f64; 4]; 2] = [[672.0, 4453.0, 1800.0, 3720.0], [908.0, 4217.0, 2656.0, 3163.0]];
    let at = |frames: f64| Ring::new((frames * f64::from(rate) / 29_761.0) as usize);
    let sound = stereo(sound);
    let mut input = INPUT.map(|(length, gain)| (at(length), gain as f32));
    let mut tank = TANK.map(|lengths| lengths.map(at));
    let round_s = TANK.iter().flatten().sum::<f64>() / 29_761.0;
    let fall = libm::exp(-6.907_755 * round_s / 4.0 / seconds) as f32;
    let mut low = [0f32; 2];
    let mut ends = [0f32; 2];
    let mut out = vec![Vec::with_capacity(frames(&sound)), Vec::with_capacity(frames(&sound))];
    for (left, right) in sound[0].iter().zip(&sound[1]) {
        let mut x = (left + right) * 0.5;
        for (ring, gain) in &mut input {
            x = all_pass(ring, *gain, x);
        }
        let fed = [x + fall * ends[1], x + fall * ends[0]];
        for (side, [first, long, second, last]) in tank.iter_mut().enumerate() {
            let y = long.swap(all_pass(first, -0.7, fed[side]));
            low[side] += (1.0 - damping as f32) * (y - low[side]);
            ends[side] = last.swap(all_pass(second, 0.5, fall * low[side]));
            out[side].push(0.6 * y - 0.4 * ends[side]);
        }
        // Decimals that nobody hears cost time.
        ends.iter_mut().chain(&mut low).for_each(|x| *x = if x.abs() < 1e-18 { 0.0 } else { *x });
    }
    out
}

fn all_pass(ring: &mut Ring, gain: f32, x: f32) -> f32 {
    let old = ring.oldest();
    let fed = x - gain * old;
    ring.swap(fed);
    old + gain * fed
}

/// Echoes alone, each turn duller: delay in frames, what is left after a turn.
pub(super) fn echo(
    sound: &Sound,
    rate: u32,
    frames_apart: usize,
    left_over: f64,
    ping: bool,
) -> Sound {
    let mut turn = stereo(sound);
    let mut out: Sound = turn.iter().map(|channel| vec![0.0; channel.len()]).collect();
    for number in 0..6 {
        shift(&mut turn, frames_apart as i64);
        pass(&mut turn, rate, 4500.0, true);
        if ping {
            turn.swap(0, 1);
        }
        add(&mut out, &turn, left_over.powi(number));
    }
    out
}

/// A chorus without the dry sound: its sweep starts at so many turns.
pub(super) fn chorus(sound: &Sound, rate: u32, hz: f64, turns: f64) -> Sound {
    let sinc = Interpolator::new(12);
    let rate = f64::from(rate);
    stereo(sound)
        .iter()
        .enumerate()
        .map(|(side, channel)| {
            let places = (0..channel.len()).map(|i| {
                let sweep = libm::sin(TAU * (hz * i as f64 / rate + turns + 0.25 * side as f64));
                i as f64 - (0.011 + 0.003 * sweep) * rate
            });
            sinc.read(channel, places, 1.0)
        })
        .collect()
}

/// Rounds to so many bits, with triangular dither if there is a seed.
pub(super) fn round(sound: &mut Sound, bits: u16, dither: Option<u64>) {
    let full = 2f64.powi(i32::from(bits) - 1);
    let mut noise = dither.map(Noise::new);
    for x in sound.iter_mut().flatten() {
        let offset = noise
            .as_mut()
            .map_or(0.0, |noise| 0.5 * (f64::from(noise.sample()) - f64::from(noise.sample())));
        let level = (f64::from(*x) * full + offset).round();
        *x = (level.clamp(-full, full - 1.0) / full) as f32;
    }
}
