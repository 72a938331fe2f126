//! Who of the workers does what, and what becomes of a job whose worker died. Knows no browser.

/// The books of a pool of workers.
#[derive(Debug)]
pub struct Desk<J> {
    seats: Vec<Seat<J>>,
    /// Ticks since each gave its last sign of life.
    silent: Vec<u32>,
    /// Jobs that killed a worker once.
    suspects: Vec<J>,
}

#[derive(Debug, PartialEq)]
enum Seat<J> {
    Starting,
    Idle,
    Busy(J),
}

/// How a worker died.
#[derive(Debug, PartialEq, Eq)]
pub enum Death<J> {
    /// Before it was up: the next would die as well.
    Starting,
    /// With nothing to do.
    Idle,
    /// On its job, for the first time: it may have been the worker.
    Once(J),
    /// On a job that had killed a worker before: it is the job.
    Twice(J),
}

impl<J: PartialEq + Clone> Desk<J> {
    /// So many workers, all starting.
    pub fn new(workers: usize) -> Self {
        Self {
            seats: (0..workers).map(|_| Seat::Starting).collect(),
            silent: vec![0; workers],
            suspects: Vec::new(),
        }
    }

    /// The worker is up.
    pub fn ready(&mut self, seat: usize) {
        self.put(seat, Seat::Idle);
    }

    /// A worker with nothing to do.
    pub fn idle(&self) -> Option<usize> {
        self.seats.iter().position(|seat| *seat == Seat::Idle)
    }

    /// The worker does this job now.
    pub fn assign(&mut self, seat: usize, job: J) {
        self.put(seat, Seat::Busy(job));
    }

    /// The worker is through with its job.
    pub fn finish(&mut self, seat: usize) -> Option<J> {
        match self.put(seat, Seat::Idle) {
            Some(Seat::Busy(job)) => Some(job),
            _ => None,
        }
    }

    /// The worker died, and a new one is starting in its place.
    pub fn died(&mut self, seat: usize) -> Death<J> {
        match self.put(seat, Seat::Starting) {
            Some(Seat::Busy(job)) if self.suspects.contains(&job) => Death::Twice(job),
            Some(Seat::Busy(job)) => {
                self.suspects.push(job.clone());
                Death::Once(job)
            }
            Some(Seat::Idle) => Death::Idle,
            Some(Seat::Starting) | None => Death::Starting,
        }
    }

    /// The worker gave a sign of life.
    pub fn heard(&mut self, seat: usize) {
        if let Some(silent) = self.silent.get_mut(seat) {
            *silent = 0;
        }
    }

    /// Counts a tick, and tells whose patience is over; it depends on the job, `None` = starting.
    /// Who has nothing to do may be silent.
    pub fn tick(&mut self, patience: impl Fn(Option<&J>) -> u32) -> Vec<usize> {
        let mut over = Vec::new();
        for (seat, (state, silent)) in self.seats.iter().zip(&mut self.silent).enumerate() {
            let patience = match state {
                Seat::Idle => u32::MAX,
                Seat::Starting => patience(None),
                Seat::Busy(job) => patience(Some(job)),
            };
            *silent += 1;
            if *silent >= patience {
                over.push(seat);
            }
        }
        over
    }

    /// Whether no result is to be expected.
    pub fn is_quiet(&self) -> bool {
        self.seats.iter().all(|seat| *seat == Seat::Idle)
    }

    fn put(&mut self, seat: usize, state: Seat<J>) -> Option<Seat<J>> {
        self.heard(seat);
        self.seats.get_mut(seat).map(|seat| std::mem::replace(seat, state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_jobs_to_idle_workers_only() {
        let mut desk = Desk::new(2);
        assert_eq!(desk.idle(), None);
        desk.ready(1);
        assert_eq!(desk.idle(), Some(1));
        desk.assign(1, "a");
        assert_eq!(desk.idle(), None);
        assert_eq!(desk.finish(1), Some("a"));
        assert_eq!(desk.idle(), Some(1));
    }

    #[test]
    fn is_quiet_only_when_nobody_works_or_starts() {
        let mut desk = Desk::new(1);
        assert!(!desk.is_quiet());
        desk.ready(0);
        assert!(desk.is_quiet());
        desk.assign(0, "a");
        assert!(!desk.is_quiet());
    }

    #[test]
    fn a_job_gets_a_second_worker_and_no_third() {
        let mut desk = Desk::new(2);
        desk.ready(0);
        desk.ready(1);
        desk.assign(0, "deadly");
        assert_eq!(desk.died(0), Death::Once("deadly"));
        assert_eq!(desk.idle(), Some(1), "the new worker is not up yet");
        desk.assign(1, "deadly");
        assert_eq!(desk.died(1), Death::Twice("deadly"));
    }

    #[test]
    fn who_is_silent_for_too_long_is_given_up_unless_idle() {
        let patience = |job: Option<&&str>| if job.is_none() { 5 } else { 2 };
        let mut desk = Desk::new(3);
        desk.ready(0);
        desk.ready(1);
        desk.assign(0, "work");
        assert!(desk.tick(patience).is_empty());
        desk.heard(0);
        assert!(desk.tick(patience).is_empty());
        assert_eq!(desk.tick(patience), [0], "its patience is over");
        assert_eq!(desk.died(0), Death::Once("work"));
        assert!(desk.tick(patience).is_empty(), "the new worker has time to start");
        assert_eq!(desk.tick(patience), [2], "this one never came up");
    }

    #[test]
    fn another_job_is_not_blamed() {
        let mut desk = Desk::new(1);
        desk.ready(0);
        desk.assign(0, "deadly");
        desk.died(0);
        desk.ready(0);
        desk.assign(0, "innocent");
        assert_eq!(desk.died(0), Death::Once("innocent"));
    }

    #[test]
    fn a_worker_that_never_came_up_is_told_apart() {
        let mut desk = Desk::<&str>::new(1);
        assert_eq!(desk.died(0), Death::Starting);
        desk.ready(0);
        assert_eq!(desk.died(0), Death::Idle);
    }
}
