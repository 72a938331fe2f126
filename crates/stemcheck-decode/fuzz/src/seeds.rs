//! Writes a small file of every kind into `corpus/TARGET/`, for the fuzzer to begin with.

use std::fs;
use std::path::Path;

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/decode/files.rs"]
mod files;

#[path = "../../tests/decode/corpus.rs"]
mod corpus;

fn main() -> std::io::Result<()> {
    for (at, (target, bytes)) in corpus::corpus().into_iter().enumerate() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("seed-{at}")), bytes)?;
    }
    Ok(())
}
