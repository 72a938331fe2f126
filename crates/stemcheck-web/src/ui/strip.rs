//! A stem's own light processing, folded away until somebody wants it: three bands and a compressor.

use stemcheck_session::core::preview::Strip;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Msg;
use crate::language::Text;
use crate::state::Action;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Index of the file.
    pub index: usize,
    pub strip: Strip,
    pub send: Callback<Msg>,
}

/// What a slider does to the strip.
type Change = fn(&mut Strip, f64);

/// The strip.
#[component]
pub fn Tone(props: &Props) -> Html {
    let Props { index, strip, send } = props;
    let (index, strip) = (*index, *strip);
    let slider = |label: Text, [low, high]: [f64; 2], value: f64, words: String, change: Change| {
        let oninput = send.reform(move |event: InputEvent| {
            let slider: HtmlInputElement = event.target_unchecked_into();
            let mut strip = strip;
            change(&mut strip, slider.value_as_number());
            Msg::Do(Action::StripSet(index, strip))
        });
        html! {
            <label class="tone-band">
                <span>{ label }</span>
                <input type="range" min={low.to_string()} max={high.to_string()} step="0.5"
                    value={value.to_string()} aria-valuetext={words.clone()} {oninput} />
                <output>{ words }</output>
            </label>
        }
    };
    let eq = [-Strip::MOST_EQ_DB, Strip::MOST_EQ_DB];
    let band =
        |label: Text, db: f64, change: Change| slider(label, eq, db, texts::gain(db), change);
    let threshold_db = strip.threshold_db.unwrap_or(0.0);
    let words = strip.threshold_db.map_or_else(|| texts::TONE_OFF.to_string(), texts::dbfs);
    html! {
        <details class="tone">
            <summary>{ texts::TONE }
                if strip != Strip::default() { <span class="quiet">{ texts::TONE_ON }</span> }
            </summary>
            { band(texts::TONE_LOWS, strip.low_db, |strip, db| strip.low_db = db) }
            { band(texts::TONE_MIDS, strip.mid_db, |strip, db| strip.mid_db = db) }
            { band(texts::TONE_HIGHS, strip.high_db, |strip, db| strip.high_db = db) }
            { slider(texts::TONE_COMPRESSOR, [Strip::LOWEST_THRESHOLD_DB, 0.0], threshold_db, words,
                |strip, db| strip.threshold_db = (db < 0.0).then_some(db)) }
        </details>
    }
}
