//! `stemcheck explain`: what a code means.

use stemcheck_session::core::checks::{self, Doc};
use stemcheck_session::core::profile::Severity;
use stemcheck_session::report::schema;

use crate::error::Error;
use crate::{Outcome, output};

/// Say what a code means, why it matters and how to fix it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The code, as the report prints it; all codes are listed if it is left out
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// Print the JSON Schema of the report instead
    #[arg(long, conflicts_with = "code")]
    schema: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Error> {
    let text = match &args.code {
        None if args.schema => schema().map_err(|error| Error::Usage(error.to_string()))?,
        Some(code) => explain(checks::doc(code).ok_or_else(|| unknown(code))?),
        None => output::list(checks::docs().map(|doc| (doc.code, doc.title))),
    };
    output::print(&text)?;
    Ok(Outcome::Ready)
}

fn explain(doc: &Doc) -> String {
    let severity = match doc.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "good to know",
    };
    format!(
        "{}: {} ({severity})\n\nWhat    {}\nWhy     {}\nFix     {}\nSource  {}\n",
        doc.code, doc.title, doc.what, doc.why, doc.fix, doc.source
    )
}

fn unknown(code: &str) -> Error {
    let mut nearest: Vec<(f64, &str)> = checks::docs()
        .map(|doc| (strsim::jaro_winkler(code, doc.code), doc.code))
        .filter(|(likeness, _)| *likeness > 0.7)
        .collect();
    nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let nearest: Vec<&str> = nearest.iter().take(3).map(|(_, code)| *code).collect();
    let hint = match nearest.as_slice() {
        [] => "`stemcheck explain` lists all codes".to_owned(),
        codes => format!("is it {}?", codes.join(" or ")),
    };
    Error::Usage(format!("no code is called {code:?}: {hint}"))
}
