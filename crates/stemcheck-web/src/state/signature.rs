//! What only the artist knows, and adds to the report: points of the checklist, and notes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The artist's part of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// The points that are done, by their sentences as the profile says them.
    pub done: BTreeSet<String>,
    /// Notes to the engineer.
    pub notes: String,
}

impl Signature {
    /// Ticks a point, or takes the tick away.
    pub fn tick(&mut self, point: String, done: bool) {
        if done {
            self.done.insert(point);
        } else {
            self.done.remove(&point);
        }
    }
}
