//! The worst moments: a list that one can play.

use stemcheck_session::report::MomentReport;
use yew::prelude::*;

use super::Msg;
use super::icons::{Icon, Shape};
use super::panel::Panel;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub moments: Vec<MomentReport>,
    pub send: Callback<Msg>,
}

/// The moments, the worst on top.
#[component]
pub fn Moments(props: &Props) -> Html {
    if props.moments.is_empty() {
        return Html::default();
    }
    html! {
        <Panel id="moments" title={texts::MOMENTS_TITLE} hint={texts::MOMENTS_HINT}>
            <ol class="moments">{ for props.moments.iter().map(|moment| item(moment, &props.send)) }</ol>
        </Panel>
    }
}

fn item(moment: &MomentReport, send: &Callback<Msg>) -> Html {
    let start_s = moment.start_s;
    let hear = send.reform(move |_| Msg::HearDifference(Some(start_s)));
    let follows = moment.file.clone().unwrap_or_else(|| texts::SEVERAL_FILES.to_string());
    html! {
        <li data-moment={format!("{start_s}")}>
            <button type="button" class="button small" onclick={hear}
                aria-label={texts::hear_at(moment.start_s)}>
                <Icon shape={Shape::Ear} />{ texts::length(moment.start_s) }
            </button>
            <p>
                <b>{ follows }</b>
                <span class="quiet">{ texts::moment(moment) }</span>
            </p>
        </li>
    }
}
