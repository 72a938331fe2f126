//! PCM that was lossy once: a file decoded from MP3 or AAC.
//!
//! Decides by the encoder's grid in the samples, which proves it, or else by the low-pass that
//! encoders put before themselves, which only suggests it. The reference is told by
//! `reference_lossy`, in the same way.

use super::{Check, Doc, Finding, Heard, Song, Value, upsampled};
use crate::origin::Coder;
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "lossy-origin",
        severity: Severity::Warning,
        title: "The audio seems to have been an MP3 or AAC once",
        what: "The file holds uncompressed audio, but the audio itself bears the marks of a lossy \
               encoder: it was decoded from a compressed file.",
        why: "What the encoder left out does not come back. Mastering makes its artefacts louder, \
              most of all in cymbals, voices and reverb tails.",
        fix: "Export this track again from the project, from the original recording and not from a \
              compressed copy. If the source only exists as MP3 or AAC (a sample, a beat that you \
              licensed), ask for the WAV, or tell the engineer.",
        source: "Master Your Track, How to prepare the stems (WAV or AIFF); low-pass of the common \
                 encoders: LAME, lame.c",
    },
    run,
};

/// Encoders cut off between these, in Hz: LAME at 15.1 kHz (96 kbit/s) to 20.5 kHz (320 kbit/s).
const CUT_OFF_HZ: std::ops::Range<f64> = 9_000.0..20_700.0;
/// Below this only the lowest qualities cut off, and old samplers and telephone effects do too.
const USUAL_HZ: f64 = 14_500.0;
/// No clean file out of 160 had a drop like this at such a place, nor one of 80 with a low-pass of
/// 48 dB an octave.
const LEAST_DROP_DB: f64 = 25.0;
/// Whatever is left above an encoder's low-pass lies at least so far below, in dB.
const LEAST_QUIET_DB: f64 = 8.0;
/// Edges above this part of half the sample rate are the file's own.
const OWN_FILTER: f64 = 0.945;

/// Where the spectrum of a file ends as an encoder's would, in Hz.
fn cut_off(file: &Heard<'_>) -> Option<f64> {
    let edge = file.measured.edge?;
    let half = f64::from(file.format.sample_rate) / 2.0;
    let encoder = CUT_OFF_HZ.contains(&edge.hz)
        && edge.hz < OWN_FILTER * half
        && edge.drop_db >= LEAST_DROP_DB
        && edge.above_db < edge.below_db - LEAST_QUIET_DB
        && upsampled::source_rate(&edge, file.format.sample_rate).is_none();
    encoder.then_some(edge.hz)
}

/// What to say of a file that seems to have been lossy: with its grid, or with its low-pass.
pub(super) struct Told {
    pub grid: &'static str,
    pub low_pass: &'static str,
}

const TOLD: Told = Told {
    grid: "{file} was decoded from a lossy file: the frames of an {coder} encoder are still in its \
           samples.",
    low_pass: "{file} seems to have been an MP3 or AAC once: its spectrum breaks off at {edge}, where \
               encoders cut. A very steep low-pass does the same.",
};

/// What the samples of a file tell; nothing of one that says itself that it is lossy.
pub(super) fn finding(code: &'static str, file: &Heard<'_>, told: &Told) -> Option<Finding> {
    if file.format.is_lossy() {
        return None;
    }
    if let Some(origin) = file.origin {
        let coder = match origin.coder {
            Coder::Mp3 => "MP3",
            Coder::Aac => "AAC",
        };
        let finding = Finding::new(code, told.grid).file(file.index);
        return Some(finding.with("coder", Value::Text(coder.to_owned())));
    }
    let hz = cut_off(file)?;
    let finding = Finding::new(code, told.low_pass)
        .file(file.index)
        .with("edge", Value::Number((hz / 100.0).round() * 100.0, "Hz"))
        .amount(hz, "Hz")
        .likely();
    Some(if hz < USUAL_HZ { finding.severity(Severity::Info) } else { finding })
}

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let stems = song.sounding().filter(|file| !file.is_reference());
    found.extend(stems.filter_map(|file| finding(CHECK.doc.code, &file, &TOLD)));
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Edge;
    use crate::null::Confidence;
    use crate::origin::{Coder, Origin};
    use crate::profile::Severity;

    fn with_edge(hz: f64, drop_db: f64) -> Scene {
        let mut scene = Scene::clean();
        let edge = Edge { hz, drop_db, below_db: -80.0, above_db: -80.0 - drop_db };
        scene.file(0).1.edge = Some(edge);
        scene
    }

    #[test]
    fn the_low_pass_of_an_encoder_is_a_suspicion() {
        let scene = with_edge(15_980.0, 40.0);
        let finding = scene.one("lossy-origin");
        let said = "Drums.wav seems to have been an MP3 or AAC once: its spectrum breaks off at 16 \
                    kHz, where encoders cut. A very steep low-pass does the same.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(finding.severity, Some(Severity::Warning));
        let low = with_edge(11_500.0, 40.0).one("lossy-origin");
        assert_eq!(low.severity, Some(Severity::Info));
    }

    #[test]
    fn the_grid_of_an_encoder_is_proof() {
        let mut scene = with_edge(15_980.0, 40.0);
        let origin = |coder| Some(Origin { coder, offset: 48, strength: 30.0 });
        *scene.origin(0) = origin(Coder::Mp3);
        let finding = scene.one("lossy-origin");
        let said = "Drums.wav was decoded from a lossy file: the frames of an MP3 encoder are still \
                    in its samples.";
        assert_eq!(scene.say(&finding), said);
        assert_eq!(finding.confidence, Confidence::Certain);
        *scene.origin(0) = origin(Coder::Aac);
        assert!(scene.say(&scene.one("lossy-origin")).contains("an AAC encoder"));
        // A file that says so itself is another matter.
        scene.file(0).0.codec = "mp3".to_owned();
        assert!(scene.found("lossy-origin").is_empty());
    }

    #[test]
    fn other_edges_are_fine() {
        assert!(with_edge(16_000.0, 24.0).is_clean());
        assert!(with_edge(20_800.0, 40.0).found("lossy-origin").is_empty());
        assert!(with_edge(10_800.0, 40.0).found("lossy-origin").is_empty());
        let mut own = with_edge(20_600.0, 40.0);
        own.file(0).0.sample_rate = 41_000;
        assert!(own.found("lossy-origin").is_empty());
        // Something sounds above it.
        let mut above = with_edge(16_000.0, 40.0);
        above.file(0).1.edge.as_mut().unwrap().above_db = -87.0;
        assert!(above.is_clean());
    }
}
