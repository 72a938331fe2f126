//! Whether two reports say the same but for the last bits of their numbers.

use serde_json::{Number, Value};

/// Every difference between two JSON values, with its path; none = the same. Numbers may differ by
/// `tolerance`, relative to the larger one or to 1.
pub fn same(a: &Value, b: &Value, tolerance: f64) -> Vec<String> {
    let mut found = Vec::new();
    let tolerance = if is_fitted(a) && is_fitted(b) { tolerance.max(FITTED) } else { tolerance };
    walk("", a, b, tolerance, &mut found);
    found
}

/// Digits of what seconds of filter explain: fitted step by step to more unknowns than the sound tells.
const FITTED: f64 = 1e-4;

/// Whether an effect return was fitted.
fn is_fitted(report: &Value) -> bool {
    match report {
        Value::Object(object) => {
            let code = object.get("code").and_then(Value::as_str).unwrap_or_default();
            code.ends_with("-effect-return") || object.values().any(is_fitted)
        }
        Value::Array(values) => values.iter().any(is_fitted),
        _ => false,
    }
}

fn walk(path: &str, a: &Value, b: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (a, b) {
        _ if path.ends_with("levels_db") => {
            let (a, b) = (levels(a), levels(b));
            if !nearly(&a, &b) {
                found.push(format!("{path}: {a:?} / {b:?}"));
            }
        }
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
        (Value::Number(x), Value::Number(y)) if close(x, y, digits(path, tolerance)) => {}
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {a} / {b}")),
    }
}

/// Curves that are drawn from the portraits have the digits of single precision.
fn digits(path: &str, tolerance: f64) -> f64 {
    const SINGLE: f64 = 1e-4;
    let drawn = path.contains(".gain_over_time[") || path.contains(".second_render.over_");
    if drawn { tolerance.max(SINGLE) } else { tolerance }
}

/// Levels of who is to blame are made of single precision and of decisions: the last digit may be
/// another, now and then a decision falls the other way, and what is far below the loudest is noise.
fn nearly(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    const DIGIT_DB: f64 = 0.2;
    const RARE: f64 = 0.05;
    const NOISE_DB: f64 = 40.0;
    let top = a.iter().chain(b).flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    let heard = |level: &Option<f64>| level.unwrap_or(f64::NEG_INFINITY).max(top - NOISE_DB);
    let differ = |(a, b): &(&Option<f64>, &Option<f64>)| (heard(a) - heard(b)).abs() > DIGIT_DB;
    let different = a.iter().zip(b).filter(differ).count();
    a.len() == b.len() && different as f64 <= 2.0 + RARE * a.len() as f64
}

/// All levels of a table, row by row.
fn levels(table: &Value) -> Vec<Option<f64>> {
    match table {
        Value::Array(rows) => rows.iter().flat_map(levels).collect(),
        level => vec![level.as_f64()],
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

    #[test]
    fn what_was_fitted_step_by_step_has_fewer_digits() {
        let report = |code: &str, value: f64| serde_json::json!({"causes": [{"code": code, "value": value}], "depth": -60.0 + value});
        let alike = |code: &str| same(&report(code, 1.0), &report(code, 1.00005), 1e-6).is_empty();
        assert!(alike("missing-effect-return") && alike("doubled-effect-return"));
        assert!(!alike("wrong-gain"));
    }

    #[test]
    fn levels_of_who_is_to_blame_may_differ_in_a_digit_and_in_noise() {
        let table =
            |level: f64| serde_json::json!({"levels_db": [[-20.0, level, level], [null, level]]});
        let alike = |a: f64, b: f64| same(&table(a), &table(b), 1e-6).is_empty();
        assert!(alike(-30.0, -30.1) && alike(-75.0, -90.0));
        assert!(!alike(-30.0, -33.0));
        let short = serde_json::json!({"levels_db": [[-20.0], [null]]});
        assert!(!same(&table(-30.0), &short, 1e-6).is_empty());
    }
}
