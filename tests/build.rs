//! Embeds the songs, and for a browser the reports that the native run wrote: a browser has no
//! folder to look into.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let (here, out) = (folder("CARGO_MANIFEST_DIR"), folder("OUT_DIR"));
    let songs = here.join("songs");
    println!("cargo:rerun-if-changed={}", songs.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(&songs)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let list: Vec<String> = paths.iter().map(|path| embedded(path)).collect();
    fs::write(out.join("songs.rs"), format!("&[\n{}]\n", list.concat()))?;

    // What `songs.rs` wrote; empty where it has not run.
    let reports = here.join("../target/song-reports.json");
    println!("cargo:rerun-if-changed={}", reports.display());
    fs::write(out.join("song-reports.json"), fs::read_to_string(reports).unwrap_or_default())?;

    // The files that the native run encoded: there are no encoders in a browser.
    let files = here.join("../target/encoded-songs");
    let browser = env::var_os("CARGO_CFG_TARGET_ARCH").is_some_and(|arch| arch == "wasm32");
    let mut list = String::new();
    if browser {
        println!("cargo:rerun-if-changed={}", files.display());
    }
    if let (true, Ok(entries)) = (browser, fs::read_dir(&files)) {
        for entry in entries {
            let path = entry?.path().canonicalize()?.display().to_string();
            let name = path.rsplit('/').next().unwrap_or_default();
            let entry = format!("({name:?}, include_bytes!({path:?}) as &[u8]),\n");
            list.push_str(&entry);
        }
    }
    fs::write(out.join("encoded.rs"), format!("&[\n{list}]\n"))
}

/// An entry of the list: name and text of a file.
fn embedded(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let path = path.display().to_string();
    format!("({name:?}, include_str!({path:?})),\n")
}
