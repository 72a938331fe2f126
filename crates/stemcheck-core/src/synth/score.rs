//! What is played: chords, grooves and melodies of the demo song, in D major at 96 beats a minute.
//!
//! Bars count from 0; bar 0 is silent, as the guides ask. A step is a sixteenth note.

use super::drums::Drum;
use super::voice::Vowel::{self, Ah, Eh, Mm, Oh, Oo};

/// Beats a minute: a sixteenth note is 7500 frames at 48 kHz.
pub const TEMPO_BPM: f64 = 96.0;
/// Bars of the song, the silent one and the ringing end included.
pub const BARS: usize = 13;
/// By how much of a step every second sixteenth is late: a light swing.
const SWING: f64 = 0.17;

/// Seconds from the start of the song to a step of a bar, swung.
pub fn seconds(bar: usize, step: usize) -> f64 {
    let swing = if step % 2 == 1 { SWING } else { 0.0 };
    (bar as f64 * 16.0 + step as f64 + swing) * step_seconds()
}

/// Length of a sixteenth note in seconds.
pub fn step_seconds() -> f64 {
    60.0 / TEMPO_BPM / 4.0
}

/// A note: first step, length in steps, MIDI key, velocity 0 to 1.
pub type Note = (usize, usize, u8, f32);

/// One drum in one bar: a digit a step, 1 to 9 = velocity.
pub type Pattern = (Drum, &'static str);

const HATS: Pattern = (Drum::Hat, "7.4.6.415.4.6.42");
const BACKBEAT: Pattern = (Drum::Snare, "....8..1.2..9..1");

/// What the drummer plays, bar by bar.
pub const DRUMS: [&[Pattern]; BARS] = [
    &[],
    &[(Drum::Hat, "5.2.4.2.5.2.4.23")],
    &[
        (Drum::Hat, "5.2.4.235.2.4..."),
        (Drum::Kick, "8......4..7....."),
        (Drum::Snare, "............4.68"),
    ],
    &[HATS, BACKBEAT, (Drum::Kick, "9......5..8....."), (Drum::Crash, "5...............")],
    &[HATS, BACKBEAT, (Drum::Kick, "9......5..8..4..")],
    &[HATS, BACKBEAT, (Drum::Kick, "9......5..8.....")],
    &[
        (Drum::Hat, "7.4.6.415.4....."),
        (Drum::Kick, "9......5..8....."),
        (Drum::Snare, "....8..1.2..7.57"),
        (Drum::Tom, ".............8.4"),
        (Drum::OpenHat, "............5..."),
    ],
    &[
        (Drum::Hat, "7.526.527.526.52"),
        (Drum::Snare, "....9..2.1..9..2"),
        (Drum::Kick, "9..5..8...8....."),
        (Drum::Crash, "8..............."),
    ],
    &[
        (Drum::Hat, "7.526.527.526..."),
        (Drum::Snare, "....9..2.1..9..2"),
        (Drum::Kick, "9..5..8...8....5"),
        (Drum::OpenHat, "..............6."),
    ],
    &[
        (Drum::Hat, "7.526.527.526.52"),
        (Drum::Snare, "....9..2.1..9..2"),
        (Drum::Kick, "9..5..8...8....."),
    ],
    &[
        (Drum::Hat, "7.526.527......."),
        (Drum::Snare, "....9..2.3..5.79"),
        (Drum::Kick, "9..5..8...8....."),
        (Drum::Tom, "..........9.7.53"),
    ],
    &[(Drum::Kick, "9..............."), (Drum::Crash, "9...............")],
    &[],
];

/// What the bassist plays.
pub const BASS: [&[Note]; BARS] = [
    &[],
    &[],
    &[(10, 3, 33, 0.7), (14, 2, 34, 0.7)],
    &[
        (0, 3, 35, 0.95),
        (3, 1, 35, 0.5),
        (6, 3, 35, 0.85),
        (10, 2, 42, 0.7),
        (12, 1, 45, 0.6),
        (14, 2, 33, 0.7),
    ],
    &[
        (0, 3, 31, 0.95),
        (3, 1, 31, 0.5),
        (6, 3, 31, 0.85),
        (10, 2, 38, 0.7),
        (12, 1, 43, 0.6),
        (14, 2, 31, 0.7),
    ],
    &[
        (0, 3, 30, 0.95),
        (3, 1, 30, 0.5),
        (6, 3, 30, 0.85),
        (10, 2, 38, 0.7),
        (12, 1, 42, 0.6),
        (14, 2, 32, 0.7),
    ],
    &[(0, 4, 33, 0.95), (6, 3, 33, 0.8), (10, 2, 40, 0.7), (12, 2, 33, 0.8), (14, 2, 30, 0.8)],
    &[
        (0, 3, 31, 1.0),
        (3, 2, 31, 0.6),
        (6, 2, 43, 0.8),
        (8, 2, 31, 0.9),
        (11, 1, 38, 0.55),
        (12, 2, 43, 0.8),
        (14, 2, 32, 0.75),
    ],
    &[
        (0, 3, 33, 1.0),
        (3, 2, 33, 0.6),
        (6, 2, 45, 0.8),
        (8, 2, 33, 0.9),
        (11, 1, 40, 0.55),
        (12, 2, 45, 0.8),
        (14, 2, 31, 0.75),
    ],
    &[
        (0, 3, 30, 1.0),
        (4, 2, 30, 0.7),
        (6, 2, 42, 0.8),
        (8, 3, 35, 0.95),
        (12, 2, 35, 0.7),
        (14, 2, 30, 0.7),
    ],
    &[
        (0, 3, 28, 1.0),
        (4, 2, 28, 0.7),
        (6, 2, 40, 0.8),
        (8, 3, 33, 0.95),
        (12, 2, 33, 0.8),
        (14, 2, 37, 0.7),
    ],
    &[(0, 20, 38, 0.95)],
    &[],
];

/// A chord: first step, length in steps, keys from low to high. Neighbours share what they can and
/// move by a step where they cannot.
pub type Chord = (usize, usize, &'static [u8]);

/// The harmony: vi IV I V, then the chorus IV V iii vi ii V, home to I.
pub const CHORDS: [&[Chord]; BARS] = [
    &[],
    &[(0, 16, &[59, 62, 66, 69])],
    &[(0, 10, &[59, 62, 66, 67]), (10, 6, &[57, 61, 64, 67])],
    &[(0, 16, &[57, 61, 62, 66])],
    &[(0, 16, &[57, 59, 62, 66])],
    &[(0, 16, &[57, 62, 64, 66])],
    &[(0, 8, &[57, 59, 62, 64]), (8, 8, &[57, 61, 64, 67])],
    &[(0, 16, &[59, 62, 66, 69])],
    &[(0, 16, &[61, 64, 66, 69])],
    &[(0, 8, &[57, 61, 64, 66]), (8, 8, &[57, 61, 62, 66])],
    &[(0, 8, &[55, 59, 62, 66]), (8, 4, &[55, 59, 62, 66]), (12, 4, &[55, 59, 61, 66])],
    &[(0, 22, &[57, 61, 64, 66, 69])],
    &[],
];

/// Where in a bar the keys strike: step, length, velocity.
pub const STROKES_VERSE: [(usize, usize, f32); 3] = [(0, 6, 0.75), (7, 2, 0.5), (10, 6, 0.65)];
/// The chorus pushes more.
pub const STROKES_CHORUS: [(usize, usize, f32); 5] =
    [(0, 3, 0.85), (3, 3, 0.6), (6, 4, 0.75), (10, 2, 0.65), (13, 3, 0.6)];

/// In which order the guitar picks the notes of a chord, by eighth notes (an octave above the keys
/// where 4 is added).
pub const ARPEGGIO: [usize; 8] = [0, 2, 4, 3, 6, 2, 5, 3];

/// A sung note: first step, length in steps, key, vowel, level.
pub type Syllable = (usize, usize, u8, Vowel, f32);

/// What the lead sings.
pub const LEAD: [&[Syllable]; BARS] = [
    &[],
    &[],
    &[(14, 2, 64, Oo, 0.5)],
    &[
        (0, 4, 66, Oh, 0.75),
        (4, 2, 66, Ah, 0.7),
        (6, 4, 69, Ah, 0.85),
        (10, 2, 66, Oh, 0.7),
        (12, 3, 64, Oo, 0.65),
    ],
    &[(0, 7, 62, Ah, 0.8), (10, 2, 62, Oo, 0.6), (12, 2, 64, Eh, 0.7), (14, 2, 66, Ah, 0.75)],
    &[
        (0, 4, 69, Oh, 0.85),
        (4, 2, 71, Ah, 0.85),
        (6, 4, 69, Ah, 0.85),
        (10, 2, 66, Oo, 0.7),
        (12, 3, 66, Eh, 0.7),
    ],
    &[(0, 8, 64, Ah, 0.8), (10, 2, 66, Oh, 0.7), (12, 2, 69, Ah, 0.8), (14, 2, 71, Ah, 0.9)],
    &[(0, 6, 74, Ah, 1.0), (6, 2, 73, Oh, 0.9), (8, 4, 71, Ah, 0.95), (12, 3, 69, Oh, 0.85)],
    &[(0, 4, 71, Ah, 0.95), (4, 2, 69, Eh, 0.85), (6, 6, 66, Ah, 0.9), (14, 2, 66, Oo, 0.7)],
    &[
        (0, 2, 69, Oh, 0.8),
        (2, 2, 71, Oh, 0.85),
        (4, 4, 73, Ah, 1.0),
        (8, 5, 74, Ah, 1.0),
        (14, 2, 73, Oh, 0.85),
    ],
    &[(0, 5, 71, Ah, 0.95), (6, 2, 69, Oh, 0.85), (8, 4, 66, Ah, 0.85), (12, 4, 64, Oh, 0.75)],
    &[(0, 13, 66, Ah, 0.8)],
    &[],
];

/// What the choir sings: first step, length, one key a voice from low to high, vowel, level.
pub type Harmony = (usize, usize, [u8; 3], Vowel, f32);

/// It answers the verse and carries the chorus.
pub const CHOIR: [&[Harmony]; BARS] = [
    &[],
    &[],
    &[],
    &[],
    &[(6, 4, [57, 59, 62], Oo, 0.5), (10, 5, [57, 62, 66], Oo, 0.55)],
    &[],
    &[(4, 4, [57, 59, 62], Mm, 0.55), (8, 7, [57, 61, 64], Oo, 0.7)],
    &[(0, 15, [59, 62, 66], Ah, 0.85)],
    &[(0, 8, [61, 64, 69], Ah, 0.85), (8, 7, [61, 64, 66], Oh, 0.8)],
    &[(0, 8, [57, 61, 64], Ah, 0.85), (8, 7, [59, 62, 66], Oh, 0.9)],
    &[
        (0, 8, [59, 64, 67], Ah, 0.9),
        (8, 4, [57, 62, 66], Oo, 0.8),
        (12, 4, [57, 61, 64], Oo, 0.75),
    ],
    &[(0, 14, [57, 62, 66], Oo, 0.7)],
    &[],
];
