//! What makes the stems add up, file by file, in plain words.

use stemcheck_session::report::{NullReport, words};
use yew::prelude::*;

use super::Msg;
use super::icons::{Icon, Shape};
use super::panel::Panel;
use crate::language::spoken;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub null: NullReport,
    pub send: Callback<Msg>,
}

/// The recipe, and a way to hear what it does.
#[component]
pub fn Recipe(props: &Props) -> Html {
    let null = &props.null;
    if null.recipe.is_empty() {
        return Html::default();
    }
    let at = null.moments.first().map(|moment| moment.start_s);
    let hear = props.send.reform(move |_| Msg::HearFixed(at));
    let aside = html! {
        <button type="button" class="button small" onclick={hear}>
            <Icon shape={Shape::Ear} />{ texts::HEAR_FIXED }
        </button>
    };
    html! {
        <Panel id="recipe" title={texts::RECIPE_TITLE} hint={texts::RECIPE_HINT} {aside}>
            <table class="recipe">
                <thead class="unseen"><tr><th scope="col">{ texts::FILE }</th><th scope="col">{ texts::CHANGE }</th></tr></thead>
                <tbody>
                    { for null.recipe.iter().map(|fix| html! {
                        <tr><th scope="row">{ &fix.file }</th><td>{ words::recipe(fix, &spoken()) }</td></tr>
                    }) }
                </tbody>
            </table>
        </Panel>
    }
}
