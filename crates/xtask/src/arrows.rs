//! The arrows between the crates, as `ARCHITECTURE.md` draws them; any other is an error.

use serde_json::Value;

use crate::shell::{Outcome, answer};

/// Who may depend on whom (tests and tools may depend on anything).
const ARROWS: [(&str, &[&str]); 5] = [
    ("stemcheck-core", &[]),
    ("stemcheck-decode", &["stemcheck-core"]),
    ("stemcheck-session", &["stemcheck-core", "stemcheck-decode"]),
    ("stemcheck-web", &["stemcheck-session"]),
    ("stemcheck-cli", &["stemcheck-session"]),
];

pub fn check() -> Outcome {
    let metadata = answer("cargo", &["metadata", "--no-deps", "--format-version", "1"])
        .ok_or("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
    let wrong = violations(&metadata);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn violations(metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let mut wrong = Vec::new();
    for package in list(&metadata["packages"]) {
        let from = name(&package);
        let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| *crate_name == from) else {
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let to = name(&dependency);
            let ours = to.starts_with("stemcheck-") && dependency["kind"].as_str() != Some("dev");
            if ours && !allowed.contains(&to.as_str()) {
                wrong.push(format!("{from} may not depend on {to}: see ARCHITECTURE.md"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn depends(from: &str, to: &str, kind: Option<&str>) -> Value {
        json!({"packages": [{"name": from, "dependencies": [{"name": to, "kind": kind}]}]})
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_told() {
        let upward = depends("stemcheck-core", "stemcheck-session", None);
        assert_eq!(violations(&upward).len(), 1);
        let past = depends("stemcheck-web", "stemcheck-core", None);
        assert_eq!(violations(&past).len(), 1);
    }

    #[test]
    fn drawn_arrows_and_test_arrows_pass() {
        assert!(violations(&depends("stemcheck-decode", "stemcheck-core", None)).is_empty());
        assert!(violations(&depends("stemcheck-core", "stemcheck-decode", Some("dev"))).is_empty());
        assert!(violations(&depends("stemcheck-core", "realfft", None)).is_empty());
    }
}
