//! Dither that someone else will have to add again.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;
use crate::units::seconds_from_frames;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "dithered",
        severity: Severity::Info,
        title: "The file seems dithered",
        what: "Where the file should be silent it holds the noise that an export adds when it rounds \
               to fewer bits (dither).",
        why: "Dither belongs to the very last step, when the master is made. At 24 bits it is far too \
              quiet to matter; at 16 bits the noise of every stem adds up.",
        fix: "Switch dither off in the export window, and export as 24-bit or 32-bit float.",
        source: "Des Grey, Mastering from track separates; Master Your Track, How to prepare the \
                 stems; MasteringBOX, Stem mastering guide (no dither)",
    },
    run,
};

/// Windows of 100 ms that have to look like it.
const LEAST_WINDOWS: u64 = 3;
/// Coarser noise than that of this word is worth a word.
const FINE_BITS: u16 = 20;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.sounding() {
        let Some(dither) = file.measured.dither.filter(|d| d.windows >= LEAST_WINDOWS) else {
            continue;
        };
        let bits = (1.0 - dither.step.log2()).round().clamp(1.0, 32.0) as u16;
        let message = if dither.shaped {
            "{file} seems to hold noise-shaped dither of {bits} bits (heard alone at {first})."
        } else {
            "{file} seems to be dithered to {bits} bits (the noise is alone at {first})."
        };
        let first = seconds_from_frames(dither.first, file.format.sample_rate);
        let finding = Finding::new(CHECK.doc.code, message)
            .file(file.index)
            .with("bits", Value::Count(u64::from(bits)))
            .with("first", Value::Time(first))
            .amount(f64::from(bits), "bits")
            .likely();
        // In a file of few bits it is right, and that there are few is told elsewhere.
        let coarse = bits < FINE_BITS && file.measured.used_bits.min(file.format.valid_bits) > bits;
        let matters = coarse && !file.is_reference();
        found.push(if matters { finding.severity(Severity::Warning) } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Dither;
    use crate::profile::Severity;

    fn scene(bits: i32, windows: u64) -> Scene {
        let mut scene = Scene::clean();
        let step = 2f64.powi(1 - bits);
        scene.file(0).1.dither = Some(Dither { step, shaped: false, windows, first: 4800 });
        scene
    }

    #[test]
    fn dither_of_16_bits_is_a_warning_in_a_finer_file() {
        let coarse = scene(16, 10);
        let finding = coarse.one("dithered");
        let said = "Drums.wav seems to be dithered to 16 bits (the noise is alone at 0:00.1).";
        assert_eq!(
            (coarse.say(&finding), finding.severity),
            (said.into(), Some(Severity::Warning))
        );
        assert_eq!(scene(24, 10).one("dithered").severity, Some(Severity::Info));
        let mut padded = scene(16, 10);
        padded.file(0).1.used_bits = 16;
        assert_eq!(padded.one("dithered").severity, Some(Severity::Info));
    }

    #[test]
    fn a_moment_of_noise_is_no_dither() {
        assert!(scene(16, 2).is_clean());
    }
}
