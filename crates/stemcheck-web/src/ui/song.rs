//! The song: verdict, settings, lanes, the sum, findings.

use stemcheck_session::core::profile::{Profile, Severity};
use stemcheck_session::repair::Repairs;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::findings::Findings;
use super::icons::{Icon, Shape};
use super::lane::{Lane, Scene, counts};
use super::null::Null;
use super::repairs::FixedStems;
use super::ruler::Ruler;
use super::sending::Sending;
use super::{Msg, STEMS_ID, handoff, profile};
use crate::home;
use crate::state::{Action, Lanes, Phase, Song, State, TEMPO_RANGE_BPM, lanes, marks};
use crate::texts;

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

/// Everything about the song on the page.
pub fn view(state: &State, song: &Song, repairs: Option<&Repairs>, scene: &Scene) -> Html {
    let Lanes { stems, reference, others } = lanes(song);
    let lane = |file: usize| lane(song, scene, file);
    html! {
        <section class="song" key={state.shown} data-song={song.name.clone()}>
            { summary(state, song, &scene.send) }
            <div class="columns">
                <Findings song={song.clone()} phase={state.phase} current={state.finding} daw={state.daw}
                    heard={state.listening.hearing.as_ref().map(|hearing| hearing.finding)}
                    playable={scene.playable} send={scene.send.clone()} />
                <div class="lanes">
                    <Ruler axis={scene.axis.clone()} version={scene.version} send={scene.send.clone()} />
                    <section id={STEMS_ID} tabindex="-1" aria-labelledby="stems-title">
                        <h2 id="stems-title">{ texts::STEMS_TITLE }</h2>
                        { for stems.iter().copied().map(lane) }
                    </section>
                    <Null scene={scene.clone()} song={song.clone()} done={state.phase == Phase::Done}
                        reference={reference.map(lane).unwrap_or_default()}
                        sample_rate={sum_rate(song, &stems)} />
                    if let Some(told) = song.told().filter(|_| state.phase == Phase::Done) {
                        if let Some(repairs) = repairs {
                            <FixedStems repairs={repairs.clone()} busy={state.packing.is_some()} send={scene.send.clone()} />
                        }
                        <Sending told={told.clone()} signature={song.signature.clone()} send={scene.send.clone()} />
                    }
                    if !others.is_empty() {
                        <section aria-labelledby="others-title">
                            <h2 id="others-title">{ texts::OTHERS_TITLE }</h2>
                            { for others.iter().copied().map(lane) }
                        </section>
                    }
                </div>
            </div>
        </section>
    }
}

/// Hz of the sum: that of its stems.
fn sum_rate(song: &Song, stems: &[usize]) -> u32 {
    let format = |stem: &usize| song.told_of(*stem)?.format.as_ref();
    stems.iter().find_map(format).map_or(0, |format| format.sample_rate)
}

fn lane(song: &Song, scene: &Scene, index: usize) -> Html {
    let Some(file) = song.files.get(index) else { return Html::default() };
    let told = song.told_of(index);
    let count =
        |severity| song.findings_of(index).filter(|finding| finding.severity == severity).count();
    let refusal = told.filter(|told| !told.readable).map(|_| {
        let worst = song.findings_of(index).next();
        worst.map_or_else(|| texts::UNREADABLE.to_string(), |finding| finding.message.clone())
    });
    html! {
        <Lane key={index} scene={scene.clone()} {index} file={file.clone()} told={told.cloned()}
            marks={marks(song, Some(index))} counts={SEVERITIES.map(count)} {refusal} />
    }
}

fn summary(state: &State, song: &Song, send: &Callback<Msg>) -> Html {
    html! {
        <div class="summary">
            <div class="summary-text">
                <p class="song-name">
                    <b>{ &song.name }</b>
                    <span class="quiet">{ texts::summary(song.files.len(), song.seconds()) }</span>
                </p>
                { status(state, song) }
                if state.phase == Phase::Done {
                    { counts(SEVERITIES.map(|severity| song.count(severity))) }
                }
                { progress(state.phase, send) }
            </div>
            { settings(state, song, send) }
        </div>
    }
}

/// The verdict, or what is going on instead.
fn status(state: &State, song: &Song) -> Html {
    let verdict = song.told().map(|told| told.verdict).filter(|_| state.phase == Phase::Done);
    let sentence = match (state.phase, verdict) {
        (_, Some(verdict)) => {
            let (errors, warnings) = (song.count(Severity::Error), song.count(Severity::Warning));
            texts::verdict(verdict, errors, warnings)
        }
        (Phase::Cancelled, None) => texts::CANCELLED.to_string(),
        (Phase::Waiting, None) => texts::WAITING_LONG.to_string(),
        (Phase::Checking(_), None) if state.amending => texts::AMENDING.to_string(),
        _ => texts::checking(song.files.len()),
    };
    let name = verdict.map(|verdict| match verdict {
        stemcheck_session::report::Verdict::Ready => "ready",
        stemcheck_session::report::Verdict::Check => "check",
        stemcheck_session::report::Verdict::Fix => "fix",
    });
    html! {
        <div class="verdict" role="status">
            <p data-verdict={name}>
                if let Some(verdict) = verdict { <Icon shape={Shape::from(verdict)} /> }
                <span>{ sentence }</span>
            </p>
        </div>
    }
}

/// While the check runs: how far it is, and a way out. After that: a way to do it again.
pub fn progress(phase: Phase, send: &Callback<Msg>) -> Html {
    let cancel = html! {
        <button type="button" class="button small" onclick={send.reform(|_| Msg::Cancel)}>{ texts::CANCEL }</button>
    };
    match phase {
        Phase::Checking(done) => html! {
            <div class="progress">
                <progress aria-label={texts::PROGRESS} max="1" value={format!("{done:.3}")}></progress>
                <span class="percent">{ format!("{:.0} %", done * 100.0) }</span>
                { cancel }
            </div>
        },
        Phase::Waiting => html! { <div class="progress">{ cancel }</div> },
        Phase::Composing => html! {
            <div class="progress">
                <progress aria-label={texts::COMPOSING}></progress>
                { cancel }
            </div>
        },
        Phase::Cancelled => html! {
            <div class="progress">
                <button type="button" class="button small" onclick={send.reform(|_| Msg::Do(Action::Started))}>
                    { texts::CHECK_AGAIN }
                </button>
            </div>
        },
        Phase::Empty | Phase::Done => Html::default(),
    }
}

/// What the user may correct: whose demands hold, and the tempo; and the report to take away.
fn settings(state: &State, song: &Song, send: &Callback<Msg>) -> Html {
    let onprofile = send.reform(|event: Event| {
        let list: HtmlSelectElement = event.target_unchecked_into();
        Msg::Do(Action::ProfileChosen(list.value()))
    });
    let ontempo = send.reform(|event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        let tempo = field.value_as_number();
        Msg::Do(Action::TempoSet(tempo.is_finite().then_some(tempo)))
    });
    let option = |it: &Profile| {
        html! {
            <option value={it.name.clone()} selected={it.name == state.profile}>
                { texts::profile(it) }
            </option>
        }
    };
    let offered = state.offered(home::has_its_demands());
    let tempo = song.tempo_bpm.or_else(|| song.told()?.tempo_bpm);
    html! {
        <div class="settings">
            <label>
                <span>{ texts::PROFILE }</span>
                <select ~value={state.profile.clone()} onchange={onprofile}>
                    { for offered.iter().map(option) }
                </select>
            </label>
            { profile::opener(state, send) }
            <label class="tempo">
                <span>{ texts::TEMPO }{ " (" }{ texts::TEMPO_UNIT }{ ")" }</span>
                <input type="number" step="any" inputmode="decimal" placeholder="–"
                    min={TEMPO_RANGE_BPM.0.to_string()} max={TEMPO_RANGE_BPM.1.to_string()}
                    ~value={tempo.map(|bpm| format!("{}", (bpm * 10.0).round() / 10.0)).unwrap_or_default()}
                    onchange={ontempo} />
            </label>
            <button type="button" class="button" disabled={state.phase != Phase::Done}
                onclick={send.reform(|_| Msg::Download)}>
                <Icon shape={Shape::Download} />{ texts::DOWNLOAD }
            </button>
            <button type="button" class="button" disabled={!state.is_over() || state.packing.is_some()}
                onclick={send.reform(|_| Msg::DownloadPackage)}>
                <Icon shape={Shape::Download} />{ texts::DOWNLOAD_PACKAGE }
            </button>
            if let Some(share) = state.packing {
                <p class="quiet" role="status">{ texts::packing(share) }</p>
            }
            { handoff::view(state, send) }
        </div>
    }
}
