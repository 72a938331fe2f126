//! The worker's end of an errand.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use stemcheck_session::Library;
use stemcheck_session::archive::{Archive, Copying, Outline, Piece};
use stemcheck_session::package::{Files, Package};
use stemcheck_session::repair::{LIST, Repaired, Repairs};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

use super::Errand;
use crate::files::{Blobs, Reading};

/// Bytes that are gathered before they become the browser's.
const CHUNK: usize = 4 << 20;

/// Does an errand with these files; tells which share is done.
///
/// # Errors
/// In words.
pub fn pack(errand: Errand, files: Vec<JsValue>, tell: &dyn Fn(f64)) -> Result<JsValue, String> {
    let blobs: Vec<Blob> = files.into_iter().map(JsCast::unchecked_into).collect();
    let library = Blobs::new(blobs.iter().cloned(), Reading::THROUGH);
    let packed = match errand {
        Errand::Package(package) => deliver(*package, &blobs, library, tell),
        Errand::Repairs(folder, repairs) => repair(&folder, &repairs, &blobs, &library, tell),
    };
    packed.map_err(|error| error.to_string())
}

fn deliver(
    package: Package,
    blobs: &[Blob],
    library: Blobs,
    tell: &dyn Fn(f64),
) -> io::Result<JsValue> {
    let before = package.songs.iter().scan(0, |sum, song| {
        let before = *sum;
        *sum += song.bytes.len();
        Some(before)
    });
    let outline = Outline::default();
    let mut shelf = Shelf {
        before: before.collect(),
        library,
        outline: outline.clone(),
        total: package.bytes(),
        done: 0,
        copied: 0,
        tell,
    };
    package.write(outline.clone(), &mut shelf)?;
    let whole = |file: usize| blobs.get(file).map(JsValue::from).into_iter().collect();
    put_together(outline.pieces(), whole)
}

/// The files of a package, as they lie in the browser.
struct Shelf<'a> {
    /// How many files the songs before each have.
    before: Vec<usize>,
    library: Blobs,
    outline: Outline,
    total: u64,
    /// Bytes of the files that are copied, and of the one that is being copied.
    done: u64,
    copied: u64,
    tell: &'a dyn Fn(f64),
}

impl Shelf<'_> {
    fn number(&self, song: usize, file: usize) -> usize {
        self.before.get(song).copied().unwrap_or_default() + file
    }
}

impl Files for Shelf<'_> {
    fn open(&mut self, song: usize, file: usize) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(self.library.open(self.number(song, file))?))
    }

    fn copying(&mut self, song: usize, file: usize, copying: Copying) {
        self.outline.copying(self.number(song, file), copying);
        match copying {
            Copying::Begin => self.copied = 0,
            Copying::Done(bytes) => {
                self.copied = bytes;
                (self.tell)((self.done + bytes) as f64 / self.total.max(1) as f64);
            }
            Copying::End => self.done += self.copied,
        }
    }
}

fn repair(
    folder: &str,
    repairs: &Repairs,
    blobs: &[Blob],
    library: &Blobs,
    tell: &dyn Fn(f64),
) -> io::Result<JsValue> {
    let outline = Outline::default();
    let mut archive = Archive::new(outline.clone());
    let mut parts: Vec<Vec<JsValue>> = Vec::new();
    for (number, file) in repairs.files.iter().enumerate() {
        let mut follow = |copying| outline.copying(number, copying);
        match (file.change, file.from.as_slice()) {
            (Some(change), from) => {
                let repaired = Repaired::open(library, from, change)?;
                let bytes = repaired.total_bytes();
                let made_of = Rc::default();
                let mut made =
                    Kept { from: repaired, chunk: Vec::new(), blobs: Rc::clone(&made_of) };
                archive.file(folder, &file.name, bytes, &mut made, &mut follow)?;
                made.keep()?;
                parts.push(made_of.take());
            }
            (None, from) => {
                let file_number = from.first().copied().unwrap_or_default();
                let blob = blobs.get(file_number).ok_or(io::ErrorKind::NotFound)?;
                let mut stream = library.open(file_number)?;
                archive.file(folder, &file.name, blob.size() as u64, &mut stream, &mut follow)?;
                parts.push(vec![blob.into()]);
            }
        }
        tell((number + 1) as f64 / repairs.files.len().max(1) as f64);
    }
    archive.text(folder, LIST, &repairs.to_text())?;
    archive.sums(folder)?;
    archive.finish()?;
    put_together(outline.pieces(), |file| parts.get(file).cloned().unwrap_or_default())
}

/// Passes on what it reads, and has the browser keep it.
struct Kept<R> {
    from: R,
    chunk: Vec<u8>,
    blobs: Rc<RefCell<Vec<JsValue>>>,
}

impl<R> Kept<R> {
    fn keep(&mut self) -> io::Result<()> {
        let parts = Array::of1(&Uint8Array::from(self.chunk.as_slice()));
        let blob =
            Blob::new_with_u8_array_sequence(&parts).map_err(|_| io::ErrorKind::OutOfMemory)?;
        self.blobs.borrow_mut().push(blob.into());
        self.chunk.clear();
        Ok(())
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.chunk.extend_from_slice(buffer.get(..read).unwrap_or_default());
        if self.chunk.len() >= CHUNK {
            self.keep()?;
        }
        Ok(read)
    }
}

/// One file of these stretches; nothing is copied but the bytes between the files.
fn put_together(
    pieces: Vec<Piece>,
    parts_of: impl Fn(usize) -> Vec<JsValue>,
) -> io::Result<JsValue> {
    let parts = Array::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => {
                parts.push(&Uint8Array::from(bytes.as_slice()));
            }
            Piece::File { file, .. } => {
                for part in parts_of(file) {
                    parts.push(&part);
                }
            }
        }
    }
    let kind = BlobPropertyBag::new();
    kind.set_type("application/zip");
    let blob = Blob::new_with_blob_sequence_and_options(&parts, &kind);
    blob.map(JsValue::from).map_err(|_| io::ErrorKind::OutOfMemory.into())
}
