//! Bass, electric piano and plucked guitar: one note each, mono.

use super::dsp::{Decay, Filter, Glide, Noise, Phase, hz_from_key, saturate, swell};
use super::reverb::Ring;

/// A round electric bass: a sine for the floor, a filtered sawtooth for the finger.
pub fn bass(key: f32, seconds: f32, velocity: f32, rate: f32) -> Vec<f32> {
    const RELEASE_S: f32 = 0.07;
    let target = hz_from_key(key);
    let mut hz = Glide::new(target * 0.985, 0.012, rate);
    let mut phase = Phase::default();
    let mut pluck = Decay::new(350.0 + 1300.0 * velocity * velocity, 0.5, rate);
    let mut ring = Decay::new(1.0, 4.5, rate);
    let mut finger = Filter::new(300.0, 0.9, rate);
    let frames = ((seconds + RELEASE_S) * rate) as usize;
    (0..frames)
        .map(|i| {
            let hz = hz.towards(target);
            phase.advance(hz, rate);
            if i % 16 == 0 {
                finger.tune(hz * 2.2 + pluck.fall_by(16.0), 0.9, rate);
            }
            let string = 0.62 * phase.sine(0.0) + 0.5 * finger.run(phase.saw(hz, rate)).low;
            let level = swell(i as f32 / rate, seconds + RELEASE_S, 0.004, RELEASE_S);
            saturate(1.1 * string * ring.fall()) * level * velocity
        })
        .collect()
}

/// An electric piano: two sines, the second bends the first (Chowning 1973), and a tine on top.
pub fn keys(key: f32, seconds: f32, velocity: f32, rate: f32) -> Vec<f32> {
    const RELEASE_S: f32 = 0.18;
    let hz = hz_from_key(key);
    let (mut reed, mut bend, mut tine) = (Phase::default(), Phase::default(), Phase::default());
    let mut bark = Decay::new(0.06 + 0.24 * velocity * velocity, 1.6, rate);
    let mut ring = Decay::new(1.0, 6.5 - 0.04 * (key - 48.0), rate);
    let mut strike = Decay::new(0.10 * velocity, 0.22, rate);
    let frames = ((seconds + RELEASE_S) * rate) as usize;
    (0..frames)
        .map(|i| {
            reed.advance(hz, rate);
            bend.advance(hz * 1.0007, rate);
            tine.advance(hz * 7.02, rate);
            let body = reed.sine(bend.sine(0.0) * bark.fall());
            let level = swell(i as f32 / rate, seconds + RELEASE_S, 0.003, RELEASE_S);
            (body * ring.fall() + tine.sine(0.0) * strike.fall()) * level * velocity
        })
        .collect()
}

/// A plucked string: noise that runs round a damped loop (Karplus, Strong 1983; Jaffe, Smith 1983).
pub fn guitar(key: f32, seconds: f32, velocity: f32, seed: u64, rate: f32) -> Vec<f32> {
    const RELEASE_S: f32 = 0.12;
    const PLUCKED_AT: f32 = 0.18;
    let hz = hz_from_key(key);
    // The loop's low-pass delays by half a sample, the all-pass by what is left of the period.
    let period = rate / hz - 0.5;
    let whole = (period - 0.3).floor().max(1.0);
    let rest = period - whole;
    let all_pass = (1.0 - rest) / (1.0 + rest);
    let mut string = Ring::new(whole as usize);
    let mut noise = Noise::new(seed);
    let mut pick = Filter::new(900.0 + 4200.0 * velocity, 0.6, rate);
    // The velocity of a string plucked near its end is a pulse; some noise is the pick.
    let pulse = whole * PLUCKED_AT;
    for i in 0..whole as usize {
        let level = if (i as f32) < pulse { 1.0 } else { -pulse / (whole - pulse) };
        string.swap(pick.run(0.7 * level + 0.35 * noise.sample()).low);
    }
    // Low strings ring for longer.
    let loss = libm::expf(-6.9 / (hz * (3.4 - 0.03 * (key - 50.0))));
    let (mut last, mut ap_in, mut ap_out) = (0f32, 0f32, 0f32);
    let mut body = Filter::new(160.0, 0.7, rate);
    let frames = ((seconds + RELEASE_S) * rate) as usize;
    (0..frames)
        .map(|i| {
            let out = string.oldest();
            let damped = loss * (0.5 * out + 0.5 * last);
            last = out;
            ap_out = all_pass * (damped - ap_out) + ap_in;
            ap_in = damped;
            string.swap(ap_out);
            let level = swell(i as f32 / rate, seconds + RELEASE_S, 0.001, RELEASE_S);
            (out + 0.6 * body.run(out).band) * level * velocity
        })
        .collect()
}
