//! The page's end of the printer: a worker that is started when it is first needed, and started anew
//! when what it works on is out of date.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Promise};
use stemcheck_session::core::preview::{Bus, Mix};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag};

use super::message::{Bits, Note, Task};
use super::{PlayerEvent, Shared};
use crate::texts;
use crate::worker::client::Connection;
use crate::worker::message::{Opened, Reply, Request};

/// A fader that moves asks many times a second; so long nothing is begun, in milliseconds. On two cores
/// the work takes from the playing what the next move of the fader needs.
const PATIENCE_MS: i32 = 1000;

/// The printer and what it was asked for.
pub(super) struct Press {
    blobs: Vec<JsValue>,
    open: Task,
    worker: RefCell<Option<Connection>>,
    /// What it will be told as soon as it is up.
    waiting: RefCell<Vec<Task>>,
    is_up: Cell<bool>,
    /// What is to be worked out, once the user has settled.
    wanted: RefCell<Option<Task>>,
    asked: Cell<u32>,
    /// The bus that is being exported.
    exporting: Cell<Option<Bus>>,
    pieces: RefCell<Vec<Blob>>,
}

impl Press {
    pub(super) fn new(blobs: &[JsValue], open: Task) -> Self {
        Self {
            blobs: blobs.to_vec(),
            open,
            worker: RefCell::new(None),
            waiting: RefCell::default(),
            is_up: Cell::new(false),
            wanted: RefCell::default(),
            asked: Cell::new(0),
            exporting: Cell::new(None),
            pieces: RefCell::default(),
        }
    }

    /// Tells the worker what waits for it.
    fn flush(&self) {
        let worker = self.worker.borrow();
        let Some(worker) = worker.as_ref().filter(|_| self.is_up.get()) else { return };
        for task in self.waiting.take() {
            let blobs = if matches!(task, Task::Open { .. }) { &self.blobs[..] } else { &[] };
            // A worker that is gone has said so already.
            let _ = worker.send(&Request::Print(task), blobs, &[]);
        }
    }
}

/// Works it out as soon as nothing else was asked for a while.
pub(super) fn calibrate(shared: &Rc<Shared>, mix: Mix, fixed: bool) {
    let press = &shared.press;
    press.wanted.replace(Some(Task::Calibrate { mix, fixed }));
    let asked = press.asked.get().wrapping_add(1);
    press.asked.set(asked);
    let weak = Rc::downgrade(shared);
    spawn_local(async move {
        sleep(PATIENCE_MS).await;
        if let Some(shared) = weak.upgrade().filter(|shared| shared.press.asked.get() == asked) {
            begin(&shared);
        }
    });
}

/// Writes a file by the last calibration that was asked for.
pub(super) fn export(shared: &Rc<Shared>, bus: Bus, bits: Bits, matched: bool) {
    begin(shared);
    shared.press.exporting.set(Some(bus));
    shared.press.pieces.take();
    shared.press.waiting.borrow_mut().push(Task::Export { bus, bits, matched });
    shared.press.flush();
}

/// Begins what is wanted; whatever was being worked out is out of date, but a file is finished first.
fn begin(shared: &Rc<Shared>) {
    let press = &shared.press;
    let Some(task) = press.wanted.take() else { return };
    if press.exporting.get().is_some() && press.worker.borrow().is_some() {
        press.waiting.borrow_mut().push(task);
        return press.flush();
    }
    press.worker.take();
    press.is_up.set(false);
    press.waiting.replace(vec![press.open.clone(), task]);
    let weak = Rc::downgrade(shared);
    match Connection::start(move |reply| heard(&weak, reply)) {
        Ok(worker) => drop(press.worker.replace(Some(worker))),
        Err(why) => broken(shared, &why),
    }
}

fn heard(weak: &Weak<Shared>, reply: Result<Opened<Reply>, String>) {
    let Some(shared) = weak.upgrade() else { return };
    let press = &shared.press;
    match reply {
        Ok(Opened { value: Reply::Ready, .. }) => {
            press.is_up.set(true);
            press.flush();
        }
        Ok(Opened { value: Reply::Played(note), attached }) => match note {
            // What is out of date already.
            Note::Calibrated { .. } if press.wanted.borrow().is_some() => {}
            Note::Calibrated { calibration, whole } => {
                shared.tell(PlayerEvent::Calibrated { calibration, whole });
            }
            Note::Written(share) => {
                press.pieces.borrow_mut().extend(attached.first().and_then(blob));
                shared.tell(PlayerEvent::Exporting(share));
            }
            Note::Exported => {
                let Some(bus) = press.exporting.take() else { return };
                let pieces = press.pieces.take();
                let first = attached.first().and_then(blob);
                let parts: Array = first.iter().chain(&pieces).map(JsValue::from).collect();
                match wav(&parts) {
                    Some(file) => shared.tell(PlayerEvent::Exported(file, bus)),
                    None => shared.tell(PlayerEvent::NotExported(texts::NO_MEMORY.to_string())),
                }
            }
            Note::Open { .. } => {}
        },
        Ok(Opened { value: Reply::Broken { why, .. }, .. }) | Err(why) => broken(&shared, &why),
        Ok(_) => {}
    }
}

/// What is played stays as it is; the next question finds a new worker.
fn broken(shared: &Rc<Shared>, why: &str) {
    let press = &shared.press;
    press.worker.take();
    press.is_up.set(false);
    if press.exporting.take().is_some() {
        shared.tell(PlayerEvent::NotExported(why.to_owned()));
    }
}

/// A piece as the browser keeps it: on disk, if there are many.
fn blob(bytes: &JsValue) -> Option<Blob> {
    Blob::new_with_buffer_source_sequence(&Array::of1(bytes)).ok()
}

fn wav(parts: &Array) -> Option<Blob> {
    let kind = BlobPropertyBag::new();
    kind.set_type("audio/wav");
    Blob::new_with_blob_sequence_and_options(parts, &kind).ok()
}

/// Waits for so many milliseconds.
pub(super) async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    let _ = JsFuture::from(promise).await;
}
