//! Runs the command, and makes folders to run it on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// What came of a run.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Stdout as JSON: nothing else may be in it.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}", self.stdout))
    }
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stemcheck"));
    command.args(args);
    command
}

pub fn stemcheck(args: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = command(args).output().unwrap();
    Ran {
        code: status.code(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// An empty folder of this name, for one test.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// The demo song, with these faults, in a folder of this name.
pub fn demo(name: &str, faults: &[&str]) -> PathBuf {
    static CLEAN: OnceLock<PathBuf> = OnceLock::new();
    let path = folder(name);
    if !faults.is_empty() {
        write_demo(&path, faults);
        return path;
    }
    let clean = CLEAN.get_or_init(|| {
        let clean = folder("clean");
        write_demo(&clean, &[]);
        clean
    });
    for file in fs::read_dir(clean).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), path.join(file.file_name())).unwrap();
    }
    path
}

fn write_demo(path: &Path, faults: &[&str]) {
    let mut args = vec!["demo", "-o", text(path)];
    args.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
    let ran = stemcheck(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
