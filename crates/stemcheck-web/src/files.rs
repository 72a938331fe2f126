//! Dropped files as `Read + Seek`, in a worker.
//!
//! A file is read in slices that stay on JavaScript's side of the fence: only the bytes asked for are
//! copied into WebAssembly's memory. Analysis reads straight through and keeps one slice a file; the
//! player keeps a few and has the next ones fetched while it renders. Does not look at what it reads.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use stemcheck_session::{Library, decode::Stream};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileReaderSync, MessageChannel, MessagePort};

/// A file as it was dropped, chosen or synthesised. Cheap to clone: a handle, no bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// Name without folders.
    pub name: String,
    /// Its bytes, wherever the browser keeps them.
    pub file: Blob,
}

impl Dropped {
    /// The file with its name, for others: what was synthesised has none of its own.
    pub fn whole(&self) -> JsValue {
        let named = |blob: &Blob| File::new_with_blob_sequence(&Array::of1(blob), &self.name);
        match self.file.dyn_ref::<File>() {
            Some(file) => file.into(),
            None => named(&self.file).map_or(JsValue::NULL, JsValue::from),
        }
    }
}

/// How a library reads.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Bytes of a slice.
    pub slice: u64,
    /// How many slices behind the one being read are fetched in advance.
    pub ahead: u64,
}

impl Reading {
    /// For reading straight through: fewer, larger slices. Measured in Chromium, a read costs about
    /// a millisecond however short it is.
    pub const THROUGH: Self = Self { slice: 1 << 20, ahead: 0 };
    /// For playing: four slices are 1.8 s of 96 kHz 24-bit stereo, and none takes long to come.
    pub const PLAYING: Self = Self { slice: 256 << 10, ahead: 4 };
}

thread_local! {
    static LAST_READ: Cell<Option<usize>> = const { Cell::new(None) };
    static ON_READ: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Calls this whenever something is read, in this worker.
pub fn on_read(call: fn()) {
    ON_READ.set(Some(call));
}

/// The file that this worker last read from, by index: the suspect if the worker dies.
pub fn last_read() -> Option<usize> {
    LAST_READ.get()
}

/// The song's files, in a worker. Clones share what was read.
#[derive(Debug, Clone)]
pub struct Blobs {
    files: Vec<Rc<Slices>>,
}

impl Blobs {
    /// A library of these, in order.
    pub fn new(files: impl IntoIterator<Item = Blob>, reading: Reading) -> Self {
        let slices = |(index, blob)| Rc::new(Slices::new(index, blob, reading));
        Self { files: files.into_iter().enumerate().map(slices).collect() }
    }

    /// Has what comes next fetched, of every file that is being read.
    pub fn fetch_ahead(&self) {
        for file in &self.files {
            file.fetch_ahead();
        }
    }
}

impl Library for Blobs {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        let slices = self.files.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(BlobStream { slices: Rc::clone(slices), position: 0 }))
    }
}

/// One file's slices, as far as they are held.
#[derive(Debug)]
struct Slices {
    index: usize,
    blob: Blob,
    length: u64,
    reading: Reading,
    /// Number and bytes, in the order in which they came.
    held: RefCell<VecDeque<(u64, Uint8Array)>>,
    is_fetching: Cell<bool>,
    current: Cell<Option<u64>>,
}

impl Slices {
    fn new(index: usize, blob: Blob, reading: Reading) -> Self {
        Self {
            index,
            length: blob.size() as u64,
            blob,
            reading,
            held: RefCell::default(),
            is_fetching: Cell::default(),
            current: Cell::default(),
        }
    }

    /// A slice, read now if it is not held.
    fn get(&self, number: u64) -> io::Result<Uint8Array> {
        self.current.set(Some(number));
        let held = self.held.borrow().iter().find(|(held, _)| *held == number).cloned();
        if let Some((_, bytes)) = held {
            return Ok(bytes);
        }
        let buffer = FileReaderSync::new()
            .and_then(|reader| reader.read_as_array_buffer(&self.cut(number)?))
            .map_err(|error| refusal(&error))?;
        let bytes = Uint8Array::new(&buffer);
        self.hold(number, bytes.clone());
        Ok(bytes)
    }

    fn cut(&self, number: u64) -> Result<Blob, JsValue> {
        let start = number * self.reading.slice;
        let end = (start + self.reading.slice).min(self.length);
        self.blob.slice_with_f64_and_f64(start as f64, end as f64)
    }

    fn hold(&self, number: u64, bytes: Uint8Array) {
        let mut held = self.held.borrow_mut();
        // The one being read, those ahead, and one more for whoever steps back a little.
        if held.len() as u64 > self.reading.ahead + 1
            && let Some((_, oldest)) = held.pop_front()
        {
            free(&oldest);
        }
        held.push_back((number, bytes));
    }

    /// Has the next slice that is missing fetched: one at a time, so that a seek does not have to
    /// wait behind what is no longer wanted.
    fn fetch_ahead(self: &Rc<Self>) {
        let Some(current) = self.current.get() else { return };
        let last = self.length.saturating_sub(1) / self.reading.slice;
        let wanted = current + 1..=(current + self.reading.ahead).min(last);
        let missing = |number: &u64| !self.held.borrow().iter().any(|(held, _)| held == number);
        let Some(number) = wanted.into_iter().find(missing) else { return };
        // A slice that cannot be had is read again, and the error told, when its turn has come.
        let Ok(blob) = self.cut(number) else { return };
        if self.is_fetching.replace(true) {
            return;
        }
        let slices = Rc::clone(self);
        spawn_local(async move {
            let buffer = JsFuture::from(blob.array_buffer()).await;
            slices.is_fetching.set(false);
            if let Ok(buffer) = buffer {
                slices.hold(number, Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()));
            }
        });
    }
}

impl Drop for Slices {
    fn drop(&mut self) {
        for (_, bytes) in self.held.take() {
            free(&bytes);
        }
    }
}

thread_local! {
    /// A port that leads nowhere: its other end is closed.
    static NOWHERE: Option<MessagePort> = MessageChannel::new().ok().map(|channel| {
        channel.port2().close();
        channel.port1()
    });
}

/// Gives the memory of a slice back at once, by handing it to nobody. The browser's own tidying comes
/// late: measured in Chromium, a worker that reads 780 MB in slices grows to 485 MB without this, and
/// to 817 MB with `ArrayBuffer.transfer(0)`, of which the browser's other half does not learn; with it
/// to 79 MB.
fn free(bytes: &Uint8Array) {
    let buffer = bytes.buffer();
    NOWHERE.with(|port| {
        if let Some(port) = port {
            // What cannot be handed on is left to the browser.
            let _ = port.post_message_with_transferable(&JsValue::NULL, &Array::of1(&buffer));
        }
    });
}

/// A position in a file.
struct BlobStream {
    slices: Rc<Slices>,
    position: u64,
}

impl Read for BlobStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let slices = &*self.slices;
        LAST_READ.set(Some(slices.index));
        if let Some(call) = ON_READ.get() {
            call();
        }
        if buffer.is_empty() || self.position >= slices.length {
            return Ok(0);
        }
        let bytes = slices.get(self.position / slices.reading.slice)?;
        let from = (self.position % slices.reading.slice) as u32;
        let count = buffer.len().min(bytes.length().saturating_sub(from) as usize);
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, CHANGED));
        }
        bytes.subarray(from, from + count as u32).copy_to(&mut buffer[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for BlobStream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.slices.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

const CHANGED: &str = "the file was changed, moved or removed since it was chosen; choose it again";

/// What the browser's refusal to read means to the user.
fn refusal(error: &JsValue) -> io::Error {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotReadableError" | "NotFoundError") => io::Error::other(CHANGED),
        Some("SecurityError") => io::Error::other("the browser does not allow to read this file"),
        name => io::Error::other(format!(
            "the browser could not read this file ({})",
            name.unwrap_or("no reason given")
        )),
    }
}
