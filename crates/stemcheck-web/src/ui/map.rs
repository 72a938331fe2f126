//! Levels over time as shades of one colour, loud is strong: readable in dark and light, and without
//! telling hues apart. One row or many; shades come from `state::shades`.

use std::rc::Rc;

use yew::prelude::*;

use super::axis::Axis;
use super::canvas::{Sheet, use_drawing};
use super::gestures::{Handlers, use_gestures};
use crate::state::{View, shades};

/// Levels in dB, `None` is silence.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// From top to bottom, each step by step.
    pub rows: Vec<Vec<Option<f64>>>,
    /// Seconds of a step.
    pub step_s: f64,
    /// The level that is drawn strongest.
    pub top_db: f64,
}

#[derive(Properties, PartialEq, Clone)]
pub struct Props {
    pub levels: Rc<Levels>,
    pub label: AttrValue,
    /// What the canvas's width stands for.
    pub axis: Axis,
    /// Goes up when the colours are others.
    pub version: u64,
    /// Where the user clicked, in seconds.
    pub seek: Callback<f64>,
}

/// Levels in their shades.
#[component]
pub fn Map(props: &Props) -> Html {
    let changes = (props.levels.clone(), props.version);
    use_map(&props.axis, &props.seek, &props.label, props, changes, draw)
}

/// Canvas and playhead; for what it is given see [`use_drawing`].
#[hook]
pub fn use_map<T, D>(
    axis: &Axis,
    seek: &Callback<f64>,
    label: &AttrValue,
    given: &T,
    changes: D,
    draw: fn(&Sheet, &T),
) -> Html
where
    T: Clone + 'static,
    D: PartialEq + 'static,
{
    let (canvas, map) = (use_node_ref(), use_node_ref());
    use_drawing(&canvas, axis, given, changes, draw);
    use_gestures(&map, axis, Handlers { seek: seek.clone(), point: Callback::noop() });
    html! {
        <div class="map" ref={map}>
            <canvas ref={canvas} role="img" aria-label={label} />
            <div class="hair"></div>
            <div class="playhead"></div>
        </div>
    }
}

fn draw(sheet: &Sheet, props: &Props) {
    draw_levels(sheet, &props.levels, &props.axis.view());
}

/// Fills the sheet with rows of shades.
pub fn draw_levels(sheet: &Sheet, levels: &Levels, view: &View) {
    let Levels { rows, step_s, top_db } = levels;
    let height = sheet.height / rows.len().max(1) as f64;
    for (index, row) in rows.iter().enumerate() {
        let shades = shades(row, *step_s, view, sheet.width as usize, *top_db);
        // Whole pixels, so that no seams show.
        let (top, bottom) =
            ((index as f64 * height).round(), ((index + 1) as f64 * height).round());
        let mut x = 0;
        for run in shades.chunk_by(|a, b| a == b) {
            if let Some(&shade) = run.first().filter(|shade| **shade > 0.0) {
                sheet.context.set_global_alpha(f64::from(shade));
                sheet.context.fill_rect(x as f64, top, run.len() as f64, bottom - top);
            }
            x += run.len();
        }
    }
    sheet.context.set_global_alpha(1.0);
}
