//! Before the song is sent: what only the artist can check, notes to the engineer, and which service
//! suits the song.

use stemcheck_session::report::{ChecklistItem, SongReport};
use stemcheck_session::service::{Service, ServiceReport};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::Msg;
use crate::language::say;
use crate::state::{Action, Signature};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub told: SongReport,
    pub signature: Signature,
    pub send: Callback<Msg>,
}

/// The last look.
#[component]
pub fn Sending(props: &Props) -> Html {
    html! {
        <section class="sending" aria-labelledby="sending-title">
            <h2 id="sending-title">{ texts::SENDING_TITLE }</h2>
            { checklist(props) }
            if let Some(told) = &props.told.service { { service(told) } }
        </section>
    }
}

fn checklist(props: &Props) -> Html {
    let point = |item: &ChecklistItem| {
        let text = item.text.clone();
        let onchange = props.send.reform(move |event: Event| {
            let tick: HtmlInputElement = event.target_unchecked_into();
            Msg::Do(Action::Ticked(text.clone(), tick.checked()))
        });
        let checked = props.signature.done.contains(&item.text);
        html! {
            <li><label class="tick"><input type="checkbox" {checked} {onchange} />{ " " }<span>{ say(&item.text) }</span></label></li>
        }
    };
    let onchange = props.send.reform(|event: Event| {
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        Msg::Do(Action::NotesSet(field.value()))
    });
    html! {
        <div class="panel">
            <div>
                <h3 id="checklist-title">{ texts::CHECKLIST_TITLE }</h3>
                <p class="quiet">{ texts::CHECKLIST_HINT }</p>
            </div>
            if !props.told.checklist.is_empty() {
                <ul class="checklist" aria-labelledby="checklist-title">{ for props.told.checklist.iter().map(point) }</ul>
            }
            <label class="notes">
                <span>{ texts::NOTES }</span>
                <textarea rows="3" placeholder={texts::NOTES_HINT} value={props.signature.notes.clone()} {onchange} />
            </label>
        </div>
    }
}

fn service(told: &ServiceReport) -> Html {
    let name = match told.service {
        Service::Stereo => "stereo",
        Service::Stems => "stems",
        Service::Neither => "neither",
    };
    html! {
        <div class="panel" data-service={name}>
            <div>
                <h3>{ texts::SERVICE_TITLE }</h3>
                <p class="quiet">{ texts::SERVICE_HINT }</p>
            </div>
            <p><b>{ texts::service(told.service) }</b></p>
            <ul class="plain">{ for told.reasons.iter().map(|why| html! { <li>{ why }</li> }) }</ul>
        </div>
    }
}
