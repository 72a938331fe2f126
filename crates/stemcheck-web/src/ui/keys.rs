//! The keyboard: space, arrows, M and S on the lane that has the focus, 1 to 4 for the buses.
//! A control that has a use for the key itself keeps it.

use stemcheck_session::core::preview::Bus;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::Msg;
use crate::state::Action;

/// Seconds that an arrow moves the playhead, and with shift.
const STEP_S: (f64, f64) = (5.0, 1.0);

/// What a key press asks for, if it is one of the page's own.
pub fn message(event: &KeyboardEvent) -> Option<Msg> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let key = event.key();
    if keeps(&target, &key) {
        return None;
    }
    let step = if event.shift_key() { STEP_S.1 } else { STEP_S.0 };
    match key.as_str() {
        " " => Some(Msg::TogglePlay),
        "ArrowLeft" => Some(Msg::Nudge(-step)),
        "ArrowRight" => Some(Msg::Nudge(step)),
        "m" | "M" => lane(&target).map(|file| Msg::Do(Action::MuteToggled(file))),
        "s" | "S" => lane(&target).map(|file| Msg::Do(Action::SoloToggled(file))),
        _ => {
            let number = key.parse::<usize>().ok()?.checked_sub(1)?;
            Bus::ALL.get(number).map(|bus| Msg::Do(Action::BusChosen(*bus)))
        }
    }
}

/// Whether a control uses this key itself.
fn keeps(target: &Element, key: &str) -> bool {
    let is = |selector: &str| target.matches(selector).unwrap_or(false);
    if is("select, textarea, [contenteditable], input[type=number], input[type=text]") {
        return true;
    }
    match key {
        " " => is("button, a, summary, input[type=checkbox], input[type=radio], input[type=file]"),
        "ArrowLeft" | "ArrowRight" => is("input"),
        _ => false,
    }
}

/// The stem whose lane holds the element.
fn lane(target: &Element) -> Option<usize> {
    let lane = target.closest(".lane.is-stem").ok()??;
    lane.id().strip_prefix("lane-")?.parse().ok()
}
