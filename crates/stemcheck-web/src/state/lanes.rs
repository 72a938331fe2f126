//! In which order the files lie under each other, and where their findings are marked.

use std::rc::Rc;

use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Role;
use stemcheck_session::report::FindingReport;

use crate::texts;

use super::Song;

/// Marks drawn on one lane; a song with thousands of clips is red enough with these.
const MARKS_KEPT: usize = 400;

/// Files by what they are to the song, each in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lanes {
    /// What is summed.
    pub stems: Vec<usize>,
    /// The mix.
    pub reference: Option<usize>,
    /// What is neither, or could not be read.
    pub others: Vec<usize>,
}

/// Sorts the song's files into lanes. An unreadable file is no part of the sum, whatever its role.
pub fn lanes(song: &Song) -> Lanes {
    let mut lanes = Lanes::default();
    for (index, file) in song.files.iter().enumerate() {
        let readable = song.told_of(index).is_none_or(|told| told.readable);
        match file.role {
            Role::Stem if readable => lanes.stems.push(index),
            Role::Reference if readable && lanes.reference.is_none() => {
                lanes.reference = Some(index);
            }
            _ => lanes.others.push(index),
        }
    }
    lanes
}

/// A finding's place on a waveform.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// How bad it is.
    pub severity: Severity,
    /// Begin in seconds.
    pub start_s: f64,
    /// End in seconds.
    pub end_s: f64,
    /// The finding in a few words.
    pub title: String,
}

/// Where findings are marked on a waveform: worst severity last, so that it is drawn on top.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks(pub Rc<Vec<Mark>>);

impl Marks {
    /// The worst finding within `slack_s` of a time.
    pub fn at(&self, at_s: f64, slack_s: f64) -> Option<&Mark> {
        let near = |mark: &&Mark| (mark.start_s - slack_s..=mark.end_s + slack_s).contains(&at_s);
        self.0.iter().rev().find(near)
    }
}

/// The marks of a file, or of what belongs to none (`None`): the places of its findings. Places that
/// span the whole song say nothing about where to look and are left out.
pub fn marks(song: &Song, file: Option<usize>) -> Marks {
    let seconds = song.seconds();
    let findings = song.told().map_or(&[][..], |song| &song.findings);
    let belongs = |finding: &&FindingReport| match file {
        Some(file) => song.name_of(file).is_some_and(|name| finding.file.as_deref() == Some(name)),
        None => finding.file.is_none(),
    };
    let mut marks: Vec<Mark> = findings
        .iter()
        .filter(belongs)
        .flat_map(|finding| {
            let title = texts::title(&finding.code);
            finding.places.iter().map(move |place| Mark {
                severity: finding.severity,
                start_s: place.start_s,
                end_s: place.end_s,
                title: title.clone(),
            })
        })
        .filter(|mark| mark.end_s - mark.start_s < 0.95 * seconds)
        .take(MARKS_KEPT)
        .collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    Marks(Rc::new(marks))
}
