//! Reads what a deep zoom shows, from the files, in a worker of its own: the check and the player do
//! not wait for it. One tile at a time, the one wanted last first, so that what has scrolled away is
//! never read; what was read is kept, up to a bound. A tile that cannot be read stays empty.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use stemcheck_session::{Look, Seen};
use wasm_bindgen::JsValue;

use crate::files::Dropped;
use crate::worker::client::Connection;
use crate::worker::message::{Opened, Reply, Request};

/// Tiles that are kept: about 10 MB.
const KEPT: usize = 384;

/// Reads tiles of one song. Clones share it.
#[derive(Clone)]
pub struct Looker {
    shared: Rc<Shared>,
}

struct Shared {
    on_seen: Box<dyn Fn()>,
    desk: RefCell<Desk>,
}

#[derive(Default)]
struct Desk {
    files: Vec<Dropped>,
    worker: Option<Connection>,
    is_up: bool,
    /// A worker died before it was up: the next would, too.
    is_given_up: bool,
    /// What is being read.
    reading: Option<Look>,
    wanted: Vec<Look>,
    /// In the order in which they came.
    seen: VecDeque<(Look, Rc<Seen>)>,
}

impl Looker {
    /// A looker that calls `on_seen` when there is more to draw.
    pub fn new(on_seen: impl Fn() + 'static) -> Self {
        Self { shared: Rc::new(Shared { on_seen: Box::new(on_seen), desk: RefCell::default() }) }
    }

    /// Looks at these files from now on.
    pub fn open(&self, files: &[Dropped]) {
        self.shared.desk.replace(Desk { files: files.to_vec(), ..Desk::default() });
    }

    /// What was asked for and not begun is no longer wanted.
    pub fn forget_wishes(&self) {
        self.shared.desk.borrow_mut().wanted.clear();
    }

    /// The tile if it is there; else it will be read.
    pub fn tile(&self, look: &Look) -> Option<Rc<Seen>> {
        let mut desk = self.shared.desk.borrow_mut();
        let known = desk.seen.iter().find(|(known, _)| known == look);
        if let Some((_, seen)) = known {
            return Some(Rc::clone(seen));
        }
        if !desk.wanted.contains(look) && desk.reading.as_ref() != Some(look) {
            desk.wanted.push(look.clone());
        }
        drop(desk);
        self.shared.go_on();
        None
    }
}

impl Shared {
    /// Reads what was wanted last, if nothing is being read.
    fn go_on(self: &Rc<Self>) {
        let mut desk = self.desk.borrow_mut();
        if desk.reading.is_some() || desk.wanted.is_empty() || desk.is_given_up {
            return;
        }
        if desk.worker.is_none() {
            let weak = Rc::downgrade(self);
            // A browser that refuses has refused the check its workers too, which says so.
            desk.worker = Connection::start(move |reply| {
                if let Some(shared) = weak.upgrade() {
                    shared.answered(reply);
                }
            })
            .ok();
        }
        if !desk.is_up {
            return;
        }
        let Some(look) = desk.wanted.pop() else { return };
        let sent = desk.worker.as_ref().map(|it| it.send(&Request::Look(look.clone()), &[], &[]));
        desk.reading = matches!(sent, Some(Ok(()))).then_some(look);
    }

    fn answered(self: &Rc<Self>, reply: Result<Opened<Reply>, String>) {
        match reply.map(|opened| opened.value) {
            Ok(Reply::Ready) => {
                let mut desk = self.desk.borrow_mut();
                let files: Vec<JsValue> =
                    desk.files.iter().map(|dropped| dropped.file.clone().into()).collect();
                let opened = desk.worker.as_ref().map(|it| it.send(&Request::Open, &files, &[]));
                desk.is_up = matches!(opened, Some(Ok(())));
            }
            Ok(Reply::Looked(seen)) => self.desk.borrow_mut().keep(*seen),
            Ok(Reply::Broken { .. }) | Err(_) => {
                let mut desk = self.desk.borrow_mut();
                desk.worker = None;
                desk.is_given_up = !std::mem::take(&mut desk.is_up);
                desk.keep(Seen::default());
            }
            Ok(_) => return,
        }
        self.go_on();
        (self.on_seen)();
    }
}

impl Desk {
    fn keep(&mut self, seen: Seen) {
        let Some(look) = self.reading.take() else { return };
        if self.seen.len() >= KEPT {
            self.seen.pop_front();
        }
        self.seen.push_back((look, Rc::new(seen)));
    }
}
