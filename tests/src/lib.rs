//! Songs described in a few lines, built in memory, examined, compared with what is expected.
//!
//! The grammar is in `README.md`; the songs are in `songs/`. Nothing here reads a file, so that the
//! same songs run natively and in a browser. Does not know how a finding is found.

mod band;
mod compare;
mod dsp;
mod encoded;
mod examine;
mod rewrap;
mod same;
mod scene;
#[cfg(not(target_arch = "wasm32"))]
pub mod score;
mod studio;
mod treat;

pub use band::Part;
pub use compare::differences;
pub use examine::{Order, examine, options, runner};
pub use rewrap::Container;
pub use same::same;
pub use scene::{
    ByteChange, Expect, FileText, Heard, Scene, SongText, Source, Step, expected, parse,
};
pub use studio::{MemoryFile, Studio, stored};
pub use treat::Treatment;

/// The texts of `songs/`, by file name.
pub const SONGS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/songs.rs"));

/// The reports of the last native run, as JSON by place; empty if there was none when this was
/// compiled.
pub const NATIVE_REPORTS: &str = include_str!(concat!(env!("OUT_DIR"), "/song-reports.json"));

/// Every song with the place where it is written.
///
/// # Errors
/// The place and what is not understood there.
pub fn corpus() -> Result<Vec<(String, Scene)>, String> {
    let mut songs = Vec::new();
    for (name, text) in SONGS {
        let scenes = parse(text).map_err(|error| format!("songs/{name}, {error}"))?;
        songs.extend(
            scenes.into_iter().map(|scene| (format!("songs/{name}:{}", scene.line), scene)),
        );
    }
    Ok(songs)
}
