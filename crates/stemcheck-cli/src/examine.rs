//! Runs an examination on threads: each takes jobs until everything is known.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};
use stemcheck_session::{Examination, Job, Options, Runner, hash};

use crate::songs::Song;

/// Steps of the progress bar.
const STEPS: u64 = 1000;

/// Examines a song on so many threads, or on all cores.
pub fn examine(song: &Song, options: Options, threads: Option<NonZeroUsize>) -> Examination {
    let threads = number_of(threads);
    let shared = Shared {
        examination: Mutex::new(Examination::new(song.inputs(), options)),
        changed: Condvar::new(),
        bar: progress_bar(&song.name, STEPS),
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| shared.work(song));
        }
    });
    shared.bar.finish_and_clear();
    shared.examination.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Reads headers and finds the mix, as far as the preview needs to know the song.
pub fn prepare(song: &Song) -> Examination {
    let mut examination = Examination::new(song.inputs(), song.options());
    let mut runner = Runner::new(Box::new(song.disk()));
    while let Some(job) = examination.next_job() {
        if matches!(job, Job::Segment(_)) {
            break;
        }
        examination.complete(runner.run(&job));
    }
    examination
}

/// SHA-256 of every file of a song; `None` of one that cannot be read.
pub fn hashes(song: &Song, threads: Option<NonZeroUsize>) -> Vec<Option<String>> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(vec![None; song.files.len()]);
    thread::scope(|scope| {
        for _ in 0..number_of(threads).min(song.files.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(place) = song.files.get(at) else { return };
                    let hash = place.open().and_then(|mut file| hash::sha256_of(&mut file)).ok();
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = found.get_mut(at) {
                        *slot = hash;
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// As many threads as asked, else as there are cores.
fn number_of(threads: Option<NonZeroUsize>) -> usize {
    threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

struct Shared {
    examination: Mutex<Examination>,
    changed: Condvar,
    bar: ProgressBar,
}

impl Shared {
    fn work(&self, song: &Song) {
        let mut runner = Runner::new(Box::new(song.disk()));
        while let Some(job) = self.next_job() {
            let result = catch_unwind(AssertUnwindSafe(|| runner.run(&job)));
            let mut examination = self.lock();
            if let Ok(result) = result {
                examination.complete(result);
            } else {
                // A bug ends one job, not the examination: the other threads would wait for ever.
                runner = Runner::new(Box::new(song.disk()));
                examination.abandon(&job, "a fault of Stemcheck's own");
            }
            self.bar.set_position((examination.progress() * STEPS as f64) as u64);
            self.changed.notify_all();
        }
    }

    /// The next job, as soon as there is one; `None` when all are done.
    fn next_job(&self) -> Option<Job> {
        let mut examination = self.lock();
        loop {
            if let Some(job) = examination.next_job() {
                return Some(job);
            }
            if examination.is_done() {
                return None;
            }
            examination = self.changed.wait(examination).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Examination> {
        self.examination.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A bar on stderr; indicatif draws none where that is no terminal.
pub fn progress_bar(name: &str, steps: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {eta:>4}");
    ProgressBar::new(steps)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(name.to_owned())
}
