//! What processing on the bus did to the reference: small plots, a sentence each.

use stemcheck_session::report::ForensicsReport;
use yew::prelude::*;

use super::panel::Panel;
use crate::state::{Axes, Scaling};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub forensics: ForensicsReport,
}

/// The plots of what was found; nothing if there is none.
#[component]
pub fn Forensics(props: &Props) -> Html {
    let found = &props.forensics;
    let plots = [
        plot(&found.gain_over_level, Scaling::Linear, texts::gain_over_level, texts::dbfs_whole),
        plot(&found.gain_over_time, Scaling::Linear, texts::gain_over_time, texts::length),
        plot(&found.eq, Scaling::Logarithmic, texts::eq_curve, texts::hertz),
    ];
    let plots: Vec<Html> = plots.into_iter().flatten().collect();
    if plots.is_empty() && found.width_db.is_none() {
        return Html::default();
    }
    html! {
        <Panel id="forensics" title={texts::FORENSICS_TITLE} hint={texts::FORENSICS_HINT}>
            <div class="plots">{ for plots }</div>
            if let Some(width) = found.width_db {
                <p>{ texts::width(width) }</p>
            }
        </Panel>
    }
}

/// Size of a plot's own coordinate system, and the room for numbers on its left and below.
const SIZE: (f64, f64) = (320.0, 150.0);
const ROOM: (f64, f64) = (44.0, 22.0);

/// A curve of decibels over something.
fn plot(
    points: &[[f64; 2]],
    scaling: Scaling,
    sentence: fn(&[[f64; 2]]) -> String,
    number: fn(f64) -> String,
) -> Option<Html> {
    let axes = Axes::around(points, scaling)?;
    let x = |value: f64| ROOM.0 + axes.x(value) * (SIZE.0 - ROOM.0 - 8.0);
    let y = |value: f64| 8.0 + (1.0 - axes.y(value)) * (SIZE.1 - ROOM.1 - 8.0);
    let line: Vec<String> =
        points.iter().map(|[a, b]| format!("{:.1},{:.1}", x(*a), y(*b))).collect();
    let across = |db: f64| {
        let at = format!("{:.1}", y(db));
        html! {
            <>
                <line class="plot-line" x1={ROOM.0.to_string()} x2={SIZE.0.to_string()} y1={at.clone()} y2={at.clone()} />
                <text class="plot-number" x={(ROOM.0 - 6.0).to_string()} y={at} text-anchor="end" dy="4">{ texts::signed(db) }</text>
            </>
        }
    };
    let below = |value: f64, anchor: &'static str| {
        html! {
            <text class="plot-number" x={format!("{:.1}", x(value))} y={(SIZE.1 - 5.0).to_string()} text-anchor={anchor}>
                { number(value) }
            </text>
        }
    };
    let said = sentence(points);
    Some(html! {
        <figure>
            <svg viewBox={format!("0 0 {} {}", SIZE.0, SIZE.1)} role="img" aria-label={said.clone()}>
                { for axes.lines_db().into_iter().map(across) }
                <polyline class="plot-curve" points={line.join(" ")} />
                { below(axes.from, "start") }
                { below(axes.to, "end") }
            </svg>
            <figcaption>{ said }</figcaption>
        </figure>
    })
}
