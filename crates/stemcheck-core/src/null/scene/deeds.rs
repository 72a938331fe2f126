//! What has been done to the files of a scene: corrections, treatments, gains that are followed.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Scene;
use crate::null::bus::Bus;
use crate::null::portrait::Portrait;
use crate::null::recipe::{Correction, Pair, add, scale, silence};
use crate::null::treatment::Treatment;

impl Scene<'_> {
    /// Changes some files' corrections.
    pub(in crate::null) fn correct(&mut self, changes: &[(usize, Correction)]) {
        for &(file, correction) in changes {
            if correction.advance_frames != self.corrections[file].advance_frames {
                self.tracks[file] = self.read(file, correction.advance_frames);
            }
            self.corrections[file] = correction;
        }
        self.subtract();
    }

    /// Everything that has been done so far, to come back to.
    pub(in crate::null) fn state(&self) -> State {
        State {
            corrections: self.corrections.clone(),
            treatments: self.treatments.clone(),
            bus: self.bus.clone(),
            gains: self.gains.clone(),
            lost: self.lost.clone(),
            portrait: self.portrait.clone(),
        }
    }

    /// Comes back to a state.
    pub(in crate::null) fn restore(&mut self, state: State) {
        let State { corrections, treatments, bus, gains, lost, portrait } = state;
        for file in 0..self.files() {
            let same = corrections[file].advance_frames == self.corrections[file].advance_frames
                && treatments[file] == self.treatments[file]
                && Rc::ptr_eq(&gains[file], &self.gains[file]);
            self.treatments[file].clone_from(&treatments[file]);
            self.gains[file] = Rc::clone(&gains[file]);
            if !same {
                self.tracks[file] = self.read(file, corrections[file].advance_frames);
            }
        }
        (self.corrections, self.bus, self.lost) = (corrections, bus, lost);
        self.subtract();
        self.portrait = portrait;
    }

    /// How much louder the reference is made than it was.
    pub(in crate::null) fn reference_scale(&self, before: &State) -> f64 {
        let reference = self.reference();
        self.corrections[reference].gain / before.corrections[reference].gain
    }

    /// Leaves frames out from here on.
    pub(in crate::null) fn lose(&mut self, ranges: &[(u64, u64)]) {
        self.lost.extend(ranges);
        self.subtract();
    }

    /// Sets what comes before gain and shift of one file.
    pub(in crate::null) fn treat(&mut self, file: usize, treatments: Vec<Treatment>) {
        self.treatments[file] = treatments;
        self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
        self.subtract();
    }

    /// What comes before gain and shift of one file.
    pub(in crate::null) fn treatments(&self, file: usize) -> &[Treatment] {
        &self.treatments[file]
    }

    /// Follows a gain from here on, as the files are now.
    pub(in crate::null) fn follow(&mut self, bus: Bus) {
        let mut followed: BTreeMap<(usize, usize), Vec<Pair>> = BTreeMap::new();
        for window in 0..self.starts.len() {
            let files: Vec<Pair> =
                (0..self.files()).map(|file| self.padded(file, window)).collect();
            for (range, gains) in bus.gains(&files) {
                followed.entry((range.start, range.end)).or_default().push(gains);
            }
        }
        self.bus.push(bus);
        for ((first, end), gains) in followed {
            let gains = Rc::new(gains);
            let more = |before: &[Pair]| {
                let mut both = before.to_vec();
                both.iter_mut().zip(&*gains).for_each(|(both, gains)| scale(both, gains));
                both
            };
            for file in first..end {
                self.gains[file] = match self.gains[file].as_slice() {
                    [] => Rc::clone(&gains),
                    before => Rc::new(more(before)),
                };
                self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
            }
        }
        self.subtract();
    }

    /// Follows anew what is followed, now that the files are others.
    pub(in crate::null) fn follow_again(&mut self) {
        let followed = std::mem::take(&mut self.bus);
        if followed.is_empty() {
            return;
        }
        for file in 0..self.files() {
            if !self.gains[file].is_empty() {
                self.gains[file] = Rc::default();
                self.tracks[file] = self.read(file, self.corrections[file].advance_frames);
            }
        }
        for bus in followed {
            self.follow(bus);
        }
    }

    /// What is followed.
    pub(in crate::null) fn bus(&self) -> &[Bus] {
        &self.bus
    }

    /// The sum of the stems before anything was followed, by window.
    pub(in crate::null) fn unscaled_sum(&self) -> Vec<Pair> {
        let range = self.size.margin..self.size.margin + self.size.core;
        (0..self.starts.len())
            .map(|window| {
                let mut sum = silence(self.size.core);
                for stem in 0..self.reference() {
                    let mut core = self.core(&self.tracks[stem][window]);
                    if let Some(gains) = self.gains[stem].get(window) {
                        for (side, gains) in core.iter_mut().zip(gains) {
                            for (x, gain) in side.iter_mut().zip(&gains[range.clone()]) {
                                *x /= gain.max(1e-3);
                            }
                        }
                    }
                    add(&mut sum, self.corrections[stem].gain, &core);
                }
                sum
            })
            .collect()
    }
}

/// What has been done to a scene.
#[derive(Clone)]
pub(in crate::null) struct State {
    corrections: Vec<Correction>,
    treatments: Vec<Vec<Treatment>>,
    bus: Vec<Bus>,
    gains: Vec<Rc<Vec<Pair>>>,
    lost: Vec<(u64, u64)>,
    portrait: Option<Rc<Portrait>>,
}
