//! Hands the report, and whatever else is made here, to the browser's downloads.

use crate::home;
use js_sys::Array;
use stemcheck_session::report::Report;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// A file name that every system takes.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || " -_.".contains(c) { c } else { '-' };
    name.chars().map(plain).collect::<String>().trim().to_owned()
}

/// Saves the report as JSON.
///
/// # Errors
/// Whatever the browser refuses.
pub fn save(report: &Report, song: &str) -> Result<(), JsValue> {
    let json = serde_json::to_string_pretty(report).map_err(|error| error.to_string())?;
    save_text(&json, "application/json", &format!("{song} - stemcheck.json"))
}

/// Saves a text of this MIME type.
///
/// # Errors
/// Whatever the browser refuses.
pub fn save_text(text: &str, mime: &str, name: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let parts = Array::of1(&JsValue::from_str(text));
    offer(&Blob::new_with_str_sequence_and_options(&parts, &kind)?, name)
}

/// Saves a file.
///
/// # Errors
/// Whatever the browser refuses.
pub fn offer(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let document = home::document().ok_or("no document")?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(&file_name(name));
    link.click();
    // The download has its own hold on the bytes by now.
    Url::revoke_object_url(&address)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_report_is_named_after_the_song() {
        assert_eq!(
            super::file_name("Night/Day: mix - stemcheck.json"),
            "Night-Day- mix - stemcheck.json"
        );
        assert_eq!(super::file_name(" 夜.wav"), "夜.wav");
    }
}
