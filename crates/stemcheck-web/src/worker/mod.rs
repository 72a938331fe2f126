//! Workers.

/// Serves requests until the page terminates the worker.
pub fn serve() {
    todo!()
}
