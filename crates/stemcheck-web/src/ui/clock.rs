//! The play position and the level on the page. They change many times a second, so they go to the
//! elements directly, past state and diffing: one custom property moves every playhead.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::NodeRef;

use super::axis::Axis;
use crate::texts;

/// Bottom of the level meter in dBFS.
const METER_FLOOR_DB: f64 = -60.0;

/// Where the player is, and the elements that say so.
#[derive(Clone, PartialEq, Default)]
pub struct Clock {
    /// Its page carries the custom properties `--at` (share of the visible stretch) and `--level`
    /// (0 to 1).
    pub axis: Axis,
    /// The slider "Position".
    pub slider: NodeRef,
    /// The time as text.
    pub time: NodeRef,
    /// The level as text.
    pub level: NodeRef,
    now: Rc<Cell<f64>>,
}

impl Clock {
    /// A clock at 0.
    pub fn on(axis: Axis) -> Self {
        Self { axis, ..Self::default() }
    }

    /// The position in seconds.
    pub fn now(&self) -> f64 {
        self.now.get()
    }

    /// Shows a position.
    pub fn show(&self, at: f64) {
        self.now.set(at);
        self.place();
        if let Some(slider) = self.slider.cast::<HtmlInputElement>() {
            slider.set_value(&at.to_string());
            let _ = slider.set_attribute("aria-valuetext", &texts::time(at));
        }
        set_text(&self.time, &texts::time(at));
    }

    /// Puts the playheads where they are on the axis.
    pub fn place(&self) {
        self.axis.set_property("--at", self.axis.view().share(self.now()).clamp(-1.0, 2.0));
    }

    /// Shows what comes out, in dBFS.
    pub fn show_level(&self, rms_db: f64) {
        let share = (1.0 - rms_db / METER_FLOOR_DB).clamp(0.0, 1.0);
        self.axis.set_property("--level", share);
        let text = if rms_db > METER_FLOOR_DB { texts::decibels(rms_db) } else { String::new() };
        set_text(&self.level, &text);
    }
}

/// Writes text into an element.
pub fn set_text(element: &NodeRef, text: &str) {
    if let Some(node) = element.get() {
        node.unchecked_into::<web_sys::Node>().set_text_content(Some(text));
    }
}
