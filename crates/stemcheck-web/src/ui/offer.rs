//! Files came in that may take the place of some of the song's: which is meant?

use yew::prelude::*;

use super::Msg;
use crate::state::{Action, State};
use crate::texts;

/// The question; nothing, if there is none.
pub fn view(state: &State, send: &Callback<Msg>) -> Html {
    let Some((offer, song)) = state.offer.as_ref().zip(state.song.as_ref()) else {
        return Html::default();
    };
    let former: Vec<&str> = offer.places.iter().filter_map(|&place| song.name_of(place)).collect();
    let button = |class: &'static str, label: String, msg: fn() -> Msg| {
        let onclick = send.reform(move |_| msg());
        html! { <button type="button" class={classes!("button", "small", class)} {onclick}>{ label }</button> }
    };
    html! {
        <section class="notice offer" aria-labelledby="offer-title">
            <p id="offer-title" role="alert">{ texts::offer(&former, &offer.names, &song.name) }</p>
            <div class="offer-buttons">
                { button("primary", texts::offer_replace(&former), || Msg::AcceptOffer) }
                { button("", texts::OPEN_AS_SONG.to_string(), || Msg::OpenOffered) }
                { button("", texts::CANCEL.to_string(), || Msg::Do(Action::OfferDeclined)) }
            </div>
        </section>
    }
}
