//! Levels over time as shades of one colour, loud is strong: readable in dark and light, and without
//! telling hues apart. One row or many; shades come from `state::shades`.

use std::rc::Rc;

use yew::prelude::*;

use super::canvas::{Sheet, on_click, use_drawing};
use crate::state::shades;

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
    /// Length of the song: what the canvas's width stands for.
    pub seconds: f64,
    /// Goes up when the colours are others.
    pub version: u64,
    /// Where the user clicked, in seconds.
    pub seek: Callback<f64>,
}

/// Canvas and playhead.
#[component]
pub fn Map(props: &Props) -> Html {
    let canvas = use_node_ref();
    let changes = (props.levels.clone(), props.version, props.seconds.to_bits());
    use_drawing(&canvas, props, changes, draw);
    let onclick = on_click(&canvas, props.seconds, &props.seek);
    html! {
        <div class="map" {onclick}>
            <canvas ref={canvas} role="img" aria-label={&props.label} />
            <div class="playhead"></div>
        </div>
    }
}

fn draw(sheet: &Sheet, props: &Props) {
    let Levels { rows, step_s, top_db } = &*props.levels;
    let height = sheet.height / rows.len().max(1) as f64;
    for (index, row) in rows.iter().enumerate() {
        let shades = shades(row, *step_s, props.seconds, sheet.width as usize, *top_db);
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
