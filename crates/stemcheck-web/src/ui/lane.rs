//! One file: name, part, key figures, waveform with its findings marked, fader.

use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Role;
use stemcheck_session::report::FileReport;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::axis::Axis;
use super::icons::{Icon, Shape};
use super::role::{part, role_name};
use super::strip::Tone;
use super::wave::{Source, Wave, Waves};
use super::{Msg, lane_id, severity_class};
use crate::language::Text;
use crate::state::{Action, File, GAIN_RANGE_DB, Marks};
use crate::texts;

/// What all lanes have in common.
#[derive(Clone, PartialEq)]
pub struct Scene {
    pub waves: Waves,
    pub axis: Axis,
    /// Length of the song in seconds.
    pub seconds: f64,
    /// Goes up when there is more to draw.
    pub version: u64,
    /// Whether the examination runs.
    pub checking: bool,
    /// Whether anything can be heard.
    pub playable: bool,
    pub send: Callback<Msg>,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: Scene,
    /// Index of the file.
    pub index: usize,
    pub file: File,
    /// What is known of it.
    pub told: Option<FileReport>,
    pub marks: Marks,
    /// Errors, warnings and notes on it.
    pub counts: [usize; 3],
    /// Why it could not be read.
    #[prop_or_default]
    pub refusal: Option<String>,
}

/// A file's lane.
#[component]
pub fn Lane(props: &Props) -> Html {
    let Props { scene, index, file, told, .. } = props;
    let format = told.as_ref().and_then(|told| told.format.as_ref());
    let stem = file.role == Role::Stem && props.refusal.is_none();
    html! {
        <article class={classes!("lane", format!("is-{}", role_name(file.role)))} id={lane_id(*index)}
            tabindex="-1" data-file={file.name.clone()} aria-label={file.name.clone()}>
            <div class="lane-head">
                <h3 class="file-name" title={file.name.clone()}>{ &file.name }</h3>
                { part(*index, file, told.as_ref(), &scene.send) }
                { figures(props) }
            </div>
            if let Some(refusal) = &props.refusal {
                <p class="refusal"><Icon shape={Shape::Cross} /><span>{ refusal }</span></p>
            } else {
                <Wave waves={scene.waves.clone()} source={Source::File(*index)}
                    label={waveform_label(props)} axis={scene.axis.clone()} version={scene.version}
                    sample_rate={format.map_or(0, |format| format.sample_rate)}
                    marks={props.marks.clone()} seek={scene.send.reform(Msg::Seek)} />
            }
            if stem {
                <div class="lane-controls">
                    { fader(props) }
                    <Tone index={*index} strip={file.fader.strip} send={scene.send.clone()} />
                </div>
            }
        </article>
    }
}

/// What the waveform shows, in words.
fn waveform_label(props: &Props) -> String {
    let peak = props.told.as_ref().and_then(|told| told.levels.as_ref()?.peak_dbfs);
    texts::waveform(&props.file.name, peak, &props.marks)
}

fn figures(props: &Props) -> Html {
    let Some(told) = props.told.as_ref().filter(|_| props.refusal.is_none()) else {
        let waiting = props.scene.checking && props.refusal.is_none();
        return html! { if waiting { <p class="figures quiet">{ texts::MEASURING }</p> } };
    };
    let figure = |(label, value): (String, String)| {
        html! { <span class="figure"><span class="quiet">{ label }</span>{ " " }<b>{ value }</b></span> }
    };
    html! {
        <>
            if let Some(format) = &told.format {
                <p class="format quiet">{ texts::format(format) }</p>
            }
            <p class="figures">{ for texts::figures(told).into_iter().map(figure) }</p>
            { counts(props.counts) }
        </>
    }
}

/// How many findings of each severity; shown where there is one.
pub fn counts(counts: [usize; 3]) -> Html {
    let tag = |(severity, count): (Severity, usize)| {
        html! {
            <li class={classes!("tag", severity_class(severity))}>
                <Icon shape={Shape::from(severity)} />{ texts::count(severity, count) }
            </li>
        }
    };
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let mut present = severities.into_iter().zip(counts).filter(|(_, count)| *count > 0).peekable();
    if present.peek().is_none() {
        return Html::default();
    }
    html! { <ul class="tags">{ for present.map(tag) }</ul> }
}

fn fader(props: &Props) -> Html {
    let (index, fader) = (props.index, props.file.fader);
    let send = &props.scene.send;
    let oninput = send.reform(move |event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        Msg::Do(Action::GainSet(index, slider.value_as_number()))
    });
    let ondblclick = send.reform(move |_| Msg::Do(Action::GainSet(index, 0.0)));
    let toggle = |class: &'static str, label: Text, on: bool, action: Action| {
        let onclick = send.reform(move |_| Msg::Do(action.clone()));
        let class = classes!("toggle", class);
        html! { <button type="button" {class} aria-pressed={on.to_string()} {onclick}>{ label }</button> }
    };
    html! {
        <>
            <div class="toggles">
                { toggle("mute", texts::MUTE, fader.mute, Action::MuteToggled(index)) }
                { toggle("solo", texts::SOLO, fader.solo, Action::SoloToggled(index)) }
            </div>
            <div class="fader">
                <input type="range" aria-label={texts::GAIN} aria-valuetext={texts::gain(fader.gain_db)}
                    min={GAIN_RANGE_DB.0.to_string()} max={GAIN_RANGE_DB.1.to_string()} step="0.5"
                    value={fader.gain_db.to_string()} {oninput} {ondblclick} />
                <output>{ texts::gain(fader.gain_db) }</output>
            </div>
        </>
    }
}
