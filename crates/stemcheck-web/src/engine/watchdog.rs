//! Looks after workers that hang, or die without a word: the browser ends a worker that runs out of
//! memory, or whose process it needs, without an event.
//!
//! Counts its own ticks instead of asking the clock: while a computer sleeps, nobody ticks, and nobody
//! is given up for having slept.

use std::rc::Rc;

use stemcheck_session::Job;
use wasm_bindgen::prelude::*;

use super::Shared;

/// Time between two looks, in milliseconds.
const TICK_MS: i32 = 5_000;

/// Ticks without a sign of life after which a worker is given up. Whoever reads gives one every second.
const PATIENCE: u32 = 8;

/// The same for who is not reading: while it starts (the program has to be fetched and compiled), and
/// while it thinks.
const LONG_PATIENCE: u32 = 36;

fn patience(job: Option<&Job>) -> u32 {
    match job {
        None | Some(Job::FindReference { .. } | Job::Diagnose { .. } | Job::Listen { .. }) => {
            LONG_PATIENCE
        }
        Some(Job::Probe { .. } | Job::Segment(_) | Job::Verify { .. }) => PATIENCE,
    }
}

/// What a worker that is given up is said to have died of.
const HUNG: &str = "a part of this page gave no sign of life any more";

/// Looks after a pool until it is dropped.
pub(super) struct Watchdog {
    timer: i32,
    _tick: Closure<dyn FnMut()>,
}

impl Watchdog {
    /// Begins to look; `None` where the browser has no timers.
    pub(super) fn start(shared: &Rc<Shared>) -> Option<Self> {
        let weak = Rc::downgrade(shared);
        let tick = Closure::<dyn FnMut()>::new(move || {
            let Some(shared) = weak.upgrade() else { return };
            let silent = shared.pool.borrow_mut().as_mut().map(|pool| pool.desk.tick(patience));
            for seat in silent.into_iter().flatten() {
                // The first may have been the end of the examination.
                if shared.pool.borrow().is_some() {
                    shared.answered(seat, Err(HUNG.to_owned()));
                }
            }
        });
        let handler = tick.as_ref().unchecked_ref();
        let timer = web_sys::window()?
            .set_interval_with_callback_and_timeout_and_arguments_0(handler, TICK_MS)
            .ok()?;
        Some(Self { timer, _tick: tick })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.timer);
        }
    }
}
