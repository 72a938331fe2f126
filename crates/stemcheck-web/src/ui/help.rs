//! The list of keys, and how to see that nothing is sent: a dialog that keeps the focus, closes with Escape, and gives the focus back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::Msg;
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
    let dialog = use_node_ref();
    use_effect_with(props.open, {
        let dialog = dialog.clone();
        move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // Refused only for a dialog that is gone.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    let close = props.send.reform(|()| Msg::Do(Action::HelpSet(false)));
    let onclose = close.reform(|_: Event| ());
    let onclick = {
        let (dialog, close) = (dialog.clone(), close.clone());
        // What is clicked beside the sheet is the dialog's backdrop.
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<web_sys::Node>();
            if target.is_some() && target == dialog.get() {
                close.emit(());
            }
        })
    };
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
    html! {
        <dialog class="help" ref={dialog} aria-labelledby="help-title" {onclose} {onclick}>
            <div class="help-sheet">
                <header>
                    <h2 id="help-title">{ texts::SHORTCUTS_TITLE }</h2>
                    <button type="button" class="button small" onclick={close.reform(|_| ())}>{ texts::DISMISS }</button>
                </header>
                <div class="help-groups">{ for texts::SHORTCUTS.iter().map(group) }</div>
                <section>
                    <h3>{ texts::PRIVACY }</h3>
                    <p>{ if home::is_guest() { texts::PRIVACY_GUEST } else { texts::PRIVACY_HOW } }</p>
                </section>
            </div>
        </dialog>
    }
}
