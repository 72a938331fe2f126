//! Files of one song that are not equally long.

use super::odd::{Split, odd_ones};
use super::{Check, Doc, Finding, Heard, Song, Value, reference_mismatch};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mixed-lengths",
        severity: Severity::Warning,
        title: "Different lengths",
        what: "The files of the song are not equally long.",
        why: "Equal lengths are the quickest proof that all files start at the same point and are \
              complete. Where lengths differ, the start may differ as well, or a tail may be cut.",
        fix: "Set one export range over the whole song, from the common start to the end of the \
              last reverb tail, and export all stems and the mix with it, also where an instrument \
              is silent.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems; MasteringBOX, Stem mastering guide (same start, run to the end)",
    },
    run,
};

/// DAWs round the end of an export up to their processing block, of at most this many samples.
const BLOCK: u64 = 4096;
/// What encoders put before the sound: MP3 (LAME: 576 + 529 - 1, and the frame rounding of it) and AAC
/// (Apple), in samples.
const ENCODER_DELAYS: [u64; 3] = [1104, 1105, 2112];
/// Files of different rates are compared in hundredths of a second ...
const HUNDREDTHS: f64 = 100.0;
/// ... of which one is lost in rounding.
const SLACK: u64 = 1;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    if song.profile.equal_lengths != Some(true) {
        return;
    }
    let files: Vec<Heard<'_>> = song.heard().filter(|file| file.format.frames > 0).collect();
    let Some(rate) = files.first().map(|file| file.format.sample_rate) else { return };
    let one_rate = files.iter().all(|file| file.format.sample_rate == rate);
    let hundredths = |file: &Heard<'_>| (file.format.seconds() * HUNDREDTHS).round() as u64;
    let length = |file: &Heard<'_>| if one_rate { file.format.frames } else { hundredths(file) };
    let lengths: Vec<_> = files.iter().map(|file| (file.index, length(file))).collect();
    let Some(split) = odd_ones(&lengths) else { return };
    let most = lengths.iter().map(|&(_, length)| length.abs_diff(split.common)).max().unwrap_or(0);
    if most >= BLOCK && one_rate && reference_mismatch::is_the_odd_one(song, &split.odd) {
        return;
    }
    if one_rate {
        let seconds = |frames| seconds_from_frames(frames, rate);
        let difference = match seconds(most) {
            seconds if seconds < 1.0 => Value::Number(most as f64, "samples"),
            seconds => Value::Number(seconds, "s"),
        };
        let finding = finding(&lengths, &split, most < BLOCK)
            .with("common", Value::Time(seconds(split.common)))
            .with("difference", difference);
        found.push(finding.amount(most as f64, "samples"));
    } else if most > SLACK {
        let seconds = most as f64 / HUNDREDTHS;
        let finding = finding(&lengths, &split, false)
            .with("common", Value::Time(split.common as f64 / HUNDREDTHS))
            .with("difference", Value::Number(seconds, "s"));
        found.push(finding.amount(seconds, "s"));
    }
}

fn finding(lengths: &[(usize, u64)], split: &Split<u64>, is_rounding: bool) -> Finding {
    let is_longer = |odd| lengths.iter().any(|&(at, length)| at == odd && length > split.common);
    let finding = |message| Finding::new(CHECK.doc.code, message);
    if let (true, [odd]) = (is_rounding, &split.odd[..])
        && lengths.iter().any(|&(at, length)| {
            at == *odd && length > split.common && ENCODER_DELAYS.contains(&(length - split.common))
        })
    {
        return finding(
            "{file} is {difference} longer than the other files, just what an MP3 or AAC encoder \
             adds at the start: it may have been such a file once, and then it plays late.",
        )
        .file(*odd)
        .likely()
        .advice(
            "If this file was an MP3 or M4A, export it again as WAV straight from the project.",
        );
    }
    if is_rounding {
        return match split.odd[..] {
            [odd] if is_longer(odd) => finding(
                "{file} is {difference} longer than the other files: no more than a DAW's rounding \
                 at the end of an export.",
            )
            .file(odd),
            [odd] => finding(
                "{file} is {difference} shorter than the other files: no more than a DAW's rounding \
                 at the end of an export.",
            )
            .file(odd),
            _ => finding(
                "The lengths of the files differ by up to {difference}: no more than a DAW's \
                 rounding at the end of an export.",
            ),
        }
        .severity(Severity::Info)
        .advice("Nothing to do. With one export range for all files the lengths would be equal.");
    }
    match split.odd[..] {
        [odd] if is_longer(odd) => {
            finding("{file} is {difference} longer than the other files ({common}).").file(odd)
        }
        [odd] => {
            finding("{file} is {difference} shorter than the other files ({common}).").file(odd)
        }
        _ if split.count == 1 => {
            finding("All files have different lengths; they differ by up to {difference}.")
        }
        _ => finding(
            "{count} files are {common} long, but not {odd}: they differ by up to {difference}.",
        )
        .with("count", Value::Count(split.count as u64))
        .with("odd", Value::Names(split.odd.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn with_frames(file: usize, frames: u64) -> Scene {
        let mut scene = Scene::clean();
        scene.file(file).0.frames = frames;
        scene
    }

    #[test]
    fn the_odd_file_is_named_with_the_difference() {
        let scene = with_frames(1, 30 * 48_000 - 3 * 48_000 - 24_000);
        let finding = scene.one("mixed-lengths");
        let said = "Bass.wav is 3.5 s shorter than the other files (0:30.0).";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
        assert_eq!((finding.value, finding.unit), (Some(168_000.0), "samples"));
        assert_eq!(finding.severity, Some(Severity::Warning));
    }

    #[test]
    fn less_than_a_block_is_rounding() {
        let scene = with_frames(3, 30 * 48_000 + 4095);
        let finding = scene.one("mixed-lengths");
        assert_eq!(finding.severity, Some(Severity::Info));
        let said = "Mixdown.wav is 4,095 samples longer than the other files: no more than a DAW's \
                    rounding at the end of an export.";
        assert_eq!(scene.say(&finding), said);
        let block = with_frames(1, 30 * 48_000 + 4096);
        assert_eq!(block.one("mixed-lengths").severity, Some(Severity::Warning));
    }

    #[test]
    fn as_much_as_an_encoder_adds_is_told() {
        let scene = with_frames(1, 30 * 48_000 + 1105);
        let finding = scene.one("mixed-lengths");
        assert!(scene.say(&finding).contains("an MP3 or AAC encoder"));
        assert_eq!(finding.severity, Some(Severity::Warning));
        let shorter = with_frames(1, 30 * 48_000 - 1105);
        assert_eq!(shorter.one("mixed-lengths").severity, Some(Severity::Info));
    }

    #[test]
    fn several_odd_files_are_listed() {
        let mut scene = with_frames(1, 29 * 48_000);
        scene.file(2).0.frames = 27 * 48_000;
        let said = "2 files are 0:30.0 long, but not Bass.wav and Lead vocal.wav: they differ by up \
                    to 3.0 s.";
        assert_eq!(scene.say(&scene.one("mixed-lengths")), said);
        scene.file(3).0.frames = 28 * 48_000;
        assert!(scene.say(&scene.one("mixed-lengths")).starts_with("All files have different"));
    }

    #[test]
    fn files_of_different_rates_are_compared_in_seconds() {
        let mut scene = Scene::clean();
        (scene.file(1).0.sample_rate, scene.file(1).0.frames) = (44_100, 30 * 44_100 + 100);
        assert!(scene.found("mixed-lengths").is_empty());
        scene.file(1).0.frames = 29 * 44_100;
        assert_eq!(scene.one("mixed-lengths").value, Some(1.0));
    }

    #[test]
    fn where_nothing_is_asked_lengths_may_differ() {
        let mut scene = with_frames(1, 48_000);
        scene.profile.equal_lengths = None;
        assert!(scene.found("mixed-lengths").is_empty());
    }
}
