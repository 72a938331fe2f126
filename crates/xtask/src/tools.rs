//! The tools that building and testing need: which, in which version, and how they get here.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Outcome, answer, command, one_line, root};

const TRUNK: &str = "0.21.14";
const CARGO_FUZZ: &str = "0.13.2";
const CARGO_DENY: &str = "0.20.2";
/// From npm: brings `wasm-opt`, which trunk would otherwise download from elsewhere.
const BINARYEN: &str = "130.0.0";
/// Debian's packages of the browsers, and of the driver that runs wasm tests in one.
const BROWSERS: [&str; 3] = ["chromium", "chromium-driver", "firefox-esr"];

/// Where the tools live: `STEMCHECK_TOOLS`, else `target/tools`.
pub fn folder() -> PathBuf {
    env::var_os("STEMCHECK_TOOLS").map_or_else(|| root().join("target/tools"), PathBuf::from)
}

/// The search path with the project's tools first.
pub fn path() -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let own = [folder().join("bin"), folder().join("node_modules/.bin")];
    env::join_paths(own.into_iter().chain(env::split_paths(&old))).unwrap_or(old)
}

/// What the page needs: the wasm target, trunk, the matching wasm-bindgen, wasm-opt.
pub fn for_page() -> Outcome {
    wasm_target()?;
    let bindgen = locked("wasm-bindgen")?;
    from_crates("trunk", "trunk", TRUNK, &["--locked"], Speed::Any)?;
    // Without --locked: its own lock file names a crate that is no longer to be had.
    from_crates("wasm-bindgen", "wasm-bindgen-cli", &bindgen, &[], Speed::Fast)?;
    wasm_opt()
}

/// What the tests need besides: a browser with its driver, and the packages of the end-to-end tests.
pub fn for_tests() -> Outcome {
    browsers()?;
    let lock = root().join("tests/e2e/package-lock.json");
    let stamp = root().join("tests/e2e/node_modules/.installed");
    let wanted = fs::read(&lock).map_err(|e| format!("could not read {}: {e}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let arguments = ["ci", "--prefix", "tests/e2e", "--no-audit", "--no-fund"];
    one_line("e2e", "Installing what the end-to-end tests need", command("npm", &arguments))?;
    fs::write(&stamp, wanted).map_err(|e| format!("could not write {}: {e}", stamp.display()))
}

/// What fuzzing needs besides nightly Rust.
pub fn for_fuzzing() -> Outcome {
    from_crates("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &["--locked"], Speed::Any)
}

/// What a release needs besides.
pub fn for_release() -> Outcome {
    from_crates("cargo-deny", "cargo-deny", CARGO_DENY, &["--locked"], Speed::Fast)
}

fn wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let installed = answer("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| PathBuf::from(folder).is_dir());
    if installed {
        return Ok(());
    }
    let add = command("rustup", &["target", "add", TARGET]);
    one_line("wasm-target", "Adding Rust's WebAssembly target", add).map_err(|why| {
        format!("{why}\n\nThe page needs Rust's target {TARGET}. With a Rust that rustup does not manage, install it from where your Rust comes from.")
    })
}

/// How fast a tool has to run.
#[derive(Clone, Copy)]
enum Speed {
    /// It waits for other programs.
    Any,
    /// It works by itself, for seconds.
    Fast,
}

/// Installs a command from its crate unless the wanted version is there.
fn from_crates(
    program: &str,
    package: &str,
    version: &str,
    flags: &[&str],
    speed: Speed,
) -> Outcome {
    if answer(program, &["--version"]).is_some_and(|line| line.split(' ').any(|w| w == version)) {
        return Ok(());
    }
    let folder = folder();
    let mut install = command("cargo", &["install", package, "--version", version]);
    install.args(flags).arg("--force").arg("--root").arg(&folder);
    // Whatever its own profile asks for: it runs for seconds, and must not be built for ten minutes.
    let (units, level) = match speed {
        Speed::Any => ("256", "0"),
        Speed::Fast => ("16", "1"),
    };
    for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", units), ("OPT_LEVEL", level)] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    one_line(package, &format!("Building {package} {version}, once (a few minutes)"), install)
}

fn wasm_opt() -> Outcome {
    if answer("wasm-opt", &["--version"]).is_some() {
        return Ok(());
    }
    let folder = folder();
    fs::create_dir_all(&folder)
        .map_err(|error| format!("could not make {}: {error}", folder.display()))?;
    let package = format!("binaryen@{BINARYEN}");
    let mut install = command("npm", &["install", "--no-audit", "--no-fund", "--no-save"]);
    install.arg("--prefix").arg(&folder).arg(package);
    one_line("wasm-opt", &format!("Installing wasm-opt (binaryen {BINARYEN})"), install)
}

fn browsers() -> Outcome {
    let has = |program: &str| answer(program, &["--version"]).is_some();
    if ["chromium", "chromedriver", "firefox-esr"].into_iter().all(has) {
        return Ok(());
    }
    let refused = |why: String| {
        format!(
            "{why}\n\nThe browser tests need Chromium with its driver and Firefox, and they could not be installed for you. Install them and run this again:\n\n    sudo apt-get install {}",
            BROWSERS.join(" ")
        )
    };
    if !has("apt-get") {
        return Err(refused("There is no apt-get on this machine.".to_owned()));
    }
    let sudo = answer("id", &["-u"]).as_deref() != Some("0");
    let apt = |arguments: &[&str]| -> Command {
        let mut words = if sudo { vec!["sudo", "-n", "apt-get"] } else { vec!["apt-get"] };
        words.extend_from_slice(arguments);
        let mut apt = command(words[0], &words[1..]);
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    one_line("apt-update", "Reading apt's package lists", apt(&["update", "-qq"]))
        .map_err(refused)?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    let install = [&install[..], &BROWSERS].concat();
    one_line("browsers", "Installing Chromium and Firefox", apt(&install)).map_err(refused)
}

/// The version of a package in `Cargo.lock`: the command has to be of the same one as the library.
fn locked(package: &str) -> Result<String, String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("could not read Cargo.lock: {error}"))?;
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock holds no {package}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_read() {
        assert!(locked("serde").is_ok_and(|version| version.starts_with("1.")));
        assert!(locked("no-such-package").is_err());
    }
}
