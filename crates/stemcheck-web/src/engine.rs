//! Has songs examined, one after the other: hands the jobs of an [`Examination`] to a pool of workers
//! and says what comes back. What was found out of the others is kept, so that they can be looked at
//! meanwhile. Decides nothing about a song, nor which one is next.

mod pool;
mod watchdog;

use std::cell::{Cell, Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use js_sys::{Array, Date};
use stemcheck_session::core::synth::DEMO_FAULTS;
use stemcheck_session::job::JobResult;
use stemcheck_session::report::Report;
use stemcheck_session::{Examination, FileInput, Options};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

pub use crate::files::Dropped;
use crate::language::spoken;
use crate::texts;
use crate::worker::client::Connection;
use crate::worker::message::{Opened, Reply, Request};
use pool::Pool;
use watchdog::Watchdog;

/// Most workers of a pool: beyond that the disk is the limit, and each holds buffers of every file.
const MOST_WORKERS: usize = 8;

/// Shortest time between two reports while the audio is measured, in milliseconds.
const REPORT_MS: f64 = 250.0;

/// What happens to a song.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// How much is done, 0 to 1.
    Progress(f64),
    /// What is known so far: once the headers are read, at most four times a second while the
    /// audio is measured, and when all is known (then [`EngineEvent::Done`] follows).
    Report(Box<Report>),
    /// There is more of the waveforms to draw; see [`Engine::examination`].
    Waveforms,
    /// The last report was the final one.
    Done,
    /// The demo song is there; nothing is examined yet.
    Demo(Vec<Dropped>),
    /// It cannot go on; a sentence for the user.
    Failed(String),
}

/// Examines one song at a time. Clones share it.
#[derive(Clone)]
pub struct Engine {
    shared: Rc<Shared>,
}

struct Shared {
    on_event: Box<dyn Fn(usize, EngineEvent)>,
    /// By number of the song.
    examinations: RefCell<BTreeMap<usize, Examination>>,
    /// Number of the song that is examined, or was last.
    working: Cell<usize>,
    /// Number of the song that is looked at.
    shown: Cell<usize>,
    pool: RefCell<Option<Pool>>,
    watchdog: RefCell<Option<Watchdog>>,
    /// Workers that are up before there is a song, so that headers are read in a moment.
    spare: RefCell<Vec<Spare>>,
    synthesiser: RefCell<Option<Connection>>,
    reported_ms: Cell<f64>,
}

/// A worker without a song.
struct Spare {
    worker: Connection,
    is_up: bool,
}

impl Engine {
    /// An engine that tells `on_event` what happens to the song of which number. Events never come
    /// from within a call.
    pub fn new(on_event: impl Fn(usize, EngineEvent) + 'static) -> Self {
        let shared = Rc::new(Shared {
            on_event: Box::new(on_event),
            examinations: RefCell::default(),
            working: Cell::default(),
            shown: Cell::default(),
            pool: RefCell::default(),
            watchdog: RefCell::default(),
            spare: RefCell::default(),
            synthesiser: RefCell::default(),
            reported_ms: Cell::default(),
        });
        shared.prepare();
        Self { shared }
    }

    /// Synthesises the demo song, clean or with three faults; [`EngineEvent::Demo`] follows.
    pub fn demo(&self, faulty: bool) {
        let faults: &[&str] = if faulty { &DEMO_FAULTS } else { &[] };
        let weak = Rc::downgrade(&self.shared);
        let started = Connection::start(move |reply| {
            if let Some(shared) = weak.upgrade() {
                shared.synthesised(faults, reply);
            }
        });
        match started {
            Ok(worker) => drop(self.shared.synthesiser.replace(Some(worker))),
            Err(why) => self.shared.tell_later(vec![(0, no_worker(&why))]),
        }
    }

    /// Forgets all songs.
    pub fn clear(&self) {
        self.cancel();
        self.shared.examinations.borrow_mut().clear();
        self.shared.shown.set(0);
    }

    /// Examines these files as the song of this number; what went on before is cancelled.
    pub fn examine(&self, number: usize, files: Vec<Dropped>, options: Options) {
        self.cancel();
        let examination = Examination::new(files.iter().map(input).collect(), options);
        self.shared.examinations.borrow_mut().insert(number, examination);
        self.shared.work_on(number, files);
    }

    /// Changes something about a song whose files are these now, and does again what that makes
    /// unknown; what went on before is cancelled. `false` if nothing is known of that song.
    pub fn amend(
        &self,
        number: usize,
        files: Vec<Dropped>,
        change: impl FnOnce(&mut Examination, Vec<FileInput>),
    ) -> bool {
        let inputs = files.iter().map(input).collect();
        {
            let mut examinations = self.shared.examinations.borrow_mut();
            let Some(examination) = examinations.get_mut(&number) else { return false };
            change(examination, inputs);
        }
        self.cancel();
        self.shared.work_on(number, files);
        true
    }

    /// Judges anew, without reading; a report of every song follows.
    pub fn judge(&self, change: impl Fn(usize, &mut Examination)) {
        let mut examinations = self.shared.examinations.borrow_mut();
        let reports = examinations.iter_mut().map(|(&number, examination)| {
            change(number, examination);
            (number, EngineEvent::Report(Box::new(examination.report_in(&spoken()))))
        });
        self.shared.tell_later(reports.collect());
    }

    /// Tells all reports once more, in the language that is spoken now.
    pub fn retell(&self) {
        self.judge(|_, _| {});
    }

    /// The report of a song, in English whatever the page speaks.
    pub fn report(&self, number: usize) -> Option<Report> {
        Some(self.shared.examinations.borrow().get(&number)?.report())
    }

    /// What a song's examination tells, if there is one.
    pub fn ask<T>(&self, number: usize, tell: impl FnOnce(&Examination) -> T) -> Option<T> {
        self.shared.examinations.borrow().get(&number).map(tell)
    }

    /// Stops, at once. What was found so far remains.
    pub fn cancel(&self) {
        let had_workers = self.shared.pool.take().is_some();
        self.shared.watchdog.take();
        self.shared.synthesiser.take();
        if had_workers {
            self.shared.prepare();
        }
    }

    /// Looks at another song.
    pub fn show(&self, number: usize) {
        self.shared.shown.set(number);
    }

    /// The examination that is looked at, for its waveforms; `None` before the first. Hold it only
    /// while drawing.
    pub fn examination(&self) -> Option<Ref<'_, Examination>> {
        let shown = self.shared.shown.get();
        Ref::filter_map(self.shared.examinations.borrow(), |all| all.get(&shown)).ok()
    }
}

impl Shared {
    fn tell(&self, events: Vec<(usize, EngineEvent)>) {
        for (number, event) in events {
            (self.on_event)(number, event);
        }
    }

    /// Tells events once the call that caused them is over.
    fn tell_later(self: &Rc<Self>, events: Vec<(usize, EngineEvent)>) {
        let shared = Rc::clone(self);
        spawn_local(async move { shared.tell(events) });
    }

    /// Starts workers for the next song. A browser that refuses will say so when there is one.
    fn prepare(self: &Rc<Self>) {
        let start = |seat| Some(Spare { worker: seat_worker(self, seat).ok()?, is_up: false });
        self.spare.replace((0..worker_count()).map_while(start).collect());
    }

    /// Has workers do what the song's examination has to do; if that is nothing, it is done.
    fn work_on(self: &Rc<Self>, number: usize, files: Vec<Dropped>) {
        self.working.set(number);
        let mut examinations = self.examinations.borrow_mut();
        let Some(examination) = examinations.get_mut(&number) else { return };
        let mut events = vec![EngineEvent::Report(Box::new(examination.report_in(&spoken())))];
        if examination.is_done() {
            events.push(EngineEvent::Done);
        } else {
            let handed_out = Pool::start(self, files).and_then(|mut pool| {
                pool.hand_out(examination)?;
                Ok(pool)
            });
            match handed_out {
                Ok(pool) => {
                    self.pool.replace(Some(pool));
                    self.watchdog.replace(Watchdog::start(self));
                }
                Err(why) => events.push(no_worker(&why)),
            }
        }
        self.tell_later(events.into_iter().map(|event| (number, event)).collect());
    }

    fn synthesised(&self, faults: &[&str], reply: Result<Opened<Reply>, String>) {
        let event = match reply {
            Ok(Opened { value: Reply::Ready, .. }) => {
                let request = Request::Demo(faults.iter().map(ToString::to_string).collect());
                let asked =
                    self.synthesiser.borrow().as_ref().map(|it| it.send(&request, &[], &[]));
                match asked {
                    Some(Err(why)) => no_worker(&why),
                    _ => return,
                }
            }
            Ok(Opened { value: Reply::Demo(names), attached }) => demo_files(names, &attached),
            Ok(Opened { value: Reply::Broken { why, .. }, .. }) | Err(why) => {
                EngineEvent::Failed(texts::no_demo(&why))
            }
            Ok(_) => return,
        };
        self.synthesiser.take();
        self.tell(vec![(0, event)]);
    }

    /// A worker of the pool answered, or died.
    fn answered(self: &Rc<Self>, seat: usize, reply: Result<Opened<Reply>, String>) {
        let number = self.working.get();
        let events = {
            let mut examinations = self.examinations.borrow_mut();
            let mut pool = self.pool.borrow_mut();
            if let (Some(examination), Some(pool)) = (examinations.get_mut(&number), &mut *pool) {
                let stepped = self.step(seat, reply.map(|it| it.value), examination, pool);
                stepped.unwrap_or_else(|why| vec![EngineEvent::Failed(why)])
            } else {
                if reply.is_err() {
                    // The next song tries again, and tells if that fails too.
                    drop(self.spare.take());
                } else if let Some(spare) = self.spare.borrow_mut().get_mut(seat) {
                    spare.is_up = true;
                }
                return;
            }
        };
        let is_over = |event| matches!(event, &EngineEvent::Done | &EngineEvent::Failed(_));
        if events.iter().any(is_over) {
            self.pool.take();
            self.watchdog.take();
            self.prepare();
        }
        self.tell(events.into_iter().map(|event| (number, event)).collect());
    }

    fn step(
        self: &Rc<Self>,
        seat: usize,
        reply: Result<Reply, String>,
        examination: &mut Examination,
        pool: &mut Pool,
    ) -> Result<Vec<EngineEvent>, String> {
        pool.desk.heard(seat);
        let unread = examination.unread();
        let mut shows = false;
        match reply {
            Ok(Reply::Ready) => pool.open(seat)?,
            Ok(Reply::Done(result)) => {
                shows = matches!(*result, JobResult::Measured(_));
                examination.complete(pool.finish(seat, *result));
            }
            Ok(Reply::Broken { why, file }) => {
                pool.bury(seat, seat_worker(self, seat)?, &why, file, examination)?;
            }
            Err(why) => pool.bury(seat, seat_worker(self, seat)?, &why, None, examination)?,
            Ok(_) => {
                return Ok(Vec::new());
            }
        }
        pool.hand_out(examination)?;

        let mut events = vec![EngineEvent::Progress(examination.progress())];
        if shows {
            events.push(EngineEvent::Waveforms);
        }
        let is_done = examination.is_done();
        let now_ms = Date::now();
        let is_due = now_ms - self.reported_ms.get() >= REPORT_MS;
        let is_news = examination.unread() == 0 && (unread > 0 || is_due);
        if is_done || is_news {
            self.reported_ms.set(now_ms);
            events.push(EngineEvent::Report(Box::new(examination.report_in(&spoken()))));
        }
        if is_done {
            events.push(EngineEvent::Done);
        } else if pool.desk.is_quiet() {
            return Err(texts::HALTED.to_string());
        }
        Ok(events)
    }
}

fn input(dropped: &Dropped) -> FileInput {
    FileInput { name: dropped.name.clone(), bytes: dropped.file.size() as u64 }
}

fn worker_count() -> usize {
    let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    (cores as usize).clamp(1, MOST_WORKERS)
}

fn seat_worker(shared: &Rc<Shared>, seat: usize) -> Result<Connection, String> {
    let weak: Weak<Shared> = Rc::downgrade(shared);
    Connection::start(move |reply| {
        if let Some(shared) = weak.upgrade() {
            shared.answered(seat, reply);
        }
    })
}

fn no_worker(why: &str) -> EngineEvent {
    EngineEvent::Failed(texts::no_worker(why))
}

/// The demo song's bytes as files, in memory.
fn demo_files(names: Vec<String>, bytes: &[JsValue]) -> EngineEvent {
    let file = |(name, bytes): (String, &JsValue)| {
        let file = Blob::new_with_buffer_source_sequence(&Array::of1(bytes))?;
        Ok(Dropped { name, file })
    };
    let files: Result<Vec<Dropped>, JsValue> = names.into_iter().zip(bytes).map(file).collect();
    files.map_or_else(
        |_| EngineEvent::Failed(texts::NO_MEMORY_FOR_DEMO.to_string()),
        EngineEvent::Demo,
    )
}
