//! Which language the page speaks: the browser's, until another one is chosen; that is remembered.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Msg, memory};
use crate::home;
use crate::language::{self, LANGUAGES};
use crate::texts;

const KEY: &str = "stemcheck-language";
/// The list's element id: the page is drawn anew when it speaks differently, and the list, on which
/// the focus was, with it.
const LIST_ID: &str = "language";

/// Speaks what the page around asks for, else what was chosen on an earlier visit, else what the browser prefers.
pub fn restore() {
    let preferred = || {
        let languages = web_sys::window().map(|window| window.navigator().languages());
        languages
            .into_iter()
            .flat_map(|list| list.iter().filter_map(|code| code.as_string()).collect::<Vec<_>>())
    };
    let asked = home::wish("language").map(|code| language::best([code]).to_owned());
    let code = asked.or_else(|| memory::recall(KEY));
    speak(&code.unwrap_or_else(|| language::best(preferred()).to_owned()));
}

/// Speaks another language from now on, and remembers it.
pub fn choose(code: &str) {
    speak(code);
    memory::remember(KEY, code);
}

fn speak(code: &str) {
    language::speak(code);
    if let Some(root) = home::outermost() {
        // Screen readers pronounce by it.
        let _ = root.set_attribute("lang", language::code());
    }
}

/// The languages to choose from, each called as its speakers call it.
pub fn list(send: &Callback<Msg>) -> Html {
    let onchange = send.reform(|event: Event| {
        let list: HtmlSelectElement = event.target_unchecked_into();
        let chosen = LANGUAGES.get(list.selected_index().max(0) as usize);
        chosen.map_or(Msg::Nothing, |(code, ..)| Msg::Speak(code))
    });
    let option = |(code, name, _): &(&'static str, &'static str, &str)| {
        html! { <option lang={*code} value={*code} selected={*code == language::code()}>{ *name }</option> }
    };
    html! {
        <select id={LIST_ID} class="language" aria-label={texts::LANGUAGE} {onchange}>
            { for LANGUAGES.iter().map(option) }
        </select>
    }
}
