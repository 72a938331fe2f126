//! `cargo xtask dist`: what is delivered, in `dist/`: the site for any static host, the same in one file
//! that opens from a disk, and the checksums of all of it.

use std::fs;

use crate::shell::{Outcome, aloud, command, root};
use crate::{serve, site, tools};

pub fn run(arguments: &[String]) -> Outcome {
    tools::for_page()?;
    let sums = deliver()?;
    eprintln!("\nIn dist/: the site, {} and {}.", site::SINGLE, site::SUMS);
    match arguments.first().map(String::as_str) {
        None => Ok(()),
        Some("--check") => check(&sums),
        Some(other) => Err(format!("cargo xtask dist takes --check, not {other}")),
    }
}

/// Builds everything that is delivered, and gives its checksums.
pub fn deliver() -> Result<String, String> {
    serve::build()?;
    let folder = root().join("dist");
    site::single(&folder)?;
    site::sums(&folder)
}

/// Builds the last commit once more, somewhere else and from nothing: the same bytes have to come out.
fn check(sums: &str) -> Outcome {
    let changed = crate::shell::answer("git", &["status", "--porcelain"]);
    if changed.is_none_or(|changes| !changes.is_empty()) {
        return Err("What is built again is the last commit: commit your changes first.".to_owned());
    }
    let elsewhere = root().join("target/dist-check");
    if elsewhere.exists() {
        fs::remove_dir_all(&elsewhere)
            .map_err(|error| format!("could not empty {}: {error}", elsewhere.display()))?;
    }
    let path = elsewhere.to_string_lossy().into_owned();
    aloud(command("git", &["clone", "--quiet", ".", &path]))?;
    let mut again = command("cargo", &["xtask", "dist"]);
    again.current_dir(&elsewhere).env("STEMCHECK_TOOLS", tools::folder());
    aloud(again)?;
    let other = fs::read_to_string(elsewhere.join("dist").join(site::SUMS))
        .map_err(|error| format!("could not read the second build's checksums: {error}"))?;
    let differing: Vec<&str> =
        sums.lines().filter(|line| !other.lines().any(|it| it == *line)).collect();
    if !differing.is_empty() {
        return Err(format!(
            "These are not the same when they are built again:\n{}",
            differing.join("\n")
        ));
    }
    eprintln!("\nBuilt twice, in two folders: the same bytes.");
    Ok(())
}
