//! "Which file is your mix?", where no name tells, or several do.

use stemcheck_session::core::song::Role;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Msg;
use crate::state::{Action, Song};
use crate::texts;

/// Findings that naming the mix is the answer to.
pub fn answers(code: &str) -> bool {
    matches!(code, "no-reference" | "ambiguous-reference")
}

/// A list of the song's files that can be the mix; `id` tells this list from others on the page.
pub fn which_mix(song: &Song, id: &str, send: &Callback<Msg>) -> Html {
    let readable = |index: usize| song.told_of(index).is_none_or(|told| told.readable);
    let files: Vec<usize> = (0..song.files.len()).filter(|&index| readable(index)).collect();
    let onchange = {
        let files = files.clone();
        send.reform(move |event: Event| {
            let list: HtmlSelectElement = event.target_unchecked_into();
            let at = usize::try_from(list.selected_index()).ok().and_then(|at| at.checked_sub(1));
            let file = at.and_then(|at| files.get(at)).copied();
            file.map_or(Msg::Nothing, |file| Msg::Do(Action::RoleSet(file, Role::Reference)))
        })
    };
    let is_mix = |index: usize| song.files.get(index).is_some_and(|f| f.role == Role::Reference);
    let option = |index: usize| {
        html! { <option selected={is_mix(index)}>{ song.name_of(index) }</option> }
    };
    html! {
        <p class="which-mix">
            <label for={id.to_owned()}>{ texts::WHICH_MIX }</label>
            <select id={id.to_owned()} {onchange}>
                <option selected={!files.iter().any(|&index| is_mix(index))}>{ texts::CHOOSE_MIX }</option>
                { for files.iter().map(|&index| option(index)) }
            </select>
        </p>
    }
}
