//! Fewer bits than the studio asks for.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "low-bit-depth",
        severity: Severity::Warning,
        title: "Too few bits",
        what: "The stem is stored with fewer bits per sample than asked for.",
        why: "Fewer bits mean more noise beneath quiet passages and reverb tails, which mastering \
              brings up. DAWs work with more than 24 bits anyway: the loss is needless.",
        fix: "Export again from the project as 24-bit or 32-bit float, without dither. Converting \
              this file does not bring the bits back.",
        source: "Des Grey, Mastering from track separates (24-bit or 32-bit float); Master Your \
                 Track, How to prepare the stems (16 bits \"not ideal\")",
    },
    run,
};

/// Compact discs have 16 bits; below that the noise is heard in any music.
const AUDIBLY_FEW: u16 = 16;

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let Some(asked) = song.profile.min_bits else { return };
    // The reference is listened to, not worked on: its word length is the null test's business.
    for file in song.heard().filter(|file| !file.is_reference() && !file.format.float) {
        let bits = file.format.valid_bits;
        if bits >= asked {
            continue;
        }
        let finding = Finding::new(
            CHECK.doc.code,
            "{file} has {bits} bits per sample; at least {asked} are asked for.",
        )
        .file(file.index)
        .with("bits", Value::Count(u64::from(bits)))
        .with("asked", Value::Count(u64::from(asked)))
        .amount(f64::from(bits), "bits");
        found.push(if bits < AUDIBLY_FEW { finding.severity(Severity::Error) } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::profile::Severity;

    fn scene(bits: u16) -> Scene {
        let mut scene = Scene::clean();
        let (format, measured) = scene.file(0);
        (format.bits, format.valid_bits, measured.used_bits) = (bits, bits, bits);
        scene
    }

    #[test]
    fn sixteen_bits_are_a_warning_and_eight_an_error() {
        let sixteen = scene(16).one("low-bit-depth");
        assert_eq!((sixteen.severity, sixteen.value), (Some(Severity::Warning), Some(16.0)));
        assert_eq!(scene(8).one("low-bit-depth").severity, Some(Severity::Error));
        let said = "Drums.wav has 16 bits per sample; at least 24 are asked for.";
        assert_eq!(scene(16).say(&sixteen), said);
    }

    #[test]
    fn enough_bits_float_and_the_reference_are_fine() {
        assert!(scene(24).is_clean());
        let mut float = scene(16);
        float.file(0).0.float = true;
        assert!(float.found("low-bit-depth").is_empty());
        let mut reference = Scene::clean();
        reference.file(3).0.valid_bits = 16;
        assert!(reference.found("low-bit-depth").is_empty());
    }
}
