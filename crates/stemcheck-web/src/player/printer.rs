//! What takes long and must not disturb the playing: measuring the whole song for the loudness target
//! and the matching, and writing the preview to a file. In a worker of its own; dropping that worker
//! is how it is interrupted.

use std::cell::Cell;

use js_sys::Uint8Array;
use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::Bus;
use stemcheck_session::decode::write::{Depth, WriteError};
use stemcheck_session::preview::{Calibration, Preview};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::chunks::Chunks;
use super::message::{Bits, Note, Task};
use crate::files::{Blobs, Reading};

/// Frames that are rendered at a time; what comes out does not depend on it.
const BLOCK_FRAMES: usize = 4096;

/// An open song.
pub struct Printer {
    preview: Preview,
    recipe: Option<Recipe>,
    calibration: Option<Calibration>,
}

impl Printer {
    /// Does a task; the first one opens the song.
    ///
    /// # Errors
    /// In words, if it cannot be done.
    pub fn obey(
        place: &mut Option<Self>,
        task: Task,
        attached: Vec<JsValue>,
        tell: &dyn Fn(Note, &[JsValue]),
    ) -> Result<(), String> {
        match (task, place) {
            (Task::Open { plan, recipe }, place) => {
                let blobs = attached.into_iter().map(JsCast::unchecked_into::<Blob>);
                let files = Blobs::new(blobs, Reading::THROUGH);
                *place = Some(Self {
                    preview: Preview::new(&files, &plan, BLOCK_FRAMES),
                    recipe,
                    calibration: None,
                });
            }
            (Task::Calibrate { mix, fixed }, Some(printer)) => {
                printer.preview.fix(printer.recipe.as_ref().filter(|_| fixed));
                printer.preview.seek(0);
                let first = printer.preview.calibration(&mix);
                tell(Note::Calibrated { calibration: Box::new(first.clone()), whole: false }, &[]);
                let found = printer.preview.whole_calibration(&first);
                tell(Note::Calibrated { calibration: Box::new(found.clone()), whole: true }, &[]);
                printer.calibration = Some(found);
            }
            (Task::Export { bus, bits, matched }, Some(printer)) => {
                let first = printer.export(bus, bits, matched, tell).map_err(|e| e.to_string())?;
                tell(Note::Exported, &[bytes(&first)]);
            }
            (_, None) => return Err("nothing is open".into()),
        }
        Ok(())
    }

    fn export(
        &mut self,
        bus: Bus,
        bits: Bits,
        matched: bool,
        tell: &dyn Fn(Note, &[JsValue]),
    ) -> Result<Vec<u8>, WriteError> {
        let found = self.calibration.as_ref().map(|found| &found.mix);
        let mut mix = found.ok_or(WriteError::Refused("not calibrated".into()))?.clone();
        if !matched {
            mix.match_db = [0.0; Bus::COUNT];
        }
        self.preview.set(&mix);
        let frames = self.preview.frames();
        let depth = match bits {
            Bits::Int16 => Depth::Int16,
            Bits::Int24 => Depth::Int24,
            Bits::Float32 => Depth::Float32,
        };
        let done = Cell::new(0u64);
        let mut chunks = Chunks::new(|piece: &[u8]| {
            let share = done.get() as f64 / frames.max(1) as f64;
            tell(Note::Written(share), &[bytes(piece)]);
        });
        let count = |written: usize| done.set(done.get() + written as u64);
        self.preview.write(&mut chunks, bus, 0..frames, depth, count)?;
        Ok(chunks.finish())
    }
}

fn bytes(piece: &[u8]) -> JsValue {
    Uint8Array::from(piece).buffer().into()
}
