//! Files that do not start at the same point of the song.

use super::odd::odd_ones;
use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mixed-starts",
        severity: Severity::Warning,
        title: "The files do not start at the same point",
        what: "Time stamps in the files disagree, or the silence at the start of a file was trimmed \
               while others have it.",
        why: "The engineer lines all files up at their start. A file that begins elsewhere in the song \
              plays early or late through the whole song.",
        fix: "Set one export range from the start of the song and export all stems and the mix with it, \
              also where an instrument is silent at first. Switch options such as 'trim silence' off; \
              do not export single clips.",
        source: "Des Grey, Mastering from track separates (every file starts at exactly the same \
                 point); Master Your Track, How to prepare the stems (all start at bar 0); time stamps: \
                 EBU Tech 3285",
    },
    run,
};

/// Sound this early was cut to begin with the file (Essentia, `StartStopCut`: 10 ms).
const AT_ONCE_S: f64 = 0.01;
/// Silence that is no accident.
const SILENCE_S: f64 = 0.1;
/// Trimmed sound is this loud at once (mean square; -50 dBFS): noise below it says nothing.
const LOUD_AT_ONCE: f64 = 1e-5;
/// So many files that all begin with sound and all have other lengths were all trimmed.
const MANY: usize = 3;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    found.extend(time_stamps(song));
    let files: Vec<Heard<'_>> = song.sounding().collect();
    let trimmed: Vec<&Heard<'_>> = files.iter().filter(|file| starts_at_once(file)).collect();
    let lengths: Vec<f64> = files.iter().map(|file| file.format.seconds()).collect();
    let all_differ = lengths
        .iter()
        .enumerate()
        .all(|(at, a)| lengths.iter().skip(at + 1).all(|b| (a - b).abs() > SILENCE_S));
    if trimmed.len() == files.len() && files.len() >= MANY && all_differ {
        let message = "All files begin with sound at once and have different lengths: the silence at \
                       their starts seems to have been trimmed.";
        found.push(Finding::new(CHECK.doc.code, message).likely());
        return;
    }
    for file in trimmed {
        if let Some(silence) = silence_of_others(&files, file) {
            let message = "{file} begins with sound at once, but {others} begin with {silence} of \
                           silence: its start seems to have been trimmed.";
            let message = if silence.0.len() == 1 {
                "{file} begins with sound at once, but {others} begins with {silence} of silence: its \
                 start seems to have been trimmed."
            } else {
                message
            };
            let finding = Finding::new(CHECK.doc.code, message)
                .file(file.index)
                .with("others", Value::Names(silence.0))
                .with("silence", Value::Number(silence.1, "s"))
                .amount(silence.1, "s")
                .likely();
            found.push(settled(song, finding));
        }
    }
}

/// Where the stems add up to the mix they are in place, whatever this suggests.
fn settled(song: &Song<'_>, finding: Finding) -> Finding {
    if song.nulls { finding.severity(Severity::Info) } else { finding }
}

fn onset_s(file: &Heard<'_>) -> f64 {
    let first = file.measured.first_sound.unwrap_or(file.format.frames);
    seconds_from_frames(first, file.format.sample_rate)
}

fn starts_at_once(file: &Heard<'_>) -> bool {
    /// A constant offset is there from the first sample on.
    const OFFSET: f64 = 1e-3;
    let loud = file.measured.head_powers.iter().any(|&power| power > LOUD_AT_ONCE);
    onset_s(file) < AT_ONCE_S && loud && file.measured.dc.iter().all(|dc| dc.abs() < OFFSET)
}

/// What shows that a file which begins with sound was trimmed: the mix that does not, or, without
/// one, other stems that are longer and silent at first. Who they are, and for how long.
fn silence_of_others(files: &[Heard<'_>], file: &Heard<'_>) -> Option<(Vec<usize>, f64)> {
    if file.is_reference() {
        return None;
    }
    if let Some(mix) = files.iter().find(|other| other.is_reference()) {
        let onset = onset_s(mix);
        return (onset >= SILENCE_S).then(|| (vec![mix.index], onset));
    }
    let longer: Vec<&Heard<'_>> = files
        .iter()
        .filter(|other| {
            onset_s(other) >= SILENCE_S
                && other.format.seconds() >= file.format.seconds() + SILENCE_S
        })
        .collect();
    let onset = longer.iter().map(|other| onset_s(other)).fold(f64::INFINITY, f64::min);
    let most = longer.len() >= 2 && longer.len() + 1 >= files.len();
    most.then(|| (longer.iter().map(|other| other.index).collect(), onset))
}

/// Time stamps that differ by less than the song's length: by more, it is another clock.
fn time_stamps(song: &Song<'_>) -> Option<Finding> {
    let stamped: Vec<(Heard<'_>, u64)> = song
        .heard()
        .filter_map(|file| {
            let stamp = song.files.get(file.index)?.facts.tags.time_reference?;
            Some((file, stamp))
        })
        .collect();
    let rate = stamped.first()?.0.format.sample_rate;
    if stamped.iter().any(|(file, _)| file.format.sample_rate != rate) {
        return None;
    }
    let stamps: Vec<(usize, u64)> =
        stamped.iter().map(|(file, stamp)| (file.index, *stamp)).collect();
    let split = odd_ones(&stamps)?;
    let longest = stamped.iter().map(|(file, _)| file.format.frames).max()?;
    let apart = |odd: usize| {
        stamps
            .iter()
            .find(|(index, _)| *index == odd)
            .map_or(0, |(_, at)| at.abs_diff(split.common))
    };
    let odd: Vec<usize> = split.odd.iter().copied().filter(|&odd| apart(odd) < longest).collect();
    let most = odd.iter().map(|&odd| apart(odd)).max()?;
    let difference = match seconds_from_frames(most, rate) {
        seconds if seconds < 1.0 => Value::Number(most as f64, "samples"),
        seconds => Value::Number(seconds, "s"),
    };
    let finding = match odd[..] {
        [only] => Finding::new(
            CHECK.doc.code,
            "By its time stamp {file} starts {difference} away from the other files.",
        )
        .file(only),
        _ => Finding::new(
            CHECK.doc.code,
            "By their time stamps the files do not start at the same point: {odd} start up to \
             {difference} away from the others.",
        ),
    };
    let finding = finding.with("odd", Value::Names(odd)).with("difference", difference);
    Some(settled(song, finding.amount(most as f64, "samples")))
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    fn stamped(stamps: [Option<u64>; 4]) -> Scene {
        let mut scene = Scene::clean();
        for (file, stamp) in stamps.into_iter().enumerate() {
            scene.facts(file).tags.time_reference = stamp;
        }
        scene
    }

    #[test]
    fn a_stamp_that_disagrees() {
        let hour = 3600 * 48_000;
        let mut scene = stamped([Some(hour), Some(hour + 96_000), Some(hour), None]);
        let finding = scene.one("mixed-starts");
        let said = "By its time stamp Bass.wav starts 2.0 s away from the other files.";
        assert_eq!((scene.say(&finding).as_str(), finding.value), (said, Some(96_000.0)));
        assert_eq!(finding.severity, Some(Severity::Warning));
        scene.nulls = true;
        assert_eq!(scene.one("mixed-starts").severity, Some(Severity::Info));
    }

    #[test]
    fn stamps_that_agree_and_stamps_of_another_clock() {
        assert!(stamped([Some(7), Some(7), Some(7), Some(7)]).is_clean());
        assert!(stamped([Some(7), None, None, None]).is_clean());
        assert!(stamped([Some(3600 * 48_000), Some(3600 * 48_000), None, Some(0)]).is_clean());
    }

    fn trimmed(scene: &mut Scene, file: usize) {
        let (format, measured) = scene.file(file);
        format.frames -= 96_000;
        measured.first_sound = Some(100);
        measured.head_powers = vec![1e-3; 10];
    }

    #[test]
    fn a_trimmed_start_beside_the_mix() {
        let mut scene = Scene::clean();
        trimmed(&mut scene, 1);
        let finding = scene.one("mixed-starts");
        let said = "Bass.wav begins with sound at once, but Mixdown.wav begins with 2.0 s of silence: \
                    its start seems to have been trimmed.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(1)));
        scene.file(3).1.first_sound = Some(200);
        assert!(scene.found("mixed-starts").is_empty(), "the song itself begins at once");
    }

    #[test]
    fn a_trimmed_start_without_a_mix() {
        let mut scene = Scene::clean();
        scene.remove_reference();
        trimmed(&mut scene, 1);
        assert_eq!(scene.one("mixed-starts").file, Some(1));
        scene.file(1).0.frames += 96_000;
        assert!(
            scene.found("mixed-starts").is_empty(),
            "as long as the others: it begins the song"
        );
    }

    #[test]
    fn all_starts_trimmed() {
        let mut scene = Scene::clean();
        for file in 0..4 {
            trimmed(&mut scene, file);
            scene.file(file).0.frames -= file as u64 * 48_000;
        }
        assert_eq!(scene.one("mixed-starts").file, None);
    }
}
