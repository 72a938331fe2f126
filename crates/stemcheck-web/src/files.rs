//! Dropped files as `Read + Seek`, in a worker.
//!
//! A file is read in slices that stay on JavaScript's side of the fence: only the bytes asked for are
//! copied into WebAssembly's memory. Measuring reads straight through and keeps a slice or two a file, the
//! diagnosis keeps what it reads over and over; the player keeps a few and has the next ones fetched while
//! it renders. Does not look at what it reads.

mod shelf;

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use stemcheck_session::{Library, decode::Stream};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileReaderSync, MessageChannel, MessagePort};

pub use shelf::Reading;
use shelf::Shelf;

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

/// How many slices are fetched at a time: with 20 files there are dozens to fetch after a seek, and all at
/// once they keep the machine busy until the sound breaks off.
const AT_A_TIME: usize = 2;

/// The song's files, in a worker. Clones share what was read.
#[derive(Debug, Clone)]
pub struct Blobs {
    files: Vec<Rc<Slices>>,
    reading: Reading,
}

impl Blobs {
    /// A library of these, in order.
    pub fn new(files: impl IntoIterator<Item = Blob>, reading: Reading) -> Self {
        let slices = |(index, blob)| Rc::new(Slices::new(index, blob, reading));
        Self { files: files.into_iter().enumerate().map(slices).collect(), reading }
    }

    /// Has what comes next fetched, of every file that is being read: what is needed first comes first.
    pub fn fetch_ahead(&self) {
        let under_way = self.files.iter().filter(|file| file.is_fetching.get()).count();
        for _ in under_way..AT_A_TIME {
            let idle = self.files.iter().filter(|file| !file.is_fetching.get());
            let next = idle.filter_map(|file| Some((file.shelf.borrow().next()?, file)));
            let Some(((_, range), file)) = next.min_by_key(|((ahead, _), _)| *ahead) else {
                return;
            };
            // A slice that cannot be had is read again, and the error told, when its turn has come.
            let Ok(blob) = file.cut(&range) else { return };
            file.is_fetching.set(true);
            let (all, file) = (self.clone(), Rc::clone(file));
            spawn_local(async move {
                let buffer = JsFuture::from(blob.array_buffer()).await;
                file.is_fetching.set(false);
                if let Ok(buffer) = buffer {
                    file.hold(range, Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()));
                    all.fetch_ahead();
                }
            });
        }
    }
}

impl Library for Blobs {
    fn open(&self, file: usize) -> io::Result<Box<dyn Stream>> {
        let slices = self.files.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(BlobStream { slices: Rc::clone(slices), position: 0 }))
    }

    fn read_over_and_over(&self, begins: bool) {
        let again = Reading::again(self.files.len());
        for file in &self.files {
            file.turn_to(if begins { again } else { self.reading });
        }
    }
}

/// One file's slices, as far as they are held.
#[derive(Debug)]
struct Slices {
    index: usize,
    blob: Blob,
    length: u64,
    shelf: RefCell<Shelf<Uint8Array>>,
    is_fetching: Cell<bool>,
}

impl Slices {
    fn new(index: usize, blob: Blob, reading: Reading) -> Self {
        let length = blob.size() as u64;
        let shelf = RefCell::new(Shelf::new(length, reading));
        Self { index, length, blob, shelf, is_fetching: Cell::default() }
    }

    /// The slice that holds a byte, and where it begins; read now if it is not held.
    fn get(&self, at: u64) -> io::Result<(u64, Uint8Array)> {
        if let Some(found) = self.shelf.borrow_mut().get(at) {
            return Ok(found);
        }
        let range = self.shelf.borrow().around(at);
        let start = range.start;
        let buffer = FileReaderSync::new()
            .and_then(|reader| reader.read_as_array_buffer(&self.cut(&range)?))
            .map_err(|error| refusal(&error))?;
        let bytes = Uint8Array::new(&buffer);
        self.hold(range, bytes.clone());
        Ok((start, bytes))
    }

    fn cut(&self, range: &Range<u64>) -> Result<Blob, JsValue> {
        self.blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)
    }

    fn hold(&self, range: Range<u64>, bytes: Uint8Array) {
        if let Some(gone) = self.shelf.borrow_mut().hold(range, bytes) {
            free(&gone);
        }
    }

    fn turn_to(&self, reading: Reading) {
        for bytes in self.shelf.borrow_mut().turn_to(reading) {
            free(&bytes);
        }
    }
}

impl Drop for Slices {
    fn drop(&mut self) {
        for bytes in self.shelf.borrow_mut().clear() {
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
        let (start, bytes) = slices.get(self.position)?;
        let from = (self.position - start) as u32;
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
