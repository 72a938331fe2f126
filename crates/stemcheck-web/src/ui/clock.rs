//! The play position on the page. It changes many times a second, so it goes to the
//! elements directly, past state and diffing: one custom property moves every playhead.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::NodeRef;

use super::axis::Axis;
use crate::texts;

/// Where the player is, and the elements that say so.
#[derive(Clone, PartialEq, Default)]
pub struct Clock {
    /// Its page carries the custom property `--at` (share of the visible stretch).
    pub axis: Axis,
    /// The slider "Position".
    pub slider: NodeRef,
    /// The time as text.
    pub time: NodeRef,
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
}

/// Writes text into an element.
pub fn set_text(element: &NodeRef, text: &str) {
    if let Some(node) = element.get() {
        node.unchecked_into::<web_sys::Node>().set_text_content(Some(text));
    }
}
