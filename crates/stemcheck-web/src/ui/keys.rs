//! The keyboard: reads a key press; `state::keys` says what it means. A control that has a use for
//! the key itself keeps it, and nothing works behind an open dialog.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{Msg, ZOOM};
use crate::home;
use crate::state::{Action, Direction, KeyCommand, command};

/// Share of the visible stretch that a key scrolls.
const SCROLL: f64 = 0.5;

/// What a key press asks for, if it is one of the page's own.
pub fn message(event: &KeyboardEvent) -> Option<Msg> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return None;
    }
    // Also where nothing in it has the focus.
    if home::find("dialog[open]").is_some() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let key = event.key();
    if keeps(&target, &key) {
        return None;
    }
    let on = |direction| if direction == Direction::On { 1.0 } else { -1.0 };
    Some(match command(&key, event.shift_key())? {
        KeyCommand::TogglePlay => Msg::TogglePlay,
        KeyCommand::Nudge(by_s) => Msg::Nudge(by_s),
        KeyCommand::ToStart => Msg::Seek(0.0),
        KeyCommand::Mute => Msg::Do(Action::MuteToggled(lane(&target)?)),
        KeyCommand::Solo => Msg::Do(Action::SoloToggled(lane(&target)?)),
        KeyCommand::Listen(bus) => Msg::Do(Action::BusChosen(bus)),
        KeyCommand::Zoom(direction) => Msg::Zoom(ZOOM.powf(on(direction))),
        KeyCommand::Fit => Msg::Fit,
        KeyCommand::Scroll(direction) => Msg::Scroll(SCROLL * on(direction)),
        KeyCommand::Finding(direction) => Msg::NextFinding(direction),
        KeyCommand::Hear => Msg::HearAgain,
        KeyCommand::EndHearing => Msg::Do(Action::HearingEnded),
        KeyCommand::Help => Msg::Do(Action::HelpSet(true)),
    })
}

/// Whether a control uses this key itself.
fn keeps(target: &Element, key: &str) -> bool {
    let is = |selector: &str| target.matches(selector).unwrap_or(false);
    if is("select, textarea, [contenteditable], input[type=number], input[type=text]") {
        return true;
    }
    match key {
        " " => is("button, a, summary, input[type=checkbox], input[type=radio], input[type=file]"),
        "ArrowLeft" | "ArrowRight" | "Home" => is("input"),
        _ => false,
    }
}

/// The stem whose lane holds the element.
fn lane(target: &Element) -> Option<usize> {
    let lane = target.closest(".lane.is-stem").ok()??;
    lane.id().strip_prefix("lane-")?.parse().ok()
}
