//! A healthy song for the tests of the checks: change one thing, see what is found.

use super::{Album, Delivery, File, Finding, Song, run, say};
use crate::language::Language;
use crate::measure::Measurements;
use crate::null::Compound;
use crate::origin::Origin;
use crate::profile::Profile;
use crate::song::{Facts, Format, Role, Tags, Unreadable, guess_instrument};

struct Entry {
    name: String,
    role: Role,
    facts: Facts,
    measured: Option<Measurements>,
    origin: Option<Origin>,
}

/// A song of files that need not exist.
pub(super) struct Scene {
    pub profile: Profile,
    pub tempo_bpm: Option<f64>,
    pub sum: Option<Measurements>,
    pub rivals: Vec<usize>,
    pub nulls: bool,
    pub compounds: Vec<Compound>,
    pub album: Option<Album>,
    pub delivery: Option<Delivery>,
    files: Vec<Entry>,
}

impl Scene {
    /// Drums, bass, lead vocal and a mixdown of 30 s at 48 kHz and 24 bits, sound from 2 s on, and a
    /// profile that asks for everything.
    pub fn clean() -> Self {
        let profile = Profile {
            min_stems: Some(2),
            max_stems: Some(8),
            required_groups: vec![
                vec!["drums".to_owned(), "kick".to_owned()],
                vec!["bass".to_owned()],
            ],
            min_bits: Some(24),
            sample_rates: vec![44_100, 48_000],
            stereo_files: Some(true),
            equal_lengths: Some(true),
            leading_bar: Some(true),
            sum_headroom_db: Some(3.0),
            stem_headroom_db: Some(3.0),
            dc_dbfs: Some(-60.0),
            no_normalising: Some(true),
            ..Profile::default()
        };
        let sum = Some(measured(0.6, 7));
        let mut scene = Self {
            profile,
            tempo_bpm: None,
            sum,
            rivals: Vec::new(),
            nulls: false,
            compounds: Vec::new(),
            album: None,
            delivery: None,
            files: Vec::new(),
        };
        for name in ["Drums.wav", "Bass.wav", "Lead vocal.wav"] {
            scene.add(name, Role::Stem);
        }
        scene.add("Mixdown.wav", Role::Reference);
        scene
    }

    /// Adds a healthy file.
    pub fn add(&mut self, name: &str, role: Role) {
        let format = Format {
            container: "wav".to_owned(),
            codec: "pcm".to_owned(),
            sample_rate: 48_000,
            bits: 24,
            valid_bits: 24,
            float: false,
            channels: 2,
            frames: 30 * 48_000,
        };
        // No two files peak alike or hold the same samples.
        let number = self.files.len() as u64 + 1;
        let measured = measured(0.7 * 0.9f64.powi(number as i32), number);
        let facts = Facts { format: Ok(format), notes: Vec::new(), tags: Tags::default() };
        self.files.push(Entry {
            name: name.to_owned(),
            role,
            facts,
            measured: Some(measured),
            origin: None,
        });
    }

    /// Adds a file that cannot be read.
    pub fn add_unreadable(&mut self, name: &str, why: Unreadable) {
        let facts = Facts::unreadable(why);
        self.files.push(Entry {
            name: name.to_owned(),
            role: Role::Stem,
            facts,
            measured: None,
            origin: None,
        });
    }

    pub fn remove_reference(&mut self) {
        self.files.retain(|file| file.role != Role::Reference);
    }

    pub fn keep(&mut self, files: usize) {
        self.files.truncate(files);
    }

    pub fn rename(&mut self, file: usize, name: &str) {
        name.clone_into(&mut self.files[file].name);
    }

    pub fn facts(&mut self, file: usize) -> &mut Facts {
        &mut self.files[file].facts
    }

    pub fn origin(&mut self, file: usize) -> &mut Option<Origin> {
        &mut self.files[file].origin
    }

    /// Format and measurements of a file, to change.
    pub fn file(&mut self, file: usize) -> (&mut Format, &mut Measurements) {
        let entry = &mut self.files[file];
        (entry.facts.format.as_mut().unwrap(), entry.measured.as_mut().unwrap())
    }

    /// What all checks find.
    pub fn run(&self) -> Vec<Finding> {
        let files = self.files.iter().map(|entry| File {
            name: &entry.name,
            role: entry.role,
            instrument: guess_instrument(&entry.name),
            facts: &entry.facts,
            measured: entry.measured.as_ref(),
            origin: entry.origin.as_ref(),
        });
        let song = Song {
            profile: &self.profile,
            files: files.collect(),
            sum: self.sum.as_ref(),
            tempo_bpm: self.tempo_bpm,
            rivals: self.rivals.clone(),
            nulls: self.nulls,
            compounds: self.compounds.clone(),
            album: self.album.as_ref(),
            delivery: self.delivery.as_ref(),
        };
        let found = run(&song);
        for finding in &found {
            let sentence = self.say(finding);
            assert!(!sentence.contains('{') && sentence.ends_with('.'), "{sentence}");
        }
        found
    }

    /// The findings of one code.
    pub fn found(&self, code: &str) -> Vec<Finding> {
        self.run().into_iter().filter(|finding| finding.code == code).collect()
    }

    /// The one finding of this code.
    pub fn one(&self, code: &str) -> Finding {
        let mut found = self.found(code);
        assert_eq!(found.len(), 1, "{code}: {found:?}");
        found.remove(0)
    }

    /// Whether nothing at all is found.
    pub fn is_clean(&self) -> bool {
        self.run().is_empty()
    }

    pub fn say(&self, finding: &Finding) -> String {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        say(finding, &names, &Language::default())
    }
}

fn measured(peak: f64, fingerprint: u64) -> Measurements {
    Measurements {
        frames: 30 * 48_000,
        sample_rate: 48_000,
        peak: vec![peak, peak * 0.9],
        true_peak: vec![peak * 1.01, peak * 0.91],
        power: vec![peak * peak / 50.0; 2],
        dc: vec![1e-6, -1e-6],
        integrated_lufs: Some(-20.0),
        range_lu: Some(6.0),
        max_momentary_lufs: Some(-14.0),
        max_short_term_lufs: Some(-16.0),
        used_bits: 24,
        least_step: 2f64.powi(-23),
        correlation: Some(0.6),
        antiphase_share: 0.02,
        largest_difference: Some(peak / 2.0),
        side_power: Some(peak * peak / 500.0),
        first_sound: Some(2 * 48_000),
        last_sound: Some(28 * 48_000),
        head_powers: vec![0.0; 10],
        leading_zeros: 2 * 48_000,
        trailing_zeros: 48_000,
        fingerprint,
        ..Measurements::default()
    }
}
