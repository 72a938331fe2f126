//! `cargo xtask bench`: how fast, and in how much memory. Measures on this machine, prints a table and
//! writes `target/bench/results.json`. Other programs run over the same files in the same run, if
//! they are there. It is no test: no figure passes or fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use wait4::Wait4;

use crate::shell::{Outcome, aloud, answer, command, root};
use crate::{serve, tools};

/// A part: its name, what it measures, how.
type Part = (&'static str, &'static str, fn() -> Result<Vec<Row>, String>);

const PARTS: [Part; 6] = [
    ("stages", "Each stage alone, one core, 30 s of music in 9 files at 48 kHz, 24 bits", stages),
    ("check", "8 stems and their mix, 5 min, 48 kHz, 24 bits", check),
    (
        "diagnosis",
        "What naming a cause adds to the check of 8 stems and their mix, 5 min",
        diagnosis,
    ),
    ("memory", "19 stems and their mix, 5 min, 96 kHz, 24 bits (3.5 GB on disk)", memory),
    ("browser", "8 stems and their mix, 5 min, 48 kHz, 24 bits, in headless Chromium", browser),
    (
        "preview",
        "19 stems and their mix, 5 min, 96 kHz, 24 bits, played in headless Chromium",
        preview,
    ),
];

/// Stems, seconds, Hz.
const SONG: (u32, u32, u32) = (8, 300, 48_000);
const LARGE_SONG: (u32, u32, u32) = (19, 300, 96_000);

/// What was measured of one thing; what is not known is left out.
#[derive(Default)]
struct Row {
    what: String,
    wall_s: Option<f64>,
    cpu_s: Option<f64>,
    /// Seconds of audio for each second of CPU, or of the clock where CPU is not known.
    real_time: Option<f64>,
    memory_bytes: Option<u64>,
    frames_per_s: Option<f64>,
    /// What is usual and what was worst, in milliseconds.
    median_ms: Option<f64>,
    worst_ms: Option<f64>,
    /// How often the sound broke off, or a picture came late.
    misses: Option<u64>,
}

pub fn run(only: &[String]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| PARTS.iter().all(|part| part.0 != *name)) {
        let names = PARTS.map(|part| part.0).join(", ");
        return Err(format!("There is no part {unknown}; there are {names}"));
    }
    aloud(command("cargo", &["build", "--release", "-p", "stemcheck-cli"]))?;
    let mut results = Vec::new();
    for (name, what, measure) in PARTS {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            eprintln!("\n{name}: {what}\n");
            let rows = measure()?;
            print(&rows);
            results.push(json!({
                "part": name, "what": what, "rows": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
            }));
        }
    }
    let path = folder().join("results.json");
    let text = serde_json::to_string_pretty(&results).map_err(|error| error.to_string())?;
    fs::write(&path, text)
        .map_err(|error| format!("could not write {}: {error}", path.display()))?;
    eprintln!("\nWritten to {}", path.display());
    Ok(())
}

fn stages() -> Result<Vec<Row>, String> {
    let folder = folder().join("stages");
    let output = bench(&["stages".as_ref(), folder.as_os_str()])
        .output()
        .map_err(|error| format!("could not start the bench: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let stages = parsed(text.lines().last().unwrap_or_default())?;
    let row = |stage: &Value| Row {
        what: stage["stage"].as_str().unwrap_or_default().to_owned(),
        real_time: stage["real_time"].as_f64(),
        frames_per_s: stage["frames_per_s"].as_f64(),
        ..Row::default()
    };
    Ok(stages.iter().map(row).collect())
}

fn check() -> Result<Vec<Row>, String> {
    let folder = song(SONG)?;
    let seconds = audio_seconds(SONG);
    let stemcheck = |arguments: &[&str]| {
        let mut command = command("target/release/stemcheck", &[]);
        command.args(arguments).arg(&folder);
        command
    };
    let mut rows = vec![
        measured("stemcheck check, 1 thread", seconds, stemcheck(&["check", "--threads", "1"]))?,
        measured("stemcheck check, 2 threads", seconds, stemcheck(&["check", "--threads", "2"]))?,
        measured("stemcheck null, 1 thread", seconds, stemcheck(&["null", "--threads", "1"]))?,
    ];
    let files = waves(&folder)?;
    if answer("sox", &["--version"]).is_some() {
        let mut sox = command("sox", &["-m"]);
        for file in &files {
            let sign = if file.ends_with("Mixdown.wav") { "-1" } else { "1" };
            sox.args(["-v", sign]).arg(file);
        }
        sox.args(["-n", "stat"]);
        rows.push(measured("sox -m (the sum minus the mix, its level)", seconds, sox)?);
    }
    if answer("ffmpeg", &["-version"]).is_some() {
        let filters = "ebur128=peak=true,astats";
        let mut all = Row { what: format!("ffmpeg {filters}, file by file"), ..Row::default() };
        for file in &files {
            let mut ffmpeg = command("ffmpeg", &["-v", "error", "-nostats", "-threads", "1", "-i"]);
            ffmpeg.arg(file).args(["-af", filters, "-f", "null", "-"]);
            let one = measured("", seconds, ffmpeg)?;
            all.wall_s = Some(all.wall_s.unwrap_or(0.0) + one.wall_s.unwrap_or(0.0));
            all.cpu_s = Some(all.cpu_s.unwrap_or(0.0) + one.cpu_s.unwrap_or(0.0));
            all.memory_bytes = all.memory_bytes.max(one.memory_bytes);
        }
        all.real_time = all.cpu_s.map(|cpu| seconds / cpu);
        rows.push(all);
    }
    Ok(rows)
}

fn diagnosis() -> Result<Vec<Row>, String> {
    let songs = [
        ("nothing to name", "nothing"),
        ("a late stem", "late-stem"),
        ("a compressor on the mix", "bus-dynamics"),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (what, wrong) in songs {
        let folder = song_with(SONG, wrong)?;
        let mut check = command("target/release/stemcheck", &["check", "--threads", "1"]);
        check.arg(&folder);
        let mut row = measured_to(1, what, audio_seconds(SONG), check)?;
        if let (Some(without), Some(with)) = (rows.first().and_then(|row| row.cpu_s), row.cpu_s) {
            row.what = format!("{what}: {:+.0} % of CPU", 100.0 * (with / without - 1.0));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn memory() -> Result<Vec<Row>, String> {
    let folder = song(LARGE_SONG)?;
    let mut check = command("target/release/stemcheck", &["check"]);
    check.arg(&folder);
    Ok(vec![measured("stemcheck check, all threads", audio_seconds(LARGE_SONG), check)?])
}

/// What a script of the page's tests says of a song.
fn in_browser(script: &str, folder: &Path) -> Result<Vec<Value>, String> {
    tools::for_page()?;
    tools::for_tests()?;
    serve::build()?;
    let mut node = command("node", &[script]);
    node.arg(folder).env("STEMCHECK_DIST", root().join("dist"));
    let output = node.output().map_err(|error| format!("could not start node: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    parsed(&String::from_utf8_lossy(&output.stdout))
}

fn preview() -> Result<Vec<Row>, String> {
    let results = in_browser("tests/e2e/listen.js", &song(LARGE_SONG)?)?;
    let row = |result: &Value| Row {
        what: result["what"].as_str().unwrap_or_default().to_owned(),
        median_ms: result["median_ms"].as_f64(),
        worst_ms: result["worst_ms"].as_f64(),
        misses: result["misses"].as_u64(),
        ..Row::default()
    };
    Ok(results.iter().map(row).collect())
}

fn browser() -> Result<Vec<Row>, String> {
    let results = in_browser("tests/e2e/bench.js", &song(SONG)?)?;
    let row = |result: &Value| {
        let wall_s = result["seconds"].as_f64();
        let headers = result["headers_s"].as_f64();
        let headers = headers.map_or_else(String::new, |s| format!(", headers after {s:.2} s"));
        let workers = result["workers"].as_u64().unwrap_or_default();
        let what = result["what"].as_str().unwrap_or_default();
        Row {
            what: format!(
                "{what}, {workers} worker{}{headers}",
                if workers == 1 { "" } else { "s" }
            ),
            wall_s,
            real_time: wall_s.map(|wall| audio_seconds(SONG) / wall),
            memory_bytes: result["memory_above_idle"].as_u64(),
            ..Row::default()
        }
    };
    Ok(results.iter().map(row).collect())
}

/// Runs a command to its end; what it prints is dropped.
fn measured(what: &str, seconds: f64, command: Command) -> Result<Row, String> {
    measured_to(0, what, seconds, command)
}

/// The same of a command whose exit code may go up to `most`.
fn measured_to(most: i32, what: &str, seconds: f64, mut command: Command) -> Result<Row, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let used = command.spawn().and_then(|mut child| child.wait4());
    let used = used.map_err(|error| format!("could not run {command:?}: {error}"))?;
    let wall_s = started.elapsed().as_secs_f64();
    if used.status.code().is_none_or(|code| code > most) {
        return Err(format!("{command:?} failed: {}", used.status));
    }
    let cpu_s = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    Ok(Row {
        what: what.to_owned(),
        wall_s: Some(wall_s),
        cpu_s: Some(cpu_s),
        real_time: Some(seconds / cpu_s),
        memory_bytes: Some(used.rusage.maxrss),
        ..Row::default()
    })
}

/// The folder of a song, which is made if it is not there.
fn song(size: (u32, u32, u32)) -> Result<PathBuf, String> {
    song_with(size, "nothing")
}

/// The same with what went wrong at the export.
fn song_with((stems, seconds, rate): (u32, u32, u32), wrong: &str) -> Result<PathBuf, String> {
    let folder = folder().join(format!("{stems}x{seconds}s-{rate}-{wrong}"));
    let numbers = [stems, seconds, rate].map(|number| number.to_string());
    let mut make = bench(&["song".as_ref(), folder.as_os_str()]);
    make.args(numbers).arg(wrong);
    aloud(make)?;
    Ok(folder)
}

fn bench(arguments: &[&std::ffi::OsStr]) -> Command {
    let mut bench =
        command("cargo", &["bench", "-q", "-p", "stemcheck-tests", "--bench", "bench", "--"]);
    bench.args(arguments);
    bench
}

fn audio_seconds((stems, seconds, _): (u32, u32, u32)) -> f64 {
    f64::from((stems + 1) * seconds)
}

fn waves(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let say = |error| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(say)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wav"))
        .collect();
    files.sort();
    Ok(files)
}

fn folder() -> PathBuf {
    root().join("target/bench")
}

fn parsed(text: &str) -> Result<Vec<Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))
}

impl Row {
    fn to_json(&self) -> Value {
        json!({
            "what": self.what, "wall_s": self.wall_s, "cpu_s": self.cpu_s,
            "real_time": self.real_time, "memory_bytes": self.memory_bytes,
            "frames_per_s": self.frames_per_s, "median_ms": self.median_ms,
            "worst_ms": self.worst_ms, "misses": self.misses,
        })
    }
}

/// A table as Markdown has it, so that the README can carry it.
fn print(rows: &[Row]) {
    type Column = (&'static str, fn(&Row) -> Option<String>);
    let columns: [Column; 8] = [
        ("wall s", |row| Some(format!("{:.2}", row.wall_s?))),
        ("CPU s", |row| Some(format!("{:.2}", row.cpu_s?))),
        ("× real time", |row| Some(format!("{:.0}", row.real_time?))),
        ("M frames/s", |row| Some(format!("{:.0}", row.frames_per_s? / 1e6))),
        ("peak MB", |row| Some(format!("{:.0}", row.memory_bytes? as f64 / 1e6))),
        ("usually ms", |row| Some(format!("{:.0}", row.median_ms?))),
        ("at worst ms", |row| Some(format!("{:.0}", row.worst_ms?))),
        ("misses", |row| Some(row.misses?.to_string())),
    ];
    let shown: Vec<&Column> =
        columns.iter().filter(|(_, cell)| rows.iter().any(|row| cell(row).is_some())).collect();
    let names: Vec<&str> = shown.iter().map(|(name, _)| *name).collect();
    eprintln!("| | {} |", names.join(" | "));
    eprintln!("|---|{}", "--:|".repeat(names.len()));
    for row in rows {
        let cells: Vec<String> =
            shown.iter().map(|(_, cell)| cell(row).unwrap_or_default()).collect();
        eprintln!("| {} | {} |", row.what, cells.join(" | "));
    }
}
