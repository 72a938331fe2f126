//! An event listener that ends with its owner, for events that the page must be able to refuse: the
//! framework's own wheel listeners are passive.

use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// Listens as long as it lives.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    act: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Calls `act` for each event of that name.
    pub fn new(target: &EventTarget, name: &'static str, act: impl Fn(Event) + 'static) -> Self {
        let act = Closure::<dyn Fn(Event)>::new(act);
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        // Fails only for an element that is gone.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            act.as_ref().unchecked_ref(),
            &options,
        );
        Self { target: target.clone(), name, act }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let act = self.act.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, act);
    }
}
