//! The player's controls, at the bottom of the page. Position, time and level are written by the
//! clock, not drawn here.

use stemcheck_session::core::preview::Bus;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Msg;
use super::clock::Clock;
use super::icons::{Icon, Shape};
use crate::state::{Action, Listening};
use crate::texts;

/// What the player can do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// There is nothing to play.
    Nothing,
    /// It is being opened.
    Opening,
    /// It can be played.
    Ready,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub clock: Clock,
    pub listening: Listening,
    /// What is looped, in words.
    pub looped: Option<String>,
    /// By how many dB matching changes what is heard.
    pub shift_db: Option<f64>,
    /// Whether there is a reference to compare with.
    pub reference: bool,
    /// Whether there are fixes to play with.
    pub fixes: bool,
    pub readiness: Readiness,
    pub seconds: f64,
    pub send: Callback<Msg>,
}

/// Play, stop, position, buses, matching, level.
#[component]
pub fn Transport(props: &Props) -> Html {
    let Props { clock, listening, send, .. } = props;
    let playing = listening.playing;
    let off = props.readiness == Readiness::Nothing;
    let (shape, label) =
        if playing { (Shape::Pause, texts::PAUSE) } else { (Shape::Play, texts::PLAY) };
    let opening = (props.readiness == Readiness::Opening).then_some(texts::PLAYER_WAIT);
    let note = listening.obstacle.clone().or_else(|| Some(opening?.to_string()));
    let onposition = send.reform(|event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        Msg::Seek(slider.value_as_number())
    });
    html! {
        <section class="transport" aria-label={texts::PLAYER}>
            <div role="status">
                if let Some(looped) = &props.looped {
                    <p class="looped">
                        <Icon shape={Shape::Ear} /><span>{ looped }</span>
                        <button type="button" class="button small"
                            onclick={send.reform(|_| Msg::Do(Action::HearingEnded))}>{ texts::END_LOOP }</button>
                    </p>
                }
            </div>
            <div class="transport-row position">
                <span class="time" ref={clock.time.clone()}>{ texts::time(0.0) }</span>
                <input type="range" aria-label={texts::POSITION} ref={clock.slider.clone()} min="0" step="0.01"
                    max={format!("{:.3}", props.seconds)} disabled={off} oninput={onposition} />
                <span class="time quiet">{ texts::time(props.seconds) }</span>
            </div>
            <div class="transport-row">
                <div class="buttons">
                    <button type="button" class="button round primary" disabled={off} onclick={send.reform(|_| Msg::TogglePlay)}>
                        <Icon {shape} /><span>{ label }</span>
                    </button>
                    <button type="button" class="button round" disabled={off} onclick={send.reform(|_| Msg::Stop)}>
                        <Icon shape={Shape::Stop} /><span>{ texts::STOP }</span>
                    </button>
                </div>
                { buses(props, off) }
                <div class="ticks">
                    { matching(props, off) }
                    if props.fixes {
                        { fixes(props, off) }
                    }
                </div>
                if let Some(note) = note {
                    <p class="transport-note quiet" role="status">{ note }</p>
                } else {
                    <div class="level" title={texts::LEVEL}>
                        <div class="meter" aria-hidden="true"><div class="meter-fill"></div></div>
                        <span class="level-text" ref={clock.level.clone()}></span>
                    </div>
                }
            </div>
        </section>
    }
}

fn buses(props: &Props, off: bool) -> Html {
    let radio = |(number, bus): (usize, Bus)| {
        let onchange = props.send.reform(move |_| Msg::Do(Action::BusChosen(bus)));
        let needs_reference = matches!(bus, Bus::Reference | Bus::Difference);
        html! {
            <label class="bus">
                <input type="radio" name="bus" checked={props.listening.bus == bus} {onchange}
                    disabled={off || (needs_reference && !props.reference)} />
                <span title={format!("{}", number + 1)}>{ texts::bus(bus) }</span>
            </label>
        }
    };
    html! {
        <div class="buses" role="radiogroup" aria-label={texts::LISTEN}>
            { for Bus::ALL.into_iter().take(4).enumerate().map(radio) }
        </div>
    }
}

fn matching(props: &Props, off: bool) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let tick: HtmlInputElement = event.target_unchecked_into();
        Msg::Do(Action::MatchingSet(tick.checked()))
    });
    let known = props.listening.matching && props.listening.calibrated.is_some();
    html! {
        <div class="matching">
            <label>
                <input type="checkbox" checked={props.listening.matching} disabled={off} {onchange} />
                { texts::MATCH }
            </label>
            <span class="shift quiet">{ known.then(|| texts::matched(props.shift_db)) }</span>
        </div>
    }
}

fn fixes(props: &Props, off: bool) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let tick: HtmlInputElement = event.target_unchecked_into();
        Msg::Do(Action::FixesSet(tick.checked()))
    });
    html! {
        <div class="matching">
            <label>
                <input type="checkbox" checked={props.listening.fixed} disabled={off} {onchange} />
                { texts::FIXES }
            </label>
        </div>
    }
}
