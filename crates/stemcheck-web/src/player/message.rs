//! What crosses between the player and its renderer.

use serde::{Deserialize, Serialize};
use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::{Bus, Mix};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Calibration;

/// What the player asks of the renderer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Open the song. Attached: the port that takes the blocks, then the files.
    Open {
        /// Who is heard on which bus.
        plan: NullPlan,
        /// What makes the files fit.
        recipe: Option<Recipe>,
        /// Faders and chain.
        mix: Mix,
        /// Whether what plays takes several blocks at a time.
        makeshift: bool,
    },
    /// Render from this frame on.
    Seek {
        /// Frame of the song.
        frame: u64,
        /// Number of this seek: blocks of an earlier one are not played.
        generation: u32,
    },
    /// Play from one frame to another again and again, or on.
    Loop(Option<[u64; 2]>),
    /// Render with this mix.
    Set(Mix),
    /// Render with what makes the files fit, or without.
    Fix(bool),
}

/// The word of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Bits {
    /// 16-bit, dithered.
    Int16,
    /// 24-bit.
    #[default]
    Int24,
    /// 32-bit float.
    Float32,
}

/// What is asked of the printer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Open the song. Attached: the files.
    Open {
        /// Who is heard on which bus.
        plan: NullPlan,
        /// What makes the files fit.
        recipe: Option<Recipe>,
    },
    /// Work out drive and matching of this mix.
    Calibrate {
        /// Faders and chain.
        mix: Mix,
        /// Whether with what makes the files fit.
        fixed: bool,
    },
    /// Write a bus to a file, by the last calibration.
    Export {
        /// Which bus.
        bus: Bus,
        /// Its words.
        bits: Bits,
        /// Whether it is made as loud as the others.
        matched: bool,
    },
}

/// What renderer and printer have to say to the player.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// The song is open and being rendered.
    Open {
        /// Length of the longest file in frames.
        frames: u64,
        /// The mix, calibrated by a few stretches.
        calibration: Box<Calibration>,
    },
    /// Drive and matching were worked out, by a few stretches or by the whole song.
    Calibrated {
        /// What was found.
        calibration: Box<Calibration>,
        /// Whether by the whole song.
        whole: bool,
    },
    /// A piece of an exported file, and how much of the song is written, 0 to 1. Attached: its bytes.
    Written(f64),
    /// The exported file is complete. Attached: its first piece.
    Exported,
}
