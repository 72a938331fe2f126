//! What plug-ins, converters and faulty cables do to planar sound. In f64 and with functions from libm,
//! so that a browser makes the same bits. Songs and the score use the same ones.

use std::f64::consts::{PI, TAU};

use stemcheck_core::synth::dsp::{Noise, Track};
use stemcheck_core::synth::reverb::{self, Ring, Room};

/// Planar sound: one channel or two.
pub(crate) type Sound = Vec<Vec<f32>>;

pub(crate) fn gain(db: f64) -> f64 {
    libm::exp10(db / 20.0)
}

pub(crate) fn frames(sound: &Sound) -> usize {
    sound.first().map_or(0, Vec::len)
}

pub(crate) fn energy(sound: &Sound) -> f64 {
    // One channel is heard on both sides.
    let sides = if sound.len() == 1 { 2.0 } else { 1.0 };
    sides * sound.iter().flatten().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>()
}

pub(crate) fn peak(sound: &Sound) -> f64 {
    f64::from(sound.iter().flatten().fold(0f32, |most, x| most.max(x.abs())))
}

pub(crate) fn scale(sound: &mut Sound, by: f64) {
    sound.iter_mut().flatten().for_each(|x| *x = (f64::from(*x) * by) as f32);
}

/// Adds `by` times another sound; one channel is added to both sides, and what is longer is cut.
pub(crate) fn add(to: &mut Sound, sound: &Sound, by: f64) {
    for (side, out) in to.iter_mut().enumerate() {
        let heard = sound.get(side).or(sound.first());
        for (y, x) in out.iter_mut().zip(heard.into_iter().flatten()) {
            *y = (f64::from(*y) + by * f64::from(*x)) as f32;
        }
    }
}

pub(crate) fn minus(a: &Sound, b: &Sound) -> Sound {
    let mut out = a.clone();
    add(&mut out, b, -1.0);
    out
}

/// Two channels, whatever there was.
pub(crate) fn stereo(sound: &Sound) -> Sound {
    let left = sound.first().cloned().unwrap_or_default();
    let right = sound.get(1).cloned().unwrap_or_else(|| left.clone());
    vec![left, right]
}

/// Multiplies every frame by a gain of its own.
pub(crate) fn follow(sound: &mut Sound, gains: &[f64]) {
    for channel in sound {
        for (x, gain) in channel.iter_mut().zip(gains) {
            *x = (f64::from(*x) * gain) as f32;
        }
    }
}

/// Whole frames later; the length stays.
pub(crate) fn shift(sound: &mut Sound, later: i64) {
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
pub(crate) struct Interpolator {
    table: Vec<f64>,
    crossings: f64,
}

impl Interpolator {
    /// So many zero crossings on either side; few are a poor converter.
    pub(crate) fn new(crossings: u32) -> Self {
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
    pub(crate) fn read(
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

/// Played by a clock that is fast by so many millionths.
pub(crate) fn drift(sound: &mut Sound, ppm: f64) {
    let sinc = Interpolator::new(32);
    for channel in sound {
        let count = channel.len();
        *channel = sinc.read(channel, (0..count).map(|i| i as f64 * (1.0 + ppm * 1e-6)), 1.0);
    }
}

/// A bell of so many dB (R. Bristow-Johnson's cookbook).
pub(crate) fn bell(sound: &mut Sound, rate: u32, hz: f64, db: f64, q: f64) {
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
pub(crate) fn shelf(sound: &mut Sound, rate: u32, hz: f64, db: f64, above: f64) {
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
pub(crate) fn pass(sound: &mut Sound, rate: u32, hz: f64, low: bool) {
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
pub(crate) struct Squeeze {
    pub(crate) threshold: f64,
    pub(crate) ratio: f64,
    pub(crate) attack_s: f64,
    pub(crate) release_s: f64,
}

/// What it does to each frame, heard from `key`: linear gains, both sides alike.
pub(crate) fn squeeze(key: &Sound, rate: u32, set: Squeeze) -> Vec<f64> {
    const KNEE: f64 = 6.0;
    let pole = |seconds: f64| libm::exp(-1.0 / (seconds * f64::from(rate)));
    let (attack, release) = (pole(set.attack_s), pole(set.release_s));
    let mut state = 0.0f64;
    (0..frames(key))
        .map(|i| {
            let level = key.iter().filter_map(|c| c.get(i)).fold(0f32, |most, x| most.max(x.abs()));
            let over = 20.0 * libm::log10(f64::from(level.max(1e-7))) - set.threshold;
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

/// By how many dB gains change a sound on average over its energy, and by how many at most.
pub(crate) fn reduction(sound: &Sound, gains: &[f64]) -> (f64, f64) {
    let power = |i: usize| -> f64 {
        sound.iter().filter_map(|c| c.get(i)).map(|x| f64::from(*x) * f64::from(*x)).sum()
    };
    let (mut sum, mut weight, mut least) = (0.0, 0.0, 1.0f64);
    for (i, gain) in gains.iter().enumerate() {
        let power = power(i);
        sum += -20.0 * libm::log10(*gain) * power;
        weight += power;
        if power > 0.0 {
            least = least.min(*gain);
        }
    }
    (sum / f64::max(weight, 1e-30), -20.0 * libm::log10(least))
}

/// The room alone, without the dry sound.
pub(crate) fn room(sound: &Sound, rate: u32, room: Room) -> Sound {
    let [left, right] = [0, 1].map(|side| stereo(sound).swap_remove(side));
    let mut track = Track { left, right };
    reverb::add(&mut track, room, rate as f32);
    minus(&vec![track.left, track.right], sound)
}

/// Another kind of room, without the dry sound: a plate of all-passes in a figure of eight
/// (J. Dattorro, "Effect design, part 1", 1997), without its wavering.
pub(crate) fn plate(sound: &Sound, rate: u32, seconds: f64, damping: f64) -> Sound {
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
pub(crate) fn echo(
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
        add(&mut out, &turn, libm::pow(left_over, f64::from(number)));
    }
    out
}

/// Multiplies the side signal.
pub(crate) fn sides(sound: &mut Sound, by: f64) {
    let [left, right] = sound.as_mut_slice() else { return };
    for (l, r) in left.iter_mut().zip(right) {
        let (a, b) = (f64::from(*l), f64::from(*r));
        let (middle, side) = (f64::midpoint(a, b), by * (a - b) / 2.0);
        *l = (middle + side) as f32;
        *r = (middle - side) as f32;
    }
}

/// Louder left than right by so many dB, at equal levels otherwise.
pub(crate) fn lean(sound: &mut Sound, db: f64) {
    for (side, channel) in sound.iter_mut().enumerate() {
        let gain = gain(if side == 0 { db / 2.0 } else { -db / 2.0 });
        for x in channel {
            *x = (f64::from(*x) * gain) as f32;
        }
    }
}

/// One channel whole frames later than the other.
pub(crate) fn channel_late(sound: &mut Sound, channel: usize, later: i64) {
    let Some(samples) = sound.get_mut(channel) else { return };
    let mut one = vec![std::mem::take(samples)];
    shift(&mut one, later);
    *samples = one.pop().unwrap_or_default();
}

/// Overdriven: at so many dB the peak would be at full scale of the curve. As loud as before.
pub(crate) fn saturate(sound: &mut Sound, drive_db: f64) {
    let drive = gain(drive_db) / peak(sound);
    for x in sound.iter_mut().flatten() {
        *x = (libm::tanh(f64::from(*x) * drive) / drive) as f32;
    }
}

/// A compressor with this ratio and these times, set so that it takes about so many dB on average.
pub(crate) fn set_to(sound: &Sound, rate: u32, mean_db: f64, set: Squeeze) -> Squeeze {
    let peak = 20.0 * libm::log10(peak(sound));
    let mut set = Squeeze { threshold: peak, ..set };
    let (mut most, mut least) = (peak, peak - 40.0);
    for _ in 0..7 {
        set.threshold = f64::midpoint(most, least);
        let (mean, _) = reduction(sound, &squeeze(sound, rate, set));
        if mean > mean_db {
            least = set.threshold;
        } else {
            most = set.threshold;
        }
    }
    set
}

/// A compressor that hears the kick, set so that its loudest stroke takes so many dB.
pub(crate) fn ducked(kick: &Sound, rate: u32, depth_db: f64) -> Vec<f64> {
    let threshold = 20.0 * libm::log10(peak(kick).max(1e-9)) - 1.3 * depth_db;
    let set = Squeeze { threshold, ratio: 8.0, attack_s: 0.004, release_s: 0.11 };
    squeeze(kick, rate, set)
}

/// The gains of a ride of so many dB between two frames, with ramps of 60 ms inside of them.
pub(crate) fn ride(frames: usize, rate: u32, from: usize, to: usize, db: f64) -> Vec<f64> {
    let ramp = 0.06 * f64::from(rate);
    (0..frames)
        .map(|i| {
            let into = (i as f64 - from as f64).min(to as f64 - i as f64) / ramp;
            gain(db * into.clamp(0.0, 1.0))
        })
        .collect()
}

/// Fades to silence within so many frames before `end`, the steeper the greater `bend` is.
pub(crate) fn fade(sound: &mut Sound, end: f64, frames: f64, bend: f64) {
    for channel in sound {
        for (i, x) in channel.iter_mut().enumerate() {
            let left = ((end - i as f64) / frames).clamp(0.0, 1.0);
            *x = (f64::from(*x) * libm::pow(left, bend)) as f32;
        }
    }
}

/// White noise on top, of so many dBFS (RMS; a full-scale square wave is 0).
pub(crate) fn noise(sound: &mut Sound, db: f64, seed: u64) {
    // Evenly spread over ±1 it has a third of the power.
    let level = gain(db) * 3f64.sqrt();
    let mut noise = Noise::new(seed);
    for x in sound.iter_mut().flatten() {
        *x += (level * f64::from(noise.sample())) as f32;
    }
}

/// Brings an effect alone to a level in dB against the sound that it is an effect of.
pub(crate) fn against(sound: &Sound, wet: &mut Sound, db: f64) {
    scale(wet, gain(db) * (energy(sound) / energy(wet).max(1e-20)).sqrt());
}
