//! What can be repaired without a new sample, before it is done, and the download that does it.

use stemcheck_session::repair::Repairs;
use yew::prelude::*;

use super::Msg;
use super::icons::{Icon, Shape};
use super::panel::Panel;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub repairs: Repairs,
    /// Whether another download is being made.
    pub busy: bool,
    pub send: Callback<Msg>,
}

/// The list, and its button; nothing where nothing can be repaired.
#[component]
pub fn FixedStems(props: &Props) -> Html {
    let Repairs { done, left, .. } = &props.repairs;
    if done.is_empty() {
        return Html::default();
    }
    let line = |line: &String| html! { <li>{ line }</li> };
    let aside = html! {
        <button type="button" class="button small" disabled={props.busy}
            onclick={props.send.reform(|_| Msg::DownloadFixed)}>
            <Icon shape={Shape::Download} />{ texts::DOWNLOAD_FIXED }
        </button>
    };
    html! {
        <Panel id="fixed" title={texts::FIXED_TITLE} hint={texts::FIXED_HINT} {aside}>
            <ul class="plain">{ for done.iter().map(line) }</ul>
            if !left.is_empty() {
                <p class="quiet">{ texts::FIXED_LEFT }</p>
                <ul class="plain">{ for left.iter().map(line) }</ul>
            }
        </Panel>
    }
}
