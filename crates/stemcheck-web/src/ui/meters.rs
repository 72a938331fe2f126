//! The meters beside the transport: loudness, true peak, correlation, what the chain holds back, and
//! the spectrum of the bus that is heard. They change many times a second, so they go to the elements
//! directly, past state and diffing; numbers turn over slowly enough to be read.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use stemcheck_session::core::preview::Bus;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use crate::language::Text;
use crate::state::{Meters, Played, Shown, spectrum};
use crate::texts;

/// Reports of the player from one turn of the numbers to the next: five a second.
const NUMBERS_EVERY: u32 = 5;

/// Columns of the spectrum.
const COLUMNS: usize = 48;

/// One number: its short and its whole name, and the ends of its scale.
type Reading = (Text, Text, [f64; 2]);

const READINGS: [Reading; 6] = [
    (texts::METER_MOMENTARY, texts::METER_MOMENTARY_LONG, [-60.0, 0.0]),
    (texts::METER_SHORT_TERM, texts::METER_SHORT_TERM_LONG, [-60.0, 0.0]),
    (texts::METER_TRUE_PEAK, texts::METER_TRUE_PEAK_LONG, [-60.0, 6.0]),
    (texts::METER_CORRELATION, texts::METER_CORRELATION_LONG, [-1.0, 1.0]),
    (texts::METER_GLUE, texts::METER_GLUE_LONG, [0.0, 3.0]),
    (texts::METER_LIMITER, texts::METER_LIMITER_LONG, [0.0, 12.0]),
];

/// What was heard, and the elements that say so. Clones share it.
#[derive(Clone, Default)]
pub struct Bridge(Rc<Inner>);

#[derive(Default)]
struct Inner {
    root: NodeRef,
    canvas: NodeRef,
    meters: RefCell<Meters>,
    reports: Cell<u32>,
}

impl PartialEq for Bridge {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Bridge {
    /// It plays elsewhere now.
    pub fn clear(&self) {
        self.0.meters.borrow_mut().clear();
        self.0.reports.set(0);
    }

    /// How often the sound has broken off so far, for whoever tests.
    pub fn show_dropouts(&self, count: u32) {
        if let Some(root) = self.0.root.cast::<Element>() {
            let _ = root.set_attribute("data-dropouts", &count.to_string());
        }
    }

    /// This was heard; `bins` are asked for only where they are drawn.
    pub fn show(
        &self,
        played: Vec<Played>,
        bus: Bus,
        sample_rate: u32,
        bins: impl FnOnce() -> Vec<f32>,
    ) {
        let mut meters = self.0.meters.borrow_mut();
        for block in played {
            meters.push(block, sample_rate);
        }
        let report = self.0.reports.get();
        self.0.reports.set(report.wrapping_add(1));
        let turns = report.is_multiple_of(NUMBERS_EVERY);
        if turns {
            self.write(&meters.shown(bus, sample_rate));
        }
        if turns || !is_calm() {
            self.draw(&spectrum(&bins(), sample_rate, COLUMNS));
        }
    }

    fn write(&self, shown: &Shown) {
        let Some(root) = self.0.root.cast::<Element>() else { return };
        let [glue, limiter] = match shown.reduction_db {
            Some(reductions) => reductions.map(Some),
            None => [None; 2],
        };
        let values = [
            (shown.momentary_lufs, texts::lufs as fn(f64) -> String),
            (shown.short_term_lufs, texts::lufs),
            (shown.true_peak_dbtp, texts::dbtp),
            (shown.correlation, texts::correlation),
            (glue, texts::reduction),
            (limiter, texts::reduction),
        ];
        for (at, ((value, words), (_, _, [low, high]))) in
            (0..).zip(values.into_iter().zip(READINGS))
        {
            let Some(reading) = root.children().item(at) else { continue };
            let text = value.map_or_else(|| texts::NO_VALUE.to_string(), words);
            let now = value.unwrap_or(low).clamp(low, high);
            let _ = reading.set_attribute("aria-valuenow", &format!("{now:.1}"));
            let _ = reading.set_attribute("aria-valuetext", &text);
            if let Some(number) = reading.last_element_child() {
                number.set_text_content(Some(&text));
            }
            if let Some(reading) = reading.dyn_ref::<HtmlElement>() {
                let share = (now - low) / (high - low);
                let _ = reading.style().set_property("--share", &format!("{share:.3}"));
            }
        }
    }

    fn draw(&self, heights: &[f32]) {
        let Some(canvas) = self.0.canvas.cast::<HtmlCanvasElement>() else { return };
        let window = web_sys::window();
        let ratio = window.as_ref().map_or(1.0, web_sys::Window::device_pixel_ratio);
        let size = |length: i32| (f64::from(length) * ratio).round().min(2048.0);
        let (width, height) = (size(canvas.client_width()), size(canvas.client_height()));
        if (f64::from(canvas.width()), f64::from(canvas.height())) != (width, height) {
            canvas.set_width(width as u32);
            canvas.set_height(height as u32);
        }
        let context = canvas.get_context("2d").ok().flatten();
        let Some(context) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok())
        else {
            return;
        };
        let style = window.and_then(|it| it.get_computed_style(&canvas).ok().flatten());
        let ink = style.and_then(|style| style.get_property_value("color").ok());
        context.clear_rect(0.0, 0.0, width, height);
        context.set_fill_style_str(ink.as_deref().unwrap_or("gray"));
        let step = width / heights.len().max(1) as f64;
        for (column, share) in heights.iter().enumerate() {
            let tall = f64::from(*share) * height;
            context.fill_rect(column as f64 * step, height - tall, (step - ratio).max(1.0), tall);
        }
    }
}

/// Whether the user has asked for little motion.
fn is_calm() -> bool {
    let asked =
        web_sys::window().and_then(|it| it.match_media("(prefers-reduced-motion: reduce)").ok());
    asked.flatten().is_some_and(|query| query.matches())
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub bridge: Bridge,
    /// Whether their readings would give away what is heard.
    pub hidden: bool,
}

/// The meters.
#[component]
pub fn Panel(props: &Props) -> Html {
    let Props { bridge, hidden } = props;
    let reading = |(short, long, [low, high]): Reading| {
        html! {
            <div class="reading" role="meter" aria-label={long} title={long} aria-valuemin={low.to_string()}
                aria-valuemax={high.to_string()} aria-valuenow={low.to_string()}
                aria-valuetext={texts::NO_VALUE}>
                <span class="reading-name" aria-hidden="true">{ short }</span>
                <b class="reading-value" aria-hidden="true">{ texts::NO_VALUE }</b>
            </div>
        }
    };
    html! {
        <div class="meters" role="group" aria-label={texts::METERS} hidden={*hidden}>
            <div class="readings" ref={bridge.0.root.clone()} data-dropouts="0">
                { for READINGS.into_iter().map(reading) }
            </div>
            <canvas class="live-spectrum" ref={bridge.0.canvas.clone()} aria-hidden="true"></canvas>
        </div>
    }
}
