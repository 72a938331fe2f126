//! Sound that is cut off at the very end of a file.

use super::{Check, Doc, Finding, Heard, Place, Song, Value};
use crate::profile::Severity;
use crate::song::HeaderNote;
use crate::units::{db_from_power, seconds_from_frames};

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "cut-tail",
        severity: Severity::Error,
        title: "The end is cut off",
        what: "The file ends while it still sounds: the last hundredth of a second has not decayed. Or the \
               null test shows that it ends sooner than it does in the mix.",
        why: "Reverb and echo tails are missing, and the end may click. In mastering there is nothing to \
              replace them with.",
        fix: "Set the end of the export range behind the last reverb and echo tail, and export all stems \
              and the mix with that same range (options such as 'render tail' or 'include audio tail' do \
              it as well).",
        source: "MasteringBOX, Stem mastering guide (run to the end with fades and reverb tails); \
                 Essentia, StartStopCut (-60 dB, 10 ms)",
    },
    run,
};

/// A tail above this has not decayed (mean square; -60 dBFS) ...
const CUT: f64 = 1e-6;
/// ... and above this it is heard (-40 dBFS).
const HEARD: f64 = 1e-4;
/// A quiet end that is at most this far above the file's quietest moments is its own noise, in dB.
const NOISE_DB: f64 = 6.0;
/// Files that end so far apart end at different places, in seconds.
const SAME_END_S: f64 = 0.05;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let cut: Vec<Heard<'_>> =
        song.sounding().filter(|file| power(file) > CUT && !is_truncated(song, file)).collect();
    let reference = song.sounding().find(Heard::is_reference);
    let mix_is_cut = cut.iter().any(Heard::is_reference);
    let mut with_the_mix: Vec<usize> = Vec::new();
    for file in &cut {
        let same_end = reference
            .as_ref()
            .is_some_and(|mix| (mix.format.seconds() - file.format.seconds()).abs() < SAME_END_S);
        if mix_is_cut && same_end && !file.is_reference() {
            with_the_mix.push(file.index);
        } else {
            found.push(alone(file, reference.is_some()));
        }
    }
    // Where the mix ends like that as well, it is how the song ends: said once.
    let Some(mix) = reference.filter(|_| !with_the_mix.is_empty()) else { return };
    found.retain(|finding| finding.code != CHECK.doc.code || finding.file != Some(mix.index));
    let message = "The song ends while it still sounds: {file} is at {level} in its last moment.";
    let finding = about(&mix, message);
    found.push(if is_noise(&mix) {
        finding.severity(Severity::Info)
    } else {
        finding.severity(Severity::Warning)
    });
}

fn alone(file: &Heard<'_>, has_reference: bool) -> Finding {
    let message = "{file} ends while it still sounds: it is at {level} in its last moment.";
    let finding = about(file, message);
    if is_noise(file) {
        finding.severity(Severity::Info)
    } else if power(file) < HEARD || !has_reference || file.is_reference() {
        finding.severity(Severity::Warning)
    } else {
        finding
    }
}

fn about(file: &Heard<'_>, message: &'static str) -> Finding {
    let level = db_from_power(power(file));
    let end_s = seconds_from_frames(file.format.frames, file.format.sample_rate);
    Finding::new(CHECK.doc.code, message)
        .file(file.index)
        .with("level", Value::Number(level, "dBFS"))
        .amount(level, "dBFS")
        .places(vec![Place { start_s: (end_s - 0.01).max(0.0), end_s, channel: None }])
}

/// Mean square of the end, without what a constant offset adds.
fn power(file: &Heard<'_>) -> f64 {
    let dc = &file.measured.dc;
    let offset = dc.iter().map(|dc| dc * dc).sum::<f64>() / dc.len().max(1) as f64;
    file.measured.tail_power - offset
}

/// A file whose last part is missing is told by `truncated-file`.
fn is_truncated(song: &Song<'_>, file: &Heard<'_>) -> bool {
    let notes = song.files.get(file.index).map_or(&[][..], |file| &file.facts.notes);
    notes.iter().any(|note| matches!(note, HeaderNote::Truncated { .. }))
}

/// Whether a quiet end is nothing but the noise that is there in the file's quietest moments too.
fn is_noise(file: &Heard<'_>) -> bool {
    /// What silence is plotted as, in LUFS.
    const SILENCE: f32 = -119.0;
    let mut levels: Vec<f32> =
        file.measured.momentary_lufs.iter().copied().filter(|&level| level > SILENCE).collect();
    levels.sort_by(f32::total_cmp);
    let quiet = levels.get(levels.len() / 10).copied().map_or(f64::NEG_INFINITY, f64::from);
    power(file) < HEARD && db_from_power(power(file)) <= quiet + NOISE_DB
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use crate::units::power_from_db;

    fn ending_at(levels_db: [f64; 4]) -> Scene {
        let mut scene = Scene::clean();
        for (file, db) in levels_db.into_iter().enumerate() {
            scene.file(file).1.tail_power = power_from_db(db);
        }
        scene
    }

    #[test]
    fn a_stem_that_is_cut_where_the_mix_has_decayed() {
        let scene = ending_at([-90.0, -30.0, -90.0, -90.0]);
        let finding = scene.one("cut-tail");
        let said =
            "Bass.wav ends while it still sounds: it is at \u{2212}30.0 dBFS in its last moment.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
        assert_eq!(finding.severity, Some(Severity::Error));
        let quiet = ending_at([-90.0, -50.0, -90.0, -90.0]);
        assert_eq!(quiet.one("cut-tail").severity, Some(Severity::Warning));
        assert!(ending_at([-90.0, -60.5, -90.0, -90.0]).is_clean());
    }

    #[test]
    fn a_song_that_ends_so_is_told_once() {
        let scene = ending_at([-20.0, -30.0, -90.0, -18.0]);
        let finding = scene.one("cut-tail");
        assert_eq!((finding.file, finding.severity), (Some(3), Some(Severity::Warning)));
    }

    #[test]
    fn a_stem_that_ends_before_the_mix_is_cut_all_the_same() {
        let mut scene = ending_at([-90.0, -30.0, -90.0, -18.0]);
        scene.file(1).0.frames -= 48_000;
        let severities: Vec<_> =
            scene.found("cut-tail").iter().map(|found| (found.file, found.severity)).collect();
        let expected = [(Some(1), Some(Severity::Error)), (Some(3), Some(Severity::Warning))];
        assert_eq!(severities, expected);
    }

    #[test]
    fn noise_offsets_and_truncated_files_are_no_cuts() {
        let mut noise = ending_at([-90.0, -50.0, -90.0, -90.0]);
        noise.file(1).1.momentary_lufs = vec![-49.0; 20];
        assert_eq!(noise.one("cut-tail").severity, Some(Severity::Info));
        let mut offset = ending_at([-90.0, -40.0, -90.0, -90.0]);
        offset.file(1).1.dc = vec![0.01; 2];
        assert!(offset.found("cut-tail").is_empty());
        let mut truncated = ending_at([-90.0, -30.0, -90.0, -90.0]);
        let note = HeaderNote::Truncated { claimed_bytes: 9, present_bytes: 6, at_byte: 40 };
        truncated.facts(1).notes.push(note);
        assert!(truncated.found("cut-tail").is_empty());
    }
}
