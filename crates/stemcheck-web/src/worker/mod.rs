//! Workers: one program, `worker`, that measures, renders and synthesises off the main thread.
//!
//! Each runs its own WebAssembly instance and shares no memory, so that a plain static host, which
//! cannot set the headers of `SharedArrayBuffer`, is enough. [`client`] is the page's end, [`host`]
//! the worker's, [`message`] what crosses. A worker that dies takes nothing with it but its job;
//! [`desk`] decides what becomes of that.

pub mod client;
pub mod desk;
pub mod host;
pub mod message;

pub use host::serve;
