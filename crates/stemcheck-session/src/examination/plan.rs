//! Who is summed and who is subtracted: roles, the reference, and why the null test cannot run.

use stemcheck_core::measure::Run;
use stemcheck_core::null::{Mark, Setup};
use stemcheck_core::song::{self, Facts, Format, Instrument, Role, Unreadable};

use super::Examination;
use crate::job::{Job, NullPlan};

/// Fewest files among which a reference is looked for: two stems and their mix.
const FEWEST_FOR_REFERENCE: usize = 3;

/// Two renders of a song may differ by so much in length, in seconds.
const RENDERS_APART_S: f64 = 0.1;

impl Examination {
    /// What a file is to the song: set by hand, else the reference that was found, else a stem. What
    /// could be the reference as well is neither: in the sum it would double everything.
    pub fn role(&self, file: usize) -> Role {
        let by_hand = self.options.roles.iter().rev().find(|(at, _)| *at == file);
        match by_hand {
            Some((_, role)) => *role,
            None if self.reference() == Some(file) => Role::Reference,
            None if self.mixes().contains(&file) => Role::Other,
            None => Role::Stem,
        }
    }

    /// What a file holds: as set by hand, else as its name tells.
    pub fn instrument(&self, file: usize) -> Option<Instrument> {
        let by_hand = self.options.instruments.iter().rev().find(|(at, _)| *at == file);
        let by_name = || song::guess_instrument(&self.files.get(file)?.name);
        by_hand.map(|(_, instrument)| *instrument).or_else(by_name)
    }

    /// The reference: by hand, else by name, else by which file the others sum to.
    pub(crate) fn reference(&self) -> Option<usize> {
        self.reference_by_hand().or_else(|| self.mixes().first().copied())
    }

    /// Files that could be the reference as well as the one that was taken; empty where it was set
    /// by hand.
    pub(crate) fn rivals(&self) -> Vec<usize> {
        if self.reference_by_hand().is_some() {
            return Vec::new();
        }
        let measured = self.measured.as_ref().and_then(|measured| measured.second_render.as_ref());
        let render = measured.map(|(file, _)| *file);
        self.mixes().into_iter().skip(1).filter(|file| Some(*file) != render).collect()
    }

    /// What may be a second render of the reference: another mix of the same form and length.
    fn candidate_render(&self, reference: usize) -> Option<usize> {
        let first = self.format(reference)?;
        let is_alike = |file: &usize| {
            self.format(*file).is_some_and(|other| {
                let apart = first.frames.abs_diff(other.frames) as f64;
                (first.sample_rate, first.channels) == (other.sample_rate, other.channels)
                    && apart <= RENDERS_APART_S * f64::from(first.sample_rate)
                    && !first.is_lossy()
                    && !other.is_lossy()
            })
        };
        self.mixes().into_iter().filter(|&file| file != reference).find(is_alike)
    }

    fn reference_by_hand(&self) -> Option<usize> {
        let by_hand = self.options.roles.iter().filter(|(_, role)| *role == Role::Reference);
        by_hand.map(|(file, _)| *file).next_back()
    }

    /// What is the stereo mix by name, else by sum, the likeliest first; nothing that was set by hand.
    fn mixes(&self) -> Vec<usize> {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let mut mixes = song::guess_references(&names);
        if mixes.is_empty() {
            mixes.clone_from(&self.found_references);
        }
        mixes.retain(|file| !self.options.roles.iter().any(|(at, _)| at == file));
        mixes
    }

    pub(super) fn find_reference(&self) -> Option<Job> {
        if self.options.no_null || self.reference().is_some() {
            return None;
        }
        let candidates: Vec<usize> = (0..self.files.len())
            .filter(|&file| self.format(file).is_some() && self.role(file) == Role::Stem)
            .collect();
        let sample_rate = self.format(*candidates.first()?)?.sample_rate;
        let formats: Vec<&Format> = candidates.iter().filter_map(|&f| self.format(f)).collect();
        let alike = formats.iter().all(|format| format.sample_rate == sample_rate);
        let frames = formats.iter().map(|format| format.frames).max()?;
        (alike && candidates.len() >= FEWEST_FOR_REFERENCE).then_some(Job::FindReference {
            files: candidates,
            sample_rate,
            frames,
        })
    }

    /// Who can be summed. An empty file is silence and leaves the sum as it is.
    pub(super) fn make_plan(&self) -> Result<NullPlan, String> {
        let stems: Vec<usize> = (0..self.files.len())
            .filter(|&file| self.role(file) == Role::Stem && self.format(file).is_some())
            .collect();
        let first = *stems.first().ok_or("There is no stem that can be read.")?;
        let rate_of = |file| self.format(file).map(|format| format.sample_rate);
        let sample_rate = rate_of(first).ok_or("There is no stem that can be read.")?;
        if stems.iter().any(|&stem| rate_of(stem) != Some(sample_rate)) {
            return Err("The stems have different sample rates, so they cannot be added up.".into());
        }
        let reference = self.reference().filter(|&file| {
            !self.options.no_null
                && self.why_no_null(file).is_none()
                && rate_of(file) == Some(sample_rate)
        });
        let second = reference.and_then(|reference| self.candidate_render(reference));
        Ok(NullPlan { stems, reference, second, sample_rate })
    }

    /// What keeps the null test with this reference from being run, as a sentence.
    fn why_no_null(&self, reference: usize) -> Option<String> {
        let name = |file: usize| self.files.get(file).map_or("", |file| file.name.as_str());
        let broken = (0..self.files.len()).find(|&file| {
            let damaged = matches!(
                self.facts.get(file),
                Some(Some(Facts {
                    format: Err(Unreadable::Damaged(_) | Unreadable::Unsupported(_)),
                    ..
                }))
            );
            damaged && self.role(file) == Role::Stem && !song::names_a_document(name(file))
        });
        if self.format(reference).is_none() {
            Some(format!(
                "The reference mix {} could not be read, so there is nothing to compare the stems with.",
                name(reference)
            ))
        } else {
            broken.map(|file| {
                format!(
                    "{} could not be read, so the stems cannot be added up completely.",
                    name(file)
                )
            })
        }
    }

    /// Why the null test did not run, as a sentence; `None` if it did, or will.
    pub(crate) fn no_null_reason(&self) -> Option<String> {
        if self.options.no_null {
            return Some("The null test was left out.".to_owned());
        }
        let reference = match (&self.plan, self.reference()) {
            (_, None) => {
                return Some(
                    "There is no reference mix among the files, so there is nothing to compare the stems with."
                        .to_owned(),
                );
            }
            (_, Some(reference)) => reference,
        };
        if let Some(why) = self.why_no_null(reference) {
            return Some(why);
        }
        match &self.plan {
            Err(why) => Some(why.clone()),
            Ok(plan) if plan.reference.is_none() => {
                let rate = self.format(reference).map_or(0, |format| format.sample_rate);
                Some(format!(
                    "The reference mix has {rate} Hz and the stems have {} Hz, so they cannot be compared.",
                    plan.sample_rate
                ))
            }
            Ok(_) => None,
        }
    }

    pub(crate) fn setup(&self, plan: &NullPlan) -> Option<Setup> {
        let reference = self.format(plan.reference?)?;
        let stems: Vec<&Format> = plan.stems.iter().filter_map(|&f| self.format(f)).collect();
        Some(Setup {
            sample_rate: plan.sample_rate,
            stems: stems.iter().map(|format| format.word()).collect(),
            reference: reference.word(),
            frames: stems.iter().chain([&reference]).map(|format| format.frames).max()?,
            lengths: stems.iter().chain([&reference]).map(|format| format.frames).collect(),
            marks: self.marks(plan),
        })
    }

    /// Where the meters have seen a click or a hole.
    fn marks(&self, plan: &NullPlan) -> Vec<Mark> {
        let files = plan.stems.iter().copied().chain(plan.reference);
        let measured = |file: usize| self.measured()?.files.get(file)?.as_ref();
        let of = |(at, file): (usize, usize)| {
            let found = measured(file).map(|measured| (&measured.clicks, &measured.dropouts));
            let mark = move |run: &Run, is_hole| Mark {
                file: at,
                start: run.start,
                frames: run.frames,
                is_hole,
            };
            found.into_iter().flat_map(move |(clicks, holes)| {
                let clicks = clicks.places.iter().map(move |run| mark(run, false));
                clicks.chain(holes.places.iter().map(move |run| mark(run, true)))
            })
        };
        files.enumerate().flat_map(of).collect()
    }
}
