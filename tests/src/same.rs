//! Whether two reports say the same but for the last bits of their numbers.

use serde_json::{Number, Value};

/// Every difference between two JSON values, with its path; none = the same. Numbers may differ by
/// `tolerance`, relative to the larger one or to 1.
pub fn same(a: &Value, b: &Value, tolerance: f64) -> Vec<String> {
    let mut found = Vec::new();
    walk("", a, b, tolerance, &mut found);
    found
}

fn walk(path: &str, a: &Value, b: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let nothing = Value::Null;
                let (a, b) = (a.get(key).unwrap_or(&nothing), b.get(key).unwrap_or(&nothing));
                walk(&format!("{path}.{key}"), a, b, tolerance, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                walk(&format!("{path}[{i}]"), a, b, tolerance, found);
            }
        }
        (Value::Number(x), Value::Number(y)) if close(x, y, tolerance) => {}
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {a} / {b}")),
    }
}

fn close(a: &Number, b: &Number, tolerance: f64) -> bool {
    let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return false };
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_bits_are_forgiven_and_nothing_else() {
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let one = parsed(r#"{"depth": -139.1, "files": [{"name": "A"}], "none": null}"#);
        let near = parsed(r#"{"depth": -139.10001, "files": [{"name": "A"}]}"#);
        assert!(same(&one, &near, 1e-6).is_empty());
        assert_eq!(same(&one, &near, 1e-9).len(), 1);
        for other in [
            r#"{"depth": -138.1, "files": [{"name": "A"}]}"#,
            r#"{"depth": -139.1, "files": [{"name": "B"}]}"#,
            r#"{"depth": -139.1, "files": []}"#,
            r#"{"depth": null, "files": [{"name": "A"}]}"#,
        ] {
            assert_eq!(same(&one, &parsed(other), 1e-6).len(), 1, "{other}");
        }
    }
}
