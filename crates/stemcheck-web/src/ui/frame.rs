//! Work for the next animation frame.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

type Work = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

/// At most one piece of work a frame: what is requested later replaces what was requested before.
#[derive(Default)]
pub struct Frame(Work);

impl Frame {
    /// Does `work` in the next frame, once.
    pub fn request(&self, work: impl FnOnce() + 'static) {
        let waiting = self.0.borrow_mut().replace(Box::new(work)).is_some();
        if waiting {
            return;
        }
        let slot = Rc::clone(&self.0);
        let run = Closure::once_into_js(move || {
            let work = slot.borrow_mut().take();
            if let Some(work) = work {
                work();
            }
        });
        if let Some(window) = web_sys::window() {
            // Refused only where the page is going away.
            let _ = window.request_animation_frame(run.unchecked_ref());
        }
    }
}
