//! The list of findings, what to fix first on top (the report sorts them).

use stemcheck_session::report::FindingReport;
use yew::prelude::*;

use super::icons::{Icon, Shape};
use super::{Msg, Spot, Target, severity_class, severity_name};
use crate::state::{Phase, Song};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub song: Song,
    pub phase: Phase,
    pub send: Callback<Msg>,
}

/// All findings of the song.
#[component]
pub fn Findings(props: &Props) -> Html {
    let findings = props.song.told().map_or(&[][..], |song| &song.findings);
    let rest = match props.phase {
        Phase::Done if findings.is_empty() => Some(texts::FINDINGS_NONE),
        Phase::Checking(_) => Some(texts::FINDINGS_WAIT),
        Phase::Cancelled => Some(texts::FINDINGS_CUT),
        _ => None,
    };
    html! {
        <section class="findings" aria-labelledby="findings-title">
            <h2 id="findings-title">{ texts::FINDINGS_TITLE }</h2>
            <ol>{ for findings.iter().map(|finding| item(props, finding)) }</ol>
            if let Some(rest) = rest {
                <p class="quiet">{ rest }</p>
            }
        </section>
    }
}

/// Whether a finding comes from the null test.
fn is_cause(props: &Props, code: &str) -> bool {
    props.song.told().is_some_and(|song| song.null.causes.iter().any(|cause| cause.code == code))
}

fn item(props: &Props, finding: &FindingReport) -> Html {
    let severity = finding.severity;
    let place = finding.places.first();
    let file = finding.file.as_deref().and_then(|name| props.song.index_of(name));
    let set = if is_cause(props, &finding.code) { Target::Sum } else { Target::Stems };
    let spot =
        Spot { target: file.map_or(set, Target::File), at: place.map(|place| place.start_s) };
    let file = finding.file.clone().unwrap_or_else(|| texts::ALL_FILES.to_owned());
    let whole = |start: f64, end: f64| end - start >= 0.95 * props.song.seconds();
    let at = place
        .filter(|place| !whole(place.start_s, place.end_s))
        .map(|place| texts::place(place.start_s, place.end_s, finding.places.len() - 1));
    let show = props.send.reform(move |_| Msg::Show(spot));
    html! {
        <li class={classes!("finding", severity_class(severity))}
            data-code={finding.code.clone()} data-severity={severity_name(severity)}>
            <p class="tag"><Icon shape={Shape::from(severity)} />{ texts::severity(severity) }</p>
            <div class="finding-text">
                <p class="message">{ &finding.message }</p>
                <p class="fix">{ &finding.fix }</p>
                <p class="where quiet">
                    <span class="file-name">{ file }</span>
                    if let Some(at) = at { <span>{ at }</span> }
                </p>
            </div>
            <button type="button" class="button small" onclick={show}>
                <Icon shape={Shape::Target} />{ texts::SHOW }
            </button>
        </li>
    }
}
