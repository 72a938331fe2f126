//! "Hear" a finding: which stretch is looped, on which bus, who is heard, and by how much a
//! difference is raised so that a whisper is heard.

use stemcheck_session::core::preview::{Bus, Fader};
use stemcheck_session::core::song::Role;
use stemcheck_session::core::units::db_from_amplitude;
use stemcheck_session::report::FindingReport;

use super::Song;

/// Time that is played before and after a place.
const ROUND_S: f64 = 0.5;

/// Shortest and longest loop.
const LOOP_S: (f64, f64) = (2.0, 12.0);

/// Level to which the loudest sample of a difference is raised: clearly heard, startles nobody.
const LOUDEST_DBFS: f64 = -12.0;

/// Most that it is raised by: what lies lower is rounding.
const MOST_BOOST_DB: f64 = 60.0;

/// A finding that is being heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Hearing {
    /// Its number in the report.
    pub finding: usize,
    /// What it is heard on.
    pub bus: Bus,
    /// The only file that is heard.
    pub solo: Option<usize>,
    /// Begin and end of the loop in seconds.
    pub loop_s: [f64; 2],
    /// By how many dB the difference is raised.
    pub boost_db: f64,
}

impl Hearing {
    /// How a finding is heard; `None` if it has no place to listen to, or is on no bus.
    pub fn of(song: &Song, number: usize) -> Option<Self> {
        let told = song.told()?;
        let finding = told.findings.get(number)?;
        let file = finding.file.as_deref().and_then(|name| song.index_of(name));
        let role = file.and_then(|file| song.files.get(file)).map(|file| file.role);
        let (bus, solo) = match role {
            _ if song.is_cause(&finding.code) && told.null.run => (Bus::Difference, None),
            Some(Role::Reference) => (Bus::Reference, None),
            Some(Role::Other) => return None,
            Some(Role::Stem) => (Bus::Stems, file),
            None => (Bus::Stems, None),
        };
        let [start_s, end_s] = place(song, finding, bus)?;
        let loop_s = around(start_s, end_s, song.seconds());
        Some(Self { finding: number, bus, solo, loop_s, boost_db: 0.0 })
    }

    /// With a difference whose loudest sample in the loop is `peak` raised to be heard.
    #[must_use]
    pub fn raised(self, peak: Option<f32>) -> Self {
        let peak_db = peak.map(|peak| db_from_amplitude(f64::from(peak)));
        let boost_db = match peak_db {
            Some(db) if self.bus == Bus::Difference && db.is_finite() => {
                (LOUDEST_DBFS - db).floor().clamp(0.0, MOST_BOOST_DB)
            }
            _ => 0.0,
        };
        Self { boost_db, ..self }
    }

    /// The faders of so many files while it is heard: the user's own are set aside.
    pub fn fader(&self, file: usize) -> Fader {
        Fader { solo: self.solo == Some(file), ..Fader::default() }
    }
}

/// The first place that is short enough to listen to; of a cause that is everywhere, its worst moment;
/// else the first place that is not the whole song.
fn place(song: &Song, finding: &FindingReport, bus: Bus) -> Option<[f64; 2]> {
    let shorter = |than: f64| {
        let place = finding.places.iter().find(|place| place.end_s - place.start_s < than);
        place.map(|place| [place.start_s, place.end_s])
    };
    let moment = || {
        let told = song.told().filter(|_| bus == Bus::Difference)?;
        let moments = &told.null.moments;
        let own = moments.iter().find(|it| it.file.is_some() && it.file == finding.file);
        own.or(moments.first()).map(|moment| [moment.start_s, moment.end_s])
    };
    shorter(LOOP_S.1).or_else(moment).or_else(|| shorter(0.95 * song.seconds()))
}

/// A loop around a place, within the song.
fn around(start_s: f64, end_s: f64, song_s: f64) -> [f64; 2] {
    let from = (start_s - ROUND_S).max(0.0);
    let wanted = (end_s + ROUND_S - from).clamp(LOOP_S.0, LOOP_S.1);
    let to = (from + wanted).min(song_s);
    [(to - wanted).max(0.0).min(from), to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_heard_with_what_is_around_it() {
        assert_eq!(around(60.0, 60.001, 300.0), [59.5, 61.5]);
        assert_eq!(around(0.0, 0.001, 300.0), [0.0, 2.0]);
        assert_eq!(around(299.9, 300.0, 300.0), [298.0, 300.0]);
        assert_eq!(around(10.0, 100.0, 300.0), [9.5, 21.5]);
        assert_eq!(around(0.2, 0.3, 1.0), [0.0, 1.0]);
    }

    #[test]
    fn a_difference_is_raised_to_be_heard_and_never_loud() {
        let hearing =
            |bus| Hearing { finding: 0, bus, solo: None, loop_s: [0.0, 2.0], boost_db: 0.0 };
        let boost = |bus, peak| hearing(bus).raised(peak).boost_db;
        assert_eq!(boost(Bus::Difference, Some(0.000_99)), 48.0);
        assert_eq!(boost(Bus::Difference, Some(1e-7)), 60.0);
        assert_eq!(boost(Bus::Difference, Some(0.9)), 0.0);
        assert_eq!(boost(Bus::Difference, Some(0.0)), 0.0);
        assert_eq!(boost(Bus::Difference, None), 0.0);
        assert_eq!(boost(Bus::Stems, Some(0.000_99)), 0.0);
    }
}
