//! A waveform on a canvas, with its findings marked. Redrawn at most once a frame, and only what is
//! visible; playhead and pointer lie above it as elements of their own. Heights come from
//! `state::bars`, colours from CSS.

use std::rc::Rc;

use stemcheck_session::core::measure::Waveform;
use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::units::db_from_amplitude;
use stemcheck_session::{By, Examination, Look, Seen, Subject};
use web_sys::Element;
use yew::prelude::*;

use super::axis::Axis;
use super::canvas::{Sheet, use_drawing};
use super::clock::set_text;
use super::gestures::{Handlers, Pointed, use_gestures};
use crate::engine::Engine;
use crate::look::Looker;
use crate::state::{
    Bar, Coarse, Columns, Level, Marks, Scale, Screen, TILE_COLUMNS, bars, coarser, peak,
};
use crate::texts;

/// Whose waveform it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A file, by index.
    File(usize),
    /// What is left of the subtraction.
    Residual,
}

impl Source {
    fn overview(self, examination: &Examination) -> Vec<&Waveform> {
        match self {
            Self::File(file) => examination.waveform(file),
            Self::Residual => examination.residual_waveform(),
        }
    }

    fn subject(self, examination: &Examination) -> Option<Subject> {
        match self {
            Self::File(file) => Some(Subject::File(file)),
            Self::Residual => Some(Subject::Residual(examination.plan().ok()?.clone())),
        }
    }

    fn scale(self) -> Scale {
        match self {
            Self::File(_) => Scale::Music,
            Self::Residual => Scale::Decibels,
        }
    }
}

/// What the waveforms are drawn from: one for the page's whole life.
#[derive(Clone)]
pub struct Waves {
    pub engine: Engine,
    pub looker: Looker,
}

impl PartialEq for Waves {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Properties, PartialEq, Clone)]
pub struct Props {
    pub waves: Waves,
    pub source: Source,
    pub label: AttrValue,
    /// Hz of the source.
    pub sample_rate: u32,
    /// What the canvas's width stands for.
    pub axis: Axis,
    /// Goes up when there is more to draw, or in other colours.
    pub version: u64,
    pub marks: Marks,
    /// Where the user clicked, in seconds.
    pub seek: Callback<f64>,
}

/// What is drawn.
#[derive(Clone)]
struct Given {
    props: Props,
    coarse: Rc<Coarse>,
}

/// Canvas, playhead and pointer of one lane.
#[component]
pub fn Wave(props: &Props) -> Html {
    let (canvas, wave, readout) = (use_node_ref(), use_node_ref(), use_node_ref());
    let coarse = use_memo((props.version, props.source), |_| {
        let examination = props.waves.engine.examination();
        examination.map_or_else(Coarse::default, |it| coarser(&props.source.overview(&it)))
    });
    let changes = (props.version, props.source, props.sample_rate, props.marks.clone());
    let given = Given { props: props.clone(), coarse };
    use_drawing(&canvas, &props.axis, &given, changes, draw);
    let point = {
        let (props, readout) = (props.clone(), readout.clone());
        Callback::from(move |pointed: Option<Pointed>| tell(&props, &readout, pointed))
    };
    use_gestures(&wave, &props.axis, Handlers { seek: props.seek.clone(), point });
    html! {
        <div class="wave" ref={wave}>
            <canvas ref={canvas} role="img" aria-label={&props.label} />
            <div class="hair"></div>
            <div class="playhead"></div>
            <p class="readout" aria-hidden="true" hidden=true ref={readout}></p>
        </div>
    }
}

/// Time, sample, level and finding under the pointer.
fn tell(props: &Props, readout: &NodeRef, pointed: Option<Pointed>) {
    let Some(element) = readout.cast::<Element>() else { return };
    let Some(pointed) = pointed.filter(|_| props.sample_rate > 0) else {
        // Setting and removing attributes of an element that is there cannot fail.
        let _ = element.set_attribute("hidden", "");
        return;
    };
    let sample = (pointed.at_s * f64::from(props.sample_rate)).round();
    let level_db = level_at(props, &pointed).map(|peak| db_from_amplitude(f64::from(peak)));
    let mark = props.marks.at(pointed.at_s, 3.0 * pointed.pixel_s);
    let title = mark.map(|mark| mark.title.as_str());
    set_text(readout, &texts::readout(pointed.at_s, pointed.pixel_s, sample, level_db, title));
    let _ = element.remove_attribute("hidden");
    let _ = element.class_list().toggle_with_force("is-flipped", pointed.share > 0.5);
}

/// The peak under the pointer: exact where the samples were read, else of the column there.
fn level_at(props: &Props, pointed: &Pointed) -> Option<f32> {
    let examination = props.waves.engine.examination()?;
    let half = (0.5 * pointed.pixel_s).max(0.5 / f64::from(props.sample_rate));
    let between = [pointed.at_s - half, pointed.at_s + half];
    // Of the level that is drawn: its pixels are as wide as this one.
    let view = props.axis.view();
    let width = (view.span_s / pointed.pixel_s).round().max(1.0) as usize;
    let tiles = Tiles::of(props, &examination, &Screen { view, width, ..screen(props, 1) });
    let fine = tiles.as_ref().and_then(|it| peak(it.columns(), props.sample_rate, between));
    let kept = || props.source.overview(&examination).into_iter().map(Columns::from);
    fine.or_else(|| peak(kept(), props.sample_rate, between))
}

/// The peak of what is left of the subtraction, between two times.
pub fn residual_peak(examination: &Examination, between: [f64; 2]) -> Option<f32> {
    let sample_rate = examination.plan().ok()?.sample_rate;
    peak(examination.residual_waveform().into_iter().map(Columns::from), sample_rate, between)
}

fn screen(props: &Props, width: usize) -> Screen {
    Screen { sample_rate: props.sample_rate, view: props.axis.view(), width }
}

/// What was read of the file itself for the visible stretch.
struct Tiles {
    step: u32,
    /// Number and content of each.
    there: Vec<(u64, Rc<Seen>)>,
    /// Whether none is missing.
    is_complete: bool,
}

impl Tiles {
    /// The tiles of a screen, as far as they are there; the others will be read. `None` where the
    /// overview serves.
    fn of(props: &Props, examination: &Examination, screen: &Screen) -> Option<Self> {
        let Level::Tiles(step) = screen.level() else { return None };
        let subject = props.source.subject(examination)?;
        let frames = u64::from(step) * u64::from(TILE_COLUMNS);
        let numbers = screen.tiles(step, TILE_COLUMNS);
        let wanted = numbers.end.saturating_sub(numbers.start);
        let tile = |number: u64| {
            let start = number * frames;
            let (subject, by) = (subject.clone(), By::Amplitude);
            let look = Look { subject, by, start, step, columns: TILE_COLUMNS };
            Some((number, props.waves.looker.tile(&look)?))
        };
        let there: Vec<_> = numbers.filter_map(tile).collect();
        Some(Self { step, is_complete: there.len() as u64 == wanted, there })
    }

    fn columns(&self) -> impl Iterator<Item = Columns<'_>> {
        self.there.iter().map(|(number, seen)| Columns {
            step: u64::from(self.step),
            first: number * u64::from(TILE_COLUMNS),
            min: &seen.min,
            max: &seen.max,
            power: &seen.power,
        })
    }
}

fn draw(sheet: &Sheet, given: &Given) {
    let props = &given.props;
    let Some(examination) = props.waves.engine.examination() else { return };
    let screen = screen(props, sheet.width as usize);
    let scale = props.source.scale();
    let kept = || props.source.overview(&examination).into_iter().map(Columns::from);
    let mut drawn = match screen.level() {
        Level::Coarse => bars(given.coarse.columns(), &screen, scale),
        Level::Kept | Level::Tiles(_) => bars(kept(), &screen, scale),
    };
    match Tiles::of(props, &examination, &screen) {
        Some(tiles) if tiles.step == 1 && tiles.is_complete && screen.frames_per_pixel() < 1.0 => {
            draw_samples(sheet, &tiles, &screen, scale);
        }
        Some(tiles) => {
            for (bar, fine) in drawn.iter_mut().zip(bars(tiles.columns(), &screen, scale)) {
                *bar = fine.or(*bar);
            }
            draw_bars(sheet, &drawn);
        }
        None => draw_bars(sheet, &drawn),
    }
    draw_marks(sheet, &props.marks, &screen);
}

/// Peaks as a veil, the RMS body solid; a line of one pixel where it is silent.
fn draw_bars(sheet: &Sheet, bars: &[Option<Bar>]) {
    let half = sheet.height / 2.0;
    let column = |x: usize, low: f32, high: f32| {
        let top = half - f64::from(high) * half;
        let bottom = half - f64::from(low) * half;
        sheet.context.fill_rect(x as f64, top.min(half - 0.5), 1.0, (bottom - top).max(1.0));
    };
    sheet.context.set_global_alpha(0.45);
    for (x, bar) in known(bars) {
        column(x, bar.low, bar.high);
    }
    sheet.context.set_global_alpha(1.0);
    for (x, bar) in known(bars) {
        column(x, -bar.body, bar.body);
    }
}

fn known(bars: &[Option<Bar>]) -> impl Iterator<Item = (usize, &Bar)> {
    bars.iter().enumerate().filter_map(|(x, bar)| Some((x, bar.as_ref()?)))
}

/// CSS pixels between samples from which each gets a dot.
const DOTS_PX: f64 = 8.0;

/// The samples themselves, joined by lines; the right channel under the left one, lighter.
fn draw_samples(sheet: &Sheet, tiles: &Tiles, screen: &Screen, scale: Scale) {
    let half = sheet.height / 2.0;
    let context = &sheet.context;
    let apart = 1.0 / screen.frames_per_pixel();
    context.set_line_width(1.5 * sheet.ratio);
    for (channel, alpha) in [(1, 0.45), (0, 1.0)] {
        context.set_global_alpha(alpha);
        context.begin_path();
        let mut points = Vec::new();
        for (number, seen) in &tiles.there {
            let first = number * u64::from(TILE_COLUMNS);
            for (i, sample) in seen.channels.get(channel).into_iter().flatten().enumerate() {
                let x = screen.x((first + i as u64) as f64);
                if x >= -apart && x <= sheet.width + apart {
                    let y = half - f64::from(scale.height(*sample)) * (half - sheet.ratio);
                    context.line_to(x, y);
                    points.push((x, y));
                }
            }
        }
        context.stroke();
        if apart >= DOTS_PX * sheet.ratio {
            let size = 4.0 * sheet.ratio;
            for (x, y) in points {
                context.fill_rect(x - size / 2.0, y - size / 2.0, size, size);
            }
        }
    }
    context.set_global_alpha(1.0);
}

/// Narrowest mark in CSS pixels.
const MARK_PX: f64 = 3.0;

/// Share of the visible stretch from which a place is told by a stripe, so that it does not hide the
/// waveform.
const LONG: f64 = 0.03;

/// An error reaches from top to bottom, a warning hangs from the top, a note stands at the bottom; a
/// long place is a stripe. So they differ in more than colour.
fn draw_marks(sheet: &Sheet, marks: &Marks, screen: &Screen) {
    let pixel = |at_s: f64| screen.view.share(at_s) * sheet.width;
    let height = sheet.height;
    for severity in [Severity::Info, Severity::Warning, Severity::Error] {
        sheet.ink(&format!("--{}", super::severity_name(severity)));
        for mark in marks.0.iter().filter(|mark| mark.severity == severity) {
            let (from, to) = (pixel(mark.start_s), pixel(mark.end_s));
            if to < 0.0 || from > sheet.width {
                continue;
            }
            let least = MARK_PX * sheet.ratio;
            let (from, to) = (from.max(-least), to.min(sheet.width + least));
            let width = (to - from).max(least);
            let from = if to - from < least { (from + to - least) / 2.0 } else { from };
            let long = width > LONG * sheet.width;
            let (alpha, tall) = match severity {
                _ if long => (1.0, 0.06),
                Severity::Error => (0.6, 1.0),
                Severity::Warning => (0.8, 0.3),
                Severity::Info => (0.9, 0.12),
            };
            let top = if severity == Severity::Info { 1.0 - tall } else { 0.0 };
            sheet.context.set_global_alpha(alpha);
            sheet.context.fill_rect(from, top * height, width, tall * height);
        }
    }
    sheet.context.set_global_alpha(1.0);
}
