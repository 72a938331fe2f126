//! The workers of one examination: who has which job, and what a segment is measured without.
//!
//! A job whose worker died gets a second worker. If that dies too, the file that was being read is
//! left out and told as damaged; if it cannot be told which one it was, the job is abandoned. There
//! is no third try, so the examination always ends.

use std::rc::Rc;

use stemcheck_session::Examination;
use stemcheck_session::core::song::Unreadable;
use stemcheck_session::job::{Job, JobResult};
use wasm_bindgen::JsValue;

use super::{Shared, seat_worker};
use crate::files::Dropped;
use crate::texts;
use crate::worker::client::Connection;
use crate::worker::desk::{Death, Desk};
use crate::worker::message::Request;

/// The workers of one examination.
pub(super) struct Pool {
    files: Vec<Dropped>,
    workers: Vec<Connection>,
    pub(super) desk: Desk<Job>,
    /// Files that a segment is measured without because they kill workers.
    left_out: Vec<(usize, usize, Unreadable)>,
}

impl Pool {
    /// Takes the spare workers for these files.
    pub(super) fn start(shared: &Rc<Shared>, files: Vec<Dropped>) -> Result<Self, String> {
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
        let workers: Vec<Connection> = spare.into_iter().map(|spare| spare.worker).collect();
        let desk = Desk::new(workers.len());
        let mut pool = Self { files, workers, desk, left_out: Vec::new() };
        for seat in up {
            pool.open(seat)?;
        }
        Ok(pool)
    }

    /// Hands the files to a worker that is up.
    pub(super) fn open(&mut self, seat: usize) -> Result<(), String> {
        let files: Vec<JsValue> = self.files.iter().map(|file| file.file.clone().into()).collect();
        self.desk.ready(seat);
        self.send(seat, &Request::Open, &files)
    }

    /// Gives every idle worker a job, as long as there are any.
    pub(super) fn hand_out(&mut self, examination: &mut Examination) -> Result<(), String> {
        while let Some(seat) = self.desk.idle() {
            let Some(job) = examination.next_job() else { break };
            self.send(seat, &Request::Run(job.clone()), &[])?;
            self.desk.assign(seat, job);
        }
        Ok(())
    }

    fn send(&self, seat: usize, request: &Request, attached: &[JsValue]) -> Result<(), String> {
        let Some(worker) = self.workers.get(seat) else { return Ok(()) };
        worker.send(request, attached, &[]).map_err(|why| texts::not_sent(&why))
    }

    /// Frees the seat, and adds to the result what its segment had to leave out.
    pub(super) fn finish(&mut self, seat: usize, mut result: JobResult) -> JobResult {
        self.desk.finish(seat);
        if let JobResult::Measured(measured) = &mut result {
            let mine = self.left_out.extract_if(.., |(segment, ..)| *segment == measured.index);
            measured.files.extend(mine.map(|(_, file, why)| (file, Err(why))));
        }
        result
    }
}

/// The seat of a worker that died is taken by another one; what becomes of its job.
impl Pool {
    pub(super) fn bury(
        &mut self,
        seat: usize,
        worker: Connection,
        why: &str,
        file: Option<usize>,
        examination: &mut Examination,
    ) -> Result<(), String> {
        if let Some(place) = self.workers.get_mut(seat) {
            *place = worker;
        }
        match self.desk.died(seat) {
            Death::Starting => {
                return Err(texts::not_started(why));
            }
            Death::Idle => {}
            Death::Once(job) => examination.give_back(job),
            Death::Twice(job) => {
                if let Some((rest, segment, file)) = leave_out(&job, file) {
                    self.left_out.push((segment, file, broke(why)));
                    examination.give_back(rest);
                } else {
                    examination.abandon(&job, why);
                }
            }
        }
        Ok(())
    }
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
