//! A waveform on a canvas. Redrawn at most once a frame, and only when there is more of it, when its
//! size or the theme changes; the playhead lies above it as an element of its own. Heights come from
//! `state::bars`, colour from the canvas's CSS `color`.

use stemcheck_session::core::profile::Severity;
use web_sys::CanvasRenderingContext2d;
use yew::prelude::*;

use super::canvas::{Sheet, on_click, use_drawing};
use crate::engine::Engine;
use crate::state::{Bar, Marks, Scale, bars};

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
    let changes = (props.version, props.source, props.seconds.to_bits(), props.sample_rate);
    use_drawing(&canvas, props, changes, draw);
    let onclick = on_click(&canvas, props.seconds, &props.seek);
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

fn draw(sheet: &Sheet, props: &Props) {
    let Some(examination) = props.waves.0.examination() else { return };
    let (parts, scale) = match props.source {
        Source::File(file) => (examination.waveform(file), Scale::Music),
        Source::Residual => (examination.residual_waveform(), Scale::Decibels),
    };
    let bars = bars(&parts, props.sample_rate, props.seconds, sheet.width as usize, scale);
    draw_bars(&sheet.context, &bars, sheet.height);
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
