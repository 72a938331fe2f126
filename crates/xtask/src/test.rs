//! `cargo xtask test`: everything that has to hold, in the order in which it is cheapest to fail.

use std::time::Instant;

use crate::shell::{Outcome, aloud, aloud_together, answer, command, root};
use crate::{arrows, dist, site, tools};

/// A step: its name, what it makes sure of, how.
type Step = (&'static str, &'static str, fn() -> Outcome);

const STEPS: [Step; 8] = [
    ("format", "The code is formatted", || aloud(command("cargo", &["fmt", "--all", "--check"]))),
    ("arrows", "Crates depend on each other only as drawn", arrows::check),
    ("lint", "clippy finds nothing, and the documentation builds", lint),
    ("lint-wasm", "clippy finds nothing in the browser's build either", lint_wasm),
    ("native", "Unit tests, song tests, the command", native),
    ("wasm", "The song tests give the same report in a browser", wasm),
    ("page", "What is delivered builds", || dist::deliver().map(drop)),
    ("e2e", "A person's way through the page, in Chromium and Firefox", end_to_end),
];

pub fn run(only: &[String]) -> Outcome {
    if only.iter().any(|name| name == "--list") {
        for (name, what, _) in STEPS {
            eprintln!("{name:10} {what}");
        }
        return Ok(());
    }
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.0 != *name)) {
        return Err(format!("There is no step {unknown}; see cargo xtask test --list"));
    }
    tools::for_page()?;
    tools::for_tests()?;
    for (name, what, step) in STEPS {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            eprintln!("\n== {name}: {what}");
            let start = Instant::now();
            step().map_err(|why| format!("{why}\n\nThe step `{name}` failed."))?;
            eprintln!("== {name}: {} s", start.elapsed().as_secs());
        }
    }
    eprintln!("\nEverything holds.");
    Ok(())
}

fn lint() -> Outcome {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    aloud(command("cargo", &arguments))?;
    let mut document = command("cargo", &["doc", "--workspace", "--no-deps"]);
    document.env("RUSTDOCFLAGS", "-D warnings");
    aloud(document)
}

fn lint_wasm() -> Outcome {
    let clippy = |package: &[&str]| {
        let arguments = [&["clippy", "--target", WASM], package, &["--", "-D", "warnings"]];
        aloud(command("cargo", &arguments.concat()))
    };
    clippy(&["-p", "stemcheck-web"])?;
    clippy(&["-p", "stemcheck-tests", "--lib", "--tests"])
}

fn native() -> Outcome {
    aloud(command("cargo", &["test", "--workspace"]))
}

/// Reads what the native run of the song tests wrote, and compares in the browser.
fn wasm() -> Outcome {
    let driver = answer("sh", &["-c", "command -v chromedriver"])
        .ok_or("chromedriver is not on the path")?;
    let test = |more: &[&str]| {
        let arguments = ["test", "--target", WASM, "--release", "-p", "stemcheck-tests"];
        let mut test = command("cargo", &[&arguments, more].concat());
        test.env("CHROMEDRIVER", &driver)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "900");
        test
    };
    aloud(test(&["--no-run"]))?;
    // A browser's worker has one core: two browsers take half the time.
    let half = |name| test(&["--test", "browser", "--", name]);
    aloud_together([half("one_half"), half("other_half"), test(&["--test", "compliance"])])
}

fn end_to_end() -> Outcome {
    // The command as the native tests built it: by itself it would be built anew, with other features.
    aloud(command("cargo", &["test", "--workspace", "--no-run", "--quiet"]))?;
    let mut test = command("node", &["--test", "--test-concurrency=2"]);
    test.args(
        site::files(&root().join("tests/e2e"))?
            .iter()
            .filter(|name| name.ends_with(".test.js"))
            .map(|name| format!("tests/e2e/{name}")),
    );
    test.env("STEMCHECK_DIST", root().join("dist"))
        .env("STEMCHECK_COMMAND", root().join("target/debug/stemcheck"));
    aloud(test)
}

const WASM: &str = "wasm32-unknown-unknown";
