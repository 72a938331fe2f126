//! Moments that the meters have seen in a file by itself: a click, or a hole.
//!
//! Whatever else is wrong with the song, there the residual is read; the file is to blame only if the
//! residual has the same edges and the file runs on smoothly once that is taken out of it.

use super::super::defects::{Close, LEAST_ODDS};
use super::super::diagnose::Step;
use super::super::local::source;
use super::super::scene::Scene;
use super::super::{Mark, Setup};
use super::{Moment, PAD};

/// Most marks that are looked at of one file: what crackles all the time is meant to.
const MOST: usize = 12;
/// Frames that are read on either side.
const AROUND: usize = 2048;
/// Frames on either side of a mark's ends that count as its edges.
const EDGE: usize = 4;

/// Every mark that the residual shows as well and no step has told of, with its energy there and what is
/// usual around.
pub(super) fn moments(
    setup: &Setup,
    scene: &mut Scene,
    steps: &[Step],
    rate: f64,
) -> Vec<(Moment, f64, f64)> {
    let mut found = Vec::new();
    for file in 0..scene.files() {
        let mut marks: Vec<&Mark> = setup.marks.iter().filter(|mark| mark.file == file).collect();
        // What is on both channels is one.
        marks.sort_by_key(|mark| mark.start);
        marks.dedup_by(|next, mark| {
            next.is_hole == mark.is_hole && next.start - mark.start < EDGE as u64
        });
        if marks.len() > MOST {
            continue;
        }
        found.extend(marks.into_iter().filter_map(|mark| moment(scene, mark, steps, rate)));
    }
    found
}

fn moment(scene: &mut Scene, mark: &Mark, steps: &[Step], rate: f64) -> Option<(Moment, f64, f64)> {
    let (length, first) = (mark.frames.max(1) as usize, heard_at(scene, mark));
    let close = Close::read(scene, first - AROUND as i64, length + 2 * AROUND, rate);
    let code = if mark.is_hole { "dropout" } else { "click" };
    let marked = AROUND..AROUND + length;
    let edge = |at: usize| at - EDGE..at + EDGE;
    let (a, b) = (edge(marked.start), edge(marked.end));
    // What is lost may be so for another reason: a click on the mix while a stem is clipped.
    let lost = close.lost.iter().any(|lost| lost.start < marked.end && marked.start < lost.end);
    if lost && is_told(steps, code, mark.file, first as f64 / rate) {
        return None;
    }
    let moment = if mark.is_hole {
        let sides = close.sides(&marked);
        let odds = [&a, &b].map(|edge| close.odds(mark.file, edge, &sides));
        // One of the edges may lie in the middle of something loud.
        let mends = odds.iter().all(|odds| *odds > 0.0) && odds[0] + odds[1] > 2.0 * LEAST_ODDS;
        (mends && close.is_silent(mark.file, &marked, &sides))
            .then(|| (code, mark.file, close.frames(&marked, PAD)))
    } else {
        let sides = close.sides(&a);
        (close.is_impulse(&a, &sides) && close.clicked(&a, &sides) == Some(mark.file))
            .then(|| (code, mark.file, close.frames(&a, PAD)))
    }?;
    let (there, usual) = close.energies(&moment.2);
    Some((moment, there, usual))
}

/// Whether a step tells of such moments of the file around this one.
fn is_told(steps: &[Step], code: &str, file: usize, seconds: f64) -> bool {
    const NEAR_S: f64 = 0.01;
    steps.iter().flat_map(|step| &step.found).any(|found| {
        let around = |(from, to): (f64, f64)| (from - NEAR_S..to + NEAR_S).contains(&seconds);
        found.code == code && found.file == Some(file) && found.span.is_some_and(around)
    })
}

/// The frame of the song at which a mark is heard now that its file has been moved.
fn heard_at(scene: &Scene, mark: &Mark) -> i64 {
    const ROUNDS: usize = 8;
    let treatments = scene.treatments(mark.file);
    let mut frame = mark.start as f64;
    for _ in 0..ROUNDS {
        frame += mark.start as f64 - source(frame, treatments);
    }
    (frame - scene.correction(mark.file).advance_frames).round() as i64
}
