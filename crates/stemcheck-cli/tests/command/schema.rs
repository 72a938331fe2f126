//! The published JSON Schema, and real reports against it.

use std::fs;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

use crate::process::{demo, folder, stemcheck, text};

struct Schema(Schemas, SchemaIndex);

impl Schema {
    fn published() -> Self {
        let schema = serde_json::from_str(&stemcheck(&["explain", "--schema"]).stdout).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("report.json", schema).unwrap();
        let index = compiler.compile("report.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn allows(&self, report: &Value) -> Result<(), String> {
        self.0.validate(report, self.1).map_err(|error| format!("{error:#}"))
    }
}

/// Other programs take it from the site: what lies there is what the command prints.
#[test]
fn the_schema_on_the_site_is_the_one_of_this_version() {
    let site = include_str!("../../../../www/report.schema.json");
    let made = stemcheck(&["explain", "--schema"]).stdout;
    assert!(site == made, "run: stemcheck explain --schema > www/report.schema.json");
}

#[test]
fn real_reports_keep_to_the_schema() {
    let schema = Schema::published();
    let faults: [&[&str]; 4] = [
        &[],
        &["late-stem", "wrong-gain", "clipping"],
        &["no-reference", "silent-stem", "invalid-samples"],
        &["doubled-part", "mixed-lengths"],
    ];
    for (number, faults) in faults.into_iter().enumerate() {
        let song = demo(&format!("schema-{number}"), faults);
        if number == 2 {
            fs::write(song.join("Broken.wav"), b"RIFF").unwrap();
        }
        let report = stemcheck(&["check", text(&song), "--sha256", "--format", "json"]).json();
        schema.allows(&report).unwrap();
    }
    let song = demo("schema-package", &[]);
    let zip = folder("schema-out").join("a.zip");
    stemcheck(&["package", text(&song), "-o", text(&zip)]);
    let mut report = stemcheck(&["check", text(&zip), "--format", "json"]).json();
    schema.allows(&report).unwrap();

    report["songs"][0]["files"][0]["role"] = json!("bass player");
    assert!(schema.allows(&report).is_err(), "a word that there is not");
    report["songs"][0].as_object_mut().unwrap().remove("files");
    assert!(schema.allows(&report).is_err(), "a field that is always there");
}
