//! A sentence about a cause, and when it is the one to say.

/// Whom a sentence speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// One file.
    File,
    /// The stems against the reference as a whole.
    Whole,
    /// The reference, be it named as a file or not.
    Reference,
    /// Any of them.
    Any,
}

/// Which amounts a sentence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Positive, or 0.
    Up,
    /// Negative.
    Down,
    /// Any amount.
    Sized,
    /// None, too.
    Any,
}

/// When a sentence or an advice fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    pub who: Who,
    pub way: Way,
}

impl Case {
    /// Whether this is the case of a cause on a file or on none, on the reference or not, with or
    /// without an amount.
    pub fn fits(self, on_file: bool, on_reference: bool, value: Option<f64>) -> bool {
        let who = match self.who {
            Who::File => on_file,
            Who::Whole => !on_file,
            Who::Reference => on_reference,
            Who::Any => true,
        };
        who && match self.way {
            Way::Up => value.is_some_and(|value| value >= 0.0),
            Way::Down => value.is_some_and(|value| value < 0.0),
            Way::Sized => value.is_some(),
            Way::Any => true,
        }
    }
}

/// A sentence, for when it is sure and for when it is only possible.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub case: Case,
    pub certain: &'static str,
    pub possible: &'static str,
}

/// A sentence from its subject, its verb as it is said when sure and after "seems to", and the rest.
macro_rules! line {
    ($who:ident, $way:ident, $subject:literal, $is:literal, $be:literal, $rest:literal) => {
        Line {
            case: Case { who: Who::$who, way: Way::$way },
            certain: concat!($subject, " ", $is, " ", $rest),
            possible: concat!($subject, " seems to ", $be, " ", $rest),
        }
    };
}

/// An advice for one case.
macro_rules! advice {
    ($who:ident, $way:ident, $text:literal) => {
        (Case { who: Who::$who, way: Way::$way }, $text)
    };
}
