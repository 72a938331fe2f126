//! The time axis that all lanes share. It changes with every turn of a wheel, so it goes to the
//! canvases directly, past state and diffing; where playhead and pointer are, custom properties say.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::{Callback, NodeRef};

use crate::state::View;

/// What is visible, and who draws it. Clones share it.
#[derive(Clone, Default)]
pub struct Axis(Rc<Inner>);

#[derive(Default)]
struct Inner {
    view: Cell<View>,
    page: NodeRef,
    watchers: RefCell<Vec<(u64, Callback<()>)>>,
    next: Cell<u64>,
}

impl PartialEq for Axis {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Ends with its owner.
pub struct Watch {
    axis: Axis,
    number: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.axis.0.watchers.borrow_mut().retain(|(number, _)| *number != self.number);
    }
}

impl Axis {
    /// What is visible.
    pub fn view(&self) -> View {
        self.0.view.get()
    }

    /// The element that carries the custom properties.
    pub fn page(&self) -> NodeRef {
        self.0.page.clone()
    }

    /// Shows another stretch.
    pub fn set(&self, view: View) {
        if self.0.view.replace(view) != view {
            self.refresh();
        }
    }

    /// Has everything drawn again: there is more to see.
    pub fn refresh(&self) {
        // A copy: who is told may begin or end to watch.
        let watchers = self.0.watchers.borrow().clone();
        for (_, watcher) in watchers {
            watcher.emit(());
        }
    }

    /// Has `watcher` told of every change, as long as the watch lives.
    #[must_use]
    pub fn watch(&self, watcher: Callback<()>) -> Watch {
        let number = self.0.next.replace(self.0.next.get() + 1);
        self.0.watchers.borrow_mut().push((number, watcher));
        Watch { axis: self.clone(), number }
    }

    /// Sets a custom property of the page.
    pub fn set_property(&self, name: &str, value: f64) {
        if let Some(page) = self.0.page.cast::<HtmlElement>() {
            // Refused only for a name or value that CSS cannot parse.
            let _ = page.style().set_property(name, &format!("{value:.6}"));
        }
    }

    /// Shows on all lanes where the pointer is; `None` = on none of them.
    pub fn point(&self, at_s: Option<f64>) {
        let share = at_s.map_or(-1.0, |at| self.view().share(at));
        self.set_property("--hair", share.clamp(-1.0, 2.0));
    }
}
