//! The play position and the level on the page. They change many times a second, so they go to the
//! elements directly, past state and diffing: one custom property moves every playhead.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::NodeRef;

use crate::texts;

/// Bottom of the level meter in dBFS.
const METER_FLOOR_DB: f64 = -60.0;

/// Where the player is, and the elements that say so.
#[derive(Clone, PartialEq, Default)]
pub struct Clock {
    /// Carries the custom properties `--at` and `--level`, both 0 to 1.
    pub page: NodeRef,
    /// The slider "Position".
    pub slider: NodeRef,
    /// The time as text.
    pub time: NodeRef,
    /// The level as text.
    pub level: NodeRef,
    now: Rc<Cell<f64>>,
}

impl Clock {
    /// The position in seconds.
    pub fn now(&self) -> f64 {
        self.now.get()
    }

    /// Shows a position in a song of so many seconds.
    pub fn show(&self, at: f64, seconds: f64) {
        self.now.set(at);
        let share = if seconds > 0.0 { (at / seconds).clamp(0.0, 1.0) } else { 0.0 };
        self.set_property("--at", share);
        if let Some(slider) = self.slider.cast::<HtmlInputElement>() {
            slider.set_value(&at.to_string());
            let _ = slider.set_attribute("aria-valuetext", &texts::time(at));
        }
        set_text(&self.time, &texts::time(at));
    }

    /// Shows what comes out, in dBFS.
    pub fn show_level(&self, rms_db: f64) {
        let share = (1.0 - rms_db / METER_FLOOR_DB).clamp(0.0, 1.0);
        self.set_property("--level", share);
        let text = if rms_db > METER_FLOOR_DB { texts::decibels(rms_db) } else { String::new() };
        set_text(&self.level, &text);
    }

    fn set_property(&self, name: &str, share: f64) {
        if let Some(page) = self.page.cast::<HtmlElement>() {
            // Refused only for a name or value that CSS cannot parse.
            let _ = page.style().set_property(name, &format!("{share:.5}"));
        }
    }
}

fn set_text(element: &NodeRef, text: &str) {
    if let Some(node) = element.get() {
        node.unchecked_into::<web_sys::Node>().set_text_content(Some(text));
    }
}
