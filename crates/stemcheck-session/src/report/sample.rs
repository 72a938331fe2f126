//! A made-up report with a bit of everything, for the tests of the formats.

use stemcheck_core::checks::Place;
use stemcheck_core::null::Confidence;
use stemcheck_core::profile::Severity;
use stemcheck_core::song::Role;

use crate::service::{Service, ServiceReport};

use super::{
    CauseReport, ChecklistItem, FileReport, FindingReport, FormatReport, LevelsReport,
    MomentReport, NullReport, NullVerdict, RecipeReport, Report, SCHEMA_VERSION, SongReport,
    TagsReport, Tool, Verdict, WorstReport,
};

pub(crate) fn report() -> Report {
    let song = SongReport {
        name: "Night".to_owned(),
        verdict: Verdict::Fix,
        tempo_bpm: Some(124.0),
        files: vec![file("Bass.wav", true), file("Broken.wav", false)],
        null: null(),
        findings: vec![
            finding("late-stem", Severity::Error, "Bass.wav plays 480 samples late."),
            finding("low-headroom", Severity::Warning, "Bass.wav peaks at 0.0 dBFS."),
            finding("dc-offset", Severity::Warning, "Bass.wav has a DC offset."),
            finding("unclear-name", Severity::Info, "It is not clear what Broken.wav holds."),
        ],
        service: Some(ServiceReport {
            service: Service::Stems,
            reasons: vec!["The lead vocal stands behind the mix.".to_owned()],
        }),
        checklist: vec![
            ChecklistItem { text: "This is the latest mix.".to_owned(), done: true },
            ChecklistItem { text: "I have listened to it.".to_owned(), done: false },
        ],
        notes: Some("Please keep it <warm>.\nThank you!".to_owned()),
        delivery: None,
    };
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "stemcheck".to_owned(), version: "0.1.0".to_owned() },
        profile: "generic".to_owned(),
        verdict: Verdict::Fix,
        songs: vec![song],
    }
}

fn file(name: &str, readable: bool) -> FileReport {
    FileReport {
        name: name.to_owned(),
        role: Role::Stem,
        instrument: None,
        sha256: None,
        readable,
        tags: readable.then(|| TagsReport {
            originator: Some("REAPER".to_owned()),
            time_reference: Some(0),
            title: None,
        }),
        format: readable.then(|| FormatReport {
            container: "wav".to_owned(),
            codec: "pcm".to_owned(),
            sample_rate: 48_000,
            bits: 24,
            valid_bits: 24,
            float: false,
            channels: 2,
            frames: 14_400_000,
            seconds: 300.0,
        }),
        levels: readable.then(|| LevelsReport {
            peak_dbfs: Some(-3.1),
            true_peak_dbtp: Some(-2.9),
            rms_dbfs: Some(-18.2),
            crest_db: Some(15.1),
            dc: 0.0,
        }),
        loudness: None,
        dynamics: None,
        bits: None,
        stereo: None,
        silence: None,
    }
}

fn null() -> NullReport {
    NullReport {
        run: true,
        reason: None,
        depth_db: Some(-21.3),
        residual_rms_dbfs: Some(-40.0),
        residual_peak_dbfs: Some(-20.0),
        residual_lufs: None,
        floor_dbfs: Some(-138.1),
        verdict: Some(NullVerdict::Fails),
        expected: false,
        worst: Some(WorstReport { start_s: 61.0, end_s: 64.0, depth_db: Some(-12.0) }),
        causes: vec![CauseReport {
            code: "late-stem".to_owned(),
            file: Some("Bass.wav".to_owned()),
            other_file: None,
            value: Some(480.0),
            unit: Some("samples".to_owned()),
            share: 0.98,
            explains_db: 106.7,
            confidence: Confidence::Certain,
            expected: false,
            start_s: 0.0,
            end_s: 300.0,
            message: "Bass.wav plays 480 samples late.".to_owned(),
            fix: "Move it earlier.".to_owned(),
        }],
        after_fix_depth_db: Some(-128.0),
        blame: None,
        moments: vec![MomentReport {
            start_s: 61.0,
            end_s: 64.0,
            depth_db: Some(-12.0),
            file: Some("Bass.wav".to_owned()),
        }],
        recipe: vec![RecipeReport {
            file: "Bass.wav".to_owned(),
            left_out: false,
            gain_db: 0.0,
            inverted: false,
            advance_samples: 480.0,
            treatments: Vec::new(),
        }],
        forensics: None,
        repeatability_db: None,
        second_render: None,
    }
}

fn finding(code: &str, severity: Severity, message: &str) -> FindingReport {
    FindingReport {
        code: code.to_owned(),
        severity,
        file: None,
        message: message.to_owned(),
        fix: "Do something about it.".to_owned(),
        value: None,
        unit: None,
        confidence: Confidence::Certain,
        places: vec![Place { start_s: 12.1, end_s: 12.1001, channel: Some(0) }],
        source: "A guide".to_owned(),
    }
}
