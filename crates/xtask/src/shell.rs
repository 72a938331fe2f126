//! Runs other programs: aloud (their output is shown) or as one line that counts the seconds.

use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What went wrong, as a sentence.
pub type Outcome = Result<(), String>;

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A command that runs at the root, with the project's tools first on the path.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).env("PATH", crate::tools::path());
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", wasm_flags());
    command
}

/// What `.cargo/config.toml` says, and that no path of this machine gets into what is delivered: it is
/// nobody's business, and the same source has to give the same bytes everywhere.
fn wasm_flags() -> String {
    let home = std::env::home_dir().map(|home| home.join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home).unwrap_or_default();
    let paths = [(cargo, "/cargo"), (root(), "/stemcheck")];
    // The flags are parted by spaces.
    let told = paths.iter().filter(|(path, _)| !path.to_string_lossy().contains(' '));
    told.fold("-C target-feature=+simd128".to_owned(), |flags, (path, name)| {
        format!("{flags} --remap-path-prefix={}={name}", path.display())
    })
}

/// Runs a command and shows what it prints.
pub fn aloud(command: Command) -> Outcome {
    aloud_together([command])
}

/// Runs commands at the same time and shows what they print; all of them end, whether others fail or not.
pub fn aloud_together(commands: impl IntoIterator<Item = Command>) -> Outcome {
    let start = |mut command: Command| {
        let shown = describe(&command);
        eprintln!("\n$ {shown}");
        (command.spawn(), shown)
    };
    let started: Vec<_> = commands.into_iter().map(start).collect();
    let ended = started.into_iter().map(|(child, shown)| {
        let status = child.and_then(|mut child| child.wait());
        match status.map_err(|error| format!("could not run {shown}: {error}"))? {
            status if status.success() => Ok(()),
            status => Err(format!("failed ({status}): {shown}")),
        }
    });
    ended.collect::<Vec<Outcome>>().into_iter().collect()
}

/// Runs a command silently under one line that says what is done and counts the seconds; what it
/// prints goes to `target/tools/NAME.log`, whose end is shown if it fails.
pub fn one_line(name: &str, what: &str, mut command: Command) -> Outcome {
    let shown = describe(&command);
    let folder = crate::tools::folder();
    fs::create_dir_all(&folder)
        .map_err(|error| format!("could not make {}: {error}", folder.display()))?;
    let path = folder.join(format!("{name}.log"));
    let log = File::create(&path)
        .map_err(|error| format!("could not write {}: {error}", path.display()))?;
    let second =
        log.try_clone().map_err(|error| format!("could not write {}: {error}", path.display()))?;
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(log)
        .stderr(second)
        .spawn()
        .map_err(|error| format!("could not start {shown}: {error}"))?;

    let (started, live) = (Instant::now(), std::io::stderr().is_terminal());
    let line = |end: &str| {
        eprint!("{}{what} … {} s{end}", if live { "\r" } else { "" }, started.elapsed().as_secs());
        let _ = std::io::stderr().flush();
    };
    if !live {
        eprintln!("{what} …");
    }
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if live => line(""),
            Ok(None) => {}
            Err(error) => return Err(format!("lost {shown}: {error}")),
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    line(if status.success() { ", done\n" } else { ", failed\n" });
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(15)..].join("\n");
    Err(format!("{tail}\n\nfailed ({status}): {shown}\nThe whole output: {}", path.display()))
}

/// What a command prints, trimmed; `None` if it cannot be run or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn describe(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
