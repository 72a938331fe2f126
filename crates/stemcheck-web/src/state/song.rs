//! The song on the page: its files as the user has set them, and what was found out.

use std::rc::Rc;

use stemcheck_session::core::preview::Fader;
use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::{Instrument, Role};
use stemcheck_session::report::{FileReport, FindingReport, Report, SongReport};

use super::Signature;

/// One file of the song.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Name without folders. Text, never markup.
    pub name: String,
    /// What it is to the song: as set by hand, else as the last report took it.
    pub role: Role,
    /// Whether the user said so.
    pub by_hand: bool,
    /// What it holds, if the user said so.
    pub instrument: Option<Instrument>,
    /// Its fader.
    pub fader: Fader,
}

/// The song on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Name of the folder, or what the page calls it.
    pub name: String,
    /// Whether that is its own name.
    pub is_named: bool,
    /// Beats a minute, set by hand; `None` = as the names tell.
    pub tempo_bpm: Option<f64>,
    /// In the order given.
    pub files: Vec<File>,
    /// What the artist adds to the report.
    pub signature: Signature,
    /// What is known so far.
    pub report: Option<Rc<Report>>,
}

impl Song {
    /// A song of which nothing but names is known.
    pub fn new(name: String, files: Vec<String>) -> Self {
        let file = |name| File {
            name,
            role: Role::Stem,
            by_hand: false,
            instrument: None,
            fader: Fader::default(),
        };
        let files = files.into_iter().map(file).collect();
        let signature = Signature::default();
        Self { name, is_named: true, tempo_bpm: None, files, signature, report: None }
    }

    /// Drops what was found out; what the user set stays.
    pub fn forget(&mut self) {
        self.report = None;
    }

    /// Takes a report; roles set by hand stay, the others follow it.
    pub fn learn(&mut self, report: Report) {
        if let Some(song) = report.songs.first() {
            for (file, told) in self.files.iter_mut().zip(&song.files) {
                if !file.by_hand {
                    file.role = told.role;
                }
            }
        }
        self.report = Some(Rc::new(report));
    }

    /// Sets a role by hand, and says whether that is news. A song has one reference: the former one
    /// is no longer part of it.
    pub fn set_role(&mut self, file: usize, role: Role) -> bool {
        if self.files.get(file).is_none_or(|file| file.role == role) {
            return false;
        }
        for (index, other) in self.files.iter_mut().enumerate() {
            if index == file {
                (other.role, other.by_hand) = (role, true);
            } else if role == Role::Reference && other.role == Role::Reference {
                other.role = Role::Other;
            }
        }
        true
    }

    /// Sets by hand what a file holds.
    pub fn set_instrument(&mut self, file: usize, instrument: Option<Instrument>) {
        if let Some(file) = self.files.get_mut(file) {
            file.instrument = instrument;
        }
    }

    /// Takes back what was said about a file, and says whether its role was.
    pub fn guess(&mut self, file: usize) -> bool {
        let Some(file) = self.files.get_mut(file) else { return false };
        file.instrument = None;
        std::mem::replace(&mut file.by_hand, false)
    }

    /// Other files are in the place of these.
    pub fn rename(&mut self, files: Vec<(usize, String)>) {
        for (index, name) in files {
            if let Some(file) = self.files.get_mut(index) {
                file.name = name;
            }
        }
    }

    /// Instruments that were set by hand, by file.
    pub fn instruments_by_hand(&self) -> Vec<(usize, Instrument)> {
        let files = self.files.iter().enumerate();
        files.filter_map(|(index, file)| Some((index, file.instrument?))).collect()
    }

    /// Roles that were set by hand, by file.
    pub fn roles_by_hand(&self) -> Vec<(usize, Role)> {
        let files = self.files.iter().enumerate();
        files.filter(|(_, file)| file.by_hand).map(|(i, file)| (i, file.role)).collect()
    }

    /// What is known of the song.
    pub fn told(&self) -> Option<&SongReport> {
        self.report.as_ref()?.songs.first()
    }

    /// What is known of a file.
    pub fn told_of(&self, file: usize) -> Option<&FileReport> {
        self.told()?.files.get(file)
    }

    /// Length of the longest file in seconds; 0 while it is not known.
    pub fn seconds(&self) -> f64 {
        let files = self.told().map_or(&[][..], |song| &song.files);
        files.iter().filter_map(|file| file.format.as_ref()).map(|f| f.seconds).fold(0.0, f64::max)
    }

    /// Whether a finding comes from the null test.
    pub fn is_cause(&self, code: &str) -> bool {
        self.told().is_some_and(|song| song.null.causes.iter().any(|cause| cause.code == code))
    }

    /// Number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.told().map_or(&[][..], |song| &song.findings);
        findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Index of the file that a finding or a cause names.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|file| file.name == name)
    }

    /// Name of a file.
    pub fn name_of(&self, file: usize) -> Option<&str> {
        self.files.get(file).map(|file| file.name.as_str())
    }

    /// Findings on one file, worst first.
    pub fn findings_of(&self, file: usize) -> impl Iterator<Item = &FindingReport> {
        let name = self.name_of(file);
        let findings = self.told().map_or(&[][..], |song| &song.findings);
        findings.iter().filter(move |finding| finding.file.as_deref() == name && name.is_some())
    }
}
