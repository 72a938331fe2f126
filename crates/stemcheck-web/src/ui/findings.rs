//! The list of findings, what to fix first on top (the report sorts them): where each is, how it
//! sounds, and how to fix it.

use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Daw;
use stemcheck_session::report::FindingReport;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icons::{Icon, Shape};
use super::{Msg, Spot, Target, reference, severity_class, severity_name};
use crate::state::{Hearing, Phase, Song};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub song: Song,
    pub phase: Phase,
    /// Number of the finding that was gone to last.
    pub current: Option<usize>,
    /// Number of the finding that is heard.
    pub heard: Option<usize>,
    /// Whether anything can be heard.
    pub playable: bool,
    /// The program that the user said.
    pub daw: Option<Daw>,
    pub send: Callback<Msg>,
}

/// All findings of the song.
#[component]
pub fn Findings(props: &Props) -> Html {
    let findings = props.song.told().map_or(&[][..], |song| &song.findings);
    let rest = match props.phase {
        Phase::Done if findings.is_empty() => Some(texts::FINDINGS_NONE),
        Phase::Waiting | Phase::Checking(_) => Some(texts::FINDINGS_WAIT),
        Phase::Cancelled => Some(texts::FINDINGS_CUT),
        _ => None,
    };
    html! {
        <section class="findings" aria-labelledby="findings-title">
            <div class="findings-head">
                <h2 id="findings-title">{ texts::FINDINGS_TITLE }</h2>
                if !findings.is_empty() {
                    { daw_list(props) }
                }
            </div>
            <ol>{ for findings.iter().enumerate().map(|(number, finding)| item(props, number, finding)) }</ol>
            if let Some(rest) = rest {
                <p class="quiet">{ rest }</p>
            }
        </section>
    }
}

/// Whose menus the fixes speak of.
fn daw_list(props: &Props) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let list: HtmlSelectElement = event.target_unchecked_into();
        let index = usize::try_from(list.selected_index()).unwrap_or(0);
        Msg::ChooseDaw(index.checked_sub(1).and_then(|daw| Daw::ALL.get(daw)).copied())
    });
    html! {
        <label class="daw">
            <span class="quiet">{ texts::DAW }</span>
            <select {onchange}>
                <option selected={props.daw.is_none()}>{ texts::DAW_UNSAID }</option>
                { for Daw::ALL.iter().map(|daw| html! {
                    <option selected={props.daw == Some(*daw)}>{ daw.name() }</option>
                }) }
            </select>
        </label>
    }
}

/// Where a finding is.
pub fn spot(song: &Song, finding: &FindingReport) -> Spot {
    let file = finding.file.as_deref().and_then(|name| song.index_of(name));
    let set = if song.is_cause(&finding.code) { Target::Sum } else { Target::Stems };
    let at = finding.places.first().map(|place| [place.start_s, place.end_s]);
    Spot { target: file.map_or(set, Target::File), at }
}

fn item(props: &Props, number: usize, finding: &FindingReport) -> Html {
    let severity = finding.severity;
    let place = finding.places.first();
    let file = finding.file.clone().unwrap_or_else(|| texts::ALL_FILES.to_string());
    let whole = |start: f64, end: f64| end - start >= 0.95 * props.song.seconds();
    let at = place
        .filter(|place| !whole(place.start_s, place.end_s))
        .map(|place| texts::place(place.start_s, place.end_s, finding.places.len() - 1));
    let show = props.send.reform(move |_| Msg::ShowFinding(number));
    let is_heard = props.heard == Some(number);
    let hear = props.send.reform(move |_| Msg::Hear(number));
    let audible = props.playable && Hearing::of(&props.song, number).is_some();
    let is_current = props.current == Some(number);
    html! {
        <li class={classes!("finding", severity_class(severity))}
            data-code={finding.code.clone()} data-severity={severity_name(severity)}
            aria-current={is_current.then_some("true")}>
            <p class="tag"><Icon shape={Shape::from(severity)} />{ texts::severity(severity) }</p>
            <div class="finding-text">
                <p class="message">{ &finding.message }</p>
                <p class="where quiet">
                    <span class="file-name">{ file }</span>
                    if let Some(at) = at { <span>{ at }</span> }
                </p>
                if reference::answers(&finding.code) {
                    { reference::which_mix(&props.song, "which-mix", &props.send) }
                }
                <details class="fix" open={severity == Severity::Error}>
                    <summary>{ texts::HOW_TO_FIX }</summary>
                    <p>{ &finding.fix }</p>
                </details>
            </div>
            <div class="finding-buttons">
                <button type="button" class="button small" onclick={show}>
                    <Icon shape={Shape::Target} />{ texts::SHOW }
                </button>
                if audible {
                    <button type="button" class="button small" aria-pressed={is_heard.to_string()} onclick={hear}>
                        <Icon shape={Shape::Ear} />{ texts::HEAR }
                    </button>
                }
            </div>
        </li>
    }
}
