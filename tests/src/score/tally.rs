//! Counts, and the tables of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::desk::Strength;
use super::truth::{Answers, Truth};

/// Seconds of CPU that an examination took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// Reading, measuring, listening.
    pub segments_s: f64,
    /// Explaining.
    pub diagnosis_s: f64,
    /// The null again with the corrections.
    pub verification_s: f64,
}

/// What came of a case.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Name of the song.
    pub song: String,
    /// Names of the faults, or of what is none.
    pub faults: Vec<&'static str>,
    /// How much of them.
    pub strength: Strength,
    /// What is true.
    pub truths: Vec<Truth>,
    /// What was made of it.
    pub answers: Answers,
    /// The causes that were named, a line each.
    pub said: Vec<String>,
    /// Errors of any kind, by code.
    pub errors: Vec<String>,
    /// Depth in dB, and after the fixes.
    pub depth_db: [Option<f64>; 2],
    /// What it took.
    pub clock: Clock,
}

impl Outcome {
    /// Everything was named, with its amount, and nothing else.
    pub fn is_right(&self) -> bool {
        let clean = self.truths.is_empty();
        self.answers.of.iter().all(|answer| answer.named && answer.measured)
            && self.answers.false_alarms.is_empty()
            && (!clean || self.errors.is_empty())
    }

    /// A few lines for a person who wants to know why.
    pub fn told(&self) -> String {
        let mut text = format!("{}, {}: ", self.song, self.strength.name());
        let truths: Vec<String> = self.truths.iter().map(Truth::to_string).collect();
        let what = if truths.is_empty() { "clean".to_owned() } else { truths.join(" and ") };
        let depth = |db: Option<f64>| db.map_or_else(|| "-".to_owned(), |db| format!("{db:.1}"));
        let [before, after] = self.depth_db.map(depth);
        let _ = write!(
            text,
            "{what}\n    ({}, {before} dB, fixed {after} dB)",
            self.faults.join(" + ")
        );
        for line in &self.said {
            let _ = write!(text, "\n    said: {line}");
        }
        if self.truths.is_empty() && !self.errors.is_empty() {
            let _ = write!(text, "\n    errors: {}", self.errors.join(", "));
        }
        text
    }
}

/// Cases, those named right, those with the right amount as well.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    cases: usize,
    named: usize,
    measured: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.named += other.named;
        self.measured += other.measured;
    }

    fn percent(self) -> f64 {
        100.0 * self.measured as f64 / self.cases.max(1) as f64
    }
}

/// Outcomes, counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// By code and strength.
    codes: BTreeMap<&'static str, [Count; 3]>,
    /// By kind of fault.
    kinds: BTreeMap<&'static str, [Count; 3]>,
    false_alarms: BTreeMap<String, usize>,
    /// What was said instead, by code.
    instead: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// Clean songs, and those of which anything was said.
    clean: (usize, usize),
    /// Cases of several faults, with all named, with both or all named and measured, by their number.
    several: BTreeMap<usize, Count>,
    clock: Clock,
    cases: usize,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, outcome: &Outcome) {
        let at = outcome.strength as usize;
        for (truth, answer) in outcome.truths.iter().zip(&outcome.answers.of) {
            let one = Count {
                cases: 1,
                named: usize::from(answer.named),
                measured: usize::from(answer.named && answer.measured),
            };
            self.codes.entry(truth.code).or_default()[at].add(one);
            if let [kind] = outcome.faults[..]
                && kind.split('/').next() == Some(truth.code)
            {
                self.kinds.entry(kind).or_default()[at].add(one);
            }
            if !answer.named {
                let said = self.instead.entry(truth.code).or_default();
                *said.entry(answer.instead.clone()).or_default() += 1;
            }
        }
        for code in &outcome.answers.false_alarms {
            *self.false_alarms.entry(code.clone()).or_default() += 1;
        }
        match outcome.truths.len().min(outcome.faults.len()) {
            0 => {
                self.clean.0 += 1;
                self.clean.1 += usize::from(!outcome.is_right());
            }
            1 => {}
            several => {
                let answers = &outcome.answers.of;
                self.several.entry(several).or_default().add(Count {
                    cases: 1,
                    named: usize::from(answers.iter().all(|answer| answer.named)),
                    measured: usize::from(answers.iter().all(|a| a.named && a.measured)),
                });
            }
        }
        self.clock.segments_s += outcome.clock.segments_s;
        self.clock.diagnosis_s += outcome.clock.diagnosis_s;
        self.clock.verification_s += outcome.clock.verification_s;
        self.cases += 1;
    }

    /// The tables, as Markdown.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        let head = "cases | named | and amount | % | blatant | ordinary | barely";
        let _ = writeln!(text, "| code | {head} | false alarms |\n|---|{}", "--:|".repeat(8));
        for (code, counts) in &self.codes {
            let alarms = self.false_alarms.get(*code).copied().unwrap_or(0);
            let _ = writeln!(text, "| {code} | {} | {alarms} |", row(counts));
        }
        for (code, alarms) in &self.false_alarms {
            if !self.codes.contains_key(code.as_str()) {
                let _ = writeln!(text, "| {code} | 0 | | | | | | | {alarms} |");
            }
        }
        let kinds = self.kinds.iter().filter(|(kind, _)| kind.contains('/'));
        let _ = writeln!(text, "\n| kind | {head} |\n|---|{}", "--:|".repeat(7));
        for (kind, counts) in kinds {
            let _ = writeln!(text, "| {kind} | {} |", row(counts));
        }
        let _ = writeln!(text, "\nWhat was said instead:\n");
        for (code, said) in &self.instead {
            let mut said: Vec<(&String, &usize)> = said.iter().collect();
            said.sort_by(|a, b| b.1.cmp(a.1));
            let said: Vec<String> = said.iter().map(|(code, n)| format!("{code} {n}")).collect();
            let _ = writeln!(text, "{code}: {}", said.join(", "));
        }
        text.push('\n');
        text + &self.summary()
    }

    fn summary(&self) -> String {
        let mut text = String::new();
        // Codes that were never named are those that nobody looks for yet.
        let ever = |counts: &[Count; 3]| counts.iter().any(|count| count.named > 0);
        for (what, all) in [("all codes", true), ("codes that were named at least once", false)] {
            let (mut plain, mut barely) = (Count::default(), Count::default());
            for counts in self.codes.values().filter(|counts| all || ever(counts)) {
                plain.add(counts[0]);
                plain.add(counts[1]);
                barely.add(counts[2]);
            }
            let _ = writeln!(
                text,
                "{what}: blatant and ordinary {:.1} % of {}, barely audible {:.1} % of {}",
                plain.percent(),
                plain.cases,
                barely.percent(),
                barely.cases
            );
        }
        for (faults, count) in &self.several {
            let _ = writeln!(
                text,
                "{faults} faults at once: all named in {} of {}, with their amounts in {} ({:.1} %)",
                count.named,
                count.cases,
                count.measured,
                count.percent()
            );
        }
        let (clean, wrong) = self.clean;
        let _ = writeln!(text, "clean songs: {wrong} of {clean} with an error or a cause");
        let per_case = |seconds: f64| seconds / self.cases.max(1) as f64;
        let Clock { segments_s, diagnosis_s, verification_s } = self.clock;
        let added = 100.0 * (diagnosis_s + verification_s) / segments_s.max(1e-9);
        let _ = writeln!(
            text,
            "CPU a case: segments {:.2} s, diagnosis {:.2} s, verification {:.2} s: {added:.0} % on top \
             (the songs are short: of a song of 5 min it is less)",
            per_case(segments_s),
            per_case(diagnosis_s),
            per_case(verification_s)
        );
        text
    }

    /// The same figures for a program.
    pub fn to_json(&self) -> Value {
        let counts = |counts: &[Count; 3]| {
            let each = Strength::ALL.map(|strength| {
                let Count { cases, named, measured } = counts[strength as usize];
                json!({
                    "strength": strength.name(), "cases": cases, "named": named, "measured": measured,
                })
            });
            json!(each)
        };
        let map = |rows: &BTreeMap<&'static str, [Count; 3]>| -> Value {
            rows.iter().map(|(name, row)| ((*name).to_owned(), counts(row))).collect()
        };
        json!({
            "codes": map(&self.codes), "kinds": map(&self.kinds),
            "false_alarms": self.false_alarms, "instead": self.instead,
            "clean": { "songs": self.clean.0, "wrong": self.clean.1 },
            "several": self.several.iter().map(|(faults, count)| json!({
                "faults": faults, "cases": count.cases, "named": count.named,
                "measured": count.measured,
            })).collect::<Vec<_>>(),
            "cpu_s": {
                "segments": self.clock.segments_s, "diagnosis": self.clock.diagnosis_s,
                "verification": self.clock.verification_s, "cases": self.cases,
            },
        })
    }
}

fn row(counts: &[Count; 3]) -> String {
    let mut all = Count::default();
    for count in counts {
        all.add(*count);
    }
    let part = |count: &Count| match count.cases {
        0 => String::new(),
        cases => format!("{}/{cases}", count.measured),
    };
    let parts: Vec<String> = counts.iter().map(part).collect();
    let Count { cases, named, measured } = all;
    format!("{cases} | {named} | {measured} | {:.0} | {}", all.percent(), parts.join(" | "))
}
