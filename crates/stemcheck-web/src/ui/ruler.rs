//! The time axis above the lanes: its numbers, what is visible, and buttons for who has no wheel.

use yew::prelude::*;

use super::Msg;
use super::axis::Axis;
use super::canvas::{Sheet, use_drawing};
use super::clock::set_text;
use super::gestures::{Handlers, use_gestures};
use super::icons::{Icon, Shape};
use crate::language::Text;
use crate::state::ticks;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub axis: Axis,
    /// Goes up when the colours are others.
    pub version: u64,
    pub send: Callback<Msg>,
}

/// Buttons, axis, and the visible stretch in words.
#[component]
pub fn Ruler(props: &Props) -> Html {
    let (canvas, place, words) = (use_node_ref(), use_node_ref(), use_node_ref());
    use_drawing(&canvas, &props.axis, &props.axis, props.version, draw);
    let seek = props.send.reform(Msg::Seek);
    use_gestures(&place, &props.axis, Handlers { seek, point: Callback::noop() });
    use_effect_with(props.axis.clone(), {
        let words = words.clone();
        move |axis| {
            let say = {
                let axis = axis.clone();
                Callback::from(move |()| set_text(&words, &texts::visible(&axis.view())))
            };
            say.emit(());
            let watch = axis.watch(say);
            move || drop(watch)
        }
    });
    let button = |label: Text, shape: Shape, msg: fn() -> Msg| {
        html! {
            <button type="button" class="button icon-only small" aria-label={label} title={label}
                onclick={props.send.reform(move |_| msg())}><Icon {shape} /></button>
        }
    };
    html! {
        <div class="ruler" role="group" aria-label={texts::AXIS}>
            <div class="ruler-buttons">
                { button(texts::ZOOM_OUT, Shape::Minus, || Msg::Zoom(1.0 / super::ZOOM)) }
                { button(texts::ZOOM_IN, Shape::Plus, || Msg::Zoom(super::ZOOM)) }
                <button type="button" class="button small" onclick={props.send.reform(|_| Msg::Fit)}>
                    { texts::FIT }
                </button>
            </div>
            <div class="ruler-axis" ref={place}>
                <canvas ref={canvas} aria-hidden="true" />
                <div class="hair"></div>
                <div class="playhead"></div>
            </div>
            <p class="ruler-view quiet" ref={words}></p>
        </div>
    }
}

/// Draws the axis itself: a line and a number at each round time.
fn draw(sheet: &Sheet, axis: &Axis) {
    /// Room that a number needs, in heights of its letters.
    const ROOM: f64 = 7.0;
    let size = sheet.font_size();
    let view = axis.view();
    let most = (sheet.width / (ROOM * size)).max(1.0) as usize;
    let (step_s, at) = ticks(&view, most);
    let context = &sheet.context;
    context.set_font(&format!("{size}px system-ui, sans-serif"));
    context.set_text_baseline("middle");
    for at_s in at {
        let x = (view.share(at_s) * sheet.width).round();
        context.fill_rect(x, 0.55 * sheet.height, sheet.ratio, 0.45 * sheet.height);
        let text = texts::on_axis(at_s, step_s);
        // At the right edge a number stands on the left of its line.
        let is_last = x + 0.6 * ROOM * size > sheet.width;
        context.set_text_align(if is_last { "right" } else { "left" });
        let left = if is_last { x - 4.0 * sheet.ratio } else { x + 4.0 * sheet.ratio };
        let _ = context.fill_text(&text, left, 0.4 * sheet.height);
    }
}
