//! Makes what is handed over, a package or repaired stems, in a worker of its own: one download, one
//! worker. No audio is copied: the download is made of the original files and of what lies between.

mod packer;

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use stemcheck_session::package::Package;
use stemcheck_session::repair::Repairs;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::files::Dropped;
use crate::texts;
use crate::worker::client::Connection;
use crate::worker::message::{Opened, Reply, Request};

pub use packer::pack;

/// What to make. The files of all songs come along, song by song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Errand {
    /// The delivery.
    Package(Box<Package>),
    /// Repaired copies of one song, in a folder of this name.
    Repairs(String, Repairs),
}

/// What comes of it.
#[derive(Debug, Clone)]
pub enum Parcel {
    /// So much of it is made, 0 to 1.
    Share(f64),
    /// The ZIP.
    Ready(Blob),
    /// It cannot be made; why.
    Failed(String),
}

/// Does one errand after the other. Dropping it gives the errand up.
#[derive(Default)]
pub struct Courier {
    worker: Rc<RefCell<Option<Connection>>>,
}

impl Courier {
    /// Begins an errand, in place of the one before.
    pub fn send(&self, errand: Errand, files: &[Dropped], on_parcel: impl Fn(Parcel) + 'static) {
        self.worker.take();
        let blobs: Vec<JsValue> = files.iter().map(|file| file.file.clone().into()).collect();
        let on_parcel = Rc::new(on_parcel);
        let (errand, tell) = (Rc::new(errand), Rc::clone(&on_parcel));
        let place = Rc::downgrade(&self.worker);
        let started = Connection::start(move |reply| {
            let Some(place) = place.upgrade() else { return };
            let failed = match reply {
                Ok(Opened { value: Reply::Ready, .. }) => {
                    let request = Request::Pack((*errand).clone());
                    let worker = place.borrow();
                    worker.as_ref().and_then(|worker| worker.send(&request, &blobs, &[]).err())
                }
                Ok(Opened { value: Reply::Packing(share), .. }) => {
                    tell(Parcel::Share(share));
                    None
                }
                Ok(Opened { value: Reply::Packed, attached }) => {
                    place.take();
                    match attached.into_iter().next().and_then(|blob| blob.dyn_into().ok()) {
                        Some(blob) => {
                            tell(Parcel::Ready(blob));
                            None
                        }
                        None => Some(texts::NO_MEMORY.to_string()),
                    }
                }
                Ok(Opened { value: Reply::Broken { why, .. }, .. }) | Err(why) => Some(why),
                Ok(_) => None,
            };
            if let Some(why) = failed {
                place.take();
                tell(Parcel::Failed(why));
            }
        });
        match started {
            Ok(worker) => drop(self.worker.replace(Some(worker))),
            Err(why) => on_parcel(Parcel::Failed(why)),
        }
    }

    /// Gives the errand up.
    pub fn stop(&self) {
        self.worker.take();
    }
}
