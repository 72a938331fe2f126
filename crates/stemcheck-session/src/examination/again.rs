//! What changes after the fact: other demands, other roles, another file. What is known and does not
//! depend on the change is kept; only the rest is done again.
//!
//! Demands are judged without reading. A role changes who is summed, so everything that is summed is
//! read again, but not measured. A file that takes another's place is measured alone; the sum with it
//! needs the others' samples, which nobody keeps.

use std::collections::VecDeque;

use stemcheck_core::checks::Album;
use stemcheck_core::profile::Profile;
use stemcheck_core::song::{Daw, Instrument, Role};

use super::{Examination, FileInput, Stage};
use crate::job::{Job, NullPlan};

impl Examination {
    /// Judges by another profile or tempo, without reading anything again.
    pub fn set_profile(&mut self, profile: Profile, tempo_bpm: Option<f64>) {
        self.options.profile = profile;
        self.options.tempo_bpm = tempo_bpm;
    }

    /// Speaks of another program's menus, or of the one that the files tell.
    pub fn set_daw(&mut self, daw: Option<Daw>) {
        self.options.daw = daw;
    }

    /// Judges with instruments set by hand, by file index, without reading anything again.
    pub fn set_instruments(&mut self, instruments: Vec<(usize, Instrument)>) {
        self.options.instruments = instruments;
    }

    /// Judges as part of another album, without reading anything again.
    pub fn set_album(&mut self, album: Option<Album>) {
        self.options.album = album;
    }

    /// Takes roles set by hand, by file index, and goes on with what they change. Results of jobs
    /// that were handed out before must not come any more.
    pub fn set_roles(&mut self, roles: Vec<(usize, Role)>) {
        self.options.roles = roles;
        self.begin_again();
    }

    /// Another file is in the place of the one with this index. Results of jobs that were handed out
    /// before must not come any more.
    pub fn replace(&mut self, file: usize, input: FileInput) {
        let Some(place) = self.files.get_mut(file) else { return };
        *place = input;
        self.facts[file] = None;
        self.origins.remove(&file);
        self.parts.forget_file(file);
        if let Some(measured) = self.measured.as_mut().and_then(|it| it.files.get_mut(file)) {
            *measured = None;
        }
        self.found_references.clear();
        if self.plan.as_ref().is_ok_and(|plan| plan.holds(file)) {
            self.forget_null();
        }
        self.begin_again();
    }

    /// Takes the plan of who is summed; what was known of another sum is forgotten.
    pub(super) fn take_plan(&mut self, plan: Result<NullPlan, String>) {
        if plan != self.plan {
            self.forget_null();
        }
        self.plan = plan;
    }

    fn forget_null(&mut self) {
        self.parts.forget_null();
        self.diagnosis = None;
        self.verified.clear();
        self.verification_complete = true;
        if let Some(measured) = &mut self.measured {
            (measured.sum, measured.residual, measured.second_render) = (None, None, None);
            measured.compounds.clear();
        }
    }

    /// Goes through all stages again; each does what is not known.
    fn begin_again(&mut self) {
        self.outstanding = 0;
        self.parts.interrupt();
        if self.stage < Stage::Done {
            self.verified.clear();
        }
        // Until the plan is made anew, nothing is told of a sum that may not be the one.
        let plan = self.make_plan();
        if self.facts.iter().all(Option::is_some) {
            self.take_plan(plan);
        }
        self.stage = Stage::Probing;
        let unknown = (0..self.files.len()).filter(|&file| self.facts[file].is_none());
        self.queue = unknown.map(|file| Job::Probe { file }).collect::<VecDeque<_>>();
        self.stage_jobs = self.queue.len();
        self.advance();
    }
}
