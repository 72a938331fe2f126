//! What the user sees if the page itself breaks: a sentence instead of a page that no longer moves.

use std::panic::PanicHookInfo;

use crate::home;
use crate::texts;

/// Makes a panic on the main thread show itself at the top of the page.
pub fn tell_the_user() {
    yew::set_custom_panic_hook(Box::new(show));
}

fn show(panic: &PanicHookInfo<'_>) {
    let sentence = texts::failure(&panic.to_string());
    let shown = home::document().zip(home::host()).and_then(|(document, host)| {
        let alert = document.create_element("p").ok()?;
        alert.set_attribute("role", "alert").ok()?;
        alert.set_class_name("failure");
        alert.set_text_content(Some(&sentence));
        host.insert_before(&alert, host.first_child().as_ref()).ok()
    });
    // Without a page to write on, there is nobody to tell.
    drop(shown);
}
