//! A waveform on a canvas. Redrawn at most once a frame, and only when there is more of it, when its
//! size or the theme changes; the playhead lies above it as an element of its own. Heights come from
//! `state::bars`, colour from the canvas's CSS `color`.

use stemcheck_session::core::profile::Severity;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

use crate::engine::Engine;
use crate::state::{Bar, Marks, Scale, bars};
use crate::ui::frame::Frame;

/// Widest and tallest canvas in device pixels: past that, sharpness is not seen and memory is.
const MAX_PIXELS: f64 = 8192.0;

/// Whose waveform it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A file, by index.
    File(usize),
    /// What is left of the subtraction.
    Residual,
}

/// The engine that the waveforms are drawn from: one for the page's whole life.
#[derive(Clone)]
pub struct Waves(pub Engine);

impl PartialEq for Waves {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Properties, PartialEq, Clone)]
pub struct Props {
    pub waves: Waves,
    pub source: Source,
    pub label: AttrValue,
    /// Hz of the source.
    pub sample_rate: u32,
    /// Length of the song: what the canvas's width stands for.
    pub seconds: f64,
    /// Goes up when there is more to draw, or in other colours.
    pub version: u64,
    #[prop_or_default]
    pub marks: Marks,
    /// Where the user clicked, in seconds.
    pub seek: Callback<f64>,
}

/// Canvas, marks and playhead of one lane.
#[component]
pub fn Wave(props: &Props) -> Html {
    let canvas = use_node_ref();
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();
    let frame = use_memo((), |()| Frame::default());
    let redraw = {
        let (canvas, latest, frame) = (canvas.clone(), latest.clone(), frame.clone());
        use_callback((), move |(), ()| {
            let (canvas, latest) = (canvas.clone(), latest.clone());
            frame.request(move || {
                if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                    draw(&canvas, &latest.borrow());
                }
            });
        })
    };
    use_effect_with((props.version, props.source, props.seconds.to_bits(), props.sample_rate), {
        let redraw = redraw.clone();
        move |_| redraw.emit(())
    });
    use_resize(&canvas, redraw);
    let onclick = {
        let (canvas, seek, seconds) = (canvas.clone(), props.seek.clone(), props.seconds);
        Callback::from(move |event: MouseEvent| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let place = canvas.get_bounding_client_rect();
                let share = (f64::from(event.client_x()) - place.left()) / place.width();
                if share.is_finite() {
                    seek.emit(share.clamp(0.0, 1.0) * seconds);
                }
            }
        })
    };
    html! {
        <div class="wave" {onclick}>
            <canvas ref={canvas} role="img" aria-label={&props.label} />
            { marks(&props.marks, props.seconds) }
            <div class="playhead"></div>
        </div>
    }
}

/// Width of the marks' own coordinate system.
const MARKS_WIDTH: f64 = 10_000.0;

/// Share of the song from which a place is told by a stripe, so that it does not hide the waveform.
const LONG: f64 = 0.03;

fn marks(marks: &Marks, seconds: f64) -> Html {
    if marks.0.is_empty() || seconds <= 0.0 {
        return Html::default();
    }
    let mark = |&(severity, start, end): &(Severity, f64, f64)| {
        let x = start / seconds * MARKS_WIDTH;
        let width = ((end - start) / seconds * MARKS_WIDTH).max(MARKS_WIDTH / 400.0);
        let long = (end - start) / seconds > LONG;
        let class = classes!("place", super::severity_class(severity), long.then_some("is-long"));
        html! { <rect {class} x={format!("{x:.1}")} width={format!("{width:.1}")} y="0" height="100" /> }
    };
    html! {
        <svg class="places" viewBox={format!("0 0 {MARKS_WIDTH} 100")} preserveAspectRatio="none" aria-hidden="true">
            { for marks.0.iter().map(mark) }
        </svg>
    }
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

fn draw(canvas: &HtmlCanvasElement, props: &Props) {
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let width = (f64::from(canvas.client_width()) * ratio).round().min(MAX_PIXELS);
    let height = (f64::from(canvas.client_height()) * ratio).round().min(MAX_PIXELS);
    let Some(context) = context(canvas) else { return };
    if (f64::from(canvas.width()), f64::from(canvas.height())) != (width, height) {
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
    }
    context.clear_rect(0.0, 0.0, width, height);
    context.set_fill_style_str(&colour(canvas));
    let Some(examination) = props.waves.0.examination() else { return };
    let (parts, scale) = match props.source {
        Source::File(file) => (examination.waveform(file), Scale::Music),
        Source::Residual => (examination.residual_waveform(), Scale::Decibels),
    };
    let bars = bars(&parts, props.sample_rate, props.seconds, width as usize, scale);
    draw_bars(&context, &bars, height);
}

/// Peaks as a veil, the RMS body solid; a line of one pixel where it is silent.
fn draw_bars(context: &CanvasRenderingContext2d, bars: &[Option<Bar>], height: f64) {
    let half = height / 2.0;
    let column = |x: usize, low: f32, high: f32| {
        let top = half - f64::from(high) * half;
        let bottom = half - f64::from(low) * half;
        context.fill_rect(x as f64, top.min(half - 0.5), 1.0, (bottom - top).max(1.0));
    };
    context.set_global_alpha(0.45);
    for (x, bar) in known(bars) {
        column(x, bar.low, bar.high);
    }
    context.set_global_alpha(1.0);
    for (x, bar) in known(bars) {
        column(x, -bar.body, bar.body);
    }
}

fn known(bars: &[Option<Bar>]) -> impl Iterator<Item = (usize, &Bar)> {
    bars.iter().enumerate().filter_map(|(x, bar)| Some((x, bar.as_ref()?)))
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}

fn colour(canvas: &HtmlCanvasElement) -> String {
    web_sys::window()
        .and_then(|window| window.get_computed_style(canvas).ok().flatten())
        .and_then(|style| style.get_property_value("color").ok())
        .unwrap_or_else(|| "gray".to_owned())
}
