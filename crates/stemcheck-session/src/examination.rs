//! The plan of one examination and its state: jobs out, results in, report at any time.
//!
//! Stages follow one another: headers, who is the reference, one pass in segments, why it does not
//! cancel, and the null again with the corrections. Within a stage jobs are independent and their
//! results come in any order. What is merged lives in `parts`, what is written in `report`.

use std::collections::{BTreeMap, VecDeque};

use stemcheck_core::checks::Album;
use stemcheck_core::language::Language;
use stemcheck_core::measure::{FilePart, Measurements, Waveform};
use stemcheck_core::null::{Compound, Diagnosis, Recipe, Repeatability, Spectrogram};
use stemcheck_core::origin::{self, Origin};
use stemcheck_core::profile::Profile;
use stemcheck_core::song::{Daw, Facts, Format, Instrument, Role, Unreadable};

use crate::delivery::Arrival;
use crate::job::{Job, JobResult, NullPlan, Segment};
use crate::parts::Parts;
use crate::report::Report;

mod again;
mod coded;
mod plan;

/// Length of a segment in seconds: the same whatever the number of workers, so that the result is.
const SEGMENT_S: f64 = 10.0;

/// A file as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInput {
    /// Name without folders.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// What the user chose; everything has a default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Name of the song (its folder).
    pub name: String,
    /// What is asked.
    pub profile: Profile,
    /// Roles set by hand, by file index.
    pub roles: Vec<(usize, Role)>,
    /// Instruments set by hand, by file index.
    pub instruments: Vec<(usize, Instrument)>,
    /// Tempo set by hand.
    pub tempo_bpm: Option<f64>,
    /// The program whose menus fixes speak of; without it, the one that the files tell.
    pub daw: Option<Daw>,
    /// Leave the null test out.
    pub no_null: bool,
    /// The album that the song is part of.
    pub album: Option<Album>,
    /// How it arrived, if it was packed before.
    pub arrival: Option<Arrival>,
    /// Leave everything else out: no meter runs but that of the residual.
    pub null_alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Probing,
    FindingReference,
    Measuring,
    Diagnosing,
    Verifying,
    Done,
}

/// One examination.
#[derive(Debug)]
pub struct Examination {
    pub(crate) files: Vec<FileInput>,
    pub(crate) options: Options,
    /// By file, as far as probed.
    pub(crate) facts: Vec<Option<Facts>>,
    pub(crate) plan: Result<NullPlan, String>,
    pub(crate) diagnosis: Option<Diagnosis>,
    /// What encoder left its grid in a file, if any, by file that was listened to.
    pub(crate) origins: BTreeMap<usize, Option<Origin>>,
    /// SHA-256 by file, where asked.
    pub(crate) hashes: Vec<Option<String>>,
    /// Residual and reference energy after the corrections, by first frame of the stretch.
    verified: BTreeMap<u64, (f64, f64)>,
    verification_complete: bool,
    /// Files that the others sum to, the likeliest first.
    found_references: Vec<usize>,
    parts: Parts,
    /// What is read from the parts, as far as they are complete.
    measured: Option<Measured>,
    /// [`SEGMENT_S`], but for tests that cut elsewhere.
    segment_s: f64,
    stage: Stage,
    queue: VecDeque<Job>,
    outstanding: usize,
    stage_jobs: usize,
}

/// What the meters read over the whole song.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) files: Vec<Option<Measurements>>,
    pub(crate) sum: Option<Measurements>,
    pub(crate) residual: Option<Measurements>,
    /// Stems that are the sum of others, as file indices.
    pub(crate) compounds: Vec<Compound>,
    /// The file that turned out to be a second render of the reference, and how well they match.
    pub(crate) second_render: Option<(usize, Repeatability)>,
}

impl Examination {
    /// An examination of these files, in this order.
    pub fn new(files: Vec<FileInput>, options: Options) -> Self {
        let queue: VecDeque<Job> = (0..files.len()).map(|file| Job::Probe { file }).collect();
        let mut examination = Self {
            facts: vec![None; files.len()],
            parts: Parts::default(),
            plan: Err("The files have not been read yet.".to_owned()),
            diagnosis: None,
            origins: BTreeMap::new(),
            hashes: Vec::new(),
            verified: BTreeMap::new(),
            verification_complete: true,
            found_references: Vec::new(),
            measured: None,
            segment_s: SEGMENT_S,
            stage: Stage::Probing,
            stage_jobs: queue.len(),
            queue,
            outstanding: 0,
            files,
            options,
        };
        examination.advance();
        examination
    }

    /// The next job to hand out; `None` while results are awaited, and at the end.
    pub fn next_job(&mut self) -> Option<Job> {
        let job = self.queue.pop_front()?;
        self.outstanding += 1;
        Some(job)
    }

    /// Takes a result. Order does not matter.
    pub fn complete(&mut self, result: JobResult) {
        self.outstanding = self.outstanding.saturating_sub(1);
        match result {
            JobResult::Probed { file, facts } => {
                if let Some(slot) = self.facts.get_mut(file) {
                    *slot = Some(facts);
                }
            }
            JobResult::References(files) => self.found_references = files,
            JobResult::Measured(mut segment) => {
                for (file, part) in &segment.files {
                    if let Err(error) = part {
                        self.lose(*file, error.clone());
                    }
                }
                segment.files.retain(|(_, part)| part.is_ok());
                self.parts.insert(*segment);
            }
            JobResult::Listened { file, origin } => {
                self.origins.insert(file, origin);
            }
            JobResult::Diagnosed(diagnosis) => self.diagnosis = Some(diagnosis),
            JobResult::Verified { start, residual_energy, reference_energy } => {
                self.verified.insert(start, (residual_energy, reference_energy));
            }
        }
        self.advance();
    }

    /// Gives a job back whose worker died; it is handed out again.
    pub fn give_back(&mut self, job: Job) {
        self.outstanding = self.outstanding.saturating_sub(1);
        self.queue.push_front(job);
    }

    /// Gives a job up that cannot be done (its worker died again and again): what it would have
    /// told stays unknown, and the report says so.
    pub fn abandon(&mut self, job: &Job, why: &str) {
        let lost = || Unreadable::Damaged(format!("the examination stopped here: {why}"));
        match job {
            Job::Probe { file } => self.lose(*file, lost()),
            Job::Segment(segment) => {
                for &file in &segment.files {
                    self.lose(file, lost());
                }
                // What is added up was read all the same.
                let lost = |null: &NullPlan| segment.files.iter().any(|&file| null.holds(file));
                if segment.null.as_ref().is_some_and(|null| !lost(null)) {
                    self.plan = Err(format!("The comparison with the mix stopped: {why}."));
                }
            }
            Job::FindReference { .. } | Job::Listen { .. } | Job::Diagnose { .. } => {}
            Job::Verify { .. } => self.verification_complete = false,
        }
        self.outstanding = self.outstanding.saturating_sub(1);
        self.advance();
    }

    /// Whether everything is known.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// How many files' headers are not read yet.
    pub fn unread(&self) -> usize {
        self.facts.iter().filter(|facts| facts.is_none()).count()
    }

    /// How much is done, 0 to 1. The pass over the bytes is most of it.
    pub fn progress(&self) -> f64 {
        let (from, to) = match self.stage {
            Stage::Probing => (0.0, 0.03),
            Stage::FindingReference => (0.03, 0.05),
            Stage::Measuring => (0.05, 0.85),
            Stage::Diagnosing => (0.85, 0.92),
            Stage::Verifying => (0.92, 1.0),
            Stage::Done => return 1.0,
        };
        let open = self.queue.len() + self.outstanding;
        let done = 1.0 - open as f64 / self.stage_jobs.max(1) as f64;
        from + (to - from) * done.clamp(0.0, 1.0)
    }

    /// The report of what is known so far; complete once [`Self::is_done`].
    pub fn report(&self) -> Report {
        self.report_in(&Language::default())
    }

    /// The same with its sentences in another language.
    pub fn report_in(&self, language: &Language) -> Report {
        crate::report::build::report(self, &self.names(), language)
    }

    /// The report of the same files under other names, one each, as they are packed.
    pub fn report_as(&self, names: &[&str]) -> Report {
        crate::report::build::report(self, names, &Language::default())
    }

    /// Names of the files, as given.
    pub fn names(&self) -> Vec<&str> {
        self.files.iter().map(|file| file.name.as_str()).collect()
    }

    /// Who is summed and subtracted, once that is known: the preview plays the same.
    ///
    /// # Errors
    /// A sentence that says why the files cannot be summed.
    pub fn plan(&self) -> Result<&NullPlan, &str> {
        self.plan.as_ref().map_err(String::as_str)
    }

    /// Puts hashes into the report, one a file.
    pub fn set_hashes(&mut self, hashes: Vec<Option<String>>) {
        self.hashes = hashes;
    }

    /// Judges how it arrived, too.
    pub fn set_arrival(&mut self, arrival: Option<Arrival>) {
        self.options.arrival = arrival;
    }

    /// Overview of a file's waveform as far as it is measured: parts in order of time, with gaps.
    pub fn waveform(&self, file: usize) -> Vec<&Waveform> {
        self.parts.waveforms(|part| part.file(file))
    }

    /// The same for the residual.
    pub fn residual_waveform(&self) -> Vec<&Waveform> {
        self.parts.waveforms(|part| part.residual.as_ref())
    }

    /// The residual by frequency, once that is known and worth a look.
    pub fn residual_spectrogram(&self) -> Option<&Spectrogram> {
        Some(&self.diagnosis.as_ref()?.blame.as_ref()?.spectrogram)
    }

    /// What makes the files fit, if anything was found that can be undone.
    pub fn recipe(&self) -> Option<&Recipe> {
        self.diagnosis.as_ref().map(|diagnosis| &diagnosis.recipe).filter(|r| !r.is_identity())
    }

    pub(crate) fn format(&self, file: usize) -> Option<&Format> {
        self.facts.get(file)?.as_ref()?.format.as_ref().ok()
    }

    /// Residual and reference energy of the whole song after the corrections, if there are any.
    pub(crate) fn verified(&self) -> Option<(f64, f64)> {
        let complete = self.stage == Stage::Done && self.verification_complete;
        (complete && !self.verified.is_empty()).then(|| {
            self.verified.values().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
        })
    }

    pub(crate) fn measured(&self) -> Option<&Measured> {
        self.measured.as_ref()
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    fn lose(&mut self, file: usize, error: Unreadable) {
        if let Some(slot) = self.facts.get_mut(file) {
            *slot = Some(Facts::unreadable(error));
        }
    }

    /// Goes on to the next stage that has work, once this one's results are all in.
    fn advance(&mut self) {
        while self.stage < Stage::Done && self.queue.is_empty() && self.outstanding == 0 {
            self.stage = match self.stage {
                Stage::Probing => Stage::FindingReference,
                Stage::FindingReference => Stage::Measuring,
                Stage::Measuring => Stage::Diagnosing,
                Stage::Diagnosing => Stage::Verifying,
                Stage::Verifying | Stage::Done => Stage::Done,
            };
            self.queue = match self.stage {
                Stage::FindingReference => self.find_reference().into_iter().collect(),
                Stage::Measuring => {
                    self.take_plan(self.make_plan());
                    self.segments()
                }
                Stage::Diagnosing => {
                    self.parts.join(self.stage_jobs);
                    self.read_meters();
                    // The longest first: the others fill up the time.
                    self.diagnose().into_iter().chain(self.listens()).collect()
                }
                Stage::Verifying => self.verify(),
                Stage::Probing | Stage::Done => VecDeque::new(),
            };
            self.stage_jobs = self.queue.len();
        }
    }

    /// The pass over what is not measured yet.
    fn segments(&self) -> VecDeque<Job> {
        let readable: Vec<usize> =
            (0..self.files.len()).filter(|&file| self.format(file).is_some()).collect();
        let whole = self.parts.whole();
        let files: Vec<usize> = readable
            .iter()
            .copied()
            .filter(|&file| !self.options.null_alone && whole.file(file).is_none())
            .collect();
        let null = self.plan.clone().ok().filter(|_| whole.null.is_none());
        if files.is_empty() && null.is_none() {
            return VecDeque::new();
        }
        let seconds = readable
            .iter()
            .filter_map(|&file| self.format(file))
            .map(Format::seconds)
            .fold(0.0, f64::max);
        let count = (seconds / self.segment_s).ceil() as usize;
        (0..count)
            .map(|index| {
                Job::Segment(Segment {
                    index,
                    files: files.clone(),
                    start_s: index as f64 * self.segment_s,
                    end_s: if index + 1 == count {
                        f64::MAX
                    } else {
                        (index + 1) as f64 * self.segment_s
                    },
                    null: null.clone(),
                    residual_alone: self.options.null_alone,
                })
            })
            .collect()
    }

    /// Reads the meters that were not read yet.
    fn read_meters(&mut self) {
        let whole = self.parts.whole();
        let mut known = self.measured.take().unwrap_or_default();
        known.files.resize_with(self.files.len(), || None);
        let files = known.files.into_iter().enumerate().map(|(file, known)| {
            self.format(file)?;
            known.or_else(|| Some(whole.file(file)?.measurements()))
        });
        let mix = |known: Option<Measurements>, part: &Option<FilePart>| {
            known.or_else(|| Some(part.as_ref()?.measurements()))
        };
        self.measured = Some(Measured {
            files: files.collect(),
            sum: mix(known.sum, &whole.sum),
            residual: mix(known.residual, &whole.residual),
            compounds: self.compounds(),
            second_render: self.second_render(),
        });
    }

    /// Stems that are the sum of others.
    fn compounds(&self) -> Vec<Compound> {
        let (Some(part), Ok(plan)) = (&self.parts.whole().null, &self.plan) else {
            return Vec::new();
        };
        let file = |stem: usize| plan.stems.get(stem).copied();
        part.compounds()
            .into_iter()
            .filter_map(|found| {
                let parts = found.parts.iter().map(|&stem| file(stem)).collect::<Option<_>>()?;
                Some(Compound { whole: file(found.whole)?, parts, ..found })
            })
            .collect()
    }

    /// What may be a second render of the reference, if it is one.
    fn second_render(&self) -> Option<(usize, Repeatability)> {
        let second = self.plan.as_ref().ok()?.second?;
        let part = self.parts.whole().null.as_ref()?;
        Some((second, part.repeatability()?))
    }

    fn diagnose(&self) -> Option<Job> {
        if self.diagnosis.is_some() || self.no_null_reason().is_some() {
            return None;
        }
        let null = self.plan.as_ref().ok()?.clone();
        let part = self.parts.whole().null.clone()?;
        (part.figures().residual_energy > 0.0).then_some(())?;
        Some(Job::Diagnose { setup: self.setup(&null)?, null, part })
    }

    /// Where each file of the song is loudest, the marks of an encoder are looked for.
    fn listens(&self) -> Vec<Job> {
        let files = self.measured.iter().flat_map(|measured| measured.files.iter().enumerate());
        files
            .filter(|(file, _)| self.role(*file) != Role::Other)
            .filter(|(file, _)| !self.origins.contains_key(file))
            .filter_map(|(file, measured)| {
                let measured = measured.as_ref()?;
                // What says that it is lossy need not be found out.
                if self.format(file)?.is_lossy() {
                    return None;
                }
                let starts = origin::excerpts(measured);
                let least_step = measured.least_step;
                (!starts.is_empty()).then_some(Job::Listen { file, starts, least_step })
            })
            .collect()
    }

    /// The null again with what was found undone: what would be left is measured, not guessed.
    fn verify(&self) -> VecDeque<Job> {
        let (Some(diagnosis), Ok(plan)) = (&self.diagnosis, &self.plan) else {
            return VecDeque::new();
        };
        let Some(setup) = self.setup(plan) else { return VecDeque::new() };
        if diagnosis.recipe.is_identity() || !self.verified.is_empty() {
            return VecDeque::new();
        }
        let stretch = (self.segment_s * f64::from(plan.sample_rate)) as u64;
        (0..setup.frames)
            .step_by(stretch.max(1) as usize)
            .map(|start| Job::Verify {
                null: plan.clone(),
                recipe: diagnosis.recipe.clone(),
                start,
                frames: stretch.min(setup.frames - start),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
