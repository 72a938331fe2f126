//! The blind test in the transport: listen to A, B and X, and say which of them X is.

use yew::prelude::*;

use super::Msg;
use crate::state::{Action, Blind, Side};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub blind: Blind,
    pub send: Callback<Msg>,
}

/// The blind test.
#[component]
pub fn Test(props: &Props) -> Html {
    let Props { blind, send } = props;
    let names = blind.pair.map(texts::bus);
    let side = |(side, letter, name): (Side, &'static str, Option<&String>)| {
        let onchange = send.reform(move |_| Msg::Do(Action::BlindHeard(side)));
        html! {
            <label class="bus">
                <input type="radio" name="side" aria-label={letter} checked={blind.heard == side} {onchange} />
                <span>{ letter }if let Some(name) = name { <small>{ name }</small> }</span>
            </label>
        }
    };
    let guess = |(is_b, letter): (bool, &'static str)| {
        let onclick = send.reform(move |_| Msg::Do(Action::BlindGuessed(is_b, coin())));
        html! {
            <button type="button" class="button small" {onclick}>{ texts::guess(letter) }</button>
        }
    };
    let onend = send.reform(|_| Msg::Do(Action::BlindEnded));
    html! {
        <div class="blind" role="group" aria-label={texts::BLIND}>
            <div class="buses" role="radiogroup" aria-label={texts::LISTEN}>
                { for [(Side::A, "A", Some(&names[0])), (Side::B, "B", Some(&names[1])), (Side::X, "X", None)].into_iter().map(side) }
            </div>
            { for [(false, "A"), (true, "B")].into_iter().map(guess) }
            <p class="score" role="status">{ texts::score(blind.right, blind.rounds, blind.last, blind.chance()) }</p>
            <button type="button" class="button small" onclick={onend}>{ texts::BLIND_END }</button>
        </div>
    }
}

/// Heads or tails.
pub fn coin() -> bool {
    js_sys::Math::random() < 0.5
}
