//! The list of keys, and how to see that nothing is sent.

use yew::prelude::*;

use super::Msg;
use super::dialog::Dialog;
use crate::home;
use crate::language::Text;
use crate::state::Action;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub send: Callback<Msg>,
}

/// All keys, by what they are about.
#[component]
pub fn Help(props: &Props) -> Html {
    let group = |(title, rows): &(Text, &'static [texts::Shortcut])| {
        let row = |(keys, what): &texts::Shortcut| {
            let cap = |key: &&'static str| html! { <kbd>{ *key }</kbd> };
            html! { <div><dt>{ for keys.iter().map(cap) }</dt><dd>{ *what }</dd></div> }
        };
        html! {
            <section>
                <h3>{ *title }</h3>
                <dl>{ for rows.iter().map(row) }</dl>
            </section>
        }
    };
    let on_close = props.send.reform(|()| Msg::Do(Action::HelpSet(false)));
    html! {
        <Dialog open={props.open} id="help" title={texts::SHORTCUTS_TITLE} {on_close}>
            <div class="help-groups">{ for texts::SHORTCUTS.iter().map(group) }</div>
            <section>
                <h3>{ texts::PRIVACY }</h3>
                <p>{ if home::is_guest() { texts::PRIVACY_GUEST } else { texts::PRIVACY_HOW } }</p>
            </section>
        </Dialog>
    }
}
