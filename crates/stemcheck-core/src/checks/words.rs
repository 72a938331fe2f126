//! Where findings become sentences, and the only place that does it.
//!
//! Decides how names, levels, times and lists are printed. The sentences themselves stand with their
//! check as templates, so that each can be read next to the rule it speaks for, and translated by it.

use super::{CAUSES, Finding, Value, doc, menus};
use crate::language::Language;
use crate::song::Daw;

/// The finding as a sentence. `file_names` are the names of all files of the song, in its order.
pub fn say(finding: &Finding, file_names: &[&str], language: &Language) -> String {
    language.fill(finding.message, |placeholder| {
        let value = finding.values.iter().find(|(name, _)| *name == placeholder);
        match (value, finding.file) {
            (Some((_, value)), _) => Some(print(value, file_names, language)),
            (None, Some(file)) if placeholder == "file" => Some(name(file, file_names).to_owned()),
            // A template that names what its check does not supply: the tests of every check look
            // for it.
            (None, _) => None,
        }
    })
}

/// What to do about it, and where the setting is in the program that the file came from.
pub fn fix(finding: &Finding, daw: Option<Daw>, language: &Language) -> String {
    let Some(doc) = doc(finding.code) else {
        return language.say(finding.fix.unwrap_or_default()).to_owned();
    };
    // A check's own advice is for cases where the documented one is wrong, and its menu with it; a
    // cause's only says the same for one direction or file.
    let own_is_special = !CAUSES.iter().any(|cause| cause.doc.code == finding.code);
    let menu = daw
        .filter(|_| finding.fix.is_none() || !own_is_special)
        .and_then(|daw| menus::advice(finding.code, daw));
    let advice = language.say(finding.fix.unwrap_or(doc.fix));
    menu.map_or_else(|| advice.to_owned(), |menu| format!("{advice} {}", language.say(menu)))
}

fn print(value: &Value, file_names: &[&str], language: &Language) -> String {
    match value {
        Value::Text(text) => language.retell(text),
        Value::List(texts) => {
            list(&texts.iter().map(|text| language.say(text)).collect::<Vec<_>>(), language)
        }
        Value::Count(count) => thousands(*count),
        Value::Number(number, unit) => number_with_unit(*number, unit, language),
        Value::Time(seconds) => time(*seconds),
        Value::Name(file) => name(*file, file_names).to_owned(),
        Value::Names(files) => {
            let names: Vec<_> = files.iter().map(|file| name(*file, file_names)).collect();
            list(&names, language)
        }
    }
}

fn name<'a>(file: usize, file_names: &[&'a str]) -> &'a str {
    file_names.get(file).copied().unwrap_or("a file")
}

/// "A, B and C"; more than five are counted, a sentence of twenty names is not read.
fn list(items: &[&str], language: &Language) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = items.iter().take(SHOWN).map(|&item| item.to_owned()).collect();
    if items.len() > SHOWN {
        shown.push(format!("{} {}", items.len() - SHOWN, language.say("more")));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => {
            format!("{} {} {last}", others.join(", "), language.say("and"))
        }
        None => String::new(),
    }
}

/// A finding's amount and its unit as people write them: `1 click`, `44.1 kHz`, `512 samples`. Whole
/// samples go without a sign: sentences say the direction.
pub fn number_with_unit(number: f64, unit: &str, language: &Language) -> String {
    match unit {
        "Hz" => hertz(number),
        "runs" | "clicks" | "places" | "files" => {
            let count = number.abs().round() as u64;
            let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
            format!("{} {}", thousands(count), language.say(unit))
        }
        "samples" if number.fract() == 0.0 => {
            format!("{} {}", thousands(number.abs() as u64), language.say(unit))
        }
        // A level has a sign in both directions; a difference is said by words ("louder", "later").
        "dBFS" if number.abs() < 0.05 => "0.0 dBFS".to_owned(),
        "dBFS" if number > 0.0 => format!("+{number:.1} dBFS"),
        "" if number.fract() == 0.0 => format!("{number}"),
        _ => format!("{} {}", decimal(number), language.say(unit)).trim_end().to_owned(),
    }
}

/// One decimal (two below 0.1: half a sample is 0.01 ms), with a true minus sign, never "-0.0".
fn decimal(number: f64) -> String {
    let places = if number.abs() < 0.1 { 2 } else { 1 };
    let digits = format!("{:.places$}", number.abs());
    match digits.as_str() {
        "0.00" => "0.0".to_owned(),
        _ if number < 0.0 => format!("\u{2212}{digits}"),
        _ => digits,
    }
}

/// Sample rates as they are spoken of: 44.1 kHz, 48 kHz, 22.05 kHz.
pub(super) fn hertz(rate: f64) -> String {
    if rate < 1000.0 { format!("{rate} Hz") } else { format!("{} kHz", rate / 1000.0) }
}

/// A count with its thousands apart: `28,800,000`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Minutes and seconds: 3:05.2.
fn time(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round().max(0.0) as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_values_and_names() {
        let finding = Finding::new("x", "{file} and {other}: {level}.")
            .file(1)
            .with("other", Value::Name(0))
            .with("level", Value::Number(-3.25, "dB"));
        assert_eq!(
            say(&finding, &["A{file}.wav", "B.wav"], &Language::default()),
            "B.wav and A{file}.wav: \u{2212}3.2 dB."
        );
    }

    #[test]
    fn a_finding_about_a_file_that_is_not_there_still_makes_a_sentence() {
        assert_eq!(
            say(&Finding::new("x", "{file} {").file(7), &[], &Language::default()),
            "a file {"
        );
    }

    #[test]
    fn the_fix_tells_where_the_setting_is() {
        let finding = Finding::new("normalised", "");
        let general = fix(&finding, None, &Language::default());
        let special = fix(&finding, Some(Daw::LogicPro), &Language::default());
        assert!(special.starts_with(&general) && special.contains("Overload Protection"));
        assert_eq!(fix(&finding, Some(Daw::ProTools), &Language::default()), general);
        assert_eq!(
            fix(&finding.advice("Nothing to do."), Some(Daw::LogicPro), &Language::default()),
            "Nothing to do."
        );
    }

    #[test]
    fn numbers_are_printed_as_people_write_them() {
        let cases = [
            (2.0, "dBFS", "+2.0 dBFS"),
            (-0.01, "dBFS", "0.0 dBFS"),
            (-12.34, "dBFS", "\u{2212}12.3 dBFS"),
            (512.0, "samples", "512 samples"),
            (-1_234_567.0, "samples", "1,234,567 samples"),
            (0.5, "samples", "0.5 samples"),
            (44_100.0, "Hz", "44.1 kHz"),
            (22_050.0, "Hz", "22.05 kHz"),
            (96_000.0, "Hz", "96 kHz"),
            (-12.34, "ppm", "\u{2212}12.3 ppm"),
            (8.0, "s", "8.0 s"),
            (1.0, "clicks", "1 click"),
            (1400.0, "runs", "1,400 runs"),
            (7.0, "", "7"),
        ];
        for (number, unit, printed) in cases {
            assert_eq!(number_with_unit(number, unit, &Language::default()), printed);
        }
        assert_eq!((time(185.24), time(59.97)), ("3:05.2".to_owned(), "1:00.0".to_owned()));
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list(&[], &Language::default()), "");
        assert_eq!(list(&["A"], &Language::default()), "A");
        assert_eq!(list(&["A", "B", "C"], &Language::default()), "A, B and C");
        assert_eq!(
            list(&["A", "B", "C", "D", "E", "F", "G"], &Language::default()),
            "A, B, C, D, E and 2 more"
        );
    }
}
