//! Audio that was brought to a higher sample rate than it was made at.
//!
//! Decides by the edge that the slower rate has left in the spectrum. A file without such an edge is
//! not said to be genuine: a dark sound shows none.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::measure::Edge;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "upsampled",
        severity: Severity::Info,
        title: "The audio seems to come from a lower sample rate",
        what: "The spectrum breaks off steeply where a lower sample rate ends, and nothing is above: \
               the audio was probably made at that rate and converted afterwards.",
        why: "A conversion adds nothing that was not there, costs a little quality and makes the \
              files larger. The engineer wants the rate that the project was made at.",
        fix: "Look up the sample rate of the project, and export at that rate. If the project does \
              have this rate, then samples or recordings in it come from a lower one: that is \
              common, and may stay.",
        source: "Master Your Track, How to prepare the stems (never resampled); Des Grey, Mastering \
                 from track separates (the project's own rate)",
    },
    run,
};

/// What converters and resamplers have to leave below half the source's rate, as parts of it. The
/// lower one also keeps the low-pass of the best MP3 (20.5 kHz) out of what 44.1 kHz leaves.
const EDGE: std::ops::Range<f64> = 0.941..1.006;
/// No clean file out of 160 had a drop like this at such a place.
const LEAST_DROP_DB: f64 = 25.0;
/// Rates of which files are made, in Hz. (What 32 kHz leaves looks like a low-pass at 16 kHz, which
/// encoders have.)
const RATES: [u32; 5] = [22_050, 44_100, 48_000, 88_200, 96_000];
/// Between half of the rate that the file has and an edge that is not its own, as part of it.
const OWN_FILTER: f64 = 0.97;

/// The rate in Hz that an edge suggests, in a file of another one.
pub(super) fn source_rate(edge: &Edge, sample_rate: u32) -> Option<u32> {
    RATES.into_iter().find(|&rate| {
        let half = f64::from(rate) / 2.0;
        f64::from(rate) < OWN_FILTER * f64::from(sample_rate)
            && (EDGE.start * half..EDGE.end * half).contains(&edge.hz)
            && edge.drop_db >= LEAST_DROP_DB
    })
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let suspects: Vec<(Heard<'_>, Edge, u32)> = song
        .sounding()
        // An encoder cuts the top off by itself, and its format is told.
        .filter(|file| !file.format.is_lossy())
        .filter_map(|file| {
            let edge = file.measured.edge?;
            let rate = source_rate(&edge, file.format.sample_rate)?;
            Some((file, edge, rate))
        })
        .collect();
    let told = |file: &Heard<'_>, edge: &Edge, rate: u32, finding: Finding| {
        finding
            .with("edge", Value::Number((edge.hz / 100.0).round() * 100.0, "Hz"))
            .with("source", Value::Number(rate.into(), "Hz"))
            .with("rate", Value::Number(file.format.sample_rate.into(), "Hz"))
            .amount(rate.into(), "Hz")
            .likely()
    };
    // A mix reaches as far up as any stem: where it ends, all end.
    let mix = suspects.iter().find(|(file, _, rate)| {
        let alike =
            |(other, _, its): &&(Heard<'_>, Edge, u32)| !other.is_reference() && its == rate;
        file.is_reference() && suspects.iter().any(|suspect| alike(&suspect))
    });
    if let Some((file, edge, rate)) = mix {
        let message = "The mix and its stems seem to have been made at {source} and converted to \
                       {rate}: their spectrum breaks off at {edge}.";
        let finding = Finding::new(CHECK.doc.code, message).severity(Severity::Warning);
        found.push(told(file, edge, *rate, finding));
    }
    let rest = suspects.iter().filter(|(_, _, rate)| mix.is_none_or(|(_, _, all)| rate != all));
    for (file, edge, rate) in rest {
        let message = "{file} seems to come from a source of {source}: its spectrum breaks off at \
                       {edge}, though the file has {rate}.";
        let finding = Finding::new(CHECK.doc.code, message).file(file.index);
        found.push(told(file, edge, *rate, finding));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn edge(hz: f64, drop_db: f64) -> Edge {
        Edge { hz, drop_db, below_db: -80.0, above_db: -80.0 - drop_db }
    }

    fn with_edges(edges: &[(usize, f64)]) -> Scene {
        let mut scene = Scene::clean();
        for &(file, hz) in edges {
            scene.file(file).1.edge = Some(edge(hz, 40.0));
        }
        scene
    }

    #[test]
    fn one_stem_is_worth_a_note() {
        let scene = with_edges(&[(1, 21_480.0)]);
        let finding = scene.one("upsampled");
        let said = "Bass.wav seems to come from a source of 44.1 kHz: its spectrum breaks off at \
                    21.5 kHz, though the file has 48 kHz.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(finding.severity, Some(Severity::Info));
        // The mix alone is a note too.
        assert_eq!(with_edges(&[(3, 21_480.0)]).one("upsampled").file, Some(3));
    }

    #[test]
    fn the_mix_and_its_stems_are_told_once() {
        let scene = with_edges(&[(0, 21_500.0), (2, 21_400.0), (3, 21_480.0)]);
        let finding = scene.one("upsampled");
        let said = "The mix and its stems seem to have been made at 44.1 kHz and converted to 48 \
                    kHz: their spectrum breaks off at 21.5 kHz.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!((finding.file, finding.value), (None, Some(44_100.0)));
        assert_eq!(finding.severity, Some(Severity::Warning));
    }

    #[test]
    fn the_low_pass_of_an_encoder_is_not_told_twice() {
        let mut scene = with_edges(&[(1, 21_500.0)]);
        "aac".clone_into(&mut scene.file(1).0.codec);
        assert!(scene.found("upsampled").is_empty());
    }

    #[test]
    fn only_edges_of_slower_rates_count() {
        let at = |hz, rate| source_rate(&edge(hz, 30.0), rate);
        assert_eq!(at(21_000.0, 96_000), Some(44_100));
        assert_eq!(at(23_500.0, 96_000), Some(48_000));
        assert_eq!(at(47_500.0, 192_000), Some(96_000));
        assert_eq!(at(10_800.0, 44_100), Some(22_050));
        assert_eq!(at(20_500.0, 48_000), None);
        assert_eq!(at(16_000.0, 48_000), None);
        assert_eq!(at(21_500.0, 44_100), None);
        assert_eq!(at(23_500.0, 48_000), None);
        assert_eq!(source_rate(&edge(21_000.0, 24.0), 96_000), None);
    }
}
