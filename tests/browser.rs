//! Every song again, in a browser's worker: the report must be the native one.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test, which clippy cannot tell here"
)]

use std::collections::BTreeMap;

use serde_json::Value;
use stemcheck_tests::{NATIVE_REPORTS, Order, Studio, corpus, examine, options, same};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The songs are the same to the bit; sines and logarithms of what is measured differ in the last.
const TOLERANCE: f64 = 1e-6;

#[wasm_bindgen_test]
fn songs_of_one_half_give_the_native_report() {
    compare(0);
}

#[wasm_bindgen_test]
fn songs_of_the_other_half_give_the_native_report() {
    compare(1);
}

/// Every second song: each half can have a browser of its own.
fn compare(half: usize) {
    let native: BTreeMap<String, Value> = serde_json::from_str(NATIVE_REPORTS)
        .expect("run `cargo test -p stemcheck-tests` first: it writes the reports to compare with");
    let mut studio = Studio::default();
    let mut failures = Vec::new();
    for (place, scene) in corpus().unwrap().into_iter().skip(half).step_by(2) {
        let files = studio.build(&scene.song).unwrap();
        let done = examine(&files, options(&scene, &files).unwrap(), Order::InTurn).unwrap();
        let report = serde_json::to_value(done.report()).unwrap();
        let lines = match native.get(&place) {
            Some(native) => same(native, &report, TOLERANCE),
            None => vec!["no native report".to_owned()],
        };
        if !lines.is_empty() {
            failures.push(format!("{place} {}\n    {}", scene.title, lines.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "native / browser:\n{}", failures.join("\n"));
}
