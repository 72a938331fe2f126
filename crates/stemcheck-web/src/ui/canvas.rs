//! What every canvas needs: its size in device pixels, its inks, and when to draw again: when there is
//! more, when the axis moves, when its size changes, and only while it is in sight.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{
    CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement,
    IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver,
};
use yew::prelude::*;

use super::axis::Axis;
use super::frame::Frame;

/// Widest and tallest canvas in device pixels: past that, sharpness is not seen and memory is.
const MAX_PIXELS: f64 = 8192.0;

/// An empty canvas, ready to be drawn on in its CSS `color`.
pub struct Sheet {
    pub context: CanvasRenderingContext2d,
    /// Device pixels.
    pub width: f64,
    pub height: f64,
    /// Device pixels of a CSS pixel.
    pub ratio: f64,
    style: Option<CssStyleDeclaration>,
}

impl Sheet {
    /// Clears a canvas at the size that it has on the page.
    fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let width = (f64::from(canvas.client_width()) * ratio).round().min(MAX_PIXELS);
        let height = (f64::from(canvas.client_height()) * ratio).round().min(MAX_PIXELS);
        let context: CanvasRenderingContext2d =
            canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        if (f64::from(canvas.width()), f64::from(canvas.height())) != (width, height) {
            canvas.set_width(width as u32);
            canvas.set_height(height as u32);
        }
        context.clear_rect(0.0, 0.0, width, height);
        let style = web_sys::window()?.get_computed_style(canvas).ok().flatten();
        let sheet = Self { context, width, height, ratio, style };
        sheet.ink("color");
        Some(sheet)
    }

    /// Height of its CSS `font-size`, in device pixels.
    pub fn font_size(&self) -> f64 {
        let size = self.style.as_ref().and_then(|it| it.get_property_value("font-size").ok());
        let px = size.and_then(|size| size.strip_suffix("px")?.parse::<f64>().ok());
        px.unwrap_or(12.0) * self.ratio
    }

    /// What it is drawn in now: red, green, blue.
    pub fn colour(&self) -> [u8; 3] {
        let colour = self.context.fill_style().as_string();
        colour.as_deref().and_then(parts).unwrap_or([128; 3])
    }

    /// Draws from now on in the colour of a CSS property.
    pub fn ink(&self, property: &str) {
        let colour = self.style.as_ref().and_then(|it| it.get_property_value(property).ok());
        let colour = colour.filter(|colour| !colour.is_empty());
        let colour = colour.unwrap_or_else(|| "gray".to_owned());
        self.context.set_fill_style_str(colour.trim());
        self.context.set_stroke_style_str(colour.trim());
    }
}

/// Red, green and blue of what a canvas gives back as a colour: `#rrggbb`.
fn parts(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// How far outside the window a canvas is drawn already.
const MARGIN: &str = "200px";

/// Draws a canvas with what it was last given: at most once a frame, when `changes` changed, the axis
/// moved or its size did, and only while it is in sight.
#[hook]
pub fn use_drawing<T, D>(canvas: &NodeRef, axis: &Axis, given: &T, changes: D, draw: fn(&Sheet, &T))
where
    T: Clone + 'static,
    D: PartialEq + 'static,
{
    let latest = use_mut_ref(|| given.clone());
    *latest.borrow_mut() = given.clone();
    let frame = use_memo((), |()| Frame::default());
    let in_sight = use_memo((), |()| Cell::new(true));
    let redraw = {
        let (canvas, frame, in_sight) = (canvas.clone(), frame.clone(), in_sight.clone());
        use_callback((), move |(), ()| {
            let (canvas, latest) = (canvas.clone(), latest.clone());
            if !in_sight.get() {
                return;
            }
            frame.request(move || {
                let canvas = canvas.cast::<HtmlCanvasElement>();
                if let Some(sheet) = canvas.as_ref().and_then(Sheet::of) {
                    draw(&sheet, &latest.borrow());
                }
            });
        })
    };
    use_effect_with(changes, {
        let redraw = redraw.clone();
        move |_| redraw.emit(())
    });
    use_effect_with(axis.clone(), {
        let redraw = redraw.clone();
        move |axis| {
            let watch = axis.watch(redraw);
            move || drop(watch)
        }
    });
    use_sight(canvas, in_sight, redraw.clone());
    use_resize(canvas, redraw);
}

/// Keeps `in_sight` true while the element is in the window or near it, and calls `seen` when it
/// comes there.
#[hook]
fn use_sight(element: &NodeRef, in_sight: Rc<Cell<bool>>, seen: Callback<()>) {
    let element = element.clone();
    use_effect_with((), move |()| {
        let on_change = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            let last = entries.iter().last().map(JsCast::unchecked_into);
            let is_in = last.is_none_or(|last: IntersectionObserverEntry| last.is_intersecting());
            if !in_sight.replace(is_in) && is_in {
                seen.emit(());
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let on_change_js = on_change.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(on_change_js, &options).ok();
        if let (Some(observer), Some(element)) = (&observer, element.cast::<Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_change);
        }
    });
}

/// Calls `changed` when the element gets another size.
#[hook]
fn use_resize(element: &NodeRef, changed: Callback<()>) {
    let element = element.clone();
    use_effect_with((), move |()| {
        let on_resize = Closure::<dyn Fn()>::new(move || changed.emit(()));
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, element.cast::<Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
}
