//! What every canvas needs: its size in device pixels, its ink, when to draw again, and where it was
//! clicked.

use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

use super::frame::Frame;

/// Widest and tallest canvas in device pixels: past that, sharpness is not seen and memory is.
const MAX_PIXELS: f64 = 8192.0;

/// An empty canvas, ready to be drawn on in its CSS `color`.
pub struct Sheet {
    pub context: CanvasRenderingContext2d,
    /// Device pixels.
    pub width: f64,
    pub height: f64,
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
        context.set_fill_style_str(&colour(canvas));
        Some(Self { context, width, height })
    }
}

fn colour(canvas: &HtmlCanvasElement) -> String {
    web_sys::window()
        .and_then(|window| window.get_computed_style(canvas).ok().flatten())
        .and_then(|style| style.get_property_value("color").ok())
        .unwrap_or_else(|| "gray".to_owned())
}

/// Draws a canvas with what it was last given: at most once a frame, when `changes` changed, and when
/// its size did.
#[hook]
pub fn use_drawing<T, D>(canvas: &NodeRef, given: &T, changes: D, draw: fn(&Sheet, &T))
where
    T: Clone + 'static,
    D: PartialEq + 'static,
{
    let latest = use_mut_ref(|| given.clone());
    *latest.borrow_mut() = given.clone();
    let frame = use_memo((), |()| Frame::default());
    let redraw = {
        let (canvas, frame) = (canvas.clone(), frame.clone());
        use_callback((), move |(), ()| {
            let (canvas, latest) = (canvas.clone(), latest.clone());
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
    use_resize(canvas, redraw);
}

/// Calls `changed` when the element gets another size.
#[hook]
fn use_resize(element: &NodeRef, changed: Callback<()>) {
    let element = element.clone();
    use_effect_with((), move |()| {
        let on_resize = Closure::<dyn Fn()>::new(move || changed.emit(()));
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, element.cast::<web_sys::Element>()) {
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

/// Sends where on a canvas as wide as the song was clicked, in seconds.
pub fn on_click(canvas: &NodeRef, seconds: f64, seek: &Callback<f64>) -> Callback<MouseEvent> {
    let (canvas, seek) = (canvas.clone(), seek.clone());
    Callback::from(move |event: MouseEvent| {
        if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
            let place = canvas.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - place.left()) / place.width();
            if share.is_finite() {
                seek.emit(share.clamp(0.0, 1.0) * seconds);
            }
        }
    })
}
