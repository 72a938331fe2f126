//! The ways in: drop zone, choosers, demo. Tall while the page is empty, one row once a song is there.

use yew::prelude::*;

use super::Msg;
use super::drop::chosen;
use super::icons::{Icon, Shape};
use crate::language::Text;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether a song is on the page already.
    pub compact: bool,
    /// Whether files are being dragged over the page.
    pub dragging: bool,
    pub send: Callback<Msg>,
}

/// Drop zone, choosers and demo buttons.
#[component]
pub fn Chooser(props: &Props) -> Html {
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        let send = send.clone();
        chosen(&event.target_unchecked_into(), move |taken| send.emit(Msg::Dropped(taken)));
    });
    let demo = |faulty| props.send.reform(move |_| Msg::Demo(faulty));
    let class = classes!(
        "chooser",
        props.compact.then_some("compact"),
        props.dragging.then_some("dragging")
    );
    html! {
        <section {class} aria-label={texts::CHOOSE_FILES}>
            if props.dragging || !props.compact {
                <h2>{ if props.dragging { texts::DROP_NOW } else { texts::DROP_TITLE } }</h2>
            }
            if !props.compact {
                <p class="quiet">{ texts::DROP_HINT }</p>
            }
            <div class="ways">
                <span class="way">
                    <input id="stem-files" class="unseen" type="file" multiple=true onchange={onchange.clone()} />
                    <label for="stem-files" class="button primary"><Icon shape={Shape::Files} />{ texts::CHOOSE_FILES }</label>
                </span>
                <span class="way">
                    <input id="stem-folder" class="unseen" type="file" webkitdirectory=true {onchange} />
                    <label for="stem-folder" class="button"><Icon shape={Shape::Folder} />{ texts::CHOOSE_FOLDER }</label>
                </span>
                <span class="way demo">
                    <button type="button" class="button" title={texts::DEMO_HINT} onclick={demo(true)}>{ texts::DEMO }</button>
                    <button type="button" class="link" onclick={demo(false)}>{ texts::DEMO_CLEAN }</button>
                </span>
            </div>
        </section>
    }
}

/// What the page is for, while it is empty.
#[component]
pub fn Steps() -> Html {
    let step = |(title, text): &(Text, Text)| {
        html! { <li><h3>{ *title }</h3><p>{ *text }</p></li> }
    };
    html! { <ol class="steps">{ for texts::STEPS.iter().map(step) }</ol> }
}
