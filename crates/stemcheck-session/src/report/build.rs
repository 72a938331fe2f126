//! Writes the report: linear measurements become decibels, findings become sentences. Decides the
//! verdicts; the thresholds of the null verdict stand here.

use std::cmp::Reverse;

use stemcheck_core::checks::{self, Finding};
use stemcheck_core::language::Language;
use stemcheck_core::measure::Measurements;
use stemcheck_core::null::{Cause, NullFigures};
use stemcheck_core::profile::Severity;
use stemcheck_core::song::{self, Daw, Facts, Format, Tags};
use stemcheck_core::units::{db_from_amplitude, db_from_power, finite, seconds_from_frames};

use super::{
    BitsReport, BlameReport, CauseReport, ChecklistItem, DynamicsReport, FileReport, FindingReport,
    ForensicsReport, FormatReport, LevelsReport, LoudnessReport, MomentReport, NullReport,
    NullVerdict, RecipeReport, Report, SCHEMA_VERSION, SecondRenderReport, SilenceReport,
    SongReport, StereoReport, TagsReport, Tool, Verdict, WorstReport,
};
use crate::examination::{Examination, Measured};
use crate::service::service;

/// A residual no more than this above the predicted rounding floor is explained by word lengths
/// (METHODS: exact = floor + 3 dB).
const FLOOR_MARGIN_DB: f64 = 3.0;
/// At or below this depth, with no sample above the same level, nobody hears the residual.
const INAUDIBLE_DB: f64 = -70.0;
/// At or below this depth the sum practically nulls.
const MINOR_DB: f64 = -50.0;
/// Above this depth it does not null.
const AUDIBLE_DB: f64 = -30.0;
/// Length of the worst stretch, in seconds.
const WORST_S: usize = 3;

/// The report of what is known so far, its files called by these names, its sentences in this
/// language.
pub(crate) fn report(examination: &Examination, names: &[&str], language: &Language) -> Report {
    let song = song_report(examination, names, language);
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "stemcheck".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        profile: examination.options.profile.name.clone(),
        verdict: song.verdict,
        songs: vec![song],
    }
}

fn song_report(examination: &Examination, names: &[&str], language: &Language) -> SongReport {
    let tempo_bpm = examination.options.tempo_bpm.or_else(|| song::guess_tempo(names));
    let causes = examination.causes();
    let mut found = cause_findings(examination, &causes);
    let null = null_report(examination, &causes, &found, names, language);
    let nulls = null.verdict.is_some_and(|verdict| verdict <= NullVerdict::Inaudible);
    let checked = checked_song(examination, names, tempo_bpm, nulls);
    let profile = &examination.options.profile;
    // What a file shows by itself and the mix confirms is told once, with what the mix tells of it.
    let told: Vec<_> = found.iter().map(|cause| (cause.code, cause.file)).collect();
    let reference = examination.plan().ok().and_then(|plan| plan.reference);
    // What only the mix has is said of no file.
    let is_told = |one: &Finding| {
        told.contains(&(one.code, one.file))
            || one.file.is_some() && one.file == reference && told.contains(&(one.code, None))
    };
    found.extend(checked.iter().flat_map(checks::run).filter(|one| !is_told(one)));
    checks::sort(&mut found, profile);
    let findings: Vec<FindingReport> = found
        .iter()
        .map(|finding| {
            let severity = checks::severity(finding, profile);
            finding_report(finding, severity, names, daw_of(examination, finding), language)
        })
        .collect();
    let verdict = match findings.iter().map(|finding| finding.severity).min() {
        Some(Severity::Error) => Verdict::Fix,
        Some(Severity::Warning) => Verdict::Check,
        Some(Severity::Info) | None => Verdict::Ready,
    };
    let to_do = |text: &String| ChecklistItem { text: text.clone(), done: false };
    let mut song = SongReport {
        name: examination.options.name.clone(),
        verdict,
        tempo_bpm,
        files: names
            .iter()
            .enumerate()
            .map(|(at, name)| file_report(examination, at, name))
            .collect(),
        null,
        findings,
        service: None,
        checklist: profile.checklist.iter().map(to_do).collect(),
        notes: None,
        delivery: examination.options.arrival.as_ref().map(|arrival| arrival.report(verdict)),
    };
    song.service = service(&song, language);
    song
}

/// What the checks look at, once every header has been read.
fn checked_song<'a>(
    examination: &'a Examination,
    names: &[&'a str],
    tempo_bpm: Option<f64>,
    nulls: bool,
) -> Option<checks::Song<'a>> {
    let files: Option<Vec<checks::File<'a>>> = names
        .iter()
        .zip(&examination.facts)
        .enumerate()
        .map(|(at, (name, facts))| {
            Some(checks::File {
                name,
                role: examination.role(at),
                instrument: examination.instrument(at),
                facts: facts.as_ref()?,
                measured: measurements(examination, at),
                origin: examination.origins.get(&at).and_then(Option::as_ref),
            })
        })
        .collect();
    Some(checks::Song {
        profile: &examination.options.profile,
        files: files?,
        sum: examination.measured().and_then(|measured| measured.sum.as_ref()),
        tempo_bpm,
        rivals: examination.rivals(),
        nulls,
        compounds: examination.measured().map_or_else(Vec::new, |read| read.compounds.clone()),
        album: examination.options.album.as_ref(),
        delivery: examination.options.arrival.as_ref().map(|arrival| &arrival.differences),
    })
}

fn measurements(examination: &Examination, file: usize) -> Option<&Measurements> {
    examination.format(file)?;
    examination.measured()?.files.get(file)?.as_ref()
}

fn cause_findings(examination: &Examination, causes: &[Cause]) -> Vec<Finding> {
    let Ok(plan) = examination.plan() else { return Vec::new() };
    let to_finding =
        |cause| checks::cause_finding(cause, &plan.stems, plan.reference, plan.sample_rate);
    causes.iter().map(to_finding).collect()
}

fn finding_report(
    finding: &Finding,
    severity: Severity,
    names: &[&str],
    daw: Option<Daw>,
    language: &Language,
) -> FindingReport {
    FindingReport {
        code: finding.code.to_owned(),
        severity,
        file: finding.file.and_then(|at| names.get(at)).map(|name| (*name).to_owned()),
        message: checks::say(finding, names, language),
        fix: checks::fix(finding, daw, language),
        value: finding.value.and_then(finite),
        unit: unit(finding.unit),
        confidence: finding.confidence,
        places: finding.places.clone(),
        source: checks::doc(finding.code).map_or("", |doc| doc.source).to_owned(),
    }
}

/// The program that the user said, else the one that the file was exported with, else the one that any
/// file of the song names.
fn daw_of(examination: &Examination, finding: &Finding) -> Option<Daw> {
    let named = |facts: &Option<Facts>| Daw::of(facts.as_ref()?.tags.originator.as_deref()?);
    let own = finding.file.and_then(|file| examination.facts.get(file)).and_then(named);
    let said = examination.options.daw;
    said.or(own).or_else(|| examination.facts.iter().find_map(named))
}

fn unit(unit: &str) -> Option<String> {
    (!unit.is_empty()).then(|| unit.to_owned())
}

fn file_report(examination: &Examination, file: usize, name: &str) -> FileReport {
    let format = examination.format(file);
    let measured = measurements(examination, file);
    FileReport {
        name: name.to_owned(),
        role: examination.role(file),
        instrument: examination.instrument(file).map(|instrument| instrument.name().to_owned()),
        sha256: examination.hashes.get(file).cloned().flatten(),
        readable: format.is_some(),
        format: format.map(format_report),
        tags: format.and(examination.facts[file].as_ref()).map(tags_report),
        levels: measured.map(levels_report),
        loudness: measured.map(|m| LoudnessReport {
            integrated_lufs: m.integrated_lufs,
            range_lu: m.range_lu,
            max_momentary_lufs: m.max_momentary_lufs,
            max_short_term_lufs: m.max_short_term_lufs,
        }),
        dynamics: measured.map(|m| DynamicsReport { plr_db: m.plr_db, psr_p5_db: m.psr_p5_db }),
        bits: measured.map(|m| BitsReport {
            used: m.used_bits,
            least_bit_dbfs: finite(db_from_amplitude(m.least_step)),
        }),
        stereo: measured.map(|m| StereoReport {
            correlation: m.correlation,
            balance_db: match m.power.as_slice() {
                [left, right, ..] => finite(db_from_power(left / right)),
                _ => None,
            },
        }),
        silence: measured.map(|m| SilenceReport {
            leading_s: seconds_from_frames(m.first_sound.unwrap_or(m.frames), m.sample_rate),
            trailing_s: seconds_from_frames(
                m.frames - m.last_sound.unwrap_or(0).min(m.frames),
                m.sample_rate,
            ),
        }),
    }
}

fn format_report(format: &Format) -> FormatReport {
    FormatReport {
        container: format.container.clone(),
        codec: format.codec.clone(),
        sample_rate: format.sample_rate,
        bits: format.bits,
        valid_bits: format.valid_bits,
        float: format.float,
        channels: format.channels,
        frames: format.frames,
        seconds: format.seconds(),
    }
}

fn tags_report(facts: &Facts) -> TagsReport {
    let Tags { originator, time_reference, title } = facts.tags.clone();
    TagsReport { originator, time_reference, title }
}

fn levels_report(m: &Measurements) -> LevelsReport {
    let rms = db_from_power(m.power_mean());
    let peak = db_from_amplitude(m.peak_max());
    LevelsReport {
        peak_dbfs: finite(peak),
        true_peak_dbtp: finite(db_from_amplitude(m.true_peak_max())),
        rms_dbfs: finite(rms),
        crest_db: finite(peak - rms),
        dc: m.dc.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0),
    }
}

/// `findings` tell the `causes`, one each.
fn null_report(
    examination: &Examination,
    causes: &[Cause],
    findings: &[Finding],
    names: &[&str],
    language: &Language,
) -> NullReport {
    let reason = examination.no_null_reason().map(|why| language.retell(&why));
    let mut null = NullReport { reason, ..NullReport::default() };
    let Some(Measured { residual: Some(residual), .. }) = examination.measured() else {
        if examination.is_done() && null.reason.is_none() {
            let why = language.say("The files hold no audio that could be compared.");
            null.reason = Some(why.to_owned());
        }
        return null;
    };
    let parts = examination.parts().whole().null.as_ref();
    let setup = examination.plan().ok().and_then(|plan| examination.setup(plan));
    let (None, Some(part), Some(setup)) = (&null.reason, parts, setup) else { return null };
    let figures = part.figures();
    let samples = (2 * figures.frames).max(1) as f64;
    let floor_dbfs = db_from_power(setup.floor_power(figures.reference_energy / samples));
    let depth_db = db_from_power(figures.residual_energy / figures.reference_energy);
    null.run = true;
    null.depth_db = finite(depth_db);
    null.residual_rms_dbfs = finite(db_from_power(residual.power_mean()));
    null.residual_peak_dbfs = finite(db_from_amplitude(residual.peak_max()));
    null.residual_lufs = residual.integrated_lufs;
    null.floor_dbfs = finite(floor_dbfs);
    null.verdict = Some(null_verdict(&figures, residual, depth_db, floor_dbfs));
    null.worst = worst(&figures);
    if let Some(diagnosis) = &examination.diagnosis {
        null.expected = !causes.is_empty() && causes.iter().all(|cause| cause.expected);
        null.causes = causes
            .iter()
            .zip(findings)
            .map(|(cause, finding)| CauseReport {
                code: cause.code.clone(),
                file: finding.file.and_then(|at| names.get(at)).map(|name| (*name).to_owned()),
                other_file: other_file(examination, cause.other, names),
                value: cause.value.and_then(finite),
                unit: unit(&cause.unit),
                share: cause.share,
                explains_db: finite(cause.explains_db).unwrap_or_default(),
                confidence: cause.confidence,
                expected: cause.expected,
                start_s: cause.start_s,
                end_s: cause.end_s,
                message: checks::say(finding, names, language),
                fix: checks::fix(finding, daw_of(examination, finding), language),
            })
            .collect();
        let files = summed(examination, names);
        if let Some(blame) = &diagnosis.blame {
            let moments = blame.moments(&figures);
            null.moments = moments.iter().map(|moment| MomentReport::new(moment, &files)).collect();
            null.blame = Some(BlameReport::new(blame, files));
        }
        null.recipe = recipe(examination, names);
        null.forensics = diagnosis.forensics.as_ref().map(ForensicsReport::new);
    }
    null.after_fix_depth_db = examination
        .verified()
        .and_then(|(residual, reference)| finite(db_from_power(residual / reference)));
    let second = examination.measured().and_then(|measured| measured.second_render.clone());
    if let Some((file, repeat)) = second {
        null.repeatability_db = finite(repeat.depth_db);
        null.second_render = names.get(file).map(|name| SecondRenderReport {
            file: (*name).to_owned(),
            over_frequency: repeat.over_frequency,
            over_time: repeat.over_time,
        });
    }
    null
}

/// Names of the files as the null test counts them: the stems, then the reference.
fn summed(examination: &Examination, names: &[&str]) -> Vec<String> {
    let plan = examination.plan().ok();
    let files = plan.into_iter().flat_map(|plan| plan.stems.iter().copied().chain(plan.reference));
    files.map(|file| names.get(file).copied().unwrap_or_default().to_owned()).collect()
}

/// What makes the files fit, one for each that changes.
pub fn recipe(examination: &Examination, names: &[&str]) -> Vec<RecipeReport> {
    let setup = examination.plan().ok().and_then(|plan| examination.setup(plan));
    let (Some(diagnosis), Some(setup)) = (&examination.diagnosis, setup) else {
        return Vec::new();
    };
    RecipeReport::of(&diagnosis.recipe, &summed(examination, names), setup.sample_rate)
}

fn other_file(examination: &Examination, stem: Option<usize>, names: &[&str]) -> Option<String> {
    let file = *examination.plan().ok()?.stems.get(stem?)?;
    Some((*names.get(file)?).to_owned())
}

fn null_verdict(
    figures: &NullFigures,
    residual: &Measurements,
    depth_db: f64,
    floor_dbfs: f64,
) -> NullVerdict {
    if figures.residual_energy == 0.0 {
        NullVerdict::Identical
    } else if db_from_power(residual.power_mean()) <= floor_dbfs + FLOOR_MARGIN_DB {
        NullVerdict::WithinBitDepth
    } else if depth_db <= INAUDIBLE_DB && db_from_amplitude(residual.peak_max()) <= INAUDIBLE_DB {
        NullVerdict::Inaudible
    } else if depth_db <= MINOR_DB {
        NullVerdict::Minor
    } else if depth_db <= AUDIBLE_DB {
        NullVerdict::Audible
    } else {
        NullVerdict::Fails
    }
}

/// The stretch of [`WORST_S`] seconds with the most residual.
fn worst(figures: &NullFigures) -> Option<WorstReport> {
    let seconds = &figures.seconds;
    let length = WORST_S.min(seconds.len());
    let energy = |at: usize| {
        seconds[at..at + length].iter().fold((0.0, 0.0), |sum, e| (sum.0 + e.0, sum.1 + e.1))
    };
    let start = (0..=seconds.len() - length)
        .filter(|&at| length > 0 && energy(at).0 > 0.0)
        .max_by(|&a, &b| energy(a).0.total_cmp(&energy(b).0).then(Reverse(a).cmp(&Reverse(b))))?;
    let (residual, reference) = energy(start);
    Some(WorstReport {
        start_s: start as f64,
        end_s: (start + length) as f64,
        depth_db: finite(db_from_power(residual / reference)),
    })
}
