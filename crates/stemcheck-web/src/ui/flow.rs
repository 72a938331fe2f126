//! What is heard, as a picture that is its own switch: the stems through their strips to the sum, the
//! mix beside them, the difference of the two, and both through one mastering chain. Each place that
//! can be listened to is a radio button where it lies on the way. Folded, the same buttons are a row.

use stemcheck_session::core::preview::{Bus, Chain};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Msg;
use super::icons::{Icon, Shape};
use crate::language::Text;
use crate::state::{Action, Aim};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub heard: Bus,
    /// What the rough master aims at.
    pub aim: Aim,
    /// By how many dB matching changes each bus.
    pub turned_db: [Option<f64>; Bus::COUNT],
    /// Of each stem, whether it can be heard.
    pub strands: Vec<bool>,
    /// Whether there is a reference to compare with.
    pub reference: bool,
    /// Whether nothing can be heard yet.
    pub off: bool,
    /// Whether the whole picture is shown.
    pub open: bool,
    pub send: Callback<Msg>,
}

/// The lines beside those of the stems: their names in the style sheet, and the bus that is heard
/// through them.
const WIRES: [(&str, Bus); 3] =
    [("upper", Bus::Master), ("lower", Bus::ReferenceMaster), ("minus", Bus::Difference)];

/// The picture, or the row.
#[component]
pub fn Flow(props: &Props) -> Html {
    let heard = props.heard;
    let wire = |(name, bus): (&'static str, Bus)| {
        let lit = (bus == heard).then_some("is-lit");
        html! { <span class={classes!("wire", name, lit)} aria-hidden="true"></span> }
    };
    html! {
        <div class={classes!("flow", props.open.then_some("is-open"))}>
            <div class="buses" role="radiogroup" aria-label={texts::LISTEN}>
                { strands(props) }
                { for WIRES.into_iter().map(wire) }
                { for (1..).zip(Bus::ALL).map(|(key, bus)| tap(props, key, bus)) }
            </div>
            if props.open {
                { chain(props) }
            }
        </div>
    }
}

/// Whether what is heard comes from the stems.
fn from_stems(heard: Bus) -> bool {
    matches!(heard, Bus::Stems | Bus::Difference | Bus::Master)
}

/// Whether what is heard has come past a place where it could be listened to.
fn passes(heard: Bus, place: Bus) -> bool {
    match place {
        Bus::Stems => from_stems(heard),
        Bus::Reference => heard.needs_reference(),
        other => other == heard,
    }
}

/// A place to listen to.
fn tap(props: &Props, key: usize, bus: Bus) -> Html {
    let heard = props.heard;
    let onchange = props.send.reform(move |_| Msg::Do(Action::BusChosen(bus)));
    let name = match bus {
        Bus::Stems => "stems",
        Bus::Reference => "reference",
        Bus::Difference => "difference",
        Bus::Master => "master",
        Bus::ReferenceMaster => "reference-master",
    };
    let silent = props.strands.iter().filter(|heard| !**heard).count();
    let all = props.strands.len();
    let part = (bus == Bus::Stems && silent > 0).then(|| texts::part_of(all - silent, all));
    let turned = props.turned_db[bus as usize].filter(|_| bus != Bus::Difference);
    let small: Vec<String> = part.into_iter().chain(turned.map(texts::gain)).collect();
    let passed = passes(heard, bus).then_some("is-passed");
    html! {
        <label class={classes!("bus", name, passed)}>
            <input type="radio" name="bus" aria-label={texts::bus(bus)} title={texts::way(bus, key)}
                checked={heard == bus} {onchange}
                disabled={props.off || (bus.needs_reference() && !props.reference)} />
            <span>
                <b><Icon shape={Shape::Ear} />{ texts::bus(bus) }</b>
                if !small.is_empty() {
                    <small>{ small.join(" · ") }</small>
                }
            </span>
        </label>
    }
}

/// Most stems that have a line of their own.
const MOST_STRANDS: usize = 16;

/// Height of the drawing of the strands, and where they meet.
const STRANDS_HIGH: f64 = 36.0;

/// A line for each stem, with its fader on it: all run into the sum. Those that are silent are broken.
fn strands(props: &Props) -> Html {
    let count = props.strands.len().min(MOST_STRANDS);
    let lit = from_stems(props.heard);
    let strand = |(at, heard): (usize, &bool)| {
        let y = STRANDS_HIGH * (at as f64 + 0.5) / count as f64;
        let class =
            classes!("strand", if *heard { lit.then_some("is-lit") } else { Some("is-silent") });
        let way = format!("M0 {y:.1}H14C28 {y:.1} 24 18 40 18");
        let fader = (STRANDS_HIGH / count as f64 / 3.0).min(2.4);
        html! {
            <g {class}>
                <path d={way} />
                <circle cx="9" cy={format!("{y:.1}")} r={format!("{fader:.1}")} />
            </g>
        }
    };
    html! {
        <svg class="strands" viewBox="0 0 40 36" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            { for props.strands.iter().take(count).enumerate().map(strand) }
        </svg>
    }
}

/// What both go through: its stages, and what it aims at.
fn chain(props: &Props) -> Html {
    let Aim { preset: chosen, lufs } = &props.aim;
    let onchain = props.send.reform(|event: Event| {
        let list: HtmlSelectElement = event.target_unchecked_into();
        Msg::Do(Action::ChainChosen(list.value()))
    });
    let preset = |name: &str| {
        html! { <option value={name.to_owned()} selected={name == chosen}>{ texts::chain(name) }</option> }
    };
    let aim = props.aim.clone();
    let ontarget = props.send.reform(move |event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        let asked = aim.clone().at(field.value_as_number()).lufs;
        // What was typed is shown as it was understood, also where nothing has changed by it.
        field.set_value(&texts::target(asked));
        Msg::Do(Action::TargetSet(asked))
    });
    let limiter_only = chosen == Chain::PRESETS[0];
    let (lowest, highest) = Chain::TARGETS_LUFS;
    let stage = |(words, off): (Text, bool)| {
        html! { <span class={off.then_some("is-off")}>{ words }</span> }
    };
    let stages = [
        (texts::CHAIN_EQ, limiter_only),
        (texts::METER_GLUE, limiter_only),
        (texts::METER_LIMITER, false),
    ];
    html! {
        <>
            <div class={classes!("chain", props.heard.chain().map(|_| "is-passed"))} aria-hidden="true">
                { for stages.into_iter().map(stage) }
            </div>
            <div class="aim">
            <select aria-label={texts::CHAIN} ~value={chosen.clone()} disabled={props.off} onchange={onchain}>
                { for Chain::PRESETS.into_iter().rev().map(preset) }
            </select>
            <label class="target" title={texts::TARGET_HINT}>
                <input type="number" step="any" inputmode="decimal" aria-label={texts::TARGET}
                    min={lowest.to_string()} max={highest.to_string()} ~value={texts::target(*lufs)}
                    disabled={props.off} onchange={ontarget} />
                <span aria-hidden="true">{ texts::LUFS }</span>
            </label>
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_from_the_files_to_what_is_heard() {
        let way = |heard| Bus::ALL.map(|place| passes(heard, place));
        assert_eq!(way(Bus::Stems), [true, false, false, false, false]);
        assert_eq!(way(Bus::Reference), [false, true, false, false, false]);
        assert_eq!(way(Bus::Difference), [true, true, true, false, false]);
        assert_eq!(way(Bus::Master), [true, false, false, true, false]);
        assert_eq!(way(Bus::ReferenceMaster), [false, true, false, false, true]);
    }
}
