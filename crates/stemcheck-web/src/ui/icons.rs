//! Icons, drawn here: nothing is fetched. Always beside a word, so hidden from screen readers.

use stemcheck_session::core::profile::Severity;
use stemcheck_session::report::Verdict;
use yew::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Passed.
    Tick,
    /// To look at.
    Triangle,
    /// To fix.
    Cross,
    /// Good to know.
    Circle,
    Play,
    Pause,
    Stop,
    Download,
    Folder,
    Files,
    Sun,
    Moon,
    Target,
    Ear,
    Plus,
    Minus,
    Keyboard,
}

impl From<Severity> for Shape {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Cross,
            Severity::Warning => Self::Triangle,
            Severity::Info => Self::Circle,
        }
    }
}

impl From<Verdict> for Shape {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ready => Self::Tick,
            Verdict::Check => Self::Triangle,
            Verdict::Fix => Self::Cross,
        }
    }
}

/// Lines on a grid of 24 × 24.
fn path(shape: Shape) -> &'static str {
    match shape {
        Shape::Tick => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12.4l2.8 2.8L16.2 9.4",
        Shape::Triangle => "M12 4 21.2 20H2.8ZM12 10v4.4M12 17.2v.1",
        Shape::Cross => "M8 3h8l5 5v8l-5 5H8l-5-5V8ZM9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6",
        Shape::Circle => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5.4M12 7.6v.1",
        Shape::Play => "M8 5.5v13l10.5-6.5Z",
        Shape::Pause => "M8.5 5.5v13M15.5 5.5v13",
        Shape::Stop => "M6.5 6.5h11v11h-11Z",
        Shape::Download => "M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14",
        Shape::Folder => "M3.5 6.5h6l2 2.5h9v9.5h-17Z",
        Shape::Files => "M4 12h2M8 8v8M12 5v14M16 8v8M20 12h-2",
        Shape::Sun => {
            "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
        }
        Shape::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
        Shape::Target => {
            "M12 5.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM12 2v5M12 17v5M2 12h5M17 12h5"
        }
        Shape::Plus => "M12 6v12M6 12h12",
        Shape::Minus => "M6 12h12",
        Shape::Keyboard => "M3 7h18v10H3ZM7 10.5h.1M10.5 10.5h.1M14 10.5h.1M17 10.5h.1M8 14h8",
        Shape::Ear => {
            "M4 10v4h3.5L12 18V6L7.5 10ZM15.5 9.2a4 4 0 0 1 0 5.6M18 6.7a7.5 7.5 0 0 1 0 10.6"
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub shape: Shape,
}

/// An icon, as tall as the text beside it, in its colour.
#[component]
pub fn Icon(props: &Props) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={path(props.shape)} />
        </svg>
    }
}

/// The product's mark: bars that mirror each other and cancel to a line.
#[component]
pub fn Mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="8" />
            <path class="mark-wave" d="M6.5 12v8M10.5 8v16M14.5 13v6" />
            <path class="mark-line" d="M18 16.4l2.8 2.8 5.2-6.4" />
        </svg>
    }
}
