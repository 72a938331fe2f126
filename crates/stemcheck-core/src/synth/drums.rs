//! A drum kit: swept sines, filtered noise, beating squares.

use super::dsp::{Decay, Filter, Noise, Phase, saturate};

/// A drum, one hit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drum {
    /// Bass drum.
    Kick,
    /// Snare drum.
    Snare,
    /// Closed hi-hat.
    Hat,
    /// Open hi-hat.
    OpenHat,
    /// Crash cymbal.
    Crash,
    /// Floor and rack tom; the pitch follows the velocity.
    Tom,
}

/// One hit at a velocity of 0 to 1; no two hits with different seeds are alike.
pub fn hit(drum: Drum, velocity: f32, seed: u64, rate: f32) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    match drum {
        Drum::Kick => kick(velocity, &mut noise, rate),
        Drum::Snare => snare(velocity, &mut noise, rate),
        Drum::Hat => cymbal(velocity, 0.07 + 0.05 * velocity, 7500.0, &mut noise, rate),
        Drum::OpenHat => cymbal(velocity, 0.42, 6800.0, &mut noise, rate),
        Drum::Crash => cymbal(velocity, 2.6, 3800.0, &mut noise, rate),
        Drum::Tom => tom(velocity, &mut noise, rate),
    }
}

fn kick(velocity: f32, noise: &mut Noise, rate: f32) -> Vec<f32> {
    let mut phase = Phase::default();
    let mut sweep = Decay::new(150.0 + 60.0 * velocity, 0.14, rate);
    let mut body = Decay::new(1.25, 0.55, rate);
    let mut beater = Decay::new(0.25 * velocity, 0.02, rate);
    let mut tone = Filter::new(2600.0, 0.8, rate);
    render(0.5, rate, |t| {
        phase.advance(47.0 + sweep.fall(), rate);
        let thump = saturate(phase.sine(0.0) * body.fall() * (t * 900.0).min(1.0));
        velocity * (thump + tone.run(noise.sample() * beater.fall()).band)
    })
}

fn snare(velocity: f32, noise: &mut Noise, rate: f32) -> Vec<f32> {
    let detune = 1.0 + 0.01 * noise.sample();
    let (mut shell, mut ring) = (Phase::default(), Phase::default());
    let mut sweep = Decay::new(60.0, 0.06, rate);
    let mut head = Decay::new(0.55, 0.22, rate);
    let mut wires = Decay::new(0.75, 0.16 + 0.22 * velocity, rate);
    // A soft stroke is also a dull one.
    let mut bright = Filter::new(2500.0 + 6500.0 * velocity, 0.6, rate);
    let mut thin = Filter::new(700.0, 0.7, rate);
    render(0.4, rate, |_| {
        let bend = sweep.fall();
        shell.advance((186.0 + bend) * detune, rate);
        ring.advance((331.0 + bend) * detune, rate);
        let tone = (shell.sine(0.0) + 0.5 * ring.sine(0.0)) * head.fall();
        let rattle = thin.run(bright.run(noise.sample()).low).high * wires.fall();
        velocity * saturate(tone + rattle)
    })
}

/// Metal: six squares that share no harmonic, and noise, above a high-pass.
fn cymbal(velocity: f32, seconds: f32, cut_hz: f32, noise: &mut Noise, rate: f32) -> Vec<f32> {
    const PARTIALS_HZ: [f32; 6] = [317.0, 465.3, 569.7, 843.1, 1203.0, 1517.9];
    let stretch = 4.0 + 0.1 * noise.sample();
    let mut phases = [Phase::default(); 6];
    for phase in &mut phases {
        *phase = Phase::at(noise.sample());
    }
    let mut stick = Decay::new(0.6, 0.03, rate);
    let mut body = Decay::new(0.5, seconds, rate);
    let mut first = Filter::new(cut_hz, 0.8, rate);
    let mut second = Filter::new(cut_hz * 0.8, 0.8, rate);
    render(seconds * 1.15, rate, |_| {
        let mut metal = 0.0;
        for (phase, hz) in phases.iter_mut().zip(PARTIALS_HZ) {
            phase.advance(hz * stretch, rate);
            metal += phase.sine(0.0).signum();
        }
        let level = stick.fall() * velocity + body.fall();
        let x = 0.06 * metal + 0.8 * noise.sample();
        velocity * second.run(first.run(x).high).high * level
    })
}

fn tom(velocity: f32, noise: &mut Noise, rate: f32) -> Vec<f32> {
    let mut phase = Phase::default();
    let mut sweep = Decay::new(70.0, 0.12, rate);
    let mut body = Decay::new(1.0, 0.5, rate);
    let mut skin = Decay::new(0.3, 0.05, rate);
    let mut dull = Filter::new(1800.0, 0.7, rate);
    let hz = 62.0 + 70.0 * velocity;
    render(0.55, rate, |_| {
        phase.advance(hz + sweep.fall(), rate);
        let thud = phase.sine(0.0) * body.fall();
        velocity * saturate(thud + dull.run(noise.sample()).low * skin.fall())
    })
}

/// Fills a buffer sample by sample; the last hundredth second fades to zero.
fn render(seconds: f32, rate: f32, mut sample: impl FnMut(f32) -> f32) -> Vec<f32> {
    let frames = (seconds * rate) as usize;
    (0..frames)
        .map(|i| {
            let left = (frames - i) as f32 / (0.01 * rate);
            sample(i as f32 / rate) * left.min(1.0)
        })
        .collect()
}
