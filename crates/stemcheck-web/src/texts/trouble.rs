//! What the page says when something breaks behind it: in its own words, and why in those of whoever
//! refused, as far as they can be told again in the page's language.

use super::{NOT_EXPORTED, NOT_PACKED, Text, fill};
use crate::language::retell;

pub const NO_MEMORY: Text = Text("no memory left");
pub const NO_MEMORY_FOR_DEMO: Text = Text("There is not enough memory for the demo song");
pub const HALTED: Text = Text(
    "The examination came to a halt before its end. Reload the page and try again; please report this \
     as a fault of Stemcheck",
);

fn because(english: &str, why: &str) -> String {
    fill(english, &[("why", &retell(why))])
}

/// No worker starts.
pub fn no_worker(why: &str) -> String {
    because("This browser does not let the page start a worker ({why})", why)
}

/// A worker died before it was up.
pub fn not_started(why: &str) -> String {
    because("A part of this page could not be started ({why}). Reload the page", why)
}

/// A worker does not take a job.
pub fn not_sent(why: &str) -> String {
    because("A job could not be sent ({why})", why)
}

/// The demo song failed.
pub fn no_demo(why: &str) -> String {
    because("The demo song could not be made ({why})", why)
}

/// A download failed.
pub fn not_packed(why: &str) -> String {
    format!("{NOT_PACKED} ({})", retell(why))
}

/// A preview could not be written.
pub fn not_exported(why: &str) -> String {
    format!("{NOT_EXPORTED} ({})", retell(why))
}

/// The loudspeakers do not take this rate.
pub fn not_played(sample_rate: u32, why: &str) -> String {
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("rate", &sample_rate), ("why", &retell(why))];
    fill("This browser cannot play {rate} Hz ({why}); the report is complete", &values)
}

/// The player does not start.
pub fn no_player(why: &str) -> String {
    because("The player could not be started ({why}). Reload the page", why)
}

/// The player broke.
pub fn player_stopped(why: &str) -> String {
    because(
        "The player stopped ({why}). Reload the page to play again; the report is not affected",
        why,
    )
}

/// The page itself broke.
pub fn failure(why: &str) -> String {
    because(
        "Stemcheck has stopped because of a fault of its own; your files are not affected. Reload the \
         page to go on, and please report this: {why}",
        why,
    )
}
