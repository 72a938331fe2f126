//! A room: a feedback delay network (Jot, Chaigne 1991) behind a short diffusor.
//!
//! Each stem gets a room of its own printed into it, as the guides ask; left and right differ.

use super::dsp::Track;

/// How a room sounds.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Seconds in which low sounds fall by 60 dB.
    pub seconds: f32,
    /// How much faster high sounds die, 0 (equally slow) to 1.
    pub damping: f32,
    /// Size relative to a middle-sized room.
    pub size: f32,
    /// Seconds before the first reflection.
    pub pre_delay: f32,
    /// Level of the room relative to the dry sound.
    pub wet: f32,
}

/// Lengths of the delay lines in milliseconds; no two have a common divisor worth hearing.
const LINES_MS: [f32; 8] = [29.7, 33.1, 37.3, 41.1, 43.7, 47.9, 53.3, 59.9];
const DIFFUSERS_MS: [f32; 3] = [4.771, 7.597, 12.73];
/// Below this, a tail is silence: stops a quiet room from crawling into denormal numbers.
const SILENCE: f32 = 1e-18;

/// Adds the room to a track.
pub fn add(track: &mut Track, room: Room, sample_rate: f32) {
    let frames = |ms: f32| ((ms * sample_rate / 1000.0) as usize).max(1);
    let mut pre_delay = Ring::new(frames(room.pre_delay * 1000.0));
    let mut diffusers = DIFFUSERS_MS.map(|ms| Ring::new(frames(ms * room.size)));
    let mut lines = LINES_MS.map(|ms| Ring::new(frames(ms * room.size)));
    let gains = LINES_MS.map(|ms| {
        let turnaround = ms * room.size / 1000.0;
        libm::expf(-6.907_755 * turnaround / room.seconds)
    });
    let mut damped = [0f32; 8];
    for (left, right) in track.left.iter_mut().zip(&mut track.right) {
        let mut x = pre_delay.swap((*left + *right) * 0.5);
        for diffuser in &mut diffusers {
            let old = diffuser.oldest();
            let fed = x - 0.6 * old;
            diffuser.swap(fed);
            x = old + 0.6 * fed;
        }
        let side = (*left - *right) * 0.35;
        for (i, line) in lines.iter().enumerate() {
            let y = line.oldest() * gains[i];
            damped[i] += (y - damped[i]) * (1.0 - room.damping);
        }
        let mut state = damped;
        let heard = (
            state[0] - state[2] + state[4] - state[6] + 0.5 * (state[1] + state[7]),
            state[1] - state[3] + state[5] - state[7] + 0.5 * (state[0] + state[6]),
        );
        hadamard(&mut state);
        for (i, line) in lines.iter_mut().enumerate() {
            let fed = if i % 2 == 0 { x + side } else { x - side };
            let next = state[i] + fed;
            line.swap(if next.abs() < SILENCE { 0.0 } else { next });
        }
        *left += heard.0 * room.wet;
        *right += heard.1 * room.wet;
    }
}

/// Mixes eight lines so that energy stays what it is.
fn hadamard(x: &mut [f32; 8]) {
    for half in [4, 2, 1] {
        for start in (0..8).step_by(half * 2) {
            for i in start..start + half {
                (x[i], x[i + half]) = (x[i] + x[i + half], x[i] - x[i + half]);
            }
        }
    }
    for y in x {
        *y *= 0.353_553_4;
    }
}

/// A delay line of fixed length.
#[derive(Debug)]
pub struct Ring {
    memory: Vec<f32>,
    at: usize,
}

impl Ring {
    /// A silent line of so many frames, at least one.
    pub fn new(frames: usize) -> Self {
        Self { memory: vec![0.0; frames.max(1)], at: 0 }
    }

    /// What comes out next.
    pub fn oldest(&self) -> f32 {
        self.memory[self.at]
    }

    /// Takes the oldest sample out and puts a new one in.
    pub fn swap(&mut self, x: f32) -> f32 {
        let old = std::mem::replace(&mut self.memory[self.at], x);
        self.at = if self.at + 1 == self.memory.len() { 0 } else { self.at + 1 };
        old
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_falls_by_its_time() {
        let rate = 48_000.0;
        let mut track = Track::new(96_000);
        track.left[0] = 1.0;
        track.right[0] = 1.0;
        let room = Room { seconds: 1.0, damping: 0.0, size: 1.0, pre_delay: 0.0, wet: 1.0 };
        add(&mut track, room, rate);
        let power = |from: usize| -> f32 {
            track.left[from..from + 4800].iter().map(|x| x * x).sum::<f32>()
        };
        let fall = 10.0 * (power(9600) / power(9600 + 24_000)).log10();
        assert!((fall - 30.0).abs() < 4.0, "fell by {fall} dB in half the time");
        assert!(track.left != track.right);
    }
}
