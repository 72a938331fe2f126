//! What `cargo xtask bench` runs: writes the song that everything is timed on, and times the stages
//! of the engine one by one. Prints JSON; `xtask` makes tables of it.
#![expect(clippy::print_stdout, reason = "stdout is where the results go")]

mod song;
mod stages;

use std::process::ExitCode;

const USAGE: &str = "usage: bench song FOLDER STEMS SECONDS RATE WRONG | bench stages FOLDER";

fn main() -> ExitCode {
    // Cargo hands every bench the argument `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["song", folder, stems, seconds, rate, wrong] => {
            let wrong = song::Wrong::named(wrong);
            match (stems.parse(), seconds.parse(), rate.parse(), wrong) {
                (Ok(stems), Ok(seconds), Ok(rate), Some(wrong)) => {
                    song::write(folder.as_ref(), stems, seconds, rate, wrong)
                }
                _ => Err(USAGE.to_owned()),
            }
        }
        ["stages", folder] => stages::run(folder.as_ref()),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
