//! The difference by frequency: the examination's overview, and where a few seconds fill the lane, what
//! is read of the samples for it, as sharp as the screen. What is not read yet, or no longer wanted,
//! stays as the overview has it.

use std::rc::Rc;

use stemcheck_session::core::spectrum::close_up::{CloseUp, level_db};
use stemcheck_session::core::units::db_from_power;
use stemcheck_session::{By, Look, Subject};
use wasm_bindgen::Clamped;
use web_sys::ImageData;
use yew::prelude::*;

use super::Msg;
use super::canvas::Sheet;
use super::lane::Scene;
use super::map::{Levels, draw_levels, use_map};
use crate::state::{SPECTRUM_COLUMNS, Screen, shade};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub scene: Scene,
}

/// The difference by frequency, as far down as anything is heard of it.
#[component]
pub fn Spectrogram(props: &Props) -> Html {
    let scene = &props.scene;
    let drawn = use_memo(scene.version, |_| overview(scene));
    let Some((overview, range)) = &*drawn else { return Html::default() };
    html! {
        <div class="lane is-residual is-spectrum">
            <div class="lane-head">
                <h3>{ texts::SPECTRUM }</h3>
                <p class="quiet">{ texts::SPECTRUM_HINT }</p>
            </div>
            <Picture scene={scene.clone()} overview={overview.clone()}
                edges_hz={edges(*range, overview.rows.len())} label={texts::spectrum_label(*range)} />
            <p class="lane-controls quiet">{ texts::band(*range) }</p>
        </div>
    }
}

#[derive(Properties, PartialEq, Clone)]
struct PictureProps {
    scene: Scene,
    overview: Rc<Levels>,
    /// Of the lowest row's lower edge and the highest row's upper one.
    edges_hz: [f64; 2],
    label: AttrValue,
}

/// The overview, sharp where it was read.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let PictureProps { scene, overview, label, .. } = props;
    let seek = scene.send.reform(Msg::Seek);
    use_map(&scene.axis, &seek, label, props, (overview.clone(), scene.version), draw)
}

/// What the examination keeps, treble first, and the middles of its lowest and highest band in Hz.
fn overview(scene: &Scene) -> Option<(Rc<Levels>, [f64; 2])> {
    let examination = scene.waves.engine.examination()?;
    let seen = examination.residual_spectrogram()?;
    let bands = seen.bands_hz.len().max(1);
    let level = |power: &f32| (*power > 0.0).then(|| db_from_power(f64::from(*power)));
    let row = |band: usize| seen.power.iter().skip(band).step_by(bands).map(level).collect();
    let rows: Vec<Vec<Option<f64>>> = (0..bands).rev().map(row).collect();
    let top_db = rows.iter().flatten().flatten().copied().reduce(f64::max)?;
    let middles = [*seen.bands_hz.first()?, *seen.bands_hz.last()?];
    Some((Rc::new(Levels { rows, step_s: seen.step_s, top_db }), middles))
}

/// Half a band lower and higher than the middles of the outermost of so many.
fn edges([lowest, highest]: [f64; 2], bands: usize) -> [f64; 2] {
    let steps = bands.saturating_sub(1).max(1) as f64;
    let half = (highest / lowest).max(1.0).powf(0.5 / steps);
    [lowest / half, highest * half]
}

fn draw(sheet: &Sheet, props: &PictureProps) {
    let PictureProps { scene, overview, edges_hz, .. } = props;
    let view = scene.axis.view();
    draw_levels(sheet, overview, &view);
    let Some(examination) = scene.waves.engine.examination() else { return };
    let Ok(plan) = examination.plan() else { return };
    let screen = Screen { sample_rate: plan.sample_rate, view, width: sheet.width as usize };
    let Some(step) = screen.spectrum_step() else { return };
    let brush = Brush::new(sheet, overview.top_db);
    let frames = u64::from(step) * u64::from(SPECTRUM_COLUMNS);
    for tile in screen.tiles(step, SPECTRUM_COLUMNS) {
        let look = Look {
            subject: Subject::Residual(plan.clone()),
            by: By::Frequency(*edges_hz),
            start: tile * frames,
            step,
            columns: SPECTRUM_COLUMNS,
        };
        if let Some(seen) = scene.waves.looker.tile(&look) {
            brush.paint(sheet, &screen, &look, &seen.levels);
        }
    }
}

/// Colour by level, and the row under each pixel from top to bottom.
struct Brush {
    colours: Vec<[u8; 4]>,
    rows: Vec<usize>,
}

impl Brush {
    fn new(sheet: &Sheet, top_db: f64) -> Self {
        let [red, green, blue] = sheet.colour();
        let alpha = |level: u8| (shade(level_db(level), top_db) * 255.0).round() as u8;
        let height = sheet.height as usize;
        let row = |y: usize| CloseUp::ROWS - 1 - y * CloseUp::ROWS / height.max(1);
        Self {
            colours: (0..=u8::MAX).map(|level| [red, green, blue, alpha(level)]).collect(),
            rows: (0..height).map(row).collect(),
        }
    }

    /// Puts a tile in the place of what was there.
    fn paint(&self, sheet: &Sheet, screen: &Screen, look: &Look, levels: &[u8]) {
        let columns = levels.len() / CloseUp::ROWS;
        let step = f64::from(look.step);
        let edge = |column: usize| screen.x(look.start as f64 + column as f64 * step);
        let pixel = |x: f64| x.round().clamp(0.0, sheet.width) as usize;
        let (from, to) = (pixel(edge(0)), pixel(edge(columns)));
        let width = to.saturating_sub(from);
        if width == 0 || self.rows.is_empty() {
            return;
        }
        let per_pixel = screen.frames_per_pixel() / step;
        let before = -edge(0) * per_pixel;
        let column = |x: usize| {
            let at = before + ((from + x) as f64 + 0.5) * per_pixel;
            (at.max(0.0) as usize).min(columns.saturating_sub(1))
        };
        let columns: Vec<&[u8]> = (0..width)
            .map(|x| levels.chunks(CloseUp::ROWS).nth(column(x)).unwrap_or_default())
            .collect();
        let mut pixels = Vec::with_capacity(width * self.rows.len() * 4);
        for row in &self.rows {
            for column in &columns {
                let level = column.get(*row).copied().unwrap_or_default();
                pixels.extend(self.colours.get(usize::from(level)).copied().unwrap_or_default());
            }
        }
        let (wide, tall) = (width as u32, self.rows.len() as u32);
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), wide, tall);
        if let Ok(image) = image {
            // A picture that was just made can be put anywhere.
            let _ = sheet.context.put_image_data(&image, from as f64, 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_rows_reach_half_a_band_further() {
        let [low, high] = edges([100.0, 800.0], 4);
        assert!(
            (low - 100.0 / 2f64.sqrt()).abs() < 1e-9 && (high - 800.0 * 2f64.sqrt()).abs() < 1e-9
        );
        assert_eq!(edges([100.0, 100.0], 1), [100.0, 100.0]);
    }
}
