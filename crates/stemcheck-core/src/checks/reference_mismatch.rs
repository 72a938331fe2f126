//! A reference mix whose format is not that of the stems.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "reference-mismatch",
        severity: Severity::Warning,
        title: "The reference mix differs from the stems in its format",
        what: "The stems agree in sample rate, channels and length, but the reference mix differs.",
        why: "It comes from another export, or was converted: then it may be another version of the \
              song, and it can be compared with the stems only roughly or not at all.",
        fix: "Export the mix again from the same project, with the range, sample rate and bit depth \
              that you exported the stems with.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (the latest mixdown, from the same project)",
    },
    run,
};

/// DAWs round the end of an export up to their processing block, of at most this many samples.
const BLOCK: u64 = 4096;
/// From so many bits on, a mix shows all that can be heard.
const ENOUGH_BITS: u16 = 24;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(reference) = song.heard().find(Heard::is_reference) else { return };
    let stems: Vec<Heard<'_>> = song.heard().filter(|file| !file.is_reference()).collect();
    let finding = |message| Finding::new(CHECK.doc.code, message).file(reference.index);
    let mix = reference.format;
    let rate = common(&stems, |file| file.format.sample_rate);
    if let Some(common) = rate.filter(|&rate| rate != mix.sample_rate) {
        let message = "{file} is at {rate}, the stems are at {common}.";
        let finding = finding(message).with("rate", hertz(mix.sample_rate));
        let finding = finding.with("common", hertz(common)).severity(Severity::Error);
        found.push(finding.amount(f64::from(mix.sample_rate), "Hz"));
    } else if let (Some(rate), Some(difference)) = (rate, length_difference(&reference, &stems)) {
        let message = if difference > 0 {
            "{file} is {difference} longer than the stems, which are all equally long."
        } else {
            "{file} is {difference} shorter than the stems, which are all equally long."
        };
        let seconds = seconds_from_frames(difference.unsigned_abs(), rate);
        let finding = finding(message).with("difference", Value::Number(seconds, "s"));
        found.push(finding.amount(difference.unsigned_abs() as f64, "samples"));
    }
    if mix.channels == 1 && stems.iter().any(|file| file.format.channels > 1) {
        let message = "{file} is mono, the stems are stereo: it cannot show how the song sounds.";
        found.push(finding(message).amount(1.0, "channels"));
    }
    let fewest = stems.iter().map(|file| file.format.valid_bits).min().unwrap_or(0);
    if !mix.float && mix.valid_bits < fewest.min(ENOUGH_BITS) {
        let message = "{file} is stored in {bits} bits, the stems in {fewest}: what lies below its \
                       last bit cannot be compared.";
        let finding = finding(message).with("bits", Value::Count(u64::from(mix.valid_bits)));
        let finding = finding.with("fewest", Value::Count(u64::from(fewest)));
        found.push(finding.amount(f64::from(mix.valid_bits), "bits").severity(Severity::Info));
    }
}

fn hertz(rate: u32) -> Value {
    Value::Number(f64::from(rate), "Hz")
}

/// What all files have in common, if they do.
fn common<T: PartialEq>(files: &[Heard<'_>], of: impl Fn(&Heard<'_>) -> T) -> Option<T> {
    let first = of(files.first()?);
    files.iter().all(|file| of(file) == first).then_some(first)
}

/// By how many frames the reference is longer than the stems, if these agree and it does not.
fn length_difference(reference: &Heard<'_>, stems: &[Heard<'_>]) -> Option<i64> {
    let stems = common(stems, |file| file.format.frames)?;
    let mix = reference.format.frames;
    let difference = i64::try_from(mix.abs_diff(stems)).unwrap_or(i64::MAX);
    (mix.abs_diff(stems) >= BLOCK).then_some(if mix < stems { -difference } else { difference })
}

/// Whether only the reference is of another rate or, by more than rounding, of another length: then
/// it is said here and not of the whole set.
pub(super) fn is_the_odd_one(song: &Song<'_>, odd: &[usize]) -> bool {
    let Some(reference) = song.heard().find(Heard::is_reference) else { return false };
    odd == [reference.index] && song.heard().filter(|file| !file.is_reference()).count() > 0
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[test]
    fn another_rate_is_an_error_and_said_once() {
        let mut scene = Scene::clean();
        scene.file(3).0.sample_rate = 44_100;
        scene.file(3).0.frames = 30 * 44_100;
        let finding = scene.one("reference-mismatch");
        let said = "Mixdown.wav is at 44.1 kHz, the stems are at 48 kHz.";
        assert_eq!((scene.say(&finding).as_str(), finding.file), (said, Some(3)));
        assert_eq!(finding.severity, Some(Severity::Error));
        assert!(scene.found("mixed-sample-rates").is_empty());
    }

    #[test]
    fn another_length_by_more_than_a_block() {
        let mut scene = Scene::clean();
        scene.file(3).0.frames += 4096;
        assert_eq!(scene.one("reference-mismatch").value, Some(4096.0));
        assert!(scene.found("mixed-lengths").is_empty());
        scene.file(3).0.frames -= 1;
        assert!(scene.found("reference-mismatch").is_empty());
        assert_eq!(scene.one("mixed-lengths").severity, Some(Severity::Info));
        scene.file(3).0.frames = 20 * 48_000;
        let said = "Mixdown.wav is 10.0 s shorter than the stems, which are all equally long.";
        assert_eq!(scene.say(&scene.one("reference-mismatch")), said);
    }

    #[test]
    fn a_mono_mix_of_stereo_stems() {
        let mut scene = Scene::clean();
        scene.file(3).0.channels = 1;
        assert_eq!(scene.one("reference-mismatch").unit, "channels");
        assert!(scene.found("mono-file").is_empty());
    }

    #[test]
    fn fewer_bits_are_good_to_know_and_float_is_fine() {
        let mut scene = Scene::clean();
        let format = scene.file(3).0;
        (format.bits, format.valid_bits) = (16, 16);
        assert_eq!(scene.one("reference-mismatch").severity, Some(Severity::Info));
        let format = scene.file(3).0;
        (format.bits, format.valid_bits, format.float) = (32, 32, true);
        assert!(scene.is_clean());
    }

    #[test]
    fn where_the_stems_disagree_it_is_not_the_mix() {
        let mut scene = Scene::clean();
        scene.file(1).0.sample_rate = 44_100;
        assert!(scene.found("reference-mismatch").is_empty());
    }
}
