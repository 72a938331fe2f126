//! Which file the difference follows, and when: a row of shades for each file that is to blame.

use std::rc::Rc;

use stemcheck_session::report::BlameReport;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Msg;
use super::lane::Scene;
use super::map::{Levels, Map};
use super::panel::Panel;
use crate::state::SHADES_DB;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: Scene,
    pub blame: BlameReport,
}

/// Rows of files over time, for all bands or one.
#[component]
pub fn Blame(props: &Props) -> Html {
    let band = use_state(|| None::<usize>);
    let blame = &props.blame;
    let chosen = (*band).filter(|band| *band < blame.bands_hz.len());
    let onband = {
        let band = band.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            band.set(select.value().parse().ok());
        })
    };
    let row = |file: usize| match chosen {
        Some(band) => blame.band_levels_db.get(file).and_then(|bands| bands.get(band)),
        None => blame.levels_db.get(file),
    };
    let rows: Vec<(usize, &Vec<Option<f64>>)> =
        (0..blame.files.len()).filter_map(|file| Some((file, row(file)?))).collect();
    let top_db = rows.iter().filter_map(|(_, row)| loudest(row)).map(|(_, db)| db).reduce(f64::max);
    let Some(top_db) = top_db else { return Html::default() };
    let is_heard =
        |row: &[Option<f64>]| loudest(row).is_some_and(|(_, db)| db > top_db - SHADES_DB);
    let (heard, quiet): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| is_heard(row));
    let name = |file: usize| blame.files.get(file).cloned().unwrap_or_default();
    let quiet: Vec<String> = quiet.into_iter().map(|(file, _)| name(file)).collect();
    let strip = |(file, row): (usize, &Vec<Option<f64>>)| {
        let (at, db) = loudest(row).unwrap_or_default();
        let at_s = at as f64 * blame.step_s;
        let rows = vec![row.clone()];
        let levels = Rc::new(Levels { rows, step_s: blame.step_s, top_db });
        let is_mix = file + 1 == blame.files.len();
        html! {
            <li class="heat-row" key={file}>
                <p class="heat-name">
                    <b>{ name(file) }</b>
                    if is_mix { <span class="quiet">{ texts::BLAME_MIX }</span> }
                </p>
                <Map {levels} label={texts::blame_row(&name(file), db, at_s)} version={props.scene.version}
                    axis={props.scene.axis.clone()} seek={props.scene.send.reform(Msg::Seek)} />
                <p class="heat-level quiet">{ texts::dbfs(db) }</p>
            </li>
        }
    };
    let aside = html! {
        <label class="band">{ texts::BAND }
            <select onchange={onband}>
                <option value="" selected={chosen.is_none()}>{ texts::BAND_ALL }</option>
                { for blame.bands_hz.iter().enumerate().map(|(band, edges)| html! {
                    <option value={band.to_string()} selected={chosen == Some(band)}>
                        { texts::band(*edges) }
                    </option>
                }) }
            </select>
        </label>
    };
    html! {
        <Panel id="heat" title={texts::BLAME_TITLE} hint={texts::BLAME_HINT} class="heat" {aside}>
            <ul class="heat-rows">{ for heard.into_iter().map(strip) }</ul>
            if !quiet.is_empty() {
                <p class="quiet heat-quiet">{ texts::blameless(&quiet) }</p>
            }
        </Panel>
    }
}

/// The loudest step and its level.
fn loudest(row: &[Option<f64>]) -> Option<(usize, f64)> {
    let levels = row.iter().enumerate().filter_map(|(step, level)| Some((step, (*level)?)));
    levels.max_by(|a, b| a.1.total_cmp(&b.1))
}
