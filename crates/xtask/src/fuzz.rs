//! `cargo xtask fuzz [TARGET] [SECONDS]`: random bytes at the decoder until something breaks.
//!
//! Not a step of `test`: it needs nightly Rust and never comes to an end by itself. What it finds is
//! kept as a file in `tests/regressions/`, which the tests on stable read.

use crate::shell::{Outcome, aloud, answer, command, root};
use crate::tools;

const CRATE: &str = "crates/stemcheck-decode/fuzz";
/// The test that writes what the fuzzer begins with.
const SEEDS: [&str; 8] = [
    "test",
    "--package=stemcheck-decode",
    "--test=decode",
    "--",
    "--exact",
    "hostile::seeds_for_the_fuzzer",
    "--ignored",
    "--quiet",
];
/// Seconds a target where none are asked for.
const SECONDS: &str = "60";
/// Longest input in bytes, most memory in MB (with what the sanitizer adds), one allocation in MB,
/// seconds for one input: far above what the decoder's limits allow, far below what a header claims.
const LIMITS: [&str; 4] =
    ["-max_len=8192", "-rss_limit_mb=1024", "-malloc_limit_mb=64", "-timeout=10"];

pub fn run(arguments: &[String]) -> Outcome {
    let targets = targets()?;
    let (wanted, seconds) = match arguments {
        [] => (targets.as_slice(), SECONDS),
        [only] if only.parse::<u32>().is_ok() => (targets.as_slice(), only.as_str()),
        [target, rest @ ..] => {
            let at = targets.iter().position(|known| known == target).ok_or_else(|| {
                format!("There is no target {target}; there are {}", targets.join(", "))
            })?;
            (&targets[at..=at], rest.first().map_or(SECONDS, String::as_str))
        }
    };
    if answer("cargo", &["+nightly", "--version"]).is_none() {
        return Err("Fuzzing needs nightly Rust: rustup toolchain install nightly".to_owned());
    }
    tools::for_fuzzing()?;
    aloud(command("cargo", &SEEDS))?;
    for target in wanted {
        let time = format!("-max_total_time={seconds}");
        let arguments = ["+nightly", "fuzz", "run", "--fuzz-dir", CRATE, target, "--"];
        let mut fuzz = command("cargo", &arguments);
        fuzz.args(LIMITS).args([&time, "-print_final_stats=1"]);
        aloud(fuzz)?;
    }
    Ok(())
}

/// The names of the files in `fuzz_targets/`.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join(CRATE).join("fuzz_targets");
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| format!("could not read {}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}
