//! The project's own commands: `cargo xtask serve` and `cargo xtask test`.
//!
//! What a step needs and the machine lacks is installed first, pinned, into `target/tools` (or the
//! folder that `STEMCHECK_TOOLS` names). One program is the set-up, the developer's loop and CI.

mod arrows;
mod bench;
mod dist;
mod fuzz;
mod score;
mod serve;
mod shell;
mod site;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND

  serve         installs what is missing, builds the page, serves it and prints its address
  test          installs what is missing, runs every check and test: what CI runs
  test NAME…    only these steps (cargo xtask test --list names them)
  dist [--check]
                writes what is delivered into dist/: the site, the same in one file, checksums;
                --check looks at licences and packages, builds a second time and compares
  fuzz [TARGET] [SECONDS]
                feeds random bytes to the decoder (needs nightly Rust), 60 s a target
  bench [PART…] measures speed and memory: stages, check, memory, browser
  score [OPTION…]
                makes songs with faults and counts how many are named (--help lists the options)
  setup         only installs what is missing
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("serve") => serve::run(),
        Some("test") => test::run(&arguments[1..]),
        Some("dist") => dist::run(&arguments[1..]),
        // What trunk calls when it has built the page.
        Some("seal") => site::seal(),
        Some("fuzz") => fuzz::run(&arguments[1..]),
        Some("bench") => bench::run(&arguments[1..]),
        Some("score") => score::run(&arguments[1..]),
        Some("setup") => tools::for_page().and_then(|()| tools::for_tests()),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n{why}");
            ExitCode::FAILURE
        }
    }
}
