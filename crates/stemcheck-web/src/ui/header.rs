//! Name, promise, keys, theme.

use yew::prelude::*;

use super::app::INSTALL;
use super::icons::{Icon, Mark, Shape};
use super::{Msg, tongue};
use crate::home;
use crate::state::Action;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether the dark colours are on.
    pub dark: bool,
    /// Whether the page can be installed.
    pub installable: bool,
    pub send: Callback<Msg>,
}

/// The top of the page.
#[component]
pub fn Header(props: &Props) -> Html {
    let (shape, label) =
        if props.dark { (Shape::Sun, texts::TO_LIGHT) } else { (Shape::Moon, texts::TO_DARK) };
    html! {
        <header class="top">
            <Mark />
            <div class="promise">
                <h1>{ texts::NAME }</h1>
                <p>
                    { texts::PROMISE }{ " " }
                    <button type="button" class="privacy" aria-haspopup="dialog"
                        onclick={props.send.reform(|_| Msg::Do(Action::HelpSet(true)))}>
                        { texts::PRIVACY }
                    </button>
                </p>
            </div>
            if props.installable {
                <button type="button" class="button" onclick={props.send.reform(|_| Msg::Accept(INSTALL))}>
                    { texts::INSTALL }
                </button>
            }
            if home::wish("language").is_none() {
                { tongue::list(&props.send) }
            }
            <button type="button" class="button icon-only" aria-label={texts::SHORTCUTS_TITLE}
                title={texts::SHORTCUTS_HINT} aria-haspopup="dialog" aria-keyshortcuts="?"
                onclick={props.send.reform(|_| Msg::Do(Action::HelpSet(true)))}>
                <Icon shape={Shape::Keyboard} />
            </button>
            if home::wish("theme").is_none() {
                <button type="button" class="button icon-only" aria-label={label} title={label}
                    onclick={props.send.reform(|_| Msg::SwitchTheme)}>
                    <Icon {shape} />
                </button>
            }
        </header>
    }
}
