//! What is true of a case, and whether a report says so.

use stemcheck_session::report::{CauseReport, SongReport};

/// Causes that explain less than this are not held against the diagnosis.
const LEAST_SHARE: f64 = 0.02;

/// One thing that is wrong, and in which words it may be said.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// The code.
    pub code: &'static str,
    /// Codes that are as right.
    also: &'static [&'static str],
    /// Files that may be named; none = nobody, or the reference.
    files: Vec<String>,
    /// What the other file may be, if it matters.
    others: Vec<String>,
    /// Amounts with tolerances, any of which is right; none = there is no amount.
    amounts: Vec<(f64, f64)>,
    /// Whether the contract leaves the amount's sign open.
    unsigned: bool,
    /// Where it begins in seconds, if it is a place.
    from_s: Option<f64>,
    /// Causes that follow from this one and may be named besides.
    allowed: &'static [&'static str],
}

/// How far off a place may be, in seconds.
const PLACE_S: f64 = 1.5;

impl Truth {
    pub(super) fn of(code: &'static str) -> Self {
        Self { code, ..Self::default() }
    }

    pub(super) fn file(mut self, name: &str) -> Self {
        self.files.push(name.to_owned());
        self
    }

    pub(super) fn other(mut self, name: &str) -> Self {
        self.others.push(name.to_owned());
        self
    }

    pub(super) fn amount(mut self, value: f64, tolerance: f64) -> Self {
        self.amounts.push((value, tolerance));
        self
    }

    pub(super) fn size(self, value: f64, tolerance: f64) -> Self {
        Self { unsigned: true, ..self.amount(value.abs(), tolerance) }
    }

    pub(super) fn from(self, seconds: f64) -> Self {
        Self { from_s: Some(seconds), ..self }
    }

    pub(super) fn also(self, codes: &'static [&'static str]) -> Self {
        Self { also: codes, ..self }
    }

    pub(super) fn allow(self, codes: &'static [&'static str]) -> Self {
        Self { allowed: codes, ..self }
    }

    fn has_code(&self, code: &str) -> bool {
        self.code == code || self.also.contains(&code)
    }

    fn named_by(&self, cause: &CauseReport, reference: &str) -> bool {
        let within = |names: &[String], name: &Option<String>| {
            name.as_ref().is_some_and(|name| names.contains(name))
        };
        let file = if self.files.is_empty() {
            cause.file.as_deref().is_none_or(|name| name == reference)
        } else if self.others.is_empty() {
            within(&self.files, &cause.file)
        } else {
            let straight =
                within(&self.files, &cause.file) && within(&self.others, &cause.other_file);
            let crossed =
                within(&self.others, &cause.file) && within(&self.files, &cause.other_file);
            straight || crossed
        };
        file && self.has_code(&cause.code)
    }

    fn measured_by(&self, cause: &CauseReport) -> bool {
        let near = |value: f64| {
            let value = if self.unsigned { value.abs() } else { value };
            self.amounts.iter().any(|(right, off)| (value - right).abs() <= off + 1e-9)
        };
        let amount = self.amounts.is_empty() || cause.value.is_some_and(near);
        amount && self.from_s.is_none_or(|from| (cause.start_s - from).abs() <= PLACE_S)
    }
}

impl std::fmt::Display for Truth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        for file in self.files.iter().chain(&self.others) {
            write!(f, " {file}")?;
        }
        for (value, off) in &self.amounts {
            write!(f, " {value:.3}\u{b1}{off:.2}")?;
        }
        self.from_s.map_or(Ok(()), |from| write!(f, " from {from:.2} s"))
    }
}

/// What a report made of one truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Code and file are right.
    pub named: bool,
    /// So is the amount.
    pub measured: bool,
    /// If not named: the greatest cause that was named instead.
    pub instead: String,
}

/// What a report made of a case.
#[derive(Debug, Clone)]
pub struct Answers {
    /// One for each truth.
    pub of: Vec<Answer>,
    /// Codes that were named though nothing of the kind is there.
    pub false_alarms: Vec<String>,
}

/// Compares what is true with what was said.
pub fn judge(truths: &[Truth], song: &SongReport, reference: &str) -> Answers {
    let causes = &song.null.causes;
    let is_true = |cause: &CauseReport| truths.iter().any(|t| t.named_by(cause, reference));
    let wrong = |cause: &&CauseReport| {
        let tolerated = matches!(cause.code.as_str(), "rounding" | "unexplained")
            || truths.iter().any(|truth| truth.allowed.contains(&cause.code.as_str()));
        !tolerated && !is_true(cause) && cause.share > LEAST_SHARE
    };
    let rest = |cause: &&CauseReport| !is_true(cause);
    let of = truths
        .iter()
        .map(|truth| {
            let mut named = causes.iter().filter(|cause| truth.named_by(cause, reference));
            let instead = causes.iter().filter(rest).max_by(|a, b| a.share.total_cmp(&b.share));
            Answer {
                measured: named.clone().any(|cause| truth.measured_by(cause)),
                named: named.next().is_some(),
                instead: match instead {
                    Some(cause) if truth.has_code(&cause.code) => {
                        format!("{} of another file", cause.code)
                    }
                    Some(cause) => cause.code.clone(),
                    None => "nothing".to_owned(),
                },
            }
        })
        .collect();
    let false_alarms = causes.iter().filter(wrong).map(|cause| cause.code.clone()).collect();
    Answers { of, false_alarms }
}
