//! What a file is to the song and what it holds: guessed, shown, and corrected here; and another file
//! put in its place.

use stemcheck_session::core::song::{Instrument, Role};
use stemcheck_session::report::FileReport;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Msg;
use super::drop::chosen_one;
use crate::state::{Action, File};
use crate::texts;

const ROLES: [Role; 3] = [Role::Stem, Role::Reference, Role::Other];

/// As in `class` and in reports.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Stem => "stem",
        Role::Reference => "reference",
        Role::Other => "other",
    }
}

/// Part and instrument of a file, and who said so.
pub fn part(index: usize, file: &File, told: Option<&FileReport>, send: &Callback<Msg>) -> Html {
    let is_said = file.by_hand || file.instrument.is_some();
    let take_back = send.reform(move |_| Msg::Do(Action::GuessTaken(index)));
    html! {
        <div class="part">
            { role_list(index, file.role, send) }
            if file.role == Role::Stem {
                { instrument_list(index, file, told, send) }
            }
            <span class="said">
                if is_said {
                    <span class="quiet">{ texts::SAID }</span>
                    <button type="button" class="link" aria-label={texts::take_back(&file.name)}
                        onclick={take_back}>{ texts::TAKE_BACK }</button>
                } else if told.is_some() {
                    <span class="quiet">{ texts::GUESSED }</span>
                }
                { replace(index, file, send) }
            </span>
        </div>
    }
}

fn role_list(index: usize, role: Role, send: &Callback<Msg>) -> Html {
    let onchange = send.reform(move |event: Event| {
        let chosen = ROLES.get(selected(&event)).copied();
        chosen.map_or(Msg::Nothing, |role| Msg::Do(Action::RoleSet(index, role)))
    });
    let option = |one: Role| html! { <option selected={one == role}>{ texts::role(one) }</option> };
    html! {
        <select class="role" aria-label={texts::ROLE} ~value={texts::role(role)} {onchange}>
            { for ROLES.into_iter().map(option) }
        </select>
    }
}

/// What a stem holds; the first entry says nothing and leaves it to the name.
fn instrument_list(
    index: usize,
    file: &File,
    told: Option<&FileReport>,
    send: &Callback<Msg>,
) -> Html {
    let onchange = send.reform(move |event: Event| {
        let chosen = selected(&event).checked_sub(1).and_then(|at| Instrument::ALL.get(at));
        Msg::Do(Action::InstrumentSet(index, chosen.copied()))
    });
    let told = told.and_then(|told| told.instrument.as_deref());
    let told = Instrument::ALL.into_iter().find(|it| Some(it.name()) == told);
    let now = file.instrument.or(told);
    let name = |it: Option<Instrument>| match it {
        Some(instrument) => texts::instrument(instrument.name()),
        None => texts::NO_INSTRUMENT.to_string(),
    };
    let option = |one: Option<Instrument>| {
        html! { <option selected={one == now}>{ name(one) }</option> }
    };
    html! {
        <select class="role" aria-label={texts::INSTRUMENT} ~value={name(now)} {onchange}>
            { option(None) }
            { for Instrument::ALL.into_iter().map(|it| option(Some(it))) }
        </select>
    }
}

fn selected(event: &Event) -> usize {
    let list: HtmlSelectElement = event.target_unchecked_into();
    usize::try_from(list.selected_index()).unwrap_or(0)
}

/// A chooser for a file to put in this one's place.
fn replace(index: usize, file: &File, send: &Callback<Msg>) -> Html {
    let id = format!("replace-{index}");
    let onchange = send.reform(move |event: Event| {
        let chosen = chosen_one(&event.target_unchecked_into());
        chosen.map_or(Msg::Nothing, |file| Msg::ReplaceFile(index, file))
    });
    html! {
        <span class="way">
            <input id={id.clone()} class="unseen" type="file" aria-label={texts::replace(&file.name)} {onchange} />
            <label for={id} class="link">{ texts::REPLACE }</label>
        </span>
    }
}
