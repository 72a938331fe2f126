//! Every command that the documents show, run as a reader would.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{demo, folder, text};

/// The shell scripts of a document, without what builds the project itself.
fn scripts(document: &str) -> Vec<String> {
    let blocks = document.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let is_ours = |line: &&str| !line.starts_with("cargo ");
    let script = |block: &str| block.lines().filter(is_ours).collect::<Vec<_>>().join("\n");
    blocks.map(script).filter(|script| script.contains("stemcheck")).collect()
}

#[test]
fn what_the_readme_shows_can_be_typed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let home = folder("docs");
    fs::write(home.join("wishes.txt"), "Warm, please.\n").unwrap();
    for name in ["incoming", "accepted", "sent-back"] {
        fs::create_dir_all(home.join(name)).unwrap();
    }
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    // In the text, too: what starts with the program's name and says what to do.
    let inline = readme.split('`').filter(|words| words.starts_with("stemcheck ")).map(|words| {
        // Where it stands for any code, take one.
        words.split_whitespace().collect::<Vec<_>>().join(" ").replace("CODE", "late-stem")
    });
    let mut scripts = scripts(&readme);
    assert!(scripts.len() >= 4, "{scripts:#?}");
    scripts.extend(inline.filter(|words| {
        words.contains("song") || words.contains("profiles") || words.contains("explain")
    }));
    // What comes in at the studio's desk.
    demo("docs/incoming-song", &[]);
    let pack = "stemcheck package incoming-song -o incoming/song.zip";
    scripts.insert(0, pack.to_owned());
    let program = Path::new(env!("CARGO_BIN_EXE_stemcheck"));
    let path = format!("{}:{}", text(program.parent().unwrap()), std::env::var("PATH").unwrap());
    for script in &scripts {
        // 0 and 1 are verdicts; anything else is a command that does not work.
        let checked = format!(
            "stemcheck() {{ command stemcheck \"$@\"; code=$?; [ $code -lt 2 ] || echo \"DOES NOT WORK: $*\" >&2; return $code; }}\n{script}"
        );
        let run = Command::new("sh")
            .args(["-c", &checked])
            .current_dir(&home)
            .env("PATH", &path)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stderr);
        assert!(!told.contains("DOES NOT WORK") && !told.contains("not found"), "{script}\n{told}");
    }
    assert!(home.join("accepted/song.zip").exists(), "the desk takes what is in order");
    assert!(home.join("fixed").is_dir() && home.join("song.zip").exists());
}
