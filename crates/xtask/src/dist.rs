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

/// What others may build on.
const PUBLISHED: [&str; 4] =
    ["stemcheck-core", "stemcheck-decode", "stemcheck-session", "stemcheck-cli"];

/// Licences and sources of what is built in, the packages, and the last commit built once more,
/// somewhere else and from nothing: the same bytes have to come out.
fn check(sums: &str) -> Outcome {
    let changed = crate::shell::answer("git", &["status", "--porcelain"]);
    if changed.is_none_or(|changes| !changes.is_empty()) {
        return Err("What is built again is the last commit: commit your changes first.".to_owned());
    }
    tools::for_release()?;
    aloud(command("cargo", &["deny", "check", "bans", "licenses", "sources"]))?;
    // Everything that a package needs is in it; nothing is published.
    let packages = PUBLISHED.iter().flat_map(|name| ["-p", name]);
    let mut package = command("cargo", &["package", "--no-verify"]);
    package.args(packages);
    aloud(package)?;
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
