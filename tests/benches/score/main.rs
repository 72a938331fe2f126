//! What `cargo xtask score` runs: makes the corpus, examines every case, prints the tables and writes
//! the figures as JSON.
#![expect(clippy::print_stdout, reason = "stdout is where the tables go")]

mod options;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use cpu_time::ThreadTime;
use serde_json::json;
use stemcheck_core::profile::Severity;
use stemcheck_session::report::{CauseReport, Report};
use stemcheck_session::{Examination, FileInput, Job, profiles};
use stemcheck_tests::runner;
use stemcheck_tests::score::{Case, Clock, FAULTS, Fault, Outcome, Shelf, Strength, Tally, judge};

use options::Options;

/// The faults of a case, and how much of them.
type Order = (Vec<&'static Fault>, Strength);

fn main() -> ExitCode {
    // Cargo hands every bench the argument `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{}", options::USAGE);
        return ExitCode::SUCCESS;
    }
    match Options::parse(&arguments).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let started = Instant::now();
    let mut tally = Tally::default();
    let mut misses = Vec::new();
    for (number, song) in options.songs() {
        let shelf = Shelf::from(song?);
        let orders = options.orders(number);
        let outcomes = examined(&shelf, &orders, options)?;
        for outcome in &outcomes {
            tally.count(outcome);
            if !outcome.is_right() {
                misses.push(outcome.told());
            }
        }
        let right = outcomes.iter().filter(|outcome| outcome.is_right()).count();
        let (name, cases) = (&shelf.song.name, outcomes.len());
        let seconds = started.elapsed().as_secs();
        eprintln!("song {number}, {name}: {right} of {cases} all right, {seconds} s");
    }
    if options.verbose {
        println!("{}\n", misses.join("\n"));
    }
    println!("{}", tally.tables());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/score");
    let path = folder.join("results.json");
    let text = serde_json::to_string_pretty(&json!({
        "figures": tally.to_json(), "not_all_right": misses,
    }));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, text.unwrap_or_default()))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    eprintln!("Written to {}", path.display());
    Ok(())
}

/// Makes and examines the cases of one song, side by side, in the order given.
fn examined(shelf: &Shelf, orders: &[Order], options: &Options) -> Result<Vec<Outcome>, String> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<BTreeMap<usize, Outcome>, String> {
        let mut outcomes = BTreeMap::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((faults, strength)) = orders.get(at) else { return Ok(outcomes) };
            if let Some(case) = Case::make(shelf, faults, *strength)? {
                outcomes.insert(at, outcome(&shelf.song.name, case, options)?);
            }
        }
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..options.threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    let mut all = BTreeMap::new();
    for outcomes in done {
        all.append(&mut outcomes.map_err(|_| "a case ended in a panic")??);
    }
    Ok(all.into_values().collect())
}

fn outcome(song: &str, case: Case, options: &Options) -> Result<Outcome, String> {
    let (report, clock) = examine(&case, options.null_alone)?;
    let [told] = report.songs.as_slice() else { return Err("one song was given".to_owned()) };
    if !told.null.run {
        let why = told.null.reason.as_deref().unwrap_or_default();
        let files: Vec<&str> = case.files.iter().map(|file| file.name.as_str()).collect();
        return Err(format!("{song}, {}: {why} ({})", case.faults.join(" + "), files.join(", ")));
    }
    let mut answers = judge(&case.truths, told, case.reference);
    if case.truths.is_empty() {
        // Nothing at all may be said of a clean song, however small.
        let causes = told.null.causes.iter().filter(|cause| cause.code != "rounding");
        answers.false_alarms = causes.map(|cause| cause.code.clone()).collect();
    }
    let errors = told.findings.iter().filter(|finding| finding.severity == Severity::Error);
    Ok(Outcome {
        song: song.to_owned(),
        faults: case.faults,
        strength: case.strength,
        answers,
        truths: case.truths,
        said: told.null.causes.iter().map(said).collect(),
        errors: errors.map(|finding| finding.code.clone()).collect(),
        depth_db: [told.null.depth_db, told.null.after_fix_depth_db],
        clock,
    })
}

fn said(cause: &CauseReport) -> String {
    let file = cause.file.as_deref().unwrap_or("-");
    let other = cause.other_file.as_ref().map(|other| format!(" and {other}")).unwrap_or_default();
    let value = cause.value.map(|value| format!(" {value:.3}")).unwrap_or_default();
    let unit = cause.unit.as_deref().unwrap_or_default();
    format!(
        "{} {file}{other}{value} {unit}, share {:.3}, takes {:.1} dB, {:?}, {:.1} to {:.1} s",
        cause.code, cause.share, cause.explains_db, cause.confidence, cause.start_s, cause.end_s
    )
}

/// The real examination, job by job, timed by what they are for.
fn examine(case: &Case, null_alone: bool) -> Result<(Report, Clock), String> {
    let profile = profiles::built_in("generic").ok_or("generic is built in")?;
    let inputs = case
        .files
        .iter()
        .map(|file| FileInput { name: file.name.clone(), bytes: file.bytes.len() as u64 })
        .collect();
    let settings = stemcheck_session::Options { profile, null_alone, ..Default::default() };
    let mut examination = Examination::new(inputs, settings);
    let mut runner = runner(&Arc::from(case.files.as_slice()));
    let mut clock = Clock::default();
    while let Some(job) = examination.next_job() {
        let started = ThreadTime::now();
        let result = runner.run(&job);
        let seconds = started.elapsed().as_secs_f64();
        match &job {
            Job::Diagnose { .. } => clock.diagnosis_s += seconds,
            Job::Verify { .. } => clock.verification_s += seconds,
            _ => clock.segments_s += seconds,
        }
        examination.complete(result);
    }
    if examination.is_done() {
        Ok((examination.report(), clock))
    } else {
        Err("the examination stalled".to_owned())
    }
}

/// Every fault that was asked for.
fn faults(code: Option<&str>) -> impl Iterator<Item = &'static Fault> + '_ {
    FAULTS.iter().filter(move |fault| code.is_none_or(|code| fault.name.starts_with(code)))
}
