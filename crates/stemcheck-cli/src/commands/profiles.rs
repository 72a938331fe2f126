//! `stemcheck profiles`: the built-in profiles, to read and to start one's own from.

use stemcheck_session::core::profile::Profile;
use stemcheck_session::profiles;

use crate::error::Error;
use crate::{Outcome, output};

/// List the built-in profiles, or print one as TOML
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The profile to print
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let text = match &args.name {
        Some(name) => profiles::built_in_text(name).ok_or_else(|| unknown(name))?.to_owned(),
        None => listing(),
    };
    output::print(&text)?;
    Ok(Outcome::Ready)
}

fn listing() -> String {
    let built_in: Vec<Profile> =
        profiles::NAMES.iter().filter_map(|name| profiles::built_in(name)).collect();
    output::list(built_in.iter().map(|p| (p.name.as_str(), p.title.as_str())))
}

fn unknown(name: &str) -> Error {
    let names = profiles::NAMES.join(", ");
    Error::Usage(format!("no profile is called {name:?}; there are {names}"))
}
