//! "How well do the stems add up to your mix?": the null test for who has never heard of it, with
//! the mix, what is left of it, and why.

use stemcheck_session::core::checks;
use stemcheck_session::core::song::Role;
use stemcheck_session::report::{CauseReport, NullReport};
use yew::prelude::*;

use super::blame::Blame;
use super::forensics::Forensics;
use super::icons::{Icon, Shape};
use super::lane::Scene;
use super::moments::Moments;
use super::recipe::Recipe;
use super::reference::which_mix;
use super::spectrum::Spectrogram;
use super::wave::{Source, Wave};
use super::{Msg, SUM_ID, Spot, Target};
use crate::language::Text;
use crate::state::{Song, marks};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: Scene,
    pub song: Song,
    /// The lane of the reference, if there is one.
    pub reference: Html,
    /// Hz of the difference.
    pub sample_rate: u32,
    /// Whether the check ended, so that the result is one.
    pub done: bool,
}

/// Result, lanes and causes of the null test.
#[component]
pub fn Null(props: &Props) -> Html {
    let null = props.song.told().map(|song| &song.null);
    let result = null.filter(|null| null.run && props.done);
    let refused = null.filter(|null| !null.run && props.done);
    let name = match (result, refused) {
        (Some(null), _) => null.verdict.map(verdict_name),
        (None, Some(_)) => Some("not-run"),
        (None, None) => None,
    };
    html! {
        <section class="null" id={SUM_ID} tabindex="-1" data-null={name} aria-labelledby="null-title">
            <h2 id="null-title">{ texts::NULL_TITLE }</h2>
            <p class="quiet intro">{ texts::NULL_INTRO }</p>
            if let Some(null) = result {
                { headline(null) }
                { causes(props, null) }
                <Recipe null={null.clone()} send={props.scene.send.clone()} />
            } else if let Some(null) = refused {
                <p class="refusal"><Icon shape={Shape::Circle} /><span>
                    { null.reason.clone().unwrap_or_else(|| texts::NULL_NOT_RUN.to_string()) }
                </span></p>
                if !props.song.files.iter().any(|file| file.role == Role::Reference) {
                    { which_mix(&props.song, "which-mix-sum", &props.scene.send) }
                }
            } else if props.scene.checking {
                <p class="quiet">{ texts::NULL_WAIT }</p>
            }
            { props.reference.clone() }
            if null.is_some_and(|null| null.run) || props.scene.checking {
                { residual(props, result) }
            }
            if let Some(null) = result {
                { details(props, null) }
            }
        </section>
    }
}

fn headline(null: &NullReport) -> Html {
    let sentence = null.verdict.map(texts::null_verdict);
    html! {
        <div class="headline">
            <p class="sentence">
                { sentence }
                if null.expected { { " " }{ texts::NULL_EXPECTED } }
            </p>
            <dl class="depths">
                <div><dt>{ texts::NULL_DEPTH }</dt><dd class="depth">{ texts::depth(null) }</dd></div>
                if let Some(after) = null.after_fix_depth_db {
                    <div><dt>{ texts::NULL_AFTER }</dt><dd>{ texts::decibels(after) }</dd></div>
                }
            </dl>
            { gauge(null) }
        </div>
    }
}

/// Deepest null that the gauge tells apart, in dB: about the floor of 24 bits.
const GAUGE_DB: f64 = 140.0;

/// From "as loud as the mix" to silence: where it is, and where the fix would bring it.
fn gauge(null: &NullReport) -> Html {
    let x = |db: f64| format!("{:.1}", (-db / GAUGE_DB).clamp(0.0, 1.0) * 1000.0);
    let now = x(null.depth_db.unwrap_or(-GAUGE_DB));
    let after = null.after_fix_depth_db.map(x);
    html! {
        <div class="gauge" aria-hidden="true">
            <svg viewBox="-12 0 1024 24" preserveAspectRatio="none">
                <rect class="gauge-rail" x="0" y="9" width="1000" height="6" rx="3" />
                <rect class="gauge-now" x="0" y="9" width={now.clone()} height="6" rx="3" />
                if let Some(after) = after {
                    <rect class="gauge-after" x={after} y="4" width="6" height="16" rx="3" />
                }
                <rect class="gauge-needle" x={now} y="2" width="8" height="20" rx="4" />
            </svg>
            <p class="quiet"><span>{ texts::GAUGE_LOUD }</span><span>{ texts::GAUGE_SILENT }</span></p>
        </div>
    }
}

fn residual(props: &Props, result: Option<&NullReport>) -> Html {
    let scene = &props.scene;
    let worst = result.and_then(|null| null.worst.as_ref()).map(|worst| worst.start_s);
    let hear = scene.send.reform(move |_| Msg::HearDifference(worst));
    let marks = marks(&props.song, None);
    let peak = result.and_then(|null| null.residual_peak_dbfs);
    html! {
        <div class="lane is-residual">
            <div class="lane-head">
                <h3>{ texts::RESIDUAL }</h3>
                <p class="quiet">{ texts::RESIDUAL_HINT }</p>
            </div>
            <Wave waves={scene.waves.clone()} source={Source::Residual}
                label={texts::waveform(&texts::RESIDUAL.to_string(), peak, &marks)} axis={scene.axis.clone()}
                version={scene.version} sample_rate={props.sample_rate} marks={marks} seek={scene.send.reform(Msg::Seek)} />
            <div class="lane-controls">
                if result.is_some() {
                    <button type="button" class="button small" onclick={hear}>
                        <Icon shape={Shape::Ear} />{ texts::HEAR_DIFFERENCE }
                    </button>
                }
            </div>
        </div>
    }
}

/// When, where and from whom it comes.
fn details(props: &Props, null: &NullReport) -> Html {
    let scene = &props.scene;
    html! {
        <>
            if let Some(blame) = &null.blame {
                <Spectrogram scene={scene.clone()} />
                <Blame scene={scene.clone()} blame={blame.clone()} />
            }
            <Moments moments={null.moments.clone()} send={scene.send.clone()} />
            if let Some(forensics) = &null.forensics {
                <Forensics forensics={forensics.clone()} />
            }
        </>
    }
}

/// Mistakes first; what is normal stands apart.
fn causes(props: &Props, null: &NullReport) -> Html {
    let (expected, mistakes): (Vec<_>, Vec<_>) =
        null.causes.iter().partition(|cause| cause.expected);
    let list = |title: Text, causes: Vec<&CauseReport>| {
        if causes.is_empty() {
            return Html::default();
        }
        html! {
            <>
                <h3 class="causes-title">{ title }</h3>
                <ol class="causes">{ for causes.into_iter().map(|cause| card(props, cause)) }</ol>
            </>
        }
    };
    html! {
        <>
            { list(texts::NULL_CAUSES, mistakes) }
            { list(texts::NULL_NORMAL, expected) }
        </>
    }
}

fn card(props: &Props, cause: &CauseReport) -> Html {
    let file = cause.file.as_deref().and_then(|name| props.song.index_of(name));
    let spot = Spot {
        target: file.map_or(Target::Sum, Target::File),
        at: Some([cause.start_s, cause.end_s]),
    };
    let show = props.scene.send.reform(move |_| Msg::Show(spot));
    let amount = texts::amount(cause.value, cause.unit.as_deref());
    // Of what is normal, what the engineer will think matters more than what to do.
    let thought = checks::doc(&cause.code).filter(|_| cause.expected).map(|doc| doc.why);
    html! {
        <li class={classes!("cause", cause.expected.then_some("expected"))} data-cause={cause.code.clone()}>
            <p class="message">{ &cause.message }</p>
            <p class="cause-facts">
                if let Some(amount) = amount { <b>{ amount }</b> }
                <span>{ texts::explains(cause) }</span>
                <span>{ texts::confidence(cause.confidence) }</span>
                if cause.expected { <span class="tag is-warning">{ texts::EXPECTED }</span> }
            </p>
            <button type="button" class="link" onclick={show}>{ texts::SHOW }</button>
            if let Some(thought) = thought { <p class="thought">{ thought }</p> }
        </li>
    }
}

/// The verdict as the report spells it.
fn verdict_name(verdict: stemcheck_session::report::NullVerdict) -> &'static str {
    use stemcheck_session::report::NullVerdict as V;
    match verdict {
        V::Identical => "identical",
        V::WithinBitDepth => "within-bit-depth",
        V::Inaudible => "inaudible",
        V::Minor => "minor",
        V::Audible => "audible",
        V::Fails => "fails",
    }
}
