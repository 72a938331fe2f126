//! Untrusted bytes in, blocks of exact samples and facts out.
//!
//! The only crate that knows a container. A length from a header is a claim: it is checked against
//! the bytes that are there and never trusted for an allocation (see [`limits`]). Does not judge
//! what it reads: a truncated file is read as far as it goes, and the facts say so.

use std::io::{Read, Seek};

use stemcheck_core::block::Block;
use stemcheck_core::song::{Facts, Format, Unreadable};

pub mod limits;
pub mod write;

/// Bytes that can be read anywhere: a file on disk, slices of a dropped `File`, memory.
pub trait Stream: Read + Seek {}
impl<T: Read + Seek> Stream for T {}

/// One open file: facts, and samples from any frame on.
pub struct Source {}

impl Source {
    /// Recognises the container by its bytes (never by its name) and reads its header.
    ///
    /// # Errors
    /// [`Unreadable`], with place and value in the text.
    pub fn open(_stream: Box<dyn Stream>) -> Result<Self, Unreadable> {
        todo!()
    }

    /// What the header yields; `Ok` by construction.
    pub fn facts(&self) -> Facts {
        todo!()
    }

    /// The format.
    pub fn format(&self) -> &Format {
        todo!()
    }

    /// Reads `frames` frames from `start` into `block` (planar, exact); fewer at the end of the
    /// file, none after it. Reading on where the last call ended does not seek.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] if the bytes cannot be had.
    pub fn read(
        &mut self,
        _start: u64,
        _frames: usize,
        _block: &mut Block,
    ) -> Result<(), Unreadable> {
        todo!()
    }
}
