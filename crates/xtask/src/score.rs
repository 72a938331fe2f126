//! `cargo xtask score`: how often the diagnosis is right, on a corpus that is made on the spot. It is
//! no test: no figure passes or fails. What there is to choose from stands in its own usage.

use crate::shell::{Outcome, aloud, command};

pub fn run(arguments: &[String]) -> Outcome {
    let mut score = command("cargo", &["bench", "-q", "--profile", "tuning"]);
    score.args(["-p", "stemcheck-tests", "--bench", "score", "--"]).args(arguments);
    aloud(score)
}
