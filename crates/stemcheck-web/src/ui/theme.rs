//! Dark and light. The dark colours are a style sheet of their own that follows the system through
//! its `media` attribute; a choice by hand pins the attribute and is remembered in this browser.

use web_sys::{Element, Window};

use super::listener::Listener;
use super::memory;
use crate::home;

/// Id of the `link` element of the dark style sheet.
const SHEET: &str = "dark-sheet";
const SYSTEM: &str = "(prefers-color-scheme: dark)";
const KEY: &str = "stemcheck-theme";

/// Applies what the page around asks for, else what was chosen on an earlier visit.
pub fn restore() {
    match home::wish("theme").or_else(|| memory::recall(KEY)).as_deref() {
        Some("dark") => set(true),
        Some("light") => set(false),
        _ => {}
    }
}

/// Whether the dark colours are on.
pub fn is_dark() -> bool {
    let media = sheet().and_then(|sheet| sheet.get_attribute("media"));
    let matches = |media: String| window()?.match_media(&media).ok()??.matches().into();
    media.and_then(matches).unwrap_or(false)
}

/// Switches, and remembers it.
pub fn switch() {
    let dark = !is_dark();
    set(dark);
    memory::remember(KEY, if dark { "dark" } else { "light" });
}

/// Calls `changed` when the system switches, as long as what it gives is kept.
pub fn watch(changed: impl Fn() + 'static) -> Option<Listener> {
    let list = window()?.match_media(SYSTEM).ok()??;
    Some(Listener::new(&list, "change", move |_| changed()))
}

fn set(dark: bool) {
    if let Some(sheet) = sheet() {
        let _ = sheet.set_attribute("media", if dark { "all" } else { "not all" });
    }
}

fn sheet() -> Option<Element> {
    home::by_id(SHEET)
}

fn window() -> Option<Window> {
    web_sys::window()
}
