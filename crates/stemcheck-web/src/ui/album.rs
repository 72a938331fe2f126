//! The songs of an album in the order of its tracklist: what is known of each, and a way to open it.

use stemcheck_session::report::Verdict;
use stemcheck_session::tracklist;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::Msg;
use super::icons::{Icon, Shape};
use crate::home;
use crate::state::{Action, Phase, State, Track};
use crate::texts;

/// Element id of the field in which a tracklist is written.
const FIELD: &str = "tracklist";

/// The list; nothing, if there is only one song.
pub fn view(state: &State, send: &Callback<Msg>) -> Html {
    if !state.is_album() {
        return Html::default();
    }
    let tracks = state.tracks();
    html! {
        <section class="album" aria-labelledby="album-title">
            <div class="album-head">
                <h2 id="album-title">{ texts::ALBUM }</h2>
                <p class="quiet">{ texts::album(state.finished().len(), state.songs()) }</p>
            </div>
            <ol class="tracks">{ for tracks.iter().map(|one| track(state, *one, send)) }</ol>
            { order(state, send) }
        </section>
    }
}

fn track(state: &State, track: Track<'_>, send: &Callback<Msg>) -> Html {
    let (number, title) = match track {
        Track::Song(number, title) => (number, title),
        Track::Missing(title) => {
            return html! {
                <li class="track is-missing">
                    <span class="track-name">{ title }</span>
                    <span class="track-state">
                        <span class="tag is-warning"><Icon shape={Shape::Triangle} />{ texts::TITLE_MISSING }</span>
                    </span>
                </li>
            };
        }
    };
    let Some((song, phase)) = state.song_at(number) else { return Html::default() };
    let is_shown = number == state.shown;
    let unlisted = state.titles.is_some() && title.is_none();
    let other_title = title.filter(|title| *title != song.name);
    html! {
        // The song that is shown has its verdict below.
        <li class="track" data-song={(!is_shown).then(|| song.name.clone())}>
            <span class="track-names">
            <button type="button" class="track-name" aria-current={is_shown.then_some("true")}
                onclick={send.reform(move |_| Msg::ShowSong(number))}>{ &song.name }</button>
            if let Some(title) = other_title {
                <span class="quiet">{ texts::in_tracklist(title) }</span>
            }
            if unlisted {
                <span class="tag is-warning"><Icon shape={Shape::Triangle} />{ texts::SONG_UNLISTED }</span>
            }
            </span>
            <span class="track-state" role={(!is_shown).then_some("status")}>
                { standing(state, number, phase, is_shown) }
            </span>
        </li>
    }
}

/// Where a song stands, in a word or two.
fn standing(state: &State, number: usize, phase: Phase, is_shown: bool) -> Html {
    match (phase, state.told_at(number)) {
        (Phase::Done, Some(told)) => {
            let (name, class) = match told.verdict {
                Verdict::Ready => ("ready", "is-ready"),
                Verdict::Check => ("check", "is-warning"),
                Verdict::Fix => ("fix", "is-error"),
            };
            html! {
                <span class={classes!("tag", class)} data-verdict={(!is_shown).then_some(name)}>
                    <Icon shape={Shape::from(told.verdict)} />{ texts::short_verdict(told.verdict) }
                </span>
            }
        }
        (Phase::Checking(done), _) => html! {
            <span class="quiet">{ texts::checked(done) }</span>
        },
        (Phase::Cancelled, _) => html! { <span class="quiet">{ texts::NOT_CHECKED }</span> },
        _ => html! { <span class="quiet">{ texts::WAITING }</span> },
    }
}

/// The tracklist, to be written, pasted or corrected.
fn order(state: &State, send: &Callback<Msg>) -> Html {
    let titles = state.titles.clone().unwrap_or_default().join("\n");
    let onsubmit = send.reform(|event: SubmitEvent| {
        event.prevent_default();
        let field = home::by_id(FIELD)
            .and_then(|field| wasm_bindgen::JsCast::dyn_into::<HtmlTextAreaElement>(field).ok());
        let text = field.map(|field| field.value()).unwrap_or_default();
        Msg::Do(Action::TitlesSet(Some(tracklist::parse("tracklist.txt", &text))))
    });
    html! {
        <details class="order">
            <summary>{ if state.titles.is_some() { texts::TRACKLIST } else { texts::ADD_TRACKLIST } }</summary>
            <form {onsubmit}>
                <label for={FIELD}>{ texts::TRACKLIST_HINT }</label>
                <textarea id={FIELD} rows="6" spellcheck="false" ~value={titles} />
                <button type="submit" class="button small">{ texts::USE_TRACKLIST }</button>
            </form>
        </details>
    }
}
