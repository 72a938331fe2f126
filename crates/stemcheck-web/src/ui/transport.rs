//! The player's controls, at the bottom of the page. Position, time and meters are written by clock and
//! bridge, not drawn here. What is not needed at every moment is in a panel that can be closed: on a
//! phone it is, until it is asked for.

use stemcheck_session::core::preview::Bus;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Msg;
use super::blind::Test;
use super::clock::Clock;
use super::flow::Flow;
use super::icons::{Icon, Shape};
use super::meters::{Bridge, Panel};
use crate::player::message::Bits;
use crate::state::{Action, Aim, Listening};
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
    pub bridge: Bridge,
    pub listening: Listening,
    /// What the rough master aims at.
    pub aim: Aim,
    /// What is looped, in words.
    pub looped: Option<String>,
    /// By how many dB matching changes each bus.
    pub turned_db: [Option<f64>; Bus::COUNT],
    /// Of each stem, whether it can be heard.
    pub strands: Vec<bool>,
    /// Where the rough master that is heard stays, if it may not be made as loud as asked.
    pub held_back_lufs: Option<f64>,
    /// Whether there is a reference to compare with.
    pub reference: bool,
    /// Whether there are fixes to play with.
    pub fixes: bool,
    pub readiness: Readiness,
    pub seconds: f64,
    pub send: Callback<Msg>,
}

/// Window width in CSS pixels from which the panel is open at first.
const WIDE: &str = "(min-width: 48rem)";

/// The panel's element id.
const PANEL_ID: &str = "sound-panel";

/// Play, stop, position, buses, and everything about the sound.
#[component]
pub fn Transport(props: &Props) -> Html {
    let Props { clock, listening, send, .. } = props;
    let opened = use_state(is_wide);
    let open = *opened;
    let ontoggle = Callback::from(move |_: MouseEvent| opened.set(!open));
    let playing = listening.playing;
    let off = props.readiness == Readiness::Nothing;
    let (shape, label) =
        if playing { (Shape::Pause, texts::PAUSE) } else { (Shape::Play, texts::PLAY) };
    let drawn = open && listening.blind.is_none();
    let onposition = send.reform(|event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        Msg::Seek(slider.value_as_number())
    });
    html! {
        <section class={classes!("transport", drawn.then_some("has-flow"))} aria-label={texts::PLAYER}
            data-settled={(listening.settled && props.readiness == Readiness::Ready).to_string()}>
            <div role="status" class="now">
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
                if let Some(blind) = listening.blind {
                    <Test {blind} send={send.clone()} />
                } else {
                    { flow(props, off, open) }
                }
                <button type="button" class="button sound-toggle" aria-expanded={open.to_string()}
                    aria-controls={PANEL_ID} onclick={ontoggle}>{ texts::SOUND }</button>
                { note(props) }
            </div>
            <div id={PANEL_ID} class="sound-panel" hidden={!open}>
                <div class="ticks">
                    { matching(props, off) }
                    if props.fixes {
                        { fixes(props, off) }
                    }
                    { blind(props, off) }
                    { export(props) }
                </div>
                <Panel bridge={props.bridge.clone()} hidden={listening.blind.is_some()} />
            </div>
        </section>
    }
}

fn is_wide() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media(WIDE).ok().flatten());
    query.is_none_or(|query| query.matches())
}

/// Where to listen to, on the way from the files to what is heard.
fn flow(props: &Props, off: bool, open: bool) -> Html {
    let Props { listening, aim, turned_db, strands, reference, send, .. } = props;
    html! {
        <Flow heard={listening.bus} aim={aim.clone()} turned_db={*turned_db} strands={strands.clone()}
            reference={*reference} {off} {open} send={send.clone()} />
    }
}

/// Why it cannot be played, or not as well as it should, or not as loud.
fn note(props: &Props) -> Html {
    let listening = &props.listening;
    let opening = (props.readiness == Readiness::Opening).then_some(texts::PLAYER_WAIT);
    let makeshift = listening.makeshift.then_some(texts::MAKESHIFT);
    let exporting = listening.exporting.map(texts::exporting);
    let held_back = props.held_back_lufs.map(texts::held_back);
    let note = listening.obstacle.clone().or_else(|| Some(opening?.to_string()));
    let note = note.or(exporting).or(held_back).or_else(|| Some(makeshift?.to_string()));
    html! { <p class="transport-note quiet" role="status">{ note }</p> }
}

fn matching(props: &Props, off: bool) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let tick: HtmlInputElement = event.target_unchecked_into();
        Msg::Do(Action::MatchingSet(tick.checked()))
    });
    let Listening { matching, blind, .. } = props.listening;
    html! {
        <label class="tick" title={texts::MATCH_HINT}>
            <input type="checkbox" checked={matching} disabled={off || blind.is_some()} {onchange} />
            { texts::MATCH }
        </label>
    }
}

fn fixes(props: &Props, off: bool) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let tick: HtmlInputElement = event.target_unchecked_into();
        Msg::Do(Action::FixesSet(tick.checked()))
    });
    html! {
        <label class="tick">
            <input type="checkbox" checked={props.listening.fixed} disabled={off} {onchange} />
            { texts::FIXES }
        </label>
    }
}

/// Begins a blind test of two buses.
fn blind(props: &Props, off: bool) -> Html {
    if props.listening.blind.is_some() {
        return Html::default();
    }
    let heard = props.listening.bus;
    let pair = match (props.reference, heard) {
        (false, _) => [Bus::Stems, Bus::Master],
        (true, Bus::ReferenceMaster) => [Bus::ReferenceMaster, Bus::Master],
        (true, Bus::Master) => [Bus::Reference, Bus::Master],
        (true, _) => [Bus::Reference, Bus::Stems],
    };
    let onclick =
        props.send.reform(move |_| Msg::Do(Action::BlindStarted(pair, super::blind::coin())));
    let names = pair.map(texts::bus);
    html! {
        <button type="button" class="button small" disabled={off} title={texts::blind_hint(&names)} {onclick}>
            { texts::BLIND }
        </button>
    }
}

fn export(props: &Props) -> Html {
    let onchange = props.send.reform(|event: Event| {
        let list: HtmlSelectElement = event.target_unchecked_into();
        let bits = BITS.get(list.selected_index().max(0) as usize).map(|(bits, _)| *bits);
        Msg::Do(Action::BitsChosen(bits.unwrap_or_default()))
    });
    let option = |(bits, words): (Bits, texts::Text)| {
        html! { <option selected={bits == props.listening.bits}>{ words }</option> }
    };
    let busy = props.readiness != Readiness::Ready
        || props.listening.exporting.is_some()
        || props.listening.blind.is_some();
    html! {
        <span class="export">
            <button type="button" class="button small" disabled={busy} title={texts::EXPORT_HINT}
                onclick={props.send.reform(|_| Msg::Export)}>{ texts::EXPORT }</button>
            <select aria-label={texts::BITS} disabled={busy} {onchange}>{ for BITS.into_iter().map(option) }</select>
        </span>
    }
}

const BITS: [(Bits, texts::Text); 3] =
    [(Bits::Int24, texts::BITS_24), (Bits::Float32, texts::BITS_32), (Bits::Int16, texts::BITS_16)];
