//! Wheel, mouse and fingers on whatever lies on the time axis: zoom, scroll, go there, point. What
//! they mean is `state::grip`'s to say. A wheel that turns plainly scrolls the page.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, PointerEvent, WheelEvent};
use yew::prelude::*;

use super::axis::Axis;
use super::frame::Frame;
use super::listener::Listener;
use crate::state::{Grip, wheel_factor};

/// Pixels of a line, for wheels that count lines.
const LINE_PX: f64 = 16.0;

/// Where the pointer is on the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointed {
    /// Seconds.
    pub at_s: f64,
    /// Seconds under a pixel.
    pub pixel_s: f64,
    /// Share of the width.
    pub share: f64,
}

/// What a lane does with it.
#[derive(Clone)]
pub struct Handlers {
    /// Go there, in seconds.
    pub seek: Callback<f64>,
    /// The pointer is there, or has left.
    pub point: Callback<Option<Pointed>>,
}

/// Lets an element be zoomed, dragged, clicked and pointed at.
#[hook]
pub fn use_gestures(element: &NodeRef, axis: &Axis, handlers: Handlers) {
    let latest = use_mut_ref(|| handlers.clone());
    *latest.borrow_mut() = handlers;
    let (element, axis) = (element.clone(), axis.clone());
    use_effect_with((), move |()| {
        let listeners =
            element.cast::<Element>().map(|element| listeners(&element, &axis, &latest));
        move || drop(listeners)
    });
}

fn listeners(element: &Element, axis: &Axis, handlers: &Rc<RefCell<Handlers>>) -> Vec<Listener> {
    let grip = Rc::new(RefCell::new(Grip::default()));
    let frame = Rc::new(Frame::default());
    let target: &EventTarget = element;
    let listen = |name, act: fn(&Place, &PointerEvent)| {
        let place = Place {
            element: element.clone(),
            axis: axis.clone(),
            grip: Rc::clone(&grip),
            handlers: Rc::clone(handlers),
            frame: Rc::clone(&frame),
        };
        Listener::new(target, name, move |event: Event| act(&place, event.unchecked_ref()))
    };
    let (wheel_element, wheel_axis) = (element.clone(), axis.clone());
    vec![
        Listener::new(target, "wheel", move |event: Event| {
            wheel(&wheel_element, &wheel_axis, event.unchecked_ref());
        }),
        listen("pointerdown", Place::down),
        listen("pointermove", Place::moved),
        listen("pointerup", Place::up),
        listen("pointercancel", |place, event| {
            place.grip.borrow_mut().lost(event.pointer_id());
            place.point(None);
        }),
        listen("pointerleave", |place, _| place.point(None)),
    ]
}

/// An element on the axis.
struct Place {
    element: Element,
    axis: Axis,
    grip: Rc<RefCell<Grip>>,
    handlers: Rc<RefCell<Handlers>>,
    frame: Rc<Frame>,
}

impl Place {
    fn down(&self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let (x, _) = within(&self.element, event.client_x());
        self.grip.borrow_mut().down(event.pointer_id(), x);
        // Refused only for a pointer that is gone.
        let _ = self.element.set_pointer_capture(event.pointer_id());
    }

    fn moved(&self, event: &PointerEvent) {
        let (x, width) = within(&self.element, event.client_x());
        let view = self.axis.view();
        let moved = self.grip.borrow_mut().moved(event.pointer_id(), x, width, &view);
        if let Some(view) = moved {
            self.axis.set(view);
        }
        self.point(Some((x, width)));
    }

    fn up(&self, event: &PointerEvent) {
        let (x, width) = within(&self.element, event.client_x());
        if self.grip.borrow_mut().up(event.pointer_id()) && width > 0.0 {
            let seek = self.handlers.borrow().seek.clone();
            seek.emit(self.axis.view().at((x / width).clamp(0.0, 1.0)));
        }
    }

    /// Tells where the pointer is, at most once a frame.
    fn point(&self, place: Option<(f64, f64)>) {
        let (axis, handlers) = (self.axis.clone(), Rc::clone(&self.handlers));
        self.frame.request(move || {
            let view = axis.view();
            let pointed = place.filter(|(_, width)| *width > 0.0).map(|(x, width)| {
                let share = (x / width).clamp(0.0, 1.0);
                Pointed { at_s: view.at(share), pixel_s: view.span_s / width, share }
            });
            axis.point(pointed.map(|pointed| pointed.at_s));
            let point = handlers.borrow().point.clone();
            point.emit(pointed);
        });
    }
}

fn wheel(element: &Element, axis: &Axis, event: &WheelEvent) {
    let (x, width) = within(element, event.client_x());
    if width <= 0.0 {
        return;
    }
    let px = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE_PX } else { 1.0 };
    let (across, along) = (event.delta_x() * px, event.delta_y() * px);
    let view = axis.view();
    let moved = if event.ctrl_key() || event.meta_key() {
        view.zoomed(wheel_factor(along), view.at(x / width))
    } else if event.shift_key() || across.abs() > along.abs() {
        let by = if across == 0.0 { along } else { across };
        view.scrolled(by / width * view.span_s)
    } else {
        return;
    };
    event.prevent_default();
    axis.set(moved);
}

/// Pixels from the element's left edge, and its width.
fn within(element: &Element, client_x: i32) -> (f64, f64) {
    let place = element.get_bounding_client_rect();
    (f64::from(client_x) - place.left(), place.width())
}
