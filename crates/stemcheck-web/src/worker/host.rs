//! The worker's end: serves requests until the page terminates it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Date, Uint8Array};
use stemcheck_session::{Runner, demo};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use super::message::{self, Opened, Reply, Request};
use crate::courier;
use crate::files::{self, Blobs, Reading};
use crate::player::printer::Printer;
use crate::player::studio::Studio;

/// Serves requests until the page terminates the worker.
pub fn serve() {
    std::panic::set_hook(Box::new(|panic| {
        let why = panic.to_string().replace('\n', " ");
        post(&Reply::Broken { why, file: files::last_read() }, &[]);
    }));
    files::on_read(sign_of_life);
    let mut host = Host::default();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Err(why) = message::open(&event.data()).and_then(|opened| host.take(opened)) {
            post(&Reply::Broken { why, file: None }, &[]);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Lives as long as the worker.
    on_message.forget();
    post(&Reply::Ready, &[]);
}

#[derive(Default)]
struct Host {
    runner: Option<Runner>,
    studio: Option<Rc<RefCell<Studio>>>,
    printer: Option<Printer>,
}

impl Host {
    fn take(&mut self, opened: Opened<Request>) -> Result<(), String> {
        let Opened { value, attached } = opened;
        match value {
            Request::Open => {
                let blobs = attached.into_iter().map(JsCast::unchecked_into::<Blob>);
                self.runner = Some(Runner::new(Box::new(Blobs::new(blobs, Reading::THROUGH))));
            }
            Request::Run(job) => {
                let runner = self.runner.as_mut().ok_or("a job before its files")?;
                post(&Reply::Done(Box::new(runner.run(&job))), &[]);
            }
            Request::Look(look) => {
                let runner = self.runner.as_mut().ok_or("a look before the files")?;
                post(&Reply::Looked(Box::new(runner.look(&look))), &[]);
            }
            Request::Demo(faults) => {
                let song = demo::files(&faults)?;
                let bytes: Vec<JsValue> = song
                    .iter()
                    .map(|file| Uint8Array::from(file.bytes.as_slice()).buffer().into())
                    .collect();
                post(&Reply::Demo(song.into_iter().map(|file| file.name).collect()), &bytes);
            }
            Request::Play(command) => {
                Studio::obey(&mut self.studio, command, attached, |note| {
                    post(&Reply::Played(note), &[]);
                })?;
            }
            Request::Print(task) => {
                Printer::obey(&mut self.printer, task, attached, &|note, handed| {
                    post(&Reply::Played(note), handed);
                })?;
            }
            Request::Pack(errand) => {
                let zip = courier::pack(errand, attached, &|share| {
                    post(&Reply::Packing(share), &[]);
                })?;
                // A file is a handle: it does not change hands.
                if let Ok(sealed) = message::seal(&Reply::Packed, &[zip], &[]) {
                    let _ = scope().post_message_with_transfer(&sealed.message, &sealed.transfer);
                }
            }
        }
        Ok(())
    }
}

/// Time between two signs of life, in milliseconds.
const SIGN_MS: f64 = 1_000.0;

thread_local! {
    static SIGNED_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// Tells the page that this worker lives. A message gets out in the middle of a job.
fn sign_of_life() {
    let now_ms = Date::now();
    if (now_ms - SIGNED_MS.get()).abs() >= SIGN_MS {
        SIGNED_MS.set(now_ms);
        post(&Reply::Alive, &[]);
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Answers; `handed` changes hands. Nobody is there to be told if that fails.
fn post(reply: &Reply, handed: &[JsValue]) {
    if let Ok(sealed) = message::seal(reply, &[], handed) {
        let _ = scope().post_message_with_transfer(&sealed.message, &sealed.transfer);
    }
}
