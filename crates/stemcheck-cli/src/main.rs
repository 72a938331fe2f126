//! The command `stemcheck`: the same examination as the page, on threads, from a terminal.
//!
//! Knows paths, threads, the terminal and exit codes; what is found and how it is said is decided
//! below. The report goes to stdout, progress and messages to stderr.

mod asked;
mod commands;
mod disk;
mod error;
mod examine;
mod output;
mod songs;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{check, demo, explain, fix, null, package, preview, profiles};

/// Checks the stems of a song before they go to a mastering engineer.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit status: 0 = ready to send (warnings allowed), 1 = something \
                                 has to be fixed, 2 = could not examine."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Null(null::Args),
    Preview(preview::Args),
    Fix(fix::Args),
    Package(package::Args),
    Demo(demo::Args),
    Explain(explain::Args),
    Profiles(profiles::Args),
}

/// How it ended, where it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Ready to send, or done.
    Ready,
    /// Something has to be fixed.
    Fix,
    /// Nothing could be examined; the report says why.
    NotExamined,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Null(args) => null::run(&args),
        Command::Preview(args) => preview::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Package(args) => package::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Profiles(args) => profiles::run(&args),
    };
    match outcome {
        Ok(Outcome::Ready) => ExitCode::SUCCESS,
        Ok(Outcome::Fix) => ExitCode::from(1),
        Ok(Outcome::NotExamined) => ExitCode::from(2),
        Err(error) => {
            output::message(&error);
            ExitCode::from(2)
        }
    }
}
