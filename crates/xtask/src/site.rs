//! The finished site: what can only be written once all its files are there.
//!
//! [`seal`] runs as trunk's hook after every build: checksums for the service worker, the embedded
//! element's style sheet. [`single`] makes one file of a site.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, GzBuilder};
use regex_lite::{Captures, Regex};
use sha2::{Digest, Sha256};

use crate::shell::{Outcome, root};

/// The site in one file.
pub const SINGLE: &str = "stemcheck.html";
/// The checksums of everything.
pub const SUMS: &str = "SHA256SUMS";
const DARK: &str = "dark.css";
const KEEPER: &str = "service-worker.js";
const VERSION: &str = "version.js";

/// Writes what depends on the other files of a site; trunk names the folder.
pub fn seal() -> Outcome {
    let site =
        std::env::var_os("TRUNK_STAGING_DIR").map_or_else(|| root().join("dist"), PathBuf::from);
    let page = read(&site.join("index.html"))?;
    let sheets = sheets(&page)?;
    let light = sheets.iter().filter(|name| *name != DARK).map(|name| read(&site.join(name)));
    let light = light.collect::<Result<Vec<_>, _>>()?.concat();
    write(&site.join("embed.css"), format!("{HOST}{}", for_shadow(&light)?))?;
    write(&site.join("embed-dark.css"), for_shadow(&read(&site.join(DARK))?)?)?;
    let keeper = site.join(KEEPER);
    let mut kept = kept(&site)?;
    let list = |kept: &BTreeMap<String, String>| {
        serde_json::to_string_pretty(kept).map_err(|error| error.to_string())
    };
    let version = &hex(&Sha256::digest(list(&kept)?))[..16];
    // The page tells its version by this, which is therefore no part of what it is made of.
    let told = format!("export const VERSION = \"{version}\";\n");
    kept.insert(VERSION.to_owned(), integrity(told.as_bytes()));
    write(&site.join(VERSION), told)?;
    let files = list(&kept)?;
    // The template, not what an earlier run has made of it.
    let template = read(&root().join("www").join(KEEPER))?;
    let filled =
        template.replace("{version}", version).replace("FILES = {}", &format!("FILES = {files}"));
    write(&keeper, filled)
}

/// Checksums of what the page needs when there is no network, by path.
fn kept(site: &Path) -> Result<BTreeMap<String, String>, String> {
    let is_kept = |name: &&String| {
        !["embed", "frame", "report.schema", KEEPER, SINGLE, SUMS, VERSION]
            .iter()
            .any(|other| name.starts_with(other))
    };
    let mut kept = BTreeMap::new();
    for name in files(site)?.iter().filter(is_kept) {
        // Some hosts send the visitor from `index.html` to its folder, which a cache must not keep.
        let path = if name == "index.html" { "./" } else { name };
        kept.insert(path.to_owned(), integrity(&bytes(&site.join(name))?));
    }
    Ok(kept)
}

/// Nothing of the page around reaches the element but what it sets on the element itself.
const HOST: &str = "\
:host {
  all: initial;
  display: block;
  container-type: inline-size;
}

:host([hidden]) {
  display: none;
}

.page.guest {
  min-height: 0;
}

";

/// A style sheet for a shadow root: the page is the host, its width is the container's, and letters
/// are as large as the browser's own, whatever the page around makes of `rem`.
fn for_shadow(sheet: &str) -> Result<String, String> {
    let width = pattern(r"@media \((min|max)-width:")?;
    let rem = pattern(r"(-?[\d.]+)rem\b")?;
    let line = |line: &str| {
        let line = width.replace_all(line, "@container ($1-width:");
        if line.starts_with('@') {
            return line.into_owned();
        }
        let line = match line.trim() {
            ":root {" => line.replace(":root", ":host"),
            // Letters as large as the host's own, which are the browser's.
            "html {" | "body {" => line.replace("html", ".page").replace("body", ".page"),
            _ => line.into_owned(),
        };
        let own =
            |found: &Captures<'_>| format!("calc({} * var(--stemcheck-rem, 1rem))", &found[1]);
        // The page's width is the container's.
        rem.replace_all(&line, own).replace("vw", "cqi")
    };
    Ok(sheet.lines().map(line).collect::<Vec<_>>().join("\n") + "\n")
}

/// Makes one file of a site: styles and scripts in it, programs packed, no address to ask anything of.
pub fn single(site: &Path) -> Outcome {
    let page = read(&site.join("index.html"))?;
    let mut styles = String::new();
    let mut allowed = Vec::new();
    for name in sheets(&page)? {
        let text = read(&site.join(&name))?;
        allowed.push(allow(&text));
        let dark = "id=\"dark-sheet\" media=\"(prefers-color-scheme: dark)\"";
        let attributes = if name == DARK { format!(" {dark}") } else { String::new() };
        let _ = writeln!(styles, "<style{attributes}>{text}</style>");
    }
    let data = |name: &str, text: &str| {
        format!("<script type=\"text/plain\" id=\"{name}\">{text}</script>\n")
    };
    let mut parts = String::new();
    for name in ["home.js", "app.js", "worker.js", "player-worklet.js", "player-fallback.js"] {
        parts += &data(name, &read(&site.join(name))?.replace("</script", "<\\/script"));
    }
    for name in ["app_bg.wasm", "worker_bg.wasm"] {
        parts += &data(name, &BASE64_STANDARD.encode(packed(&bytes(&site.join(name))?)?));
    }
    let start = read(&root().join("www/single.js"))?;
    let icon = BASE64_STANDARD.encode(bytes(&site.join("icon.svg"))?);
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval' blob: data:; style-src {}; worker-src blob:; \
         img-src data: blob:; base-uri 'none'; form-action 'none'",
        allow(&start),
        allowed.join(" ")
    );
    let head = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Stemcheck</title>\n\
         <link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">\n{styles}</head>\n"
    );
    // Data come before the script that reads them.
    let boot = page
        .lines()
        .find(|line| line.starts_with("<p id=\"boot\""))
        .ok_or("index.html says nothing while it loads")?;
    let body = format!(
        "<body>\n{boot}\n{parts}<script type=\"module\">{start}</script>\n</body>\n</html>\n"
    );
    write(&site.join(SINGLE), head + &body)
}

/// What a Content-Security-Policy calls an inline script or style by.
fn allow(text: &str) -> String {
    format!("'{}'", integrity(text.as_bytes()))
}

/// A checksum as browsers write it.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// Compressed, the same whenever and wherever it is done.
fn packed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packer.write_all(bytes).and_then(|()| packer.finish()).map_err(|error| error.to_string())
}

/// Writes the checksums of a site, as `sha256sum -c` reads them, and gives them.
pub fn sums(site: &Path) -> Result<String, String> {
    let mut sums = String::new();
    for name in files(site)?.iter().filter(|name| *name != SUMS) {
        let _ = writeln!(sums, "{}  {name}", hex(&Sha256::digest(bytes(&site.join(name))?)));
    }
    write(&site.join(SUMS), &sums)?;
    Ok(sums)
}

/// The page's style sheets in their order.
fn sheets(page: &str) -> Result<Vec<String>, String> {
    let link = pattern(r#"href="\.?/?([\w-]+\.css)""#)?;
    Ok(link.captures_iter(page).map(|found| found[1].to_owned()).collect())
}

fn pattern(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| error.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Names of the files of a folder, sorted; a site has no folders.
pub fn files(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("could not read {}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    String::from_utf8(bytes(path)?).map_err(|_| format!("{} is no text", path.display()))
}

fn write(path: &Path, text: impl AsRef<[u8]>) -> Outcome {
    fs::write(path, text).map_err(|error| format!("could not write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_is_made_for_a_shadow_root() {
        let sheet = ":root {\n  --gap: clamp(1rem, 0.6rem + 1.2vw, 2rem);\n}\n@media (max-width: 34rem) {\n  html {\n    margin: -2rem;\n  }\n}\n.body {\n}\n";
        let own = for_shadow(sheet).unwrap_or_default();
        let one = "var(--stemcheck-rem, 1rem)";
        assert!(own.starts_with(":host {\n"), "{own}");
        assert!(own.contains(&format!("calc(0.6 * {one}) + 1.2cqi")), "{own}");
        assert!(own.contains("@container (max-width: 34rem) {\n  .page {"), "{own}");
        assert!(own.contains(&format!("calc(-2 * {one})")) && own.contains(".body {"), "{own}");
    }

    #[test]
    fn style_sheets_are_found_in_their_order() {
        let page = "<link rel=\"stylesheet\" href=\"./b.css\"/>\n<link href=\"a-1.css\" x>";
        assert_eq!(sheets(page), Ok(vec!["b.css".to_owned(), "a-1.css".to_owned()]));
    }
}
