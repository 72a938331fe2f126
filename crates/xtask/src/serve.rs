//! `cargo xtask serve`: the page, built for release, on a local address.

use std::net::TcpListener;

use crate::shell::{Outcome, aloud, command};
use crate::tools;

/// Ports that are tried, in order.
const PORTS: std::ops::Range<u16> = 8080..8100;

pub fn run() -> Outcome {
    tools::for_page()?;
    let port = PORTS
        .into_iter()
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| format!("No free port between {} and {}.", PORTS.start, PORTS.end - 1))?;
    build()?;
    eprintln!("\nStemcheck is at http://127.0.0.1:{port}/ (Ctrl-C ends it)");
    let port = port.to_string();
    aloud(command(
        "trunk",
        &["serve", "--release", "--no-autoreload", "--address", "127.0.0.1", "--port", &port],
    ))
}

/// Builds the page into `dist`.
pub fn build() -> Outcome {
    aloud(command("trunk", &["build", "--release"]))
}
