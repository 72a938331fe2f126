//! In which order the files lie under each other, and where their findings are marked.

use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Role;

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

/// Where findings are marked on a waveform: (begin, end) in seconds, worst severity last, so that it
/// is drawn on top.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks(pub Vec<(Severity, f64, f64)>);

/// The marks of a file: the places of its errors and warnings. Places that span the whole song say
/// nothing about where to look and are left out.
pub fn marks(song: &Song, file: usize) -> Marks {
    let seconds = song.seconds();
    let mut marks: Vec<_> = song
        .findings_of(file)
        .filter(|finding| finding.severity != Severity::Info)
        .flat_map(|finding| {
            finding.places.iter().map(|place| (finding.severity, place.start_s, place.end_s))
        })
        .filter(|(_, start, end)| end - start < 0.95 * seconds)
        .take(MARKS_KEPT)
        .collect();
    marks.sort_by_key(|(severity, ..)| std::cmp::Reverse(*severity));
    Marks(marks)
}
