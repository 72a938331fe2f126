//! The send button of the studio that has the checker on its page.

use stemcheck_session::report::Verdict;
use yew::prelude::*;

use super::Msg;
use crate::home;
use crate::state::{Handoff, State, taken};
use crate::texts;

/// The button and, in a sentence, what pressing it means or why it cannot be pressed; nothing where no
/// studio asks for it.
pub fn view(state: &State, send: &Callback<Msg>) -> Html {
    let Some(label) = home::wish("handoff") else { return Html::default() };
    let handoff = state.handoff(taken(home::wish("handoffVerdict").as_deref()));
    // Songs that have something to fix are not what the page invites to send.
    let is_invited = matches!(handoff, Handoff::Open(Some(Verdict::Ready | Verdict::Check)));
    html! {
        <div class="handoff">
            <button type="button" class={classes!("button", is_invited.then_some("primary"))}
                disabled={!matches!(handoff, Handoff::Open(_))} aria-describedby="handoff-note"
                onclick={send.reform(|_| Msg::HandOff)}>
                { label }
            </button>
            <p id="handoff-note" class="quiet">{ texts::handoff(handoff) }</p>
        </div>
    }
}
