//! The whole song's portraits as the files of a scene are now: the pass has drawn every file as it is, and
//! what was moved or treated since is drawn anew.

use std::rc::Rc;

use super::{Scene, Track};
use crate::null::meter::NullPart;
use crate::null::portrait::Portrait;
use crate::null::recipe::{Pair, Recipe};
use crate::null::signature::{Grid, Signature, SignatureMeter, to_mono};
use crate::null::treatment::{Treated, Treatment, block_frames};

/// A file's portrait as it is moved and treated.
#[derive(Clone)]
pub(super) struct Drawn {
    advance_frames: f64,
    treatments: Vec<Treatment>,
    signature: Signature,
}

/// Frames that are read at once to draw a file.
const DRAWN_FRAMES: usize = 1 << 16;
/// A file that is moved by less than this in frames looks as it did.
const SAME_PLACE: f64 = 0.02;

impl Scene<'_> {
    /// The whole song's portraits under all corrections.
    pub(in crate::null) fn portrait(&mut self, part: &NullPart) -> Rc<Portrait> {
        if let Some(portrait) = &self.portrait {
            return Rc::clone(portrait);
        }
        let portrait = Rc::new(self.portrait_under(part, &self.recipe()));
        self.portrait = Some(Rc::clone(&portrait));
        portrait
    }

    /// The same under a recipe that has other gains.
    pub(in crate::null) fn portrait_under(&mut self, part: &NullPart, recipe: &Recipe) -> Portrait {
        for file in 0..self.files() {
            self.draw(part, file);
        }
        let drawn: Vec<Option<&Signature>> =
            self.drawn.iter().map(|drawn| drawn.as_ref().map(|drawn| &drawn.signature)).collect();
        Portrait::with(part, recipe, &drawn)
    }

    /// Draws one file anew if it was moved or treated: what the pass has drawn can be moved by whole
    /// columns only without leaving a little of itself, and a little of a mix hides much.
    fn draw(&mut self, part: &NullPart, file: usize) {
        let advance_frames = self.corrections[file].advance_frames;
        let treatments = &self.treatments[file];
        if advance_frames == 0.0 && treatments.is_empty() {
            self.drawn[file] = None;
            return;
        }
        let still_is = |drawn: &Drawn| {
            (drawn.advance_frames - advance_frames).abs() < SAME_PLACE
                && drawn.treatments == *treatments
        };
        if self.drawn[file].as_ref().is_some_and(still_is) {
            return;
        }
        let end = (part.first_second * u64::from(part.sample_rate) + part.frames) as i64;
        let frames = block_frames(std::slice::from_ref(treatments), DRAWN_FRAMES);
        let stem = (file < self.reference()).then_some(file);
        let mut pair = Pair::default();
        let mut treated = Treated { windows: &mut *self.windows, treatments: &self.treatments };
        let mut at = 0;
        let signature = SignatureMeter::whole(&Grid::new(part.sample_rate), |mono| {
            let length = frames.min((end - at).max(0) as usize);
            self.reader.read(&mut treated, stem, at, length, advance_frames, &mut pair);
            let sides = pair.each_ref().map(|side| side.iter().map(|&x| x as f32).collect());
            let [left, right]: Track = sides;
            to_mono([&left, &right], mono);
            at += length as i64;
            length > 0
        });
        self.drawn[file] =
            Some(Drawn { advance_frames, treatments: treatments.clone(), signature });
    }
}
