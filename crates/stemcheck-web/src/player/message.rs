//! What crosses between the player and its renderer.

use serde::{Deserialize, Serialize};
use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::Mix;
use stemcheck_session::job::NullPlan;

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

/// What the renderer has to say to the player.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// The song is open and being rendered.
    Open {
        /// Length of the longest file in frames.
        frames: u64,
        /// The mix, calibrated.
        mix: Mix,
    },
}
