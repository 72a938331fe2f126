//! What concerns the whole document: its events, where the focus is, what is in view.

use wasm_bindgen::prelude::*;
use web_sys::{
    DragEvent, Element, Event, FocusOptions, HtmlElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use yew::Callback;

use super::listener::Listener;
use super::{Msg, drop, keys, lane_of, theme};
use crate::home;

/// Takes the focus off whatever has it.
pub fn release_focus() {
    let focused = home::focused();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Only an element that is going away cannot lose it.
        let _ = element.blur();
    }
}

/// Scrolls an element into view, gives it the focus and lets it stand out for a moment.
pub fn scroll_to(id: &str) {
    let Some(element) = home::by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&options);
    // Layout between taking the class off and putting it on makes the animation run again.
    let _ = element.class_list().remove_1("shown");
    let _ = element.client_width();
    let _ = element.class_list().add_1("shown");
    let focus = FocusOptions::new();
    focus.set_prevent_scroll(true);
    // Only an element that is going away cannot take it.
    let _ = element.unchecked_into::<HtmlElement>().focus_with_options(&focus);
}

/// Listens to what concerns the whole page, as long as what it gives is kept.
pub fn listen(send: &Callback<Msg>) -> Vec<Listener> {
    let dragging = send.clone();
    let over = on("dragover", move |event: DragEvent| {
        if brings_files(&event) {
            event.prevent_default();
            mark_row(row_of(&event));
            dragging.emit(Msg::Dragging(true));
        }
    });
    let leaving = send.clone();
    let leave = on("dragleave", move |event: DragEvent| {
        // Where the pointer goes next is somewhere else, or nowhere: it has left the window.
        if !home::holds(event.related_target().as_ref()) {
            mark_row(None);
            leaving.emit(Msg::Dragging(false));
        }
    });
    let dropping = send.clone();
    let drop = on("drop", move |event: DragEvent| {
        dropping.emit(Msg::Dragging(false));
        mark_row(None);
        let onto = row_of(&event).and_then(|row| lane_of(&row.id()));
        let send = dropping.clone();
        if let Some(data) = event.data_transfer().filter(|_| brings_files(&event)) {
            event.prevent_default();
            drop::take(&data, onto, move |handful| send.emit(Msg::Dropped(handful)));
        }
    });
    let typing = send.clone();
    let key = on("keydown", move |event: KeyboardEvent| {
        if let Some(msg) = keys::message(&event) {
            event.prevent_default();
            typing.emit(msg);
        }
    });
    let recolour = send.clone();
    let theme = theme::watch(move || recolour.emit(Msg::Recolour));
    [over, leave, drop, key, theme].into_iter().flatten().collect()
}

/// The file's row that the pointer is on.
fn row_of(event: &DragEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".lane[data-file]").ok()?
}

/// Shows which row a file would be dropped on. The class is nobody else's: rows are not drawn anew for
/// every move of the pointer.
fn mark_row(row: Option<Element>) {
    const MARK: &str = "drop-target";
    let marked = home::find(&format!(".{MARK}"));
    if marked == row {
        return;
    }
    if let Some(marked) = marked {
        let _ = marked.class_list().remove_1(MARK);
    }
    if let Some(row) = row {
        let _ = row.class_list().add_1(MARK);
    }
}

/// Whether files are dragged, and not a piece of text.
fn brings_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&"Files".into(), 0))
}

fn on<E: JsCast>(name: &'static str, act: impl Fn(E) + 'static) -> Option<Listener> {
    let act = move |event: Event| {
        if let Ok(event) = event.dyn_into() {
            act(event);
        }
    };
    Some(Listener::new(&home::ear()?, name, act))
}
