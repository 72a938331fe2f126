//! A 24-bit or float file that holds 16-bit audio.

use super::{Check, Doc, Finding, Heard, Song, Value};
use crate::measure::Measurements;
use crate::profile::Severity;
use crate::units::db_from_amplitude;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "padded-bit-depth",
        severity: Severity::Warning,
        title: "Fewer bits than the file claims",
        what: "The file is stored with more bits than its audio has: the lower ones are zero in \
               every sample, or only few of the possible values occur. It was 16-bit once and has \
               been converted.",
        why: "A converted file is larger, not better: the noise of 16 bits stays in it. It often \
              means that the stems do not come straight from the project.",
        fix: "Export again from the project as 24-bit or 32-bit float. If the track itself is a \
              16-bit recording with nothing done to it, leave it as it is.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems (24-bit or 32-bit float)",
    },
    run,
};

/// The word length of the compact disc and of most converted audio.
const PADDED_BITS: u16 = 16;

/// That of digital recorders before 24 bits: less than asked for, but nothing to hear.
const OLD_BITS: u16 = 20;
/// Steps above this come from 16 bits.
const OF_16_BITS: f64 = 1.0 / 524_288.0;

/// Loudest sample over smallest step. Audio that reaches so many steps of its coarse grid, over so
/// many frames, does not stay on it by chance; a lone click or a test square may.
const STEPS: f64 = 64.0;
const FRAMES: u64 = 1000;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding().filter(|file| !file.is_reference()) {
        let (format, measured) = (file.format, file.measured);
        if format.valid_bits <= PADDED_BITS || !has_enough_sound(measured) {
            continue;
        }
        if measured.used_bits > PADDED_BITS {
            found.extend(of_finer_word(&file));
            continue;
        }
        let message = if format.float {
            "{file} is stored as {stored}-bit float but holds only {used}-bit audio."
        } else {
            "{file} is stored with {stored} bits but holds only {used}-bit audio."
        };
        found.push(
            Finding::new(CHECK.doc.code, message)
                .file(file.index)
                .with("stored", Value::Count(u64::from(format.bits)))
                .with("used", Value::Count(u64::from(measured.used_bits)))
                .amount(f64::from(measured.used_bits), "bits"),
        );
    }
}

/// What a word shows that is longer than 16 bits, but not by as much as it is stored with.
fn of_finer_word(file: &Heard<'_>) -> Option<Finding> {
    let (format, measured) = (file.format, file.measured);
    let stored = ("stored", Value::Count(u64::from(format.bits)));
    if !format.float && measured.used_bits <= OLD_BITS && format.valid_bits > OLD_BITS {
        let bits = measured.used_bits;
        let message = "{file} is stored with {stored} bits but holds {used}-bit audio.";
        let finding = Finding::new(CHECK.doc.code, message)
            .file(file.index)
            .with(stored.0, stored.1)
            .with("used", Value::Count(u64::from(bits)))
            .amount(f64::from(bits), "bits");
        return Some(finding.severity(Severity::Info));
    }
    // A comb on the very grid of the samples is their word, which needs no guess.
    let step = measured.coarse_step.filter(|step| *step > 1.5 * measured.least_step)?;
    // Steps finer than those of 20 bits cannot have been 16 bits, turned down by however much.
    let (bits, lsb) = if step > OF_16_BITS { (PADDED_BITS, 15) } else { (OLD_BITS, 19) };
    let down = -db_from_amplitude(step * f64::from(lsb).exp2());
    let message = if down > 0.0 {
        "{file} seems to hold only {used}-bit audio that was turned down by {down} and stored with \
         {stored} bits."
    } else {
        "{file} seems to hold only {used}-bit audio that was turned up and stored with {stored} bits."
    };
    let finding = Finding::new(CHECK.doc.code, message)
        .file(file.index)
        .with(stored.0, stored.1)
        .with("used", Value::Count(u64::from(bits)))
        .with("down", Value::Number(down, "dB"))
        .amount(f64::from(bits), "bits")
        .likely();
    Some(if bits == PADDED_BITS { finding } else { finding.severity(Severity::Info) })
}

fn has_enough_sound(measured: &Measurements) -> bool {
    let sounding = match (measured.first_sound, measured.last_sound) {
        (Some(first), Some(last)) => last.saturating_sub(first),
        _ => 0,
    };
    sounding >= FRAMES && measured.peak_max() >= STEPS * measured.least_step
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;
    use crate::units::amplitude_from_db;

    fn scene(used_bits: u16) -> Scene {
        let mut scene = Scene::clean();
        let measured = scene.file(0).1;
        measured.used_bits = used_bits;
        measured.least_step = 2f64.powi(1 - i32::from(used_bits));
        scene
    }

    #[test]
    fn sixteen_bits_in_twenty_four_are_told() {
        let scene = scene(16);
        let said = "Drums.wav is stored with 24 bits but holds only 16-bit audio.";
        assert_eq!(scene.say(&scene.one("padded-bit-depth")), said);
    }

    #[test]
    fn twenty_bits_in_twenty_four_are_an_info() {
        for bits in [17, 20] {
            let finding = scene(bits).one("padded-bit-depth");
            assert_eq!(
                (finding.severity, finding.value),
                (Some(Severity::Info), Some(bits.into()))
            );
        }
        assert!(scene(21).is_clean());
        let mut comb = scene(21);
        comb.file(0).1.coarse_step = Some(2f64.powi(-20));
        assert!(comb.is_clean());
    }

    #[test]
    fn a_comb_of_codes_seems_to_come_from_sixteen_bits() {
        let mut scene = scene(24);
        scene.file(0).1.coarse_step = Some(2f64.powi(-15) * amplitude_from_db(-3.3));
        let said = "Drums.wav seems to hold only 16-bit audio that was turned down by 3.3 dB and \
                    stored with 24 bits.";
        assert_eq!(scene.say(&scene.one("padded-bit-depth")), said);
        scene.file(0).1.coarse_step = Some(2f64.powi(-20));
        assert_eq!(scene.one("padded-bit-depth").severity, Some(Severity::Info));
    }

    #[test]
    fn a_plain_sixteen_bit_file_is_not_padded() {
        let mut scene = scene(16);
        (scene.file(0).0.bits, scene.file(0).0.valid_bits) = (16, 16);
        assert!(scene.found("padded-bit-depth").is_empty());
    }

    #[test]
    fn few_bits_by_chance_are_not_told() {
        // A lone click, and sound of a few steps only.
        let mut click = scene(16);
        click.file(0).1.last_sound = Some(2 * 48_000 + 1);
        assert!(click.is_clean());
        let mut quiet = scene(16);
        quiet.file(0).1.peak = vec![63.0 * 2f64.powi(-15); 2];
        assert!(quiet.found("padded-bit-depth").is_empty());
        assert!(scene(2).found("padded-bit-depth").is_empty());
    }
}
