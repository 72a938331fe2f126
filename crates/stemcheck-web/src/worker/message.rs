//! What crosses between the page and a worker: a value as bytes, and what only the browser can carry
//! (files, ports, buffers) attached to it.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use stemcheck_session::job::{self, Job, JobResult};
use stemcheck_session::{Look, Seen};
use wasm_bindgen::{JsCast, JsValue};

use crate::courier::Errand;
use crate::player::message::{Command, Note, Task};

/// What the page asks of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Take these files for the jobs to come. Attached: the files, in order.
    Open,
    /// Do a job.
    Run(Job),
    /// Read a stretch for a deep zoom.
    Look(Look),
    /// Synthesise the demo song with these faults.
    Demo(Vec<String>),
    /// Be the player's renderer.
    Play(Command),
    /// Be the player's printer.
    Print(Task),
    /// Make a download. Attached: the files, song by song.
    Pack(Errand),
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// It is up; requests sent before would be lost.
    Ready,
    /// It is at work, and reading.
    Alive,
    /// What came of a job.
    Done(Box<JobResult>),
    /// What is to be seen in a stretch.
    Looked(Box<Seen>),
    /// The demo song's file names. Attached: the bytes of each.
    Demo(Vec<String>),
    /// From the player's renderer or printer. Attached: what the note says.
    Played(Note),
    /// So much of a download is made, 0 to 1.
    Packing(f64),
    /// A download is made. Attached: the file.
    Packed,
    /// It is about to die of a bug.
    Broken {
        /// What went wrong, for the bug report.
        why: String,
        /// The file that was last read, by index.
        file: Option<usize>,
    },
}

/// A value and what came with it.
#[derive(Debug)]
pub struct Opened<T> {
    /// The value.
    pub value: T,
    /// Files, ports, buffers.
    pub attached: Vec<JsValue>,
}

/// Something to post: the message, and which of its objects change hands instead of being copied.
#[derive(Debug)]
pub struct Sealed {
    /// For `postMessage`.
    pub message: Array,
    /// Its transfer list.
    pub transfer: Array,
}

/// Packs a value; `handed` changes hands and comes first, `attached` is copied along (a `File` is a
/// handle).
///
/// # Errors
/// Only if memory runs out.
pub fn seal<T: Serialize>(
    value: &T,
    attached: &[JsValue],
    handed: &[JsValue],
) -> Result<Sealed, String> {
    let bytes = job::to_bytes(value).map_err(|error| error.to_string())?;
    let bytes = Uint8Array::from(bytes.as_slice());
    let transfer = Array::of1(&bytes.buffer());
    let message = Array::of1(&bytes);
    for object in handed {
        message.push(object);
        transfer.push(object);
    }
    for object in attached {
        message.push(object);
    }
    Ok(Sealed { message, transfer })
}

/// Unpacks what [`seal`] packed.
///
/// # Errors
/// If it is not of that kind: page and worker are of two versions.
pub fn open<T: for<'de> Deserialize<'de>>(message: &JsValue) -> Result<Opened<T>, String> {
    let mut parts = message.dyn_ref::<Array>().ok_or("not a message")?.iter();
    let bytes = parts.next().and_then(|first| first.dyn_into::<Uint8Array>().ok());
    let bytes = bytes.ok_or("a message without bytes")?.to_vec();
    let value = job::from_bytes(&bytes).map_err(|error| error.to_string())?;
    Ok(Opened { value, attached: parts.collect() })
}
