//! Dropped files.

use web_sys::Blob;

/// A file as it was dropped, chosen or synthesised. Cheap to clone: a handle, no bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// Name without folders.
    pub name: String,
    /// Its bytes, wherever the browser keeps them.
    pub file: Blob,
}
