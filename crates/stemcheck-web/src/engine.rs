//! Has a song examined: hands the jobs of an [`Examination`] to a pool of workers and says what
//! comes back. Decides nothing about the song.
//!
//! A job whose worker died gets a second worker. If that dies too, the file that was being read is
//! left out and told as damaged; if it cannot be told which one it was, the job is abandoned. There
//! is no third try, so the examination always ends.

use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Date};
use stemcheck_session::core::profile::Profile;
use stemcheck_session::core::song::{Daw, Unreadable};
use stemcheck_session::core::synth::DEMO_FAULTS;
use stemcheck_session::job::{Job, JobResult};
use stemcheck_session::report::Report;
use stemcheck_session::{Examination, FileInput, Options};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

pub use crate::files::Dropped;
use crate::language::spoken;
use crate::worker::client::Connection;
use crate::worker::desk::{Death, Desk};
use crate::worker::message::{Opened, Reply, Request};

/// Most workers of a pool: beyond that the disk is the limit, and each holds buffers of every file.
const MOST_WORKERS: usize = 8;

/// Shortest time between two reports while the audio is measured, in milliseconds.
const REPORT_MS: f64 = 250.0;

/// What happens while a song is examined.
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
    on_event: Box<dyn Fn(EngineEvent)>,
    examination: RefCell<Option<Examination>>,
    pool: RefCell<Option<Pool>>,
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

/// The workers of one examination.
struct Pool {
    files: Vec<Dropped>,
    workers: Vec<Connection>,
    desk: Desk<Job>,
    /// Files whose header is not read yet.
    unprobed: usize,
    /// Files that a segment is measured without because they kill workers.
    left_out: Vec<(usize, usize, Unreadable)>,
}

impl Engine {
    /// An engine that tells `on_event` what happens. Events never come from within a call.
    pub fn new(on_event: impl Fn(EngineEvent) + 'static) -> Self {
        let shared = Rc::new(Shared {
            on_event: Box::new(on_event),
            examination: RefCell::default(),
            pool: RefCell::default(),
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
            Err(why) => self.shared.tell_later(vec![no_worker(&why)]),
        }
    }

    /// Examines these files; what went on before is cancelled.
    pub fn examine(&self, files: Vec<Dropped>, options: Options) {
        self.cancel();
        let inputs = files.iter().map(|dropped| FileInput {
            name: dropped.name.clone(),
            bytes: dropped.file.size() as u64,
        });
        let examination = Examination::new(inputs.collect(), options);
        self.shared.examination.replace(Some(examination));
        let handed_out = Pool::start(&self.shared, files).and_then(|mut pool| {
            let mut examination = self.shared.examination.borrow_mut();
            if let Some(examination) = examination.as_mut() {
                pool.hand_out(examination)?;
            }
            Ok(pool)
        });
        match handed_out {
            Ok(pool) => drop(self.shared.pool.replace(Some(pool))),
            Err(why) => self.shared.tell_later(vec![no_worker(&why)]),
        }
    }

    /// Stops, at once. What was found so far remains.
    pub fn cancel(&self) {
        let had_workers = self.shared.pool.take().is_some();
        self.shared.synthesiser.take();
        if had_workers {
            self.shared.prepare();
        }
    }

    /// Judges by another profile or tempo without reading again; a report follows.
    pub fn set_profile(&self, profile: Profile, tempo_bpm: Option<f64>) {
        let report = self.shared.examination.borrow_mut().as_mut().map(|examination| {
            examination.set_profile(profile, tempo_bpm);
            EngineEvent::Report(Box::new(examination.report_in(&spoken())))
        });
        self.shared.tell_later(report.into_iter().collect());
    }

    /// Speaks of another program's menus; a report follows.
    pub fn set_daw(&self, daw: Option<Daw>) {
        let report = self.shared.examination.borrow_mut().as_mut().map(|examination| {
            examination.set_daw(daw);
            EngineEvent::Report(Box::new(examination.report_in(&spoken())))
        });
        self.shared.tell_later(report.into_iter().collect());
    }

    /// Tells the report once more, in the language that is spoken now.
    pub fn retell(&self) {
        let report = self
            .examination()
            .map(|examination| EngineEvent::Report(Box::new(examination.report_in(&spoken()))));
        self.shared.tell_later(report.into_iter().collect());
    }

    /// The examination, for its waveforms; `None` before the first. Hold it only while drawing.
    pub fn examination(&self) -> Option<Ref<'_, Examination>> {
        Ref::filter_map(self.shared.examination.borrow(), Option::as_ref).ok()
    }
}

impl Shared {
    fn tell(&self, events: Vec<EngineEvent>) {
        for event in events {
            (self.on_event)(event);
        }
    }

    /// Tells events once the call that caused them is over.
    fn tell_later(self: &Rc<Self>, events: Vec<EngineEvent>) {
        let shared = Rc::clone(self);
        spawn_local(async move { shared.tell(events) });
    }

    /// Starts workers for the next song. A browser that refuses will say so when there is one.
    fn prepare(self: &Rc<Self>) {
        let start = |seat| Some(Spare { worker: seat_worker(self, seat).ok()?, is_up: false });
        self.spare.replace((0..worker_count()).map_while(start).collect());
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
                EngineEvent::Failed(format!("The demo song could not be made ({why})"))
            }
            Ok(_) => return,
        };
        self.synthesiser.take();
        self.tell(vec![event]);
    }

    /// A worker of the pool answered, or died.
    fn answered(self: &Rc<Self>, seat: usize, reply: Result<Opened<Reply>, String>) {
        let events = {
            let mut examination = self.examination.borrow_mut();
            let mut pool = self.pool.borrow_mut();
            if let (Some(examination), Some(pool)) = (&mut *examination, &mut *pool) {
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
            self.prepare();
        }
        self.tell(events);
    }

    fn step(
        self: &Rc<Self>,
        seat: usize,
        reply: Result<Reply, String>,
        examination: &mut Examination,
        pool: &mut Pool,
    ) -> Result<Vec<EngineEvent>, String> {
        let unprobed = pool.unprobed;
        let mut shows = false;
        match reply {
            Ok(Reply::Ready) => pool.open(seat)?,
            Ok(Reply::Done(result)) => {
                shows = matches!(*result, JobResult::Measured(_));
                pool.unprobed -= usize::from(matches!(*result, JobResult::Probed { .. }));
                examination.complete(pool.finish(seat, *result));
            }
            Ok(Reply::Broken { why, file }) => self.bury(seat, &why, file, examination, pool)?,
            Err(why) => self.bury(seat, &why, None, examination, pool)?,
            Ok(Reply::Demo(_) | Reply::Played(_) | Reply::Looked(_)) => {}
        }
        pool.hand_out(examination)?;

        let mut events = vec![EngineEvent::Progress(examination.progress())];
        if shows {
            events.push(EngineEvent::Waveforms);
        }
        let is_done = examination.is_done();
        let now_ms = Date::now();
        let is_due = now_ms - self.reported_ms.get() >= REPORT_MS;
        let is_news = pool.unprobed == 0 && (unprobed > 0 || is_due);
        if is_done || is_news {
            self.reported_ms.set(now_ms);
            events.push(EngineEvent::Report(Box::new(examination.report_in(&spoken()))));
        }
        if is_done {
            events.push(EngineEvent::Done);
        } else if pool.desk.is_quiet() {
            return Err(
                "The examination came to a halt before its end. Reload the page and try again; \
                please report this as a fault of Stemcheck"
                    .into(),
            );
        }
        Ok(events)
    }

    /// A worker died: seats a new one, and decides what becomes of the job.
    fn bury(
        self: &Rc<Self>,
        seat: usize,
        why: &str,
        file: Option<usize>,
        examination: &mut Examination,
        pool: &mut Pool,
    ) -> Result<(), String> {
        let worker = seat_worker(self, seat)?;
        if let Some(place) = pool.workers.get_mut(seat) {
            *place = worker;
        }
        match pool.desk.died(seat) {
            Death::Starting => {
                Err(format!("A part of this page could not be started ({why}). Reload the page"))
            }
            Death::Idle => Ok(()),
            Death::Once(job) => {
                examination.give_back(job);
                Ok(())
            }
            Death::Twice(job) => {
                if let Some((rest, segment, file)) = leave_out(&job, file) {
                    pool.left_out.push((segment, file, broke(why)));
                    examination.give_back(rest);
                } else {
                    pool.unprobed -= usize::from(matches!(job, Job::Probe { .. }));
                    examination.abandon(&job, why);
                }
                Ok(())
            }
        }
    }
}

impl Pool {
    fn start(shared: &Rc<Shared>, files: Vec<Dropped>) -> Result<Self, String> {
        if shared.spare.borrow().is_empty() {
            shared.prepare();
        }
        let spare = shared.spare.take();
        if spare.is_empty() {
            // Asked again for its words.
            seat_worker(shared, 0)?;
        }
        let up: Vec<usize> =
            spare.iter().enumerate().filter(|(_, s)| s.is_up).map(|(seat, _)| seat).collect();
        let unprobed = files.len();
        let workers: Vec<Connection> = spare.into_iter().map(|spare| spare.worker).collect();
        let desk = Desk::new(workers.len());
        let mut pool = Self { files, workers, desk, unprobed, left_out: Vec::new() };
        for seat in up {
            pool.open(seat)?;
        }
        Ok(pool)
    }

    fn open(&mut self, seat: usize) -> Result<(), String> {
        let files: Vec<JsValue> = self.files.iter().map(|file| file.file.clone().into()).collect();
        self.desk.ready(seat);
        self.send(seat, &Request::Open, &files)
    }

    fn hand_out(&mut self, examination: &mut Examination) -> Result<(), String> {
        while let Some(seat) = self.desk.idle() {
            let Some(job) = examination.next_job() else { break };
            self.send(seat, &Request::Run(job.clone()), &[])?;
            self.desk.assign(seat, job);
        }
        Ok(())
    }

    fn send(&self, seat: usize, request: &Request, attached: &[JsValue]) -> Result<(), String> {
        let Some(worker) = self.workers.get(seat) else { return Ok(()) };
        worker
            .send(request, attached, &[])
            .map_err(|why| format!("A job could not be sent ({why})"))
    }

    /// Frees the seat, and adds to the result what its segment had to leave out.
    fn finish(&mut self, seat: usize, mut result: JobResult) -> JobResult {
        self.desk.finish(seat);
        if let JobResult::Measured(measured) = &mut result {
            let mine = self.left_out.extract_if(.., |(segment, ..)| *segment == measured.index);
            measured.files.extend(mine.map(|(_, file, why)| (file, Err(why))));
        }
        result
    }
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

/// The segment without the file that was being read when its workers died; without a null test,
/// too, if the file takes part in it.
fn leave_out(job: &Job, file: Option<usize>) -> Option<(Job, usize, usize)> {
    let (Job::Segment(segment), Some(file)) = (job, file) else { return None };
    if !segment.reads().contains(&file) {
        return None;
    }
    let mut rest = segment.clone();
    rest.files.retain(|other| *other != file);
    rest.null =
        rest.null.filter(|null| null.reference != Some(file) && !null.stems.contains(&file));
    Some((Job::Segment(rest), segment.index, file))
}

fn broke(why: &str) -> Unreadable {
    Unreadable::Damaged(format!("measuring it stopped at a fault of Stemcheck: {why}"))
}

fn no_worker(why: &str) -> EngineEvent {
    EngineEvent::Failed(format!("This browser does not let the page start a worker ({why})"))
}

/// The demo song's bytes as files, in memory.
fn demo_files(names: Vec<String>, bytes: &[JsValue]) -> EngineEvent {
    let file = |(name, bytes): (String, &JsValue)| {
        let file = Blob::new_with_buffer_source_sequence(&Array::of1(bytes))?;
        Ok(Dropped { name, file })
    };
    let files: Result<Vec<Dropped>, JsValue> = names.into_iter().zip(bytes).map(file).collect();
    files.map_or_else(
        |_| EngineEvent::Failed("There is not enough memory for the demo song".into()),
        EngineEvent::Demo,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use stemcheck_session::job::{NullPlan, Segment};

    fn segment() -> Job {
        let null =
            NullPlan { stems: vec![0, 1], reference: Some(3), second: None, sample_rate: 48_000 };
        let files = vec![0, 1, 2, 3];
        Job::Segment(Segment {
            index: 7,
            files,
            start_s: 70.0,
            end_s: 80.0,
            null: Some(null),
            residual_alone: false,
        })
    }

    #[test]
    fn the_file_that_was_being_read_is_left_out() {
        let Some((Job::Segment(rest), 7, 2)) = leave_out(&segment(), Some(2)) else { panic!() };
        assert_eq!(rest.files, [0, 1, 3]);
        assert!(rest.null.is_some(), "it takes no part in the null test");
    }

    #[test]
    fn without_a_stem_there_is_no_null_test() {
        for file in [1, 3] {
            let Some((Job::Segment(rest), ..)) = leave_out(&segment(), Some(file)) else {
                panic!()
            };
            assert_eq!(rest.null, None);
        }
    }

    #[test]
    fn where_nobody_can_be_blamed_nothing_is_left_out() {
        assert_eq!(leave_out(&segment(), None), None);
        assert_eq!(leave_out(&segment(), Some(9)), None);
        assert_eq!(leave_out(&Job::Probe { file: 0 }, Some(0)), None);
    }
}
