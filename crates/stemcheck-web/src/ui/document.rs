//! What concerns the whole document: its events, where the focus is, what is in view.

use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, DragEvent, Element, FocusOptions, HtmlElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use yew::Callback;

use super::{Msg, drop, keys, lane_of, theme};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Takes the focus off whatever has it.
pub fn release_focus() {
    let focused = document().and_then(|document| document.active_element());
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Only an element that is going away cannot lose it.
        let _ = element.blur();
    }
}

/// Scrolls an element into view, gives it the focus and lets it stand out for a moment.
pub fn scroll_to(id: &str) {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else {
        return;
    };
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

/// Listens to what concerns the whole page, for as long as it lives.
pub fn listen(send: &Callback<Msg>) {
    let dragging = send.clone();
    on("dragover", move |event: DragEvent| {
        if brings_files(&event) {
            event.prevent_default();
            mark_row(row_of(&event));
            dragging.emit(Msg::Dragging(true));
        }
    });
    let leaving = send.clone();
    on("dragleave", move |event: DragEvent| {
        // No related target: the pointer has left the window.
        if event.related_target().is_none() {
            mark_row(None);
            leaving.emit(Msg::Dragging(false));
        }
    });
    let dropping = send.clone();
    on("drop", move |event: DragEvent| {
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
    on("keydown", move |event: KeyboardEvent| {
        if let Some(msg) = keys::message(&event) {
            event.prevent_default();
            typing.emit(msg);
        }
    });
    let recolour = send.clone();
    theme::watch(move || recolour.emit(Msg::Recolour));
}

/// The file's row that the pointer is on.
fn row_of(event: &DragEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".lane[data-file]").ok()?
}

/// Shows which row a file would be dropped on. The class is nobody else's: rows are not drawn anew for
/// every move of the pointer.
fn mark_row(row: Option<Element>) {
    const MARK: &str = "drop-target";
    let marked = document().and_then(|it| it.query_selector(&format!(".{MARK}")).ok().flatten());
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

fn on<E: FromWasmAbi + 'static>(name: &str, act: impl Fn(E) + 'static) {
    let act = Closure::<dyn Fn(E)>::new(act).into_js_value();
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback(name, act.unchecked_ref());
    }
}
